"""E-mail addresses (RFC 5321, as people use them), also spelled out: "sian at post dot wales"."""

import re
from collections.abc import Iterator

from presidio_analyzer import RecognizerResult

from scrubbers.canonical import canonical
from scrubbers.context import words_before
from scrubbers.reading import Reading
from scrubbers.recognizers.base import ReadingRecognizer

KIND = "EMAIL_ADDRESS"

LONGEST_NAME = 120
"""Characters before the sign that are looked at: 64 (RFC 5321), and room for escapes and words."""
_LABEL = r"[A-Za-z0-9\x01](?:[A-Za-z0-9\x01\0-]{0,62}[A-Za-z0-9\x01\0])?"
_LAST_LABEL = r"[A-Za-z\x01][A-Za-z\x01\0-]{0,61}[A-Za-z\x01]\0*"
_PROVIDERS = "gmail|googlemail|hotmail|outlook|yahoo|icloud|live|msn|aol|btinternet|sky|virginmedia|talktalk"
"""Large enough for people to leave the rest of the name out."""

_NAME = re.compile(r"[A-Za-z0-9\x01][A-Za-z0-9\x01._+'\0-]*$")
_HOST = re.compile(
    rf"\0*(?:(?:{_LABEL}\.){{1,8}}{_LAST_LABEL}|{_LABEL},(?:com|co\.uk|org|net)\b|(?:{_PROVIDERS})\b)(?!\s?@)",
    re.IGNORECASE,
)

_SIGN = re.compile(r"@|\bat\b")
"""Asked of text in lower case."""
_BEFORE_SIGN = " \t\n([{<"
_AFTER_SIGN = re.compile(r"[ \t\n)\]}>]{0,4}")
_DOT = r"(?: \.\0* | \s{1,2} (?:dot|dod) \s{1,2} | \s? [\[({] \s? (?:dot|\.) \s? [\])}] \s? )"
_SAID_NAME = re.compile(
    rf"(?<![A-Za-z0-9]) (?:[A-Za-z0-9_+-]+ (?: {_DOT} | \s(?:underscore|dash)\s )){{0,4}} [A-Za-z0-9_+-]+ $",
    re.VERBOSE | re.IGNORECASE,
)
_SAID_HOST = re.compile(
    rf"(?: [A-Za-z0-9-]{{1,63}} {_DOT} ){{1,5}} [A-Za-z]{{2,24}} (?![A-Za-z0-9]) (?! \s? (?:@|[(\[]?at\b) )",
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = re.compile(
    r"\be?-?mail|\be-?bost|contact me|cysylltu|write to|reply to|\bcc\b|sen[dt] it to|address is|cyfeiriad"
    r"|ateb i"
)
_NO_NAMES = frozenset(
    {
        *(
            "me",
            "us",
            "you",
            "him",
            "her",
            "it",
            "them",
            "is",
            "was",
            "are",
            "be",
            "or",
            "and",
            "not",
            "page",
        ),
        *(
            "look",
            "looked",
            "looking",
            "site",
            "website",
            "online",
            "found",
            "one",
            "this",
            "that",
            "him",
            "here",
        ),
        *(
            "available",
            "up",
            "form",
            "forms",
            "information",
            "details",
            "link",
            "read",
            "see",
            "apply",
            "report",
        ),
    }
)
"""Words that stand before "at example.com" without being the name of a mailbox."""


_ESCAPES = ("%40", "%25", "&#", "&comm", "\\")
"""How the sign may be escaped."""
_NO_TAGS = str.maketrans("<>=", "()(")


class EmailAddressRecognizer(ReadingRecognizer):
    """Finds EMAIL_ADDRESS with the sign as it is, escaped, with spaces around it or as a word."""

    KINDS = (KIND,)
    FEWEST_DIGITS = 0

    def find(self, reading: Reading) -> Iterator[RecognizerResult]:
        """The addresses in a text."""
        text = reading.text
        if "@" in text or any(escape in text for escape in _ESCAPES) or not text.isascii():
            # Not the reading's own form: in "<one@example.com>" stand neither a tag nor a digit.
            text = canonical(text.translate(_NO_TAGS))
        lower = text.lower()
        if "@" not in text and " at " not in lower and "at)" not in lower and "at]" not in lower:
            return
        end = 0
        for sign in _SIGN.finditer(lower):
            if sign.start() >= end and (found := _address(text, sign, end)):
                end = found[1]
                yield RecognizerResult(KIND, *found)


def _address(plain: str, sign: re.Match[str], after: int) -> tuple[int, int, float] | None:
    """Start, end and score of the address around a sign; it starts at `after` or later."""
    left = max(after, sign.start() - LONGEST_NAME)
    if sign[0] == "@":
        name, host = _NAME.search(plain[left : sign.start()]), _HOST.match(plain, sign.end())
        if name and host:
            return left + name.start(), host.end(), 1.0
    return _spoken(plain, sign, left)


def _spoken(plain: str, sign: re.Match[str], left: int) -> tuple[int, int, float] | None:
    """An address with a word for a sign or space around one."""
    closed = _AFTER_SIGN.match(plain, sign.end())
    host = closed and (_SAID_HOST.match(plain, closed.end()) or _HOST.match(plain, closed.end()))
    if closed is None or host is None:
        return None
    before = plain[left : sign.start()].rstrip(_BEFORE_SIGN)
    opened = plain[left + len(before) : sign.start()]
    if sign[0] != "@" and not (opened and closed[0]):
        return None
    name = _SAID_NAME.search(before)
    if name is None:
        return None
    one_side = not (opened and closed[0])
    bracketed = any(bracket in opened for bracket in "([{")
    if one_side or bracketed or _is_name(plain, left, name):
        return left + name.start(), host.end(), 0.8
    return None


def _is_name(plain: str, left: int, name: re.Match[str]) -> bool:
    """Whether a word before "at" is the name of a mailbox and not one of the sentence."""
    if name[0].lower() in _NO_NAMES or not any(map(str.isalpha, name[0])):
        return False
    return not name[0].isalpha() or _WORDS.search(words_before(plain, left + name.start(), 60)) is not None
