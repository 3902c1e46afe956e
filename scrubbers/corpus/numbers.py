"""Made-up numbers that are valid by their own rules and safe to publish.

The sources of the rules are those of `docs/scrubbing.md`. The check digits are computed here on purpose,
not by the recognizers, so that the corpus is evidence of its own.
"""

from random import Random

DIGITS = "0123456789"
NINO_FIRST = "ABCEGHJKLMNOPRSTWXYZ"
NINO_SECOND = "ABCEGHJKLMNPRSTWXYZ"
NINO_NEVER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
# Prefixes that are words in English or Welsh: "at 12 34 56 a" in small letters may be no number at all.
NINO_WORDS = {
    *("AM", "AN", "AS", "AT", "BE", "BY", "HA", "HE", "ME", "MY", "OH", "OK", "OR", "RE", "WE"),
    *("AC", "AR", "ER", "NA", "OS", "PA", "YN", "YR"),
}
# Each network: how its numbers begin, and their lengths (ISO/IEC 7812; ranges as card makers publish them).
NETWORKS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "visa": (("4",), (16,)),
    "visa 13": (("4",), (13,)),
    "visa 18": (("4",), (18,)),
    "visa 19": (("4",), (19,)),
    "mastercard": (("51", "52", "53", "54", "55"), (16,)),
    "mastercard 2-series": (("2221", "2300", "2450", "2512", "2699", "2720"), (16,)),
    "american express": (("34", "37"), (15,)),
    "diners": (("300", "301", "305", "36", "38", "39"), (14,)),
    "diners 16": (("36", "38", "39"), (16,)),
    "discover": (("6011", "644", "649", "65"), (16,)),
    "jcb": (("3528", "3530", "3566", "3589"), (16,)),
    "jcb 15": (("2131", "1800"), (15,)),
    "unionpay": (("62", "81"), (16,)),
    "unionpay 17 to 19": (("62",), (17, 18, 19)),
    "maestro 16": (("50", "56", "58", "63", "67"), (16,)),
    "maestro short": (("5018", "5020", "5038", "6304", "6759", "6761"), (12, 13, 14, 15)),
    "maestro long": (("5018", "5020", "6304", "6759"), (17, 18, 19)),
    "mir": (("2200", "2201", "2204"), (16,)),
}
# The networks' published test numbers, which every payment tester types.
PUBLISHED = (
    *("4111111111111111", "4012888888881881", "4242424242424242", "5555555555554444"),
    *("5105105105105100", "5200828282828210", "2223003122003222", "2223000048400011"),
    *("378282246310005", "371449635398431", "378734493671000", "30569309025904"),
    *("38520000023237", "6011111111111117", "6011000990139424", "3530111333300000"),
    *("3566002020360505", "6200000000000005", "4000056655665556", "4222222222222"),
)
# The payment scheme's published examples for testing account number checks: sort code, account number.
ACCOUNTS = (
    ("089999", "66374958"),
    ("107999", "88837491"),
    ("202959", "63748472"),
    ("871427", "46238510"),
    ("872427", "46238510"),
    ("871427", "09123496"),
    ("820000", "73688637"),
    ("827999", "73988638"),
    ("827101", "28748352"),
    ("134020", "63849203"),
    ("118765", "64371389"),
    ("200915", "41011166"),
    ("938611", "07806039"),
    ("938600", "42368003"),
    ("772798", "99345694"),
    ("086090", "06774744"),
    ("309070", "02355688"),
    ("309070", "12345668"),
    ("309070", "12345677"),
    ("070116", "34012583"),
    ("074456", "11104102"),
    ("180002", "00000190"),
)


def digits(rng: Random, count: int) -> str:
    """Return a string of that many random digits."""
    return "".join(rng.choice(DIGITS) for _ in range(count))


def nino(rng: Random) -> str:
    """Return a National Insurance number with its suffix (HMRC NIM39110); never the real AB 12 34 56 C."""
    while True:
        prefix = rng.choice(NINO_FIRST) + rng.choice(NINO_SECOND)
        if prefix not in NINO_NEVER and prefix != "AB":
            return prefix + digits(rng, 6) + rng.choice("ABCD")


def nino_not_a_word(rng: Random) -> str:
    """Return a National Insurance number whose prefix is no word, so that it may stand in small letters."""
    while (number := nino(rng))[:2] in NINO_WORDS:
        pass
    return number


def luhn_sum(number: str) -> int:
    """Return the Luhn sum modulo 10: 0 for a valid number (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 * (double > 9)
    return total % 10


def luhn_end(body: str) -> str:
    """Return the body with its Luhn check digit."""
    return body + str(-luhn_sum(body + "0") % 10)


def card(rng: Random, *networks: str) -> str:
    """Return a card number of one of the networks named, or of any."""
    starts, lengths = NETWORKS[rng.choice(networks or tuple(NETWORKS))]
    start, length = rng.choice(starts), rng.choice(lengths)
    return luhn_end(start + digits(rng, length - len(start) - 1))


def common_card(rng: Random) -> str:
    """Return a card as people in Britain hold them, 16 digits; now and then a published test number."""
    if rng.random() < 0.2:
        return rng.choice([number for number in PUBLISHED if len(number) == 16])
    return card(rng, "visa", "visa", "visa", "mastercard", "mastercard", "mastercard 2-series")


def wrong_card(rng: Random) -> str:
    """Return a card number with one digit mistyped, so that Luhn fails."""
    number = common_card(rng)
    place = rng.randrange(4, 16)
    return number[:place] + rng.choice([d for d in DIGITS if d != number[place]]) + number[place + 1 :]


def nhs(rng: Random) -> str:
    """Return an NHS number from the test range 999 (weights 10 to 2, modulus 11)."""
    while True:
        body = "999" + digits(rng, 6)
        check = 11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return body + str(check % 11)


def utr(rng: Random) -> str:
    """Return a Unique Taxpayer Reference, check digit first."""
    body = digits(rng, 9)
    weights = (6, 7, 8, 9, 10, 5, 4, 3, 2)
    return "21987654321"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11] + body


def iban(rng: Random) -> str:
    """Return an IBAN of a made-up bank (ISO 13616, modulus 97)."""
    country, bban = rng.choice(
        [
            ("GB", rng.choice(("WEST", "TEST", "ABCD")) + digits(rng, 14)),
            ("GB", rng.choice(("WEST", "TEST", "ABCD")) + digits(rng, 14)),
            ("IE", "TEST" + digits(rng, 14)),
            ("DE", digits(rng, 18)),
            ("FR", digits(rng, 23)),
            ("NL", "TEST" + digits(rng, 10)),
        ]
    )
    as_number = "".join(str(int(c, 36)) for c in bban + country + "00")
    return f"{country}{98 - int(as_number) % 97:02}{bban}"


def driving_licence(rng: Random) -> str:
    """Return a licence number of Great Britain: surname, date of birth, initials, check letters."""
    surname = rng.choice(("MORGA", "JONES", "EVANS", "WILLI", "PRICE", "HUGHE", "LEE99", "REES9", "SMITH"))
    month = rng.randint(1, 12) + rng.choice((0, 50))
    born = f"{rng.choice('4567890')}{month:02}{rng.randint(1, 28):02}{rng.choice(DIGITS)}"
    initials = rng.choice("ABCDEGHJLMPRST") + rng.choice("ABCDEGHJLMPRST9")
    return f"{surname}{born}{initials}9{rng.choice('ABCDEFGHJKLMNPRSTVWXYZ')}{rng.choice('ABCDEFGHJ')}"


def passport(rng: Random) -> str:
    """Return a British passport number: nine digits, or two letters and seven digits."""
    if rng.random() < 0.25:
        return rng.choice(("PA", "PB", "PC")) + digits(rng, 7)
    return rng.choice("1235") + digits(rng, 8)


def mobile(rng: Random) -> str:
    """Return a mobile number that Ofcom keeps for drama: 07700 900000 to 900999."""
    return "07700900" + digits(rng, 3)


def landline(rng: Random) -> str:
    """Return a landline number that Ofcom keeps for drama."""
    return rng.choice(("01632960", "02079460", "02920180", "01614960")) + digits(rng, 3)


def postcode(rng: Random) -> str:
    """Return a postcode's seven or fewer characters without the space (BS 7666)."""
    area = rng.choice(("CF", "SA", "LL", "NP", "SY", "LD", "M", "B", "LS", "BS"))
    return f"{area}{rng.randint(1, 48)}{rng.choice(DIGITS)}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}" + rng.choice(
        "ABDEFGHJLNPQRSTUWXYZ"
    )


def vehicle(rng: Random) -> str:
    """Return a current-style registration: two letters, age identifier, three letters."""
    letters = "ABCDEFGHJKLMNPRSTUVWXY"
    age = rng.choice((rng.randint(2, 24), rng.randint(51, 74)))
    return f"C{rng.choice('ABCDEFNPT')}{age:02}" + "".join(rng.choice(letters) for _ in range(3))


def address(rng: Random) -> str:
    """Return an IP address kept for documentation (RFC 5737, RFC 3849)."""
    if rng.random() < 0.25:
        return f"2001:db8::{rng.randrange(1, 65536):x}:{rng.randrange(1, 65536):x}"
    return f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randrange(1, 255)}"
