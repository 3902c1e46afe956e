"""Which kinds exist, which are always on and which are on unless the operator says otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass

from scrubbers.errors import UnknownKindError

RULES_VERSION = "2"
"""Changes whenever the rules find something else than before; stored beside each scrubbed text."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of personal number, under Presidio's entity name."""

    name: str
    always: bool
    """Cannot be turned off."""
    default: bool
    """On unless the operator lists the kinds to redact."""


KINDS = (
    Kind("UK_NINO", always=True, default=True),
    Kind("CREDIT_CARD", always=True, default=True),
    Kind("CARD_SECURITY_CODE", always=True, default=True),
    Kind("CARD_EXPIRY", always=True, default=True),
    Kind("EMAIL_ADDRESS", always=False, default=True),
    Kind("IBAN_CODE", always=False, default=True),
    Kind("UK_BANK_ACCOUNT", always=False, default=True),
    Kind("UK_DRIVING_LICENCE", always=False, default=True),
    Kind("UK_NHS", always=False, default=True),
    Kind("UK_UTR", always=False, default=True),
    Kind("PHONE_NUMBER", always=False, default=True),
    Kind("UK_PASSPORT", always=False, default=True),
    Kind("DATE_OF_BIRTH", always=False, default=True),
    Kind("UK_POSTCODE", always=False, default=False),
    Kind("UK_VEHICLE_REGISTRATION", always=False, default=False),
    Kind("IP_ADDRESS", always=False, default=False),
    Kind("PERSON", always=False, default=False),
    Kind("LOCATION", always=False, default=False),
)
"""In order of precedence: where two findings overlap and score alike, the earlier kind names both."""

ALWAYS = frozenset(kind.name for kind in KINDS if kind.always)
"""The kinds that cannot be turned off."""


def chosen(names: Iterable[str] | None, extra: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of the kinds to redact, in order of precedence.

    `names` are the operator's choice (None: the defaults), to which the kinds that are always on are added.
    `extra` are the kinds of recognizers from elsewhere; they may be chosen too and are on by default.
    Raises UnknownKindError, naming the kinds that exist.
    """
    extra = [name for name in dict.fromkeys(extra) if name not in {kind.name for kind in KINDS}]
    known = [kind.name for kind in KINDS] + extra
    if names is None:
        wanted = {kind.name for kind in KINDS if kind.default} | set(extra)
    else:
        wanted = {names} if isinstance(names, str) else set(names)
        if not wanted.issubset(known):
            raise UnknownKindError(f"a kind that does not exist; the kinds are {', '.join(known)}")
        wanted |= {kind.name for kind in KINDS if kind.always}
    return tuple(name for name in known if name in wanted)
