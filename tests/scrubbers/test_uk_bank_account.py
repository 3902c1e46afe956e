"""Sort codes with account numbers: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "sort code 20-29-59 account 63748472": "sort code [UK_BANK_ACCOUNT] account [UK_BANK_ACCOUNT]",
    "Sort Code: 20 29 59, Account: 63748472": "Sort Code: [UK_BANK_ACCOUNT], Account: [UK_BANK_ACCOUNT]",
    "sort code 202959 acc no 63748472": "sort code [UK_BANK_ACCOUNT] acc no [UK_BANK_ACCOUNT]",
    "s/c 20.29.59 a/c 63748472": "s/c [UK_BANK_ACCOUNT] a/c [UK_BANK_ACCOUNT]",
    "30-90-70 12345668": "[UK_BANK_ACCOUNT]",
    "refund to 20-29-59 63748472": "refund to [UK_BANK_ACCOUNT]",
    "acc number 63748472, sort code 20-29-59": "acc number [UK_BANK_ACCOUNT], sort code [UK_BANK_ACCOUNT]",
    "cod didoli 20-29-59 cyfrif 63748472": "cod didoli [UK_BANK_ACCOUNT] cyfrif [UK_BANK_ACCOUNT]",
    "sort code 20–29–59\naccount 63748472": "sort code [UK_BANK_ACCOUNT]\naccount [UK_BANK_ACCOUNT]",
    "sort code and account number: 20-29-59 63748472": "sort code and account number: [UK_BANK_ACCOUNT]",
    "sort code 20/29/59; acc no: 63748472": "sort code [UK_BANK_ACCOUNT]; acc no: [UK_BANK_ACCOUNT]",
    "sort code ２０-２９-５９ acc ６３７４８４７２": "sort code [UK_BANK_ACCOUNT] acc [UK_BANK_ACCOUNT]",
    "my bank account number is 63748472": "my bank account number is [UK_BANK_ACCOUNT]",
    "sort code 20-29-59 account 6374 8472": "sort code [UK_BANK_ACCOUNT] account [UK_BANK_ACCOUNT]",
}
NEAR_MISSES = (
    "12-03-19 12345678",
    "on 12/03/19 the reference 12345678",
    "council tax account 12345678",
    "council tax account 12345678 of 12-03-19",
    "sort code 20-29-59",
    "sort the codes out, 12345678",
    "form 202959 a",
    "20-29-59",
    "23/01234/FUL 12345678",
    "I pay by direct debit",
)


@pytest.mark.parametrize("text", HITS)
def test_an_account_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_account_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
