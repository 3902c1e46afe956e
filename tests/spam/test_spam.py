"""What is marked as spam and what is not, why, and how a reviewer takes it back."""

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from feedback.intake import spam
from feedback.intake.spam import SPAM_SCORE, SpamJudge
from feedback.model import Spam
from tests.feedback.conftest import PAGE
from tests.spam import samples
from tests.spam.samples import HONEST, SPAM, Sample, judged


@pytest.mark.parametrize("sample", HONEST, ids=lambda sample: sample.words)
def test_honest_people_are_not_marked(sample: Sample):
    assert judged(sample).score < SPAM_SCORE


@pytest.mark.parametrize("sample", SPAM, ids=lambda sample: sample.words)
def test_spam_is_marked_with_its_reasons(sample: Sample):
    found = judged(sample)
    assert found.score >= SPAM_SCORE
    assert found.reasons


def test_the_page_of_the_docs_has_these_scores():
    page = (Path(__file__).parents[2] / samples.PAGE).read_text()
    assert samples.page_with_table(page) == page


def test_words_and_networks_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spam, "_REMEMBERED", 100)
    judge = SpamJudge()
    for number in range(1000):
        judged_by(judge, f"words enough to be compared {number}", f"10.{number // 250}.{number % 250}.1")
    for memory in (judge._words, judge._networks):
        assert 50 <= len(memory._new) + len(memory._old) <= 100


def test_nothing_of_what_was_typed_is_remembered():
    judge = SpamJudge()
    judged_by(judge, "zqplanted words enough to be compared", "203.0.113.9")
    for memory in (judge._words, judge._networks):
        for key, seen in memory._new.items():
            assert isinstance(key, int)
            assert all(isinstance(value, int) for value in (seen.since, seen.times, *seen.pages))


def test_what_came_an_hour_ago_is_forgotten():
    judge = SpamJudge()
    for _ in range(6):
        judged_by(judge, "the very same words, once more", now=0)
    assert judged_by(judge, "the very same words, once more", now=3_599_999).reasons == ("repeated",)
    assert judged_by(judge, "the very same words, once more", now=3_600_000).reasons == ()


def test_a_marked_submission_is_stored_and_a_reviewer_takes_the_mark_back(
    client: TestClient, admin: dict[str, str]
):
    answer = client.post("/feedback", json={"page": PAGE, "comment": "asdfasdf", "elapsed": 0.2})
    assert answer.status_code == 201
    item = client.get("/admin/api/feedback?status=spam", headers=admin).json()["items"][0]
    assert item["spam"] == {"score": 0.9, "reasons": ["too_fast", "gibberish"]}
    changed = client.patch(f"/admin/api/feedback/{item['id']}", json={"status": "new"}, headers=admin)
    assert changed.json()["status"] == "new"
    assert changed.json()["spam"] == item["spam"]


def test_who_sends_again_what_was_not_stored_repeats_nothing():
    judge = SpamJudge()
    words = "The form at the end of this page says that my postcode is not known here"
    sent = replace(samples.submission(Sample(words)), id="0192f0c1-2b3c-4d5e-8f60-112233445566")
    assert {judge.judge(sent, "/bins", words, "10.0.0.1", 0).reasons for _ in range(10)} == {()}


def judged_by(judge: SpamJudge, words: str, client: str = "10.0.0.1", now: int = 0) -> Spam:
    return judge.judge(samples.submission(Sample(words)), "/bins", words, client, now)
