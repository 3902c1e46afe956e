"""Many processes on one PostgreSQL: one id is one submission, and restarts lose nothing."""

import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self
from uuid import uuid4

import httpx2 as httpx
import pytest

from tests.postgres import Postgres
from tests.service import Service, wait_until


class Load:
    """Clients that send one submission after the other, again where it was not answered, until the end."""

    def __init__(self, service: Service, clients: int = 4) -> None:
        self.answered: set[str] = set()
        self.statuses: list[int] = []
        self._service = service
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        while not self._stop.is_set():
            key = str(uuid4())
            fields = {"page": f"{self._service.origin}/demo", "id": key, "comment": "words"}
            while not self._stop.is_set():
                try:
                    answer = httpx.post(f"{self._service.origin}/feedback", json=fields, timeout=10)
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                self.statuses.append(answer.status_code)
                if answer.status_code == 201:
                    self.answered.add(answer.json()["id"])
                    break


def stored(postgres: Postgres, url: str) -> list[str]:
    return [row["id"] for row in postgres.execute("SELECT id FROM feedback", url)]


def worker_pids(service: Service) -> set[str]:
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    workers = set()
    for pid in children:
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                workers.add(pid)
    return workers


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.fresh()


def test_one_id_sent_to_two_servers_is_one_submission(postgres: Postgres, url: str, tmp_path: Path):
    with (
        Service(tmp_path / "one", FEEDBACK_DATABASE_URL=url) as one,
        Service(tmp_path / "two", FEEDBACK_DATABASE_URL=url) as two,
    ):
        for _ in range(10):
            fields = {"page": f"{one.origin}/demo", "id": str(uuid4()), "comment": "once"}
            answers = [httpx.post(f"{each.origin}/feedback", json=fields) for each in (one, two, one)]
            assert [answer.status_code for answer in answers] == [201, 201, 201]
            assert len({answer.text for answer in answers}) == 1
        assert len(stored(postgres, url)) == 10
        assert len(two.items()) == 10


def test_workers_are_replaced_one_by_one_under_load_and_end_in_time(
    postgres: Postgres, url: str, tmp_path: Path
):
    with Service(tmp_path, "--workers", "2", FEEDBACK_DATABASE_URL=url) as service:
        first = worker_pids(service)
        assert len(first) == 2
        with Load(service) as load:
            wait_until(lambda: len(load.answered) > 20)
            service.process.send_signal(signal.SIGHUP)
            wait_until(lambda: len(worker_pids(service)) == 2 and not worker_pids(service) & first, 180)
            seen = len(load.answered)
            wait_until(lambda: len(load.answered) > seen + 20)
            begin = time.monotonic()
            service.process.send_signal(signal.SIGTERM)
            service.process.wait(15)
            assert time.monotonic() - begin < 10
        keys = stored(postgres, url)
        assert load.answered <= set(keys)
        assert len(keys) == len(set(keys))
        assert set(load.statuses) <= {201, 503}
