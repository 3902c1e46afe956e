"""Presidio's AnalyzerEngine with our recognizers: no language model unless asked for, no work done twice."""

from collections.abc import Sequence
from typing import cast

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine, NoOpNlpEngine

from scrubbers.findings import Finding
from scrubbers.reading import Reading
from scrubbers.recognizers import RECOGNIZERS
from scrubbers.recognizers.base import ReadingRecognizer
from scrubbers.recognizers.names import KINDS as NAMES
from scrubbers.recognizers.names import NameRecognizer, loaded_model

LANGUAGE = "en"
"""What Presidio files the recognizers under; they read English and Welsh alike."""


class Engine:
    """Finds the given kinds in one text after the other."""

    def __init__(
        self, kinds: Sequence[str], extra: Sequence[EntityRecognizer] = (), model: str | None = None
    ) -> None:
        self._kinds = list(kinds)
        wanted = set(kinds)
        ours = [make(LANGUAGE) for make in RECOGNIZERS if not wanted.isdisjoint(make.KINDS)]
        others = [each for each in extra if not wanted.isdisjoint(each.supported_entities)]
        self._model: NlpEngine | None = None
        if not wanted.isdisjoint(NAMES):
            self._model = loaded_model(model, LANGUAGE)
            others.append(NameRecognizer(LANGUAGE))
        self._ours = _Together(ours)
        self._alone = not others
        self._analyzer = _Analyzer(
            registry=_Registry([self._ours, *others]),
            nlp_engine=self._model or _no_op_engine(),
            supported_languages=[LANGUAGE],
            context_aware_enhancer=_NoEnhancer(0, 0, 0, 0),
        )

    def find(self, text: str) -> list[Finding]:
        """All findings of the wanted kinds, unsorted. Raises whatever a recognizer raises."""
        reading = Reading(text)
        found = self._ours.find(reading)
        # Most texts hold nothing, and then Presidio has nothing to weigh: its call costs as much as our look.
        if not found and self._alone:
            return []
        artifacts = self._model.process_text(text, LANGUAGE) if self._model else _EMPTY
        results = self._analyzer.analyze(
            text, LANGUAGE, entities=self._kinds, nlp_artifacts=_Artifacts(reading, found, artifacts)
        )
        return [
            Finding(each.entity_type, each.start, each.end, each.score)
            for each in results
            if each.entity_type in self._kinds
        ]


def _no_op_engine() -> NoOpNlpEngine:
    engine = NoOpNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": "none"}])
    engine.load()
    return engine


_EMPTY = _no_op_engine().process_text("", LANGUAGE)


class _Analyzer(AnalyzerEngine):
    """Presidio's engine without its look at the context of nothing, which costs more than all else."""

    def _enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """The results as each recognizer sees them beside those of the others; none if there are none."""
        if not raw_results:
            return raw_results
        results: list[RecognizerResult] = super()._enhance_using_context(
            text, raw_results, nlp_artifacts, recognizers, context
        )
        return results


class _Together(EntityRecognizer):
    """Our recognizers as one: Presidio spends about 2 us on each recognizer, whatever the text holds."""

    def __init__(self, members: Sequence[ReadingRecognizer]) -> None:
        # Sorted, so that the first that needs more digits than the text has ends the search.
        self._members = sorted(
            ((each.FEWEST_DIGITS, each.find) for each in members), key=lambda member: member[0]
        )
        super().__init__([kind for each in members for kind in each.KINDS], supported_language=LANGUAGE)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self,
        text: str,  # noqa: ARG002  our engine has read it
        entities: list[str],  # noqa: ARG002  our engine leaves out what was not asked for
        nlp_artifacts: NlpArtifacts | None = None,
    ) -> list[RecognizerResult]:
        """What the recognizers have found in the text."""
        return cast("_Artifacts", nlp_artifacts).found

    def find(self, reading: Reading) -> list[RecognizerResult]:
        """What any of the recognizers finds."""
        found: list[RecognizerResult] = []
        for fewest_digits, find in self._members:
            if reading.digits < fewest_digits:
                break
            found += find(reading)
        return found


class _Registry(RecognizerRegistry):
    """Hands out the same recognizers at every call; Presidio's own looks at all for each kind."""

    def __init__(self, recognizers: list[EntityRecognizer]) -> None:
        super().__init__(recognizers=recognizers, supported_languages=[LANGUAGE])
        self._all = recognizers

    def get_recognizers(self, *_: object, **__: object) -> list[EntityRecognizer]:
        return self._all


class _NoEnhancer(ContextAwareEnhancer):
    """Leaves the scores alone: our recognizers weigh the words around a number themselves."""

    def enhance_using_context(
        self,
        text: str,  # noqa: ARG002  the signature is Presidio's
        raw_results: list[RecognizerResult],
        *_: object,
        **__: object,
    ) -> list[RecognizerResult]:
        """The results as they came."""
        return raw_results


class _Artifacts(NlpArtifacts):
    """What the model found, mostly nothing, and with it what our recognizers read and found in the text."""

    def __init__(self, reading: Reading, found: list[RecognizerResult], of_model: NlpArtifacts) -> None:
        self.reading = reading
        self.found = found
        self._of_model = of_model

    def __getattr__(self, name: str) -> object:
        # Rarely asked: our recognizers need nothing but the reading, and those of patterns nothing at all.
        return getattr(self._of_model, name)
