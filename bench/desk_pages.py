"""How long the pages of the desk take over a filled SQLite database: python -m bench.desk_pages DATABASE."""

import argparse
import asyncio
import random
import statistics
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.testclient import TestClient

from bench.fill import END, Sample
from feedback.app import create_app
from feedback.model import EVERYTHING, Filters
from feedback.settings import load_settings
from feedback.store import Store

LIMIT_MS: Final = 100.0
DAY: Final = 86_400_000
TOKEN: Final = "made-up-token-for-measuring"


async def prepare(url: str) -> list[str]:
    """Some ids from all over the two years."""
    store = await Store.open(url)
    try:
        keys = []
        for day in range(1, 700, 20):
            page = await store.find(Filters(until=END - day * DAY, limit=1), EVERYTHING)
            keys.append(page.items[0].id)
        return keys
    finally:
        await store.close()


def queries(sample: Sample, keys: list[str], rng: random.Random) -> dict[str, list[str]]:
    """What is asked for, by a name for it."""
    pages = sample.pages[:300]

    def listed(**query: str) -> str:
        return f"?{urlencode(query)}"

    def page() -> dict[str, str]:
        site, path, _ = rng.choice(pages)
        return {"site": site.text, "path": path.text}

    many = range(30)
    return {
        "inbox": [listed() for _ in many],
        "one status": [listed(status=rng.choice(["new", "open", "done", "spam"])) for _ in many],
        "one site and vote": [listed(site=rng.choice(pages)[0].text, useful="no") for _ in many],
        "one page": [listed(**page()) for _ in many],
        "a rare path": [listed(path=f"/{rng.choice(sample.words)}-none*", lang="cy") for _ in many],
        "what was removed": [listed(kind="UK_NINO", useful="yes", lang="cy") for _ in many],
        "never removed": [listed(kind="IBAN_CODE") for _ in many],
        "a common word": [listed(q=sample.words[rng.randrange(10)]) for _ in many],
        "a word and filters": [
            listed(q=sample.words[rng.randrange(100)], status="open", lang="cy") for _ in many
        ],
        "oldest first": [listed(sort="oldest", status="new") for _ in many],
        "an item": [f"/{key}" for key in keys[:30]],
        "an item in a search": [f"/{key}?q={sample.words[0]}&lang=cy" for key in keys[:30]],
        "an item in a rare list": [f"/{key}?path=/none*" for key in keys[:30]],
    }


def main() -> None:
    """Measure and print; exit code 1 where a page is slower than the target."""
    parser = argparse.ArgumentParser(prog="bench.desk_pages", description=__doc__)
    parser.add_argument("database", type=Path)
    url = f"sqlite:///{parser.parse_args().database}"
    keys = asyncio.run(prepare(url))
    settings = load_settings(
        database_url=url, admin_token=TOKEN, public_url="http://feedback.test", retention_days=0
    )
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "text/html"}
    slow = []
    with TestClient(create_app(settings), "http://feedback.test", headers=headers) as client:
        for name, addresses in queries(Sample.of(1), keys, random.Random(2)).items():
            client.get(f"/admin/feedback{addresses[0]}")
            took, worked = [], []
            for address in addresses:
                begin, began = time.perf_counter(), time.process_time()
                answer = client.get(f"/admin/feedback{address}")
                took.append((time.perf_counter() - begin) * 1000)
                worked.append((time.process_time() - began) * 1000)
                assert answer.status_code == 200, (name, answer.status_code)
            high, busy = (statistics.quantiles(each, n=20)[-1] for each in (took, worked))
            print(
                f"{name:<26}{statistics.median(took):>8.1f} ms, p95 {high:>6.1f}, of processor {busy:>6.1f}"
            )
            if high > LIMIT_MS:
                slow.append(name)
    if slow:
        raise SystemExit("Missed: " + ", ".join(slow))


if __name__ == "__main__":
    main()
