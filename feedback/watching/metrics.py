"""What the service counts of itself, for Prometheus: by names that are fixed here, never by what was sent."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from http import HTTPStatus
from operator import add
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from feedback.errors import (
    Invalid,
    NotAllowed,
    NotReadable,
    Problem,
    TooLarge,
    TooMany,
    Unavailable,
    WrongMediaType,
)
from feedback.model import Removed, ScrubbedFeedback, Status

# prometheus_client reads it when it is imported; each worker then keeps its figures in files there.
FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"

_REFUSED: Final = {
    problem.status: problem.name
    for problem in (
        NotReadable,
        NotAllowed,
        TooLarge,
        WrongMediaType,
        Invalid,
        TooMany,
        Unavailable,
        Problem,
    )
}
# No HTTP, too slow, too much of headers: what an attack looks like that no route ever sees.
UNREAD: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
)
OUTCOMES: Final = ("stored", "spam", "left", "other", *_REFUSED.values())
_SCRUB_SECONDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1)
_COMMIT_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
_BATCH: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Metrics:
    """The figures of one process; with workers, `text` gives those of all of them together."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self._registry = registry = CollectorRegistry()
        submissions = Counter(
            "feedback_submissions", "Submissions by what became of them.", ["outcome"], registry=registry
        )
        # Every name is there from the start, so that a rate knows the first one too.
        self._outcomes = {outcome: submissions.labels(outcome) for outcome in OUTCOMES}
        removed = Counter(
            "feedback_removed", "Numbers taken out of submissions, by kind.", ["kind"], registry=registry
        )
        self._removed = {kind: removed.labels(kind) for kind in kinds}
        self._faults = Counter(
            "feedback_faults", "Requests that met a fault of the program.", registry=registry
        )
        unread = Counter(
            "feedback_unread_requests",
            "Requests that never became whole, by the status that ended them.",
            ["status"],
            registry=registry,
        )
        self._unread = {status: unread.labels(str(status.value)) for status in UNREAD}
        self._scrub = Histogram(
            "feedback_scrub_seconds",
            "Time to scrub one submission.",
            buckets=_SCRUB_SECONDS,
            registry=registry,
        )
        self._commit = Histogram(
            "feedback_commit_seconds",
            "Time to bring one batch of submissions to disk.",
            buckets=_COMMIT_SECONDS,
            registry=registry,
        )
        self._batch = Histogram(
            "feedback_batch_submissions",
            "Submissions in one batch.",
            buckets=_BATCH,
            registry=registry,
        )
        self._waiting = Gauge(
            "feedback_waiting_writes",
            "Writes that waited when the last batch was done.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._database = Gauge(
            "feedback_database_bytes",
            "Size of the database.",
            registry=registry,
            multiprocess_mode="livemostrecent",
        )
        ProcessCollector(registry=registry)

    def scrubbed(self, seconds: float, removed: Iterable[Removed]) -> None:
        """One submission went through the scrubber."""
        self._scrub.observe(seconds)
        for one in removed:
            self._removed[one.kind].inc(one.count)

    def answered(self, status: int, feedback: ScrubbedFeedback | None) -> None:
        """One submission was answered with an HTTP status; 0 where its visitor left before."""
        if status in (201, 303):
            outcome = "spam" if feedback and feedback.status is Status.SPAM else "stored"
        else:
            outcome = _REFUSED.get(status, "other") if status else "left"
        self._outcomes[outcome].inc()

    def fault(self) -> None:
        """A request met a fault of the program."""
        self._faults.inc()

    def unread(self, status: HTTPStatus) -> None:
        """A request was refused before all of it was there, by one of `UNREAD`."""
        self._unread[status].inc()

    def batch(self, submissions: int, seconds: float, waiting: int) -> None:
        """One batch was written, or failed to be, while so many writes waited behind it."""
        self._batch.observe(submissions)
        self._commit.observe(seconds)
        self._waiting.set(waiting)

    def database_size(self, size: int) -> None:
        """The database has this many bytes."""
        self._database.set(size)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        folder = os.environ.get(FOLDER_VARIABLE)
        if folder is None:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        pids = tuple(_live_workers(Path(folder)))
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
        registry.register(_Processes(pids))
        return generate_latest(registry)


def _live_workers(folder: Path) -> Iterator[int]:
    """The workers that run; of one that has ended only the counts stay, and its gauges go."""
    for file in folder.glob("gauge_livesum_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if Path(f"/proc/{pid}").exists():
            yield pid
        else:
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


class _Processes(Collector):
    """The process figures of all workers: together, but the start of the oldest and the limit of one."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._collectors = [ProcessCollector(pid=partial(int, pid), registry=None) for pid in pids]

    def collect(self) -> Iterable[Metric]:
        figures: dict[str, Metric] = {}
        for collector in self._collectors:
            for metric in collector.collect():
                known = figures.setdefault(metric.name, metric)
                if known is metric:
                    continue
                merge = min if metric.name in ("process_start_time_seconds", "process_max_fds") else add
                known.samples = [
                    one._replace(value=merge(one.value, other.value))
                    for one, other in zip(known.samples, metric.samples, strict=True)
                ]
        return figures.values()
