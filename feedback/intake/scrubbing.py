"""A raw Submission to ScrubbedFeedback: every free text through the scrubber, or nothing is kept."""

from collections import Counter
from contextlib import suppress

from feedback.errors import Unavailable
from feedback.ids import new_id
from feedback.intake.keys import without_numbers
from feedback.intake.sites import Address
from feedback.intake.spam import first_status, judge
from feedback.intake.submission import Submission
from feedback.model import Removed, ScrubbedFeedback
from scrubbers import RULES_VERSION, Scrubbed, Scrubber


def scrub_submission(submission: Submission, scrubber: Scrubber, received_at: int) -> ScrubbedFeedback:
    """Scrub every field that a visitor can fill; `received_at` is in epoch milliseconds.

    Raises Unavailable when the scrubber fails for whatever reason: then nothing may be stored.
    """
    with suppress(Exception):  # whatever went wrong, the text must not get past this line
        return _scrub_all(submission, scrubber, received_at)
    # Not raised while handling the other error: as its context that one would carry the text along.
    raise Unavailable


def _scrub_all(submission: Submission, scrubber: Scrubber, received_at: int) -> ScrubbedFeedback:
    site, path = _scrub_address(submission.page, scrubber)
    title = _scrub(submission.title, scrubber)
    doing = _scrub(submission.doing, scrubber)
    comment = _scrub(submission.comment, scrubber)
    key = without_numbers(submission.id, scrubber) if submission.id else new_id()
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
