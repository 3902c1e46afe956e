"""Names of people and places: found by a spaCy model that the operator has installed, never fetched by us."""

from pathlib import Path

from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from spacy.util import is_package

from scrubbers.errors import MissingModelError

KINDS = ("PERSON", "LOCATION")

MODELS = ("en_core_web_lg", "en_core_web_trf", "en_core_web_md", "en_core_web_sm")
"""spaCy's models of English, the one that Presidio prefers first."""


class NameRecognizer(SpacyRecognizer):
    """Hands on the PERSON and LOCATION that the engine's spaCy model found."""

    def __init__(self, supported_language: str = "en") -> None:
        super().__init__(supported_language=supported_language, supported_entities=list(KINDS))


def loaded_model(name: str | None, language: str) -> SpacyNlpEngine:
    """Presidio's spaCy engine with the model of this name or folder; None: the first of MODELS that is there.

    Raises MissingModelError. Presidio itself would fetch what is missing.
    """
    found = next((each for each in ([name] if name else MODELS) if _is_installed(each)), None)
    if found is None:
        raise MissingModelError
    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": found}])
    engine.load()
    return engine


def _is_installed(model: str) -> bool:
    return is_package(model) or (Path(model) / "config.cfg").is_file()
