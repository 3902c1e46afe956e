"""Dates of birth: what is found, and beside it what must stay."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber()

HITS = {
    "my date of birth is 12/03/1970": "my date of birth is [DATE_OF_BIRTH]",
    "DOB 12.3.70": "DOB [DATE_OF_BIRTH]",
    "D.O.B. 12-03-1970": "D.O.B. [DATE_OF_BIRTH]",
    "d/o/b: 12 03 1970": "d/o/b: [DATE_OF_BIRTH]",
    "born 1970-03-12": "born [DATE_OF_BIRTH]",
    "I was born on the 3rd of July 1946 in Swansea": "I was born on the [DATE_OF_BIRTH] in Swansea",
    "born in Swansea on 3 July 1946": "born in Swansea on [DATE_OF_BIRTH]",
    "birthday July 3rd, 1946": "birthday [DATE_OF_BIRTH]",
    "dob 12031970": "dob [DATE_OF_BIRTH]",
    "12/03/1970 is my date of birth": "[DATE_OF_BIRTH] is my date of birth",
    "12/03/1970 (DOB)": "[DATE_OF_BIRTH] (DOB)",
    "dates of birth 12/03/1970 and 4 May 2012": "dates of birth [DATE_OF_BIRTH] and [DATE_OF_BIRTH]",
    "dyddiad geni 12/03/1970": "dyddiad geni [DATE_OF_BIRTH]",
    "fy nyddiad geni yw 4 Mai 1973": "fy nyddiad geni yw [DATE_OF_BIRTH]",
    "ganwyd fi ar 4 Mai 1973": "ganwyd fi ar [DATE_OF_BIRTH]",
    "cefais fy ngeni ar 16 Chwefror 1983": "cefais fy ngeni ar [DATE_OF_BIRTH]",
    "fy mhen-blwydd yw 12/03/1970": "fy mhen-blwydd yw [DATE_OF_BIRTH]",
    "date of birth １２/０３/１９７０": "date of birth [DATE_OF_BIRTH]",
    "dob: 12 / 03 / 1970": "dob: [DATE_OF_BIRTH]",
    "DOB\xa012–03–1970": "DOB\xa0[DATE_OF_BIRTH]",
    "born:\n12/03/1970": "born:\n[DATE_OF_BIRTH]",
}
NEAR_MISSES = (
    "12/03/2019",
    "the meeting on 12/03/2019",
    "birth certificate ordered on 12/03/2019",
    "registered the birth on 12/03/2019",
    "birthday party on 12/03/2024",
    "the baby was born here, we moved in on 12/03/2019",
    "born and bred here. On 12/03/2019 the bins",
    "my date of birth is wrong. It was fixed on 12/03/2019",
    "born 3 weeks early",
    "stubborn 12/03/2019",
    "dob 45/13/1970",
    "bins on 4 Mai 2024",
    "born in 1970",
)


@pytest.mark.parametrize("text", HITS)
def test_a_date_is_found_however_it_is_written(text: str) -> None:
    assert SCRUBBER.scrub(text).text == HITS[text]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_no_date_of_birth_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
