"""Keeps what was scrubbed: accepts no raw text, and returns when the row is on disk."""

from feedback.store.access import Session
from feedback.store.migrate import schema_sql
from feedback.store.store import Store

__all__ = ["Session", "Store", "schema_sql"]
