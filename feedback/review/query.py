"""Reads a query name by name; what breaks a rule is noted, and all of it refused at once."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from feedback.errors import Fault, InvalidQuery


class Query:
    """The values of a query whose names are known; an empty value is none."""

    def __init__(self, values: Mapping[str, str], names: Collection[str]) -> None:
        self._values = values
        self._faults = [] if values.keys() <= set(names) else [Fault("query", "unknown_field")]
        # PostgreSQL takes no such text.
        self._faults += [
            Fault(name, "bad_character") for name in sorted(names) if "\0" in values.get(name, "")
        ]

    def note(self, name: str, rule: str, limit: int | None = None) -> None:
        """Note that the value of a name breaks a rule."""
        self._faults.append(Fault(name, rule, limit))

    def refuse(self) -> None:
        """Raise InvalidQuery with a fault for each unknown name and each value that breaks its rule."""
        if self._faults:
            raise InvalidQuery(*self._faults)

    def text(self, name: str, most: int | None = None) -> str | None:
        """Any words, at most so many characters."""
        value = self._values.get(name) or None
        if value and most and len(value) > most:
            self.note(name, "too_long", most)
        return value

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """One of these."""
        value = self._values.get(name) or None
        if value and value not in choices:
            self.note(name, "not_choice")
            return None
        return value

    def number(self, name: str, most: int, default: int) -> int:
        """A number from 1 to `most`."""
        value = self._values.get(name) or str(default)
        # A number of very many digits takes Python very long.
        if not (value.isascii() and value.isdecimal() and len(value) <= 4 and 1 <= int(value) <= most):
            self.note(name, "not_in_range", most)
            return default
        return int(value)

    def time(self, name: str) -> int | None:
        """An ISO 8601 time as epoch milliseconds; one without a zone is UTC."""
        try:
            return _milliseconds(self._values[name]) if self._values.get(name) else None
        except (ValueError, OverflowError):
            self.note(name, "not_time")
            return None


def _milliseconds(text: str) -> int:
    # A plus sign in an address arrives as a space.
    time = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)
