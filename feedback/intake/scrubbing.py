"""A raw Submission to ScrubbedFeedback: every free text through the scrubber, or nothing is kept."""

import re
from collections import Counter
from typing import Final
from uuid import UUID, uuid5

from stdnum import luhn

from feedback.errors import Unavailable
from feedback.ids import new_id
from feedback.intake.sites import Address
from feedback.intake.spam import first_status, judge
from feedback.intake.submission import Submission
from feedback.model import Removed, ScrubbedFeedback
from scrubbers import RULES_VERSION, Scrubbed, Scrubber

# The client chooses its id, so a number can be written into it: a card's digits, or a National Insurance
# number in letters that hexadecimal has. About one honest id in thirty looks so by chance.
_NINO_IN_ID: Final = re.compile(r"[abce]{2}[0-9]{6}[abcd]")
_DIGITS_IN_ID: Final = re.compile(r"[0-9]{13,}")
_CARD_LENGTHS: Final = range(13, 20)
_REPLACED_IDS: Final = UUID("8f0c1b52-6d0e-5c7a-9a53-0d6a4f6f9b11")  # the name space of ids made from those


def scrub_submission(submission: Submission, scrubber: Scrubber, received_at: int) -> ScrubbedFeedback:
    """Scrub every field that a visitor can fill; `received_at` is in epoch milliseconds.

    Raises Unavailable when the scrubber fails for whatever reason: then nothing may be stored.
    """
    try:
        site, path = _scrub_address(submission.page, scrubber)
        title = _scrub(submission.title, scrubber)
        doing = _scrub(submission.doing, scrubber)
        comment = _scrub(submission.comment, scrubber)
        key = _safe_id(submission.id, scrubber)
    except Exception:  # noqa: BLE001  # whatever went wrong, the text must not get past this line
        raise Unavailable from None
    spam = judge(submission)
    return ScrubbedFeedback(
        id=str(key),
        received_at=received_at,
        site=site,
        path=path,
        title=title,
        lang=submission.lang,
        useful=submission.useful,
        doing=doing,
        comment=comment,
        status=first_status(spam),
        spam=spam,
        removed=(
            *_count("page", site, path),
            *_count("title", title),
            *_count("doing", doing),
            *_count("comment", comment),
        ),
        scrub_version=RULES_VERSION,
    )


def _scrub_address(page: Address, scrubber: Scrubber) -> tuple[Scrubbed, Scrubbed]:
    """Site and path, scrubbed; a number that runs from the port into the path takes the path with it."""
    whole = scrubber.scrub(page.site + page.path)
    border = len(page.site)
    across = next((finding for finding in whole.findings if finding.start < border < finding.end), None)
    if across is None:
        return scrubber.scrub(page.site), scrubber.scrub(page.path)
    return scrubber.scrub(page.site[: across.start].rstrip(":")), scrubber.scrub(f"/[{across.kind}]")


def _scrub(text: str | None, scrubber: Scrubber) -> Scrubbed | None:
    return None if text is None else scrubber.scrub(text)


def _count(field: str, *texts: Scrubbed | None) -> list[Removed]:
    kinds = Counter(finding.kind for text in texts if text for finding in text.findings)
    return [Removed(field, kind, count) for kind, count in kinds.items()]


def _safe_id(sent: UUID | None, scrubber: Scrubber) -> UUID:
    """The client's id, or one made from it where it could spell a number; the same for the same id."""
    if sent is None:
        return new_id()
    return uuid5(_REPLACED_IDS, sent.hex) if _spells_number(sent.hex, scrubber) else sent


def _spells_number(text: str, scrubber: Scrubber) -> bool:
    if _NINO_IN_ID.search(text):
        return True
    windows = (
        digits[start : start + length]
        for digits in _DIGITS_IN_ID.findall(text)
        for length in _CARD_LENGTHS
        for start in range(len(digits) - length + 1)
    )
    return any(luhn.is_valid(window) and scrubber.scrub(window).findings for window in windows)
