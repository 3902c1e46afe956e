"""The parts of the docs that are written from the code are as the code has them now."""

import pytest

from docsite.settings import GROUPS
from docsite.written import PARTS, anew, page
from feedback.settings import Settings


@pytest.mark.parametrize("name", PARTS)
def test_a_page_says_what_the_code_says(name: str):
    assert page(name) == anew(name), "run: python -m docsite"


def test_every_setting_stands_in_one_group():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(Settings.model_fields)
