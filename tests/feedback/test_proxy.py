"""Signing in by a header of one's own proxy, which nobody else may send."""

from pathlib import Path

from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.model import Role
from feedback.settings import load_settings
from tests.feedback.people import add_person, browser, call

ANN = "ann@example.gov.uk"


def test_a_header_is_believed_from_proxies_of_ours_alone(tmp_path: Path):
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path}/f.db",
        public_url="http://feedback.test",
        trusted_proxies=("192.0.2.0/24",),
        sso_header="X-Forwarded-Email",
    )
    named = {"X-Forwarded-Email": f" {ANN.upper()} "}
    with TestClient(create_app(settings), "http://feedback.test", follow_redirects=False) as client:
        ann = add_person(client, ANN, Role.REVIEWER)
        proxy, stranger = browser(client, "192.0.2.9"), browser(client, "198.51.100.9")
        assert proxy.get("/admin/feedback", headers=named).status_code == 200
        assert "Ann" in proxy.get("/admin/account", headers=named).text
        assert proxy.get("/admin/people", headers=named).status_code == 403
        assert stranger.get("/admin/feedback", headers=named).status_code == 401
        # Who comes by the proxy comes by themselves, so other sites could make them act.
        assert proxy.post("/admin/feedback/x", data={"status": "done"}, headers=named).status_code == 403
        same = {"Sec-Fetch-Site": "same-origin", **named}
        assert proxy.post("/admin/feedback/x", data={"status": "done"}, headers=same).status_code == 404
        for wrong in ("bob@example.gov.uk", "", "x\ty"):
            headers = {"X-Forwarded-Email": wrong}
            assert proxy.get("/admin/feedback", headers=headers).status_code == 401
        twice = [("X-Forwarded-Email", ANN), ("X-Forwarded-Email", "bob@example.gov.uk")]
        assert proxy.get("/admin/feedback", headers=twice).status_code == 401
        call(client, client.app_state["store"].people.disable, ann.id, 1)
        assert proxy.get("/admin/feedback", headers=named).status_code == 401


def test_without_the_setting_no_header_is_believed(tmp_path: Path):
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path}/f.db",
        public_url="http://feedback.test",
        trusted_proxies=("192.0.2.0/24",),
    )
    with TestClient(create_app(settings), "http://feedback.test") as client:
        add_person(client, ANN)
        headers = {"X-Forwarded-Email": ANN, "Remote-User": ANN}
        assert browser(client, "192.0.2.9").get("/admin/feedback", headers=headers).status_code == 401
