-- Every table of Page Feedback; the first file to read.
-- SQLite and PostgreSQL both run it word for word: ids are TEXT made by the service, times are epoch
-- milliseconds in BIGINT, lists are JSON in TEXT, states are held by CHECK. What differs by engine stands in
-- feedback/store: what finds words in *_search.py, what keeps the audit log as it is in append_only.py.
-- No column ever holds what a visitor typed before the scrubber has seen it.

-- One row: which version of this file the database follows.
CREATE TABLE schema_version (
    version INTEGER NOT NULL
);
INSERT INTO schema_version (version) VALUES (1);

-- One row per submission. The id is the client's own, so that sending it twice stores it once.
CREATE TABLE feedback (
    id            TEXT    NOT NULL PRIMARY KEY,
    number        BIGINT  NOT NULL,               -- order of arrival: received_at * 2097152 + tie-break
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
    scrub_version TEXT    NOT NULL,               -- rules that scrubbed the row
    urgent        INTEGER NOT NULL CHECK (urgent IN (0, 1)),  -- 1: words of threat or harm are in it
    assignee      TEXT,                           -- id of the person who deals with it
    tags          TEXT    NOT NULL DEFAULT '[]'   -- JSON: ["opening hours", ...], in order; as in feedback_tag
);
CREATE UNIQUE INDEX feedback_in_order ON feedback (number);
CREATE INDEX feedback_inbox ON feedback (number) WHERE status <> 'spam';
CREATE INDEX feedback_by_status ON feedback (status, number);
CREATE INDEX feedback_by_site ON feedback (site, number);
CREATE INDEX feedback_by_page ON feedback (site, path, number, status);
-- These cost a submission nothing where it is none of theirs.
CREATE INDEX feedback_by_assignee ON feedback (assignee, number) WHERE assignee IS NOT NULL;
CREATE INDEX feedback_urgent ON feedback (number) WHERE urgent = 1;
CREATE INDEX feedback_redacted ON feedback (number, removed) WHERE removed <> '[]';

-- The team's tags again, one a row, to find submissions by them.
CREATE TABLE feedback_tag (
    tag      TEXT   NOT NULL,
    number   BIGINT NOT NULL,                     -- of the submission
    feedback TEXT   NOT NULL REFERENCES feedback (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, number)
);
CREATE INDEX feedback_tag_by_feedback ON feedback_tag (feedback);

-- What the team writes about a submission.
CREATE TABLE note (
    id       TEXT   NOT NULL PRIMARY KEY,
    feedback TEXT   NOT NULL REFERENCES feedback (id) ON DELETE CASCADE,
    made_at  BIGINT NOT NULL,
    made_by  TEXT   NOT NULL,                     -- how the writer was called then
    words    TEXT   NOT NULL                      -- scrubbed
);
CREATE INDEX note_by_feedback ON note (feedback, made_at);

-- "This was no personal number": the scrubber took out too much. What it was is nowhere.
CREATE TABLE wrong_removal (
    id       TEXT   NOT NULL PRIMARY KEY,
    feedback TEXT   NOT NULL REFERENCES feedback (id) ON DELETE CASCADE,
    field    TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    made_at  BIGINT NOT NULL,
    made_by  TEXT   NOT NULL
);
CREATE UNIQUE INDEX wrong_removal_once ON wrong_removal (feedback, field, kind);
CREATE INDEX wrong_removal_by_time ON wrong_removal (made_at);

-- Public numbers and addresses, such as the council's own telephone number, that the scrubber is to leave in place.
CREATE TABLE allowed_value (
    id      TEXT   NOT NULL PRIMARY KEY,
    value   TEXT   NOT NULL,                      -- never of a kind that cannot be turned off
    kind    TEXT   NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT   NOT NULL
);
CREATE UNIQUE INDEX allowed_value_once ON allowed_value (value);

-- Filters of the inbox that somebody gave a name.
CREATE TABLE saved_view (
    id      TEXT NOT NULL PRIMARY KEY,
    person  TEXT,                                 -- whose it is; NULL: everybody's
    name    TEXT NOT NULL,                        -- scrubbed
    query   TEXT NOT NULL,                        -- as in the address, scrubbed
    made_by TEXT NOT NULL
);
CREATE INDEX saved_view_by_person ON saved_view (person, name);

-- What somebody did last to submissions, one row a person, and how each of those was before and after it.
CREATE TABLE last_action (
    person      TEXT   NOT NULL PRIMARY KEY,
    id          TEXT   NOT NULL,
    submissions BIGINT NOT NULL
);
CREATE TABLE undo (
    action     TEXT NOT NULL,                     -- last_action.id
    feedback   TEXT NOT NULL REFERENCES feedback (id) ON DELETE CASCADE,
    was        TEXT NOT NULL,                     -- JSON: [status, assignee, [tag, ...]]
    became     TEXT NOT NULL,
    PRIMARY KEY (action, feedback)
);
CREATE INDEX undo_by_feedback ON undo (feedback);

-- Counts that outlive the words, kept in the transaction of each submission; spam is not counted.
-- comments: submissions with words in them. Days are counted from 1970-01-01, in UTC.
CREATE TABLE page (
    id          BIGINT NOT NULL PRIMARY KEY,      -- made from site and path, see feedback/store/counts.py
    site        TEXT   NOT NULL,
    path        TEXT   NOT NULL,
    submissions BIGINT NOT NULL,
    yes_votes   BIGINT NOT NULL,
    no_votes    BIGINT NOT NULL,
    comments    BIGINT NOT NULL
);

CREATE TABLE page_day (
    page        BIGINT  NOT NULL,
    day         INTEGER NOT NULL,
    submissions BIGINT  NOT NULL,
    yes_votes   BIGINT  NOT NULL,
    no_votes    BIGINT  NOT NULL,
    comments    BIGINT  NOT NULL,
    PRIMARY KEY (page, day)
);
-- By day alone: rows of one day then follow each other as they were written, which SQLite reads fastest.
CREATE INDEX page_day_by_day ON page_day (day);

CREATE TABLE site_day (
    site        TEXT    NOT NULL,
    day         INTEGER NOT NULL,
    submissions BIGINT  NOT NULL,
    yes_votes   BIGINT  NOT NULL,
    no_votes    BIGINT  NOT NULL,
    comments    BIGINT  NOT NULL,
    PRIMARY KEY (site, day)
);
CREATE INDEX site_day_by_day ON site_day (day);

CREATE TABLE section_day (
    site        TEXT    NOT NULL,
    section     TEXT    NOT NULL,                 -- first part of the path, e.g. '/bins' or '/cy/biniau'
    day         INTEGER NOT NULL,
    submissions BIGINT  NOT NULL,
    yes_votes   BIGINT  NOT NULL,
    no_votes    BIGINT  NOT NULL,
    comments    BIGINT  NOT NULL,
    PRIMARY KEY (site, section, day)
);
CREATE INDEX section_day_by_day ON section_day (day);

-- How many numbers of which kind the scrubber took out.
CREATE TABLE removed_day (
    site  TEXT    NOT NULL,
    day   INTEGER NOT NULL,
    page  BIGINT  NOT NULL,
    kind  TEXT    NOT NULL,
    count BIGINT  NOT NULL,
    PRIMARY KEY (site, day, page, kind)
);
CREATE INDEX removed_day_by_day ON removed_day (day);

-- "We changed this page on that day": what the figures before and after are split by.
CREATE TABLE page_change (
    id      TEXT    NOT NULL PRIMARY KEY,
    page    BIGINT  NOT NULL,
    day     INTEGER NOT NULL,                     -- as in page_day
    note    TEXT    NOT NULL,                     -- scrubbed
    made_by TEXT    NOT NULL
);
CREATE INDEX page_change_by_page ON page_change (page, day);

-- One row: what the retention of words knows of the clock, so that a clock that jumps purges nothing, and what
-- is still to be overwritten.
CREATE TABLE upkeep (
    trusted_at  BIGINT,                           -- the last time that was believed
    doubt_since BIGINT,                           -- the time to which the clock jumped
    looked_at   BIGINT,                           -- the last time that was seen, believed or not
    checked_at  BIGINT,                           -- written to see whether writing works
    audit_before BIGINT NOT NULL DEFAULT 0,       -- entries of the audit log with lower numbers may go
    urgent_words TEXT,                            -- hash of the phrases that marked what waits as urgent
    traces      BIGINT NOT NULL                   -- deletions whose bytes may still lie in index, log and files
);
INSERT INTO upkeep (traces) VALUES (0);

-- People of the web team. Those who left are disabled and stay, since what they did names them, until an admin
-- has them forgotten: see feedback/store/forgetting.py.
CREATE TABLE person (
    id            TEXT   NOT NULL PRIMARY KEY,
    email         TEXT   NOT NULL,                -- in lower case; what they sign in by
    name          TEXT   NOT NULL,
    role          TEXT   NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin')),
    sites         TEXT,                           -- JSON: ["https://...", ...] that they may see; NULL: all
    password_hash TEXT,                           -- argon2id; NULL: not set yet, or single sign-on
    totp_secret   TEXT,                           -- base32; NULL: no second factor
    totp_step     BIGINT,                         -- the 30 seconds whose code was taken last: none works twice
    sso_subject   TEXT,                           -- issuer and subject at the identity provider
    added_at      BIGINT NOT NULL,
    signed_in_at  BIGINT,
    disabled_at   BIGINT
);
CREATE UNIQUE INDEX person_by_email ON person (email);
CREATE UNIQUE INDEX person_by_sso_subject ON person (sso_subject) WHERE sso_subject IS NOT NULL;

-- What stands in for a lost second factor, each once; 120 random bits, of which a hash is kept.
CREATE TABLE recovery_code (
    person    TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (person, code_hash)
);

-- Secrets that somebody holds for a while and uses once; only a hash is kept.
-- first: the link that the service prints when it starts. invitation, reset: set a password.
-- second_factor: the password was right. sso: a sign-in that is under way at the identity provider.
CREATE TABLE ticket (
    secret_hash TEXT   NOT NULL PRIMARY KEY,
    purpose     TEXT   NOT NULL CHECK (purpose IN ('first', 'invitation', 'reset', 'second_factor', 'sso')),
    person      TEXT,
    detail      TEXT,                             -- what the next step needs to know, as JSON
    expires_at  BIGINT NOT NULL
);
CREATE INDEX ticket_by_expiry ON ticket (expires_at);
CREATE INDEX ticket_by_person ON ticket (person);

-- Signed-in browsers; only a hash of the cookie is kept, and deleting the row signs out.
CREATE TABLE session (
    secret_hash TEXT   NOT NULL PRIMARY KEY,
    id          TEXT   NOT NULL,                  -- what a page names it by
    person      TEXT,                             -- NULL: an admin by the link of the start
    browser     TEXT   NOT NULL,                  -- e.g. 'Firefox, Windows'
    started_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL
);
CREATE INDEX session_by_start ON session (started_at);
CREATE INDEX session_by_person ON session (person, seen_at);

-- Tries to sign in that failed or are under way, kept for an hour.
CREATE TABLE sign_in_try (
    whose   TEXT   NOT NULL PRIMARY KEY,          -- a hash of the account's name or of the client's address
    times   TEXT   NOT NULL,                      -- JSON: [epoch milliseconds, ...], oldest first
    last_at BIGINT NOT NULL
);
CREATE INDEX sign_in_try_by_time ON sign_in_try (last_at);

-- Tokens for scripts; the secret part is shown once and kept as a hash.
CREATE TABLE api_token (
    id          TEXT   NOT NULL PRIMARY KEY,
    secret_hash TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    role        TEXT   NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin')),
    sites       TEXT,                             -- as in person
    added_at    BIGINT NOT NULL,
    expires_at  BIGINT,                           -- NULL: never
    used_at     BIGINT
);

-- How many submissions clients and sites sent of late, where several processes count together (PostgreSQL);
-- rows are forgotten once they have ended. The key is a hash, by the secret of the day, of a network or a site.
CREATE TABLE rate (
    key     TEXT   NOT NULL PRIMARY KEY,
    hits    BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX rate_by_end ON rate (ends_at);

-- One row: the secret of the day. The last one is overwritten, so that no older hash can be turned round.
CREATE TABLE rate_secret (
    day    INTEGER NOT NULL PRIMARY KEY,          -- since 1970-01-01, in UTC
    secret TEXT    NOT NULL
);

-- How far newer rules have been run over what older ones had scrubbed: one row a version of the rules.
CREATE TABLE rescrub (
    version     TEXT    NOT NULL PRIMARY KEY,
    everything  INTEGER NOT NULL CHECK (everything IN (0, 1)),  -- 1: also what these rules have seen before
    stage       TEXT    NOT NULL CHECK (stage IN ('words', 'pages', 'done')),
    number      BIGINT  NOT NULL,                 -- the last feedback.number or page.id that is done
    total       BIGINT  NOT NULL,                 -- submissions when it began
    seen        BIGINT  NOT NULL,
    changed     BIGINT  NOT NULL,
    failed      BIGINT  NOT NULL,                 -- that the scrubber refused; they stay as they were
    removed     TEXT    NOT NULL,                 -- JSON: {"UK_NINO": 2, ...}
    runner      TEXT    NOT NULL,                 -- the run at work; nobody else may go on
    started_at  BIGINT  NOT NULL,
    moved_at    BIGINT  NOT NULL                  -- its last step
);

-- Who is told of what comes in, and how far they have been. Times in epoch milliseconds.
CREATE TABLE subscription (
    id            TEXT    NOT NULL PRIMARY KEY,
    way           TEXT    NOT NULL CHECK (way IN ('mail', 'webhook', 'slack')),
    every         TEXT    NOT NULL CHECK (every IN ('day', 'week', 'minute')),
    sent_until    BIGINT  NOT NULL,               -- what was received before it has been told of
    person        TEXT,                           -- whose address and sites count; NULL: target and sites
    target        TEXT    NOT NULL,               -- an address or a URL
    secret        TEXT    NOT NULL,               -- what a webhook is signed with; it must be known to sign
    plain         INTEGER NOT NULL CHECK (plain IN (0, 1)),
    lang          TEXT    NOT NULL,
    sites         TEXT,                           -- as in person
    trying_until  BIGINT,                         -- end of what is being told, the same at each try
    tries         INTEGER NOT NULL,
    next_at       BIGINT  NOT NULL,
    claimed_until BIGINT  NOT NULL                -- until when a process has it in hand
);
CREATE INDEX subscription_by_next ON subscription (next_at);

-- Who did what, written in the transaction of what it tells of. Triggers refuse every change of a row, see
-- feedback/store/append_only.py. No words of feedback, no searches, no addresses of visitors.
CREATE TABLE audit (
    number  BIGINT NOT NULL PRIMARY KEY,          -- the order: epoch nanoseconds when it was written
    who     TEXT   NOT NULL,                      -- id of a person or token, 'command' or 'service'
    name    TEXT   NOT NULL,                      -- how they were called then
    action  TEXT   NOT NULL,                      -- see feedback/model/audit.py
    thing   TEXT,                                 -- id of a submission, person or token
    detail  TEXT   NOT NULL,                      -- JSON: counts and names of ours, e.g. {"status": "done"}
    request TEXT                                  -- as in the log of requests
);
CREATE INDEX audit_by_who ON audit (who, number);
CREATE INDEX audit_by_name ON audit (name, number);
CREATE INDEX audit_by_action ON audit (action, number);
CREATE INDEX audit_by_thing ON audit (thing, number) WHERE thing IS NOT NULL;
