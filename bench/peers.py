"""Scores us and our peers on the public corpus in one run: `python -m bench.peers`.

The peers stand in an environment of their own, because none is part of the runtime:

    python3 -m venv .venv-bench
    .venv-bench/bin/pip install --require-hashes -r requirements/bench.txt
    .venv-bench/bin/python -m bench.peers

Recall is given as plain / format / hard. "Touched" counts clean texts that lost something which is no number
of any kind in the corpus. Times are medians for a clean text of about 120 characters, as a ratio to
ours with the same two kinds, measured in turns in this run.
"""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench import peers_libraries as libraries
from bench import peers_published as published
from bench.peers_libraries import BOTH
from scrubbers.corpus.record import Record, read
from scrubbers.corpus.report import share
from scrubbers.corpus.score import PLACEHOLDER, Found, Scores, Scrub, removed, score

FAMILIES = ("plain", "format", "hard")
ROUNDS = 5


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
    Peer("CommonRegex, piiregex", lambda: published.commonregex),
    Peer("Sentry Relay @common", libraries.sentry_relay, re.compile(r"\[[a-z]+\]")),
    Peer("redact-pii (Node)", libraries.redact_pii, CAPITALS),
    Peer("GOV.UK analytics remover", lambda: published.govuk_analytics),
    Peer("GOV.UK feedback detector", lambda: published.govuk_support),
    Peer("GOV.UK survey remover", lambda: published.govuk_intents),
    Peer("GOV.UK app redaction", lambda: published.govuk_android),
)
NOT_RUN = (
    "CommonRegex and piiregex as packages: no wheel; their published card pattern is run instead",
    "CommonRegex improved: wants a release of regex from 2022, which Presidio does not run with",
    "pii-codex: needs a language model to be downloaded; llm-guard: the same, and torch",
)


def recalls(scores: Scores, kind: str) -> str:
    """Return the recall of a kind in the three families."""
    tallies = [scores.kinds.get((kind, family)) for family in FAMILIES]
    return " / ".join(f"{share(tally.recall if tally else None):>4}" for tally in tallies)


def leaks(scores: Scores) -> int:
    """Return how many National Insurance and card numbers the redacted texts still tell."""
    return sum(tally.leaked for (kind, _), tally in scores.kinds.items() if kind in BOTH)


def microseconds(scrubs: dict[str, Scrub], texts: list[str]) -> dict[str, float]:
    """Return the median time of one text for each scrubber, measured in turns."""
    rounds: dict[str, list[float]] = {name: [] for name in scrubs}
    for _ in range(ROUNDS):
        for name, scrub in scrubs.items():
            started = time.perf_counter()
            for text in texts:
                scrub(text)
            rounds[name].append((time.perf_counter() - started) / len(texts) * 1e6)
    return {name: statistics.median(times) for name, times in rounds.items()}


def union(scrubs: dict[str, Scrub], peers: dict[str, Peer]) -> Scrub:
    """Return all peers together: whatever any of them finds under the right name or takes out without one."""

    def scrub(text: str) -> tuple[str, list[Found]]:
        found: list[Found] = []
        for name, each in scrubs.items():
            redacted, findings = each(text)
            found += removed(text, redacted, peers[name].placeholder) if findings is None else findings
        taken = {at for item in found for at in range(item.start, item.end)}
        return "".join(" [X] " if at in taken else c for at, c in enumerate(text)), found

    return scrub


def line(name: str, scores: Scores, microsecond: float | None, base: float) -> str:
    """Return a row of the table."""
    ratio = f"{microsecond / base:>8.1f}" if microsecond else f"{'-':>8}"
    return (
        f"{name:<26}{recalls(scores, 'UK_NINO'):>20}{recalls(scores, 'CREDIT_CARD'):>22}"
        f"{leaks(scores):>7}{scores.clean.touched:>8}{ratio}"
    )


def main() -> None:
    """Make the peers that are installed, score them, and print one table."""
    records: list[Record] = list(read())
    scrubs, peers, missing = {}, {}, []
    for peer in PEERS:
        try:
            scrubs[peer.name] = peer.make()
            peers[peer.name] = peer
        except ImportError as error:
            missing.append(f"{peer.name}: not installed ({error})")
    clean = [r.text for r in records if r.family == "clean" and 100 <= len(r.text) <= 140][:200]
    for scrub in scrubs.values():
        scrub(clean[0])
    times = microseconds(scrubs, clean)
    base = times["ours, NINO and card"]
    print(f"{'':<26}{'NINO recall':>20}{'card recall':>22}{'leaks':>7}{'touched':>8}{'time':>8}")
    for name, scrub in scrubs.items():
        scores = score(records, scrub, placeholder=peers[name].placeholder)
        print(line(name, scores, times[name], base), flush=True)
    others = {name: scrub for name, scrub in scrubs.items() if not name.startswith("ours")}
    print(line("all peers together", score(records, union(others, peers)), None, base))
    negatives = sum(record.family == "clean" for record in records)
    print(f"\n{len(records)} texts, {negatives} of them clean; time 1 = {base:.1f} us")
    for note in (*missing, *NOT_RUN):
        print(f"not run: {note}")


if __name__ == "__main__":
    main()
