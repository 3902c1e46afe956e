"""Telephone numbers: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "call 07700 900123": "call [PHONE_NUMBER]",
    "07700900123": "[PHONE_NUMBER]",
    "07700 900 123": "[PHONE_NUMBER]",
    "0770 090 0123": "[PHONE_NUMBER]",
    "07700-900-123": "[PHONE_NUMBER]",
    "tel:07700900123": "tel:[PHONE_NUMBER]",
    "mob07700900123": "mob[PHONE_NUMBER]",
    "(01632) 960001": "[PHONE_NUMBER]",
    "01632 960 001": "[PHONE_NUMBER]",
    "020 7946 0018": "[PHONE_NUMBER]",
    "029 2018 0043 or 0161 496 0018": "[PHONE_NUMBER] or [PHONE_NUMBER]",
    "+44 7700 900123": "[PHONE_NUMBER]",
    "+44 (0)7700 900123": "[PHONE_NUMBER]",
    "+44(0)1632 960001": "[PHONE_NUMBER]",
    "0044 7700 900123": "[PHONE_NUMBER]",
    "44 7700 900123": "[PHONE_NUMBER]",
    "+447700900123": "[PHONE_NUMBER]",
    "０７７００ ９００１２３": "[PHONE_NUMBER]",
    "07700\xa0900\xa0123": "[PHONE_NUMBER]",
    "0770\u200b0 900\xad123": "[PHONE_NUMBER]",
    "phone 0 7 7 0 0 9 0 0 1 2 3": "phone [PHONE_NUMBER]",
    "text me on oh seven seven oh oh nine oh oh one two three": "text me on [PHONE_NUMBER]",
    "mobile 7700900123": "mobile [PHONE_NUMBER]",
    "+33 1 42 68 53 00": "[PHONE_NUMBER]",
    "+353 1 234 5678": "[PHONE_NUMBER]",
    "my phone is 00 33 1 42 68 53 00": "my phone is [PHONE_NUMBER]",
    "tel 652341": "tel [PHONE_NUMBER]",
    "ring me back on 960 123 after 5": "ring me back on [PHONE_NUMBER] after 5",
    "Ffoniwch fi ar 01632 960001 ar ol pump": "Ffoniwch fi ar [PHONE_NUMBER] ar ol pump",
    "fy rhif ffôn yw 07700 900123": "fy rhif ffôn yw [PHONE_NUMBER]",
    "01632 960001 ext 23": "[PHONE_NUMBER] ext 23",
    "phone me, 01204 38562": "phone me, [PHONE_NUMBER]",
}
NEAR_MISSES = (
    "phone 0300 123 4567",
    "0800 1111 or 0808 800 5000",
    "0845 46 47 and 0871 200 22 33",
    "+44 300 123 4567",
    "ring 101, 105, 111, 116 123, 119 or 999",
    "text 60006",
    "09061 234567",
    "order 07912345678",
    "reference 01632960001",
    "SS 01927 43813",
    "UPRN 010012345678",
    "ISBN 978-0-306-40615-7",
    "01/02/2003 10:30",
    "the years 2001 2002 2003",
    "0.07700900123",
    "23/01632/960001",
    "numbers 07 14 25 36 48 50",
    "7b07700900123c",
    "call me on 12-03-2019",
    "I phoned 3 times about 120000 letters",
    "version 01.792.636.000",
)


@pytest.mark.parametrize("text", HITS)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_number_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text


def test_the_councils_own_number_stays_however_it_is_written() -> None:
    scrubber = Scrubber(allow=["01632 960001"])
    for text in ("(01632) 960 001", "+44 1632 960001", "0044 (0)1632-960-001", "01632960001"):
        assert scrubber.scrub(text).text == text
    assert scrubber.scrub("01632 960002").text == "[PHONE_NUMBER]"
