//! The open cases: verdicts that a person can answer, or has to (rules.md §6; screens.md §1.6, 3.7, 3.8, 3.32).
//!
//! One case stands in front, the others wait, oldest first. A case is memory, not record: what was refused is in the
//! journal already, and nothing that one of two people said is kept anywhere until both have spoken.

use super::effect::{Shown, Who};
use crate::domain::admission::{By, Lifter, Verdict};
use crate::domain::by_hand::LiftReason;
use crate::domain::event::{Lift, ManualIdentityTaken};
use crate::domain::ids::{AdmissionNo, Code, DocTag, OperatorId, PaperRef, SessionNo};
use crate::domain::presented::Presented;
use crate::domain::time::Instant;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// A case that nobody touches for so long waits with the others.
const FRONT: Duration = Duration::from_mins(1);
/// How many wait at most; the oldest is forgotten then, its refusal is in the journal.
const WAITING: usize = 200;

/// The number of a case, while the desk runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId(pub u64);

/// What is judged: what was shown, and what people have said about it so far.
#[derive(Debug, Clone)]
pub(super) struct Matter {
    pub(super) presented: Presented,
    pub(super) tags: BTreeMap<SessionNo, DocTag>,
    pub(super) ticket: Option<AdmissionNo>,
    pub(super) unreadable: u32,
    pub(super) simulated: bool,
    /// The row chosen for.
    pub(super) chosen: Option<AdmissionNo>,
    pub(super) confirmed: Vec<Code>,
    pub(super) lifts: Vec<Lift>,
    /// What two people typed, until it is written.
    pub(super) typed: Option<ManualIdentityTaken>,
}

impl Matter {
    /// Every code set aside so far.
    pub(super) fn lifted(&self) -> Vec<Code> {
        self.confirmed.iter().copied().chain(self.lifts.iter().map(|lift| lift.code)).collect()
    }

    /// The row that somebody without a document says is theirs, or whose document was typed.
    pub(super) fn of_row(&self) -> Option<&AdmissionNo> {
        self.chosen.as_ref()
    }
}

/// What the first of two people said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct First {
    pub(super) op: OperatorId,
    pub(super) reason: LiftReason,
    pub(super) note: Option<PaperRef>,
    pub(super) chosen: Option<AdmissionNo>,
    pub(super) mono: Duration,
}

/// One open case.
#[derive(Debug, Clone)]
pub struct Case {
    id: CaseId,
    pub(super) shown: Shown,
    pub(super) matter: Matter,
    pub(super) first: Option<First>,
    since: Duration,
    touched: Duration,
}

impl Case {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> CaseId {
        self.id
    }

    /// The verdict as it was shown.
    #[must_use]
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.shown.decision.code
    }

    /// Its session.
    #[must_use]
    pub fn session(&self) -> SessionNo {
        self.shown.session
    }

    /// The number of the line that recorded the verdict.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        self.shown.seq
    }

    /// When the verdict was given.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.shown.at
    }

    /// How long it has been open; `mono` is the present of [`super::Moment`].
    #[must_use]
    pub fn age(&self, mono: Duration) -> Duration {
        mono.saturating_sub(self.since)
    }

    /// The person, where a card was read.
    #[must_use]
    pub fn who(&self) -> Option<&Who> {
        self.shown.who.as_ref()
    }

    /// The person's row, where one is known.
    #[must_use]
    pub fn cand(&self) -> Option<&AdmissionNo> {
        self.shown.decision.row.as_ref().map(|row| &row.cand).or(self.matter.of_row())
    }

    /// Whom and what it takes; none where something else has to happen first.
    #[must_use]
    pub fn lifter(&self) -> Option<Lifter> {
        self.shown.decision.lifter
    }

    /// Who of two has spoken, while the other may.
    #[must_use]
    pub fn first(&self) -> Option<&OperatorId> {
        self.first.as_ref().map(|first| &first.op)
    }

    /// The names on the card, as read: for the operator's half of the screen alone.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let card = self.matter.presented.card();
        let names = card.into_iter().flat_map(|card| [Some(card.name.as_str()), card.name_latin.as_deref()]);
        names.flatten().filter(|name| !name.is_empty()).collect()
    }

    /// What was shown.
    #[must_use]
    pub fn presented(&self) -> &Presented {
        &self.matter.presented
    }

    /// As it stands once its line has this number.
    pub(super) fn stored(mut self, seq: Option<u64>) -> Self {
        self.shown.seq = seq;
        self
    }

    /// Whether it waits when it goes out of sight; a refusal does only when somebody puts it there.
    fn waits(&self) -> bool {
        self.shown.decision.verdict == Verdict::NeedsProctor
    }

    fn is_of(&self, other: &Self) -> bool {
        let tag = |case: &Self| case.matter.tags.get(&case.session()).copied();
        let same_card = tag(self).is_some() && tag(self) == tag(other);
        same_card || (self.cand().is_some() && self.cand() == other.cand())
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Cases {
    last: u64,
    front: Option<Case>,
    waiting: VecDeque<Case>,
}

/// Whether a verdict is a case.
pub(super) fn is_case(shown: &Shown) -> bool {
    let lifter = shown.decision.lifter;
    shown.decision.verdict == Verdict::NeedsProctor || lifter.is_some_and(|lifter| lifter.by != By::Hand)
}

impl Cases {
    pub(super) fn number(&mut self) -> CaseId {
        self.last += 1;
        CaseId(self.last)
    }

    pub(super) fn make(id: CaseId, shown: Shown, matter: Matter, mono: Duration) -> Case {
        Case { id, shown, matter, first: None, since: mono, touched: mono }
    }

    /// Another verdict stands in front: it is a case, or it is none.
    pub(super) fn turn(&mut self, case: Option<Case>) {
        if let Some(new) = &case {
            self.waiting.retain(|waiting| waiting.id != new.id && !waiting.is_of(new));
            self.front = self.front.take().filter(|old| old.id != new.id && !old.is_of(new));
        }
        if let Some(old) = self.front.take().filter(Case::waits) {
            self.put(old);
        }
        self.front = case;
    }

    fn put(&mut self, case: Case) {
        if self.waiting.len() == WAITING {
            self.waiting.pop_front();
        }
        let at = self.waiting.partition_point(|waiting| waiting.since <= case.since);
        self.waiting.insert(at, case);
    }

    pub(super) fn get(&self, id: CaseId) -> Option<&Case> {
        self.front.iter().chain(&self.waiting).find(|case| case.id == id)
    }

    /// Keeps what the first of two people said, or forgets it.
    pub(super) fn speak(&mut self, id: CaseId, first: Option<First>, mono: Duration) {
        if let Some(case) = self.front.iter_mut().chain(&mut self.waiting).find(|case| case.id == id) {
            case.first = first;
            case.touched = mono;
        }
    }

    /// Brings a waiting case to the front.
    pub(super) fn recall(&mut self, id: CaseId, mono: Duration) -> Option<Shown> {
        let mut case = self.get(id)?.clone();
        case.touched = mono;
        let shown = case.shown.clone();
        self.turn(Some(case));
        Some(shown)
    }

    /// Lets the case in front wait, whatever it is.
    pub(super) fn defer(&mut self, id: CaseId) {
        if let Some(case) = self.front.take_if(|case| case.id == id) {
            self.put(case);
        }
    }

    pub(super) fn drop(&mut self, id: CaseId) {
        self.retain(|case| case.id != id);
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Case) -> bool) {
        self.front = self.front.take().filter(&keep);
        self.waiting.retain(keep);
    }

    /// The case in front, while it is.
    pub(super) fn front(&self, mono: Duration) -> Option<&Case> {
        self.front.as_ref().filter(|case| mono.saturating_sub(case.touched) < FRONT)
    }

    /// Those that wait, oldest first; the one in front among them once nobody has touched it for a minute.
    pub(super) fn waiting(&self, mono: Duration) -> impl Iterator<Item = &Case> {
        let stale = self.front.as_ref().filter(move |case| self.front(mono).is_none() && case.waits());
        self.waiting.iter().chain(stale)
    }
}
