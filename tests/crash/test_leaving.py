"""Clients that go away at a random byte, before or after the answer, leave nothing behind."""

import asyncio
import random
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx

from tests.crash.load import address, request, rounds
from tests.service import Service, wait_until


async def leave(origin: str, clients: int) -> None:
    """Connect, send a part of a submission or all of it, and go."""
    rng = random.Random(6)
    together = asyncio.Semaphore(50)

    async def one(cut: int, wait: float, *, abruptly: bool) -> None:
        async with together:
            _, writer = await asyncio.open_connection(*address(origin))
            writer.write(request(origin, str(uuid4()))[:cut])
            await asyncio.sleep(wait)
            if abruptly:
                writer.transport.abort()
            else:
                writer.close()

    whole = len(request(origin, str(uuid4())))
    await asyncio.gather(
        *(
            one(rng.choice([rng.randrange(whole), whole]), rng.random() / 50, abruptly=rng.random() < 0.5)
            for _ in range(clients)
        )
    )


def test_clients_that_leave_at_any_byte_leave_nothing_behind(tmp_path: Path):
    with Service(tmp_path) as service:

        def files() -> int:
            return len(list(Path(f"/proc/{service.process.pid}/fd").iterdir()))

        assert httpx.get(f"{service.origin}/health/ready").status_code == 200
        before = files()
        asyncio.run(leave(service.origin, rounds(300, 10_000)))
        # Whoever is answered now came after them all.
        assert service.post(page=f"{service.origin}/demo", comment="after").status_code == 201
        wait_until(lambda: files() <= before + 2)
        assert httpx.get(f"{service.origin}/health/ready").status_code == 200
        assert '"level":"error"' not in service.log.read_text()
