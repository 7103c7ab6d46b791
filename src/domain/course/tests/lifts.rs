//! What a reader believes of an admission that people let pass, and what nobody could have written.

use super::*;
use crate::domain::by_hand::{LiftReason, ManualReason};
use crate::domain::candidate::Hold;
use crate::domain::conflict::{ConflictId, ConflictKind, EventId};
use crate::domain::document::DocKind;
use crate::domain::event::{
    CandidateAdmitted, ClockAttested, ClockMethod, ConflictResolved, HoldLifted, HoldPlaced, Lift, ManualIdentityTaken,
    NameMatch, PhotoCheck, Via,
};
use crate::domain::ids::{Code, PaperRef};
use crate::domain::policy::{Expired, Forgotten, Photo, Policy, Ticket};

fn lift(code: u8) -> Lift {
    let (by, witness) = (op("zhao"), op("qian"));
    Lift { code: Code(code), by, witness, reason: LiftReason::OfficeCleared, note: None }
}

fn paper() -> PaperRef {
    PaperRef::parse("JK-1").unwrap()
}

type Change = fn(&mut CandidateAdmitted);
type Rules = fn(&mut Policy);

/// What comes of an admission of candidate 2 after these lines, under this policy.
fn found(rules: Rules, before: &[(Event, (&str, Option<&str>))], who: &str, change: Change) -> Result<(), Breach> {
    let mut day = Day::until(State::Open);
    let mut policy = policy();
    rules(&mut policy);
    for (event, by) in before {
        assert_eq!(day.try_under(&policy, *by, event.clone()), Ok(()), "{event:?}");
    }
    let mut event = admitted(cand(2).as_str(), "2");
    change(&mut event);
    day.try_under(&policy, (who, None), event.into())
}

fn taken(kind: DocKind, n: u32) -> (Event, (&'static str, Option<&'static str>)) {
    let (tag, valid_to, reason, checks) = (None, None, ManualReason::NoChip, vec![]);
    let event = ManualIdentityTaken { cand: cand(n), kind, tag, valid_to, reason, checks };
    (event.into(), ("qian", Some("wu")))
}

fn no_rules(_: &mut Policy) {}

#[test]
fn what_the_crew_may_let_pass_is_believed() {
    let table: [(&str, Rules, Change); 14] = [
        ("nothing to let pass", no_rules, |_| {}),
        ("a name that differs", no_rules, |e| (e.name_match, e.lifts) = (NameMatch::Different, vec![lift(27)])),
        ("a name variant", no_rules, |e| (e.name_match, e.confirmed) = (NameMatch::Variant, vec![Code(26)])),
        ("an expired card", no_rules, |e| (e.expired, e.lifts) = (Flag(true), vec![lift(17)])),
        ("an expired card that passes", |p| p.documents.expired = Expired::Accept, |e| e.expired = Flag(true)),
        ("another kind", no_rules, |e| (e.doc, e.lifts) = (DocKind::MilitaryId, vec![lift(12)])),
        ("late", no_rules, |e| e.late_s = 900),
        ("too late", |p| p.admission.late_override = true, |e| (e.late_s, e.lifts) = (901, vec![lift(52)])),
        ("too early", no_rules, |e| e.lifts = vec![lift(51)]),
        ("no ticket", |p| p.documents.ticket = Ticket::Required, |e| e.confirmed = vec![Code(15)]),
        (
            "no document",
            |p| p.documents.forgotten = Forgotten::Override,
            |e| {
                (e.via, e.lifts) = (Via::Declared, vec![lift(29)]);
            },
        ),
        (
            "a face compared",
            |p| p.checks.photo = Photo::Proctor,
            |e| {
                (e.photo, e.confirmed) = (PhotoCheck::Confirmed, vec![Code(70)]);
            },
        ),
        ("a pledge", |p| p.checks.pledge = true, |e| e.confirmed = vec![Code(71)]),
        ("three reasons", no_rules, |e| {
            (e.expired, e.name_match) = (Flag(true), NameMatch::Different);
            e.lifts =
                vec![lift(17), lift(27), Lift { reason: LiftReason::Other, note: Some("JK-1".into()), ..lift(31) }];
        }),
    ];
    for (label, rules, change) in table {
        assert_eq!(found(rules, &[], "qian", change), Ok(()), "{label}");
    }
    let by_hand: Change = |e| (e.via, e.doc) = (Via::Manual, DocKind::TempId);
    assert_eq!(found(no_rules, &[taken(DocKind::TempId, 2)], "qian", by_hand), Ok(()));
    let on_a_row: Change = |e| (e.via, e.doc, e.lifts) = (Via::Manual, DocKind::TempId, vec![lift(20)]);
    assert_eq!(found(no_rules, &[taken(DocKind::TempId, 7)], "qian", on_a_row), Ok(()));
}

#[test]
fn what_nobody_could_have_let_pass_is_not() {
    let table: [(&str, Rules, Change); 28] = [
        ("a name that differs, unsaid", no_rules, |e| e.name_match = NameMatch::Different),
        ("a name that differs, by one person", no_rules, |e| {
            (e.name_match, e.confirmed) = (NameMatch::Different, vec![Code(27)]);
        }),
        ("a name set aside that is the same", no_rules, |e| e.lifts = vec![lift(27)]),
        ("a variant, unsaid", no_rules, |e| e.name_match = NameMatch::Variant),
        ("a variant by two people", no_rules, |e| (e.name_match, e.lifts) = (NameMatch::Variant, vec![lift(26)])),
        ("an expired card, unsaid", no_rules, |e| e.expired = Flag(true)),
        (
            "an expired card where none passes",
            |p| p.documents.expired = Expired::Refuse,
            |e| {
                (e.expired, e.lifts) = (Flag(true), vec![lift(17)]);
            },
        ),
        ("another kind, unsaid", no_rules, |e| e.doc = DocKind::MilitaryId),
        ("a ticket as identity", no_rules, |e| (e.doc, e.lifts) = (DocKind::Ticket, vec![lift(12)])),
        ("too late, unsaid", no_rules, |e| e.late_s = 901),
        ("too late where nobody may", no_rules, |e| (e.late_s, e.lifts) = (901, vec![lift(52)])),
        ("late and too early", no_rules, |e| (e.late_s, e.lifts) = (60, vec![lift(51)])),
        ("a ticket that nobody asked for", no_rules, |e| e.confirmed = vec![Code(15)]),
        ("no document where nobody may", no_rules, |e| (e.via, e.lifts) = (Via::Declared, vec![lift(29)])),
        ("no document, unsaid", |p| p.documents.forgotten = Forgotten::Override, |e| e.via = Via::Declared),
        ("by hand, and nobody took it", no_rules, |e| e.via = Via::Manual),
        ("a permit that is none", no_rules, |e| e.via = Via::Permit),
        ("no face compared where one has to be", |p| p.checks.photo = Photo::Proctor, |_| {}),
        ("a face compared, unsaid", |p| p.checks.photo = Photo::Proctor, |e| e.confirmed = vec![Code(70)]),
        ("a face compared where none is", no_rules, |e| e.photo = PhotoCheck::Confirmed),
        ("no pledge where one has to be", |p| p.checks.pledge = true, |_| {}),
        ("what nobody may set aside", no_rules, |e| e.lifts = vec![lift(30)]),
        ("a code that is none", no_rules, |e| e.lifts = vec![lift(99)]),
        ("the same twice", no_rules, |e| (e.expired, e.lifts) = (Flag(true), vec![lift(17), lift(17)])),
        ("confirmed twice", no_rules, |e| {
            (e.name_match, e.confirmed) = (NameMatch::Variant, vec![Code(26), Code(26)]);
        }),
        ("a clock confirmed", no_rules, |e| e.confirmed = vec![Code(50)]),
        ("free text", no_rules, |e| e.lifts = vec![Lift { note: Some("下雨 迟到".into()), ..lift(31) }]),
        ("another reason without a paper", no_rules, |e| {
            e.lifts = vec![Lift { reason: LiftReason::Other, ..lift(31) }];
        }),
    ];
    for (label, rules, change) in table {
        assert!(matches!(found(rules, &[], "qian", change), Err(Breach::Turn { .. })), "{label}");
    }
    let by_hand: Change = |e| (e.via, e.doc) = (Via::Manual, DocKind::TempId);
    for before in [taken(DocKind::Passport, 2), taken(DocKind::TempId, 1)] {
        assert!(
            matches!(found(no_rules, &[before], "qian", by_hand), Err(Breach::Turn { .. })),
            "another's, or another"
        );
    }
}

#[test]
fn a_lift_is_by_two_people_of_their_roles() {
    for (by, witness) in [
        ("zhao", "zhao"),
        ("qian", "zhao"),
        ("qian", "sun"),
        ("zhao", "li"),
        ("zhao", "zhou"),
        ("wu", "qian"),
        ("zhao", "chen"),
        ("chen", "qian"),
    ] {
        let mut day = Day::until(State::Open);
        let mut event = admitted(cand(2).as_str(), "2");
        event.lifts = vec![Lift { by: op(by), witness: op(witness), ..lift(51) }];
        let found = day.try_as(("qian", None), event.into());
        assert!(matches!(found, Err(Breach::Person { .. })), "{by} and {witness}: {found:?}");
    }
    let nobody = found(no_rules, &[], "-", |e| (e.name_match, e.confirmed) = (NameMatch::Variant, vec![Code(26)]));
    assert!(matches!(nobody, Err(Breach::Person { .. })), "confirmed by nobody");
}

#[test]
fn an_identity_by_hand_is_taken_by_two_people_and_no_inspector() {
    for ((who, witness), may) in [
        (("qian", Some("wu")), true),
        (("zhao", Some("li")), true),
        (("qian", None), false),
        (("qian", Some("qian")), false),
        (("qian", Some("zhou")), false),
        (("li", Some("qian")), false),
        (("-", Some("qian")), false),
    ] {
        let mut day = Day::until(State::Open);
        let (event, _) = taken(DocKind::TempId, 2);
        assert_eq!(day.try_as((who, witness), event).is_ok(), may, "{who} {witness:?}");
    }
}

#[test]
fn a_hold_of_the_chief_stands_until_two_people_lift_it() {
    let hold = |hold| HoldPlaced { cand: cand(2), hold, paper_ref: paper() };
    let lifted = |hold| HoldLifted { cand: cand(2), hold, paper_ref: paper() };
    for who in ["qian", "li", "wu", "-"] {
        let mut day = Day::until(State::Open);
        let found = day.try_as((who, None), hold(Hold::Barred).into());
        assert!(matches!(found, Err(Breach::Person { .. })), "{who}");
    }
    let mut day = Day::until(State::Open);
    day.then([hold(Hold::Barred).into()]);
    assert!(matches!(day.try_one(came(2)), Err(Breach::Turn { .. })));
    for witness in [None, Some("zhao"), Some("li")] {
        let found = day.try_as(("zhao", witness), lifted(Hold::Barred).into());
        assert!(matches!(found, Err(Breach::Person { .. })), "{witness:?}");
    }
    assert_eq!(day.try_as(("zhao", Some("qian")), lifted(Hold::Barred).into()), Ok(()));
    day.then([came(2)]);
    let mut day = Day::until(State::Open);
    day.then([hold(Hold::Pending).into()]);
    assert!(matches!(day.try_one(came(2)), Err(Breach::Turn { .. })));
    let mut event = admitted(cand(2).as_str(), "2");
    event.lifts = vec![lift(32)];
    assert_eq!(day.try_one(event.into()), Ok(()));
}

#[test]
fn a_conflict_is_settled_while_it_is_open_with_every_line_of_it() {
    let rosters = |day: &mut Day| {
        let Event::RosterImported(mut named) = roster(2, 2) else { panic!() };
        named.drifted = vec![cand(1)];
        day.then([named.into()]);
    };
    let settled = |kind, n, order: Vec<EventId>| ConflictResolved {
        conflict: ConflictId { kind, cand: cand(n) },
        order,
        annul: vec![],
        supersedes: vec![],
        reason: LiftReason::NameCorrection,
    };
    let mut day = Day::until(State::Open);
    let two = ("zhao", Some("qian"));
    let seq = day.lines + 1;
    let line = |seq| EventId { desk: desk_id(1), seq };
    let right = settled(ConflictKind::RosterDrift, 1, vec![line(seq)]);
    assert!(matches!(day.try_as(two, right.clone().into()), Err(Breach::Turn { .. })), "none is open");
    let mut day = Day::until(State::Open);
    rosters(&mut day);
    let wrong = [
        settled(ConflictKind::RosterDrift, 1, vec![]),
        settled(ConflictKind::RosterDrift, 1, vec![line(seq + 1)]),
        settled(ConflictKind::RosterDrop, 1, vec![line(seq)]),
        settled(ConflictKind::RosterDrift, 2, vec![line(seq)]),
        ConflictResolved { annul: vec![line(1)], ..right.clone() },
        ConflictResolved { supersedes: vec![line(1)], ..right.clone() },
        ConflictResolved { reason: LiftReason::Other, ..right.clone() },
    ];
    for event in wrong {
        assert!(matches!(day.try_as(two, event.clone().into()), Err(Breach::Turn { .. })), "{event:?}");
    }
    assert!(matches!(day.try_as(("zhao", None), right.clone().into()), Err(Breach::Person { .. })));
    assert_eq!(day.try_as(two, right.clone().into()), Ok(()));
    assert_eq!(day.course.record().attendance.conflicts().count(), 0);
    assert!(matches!(day.try_as(two, right.into()), Err(Breach::Turn { .. })), "settled already");
}

#[test]
fn a_clock_is_compared_by_whoever_checks_people_in() {
    let compared = || ClockAttested { offset_s: 3600, method: ClockMethod::RoomClock }.into();
    for (who, may) in [("zhao", true), ("qian", true), ("li", false), ("zhou", false), ("-", false)] {
        assert_eq!(Day::until(State::Open).try_as((who, None), compared()).is_ok(), may, "{who}");
    }
}
