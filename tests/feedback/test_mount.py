"""The app as a part of another one: its addresses, its state, its logs, and what it leaves alone."""

import logging
import re
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2 as httpx
import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.errors import StartError
from feedback.intake.widget import V1
from tests.feedback.conftest import PAGE, SITE
from tests.mounted import feedback_at, in_fastapi, in_starlette, running
from tests.service import ADMIN_TOKEN

AS_BROWSER = {"Accept": "text/html"}
OWN = {"Sec-Fetch-Site": "same-origin", **AS_BROWSER}
ADMIN = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
SIGN_IN = "/pages/admin/sign-in"


def sign_ann_in(client: TestClient, path: str) -> tuple[str, httpx.Response, httpx.Response]:
    """Add an admin and sign them in; gives their one-time link and the answers to the two forms."""
    ann = {"email": "ann@example.gov.uk", "name": "Ann", "role": "admin"}
    link = client.post(f"{path}/admin/api/people", json=ann, headers=ADMIN).json()["link"]
    assert client.get(link).status_code == 200
    words = {"password": "three words together", "repeated": "three words together"}
    fields = {"token": link.partition("token=")[2], **words}
    set_up = client.post(f"{path}/admin/password", data=fields, headers=OWN)
    return link, set_up, client.post(f"{path}/admin/sign-in", data={**ann, **words}, headers=OWN)


def addresses_in(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where an answer leads, each with how it says so."""
    if answer.status_code == 303:
        return [("href", answer.headers["location"])]
    if "html" in answer.headers["content-type"]:
        found = re.findall(r"""\b(href|src|action|formaction|server)="([^"]*)""", answer.text)
        return [(tag, url.replace("&amp;", "&")) for tag, url in found]
    if "css" in answer.headers["content-type"]:
        return [("src", url) for url in re.findall(r"""url\("?([^")]*)""", answer.text)]
    return []


@pytest.fixture(params=[in_starlette, in_fastapi])
def origin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    app = create_app(feedback_at("/pages", tmp_path))
    with running(request.param(("/pages", app))) as address:
        yield address


def test_a_submission_through_the_outer_app_is_kept_and_read_without_its_number(origin: str):
    answer = httpx.post(f"{origin}/pages/feedback", json={"page": PAGE, "comment": "it is CE 12 34 56 C"})
    assert (answer.status_code, [one["kind"] for one in answer.json()["removed"]]) == (201, ["UK_NINO"])
    (item,) = httpx.get(f"{origin}/pages/admin/api/feedback", headers=ADMIN).json()["items"]
    assert item["comment"] == "it is [UK_NINO]"
    form = httpx.post(f"{origin}/pages/feedback", data={"page": PAGE, "useful": "yes"}, headers=AS_BROWSER)
    assert form.status_code == 303
    assert form.headers["location"].startswith("/pages/feedback/thanks?")
    assert httpx.get(f"{origin}/pages/widget/integrity").text == V1.integrity
    assert httpx.get(f"{origin}/pages/openapi.json").json()["servers"] == [
        {"url": "http://feedback.test/pages"}
    ]
    assert httpx.get(f"{origin}/pages/health/ready").status_code == 200
    assert b"feedback_submissions_total" in httpx.get(f"{origin}/pages/metrics").content


def test_every_address_that_a_page_writes_is_under_the_path_and_leads_somewhere(tmp_path: Path):
    settings = feedback_at("/pages", tmp_path)
    outer = in_starlette(("/pages", create_app(settings)))
    with TestClient(outer, "http://feedback.test", follow_redirects=False) as client:
        for comment in ("late", "broken", "thanks"):
            client.post("/pages/feedback", json={"page": PAGE, "comment": comment, "useful": "no"})
        waiting, seen = ["/pages/", SIGN_IN, f"/pages/feedback/form?page={PAGE}", "/pages/admin"], set[str]()
        sign_ann_in(client, "/pages")
        while waiting:
            address = waiting.pop()
            answer = client.get(address, headers=AS_BROWSER)
            assert answer.status_code in (200, 303), address
            for tag, url in addresses_in(answer):
                each = urlsplit(urljoin(address, url))
                if each.netloc not in ("", "feedback.test"):
                    continue
                assert f"{each.path}/".startswith("/pages/"), f"{each.path} on {address}"
                pattern = re.sub(r"[0-9a-f-]{32,}", "ID", each.path)
                if pattern not in seen:
                    seen.add(pattern)
                    # A form's own address is only posted to.
                    waiting += [f"{each.path}?{each.query}"] if tag in ("href", "src") else []
    assert len(seen) > 40


def test_redirects_cookies_and_one_time_links_are_under_the_path(tmp_path: Path):
    outer = in_starlette(("/pages", create_app(feedback_at("/pages", tmp_path))))
    with TestClient(outer, "http://feedback.test", follow_redirects=False) as client:
        assert client.get("/pages/admin/feedback", headers=AS_BROWSER).headers["location"] == SIGN_IN
        link, set_up, signed_in = sign_ann_in(client, "/pages")
        assert link.startswith("http://feedback.test/pages/admin/password?token=")
        assert set_up.headers["location"] == f"{SIGN_IN}?password=set"
        assert signed_in.headers["location"] == "/pages/admin/feedback"
        assert signed_in.headers["set-cookie"].startswith("feedback.pages=")
        page = client.get("/pages/admin/feedback", headers=OWN)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert client.post("/pages/admin/sign-out", headers=OWN).headers["location"] == SIGN_IN


def test_two_apps_in_one_process_know_nothing_of_each_other(tmp_path: Path):
    apps = [(path, create_app(feedback_at(path, tmp_path))) for path in ("/north", "/south")]
    with TestClient(in_starlette(*apps), "https://feedback.test") as client:
        client.post("/north/feedback", json={"page": PAGE, "comment": "to the north"})
        for path, comments in (("/north", ["to the north"]), ("/south", [])):
            items = client.get(f"{path}/admin/api/feedback", headers=ADMIN).json()["items"]
            assert [item["comment"] for item in items] == comments
            stored = f'feedback_submissions_total{{outcome="stored"}} {float(len(comments))}'
            assert stored in client.get(f"{path}/metrics", headers=ADMIN).text
            assert client.get(f"{path}/openapi.json").json()["servers"][0]["url"].endswith(path)


def test_two_apps_on_one_host_keep_two_people_signed_in(tmp_path: Path):
    apps = [(path, create_app(feedback_at(path, tmp_path))) for path in ("/north", "/south")]
    with TestClient(in_starlette(*apps), "https://feedback.test", follow_redirects=False) as client:
        for path, _ in apps:
            sign_ann_in(client, path)
        assert set(client.cookies) == {"__Host-feedback.north", "__Host-feedback.south"}
        for path, _ in apps:
            assert client.get(f"{path}/admin/feedback", headers=AS_BROWSER).status_code == 200


def test_an_app_that_nobody_started_says_how_to(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    outer = FastAPI()
    outer.mount("/pages", create_app(feedback_at("/pages", tmp_path)))
    with running(outer) as origin:
        assert httpx.get(f"{origin}/pages/demo").status_code == 500
    (fault,) = (record.exc_info for record in caplog.records if record.exc_info)
    assert isinstance(fault[1], StartError)
    assert "async with started(feedback): yield" in str(fault[1])


def test_a_database_that_is_taken_stops_the_outer_app_with_a_sentence(tmp_path: Path):
    settings = feedback_at("/pages", tmp_path)
    with (
        TestClient(in_starlette(("/pages", create_app(settings)))),
        pytest.raises(StartError, match="Another process uses the database"),
        TestClient(in_starlette(("/again", create_app(settings)))),
    ):
        pass


def test_the_outer_app_keeps_its_errors_its_state_and_its_headers(tmp_path: Path):
    outer = in_fastapi(("/pages", create_app(feedback_at("/pages", tmp_path))))
    with TestClient(outer, "http://feedback.test") as client:
        with pytest.raises(LookupError):
            client.get("/fails")
        assert client.get("/nothing", headers={"Host": "any.test"}).json() == {"detail": "Not Found"}
        answer = client.get("/pages/demo")
        assert answer.headers["x-outer"] == "by the outer app, of the outer app"
        assert "x-request-id" in answer.headers
        assert "content-security-policy" not in client.get("/docs").headers
        assert client.get("/pages/demo", headers={"Host": "any.test"}).status_code == 421


def test_the_outer_app_keeps_its_logging_and_its_handlers(tmp_path: Path):
    """What `feedback serve` sets up for a process of its own, a part of another process must not."""

    def held() -> tuple[object, ...]:
        root = logging.getLogger()
        return (
            root.handlers[:],
            root.level,
            logging.raiseExceptions,
            logging.getLogger("uvicorn.access").level,
            structlog.get_config(),
            sys.excepthook,
            sys.unraisablehook,
            threading.excepthook,
            *(signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)),
        )

    before = held()
    with TestClient(in_starlette(("/pages", create_app(feedback_at("/pages", tmp_path))))) as client:
        client.get("/pages/demo")
        assert held() == before


def test_the_outer_app_gets_our_lines_by_the_standard_library(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    outer = in_starlette(("/pages", create_app(feedback_at("/pages", tmp_path))))
    with TestClient(outer, "http://feedback.test") as client:
        client.post("/pages/feedback", json={"page": PAGE, "comment": "Zyxwvut CE123456C"})
        client.post("/pages/nothing")
    lines = [record.getMessage() for record in caplog.records if record.name == "feedback.request"]
    assert ['"route":"/feedback"' in line for line in lines] == [True, False]
    assert '"route":null,"status":404' in lines[1]
    # Of the libraries, too, however much they say.
    assert "Zyxwvut" not in caplog.text
    assert "CE123456C" not in caplog.text
    assert capfd.readouterr() == ("", "")


def test_a_public_url_without_the_path_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    settings = feedback_at("/pages", tmp_path)
    for path, told in (("/pages", 0), ("/other", 1)):
        caplog.clear()
        with TestClient(in_starlette((path, create_app(settings))), "http://feedback.test") as client:
            for _ in range(2):
                client.get(f"{path}/health/live")
        said = [record for record in caplog.records if record.name == "feedback.running"]
        assert len(said) == told


@pytest.mark.parametrize("words", ["FastAPI", "Starlette"])
def test_what_the_docs_say_works_as_it_stands(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = (Path(__file__).parents[2] / "docs" / "mount.md").read_text(encoding="utf-8")
    whole, last = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    if words == "Starlette":
        imports = "from starlette.applications import Starlette\nfrom starlette.routing import Mount\n"
        whole = imports + whole.partition("app = ")[0].replace("from fastapi import FastAPI", "") + last
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", f"sqlite:///{tmp_path}/feedback.db")
    monkeypatch.setenv("FEEDBACK_SITES", SITE)
    written: dict[str, Any] = {}
    exec(compile(whole, "docs/mount.md", "exec"), written)
    with running(written["app"]) as origin:
        answer = httpx.post(f"{origin}/feedback/feedback", json={"page": PAGE, "useful": "yes"})
        assert answer.status_code == 201
        assert httpx.get(f"{origin}/feedback/feedback/form").status_code == 200
