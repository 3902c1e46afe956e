"""Whether words speak of threat, harm or abuse, so that a person looks at them first."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from typing import Final

# Letters in small, and signs that end a word as spaces: those of ASCII, and of the quotation marks and dashes
# of UTF-8 the first bytes, which are no part of a Latin letter with an accent.
_PLAIN: Final = bytes(
    each + 32
    if chr(each).isalpha() and each < 91
    else 32
    if (each < 128 and not chr(each).isalnum()) or each in (0xE2, 0x80, 0x93, 0x94, 0x98, 0x99, 0x9C, 0x9D)
    else each
    for each in range(256)
)
_MIN_LENGTH: Final = 3  # letters of a word that tells anything


class UrgentWords:
    """Looks for phrases, as whole words in any case; no phrases (None) are those of the package."""

    def __init__(self, phrases: Iterable[str] | None = None) -> None:
        known = _of_package() if phrases is None else phrases
        parts = [words for phrase in known if (words := phrase.casefold().replace("-", " ").split())]
        # Most texts have none of the words that most phrases share, one of each, which is soon seen.
        shared = Counter(word for words in parts for word in words if len(word) >= _MIN_LENGTH)
        self._telling = frozenset(
            _bytes(max(words, key=lambda word: (shared[word], len(word))))[0] for words in parts
        )
        apart = r"[\s-]+"
        self._phrases = re.compile(
            rf"(?<!\w)(?:{'|'.join(apart.join(map(_loose, words)) for words in parts) or '(?!)'})(?!\w)"
        )

        self.version = sha256("\n".join(sorted(map(" ".join, parts))).encode()).hexdigest()

    def within(self, text: str) -> bool:
        """Whether one of the phrases is in a text."""
        return not self._telling.isdisjoint(_bytes(text)) and bool(self._phrases.search(text.casefold()))

    def within_answers(self, *answers: str | None) -> bool:
        """Whether one of the phrases is in what a visitor answered."""
        words = " ".join(filter(None, answers))
        return bool(words) and self.within(words)


def _bytes(text: str) -> list[bytes]:
    """The words of a text in small letters, as bytes; an accent stays what it is."""
    return text.encode("utf-8", "replace").translate(_PLAIN).split()


def _loose(word: str) -> str:
    return re.escape(word).replace("'", "['\u2019]")


def _of_package() -> list[str]:
    text = (files("feedback.intake") / "urgent_words.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
