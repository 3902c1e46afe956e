"""Shares and their intervals are those of the papers that they come from."""

import pytest

from feedback.model.share import Change, Share


# Newcombe, Two-Sided Confidence Intervals for the Single Proportion (1998), table I, method 3.
@pytest.mark.parametrize(
    ("yes", "votes", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_an_interval_is_the_published_one(yes: int, votes: int, low: float, high: float):
    share = Share.of(yes, votes - yes)
    assert share is not None
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)
    assert (share.value, share.votes) == (yes / votes, votes)


# Newcombe, Interval Estimation for the Difference Between Independent Proportions (1998), table II, 10.
@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_a_difference_is_the_published_one(
    after: tuple[int, int], before: tuple[int, int], low: float, high: float
):
    def share(yes: int, votes: int) -> Share | None:
        return Share.of(yes, votes - yes)

    change = Change.between(share(*before), share(*after))
    assert change is not None
    assert (round(change.low, 4), round(change.high, 4)) == (low, high)


def test_without_votes_nothing_is_said():
    assert Share.of(0, 0) is None
    assert Change.between(None, Share.of(1, 0)) is None
    assert Change.between(Share.of(1, 0), None) is None


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [((50, 50), (80, 20), "better"), ((80, 20), (50, 50), "worse"), ((5, 5), (6, 4), "unclear")],
)
def test_a_verdict_needs_more_than_chance(before: tuple[int, int], after: tuple[int, int], verdict: str):
    change = Change.between(Share.of(*before), Share.of(*after))
    assert change is not None
    assert change.verdict == verdict
