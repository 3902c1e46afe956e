"""The parts of pages that are written from the code, and where in a page they stand."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from docsite import api, settings

DOCS: Final = Path(__file__).parents[1] / "docs"
# By page: what makes the part between the two marks.
PARTS: Final[dict[str, Callable[[], str]]] = {"settings.md": settings.tables, "api.md": api.reference}
_PART: Final = re.compile(r"(?<=<!-- written by python -m docsite -->\n).*(?=<!-- end -->)", re.DOTALL)


def page(name: str) -> str:
    """A page as it lies in docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def anew(name: str) -> str:
    """The page with its part as the code has it now."""
    return _PART.sub(lambda _: f"\n{PARTS[name]()}\n", page(name))
