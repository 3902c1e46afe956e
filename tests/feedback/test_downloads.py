"""Exports by address: exactly what the filters choose, at constant memory, written down, never by halves."""

import asyncio
import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from feedback.errors import Unavailable
from feedback.ids import new_id
from feedback.model import Role
from feedback.model.audit import Action, AuditFilters
from feedback.store import Store
from tests.feedback.conftest import PAGE, SITE
from tests.feedback.test_page_figures import asked_by
from tests.service import ADMIN_TOKEN, Service
from tests.store.samples import NOON, some_feedback

ROWS = 20_000


@pytest.fixture
def filled(client: TestClient) -> TestClient:
    for comment, fields in (
        ("one", {"useful": "no"}),
        ("two", {"useful": "yes", "lang": "cy"}),
        ("=three", {"useful": "no"}),
        ("spam", {"useful": "no", "website": "x"}),
    ):
        answer = client.post("/feedback", json={"page": PAGE, "comment": comment, **fields})
        assert answer.status_code == 201
    client.post("/feedback", json={"page": "https://a.wild.gov.uk/", "comment": "elsewhere"})
    return client


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"useful": "no"},
        {"useful": "no", "spam": "no"},
        {"lang": "cy"},
        {"site": SITE, "path": "/b*", "q": "three"},
        {"until": "2001-01-01"},
    ],
)
def test_an_export_is_exactly_what_the_list_shows(
    filled: TestClient, admin: dict[str, str], query: dict[str, str]
):
    listed = filled.get("/admin/api/feedback", params=query, headers=admin).json()["items"]
    lines = filled.get("/admin/api/export.jsonl", params=query, headers=admin)
    assert [json.loads(line) for line in lines.text.splitlines()] == listed
    table = filled.get("/admin/api/export.csv", params=query, headers=admin)
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [row["id"] for row in rows] == [item["id"] for item in listed]
    assert [row["comment"].removeprefix("'") for row in rows] == [item["comment"] for item in listed]


def test_the_inbox_leads_to_the_export_of_what_it_shows(filled: TestClient, admin: dict[str, str]):
    page = filled.get("/admin/feedback", params={"useful": "no"}, headers=admin).text
    (address,) = re.findall(r'href="(/admin/api/export\.csv\?[^"]+)"', page)
    answer = filled.get(address.replace("&amp;", "&"), headers=admin)
    assert answer.content.startswith(b"\xef\xbb\xbfid,")
    assert [row["comment"] for row in csv.DictReader(io.StringIO(answer.text))] == ["'=three", "one"]
    assert re.fullmatch(
        r'attachment; filename="feedback-\d{4}-\d\d-\d\d\.csv"', answer.headers["content-disposition"]
    )
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")


def test_an_export_is_written_down_and_asking_for_its_headers_is_not(
    filled: TestClient, admin: dict[str, str]
):
    assert filled.portal is not None
    assert filled.head("/admin/api/export.csv", headers=admin).content == b""
    filled.get("/admin/api/export.csv?useful=yes&q=somebody&site=", headers=admin)
    filters = AuditFilters(action=Action.FEEDBACK_EXPORTED)
    (audited,) = filled.portal.call(filled.app_state["store"].audited, filters)
    # By what it was chosen, never what was looked for.
    assert audited.entry.detail == {"format": "csv", "filters": "q, useful"}


def test_somebody_exports_their_sites_only(filled: TestClient):
    headers = asked_by(filled, Role.VIEWER, "https://a.wild.gov.uk")
    lines = filled.get("/admin/api/export.jsonl", headers=headers).text.splitlines()
    assert [json.loads(line)["comment"] for line in lines] == ["elsewhere"]


@pytest.mark.parametrize(
    ("form", "query", "field"),
    [
        ("csv", {"bom": "yes"}, "bom"),
        ("jsonl", {"bom": "1"}, "query"),
        ("csv", {"spam": "maybe"}, "spam"),
        ("csv", {"status": "gone"}, "status"),
    ],
)
def test_a_wrong_export_is_named(
    client: TestClient, admin: dict[str, str], form: str, query: dict[str, str], field: str
):
    answer = client.get(f"/admin/api/export.{form}", params=query, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_database_that_is_away_is_503_and_no_empty_file(
    client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    async def away(*_: object) -> Any:
        raise Unavailable

    monkeypatch.setattr("feedback.store.finding.find", away)
    assert client.get("/admin/api/export.csv", headers=admin).status_code == 503


def memory(service: Service) -> int:
    """The most memory that the service has had, in kB."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])  # type: ignore[index]


def test_memory_stays_while_much_is_exported(tmp_path: Path):
    async def fill() -> None:
        store = await Store.open(f"sqlite:///{tmp_path}/data/feedback.db")
        row = some_feedback("many words " * 100)
        for start in range(0, ROWS, 2_000):
            await asyncio.gather(
                *(
                    store.add(replace(row, id=str(new_id()), received_at=NOON + start + number))
                    for number in range(2_000)
                )
            )
        await store.close()

    asyncio.run(fill())
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    with (
        Service(tmp_path, FEEDBACK_RETENTION_DAYS="0") as service,
        httpx.Client(base_url=f"{service.origin}/admin/api/", headers=headers, timeout=60) as client,
    ):
        # Half and half of it, until each of SQLite's connections, which take turns, has read every part and
        # filled its cache: one question more, or two, shifts whose turn it is. Were what is exported held in
        # memory, the whole would need as much again.
        for turn in range(9):
            for half in ("since", "until"):
                client.get("export.csv", params={half: "2023-11-14T12:00:10Z"})
            for _ in range(turn // 3):
                client.get(f"feedback/{new_id()}")
        before, size = memory(service), 0
        with client.stream("GET", "export.csv") as answer:
            for chunk in answer.iter_bytes():
                size += len(chunk)
        assert size > ROWS * 1_100
        assert (memory(service) - before) * 1024 < size / 3
