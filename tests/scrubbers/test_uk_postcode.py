"""British postcodes: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(kinds=["UK_POSTCODE"])

HITS = {
    "SA1 1AA": "[UK_POSTCODE]",
    "SA11AA": "[UK_POSTCODE]",
    "sa1 1aa": "[UK_POSTCODE]",
    "EC1A 1BB, W1A 0AX, M1 1AE": "[UK_POSTCODE], [UK_POSTCODE], [UK_POSTCODE]",
    "B33 8TH, CR2 6XH, DN55 1PT": "[UK_POSTCODE], [UK_POSTCODE], [UK_POSTCODE]",
    "GIR 0AA": "[UK_POSTCODE]",
    "SA1\xa01AA": "[UK_POSTCODE]",
    "SA1&nbsp;1AA": "[UK_POSTCODE]",
    "SA1%201AA": "[UK_POSTCODE]",
    "ＳＡ１ １ＡＡ": "[UK_POSTCODE]",
    "cod post LL57 2DG.": "cod post [UK_POSTCODE].",
}
NEAR_MISSES = (
    "XX1 1AA",
    "SA1 1AC",
    "SA1 AA1",
    "SA1",
    "the M4 5th junction",
    "A4 and A48",
    "PA1234567",
    "SA1 1AAA",
    "at 1 2nd",
)


@pytest.mark.parametrize("text", HITS)
def test_a_postcode_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_postcode_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text


def test_postcodes_stay_unless_asked_for() -> None:
    assert Scrubber().scrub("SA1 1AA").text == "SA1 1AA"
