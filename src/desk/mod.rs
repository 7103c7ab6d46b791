//! The workflow of one desk, pure: inputs go in, effects come out as data (house.md).
//!
//! Owns the session records while the desk runs, the operator who is signed in, and the short memory that debounce, the
//! third-unreadable rule and the second factor need. Knows no store, reader, screen or clock; document tags, salts and moments come with
//! the inputs. Invariants: a verdict or an answer leaves only after the lines it speaks of were stored; one batch is in
//! flight at a time and whatever arrives meanwhile waits; after a failed append nothing is judged until the record is
//! restored from what the store really holds.

mod cases;
mod commands;
mod effect;
mod handle;
mod input;
mod kept;
mod readiness;
mod sealing;
mod seats;
mod taps;

pub use cases::{Case, CaseId};
pub use commands::{Command, Refusal};
pub use effect::{Answer, Effect, Shown, Who};
pub use input::{Handling, Identify, Input, Moment};
pub use kept::Awaited;
pub use seats::{SeatRefusal, Spare};

use crate::domain::admission::rows_shown;
use crate::domain::event::{Author, Draft, Event, Recorded, SignInReason};
use crate::domain::ids::{DeskId, OperatorId, SessionNo};
use crate::domain::readiness::Found;
use crate::domain::record::{Held, SessionBook, SessionBooks};
use crate::domain::roster::{Entry, Roster};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// One desk.
#[derive(Debug)]
pub struct Desk {
    id: DeskId,
    held: Held,
    unlocked: bool,
    operator: Option<OperatorId>,
    in_flight: Option<InFlight>,
    waiting: VecDeque<Input>,
    stopped: bool,
    memory: taps::Memory,
    kept: kept::Kept,
    cases: cases::Cases,
    readiness: BTreeMap<SessionNo, Found>,
}

/// A batch on its way to the disk, and what is said once it is there.
#[derive(Debug)]
struct InFlight {
    lines: Vec<(SessionNo, Recorded)>,
    then: Then,
}

#[derive(Debug)]
enum Then {
    Show {
        shown: Box<Shown>,
        remembered: taps::Remembered,
        /// The case that the verdict is.
        case: Option<Box<cases::Case>>,
        /// The case that it answers.
        done: Option<CaseId>,
    },
    /// Judge this again.
    Judge(Box<cases::Matter>, taps::Occasion),
    Answer(Answer),
    SignedIn(OperatorId),
    /// The store has the desk's streams for itself.
    Imported,
}

impl Desk {
    /// A desk over what the store holds; it knows nobody's identity before it is unlocked.
    #[must_use]
    pub fn new(id: DeskId, held: Held) -> Self {
        Self {
            id,
            held,
            unlocked: false,
            operator: None,
            in_flight: None,
            waiting: VecDeque::new(),
            stopped: false,
            memory: taps::Memory::default(),
            kept: kept::Kept::default(),
            cases: cases::Cases::default(),
            readiness: BTreeMap::new(),
        }
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> DeskId {
        self.id
    }

    /// Every session with its record.
    #[must_use]
    pub fn books(&self) -> &SessionBooks {
        &self.held.books
    }

    /// The roster; its people are sealed before [`Input::Unlocked`].
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.held.roster
    }

    /// Whether the desk knows who is who.
    #[must_use]
    pub fn unlocked(&self) -> bool {
        self.unlocked
    }

    /// Who is signed in.
    #[must_use]
    pub fn operator(&self) -> Option<&OperatorId> {
        self.operator.as_ref()
    }

    /// Whether an append failed and nothing has been restored since.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Whether a batch is on its way to the disk.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.in_flight.is_some()
    }

    /// What the desk waits for, after a ticket, a campus card or a document alone; `mono` is the present of [`Moment`].
    #[must_use]
    pub fn awaited(&self, mono: Duration) -> Option<Awaited> {
        self.kept.awaited(mono)
    }

    /// The case in front, which keys on the verdict answer; `mono` is the present of [`Moment`].
    #[must_use]
    pub fn open_case(&self, mono: Duration) -> Option<&Case> {
        self.cases.front(mono)
    }

    /// The cases that wait for a person, oldest first.
    pub fn pending(&self, mono: Duration) -> impl Iterator<Item = &Case> {
        self.cases.waiting(mono)
    }

    /// A case, in front or waiting.
    #[must_use]
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(id)
    }

    /// The rows among which a person chooses: those of the document shown.
    #[must_use]
    pub fn choices(&self, case: &Case) -> Vec<Entry> {
        rows_shown(&self.held.roster, case.presented()).into_iter().cloned().collect()
    }

    /// Takes one input to its effects, and whatever waited behind it.
    #[must_use]
    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = self.take(input);
        while self.in_flight.is_none() {
            let Some(next) = self.waiting.pop_front() else { break };
            effects.extend(self.take(next));
        }
        effects
    }

    fn take(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Appended => self.appended(),
            Input::AppendFailed => self.append_failed(),
            Input::Restored(held) => {
                let roster = if self.unlocked { std::mem::take(&mut self.held.roster) } else { held.roster };
                self.held = Held { roster, ..held };
                self.stopped = false;
                vec![]
            }
            Input::Unlocked(roster) => {
                self.held.roster = roster;
                self.unlocked = true;
                vec![]
            }
            Input::Ledgered(lines) => {
                for line in &lines {
                    self.held.apply_ledger(line);
                }
                vec![]
            }
            Input::Imported(held) => {
                self.in_flight = None;
                if let Some((held, roster)) = held.map(|held| *held) {
                    let roster = roster.unwrap_or_else(|| held.roster.clone());
                    self.held = Held { roster, ..held };
                }
                vec![]
            }
            Input::Readiness(no, found) => {
                self.readiness.insert(no, found);
                vec![]
            }
            later if self.in_flight.is_some() => {
                self.waiting.push_back(later);
                vec![]
            }
            Input::Import(_) if self.stopped => vec![Effect::Stopped],
            Input::Import(ticket) => {
                self.in_flight = Some(InFlight { lines: vec![], then: Then::Imported });
                vec![Effect::Import(ticket)]
            }
            Input::Locked => {
                self.operator = None;
                vec![]
            }
            Input::SignIn { op, why, moment } => self.sign_in(op, why, self.corrected(moment)),
            Input::Tap { presented, tags, salt, simulated, moment } => {
                self.tap(presented, tags, (salt, simulated), self.corrected(moment))
            }
            Input::Command { command, op, witness, seed, moment } => {
                self.command(command, (&op, witness.as_ref()), seed, self.corrected(moment))
            }
            Input::Handle { case, handling, op, salt, moment } => self.handle_case(case, handling, &op, salt, moment),
            Input::Identify { identity, op, witness, tags, salt, moment } => {
                self.identify(*identity, (op, witness), (tags, salt), self.corrected(moment))
            }
            Input::Declare { cand, op, salt, moment } => self.declare(cand, &op, salt, self.corrected(moment)),
        }
    }

    /// Puts a batch in flight; every line gets its place in its stream and one more than the greatest counter seen.
    fn append(
        &mut self,
        events: Vec<(SessionNo, Event)>,
        op: Option<&OperatorId>,
        witness: Option<&OperatorId>,
        moment: Moment,
        then: Then,
    ) -> Vec<Effect> {
        let mut next: BTreeMap<SessionNo, (u64, u64)> = BTreeMap::new();
        let mut lines = Vec::with_capacity(events.len());
        let mut drafts = Vec::with_capacity(events.len());
        for (no, event) in events {
            let Some(book) = self.held.books.get(&no) else { continue };
            let stored = self.held.sizes.get(&no).copied().unwrap_or(0);
            let (seq, lc) = next.entry(no).or_insert((stored, book.record.lc()));
            (*seq, *lc) = (*seq + 1, *lc + 1);
            let author = Author { desk: self.id, lc: *lc, op: op.cloned(), w: witness.cloned(), q: moment.quality };
            let recorded = Recorded { seq: *seq, at: moment.at, author, event };
            drafts.push(Draft { session: book.session.plan.id, recorded: recorded.clone() });
            lines.push((no, recorded));
        }
        self.in_flight = Some(InFlight { lines, then });
        vec![Effect::Append(drafts)]
    }

    fn appended(&mut self) -> Vec<Effect> {
        let Some(InFlight { lines, then }) = self.in_flight.take() else { return vec![] };
        for (no, recorded) in &lines {
            if let Some(book) = self.held.books.get_mut(no) {
                book.record.apply(recorded);
                self.held.sizes.insert(*no, recorded.seq);
            }
            match &recorded.event {
                Event::CandidateAdmitted(e) => self.cases.retain(|case| case.cand() != Some(&e.cand)),
                Event::SessionClosed(_) => self.cases.retain(|case| case.session() != *no),
                _ => {}
            }
        }
        let seq = lines.last().map(|(_, recorded)| recorded.seq);
        match then {
            Then::Show { mut shown, remembered, case, done } => {
                shown.seq = seq;
                self.memory.remember(remembered, seq);
                if let Some(done) = done {
                    self.cases.drop(done);
                }
                self.cases.turn(case.map(|case| case.stored(seq)));
                vec![Effect::Verdict(shown)]
            }
            Then::Judge(matter, occasion) => {
                let moment = self.corrected(occasion.moment);
                self.judge(&matter, &taps::Occasion { moment, ..occasion }, None)
            }
            Then::Answer(answer) => vec![Effect::Answer(answer.stored(lines.len(), seq))],
            Then::Imported => vec![],
            Then::SignedIn(op) => {
                self.operator = Some(op.clone());
                vec![Effect::Answer(Answer::SignedIn { op })]
            }
        }
    }

    /// Nothing in flight was acknowledged; whether it is on the disk only the store can tell after it is reopened.
    /// Whatever waited behind it is told the same.
    fn append_failed(&mut self) -> Vec<Effect> {
        self.in_flight = None;
        self.stopped = true;
        vec![]
    }

    fn sign_in(&mut self, op: OperatorId, why: SignInReason, moment: Moment) -> Vec<Effect> {
        if self.stopped {
            return vec![Effect::Stopped];
        }
        let on_crew = |book: &SessionBook| book.record.member(&op).is_some() && book.record.takes_lines();
        let events: Vec<_> = self
            .held
            .books
            .iter()
            .filter(|(_, book)| on_crew(book))
            .map(|(no, _)| (*no, crate::domain::event::OperatorSignedIn { op: op.clone(), why }.into()))
            .collect();
        if events.is_empty() {
            self.operator = Some(op.clone());
            return vec![Effect::Answer(Answer::SignedIn { op })];
        }
        let signed = op.clone();
        self.append(events, Some(&op), None, moment, Then::SignedIn(signed))
    }
}

#[cfg(test)]
mod tests;
