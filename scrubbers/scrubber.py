"""The way of one text: find, settle overlaps, redact; or fail without letting anything through."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from scrubbers.allowed import Allowed
from scrubbers.catalogue import ALWAYS, chosen
from scrubbers.errors import ScrubError
from scrubbers.escapes import MARKER
from scrubbers.findings import Finding, Scrubbed, _seal

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

ROUNDS = 8
"""How often a redacted text is looked at again before it is refused; two rounds are the rule."""


class Scrubber:
    """Finds and redacts personal numbers; built once and used for many texts.

    `kinds` are names from the catalogue (None: the defaults); UK_NINO, CREDIT_CARD and what stands beside a
    card are always among them. `allow` are values that stay in the text however they are written.
    `recognizers` are any further Presidio recognizers that need no language model; their kinds are on by
    default. `time_limit` is in seconds a text (inf: none): what takes longer is refused, never let through.

    `model` is the spaCy model, a name or a folder, that finds PERSON and LOCATION when those are asked for.

    Raises UnknownKindError; MissingModelError, which is one too. Can be pickled.
    """

    def __init__(
        self,
        kinds: Iterable[str] | None = None,
        allow: Iterable[str] = (),
        recognizers: Iterable[EntityRecognizer] = (),
        time_limit: float = 2.0,
        model: str | None = None,
    ) -> None:
        # Presidio takes more than a second to import, which those who only name our types should not pay.
        from scrubbers.engine import Engine

        extra = tuple(recognizers)
        self.kinds = chosen(kinds, (kind for each in extra for kind in each.supported_entities))
        """The kinds that this scrubber redacts, in order of precedence."""
        self._allowed = Allowed(allow)
        self._left = Allowed(())
        self._time_limit = time_limit
        self._engine = Engine(self.kinds, extra, model)

    def leave(self, values: Iterable[str]) -> None:
        """Leave these values in texts, too, from now on, in place of those that were left before.

        Unlike `allow` it never leaves a kind that is always on, whatever the values are.
        """
        self._left = Allowed(values)

    def may_leave(self, value: str) -> bool:
        """Whether `leave` would leave all of a value: no part of it is of a kind that is always on.

        Raises ScrubError and nothing else.
        """
        try:
            return all(each.kind not in ALWAYS for each in self._engine.find(value))
        except Exception:  # noqa: BLE001  any fault at all refuses the value
            del value
        # Outside the handler, as below.
        raise ScrubError

    def scrub(self, text: str) -> Scrubbed:
        """Redact every finding as its kind in square brackets. Raises ScrubError and nothing else.

        Scrubbing the result again changes nothing.
        """
        try:
            return self._scrub(text)
        except Exception:  # noqa: BLE001  any fault at all refuses the text
            del text
        # Outside the handler, so that the error carries no context: a context may quote the text.
        raise ScrubError

    def _scrub(self, text: str) -> Scrubbed:
        deadline = monotonic() + self._time_limit
        found = self._find(text)
        findings = found
        redacted = text
        rounds = 0
        while found:
            # What was taken out may lay bare something else, so we look again until nothing is found.
            findings = found if not rounds else _settle([*findings, *_original(found, findings)], self.kinds)
            redacted = _redact(text, findings)
            rounds += 1
            if rounds > ROUNDS or monotonic() > deadline:
                raise ScrubError
            found = self._find(redacted)
        if monotonic() > deadline:
            raise ScrubError
        return _seal(redacted, tuple(findings))

    def _find(self, text: str) -> list[Finding]:
        results = self._engine.find(text)
        if not results:
            return results
        if any(not 0 <= each.start < each.end <= len(text) for each in results):
            raise ScrubError
        marked = [marker.span() for marker in MARKER.finditer(text)]
        return _settle(
            [
                each
                for each in results
                if not self._allowed.holds(text, each)
                and not (each.kind not in ALWAYS and self._left.holds(text, each))
                and not any(
                    start < each.end and each.start < end and not each.start < start < end < each.end
                    for start, end in marked
                )
            ],
            self.kinds,
        )


def _settle(findings: list[Finding], kinds: tuple[str, ...]) -> list[Finding]:
    """Sort the findings; those that overlap become one, named by the best of them."""
    settled: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.start, -each.end)):
        last = settled[-1] if settled else None
        if last is None or finding.start >= last.end:
            settled.append(finding)
            continue
        better = min(last, finding, key=partial(_rank, kinds))
        settled[-1] = Finding(better.kind, last.start, max(last.end, finding.end), better.score)
    return settled


def _rank(kinds: tuple[str, ...], finding: Finding) -> tuple[float, int, int]:
    """Sorts the surest finding first, then the longest, then by the precedence of its kind."""
    return -finding.score, finding.start - finding.end, kinds.index(finding.kind)


def _redact(text: str, findings: list[Finding]) -> str:
    """The text with each finding replaced by its kind in square brackets."""
    pieces: list[str] = []
    at = 0
    for kind, start, end, _ in findings:
        pieces += (text[at:start], f"[{kind}]")
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _original(found: list[Finding], findings: list[Finding]) -> list[Finding]:
    """Move findings in the text that `findings` were taken out of to their place in the original text."""
    moved = []
    shift = 0
    earlier = iter(findings)
    upcoming = next(earlier, None)
    for kind, start, end, score in found:
        places = []
        for place in (start, end):
            while upcoming is not None and place > upcoming.start + shift:
                shift += len(upcoming.kind) + 2 - (upcoming.end - upcoming.start)
                upcoming = next(earlier, None)
            places.append(place - shift)
        moved.append(Finding(kind, places[0], places[1], score))
    return moved
