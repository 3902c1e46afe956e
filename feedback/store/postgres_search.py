"""Finding words in PostgreSQL: a column of words that the server keeps by itself, with a GIN index."""

from collections.abc import Sequence
from typing import Final

from feedback.store.database import Engine

# The same words as in SQLite: accents are taken off, and what is neither letter nor digit parts words, since
# PostgreSQL's own parser would keep addresses, paths and hyphenated words in one piece.
_SCHEMA: Final = r"""
CREATE FUNCTION feedback_words(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN to_tsvector('simple', regexp_replace(
    regexp_replace(normalize(words, NFD), '[\u0300-\u036f]', '', 'g'),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g'
));
ALTER TABLE feedback ADD COLUMN search tsvector GENERATED ALWAYS AS (
    feedback_words(coalesce(title, '') || ' ' || coalesce(doing, '') || ' ' || coalesce(comment, ''))
) STORED;
CREATE INDEX feedback_search ON feedback USING gin (search) WITH (fastupdate = off);
"""


class PostgresSearch:
    """Leaves it to the planner whether the index of words or the order leads."""

    engine: Engine = "postgresql"
    schema = _SCHEMA
    source = "feedback AS f"
    index = "feedback AS f"
    number = "f.number"
    # The planner joins both indexes, or takes that of the page alone.
    on_page = "f.site = {site} AND f.path = {path}"

    def condition(self, parameter: str) -> str:
        """All words, in any of the columns."""
        return f"f.search @@ plainto_tsquery('simple', {parameter})"

    def value(self, words: Sequence[str]) -> str:
        """The words, parted by spaces."""
        return " ".join(words)
