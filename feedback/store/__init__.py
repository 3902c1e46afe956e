"""Keeps what was scrubbed: accepts no raw text, and returns when the row is on disk."""

from feedback.store.database import DatabaseInUse
from feedback.store.erasure import MAX_ERASED, Plan, Sought
from feedback.store.migrate import schema_sql
from feedback.store.opening import Reading, back_up_database, migrate_database
from feedback.store.rescrub import Rules
from feedback.store.runs import Run
from feedback.store.sessions import Limit
from feedback.store.store import Store

__all__ = [
    "MAX_ERASED",
    "DatabaseInUse",
    "Limit",
    "Plan",
    "Reading",
    "Rules",
    "Run",
    "Sought",
    "Store",
    "back_up_database",
    "migrate_database",
    "schema_sql",
]
