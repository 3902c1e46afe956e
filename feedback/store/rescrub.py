"""Running newer rules over what older ones had scrubbed: in small steps, each kept with how far it came."""

import asyncio
import json
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from feedback.audit import Action, AuditEntry
from feedback.errors import Unavailable
from feedback.model import Feedback, Removed, Rescrubbed, Status
from feedback.store.audit import record
from feedback.store.counts import DAY, Key, page_id, placeholders
from feedback.store.database import Database, Row, Transaction
from feedback.store.moving import count_removed, move_page
from feedback.store.submissions import COLUMNS, feedback_of, removed_to_json
from feedback.store.traces import Traces, leave_trace
from feedback.store.writer import Writer

# Submissions that one step reads and writes: some milliseconds of writing.
_AT_ONCE: Final = 50
# A run that has not moved for so long has died; another may go on from where it stopped.
STALLED_MS: Final = 60_000
_FIRST: Final = -(2**63) + 1

# Gives the words of a submission as the newer rules leave them; None where the scrubber refuses them.
ScrubAgain = Callable[[Feedback], Rescrubbed | None]
# Gives site and path of a page as the newer rules leave them; None where the scrubber refuses them.
ScrubPage = Callable[[str, str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that are run: their version, and what they make of what is stored."""

    version: str
    scrub: ScrubAgain
    scrub_page: ScrubPage


@dataclass(frozen=True, slots=True)
class Run:
    """How far a version of the rules has come; times in epoch milliseconds."""

    version: str
    everything: bool
    stage: str
    number: int
    total: int
    seen: int
    changed: int
    failed: int
    removed: Mapping[str, int]
    runner: str
    started_at: int
    moved_at: int

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.stage == "done"

    @property
    def stalled(self) -> bool:
        """Whether it stopped half way and waits for somebody to go on."""
        return not self.done and _now() > self.moved_at + STALLED_MS


class Rescrubs:
    """Runs rules over everything that is stored; at most one run of a version is at work at a time."""

    def __init__(self, database: Database, writer: Writer, traces: Traces) -> None:
        self._database = database
        self._writer = writer
        self._traces = traces

    async def last(self, version: str) -> Run | None:
        """How far the rules of a version have come; None where they were never run."""
        rows = await self._database.fetch(f"SELECT {_LIST} FROM rescrub WHERE version = $1", version)
        return _run(rows[0]) if rows else None

    async def begin(self, version: str, entry: AuditEntry, *, everything: bool = False) -> Run | None:
        """Begin, or go on with a run that stopped half way; None while another is at work.

        `everything` looks at what these rules have seen before, too: for when other kinds were turned on.
        """
        rows = await self._database.fetch("SELECT count(*) AS n FROM feedback")
        fresh = Run(
            version=version,
            everything=everything,
            stage="words",
            number=_FIRST,
            total=rows[0]["n"],
            seen=0,
            changed=0,
            failed=0,
            removed={},
            runner=secrets.token_hex(8),
            started_at=_now(),
            moved_at=_now(),
        )
        return await self._writer.change(lambda work: _begin(work, fresh, entry))

    async def steps(self, run: Run, rules: Rules, entry: AuditEntry) -> AsyncIterator[Run]:
        """Do all that is left of a run, one step after the other; gives how far it is after each.

        Each step is one transaction of its own, so that submissions are stored in between, and a run that is
        killed has lost nothing. At the end the old words are overwritten. Raises Unavailable where the
        database is away, or another has taken the run over.
        """
        while not run.done:
            step = self._words if run.stage == "words" else self._pages
            run = await step(run, rules, entry)
            yield run
        await self._traces.overwrite()

    async def _words(self, run: Run, rules: Rules, entry: AuditEntry) -> Run:  # noqa: ARG002  # as _pages
        rows = await self._database.fetch(
            f"SELECT {', '.join(COLUMNS)} FROM feedback WHERE number > $1 ORDER BY number LIMIT $2",
            run.number,
            _AT_ONCE,
        )
        if not rows:
            return await self._moved(run, replace(run, stage="pages", number=_FIRST))
        old = [row for row in rows if run.everything or row["scrub_version"] != run.version]
        # In a thread, so that visitors are answered meanwhile.
        new = await asyncio.to_thread(lambda: [rules.scrub(feedback_of(row)) for row in old])
        pairs = [(row, words) for row, words in zip(old, new, strict=True) if words]

        async def write(work: Transaction) -> Run:
            changed, removed = await _write(work, pairs, run.version)
            after = replace(
                run,
                number=rows[-1]["number"],
                seen=run.seen + len(rows),
                changed=run.changed + changed,
                failed=run.failed + new.count(None),
                removed=Counter(run.removed) + removed,
            )
            return await _keep(work, run, after)

        return await self._writer.change(write)

    async def _pages(self, run: Run, rules: Rules, entry: AuditEntry) -> Run:
        pages = await self._database.fetch(
            "SELECT id, site, path FROM page WHERE id > $1 ORDER BY id LIMIT $2", run.number, _AT_ONCE
        )
        if not pages:
            return await self._moved(run, replace(run, stage="done"), _finished(run, entry))
        found = await asyncio.to_thread(
            lambda: [rules.scrub_page(page["site"], page["path"]) for page in pages]
        )
        moved = [
            (page, address)
            for page, address in zip(pages, found, strict=True)
            if address and page_id(*address) != page["id"]
        ]

        async def write(work: Transaction) -> Run:
            for page, address in moved:
                await move_page(work, page, *address)
            if moved:
                await leave_trace(work)
            return await _keep(work, run, replace(run, number=pages[-1]["id"]))

        return await self._writer.change(write)

    async def _moved(self, run: Run, after: Run, *entries: AuditEntry) -> Run:
        async def write(work: Transaction) -> Run:
            await record(work, *entries)
            return await _keep(work, run, after)

        return await self._writer.change(write)


_COLUMNS: Final = (
    "version",
    "everything",
    "stage",
    "number",
    "total",
    "seen",
    "changed",
    "failed",
    "removed",
    "runner",
    "started_at",
    "moved_at",
)
_LIST: Final = ", ".join(_COLUMNS)


async def _begin(work: Transaction, fresh: Run, entry: AuditEntry) -> Run | None:
    # A change that changes nothing: it holds the row, so that two who begin at once take turns.
    rows = await work.fetch(
        f"UPDATE rescrub SET version = version WHERE version = $1 RETURNING {_LIST}", fresh.version
    )
    last = _run(rows[0]) if rows else None
    if last and not last.done:
        if not last.stalled:
            return None
        if last.everything or not fresh.everything:
            # It goes on where it stopped.
            fresh = replace(last, runner=fresh.runner, moved_at=fresh.moved_at)
    updates = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS)
    await work.fetch(
        f"INSERT INTO rescrub ({_LIST}) VALUES {placeholders(1, len(_COLUMNS))} "
        f"ON CONFLICT (version) DO UPDATE SET {updates}",
        *_values(fresh),
    )
    await record(work, replace(entry, action=Action.RESCRUB_STARTED, detail={"version": fresh.version}))
    return fresh


async def _keep(work: Transaction, before: Run, after: Run) -> Run:
    """Keep how far a run is, as long as it is still this one's."""
    after = replace(after, moved_at=_now())
    changes = ", ".join(f"{column} = ${place}" for place, column in enumerate(_COLUMNS, 1))
    own = f"version = $1 AND runner = ${len(_COLUMNS) + 1}"
    rows = await work.fetch(
        f"UPDATE rescrub SET {changes} WHERE {own} RETURNING version",
        *_values(after),
        before.runner,
    )
    if not rows:
        # Another took it over; nothing of this step is kept.
        raise Unavailable
    return after


async def _write(
    work: Transaction, pairs: Sequence[tuple[Row, Rescrubbed]], version: str
) -> tuple[int, Counter[str]]:
    """Write the words of submissions; gives how many changed, and what was removed from them by kind."""
    same = [
        row["number"] for row, words in pairs if row["scrub_version"] != version and not _differ(row, words)
    ]
    if same:
        await work.fetch(
            f"UPDATE feedback SET scrub_version = $1 WHERE number IN {placeholders(1, len(same), first=2)}",
            version,
            *same,
        )
    changed = 0
    removed: Counter[str] = Counter()
    counted: Counter[Key] = Counter()
    for row, words in pairs:
        if not _differ(row, words):
            continue
        rows = await work.fetch(
            "UPDATE feedback SET site = $2, path = $3, title = $4, doing = $5, comment = $6, removed = $7, "
            "scrub_version = $8 WHERE number = $1 AND scrub_version = $9 RETURNING status",
            row["number"],
            *_texts(words),
            removed_to_json(_together(feedback_of(row).removed, words.found)),
            version,
            row["scrub_version"],
        )
        # Nothing where it was deleted meanwhile.
        changed += len(rows)
        for one in words.found if rows else ():
            removed[one.kind] += one.count
            if rows[0]["status"] != Status.SPAM:
                site, page = words.site.text, page_id(words.site.text, words.path.text)
                counted[site, row["received_at"] // DAY, page, one.kind] += one.count
    if changed:
        await count_removed(work, counted)
        await leave_trace(work)
    return changed, removed


def _texts(words: Rescrubbed) -> tuple[str | None, ...]:
    fields = (words.site, words.path, words.title, words.doing, words.comment)
    return tuple(field.text if field else None for field in fields)


def _differ(row: Row, words: Rescrubbed) -> bool:
    return _texts(words) != tuple(row[name] for name in ("site", "path", "title", "doing", "comment"))


def _together(before: Sequence[Removed], found: Sequence[Removed]) -> list[Removed]:
    counts: Counter[tuple[str, str]] = Counter()
    for one in (*before, *found):
        counts[one.field, one.kind] += one.count
    return [Removed(field, kind, count) for (field, kind), count in counts.items()]


def _finished(run: Run, entry: AuditEntry) -> AuditEntry:
    detail: dict[str, str | int] = {"version": run.version, "submissions": run.changed, **run.removed}
    return replace(entry, action=Action.RESCRUB_FINISHED, detail=detail)


def _run(row: Row) -> Run:
    values = {column: row[column] for column in _COLUMNS}
    return Run(**values | {"everything": bool(row["everything"]), "removed": json.loads(row["removed"])})


def _values(run: Run) -> tuple[object, ...]:
    written = {"everything": int(run.everything), "removed": json.dumps(run.removed)}
    return tuple(written.get(column, getattr(run, column)) for column in _COLUMNS)


def _now() -> int:
    return time.time_ns() // 1_000_000
