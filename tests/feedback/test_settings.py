"""Settings: defaults, files for secrets, and one sentence for each wrong value that never repeats it."""

import subprocess
import sys
from pathlib import Path

import pytest

from feedback.app import create_app
from feedback.errors import StartError
from feedback.settings import Settings, load_settings


def test_nothing_is_required():
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///data/feedback.db"
    assert settings.sites is None
    assert settings.max_text == 1200
    assert settings.languages == ("en", "cy")


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FEEDBACK_SITES", "https://a.gov.uk, https://*.b.gov.uk,")
    monkeypatch.setenv("FEEDBACK_MAX_TEXT", "500")
    settings = load_settings()
    assert settings.sites == ("https://a.gov.uk", "https://*.b.gov.uk")
    assert settings.max_text == 500


def test_a_secret_comes_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "token").write_text("made-up-token-in-a-file\n")
    monkeypatch.setenv("FEEDBACK_ADMIN_TOKEN_FILE", str(tmp_path / "token"))
    token = load_settings().admin_token
    assert token is not None
    assert token.get_secret_value() == "made-up-token-in-a-file"


def test_a_value_and_its_file_together_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("FEEDBACK_ADMIN_TOKEN", "one")
    monkeypatch.setenv("FEEDBACK_ADMIN_TOKEN_FILE", str(tmp_path / "two"))
    with pytest.raises(StartError, match="FEEDBACK_ADMIN_TOKEN_FILE or FEEDBACK_ADMIN_TOKEN, not both"):
        load_settings()


def test_a_missing_file_is_named_by_its_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("FEEDBACK_ADMIN_TOKEN_FILE", str(tmp_path / "nothing"))
    with pytest.raises(StartError, match="FEEDBACK_ADMIN_TOKEN_FILE must name a readable text file"):
        load_settings()


WRONG = [
    (
        "DATABASE_URL",
        "mysql://root:hunter2@db",
        "FEEDBACK_DATABASE_URL must be sqlite:///PATH or postgresql",
    ),
    ("DATABASE_URL", "sqlite:///", "FEEDBACK_DATABASE_URL must be"),
    ("DATABASE_URL", "sqlite:///:memory:", "FEEDBACK_DATABASE_URL must be"),
    ("DATABASE_URL", "sqlite://data/feedback.db", "FEEDBACK_DATABASE_URL must be"),
    ("MAX_TEXT", "hunter2", "FEEDBACK_MAX_TEXT should be a valid integer"),
    ("MAX_TEXT", "0", "FEEDBACK_MAX_TEXT should be greater than or equal to 1"),
    ("ADMIN_TOKEN", "hunter2 hunter2", "FEEDBACK_ADMIN_TOKEN must be a token"),
    ("ADMIN_TOKEN", "hunter2", "FEEDBACK_ADMIN_TOKEN must have at least 20 characters"),
    ("ADMIN_TOKN", "hunter2", "FEEDBACK_ADMIN_TOKN is not a setting; is FEEDBACK_ADMIN_TOKEN meant?"),
    ("COLOUR", "hunter2", "FEEDBACK_COLOUR is not a setting."),
    ("HOSTS", "https://hunter2", "FEEDBACK_HOSTS must be names of hosts"),
    ("RATE", "hunter2", "FEEDBACK_RATE must be a number by second or minute or hour or day"),
    ("RATE", "0/minute", "FEEDBACK_RATE must be a number"),
    ("RATE_SITE", "5", "FEEDBACK_RATE_SITE must be a number"),
    ("RATE_ALL", "5/fortnight", "FEEDBACK_RATE_ALL must be a number"),
    ("RATE_STORE", "memcached://hunter2", "FEEDBACK_RATE_STORE must be redis://"),
    ("HEADER_SECONDS", "0", "FEEDBACK_HEADER_SECONDS should be greater than or equal to 1"),
    ("BODY_SECONDS", "hunter2", "FEEDBACK_BODY_SECONDS should be a valid integer"),
    ("TRUSTED_PROXIES", "*", "FEEDBACK_TRUSTED_PROXIES: entry 1 must be a network"),
    ("TRUSTED_PROXIES", "10.0.0.0/8,0.0.0.0/0", "FEEDBACK_TRUSTED_PROXIES: entry 2 must be"),
    ("TRUSTED_PROXIES", "::/0", "FEEDBACK_TRUSTED_PROXIES: entry 1 must be"),
    ("TRUSTED_PROXIES", "hunter2", "FEEDBACK_TRUSTED_PROXIES: entry 1 must be"),
    ("PUBLIC_URL", "hunter2", "FEEDBACK_PUBLIC_URL must be an http or https address"),
    ("PUBLIC_URL", 'https://x";hunter2', "FEEDBACK_PUBLIC_URL must be"),
    ("SITES", "", "FEEDBACK_SITES must name at least one"),
    ("SITES", "null", "FEEDBACK_SITES: entry 1 must be an origin"),
    ("SITES", "*", "FEEDBACK_SITES: entry 1 must be an origin"),
    ("SITES", "https://a.gov.uk,https://*.gov.uk", "FEEDBACK_SITES: entry 2 must name one organisation"),
    ("SITES", "https://*.service.gov.uk", "FEEDBACK_SITES: entry 1 must name one organisation"),
    ("SITES", "https://*.uk", "FEEDBACK_SITES: entry 1 must be an origin"),
    ("LANGUAGES", "hunter2", "FEEDBACK_LANGUAGES may name these languages: "),
    ("SMTP_URL", "smtp://hunter2:x y@mail", "FEEDBACK_SMTP_URL must be smtp://"),
    ("SMTP_URL", "https://hunter2", "FEEDBACK_SMTP_URL must be smtp://"),
    ("SMTP_URL", "smtp://hunter2", "FEEDBACK_SMTP_FROM is needed with FEEDBACK_SMTP_URL"),
    ("SMTP_FROM", "hunter2", "FEEDBACK_SMTP_FROM must be an e-mail address"),
    ("LANGUAGES", ",", "FEEDBACK_LANGUAGES must name at least one"),
    (
        "SCRUB_KINDS",
        "UK_NINO,hunter2",
        "FEEDBACK_SCRUB_KINDS: a kind that does not exist; the kinds are",
    ),
    ("WIDGET_PATH", "hunter2", "FEEDBACK_WIDGET_PATH must be a path"),
    ("SCRUB_KINDS", ",", "FEEDBACK_SCRUB_KINDS must name at least one"),
    ("SSO_ISSUER", "http://hunter2", "FEEDBACK_SSO_ISSUER must be an https address"),
    ("SSO_CLIENT_ID", "hunter2 hunter2", "FEEDBACK_SSO_CLIENT_ID must be one word"),
    ("SSO_CLIENT_SECRET", " ", "FEEDBACK_SSO_CLIENT_SECRET must not be empty"),
    ("SSO_NAME", " ", "FEEDBACK_SSO_NAME must be a name"),
    ("SSO_SCOPES", "hunter2", "FEEDBACK_SSO_SCOPES must hold openid"),
    ("SSO_GROUPS", "hunter2 hunter2", "FEEDBACK_SSO_GROUPS must be one word"),
    ("SSO_ROLES", "hunter2=king", "FEEDBACK_SSO_ROLES must be groups and roles"),
    ("SSO_TRUST_EMAIL", "hunter2", "FEEDBACK_SSO_TRUST_EMAIL should be a valid boolean"),
    ("SSO_HEADER", "hunter2 hunter2", "FEEDBACK_SSO_HEADER must be the name of a header"),
    ("URGENT_WORDS", "# hunter2", "FEEDBACK_URGENT_WORDS must name at least one"),
    ("URGENT_PROCEDURE", "hunter2" * 300, "FEEDBACK_URGENT_PROCEDURE must be 2000 characters or fewer"),
    ("RETENTION_DAYS", "-1", "FEEDBACK_RETENTION_DAYS should be greater than or equal to 0"),
    ("AUDIT_DAYS", "179", "FEEDBACK_AUDIT_DAYS must be 0 for never or at least 180"),
    ("RETENTION_DAYS", "hunter2", "FEEDBACK_RETENTION_DAYS should be a valid integer"),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_a_wrong_value_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str):
    monkeypatch.setenv(f"FEEDBACK_{name}", value)
    with pytest.raises(StartError) as refused:
        create_app()
    assert str(refused.value).startswith(sentence)
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith((".", "?"))


def test_every_setting_is_tried_with_a_wrong_value():
    assert {name.upper() for name in Settings.model_fields} <= {name for name, _, _ in WRONG}


def test_serve_refuses_a_wrong_value_in_one_line(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "feedback", "serve"],
        env={"FEEDBACK_MAX_TEXT": "hunter2", "FEEDBACK_SITES": "hunter2"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("FEEDBACK_MAX_TEXT should be")
    assert not list(tmp_path.iterdir())


def test_what_kubernetes_says_of_a_service_is_no_setting(monkeypatch: pytest.MonkeyPatch):
    for name in ("SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT", "PORT_8000_TCP_ADDR"):
        monkeypatch.setenv(f"FEEDBACK_{name}", "x")
    load_settings()
