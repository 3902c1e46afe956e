"""Running newer rules over what older ones had scrubbed: in small steps, each kept with how far it came."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from feedback.model import Feedback, Rescrubbed, Status
from feedback.model.audit import Action, AuditEntry
from feedback.store.audit import record
from feedback.store.counts import DAY, Key, page_id, placeholders
from feedback.store.database import Database, Row, Transaction
from feedback.store.marks import together
from feedback.store.moving import count_removed, move_page
from feedback.store.runs import FIRST, Run, begin, keep, last
from feedback.store.submissions import COLUMNS, feedback_of, removed_to_json
from feedback.store.traces import Traces, leave_trace
from feedback.store.writer import Writer

if TYPE_CHECKING:
    from scrubbers import Scrubbed

# Submissions that one step reads and writes: some milliseconds of writing.
_AT_ONCE: Final = 100
# What else holds words that somebody typed, scrubbed: table, key, words.
_NOTES: Final = (
    ("page_change", "id", "note"),
    ("note", "id", "words"),
    ("saved_view", "id", "name"),
    ("saved_view", "id", "query"),
)

# Gives the words of a submission as the newer rules leave them; None where the scrubber refuses them.
ScrubAgain = Callable[[Feedback], Rescrubbed | None]
# Gives one text as the newer rules leave it; None where the scrubber refuses it.
ScrubText = Callable[[str], "Scrubbed | None"]
# Gives site and path of a page as the newer rules leave them; None where the scrubber refuses them.
ScrubPage = Callable[[str, str], "tuple[Scrubbed, Scrubbed] | None"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that are run: their version, and what they make of what is stored."""

    version: str
    scrub: ScrubAgain
    scrub_page: ScrubPage
    scrub_text: ScrubText


class Rescrubs:
    """Runs rules over everything that is stored; at most one run of a version is at work at a time."""

    def __init__(self, database: Database, writer: Writer, traces: Traces) -> None:
        self._database = database
        self._writer = writer
        self._traces = traces

    async def last(self, version: str) -> Run | None:
        """How far the rules of a version have come; None where they were never run."""
        return await last(self._database, version)

    async def begin(self, version: str, entry: AuditEntry, *, everything: bool = False) -> Run | None:
        """Begin, or go on with a run that stopped half way; None while another is at work.

        `everything` looks at what these rules have seen before, too: for when other kinds were turned on.
        """
        rows = await self._database.fetch("SELECT count(*) AS n FROM feedback")
        fresh = Run.fresh(version, rows[0]["n"], everything=everything)
        return await self._writer.change(lambda work: begin(work, fresh, entry))

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
            return await self._moved(run, replace(run, stage="pages", number=FIRST))
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
            return await keep(work, run, after)

        return await self._writer.change(write)

    async def _pages(self, run: Run, rules: Rules, entry: AuditEntry) -> Run:
        pages = await self._database.fetch(
            "SELECT id, site, path FROM page WHERE id > $1 ORDER BY id LIMIT $2", run.number, _AT_ONCE
        )
        if not pages:
            await self._notes(rules)
            return await self._moved(run, replace(run, stage="done"), _finished(run, entry))
        found = await asyncio.to_thread(
            lambda: [rules.scrub_page(page["site"], page["path"]) for page in pages]
        )
        moved = [
            (page, address[0].text, address[1].text)
            for page, address in zip(pages, found, strict=True)
            if address and page_id(address[0].text, address[1].text) != page["id"]
        ]

        async def write(work: Transaction) -> Run:
            for page, site, path in moved:
                await move_page(work, page, site, path)
            if moved:
                await leave_trace(work)
            return await keep(work, run, replace(run, number=pages[-1]["id"]))

        return await self._writer.change(write)

    async def _notes(self, rules: Rules) -> None:
        """The web team's own words: few, and not counted, so that nothing is lost by beginning anew."""
        for table, key, words in _NOTES:
            part = f"SELECT {key}, {words} FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT $2"
            last = ""
            while rows := await self._database.fetch(part, last, _AT_ONCE):
                last = rows[-1][key]
                old = [row[words] for row in rows]
                new = await asyncio.to_thread(list, map(rules.scrub_text, old))
                changed = [
                    (row[key], text.text)
                    for row, text in zip(rows, new, strict=True)
                    if text and text.text != row[words]
                ]
                if changed:
                    sql = f"UPDATE {table} SET {words} = $2 WHERE {key} = $1"
                    await self._writer.change(partial(_rewrite, sql=sql, rows=changed))

    async def _moved(self, run: Run, after: Run, *entries: AuditEntry) -> Run:
        async def write(work: Transaction) -> Run:
            await record(work, *entries)
            return await keep(work, run, after)

        return await self._writer.change(write)


async def _rewrite(work: Transaction, sql: str, rows: Sequence[tuple[str, str]]) -> None:
    for row in rows:
        await work.fetch(sql, *row)
    await leave_trace(work)


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
            removed_to_json(together(feedback_of(row).removed, words.found)),
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


def _finished(run: Run, entry: AuditEntry) -> AuditEntry:
    detail: dict[str, str | int] = {"version": run.version, "submissions": run.changed, **run.removed}
    return replace(entry, action=Action.RESCRUB_FINISHED, detail=detail)
