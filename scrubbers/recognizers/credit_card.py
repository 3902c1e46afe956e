"""Payment card numbers (ISO/IEC 7812) and what stands beside them (PCI DSS 3.3.1, 3.5.1)."""

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from scrubbers.cards import cards
from scrubbers.cardside import CODE, EXPIRY, beside
from scrubbers.reading import reading_of

KIND = "CREDIT_CARD"


class CreditCardRecognizer(EntityRecognizer):
    """Finds CREDIT_CARD however it is written, and CARD_SECURITY_CODE and CARD_EXPIRY beside one."""

    def __init__(self, supported_language: str = "en") -> None:
        super().__init__(supported_entities=[KIND, CODE, EXPIRY], supported_language=supported_language)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Offsets are those of the text; the score is at least .5."""
        reading = reading_of(text, nlp_artifacts)
        if reading.digits < 5:
            return []
        found = [RecognizerResult(KIND, *card) for card in cards(reading)]
        if not found:
            return []
        places = [(card.start, card.end) for card in found]
        found += [RecognizerResult(*each) for each in beside(reading.plain, places)]
        return [each for each in found if each.entity_type in entities]
