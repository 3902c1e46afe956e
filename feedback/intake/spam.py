"""How likely a submission is spam, with the reasons; it only marks, a person decides."""

import re
from dataclasses import dataclass, field
from typing import Final

from feedback.intake.rate import network_of
from feedback.intake.submission import Submission
from feedback.model import Spam, Status

# At this score a submission starts in the tab for spam. Each reason adds its weight; docs/spam.md has what
# they make of samples. No reason that can be honest reaches the score alone, unless it comes in numbers.
SPAM_SCORE: Final = 0.5

# A vote is one press of a button; words take longer to type or paste.
_FAST_SECONDS: Final = 1.5
_FAST: Final = 0.4
# Shorter words are the same from many honest people: "yes", "it does not work". A sentence that people come
# to by themselves ("I cannot find what I am looking for") may be suspected, but not marked for that alone.
_COMPARED_LENGTH: Final = 25  # characters
_SAME_WORDS: Final = ((3, 0.3),)
_LONG_LENGTH: Final = 60
_SAME_LONG_WORDS: Final = ((6, 0.6), (3, 0.3))
_SAME_WORDS_MS: Final = 3_600_000
_LINKS: Final = ((3, 0.7), (2, 0.4), (1, 0.2))
_LINK_WITH_MARKUP: Final = 0.6
_GIBBERISH: Final = 0.5
# Whoever reads a website sends something about a few of its pages; so does an office behind one address.
_PAGES: Final = ((25, 0.5), (10, 0.3))
_PAGES_MS: Final = 600_000
# Words and networks that are remembered, as hashes; the oldest go first.
_REMEMBERED: Final = 10_000

_LINK: Final = re.compile(r"(?:https?://|www\.)([^\s/\]\">]+)")
_MARKUP: Final = re.compile(r"<a\s|\[url|\[link")
# Letters that lie beside each other on the keyboard, or seven consonants in a row: "Knightsbridge" has six,
# and Welsh, whose vowels are w and y too, fewer. Longer texts are hardly noise alone, and slower to look at.
_KEYBOARD: Final = ("asdf", "sdfg", "qwert", "zxcv", "hjkl")
_CONSONANTS: Final = re.compile(r"[bcdfghjklmnpqrstvxz]{7}")
_NOISE_LENGTH: Final = 80  # characters


_HONEST: Final = Spam()


@dataclass(slots=True)
class _Seen:
    """How often something came since a time, and about which pages; nothing of what it was."""

    since: int  # epoch milliseconds
    times: int = 0
    last: int | None = None  # the hash of the id that came last
    pages: set[int] = field(default_factory=set)


class _Memory:
    """What was seen in a window of time, by hashes; the older half goes when there are too many.

    Python's own hash of text is SipHash with a key that each process makes anew: enough for what never leaves
    the process, and twenty times as fast as a hash made to be stored.
    """

    def __init__(self, window: int) -> None:
        self._window = window  # milliseconds
        self._new: dict[int, _Seen] = {}
        self._old: dict[int, _Seen] = {}

    def seen(self, text: str | bytes, now: int) -> _Seen:
        key = hash(text)
        seen = self._new.get(key) or self._old.get(key)
        if seen is None or not 0 <= now - seen.since < self._window:
            if len(self._new) >= _REMEMBERED // 2:
                self._new, self._old = {}, self._new
            seen = self._new[key] = _Seen(now)
        return seen


class SpamJudge:
    """Scores submissions by what is in them and by what came before, which each process remembers itself."""

    def __init__(self) -> None:
        self._words = _Memory(_SAME_WORDS_MS)
        self._networks = _Memory(_PAGES_MS)

    def judge(self, submission: Submission, page: str, words: str, client: str, now: int) -> Spam:
        """Score one submission from 0 (honest) to 1 (spam).

        `page` and `words` are its path and its answers, scrubbed; `client` is its sender's address; `now` is
        in epoch milliseconds.
        """
        if submission.honeypot:
            return Spam(1.0, ("honeypot",))
        found: dict[str, float] = {}
        if words:
            self._by_words(found, submission, words.lower(), now)
        pages = self._networks.seen(network_of(client), now).pages
        if len(pages) <= _PAGES[0][0]:
            pages.add(hash(page))
        if len(pages) > _PAGES[-1][0]:
            found["many_pages"] = _weight(_PAGES, len(pages) - 1)
        return Spam(min(1.0, round(sum(found.values()), 2)), tuple(found)) if found else _HONEST

    def _by_words(self, found: dict[str, float], submission: Submission, words: str, now: int) -> None:
        if submission.elapsed is not None and submission.elapsed < _FAST_SECONDS:
            found["too_fast"] = _FAST
        if "://" in words or "www." in words:
            links = _links(words, submission.page.site)
            if links:
                found["links"] = links
        if len(words) <= _NOISE_LENGTH and _is_noise(words):
            found["gibberish"] = _GIBBERISH
        if len(words) >= _COMPARED_LENGTH:
            seen = self._words.seen(words, now)
            sent = hash(submission.id) if submission.id else None
            # Whoever sends again what could not be stored repeats nothing.
            seen.times += sent is None or sent != seen.last
            seen.last = sent
            if seen.times >= _SAME_WORDS[-1][0]:
                steps = _SAME_LONG_WORDS if len(words) >= _LONG_LENGTH else _SAME_WORDS
                found["repeated"] = _weight(steps, seen.times)


def first_status(spam: Spam) -> Status:
    """The status a new submission starts with."""
    return Status.SPAM if spam.score >= SPAM_SCORE else Status.NEW


def _is_noise(words: str) -> bool:
    return any(row in words for row in _KEYBOARD) or _CONSONANTS.search(words) is not None


def _links(words: str, site: str) -> float:
    own = site.partition("://")[2]
    others = sum(host != own for host in _LINK.findall(words))
    return max(_weight(_LINKS, others), _LINK_WITH_MARKUP if others and _MARKUP.search(words) else 0.0)


def _weight(steps: tuple[tuple[int, float], ...], count: int) -> float:
    return next((weight for least, weight in steps if count >= least), 0.0)
