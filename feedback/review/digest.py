"""The digest: what came in on some days, in counts, pages and scrubbed words, as plain text."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from feedback.model import Counts, Feedback, Filters, PageCounts, PageFilters, PageOrder, Scope, TrendFilters
from feedback.store import Store
from feedback.words import Translate

_PAGES: Final = 10
_COMMENTS: Final = 10
# Newest submissions among which comments are looked for; most have no words.
_LOOKED_AT: Final = 100
_WORDS: Final = 300  # characters of one comment
_DAY: Final = 86_400_000  # milliseconds
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DOT_IN_NAME: Final = re.compile(r"(?<=\w)\.(?=\w{2})|(?<=www)\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest tells of."""

    first: date
    last: date
    counts: Counts
    removed: dict[str, int]
    pages: tuple[PageCounts, ...]
    comments: tuple[Feedback, ...]


async def collect(store: Store, scope: Scope, since: int, until: int) -> Digest | None:
    """What came in between two midnights (epoch milliseconds); None where nothing did."""
    first, end = _day(since), _day(until)
    days = (end - first).days
    if days <= 0:
        return None
    trends = await store.trends_by_site(TrendFilters(first, end), scope, days)
    counts = sum((trend.total for trend in trends), Counts())
    if not counts.submissions:
        return None
    removed = await store.trends_by_kind(TrendFilters(first, end), scope, days)
    pages = await store.pages(
        PageFilters(end, since=first, until=end, order=PageOrder.NO_VOTES, limit=_PAGES), scope
    )
    newest = await store.find(Filters(hide_spam=True, since=since, until=until, limit=_LOOKED_AT), scope)
    said = [item for item in newest.items if item.comment or item.doing]
    return Digest(
        first,
        end - timedelta(days=1),
        counts,
        {kind: sum(steps) for kind, steps in removed.items()},
        tuple(page for page in pages if page.counts.no),
        tuple(said[:_COMMENTS]),
    )


def subject(digest: Digest, t: Translate) -> str:
    """The subject: a count, and nothing that anybody wrote."""
    return t("digest.subject", n=digest.counts.submissions)


def text(digest: Digest, t: Translate, address: str | None) -> str:
    """The mail. With an `address` of the service it holds links; without, none, not even typed ones.

    Councils quarantine mail from outside that holds links: so without them no part of it looks like one.
    """
    sites = {one.site for one in digest.pages} | {item.site for item in digest.comments}

    def page(one: PageCounts | Feedback) -> str:
        return (one.site.partition("://")[2] if len(sites) > 1 else "") + one.path

    lines = [t("digest.period", first=_name(digest.first, t), last=_name(digest.last, t)), ""]
    lines.append(
        t(
            "digest.counts",
            n=digest.counts.submissions,
            votes=digest.counts.votes,
            comments=digest.counts.comments,
        )
    )
    if share := digest.counts.share:
        lines.append(
            t("digest.share", share=_percent(share.value), low=_percent(share.low), high=_percent(share.high))
        )
    if digest.removed:
        kinds = ", ".join(t(f"kind.{kind}", n=count) for kind, count in digest.removed.items())
        lines.append(t("digest.removed", kinds=kinds))
    if digest.pages:
        lines += ["", t("digest.pages"), ""]
        for each in digest.pages:
            lines.append(
                f"* {page(each)}: " + t("digest.no_votes", n=each.counts.no, votes=each.counts.votes)
            )
            if address:
                lines.append(f"  {address}/admin/page?{urlencode({'site': each.site, 'path': each.path})}")
    if digest.comments:
        lines += ["", t("digest.comments"), ""]
        for item in digest.comments:
            lines.append(f"* {page(item)}: {_shortened(item)}")
            if address:
                lines.append(f"  {address}/admin/feedback/{item.id}")
    lines += ["", t("digest.why")]
    if address:
        lines.append(f"{address}/admin/digest")
        return "\n".join(lines) + "\n"
    return without_links("\n".join(lines)) + "\n"


def without_links(words: str) -> str:
    """The same words, so parted that nothing reads as a link: `www.a.gov.uk` becomes `www. a. gov. uk`."""
    return _DOT_IN_NAME.sub(". ", _SCHEME.sub("", words))


def _shortened(item: Feedback) -> str:
    words = " ".join(" / ".join(filter(None, (item.doing, item.comment))).split())
    return words if len(words) <= _WORDS else words[: _WORDS - 1].rstrip() + "…"


def _day(milliseconds: int) -> date:
    return date(1970, 1, 1) + timedelta(days=milliseconds // _DAY)


def _name(day: date, t: Translate) -> str:
    return f"{day.day} {t('figures.months').split()[day.month - 1]} {day.year}"


def _percent(value: float) -> str:
    return f"{round(value * 100)}%"
