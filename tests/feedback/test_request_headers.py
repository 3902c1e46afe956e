"""Which hosts the service answers for, and headers that may come once."""

import pytest
from starlette.testclient import TestClient

from feedback.http.request_headers import known_hosts
from tests.feedback.conftest import PAGE

BODY = {"page": PAGE, "useful": "yes"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("feedback.test", 200),
        ("FEEDBACK.test:8443", 200),
        ("localhost", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("evil.example:localhost", 421),
        ("feedback.test.evil.example", 421),
        ("feedback.test@evil.example", 421),
        ("feedback.test:80@evil.example", 421),
        ("feedback.test:evil", 421),
        ("feedback.test:", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
def test_only_known_hosts_are_answered(client: TestClient, host: str, status: int):
    answer = client.get("/feedback/form", headers={"Host": host})
    assert answer.status_code == status
    assert "evil" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_told_under_any_address(client: TestClient, path: str):
    assert client.get(path, headers={"Host": "10.1.2.3:8000"}).status_code == 200


def test_a_made_up_host_does_not_make_an_origin_ours(client: TestClient):
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert client.post("/feedback", json=BODY, headers=headers).status_code == 421


@pytest.mark.parametrize(
    ("public_url", "hosts", "known"),
    [
        ("https://feedback.example.gov.uk", None, {"feedback.example.gov.uk"}),
        ("https://Feedback.example.gov.uk:8443/pages", ("inside",), {"feedback.example.gov.uk", "inside"}),
        ("http://[fd00::1]:8000", None, {"[fd00::1]"}),
        ("http://[fd00::1]", None, {"[fd00::1]"}),
    ],
)
def test_the_public_host_is_known_without_its_port(
    public_url: str, hosts: tuple[str, ...] | None, known: set[str]
):
    assert known_hosts(public_url, hosts) == known | {"localhost", "127.0.0.1", "[::1]"}


@pytest.mark.parametrize(
    "twice",
    ["Content-Type", "content-type", "Origin", "Authorization", "Content-Encoding", "Sec-Fetch-Site", "Host"],
)
def test_a_header_that_may_come_once_is_refused_twice(client: TestClient, twice: str):
    own = {"Host": "feedback.test", "Content-Type": "application/json", twice: "feedback.test"}
    headers = [*own.items(), (twice, "application/json")]
    answer = client.request("POST", "/feedback", json=BODY, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": "headers", "rule": "there is a header that is given twice"}]


def test_headers_that_may_come_often_may_come_twice(client: TestClient):
    headers = [("Accept", "text/html"), ("Accept", "application/json"), ("X-Forwarded-For", "1.1.1.1")]
    assert client.request("POST", "/feedback", json=BODY, headers=headers).status_code == 201
