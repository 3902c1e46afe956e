"""How much may come from whom: here, in several processes together, and when counting together fails."""

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.intake import following, rate_counts
from feedback.intake.rate import network_of
from feedback.intake.rate_counts import MemoryCounts
from feedback.settings import Settings, load_settings
from tests.feedback.conftest import PAGE
from tests.postgres import Postgres
from tests.redis import Redis
from tests.service import Service, wait_until

FORM = {"page": PAGE, "comment": "bins"}
CARD = "4111 1111 1111 1111"
ID = "0198c0de-0000-7000-8000-00000000c0de"  # one in which no number stands by chance
PROXY = ("10.0.0.9", 40_000)


def client_of(settings: Settings, **changes: Any) -> TestClient:
    app = create_app(settings.model_copy(update=load_settings(**changes).model_dump(include=set(changes))))
    return TestClient(app, "http://feedback.test", client=PROXY, follow_redirects=False)


def send(client: TestClient, address: str = "198.51.100.7", page: str = PAGE) -> int:
    return client.post(
        "/feedback", json={"page": page, "comment": "bins"}, headers={"X-Forwarded-For": address}
    ).status_code


def test_five_a_minute_are_taken_from_a_network_and_the_sixth_is_told_when_to_come_back(settings: Settings):
    with client_of(settings, trusted_proxies="10.0.0.0/8", rate="5/minute") as client:
        assert [send(client, f"198.51.100.{number}") for number in range(7)] == [201] * 5 + [429] * 2
        assert send(client, "198.51.101.1") == 201
        answer = client.post("/feedback", json=FORM, headers={"X-Forwarded-For": "198.51.100.250"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 429
    assert "Wait a minute" in answer.json()["detail"]
    assert 55 <= int(answer.headers["retry-after"]) <= 60
    assert "198.51" not in answer.text


def test_words_that_follow_a_vote_are_not_counted_again(settings: Settings):
    def say(client: TestClient, **fields: str) -> int:
        return client.post("/feedback", json={"page": PAGE, **fields}).status_code

    with client_of(settings, rate="3/minute") as client:
        # Three pages, each with a vote and then words to it.
        for _ in range(3):
            assert [say(client, useful="no"), say(client, comment="words")] == [201, 201]
        assert [say(client, useful="no"), say(client, comment="words")] == [429, 429]
    with client_of(settings, rate="3/minute") as client:
        # A vote is counted in any case, and one that is refused takes the words of another with it.
        assert [say(client, useful="yes") for _ in range(4)] == [201, 201, 201, 429]
        assert [say(client, comment=f"words {n}") for n in range(3)] == [201, 201, 429]
    with client_of(settings, rate="3/minute", trusted_proxies="10.0.0.0/8") as client:
        # Of another network it is counted.
        assert [send(client, "198.51.100.7"), send(client, "198.51.101.7")] == [201, 201]
        assert [send(client, "198.51.101.7") for _ in range(3)] == [201, 201, 429]


def test_a_vote_is_remembered_for_so_long_and_of_so_many_networks(monkeypatch: pytest.MonkeyPatch):
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(following, "_REMEMBERED", 2)
    votes = following.Following()
    for network in ("a", "b", "b", "c"):
        votes.voted(network)
    assert [votes.take(network) for network in ("a", "b", "b", "b", "c")] == [False, True, True, False, True]
    votes.voted("a")
    now[0] += 601
    assert not votes.take("a")


def test_the_default_is_five_a_minute(settings: Settings):
    default = load_settings()
    assert str(default.rate) == "5 per 1 minute"
    assert (str(default.rate_site), str(default.rate_all)) == ("600 per 1 minute", "6000 per 1 minute")
    with client_of(settings.model_copy(update={"rate": default.rate})) as client:
        assert [send(client) for _ in range(6)] == [201] * 5 + [429]


@pytest.mark.parametrize(("lang", "said"), [("en", "Too many messages"), ("cy", "Daeth gormod o negeseuon")])
def test_a_form_that_comes_too_often_gets_a_page_in_its_language(settings: Settings, lang: str, said: str):
    with client_of(settings, rate="1/hour") as client:
        for _ in range(2):
            answer = client.post(
                "/feedback",
                data={**FORM, "id": ID, "comment": "my card is 4111 1111 1111 1111"},
                headers={"Accept": "text/html", "Accept-Language": lang},
            )
    assert answer.status_code == 429
    assert said in answer.text
    assert "4111" not in answer.text
    assert 3500 < int(answer.headers["retry-after"]) <= 3600


def test_a_form_over_the_limit_keeps_its_words_as_often_as_it_may_be_sent(
    settings: Settings, admin: dict[str, str]
):
    fields = {"page": PAGE, "id": ID, "doing": f"paid with {CARD}"}
    with client_of(settings, rate="2/minute") as client:
        send(client, "10.0.0.9")
        send(client, "10.0.0.9")
        forms = [client.post("/feedback", data=fields, headers={"Accept": "text/html"}) for _ in range(3)]
        assert len(client.get("/admin/api/feedback", headers=admin).json()["items"]) == 2
    assert [form.status_code for form in forms] == [429] * 3
    assert ["paid with [CREDIT_CARD]</textarea>" in form.text for form in forms] == [True, True, False]
    assert "send them again in a minute" in forms[0].text
    assert ID in forms[0].text
    assert 55 <= int(forms[0].headers["retry-after"]) <= 60
    assert not any("4111" in form.text for form in forms)


def test_a_form_about_a_site_over_its_limit_keeps_its_words(settings: Settings):
    with client_of(settings, rate_site="1/hour") as client:
        send(client)
        answer = client.post("/feedback", data=FORM, headers={"Accept": "text/html"})
        too_long = client.post(
            "/feedback", data=FORM | {"doing": "x" * 5000}, headers={"Accept": "text/html"}
        )
    assert "Your words are still here" not in too_long.text
    assert answer.status_code == 429
    assert "bins</textarea>" in answer.text
    assert "send them again in 60 minutes" in answer.text


def test_a_page_of_a_site_can_read_that_it_was_too_often(settings: Settings):
    origin = {"Origin": "https://www.example.gov.uk"}
    with client_of(settings, rate="1/minute") as client:
        client.post("/feedback", json=FORM, headers=origin)
        answer = client.post("/feedback", json=FORM, headers=origin)
    assert answer.status_code == 429
    assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    assert "Retry-After" in answer.headers["access-control-expose-headers"]


def test_a_site_and_everybody_together_have_limits_too(settings: Settings):
    with client_of(
        settings, trusted_proxies="10.0.0.0/8", rate_site="2/minute", rate_all="5/minute"
    ) as client:
        other = "https://a.wild.gov.uk/x"
        networks = (f"198.51.{number}.1" for number in range(20))
        assert [send(client, next(networks)) for _ in range(3)] == [201, 201, 429]
        assert [send(client, next(networks), other) for _ in range(3)] == [201, 201, 429]


def test_a_limit_can_be_turned_off(settings: Settings):
    with client_of(settings, rate="off", rate_site="off", rate_all="off") as client:
        assert {send(client) for _ in range(30)} == {201}


def test_what_is_refused_unread_is_not_scrubbed_or_stored(settings: Settings, admin: dict[str, str]):
    with client_of(settings, rate="1/minute") as client:
        send(client)
        broken = client.post("/feedback", content=b"{", headers={"Content-Type": "application/json"})
        assert broken.status_code == 429
        assert len(client.get("/admin/api/feedback", headers=admin).json()["items"]) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.1", "198.51.100.254", True),
        ("198.51.100.1", "198.51.101.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::1", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:198.51.100.1", "198.51.100.2", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("testclient", "testclient", True),
        ("testclient", "", False),
    ],
)
def test_a_network_counts_as_one_client(one: str, other: str, same: bool):
    assert (network_of(one) == network_of(other)) is same


def test_memory_forgets_what_has_ended_and_never_grows_without_bound(monkeypatch: pytest.MonkeyPatch):
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    counts = MemoryCounts()
    assert [counts.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    now += 61
    assert counts.get("a") == 0
    assert counts.incr("a", 60) == 1
    monkeypatch.setattr(rate_counts, "MOST_KEYS", 1000)
    for number in range(5000):
        counts.incr(f"key {number}", 60)
    assert counts.incr("key 4999", 60) == 2
    assert counts.reset() in range(500, 1001)


def test_a_clock_that_jumps_does_not_change_a_window(monkeypatch: pytest.MonkeyPatch):
    counts = MemoryCounts()
    counts.incr("a", 60)
    monkeypatch.setattr(time, "time", lambda: 1.0)
    assert counts.incr("a", 60) == 2
    assert counts.get_expiry("a") - time.time() == pytest.approx(60, abs=1)


LIMITED = {"FEEDBACK_RATE": "5/minute"}


def post(service: Service) -> int:
    return service.post(page=f"{service.origin}/demo", useful="yes").status_code


def test_workers_count_together_to_the_last_one_by_hashes_alone(postgres: Postgres, tmp_path: Path):
    async def burst(service: Service) -> list[int]:
        async with httpx.AsyncClient(timeout=10) as client:
            fields = {"page": f"{service.origin}/demo", "useful": "yes"}
            answers = await asyncio.gather(
                *(client.post(f"{service.origin}/feedback", json=fields) for _ in range(60))
            )
            return [answer.status_code for answer in answers]

    settings = {"FEEDBACK_DATABASE_URL": postgres.fresh(), "FEEDBACK_RATE": "20/minute"}
    with Service(tmp_path, "--workers", "2", **settings) as service:
        statuses = asyncio.run(burst(service)) + asyncio.run(burst(service))
    assert (statuses.count(201), statuses.count(429)) == (20, 100)
    rows = postgres.execute("SELECT key, hits FROM rate", settings["FEEDBACK_DATABASE_URL"])
    assert [re.sub("[0-9a-f]", "x", row["key"]) for row in rows] == ["x" * 32]
    assert rows[0]["hits"] >= 20


def test_counting_that_postgresql_refuses_leaves_the_limit_of_one_process(postgres: Postgres, tmp_path: Path):
    url = postgres.fresh()
    with Service(tmp_path, FEEDBACK_DATABASE_URL=url, **LIMITED) as service:
        postgres.execute("DROP TABLE rate", url)
        assert [post(service) for _ in range(7)] == [201] * 5 + [429] * 2
        wait_until(lambda: "rates are counted by this process alone" in service.log.read_text())


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis() as server:
        yield server


def test_servers_count_together_in_redis_and_each_alone_when_it_is_away(
    redis: Redis, postgres: Postgres, tmp_path: Path
):
    shared = {
        "FEEDBACK_DATABASE_URL": postgres.fresh(),
        "FEEDBACK_RATE_STORE": redis.url,
        "FEEDBACK_RATE": "5/minute",
    }
    with Service(tmp_path / "one", **shared) as one, Service(tmp_path / "two", **shared) as two:
        assert [post(each) for each in (one, two, one, two, one, two, one)] == [201] * 5 + [429] * 2
        redis.stop()
        begin = time.monotonic()
        # One has counted four by itself, and two three.
        assert [post(one) for _ in range(2)] == [201, 429]
        assert [post(two) for _ in range(3)] == [201, 201, 429]
        assert time.monotonic() - begin < 5
    # A service that has ended has written all its lines.
    said = [line for line in one.log.read_text().splitlines() if "counted by this process alone" in line]
    assert len(said) == 1
    assert f":{redis.port}" not in said[0]
