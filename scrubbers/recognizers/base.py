"""What all recognizers of ours have in common: they read a plain form of the text that they share."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from scrubbers.reading import Reading, reading_of


class ReadingRecognizer(EntityRecognizer):
    """A Presidio recognizer that needs no language model and weighs the words around a number itself."""

    KINDS: ClassVar[tuple[str, ...]]
    """The entity types that it finds."""
    FEWEST_DIGITS: ClassVar[int]
    """A text with fewer digits holds none of them."""

    def __init__(self, supported_language: str = "en") -> None:
        super().__init__(supported_entities=list(self.KINDS), supported_language=supported_language)

    def load(self) -> None:
        """Nothing to load."""

    @abstractmethod
    def find(self, reading: Reading) -> Iterable[RecognizerResult]:
        """What a text holds; offsets are those of the text, scores at least .5. Linear in its length."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """What a text holds of the entity types asked for."""
        reading = reading_of(text, nlp_artifacts)
        if reading.digits < self.FEWEST_DIGITS:
            return []
        return [each for each in self.find(reading) if each.entity_type in entities]
