"""Who is told of what comes in by mail, webhook or Slack; frozen, and the reckoning of when; no I/O."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from feedback.model.people import EVERYTHING, Scope

_DAY: Final = 86_400_000  # milliseconds
# A digest goes out in the morning of its day, in UTC.
_DIGEST_HOUR: Final = 6
# The oldest that a digest tells of after a long rest.
_MOST_DAYS: Final = 31
# Rows of one moment may reach the disk some seconds later.
_SETTLED: Final = 10_000
_MINUTE: Final = 60_000
# How long is waited after each failed try, in milliseconds; after the last it is given up.
BACK_OFF: Final = tuple(minutes * _MINUTE for minutes in (1, 5, 30, 120, 720))


class Way(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    SLACK = "slack"


class Every(StrEnum):
    """How often."""

    DAY = "day"
    WEEK = "week"
    MINUTE = "minute"  # as it comes; webhooks and Slack


@dataclass(frozen=True, slots=True)
class Subscription:
    """One who is told, and how far they have been; times in epoch milliseconds."""

    id: str
    way: Way
    every: Every
    sent_until: int  # what was received before it has been told of
    person: str | None = None  # id of the account whose address and sites count; None: `target`
    target: str = field(default="", repr=False)  # address or URL
    secret: str = field(default="", repr=False)  # what a webhook is signed with
    plain: bool = False  # a mail without links
    lang: str = "en"
    scope: Scope = EVERYTHING
    trying_until: int | None = None  # end of what is being told; the same at each try
    tries: int = 0
    next_at: int = 0

    def due_until(self, now: int) -> int:
        """The end of what there is to tell of at `now`; not after `sent_until` where it is not yet time."""
        if self.every is Every.MINUTE:
            return now - _SETTLED
        return _digest_day(self.every, now) * _DAY

    def due_since(self, until: int) -> int:
        """The beginning of it: after a long rest one digest tells of the last month, not one of each day."""
        if self.every is Every.MINUTE:
            return self.sent_until
        return max(self.sent_until, until - _MOST_DAYS * _DAY)

    def next_due(self, now: int) -> int:
        """When to look again once all until `now` has been told."""
        if self.every is Every.MINUTE:
            return now + _MINUTE
        day = _digest_day(self.every, now) + (1 if self.every is Every.DAY else 7)
        return day * _DAY + _DIGEST_HOUR * 3_600_000


def _digest_day(every: Every, now: int) -> int:
    """The day, from 1970-01-01, up to which the newest digest goes: today, or this week's Monday."""
    moment = datetime.fromtimestamp(now / 1000, UTC) - timedelta(hours=_DIGEST_HOUR)
    day = moment.date()
    if every is Every.WEEK:
        day -= timedelta(days=day.weekday())
    return day.toordinal() - datetime(1970, 1, 1, tzinfo=UTC).toordinal()
