"""NHS numbers: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "my NHS number is 999 000 0018": "my NHS number is [UK_NHS]",
    "NHS no. 9990000018": "NHS no. [UK_NHS]",
    "NHS: 999-000-0018": "NHS: [UK_NHS]",
    "999 000 0018": "[UK_NHS]",
    "rhif GIG 999 000 0018": "rhif GIG [UK_NHS]",
    "Rhif y GIG: 9990000018": "Rhif y GIG: [UK_NHS]",
    "nhs number 99 90 00 00 18": "nhs number [UK_NHS]",
    "9990000018 is my NHS number": "[UK_NHS] is my NHS number",
    "NHS ９９９ ０００ ００１８": "NHS [UK_NHS]",
    "NHS 999\xa0000\xa00018": "NHS [UK_NHS]",
    "the hospital has him as patient 9990000018": "the hospital has him as patient [UK_NHS]",
    "NHS number 999 000 0019": "NHS number [UK_NHS]",
}
NEAR_MISSES = (
    "9990000018",
    "999 000 0019",
    "invoice 9990000018",
    "case reference 999 000 0018",
    "ref: 999-000-0018",
    "I rang the NHS about order 1234567890",
    "the NHS got 1234567890 pounds",
    "NHS 999 000 001",
    "10:30 999 000 0018/2",
)


@pytest.mark.parametrize("text", HITS)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_number_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
