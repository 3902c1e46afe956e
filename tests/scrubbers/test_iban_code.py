"""International bank account numbers: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "pay GB82 WEST 1234 5698 7654 32": "pay [IBAN_CODE]",
    "GB82WEST12345698765432": "[IBAN_CODE]",
    "gb82west12345698765432": "[IBAN_CODE]",
    "IBANGB82WEST12345698765432thanks": "IBAN[IBAN_CODE]thanks",
    "GB82-WEST-1234-5698-7654-32": "[IBAN_CODE]",
    "GB82.WEST.1234.5698.7654.32": "[IBAN_CODE]",
    "DE89 3704 0044 0532 0130 00": "[IBAN_CODE]",
    "GB82\xa0WEST\xa01234\xa05698\xa07654\xa032": "[IBAN_CODE]",
    "GB82&nbsp;WEST&nbsp;1234&nbsp;5698&nbsp;7654&nbsp;32": "[IBAN_CODE]",
    "ＧＢ８２ WEST 1234 5698 7654 32": "[IBAN_CODE]",
    "my IBAN is GB82 WEST 1234 5698 7654 33": "my IBAN is [IBAN_CODE]",
}
NEAR_MISSES = (
    "GB82 WEST 1234 5698 7654 33",
    "GB82 WEST 1234 5698",
    "XX82 WEST 1234 5698 7654 32",
    "VAT number GB 123 4567 89",
    "order DE12 3456 7890",
    "1ZDGL7760390353125",
    "an IBAN has up to 34 letters and digits",
    "ae123456-c0de-4abc-8abc-123456abcdef",
)


@pytest.mark.parametrize("text", HITS)
def test_an_iban_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_iban_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
