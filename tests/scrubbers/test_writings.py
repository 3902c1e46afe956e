"""Ways of writing that go beyond separators: words, letters, masks, mistakes; and their near misses."""

import pytest

from scrubbers import Scrubber

SCRUBBER = Scrubber(kinds=[])

WRITINGS = {
    "card in words": ("four one one one " + "one " * 12, "[CREDIT_CARD] "),
    "card in Welsh words": ("pedwar un un un " + "un " * 12, "[CREDIT_CARD] "),
    "double and treble": (
        "four treble one, double one double one, double one double one, double one double one",
        None,
    ),
    "words between digits": ("4111 one one one one 1111 1111", None),
    "tens": ("CE twelve thirty-four fifty-six C", "[UK_NINO]"),
    "Welsh tens": ("CE un deg dau, tri deg pedwar, pum deg chwech C", "[UK_NINO]"),
    "Welsh words": ("C E un dau tri pedwar pump chwech C", "[UK_NINO]"),
    "spelling alphabet": ("Charlie Echo 12 34 56 Charlie", "[UK_NINO]"),
    "letters explained": ("C for Charlie, E for Echo, 123456, C for Charlie", "[UK_NINO]"),
    "separators said": ("CE dash 12 dash 34 dash 56 dash C", "[UK_NINO]"),
    "joined by words": ("4111 then 1111 then 1111 then 1111", "[CREDIT_CARD]"),
    "told in parts": ("my NI number is CE, then 123456, last letter C", "my NI number is [UK_NINO]"),
    "told by fours": ("the first four are 4111, the next four 1111, then 1111 and the last four 1111", None),
    "letters told": ("NI number: capital C capital E 123456 capital C", "NI number: capital [UK_NINO]"),
    "hyphens between words": (
        "-".join(["four", *["one"] * 7]) + " " + "-".join(["one"] * 8),
        "[CREDIT_CARD]",
    ),
    "commas said": ("4111 comma 1111 comma 1111 comma 1111", "[CREDIT_CARD]"),
    "a count after words": ("pedwar un un un " + "un " * 12 + "three times", "[CREDIT_CARD] three times"),
    "letters for digits, no suffix": ("NI number CE l2 34 S6", "NI number [UK_NINO]"),
    "a word for prefix, in capitals": ("NA-12-34-56-D", "[UK_NINO]"),
    "glued to a word after it": ("ninoce123456cthanks", "nino[UK_NINO]thanks"),
    "a marker in its midst": ("41111111[AB_C]11111111", "[CREDIT_CARD]"),
    "a kind's marker in its midst": ("4111 1111[UK_NINO] 1111 1111", "[CREDIT_CARD]"),
    "a short last group": ("6240 4919 8828 4848 148", "[CREDIT_CARD]"),
    "after another number": ("order 77812: 5105105105105100", "order 77812: [CREDIT_CARD]"),
    "octal": (r"\064\061\061\061 1111 1111 1111", "[CREDIT_CARD]"),
    "letters for digits": ("411l IIlI 1111 llll", "[CREDIT_CARD]"),
    "negative circles": ("❹❶❶❶ ❶❶❶❶ ❶❶❶❶ ❶❶❶❶", "[CREDIT_CARD]"),
    "keycaps": ("C E 1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣ C", "[UK_NINO]"),
    "bold letters": ("𝐂𝐄 𝟏𝟐 𝟑𝟒 𝟓𝟔 𝐂", "[UK_NINO]"),
    "struck through": ("4\u03361\u03361\u03361\u0336 1111 1111 1111", "[CREDIT_CARD]"),
    "table row": ("<tr><td>4111</td>\n<td>1111</td>\n<td>1111</td>\n<td>1111</td></tr>", None),
    "value of a field": ('<input value="4111 1111 1111 1111">', '<input value="[CREDIT_CARD]">'),
    "JSON list": ('["CE","12","34","56","C"]', '["[UK_NINO]"]'),
    "magnetic stripe": ("%B4111111111111111^DOE", "%B[CREDIT_CARD]^DOE"),
    "quoted mail": ("> CE 12\n> 34 56 C", "> [UK_NINO]"),
    "masked": ("411111******1111", "[CREDIT_CARD]"),
    "masked in groups": ("4111 11** **** 1111", "[CREDIT_CARD]"),
    "masked at the end": ("4111 1111 1111 ****", "[CREDIT_CARD]"),
    "bullets": ("4111 •••• 1111 1111", "[CREDIT_CARD]"),
    "mistyped": ("my card 4111 1111 1111 1112", "my card [CREDIT_CARD]"),
    "mistyped, in Welsh": ("fy ngherdyn yw 4111111111111112", "fy ngherdyn yw [CREDIT_CARD]"),
    "two cards": ("4111 1111 1111 1111 5555 5555 5555 4444", "[CREDIT_CARD] [CREDIT_CARD]"),
    "two cards in one": ("41111111111111115555555555554444", "[CREDIT_CARD][CREDIT_CARD]"),
    "two numbers in one": ("CE123456CCE654321D", "[UK_NINO][UK_NINO]"),
    "a card and a number": ("4111111111111111CE123456C", "[CREDIT_CARD][UK_NINO]"),
    "beside a sort code": ("12-34-56 4111 1111 1111 1111", "12-34-56 [CREDIT_CARD]"),
    "beside a telephone": ("0300 123 4567 4111 1111 1111 1111", "0300 123 4567 [CREDIT_CARD]"),
    "in a list": ("1. 4111 1111 1111 1111", "1. [CREDIT_CARD]"),
    "code and date glued": ("411111111111111112/27123", "[CREDIT_CARD][CARD_EXPIRY][CARD_SECURITY_CODE]"),
    "temporary reference": ("my temporary reference is 11 A1 11 11", "my temporary reference is [UK_NINO]"),
    "temporary number with its letter": ("NI number TN 12 03 75 F", "NI number [UK_NINO]"),
    "temporary number": ("temporary NI number TN 12 03 75", "temporary NI number [UK_NINO]"),
}
STAY = (
    "one or two of the three forms, four times",
    "dim un o'r tri, ond dau",
    "Alpha House, 12 Bravo Street",
    "card ending 1111",
    "**** **** **** 1111",
    "**0300 123 4567**",
    "Cardiff 4111 1111 1111 1112",
    "my Universal Credit number 4111 1111 1111 1112",
    "library card 4111 1111 1111 1112",
    "my card was refused on 30/06/2019 10:30:00",
    "my national insurance was paid on 12 03 24 and",
    "national insurance rose by 120000 a year",
    "PAID AT 120000 A YEAR",
    "SC123456. A company",
    "grid reference SS 191 360 a path",
    "PL/23/8399/C",
    "item 20 54 70 d",
    "error CE 404",
    "11 A1 11 11",
    "at 12 34 56 a bell rings",
    "hello 174B has an overgrown hedge",
    "barcode 5036914149264 on my library card",
    "session IE26TEST38448461751668",
    "paid [CREDIT_CARD] 123 [UK_NINO] 456",
    "51.5987654321234567, -3.7890603880574815",
    "meters 4111 1111 1111 1111 4111 1111 1111 1112 1203",
    "ac596379def1828159009a534a047f7502c93a0e",
    "sort code 12-34-56 account 12345678",
    "routes 4, 12, 36, 101, 205, 333",
    "Chrome 119.0.6045.123 Safari/537.36",
    "MPAN 12 345 6789 012 34567890",
)


@pytest.mark.parametrize(("text", "scrubbed"), WRITINGS.values(), ids=WRITINGS)
def test_a_number_is_found_in_any_manner(text: str, scrubbed: str | None) -> None:
    result = SCRUBBER.scrub(text)
    if scrubbed is None:
        assert [each.kind for each in result.findings] == ["CREDIT_CARD"]
        assert not any(map(str.isdigit, result.text))
    else:
        assert result.text.strip() == scrubbed.strip()


@pytest.mark.parametrize("text", STAY)
def test_what_looks_like_it_stays(text: str) -> None:
    assert SCRUBBER.scrub(text).text == text
