"""Pages, one page with its changes, and trends: what they show, to whom, and what they refuse."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from feedback.model import Counts, DayCounts, PageChange, Role, Scope, TrendFilters, Useful
from feedback.model.access import ApiToken
from feedback.model.audit import AuditEntry
from feedback.review import charts
from feedback.review.figures_query import today
from feedback.review.secrets import now
from feedback.review.steps import effects, marks, weekly
from feedback.review.tokens import add_token
from tests.feedback.conftest import SITE
from tests.store.samples import DAY, some_feedback

WILD = "https://a.wild.gov.uk"
ADDRESS = {"site": SITE, "path": "/bins"}
NINO = "CE 12 34 56 C"


@pytest.fixture
def filled(client: TestClient) -> TestClient:
    """Two sites; /bins got worse a month ago."""
    assert client.portal is not None
    rows = [
        some_feedback(None, now() - days_ago * DAY, path=path, site=site, useful=useful, removed=())
        for path, site, days_ago, yes, no in (
            ("/bins", SITE, 40, 30, 5),
            ("/bins", SITE, 1, 8, 20),
            ("/tax/pay", SITE, 2, 9, 1),
            ("/bins", WILD, 3, 4, 2),
        )
        for useful, times in ((Useful.YES, yes), (Useful.NO, no))
        for _ in range(times)
    ]
    rows.append(some_feedback("words", now(), path="/tax/pay", useful=None))

    async def add_all() -> None:
        for row in rows:
            await client.app_state["store"].add(row)

    client.portal.call(add_all)
    return client


def asked_by(client: TestClient, role: Role, *sites: str) -> dict[str, str]:
    """The headers of somebody with a role and a scope."""
    assert client.portal is not None
    scope = Scope(frozenset(sites) if sites else None)
    wanted = ApiToken("", "Report", role, scope, now())
    _, token = client.portal.call(add_token, client.app_state["store"], wanted, AuditEntry.by_command)
    return {"Authorization": f"Bearer {token}"}


def test_pages_come_as_json_with_their_intervals(filled: TestClient, admin: dict[str, str]):
    answer = filled.get("/admin/api/pages", params={"sort": "worst"}, headers=admin).json()
    assert [(page["site"], page["path"]) for page in answer["items"]] == [
        (SITE, "/bins"),
        (WILD, "/bins"),
        (SITE, "/tax/pay"),
    ]
    bins, _, tax = answer["items"]
    assert bins["useful"] == {"share": 0.6032, "low": 0.4798, "high": 0.7147, "votes": 63}
    assert (tax["comments_7"], tax["comments_30"], tax["comments_90"], tax["submissions"]) == (1, 1, 1, 11)
    assert [step["yes"] for step in bins["trend"]][-6:] == [30, 0, 0, 0, 0, 8]
    assert answer["next"] is None


def test_the_fastest_worsening_says_by_how_much(filled: TestClient, admin: dict[str, str]):
    query = {"sort": "worsening", "period": "4w"}
    (page,) = filled.get("/admin/api/pages", params=query, headers=admin).json()["items"]
    assert page["change"] == {"share": -0.5714, "low": -0.7269, "high": -0.3328}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"site": WILD}, 1),
        ({"path": "/tax*"}, 1),
        ({"path": "/b"}, 2),
        ({"period": "4w"}, 3),
        ({"since": str(today() - timedelta(days=50)), "until": str(today() - timedelta(days=30))}, 1),
        ({"until": str(today() - timedelta(days=3))}, 1),
        ({"limit": "2"}, 2),
        ({"limit": "2", "page": "2"}, 1),
    ],
)
def test_pages_are_filtered(filled: TestClient, admin: dict[str, str], query: dict[str, str], found: int):
    answer = filled.get("/admin/api/pages", params=query, headers=admin).json()
    assert len(answer["items"]) == found
    assert answer["next"] == (2 if query == {"limit": "2"} else None)


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("pages", {"sort": "best"}, "sort"),
        ("pages", {"since": "yesterday"}, "since"),
        ("pages", {"since": "2026-02-30"}, "since"),
        ("pages", {"since": "2025-01-01", "until": "2025-12-31"}, "until"),
        ("pages", {"since": "2025-01-02", "until": "2025-01-02"}, "until"),
        ("pages", {"page": "0"}, "page"),
        ("pages", {"limit": "201"}, "limit"),
        ("pages", {"q": "words"}, "query"),
        ("pages", {"until": "0001-01-01"}, "until"),
        ("pages", {"since": "9999-12-31"}, "since"),
        ("pages", {"site": "a\0"}, "site"),
        ("pages", {"path": "/\0*"}, "path"),
        ("pages", {"sort": "worsening", "since": "2026-01-01", "until": "2026-02-20"}, "until"),
        ("trends", {"site": "\0"}, "site"),
        ("trends", {"by": "colour"}, "by"),
        ("trends", {"by": "section", "period": "52w"}, "period"),
        ("trends", {"section": "/bins"}, "site"),
    ],
)
def test_a_wrong_question_is_named(
    client: TestClient, admin: dict[str, str], path: str, query: dict[str, str], field: str
):
    answer = client.get(f"/admin/api/{path}", params=query, headers=admin)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_trends_come_as_json_by_site_section_and_kind(filled: TestClient, admin: dict[str, str]):
    def ask(**query: str) -> Any:
        answer = filled.get("/admin/api/trends", params=query, headers=admin)
        assert answer.status_code == 200
        return answer.json()

    sites = ask()
    assert [(one["site"], one["total"]["yes"]) for one in sites["items"]] == [(WILD, 4), (SITE, 47)]
    assert len(sites["steps"]) == 13
    sections = ask(by="section", site=SITE, period="4w")["items"]
    assert [(one["section"], one["total"]["no"]) for one in sections] == [("/bins", 20), ("/tax", 1)]
    (section,) = ask(by="section", site=SITE, section="/bins", period="52w")["items"]
    assert section["total"]["yes"] == 38
    (kind,) = ask(by="kind")["items"]
    assert (kind["kind"], kind["total"]) == ("UK_NINO", 2)


def test_somebody_sees_the_figures_of_their_sites_only(filled: TestClient):
    headers = asked_by(filled, Role.VIEWER, WILD)
    pages = filled.get("/admin/api/pages", headers=headers).json()["items"]
    assert [page["site"] for page in pages] == [WILD]
    trends = filled.get("/admin/api/trends", headers=headers).json()["items"]
    assert [trend["site"] for trend in trends] == [WILD]
    assert filled.get("/admin/page", params=ADDRESS, headers=headers).status_code == 404
    assert SITE not in filled.get("/admin/pages", headers=headers).text


def test_a_change_is_noted_scrubbed_and_shown_with_what_it_did(filled: TestClient, admin: dict[str, str]):
    day = today() - timedelta(days=20)
    fields = {**ADDRESS, "day": str(day), "note": f"Took out {NINO} <b>"}
    answer = filled.post("/admin/page/changes", data=fields, headers=admin)
    assert answer.status_code == 303
    page = filled.get(answer.headers["location"].partition("#")[0], headers=admin).text
    assert "Took out [UK_NINO] &lt;b&gt;" in page
    assert NINO not in page
    assert re.search(r"91 days before.*86%.*20 days after.*29%.*Worse.*-?57", page, re.DOTALL)
    assert page.count('class="change"') == 2  # in both charts
    (key,) = re.findall(r"/admin/page/changes/([0-9a-f-]{36})/remove", page)
    assert filled.post(f"/admin/page/changes/{key}/remove", data=ADDRESS, headers=admin).status_code == 303
    assert "UK_NINO" not in filled.get("/admin/page", params=ADDRESS, headers=admin).text
    assert filled.post(f"/admin/page/changes/{key}/remove", data=ADDRESS, headers=admin).status_code == 404


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"note": ""}, 422),
        ({"note": "a" * 201}, 422),
        ({"note": "a\0"}, 422),
        ({"day": "soon"}, 422),
        ({"day": str(today() + timedelta(days=2))}, 422),
        ({"day": "1900-01-01"}, 422),
        ({"site": ""}, 422),
        ({"path": ""}, 422),
        ({"site": "https://b.wild.gov.uk"}, 404),
    ],
)
def test_a_wrong_change_is_refused(client: TestClient, changed: dict[str, str], status: int):
    headers = asked_by(client, Role.REVIEWER, SITE)
    fields = {**ADDRESS, "day": str(today()), "note": "new words"} | changed
    assert client.post("/admin/page/changes", data=fields, headers=headers).status_code == status


def test_who_only_reads_notes_no_changes(filled: TestClient):
    headers = asked_by(filled, Role.VIEWER)
    fields = {**ADDRESS, "day": str(today()), "note": "new words"}
    assert filled.post("/admin/page/changes", data=fields, headers=headers).status_code == 403
    assert filled.post("/admin/page/changes/1/remove", data=ADDRESS, headers=headers).status_code == 403
    assert (
        '<form method="post" action="/admin/page'
        not in filled.get("/admin/page", params=ADDRESS, headers=headers).text
    )


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize(
    "path",
    [
        "pages",
        "pages?sort=worsening&period=4w&path=/b",
        "pages?sort=no&since=2020-01-01&until=2020-02-01",
        "pages?page=2",
        f"page?site={SITE}&path=/bins",
        f"page?site={SITE}&path=/never-seen&period=52w",
        "trends",
        "trends?by=section",
        f"trends?by=section&site={SITE}&section=/bins&period=52w",
        "trends?by=kind",
        f"trends?by=kind&site={WILD}&period=4w",
    ],
)
def test_every_page_is_complete_in_both_languages(
    filled: TestClient, admin: dict[str, str], path: str, lang: str
):
    answer = filled.get(f"/admin/{path}", headers={**admin, "Accept-Language": lang})
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text
    assert "style=" not in answer.text


def test_a_path_that_looks_like_markup_is_shown_as_text(client: TestClient, admin: dict[str, str]):
    client.post("/feedback", json={"page": f"{SITE}/<script>alert(1)</script>", "useful": "no"})
    for path in ("pages", "trends?by=section", f"page?site={SITE}&path=/%3Cscript%3Ealert(1)%3C/script%3E"):
        page = client.get(f"/admin/{path}", headers=admin).text
        assert "<script" not in page, path
        assert "script" in page


START = date(2026, 1, 1)


def days(*counts: tuple[int, int, int]) -> list[DayCounts]:
    """(day from START, yes, no)."""
    return [DayCounts(START + timedelta(days=day), Counts(yes + no, yes, no), {}) for day, yes, no in counts]


def test_weeks_end_with_the_period_and_the_first_may_be_short():
    filters = TrendFilters(START, START + timedelta(days=10))
    steps = weekly(filters, days((-1, 9, 9), (0, 1, 0), (2, 1, 0), (3, 0, 1), (9, 0, 1), (10, 9, 9)))
    assert [(step.first.day, step.last.day, step.counts.yes, step.counts.no) for step in steps] == [
        (1, 3, 2, 0),
        (4, 10, 0, 2),
    ]


def test_a_change_is_compared_up_to_its_neighbours_without_its_own_day():
    changes = [PageChange(str(day), START + timedelta(days=day), "", "") for day in (10, 20, 20)]
    found = effects(
        changes,
        days((9, 1, 0), (10, 99, 0), (11, 2, 0), (19, 4, 0), (20, 99, 0), (21, 8, 0), (30, 99, 0)),
        START + timedelta(days=30),
    )
    assert [
        (each.number, each.before.yes, each.before_days, each.after.yes, each.after_days) for each in found
    ] == [
        (3, 0, 0, 8, 9),
        (2, 6, 9, 0, 0),
        (1, 1, 91, 6, 9),
    ]


def test_a_mark_stands_in_the_middle_of_its_day():
    filters = TrendFilters(START, START + timedelta(days=14))
    changes = [PageChange("a", START + timedelta(days=day), "", "") for day in (-1, 0, 13)]
    assert [(mark.number, round(mark.place * 14, 6)) for mark in marks(filters, changes)] == [
        (2, 0.5),
        (3, 13.5),
    ]


def test_charts_escape_their_words_and_stay_in_their_frame():
    steps = [Counts(5, 2, 3, 0), Counts(), Counts(7, 7, 0, 1)]
    for drawn in (
        charts.votes("a", "<b>", '"', steps, [charts.Mark(0.5, 1)]).svg,
        charts.shares("a", "<b>", '"', steps, [charts.Mark(0.5, 1)]).svg,
        charts.amounts("a", "<b>", '"', [0, 3]).svg,
        charts.votes_row("<b>", steps),
    ):
        assert '<title id="a-title">&lt;b&gt;' in drawn or "<title>&lt;b&gt;" in drawn
        heights = [float(value) for value in re.findall(r' (?:y|y1|y2|cy)="(-?[0-9.]+)"', drawn)]
        assert all(0 <= height <= charts.HEIGHT + 19 for height in heights)
        places = [float(value) for value in re.findall(r'="(-?[0-9.]+)%"', drawn)]
        assert all(0 <= place <= 100 for place in places)


@pytest.mark.parametrize(
    ("most", "axis"), [(0, "1"), (1, "1"), (7, "8"), (11, "20"), (224, "300"), (1000, "1000")]
)
def test_an_axis_ends_at_a_round_number(most: int, axis: str):
    assert charts.amounts("a", "", "", [most]).axis[0] == axis
