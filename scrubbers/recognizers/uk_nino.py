"""National Insurance numbers (HMRC manual NIM39110): two letters, six digits and mostly a letter A to D."""

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from scrubbers.nino import KIND, ninos
from scrubbers.reading import reading_of


class UkNinoRecognizer(EntityRecognizer):
    """Finds UK_NINO however it is written."""

    COUNTRY_CODE = "uk"

    def __init__(self, supported_language: str = "en") -> None:
        super().__init__(supported_entities=[KIND], supported_language=supported_language)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Offsets are those of the text; the score is at least .5."""
        reading = reading_of(text, nlp_artifacts)
        if reading.digits < 2 or KIND not in entities:
            return []
        return [RecognizerResult(KIND, *found) for found in ninos(reading)]
