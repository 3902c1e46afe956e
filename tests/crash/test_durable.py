"""Each 201 leaves after the disk has confirmed its row; a database set to less is found out.

Killing a process does not show this: the kernel keeps what was written. Only the order of the calls does.
"""

import asyncio
import sys
from pathlib import Path

from tests.crash.load import Load, rounds
from tests.crash.trace import Order, order, strace
from tests.service import PROGRAM, Service

_WEAK = (
    "import feedback.store.sqlite as s; "
    "assert 'synchronous = FULL' in s.WRITER; "
    "s.WRITER = s.WRITER.replace('synchronous = FULL', 'synchronous = NORMAL'); "
    "from feedback.cli import main; main()"
)


def traced(folder: Path, program: tuple[str, ...]) -> Order:
    """The order of calls while submissions come in."""
    trace = folder / "trace"
    tracing = (
        strace(), "-D", "-f", "-y", "-qq", "-s", "8192", "-o", str(trace),
        "-e", "trace=pwrite64,fdatasync,write,writev,sendto,sendmsg", "-e", "signal=none",
    )  # fmt: skip
    with Service(folder, program=(*tracing, *program)) as service:

        async def go() -> None:
            async with Load(service.origin, clients=8) as load:
                await load.until(acknowledged=rounds(150, 1000), seconds=120)

        asyncio.run(go())
    with trace.open(encoding="utf-8", errors="replace") as lines:
        return order(lines)


def test_every_201_comes_after_the_sync_that_covers_its_row(tmp_path: Path):
    seen = traced(tmp_path, PROGRAM)
    assert seen.answers >= rounds(150, 1000)
    assert not seen.too_early


def test_the_trace_finds_a_database_that_does_not_wait_for_the_disk(tmp_path: Path):
    seen = traced(tmp_path, (sys.executable, "-c", _WEAK))
    assert seen.answers >= rounds(150, 1000)
    assert len(seen.too_early) > seen.answers / 2
