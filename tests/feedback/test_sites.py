"""Pages and origins: their normal form, and which belong to a configured site."""

import pytest

from feedback.errors import StartError
from feedback.intake.sites import Sites, parse_origin, parse_page


@pytest.mark.parametrize(
    ("url", "site", "path"),
    [
        ("https://www.example.gov.uk/bins?a=1#b", "https://www.example.gov.uk", "/bins"),
        ("https://www.example.gov.uk", "https://www.example.gov.uk", "/"),
        ("https://www.example.gov.uk?q=1", "https://www.example.gov.uk", "/"),
        ("HTTPS://WWW.Example.gov.uk:443/Bins", "https://www.example.gov.uk", "/Bins"),
        ("http://localhost:8000/demo", "http://localhost:8000", "/demo"),
        ("http://[::1]:8000/demo", "http://[::1]:8000", "/demo"),
        ("https://xn--tr-eka.cymru/gwastraff", "https://xn--tr-eka.cymru", "/gwastraff"),
    ],
)
def test_a_page_is_taken_apart(url: str, site: str, path: str):
    assert parse_page(url) == (site, path)


@pytest.mark.parametrize(
    ("sent", "origin"),
    [
        ("https://www.example.gov.uk", "https://www.example.gov.uk"),
        ("http://WWW.example.gov.uk:80", "http://www.example.gov.uk"),
        ("null", None),
        ("https://www.example.gov.uk/", None),
        ("https://a@b.gov.uk", None),
        ("https://a.gov.uk, https://b.gov.uk", None),
        ("file://", None),
        ("https://www.exam\tple.gov.uk", None),
    ],
)
def test_an_origin_has_one_normal_form(sent: str, origin: str | None):
    assert parse_origin(sent) == origin


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://www.example.gov.uk", True),
        ("http://www.example.gov.uk", False),
        ("https://www.example.gov.uk:8443", False),
        ("https://example.gov.uk", False),
        ("https://a.wild.gov.uk", True),
        ("https://a.b.wild.gov.uk", True),
        ("https://wild.gov.uk", False),
        ("https://evilwild.gov.uk", False),
        ("https://wild.gov.uk.evil.com", False),
        ("http://localhost:8000", False),
    ],
)
def test_only_configured_sites_are_allowed(origin: str, allowed: bool):
    sites = Sites.from_settings(
        ("https://www.example.gov.uk", "https://*.wild.gov.uk"), "http://127.0.0.1:8000"
    )
    assert sites.allow(origin) is allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://feedback.example.gov.uk", True),
        ("http://localhost", True),
        ("http://localhost:9999", True),
        ("http://127.0.0.1:1", True),
        ("https://[::1]:8000", True),
        ("http://localhost.evil.com", False),
        ("https://www.example.gov.uk", False),
    ],
)
def test_without_the_setting_own_origin_and_loopback_are_allowed(origin: str, allowed: bool):
    assert Sites.from_settings(None, "https://feedback.example.gov.uk").allow(origin) is allowed


@pytest.mark.parametrize("site", ["https://www.example.gov.uk:443", "https://*.example.gov.uk:443"])
def test_a_port_that_goes_without_saying_may_be_said(site: str):
    assert Sites.from_settings((site,), "http://127.0.0.1:8000").allow("https://www.example.gov.uk")
    assert Sites.from_settings(None, "https://www.example.gov.uk:443").allow("https://www.example.gov.uk")


@pytest.mark.parametrize(
    "site", ["*", "https://*", "*.gov.uk", "https://*.uk", "example.gov.uk", "https://a/b"]
)
def test_a_wrong_site_stops_the_start(site: str):
    with pytest.raises(StartError, match="entry 2 must be an origin"):
        Sites.from_settings(("https://a.gov.uk", site), "http://127.0.0.1:8000")
