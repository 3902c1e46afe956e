"""Names of people and places, with a tiny spaCy model made here."""

import pickle
from pathlib import Path

import pytest
import spacy

from scrubbers import MissingModelError, Scrubber
from scrubbers.recognizers import names

TEXT = "Gwyn Rees of Swansea, 07700 900123"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a spaCy pipeline that knows one person and one place."""
    folder = tmp_path_factory.mktemp("model")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [{"label": "PERSON", "pattern": "Gwyn Rees"}, {"label": "GPE", "pattern": "Swansea"}]
    )
    pipeline.to_disk(folder)
    return str(folder)


def test_a_model_finds_people_and_places_when_asked_to(model: str) -> None:
    scrubber = Scrubber(kinds=["PERSON", "LOCATION", "PHONE_NUMBER"], model=model)
    assert scrubber.scrub(TEXT).text == "[PERSON] of [LOCATION], [PHONE_NUMBER]"


def test_one_of_them_can_be_asked_for_alone(model: str) -> None:
    assert (
        Scrubber(kinds=["LOCATION"], model=model).scrub(TEXT).text == "Gwyn Rees of [LOCATION], 07700 900123"
    )


def test_names_stay_unless_asked_for() -> None:
    assert Scrubber().scrub("Gwyn Rees of Swansea").findings == ()


def test_an_allowed_name_stays(model: str) -> None:
    assert Scrubber(kinds=["LOCATION"], allow=["SWANSEA"], model=model).scrub("Swansea").text == "Swansea"


@pytest.mark.parametrize("missing", [None, "no_such_model"])
def test_without_a_model_one_sentence_says_what_to_install(
    missing: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "MODELS", ("en_core_web_none",))
    with pytest.raises(
        MissingModelError, match=r"need a spaCy model: install page-feedback\[ner\] and a model"
    ):
        Scrubber(kinds=["PERSON"], model=missing)


def test_a_folder_without_a_model_is_none(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError):
        Scrubber(kinds=["PERSON"], model=str(tmp_path))


def test_a_scrubber_with_a_model_can_be_pickled(model: str) -> None:
    scrubber = Scrubber(kinds=["PERSON"], model=model)
    assert pickle.loads(pickle.dumps(scrubber)).scrub(TEXT) == scrubber.scrub(TEXT)
