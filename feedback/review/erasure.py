"""Which submissions somebody asks to erase, read from a form or from JSON; and which grow too old when."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from feedback.errors import Fault, Invalid, InvalidQuery
from feedback.review.filters import parse_filters
from feedback.store import Sought, Store

MAX_KEYS: Final = 200
_KEY: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_DAY_MS: Final = 86_400_000
_FORECAST_DAYS: Final = 30
_EPOCH: Final = date(1970, 1, 1)


def parse_form(fields: Mapping[str, str]) -> Sought:
    """Read the form: ids, or some of page, dates and words. Raises Invalid, naming each wrong field."""
    keys = fields["ids"].replace(",", " ").split()
    chosen = {name: fields[name].strip() for name in ("since", "until", "q") if fields[name].strip()}
    faults: list[Fault] = []
    if fields["page"].strip():
        address = _take_apart(fields["page"].strip())
        if address:
            chosen |= address
        else:
            faults.append(Fault("page", "not_url"))
    return _sought(keys, chosen, faults, "ids")


def parse_json(body: Mapping[str, object]) -> Sought:
    """Read `{"ids": [...]}` or the names and values of the list's filters. Raises Invalid."""
    keys = body.get("ids", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Invalid(Fault("ids", "wrong_type"))
    rest = {name: value for name, value in body.items() if name != "ids"}
    wrong = [Fault(name, "wrong_type") for name, value in rest.items() if not isinstance(value, str)]
    if wrong:
        raise Invalid(
            *(fault if fault.field in _NAMES else Fault("body", "unknown_field") for fault in wrong)
        )
    return _sought(keys, {name: str(value) for name, value in rest.items() if value}, [], "body")


async def forecast(store: Store, days: int, now: int) -> Sequence[tuple[date, int]]:
    """On which of the next days how many submissions grow too old, the first with all that is due already."""
    if not days:
        return ()
    came = await store.due(now - (days - _FORECAST_DAYS) * _DAY_MS)
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    going: dict[date, int] = {}
    for day, number in came:
        # Those of a day go through the day after so many days; the last of them by its end.
        goes = max(_EPOCH + timedelta(days=day + days), today)
        going[goes] = going.get(goes, 0) + number
    return sorted(going.items())


_NAMES: Final = frozenset(("site", "path", "status", "useful", "lang", "q", "since", "until"))


def _sought(keys: Sequence[str], chosen: Mapping[str, str], faults: list[Fault], where: str) -> Sought:
    if len(keys) > MAX_KEYS:
        faults.append(Fault("ids", "too_many_ids", MAX_KEYS))
    elif not all(map(_KEY.fullmatch, keys)):
        faults.append(Fault("ids", "not_id"))
    if not chosen.keys() <= _NAMES:
        faults.append(Fault("body", "unknown_field"))
    elif bool(keys) == bool(chosen) and not faults:
        # Nothing chosen would be everything.
        faults.append(Fault(where, "ids_or_filters"))
    filters = None
    if chosen and not faults:
        try:
            filters = parse_filters(chosen)
        except InvalidQuery as problem:
            faults += problem.faults
    if faults:
        raise Invalid(*faults)
    return Sought(tuple(keys), filters)


def _take_apart(page: str) -> dict[str, str] | None:
    """Site and path of a page's address, as they are stored; None where it is not one."""
    try:
        parts = urlsplit(page)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return {"site": f"{parts.scheme}://{parts.netloc.lower()}", "path": parts.path or "/"}
