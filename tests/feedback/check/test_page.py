"""What the doctor reads in a page, how it asks for one, and the lines it says to write."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import pytest

from feedback.check import client, csp
from feedback.check.client import NoAnswer, ask, parse_address
from feedback.check.embed import check_page
from feedback.check.finding import Level
from feedback.check.markup import read_document
from feedback.check.script import Widgets
from feedback.check.sending import Service as Known
from feedback.intake.widget import V1
from tests.certificates import Certificate
from tests.service import Service, free_port

URL = "https://www.example.gov.uk/a/page"
SERVER = "https://feedback.example.gov.uk"


class Site:
    """A web server that answers each path with what it is given."""

    def __init__(self, certificate: Certificate | None = None) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.drips: set[str] = set()  # paths that never come to an end
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = site.pages[self.path]
                self.send_response(status)
                for name, value in ({"Content-Type": "text/html"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                with suppress(OSError):
                    while self.path in site.drips and not site.stopped.wait(0.05):
                        self.wfile.write(b" ")

            def log_message(self, *_: object) -> None:
                pass

        self.stopped = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.origin = f"http://localhost:{self.server.server_port}"
        if certificate:
            self.server.socket = certificate.server().wrap_socket(self.server.socket, server_side=True)
            self.origin = self.origin.replace("http:", "https:")
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))

    def show(self, html: str, path: str = "/", status: int = 200, **headers: str) -> str:
        """Answer a path with a page; gives its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = status, named, html.encode()
        return f"{self.origin}{path}"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def test_what_does_not_run_is_not_read():
    document = read_document(
        """<!doctype html><html lang=cy><head><title><script src=a.js></script></title>
        <!-- <script src=b.js></script> --><noscript><script src=c.js></script></noscript>
        <template><script src=d.js></script><page-feedback></page-feedback></template>
        <script>"<script src=e.js><" + "/script>"</script>
        <SCRIPT SRC="f.js" src="g.js" Defer></SCRIPT></head>
        <body><textarea><page-feedback></textarea><script src="/h.js"></script>""",
        URL,
    )
    assert [script.url for script in document.scripts] == [
        "https://www.example.gov.uk/a/f.js",
        "https://www.example.gov.uk/h.js",
    ]
    assert document.widgets == []
    assert document.lang == "cy"


def test_addresses_are_read_as_the_page_says():
    document = read_document(
        '<base href="https://cdn.example/x/"><base href="https://no.example/"><script src="y.js"></script>'
        '<form action="//feedback.example.gov.uk/feedback" method=POST></form>'
        '<page-feedback server=".."><p><a href="form">Help</a></p></page-feedback><a href="else">x</a>',
        URL,
    )
    assert [script.url for script in document.scripts] == ["https://cdn.example/x/y.js"]
    assert [(form.url, form.method) for form in document.forms] == [(f"{SERVER}/feedback", "post")]
    assert [widget.leads for widget in document.widgets] == [["https://cdn.example/x/form"]]


def test_only_policies_of_the_head_are_heard_and_those_behind_the_script_come_too_late():
    meta = '<meta http-equiv="Content-Security-Policy" content="{}">'
    document = read_document(
        f"<head>{meta.format('a')}<script src=x.js></script>{meta.format('b')}</head>{meta.format('c')}"
        f"<p>x</p>{meta.format('d')}",
        URL,
    )
    assert document.policies == ["a", "b"]
    assert document.scripts[0].metas == 1


@pytest.mark.parametrize(
    ("sources", "page", "url", "fits"),
    [
        ("https://*.example.gov.uk", URL, SERVER, True),
        ("*.example.gov.uk", URL, SERVER, True),
        ("*.example.gov.uk", URL, "https://example.gov.uk", False),
        ("*.example.gov.uk", URL, "https://badexample.gov.uk", False),
        ("*.example.gov.uk", URL, "http://feedback.example.gov.uk", False),
        ("*.example.gov.uk", "http://www.example.gov.uk/", SERVER, True),
        ("http://feedback.example.gov.uk", URL, SERVER, True),
        ("http://feedback.example.gov.uk:80", URL, SERVER, True),
        ("FEEDBACK.example.GOV.UK", URL, SERVER, True),
        ("feedback.example.gov.uk", URL, f"{SERVER}:8443", False),
        ("feedback.example.gov.uk:*", URL, f"{SERVER}:8443", True),
        ("feedback.example.gov.uk:443", URL, SERVER, True),
        ("'self'", "http://feedback.example.gov.uk/", SERVER, True),
        ("'self'", URL, "https://www.example.gov.uk:8443", False),
        ("'self'", URL, SERVER, False),
        ("https:", URL, SERVER, True),
        ("data: blob:", URL, SERVER, False),
        ("https://feedback.example.gov.uk;", URL, SERVER, True),
        ("https://feedback.example.gov.uk,", URL, SERVER, True),
    ],
)
def test_sources_that_no_test_can_show_a_browser(sources: str, page: str, url: str, fits: bool):
    policies = csp.read_policies([f"connect-src {sources}"])
    refused = [csp.refuses(policy, csp.CONNECT, page, [f"{url}/feedback"]) for policy in policies]
    assert refused == ([None] if fits else ["connect-src"])


def test_the_path_of_a_source_counts_before_a_redirect_only():
    [policy] = csp.read_policies([f"connect-src {SERVER}/a"])
    assert csp.refuses(policy, csp.CONNECT, URL, [f"{SERVER}/a", f"{SERVER}/b"]) is None
    assert csp.refuses(policy, csp.CONNECT, URL, [f"{SERVER}/a", "https://else.example/a"]) == "connect-src"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://www.example.gov.uk", "https://www.example.gov.uk/"),
        (" https://www.example.gov.uk/a b?c=ŵ#d ", "https://www.example.gov.uk/a%20b?c=%C5%B5"),
        ("https://llŷn.example/", "https://xn--lln-k2a.example/"),
        ("https://www.example.gov.uk/a%20b", "https://www.example.gov.uk/a%20b"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("//www.example.gov.uk", None),
        ("https://", None),
        ("https://x:99999/", None),
        ("https://me@www.example.gov.uk/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_addresses_are_sent_as_browsers_send_them(written: str, sent: str | None):
    assert parse_address(written) == sent


def reason(url: str) -> str:
    with pytest.raises(NoAnswer) as refused:
        ask(url)
    return refused.value.reason


def test_why_a_page_does_not_come_is_said(site: Site, monkeypatch: pytest.MonkeyPatch):
    assert reason(f"http://127.0.0.1:{free_port()}/").startswith("refuses the connection")
    assert reason("http://nowhere.invalid/").startswith("is no name that this machine can resolve")
    assert reason(site.show("", "/loop", 302, Location="/loop")).startswith("redirects again and again")
    assert reason(site.show("", "/away", 302, Location="ftp://x/")).startswith("redirects to what is no addr")
    assert reason(site.origin.replace("http:", "https:")).startswith("does not speak TLS there")
    many = {f"X-{number}": "x" for number in range(200)}
    for headers in (many, {"X": "x" * 70_000}):
        site.pages["/headers"] = 200, headers, b""
        assert reason(f"{site.origin}/headers").startswith("answers with what is no HTTP")
    monkeypatch.setattr(client, "MAX_BODY", 1024 * 1024)
    assert reason(site.show("x" * (1024 * 1024 + 1), "/large")).startswith("answers with more than 1 MiB")
    with pytest.raises(NoAnswer):
        ask("http://127.0.0.1:1/\r\nX: y")


def test_a_page_that_never_ends_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "SECONDS", 0.5)
    url = site.show("<p>", "/slow", 200, Content_Length="1000000")
    site.drips |= {"/slow", "/silent"}
    site.pages["/silent"] = 200, {}, b""
    began = time.monotonic()
    for each in (url, f"{site.origin}/silent"):
        assert reason(each).startswith("did not answer within 0.5 seconds")
    # It goes on byte by byte for hours.
    assert time.monotonic() - began < 30


def test_what_is_wrong_with_a_certificate_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    certificate = Certificate(tmp_path)
    with Site(certificate) as site:
        url = site.show("<p>")
        assert reason(url).startswith("shows a certificate that this machine does not trust")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        assert ask(url).status == 200
        monkeypatch.setattr("socket.getaddrinfo", to_loopback)
        other = url.replace("localhost", "other.example.org")
        assert reason(other).startswith("shows a certificate for another name")


def to_loopback(_host: str, port: int, *_: object, **__: object) -> list[object]:
    import socket

    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def sentences(url: str, service: Service, level: Level = Level.PROBLEM) -> list[str]:
    """What the doctor says of a page, of that level."""
    widgets = Widgets(("/widget/v1.js",), V1.integrity)
    return [
        each.sentence for each in check_page(url, widgets, Known(service.origin, 1200)) if each.level is level
    ]


def embed(service: Service, inside: str = "", attributes: str = "") -> str:
    return (
        f'<html lang="en"><script src="{service.origin}/widget/v1.js" crossorigin defer></script>'
        f'<page-feedback server="{service.origin}" {attributes}>{inside}</page-feedback>'
    )


def test_the_line_to_write_is_said_word_for_word(site: Site, service: Service):
    link = f'<a href="{service.origin}/feedback/form">Help</a>'
    policy = "default-src 'none'; script-src 'nonce-secret' 'self'; connect-src 'none'"
    said = sentences(site.show(embed(service, link), Content_Security_Policy=policy), service)
    at = service.origin
    assert said == [
        f"The page's Content-Security-Policy (header) refuses the script: add {at} to script-src, so that it "
        f"reads `script-src 'nonce-...' 'self' {at}`.",
        f"The page's Content-Security-Policy (header) refuses to send: add {at} to connect-src, so that it "
        f"reads `connect-src {at}`.",
    ]
    policy = "default-src 'self'"
    said = sentences(site.show(embed(service, link), Content_Security_Policy=policy), service)
    assert said == [
        "The page's Content-Security-Policy (header) refuses the script: it has default-src only, so add "
        f"`script-src 'self' {at}`.",
        "The page's Content-Security-Policy (header) refuses to send: it has default-src only, so add "
        f"`connect-src 'self' {at}`.",
    ]
    assert sentences(site.show(embed(service, link)), service, Level.WARNING) == []


def test_whoever_is_left_out_is_told_of(site: Site, service: Service):
    html = embed(service, "", 'max="5000"').replace('lang="en"', 'lang="pl"')
    said = sentences(site.show(html), service, Level.WARNING)
    assert [sentence.partition(":")[0] for sentence in said] == [
        "Whoever has no JavaScript sees nothing to give feedback by",
        "The widget speaks English here, since the page is in another language",
        "The widget lets people write 5000 characters and the service takes 1200",
    ]
    assert 'write max="1200" on <page-feedback>.' in said[2]


@pytest.mark.parametrize(
    ("html", "begins"),
    [
        ("<p>Bins</p>", "Nothing of Page Feedback is in the page's HTML"),
        ("<page-feedback></page-feedback>", "The page has <page-feedback> but not the script"),
        (
            '<script src="{at}/widget/v1.js"></script>',
            "The page has the script but no <page-feedback> element",
        ),
        ('<script src="{at}/widget/v1.js"></script><page-feedback>', "<page-feedback> does not say where"),
    ],
)
def test_half_an_embed_is_told_of(site: Site, service: Service, html: str, begins: str):
    assert any(
        sentence.startswith(begins)
        for sentence in sentences(site.show(html.format(at=service.origin)), service)
    )


def test_a_page_that_is_none_is_told_of(site: Site, service: Service):
    [said] = sentences(site.show("", "/gone", 404), service)
    assert said == f"{site.origin} answers 404 for this page: does it need a sign-in, or is it gone?"
    [said] = sentences(site.show("{}", "/json", Content_Type="application/json"), service)
    assert "is not HTML" in said


def test_a_site_that_the_service_does_not_know_is_told_of(site: Site, tmp_path: Path, service: Service):
    with Service(tmp_path, FEEDBACK_SITES="https://www.example.gov.uk") as strict:
        said = sentences(site.show(embed(strict)), strict)
    assert said == [
        f"{strict.origin} takes no feedback about pages of {site.origin}: add {site.origin} to "
        "FEEDBACK_SITES and start the service anew."
    ]


def test_what_a_page_says_of_itself_cannot_speak_to_the_terminal(site: Site, service: Service):
    from feedback.cli.check import _line

    policy = "script-src \x1b[31mowned"
    html = f'<meta http-equiv="Content-Security-Policy" content="{policy}">{embed(service)}'
    widgets = Widgets(("/widget/v1.js",), V1.integrity)
    lines = [_line(each) for each in check_page(site.show(html), widgets, Known(service.origin, 1200))]
    assert any("owned" in line for line in lines)
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    "html",
    [
        '<base href="http://[x">',
        '<script src="http://[x/widget/v1.js"></script>',
        '<script src="http://x:99999/widget/v1.js"></script>',
        '<form action="//[x/feedback" method="post">',
        '<page-feedback server="http://[x">',
        '<page-feedback server="http://x:port"><a href="http://[x/feedback/form">',
        '<page-feedback server="/x" max="' + 5000 * "9" + '">',
        "<![x[ y ]>",
    ],
)
def test_what_a_page_writes_wrongly_ends_no_examination(site: Site, service: Service, html: str):
    said = sentences(site.show(html + embed(service)), service, Level.OK)
    assert f"{service.origin} takes what the widget sends from this page." in said


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "a\\0b", "nonsense"])
def test_a_page_in_a_charset_that_is_none_is_read(site: Site, service: Service, charset: str):
    html = embed(service) + "\N{LATIN SMALL LETTER E WITH ACUTE}"
    url = site.show(html, Content_Type=f'text/html; charset="{charset}"'.replace("\\0", "\0"))
    assert sentences(url, service) == []


def test_an_address_that_is_none_is_not_followed(site: Site):
    assert reason(site.show("", "/", 302, Location="http://[x")).startswith("redirects to what is no addr")


def test_a_port_of_a_thousand_digits_lets_nothing_through():
    [policy] = csp.read_policies([f"connect-src localhost:{5000 * '9'}"])
    assert csp.refuses(policy, csp.CONNECT, "http://localhost/", ["http://localhost/"]) == "connect-src"


@pytest.mark.parametrize("open_", ["<!--", "<a b='", "<![", "</a ", "<!"])
def test_what_is_never_closed_is_read_in_no_time(open_: str):
    # By the square of its length this would take longer than any test may.
    assert read_document(open_ * 500_000, URL).widgets == []


def test_a_page_makes_the_doctor_ask_a_few_times_only(site: Site, service: Service):
    url = site.show(embed(service) + 10_000 * f'<page-feedback server="{service.origin}"></page-feedback>')
    [said] = [each for each in sentences(url, service, Level.WARNING) if "more than 10 times" in each]
    assert said.endswith("paste the embed snippet once.")
