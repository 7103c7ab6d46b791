-- Never edited once landed: a change is a new file.

-- What this store is for. One row, written when the store is made.
CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    mode TEXT NOT NULL CHECK (mode IN ('live', 'rehearsal', 'demo')),
    site TEXT NOT NULL,
    site_name TEXT NOT NULL,
    clock_offset_ms INTEGER NOT NULL DEFAULT 0,
    CHECK (clock_offset_ms = 0 OR mode = 'demo')
) STRICT;
CREATE TRIGGER store_identity_never_changes BEFORE UPDATE OF id, mode, site, site_name ON store
BEGIN SELECT RAISE(ABORT, 'mode and site of a store never change'); END;
CREATE TRIGGER store_is_never_deleted BEFORE DELETE ON store
BEGIN SELECT RAISE(ABORT, 'mode and site of a store never change'); END;

-- Crew. The name lies sealed under the person's own key; the masked form is what a screen shows before unlocking.
CREATE TABLE operator (
    op TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    lead INTEGER NOT NULL CHECK (lead IN (0, 1)),
    signer INTEGER NOT NULL CHECK (signer IN (0, 1)),
    masked_name TEXT NOT NULL,
    recipient TEXT NOT NULL,
    identity TEXT NOT NULL,
    sealed_name TEXT
) STRICT;

-- The plan as imported: policy bytes, sessions, placement.
CREATE TABLE policy (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    no INTEGER NOT NULL UNIQUE CHECK (no BETWEEN 1 AND 99),
    plan TEXT NOT NULL,
    policy_sha256 TEXT NOT NULL REFERENCES policy (sha256)
) STRICT;
CREATE TABLE placement (
    cand TEXT PRIMARY KEY,
    session TEXT NOT NULL REFERENCES session (id),
    placement TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_of_session ON placement (session);

-- Name, number, contact and everything else of a person, sealed under the key of the session it was imported with.
CREATE TABLE person (
    cand TEXT PRIMARY KEY REFERENCES placement (cand),
    session TEXT NOT NULL REFERENCES session (id),
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The journal: one stream for each session at each desk.
CREATE TABLE stream (
    session TEXT NOT NULL REFERENCES session (id),
    desk INTEGER NOT NULL CHECK (desk BETWEEN 1 AND 99),
    size INTEGER NOT NULL,
    head BLOB NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (session, desk)
) STRICT, WITHOUT ROWID;
CREATE TABLE line (
    session TEXT NOT NULL,
    desk INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 1),
    bytes BLOB NOT NULL,
    head BLOB NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (session, desk, seq),
    FOREIGN KEY (session, desk) REFERENCES stream (session, desk)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER line_is_never_changed BEFORE UPDATE ON line
BEGIN SELECT RAISE(ABORT, 'a journal line is never changed'); END;
CREATE TRIGGER line_is_never_deleted BEFORE DELETE ON line
BEGIN SELECT RAISE(ABORT, 'a journal line is never deleted'); END;

-- Read tables: derived from the journal, dropped and rebuilt at will.
CREATE TABLE attendance (
    session TEXT NOT NULL,
    cand TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('present', 'submitted', 'absent')),
    room TEXT,
    seat TEXT,
    late_s INTEGER,
    desk INTEGER,
    admitted_at INTEGER,
    handed_in_at INTEGER,
    reason TEXT,
    code TEXT,
    PRIMARY KEY (session, cand)
) STRICT, WITHOUT ROWID;
CREATE TABLE mark (
    session TEXT NOT NULL,
    cand TEXT NOT NULL,
    part TEXT NOT NULL,
    mark INTEGER NOT NULL,
    scored_by TEXT NOT NULL,
    PRIMARY KEY (session, cand, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE session_state (
    session TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
