"""`feedback serve` as an operator meets it: what it prints, how it ends, what it survives."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2 as httpx

from tests.service import Service, free_port


def test_three_lines_say_where_things_are(service: Service):
    demo, review, embed = service.lines
    assert demo.split()[-1] == f"{service.origin}/demo"
    assert re.search(rf"{service.origin}/admin/sign-in\?token=\S{{43}}", review)
    assert f'<script src="{service.origin}/widget/v1.js" integrity="sha384-' in embed
    assert "<page-feedback server=" in embed
    assert httpx.get(f"{service.origin}/demo").status_code == 200


def test_the_snippet_pins_the_script_that_is_served(service: Service):
    integrity = httpx.get(f"{service.origin}/widget/integrity").text
    assert integrity in service.lines[2]
    script = httpx.get(f"{service.origin}/widget/v1.js")
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["access-control-allow-origin"] == "*"
    newest = httpx.get(f"{service.origin}/widget.js")
    assert newest.content == script.content
    same = httpx.get(f"{service.origin}/widget.js", headers={"If-None-Match": newest.headers["etag"]})
    assert same.status_code == 304


def test_a_submission_survives_a_killed_process(tmp_path: Path):
    service = Service(tmp_path)
    keys = {
        service.post(page=f"{service.origin}/demo", comment=str(number)).json()["id"] for number in range(20)
    }
    service.stop(signal.SIGKILL)
    service.start()
    assert {item["id"] for item in service.items()} == keys
    assert service.stop() == -signal.SIGTERM


def test_health_tells_alive_and_ready(service: Service):
    assert httpx.get(f"{service.origin}/health/live").status_code == 200
    assert httpx.get(f"{service.origin}/health/ready").status_code == 200


def test_a_second_service_on_the_same_database_is_one_sentence(service: Service):
    second = subprocess.run(
        [sys.executable, "-m", "feedback", "serve", "--port", str(free_port())],
        env={"FEEDBACK_DATABASE_URL": f"sqlite:///{service.data}/feedback.db"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "Another process uses the database" in second.stderr


def test_a_port_in_use_is_one_sentence(service: Service, tmp_path: Path):
    port = service.origin.rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, "-m", "feedback", "serve", "--port", port],
        env={"FEEDBACK_DATABASE_URL": f"sqlite:///{tmp_path}/feedback.db"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert second.stderr.startswith("The service cannot listen on 127.0.0.1")
    assert not list(tmp_path.iterdir())
