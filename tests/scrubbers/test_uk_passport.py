"""British passport numbers: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "passport number 533380006": "passport number [UK_PASSPORT]",
    "passport no. 533 380 006": "passport no. [UK_PASSPORT]",
    "my passport is 533-380-006": "my passport is [UK_PASSPORT]",
    "passport PA1234567": "passport [UK_PASSPORT]",
    "passport: PA 123 4567": "passport: [UK_PASSPORT]",
    "fy mhasbort yw 533380006": "fy mhasbort yw [UK_PASSPORT]",
    "Rhif pasbort 533380006": "Rhif pasbort [UK_PASSPORT]",
    "533380006 is on my passport": "[UK_PASSPORT] is on my passport",
    "passport ５３３３８０００６": "passport [UK_PASSPORT]",
    "Passport number: ５３３ ３８０ ００６": "Passport number: [UK_PASSPORT]",
}
NEAR_MISSES = (
    "533380006",
    "passport office reference 533380006",
    "I paid for a passport, order 533380006",
    "passport fee is 82.50",
    "passport renewed 12/03/2019",
    "passport photos 35 45 mm",
    "533 380 006",
)


@pytest.mark.parametrize("text", HITS)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_number_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
