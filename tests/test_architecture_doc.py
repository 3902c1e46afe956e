"""docs/architecture.md tells of every room, and its rules of imports are those that are checked."""

import re
import tomllib
from pathlib import Path

TOP = Path(__file__).parents[1]
PAGE = (TOP / "docs" / "architecture.md").read_text()


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_each_sentence_about_imports_is_a_contract_and_each_contract_a_sentence():
    said = re.findall(r"^\* (.+)\.$", section("Who may import whom"), re.MULTILINE)
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    checked = [contract["name"] for contract in project["tool"]["importlinter"]["contracts"]]
    assert said == checked


def test_the_table_of_rooms_names_every_file_and_folder_at_the_top_of_the_service():
    named: set[str] = set()
    for place in re.findall(r"^\| (`.+?`) \|", section("Rooms"), re.MULTILINE):
        names = re.findall(r"`(.+?)`", place)
        folder = names[0].rstrip("/").rpartition("/")[0]
        named.update(name if "/" in name.rstrip("/") else f"{folder}/{name}" for name in names)
    there = {
        f"feedback/{path.name}{'/' * path.is_dir()}"
        for path in (TOP / "feedback").iterdir()
        if not path.name.startswith("__") and path.name != "py.typed"
    }
    assert there - named == set()
