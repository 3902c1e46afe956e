"""The widget's script as servers give it: small, compressed ahead of time, under the operator's name."""

import gzip
import re
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import brotli
import pytest
from starlette.testclient import TestClient

from feedback.app import create_app
from feedback.errors import StartError
from feedback.intake.widget import V1, snippet
from feedback.settings import load_settings

# Pages pin version 1 by this hash, and browsers keep it for a year. It never changes: what should behave
# otherwise is a file v2.js beside it, with a route and a hash of its own, and `NEWEST` is set to that.
V1_INTEGRITY = "sha384-Dn4d8vtlXjE3G7WAhudaUV0O/FbqXr9wa0GEJWyic0O0T7/KbsX4pAh+n/vQ80BO"
PLAIN = V1.codings["identity"]


def test_the_file_is_at_most_4000_bytes_compressed():
    assert len(gzip.compress(PLAIN, 9, mtime=0)) <= 4000


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("", None),
    ],
)
def test_a_browser_gets_the_shortest_coding_that_it_takes(
    client: TestClient, accepted: str, coding: str | None
):
    with client.stream("GET", "/widget/v1.js", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding or "", bytes)
    assert unpack(body) == PLAIN


def test_version_1_is_what_it_was_and_its_hash_is_told(client: TestClient):
    served = client.get("/widget/v1.js").content
    assert f"sha384-{b64encode(sha384(served).digest()).decode()}" == V1_INTEGRITY
    assert client.get("/widget/integrity").text == V1_INTEGRITY


def test_the_script_has_the_name_that_the_operator_gives_it(tmp_path: Path):
    settings = load_settings(
        database_url=f"sqlite:///{tmp_path}/f.db", widget_path="/assets/page.js", max_text=500
    )
    assert 'src="http://127.0.0.1:8000/assets/page.js"' in snippet(settings)
    assert ' max="500"' in snippet(settings)
    with TestClient(create_app(settings), "http://127.0.0.1:8000") as client:
        assert client.get("/assets/page.js").content == PLAIN
        assert "immutable" in client.get("/assets/page.js").headers["cache-control"]
        assert re.search(r'src="http://localhost:8000/assets/page\.js"', client.get("/demo").text)


@pytest.mark.parametrize("path", ["widget.js", "/page", "/admin/x.js", "/../x.js", "/a//b.js", "/.js"])
def test_a_path_that_cannot_be_is_one_sentence(path: str):
    with pytest.raises(StartError, match="FEEDBACK_WIDGET_PATH must be a path such as"):
        load_settings(widget_path=path)
