//! What can go wrong with the file, sorted by what a person has to do about it.

use crate::domain::ids::DeskId;
use crate::journal::verify::Finding;
use std::path::PathBuf;

/// A failure of the store. Never carries personal data: SQLite's messages name tables and pages, not values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store where one was expected.
    #[error("expected a store, found nothing at {0}")]
    Missing(PathBuf),
    /// A store is already there.
    #[error("expected no store, found one at {0}")]
    Exists(PathBuf),
    /// The disk is full.
    #[error("the disk is full: {0}")]
    Full(rusqlite::Error),
    /// The file or its directory cannot be written.
    #[error("the disk or the file is read-only: {0}")]
    ReadOnly(rusqlite::Error),
    /// The disk answered with an error.
    #[error("the disk failed: {0}")]
    Disk(rusqlite::Error),
    /// The file is not a database or its pages contradict each other.
    #[error("the database is damaged: {0}")]
    Damaged(rusqlite::Error),
    /// The file was written by a newer release.
    #[error("migrating the database failed: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// SQLite refused a statement.
    #[error("the database refused a statement: {0}")]
    Statement(rusqlite::Error),
    /// The connection does not have the durability it was asked for.
    #[error("expected {pragma} = {expected}, found {found}")]
    Durability {
        /// The setting.
        pragma: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// The journal is not as it was written.
    #[error("the journal is broken: {0}")]
    Broken(Finding),
    /// The site ledger is not as it was written.
    #[error("the site ledger is broken at line {seq}: {why}")]
    Ledger {
        /// The line.
        seq: u64,
        /// What was done to it.
        why: String,
    },
    /// A row that this release wrote cannot be read back.
    #[error("a row of {table} cannot be read: {why}")]
    Row {
        /// The table.
        table: &'static str,
        /// What is wrong, without its content.
        why: String,
    },
    /// A line does not continue its stream.
    #[error("expected line {expected} of the stream, found {found}")]
    Order {
        /// The next number of the stream.
        expected: u64,
        /// The number of the line.
        found: u64,
    },
    /// A desk writes in a session that it has not joined.
    #[error("expected desk {desk} to join the session with its first line, found {found}")]
    Unnamed {
        /// The desk.
        desk: DeskId,
        /// The kind of the line.
        found: &'static str,
    },
    /// An earlier write failed; the store waits to be reopened.
    #[error("an earlier write failed; the store must be reopened")]
    Stopped,
}

impl StoreError {
    /// Whether the data itself is wrong, rather than the disk or the moment.
    #[must_use]
    pub fn is_integrity(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Broken(_) | Self::Ledger { .. } | Self::Row { .. })
    }

    /// The stable code of a screen or an error line.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "KD-1101",
            Self::Exists(_) => "KD-1102",
            Self::Broken(_) | Self::Ledger { .. } => "KD-9101",
            Self::Damaged(_) | Self::Row { .. } => "KD-9102",
            Self::Migration(_) => "KD-9103",
            Self::Durability { .. } => "KD-9104",
            Self::Full(_)
            | Self::ReadOnly(_)
            | Self::Disk(_)
            | Self::Statement(_)
            | Self::Order { .. }
            | Self::Unnamed { .. }
            | Self::Stopped => "KD-9001",
        }
    }

    pub(crate) fn row(table: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Row { table, why: why.to_string() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ErrorCode};
        // What this release wrote reads back, and its tables have their columns: anything else was done to the file.
        if let Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..)
        | Error::SqlInputError { .. } = error
        {
            return Self::Damaged(error);
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly(error),
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Self::Disk(error),
            // Plain SQLITE_ERROR: a table that our own statements name is not there.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) => Self::Damaged(error),
            _ => Self::Statement(error),
        }
    }
}
