"""The description of the API names every route of both sides, and the service keeps to it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from feedback.openapi.document import document
from tests.service import ADMIN_TOKEN, Service

# What is made of what the description says; seeds and examples keep each run the same and short.
RUN = (
    "--max-examples=5",
    "--seed=6",
    "--generation-deterministic",
    "--phases=examples,coverage,fuzzing",
    "--request-timeout=5",
    "--checks=not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance,ignored_auth,unsupported_method",
)


def described() -> set[tuple[str, str]]:
    paths: dict[str, Any] = document("https://feedback.example.gov.uk")["paths"]
    return {
        (path, method.upper()) for path, item in paths.items() for method in item if method != "parameters"
    }


def routed(app: Starlette) -> set[tuple[str, str]]:
    """Every route of the API; the pages under /admin are for people."""
    return {
        (route.path, method)
        for route in app.routes
        if isinstance(route, Route)
        and (not route.path.startswith("/admin") or route.path.startswith("/admin/api/"))
        for method in (route.methods or set()) - {"HEAD"}
    }


def test_every_route_is_described_and_nothing_else(app: Starlette):
    assert described() == routed(app)


def test_every_operation_says_what_it_does_and_how_it_refuses():
    for path, item in document("https://feedback.example.gov.uk")["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            assert operation["summary"], path
            assert {"400", "421", "503"} <= operation["responses"].keys()
            assert ("401" in operation["responses"]) == (path.startswith("/admin/") or path == "/metrics")
            if "requestBody" in operation:
                assert {"413", "415", "422"} <= operation["responses"].keys(), path


def test_the_document_is_served_with_its_own_address(client: TestClient):
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["servers"] == [{"url": "http://feedback.test"}]
    assert answer.json()["openapi"] == "3.1.0"


def test_the_service_answers_as_described(tmp_path: Path):
    site = "https://www.example.gov.uk"
    with Service(tmp_path, FEEDBACK_SITES=site) as service:
        for number in range(3):
            service.post(page=f"{site}/bins", comment=f"something to find {number}")
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                "run",
                f"{service.origin}/openapi.json",
                f"--url={service.origin}",
                f"--header=Authorization: Bearer {ADMIN_TOKEN}",
                *RUN,
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        items = service.items()
        log = service.log.read_text()
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    assert int(re.findall(r"(\d+) generated", done.stdout)[-1]) > 1000
    # The examples of the description are taken.
    assert "Looking for my collection day" in {item["doing"] for item in items}
    assert '"fault"' not in log
    assert "Traceback" not in log
