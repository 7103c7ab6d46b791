//! Whole days: any sequence of cards and commands, any write failing at any moment, and what holds after each step.

use super::*;
use crate::domain::admission::Verdict;
use crate::domain::attendance::Attendance;
use crate::domain::balance::equations;
use crate::domain::by_hand::{LiftReason, ManualCheck, ManualReason, Typed};
use crate::domain::candidate::Hold;
use crate::domain::course::Course;
use crate::domain::document::{DocKind, ValidTo};
use crate::domain::event::{RosterImported, SessionPlanned, SignInReason, ZeroReason};
use crate::domain::ids::{Digest, PaperRef, Seed, SessionNo};
use crate::domain::record::SessionBooks;
use crate::domain::samples::{CREW, book, cand_of, hash, history, name, number, part, place, plan, policy, recorded};
use crate::domain::seats::SeatReason;
use crate::domain::session::{Mode, Plan};
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of the batch in flight.
#[derive(Debug, Clone, Copy)]
enum Disk {
    Stores,
    /// The write fails and nothing is found when the store is opened again.
    Loses,
    /// The write fails, but the lines are found.
    Keeps,
}

#[derive(Debug, Clone)]
enum Step {
    /// Candidate by number, 0 for a card that cannot be read.
    Card(u8),
    /// The card of a candidate with blanks in the name, with another name, or past its day.
    Odd(u8, u8),
    Do(Command, usize, Option<usize>),
    /// The case that stands in front or, of those that wait, the one of this number is answered by somebody.
    Answer(usize, Handling, usize),
    /// Two people type the document of a candidate; they may look up another one's row.
    Identify(u8, u8, usize, usize),
    /// Somebody says that a candidate has no document.
    Declare(u8, usize),
    SignIn(usize),
    Wait(u16),
    Disk(Disk),
}

/// Candidates 1 to 3 have a row in session 1, 2 to 4 in session 2.
fn day_roster() -> Roster {
    Roster::new((1..=3).map(|n| entry(1, n)).chain((2..=4).map(|n| entry(2, n))).collect())
}

fn any_command() -> impl Strategy<Value = Command> {
    let mark = (1u32..=4, any::<bool>(), prop::sample::select(vec![0u32, 50, 6000, 10_000, 10_001]), any::<bool>());
    let what = (1u8..=2, 0..9usize, mark);
    what.prop_map(|(session, what, (n, theory, mark, reason))| {
        let zero = reason.then_some(ZeroReason::ZeroConfirmed);
        let no = no(session);
        match what {
            0 => Command::Open(no),
            1 => Command::Start(no),
            2 => Command::MarkAbsent(no, None),
            3 => Command::Collect(no, None),
            4 => {
                let part = part(if theory { "theory" } else { "practical" });
                Command::EnterMark(no, cand_of(session, n), part, mark, zero)
            }
            5 => Command::Close(no),
            7 => Command::PlaceHold(no, cand_of(session, n), Hold::ALL[n as usize % 3], paper()),
            8 => Command::LiftHold(no, cand_of(session, n), Hold::ALL[n as usize % 3], paper()),
            9 => Command::MoveSeat(no, cand_of(session, n), place(&(mark % 7 + 1).to_string()), SeatReason::Order),
            10 => Command::WithdrawSeat(no, place(&n.to_string()), SeatReason::StationFault),
            _ => Command::DeriveResults(no, Digest::ZERO),
        }
    })
}

/// Somebody who may, most of the time: the rules about persons have their own tests.
fn by_whom(command: &Command) -> (usize, Option<usize>) {
    match command {
        Command::EnterMark(..) => (3, None),
        Command::MarkAbsent(..) | Command::Collect(..) | Command::MoveSeat(..) | Command::WithdrawSeat(..) => (1, None),
        Command::Close(_) | Command::LiftHold(..) | Command::Resolve(..) => (0, Some(2)),
        Command::Open(_)
        | Command::Start(_)
        | Command::DeriveResults(..)
        | Command::PrepareSeal(..)
        | Command::CheckReadiness(_)
        | Command::Waive(..)
        | Command::PlaceHold(..) => (0, None),
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    let person = 0..CREW.len();
    prop_oneof![
        6 => (0u8..=5).prop_map(Step::Card),
        6 => any_command().prop_map(|command| {
            let (who, witness) = by_whom(&command);
            Step::Do(command, who, witness)
        }),
        1 => (any_command(), person.clone(), prop::option::of(person.clone()))
            .prop_map(|(command, who, witness)| Step::Do(command, who, witness)),
        1 => person.clone().prop_map(Step::SignIn),
        3 => (1u8..=4, 0u8..3).prop_map(|(n, flaw)| Step::Odd(n, flaw)),
        8 => (0..3usize, any_handling(), prop_oneof![4 => 0..3usize, 1 => 0..CREW.len()])
            .prop_map(|(which, handling, who)| Step::Answer(which, handling, who)),
        2 => (1u8..=4, 1u8..=5, 0..3usize, person.clone()).prop_map(|(n, m, who, w)| Step::Identify(n, m, who, w)),
        1 => (1u8..=4, person).prop_map(|(n, who)| Step::Declare(n, who)),
        4 => (1u16..2400).prop_map(Step::Wait),
        1 => Just(Step::Disk(Disk::Loses)),
        1 => Just(Step::Disk(Disk::Keeps)),
        8 => Just(Step::Disk(Disk::Stores)),
    ]
}

fn paper() -> PaperRef {
    PaperRef::parse("QK-1").unwrap()
}

fn any_handling() -> impl Strategy<Value = Handling> {
    let chosen = || prop::option::of((1u8..=2, 1u32..=4).prop_map(|(session, n)| cand_of(session, n)));
    prop_oneof![
        4 => chosen().prop_map(Handling::Confirm),
        4 => (chosen(), any::<bool>(), prop::sample::select(LiftReason::ALL)).prop_map(|(chosen, noted, reason)| {
            Handling::First { reason, note: noted.then(paper), chosen }
        }),
        4 => Just(Handling::Second),
        1 => (8i8..12).prop_map(|hour| Handling::Clock(at(hour, 0, 0))),
        1 => Just(Handling::Recall),
        1 => Just(Handling::Defer),
        1 => Just(Handling::Drop),
    ]
}

/// A desk, the lines on its disk and the batches that were not answered yet.
struct Day {
    desk: Desk,
    disk: BTreeMap<SessionNo, Vec<crate::domain::event::Recorded>>,
    in_flight: Option<Vec<Draft>>,
    seconds: u32,
}

impl Day {
    fn new() -> Self {
        let disk: BTreeMap<_, _> = [1, 2].into_iter().map(|n| (no(n), history(State::Planned))).collect();
        let mut day =
            Self { desk: Desk::new(desk_id(1), held_of(&disk)), disk, in_flight: None, seconds: 8 * 3600 + 20 * 60 };
        day.input(Input::Unlocked(day_roster()));
        day
    }

    fn moment(&self) -> Moment {
        moment(Instant(at(0, 0, 0).0 + i64::from(self.seconds) * 1000))
    }

    fn step(&mut self, step: Step) {
        let moment = self.moment();
        match step {
            Step::Card(0) => self.input(put(Presented::Unreadable { sw3: None }, None, moment.at)),
            Step::Card(n) => self.input(tap(n, moment.at)),
            Step::Odd(n, flaw) => {
                let mut card = card(n.into());
                match flaw {
                    0 => card.name = card.name.chars().map(|c| format!("{c} ")).collect(),
                    1 => card.name = name(7),
                    _ => card.valid_to = ValidTo::Until(date(2026, 11, 23)),
                }
                self.input(put(Presented::Card(Box::new(card)), Some(n), moment.at));
            }
            Step::Answer(which, handling, who) => {
                let front = self.desk.open_case(moment.mono);
                let case = front.into_iter().chain(self.desk.pending(moment.mono)).nth(which).map(Case::id);
                let salt = Salt::new([8; 16]);
                if let Some(case) = case {
                    self.input(Input::Handle { case, handling, op: op(CREW[who].0), salt, moment });
                }
            }
            Step::Identify(n, looked_up, who, witness) => {
                let number = number(n.into());
                let typed = Typed::twice(DocKind::TempId, &number, &number).unwrap();
                let checks = vec![ManualCheck::DocumentPhoto, ManualCheck::TicketPhoto];
                let (cand, reason) = (cand_of(1, looked_up.into()), ManualReason::NoChip);
                let identity = Box::new(Identify { typed, cand, reason, checks, case: None });
                let tags = (1..=3).map(|no_| (no(no_), DocTag::new([n; 8]))).collect();
                let (op, witness, salt) = (op(CREW[who].0), op(CREW[witness].0), Salt::new([9; 16]));
                self.input(Input::Identify { identity, op, witness, tags, salt, moment });
            }
            Step::Declare(n, who) => {
                let (cand, op, salt) = (cand_of(1, n.into()), op(CREW[who].0), Salt::new([9; 16]));
                self.input(Input::Declare { cand, op, salt, moment });
            }
            Step::Do(command, who, witness) => {
                let witness = witness.map(|n| op(CREW[n].0));
                self.input(Input::Command { command, op: op(CREW[who].0), witness, seed: Seed::new([7; 32]), moment });
            }
            Step::SignIn(n) => self.input(Input::SignIn { op: op(CREW[n].0), why: SignInReason::Switch, moment }),
            Step::Wait(seconds) => self.seconds += u32::from(seconds),
            Step::Disk(disk) => self.answer(disk),
        }
    }

    fn answer(&mut self, disk: Disk) {
        let Some(drafts) = self.in_flight.take() else { return };
        if !matches!(disk, Disk::Loses) {
            for Draft { session, recorded } in drafts {
                self.disk.get_mut(&no(session.bytes()[0])).unwrap().push(recorded);
            }
        }
        if matches!(disk, Disk::Stores) {
            self.input(Input::Appended);
        } else {
            self.input(Input::AppendFailed);
            self.input(Input::Restored(held_of(&self.disk)));
        }
    }

    fn input(&mut self, input: Input) {
        for effect in self.desk.handle(input) {
            match effect {
                Effect::Append(drafts) => {
                    assert!(self.in_flight.is_none(), "one batch at a time");
                    assert!(!drafts.is_empty());
                    self.in_flight = Some(drafts);
                }
                Effect::Verdict(shown) => self.shown_is_stored(&shown),
                Effect::Answer(_) | Effect::AwaitingUnlock | Effect::NothingPlanned | Effect::Stopped => {}
                Effect::Import(_) => panic!("no day of this test brings a roster"),
            }
        }
    }

    /// Whatever is shown speaks of a line on the disk, and green of an admission.
    fn shown_is_stored(&self, shown: &Shown) {
        let line = self.disk[&shown.session].iter().find(|line| Some(line.seq) == shown.seq).unwrap();
        let green = matches!(shown.decision.verdict, Verdict::Admitted | Verdict::AdmittedLate(_));
        match &line.event {
            Event::CandidateAdmitted(event) => {
                assert!(green && Some((&event.room, &event.seat)) == shown.place.as_ref().map(|(r, s)| (r, s)));
            }
            // Shown again without being judged.
            Event::AdmissionRefused(event) => assert!(!green && event.code == shown.decision.code),
            other => panic!("{other:?}"),
        }
    }

    fn everything_holds(&self) {
        for (no, lines) in &self.disk {
            assert!((1..).zip(lines).all(|(n, line)| line.seq == n), "numbers are dense");
            assert!(lines.is_sorted_by(|a, b| a.author.lc < b.author.lc), "the counter grows");
            let record = &self.desk.books()[no].record;
            let registered = self.desk.roster().registered(*no);
            let counts = record.counts(registered);
            let mut inside = 0;
            let mut waited_for = 0;
            let mut seats = BTreeSet::new();
            for row in self.desk.roster().rows_of(*no) {
                let state = record.attendance.of(&row.cand);
                inside += u32::from(matches!(state, Attendance::Present(_)));
                waited_for += u32::from(*state == Attendance::Expected);
                if let Some(a) = state.admission() {
                    assert!(seats.insert((&a.room, &a.seat)), "a seat was given twice");
                }
            }
            let [b1, b2, b3] = equations(&counts);
            assert!(b1.holds());
            assert_eq!((b2.difference(), b3.difference()), (i64::from(waited_for), i64::from(inside)));
            assert_eq!(record.conflicts().count(), 0, "one desk alone makes no conflict");
            if record.state == State::Closed {
                assert_eq!((waited_for, inside), (0, 0), "closed means balanced");
            }
        }
    }
}

/// Whatever the desk stored, a reader who was not there takes in the same order.
fn a_reader_believes(day: &Day) {
    for (no, lines) in &day.disk {
        let Plan { id: session, no: number, policy_sha256, .. } = plan(no.get());
        let (roster_sha256, ledger_head, rows) = (policy_sha256, Digest::ZERO, day.desk.roster().registered(*no));
        let (mode, pack_sha256) = (Mode::Demo, None);
        let planned =
            SessionPlanned { session, no: number, mode, pack_sha256, policy_sha256, roster_sha256, ledger_head };
        let imported = RosterImported {
            rev: 1,
            sha256: roster_sha256,
            bytes: 1,
            rows,
            added: rows,
            removed: 0,
            changed: 0,
            notices: 0,
            rooms_sha256: None,
            dropped: vec![],
            drifted: vec![],
        };
        let mut course = Course::new(hash());
        for line in [recorded(0, 1, 0, planned), recorded(0, 1, 0, imported)].iter().chain(lines) {
            assert_eq!(course.take(&policy(), line), Ok(()), "{line:?}");
        }
    }
}

fn held_of(disk: &BTreeMap<SessionNo, Vec<crate::domain::event::Recorded>>) -> Held {
    let books: SessionBooks = disk
        .iter()
        .map(|(no, lines)| {
            let mut book = book(plan(no.get()), policy(), State::Planned);
            lines.iter().for_each(|line| book.record.apply(line));
            (*no, book)
        })
        .collect();
    let sizes = disk.iter().map(|(no, lines)| (*no, u64::try_from(lines.len()).unwrap())).collect();
    Held { books, sizes, roster: Roster::default() }
}

proptest! {
    #[test]
    fn any_day_keeps_its_balance_its_seats_and_its_numbers(steps in prop::collection::vec(any_step(), 1..120)) {
        let mut day = Day::new();
        for step in steps {
            day.step(step);
            day.everything_holds();
        }
        while day.in_flight.is_some() {
            day.answer(Disk::Stores);
            day.everything_holds();
        }
        let folded = held_of(&day.disk);
        for (no, book) in day.desk.books() {
            prop_assert_eq!(&book.record, &folded.books[no].record, "what the desk holds is what the disk folds to");
        }
        a_reader_believes(&day);
    }
}

#[test]
fn the_plan_of_a_day_comes_to_results() {
    let mut day = Day::new();
    let mut go = |steps: Vec<Step>| {
        for step in steps {
            day.step(step);
            day.step(Step::Disk(Disk::Stores));
            day.everything_holds();
        }
    };
    let act = |command: Command| {
        let (who, witness) = by_whom(&command);
        Step::Do(command, who, witness)
    };
    let marks = [1, 2].into_iter().flat_map(|n| {
        ["theory", "practical"].map(|id| act(Command::EnterMark(no(1), cand_of(1, n), part(id), 7000, None)))
    });
    go(vec![act(Command::Open(no(1))), Step::Wait(1200), Step::Card(1), Step::Card(2), Step::Card(1), Step::Card(9)]);
    go(vec![Step::Wait(1200), act(Command::Start(no(1))), Step::Wait(901), Step::Card(3)]);
    go(vec![act(Command::MarkAbsent(no(1), None)), Step::Wait(1800), act(Command::Collect(no(1), None))]);
    go(vec![act(Command::Close(no(1)))]);
    go(marks.collect());
    go(vec![act(Command::DeriveResults(no(1), Digest::ZERO))]);
    let record = &day.desk.books()[&no(1)].record;
    let counts = record.results().unwrap().counts;
    assert_eq!((counts.pass, counts.absent), (2, 1));
    a_reader_believes(&day);
}
