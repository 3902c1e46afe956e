"""One labelled text of the corpus, as the `.jsonl` files hold it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent

FAMILIES = ("plain", "format", "hard", "clean")
"""plain human writing; Unicode and markup variants; obfuscated or needing context; nothing to find."""


@dataclass(frozen=True)
class Span:
    """One number in a text: `[start, end)` in code points, and the value that is written there.

    `value` is the bare form: upper-case letters and digits without separators; `*` for a digit that the
    writer masked. It is what a reader could recover, and what the leak test looks for.
    """

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Record:
    """One text: `kind` is what its class is about (None: a negative), `name` the manner of writing."""

    id: str
    text: str
    lang: str
    kind: str | None
    name: str
    family: str
    spans: tuple[Span, ...]

    def line(self) -> str:
        """Return the record as one line of JSON, without the newline; what does not print is escaped."""
        line = json.dumps(
            {
                "id": self.id,
                "text": self.text,
                "lang": self.lang,
                "kind": self.kind,
                "class": self.name,
                "family": self.family,
                "spans": [
                    {"kind": span.kind, "start": span.start, "end": span.end, "value": span.value}
                    for span in self.spans
                ],
            },
            ensure_ascii=False,
        )
        return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def parse(line: str) -> Record:
    """Read one line. A span without a value takes its letters and digits from the text."""
    item = json.loads(line)
    text = item["text"]
    spans = tuple(
        Span(
            span["kind"],
            span["start"],
            span["end"],
            span.get("value")
            or "".join(c for c in text[span["start"] : span["end"]] if c.isalnum() or c == "*").upper(),
        )
        for span in item["spans"]
    )
    return Record(item["id"], text, item["lang"], item["kind"], item["class"], item["family"], spans)


def read(paths: Iterable[Path] | None = None) -> Iterator[Record]:
    """Yield the records of the files given, or of the corpus that comes with the package."""
    for path in paths if paths is not None else sorted(FOLDER.glob("*.jsonl")):
        # Not splitlines(): U+2028 and its kin stand inside texts.
        with path.open(encoding="utf-8", newline="\n") as lines:
            yield from (parse(line) for line in lines if line.strip())
