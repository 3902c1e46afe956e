"""What tests of the desk do as a browser does: send, look, and post a form."""

from collections.abc import Mapping

from starlette.testclient import TestClient

from tests.feedback.conftest import SITE
from tests.feedback.people import SAME

HTML = {"Accept": "text/html"}


def send(client: TestClient, comment: str, path: str = "/bins", **fields: object) -> str:
    answer = client.post("/feedback", json={"page": f"{SITE}{path}", "comment": comment, **fields})
    key: str = answer.json()["id"]
    return key


def inbox(client: TestClient, query: str = "") -> str:
    answer = client.get(f"/admin/feedback?{query}", headers=HTML)
    assert answer.status_code == 200
    return answer.text


def post(client: TestClient, path: str, data: Mapping[str, object]) -> str:
    """Send a form; gives where it leads."""
    answer = client.post(f"/admin/{path}", data=data, headers=SAME)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
