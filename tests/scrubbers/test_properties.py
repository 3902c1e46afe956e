"""What holds for any text at all, and for any way of writing a number."""

import os
import re
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubbers import Scrubber
from scrubbers.canonical import canonical
from scrubbers.nino import PREFIXES
from scrubbers.reading import Reading

SCRUBBER = Scrubber(time_limit=30)

ANY_CHARACTER = st.characters(codec=None, exclude_categories=())
"""Lone surrogates too."""
NASTY = st.sampled_from(
    [
        *(
            "4111 1111 1111 1111",
            "4111111111111111",
            "CE 12 34 56 C",
            "CE123456",
            "4 ",
            "12",
            "C",
            " a ",
            "card ",
        ),
        *("NI number ", "four ", "double ", "un deg ", "&#52;", "%34", "\\u0034", "<b>", "<br>", "[UK_NINO]"),
        *(
            "[CREDIT_CARD]",
            "[",
            "]",
            "\0",
            "\x01",
            "\x02",
            "\u200b",
            "\u0301",
            "O",
            "l",
            "****",
            "12/27",
            "cvv ",
        ),
        *(
            "sian@",
            "example.com",
            " at ",
            " dot ",
            "07700 900123",
            "+44",
            "(0)",
            "999 000 0018",
            "NHS ",
            "UTR ",
        ),
        *("dob ", "born ", "12/03/1970", "4 May 2012", "sort code ", "30-90-70 ", "12345668", "passport "),
        *("GB82 WEST 1234 5698 7654 32", "MORGA657054SM9IJ", "[PHONE_NUMBER]", "[EMAIL_ADDRESS]", "@"),
        *("４", "Ⅳ", "\ud800", "\n", "-", ".", "charlie ", "dash "),
    ]
)
TEXTS = st.one_of(
    st.text(ANY_CHARACTER, max_size=60),
    st.text(st.sampled_from(string.digits + "ABCDE oOl-.,/\n*&;%#\\u"), max_size=80),
    st.lists(st.one_of(NASTY, st.text(ANY_CHARACTER, max_size=3)), max_size=14).map("".join),
)
EXAMPLES = int(os.environ.get("SCRUB_EXAMPLES", "300"))
"""More of them find more: set SCRUB_EXAMPLES for a longer look, at other ones each time."""
RELAXED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="SCRUB_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)


def luhn_made(body: str) -> str:
    """The digits with their check digit."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(each - 9 * (each > 9) for each in doubled) % 10)


CARDS = st.tuples(
    st.sampled_from(["4", "51", "55", "2221", "2720", "6011", "3530"]),
    st.text(string.digits, min_size=15, max_size=15),
).map(lambda made: luhn_made((made[0] + made[1])[:15]))
NINOS = st.tuples(
    st.sampled_from(sorted(PREFIXES)), st.text(string.digits, min_size=6, max_size=6), st.sampled_from("BCD")
)
SEPARATORS = st.sampled_from(
    [
        *(
            "",
            " ",
            "  ",
            "-",
            ".",
            "/",
            "_",
            "\n",
            "\t",
            "\u00a0",
            "\u2009",
            "\u200b",
            "–",
            "—",
            " - ",
            "<br>",
        ),
        *("<br>", "&nbsp;", "…", "%20", "\\n", ":", "#", "' '", "\n\n\n", " " * 12),
    ]
)


@RELAXED
@given(TEXTS)
def test_any_text_gives_sorted_findings_inside_it_that_do_not_overlap(text: str) -> None:
    findings = SCRUBBER.scrub(text).findings
    places = [place for each in findings for place in (each.start, each.end)]
    assert places == sorted(places)
    assert all(0 <= each.start < each.end <= len(text) and 0 < each.score <= 1 for each in findings)


@RELAXED
@given(TEXTS)
def test_scrubbing_again_changes_nothing(text: str) -> None:
    once = SCRUBBER.scrub(text).text
    assert SCRUBBER.scrub(once).text == once
    assert SCRUBBER.scrub(once).findings == ()


@RELAXED
@given(TEXTS)
def test_what_is_not_found_stays_as_it_was(text: str) -> None:
    scrubbed = SCRUBBER.scrub(text)
    kept = []
    at = 0
    for each in scrubbed.findings:
        kept.append(text[at : each.start])
        at = each.end
    kept.append(text[at:])
    pattern = rf"\[(?:{'|'.join(SCRUBBER.kinds)})\]"
    assert re.sub(pattern, "", scrubbed.text) == re.sub(pattern, "", "".join(kept))


@RELAXED
@given(TEXTS)
def test_the_plain_form_is_as_long_as_the_text_and_ascii(text: str) -> None:
    assert len(canonical(text)) == len(text)
    assert len(Reading(text).plain) == len(text)
    assert Reading(text).plain.isascii()


@RELAXED
@given(CARDS, SEPARATORS)
def test_any_separator_between_the_groups_keeps_a_card_a_hit(number: str, separator: str) -> None:
    written = separator.join(number[at : at + 4] for at in range(0, 16, 4))
    scrubbed = SCRUBBER.scrub(f"I tried {written}; why?")
    assert scrubbed.text == "I tried [CREDIT_CARD]; why?"


@RELAXED
@given(NINOS, SEPARATORS, st.booleans())
def test_any_separator_and_case_keeps_a_national_insurance_number_a_hit(
    number: tuple[str, str, str], separator: str, small: bool
) -> None:
    prefix, digits, suffix = number
    written = separator.join((prefix, digits[:2], digits[2:4], digits[4:], suffix))
    scrubbed = SCRUBBER.scrub(f"It is {written.lower() if small else written}; why?")
    assert scrubbed.text == "It is [UK_NINO]; why?"


@RELAXED
@given(CARDS, st.text(ANY_CHARACTER, max_size=20), st.text(ANY_CHARACTER, max_size=20))
def test_no_card_is_left_in_any_surroundings_of_words(number: str, before: str, after: str) -> None:
    surroundings = [re.sub(r"[\W\d_]", " ", each, flags=re.ASCII) for each in (before, after)]
    assert number not in SCRUBBER.scrub(f"{surroundings[0]} {number} {surroundings[1]}").text
