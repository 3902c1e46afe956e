"""docs/privacy.md is true to the tables: it names every column that can hold something of a person."""

import re
from pathlib import Path

from feedback.review.sessions import SESSION_IDLE_MS, SESSION_LIFE_MS
from feedback.settings import load_settings
from feedback.store import schema_sql

DOC = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\);", re.DOTALL)
COLUMN = re.compile(r"^    ([a-z_]+) +(TEXT|BIGINT|INTEGER|REAL)\b", re.MULTILINE)
# About each submission every column is named, whatever its type.
WHOLE = "feedback"


def columns() -> dict[str, str]:
    """The type of each column, by `table.column`."""
    return {
        f"{table}.{column}": kind
        for table, body in TABLE.findall(schema_sql())
        for column, kind in COLUMN.findall(body)
    }


def test_every_column_that_holds_text_is_named_and_every_name_is_there():
    named = set(re.findall(r"`(\w+\.\w+)`", DOC)) - {"docs/privacy.md"}
    known = columns()
    assert len(known) > 60
    texts = {name for name, kind in known.items() if kind == "TEXT" or name.startswith(f"{WHOLE}.")}
    assert texts - named == set(), "docs/privacy.md does not say what these hold, why and how long"
    assert {
        name for name in named if name.partition(".")[0] in {each.partition(".")[0] for each in known}
    } <= (known.keys())


def test_how_long_is_as_the_program_does_it():
    assert f"`FEEDBACK_RETENTION_DAYS` ({load_settings().retention_days})" in DOC
    hours, minutes = SESSION_LIFE_MS // 3_600_000, SESSION_IDLE_MS // 60_000
    assert f"{hours} hours at most, {minutes} minutes unused" in DOC
