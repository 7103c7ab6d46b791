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
use crate::reader::record::ResidentCard;
use crate::reader::simulate::Card;
use roster::DemoCard;

/// The session that the demo plays: the one with the lowest number.
#[must_use]
#[expect(clippy::expect_used, reason = "the ground has imported a roster of three sessions")]
fn first_session(books: &SessionBooks) -> Session {
    books.values().next().expect("a demo has sessions").session.clone()
}

/// The card as the reader holds it; `None` only for a name longer than a chip takes, which the roster has none of.
#[must_use]
pub fn chip(card: &DemoCard) -> Option<Card> {
    let fields = ResidentCard {
        name: card.name.clone(),
        sex: card.sex.clone(),
        nation: card.nation.clone(),
        birth: card.birth.clone(),
        address: card.address.clone(),
        number: card.number.clone(),
        issuer: card.issuer.clone(),
        valid_from: card.valid_from.clone(),
        valid_to: card.valid_to.clone(),
    };
    Card::resident(&fields).ok()
}
