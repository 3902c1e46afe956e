"""The parts of the docs that are written from the code are as the code has them now."""

import re

import pytest

from docsite.settings import GROUPS
from docsite.written import DOCS, PARTS, anew, page
from feedback.settings import Settings
from scrubbers.catalogue import KINDS

ROOMS = "feedback|scrubbers|tests|bench|deploy|docs|docsite|requirements"


@pytest.mark.parametrize("name", PARTS)
def test_a_page_says_what_the_code_says(name: str):
    assert page(name) == anew(name), "run: python -m docsite"


def test_every_setting_stands_in_one_group():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(Settings.model_fields)


def test_every_kind_is_told_of_with_whether_it_is_on():
    told = {
        kind: on
        for kinds, on in re.findall(
            r"^\| (`[A-Z_`, ]+`) \|.*\| ([a-z ]+) \|$", page("scrubbing.md"), re.MULTILINE
        )
        for kind in re.findall(r"\w+", kinds)
    }
    assert told == {
        kind.name: "always" if kind.always else "by default" if kind.default else "when asked for"
        for kind in KINDS
    }


@pytest.mark.parametrize("name", [path.name for path in DOCS.glob("*.md")])
def test_every_file_that_a_page_names_is_there(name: str):
    named = re.findall(rf"`((?:{ROOMS})/[\w./-]*\.\w+)`", page(name))
    assert [path for path in named if not (DOCS.parent / path).exists()] == []
