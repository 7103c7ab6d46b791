-- Never edited once landed: a change is a new file.

-- The file of rooms that a session's newest roster was checked against, byte for byte. Its hash stands in roster_imported.
CREATE TABLE rooms (
    session TEXT PRIMARY KEY REFERENCES session (id),
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
