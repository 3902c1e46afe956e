"""The examples of `deploy/` name settings that exist, and keep bodies off the disk."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from uvicorn import Config

from feedback.http.body import body_limit
from feedback.settings import Settings

ROOT = Path(__file__).parents[2]
FILES = ("compose.yaml", "deploy/page-feedback.service", "deploy/nginx.conf", "docs/deploy.md", "Dockerfile")
SETTINGS = {f"FEEDBACK_{name.upper()}{end}" for name in Settings.model_fields for end in ("", "_FILE")}
# Of the example for Caddy alone.
OURS = {"FEEDBACK_HOST", "FEEDBACK_SERVICE"}
LARGEST = body_limit(Settings.model_fields["max_text"].default)


def text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", FILES)
def test_only_settings_that_exist_are_named(name: str):
    assert set(re.findall(r"\bFEEDBACK_[A-Z_]*[A-Z]\b", text(name))) <= SETTINGS | OURS


def test_nginx_holds_the_largest_body_in_memory_and_writes_none():
    directives = dict(re.findall(r"^\s*(\w+) ([^;]+);", text("deploy/nginx.conf"), re.MULTILINE))
    assert directives["client_body_buffer_size"] == directives["client_max_body_size"] == "128k"
    assert LARGEST <= 128 * 1024
    assert directives["proxy_request_buffering"] == "off"
    assert directives["proxy_max_temp_file_size"] == "0"


def test_the_logs_of_proxies_name_no_address_path_or_query():
    log = re.search(r"log_format page_feedback ([^;]+);", text("deploy/nginx.conf"))
    assert log is not None
    assert set(re.findall(r"\$(\w+)", log[1])) == {
        "time_iso8601",
        "request_method",
        "status",
        "request_time",
        "body_bytes_sent",
        "sent_http_x_request_id",
    }
    assert "exclude http.log.access http.log.error http.handlers.reverse_proxy" in text("deploy/Caddyfile")


def test_caddy_lets_the_largest_body_in():
    size = re.search(r"max_size (\d+)KB", text("deploy/Caddyfile"))
    assert size is not None
    assert int(size[1]) * 1000 >= LARGEST


def test_the_services_of_the_composition_are_hardened():
    services: dict[str, dict[str, Any]] = yaml.safe_load(text("compose.yaml"))["services"]
    assert services.keys() == {"service", "database", "proxy"}
    for service in services.values():
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["service"]["read_only"] is True
    assert services["service"]["cap_drop"] == ["ALL"]
    assert "ports" not in services["service"] | services["database"]
    proxy = services["proxy"]["networks"]["front"]["ipv4_address"]
    assert services["service"]["environment"]["FEEDBACK_TRUSTED_PROXIES"] == f"{proxy}/32"


def test_proxies_let_go_of_an_idle_connection_before_the_service_does():
    idle = Config("feedback.app:create_app", log_config=None).timeout_keep_alive
    for pattern, name in ((r"keepalive_timeout (\d+)s;", "nginx.conf"), (r"keepalive (\d+)s", "Caddyfile")):
        found = re.search(pattern, text(f"deploy/{name}"))
        assert found is not None
        assert int(found[1]) < idle


def test_the_unit_lets_the_figures_of_the_process_be_read():
    # prometheus_client gives none at all where it cannot read when the machine started.
    assert not re.search(r"^ProcSubset=pid", text("deploy/page-feedback.service"), re.MULTILINE)
