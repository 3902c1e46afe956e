"""What the README says is what the code does."""

import re
from pathlib import Path

import pytest

from feedback.settings import Settings
from scrubbers import Scrubber

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_that_is_named_exists():
    named = set(re.findall(r"\bFEEDBACK_(\w+)", README))
    assert len(named) > 5
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_library_example_gives_what_it_says():
    text, result = re.search(r'scrub\("(.+)"\)\.text  # "(.+)"', README).groups()  # type: ignore[union-attr]
    assert Scrubber().scrub(text).text == result


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)]+)\)", README))
def test_every_link_leads_somewhere(target: str):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("command", re.findall(r"^    make (\w+)", README, re.MULTILINE))
def test_every_make_command_exists(command: str):
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_no_file_names_a_package_server():
    names = ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "npmjs" + ".com")
    files = [*ROOT.glob("requirements/*"), *ROOT.glob("*.toml"), ROOT / "Makefile", ROOT / "Dockerfile"]
    for file in files:
        assert not any(name in file.read_text(encoding="utf-8") for name in names), file
