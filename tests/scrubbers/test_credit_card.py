"""Card numbers and what stands beside them: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(kinds=[])

PLAIN = (
    "4111111111111111",  # Visa
    "4222222222222",  # Visa of 13 digits
    "5555555555554444",  # Mastercard
    "2223003122003222",  # Mastercard 2-series
    "378282246310005",  # American Express
    "30569309025904",  # Diners
    "6011111111111117",  # Discover
    "3530111333300000",  # JCB
    "6200000000000005",  # UnionPay
    "6759649826438453",  # Maestro
    "2201382000000013",  # Mir
    "6304000000000000",  # Maestro
    "4000000000000000006",  # Visa of 19 digits
)
HITS = {
    "spaces": "4111 1111 1111 1111",
    "hyphens": "4111-1111-1111-1111",
    "dots": "4111.1111.1111.1111",
    "slashes": "4111/1111/1111/1111",
    "double spaces": "4111  1111  1111  1111",
    "tabs": "4111\t1111\t1111\t1111",
    "lines": "4111\n1111\n1111\n1111",
    "no-break spaces": "4111\u00a01111\u00a01111\u00a01111",
    "zero-width spaces": "4111\u200b1111\u200b1111\u200b1111",
    "soft hyphens": "4111\u00ad1111\u00ad1111\u00ad1111",
    "full-width": "４１１１１１１１１１１１１１１１",
    "Amex groups": "3782 822463 10005",
    "pairs": "41 11 11 11 11 11 11 11",
    "eights": "41111111 11111111",
    "odd groups": "411 11111 111 11111",
    "one by one": "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "percent-encoded": "4111%201111%201111%201111",
    "entities": "4111&nbsp;1111&nbsp;1111&nbsp;1111",
    "br": "4111<br>1111<br/>1111<br />1111",
    "number words": "four one one one, one one one one, one one one one, one one one one",
    "glued": "card4111111111111111",
}
NEAR_MISSES = (
    "4111 1111 1111 1112",
    "4111111111111112",
    "2019 2020 2021 2022",
    "1203 4111 1111 1111 1111 1203",
    "3.141592653589793",
    "1,234,567,890,123,456",
    "ISBN 978-0-306-40615-7",
    "IMEI 490154203237518",
    "UPRN 100012345678",
    "30/06/2019 10:30:00",
    "01632 960000 or 07700 900123",
    "4b1e4111-1111-4111-8111-111111111111",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "**** **** **** 1111",
)


@pytest.mark.parametrize("number", PLAIN)
def test_every_network_is_found(number: str) -> None:
    assert SCRUBBER.scrub(f"I tried {number} twice").text == "I tried [CREDIT_CARD] twice"


@pytest.mark.parametrize("text", HITS.values(), ids=HITS)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    scrubbed = SCRUBBER.scrub(f"It says {text}; why?")
    assert [each.kind for each in scrubbed.findings] == ["CREDIT_CARD"]
    assert not any(map(str.isdigit, scrubbed.text))


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_number_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("4111111111111111 12/27 123", "[CREDIT_CARD] [CARD_EXPIRY] [CARD_SECURITY_CODE]"),
        (
            "4111111111111111 expiry 12/2027, cvv: 123",
            "[CREDIT_CARD] expiry [CARD_EXPIRY], cvv: [CARD_SECURITY_CODE]",
        ),
        ("4111111111111111, cod diogelwch 123", "[CREDIT_CARD], cod diogelwch [CARD_SECURITY_CODE]"),
    ],
)
def test_the_code_and_expiry_beside_a_card_are_found(text: str, scrubbed: str) -> None:
    assert SCRUBBER.scrub(text).text == scrubbed


@pytest.mark.parametrize("text", ["the meeting on 12/27", "security code 123 for the gate", "cvv"])
def test_a_code_or_a_date_without_a_card_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
