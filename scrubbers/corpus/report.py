"""`scrub evaluate`: our scrubber's figures on the corpus, or on another file of labelled texts."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrubbers import Scrubber
from scrubbers.catalogue import KINDS
from scrubbers.corpus.record import FAMILIES, Record, read
from scrubbers.corpus.score import Found, Outcome, Scores, score

NEED_A_MODEL = {"PERSON", "LOCATION"}
"""Kinds without a text in the corpus: what finds them is somebody else's language model."""


def measured(records: Iterable[Record], every_kind: bool = False) -> Scores:
    """Score our scrubber on these records, with its default kinds or with every kind that needs no model.

    The labels of kinds that it was not asked for do not count.
    """
    scrubber = Scrubber(
        kinds=[kind.name for kind in KINDS if kind.name not in NEED_A_MODEL] if every_kind else None
    )

    def scrub(text: str) -> Outcome:
        result = scrubber.scrub(text)
        return result.text, [Found(item.kind, item.start, item.end) for item in result.findings]

    return score(records, scrub, scrubber.kinds)


def evaluate(path: str | Path | None = None, as_json: bool = False) -> str:
    """Return the figures on the corpus of the package, or on another file, as a table or as JSON.

    The table is at most 100 columns wide. Two runs make it: the default kinds on all texts, and every kind on
    them for the kinds that are off by default.
    """
    records = list(read([Path(path)] if path is not None else None))
    default = measured(records)
    every = measured(records, every_kind=True)
    if as_json:
        return json.dumps({"default": as_dict(default), "every kind": as_dict(every)}, indent=1)
    on = [kind.name for kind in KINDS if kind.default]
    off = [kind.name for kind in KINDS if not kind.default and kind.name not in NEED_A_MODEL]
    return "\n".join(
        [
            *by_class(default),
            "",
            *by_kind(default, on),
            *by_kind(every, off)[1:],
            "",
            *summary(default, len(records)),
        ]
    )


def as_dict(scores: Scores) -> dict[str, Any]:
    """Return the counts and shares as plain data."""
    return {
        "kinds": [
            {"kind": kind, "family": family, **asdict(tally), "recall": tally.recall}
            for (kind, family), tally in sorted(scores.kinds.items())
        ],
        "precision": {str(kind): {**asdict(p), "share": p.share} for kind, p in scores.precision.items()},
        "clean": asdict(scores.clean),
        "classes": {
            name: {**asdict(tally), "recall": tally.recall} for name, tally in scores.classes.items()
        },
        "removed_outside": scores.removed_outside,
        "characters_outside": scores.characters_outside,
    }


def share(value: float | None) -> str:
    """Return a share with three decimals; 1 only when it is exactly that."""
    if value is None:
        return "-"
    return "1" if value == 1 else f"{min(value, 0.9994):.3f}".removeprefix("0") if value else "0"


def by_class(scores: Scores) -> list[str]:
    """Return one line for each manner of writing."""
    lines = [f"{'class':<58}{'texts':>7}{'recall':>9}{'leaks':>8}{'wrong':>8}{'touched':>9}"]
    for name, tally in scores.classes.items():
        counts = f"{tally.leaked or '':>8}{tally.wrong or '':>8}{tally.touched or '':>9}"
        lines.append(f"{name:<58}{tally.texts:>7}{share(tally.recall):>9}{counts}".rstrip())
    return lines


def by_kind(scores: Scores, kinds: Iterable[str]) -> list[str]:
    """Return one line for each kind: recall in each family, leaks and precision."""
    families = FAMILIES[:3]
    lines = [
        f"{'kind':<26}" + "".join(f"{family:>10}" for family in families) + f"{'leaks':>9}{'precision':>12}"
    ]
    for kind in kinds:
        tallies = [scores.kinds.get((kind, family)) for family in families]
        recalls = "".join(f"{share(tally.recall if tally else None):>10}" for tally in tallies)
        leaks = sum(tally.leaked for tally in tallies if tally)
        precision = scores.precision.get(kind)
        lines.append(f"{kind:<26}{recalls}{leaks:>9}{share(precision.share if precision else None):>12}")
    return lines


def summary(scores: Scores, texts: int) -> list[str]:
    """Return the closing lines on over-redaction."""
    outside = scores.removed_outside / max(scores.characters_outside, 1)
    return [
        f"{texts} texts in {len(scores.classes)} classes",
        f"clean texts touched: {scores.clean.touched} of {scores.clean.texts}",
        f"letters and digits taken out beside the numbers: {scores.removed_outside} ({outside:.4%})",
    ]
