"""Unique Taxpayer References: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "my UTR is 1955839661": "my UTR is [UK_UTR]",
    "UTR: 19558 39661": "UTR: [UK_UTR]",
    "unique taxpayer reference 195 583 9661": "unique taxpayer reference [UK_UTR]",
    "self assessment, 1955839661": "self assessment, [UK_UTR]",
    "fy rhif UTR yw 1955839661": "fy rhif UTR yw [UK_UTR]",
    "cyfeirnod unigryw y trethdalwr 1955839661": "cyfeirnod unigryw y trethdalwr [UK_UTR]",
    "UTR 1955839661K": "UTR [UK_UTR]K",
    "tax reference 1955839661": "tax reference [UK_UTR]",
    "UTR 2955839661": "UTR [UK_UTR]",
    "u.t.r. １９５５８３９６６１": "u.t.r. [UK_UTR]",
}
NEAR_MISSES = (
    "1955839661",
    "council tax reference 1955839661",
    "cyfeirnod treth gyngor 1955839661",
    "tax reference 2955839661",
    "invoice 1955839661",
    "the tax on 1,955,839,661 pounds",
    "self assessment took 1234567890 ms",
)


@pytest.mark.parametrize("text", HITS)
def test_a_reference_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_reference_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
