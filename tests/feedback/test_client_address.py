"""Whom X-Forwarded-For is believed from, and which of its addresses is the client's."""

from typing import Any

import pytest

from feedback.http.client_address import ClientAddress

PROXIES = ("10.0.0.0/8", "192.0.2.7", "fd00::/8")


def scope(peer: str, *forwarded: str) -> dict[str, Any]:
    return {"client": (peer, 40_000), "headers": [(b"x-forwarded-for", each.encode()) for each in forwarded]}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("6.6.6.6, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("6.6.6.6, 198.51.100.1, 10.9.9.9",), "198.51.100.1"),
        ("10.0.0.1", ("6.6.6.6", "198.51.100.1", "192.0.2.7"), "198.51.100.1"),
        ("10.0.0.1", ("10.1.1.1, 10.2.2.2",), "10.1.1.1"),
        ("10.0.0.1", ("198.51.100.1, unknown",), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1, 999.1.1.1, 10.2.2.2",), "10.2.2.2"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1:4711",), "198.51.100.1"),
        ("10.0.0.1", ("[2001:db8::1]:4711",), "2001:db8::1"),
        ("10.0.0.1", ("2001:db8::1",), "2001:db8::1"),
        ("fd00::1", ("2001:db8::1",), "2001:db8::1"),
        ("2001:db8::9", ("198.51.100.1",), "2001:db8::9"),
        ("::ffff:10.0.0.1", ("::ffff:198.51.100.1",), "198.51.100.1"),
        ("::ffff:203.0.113.9", ("198.51.100.1",), "::ffff:203.0.113.9"),
        ("10.0.0.1", (", ".join(["6.6.6.6"] * 3000 + ["198.51.100.1"]),), "198.51.100.1"),
        ("10.0.0.1", (", ".join(["6.6.6.6"] + ["10.1.1.1"] * 3000),), "10.1.1.1"),
        ("10.0.0.1", ("é, \x00, 198.51.100.1",), "198.51.100.1"),
        ("testclient", ("198.51.100.1",), "testclient"),
    ],
)
def test_the_rightmost_address_that_is_no_proxy_of_ours_is_the_client(
    peer: str, forwarded: tuple[str, ...], client: str
):
    assert ClientAddress.from_settings(PROXIES).of(scope(peer, *forwarded)) == client


def test_without_configured_proxies_nobody_is_believed():
    assert ClientAddress.from_settings(None).of(scope("10.0.0.1", "198.51.100.1")) == "10.0.0.1"


def test_a_server_behind_a_socket_file_knows_no_address():
    assert ClientAddress.from_settings(PROXIES).of({"client": None, "headers": []}) == ""


def test_only_connections_of_proxies_carry_others_requests():
    addresses = ClientAddress.from_settings(PROXIES)
    assert addresses.is_proxy(scope("10.0.0.1"))
    assert not addresses.is_proxy(scope("203.0.113.9"))
    assert not ClientAddress.from_settings(None).is_proxy(scope("10.0.0.1"))
