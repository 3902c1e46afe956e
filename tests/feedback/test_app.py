"""What the app serves as it is, what stops its start, and what it notes of it."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.errors import StartError
from feedback.model import Role
from feedback.model.audit import Action, AuditFilters
from feedback.settings import Settings, load_settings


def test_style_sheets_are_checked_before_use(client: TestClient):
    assert "must-revalidate" in client.get("/static/visitor.css").headers["cache-control"]


def test_an_unknown_kind_stops_the_start(tmp_path: Path):
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/f.db", scrub_kinds=("UK_NINO", "NOTHING"))
    with pytest.raises(StartError, match="FEEDBACK_SCRUB_KINDS"):
        create_app(settings)


def test_what_differs_from_the_last_start_is_written_down_and_no_secret(settings: Settings):
    def entries(**changes: object) -> list[dict[str, str | int]]:
        with TestClient(create_app(settings.model_copy(update=changes)), "http://feedback.test") as client:
            assert client.portal is not None
            asked = AuditFilters(action=Action.SETTINGS_CHANGED)
            found = client.portal.call(client.app_state["store"].audited, asked)
            return [dict(each.entry.detail) for each in found]

    (first,) = entries()
    assert first["sites"] == "https://www.example.gov.uk, https://*.wild.gov.uk"
    assert (first["admin_token"], first["database_url"]) == ("set", "set")
    assert entries() == [first]
    changed = {**first, "retention_days": "30"}
    assert entries(retention_days=30) == [changed, first]
    assert entries() == [first, changed, first]
    assert entries(sso_roles={"team": Role.REVIEWER})[0].get("sso_roles") == "team=reviewer"
