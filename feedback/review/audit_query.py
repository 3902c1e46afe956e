"""The query of the audit log to AuditFilters: known names, bounded values, the rest refused."""

import re
from collections.abc import Mapping
from typing import Final

from feedback.errors import Fault, InvalidQuery
from feedback.model.audit import Action, AuditFilters
from feedback.review.filters import MAX_LIMIT, milliseconds

NAMES: Final = frozenset(("who", "action", "since", "until", "limit", "cursor"))
_MAX_NAME: Final = 200  # characters
_CURSOR: Final = re.compile(r"\d{1,19}", re.ASCII)
_MAX_NUMBER: Final = 2**63 - 1


def parse_audit_filters(query: Mapping[str, str]) -> AuditFilters:
    """Read the filters.

    Raises InvalidQuery with a fault for each name that is not known and each value that breaks its rule.
    """
    faults: list[Fault] = []
    if not query.keys() <= NAMES:
        faults.append(Fault("query", "unknown_field"))
    who, action = query.get("who", "").strip() or None, query.get("action") or None
    if who and len(who) > _MAX_NAME:
        faults.append(Fault("who", "too_long", _MAX_NAME))
    if action and action not in list(Action):
        faults.append(Fault("action", "not_choice"))
        action = None
    limit = query.get("limit") or "50"
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 3 and 1 <= int(limit) <= MAX_LIMIT):
        faults.append(Fault("limit", "not_in_range", MAX_LIMIT))
        limit = "50"
    times: dict[str, int] = {}
    for name in ("since", "until"):
        try:
            if query.get(name):
                times[name] = milliseconds(query[name])
        except (ValueError, OverflowError):
            faults.append(Fault(name, "not_time"))
    cursor = query.get("cursor") or None
    if cursor and not (_CURSOR.fullmatch(cursor) and int(cursor) <= _MAX_NUMBER):
        faults.append(Fault("cursor", "not_cursor"))
        cursor = None
    if faults:
        raise InvalidQuery(*faults)
    return AuditFilters(
        who,
        Action(action) if action else None,
        times.get("since"),
        times.get("until"),
        int(cursor) if cursor else None,
        int(limit),
    )
