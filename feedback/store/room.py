"""How many submissions may wait at once, so that none of those that are taken waits for long."""

from typing import Final

# Seconds that a submission may wait until it is on disk; what would wait longer is turned away at once.
WAIT_SECONDS: Final = 0.25
# A disk that takes long for each commit still gets batches that are worth it.
_LEAST: Final = 64
# The share of its places that it keeps after one batch that waited too long.
_KEPT: Final = 0.7


class Room:
    """Follows how long submissions wait, by Little's law: what waits is the rate times the time it waits.

    When the last ones waited too long, so many may wait as were worked off in the allowed time. While none
    does, a little more room is tried with each batch, up to `most`.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.places = most

    def waited(self, seconds: float, waiting: int) -> None:
        """Learn from a batch: how long its oldest waited, and how many waited when it was done."""
        if seconds > WAIT_SECONDS:
            # One slow moment of the disk is no overload: not all the way at once.
            taken = min(self.places, waiting)
            self.places = max(_LEAST, int(taken * max(_KEPT, WAIT_SECONDS / seconds)))
        else:
            self.places = min(self._most, self.places + 1 + self.places // 10)
