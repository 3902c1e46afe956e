"""Payment card numbers (ISO/IEC 7812) and what stands beside them (PCI DSS 3.3.1, 3.5.1)."""

from presidio_analyzer import RecognizerResult

from scrubbers.cards import cards
from scrubbers.cardside import CODE, EXPIRY, beside
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "CREDIT_CARD"


class CreditCardRecognizer(ReadingRecognizer):
    """Finds CREDIT_CARD however it is written, and CARD_SECURITY_CODE and CARD_EXPIRY beside one."""

    KINDS = (KIND, CODE, EXPIRY)
    FEWEST_DIGITS = 3  # the others may be letters that look like digits

    def find(self, reading: Reading) -> list[RecognizerResult]:
        """The numbers in a text."""
        found = [RecognizerResult(KIND, *card) for card in cards(reading)]
        if found:
            places = [(card.start, card.end) for card in found]
            found += [RecognizerResult(*each) for each in beside(reading.plain, places)]
        return found
