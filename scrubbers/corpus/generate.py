"""Writes the corpus: `python -m scrubbers.corpus.generate`. The same seed gives the same bytes.

Each class draws from a random source of its own, so that a new class leaves the others as they were.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from scrubbers.corpus import card, contact, identity, nino, numbers
from scrubbers.corpus.contact import spaced_postcode
from scrubbers.corpus.negatives import LOOKS
from scrubbers.corpus.parts import Manner, Parts, Piece, assemble
from scrubbers.corpus.record import FOLDER, Record
from scrubbers.corpus.sentences import SLOT, filled, frames, sections, styled

SEED = 20260101
FILES: dict[str, tuple[Manner, ...]] = {
    "uk_nino": nino.MANNERS,
    "credit_card": card.MANNERS,
    "other_kinds": (*contact.MANNERS, *identity.MANNERS),
}
TEXTS = 22
"""Texts a class; of negatives twice as many."""
WELSH = 0.27
"""Share of texts in Welsh, where the class has frames in Welsh."""


def source(name: str) -> Random:
    """Return the random source of a class."""
    return Random(f"{SEED}/{name}")  # noqa: S311 - repeatable test data, no secret


def slug(name: str) -> str:
    """Return a class's name as the first part of its texts' ids."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


class Writer:
    """Makes the records of a class, and no text twice in the whole corpus."""

    def __init__(self) -> None:
        self.texts: set[str] = set()

    def records(
        self,
        name: str,
        kind: str | None,
        family: str,
        count: int,
        draw: Callable[[Random], tuple[str, Parts]],
    ) -> Iterator[Record]:
        """Yield that many records; `draw` returns a language and the parts of one text."""
        rng = source(name)
        made = 0
        for _ in range(count * 200):
            lang, parts = draw(rng)
            text, spans = assemble(parts)
            if text in self.texts:
                continue
            self.texts.add(text)
            made += 1
            yield Record(f"{slug(name)}-{made:03}", text, lang, kind, name, family, spans)
            if made == count:
                return
        raise ValueError(f"the class {name} has too few frames for {count} different texts")


def positive(manner: Manner) -> Callable[[Random], tuple[str, Parts]]:
    """Return the draw of one text that holds a number of the manner's kind."""

    def draw(rng: Random) -> tuple[str, Parts]:
        lang = manner.languages[-1] if rng.random() < WELSH else manner.languages[0]
        frame = rng.choice(frames(manner.frames, lang))
        if manner.frames not in {"alone", "long"}:
            frame = styled(rng, frame, lang)
        return lang, filled(frame, [manner.write(rng) for _ in range(frame.count(SLOT))])

    return draw


def negative(name: str) -> Callable[[Random], tuple[str, Parts]]:
    """Return the draw of one text with look-alikes of the class."""

    def draw(rng: Random) -> tuple[str, Parts]:
        lang = "cy" if rng.random() < WELSH and name in sections("negative.cy") else "en"
        frame = styled(rng, rng.choice(sections(f"negative.{lang}")[name]), lang)
        return lang, filled(frame, [[LOOKS[name](rng)] for _ in range(frame.count(SLOT))])

    return draw


def wordy(rng: Random) -> tuple[str, Parts]:
    """Return one, two or three sentences of feedback without any number."""
    lang = "cy" if rng.random() < 0.3 else "en"
    said = rng.sample(sections(f"feedback.{lang}")[""], rng.choice((1, 1, 1, 2, 2, 3)))
    return lang, [styled(rng, rng.choice((". ", " ", "\n")).join(said), lang)]


def off_by_default(kind: str) -> Callable[[Random], tuple[str, Parts]]:
    """Return the draw of a text with a number that stays unless its kind is asked for."""

    def draw(rng: Random) -> tuple[str, Parts]:
        lang = "cy" if rng.random() < WELSH else "en"
        if kind == "UK_POSTCODE":
            value = numbers.postcode(rng)
            piece, section = Piece(kind, value, spaced_postcode(rng, value)), "postcode"
        else:
            value = numbers.vehicle(rng)
            piece, section = Piece(kind, value, rng.choice((value, f"{value[:4]} {value[4:]}"))), "vehicle"
        return lang, filled(styled(rng, rng.choice(frames(section, lang)), lang), [[piece]])

    return draw


def corpus() -> dict[str, list[Record]]:
    """Return all records by the name of their file."""
    writer = Writer()
    files = {
        file: [
            record
            for manner in manners
            for record in writer.records(manner.name, manner.kind, manner.family, TEXTS, positive(manner))
        ]
        for file, manners in FILES.items()
    }
    clean: list[Record] = []
    for name in LOOKS:
        clean += writer.records(f"clean: {name}", None, "clean", 2 * TEXTS, negative(name))
    clean += writer.records("clean: no number", None, "clean", 12 * TEXTS, wordy)
    for kind in ("UK_POSTCODE", "UK_VEHICLE_REGISTRATION"):
        name = kind.removeprefix("UK_").replace("_", " ").lower()
        clean += writer.records(f"clean: {name}", None, "clean", 2 * TEXTS, off_by_default(kind))
    return {**files, "clean": clean}


def write(folder: Path) -> None:
    """Write one `.jsonl` file for each part of the corpus."""
    for name, records in corpus().items():
        text = "".join(record.line() + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(FOLDER)
