"""The table and the JSON of `scrub evaluate`."""

import json
from pathlib import Path

from scrubbers.corpus.record import Record, Span
from scrubbers.corpus.report import evaluate, share


def corpus_of(path: Path, *records: Record) -> Path:
    path.write_text("".join(record.line() + "\n" for record in records), encoding="utf-8")
    return path


FOUND = Record(
    "a",
    "card 4111111111111111",
    "en",
    "CREDIT_CARD",
    "easy",
    "plain",
    (Span("CREDIT_CARD", 5, 21, "4111111111111111"),),
)
MISSED = Record("b", "nothing at all", "en", "UK_NINO", "odd", "hard", (Span("UK_NINO", 0, 7, "NOTHING"),))
CLEAN = Record("c", "the bins", "en", None, "quiet", "clean", ())


def test_the_table_fits_in_a_hundred_columns_and_names_each_class(tmp_path: Path) -> None:
    table = evaluate(corpus_of(tmp_path / "corpus.jsonl", FOUND, MISSED, CLEAN))
    lines = table.splitlines()
    assert max(map(len, lines)) <= 100
    assert [line.split()[:3] for line in lines[1:4]] == [
        ["easy", "1", "1"],
        ["odd", "1", "0"],
        ["quiet", "1", "-"],
    ]
    assert "clean texts touched: 0 of 1" in lines


def test_json_holds_the_counts_behind_the_table(tmp_path: Path) -> None:
    figures = json.loads(evaluate(corpus_of(tmp_path / "corpus.jsonl", FOUND, MISSED), as_json=True))
    assert figures["default"]["classes"]["easy"]["found"] == 1
    assert figures["default"]["classes"]["odd"]["recall"] == 0
    assert {row["kind"] for row in figures["default"]["kinds"]} == {"CREDIT_CARD", "UK_NINO"}


def test_neither_form_repeats_any_text(tmp_path: Path) -> None:
    path = corpus_of(tmp_path / "corpus.jsonl", FOUND, MISSED)
    assert "4111" not in evaluate(path) + evaluate(path, as_json=True)


def test_a_share_shows_as_one_only_when_it_is_exactly_that() -> None:
    assert [share(x) for x in (None, 0.0, 0.5, 0.99999, 1.0)] == ["-", "0", ".500", ".999", "1"]


def test_spans_without_a_value_can_be_scored_too(tmp_path: Path) -> None:
    path = corpus_of(tmp_path / "corpus.jsonl", FOUND)
    path.write_text(
        path.read_text(encoding="utf-8").replace(', "value": "4111111111111111"', ""), encoding="utf-8"
    )
    assert evaluate(path).splitlines()[1].split() == ["easy", "1", "1"]
