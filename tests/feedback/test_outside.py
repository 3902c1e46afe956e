"""Nothing inside is ever asked for: by address, by name, by a name that changes its mind, by a redirect."""

import asyncio
from pathlib import Path

import pytest

from feedback.review.outside import NotSent, Outside, is_public, parse_target, resolve
from tests.certificates import Certificate
from tests.feedback.outside import Receiver


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_inside_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "151.101.1.69", "2606:4700::1111", "2a00:1450:4009::200e"])
def test_an_address_outside_is_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://",
        "https:///path",
        "ftp://hooks.example.org/",
        "https://user@hooks.example.org/",
        "https://user:word@hooks.example.org/",
        "https://hooks.example.org/#x",
        "https://hooks.example.org:0/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org\\@inside/",
        "https://hooks.example.org/\r\nHost: inside",
        "https://höoks.example.org/",
        " https://hooks.example.org/",
        "https://hooks.example.org/" + "a" * 500,
        "javascript:alert(1)",
    ],
)
def test_another_kind_of_address_is_no_target(url: str):
    assert parse_target(url) is None


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1"],
)
def test_a_server_on_this_machine_is_not_reached_by_any_of_its_names(tmp_path: Path, host: str):
    receiver = Receiver(Certificate(tmp_path))

    async def go() -> None:
        async with receiver.running():
            with pytest.raises(NotSent) as refused:
                await Outside().post(f"https://{host}:{receiver.port}/", b"{}", {})
            assert host not in str(refused.value)

    asyncio.run(go())
    assert receiver.requests == []


@pytest.mark.parametrize("addresses", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1"], []])
def test_a_name_with_any_address_inside_is_refused_whole(tmp_path: Path, addresses: list[str]):
    asked = []

    async def told(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return addresses

    async def go() -> None:
        with pytest.raises(NotSent, match="not public"):
            await Outside(told).post("https://hooks.example.org/", b"{}", {})

    asyncio.run(go())
    assert asked == [("hooks.example.org", 443)]


def test_the_connection_goes_to_the_address_that_was_looked_at(tmp_path: Path):
    certificate = Certificate(tmp_path)
    receiver = Receiver(certificate)
    answers = [["127.0.0.1"], ["203.0.113.1"]]
    seen = []

    async def changing(_host: str, _port: int) -> list[str]:
        return answers.pop(0)

    def public(address: str) -> bool:
        seen.append(address)
        return True

    async def go() -> None:
        async with receiver.running():
            # The name does not lead to this machine: only the address that was looked at does.
            await Outside(changing, public, certificate.client()).post(receiver.url, b"{}", {"x-a": "b"})

    asyncio.run(go())
    assert seen == ["127.0.0.1"]
    assert len(answers) == 1
    ((headers, body),) = receiver.requests
    assert (headers["x-a"], body) == ("b", b"{}")


def test_a_certificate_of_another_name_or_nobody_is_refused(tmp_path: Path):
    certificate = Certificate(tmp_path)
    receiver = Receiver(certificate)

    async def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def go() -> None:
        async with receiver.running():
            for host, tls in (("other.example.org", certificate.client()), ("hooks.example.org", None)):
                out = Outside(here, lambda _: True, tls) if tls else Outside(here, lambda _: True)
                with pytest.raises(NotSent):
                    await out.post(f"https://{host}:{receiver.port}/", b"{}", {})

    asyncio.run(go())
    assert receiver.requests == []


def test_the_real_resolver_gives_every_address():
    assert "127.0.0.1" in asyncio.run(resolve("localhost", 443)) or "::1" in asyncio.run(
        resolve("localhost", 443)
    )
