"""The query of the audit log to AuditFilters: known names, bounded values, the rest refused."""

import re
from collections.abc import Mapping
from typing import Final

from feedback.model.audit import Action, AuditFilters
from feedback.review.filters import MAX_LIMIT
from feedback.review.query import Query

NAMES: Final = frozenset(("who", "action", "since", "until", "limit", "cursor"))
_MAX_NAME: Final = 200  # characters
_CURSOR: Final = re.compile(r"\d{1,19}", re.ASCII)
_MAX_NUMBER: Final = 2**63 - 1


def parse_audit_filters(query: Mapping[str, str]) -> AuditFilters:
    """Read the filters.

    Raises InvalidQuery with a fault for each name that is not known and each value that breaks its rule.
    """
    read = Query(query, NAMES)
    who, action = (read.text("who", _MAX_NAME) or "").strip() or None, read.choice("action", list(Action))
    limit = read.number("limit", MAX_LIMIT, 50)
    since, until = read.time("since"), read.time("until")
    cursor = read.text("cursor")
    if cursor and not (_CURSOR.fullmatch(cursor) and int(cursor) <= _MAX_NUMBER):
        read.note("cursor", "not_cursor")
    read.refuse()
    return AuditFilters(
        who, Action(action) if action else None, since, until, int(cursor) if cursor else None, limit
    )
