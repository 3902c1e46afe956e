"""E-mail addresses: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "write to sian@example.com": "write to [EMAIL_ADDRESS]",
    "SIAN.REES@EXAMPLE.CO.UK": "[EMAIL_ADDRESS]",
    "mailto:s.rees+bins@mail.example.org?subject=bins": "mailto:[EMAIL_ADDRESS]?subject=bins",
    "Sian Rees <sian@example.com>": "Sian Rees <[EMAIL_ADDRESS]>",
    "(sian@example.com), tom_1@example.org; thanks": "([EMAIL_ADDRESS]), [EMAIL_ADDRESS]; thanks",
    "email=sian@example.com&next=1": "email=[EMAIL_ADDRESS]&next=1",
    "sian%40example.com": "[EMAIL_ADDRESS]",
    "sian&#64;example.com": "[EMAIL_ADDRESS]",
    "sian&commat;example.com": "[EMAIL_ADDRESS]",
    "sian＠example.com": "[EMAIL_ADDRESS]",
    "ｓｉａｎ@example.com": "[EMAIL_ADDRESS]",
    "siân@example.wales": "[EMAIL_ADDRESS]",
    "sian@\u200bexample.com": "[EMAIL_ADDRESS]",
    "email sian @ example.com": "email [EMAIL_ADDRESS]",
    "sian.rees @example.com": "[EMAIL_ADDRESS]",
    "sian@ example.com": "[EMAIL_ADDRESS]",
    "sian.rees at example.com": "[EMAIL_ADDRESS]",
    "email me at sian at example dot com please": "email me at [EMAIL_ADDRESS] please",
    "sian dot rees at example dot co dot uk": "[EMAIL_ADDRESS]",
    "sian (at) example.com": "[EMAIL_ADDRESS]",
    "sian [at] example [dot] com": "[EMAIL_ADDRESS]",
    "fy e-bost yw sian at post dot cymru": "fy e-bost yw [EMAIL_ADDRESS]",
    "some.one@example.com": "[EMAIL_ADDRESS]",
    "I use joe.bloggs@gmail": "I use [EMAIL_ADDRESS]",
    "joe@example,com bounced": "[EMAIL_ADDRESS] bounced",
}
NEAR_MISSES = (
    "www.example.gov.uk is slow",
    "https://example.gov.uk/a?b=c",
    "I looked at example.com and it was down",
    "the form at example dot gov dot uk",
    "look @ example.com for it",
    "see me at home.",
    "bins @ 5 on Monday",
    "@swanseacouncil never replies",
    "meet at 10.30 or 11.15",
    "email me at work",
    "I found it at page 3.2 of the plan",
    "3 @ £2.50 each",
    "$@!!",
)


@pytest.mark.parametrize("text", HITS)
def test_an_address_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_address_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
