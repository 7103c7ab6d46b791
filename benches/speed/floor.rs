//! Floors: the least that a durable record can cost on this disk.
//!
//! The SQLite floor is the bare insert of one row the size of a journal line; the file floors are what the disk itself
//! takes. All three keep their files open and go on where the last round ended.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A journal line of an admission.
const LINE: usize = 300;
/// What a commit of one page writes.
const PAGE: usize = 4096;
/// The preallocated file holds this many pages, then starts over.
const PAGES: u64 = 512;

/// One row a transaction into a table of its own, WAL with `synchronous=FULL`.
pub struct SqliteRow {
    connection: rusqlite::Connection,
}

impl SqliteRow {
    /// Makes the database and reads its settings back.
    pub fn open(dir: &Path) -> Self {
        let connection = rusqlite::Connection::open(dir.join("floor.db")).expect("a database");
        let setting = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
        assert_eq!(setting("PRAGMA journal_mode=WAL"), "wal".to_owned().into());
        connection.pragma_update(None, "synchronous", "FULL").unwrap();
        assert_eq!(setting("PRAGMA synchronous"), 2.into());
        connection.execute_batch("CREATE TABLE line (seq INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT").unwrap();
        Self { connection }
    }

    /// Inserts one row and commits it.
    pub fn insert(&mut self) {
        let mut statement = self.connection.prepare_cached("INSERT INTO line (line) VALUES (?1)").unwrap();
        statement.execute([[b'x'; LINE].as_slice()]).unwrap();
    }
}

/// Which call makes a write durable.
#[derive(Debug, Clone, Copy)]
pub enum Sync {
    /// `fdatasync`.
    Data,
    /// `fsync`.
    All,
}

/// Page after page of a file whose blocks exist already.
pub struct SyncedWrite {
    file: File,
    sync: Sync,
    page: u64,
}

impl SyncedWrite {
    /// Makes the file and fills it, so that no later write has to find room.
    pub fn open(dir: &Path, sync: Sync) -> Self {
        let file = File::create(dir.join(format!("floor-{sync:?}"))).expect("a file");
        let floor = Self { file, sync, page: 0 };
        for page in 0..PAGES {
            floor.file.write_all_at(&[0; PAGE], page * PAGE as u64).unwrap();
        }
        floor.file.sync_all().unwrap();
        floor
    }

    /// Overwrites the next page and syncs it.
    pub fn write(&mut self) {
        self.file.write_all_at(&[1; PAGE], self.page % PAGES * PAGE as u64).unwrap();
        match self.sync {
            Sync::Data => self.file.sync_data().unwrap(),
            Sync::All => self.file.sync_all().unwrap(),
        }
        self.page += 1;
    }
}
