"""The desk as pages: filters in the address, many changed at once, taken back, views, notes and marks."""

import re
from collections.abc import Mapping

import pytest
from starlette.testclient import TestClient

from feedback.http.headers import PAGE_POLICY
from feedback.model import Role, Scope
from feedback.store import changing
from tests.feedback.conftest import SITE
from tests.feedback.desk import inbox, post, send
from tests.feedback.people import SAME, add_person, call, sign_in

HTML = {"Accept": "text/html"}
CARD = "4111 1111 1111 1111"


@pytest.fixture
def ann(client: TestClient) -> TestClient:
    """Somebody who may change feedback, signed in."""
    add_person(client, "ann@example.gov.uk")
    sign_in(client, "ann@example.gov.uk")
    return client


def test_the_script_is_the_only_one_and_our_own(ann: TestClient):
    for path in ("/admin/feedback", f"/admin/feedback/{send(ann, 'words')}"):
        answer = ann.get(path, headers=HTML)
        assert answer.headers["content-security-policy"] == (
            f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
        assert re.findall(r"<script[^>]*>", answer.text) == ['<script src="/static/desk.js" defer>']
    assert ann.get("/static/desk.js").headers["content-type"].startswith("text/javascript")


def test_hits_are_marked_as_they_were_typed(ann: TestClient):
    send(ann, "The Café <b>menu</b> is old")
    page = inbox(ann, "q=cafe+MENU")
    assert '<mark class="hit">Café</mark> &lt;b&gt;<mark class="hit">menu</mark>&lt;/b&gt;' in page


def test_counts_stand_beside_the_filters(ann: TestClient):
    send(ann, "one", useful="no")
    send(ann, "two", useful="yes")
    send(ann, "three", path="/tax", useful="yes")
    page = inbox(ann, "path=/bins")
    assert re.search(r'New <span class="count">2</span>', page)
    assert "Useful (1)" in page
    assert "Nobody (2)" in page


def test_the_address_keeps_the_filters_through_items_and_back(ann: TestClient):
    keys = [send(ann, f"number {n}", path="/tax" if n == 1 else "/bins") for n in range(3)]
    query = "path=%2Fbins&status=new"
    page = ann.get(f"/admin/feedback/{keys[2]}?{query}", headers=HTML).text
    assert f'href="/admin/feedback?{query}"'.replace("&", "&amp;") in page
    # The one about another page is left out.
    assert f"/admin/feedback/{keys[0]}?{query}".replace("&", "&amp;") in page
    assert (
        post(ann, f"feedback/{keys[2]}?{query}", {"status": "done"}) == f"/admin/feedback/{keys[2]}?{query}"
    )
    assert post(ann, f"feedback/{keys[2]}?{query}", {"status": "open", "next": "1"}) == (
        f"/admin/feedback/{keys[0]}?{query}"
    )
    assert (
        post(ann, f"feedback/{keys[0]}?{query}", {"status": "done", "next": "1"})
        == f"/admin/feedback?{query}"
    )


def test_those_that_are_ticked_are_changed_and_taken_back(ann: TestClient):
    keys = [send(ann, f"number {n}") for n in range(3)]
    body = {"ids": keys[:2], "query": "path=/bins", "status": "done", "assignee": "me", "add_tag": "Bins"}
    assert post(ann, "feedback/bulk", body) == "/admin/feedback?path=%2Fbins&changed=2"
    page = inbox(ann, "status=done&assignee=me&tag=bins&changed=2")
    assert "2 changed." in page
    assert "Undo my last change (2)" in page
    assert page.count('name="ids"') == 2
    assert post(ann, "feedback/undo", {"query": "tag=bins"}) == "/admin/feedback?tag=bins&undone=2"
    page = inbox(ann, "tag=bins&undone=2")
    assert 'name="ids"' not in page
    assert "2 taken back." in page


def refused(client: TestClient, path: str, data: Mapping[str, object]) -> str:
    """Send a form that breaks a rule; gives what the page says."""
    answer = client.post(f"/admin/{path}", data=data, headers=SAME)
    assert answer.status_code == 422, answer.text
    return answer.text


def test_all_that_match_needs_filters_and_everything_is_a_choice_of_its_own(ann: TestClient):
    send(ann, "words")
    assert 'value="everything"' in inbox(ann)
    assert 'value="all"' in inbox(ann, "q=words")
    for query in ({}, {"query": ""}, {"query": "sort=oldest"}, {"query": "colour=red&q=words"}):
        refused(ann, "feedback/bulk", {"which": "all", "status": "done", **query})
    assert "name at least one filter" in refused(ann, "feedback/bulk", {"which": "all", "status": "done"})
    assert re.search(r'New <span class="count">1</span>', inbox(ann))
    body = {"which": "everything", "query": "", "status": "done"}
    assert post(ann, "feedback/bulk", body) == "/admin/feedback?changed=1"


def test_what_one_change_leaves_is_told_and_changed_by_a_button(
    ann: TestClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(changing, "MAX_CHANGED", 2)
    for n in range(3):
        send(ann, f"number {n}")
    body = {"which": "all", "query": "q=number&cursor=MQ", "add_tag": "bins"}
    shown = post(ann, "feedback/bulk", body)
    page = ann.get(shown, headers=HTML).text
    assert "2 changed. More match that are not changed yet." in page
    told = page[page.index('id="told"') :]
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', told[: told.index("</form>")]))
    assert post(ann, "feedback/bulk", form).endswith("changed=1")
    assert "Undo my last change (3)" in inbox(ann)
    # Where something else was changed since, an old address offers nothing.
    post(ann, "feedback/undo", {"query": ""})
    assert "More match" not in ann.get(shown, headers=HTML).text


def test_only_who_may_see_it_is_offered_and_who_has_it_keeps_it(client: TestClient):
    add_person(client, "cat@example.gov.uk", scope=Scope(frozenset(("https://other.example.gov.uk",))))
    bob = add_person(client, "bob@example.gov.uk", Role.REVIEWER)
    add_person(client, "ann@example.gov.uk")
    sign_in(client, "ann@example.gov.uk")
    key = send(client, "words")
    for page in (inbox(client), client.get(f"/admin/feedback/{key}", headers=HTML).text):
        assert ">Bob</option>" in page
        assert ">Cat</option>" not in page
    post(client, f"feedback/{key}", {"assignee": bob.id})
    call(client, client.app_state["store"].people.disable, bob.id, 1)
    page = client.get(f"/admin/feedback/{key}", headers=HTML).text
    assert '<option value="" selected>Bob</option>' in page
    # What the form sends where only the status was changed.
    post(client, f"feedback/{key}", {"status": "open", "assignee": "", "tags": ""})
    assert "Bob" in client.get(f"/admin/feedback/{key}", headers=HTML).text
    assert f'<option value="{bob.id}"' in inbox(client)
    said = refused(client, "feedback/bulk", {"ids": [key], "assignee": bob.id})
    assert "<strong>Given to</strong>: must be somebody on the team who may change feedback" in said


def test_a_list_address_of_too_many_parts_is_refused(ann: TestClient):
    query = "&".join(f"q={n}" for n in range(60))
    for path, more in (("feedback/bulk", {"which": "all", "status": "done"}), ("views", {"name": "Long"})):
        answer = ann.post(f"/admin/{path}", data={"query": query, **more}, headers=SAME)
        assert answer.status_code == 422


def test_all_that_match_are_changed_but_no_spam_that_is_not_shown(ann: TestClient):
    for n in range(30):
        send(ann, f"number {n}", path="/tax" if n % 2 else "/bins")
    send(ann, "buy", website="x")
    body = {"which": "all", "query": "path=/bins", "status": "irrelevant", "assignee": "", "add_tag": ""}
    assert post(ann, "feedback/bulk", body).endswith("changed=15")
    assert re.search(r'Spam <span class="count">1</span>', inbox(ann))


@pytest.mark.parametrize(
    "body",
    [{"status": "done"}, {"ids": "x"}, {"ids": "x", "status": "gone"}, {"which": "some", "status": "done"}],
)
def test_a_wrong_change_of_many_is_refused(ann: TestClient, body: dict[str, object]):
    assert ann.post("/admin/feedback/bulk", data=body, headers=SAME).status_code == 422


def test_who_only_reads_sees_no_forms_that_change(client: TestClient):

    add_person(client, "vera@example.gov.uk", Role.VIEWER)
    sign_in(client, "vera@example.gov.uk")
    key = send(client, "words")
    assert 'action="/admin/feedback/bulk"' not in inbox(client)
    page = client.get(f"/admin/feedback/{key}", headers=HTML).text
    assert re.findall(r'<form method="post" action="([^"]+)"', page) == ["/admin/sign-out"]


def test_views_are_kept_scrubbed_and_removed(ann: TestClient):
    query = f"status=open&q=card {CARD}&cursor=x"
    assert post(ann, "views", {"name": "Open ones", "query": query, "shared": "1"}) == (
        "/admin/feedback?status=open&q=card+%5BCREDIT_CARD%5D"
    )
    page = inbox(ann)
    assert "Open ones" in page
    assert CARD not in page
    view = re.search(r"/admin/views/([^/]+)/remove", page)
    assert view
    post(ann, f"views/{view[1]}/remove", {"sure": "yes"})
    assert "Open ones" not in inbox(ann)
    wrong = ann.post("/admin/views", data={"name": " ", "query": ""}, headers=SAME)
    assert wrong.status_code == 422


def test_whoever_sees_some_sites_neither_reads_nor_removes_views_of_others(client: TestClient):
    add_person(client, "ann@example.gov.uk")
    sign_in(client, "ann@example.gov.uk")
    post(client, "views", {"name": "Merger", "query": f"site={SITE}&q=redundancy", "shared": "1"})
    view = re.search(r"/admin/views/([^/]+)/remove", inbox(client))
    assert view
    add_person(client, "bob@example.gov.uk", scope=Scope(frozenset(("https://other.gov.uk",))))
    sign_in(client, "bob@example.gov.uk")
    page = inbox(client)
    assert "Merger" not in page
    assert "redundancy" not in page
    assert client.post(f"/admin/views/{view[1]}/remove", headers=SAME, data={"sure": "y"}).status_code == 404
    # What they share is about their site.
    shared = post(client, "views", {"name": "Ours", "query": "q=lifts", "shared": "1"})
    assert shared == "/admin/feedback?q=lifts&site=https%3A%2F%2Fother.gov.uk"
    other = {"name": "Theirs", "query": f"site={SITE}", "shared": "1"}
    assert client.post("/admin/views", headers=SAME, data=other).status_code == 422
