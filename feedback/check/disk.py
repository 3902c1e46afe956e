"""The disk under a SQLite database: room, the kind of file system, and who may read and write the files."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedback.check.finding import Finding, ok, problem, warning

SUBJECT: Final = "disk"
_MIB: Final = 1024 * 1024
_TOO_LITTLE: Final = 100 * _MIB
_LITTLE: Final = 1024 * _MIB
_FEW_FILES: Final = 100
_MOUNTS: Final = Path("/proc/self/mounts")

_IN_MEMORY: Final = ("ramfs", "tmpfs")
# Locks and fsync of these are not what SQLite needs them to be (sqlite.org/howtocorrupt.html, 2.1 and 3).
_OVER_THE_NETWORK: Final = (
    "9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "lustre", "nfs",
    "nfs4", "smb3", "smbfs",
)  # fmt: skip
_OF_A_CONTAINER: Final = ("aufs", "overlay")


@dataclass(frozen=True, slots=True)
class Mount:
    """What a folder lies on."""

    kind: str
    options: frozenset[str]


def check_disk(database: Path, mounts: str | None = None) -> Iterator[Finding]:
    """The folder of a database file, which may still have to be made; `mounts` is as /proc/self/mounts."""
    folder = _nearest(database.absolute().parent)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield problem(
            SUBJECT,
            f"{folder} cannot be written to by the user who runs this: run it as the service's user, "
            "or let that user own the folder.",
        )
    yield from _mount(folder, _mount_of(folder, _read_mounts() if mounts is None else mounts))
    yield from _room(folder)
    yield from _files(database)


def _nearest(folder: Path) -> Path:
    """The folder itself, or what it would be made in."""
    # What lies in a folder that this user may not enter is not there for them.
    while not os.access(folder, os.F_OK) and folder != folder.parent:
        folder = folder.parent
    return folder


def _room(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    said = f"{free // _MIB:,} MiB are free on the disk of {folder}"
    if free < _TOO_LITTLE:
        yield problem(SUBJECT, f"{said}: make room, or submissions are soon refused with 503.")
    elif free < _LITTLE:
        yield warning(SUBJECT, f"{said}: make room before it is full.")
    else:
        yield ok(SUBJECT, f"{said}.")
    if hasattr(os, "statvfs"):
        found = os.statvfs(folder)
        # Some file systems have no fixed number of files and say 0 of 0.
        if found.f_files and found.f_favail < _FEW_FILES:
            yield problem(SUBJECT, f"The disk of {folder} can hold no more files (inodes): delete some.")


def _mount(folder: Path, mount: Mount | None) -> Iterator[Finding]:
    if mount is None:
        return
    if mount.kind in _IN_MEMORY:
        yield problem(
            SUBJECT,
            f"{folder} lies in memory ({mount.kind}), and all feedback is gone when the machine restarts: "
            "name a path on a disk in FEEDBACK_DATABASE_URL.",
        )
    if mount.kind in _OVER_THE_NETWORK:
        yield problem(
            SUBJECT,
            f"{folder} lies on a network ({mount.kind}), where SQLite can lose what it has answered for: "
            "name a path on a disk of this machine in FEEDBACK_DATABASE_URL, or use PostgreSQL.",
        )
    if mount.kind in _OF_A_CONTAINER:
        yield warning(
            SUBJECT,
            f"{folder} lies in the container's own layer ({mount.kind}) and goes with the container: "
            "mount a volume there.",
        )
    if "ro" in mount.options:
        yield problem(SUBJECT, f"{folder} is mounted read-only: mount it writable.")
    if mount.options & {"nobarrier", "barrier=0"}:
        yield problem(
            SUBJECT,
            f"{folder} is mounted without barriers, so that a power cut can lose what was answered for: "
            "take nobarrier out of its options in /etc/fstab.",
        )


def _read_mounts() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _mount_of(folder: Path, mounts: str) -> Mount | None:
    """The last mount on the longest path that leads to the folder."""
    best: tuple[int, Mount] | None = None
    for line in mounts.splitlines():
        _, point, kind, options, *_ = [*line.split(" "), "", "", "", ""]
        # Spaces and the like are written as octal numbers (fstab(5)).
        path = Path(point.encode("latin-1", "replace").decode("unicode_escape"))
        if folder.resolve().is_relative_to(path) and (best is None or len(path.parts) >= best[0]):
            best = len(path.parts), Mount(kind, frozenset(options.split(",")))
    return best and best[1]


def _files(database: Path) -> Iterator[Finding]:
    """The database and what belongs to it: for its owner only, and all of one owner."""
    there = [path for path in (database, *_beside(database)) if os.access(path, os.F_OK)]
    for path in there:
        if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            yield warning(
                SUBJECT, f"Every user of this machine can read or change {path}: run `chmod o= {path}`."
            )
    owners = {path.stat().st_uid for path in there}
    if len(owners) > 1:
        names = " ".join(str(path) for path in there)
        yield problem(
            SUBJECT,
            "The database's files belong to several users, as a command run by root leaves them: "
            f"run `chown --reference={database.parent} {names}`.",
        )


def _beside(database: Path) -> list[Path]:
    return [database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm", ".lock")]
