"""What `make bench` keeps becomes tables and charts of the docs, and what breaks in it is named."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import docs, parts, results, table, wrk
from bench.measure import QUICK, Measure, NotRun
from bench.results import Run

STORED = Measure("Submissions", "stored a second", {"Page Feedback on SQLite": 3000, "isso": 60})
WORDS = Measure(
    "Store", "a word", {"1,000 rows": 2, "9 rows": 1.5}, {"1,000 rows": 31, "9 rows": 4}, limit=1.8
)
RUN = Run(
    date="2026-11-25T22:20Z",
    version="0.1.0",
    commit="5335f41379",
    size="full",
    minutes=20.5,
    machine={
        "processor": "Made-up 1",
        "cores": "2",
        "memory": "8 GB",
        "kernel": "Linux 6",
        "python": "3.11.7",
    }
    | {"sqlite": "3.40.1", "postgresql": "18.4"},
    others=0.03,
    packages={"isso": "0.14.0"},
    measures=[STORED, WORDS],
    not_run=[NotRun("widget", "there is no Chromium")],
)
LATER = replace(
    RUN, date="2027-01-05T10:00Z", version="0.2.0", measures=[replace(STORED, values={"isso": 70.0}), WORDS]
)
PAGE = """# Title
<!-- bench: Store -->
old
<!-- end -->
between
<!-- bench chart: submissions -->
<!-- end -->
<!-- bench: Elsewhere -->
<!-- end -->
<!-- bench machine -->
<!-- end -->
"""


def pages(folder: Path, *runs: Run) -> dict[str, str]:
    (folder / "page.md").write_text(PAGE)
    return {path.name: text for path, text in docs.written(runs, folder).items()}


def test_the_docs_hold_what_the_kept_results_give():
    runs = results.read()
    for path, text in docs.written(runs).items():
        assert path.read_text(encoding="utf-8") == text, "run: make bench-docs"
        if not runs[-1].not_run:
            assert "Not measured in the newest run" not in text


def test_every_page_asks_for_charts_that_there_are():
    asked = {
        match["name"]
        for page in docs.DOCS.glob("*.md")
        for match in docs.ASKED.finditer(page.read_text(encoding="utf-8"))
        if match["what"] == " chart"
    }
    assert asked == docs.CHARTS.keys()


def test_a_kept_run_is_read_back_as_it_was(tmp_path: Path):
    for run in (LATER, RUN):
        results.keep(run, tmp_path)
    assert results.read(tmp_path) == [RUN, LATER]
    assert len((tmp_path / "2026-11-25T2220Z-0.1.0.json").read_text().splitlines()) < 20


def test_a_page_gets_the_tables_of_the_newest_run_and_keeps_its_own_words(tmp_path: Path):
    page = pages(tmp_path, RUN, LATER)["page.md"]
    assert "| a word | 2 (31) ! | 1.50 (4) ×0.75 |\n\n<!-- end -->\nbetween\n" in page
    assert "old" not in page
    assert "| 2026-11-25, 0.1.0 | 3,000 | - | - | 60 |\n| 2027-01-05, 0.2.0 | - | - | - | 70 |" in page
    assert "Not measured in the newest run. widget: there is no Chromium" in page
    assert "Measured on 2027-01-05 with version 0.2.0 (5335f41379): Made-up 1, 2 cores, 8 GB" in page


def test_without_a_full_run_the_pages_stay_as_they_are(tmp_path: Path):
    assert pages(tmp_path) == {}
    assert pages(tmp_path, replace(RUN, size="quick")) == {}


def test_a_machine_that_was_busy_is_said_to_have_been(tmp_path: Path):
    assert "beside each other only" not in pages(tmp_path, RUN)["page.md"]
    assert (
        "Read these figures beside each other only." in pages(tmp_path, replace(RUN, others=1.4))["page.md"]
    )


def test_runs_on_another_machine_are_not_compared_with_the_newest(tmp_path: Path):
    other = replace(RUN, machine=RUN.machine | {"processor": "Made-up 2"})
    assert "2026-11-25" not in pages(tmp_path, other, LATER)["page.md"]


def test_a_chart_draws_each_value_once_and_says_it_in_words(tmp_path: Path):
    drawn = pages(tmp_path, RUN, LATER)["submissions.svg"]
    root = ElementTree.fromstring(drawn)
    space = {"": "http://www.w3.org/2000/svg"}
    assert root.attrib["role"] == "img"
    assert root.findtext("title", namespaces=space) == "Submissions stored a second, one core"
    assert "2027-01-05, version 0.2.0: isso 70" in (root.findtext("desc", namespaces=space) or "")
    dots = {
        (dot.attrib["class"], dot.attrib["cx"]): float(dot.attrib["cy"])
        for dot in root.iterfind("circle", space)
    }
    first, second = sorted({x for _, x in dots}, key=float)
    assert dots.keys() == {("a", first), ("d", first), ("d", second)}
    # 3,000 of an axis of 4,000 stands at three quarters; downwards is more.
    assert dots["a", first] == pytest.approx(214 - 0.75 * (214 - 44), abs=0.1)
    assert dots["a", first] < dots["d", second] < dots["d", first]
    for style in ("a", "b", "c", "d"):
        assert len(re.findall(rf"--{style}: #", drawn)) == 2, "a colour for light and one for dark"


def test_many_that_were_measured_are_rows_and_few_are_columns():
    assert table.rows([WORDS])[0] == ["", "1,000 rows", "9 rows"]
    many = Measure("Store", "ms", {"a": 4, "b": 1, "c": 0})
    assert table.rows([many]) == [["", "ms"], ["a", "4"], ["b", "1 ×0.25"], ["c", "0"]]


def test_a_part_that_breaks_is_named_after_what_it_measured_until_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "breaks.py").write_text(
        "from bench.measure import Measure\n"
        "def measures(size):\n"
        "    yield Measure('Store', size.name, {'ours': 1.23456})\n"
        "    raise ValueError('no such thing')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setitem(parts.PARTS, "store", "breaks")
    assert list(parts.run_part("store", QUICK)) == [
        Measure("Store", "quick", {"ours": 1.235}),
        NotRun("store", "ValueError: no such thing"),
    ]


def test_a_part_that_never_ends_is_ended_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "waits.py").write_text("import signal\ndef measures(size):\n    signal.pause()\n    yield\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setitem(parts.PARTS, "store", "waits")
    monkeypatch.setattr(parts, "MOST_SECONDS", 1)
    assert list(parts.run_part("store", QUICK)) == [NotRun("store", "it took more than 1 seconds")]


def test_what_wrk_says_is_read_without_what_was_refused():
    said = """  Latency Distribution
     50%   500.00us
     75%    1.42s
     99%   12.00ms
  400 requests in 8.00s, 337.85KB read
  Non-2xx or 3xx responses: 100
Requests/sec:     50.00
"""
    assert wrk.read(said, used=0.5) == wrk.Seen(
        300, 400, a_second=37.5, median_ms=0.5, p99_ms=12, cpu_us=1250
    )
    with pytest.raises(RuntimeError, match="nothing was answered"):
        wrk.read("  0 requests in 8.00s, 0.00B read\nRequests/sec:      0.00\n", used=0.5)
