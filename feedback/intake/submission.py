"""Bytes of a request body to one Submission: strict, pure, and the only place that holds raw text."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from feedback.errors import Fault, Invalid, NotReadable
from feedback.http.decode import FORM, decode_form, decode_json
from feedback.intake.sites import Address, parse_page
from feedback.model import Useful

# text/plain is JSON that browsers send across origins without a preflight request.
JSON_TYPES: Final = ("application/json", "text/plain")
ANSWERS: Final = ("useful", "doing", "comment")  # at least one of them is given
MAX_ELAPSED: Final = 7 * 24 * 3600.0  # seconds; a tab left open longer says nothing about the visitor
MAX_TITLE: Final = 2_000  # characters
# Characters of fields that are not shown; the body's cap in bytes comes before this one.
MAX_HIDDEN: Final = 16_384

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A language tag (RFC 5646) as far as it is needed: only its first part is kept, since the rest is free text.
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z0-9]{1,8})*")
# People paste invisible control characters from PDFs and word processors; they carry no meaning.
_CONTROLS: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DECIMAL: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_VOTES: Final = {vote.value: vote for vote in Useful}
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """What one visitor sent, not yet scrubbed: it must never be printed, stored or passed on."""

    page: Address
    title: str | None
    lang: str | None
    id: str | None  # a UUID in small letters, as far as the client sent one
    useful: Useful | None
    doing: str | None
    comment: str | None
    elapsed: float | None  # seconds
    honeypot: bool  # something was typed where no person sees a field

    def __repr__(self) -> str:
        return "Submission(...)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Submission holds raw text and cannot be pickled or copied")


def parse_fields(body: bytes, media_type: str) -> dict[str, object]:
    """Decode the body into its known fields.

    Raises NotReadable for what is not UTF-8, not JSON or not an object, and Invalid for repeated or unknown
    fields. A form may carry fields of the page that holds it (a token, a button's name): they are dropped.
    """
    if media_type == FORM:
        return decode_form(body, FIELDS)
    fields = decode_json(body)
    if not fields.keys() <= _RULES.keys():
        raise Invalid(Fault("body", "unknown_field"))
    return fields


def parse_submission(fields: Mapping[str, object], max_text: int) -> Submission:
    """Check every field and build the Submission.

    `max_text` is in characters. Raises NotReadable for text that is not valid Unicode, and Invalid with a
    fault for each field that breaks a rule.
    """
    read: dict[str, Any] = dict.fromkeys(FIELDS)
    faults: list[Fault] = []
    for name, rule in _RULES.items():
        value = fields.get(name)
        if value is None:
            continue
        try:
            read[name] = rule(value, max_text)
        except _Broken as broken:
            faults.append(Fault(name, broken.rule, broken.limit))
        except _NotUnicode:
            raise NotReadable(Fault(name, "bad_encoding")) from None
    if read["page"] is None and not any(fault.field == "page" for fault in faults):
        faults.append(Fault("page", "required"))
    if not faults and not any(read[name] for name in ANSWERS):
        faults.append(Fault("comment", "no_answer"))
    if faults:
        raise Invalid(*faults)
    honeypot = read.pop("website") is not None
    return Submission(**read, honeypot=honeypot)


class _Broken(Exception):
    """A value breaks a rule; carries the rule's name and limit, never the value."""

    def __init__(self, rule: str, limit: int | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.limit = limit


class _NotUnicode(Exception):
    """A value holds half a character (a lone surrogate), which no database takes."""


def _text(value: object, limit: int = MAX_HIDDEN) -> str | None:
    """The text without what nobody sees; None where nothing is left."""
    if not isinstance(value, str):
        raise _Broken("wrong_type")
    printable = value.isprintable()  # then none of what follows is in it
    if not printable:
        if _SURROGATE.search(value):
            raise _NotUnicode
        # SQLite's length() stops at NUL, and PostgreSQL refuses it.
        if "\0" in value:
            raise _Broken("bad_character")
        # Forms send CRLF where the browser's own counter counted one character.
        value = _CONTROLS.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))
    value = value.strip()
    if len(value) > limit:
        raise _Broken("too_long", limit)
    # Only what can be seen is an answer: zero-width characters alone are none.
    visible = printable or any(c.isprintable() and not c.isspace() for c in value)
    return value if value and visible else None


def _answer(value: object, max_text: int) -> str | None:
    return _text(value, max_text)


def _title(value: object, _: int) -> str | None:
    """The title of the page; not the visitor's doing, so one beyond all measure is only left out."""
    title = _text(value)
    return title if title and len(title) <= MAX_TITLE else None


def _page(value: object, _: int) -> Address | None:
    url = _text(value)
    page = url and parse_page(url)
    if url and not page:
        raise _Broken("not_url")
    return page or None


def _language(value: object, _: int) -> str | None:
    tag = _text(value)
    match = tag and _LANGUAGE.fullmatch(tag)
    if tag and not match:
        raise _Broken("not_language")
    return match[1].lower() if match else None


def _uuid(value: object, _: int) -> str | None:
    text = _text(value)
    if not text:
        return None
    if not _UUID.fullmatch(text.lower()):
        raise _Broken("not_uuid")
    return text.lower()


def read_id(value: object) -> str | None:
    """The id of a submission that is otherwise refused; None where it is not one."""
    try:
        return _uuid(value, 0)
    except (_Broken, _NotUnicode):
        return None


def _vote(value: object, _: int) -> Useful | None:
    vote = _text(value)
    if vote and vote not in _VOTES:
        raise _Broken("not_choice")
    return _VOTES[vote] if vote else None


def _seconds(value: object, _: int) -> float | None:
    if isinstance(value, str):  # a form's only type
        text = _text(value)
        if text is None:
            return None
        value = float(text) if _DECIMAL.fullmatch(text) else None
    if not isinstance(value, float) or not 0 <= value < math.inf:
        raise _Broken("not_number")
    return min(value, MAX_ELAPSED)


def _hidden(value: object, _: int) -> str | None:
    return _text(value)


# What each field must be, in the order in which faults are named; the limit is that of an answer.
_RULES: Final[Mapping[str, Callable[[object, int], object]]] = {
    "page": _page,
    "title": _title,
    "lang": _language,
    "id": _uuid,
    "useful": _vote,
    "doing": _answer,
    "comment": _answer,
    "elapsed": _seconds,
    "website": _hidden,
}
FIELDS: Final = tuple(_RULES)
