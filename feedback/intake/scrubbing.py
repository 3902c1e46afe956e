"""A raw Submission to ScrubbedFeedback: every free text through the scrubber, or nothing is kept."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from feedback.errors import Unavailable
from feedback.ids import new_id
from feedback.intake.addresses import PageScrubber
from feedback.intake.keys import without_numbers
from feedback.intake.spam import SpamJudge, first_status
from feedback.intake.submission import Submission
from feedback.intake.urgent import UrgentWords
from feedback.model import Removed, ScrubbedFeedback
from scrubbers import RULES_VERSION, Scrubbed, Scrubber


class SubmissionScrubber:
    """Scrubs every field that a visitor can fill."""

    def __init__(self, scrubber: Scrubber, urgent: UrgentWords | None = None) -> None:
        self._scrubber = scrubber
        self._urgent = urgent or UrgentWords()
        self._pages = PageScrubber(scrubber)
        self._spam = SpamJudge()

    def scrub(self, submission: Submission, received_at: int, client: str = "") -> ScrubbedFeedback:
        """The submission as it may be stored; `received_at` is in epoch milliseconds.

        `client` is the address it came from, which only its judgement as spam looks at.

        Raises Unavailable when the scrubber fails for whatever reason: then nothing may be stored.
        """
        with suppress(Exception):  # whatever went wrong, the text must not get past this line
            return self._scrub_all(submission, received_at, client)
        # Not raised while handling the other error: as its context that one would carry the text along.
        raise Unavailable

    def _scrub_all(self, submission: Submission, received_at: int, client: str) -> ScrubbedFeedback:
        site, path = self._pages.address(submission.page)
        title = None if submission.title is None else self._pages.title(submission.title)
        doing = self._scrub(submission.doing)
        comment = self._scrub(submission.comment)
        key = without_numbers(submission.id, self._scrubber) if submission.id else str(new_id())
        words = " ".join(answer.text for answer in (doing, comment) if answer)
        spam = self._spam.judge(submission, path.text, words, client, received_at)
        return ScrubbedFeedback(
            id=key,
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
                *count_removed("page", site, path),
                *count_removed("title", title),
                *count_removed("doing", doing),
                *count_removed("comment", comment),
            ),
            scrub_version=RULES_VERSION,
            urgent=bool(words) and self._urgent.within(words),
        )

    def _scrub(self, text: str | None) -> Scrubbed | None:
        return None if text is None else self._scrubber.scrub(text)


def count_removed(field: str, *texts: Scrubbed | None) -> Iterable[Removed]:
    """What was taken out of the texts of one field, by kind."""
    found = [finding.kind for text in texts if text for finding in text.findings]
    return [Removed(field, kind, count) for kind, count in Counter(found).items()] if found else ()
