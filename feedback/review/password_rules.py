"""Which passwords are taken: long ones that are not known from breaches; nothing is asked of their signs.

NIST SP 800-63B-4 (3.1.1.2) asks for 15 characters where a password may be the only factor, for at least 64 to
be taken, for a look at a list of known ones, and for no rules of composition; OWASP ASVS 5.0 (6.2) likewise.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from feedback.errors import Fault
from feedback.review.passwords import plain

MIN_LENGTH: Final = 15
MAX_LENGTH: Final = 128
# A name or address this short may stand in any password.
_SHORTEST_NAME: Final = 4
_FEWEST_SIGNS: Final = 5

_SIGNS: Final = re.compile(r"[\W_]+")
_ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_REPEATED: Final = re.compile(r"\A(.+?)\1+\Z", re.DOTALL)


def check_password(password: str, about: Iterable[str], field: str = "password") -> Fault | None:
    """The rule that a password breaks, if any; `about` are names that it must not hold."""
    password = plain(password)
    if len(password) < MIN_LENGTH:
        return Fault(field, "too_short", MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        return Fault(field, "too_long", MAX_LENGTH)
    folded = password.casefold()
    if is_common(folded):
        return Fault(field, "common_password")
    names = {name.casefold() for text in about for name in re.split(r"[\W\d_]+", text)}
    if any(len(name) >= _SHORTEST_NAME and name in folded for name in names):
        return Fault(field, "holds_name")
    return None


def is_common(folded: str) -> bool:
    """Whether a password is a known one: as it is, with digits and signs around it, or said again and again.

    Known ones are mostly short; this is how people make them long enough.
    """
    if len(set(folded)) < _FEWEST_SIGNS:
        return True
    for rest in (folded, _SIGNS.sub("", folded)):
        before = ""
        while rest != before:
            if rest in common_passwords():
                return True
            before, rest = rest, _ENDS.sub("", _REPEATED.sub(r"\1", rest))
    return False


@cache
def common_passwords() -> frozenset[str]:
    """The 19,640 most used passwords of breaches, in lower case.

    Made by Royce Williams from the counts of Have I Been Pwned and published with Django (BSD licence), whose
    5.2.19 `django/contrib/auth/common-passwords.txt.gz` this is, unpacked.
    """
    text = (files("feedback.review") / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines())
