"""What keeps the audit log as it was written: triggers that refuse every change, one script an engine.

Two things pass: the id of somebody who is forgotten takes the place of their name, and what is older than
`upkeep.audit_before` goes. Whatever that says, the last 180 days stay: `FEEDBACK_AUDIT_DAYS` takes no less.
"""

from collections.abc import Mapping
from typing import Final

from feedback.store.database import Engine

APPEND_ONLY: Final[Mapping[Engine, str]] = {
    "sqlite": """
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
WHEN NOT (new.number IS old.number AND new.who IS old.who AND new.name IS old.who AND new.action IS old.action
    AND new.thing IS old.thing AND new.detail IS old.detail AND new.request IS old.request) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append only');
END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
WHEN old.number >= (
    SELECT min(audit_before, (strftime('%s', 'now') - 180 * 86400) * 1000000000) FROM upkeep
) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append only');
END;
CREATE TRIGGER audit_never_replaces BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE number = new.number) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append only');
END;
""",
    "postgresql": """
CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append only'; END $$;
CREATE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF old.number >= (SELECT least(
            audit_before, (extract(epoch FROM clock_timestamp())::bigint - 180 * 86400) * 1000000000
        ) FROM upkeep) THEN
            RAISE EXCEPTION 'the audit log is append only';
        END IF;
        RETURN old;
    END $$;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit FOR EACH ROW
    WHEN ((new.number, new.who, new.name, new.action, new.detail) <>
        (old.number, old.who, old.who, old.action, old.detail)
        OR (new.thing, new.request) IS DISTINCT FROM (old.thing, old.request))
    EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_keeps();
CREATE TRIGGER audit_never_empties BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
""",
}
