"""Driving licence numbers: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "licence MORGA657054SM9IJ": "licence [UK_DRIVING_LICENCE]",
    "morga657054sm9ij": "[UK_DRIVING_LICENCE]",
    "MORGA 657054 SM9IJ": "[UK_DRIVING_LICENCE]",
    "MORGA-657054-SM-9IJ": "[UK_DRIVING_LICENCE]",
    "LEE99 406065 AG9EE": "[UK_DRIVING_LICENCE]",
    "REES9903211SJ9WH": "[UK_DRIVING_LICENCE]",
    "trwydded yrru MORGA657054SM9IJ": "trwydded yrru [UK_DRIVING_LICENCE]",
    "ＭＯＲＧＡ ６５７０５４ SM9IJ": "[UK_DRIVING_LICENCE]",
    "MORGA\xa0657054\xa0SM9IJ": "[UK_DRIVING_LICENCE]",
    "MORGA657054S99IJ 35": "[UK_DRIVING_LICENCE] 35",
}
NEAR_MISSES = (
    "MORGA697054SM9IJ",
    "MORGA657994SM9IJ",
    "MORG657054SM9IJ",
    "MORGAN657054SM9IJ",
    "HELLO 657054 is my order",
    "paid 657054 as my fee is due",
    "JD0083907121010437",
    "ae123456-c0de-4abc-8abc-123456abcdef",
)


@pytest.mark.parametrize("text", HITS)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_number_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
