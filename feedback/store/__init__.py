"""Keeps what was scrubbed: accepts no raw text, and returns when the row is on disk."""

from feedback.store.database import DatabaseInUse
from feedback.store.erasure import MAX_ERASED, Plan, Sought
from feedback.store.health import PostgresHealth, look_at_database, schema_version, sqlite_file
from feedback.store.migrate import schema_sql
from feedback.store.opening import Reading, back_up_database, migrate_database
from feedback.store.rescrub import Rules
from feedback.store.runs import Run
from feedback.store.sessions import Limit
from feedback.store.sqlite_backup import part_of
from feedback.store.sqlite_health import SqliteHealth
from feedback.store.store import Store

__all__ = [
    "MAX_ERASED",
    "DatabaseInUse",
    "Limit",
    "Plan",
    "PostgresHealth",
    "Reading",
    "Rules",
    "Run",
    "Sought",
    "SqliteHealth",
    "Store",
    "back_up_database",
    "look_at_database",
    "migrate_database",
    "part_of",
    "schema_sql",
    "schema_version",
    "sqlite_file",
]
