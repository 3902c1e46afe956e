"""The clock: retention, order, sessions and codes go by it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from feedback.check.finding import Finding, ok, problem, warning

SUBJECT: Final = "clock"
# This was written after that day, so no right clock shows an earlier one.
_WRITTEN: Final = datetime(2026, 11, 1, tzinfo=UTC)
_APART_SECONDS: Final = 120.0
_REMEDY: Final = "let chrony, ntpd or systemd-timesyncd set the clock"


def check_clock(now: datetime | None = None) -> Iterator[Finding]:
    """Whether the clock of this machine shows a time that can be."""
    now = now or datetime.now(UTC)
    if now < _WRITTEN:
        yield problem(
            SUBJECT, f"This machine's clock says {now:%Y-%m-%d}, which is over: {_REMEDY}, then look again."
        )
    else:
        yield ok(SUBJECT, f"This machine's clock says {now:%Y-%m-%d %H:%M} UTC.")


def check_newest(received_ms: int | None, now_ms: int | None = None) -> Iterator[Finding]:
    """Whether the newest submission came before now, as it must have."""
    ahead = ((received_ms or 0) - (now_ms or time.time_ns() // 1_000_000)) / 1000
    if ahead > _APART_SECONDS:
        yield problem(
            SUBJECT,
            f"The newest submission is {_long(ahead)} ahead of this machine's clock, which has gone back: "
            f"{_REMEDY}.",
        )


def check_other(whose: str, seconds: float) -> Iterator[Finding]:
    """Whether another machine's clock, ahead of this one's by so many seconds, agrees."""
    if abs(seconds) > _APART_SECONDS:
        yield warning(
            SUBJECT,
            f"The clock of {whose} is {_long(abs(seconds))} {'ahead of' if seconds > 0 else 'behind'} this "
            f"machine's: one of them is wrong; {_REMEDY} on both.",
        )


def check_date(whose: str, date: str) -> Iterator[Finding]:
    """The same by the Date header of an answer that has just come."""
    try:
        there = parsedate_to_datetime(date)
        ahead = (there.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return
    yield from check_other(whose, ahead)


def _long(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60)} days"
