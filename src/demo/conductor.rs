//! Conducts the demo on the full screen: cards come by themselves at a human pace, or on cue, and *next step* moves the
//! clock to the next limit and lets the script do what is left before it. Once a session is sealed, it opens the next
//! one.

use super::performer::Performer;
use super::roster::{DemoCandidate, SplitMix64, strangers};
use super::script::{self, Act, Cast};
use super::{crew, first_session};
use crate::desk::{Command, Desk};
use crate::domain::attendance::Attendance;
use crate::domain::ids::AdmissionNo;
use crate::domain::session::{Session, State};
use crate::domain::time::Clock as _;
use crate::reader::record::ResidentCard;
use crate::runtime::running::{Notice, RunningDesk};
use std::time::Duration;

/// Real time between two cards that come by themselves.
const PACE: Duration = Duration::from_secs(7);
/// Marks that *next step* leaves for the person at the desk.
const LEFT_TO_MARK: usize = 3;

/// What can be played on cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the entry of its name in the legend")]
pub enum Cue {
    NextCard,
    OtherSession,
    NotListed,
    Twice,
    Damaged,
    Late,
    Unplug,
    Plug,
    NextStep,
}

impl Cue {
    /// All, in the order of their digits in the legend.
    pub const ALL: [Self; 9] = [
        Self::NextCard,
        Self::OtherSession,
        Self::NotListed,
        Self::Twice,
        Self::Damaged,
        Self::Late,
        Self::Unplug,
        Self::Plug,
        Self::NextStep,
    ];
}

/// What a cue came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Played {
    /// It is on its way.
    Yes,
    /// Nobody is left to come, or nothing is left of the day.
    Over,
    /// The last marks, closing, deriving and sealing are for the person at the desk.
    Yours,
}

/// A demo on its way.
pub struct Conductor {
    performer: Performer,
    session: Session,
    candidates: Vec<DemoCandidate>,
    cast: Cast,
    seed: u64,
    last: Option<DemoCandidate>,
    next_card: Duration,
    strange: u32,
}

impl Conductor {
    /// A conductor of the first session.
    #[must_use]
    pub fn new(performer: Performer, desk: &Desk, candidates: Vec<DemoCandidate>, seed: u64) -> Self {
        let session = first_session(desk.books());
        let cast = cast(&candidates, &session, seed);
        Self { performer, session, candidates, cast, seed, last: None, next_card: PACE, strange: 0 }
    }

    /// Takes note of what the desk told.
    pub fn note(&mut self, notice: &Notice) {
        self.performer.note(notice);
    }

    /// How far its clock stands from the machine's.
    #[must_use]
    pub fn clock_offset_ms(&self) -> i64 {
        self.performer.clock().offset_ms()
    }

    /// Lets the next card come when it is time, and the script go on.
    #[must_use]
    pub fn go_on(&mut self, now: Duration, desk: &mut RunningDesk) -> Vec<Notice> {
        if now >= self.next_card && self.performer.idle() {
            self.next_card = now + PACE;
            self.follow(desk.desk());
            let invited = self.performer.clock().wall().0 >= self.session.opens();
            if invited && desk.desk().unlocked() && self.state(desk.desk()) == Some(State::Open) {
                let _ = self.next_in_time(desk.desk());
            }
        }
        self.performer.go_on(desk)
    }

    fn state(&self, desk: &Desk) -> Option<State> {
        desk.books().get(&self.session.plan.no).map(|book| book.record.state)
    }

    fn came(&self, desk: &Desk, candidate: &DemoCandidate) -> bool {
        let book = desk.books().get(&self.session.plan.no);
        let cand = AdmissionNo::parse(&candidate.cand).ok();
        match (book, cand) {
            (Some(book), Some(cand)) => *book.record.attendance.of(&cand) != Attendance::Expected,
            _ => true,
        }
    }

    fn next_of<'a>(&self, desk: &Desk, people: &'a [DemoCandidate]) -> Option<&'a DemoCandidate> {
        people.iter().find(|candidate| !self.came(desk, candidate))
    }

    /// Goes over to the session that takes cards now, when the last one is closed.
    fn follow(&mut self, desk: &Desk) {
        if matches!(self.state(desk), Some(State::Closed | State::Sealed))
            && let Some(book) = desk.books().values().find(|book| book.record.state.takes_taps())
        {
            self.turn_to(book.session.clone());
        }
    }

    fn turn_to(&mut self, session: Session) {
        self.cast = cast(&self.candidates, &session, self.seed);
        self.session = session;
    }

    fn next_in_time(&mut self, desk: &Desk) -> Played {
        let Some(next) = self.next_of(desk, &self.cast.early).cloned() else { return Played::Over };
        self.performer.add([Act::Card(next.card.clone())]);
        self.last = Some(next);
        Played::Yes
    }

    fn cards(&mut self, cards: impl IntoIterator<Item = ResidentCard>) -> Played {
        let acts: Vec<_> = cards.into_iter().map(Act::Card).collect();
        let played = if acts.is_empty() { Played::Over } else { Played::Yes };
        self.performer.add(acts);
        played
    }

    /// Plays one entry of the legend.
    pub fn play(&mut self, cue: Cue, desk: &Desk) -> Played {
        self.follow(desk);
        match cue {
            Cue::NextCard => self.next_in_time(desk),
            Cue::OtherSession => {
                let other = self.candidates.iter().find(|c| c.session != self.session.plan.no.get());
                self.cards(other.map(|c| c.card.clone()))
            }
            Cue::NotListed => {
                self.strange += 1;
                self.cards(strangers(self.strange, self.seed).pop())
            }
            Cue::Twice => self.cards(self.last.as_ref().map(|c| c.card.clone())),
            Cue::Damaged => {
                let next =
                    self.next_of(desk, &self.cast.early).or_else(|| self.next_of(desk, &self.cast.late)).cloned();
                let Some(next) = next else { return Played::Over };
                self.performer.add([Act::Damage, Act::Card(next.card)]);
                Played::Yes
            }
            Cue::Late => self.late(desk),
            Cue::Unplug => {
                self.performer.reader().unplug();
                Played::Yes
            }
            Cue::Plug => {
                if let Err(error) = self.performer.reader().plug_in() {
                    tracing::error!(%error, "the simulated reader cannot be plugged in");
                }
                Played::Yes
            }
            // The step before is still on its way.
            Cue::NextStep if self.performer.queues() => Played::Yes,
            Cue::NextStep => self.next_step(desk),
        }
    }

    /// Somebody late: the clock passes the start first, and the chief has started.
    fn late(&mut self, desk: &Desk) -> Played {
        let late = self.next_of(desk, &self.cast.late).or_else(|| self.next_of(desk, &self.cast.early)).cloned();
        let Some(late) = late else { return Played::Over };
        if self.state(desk) == Some(State::Open) {
            self.performer.add([
                Act::At(self.session.starts()),
                Act::Do(Command::Start(self.session.plan.no), crew::chief(), None),
            ]);
        }
        let six_late = self.session.starts().plus_minutes(6);
        self.performer.add([Act::At(six_late), Act::Card(late.card.clone())]);
        self.last = Some(late);
        Played::Yes
    }

    /// Moves to the next limit and does what is left before it.
    fn next_step(&mut self, desk: &Desk) -> Played {
        let no = self.session.plan.no;
        let now = self.performer.clock().wall().0;
        match self.state(desk) {
            Some(State::Planned) => {
                self.open();
            }
            Some(State::Open) => {
                let left = self.cast.early.iter().filter(|c| !self.came(desk, c)).map(|c| Act::Card(c.card.clone()));
                let left: Vec<_> = left.collect();
                self.performer.add(left);
                self.performer.add([Act::At(self.session.starts()), Act::Do(Command::Start(no), crew::chief(), None)]);
            }
            Some(State::Running) if now <= self.session.late_limit() => {
                let late = self.cast.late.iter().chain(&self.cast.early).filter(|c| !self.came(desk, c));
                let late: Vec<_> = late.map(|c| Act::Card(c.card.clone())).collect();
                self.performer.add([Act::At(self.session.starts().plus_minutes(6))]);
                self.performer.add(late);
                self.performer.add([Act::At(self.session.late_limit().plus_minutes(1))]);
                let too_late: Vec<_> = self.cast.too_late.iter().map(|c| Act::Card(c.card.clone())).collect();
                self.performer.add(too_late);
                self.performer.add([Act::Do(Command::MarkAbsent(no, None), crew::proctor(), None)]);
            }
            Some(State::Running) if now < self.session.ends() => self.performer.add(script::hand_in(&self.session)),
            Some(State::Closed) if desk.books().get(&no).is_some_and(|book| book.record.results().is_some()) => {
                return Played::Yours;
            }
            Some(State::Running | State::Closed) => return self.mark_all_but_three(desk),
            Some(State::Sealed) => {
                let planned = desk.books().values().filter(|book| book.record.state == State::Planned);
                let Some(next) = planned.min_by_key(|book| book.session.starts()) else { return Played::Over };
                self.turn_to(next.session.clone());
                self.open();
            }
            None => return Played::Over,
        }
        Played::Yes
    }

    fn open(&mut self) {
        self.performer.add([Act::At(self.session.opens()), Act::Open(self.session.plan.no)]);
    }

    fn mark_all_but_three(&mut self, desk: &Desk) -> Played {
        let Some(book) = desk.books().get(&self.session.plan.no) else { return Played::Over };
        let owed = |act: &Act| match act {
            Act::Do(Command::EnterMark(_, cand, part, ..), ..) => {
                matches!(book.record.attendance.of(cand), Attendance::Submitted(..))
                    && book.record.mark(cand, part).is_none()
            }
            _ => false,
        };
        let mut marks: Vec<Act> =
            script::marks(&self.cast, &self.session, self.seed, 0).into_iter().filter(owed).collect();
        marks.truncate(marks.len().saturating_sub(LEFT_TO_MARK));
        let played = if marks.is_empty() { Played::Yours } else { Played::Yes };
        self.performer.add(marks);
        played
    }
}

fn cast(candidates: &[DemoCandidate], session: &Session, seed: u64) -> Cast {
    Cast::deal(candidates, session.plan.no, &mut SplitMix64::new(seed))
}
