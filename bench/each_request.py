"""What operators and the judge of spam add to each submission, in microseconds."""

import os
import time
from collections.abc import Callable
from typing import Final

from bench.measure import Measure, Size, Yielded
from feedback.intake.sites import Address
from feedback.intake.spam import SpamJudge
from feedback.intake.submission import Submission
from feedback.model import Removed
from feedback.watching.logs import configure_logs, drain_logs, get_logger
from feedback.watching.metrics import Metrics

TABLE: Final = "What each submission pays for operating and judging"
TIMES: Final = 4_000
WORDS: Final = (
    "Renewing my garden waste subscription for the coming year. The page says that I can pay by direct debit "
    "but the form only takes cards, and then it sends me back to the start, "
)


def measures(size: Size) -> Yielded:
    """The best of some turns for each."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a device
        configure_logs(nowhere.fileno())
        log = get_logger("feedback.request").bind()
        metrics = Metrics(("UK_NINO",))
        judge = SpamJudge()
        submission = Submission(
            page=Address("https://www.example.gov.uk", "/bins"),
            title=None,
            lang=None,
            id=None,
            useful=None,
            doing=None,
            comment=None,
            elapsed=30.0,
            honeypot=False,
        )
        texts = [f"{WORDS}{number}" for number in range(TIMES)]
        clients = [f"10.{number // 250}.{number % 250}.1" for number in range(TIMES)]
        removed = (Removed("comment", "UK_NINO", 1),)

        def figures(removed: tuple[Removed, ...]) -> None:
            metrics.scrubbed(0.0003, removed)
            metrics.answered(201, None)

        for name, call in {
            "log line": lambda _: log.info(
                "request", request="5f0c2a91d3b7e844", method="POST", route="/feedback", status=201, ms=1.93
            ),
            "figures": lambda _: figures(()),
            "figures, one number removed": lambda _: figures(removed),
            "spam, a vote": lambda n: judge.judge(submission, "/bins", "", clients[n], 0),
            "spam, one word": lambda n: judge.judge(submission, "/bins", "bins?", clients[n], 0),
            "spam, 170 characters never seen": lambda n: judge.judge(
                submission, "/bins", texts[n], clients[n], 0
            ),
        }.items():
            yield Measure(TABLE, name, {"µs": best(call, size.turns)})


def best(call: Callable[[int], object], turns: int) -> float:
    """Microseconds of one call, in the quietest of the turns."""
    taken = []
    for _ in range(turns):
        begin = time.perf_counter()
        for number in range(TIMES):
            call(number)
        taken.append((time.perf_counter() - begin) / TIMES * 1e6)
        drain_logs()
    return min(taken)
