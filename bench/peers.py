"""Scores us and our peers on the public corpus: recall, precision, leaks, clean texts that lost something.

Not run: CommonRegex and piiregex as packages, which have no wheel (the card pattern that they publish is);
CommonRegex improved, which wants a release of regex from 2022; pii-codex and llm-guard, which download a
language model.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from bench import peers_libraries as libraries
from bench import peers_published as published
from bench.measure import Measure, NotRun, Size, Yielded
from bench.peers_libraries import BOTH
from scrubbers.corpus.record import read
from scrubbers.corpus.score import PLACEHOLDER, Found, Scores, Scrub, removed, score

TABLE = "Scrubbing, what is found"
FAMILIES = ("plain", "format", "hard")
SHORT = {"UK_NINO": "NINO", "CREDIT_CARD": "card"}


@dataclass(frozen=True)
class Peer:
    """One scrubber: how to make it, and what it leaves in place of a number when it tells only text."""

    name: str
    make: Callable[[], Scrub]
    placeholder: re.Pattern[str] = PLACEHOLDER


CAPITALS = re.compile(r"\b(?:[A-Z]+_)*(?:NUMBER|NAME|ADDRESS|DIGITS|ZIPCODE|URL|USERNAME|PASSWORD)\b")
PEERS = (
    Peer("ours, NINO and card", lambda: libraries.ours(*BOTH)),
    Peer("ours, default kinds", libraries.ours),
    Peer("Presidio, NINO and card", lambda: libraries.presidio(every=False)),
    Peer("Presidio, all British", lambda: libraries.presidio(every=True)),
    Peer("scrubadub, NINO and card", lambda: libraries.scrubadub(every=False)),
    Peer("scrubadub, en_GB default", lambda: libraries.scrubadub(every=True)),
    Peer("DataFog patterns", libraries.datafog),
    Peer("pii-guard", libraries.pii_guard),
    Peer("piicleaner", libraries.piicleaner),
    Peer("piigex", libraries.piigex),
    Peer("CommonRegex, piiregex", lambda: published.commonregex),
    Peer("Sentry Relay @common", libraries.sentry_relay, re.compile(r"\[[a-z]+\]")),
    Peer("redact-pii (Node)", libraries.redact_pii, CAPITALS),
    Peer("GOV.UK analytics remover", lambda: published.govuk_analytics),
    Peer("GOV.UK feedback detector", lambda: published.govuk_support),
    Peer("GOV.UK survey remover", lambda: published.govuk_intents),
    Peer("GOV.UK app redaction", lambda: published.govuk_android),
)


def measures(size: Size) -> Yielded:
    """Each peer that is installed, and all peers together."""
    records = list(read())[:: size.every]
    scores: dict[str, Scores] = {}
    others: dict[Peer, Scrub] = {}
    for peer in PEERS:
        try:
            # All of them together are asked for the same texts again.
            scrub = cache(peer.make())
            scores[peer.name] = score(records, scrub, placeholder=peer.placeholder)
        except Exception as fault:  # noqa: BLE001  # not installed, or a text that it does not bear
            yield NotRun.of(f"{TABLE}: {peer.name}", fault)
            continue
        if not peer.name.startswith("ours"):
            others[peer] = scrub
    scores["all peers together"] = score(records, union(others))
    for kind, short in SHORT.items():
        for family in FAMILIES:
            yield _shares(
                f"{short}, {family}", {name: recall(each, kind, family) for name, each in scores.items()}
            )
        yield _shares(f"{short}, precision", {name: precision(each, kind) for name, each in scores.items()})
    yield Measure(TABLE, "leaks", {name: leaks(each) for name, each in scores.items()}, no_ratio=True)
    touched = {name: each.clean.touched for name, each in scores.items()}
    yield Measure(TABLE, "clean texts touched", dict(touched), no_ratio=True)


def union(scrubs: dict[Peer, Scrub]) -> Scrub:
    """Return all peers together: whatever any of them finds under the right name or takes out without one."""

    def scrub(text: str) -> tuple[str, list[Found]]:
        found: list[Found] = []
        for peer, each in scrubs.items():
            redacted, findings = each(text)
            found += removed(text, redacted, peer.placeholder) if findings is None else findings
        taken = {at for item in found for at in range(item.start, item.end)}
        return "".join(" [X] " if at in taken else c for at, c in enumerate(text)), found

    return scrub


def recall(scores: Scores, kind: str, family: str) -> float | None:
    """Of a kind in a family of texts."""
    tally = scores.kinds.get((kind, family))
    return tally.recall if tally else None


def precision(scores: Scores, kind: str) -> float | None:
    """The share of right ones of what was found under this name; None where nothing was."""
    tally = scores.precision.get(kind)
    return tally.share if tally else None


def leaks(scores: Scores) -> int:
    """Return how many National Insurance and card numbers the redacted texts still tell."""
    return sum(tally.leaked for (kind, _), tally in scores.kinds.items() if kind in BOTH)


def _shares(what: str, shares: dict[str, float | None]) -> Measure:
    return Measure(
        TABLE, what, {name: each for name, each in shares.items() if each is not None}, no_ratio=True
    )
