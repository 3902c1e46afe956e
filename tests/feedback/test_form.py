"""The form without JavaScript: thanked, refused with its words kept, and a page of its own."""

import re

from starlette.testclient import TestClient

from tests.feedback.conftest import PAGE

CARD = "4111 1111 1111 1111"
HTML = {"Accept": "text/html"}


def said_in(page: str) -> str:
    """A page without the made-up id in its form, in which any digits may stand."""
    return re.sub(r'(?<=name="id" value=")[0-9a-f-]{36}', "", page)


def test_a_form_is_thanked_by_a_page_that_says_what_was_removed(client: TestClient):
    answer = client.post("/feedback", data={"page": f"{PAGE}?x=1", "comment": f"card {CARD}", "lang": "en"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/feedback/thanks?")
    thanks = client.get(answer.headers["location"], headers=HTML)
    assert thanks.status_code == 200
    assert "1 card number" in thanks.text
    assert f'href="{PAGE}"' in thanks.text


def test_a_refused_form_comes_back_with_its_words_scrubbed(client: TestClient):
    data = {"page": PAGE, "comment": f"my card {CARD} " + "x" * 1300, "doing": "<b>bins</b>", "useful": "no"}
    answer = client.post("/feedback", data=data, headers=HTML)
    assert answer.status_code == 422
    assert "text/html" in answer.headers["content-type"]
    assert "[CREDIT_CARD]" in answer.text
    assert "4111" not in said_in(answer.text)
    assert "&lt;b&gt;bins&lt;/b&gt;" in answer.text
    assert "1200" in answer.text


def test_a_refused_form_asks_nothing_that_a_person_cannot_mend(client: TestClient):
    data = {"page": PAGE, "id": "CE-123456-C", "title": "\0", "elapsed": "x", "comment": "hello"}
    answer = client.post("/feedback", data=data, headers=HTML)
    assert answer.status_code == 422
    assert "123456" not in said_in(answer.text)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
    again = client.post("/feedback", data={**fields, "comment": "hello"}, headers=HTML)
    assert again.status_code == 303


def test_a_refused_form_does_not_repeat_an_id_that_spells_a_number(client: TestClient):
    data = {"page": PAGE, "id": "41111111-1111-1111-8000-000000000000", "comment": "x" * 1300}
    answer = client.post("/feedback", data=data, headers=HTML)
    assert answer.status_code == 422
    assert "1111-1111" not in answer.text


def test_the_form_knows_its_page_but_not_its_query(client: TestClient):
    form = client.get(
        "/feedback/form", params={"page": f"{PAGE}/CE123456C?card={CARD}", "lang": "cy"}, headers=HTML
    )
    assert form.status_code == 200
    assert '<html lang="cy"' in form.text
    assert f'value="{PAGE}/[UK_NINO]"' in form.text
    assert "4111" not in said_in(form.text)
    assert re.search(r'name="id" value="[0-9a-f-]{36}"', form.text)


def test_thanks_links_back_to_configured_sites_only(client: TestClient):
    evil = client.get(
        "/feedback/thanks", params={"page": "https://evil.example/", "removed": "<b>:1,UK_NINO:x"}
    )
    assert evil.status_code == 200
    assert "evil.example" not in evil.text
    assert "<b>" not in evil.text
