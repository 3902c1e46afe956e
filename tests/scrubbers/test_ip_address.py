"""IP addresses: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(kinds=["IP_ADDRESS"])

HITS = {
    "from 192.0.2.1": "from [IP_ADDRESS]",
    "[192.0.2.1]:8000": "[[IP_ADDRESS]]:8000",
    "192.0.2.1/24": "[IP_ADDRESS]/24",
    "from=203.0.113.9;": "from=[IP_ADDRESS];",
    "2001:db8::1:2": "[IP_ADDRESS]",
    "2001:db8:0:0:0:0:0:1": "[IP_ADDRESS]",
    "[2001:db8::7d71:f090]": "[[IP_ADDRESS]]",
    "192.0.2.1, 192.0.2.2.": "[IP_ADDRESS], [IP_ADDRESS].",
}
NEAR_MISSES = (
    "192.0.2.256",
    "version 1.2.3.4",
    "v1.2.3.4",
    "1.2.3.4.5",
    "94.0.5660.994",
    "12:30:45",
    "12:30",
    "::",
    "a::b",
    "93:75:ff:79:a9:42",
    "51.51.123",
    "std::vector",
    "1.2.3",
)


@pytest.mark.parametrize("text", HITS)
def test_an_address_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_ip_address_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text


def test_addresses_stay_unless_asked_for() -> None:
    assert Scrubber().scrub("192.0.2.1").text == "192.0.2.1"
