//! The demo (演示): a whole examination day that is invented from a seed, so that everything but the radio is real.
//!
//! Owns who comes, with which card, and what the crew does. Knows nothing of screens; what it makes goes in through the
//! same doors as real input: a roster file, policy files, frames of a reader on a real pseudo-terminal.

pub mod conductor;
pub mod crew;
pub mod ground;
pub mod headless;
pub mod performer;
pub mod roster;
pub mod script;

use crate::domain::record::SessionBooks;
use crate::domain::session::Session;

/// The session that the demo plays: the one with the lowest number.
#[must_use]
#[expect(clippy::expect_used, reason = "the ground has imported a roster of three sessions")]
fn first_session(books: &SessionBooks) -> Session {
    books.values().next().expect("a demo has sessions").session.clone()
}
