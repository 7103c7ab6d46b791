//! Making and opening the file.

use super::StoreError;
use crate::domain::ids::SiteId;
use crate::domain::session::Mode;
use crate::journal::chain::Chain;
use crate::journal::verify::StreamId;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use rusqlite_migration::{M, Migrations};
use std::collections::BTreeMap;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(super) const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_walking_line.sql")),
    M::up(include_str!("migrations/0002_ledger.sql")),
    M::up(include_str!("migrations/0003_rooms.sql")),
];

/// What a store is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Live, rehearsal or demo; never changes.
    pub mode: Mode,
    /// The site.
    pub site: SiteId,
    /// Its name as screens show it.
    pub site_name: String,
    /// How far a demo's clock stands from the real one, in milliseconds; 0 in every other mode.
    pub clock_offset_ms: i64,
}

/// An open store. Whoever holds it writes alone: the data directory's lock sees to that.
#[derive(Debug)]
pub struct Store {
    pub(super) db: Connection,
    pub(super) about: About,
    pub(super) ends: BTreeMap<StreamId, Chain>,
    pub(super) ledger: Chain,
    pub(super) stopped: bool,
    path: PathBuf,
}

impl Store {
    /// Makes a new store.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is one; whatever the disk says.
    pub fn create(path: &Path, about: &About) -> Result<Self, StoreError> {
        if path.exists() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        // SQLite would make it as wide as the umask allows, and gives its companion files the mode of this one. What
        // cannot be made here it cannot make either, and says why.
        let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let mut db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut db)?;
        db.execute(
            "INSERT INTO store (id, mode, site, site_name, clock_offset_ms) VALUES (1, ?1, ?2, ?3, ?4)",
            (about.mode.as_str(), about.site.as_str(), &about.site_name, about.clock_offset_ms),
        )?;
        Self::over(db, path)
    }

    /// Opens a store for writing, migrating it if an older release wrote it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none; [`StoreError::Durability`] when a commit would not be durable;
    /// whatever the disk says.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let mut db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut db)?;
        Self::over(db, path)
    }

    /// Opens a store to read while another process may be writing.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing(path.to_owned()));
        }
        // Reading a WAL needs its shared memory file, so the connection is opened for writing and told not to.
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.pragma_update(None, "query_only", true)?;
        Self::over(db, path)
    }

    /// Opens the same file again, after a failed write. The old connection stays until its owner drops it: it holds no
    /// transaction, since the failed one was rolled back, and takes no write any more.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn reopen(&self) -> Result<Self, StoreError> {
        Self::open(&self.path)
    }

    fn over(db: Connection, path: &Path) -> Result<Self, StoreError> {
        let about = about(&db)?;
        let mut store =
            Self { db, about, ends: BTreeMap::new(), ledger: Chain::EMPTY, stopped: false, path: path.to_owned() };
        store.ends = store.stream_ends()?;
        store.ledger = store.ledger_end()?;
        Ok(store)
    }

    /// What it is for.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes and removes nothing, durably: whether the disk takes a commit at all.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn probe(&mut self) -> Result<(), StoreError> {
        self.write(|db, _| {
            db.execute("UPDATE store SET clock_offset_ms = clock_offset_ms", [])?;
            Ok(BTreeMap::new())
        })
    }

    /// Keeps a demo's clock offset for whoever opens the store next.
    ///
    /// # Errors
    /// A check of the table refuses it outside Demo.
    pub fn keep_clock_offset(&mut self, offset_ms: i64) -> Result<(), StoreError> {
        self.write(|db, _| {
            db.execute("UPDATE store SET clock_offset_ms = ?1", [offset_ms])?;
            Ok(BTreeMap::new())
        })?;
        self.about.clock_offset_ms = offset_ms;
        Ok(())
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "secure_delete", true)?;
    // REPLACE deletes a row unseen by its delete trigger otherwise.
    db.pragma_update(None, "recursive_triggers", true)?;
    // Commits then overwrite a file that has its blocks already.
    db.pragma_update(None, "journal_size_limit", 4 << 20)?;
    must_be(&db, "journal_mode", "wal")?;
    must_be(&db, "synchronous", "2")?;
    Ok(db)
}

fn must_be(db: &Connection, pragma: &'static str, expected: &'static str) -> Result<(), StoreError> {
    let found: rusqlite::types::Value = db.pragma_query_value(None, pragma, |row| row.get(0))?;
    let found = match found {
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Integer(n) => n.to_string(),
        other => format!("{other:?}"),
    };
    if found == expected { Ok(()) } else { Err(StoreError::Durability { pragma, expected, found }) }
}

fn about(db: &Connection) -> Result<About, StoreError> {
    let row = db
        .query_row("SELECT mode, site, site_name, clock_offset_ms FROM store", [], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let (mode, site, site_name, clock_offset_ms) = row.ok_or_else(|| StoreError::row("store", "it is empty"))?;
    Ok(About {
        mode: mode.parse().map_err(|e| StoreError::row("store", e))?,
        site: SiteId::parse(&site).map_err(|e| StoreError::row("store", e))?,
        site_name,
        clock_offset_ms,
    })
}
