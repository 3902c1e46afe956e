"""British vehicle registrations: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(kinds=["UK_VEHICLE_REGISTRATION"])

HITS = {
    "CE12 ABC": "[UK_VEHICLE_REGISTRATION]",
    "CE12ABC": "[UK_VEHICLE_REGISTRATION]",
    "ce12 abc": "[UK_VEHICLE_REGISTRATION]",
    "parked: CE12-ABC": "parked: [UK_VEHICLE_REGISTRATION]",
    "my car A123 BCD": "my car [UK_VEHICLE_REGISTRATION]",
    "reg ABC 123D": "reg [UK_VEHICLE_REGISTRATION]",
    "vehicle AZI 1234": "vehicle [UK_VEHICLE_REGISTRATION]",
    "rhif cofrestru CE12 ABC": "rhif cofrestru [UK_VEHICLE_REGISTRATION]",
    "ＣＥ１２ ＡＢＣ": "[UK_VEHICLE_REGISTRATION]",
    "CE12\xa0ABC": "[UK_VEHICLE_REGISTRATION]",
}
NEAR_MISSES = (
    "at10 the",
    "AT10 the bus",
    "A123 BCD",
    "ABC 123D",
    "AZI 1234",
    "CI12 ABC",
    "CE1 ABC",
    "CE12 AB",
    "CE123ABC",
    "SA1 1AA",
    "the A48 and the M4",
    "QA12 ABC",
)


@pytest.mark.parametrize("text", HITS)
def test_a_registration_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_registration_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text


def test_registrations_stay_unless_asked_for() -> None:
    assert Scrubber().scrub("CE12 ABC").text == "CE12 ABC"
