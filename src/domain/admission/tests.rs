//! The admission table, row by row (rules.md §6), its properties (rules.md §12, 4 and 5) and the choice of the session
//! that decides (rules.md §11, Streams).

mod lifts;
mod properties;
mod seats;

use super::*;
use crate::domain::event::{
    ClockAttested, ClockMethod, DeskJoined, Event, HoldLifted, HoldPlaced, OperatorSignedIn, Recorded, SignInReason,
};
use crate::domain::ids::{AdmissionNo, PaperRef, SiteId};
use crate::domain::photo;
use crate::domain::policy::{Expired, NameVariant, Photo, Policy, Ticket, Uid};
use crate::domain::samples::{
    DAY, absent, admitted, at, book, books, card, desk_id, entry, handed_in, name, no, number, plan, policy, recorded,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::sync::Arc;

/// Session 1 is open and waits for candidate 1 of the sample day; 2 and 3 are planned for the same hour.
struct Scene {
    books: SessionBooks,
    rows: Vec<Entry>,
    presented: Presented,
    now: Instant,
    unreadable: u32,
    simulated: bool,
    ticket: Option<AdmissionNo>,
    chosen: Option<AdmissionNo>,
    lifted: Vec<Code>,
}

impl Scene {
    fn new() -> Self {
        Self {
            books: books(&[State::Open, State::Planned, State::Planned]),
            rows: vec![entry(1, 1)],
            presented: Presented::Card(Box::new(card(1))),
            now: at(8, 45, 0),
            unreadable: 0,
            simulated: false,
            ticket: None,
            chosen: None,
            lifted: vec![],
        }
    }

    fn card(&mut self, change: impl FnOnce(&mut CardRead)) {
        let Presented::Card(card) = &mut self.presented else { panic!("no card lies on the reader") };
        change(card);
    }

    fn policy(&mut self, change: impl FnOnce(&mut Policy)) {
        change(Arc::make_mut(&mut self.books.get_mut(&no(1)).unwrap().session.policy));
    }

    fn on_day_two(&mut self, day: Date) {
        self.books.get_mut(&no(2)).unwrap().session.plan.date = day;
    }

    fn state(&mut self, n: u8, state: State) {
        self.books.insert(no(n), book(plan(n), policy(), state));
    }

    /// A line of another kind stands in session 1.
    fn recorded(&mut self, line: &Recorded) {
        self.books.get_mut(&no(1)).unwrap().record.apply(line);
    }

    /// Candidate 1 of session 1 has this behind them.
    fn happened(&mut self, events: impl IntoIterator<Item = Event>) {
        let record = &mut self.books.get_mut(&no(1)).unwrap().record;
        for (lc, event) in (100..).zip(events) {
            record.apply(&recorded(lc, 1, lc, event));
        }
    }

    fn tap(&self) -> Tap<'_> {
        Tap {
            presented: &self.presented,
            now: self.now,
            unreadable: self.unreadable,
            simulated: self.simulated,
            ticket: self.ticket.as_ref(),
            desk: desk_id(1),
            chosen: self.chosen.as_ref(),
            lifted: &self.lifted,
        }
    }

    fn decide(&self) -> Decision {
        let roster = Roster::new(self.rows.clone());
        let book = deciding_book(&roster, &self.books, self.tap()).unwrap();
        decide(&roster, &self.books, book, self.tap())
    }
}

fn came() -> Event {
    admitted(entry(1, 1).cand.as_str(), "1").into()
}

fn left() -> Event {
    handed_in(entry(1, 1).cand.as_str(), &["theory", "practical"]).into()
}

fn missed() -> Event {
    absent(entry(1, 1).cand.as_str()).into()
}

type Change = fn(&mut Scene);

fn ms(instant: Instant, more: i64) -> Instant {
    Instant(instant.0 + more)
}

#[test]
fn every_row_of_the_table_decides_as_the_rules_print_it() {
    use Verdict::{Admitted, AdmittedLate, NeedsProctor, Refused};
    let inside = Verdict::AlreadyIn { desk: desk_id(1), at: recorded(100, 1, 100, came()).at };
    let table: &[Printed] = &[
        ("in time", |_| {}, 90, Admitted),
        ("session planned", |s| s.state(1, State::Planned), 1, Refused),
        ("simulated reader in Live", |s| s.simulated = true, 19, Refused),
        ("session closed", |s| s.state(1, State::Closed), 2, Refused),
        ("session sealed", |s| s.state(1, State::Sealed), 3, Refused),
        ("first bad read", |s| unreadable(s, 1), 10, Refused),
        ("second bad read", |s| unreadable(s, 2), 10, Refused),
        ("third bad read", |s| unreadable(s, 3), 10, NeedsProctor),
        ("fourth bad read", |s| unreadable(s, 4), 10, NeedsProctor),
        ("unknown card", |s| s.presented = Presented::UnknownKind, 11, Refused),
        ("campus card alone", |s| pointed(s, uid(Some("04A1B2C3"))), 13, Refused),
        ("campus card of nobody", |s| pointed(s, uid(None)), 13, Refused),
        ("ticket alone", |s| pointed(s, ticket(1)), 14, Refused),
        ("ticket of nobody", |s| pointed(s, ticket(9)), 14, Refused),
        ("ticket alone, session planned", |s| (pointed(s, ticket(1)), s.state(1, State::Planned)).1, 1, Refused),
        ("ticket of another session", |s| (pointed(s, ticket(1)), s.rows = vec![entry(2, 1)]).1, 14, Refused),
        ("no ticket where one is needed", |s| required(s, None), 15, Refused),
        ("own ticket where one is needed", |s| required(s, Some(1)), 90, Admitted),
        ("another's ticket", |s| required(s, Some(2)), 28, NeedsProctor),
        ("a ticket that nobody has", |s| required(s, Some(9)), 28, NeedsProctor),
        ("a stranger with a ticket that nobody has", |s| (required(s, Some(9)), s.rows.clear()).1, 20, Refused),
        ("a stranger without ticket", |s| (required(s, None), s.rows.clear()).1, 15, Refused),
        (
            "a stranger with another's ticket",
            |s| (required(s, Some(2)), s.card(|c| c.number = number(7))).1,
            28,
            NeedsProctor,
        ),
        ("another's ticket where none is needed", |s| s.ticket = Some(entry(1, 2).cand), 90, Admitted),
        ("inside, without ticket", |s| (required(s, None), s.happened([came()])).1, 15, Refused),
        ("kind not accepted", |s| s.card(|c| c.doc = DocKind::SocialCard), 12, Refused),
        ("temporary card of the same number", |s| s.card(|c| c.doc = DocKind::TempId), 90, Admitted),
        ("bad number", |s| s.card(|c| c.number = "110199199003070010".into()), 16, NeedsProctor),
        ("empty number", |s| s.card(|c| c.number.clear()), 16, NeedsProctor),
        ("expired yesterday, refuse", |s| expired(s, 23, Expired::Refuse, 0), 17, Refused),
        ("expired yesterday, proctor", |s| expired(s, 23, Expired::Proctor, 0), 17, NeedsProctor),
        ("expired yesterday, accept", |s| expired(s, 23, Expired::Accept, 0), 90, Admitted),
        ("last day is the session's", |s| expired(s, 24, Expired::Refuse, 0), 90, Admitted),
        ("last day of grace", |s| expired(s, 23, Expired::Refuse, 1), 90, Admitted),
        ("a day after grace", |s| expired(s, 22, Expired::Refuse, 1), 17, Refused),
        ("no readable last day", |s| s.card(|c| c.valid_to = ValidTo::Unreadable), 90, Admitted),
        ("valid from tomorrow", |s| s.card(|c| c.valid_from = Some(date(2026, 11, 25))), 18, NeedsProctor),
        ("valid from today", |s| s.card(|c| c.valid_from = Some(DAY)), 90, Admitted),
        ("no readable first day", |s| s.card(|c| c.valid_from = None), 90, Admitted),
        ("unknown person", |s| s.presented = Presented::Card(Box::new(card(2))), 20, Refused),
        ("row of another site", |s| s.rows[0].elsewhere = Some(SiteId::parse("EX-SITE-02").unwrap()), 21, Refused),
        ("row of another day", only_tomorrow, 22, Refused),
        ("row of another session", |s| s.rows = vec![entry(2, 1)], 23, Refused),
        ("rows in two open sessions", two_open_sessions, 25, NeedsProctor),
        ("row here and in a planned session", |s| s.rows = two_rows(), 90, Admitted),
        ("two rows today, none here", |s| s.rows = vec![entry(2, 1), entry(3, 1)], 25, NeedsProctor),
        ("name with blanks", |s| blanks_in_the_name(s, NameVariant::Proctor), 26, NeedsProctor),
        ("name with blanks, accept", |s| blanks_in_the_name(s, NameVariant::Accept), 90, Admitted),
        ("another name", |s| s.card(|c| c.name = name(7)), 27, NeedsProctor),
        ("no name on the card", |s| s.card(|c| c.name.clear()), 27, NeedsProctor),
        ("barred", |s| held(s, Hold::Barred), 30, Refused),
        ("withdrawn", |s| held(s, Hold::Withdrawn), 31, Refused),
        ("papers or fee open", |s| held(s, Hold::Pending), 32, NeedsProctor),
        ("barred, too late", |s| (held(s, Hold::Barred), s.now = at(10, 0, 0)).0, 30, Refused),
        ("barred since they came in", |s| (held(s, Hold::Barred), s.happened([came()])).0, 30, Refused),
        ("barred in another session", |s| s.rows = vec![held_entry(entry(2, 1), Hold::Barred)], 23, Refused),
        ("inside", |s| s.happened([came()]), 40, inside),
        ("inside, after the late limit", |s| by(s, [came()], at(10, 0, 0)), 40, inside),
        ("inside, clock set back", |s| by(s, [came()], at(7, 0, 0)), 40, inside),
        ("handed in", |s| s.happened([came(), left()]), 42, Refused),
        ("handed in, after the late limit", |s| by(s, [came(), left()], at(10, 0, 0)), 42, Refused),
        ("a second before opening", |s| s.now = at(8, 29, 59), 51, Refused),
        ("a millisecond before opening", |s| s.now = ms(at(8, 30, 0), -1), 51, Refused),
        ("opening", |s| s.now = at(8, 30, 0), 90, Admitted),
        ("start", |s| s.now = at(9, 0, 0), 90, Admitted),
        ("within the second of the start", |s| s.now = ms(at(9, 0, 0), 999), 90, Admitted),
        ("a second after the start", |s| s.now = at(9, 0, 1), 91, AdmittedLate(1)),
        ("late limit", |s| s.now = at(9, 15, 0), 91, AdmittedLate(900)),
        ("within the second of the late limit", |s| s.now = ms(at(9, 15, 0), 999), 91, AdmittedLate(900)),
        ("a second after the late limit", |s| s.now = at(9, 15, 1), 52, Refused),
        ("absent, after the late limit", |s| by(s, [missed()], at(9, 20, 0)), 52, Refused),
        ("absent, clock set back", |s| by(s, [missed()], at(9, 10, 0)), 47, NeedsProctor),
        ("no seat", |s| s.rows[0].seat = None, 61, NeedsProctor),
    ];
    decide_as_printed(table);
}

#[test]
fn every_row_that_calls_for_people_decides_as_the_rules_print_it() {
    use Verdict::{Admitted, NeedsProctor, Refused};
    let inside = Verdict::AlreadyIn { desk: desk_id(1), at: recorded(100, 1, 100, came()).at };
    let table: &[Printed] = &[
        ("no document at all", |s| declared(s), 29, NeedsProctor),
        ("a room that another desk serves", |s| serving(s, "02"), 24, Refused),
        ("a room that this desk serves", |s| serving(s, "01"), 90, Admitted),
        ("of another session, whatever the room", |s| (serving(s, "02"), s.rows = vec![entry(2, 1)]).1, 23, Refused),
        ("inside, and dropped from the roster", |s| (s.happened([came()]), dropped(s)).1, 33, NeedsProctor),
        ("a conflict of somebody else", |s| (s.happened([came()]), s.rows[0] = entry(1, 2), other(s)).2, 90, Admitted),
        ("inside, from another desk", |s| came_elsewhere(s), 41, elsewhere()),
        ("clock behind what it showed", |s| showed(s, at(12, 0, 0)), 50, NeedsProctor),
        ("clock behind by no more than the policy grants", |s| showed(s, at(8, 46, 0)), 90, Admitted),
        ("clock behind, and compared since", |s| (showed(s, at(12, 0, 0)), attested(s)).1, 90, Admitted),
        ("inside, clock behind", |s| (s.happened([came()]), showed(s, at(12, 0, 0))).1, 40, inside),
        ("arrangement", |s| arranged(s), 72, NeedsProctor),
        ("pledge", |s| s.policy(|p| p.checks.pledge = true), 71, NeedsProctor),
        ("photo", |s| s.policy(|p| p.checks.photo = Photo::Proctor), 70, NeedsProctor),
        ("pledge and photo, inside", |s| (asked(s), s.happened([came()])).1, 40, inside),
        ("hold of the chief", |s| s.happened([placed(Hold::Barred)]), 30, Refused),
        ("hold of the chief on somebody else", |s| (s.happened([placed(Hold::Barred)]), other(s)).1, 90, Admitted),
        ("hold lifted", |s| (held(s, Hold::Barred), s.happened([lifted(Hold::Barred)])).1, 90, Admitted),
        ("another hold lifted", |s| (held(s, Hold::Barred), s.happened([lifted(Hold::Pending)])).1, 30, Refused),
        ("hold placed again", |s| s.happened([lifted(Hold::Pending), placed(Hold::Pending)]), 32, NeedsProctor),
        ("residence permit, registered with the travel permit", |s| permit(s, "H12345678"), 90, Admitted),
        ("residence permit with another travel permit", |s| permit(s, "H12345679"), 20, Refused),
    ];
    decide_as_printed(table);
}

/// A scene, the code that shows, the verdict.
type Printed = (&'static str, Change, u8, Verdict);

fn decide_as_printed(table: &[Printed]) {
    for (label, change, code, verdict) in table {
        let mut scene = Scene::new();
        change(&mut scene);
        let found = scene.decide();
        assert_eq!((found.code, found.verdict), (Code(*code), *verdict), "{label}");
    }
}

fn declared(scene: &mut Scene) {
    scene.presented = Presented::ByHand(Box::new(ByHand::Declared(entry(1, 1).cand)));
}

fn line(at: Instant, event: impl Into<Event>) -> Recorded {
    Recorded { at, ..recorded(90, 1, 90, event) }
}

fn serving(scene: &mut Scene, room: &str) {
    let (session, desk) = (crate::domain::samples::session_id(1), desk_id(1));
    let rooms = vec![crate::domain::ids::RoomId::parse(room).unwrap()];
    let app_sha256 = crate::domain::ids::Digest::ZERO;
    scene.recorded(&line(at(8, 0, 0), DeskJoined { session, desk, key: None, app_sha256, rooms }));
}

fn dropped(scene: &mut Scene) {
    let named = vec![entry(1, 1).cand];
    scene.recorded(&line(at(8, 0, 0), crate::domain::samples::roster_imported(2, named, vec![])));
}

/// Candidate 2 taps.
fn other(scene: &mut Scene) {
    scene.rows = vec![entry(1, 2)];
    scene.presented = Presented::Card(Box::new(card(2)));
}

fn came_elsewhere(scene: &mut Scene) {
    scene.recorded(&recorded(100, 2, 1, came()));
}

fn elsewhere() -> Verdict {
    Verdict::AlreadyIn { desk: desk_id(2), at: recorded(100, 2, 1, came()).at }
}

fn showed(scene: &mut Scene, at: Instant) {
    let signed = OperatorSignedIn { op: crate::domain::samples::op("qian"), why: SignInReason::Start };
    scene.recorded(&line(at, signed));
}

fn attested(scene: &mut Scene) {
    let word = ClockAttested { offset_s: 0, method: ClockMethod::RoomClock };
    scene.recorded(&line(at(8, 0, 0), word));
}

fn arranged(scene: &mut Scene) {
    scene.rows[0].identity.as_mut().unwrap().arrangement = Some("GROUND-FLOOR".into());
}

fn asked(scene: &mut Scene) {
    scene.policy(|p| (p.checks.pledge, p.checks.photo) = (true, Photo::Proctor));
}

fn paper() -> PaperRef {
    PaperRef::parse("QK-0031").unwrap()
}

fn placed(hold: Hold) -> Event {
    HoldPlaced { cand: entry(1, 1).cand, hold, paper_ref: paper() }.into()
}

fn lifted(hold: Hold) -> Event {
    HoldLifted { cand: entry(1, 1).cand, hold, paper_ref: paper() }.into()
}

/// Registered with the travel permit H12345678; a residence permit with this travel permit is shown.
fn permit(scene: &mut Scene, number: &str) {
    let who = scene.rows[0].identity.as_mut().unwrap();
    (who.doc_kind, who.doc_number) = (DocKind::HmtTravel, "H12345678".into());
    scene.card(|c| {
        (c.doc, c.number) = (DocKind::HmtResidence, "810000199003070015".into());
        c.permit_number = Some(number.into());
    });
}

fn held(scene: &mut Scene, hold: Hold) {
    scene.rows[0] = held_entry(scene.rows[0].clone(), hold);
}

fn held_entry(mut entry: Entry, hold: Hold) -> Entry {
    entry.identity.as_mut().unwrap().hold = Some(hold);
    entry
}

fn ticket(n: u32) -> Pointer {
    Pointer::Ticket(entry(1, n).cand)
}

fn uid(number: Option<&str>) -> Pointer {
    Pointer::Uid(number.map(Into::into))
}

/// Candidates 1 and 2 are registered, the first with a campus card; this is all that is shown.
fn pointed(scene: &mut Scene, pointer: Pointer) {
    scene.rows = vec![entry(1, 1), entry(1, 2)];
    scene.rows[0].identity.as_mut().unwrap().campus_uid = Some("04A1B2C3".into());
    scene.presented = Presented::Pointer(pointer);
}

/// Candidates 1 and 2 are registered, and the policy wants the ticket; candidate 1 shows the one of this candidate.
fn required(scene: &mut Scene, of: Option<u32>) {
    scene.rows = vec![entry(1, 1), entry(1, 2)];
    scene.policy(|p| p.documents.ticket = Ticket::Required);
    scene.ticket = of.map(|n| entry(1, n).cand);
}

fn unreadable(scene: &mut Scene, times: u32) {
    scene.presented = Presented::Unreadable { sw3: Some(0x41) };
    scene.unreadable = times;
}

fn expired(scene: &mut Scene, last_day: i8, rule: Expired, grace: u32) {
    scene.card(|c| c.valid_to = ValidTo::Until(date(2026, 11, last_day)));
    scene.policy(|p| (p.documents.expired, p.documents.expired_grace_days) = (rule, grace));
}

fn by<const N: usize>(scene: &mut Scene, events: [Event; N], now: Instant) {
    scene.happened(events);
    scene.now = now;
}

fn only_tomorrow(scene: &mut Scene) {
    scene.rows = vec![entry(2, 1)];
    scene.on_day_two(date(2026, 11, 25));
}

fn two_open_sessions(scene: &mut Scene) {
    scene.rows = two_rows();
    scene.state(2, State::Open);
}

fn two_rows() -> Vec<Entry> {
    vec![entry(1, 1), entry(2, 1)]
}

fn blanks_in_the_name(scene: &mut Scene, rule: NameVariant) {
    let spaced = name(1).chars().map(String::from).collect::<Vec<_>>().join(" ");
    scene.card(|c| c.name = spaced);
    scene.policy(|p| p.documents.name_variant = rule);
}

#[test]
fn codes_stand_once_and_in_the_order_of_the_rules() {
    let codes: Vec<u8> = RULES.iter().map(|rule| rule.code.0).collect();
    assert_eq!(
        codes,
        [
            19, 1, 3, 2, 10, 11, 13, 14, 12, 29, 16, 17, 18, 15, 28, 20, 25, 21, 22, 23, 24, 27, 26, 30, 31, 32, 33,
            40, 41, 42, 50, 51, 52, 47, 62, 60, 61, 72, 71, 70
        ]
    );
    let reasons: std::collections::BTreeSet<_> = RULES.iter().map(|rule| rule.reason).collect();
    assert_eq!(reasons.len(), RULES.len());
}

#[test]
fn a_decision_carries_what_its_line_needs() {
    let mut scene = Scene::new();
    expired(&mut scene, 23, Expired::Accept, 0);
    let found = scene.decide();
    assert!(found.expired, "an accepted expired card is recorded as expired");
    assert_eq!((found.doc, found.name_match), (Some(DocKind::ResidentId), Some(NameMatch::Exact)));
    assert_eq!(found.row.map(|row| row.cand), Some(entry(1, 1).cand));

    expired(&mut scene, 23, Expired::Refuse, 1);
    assert!(!scene.decide().expired, "a day of grace counts as valid");

    scene.rows = vec![entry(2, 1)];
    let elsewhere = scene.decide();
    assert_eq!((elsewhere.row.map(|row| row.cand), elsewhere.name_match), (Some(entry(2, 1).cand), None));

    scene.rows = vec![entry(2, 1), entry(3, 1)];
    assert_eq!(scene.decide().row, None, "of several rows none is preselected");
}

#[test]
fn a_pointer_names_its_row_and_a_campus_card_only_where_the_policy_lets_it() {
    let found = |pointer, change: Change| {
        let mut scene = Scene::new();
        pointed(&mut scene, pointer);
        change(&mut scene);
        let found = scene.decide();
        (found.doc.unwrap(), found.row.map(|row| row.cand), found.name_match)
    };
    let (one, card) = (Some(entry(1, 1).cand), "04A1B2C3");
    assert_eq!(found(ticket(1), |_| {}), (DocKind::Ticket, one.clone(), None));
    assert_eq!(found(uid(Some(card)), |_| {}), (DocKind::CampusUid, one, None));
    assert_eq!(found(ticket(9), |_| {}), (DocKind::Ticket, None, None));
    let off: Change = |s| s.policy(|p| p.documents.uid = Uid::Off);
    assert_eq!(found(uid(Some(card)), off), (DocKind::CampusUid, None, None));
    let shared: Change = |s| s.rows[1].identity.as_mut().unwrap().campus_uid = Some("04A1B2C3".into());
    assert_eq!(found(uid(Some(card)), shared), (DocKind::CampusUid, None, None), "of two none is preselected");
}

#[test]
fn either_name_of_a_foreign_document_matches() {
    let mut scene = Scene::new();
    scene.card(|c| (c.name, c.name_latin) = ("UNKNOWN".into(), Some(name(1))));
    assert_eq!(scene.decide().code, ADMITTED);
    scene.card(|c| (c.name, c.name_latin) = (String::new(), Some("UNKNOWN".into())));
    assert_eq!(scene.decide().code, Code(27));
}

/// State of a session and the hour of its start; hours from 24 are those of the next day.
type Hour = (State, i8);

#[test]
fn the_session_that_decides_is_the_one_of_the_rules() {
    use State::{Closed, Open, Planned, Running, Sealed};
    // Label, states and hours of sessions 1.., sessions with the person's row, the session that decides.
    let table: &[(&str, &[Hour], &[u8], u8)] = &[
        ("the open one with the row", &[(Open, 9), (Running, 9), (Open, 9)], &[2], 2),
        ("of two open ones with a row the lower", &[(Open, 9), (Running, 9), (Open, 9)], &[2, 3], 2),
        ("no row in an open one: the lowest open", &[(Planned, 9), (Running, 9), (Open, 9)], &[1], 2),
        ("no row at all: the lowest open", &[(Closed, 9), (Planned, 9), (Open, 9)], &[], 3),
        ("none open: the person's of today", &[(Planned, 9), (Planned, 14), (Closed, 8)], &[2], 2),
        ("none open: the person's closed one of today", &[(Planned, 9), (Closed, 8)], &[2], 2),
        ("two of the person's today: the one to come", &[(Closed, 9), (Planned, 14), (Planned, 11)], &[1, 2], 2),
        ("the person's is on another day", &[(Planned, 14), (Planned, 9), (Planned, 33)], &[3], 2),
        ("a stranger: the earliest planned", &[(Planned, 14), (Planned, 9), (Closed, 8)], &[], 2),
        ("only closed ones: the latest", &[(Closed, 9), (Closed, 14), (Closed, 11)], &[], 2),
        ("closed or sealed: the latest", &[(Closed, 9), (Sealed, 14), (Closed, 11)], &[], 2),
    ];
    for (label, sessions, rows, decides) in table {
        let books = (1u8..).zip(*sessions).map(|(n, (state, hour))| {
            let mut plan = plan(n);
            plan.start = jiff::civil::time(hour % 24, 0, 0, 0);
            plan.date = if *hour < 24 { DAY } else { DAY.tomorrow().unwrap() };
            (no(n), book(plan, policy(), *state))
        });
        let roster = Roster::new(rows.iter().map(|n| entry(*n, 1)).collect());
        let presented = Presented::Card(Box::new(card(1)));
        let books: SessionBooks = books.collect();
        let scene = Scene { presented, ..Scene::new() };
        let found = deciding_book(&roster, &books, scene.tap());
        assert_eq!(found.map(|book| book.session.plan.no), Some(no(*decides)), "{label}");
    }
    let nothing = SessionBooks::new();
    assert!(deciding_book(&Roster::default(), &nothing, Scene::new().tap()).is_none());
}

#[test]
fn a_row_of_another_site_calls_no_session_of_ours() {
    let mut row = entry(2, 1);
    row.elsewhere = Some(SiteId::parse("EX-SITE-02").unwrap());
    let books = books(&[State::Open, State::Open]);
    let scene = Scene::new();
    let roster = Roster::new(vec![row]);
    let found = deciding_book(&roster, &books, scene.tap()).unwrap();
    assert_eq!(found.session.plan.no, no(1));
}
