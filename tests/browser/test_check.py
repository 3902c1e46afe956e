"""What the doctor says of a page is what a browser does with it."""

import re
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from feedback.check.embed import check_page
from feedback.check.finding import Level
from feedback.check.script import Widgets
from feedback.check.sending import Service as Known
from feedback.intake.widget import V1
from tests.browser.conftest import PATIENCE
from tests.browser.helpers import status, widget
from tests.browser.host import Host
from tests.certificates import Certificate
from tests.service import Service

NUMBERS = count()
WIDGETS = Widgets(("/widget.js", "/widget/v1.js"), V1.integrity)
# A name of this machine that is no loopback to a browser.
ELSEWHERE = "feedback.example.test"
FULL = 'integrity="{hash}" crossorigin="anonymous"'


class Case:
    """One page: its policy and other headers, the script's attributes, and what stands in its head."""

    def __init__(
        self, policy: str = "", *, attributes: str = FULL, head: str = "", late: str = "", **headers: str
    ) -> None:
        self.policy = policy
        self.attributes = attributes
        self.head = head
        self.late = late  # what stands in the head behind the script
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.path = "/widget/v1.js"
        self.server = "{service}"


def but(path: str = "/widget/v1.js", server: str = "{service}", **rest: str) -> Case:
    """A case whose script or server is another one."""
    case = Case(**rest)
    case.path, case.server = path, server
    return case


# The page, whether the script runs, and whether what it sends arrives.
CASES = [
    (Case(), True, True),
    (Case("default-src 'none'; script-src {service}; connect-src {service}"), True, True),
    (Case("default-src 'self'"), False, False),
    (Case("default-src {service}"), True, True),
    (Case("default-src 'self'; script-src {service}"), True, False),
    (Case("script-src 'self'"), False, True),
    (Case("script-src 'self'; script-src {service}"), False, True),
    (Case("SCRIPT-SRC {service}; connect-src 'NONE'"), True, False),
    (Case("script-src 'none' {service}"), True, True),
    (Case("script-src"), False, True),
    (Case("script-src *"), True, True),
    (Case("script-src https:"), False, True),
    (Case("script-src http:"), True, True),
    (Case("script-src {bare}; connect-src {bare}"), True, True),
    (Case("script-src 127.0.0.1"), False, True),
    (Case("script-src 127.0.0.1:*; connect-src 127.0.0.1:1"), True, False),
    (Case("script-src *:*"), True, True),
    (Case("script-src https://127.0.0.1:*"), False, True),
    (Case("script-src {service}/widget/; connect-src {service}/feed"), True, False),
    (Case("script-src {service}/widget/v1.js; connect-src {service}/feedback"), True, True),
    (Case("script-src {service}/widget"), False, True),
    (Case("script-src {service}/widget/v2.js"), False, True),
    (Case("script-src {service}/WIDGET/v1.js"), False, True),
    (Case("script-src {service}/%77idget/v1.js"), True, True),
    (Case("script-src 'self'; script-src-elem {service}"), True, True),
    (Case("script-src {service}; script-src-elem 'self'"), False, True),
    (Case("script-src 'unsafe-inline' 'unsafe-eval'"), False, True),
    (Case("script-src 'nonce-abc'", attributes=f'{FULL} nonce="abc"'), True, True),
    (Case("script-src 'nonce-abc'", attributes=f'{FULL} nonce="ABC"'), False, True),
    (Case("script-src 'nonce-abc' 'strict-dynamic' {service}"), False, True),
    (Case("script-src 'nonce-abc' 'strict-dynamic'", attributes=f'{FULL} nonce="abc"'), True, True),
    (Case("script-src '{hash}'"), True, True),
    (Case("script-src '{hash}' 'strict-dynamic'"), True, True),
    (Case("script-src '{hash}'", attributes='crossorigin="anonymous"'), False, True),
    (Case("script-src 'sha384-AAAA'"), False, True),
    (Case("default-src 'none', script-src {service}; connect-src {service}"), False, False),
    (Case("script-src {service}, connect-src 'self'"), True, False),
    (Case("script-src {service}; style-src 'none'; img-src 'none'"), True, True),
    (Case("require-trusted-types-for 'script'; trusted-types 'none'"), True, True),
    (Case("frame-ancestors 'none'; base-uri 'none'; object-src 'none'; report-uri /reports"), True, True),
    (Case("upgrade-insecure-requests"), True, True),
    (Case("sandbox"), False, True),
    (Case("sandbox allow-scripts"), True, False),
    (Case("sandbox allow-scripts allow-same-origin"), True, True),
    (Case(head='<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">'), False, True),
    (Case(late='<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'), True, False),
    (Case(head='<meta http-equiv="Content-Security-Policy" content="sandbox">'), True, True),
    (
        Case(
            "script-src {service} 'self'",
            head='<meta http-equiv="content-security-policy" content="connect-src \'self\'">',
        ),
        True,
        False,
    ),
    (
        Case(late='<p>x</p><meta http-equiv="Content-Security-Policy" content="connect-src \'self\'">'),
        True,
        True,
    ),
    (Case(Content_Security_Policy_Report_Only="default-src 'none'"), True, True),
    (Case(Cross_Origin_Embedder_Policy="require-corp"), True, True),
    (Case(Cross_Origin_Embedder_Policy="require-corp", attributes=""), True, True),
    (Case(Referrer_Policy="no-referrer"), True, True),
    (Case(Integrity_Policy="blocked-destinations=(script)"), True, True),
    (Case(Integrity_Policy="blocked-destinations=(script)", attributes=""), False, True),
    (Case(Integrity_Policy="blocked-destinations=(script)", attributes="crossorigin"), False, True),
    (Case(attributes=""), True, True),
    (Case(attributes='crossorigin="use-credentials"'), False, True),
    (Case(attributes='integrity="{hash}"'), False, True),
    (Case(attributes='integrity="sha384-AAAA" crossorigin'), False, True),
    (Case(attributes='integrity="sha256-AAAA {hash}" crossorigin'), True, True),
    (Case(attributes='integrity="{hash} sha512-AAAA" crossorigin'), False, True),
    (Case(attributes='integrity="md5-AAAA" crossorigin'), True, True),
    (Case(attributes='type="module"'), True, True),
    (Case(attributes='type="text/plain"'), False, True),
    (Case(attributes="nomodule"), False, True),
    (Case(head='<base href="{service}/widget/">'), True, True),
    (but("/none/widget/v1.js"), False, True),
    (but(server="{service}/"), True, True),
    (but(server="{service}/elsewhere"), True, False),
    (but(server="/feedback-of-this-site"), True, False),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that may be asked by a name that is no loopback."""
    with Service(tmp_path_factory.mktemp("service"), FEEDBACK_HOSTS=ELSEWHERE) as running:
        yield running


@pytest.fixture(scope="module")
def host(service: Service) -> Iterator[Host]:
    """One web server for all cases."""
    with Host(service) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One tab in a profile that takes any certificate."""
    with browser.new_context(ignore_https_errors=True) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


def show(host: Host, service: Service, case: Case) -> str:
    """Put the case's page on the host; gives its address."""

    def filled(text: str) -> str:
        return text.format(
            service=service.origin, host=host.origin, bare=service.origin[7:], hash=V1.integrity
        )

    host.policy = filled(case.policy)
    host.headers = {name: filled(value) for name, value in case.headers.items()}
    host.html = filled(
        f'<!doctype html><html lang="en"><head>{case.head}'
        # Under an address of its own: a browser remembers of a file that it was refused for its hash.
        f'<script src="{{service}}{case.path}?{next(NUMBERS)}" {case.attributes} defer></script>'
        f"{case.late}</head>"
        f'<body><page-feedback server="{case.server}">'
        '<a href="{service}/feedback/form">Help us improve this page</a></page-feedback></body></html>'
    )
    return f"{host.origin}/library"


def doctor(address: str, service: Service) -> set[str]:
    """The subjects in which the doctor finds problems."""
    known = Known(service.origin, 1200)
    return {
        finding.subject for finding in check_page(address, WIDGETS, known) if finding.level is Level.PROBLEM
    }


def runs(page: Page) -> bool:
    return bool(page.evaluate("Boolean(customElements.get('page-feedback'))"))


def sends(page: Page) -> bool:
    widget(page).locator("#yes").click()
    expect(status(page)).to_have_text(re.compile(r"Thank you|Not sent"))
    return "Thank you" in status(page).inner_text()


@pytest.mark.parametrize(("case", "script", "sending"), CASES)
def test_the_doctor_and_the_browser_agree(
    service: Service, host: Host, page: Page, case: Case, script: bool, sending: bool
) -> None:
    address = show(host, service, case)
    found = doctor(address, service)
    page.goto(address)
    browser = (runs(page), runs(page) and sends(page))
    assert browser == (script, script and sending)
    assert ("script" not in found, script and "sending" not in found) == browser


FORM_CASES = [
    (Case("default-src 'none'"), True),
    (Case("form-action 'self'"), False),
    (Case("form-action {service}"), True),
    (Case("form-action {service}/feedback/form"), False),
    (Case("form-action 'none'; script-src *"), False),
    (Case(head='<meta http-equiv="Content-Security-Policy" content="form-action \'self\'">'), False),
    (Case("sandbox allow-scripts allow-same-origin"), False),
    (Case("sandbox allow-forms"), False),
    (Case("sandbox allow-forms allow-same-origin"), True),
    (Case(Referrer_Policy="no-referrer"), False),
    (Case(Referrer_Policy="same-origin"), False),
    (Case(Referrer_Policy="no-referrer, strict-origin"), True),
    (Case(Referrer_Policy="origin", head='<meta name="referrer" content="no-referrer">'), False),
]


@pytest.mark.parametrize(("case", "arrives"), FORM_CASES)
def test_they_agree_about_a_plain_form(
    service: Service, host: Host, page: Page, case: Case, arrives: bool
) -> None:
    address = show(host, service, case)
    host.html = (
        f"<!doctype html><html><head>{case.head}</head><body>"
        f'<form method="post" action="{service.origin}/feedback">'
        f'<input name="page" value="{host.origin}/library"><input name="comment" value="No ramp">'
        "<button>Send</button></form></body></html>"
    )
    refused: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "form" in message.text:
            refused.append(message.text)

    page.on("console", note)
    page.goto(address)
    page.get_by_role("button").click(no_wait_after=True)
    while not refused and page.url == address:
        page.wait_for_timeout(20)
    page.remove_listener("console", note)
    page.wait_for_load_state()
    assert ("/feedback/thanks" in page.url) == arrives
    assert ("form" not in doctor(address, service)) == arrives


@pytest.mark.parametrize(
    ("secure", "name", "works"),
    [(True, ELSEWHERE, False), (True, "127.0.0.1", True), (False, ELSEWHERE, True)],
)
def test_they_agree_about_mixed_content(
    service: Service,
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    secure: bool,
    name: str,
    works: bool,
) -> None:
    certificate = Certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    # A name that only this test knows; to a browser it is another machine's.
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest: resolve("127.0.0.1" if host == ELSEWHERE else host, *rest)
    )
    with Host(service) as host:
        if secure:
            host.server.socket = certificate.server().wrap_socket(host.server.socket, server_side=True)
            host.origin = host.origin.replace("http:", "https:")
        with browser.new_context(ignore_https_errors=True) as context:
            monkeypatch.setattr(service, "origin", service.origin.replace("127.0.0.1", name))
            address = show(host, service, Case(attributes="crossorigin"))
            page = context.new_page()
            page.route(
                f"http://{ELSEWHERE}:*/**",
                lambda route: route.fulfill(
                    response=route.fetch(url=route.request.url.replace(ELSEWHERE, "127.0.0.1"))
                ),
            )
            page.goto(address)
            assert (runs(page) and sends(page)) == works
            assert doctor(address, service) == (set() if works else {"script", "sending"})
