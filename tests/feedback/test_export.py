"""What an export looks like: CSV that no spreadsheet computes, JSON Lines as the API gives them."""

import asyncio
import csv
import io
import json
import stat
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from feedback.model import EVERYTHING, Feedback, Filters
from feedback.review.api import to_json
from feedback.review.export import Parts, csv_bytes, jsonl_bytes
from tests.feedback.conftest import Command
from tests.office import convert, find_office
from tests.service import Service
from tests.store.samples import NOON, opened, some_feedback

COMPUTED = ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff20x"]
HARMLESS = [
    'a "quoted", word',
    "two\nlines",
    "two\r\nlines",
    "ŵ ŷ 你 \u2028 \x85 end",
    "'already",
    ",;,",
    " =1",
    "1-2",
]


def items_of(tmp_path: Path, comments: Sequence[str]) -> list[Feedback]:
    """Stored submissions with these comments, in this order."""

    async def go() -> list[Feedback]:
        async with opened(f"sqlite:///{tmp_path}/items.db") as store:
            for number, comment in enumerate(comments):
                await store.add(some_feedback(comment, NOON - number, title=comment))
            return list((await store.find(Filters(), EVERYTHING)).items)

    return asyncio.run(go())


def written(writer: Callable[[Parts], AsyncIterator[bytes]], items: Sequence[Feedback]) -> bytes:
    async def parts() -> AsyncIterator[Sequence[Feedback]]:
        for start in range(0, len(items), 2):
            yield items[start : start + 2]

    async def go() -> bytes:
        return b"".join([chunk async for chunk in writer(parts())])

    return asyncio.run(go())


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_csv_gives_every_word_back_and_no_cell_that_a_spreadsheet_computes(tmp_path: Path):
    comments = COMPUTED + HARMLESS
    data = written(csv_bytes, items_of(tmp_path, comments))
    rows = read_csv(data)
    assert [row["comment"] for row in rows] == [f"'{each}" for each in COMPUTED] + HARMLESS
    assert [row["title"] for row in rows] == [row["comment"] for row in rows]
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"))]
    assert rows[0]["removed"] == "comment UK_NINO 2"
    assert rows[0]["received_at"] == "2023-11-14T12:00:00.000Z"
    assert data.count(b"\r\n") >= len(rows) + 1


def test_the_mark_for_excel_is_there_only_where_it_is_asked_for(tmp_path: Path):
    items = items_of(tmp_path, ["a"])
    assert written(csv_bytes, items).startswith(b"id,received_at,")
    assert written(lambda parts: csv_bytes(parts, bom=True), items).startswith(b"\xef\xbb\xbfid,received_at,")


def test_json_lines_are_the_items_of_the_api_each_in_one_line_for_every_reader(tmp_path: Path):
    items = items_of(tmp_path, COMPUTED + HARMLESS)
    data = written(jsonl_bytes, items)
    assert [json.loads(line) for line in data.decode().splitlines()] == [
        json.loads(json.dumps(to_json(item))) for item in items
    ]


def fill(url: str) -> None:
    async def go() -> None:
        async with opened(url) as store:
            await store.add(some_feedback("=late", NOON))
            await store.add(some_feedback("tax words", NOON - 1, path="/tax/band"))

    asyncio.run(go())


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((), ["'=late", "tax words"]),
        (("--path", "/tax*"), ["tax words"]),
        (("--search", "WORDS", "--status", "new"), ["tax words"]),
        (("--until", "2023-11-14T12:00:00Z"), ["tax words"]),
        (("--useful", "yes"), []),
    ],
)
def test_the_command_exports_what_is_asked_for(
    url: str, command: Command, arguments: tuple[str, ...], found: list[str]
):
    fill(url)
    code, said = command("export", *arguments)
    assert code == 0
    assert [row["comment"] for row in csv.DictReader(said.splitlines())] == found


def test_the_command_writes_a_file_for_its_user_alone_and_overwrites_nothing(
    url: str, command: Command, tmp_path: Path
):
    fill(url)
    file = tmp_path / "all.jsonl"
    assert command("export", "--format", "jsonl", str(file)) == (0, "")
    assert [json.loads(line)["comment"] for line in file.read_text().splitlines()] == ["=late", "tax words"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code, said = command("export", str(file))
    assert (code, said) == (1, f"{file} is there already; an export overwrites nothing.")
    code, said = command("export", str(tmp_path / "no" / "folder"))
    assert (code, said) == (1, f"{tmp_path}/no/folder cannot be written: No such file or directory.")


def test_a_wrong_filter_is_named_by_its_option(url: str, command: Command, tmp_path: Path):
    file = tmp_path / "all.csv"
    code, said = command("export", "--status", "gone", "--search", "x" * 201, "--since", "soon", str(file))
    assert code == 1
    assert said == (
        "--status must be one of the choices: new, open, done, irrelevant, spam. "
        "--since must be a date or time such as 2026-01-31 or 2026-01-31T09:30:00Z. "
        "--search must be 200 characters or fewer."
    )
    assert not file.exists()


def test_sqlite_is_exported_beside_the_running_service(service: Service, command: Command):
    command.monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{service.data}/feedback.db")
    service.post(page=f"{service.origin}/demo", comment="hello")
    code, said = command("export", "--format", "jsonl")
    assert code == 0
    assert json.loads(said)["comment"] == "hello"
    assert service.post(page=f"{service.origin}/demo", comment="still there").status_code == 201


def test_libreoffice_opens_an_export_as_it_was_written_and_computes_nothing(tmp_path: Path):
    office = find_office()
    assert office, "run: python -m tests.office"
    comments = COMPUTED + HARMLESS
    file = tmp_path / "export.csv"
    file.write_bytes(written(partial(csv_bytes, bom=True), items_of(tmp_path, comments)))
    names, *rows = cells_of(convert(office, file, "fods"))
    assert names[0] == "id"
    shown = [row[names.index("comment")] for row in rows]
    assert len(shown) == len(comments)
    for text, cell in zip(comments, shown, strict=True):
        # What stands for blanks and other line endings in its files is LibreOffice's own business.
        if not set(text) & set("\t\r\x85\u2028"):
            assert cell.strip() == (f"'{text}" if text in COMPUTED else text).strip()


def cells_of(file: Path) -> list[list[str]]:
    """The text of each cell of a flat OpenDocument table, row by row; fails where one is computed."""
    table, text = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "text"))
    rows = []
    for row in ElementTree.parse(file).iter(f"{table}table-row"):
        cells = []
        for cell in row.iter(f"{table}table-cell"):
            assert f"{table}formula" not in cell.attrib
            lines = ["".join(line.itertext()) for line in cell.iter(f"{text}p")]
            cells += ["\n".join(lines)] * int(cell.get(f"{table}number-columns-repeated", "1"))
        rows.append(cells)
    return rows
