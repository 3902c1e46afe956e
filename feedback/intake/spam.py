"""How likely a submission is spam, with the reasons; it only marks, a person decides."""

from typing import Final

from feedback.intake.submission import Submission
from feedback.model import Spam, Status

# At this score a submission starts in the tab for spam.
SPAM_SCORE: Final = 0.5


def judge(submission: Submission) -> Spam:
    """Score one submission from 0 (honest) to 1 (spam)."""
    if submission.honeypot:
        return Spam(1.0, ("honeypot",))
    return Spam()


def first_status(spam: Spam) -> Status:
    """The status a new submission starts with."""
    return Status.SPAM if spam.score >= SPAM_SCORE else Status.NEW
