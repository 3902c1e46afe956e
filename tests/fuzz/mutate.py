"""Bytes made from good ones by some changes: what a careless or hostile client sends."""

from random import Random
from typing import Final

TOKENS: Final = (
    b"\0", b"\r\n", b"\n", b"\r\n\r\n", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", "\u2028".encode(),
    b"%", b"%00", b"%ff", b"%u0041", b"&", b"=", b";", b'"', b"\\", b"\\ud800", b"\\u0000", b"{", b"[" * 2000,
    b'{"a":' * 600, b"9" * 6000, b"-1", b"1e999", b"NaN", b"null", b"true", b"Content-Length: -1\r\n",
    b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: x\r\n",
    b"Content-Encoding: gzip\r\n", b"Expect: 100-continue\r\n", b"HTTP/0.9", b"HTTP/2.0",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"/../", b"//", b"?", b"#", b"A" * 20_000,
    b"0\r\n\r\n", b"fffffffffffffffff\r\n",
    b"CE123456C", b"*", b"; charset=utf-16", b"Authorization: Bearer x\r\n", b"Cookie: feedback=x\r\n",
)  # fmt: skip


def mutated(good: bytes, chance: Random) -> bytes:
    """The bytes with one to four changes."""
    data = bytearray(good)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        end = min(len(data), place + chance.randint(1, 40))
        match chance.randrange(6):
            case 0:
                data[place:place] = chance.choice(TOKENS)
            case 1:
                data[place:end] = b""
            case 2:
                data[place:place] = data[place:end] * chance.randint(1, 5)
            case 3:
                data[place:end] = chance.randbytes(end - place)
            case 4:
                data[place:end] = chance.choice(TOKENS)
            case _:
                data = data[:place]
    return bytes(data)
