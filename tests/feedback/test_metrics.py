"""What /metrics tells, and whom."""

import os
import re
import signal
from pathlib import Path

import httpx2 as httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from feedback.watching.metrics import FOLDER_VARIABLE, OUTCOMES, UNREAD
from scrubbers.catalogue import KINDS
from tests.feedback.conftest import PAGE
from tests.feedback.test_workers import worker_pids
from tests.postgres import Postgres
from tests.service import ADMIN_TOKEN, Service, wait_until

NUMBER = "CE123456C"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def figures(text: str) -> Figures:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(text: str, name: str, **labels: str) -> float:
    return figures(text)[name, frozenset(labels.items())]


def outcomes(text: str) -> dict[str, float]:
    return {
        dict(labels)["outcome"]: value
        for (name, labels), value in figures(text).items()
        if name == "feedback_submissions_total" and value
    }


def test_submissions_are_counted_by_what_became_of_them(client: TestClient, admin: dict[str, str]):
    client.post("/feedback", json={"page": PAGE, "comment": f"{NUMBER} {NUMBER}"})
    client.post("/feedback", data={"page": PAGE, "useful": "yes"})
    client.post("/feedback", json={"page": PAGE, "comment": "buy", "website": NUMBER})
    client.post("/feedback", content=NUMBER, headers={"Content-Type": "text/plain"})
    client.post("/feedback", json={"page": f"https://{NUMBER}.example/", "useful": "no"})
    client.post("/feedback", content=b"x" * 100_000, headers=FORM)
    client.post("/feedback", content=NUMBER, headers={"Content-Type": NUMBER})
    client.post("/feedback", json={"page": PAGE})
    client.options("/feedback")
    text = client.get("/metrics", headers=admin).text
    assert outcomes(text) == {
        "stored": 2,
        "spam": 1,
        "not_readable": 1,
        "not_allowed": 1,
        "too_large": 1,
        "media_type": 1,
        "invalid": 1,
    }
    assert figure(text, "feedback_removed_total", kind="UK_NINO") == 2
    assert figure(text, "feedback_scrub_seconds_count") == 3
    assert figure(text, "feedback_commit_seconds_count") == 3
    assert figure(text, "feedback_batch_submissions_sum") == 3
    assert figure(text, "feedback_waiting_writes") == 0
    assert figure(text, "feedback_database_bytes") > 10_000
    assert figure(text, "process_resident_memory_bytes") > 10_000_000
    assert NUMBER not in text


def test_a_fault_is_counted(client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("feedback.intake.endpoint.check_origin", lambda *_: 1 / 0)
    assert client.post("/feedback", json={"page": PAGE, "useful": "yes"}).status_code == 500
    text = client.get("/metrics", headers=admin).text
    assert outcomes(text) == {"internal": 1}
    assert figure(text, "feedback_faults_total") == 1


def test_all_labels_are_of_fixed_sets(client: TestClient, admin: dict[str, str]):
    seen: dict[str, set[str]] = {}
    for _, labels in figures(client.get("/metrics", headers=admin).text):
        for label, value in labels:
            seen.setdefault(label, set()).add(value)
    assert seen.pop("outcome") == set(OUTCOMES)
    assert seen.pop("kind") <= {kind.name for kind in KINDS}
    assert seen.pop("status") == {str(status.value) for status in UNREAD}
    assert all(re.fullmatch(r"[0-9.]+|\+Inf", value) for value in seen.pop("le"))
    assert not seen


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Proto", "X-Forwarded-Host"]
)
def test_a_proxy_on_this_machine_is_not_this_machine(service: Service, header: str):
    url = f"{service.origin}/metrics"
    assert httpx.get(url).status_code == 200
    assert httpx.get(url, headers={header: "127.0.0.1"}).status_code == 401
    token = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    assert httpx.get(url, headers={header: "127.0.0.1"} | token).status_code == 200


def test_another_machine_needs_a_token(client: TestClient, admin: dict[str, str]):
    assert client.get("/metrics").status_code == 401  # the test client's address is a name
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    answer = client.get("/metrics", headers=admin)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_workers_are_added_up_and_the_counts_of_one_that_ended_stay(postgres: Postgres, tmp_path: Path):
    with Service(tmp_path, "--workers", "2", FEEDBACK_DATABASE_URL=postgres.fresh()) as service:
        for _ in range(20):
            service.post(page=f"{service.origin}/demo", comment=NUMBER)
        first = worker_pids(service)
        environment = Path(f"/proc/{max(first)}/environ").read_bytes().decode()
        folder = Path(environment.partition(f"{FOLDER_VARIABLE}=")[2].partition("\0")[0])
        assert list(folder.glob(f"gauge_live*_{min(first)}.db"))
        os.kill(int(min(first)), signal.SIGKILL)
        wait_until(lambda: len(worker_pids(service) - first) == 1 and _answers(service))
        texts = [httpx.get(f"{service.origin}/metrics").text for _ in range(5)]
        for text in texts:
            assert outcomes(text) == {"stored": 20}
            assert figure(text, "feedback_removed_total", kind="UK_NINO") == 20
            assert figure(text, "feedback_batch_submissions_sum") == 20
            assert figure(text, "feedback_waiting_writes") == 0
            # Two interpreters with everything loaded.
            assert figure(text, "process_resident_memory_bytes") > 100_000_000
            assert figure(text, "feedback_database_bytes") > 100_000
        assert not list(folder.glob(f"gauge_live*_{min(first)}.db"))
    assert not folder.exists()


def _answers(service: Service) -> bool:
    try:
        return httpx.get(f"{service.origin}/health/live", timeout=30).status_code == 200
    except httpx.TransportError:
        return False
