"""Scores a scrubber on labelled texts: recall, precision, leaks and over-redaction. Pure, no I/O.

The measures
* A number is **found** when every letter and digit of its span was taken out, under its own kind where the
  scrubber names kinds. Of a masked number only the digits that show count.
* **Recall** is the share of labelled numbers found; **precision** the share of findings that touch a labelled
  number of their kind. For a scrubber that names no kinds, any removal near any labelled number is right.
* A number **leaks** when the redacted text still tells it, once separators, markup, look-alikes and number
  words are read away: five consecutive digits of a card (one more than the last four, which receipts may
  show) or all its digits in order; the six digits of a National Insurance number in a row; the whole of any
  other kind.
  What the text tells outside the labelled numbers anyway is no leak.
* A text is **touched** when something outside the labelled numbers was taken out of it; over-redaction counts
  those characters.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from scrubbers.corpus.reading import BREAK, TAG, letters_and_digits, only_digits
from scrubbers.corpus.record import Record, Span

PLACEHOLDER = re.compile(r"\[[A-Z_]+\]")
"""What stands in a redacted text for what was taken out, unless a scrubber has its own."""


@dataclass(frozen=True)
class Found:
    """One finding: `[start, end)` in the original text; kind None when the scrubber does not tell."""

    kind: str | None
    start: int
    end: int


Outcome = tuple[str, Sequence[Found] | None]
Scrub = Callable[[str], Outcome]
"""Text to redacted text with findings, or with None when the scrubber returns only text."""


@dataclass
class Tally:
    """Counts over the texts of a class, or over the numbers of a kind in a family."""

    texts: int = 0
    numbers: int = 0
    found: int = 0
    leaked: int = 0
    touched: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float | None:
        """Share of numbers found, None when there are none."""
        return self.found / self.numbers if self.numbers else None


@dataclass
class Precision:
    """Findings of a kind that touch a labelled number of that kind, and those that do not."""

    right: int = 0
    wrong: int = 0

    @property
    def share(self) -> float | None:
        """Share of right findings, None when there are none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None


@dataclass(frozen=True)
class Verdict:
    """What a scrubber did with one text."""

    missed: tuple[Span, ...]
    leaked: tuple[Span, ...]
    right: tuple[Found, ...]
    wrong: tuple[Found, ...]
    outside: int


@dataclass
class Scores:
    """All counts: by kind and family, by class, precision by kind, and over-redaction in characters."""

    kinds: dict[tuple[str, str], Tally] = field(default_factory=dict)
    classes: dict[str, Tally] = field(default_factory=dict)
    precision: dict[str | None, Precision] = field(default_factory=dict)
    clean: Tally = field(default_factory=Tally)
    removed_outside: int = 0
    characters_outside: int = 0


def removed(original: str, redacted: str, placeholder: re.Pattern[str] = PLACEHOLDER) -> list[Found]:
    """Return which ranges of the original a redacted text lacks, when only the two texts are known.

    The literal pieces between placeholders are looked for in order. A scrubber that changes more than it
    replaces (white space, case) is compared by common runs instead.
    """
    pieces = placeholder.split(redacted)
    found, at = [], 0
    for turn, piece in enumerate(pieces):
        last = turn == len(pieces) - 1
        start = len(original) - len(piece) if last and turn else original.find(piece, at)
        if start < at or not original.startswith(piece, start) or (turn == 0 and start != 0):
            break
        if turn and start > at:
            found.append(Found(None, at, start))
        at = start + len(piece)
    else:
        if at == len(original):
            return found
    matcher = SequenceMatcher(None, original, redacted, autojunk=False)
    return [Found(None, a, b) for tag, a, b, _, _ in matcher.get_opcodes() if tag in {"replace", "delete"}]


def meaningful(record: Record, span: Span) -> list[int]:
    """Return the places of a span's letters and digits beside markup; of a masked number, of its digits."""
    written = TAG.sub(lambda match: " " * len(match[0]), record.text[span.start : span.end])
    masked = "*" in span.value
    return [span.start + at for at, c in enumerate(written) if (c.isdigit() if masked else c.isalnum())]


def told_by(span: Span, reading: str) -> bool:
    """Return whether a reading still tells the number of the span."""
    if span.kind == "CREDIT_CARD":
        value = span.value
        windows = (value[at : at + 5] for at in range(len(value) - 4))
        return any("*" not in window and window in reading for window in windows) or (
            "*" not in value and value in only_digits(reading)
        )
    value = letters_and_digits(span.value)
    if span.kind == "UK_NINO" and span.value[:2].isalpha():
        return value[2:8] in reading
    return value in reading


def without(text: str, ranges: Iterable[Found | Span]) -> str:
    """Return the text with a break in place of each range."""
    out, at = "", 0
    for item in sorted(ranges, key=lambda r: r.start):
        out += text[at : max(item.start, at)] + BREAK
        at = max(at, item.end)
    return out + text[at:]


def judge(
    record: Record, outcome: Outcome, kinds: frozenset[str] | None, placeholder: re.Pattern[str] = PLACEHOLDER
) -> Verdict:
    """Compare what a scrubber did with the labels; `kinds` limits the labels to what it was asked to find."""
    redacted, findings = outcome
    spans = tuple(span for span in record.spans if kinds is None or span.kind in kinds)
    found = removed(record.text, redacted, placeholder) if findings is None else findings
    cover = [(item.kind, range(item.start, item.end)) for item in found]

    def covered(span: Span) -> bool:
        own = [places for kind, places in cover if kind in {None, span.kind}]
        return all(any(at in places for places in own) for at in meaningful(record, span))

    def right(item: Found) -> bool:
        return any(
            item.kind in {None, span.kind} and item.start < span.end and span.start < item.end
            for span in spans
        )

    rest = letters_and_digits(without(record.text, spans)) if spans else ""
    reading = letters_and_digits(placeholder.sub(BREAK, redacted)) if spans else ""
    labelled = {at for span in spans for at in range(span.start, span.end)}
    taken = {at for _, places in cover for at in places}
    return Verdict(
        missed=tuple(span for span in spans if not covered(span)),
        leaked=tuple(span for span in spans if told_by(span, reading) and not told_by(span, rest)),
        right=tuple(item for item in found if right(item)),
        wrong=tuple(item for item in found if not right(item)),
        outside=sum(record.text[at].isalnum() for at in taken - labelled),
    )


def score(
    records: Iterable[Record],
    scrub: Scrub,
    kinds: Iterable[str] | None = None,
    placeholder: re.Pattern[str] = PLACEHOLDER,
) -> Scores:
    """Run a scrubber over the records and count."""
    wanted = None if kinds is None else frozenset(kinds)
    scores = Scores()
    for record in records:
        verdict = judge(record, scrub(record.text), wanted, placeholder)
        spans = [span for span in record.spans if wanted is None or span.kind in wanted]
        add(scores, record, verdict, spans)
    return scores


def add(scores: Scores, record: Record, verdict: Verdict, spans: Sequence[Span]) -> None:
    """Add one verdict to the counts."""
    own = scores.classes.setdefault(record.name, Tally())
    own.texts += 1
    own.numbers += len(spans)
    own.found += len(spans) - len(verdict.missed)
    own.leaked += len(verdict.leaked)
    own.touched += verdict.outside > 0
    own.wrong += len(verdict.wrong)
    for kind in {span.kind for span in spans}:
        tally = scores.kinds.setdefault((kind, record.family), Tally())
        tally.texts += 1
        tally.numbers += sum(span.kind == kind for span in spans)
        tally.found += sum(span.kind == kind for span in spans) - sum(s.kind == kind for s in verdict.missed)
        tally.leaked += sum(span.kind == kind for span in verdict.leaked)
    for findings, name in ((verdict.right, "right"), (verdict.wrong, "wrong")):
        for item in findings:
            precision = scores.precision.setdefault(item.kind, Precision())
            setattr(precision, name, getattr(precision, name) + 1)
    if record.family == "clean":
        scores.clean.texts += 1
        scores.clean.touched += verdict.outside > 0
        scores.clean.wrong += len(verdict.wrong)
    scores.removed_outside += verdict.outside
    scores.characters_outside += len(record.text) - sum(span.end - span.start for span in spans)
