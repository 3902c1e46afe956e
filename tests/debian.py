"""Installs Debian's packages for tests, and waits for whoever is installing something else at the time."""

import os
import shutil
import subprocess
import sys
import time

# Ten minutes: the automatic updates of a fresh machine may take as long.
TRIES = 60
TRY_AGAIN_SECONDS = 10


def install(*packages: str) -> None:
    """Install packages where this is Debian and root; whoever needs them looks whether they are there."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *packages)


def _apt_get(*arguments: str) -> None:
    for _ in range(TRIES):
        done = subprocess.run(
            ["apt-get", "--quiet=2", "--option=Acquire::Retries=3", *arguments],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        # The lists and the packages have a lock each, and apt-get itself waits for neither.
        if done.returncode == 0 or "Could not get lock" not in done.stderr:
            break
        time.sleep(TRY_AGAIN_SECONDS)
    sys.stderr.write(done.stderr)
