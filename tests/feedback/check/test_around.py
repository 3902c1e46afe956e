"""What the doctor says of disk, clock, proxies, sites, mail, identity provider and Redis."""

import os
import socket
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedback.check import Finding, Level
from feedback.check.clock import check_clock, check_date, check_newest, check_other
from feedback.check.database import check_database
from feedback.check.disk import check_disk
from feedback.check.outside import check_outside
from feedback.check.proxies import check_proxies
from feedback.check.sites import check_sites
from feedback.settings import load_settings
from feedback.store import PostgresHealth, SqliteHealth
from tests.certificates import Certificate
from tests.feedback.identity_provider import running_provider
from tests.feedback.outside import Mailbox
from tests.redis import Redis
from tests.service import free_port

HOUR = 3_600_000  # milliseconds


def bad(findings: Iterable[Finding]) -> list[tuple[Level, str]]:
    """How bad what is not ok is, and how its sentence begins."""
    return [
        (finding.level, finding.sentence.partition(": ")[0])
        for finding in findings
        if finding.level is not Level.OK
    ]


@pytest.mark.parametrize(
    ("kind", "options", "level", "part"),
    [
        ("tmpfs", "rw", Level.PROBLEM, "lies in memory (tmpfs)"),
        ("nfs4", "rw,relatime", Level.PROBLEM, "lies on a network (nfs4)"),
        ("cifs", "rw", Level.PROBLEM, "lies on a network (cifs)"),
        ("overlay", "rw", Level.WARNING, "lies in the container's own layer (overlay)"),
        ("ext4", "ro,relatime", Level.PROBLEM, "is mounted read-only"),
        ("ext4", "rw,nobarrier", Level.PROBLEM, "is mounted without barriers"),
    ],
)
def test_a_disk_that_cannot_keep_a_database_is_named(
    tmp_path: Path, kind: str, options: str, level: Level, part: str
):
    mounts = f"/dev/sda1 / ext4 rw 0 0\nsomething {tmp_path} {kind} {options} 0 0\n"
    [(found, sentence)] = bad(check_disk(tmp_path / "feedback.db", mounts))
    assert (found, sentence.partition(",")[0].partition(" and ")[0]) == (level, f"{tmp_path} {part}")


def test_the_nearest_mount_counts(tmp_path: Path):
    mounts = f"x / nfs rw 0 0\nx {tmp_path} ext4 rw 0 0\nx {tmp_path}/other tmpfs rw 0 0\n"
    assert bad(check_disk(tmp_path / "to" / "be" / "made" / "feedback.db", mounts)) == []
    spaced = tmp_path / "with space"
    spaced.mkdir()
    mounts = f"x / ext4 rw 0 0\nx {tmp_path}/with\\040space tmpfs rw 0 0\n"
    assert [level for level, _ in bad(check_disk(spaced / "feedback.db", mounts))] == [Level.PROBLEM]


def test_a_folder_that_cannot_be_looked_into_stops_nothing(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    found = bad(check_disk(closed / "data" / "feedback.db", ""))
    if os.geteuid() != 0:
        assert found == [(Level.PROBLEM, f"{closed} cannot be written to by the user who runs this")]
    # No user may look for so long a name.
    assert bad(check_disk(tmp_path / ("x" * 300) / "feedback.db", "")) == []


@pytest.mark.parametrize(
    ("free", "files", "level"),
    [
        (50 << 20, 10_000, Level.PROBLEM),
        (500 << 20, 10_000, Level.WARNING),
        (5 << 30, 5, Level.PROBLEM),
        (5 << 30, 10_000, None),
    ],
)
def test_a_disk_that_is_nearly_full_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, files: int, level: Level | None
):
    class Room:
        f_files, f_favail = 20_000, files

    class Usage:
        pass

    Usage.free = free  # type: ignore[attr-defined]
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    monkeypatch.setattr("os.statvfs", lambda _: Room)
    found = [each for each, _ in bad(check_disk(tmp_path / "feedback.db", ""))]
    assert found == ([level] if level else [])


def test_a_clock_that_is_wrong_is_told():
    assert bad(check_clock()) == []
    assert bad(check_clock(datetime(1970, 1, 1, tzinfo=UTC))) == [
        (Level.PROBLEM, "This machine's clock says 1970-01-01, which is over")
    ]
    assert bad(check_newest(None)) == bad(check_newest(5 * HOUR, 6 * HOUR)) == []
    assert bad(check_newest(9 * HOUR, 6 * HOUR)) == [
        (
            Level.PROBLEM,
            "The newest submission is 3 hours ahead of this machine's clock, which has gone back",
        )
    ]
    assert bad(check_other("the server", 1)) == []
    assert bad(check_other("the server", -600)) == [
        (Level.WARNING, "The clock of the server is 10 minutes behind this machine's")
    ]
    assert bad(check_date("the server", "Wed, 21 Oct 2015 07:28:00 GMT"))[0][0] is Level.WARNING
    assert bad(check_date("the server", "yesterday")) == []
    for date in ("Fri, 31 Dec 9999 23:59:59 -2359", "Thu, 01 Jan 99999999999 00:00:00 GMT"):
        assert bad(check_date("the server", date)) == []


def test_a_jump_of_the_clock_is_remembered():
    health = SqliteHealth(exists=True, whole=True, version=1, doubt_since=1_700_000_000_000)
    assert bad(check_database(health)) == [
        (
            Level.WARNING,
            "The clock jumped ahead on 2023-11-14, so nothing is deleted by age for a day",
        )
    ]


WELL = PostgresHealth(
    server=180_001,
    encoding="UTF8",
    settings={"fsync": "on", "full_page_writes": "on"},
    standby=False,
    connections=97,
    used=5,
    wanted=8,
    services=0,
    ahead=0.01,
    encrypted=True,
    local=False,
    may_create=True,
    version=1,
    newest=None,
    doubt_since=None,
)


@pytest.mark.parametrize(
    ("changes", "level", "begins"),
    [
        ({}, None, ""),
        ({"server": 130_012}, Level.PROBLEM, "PostgreSQL 13 is too old"),
        ({"encoding": "LATIN1"}, Level.PROBLEM, "The database's encoding is LATIN1"),
        ({"standby": True}, Level.PROBLEM, "The server is a standby and takes no writes"),
        ({"settings": {"full_page_writes": "off"}}, Level.PROBLEM, "PostgreSQL's full_page_writes is off"),
        ({"version": None, "may_create": False}, Level.PROBLEM, "The user may make no tables"),
        ({"encrypted": False}, Level.WARNING, "The connection to PostgreSQL on another machine is not encr"),
        ({"encrypted": False, "local": True}, None, ""),
        ({"used": 95}, Level.WARNING, "PostgreSQL has 2 connections left"),
        ({"used": 95, "services": 8}, None, ""),
        ({"ahead": 3600.0}, Level.WARNING, "The clock of the PostgreSQL server is 60 minutes ahead"),
        ({"version": 9}, Level.PROBLEM, "The database is of version 9"),
    ],
)
def test_what_a_server_says_of_itself_is_judged(changes: dict[str, object], level: Level | None, begins: str):
    found = bad(check_database(replace(WELL, **changes)))  # type: ignore[arg-type]
    assert [each for each, _ in found] == ([level] if level else [])
    assert all(sentence.startswith(begins) for _, sentence in found)


@pytest.mark.parametrize(
    ("engine", "told"),
    [
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.45.0", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.52.0", False),
    ],
)
def test_the_fault_of_sqlite_is_told_where_it_is(engine: str, told: bool):
    health = SqliteHealth(exists=True, version=1, engine=engine)
    sentences = [each.sentence for each in check_database(health)]
    assert any("two writing programs can lose rows" in sentence for sentence in sentences) == told


def test_who_is_believed_about_visitors():
    assert bad(check_proxies(load_settings())) == []
    public = {"public_url": "https://feedback.example.gov.uk"}
    assert bad(check_proxies(load_settings(**public, trusted_proxies=("127.0.0.1", "10.0.0.0/8")))) == []
    [(level, sentence)] = bad(check_proxies(load_settings(**public)))
    assert (level, sentence[:40]) == (Level.PROBLEM, "FEEDBACK_TRUSTED_PROXIES is not set, but")
    [(level, _)] = bad(check_proxies(load_settings(**public, rate=None)))
    assert level is Level.WARNING
    [(level, sentence)] = [
        (each.level, each.sentence)
        for each in check_proxies(load_settings(**public, trusted_proxies=("8.0.0.0/9",)))
    ]
    assert level is Level.WARNING
    assert "8.0.0.0/9 is 8388608 public addresses" in sentence


def test_each_site_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    def resolve(host: str, *_: object) -> list[object]:
        if host == "nowhere.example.gov.uk":
            raise socket.gaierror
        return [host]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    sites = (
        "https://www.example.gov.uk",
        "https://*.example.gov.uk",
        "http://old.example.gov.uk",
        "http://localhost:4000",
        "https://nowhere.example.gov.uk",
    )
    found = list(check_sites(load_settings(sites=sites), network=True))
    assert [each.level for each in found] == ["ok", "ok", "warning", "ok", "warning"]
    assert "not example.gov.uk itself" in found[1].sentence
    assert "write https://old.example.gov.uk" in found[2].sentence
    assert [each.level for each in check_sites(load_settings(sites=sites[4:]), network=False)] == ["ok"]


def test_the_mail_server_is_greeted_and_sent_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    certificate = Certificate(tmp_path)
    sender = {"smtp_from": "feedback@example.gov.uk"}
    with Mailbox(certificate) as mailbox:
        port = mailbox.mailer.server.port
        address = f"smtp://localhost:{port}"
        assert bad(check_outside(load_settings(smtp_url=address, **sender))) == [
            (Level.PROBLEM, "The mail server shows a certificate that this machine does not trust")
        ]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
        assert bad(check_outside(load_settings(smtp_url=address, **sender))) == []
        secret = f"smtp://user:hunter2@localhost:{port}"
        [(level, sentence)] = bad(check_outside(load_settings(smtp_url=secret, **sender)))
        assert (level, "hunter2" in sentence) == (Level.PROBLEM, False)
        assert not mailbox.mails
    assert bad(check_outside(load_settings(smtp_url=address, **sender))) == [
        (Level.PROBLEM, "The mail server refuses the connection")
    ]


def test_the_identity_provider_must_call_itself_what_the_settings_say():
    with running_provider() as provider:
        settings = load_settings(sso_issuer=provider.origin, sso_client_id="x")
        assert bad(check_outside(settings)) == []
        provider.metadata_lies = {"issuer": "https://elsewhere.example"}
        [(level, sentence)] = bad(check_outside(settings))
        assert (level, "does not call itself" in sentence) == (Level.PROBLEM, True)
    [(level, sentence)] = bad(check_outside(settings))
    assert (level, "refuses the connection" in sentence) == (Level.PROBLEM, True)


def test_redis_is_asked_whether_it_is_there():
    with Redis() as redis:
        assert bad(check_outside(load_settings(rate_store=redis.url))) == []
    found = bad(check_outside(load_settings(rate_store=f"redis://:hunter2@127.0.0.1:{free_port()}/0")))
    assert found == [
        (
            Level.PROBLEM,
            "Redis does not answer, so each process counts alone and lets more in",
        )
    ]
