//! Opening a session, and the checks before it (rules.md §5): green, or each red item let stand by the chief.
//!
//! What the checks found comes in with [`super::Input::Readiness`]. Nothing found is nothing red: whoever runs a desk
//! tells it before it hands over a command that asks.

use super::commands::in_state;
use super::{Desk, Refusal};
use crate::domain::event::{Event, ReadinessChecked, ReadinessWaived, SessionOpened};
use crate::domain::readiness::{Item, WaiveReason};
use crate::domain::record::SessionBook;
use crate::domain::session::State;

impl Desk {
    fn red(&self, book: &SessionBook) -> &[Item] {
        self.readiness.get(&book.session.plan.no).map_or(&[], |found| found.red.as_slice())
    }

    pub(super) fn open(&self, book: &SessionBook) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Planned])?;
        let red = self.red(book);
        let standing: Vec<Item> = red.iter().copied().filter(|item| !book.record.has_waived(*item)).collect();
        if !standing.is_empty() {
            return Err(Refusal::NotReady(standing));
        }
        let red_items = red.iter().map(|item| item.as_str().to_owned()).collect();
        Ok(vec![SessionOpened { red_items }.into()])
    }

    pub(super) fn check_readiness(&self, book: &SessionBook) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Planned, State::Open])?;
        let passed = self.readiness.get(&book.session.plan.no).map_or(0, |found| found.passed);
        Ok(vec![ReadinessChecked { passed, failed: self.red(book).to_vec() }.into()])
    }

    /// What is not red, or stands already, needs nobody's reason.
    pub(super) fn waive(&self, book: &SessionBook, item: Item, reason: WaiveReason) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Planned])?;
        let asked = self.red(book).contains(&item) && !book.record.has_waived(item);
        Ok(asked.then(|| ReadinessWaived { item, reason }.into()).into_iter().collect())
    }
}
