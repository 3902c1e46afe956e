"""Words that follow a vote: what the widget asks after Yes or No is no second submission of a network."""

import time
from typing import Final

# Seconds within which words belong to a vote of their network.
_WITHIN: Final = 600
# Networks that are remembered; beyond them, the one that has waited longest is counted twice.
_REMEMBERED: Final = 10_000


class Following:
    """How many words may follow votes, by the hash of a network.

    Each vote that was counted lets one submission through uncounted, so that whoever misuses it sends at most
    twice what the rate says. Other processes do not know of it: there words are counted as ever.
    """

    def __init__(self) -> None:
        self._votes: dict[str, tuple[int, float]] = {}  # how many, and until when

    def voted(self, network: str) -> None:
        """Let one submission of the network follow."""
        times, until = self._votes.pop(network, (0, 0.0))
        now = time.monotonic()
        if len(self._votes) >= _REMEMBERED:
            del self._votes[next(iter(self._votes))]
        self._votes[network] = (times + 1 if until > now else 1, now + _WITHIN)

    def take(self, network: str) -> bool:
        """Whether one may follow; then it has."""
        times, until = self._votes.pop(network, (0, 0.0))
        if times > 1:
            self._votes[network] = (times - 1, until)
        return until > time.monotonic()
