//! The site's SQLite file: the journal, the plan as imported, the sealed persons, and read tables derived from the
//! journal.
//!
//! Owns the connection, durability and migrations. Refuses to know who a sealed person is without being handed the
//! data key. Invariants: a journal line and the read tables it moves are one transaction under `synchronous=FULL`
//! (read back at start); a line is acknowledged only after COMMIT returned; after one failed write the store takes
//! nothing more until it is reopened and folded again, because only the file can then tell what is in it.

mod append;
mod crew;
mod error;
mod fold;
mod ledger;
mod open;
mod persons;
mod plan;
mod project;
mod read;

pub use crew::Operator;
pub use error::StoreError;
pub use ledger::LedgerAuthor;
pub use open::{About, Store};
pub use plan::{Import, STEP};
pub use read::StoredLine;

#[cfg(test)]
mod tests;
