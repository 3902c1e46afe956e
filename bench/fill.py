"""Fills a database with made-up submissions, the same for the same seed and day.

Run: python -m bench.fill --rows 1000000.

Every text has been through the scrubber and every row through the store's own statements, so that counts and
search index are what a service would have made of them.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from feedback.model import Removed, ScrubbedFeedback, Spam, Status, Useful
from feedback.store.database import Database, DatabaseError
from feedback.store.migrate import Schema, migrate
from feedback.store.opening import open_database
from feedback.store.submissions import TIE_BITS, insert_all
from scrubbers import RULES_VERSION, Scrubbed, Scrubber

DAY: Final = 86_400_000
# Epoch milliseconds of the newest row: the last midnight, since pages of figures end today.
END: Final = int(time.time()) * 1000 // DAY * DAY
DAYS: Final = 730
SITES: Final = 3
PAGES: Final = 2_000
SECTIONS: Final = 40
TEXTS: Final = 5_000
WORDS: Final = 3_000
BATCH: Final = 1_000
TRIES: Final = 10
_SYLLABLES: Final = (
    "ba",
    "cro",
    "den",
    "fil",
    "gar",
    "hos",
    "lin",
    "mer",
    "nor",
    "pel",
    "ro",
    "sta",
    "tur",
    "wick",
)
_STATUSES: Final = (Status.NEW, Status.OPEN, Status.DONE, Status.IRRELEVANT, Status.SPAM)
_STATUS_WEIGHTS: Final = (60, 8, 22, 8, 2)


@dataclass(frozen=True)
class Sample:
    """What made-up submissions are made of; few pages and few words are in most of them, as in life."""

    words: list[str]
    texts: list[Scrubbed]
    pages: list[tuple[Scrubbed, Scrubbed, Scrubbed]]  # site, path, title

    @classmethod
    def of(cls, seed: int) -> "Sample":
        """The same sample for the same seed."""
        rng = random.Random(seed)
        scrub = Scrubber().scrub
        words = sorted({"".join(rng.choices(_SYLLABLES, k=rng.randrange(2, 5))) for _ in range(WORDS * 2)})
        rng.shuffle(words)
        words = words[:WORDS]
        weights = [1 / (place + 1) for place in range(WORDS)]
        texts = [scrub(" ".join(rng.choices(words, weights, k=rng.randrange(6, 40)))) for _ in range(TEXTS)]
        pages = [
            (
                scrub(f"https://www{number % SITES}.example.gov.uk"),
                scrub(f"/{words[number % SECTIONS]}/{words[number]}-{number}"),
                scrub(words[number]),
            )
            for number in range(PAGES)
        ]
        return cls(words, texts, pages)


def submissions(sample: Sample, rows: int, seed: int) -> Iterator[ScrubbedFeedback]:
    """Rows from the oldest to the newest, spread evenly over two years."""
    rng = random.Random(seed)
    page_weights = [1 / (place + 1) ** 0.8 for place in range(PAGES)]
    for start in range(0, rows, BATCH):
        size = min(BATCH, rows - start)
        pages = rng.choices(sample.pages, page_weights, k=size)
        statuses = rng.choices(_STATUSES, _STATUS_WEIGHTS, k=size)
        for offset in range(size):
            site, path, title = pages[offset]
            with_words = rng.random() < 0.4
            yield ScrubbedFeedback(
                id=str(UUID(int=rng.getrandbits(128), version=4)),
                received_at=END - DAYS * DAY + (start + offset) * DAYS * DAY // rows,
                site=site,
                path=path,
                title=title,
                lang="cy" if rng.random() < 0.1 else "en",
                useful=rng.choice((Useful.YES, Useful.NO)),
                doing=rng.choice(sample.texts) if with_words and rng.random() < 0.5 else None,
                comment=rng.choice(sample.texts) if with_words else None,
                status=statuses[offset],
                spam=Spam(),
                removed=(Removed("comment", "UK_NINO", 1),) if rng.random() < 0.02 else (),
                scrub_version=RULES_VERSION,
            )


async def fill(url: str, rows: int, seed: int = 1) -> float:
    """Fill an empty database; gives the seconds that it took."""
    database = await open_database(url)
    try:
        await migrate(database, Schema.of_package())
        begin = time.monotonic()
        left = submissions(Sample.of(seed), rows, seed)
        tie = 0
        while batch := list(islice(left, BATCH)):
            numbered = [(one.received_at << TIE_BITS | tie + place, one) for place, one in enumerate(batch)]
            tie = (tie + BATCH) % (1 << TIE_BITS - 1)
            await _insert(database, numbered)
        return time.monotonic() - begin
    finally:
        await database.close()


async def _insert(database: Database, numbered: list[tuple[int, ScrubbedFeedback]]) -> None:
    """Insert a batch, again where the engine gave up: what a busy disk holds back is done later."""
    for left in reversed(range(TRIES)):
        try:
            async with database.transaction() as transaction:
                await insert_all(transaction, numbered)
        except DatabaseError:
            if not left:
                raise
            await asyncio.sleep(1)
        else:
            return


def main() -> None:
    """Fill the database that the arguments name."""
    parser = argparse.ArgumentParser(prog="bench.fill", description=__doc__)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="sqlite:///data/bench.db", help="as FEEDBACK_DATABASE_URL")
    arguments = parser.parse_args()
    seconds = asyncio.run(fill(arguments.database, arguments.rows, arguments.seed))
    print(f"{arguments.rows} rows in {seconds:.0f} s")


if __name__ == "__main__":
    main()
