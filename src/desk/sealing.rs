//! What must be true before a session is sealed (rules.md §10), as far as the events of this release go.

use super::commands::Refusal;
use super::{Desk, SessionBook};
use crate::domain::balance::{Equation, equations};
use crate::domain::event::{DeskEnd, Event, Frontier, SealCounts, SealPrepared};
use crate::domain::ids::SessionNo;
use crate::domain::scoring::results;
use crate::domain::session::State;

impl Desk {
    /// Everything that stands in the way of sealing a session, in the order of the rules. Keys, credentials and the
    /// state of the streams are whoever's who holds them.
    #[must_use]
    pub fn unready(&self, no: SessionNo) -> Vec<Refusal> {
        let Some(book) = self.books().get(&no) else { return vec![Refusal::NoSession] };
        let counts = book.record.counts(self.roster().registered(no));
        let equations = equations(&counts);
        let inside = counts.present.saturating_sub(counts.handed_in + counts.removed);
        let conflicts = u32::try_from(book.record.conflicts().count()).unwrap_or(u32::MAX);
        let missing = results(&book.session.policy, &book.record, &self.cands(book)).missing_marks();
        let [b1, b2, b3] = &equations;
        let balanced = b1.holds() && b2.holds() && (inside > 0 || b3.holds());
        let found = [
            (book.record.state != State::Closed).then_some(Refusal::State(book.record.state)),
            (!balanced).then_some(Refusal::Unbalanced(equations)),
            (conflicts > 0).then_some(Refusal::Conflicts(conflicts)),
            (inside > 0).then_some(Refusal::StillInside(inside)),
            (counts.registered == 0).then_some(Refusal::Nobody),
            (missing > 0).then_some(Refusal::MarksMissing(missing)),
            (missing == 0 && book.record.results().is_none()).then_some(Refusal::ResultsStale),
        ];
        found.into_iter().flatten().collect()
    }

    /// The three equations of a session's balance.
    #[must_use]
    pub fn balance(&self, no: SessionNo) -> Option<[Equation; 3]> {
        let book = self.books().get(&no)?;
        Some(equations(&book.record.counts(self.roster().registered(no))))
    }

    /// Freezes the session. A seal that a crash left prepared stands: then nothing is stored, and the flow goes on.
    pub(super) fn prepare_seal(
        &self,
        book: &SessionBook,
        frontier: &Frontier,
        notices: &[String],
    ) -> Result<Vec<Event>, Refusal> {
        if book.record.state == State::Closed && book.record.prepared().is_some() {
            return Ok(vec![]);
        }
        let no = book.session.plan.no;
        if let Some(first) = self.unready(no).into_iter().next() {
            return Err(first);
        }
        let (ours, others): (Vec<&DeskEnd>, Vec<_>) = frontier.desks.iter().partition(|end| end.desk == self.id());
        if !others.is_empty() {
            return Err(Refusal::OtherDesks(u32::try_from(others.len()).unwrap_or(u32::MAX)));
        }
        let stored = self.held.sizes.get(&no).copied().unwrap_or(0);
        if ours.iter().map(|end| end.size).sum::<u64>() != stored {
            return Err(Refusal::Moved);
        }
        let counts = SealCounts::new(book.record.counts(self.roster().registered(no)), stored + 1)
            .with_resolved(book.record.attendance.settled());
        Ok(vec![SealPrepared { frontier: frontier.clone(), counts, notices: notices.to_vec() }.into()])
    }
}
