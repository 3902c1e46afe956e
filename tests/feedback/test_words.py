"""Every language says the same sentences, and a page leads to the languages that are spoken here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import feedback
from feedback.app import create_app
from feedback.settings import Settings
from scrubbers.catalogue import KINDS

FOLDER = Path(feedback.__file__).parent / "locale"
LANGUAGES = sorted(file.stem for file in FOLDER.iterdir())


def sentences(lang: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8"))
    return read


def places(sentence: Any) -> set[str]:
    """What a sentence, or the forms of one, leaves open."""
    forms = [sentence] if isinstance(sentence, str) else sentence.values()
    return {*re.findall(r"\{\w*\}", "".join(forms))}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_every_sentence_with_the_same_places(lang: str):
    english, here = sentences("en"), sentences(lang)
    assert here.keys() == english.keys()
    assert [key for key in english if places(here[key]) != places(english[key])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_a_name_for_every_kind_of_number(lang: str):
    assert [kind.name for kind in KINDS if f"kind.{kind.name}" not in sentences(lang)] == []


def test_every_sentence_that_a_template_says_is_there():
    said = {
        key
        for template in (FOLDER.parent / "templates").rglob("*.html")
        for key in re.findall(r"""\bt\(["']([\w.]+)["'][,)]""", template.read_text(encoding="utf-8"))
    }
    assert len(said) > 200
    assert said - sentences("en").keys() == set()


@pytest.mark.parametrize(("languages", "links"), [(("en", "cy"), ["cy"]), (("en",), []), (("cy",), [])])
@pytest.mark.parametrize("path", ["/feedback/form", "/demo"])
def test_a_page_leads_to_each_other_language_that_is_spoken_here(
    settings: Settings, path: str, languages: tuple[str, ...], links: list[str]
):
    app = create_app(settings.model_copy(update={"languages": languages}))
    with TestClient(app, "http://feedback.test") as client:
        assert re.findall(r'hreflang="(\w+)"', client.get(path).text) == links
