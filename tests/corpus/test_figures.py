"""Our figures on the corpus: the floors below which CI fails."""

import pytest

from scrubbers import catalogue
from scrubbers.corpus.record import read
from scrubbers.corpus.report import measured
from scrubbers.corpus.score import Scores

KINDS = ("UK_NINO", "CREDIT_CARD")
OTHER_KINDS = [kind.name for kind in catalogue.KINDS if kind.default and kind.name not in KINDS]
FLOORS = {"plain": 1.0, "format": 1.0, "hard": 0.99}
OTHER_FLOORS = {"plain": 0.99, "format": 0.95, "hard": 0.9}


@pytest.fixture(scope="module")
def figures() -> Scores:
    return measured(list(read()))


@pytest.fixture(scope="module")
def every_kind() -> Scores:
    return measured(list(read()), every_kind=True)


def imperfect(scores: Scores, kind: str, family: str) -> list[str]:
    prefix = {"UK_NINO": "nino: ", "CREDIT_CARD": "card: "}[kind]
    return [
        f"{name} {tally.recall:.3f}"
        for name, tally in scores.classes.items()
        if name.startswith(prefix) and tally.recall != 1
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", FLOORS)
def test_recall_stays_above_its_floor(figures: Scores, kind: str, family: str) -> None:
    recall = figures.kinds[kind, family].recall
    assert recall is not None
    assert recall >= FLOORS[family], imperfect(figures, kind, family)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leaks_among_plain_writings(figures: Scores, kind: str) -> None:
    assert figures.kinds[kind, "plain"].leaked == 0


@pytest.mark.parametrize("kind", KINDS)
def test_findings_are_right(figures: Scores, kind: str) -> None:
    share = figures.precision[kind].share
    assert share is not None
    assert share >= 0.995


def test_at_most_one_clean_text_in_a_thousand_is_touched(figures: Scores) -> None:
    touched = [
        name for name, tally in figures.classes.items() if name.startswith("clean: ") and tally.touched
    ]
    assert figures.clean.touched <= figures.clean.texts / 1000, touched


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_the_other_kinds_stay_above_their_floors(figures: Scores, kind: str) -> None:
    recalls = {
        family: figures.kinds[kind, family].recall for family in FLOORS if (kind, family) in figures.kinds
    }
    assert recalls
    assert all((recall or 0) >= OTHER_FLOORS[family] for family, recall in recalls.items()), recalls
    assert (figures.precision[kind].share or 0) >= 0.98


@pytest.mark.parametrize("kind", ["UK_POSTCODE", "UK_VEHICLE_REGISTRATION", "IP_ADDRESS"])
def test_kinds_that_are_off_by_default_are_found_when_asked_for(every_kind: Scores, kind: str) -> None:
    assert (every_kind.kinds[kind, "plain"].recall or 0) >= 0.99
