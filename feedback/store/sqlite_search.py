"""Finding words in SQLite: an FTS5 index over the words of the submissions, kept by triggers."""

from collections.abc import Sequence
from typing import Final

from feedback.store.database import Engine

# The index holds no copy of the text (external content) and no lengths, which only ranking needs.
_SCHEMA: Final = """
CREATE VIRTUAL TABLE feedback_search USING fts5(
    title, doing, comment,
    content = 'feedback', content_rowid = 'number', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER feedback_search_insert AFTER INSERT ON feedback
WHEN coalesce(new.title, new.doing, new.comment) IS NOT NULL BEGIN
    INSERT INTO feedback_search (rowid, title, doing, comment)
    VALUES (new.number, new.title, new.doing, new.comment);
END;
CREATE TRIGGER feedback_search_delete AFTER DELETE ON feedback
WHEN coalesce(old.title, old.doing, old.comment) IS NOT NULL BEGIN
    INSERT INTO feedback_search (feedback_search, rowid, title, doing, comment)
    VALUES ('delete', old.number, old.title, old.doing, old.comment);
END;
CREATE TRIGGER feedback_search_update AFTER UPDATE OF title, doing, comment ON feedback BEGIN
    INSERT INTO feedback_search (feedback_search, rowid, title, doing, comment)
    SELECT 'delete', old.number, old.title, old.doing, old.comment
    WHERE coalesce(old.title, old.doing, old.comment) IS NOT NULL;
    INSERT INTO feedback_search (rowid, title, doing, comment)
    SELECT new.number, new.title, new.doing, new.comment
    WHERE coalesce(new.title, new.doing, new.comment) IS NOT NULL;
END;
"""


class SqliteSearch:
    """Reads from the index, newest first, and stops at the end of the page."""

    engine: Engine = "sqlite"
    schema = _SCHEMA
    # CROSS JOIN: the index leads, whatever the planner thinks of it.
    source = "feedback_search CROSS JOIN feedback AS f ON f.number = feedback_search.rowid"
    index = "feedback_search"
    number = "feedback_search.rowid"
    # What is found on other pages is then not even looked up. The sign keeps SQLite from asking the index of
    # words for each number in turn.
    on_page = "+feedback_search.rowid IN (SELECT number FROM feedback WHERE site = {site} AND path = {path})"

    def condition(self, parameter: str) -> str:
        """All words, in any of the columns."""
        return f"feedback_search MATCH {parameter}"

    def value(self, words: Sequence[str]) -> str:
        """Each word in quotes, so that none is read as an operator of FTS5."""
        return " ".join(f'"{word}"' for word in words)
