-- Never edited once landed: a change is a new file.

-- The site ledger: one chained stream for the whole store.
CREATE TABLE ledger_end (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL,
    head BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;
INSERT INTO ledger_end (id, size, head) VALUES (1, 0, zeroblob(32));
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    bytes BLOB NOT NULL,
    head BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'a ledger line is never changed'); END;
CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'a ledger line is never deleted'); END;
