"""Submissions of different age, page and site, for the pages of privacy."""

import re
import time

from tests.store.samples import DAY, some_feedback

NOW = time.time_ns() // 1_000_000
ROWS = {
    "new": some_feedback("new bins", NOW - 1000),
    "old": some_feedback("old bins", NOW - 179 * DAY),
    "tax": some_feedback("tax words", NOW - 10 * DAY, path="/tax"),
    "else": some_feedback("bins elsewhere", NOW - 10 * DAY, site="https://a.wild.gov.uk"),
}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
