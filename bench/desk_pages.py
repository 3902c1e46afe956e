"""How long the pages of the desk take over HTTP, of services over databases that take turns."""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx2 as httpx

from bench.fill import DAY, END, Sample
from bench.store_queries import Taken
from feedback.model import EVERYTHING, Filters
from feedback.store import Store
from tests.service import ADMIN_TOKEN, Service

_HEADERS: Final = {"Authorization": f"Bearer {ADMIN_TOKEN}", "Accept": "text/html"}


def ask(urls: Sequence[str], times: int) -> Iterator[tuple[str, Taken]]:
    """By page, for each database the milliseconds of each time that it was asked for."""
    asked = [addresses(Sample.of(1), asyncio.run(_ids(url, times)), random.Random(2)) for url in urls]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_now:
        clients = []
        for place, url in enumerate(urls):
            service = Service(
                Path(folder, str(place)), FEEDBACK_DATABASE_URL=url, FEEDBACK_RETENTION_DAYS="0"
            )
            open_now.enter_context(service)
            client = httpx.Client(base_url=service.origin, headers=_HEADERS, timeout=30)
            clients.append(open_now.enter_context(client))
        for name in asked[0]:
            taken: list[list[float]] = [[] for _ in clients]
            try:
                for turn in range(times):
                    for client, pages, each in zip(clients, asked, taken, strict=True):
                        each.append(_milliseconds(client, pages[name][turn]))
                yield name, taken
            except (httpx.HTTPError, RuntimeError) as fault:
                yield name, fault


def addresses(sample: Sample, ids: list[str], rng: random.Random) -> dict[str, list[str]]:
    """What is asked for, by a name for it, as many of each as there are ids."""
    pages = sample.pages[:300]
    many = range(len(ids))

    def inbox(**query: str) -> str:
        return f"/admin/feedback?{urlencode(query)}"

    def figures(of: str, **query: str) -> list[str]:
        return [f"/admin/{of}?{urlencode(query)}"] * len(ids)

    def page() -> dict[str, str]:
        site, path, _ = rng.choice(pages)
        return {"site": site.text, "path": path.text}

    return {
        "inbox": [inbox() for _ in many],
        "one status": [inbox(status=rng.choice(["new", "open", "done", "spam"])) for _ in many],
        "one site and vote": [inbox(site=rng.choice(pages)[0].text, useful="no") for _ in many],
        "one page": [inbox(**page()) for _ in many],
        "a rare path": [inbox(path=f"/{rng.choice(sample.words)}-none*", lang="cy") for _ in many],
        "what was removed": [inbox(kind="UK_NINO", useful="yes", lang="cy") for _ in many],
        "never removed": [inbox(kind="IBAN_CODE") for _ in many],
        "a common word": [inbox(q=sample.words[rng.randrange(10)]) for _ in many],
        "a word and filters": [
            inbox(q=sample.words[rng.randrange(100)], status="open", lang="cy") for _ in many
        ],
        "oldest first": [inbox(sort="oldest", status="new") for _ in many],
        "an item": [f"/admin/feedback/{each}" for each in ids],
        "an item in a search": [f"/admin/feedback/{each}?q={sample.words[0]}&lang=cy" for each in ids],
        "an item in a rare list": [f"/admin/feedback/{each}?path=/none*" for each in ids],
        "pages, worst first, 4 weeks": figures("pages", sort="worst", period="4w"),
        "pages, worst first, 13 weeks": figures("pages", sort="worst", period="13w"),
        "pages, worst first, all time": figures("pages", sort="worst", period="all"),
        "pages, worsening, 4 weeks against 4": figures("pages", sort="worsening", period="4w"),
        "pages, worsening, 4 weeks against 9": figures("pages", sort="worsening", period="13w"),
        "one page, 52 weeks": [f"/admin/page?{urlencode({**page(), 'period': '52w'})}" for _ in many],
        "trends by site, 52 weeks": figures("trends", by="site", period="52w"),
        "trends by section, 13 weeks": figures("trends", by="section", period="13w"),
        "trends by kind, 52 weeks": figures("trends", by="kind", period="52w"),
    }


async def _ids(url: str, count: int) -> list[str]:
    """Of so many submissions, from all over the two years."""
    store = await Store.open(url)
    try:
        ids = []
        for place in range(count):
            found = await store.find(
                Filters(until=END - (1 + place * 700 // count) * DAY, limit=1), EVERYTHING
            )
            ids.append(found.items[0].id)
        return ids
    finally:
        await store.close()


def _milliseconds(client: httpx.Client, address: str) -> float:
    begin = time.perf_counter()
    answer = client.get(address)
    taken = (time.perf_counter() - begin) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address.partition('?')[0]} was answered with {answer.status_code}")
    return taken
