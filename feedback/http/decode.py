"""Bytes of a body to its fields by name: strict JSON or a urlencoded form."""

import json
from collections.abc import Collection
from contextlib import suppress
from typing import Final, NoReturn
from urllib.parse import parse_qsl

from feedback.errors import Fault, Invalid, NotReadable, Problem

FORM: Final = "application/x-www-form-urlencoded"
MAX_FORM_FIELDS: Final = 100


def decode_json(body: bytes) -> dict[str, object]:
    """The object's members. Numbers are floats, so that an integer of 5,000 digits is merely infinite.

    Raises NotReadable for what is not a JSON object in UTF-8, and Invalid for a repeated name.
    """
    text = _utf8(body)
    fields = None
    # The errors carry the whole text, so nothing is raised while one is handled: it would be its context.
    with suppress(ValueError, RecursionError):
        fields = _JSON.decode(text)
    if not isinstance(fields, dict):
        raise NotReadable(Fault("body", "not_json"))
    return fields


def decode_form(body: bytes, known: Collection[str]) -> dict[str, object]:
    """The known fields of a form; the page that holds it may add others, even repeated ones.

    Raises NotReadable for bad encoding and Invalid for a repeated known name.
    """
    pairs = None
    fault: Problem = NotReadable(Fault("body", "bad_encoding"))
    try:
        pairs = parse_qsl(
            _utf8(body), keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS
        )
    except UnicodeDecodeError:
        pass
    except ValueError:
        fault = Invalid(Fault("body", "too_many", MAX_FORM_FIELDS))
    if pairs is None:
        raise fault
    return _no_repeats([pair for pair in pairs if pair[0] in known])


def _utf8(body: bytes) -> str:
    with suppress(UnicodeDecodeError):
        return body.decode("utf-8")
    raise NotReadable(Fault("body", "bad_encoding"))


def _no_repeats(pairs: list[tuple[str, str]]) -> dict[str, object]:
    fields: dict[str, object] = dict(pairs)
    if len(fields) != len(pairs):
        raise Invalid(Fault("body", "repeated"))
    return fields


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


# Made once: json.loads makes a new one for each text.
_JSON: Final = json.JSONDecoder(
    object_pairs_hook=_no_repeats, parse_int=float, parse_constant=_refuse_constant
)
