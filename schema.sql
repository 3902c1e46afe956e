-- Every table of Page Feedback; the first file to read.
-- SQLite and PostgreSQL both run it word for word: ids are TEXT made by the service, times are epoch
-- milliseconds in BIGINT, lists are JSON in TEXT, states are held by CHECK.
-- No column ever holds what a visitor typed before the scrubber has seen it.

-- One row: which version of this file the database follows.
CREATE TABLE schema_version (
    version INTEGER NOT NULL
);
INSERT INTO schema_version (version) VALUES (1);

-- One row per submission. The id is the client's own, so that sending it twice stores it once.
CREATE TABLE feedback (
    id            TEXT    NOT NULL PRIMARY KEY,
    received_at   BIGINT  NOT NULL,
    site          TEXT    NOT NULL,               -- origin of the page, scrubbed
    path          TEXT    NOT NULL,               -- path of the page, scrubbed; no query, no fragment
    title         TEXT,                           -- scrubbed
    lang          TEXT,                           -- primary language subtag, e.g. 'cy'
    useful        TEXT    CHECK (useful IN ('yes', 'no')),
    doing         TEXT,                           -- scrubbed
    comment       TEXT,                           -- scrubbed
    status        TEXT    NOT NULL CHECK (status IN ('new', 'open', 'done', 'irrelevant', 'spam')),
    spam_score    REAL    NOT NULL,               -- 0 to 1
    spam_reasons  TEXT    NOT NULL,               -- JSON: ["honeypot", ...]
    removed       TEXT    NOT NULL,               -- JSON: [{"field", "kind", "count"}, ...]
    scrub_version TEXT    NOT NULL                -- rules that scrubbed the row
);
CREATE INDEX feedback_newest ON feedback (received_at, id);
CREATE INDEX feedback_by_status ON feedback (status, received_at, id);
CREATE INDEX feedback_by_page ON feedback (site, path, received_at, id);

-- One-time links that sign somebody in; only a hash of the secret is kept.
CREATE TABLE sign_in_link (
    secret_hash TEXT   NOT NULL PRIMARY KEY,
    role        TEXT   NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin')),
    expires_at  BIGINT NOT NULL
);

-- Signed-in browsers; only a hash of the cookie is kept, and deleting the row signs out.
CREATE TABLE session (
    secret_hash TEXT   NOT NULL PRIMARY KEY,
    role        TEXT   NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin')),
    started_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL
);
CREATE INDEX session_by_start ON session (started_at);
