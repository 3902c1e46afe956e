"""A thousand numbers planted wherever a visitor can write; not one byte of them may be found afterwards."""

import random
import re
import string
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote_plus
from uuid import UUID

import httpx2 as httpx
import pytest

from tests.service import Service

PLANTED = 1000
CARDS = (("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("37", 15), ("6011", 19), ("62", 19))
CARD_LENGTHS = (15, 16, 19)
TEXT_FIELDS = ("doing", "comment", "title")


class Planted(NamedTuple):
    """A made-up number: as typed, and the bare characters to look for."""

    typed: str
    bare: str


def luhn_digit(digits: str) -> str:
    """The check digit that makes the number pass (ISO/IEC 7812)."""
    total = sum(
        value if place % 2 else value * 2 - 9 * (value > 4)
        for place, value in enumerate(map(int, reversed(digits)))
    )
    return str(-total % 10)


def made_up_numbers(seed: int) -> Iterator[Planted]:
    """Cards and National Insurance numbers in the writings that people use, half and half."""
    chance = random.Random(seed)
    while True:
        prefix, length = chance.choice(CARDS)
        body = (prefix + "".join(chance.choices(string.digits, k=18)))[: length - 1]
        card = body + luhn_digit(body)
        separator = chance.choice(("", " ", "-", ".", "\u00a0", "  "))
        yield Planted(separator.join(re.findall(".{1,4}", card)), card)
        letters = chance.choice(("CE", "JG", "WM", "PX", "HB"))
        digits = "".join(chance.choices(string.digits, k=6))
        nino = letters + digits + chance.choice("ABCD")
        separator = chance.choice(("", " ", "-", "."))
        typed = separator.join((letters, *re.findall("..", digits), nino[-1]))
        yield Planted(chance.choice((typed, typed.lower())), nino)


def uuid_that_holds(bare: str) -> str:
    """A well-formed UUID with as much of the number in it as hexadecimal can write."""
    return str(UUID((re.sub(r"[^0-9A-F]", "C", bare) + "a" * 32)[:32]))


def requests(origin: str, number: Planted) -> Iterator[httpx.Request]:
    """The number in every place of a request in turn: accepted ones, then every way to be refused."""
    good: dict[str, object] = {"page": f"{origin}/demo", "useful": "no"}
    text = f"I typed {number.typed} there"
    url = f"{origin}/feedback"
    form = {"Accept": "text/html"}
    yield from (
        *(httpx.Request("POST", url, json=good | {field: text}) for field in TEXT_FIELDS),
        *(httpx.Request("POST", url, data=good | {field: text}, headers=form) for field in TEXT_FIELDS),
        httpx.Request(
            "POST", url, json=good | {"page": f"{origin}/a/{quote(number.typed)}/b?q={quote(number.typed)}"}
        ),
        httpx.Request("POST", url, json=good | {"page": f"{origin}/a#{quote(number.typed)}"}),
        httpx.Request("POST", url, json=good | {"website": text}),
        # From here on each is refused.
        *(
            httpx.Request("POST", url, json=good | {field: text})
            for field in ("page", "useful", "lang", "id", "elapsed")
        ),
        *(httpx.Request("POST", url, json=good | {field: text + "x" * 1200}) for field in TEXT_FIELDS),
        *(
            httpx.Request("POST", url, data=good | {field: text + "x" * 1200}, headers=form)
            for field in TEXT_FIELDS
        ),
        httpx.Request("POST", url, data=good | {"useful": text, "comment": text}, headers=form),
        httpx.Request("POST", url, json=good | {text: "x"}),
        httpx.Request("POST", url, json=good | {"comment": [text]}),
        httpx.Request("POST", url, json=good | {"comment": text + "\0"}),
        httpx.Request(
            "POST", url, content=f'{{"comment": "{text}"'.encode(), headers={"Content-Type": "text/plain"}
        ),
        httpx.Request("POST", url, content=text.encode() + b"\xff", headers={"Content-Type": "text/plain"}),
        httpx.Request("POST", url, content=f"comment={text}&comment={text}", headers=FORM_TYPE | form),
        httpx.Request("POST", url, content=text.encode(), headers={b"Content-Type": text.encode()}),
        httpx.Request("POST", url, content=(text * 9000).encode(), headers={"Content-Type": "text/plain"}),
        httpx.Request("POST", url, json=good, headers={"Origin": f"https://{number.bare}.example"}),
        httpx.Request("POST", url, json=good | {"page": f"https://{number.bare}.example/"}),
        httpx.Request("GET", f"{origin}/{quote(number.typed)}?q={quote(number.typed)}", headers=form),
        httpx.Request(
            "GET", f"{origin}/feedback/form?page={origin}/{quote(number.typed)}&lang={quote(number.typed)}"
        ),
        httpx.Request(
            "GET",
            f"{origin}/feedback/thanks?page={origin}/{quote(number.typed)}&removed={quote(number.typed)}",
        ),
        httpx.Request("GET", f"{origin}/admin/api/feedback?status={quote(number.typed)}"),
        httpx.Request("GET", f"{origin}/admin/sign-in?token={quote(number.typed)}", headers=form),
        httpx.Request("GET", f"{origin}/demo?x={quote(number.typed)}", headers={"User-Agent": number.bare}),
        httpx.Request(
            "GET", f"{origin}/demo", headers={"Referer": f"{origin}/{number.bare}", "Cookie": number.bare}
        ),
    )


FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def harvest(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Planted], dict[str, bytes], list[int]]:
    """Plant all numbers, and gather every byte that the service left or answered."""
    folder = tmp_path_factory.mktemp("planted")
    planted: list[Planted] = []
    answers = bytearray()
    statuses: list[int] = []
    with Service(folder) as service, httpx.Client(timeout=10) as client:
        numbers = made_up_numbers(seed=7)
        for number in islice(numbers, PLANTED):
            planted.append(number)
            for request in requests(service.origin, number):
                answer = client.send(request)
                statuses.append(answer.status_code)
                answers += str(answer.headers).encode() + answer.content
        cursor: dict[str, str] = {}
        while True:
            page = service.api(params={"limit": "200", **cursor})
            answers += page.content
            if not page.json()["next"]:
                break
            cursor = {"cursor": page.json()["next"]}
        inbox = client.get(service.sign_in_link, follow_redirects=True)
        assert inbox.status_code == 200
        answers += inbox.content
        # While it runs the write-ahead log still holds pages.
        places = {f"running {path.name}": path.read_bytes() for path in service.data.iterdir()}
        assert any(name.endswith("-wal") for name in places)
    places |= {f"stopped {path.name}": path.read_bytes() for path in everything_below(folder)}
    places["answers"] = bytes(answers)
    return planted, places, statuses


def everything_below(folder: Path) -> Iterator[Path]:
    """Every file that was left behind."""
    return (path for path in folder.rglob("*") if path.is_file())


def numbers_in(data: bytes) -> set[str]:
    """All that could be a planted number, whatever stands between its characters, in upper case."""
    found: set[str] = set()
    for text in (data.decode("utf-8", "replace"), unquote_plus(data.decode("utf-8", "replace"))):
        bare = re.sub(r"\\u00a0|&nbsp;|[\s.\-+]", "", text).upper()
        # Looking ahead takes no character away, so that overlapping ones are found too.
        for shape in (r"[A-Z]{2}[0-9]{6}[A-D]", *(rf"[0-9]{{{length}}}" for length in CARD_LENGTHS)):
            found.update(re.findall(rf"(?=({shape}))", bare))
    return found


def test_requests_were_both_accepted_and_refused(harvest: tuple[list[Planted], dict[str, bytes], list[int]]):
    statuses = set(harvest[2])
    assert {200, 201, 303, 400, 401, 403, 404, 413, 415, 422} <= statuses
    assert not any(status >= 500 for status in statuses)


def test_no_planted_number_is_left_anywhere(harvest: tuple[list[Planted], dict[str, bytes], list[int]]):
    planted, places, _ = harvest
    assert len(planted) == PLANTED
    bare = {number.bare for number in planted}
    for place, data in places.items():
        assert not bare & numbers_in(data), place


def test_the_scan_would_find_a_number(harvest: tuple[list[Planted], dict[str, bytes], list[int]]):
    for number in harvest[0]:
        assert number.bare in numbers_in(b"x" + number.typed.encode() + b"7")


def test_what_was_not_a_number_is_kept(harvest: tuple[list[Planted], dict[str, bytes], list[int]]):
    assert harvest[1]["answers"].count(b"I typed [CREDIT_CARD] there") > 1000
    assert harvest[1]["answers"].count(b"I typed [UK_NINO] there") > 1000
