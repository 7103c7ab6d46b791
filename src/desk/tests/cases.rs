//! Open cases: one key, two PINs, a row chosen, an identity typed; who may, and what is written.

use super::*;
use crate::desk::CaseId;
use crate::domain::admission::{By, Verdict};
use crate::domain::by_hand::{LiftReason, ManualCheck, ManualReason, Typed};
use crate::domain::candidate::Hold;
use crate::domain::document::{DocKind, ValidTo};
use crate::domain::event::{CandidateAdmitted, Lift, ManualIdentityTaken, NameMatch, PhotoCheck, Via};
use crate::domain::ids::{AdmissionNo, Code, OperatorId, PaperRef};
use crate::domain::policy::{Forgotten, Photo, Policy};
use crate::domain::presented::CardRead;
use crate::domain::samples::{cand_of, name, number};
use jiff::civil::date;
use std::sync::Arc;

fn desk_with(change: impl FnOnce(&mut Policy)) -> Desk {
    let mut held = held(&[State::Open], []);
    change(Arc::make_mut(&mut held.books.get_mut(&no(1)).unwrap().session.policy));
    let mut desk = Desk::new(desk_id(1), held);
    let _ = desk.handle(Input::Unlocked(roster(&[1])));
    desk
}

fn odd(n: u8, at: Instant, change: impl FnOnce(&mut CardRead)) -> Input {
    let mut card = card(u32::from(n));
    change(&mut card);
    put(Presented::Card(Box::new(card)), Some(n), at)
}

fn blanks(card: &mut CardRead) {
    card.name = card.name.chars().map(|c| format!("{c} ")).collect();
}

fn another_name(card: &mut CardRead) {
    card.name = name(7);
}

fn expired(card: &mut CardRead) {
    card.valid_to = ValidTo::Until(date(2026, 11, 23));
}

fn answer(case: CaseId, handling: Handling, who: &str, at: Instant) -> Input {
    Input::Handle { case, handling, op: op(who), salt: Salt::new([3; 16]), moment: moment(at) }
}

fn first(reason: LiftReason) -> Handling {
    Handling::First { reason, note: None, chosen: None }
}

/// Why an answer to a case was not taken.
fn not_handled(effects: Vec<Effect>) -> Refusal {
    match <[Effect; 1]>::try_from(effects) {
        Ok([Effect::Answer(Answer::NotHandled { refusal, .. })]) => refusal,
        other => panic!("expected a refusal, found {other:?}"),
    }
}

/// Both PINs, one second apart; what is to be stored.
fn two(desk: &mut Desk, case: CaseId, (one, other): (&str, &str), at: Instant) -> Vec<Event> {
    let effects = desk.handle(answer(case, first(LiftReason::OfficeCleared), one, at));
    assert!(matches!(effects.as_slice(), [Effect::Answer(Answer::FirstOfTwo { .. })]), "{effects:?}");
    let later = Instant(at.0 + 1000);
    stored_events(desk.handle(answer(case, Handling::Second, other, later)))
}

fn admitted(events: &[Event]) -> &CandidateAdmitted {
    match events {
        [.., Event::CandidateAdmitted(event)] => event,
        other => panic!("expected an admission, found {other:?}"),
    }
}

fn mono(at: Instant) -> Duration {
    moment(at).mono
}

fn waiting(desk: &Desk, at: Instant) -> Vec<u8> {
    desk.pending(mono(at)).map(|case| case.code().0).collect()
}

#[test]
fn one_key_of_a_proctor_lets_a_name_variant_in_and_the_line_says_so() {
    let mut desk = desk(State::Open);
    let asked = verdict(&mut desk, odd(1, at(8, 45, 0), blanks));
    assert_eq!((asked.decision.code, asked.decision.verdict), (Code(26), Verdict::NeedsProctor));
    let case = desk.open_case(mono(at(8, 45, 5))).unwrap();
    assert_eq!((Some(case.id()), case.seq()), (asked.case, asked.seq));
    assert_eq!(case.names().len(), 1);
    let drafts = stored(desk.handle(answer(asked.case.unwrap(), Handling::Confirm(None), "qian", at(8, 45, 5))));
    let author = &drafts[0].recorded.author;
    assert_eq!((author.op.as_ref(), author.w.as_ref()), (Some(&op("qian")), None));
    let events: Vec<_> = drafts.into_iter().map(|draft| draft.recorded.event).collect();
    let line = admitted(&events);
    assert_eq!((&line.confirmed, &line.lifts, line.name_match), (&vec![Code(26)], &vec![], NameMatch::Variant));
    let green = shown(desk.handle(Input::Appended));
    assert_eq!((green.decision.code, green.case), (Code(90), None));
    assert!(desk.open_case(mono(at(8, 45, 6))).is_none());
    assert_eq!(
        not_handled(desk.handle(answer(asked.case.unwrap(), Handling::Confirm(None), "qian", at(8, 45, 7)))),
        Refusal::CaseGone
    );
}

#[test]
fn nobody_but_chief_and_proctor_confirms() {
    for (who, may) in [("zhao", true), ("qian", true), ("li", false), ("zhou", false), ("wu", false), ("nobody", false)]
    {
        let mut desk = desk(State::Open);
        let case = verdict(&mut desk, odd(1, at(8, 45, 0), blanks)).case.unwrap();
        let effects = desk.handle(answer(case, Handling::Confirm(None), who, at(8, 45, 5)));
        if may {
            assert_eq!(admitted(&stored_events(effects)).confirmed, [Code(26)], "{who}");
        } else {
            assert_eq!(not_handled(effects), Refusal::Role, "{who}");
        }
    }
}

#[test]
fn chief_and_proctor_let_another_name_in_whoever_speaks_first() {
    for people in [("zhao", "qian"), ("qian", "zhao")] {
        let mut desk = desk(State::Open);
        let asked = verdict(&mut desk, odd(1, at(8, 45, 0), another_name));
        assert_eq!(asked.decision.lifter.map(|lifter| lifter.by), Some(By::Two));
        let case = asked.case.unwrap();
        assert_eq!(
            not_handled(desk.handle(answer(case, Handling::Confirm(None), "zhao", at(8, 45, 1)))),
            Refusal::NotSetAside
        );
        let before = desk.books()[&no(1)].record.clone();
        let effects = desk.handle(answer(case, first(LiftReason::NameCorrection), people.0, at(8, 45, 2)));
        let said = Answer::FirstOfTwo { case, op: op(people.0), seconds: 120 };
        assert_eq!(effects, [Effect::Answer(said)]);
        assert_eq!(desk.case(case).unwrap().first(), Some(&op(people.0)));
        assert_eq!(desk.books()[&no(1)].record, before, "one of two is nobody");
        assert!(!desk.busy());

        let drafts = stored(desk.handle(answer(case, Handling::Second, people.1, at(8, 47, 2))));
        let author = &drafts[0].recorded.author;
        assert_eq!((author.op.as_ref(), author.w.as_ref()), (Some(&op("zhao")), Some(&op("qian"))));
        let events: Vec<_> = drafts.into_iter().map(|draft| draft.recorded.event).collect();
        let lift = Lift {
            code: Code(27),
            by: op("zhao"),
            witness: op("qian"),
            reason: LiftReason::NameCorrection,
            note: None,
        };
        assert_eq!((&admitted(&events).lifts, admitted(&events).name_match), (&vec![lift], NameMatch::Different));
        assert_eq!(shown(desk.handle(Input::Appended)).decision.code, Code(90));
    }
}

#[test]
fn the_two_of_an_override_are_a_chief_and_a_proctor_within_the_window() {
    let second = |one: &str, other: &str, later: (i8, i8)| {
        let mut desk = desk(State::Open);
        let case = verdict(&mut desk, odd(1, at(8, 45, 0), another_name)).case.unwrap();
        let effects = desk.handle(answer(case, first(LiftReason::Illness), one, at(8, 45, 0)));
        if !matches!(effects.as_slice(), [Effect::Answer(Answer::FirstOfTwo { .. })]) {
            return not_handled(effects);
        }
        let refusal = not_handled(desk.handle(answer(case, Handling::Second, other, at(8, later.0, later.1))));
        assert!(desk.books()[&no(1)].record.attendance.touched().next().is_none());
        refusal
    };
    assert_eq!(second("zhao", "zhao", (45, 1)), Refusal::Witness);
    assert_eq!(second("qian", "sun", (45, 1)), Refusal::Witness, "two proctors");
    for who in ["li", "zhou", "wu", "nobody"] {
        assert_eq!(second("zhao", who, (45, 1)), Refusal::Witness, "{who}");
        assert_eq!(second(who, "zhao", (45, 1)), Refusal::Role, "{who}");
    }
    assert_eq!(second("zhao", "qian", (47, 1)), Refusal::WindowOver);
    let codes = [Refusal::Witness, Refusal::Role, Refusal::WindowOver].map(|refusal| refusal.code());
    assert_eq!(codes, ["KD-T-05", "KD-T-06", "KD-T-16"]);
}

#[test]
fn after_the_window_the_first_person_begins_again() {
    let mut desk = desk(State::Open);
    let case = verdict(&mut desk, odd(1, at(8, 45, 0), another_name)).case.unwrap();
    let _ = desk.handle(answer(case, first(LiftReason::Illness), "zhao", at(8, 45, 0)));
    assert_eq!(not_handled(desk.handle(answer(case, Handling::Second, "qian", at(8, 47, 1)))), Refusal::WindowOver);
    assert_eq!(not_handled(desk.handle(answer(case, Handling::Second, "qian", at(8, 47, 2)))), Refusal::Witness);
    assert_eq!(admitted(&two(&mut desk, case, ("zhao", "qian"), at(8, 47, 3))).lifts.len(), 1);
}

#[test]
fn the_reason_other_needs_the_number_of_a_paper() {
    let mut desk = desk(State::Open);
    let case = verdict(&mut desk, odd(1, at(8, 45, 0), another_name)).case.unwrap();
    assert_eq!(
        not_handled(desk.handle(answer(case, first(LiftReason::Other), "zhao", at(8, 45, 0)))),
        Refusal::NoteMissing
    );
    let note = PaperRef::parse("QK-0031").unwrap();
    let said = Handling::First { reason: LiftReason::Other, note: Some(note.clone()), chosen: None };
    let _ = desk.handle(answer(case, said, "zhao", at(8, 45, 0)));
    let events = stored_events(desk.handle(answer(case, Handling::Second, "qian", at(8, 45, 1))));
    assert_eq!(admitted(&events).lifts[0].note.as_deref(), Some(note.as_str()));
}

/// Property 6: n lifts, n records, each by two people.
#[test]
fn each_reason_is_set_aside_for_itself_and_the_next_one_shows() {
    let mut desk = desk_with(|p| p.checks.photo = Photo::Proctor);
    let asked = verdict(&mut desk, odd(1, at(8, 20, 0), |card| (expired(card), blanks(card)).1));
    assert_eq!(asked.decision.code, Code(17));
    let case = asked.case.unwrap();
    let events = two(&mut desk, case, ("zhao", "qian"), at(8, 20, 1));
    let Event::AdmissionRefused(next) = &events[0] else { panic!("{events:?}") };
    assert_eq!(next.code, Code(26));
    assert_eq!(shown(desk.handle(Input::Appended)).case, Some(case), "the same case goes on");
    let events = stored_events(desk.handle(answer(case, Handling::Confirm(None), "sun", at(8, 20, 5))));
    assert!(matches!(&events[0], Event::AdmissionRefused(next) if next.code == Code(51)), "{events:?}");
    let _ = desk.handle(Input::Appended);
    let events = two(&mut desk, case, ("sun", "zhao"), at(8, 20, 10));
    assert!(matches!(&events[0], Event::AdmissionRefused(next) if next.code == Code(70)), "{events:?}");
    let _ = desk.handle(Input::Appended);
    let events = stored_events(desk.handle(answer(case, Handling::Confirm(None), "qian", at(8, 20, 15))));
    let line = admitted(&events);
    assert_eq!((&line.confirmed, line.photo), (&vec![Code(26), Code(70)], PhotoCheck::Confirmed));
    let lifts: Vec<_> = line.lifts.iter().map(|l| (l.code.0, l.by.as_str(), l.witness.as_str())).collect();
    assert_eq!(lifts, [(17, "zhao", "qian"), (51, "zhao", "sun")]);
    assert!(line.expired.0);
    assert_eq!(shown(desk.handle(Input::Appended)).decision.code, Code(90));
}

#[test]
fn a_row_among_several_is_chosen_by_a_person_and_never_given() {
    let mut desk = Desk::new(desk_id(1), held(&[State::Open, State::Open], []));
    let _ = desk.handle(Input::Unlocked(roster(&[1, 2])));
    let asked = verdict(&mut desk, tap(1, at(8, 45, 0)));
    assert_eq!((asked.decision.code, &asked.decision.row), (Code(25), &None));
    let case = asked.case.unwrap();
    let choices: Vec<_> = desk.choices(desk.case(case).unwrap()).into_iter().map(|row| row.cand).collect();
    assert_eq!(choices, [cand_of(1, 1), cand_of(2, 1)]);
    let confirm = |chosen| answer(case, Handling::Confirm(chosen), "qian", at(8, 45, 5));
    assert_eq!(not_handled(desk.handle(confirm(None))), Refusal::NoRow);
    assert_eq!(not_handled(desk.handle(confirm(Some(cand_of(1, 9))))), Refusal::NoRow);
    let drafts = stored(desk.handle(confirm(Some(cand_of(2, 1)))));
    assert_eq!(drafts[0].session, crate::domain::samples::session_id(2), "in the session of the row");
    let Event::CandidateAdmitted(line) = &drafts[0].recorded.event else { panic!("{drafts:?}") };
    assert_eq!((&line.cand, &line.confirmed), (&cand_of(2, 1), &vec![Code(25)]));
}

#[test]
fn a_stranger_is_let_in_on_a_row_that_two_people_chose() {
    let mut desk = desk(State::Open);
    let asked = verdict(&mut desk, odd(9, at(8, 45, 0), |card| card.name = name(2)));
    assert_eq!((asked.decision.code, asked.decision.verdict), (Code(20), Verdict::Refused));
    let case = asked.case.unwrap();
    assert_eq!(
        not_handled(desk.handle(answer(case, first(LiftReason::OfficeCleared), "zhao", at(8, 45, 1)))),
        Refusal::NoRow
    );
    let said = |cand| Handling::First { reason: LiftReason::OfficeCleared, note: None, chosen: Some(cand) };
    let nobody = AdmissionNo::parse("NOBODY").unwrap();
    assert_eq!(not_handled(desk.handle(answer(case, said(nobody), "zhao", at(8, 45, 1)))), Refusal::NoRow);
    let _ = desk.handle(answer(case, said(cand_of(1, 2)), "zhao", at(8, 45, 1)));
    let events = stored_events(desk.handle(answer(case, Handling::Second, "qian", at(8, 45, 2))));
    let line = admitted(&events);
    assert_eq!((&line.cand, line.name_match, line.lifts[0].code), (&cand_of(1, 2), NameMatch::Exact, Code(20)));
}

#[test]
fn a_new_card_takes_the_screen_and_what_needs_a_person_waits_for_one() {
    let mut desk = desk(State::Open);
    let asked = verdict(&mut desk, odd(1, at(8, 45, 0), blanks));
    assert_eq!(waiting(&desk, at(8, 45, 1)), [0; 0]);
    assert_eq!(verdict(&mut desk, tap(2, at(8, 45, 2))).decision.code, Code(90));
    assert!(desk.open_case(mono(at(8, 45, 2))).is_none());
    assert_eq!(waiting(&desk, at(8, 45, 3)), [26]);
    // A refusal that somebody may set aside goes when the next card comes, unless it was put aside.
    let refused = verdict(&mut desk, tap(9, at(8, 45, 4)));
    assert_eq!(refused.decision.code, Code(20));
    let _ = verdict(&mut desk, tap(2, at(8, 45, 5)));
    assert_eq!(waiting(&desk, at(8, 45, 6)), [26]);
    let refused = shown(desk.handle(tap(9, at(8, 45, 7))));
    assert!(refused.repeat && refused.case.is_some(), "shown again, and a case again");
    let put = desk.handle(answer(refused.case.unwrap(), Handling::Defer, "qian", at(8, 45, 8)));
    assert_eq!(put, [Effect::Answer(Answer::PutAside(refused.case.unwrap()))]);
    assert_eq!(waiting(&desk, at(8, 45, 9)), [26, 20]);
    // It is answered where it waits, or brought to the front.
    let again = shown(desk.handle(answer(refused.case.unwrap(), Handling::Recall, "qian", at(8, 45, 10))));
    assert_eq!((again.decision.code, again.repeat), (Code(20), true));
    assert_eq!(waiting(&desk, at(8, 45, 11)), [26]);
    let events =
        stored_events(desk.handle(answer(asked.case.unwrap(), Handling::Confirm(None), "qian", at(8, 45, 12))));
    assert_eq!(admitted(&events).confirmed, [Code(26)]);
    let _ = desk.handle(Input::Appended);
    let _ = desk.handle(answer(refused.case.unwrap(), Handling::Drop, "qian", at(8, 45, 13)));
    assert_eq!(waiting(&desk, at(8, 45, 14)), [0; 0]);
}

#[test]
fn what_nobody_touches_for_a_minute_waits() {
    let mut desk = desk(State::Open);
    let case = verdict(&mut desk, odd(1, at(8, 45, 0), another_name)).case.unwrap();
    assert_eq!(desk.open_case(mono(at(8, 45, 59))).map(Case::id), Some(case));
    assert!(desk.open_case(mono(at(8, 46, 0))).is_none());
    assert_eq!(waiting(&desk, at(8, 46, 0)), [27]);
    assert_eq!(desk.pending(mono(at(8, 46, 0))).next().unwrap().age(mono(at(8, 46, 0))), Duration::from_mins(1));
    let _ = desk.handle(answer(case, first(LiftReason::Illness), "zhao", at(8, 46, 30)));
    assert_eq!(desk.open_case(mono(at(8, 47, 0))).map(Case::id), Some(case), "somebody is at it");
}

#[test]
fn the_same_person_is_one_case_and_is_none_once_inside() {
    let mut desk = desk(State::Open);
    for minute in [45, 46, 47] {
        let _ = verdict(&mut desk, odd(1, at(8, minute, 0), blanks));
        let _ = verdict(&mut desk, odd(2, at(8, minute, 30), blanks));
    }
    assert_eq!(waiting(&desk, at(8, 47, 31)), [26], "candidate 1; candidate 2 stands in front");
    assert_eq!(verdict(&mut desk, tap(1, at(8, 48, 0))).decision.code, Code(90));
    assert_eq!(waiting(&desk, at(8, 48, 1)).len(), 1);
    assert_eq!(verdict(&mut desk, tap(2, at(8, 48, 2))).decision.code, Code(90));
    assert_eq!(waiting(&desk, at(8, 48, 3)).len(), 0);
}

#[test]
fn a_case_is_judged_again_when_it_is_answered() {
    let mut desk = desk(State::Open);
    let case = verdict(&mut desk, odd(1, at(8, 45, 0), blanks)).case.unwrap();
    let _ = verdict(&mut desk, tap(2, at(8, 45, 1)));
    let hold = Command::PlaceHold(no(1), cand_of(1, 1), Hold::Barred, PaperRef::parse("JK-1").unwrap());
    let _ = desk.handle(command(hold, "zhao", None, at(8, 45, 2)));
    let _ = desk.handle(Input::Appended);
    let events = stored_events(desk.handle(answer(case, Handling::Confirm(None), "qian", at(8, 45, 3))));
    assert!(matches!(&events[0], Event::AdmissionRefused(next) if next.code == Code(30)), "{events:?}");
    let barred = shown(desk.handle(Input::Appended));
    assert_eq!((barred.decision.lifter, barred.case), (None, None), "nobody may set that aside");
}

#[test]
fn a_failed_write_lets_nobody_in_and_the_answer_is_given_again() {
    let mut desk = desk(State::Open);
    let case = verdict(&mut desk, odd(1, at(8, 45, 0), blanks)).case.unwrap();
    let _ = stored(desk.handle(answer(case, Handling::Confirm(None), "qian", at(8, 45, 1))));
    let _ = desk.handle(Input::AppendFailed);
    assert_eq!(desk.handle(answer(case, Handling::Confirm(None), "qian", at(8, 45, 2))), [Effect::Stopped]);
    let _ = desk.handle(Input::Restored(held(&[State::Open], [])));
    let events = stored_events(desk.handle(answer(case, Handling::Confirm(None), "qian", at(8, 45, 3))));
    assert_eq!(admitted(&events).confirmed, [Code(26)]);
}

fn identify(n: u8, looked_up: u32, (who, witness): (&str, &str), at: Instant) -> Input {
    let typed = Typed::twice(DocKind::TempId, &number(n.into()), &number(n.into())).unwrap();
    let checks = vec![ManualCheck::DocumentPhoto, ManualCheck::TicketPhoto];
    let (cand, reason) = (cand_of(1, looked_up), ManualReason::NoChip);
    let identity = Box::new(Identify { typed, cand, reason, checks, case: None });
    let tags = [(no(1), DocTag::new([n; 8]))].into();
    let (op, witness, salt) = (op(who), op(witness), Salt::new([4; 16]));
    Input::Identify { identity, op, witness, tags, salt, moment: moment(at) }
}

#[test]
fn two_people_take_an_identity_by_hand_and_no_line_holds_the_number() {
    let mut desk = desk(State::Open);
    let drafts = stored(desk.handle(identify(1, 1, ("qian", "wu"), at(8, 45, 0))));
    let [taken, came] = drafts.as_slice() else { panic!("{drafts:?}") };
    let author = &came.recorded.author;
    assert_eq!((author.op.as_ref(), author.w.as_ref()), (Some(&op("qian")), Some(&op("wu"))));
    let expected = ManualIdentityTaken {
        cand: cand_of(1, 1),
        kind: DocKind::TempId,
        tag: Some(DocTag::new([1; 8])),
        valid_to: None,
        reason: ManualReason::NoChip,
        checks: vec![ManualCheck::DocumentPhoto, ManualCheck::TicketPhoto],
    };
    assert_eq!(taken.recorded.event, expected.into());
    let Event::CandidateAdmitted(line) = &came.recorded.event else { panic!("{came:?}") };
    assert_eq!((line.via, line.doc, line.name_match), (Via::Manual, DocKind::TempId, NameMatch::Exact));
    assert!(!format!("{drafts:?}").contains(&number(1)));
    assert_eq!(shown(desk.handle(Input::Appended)).decision.code, Code(90));
}

#[test]
fn an_identity_by_hand_takes_a_proctor_and_another_person_who_is_no_inspector() {
    let refused = |who, witness| {
        let mut desk = desk(State::Open);
        not_handled(desk.handle(identify(1, 1, (who, witness), at(8, 45, 0))))
    };
    assert_eq!(refused("qian", "qian"), Refusal::Witness);
    assert_eq!(refused("qian", "zhou"), Refusal::Witness, "the inspector");
    assert_eq!(refused("qian", "nobody"), Refusal::Witness);
    for who in ["li", "zhou", "wu", "nobody"] {
        assert_eq!(refused(who, "qian"), Refusal::Role, "{who}");
    }
    for witness in ["zhao", "sun", "li", "wu"] {
        let mut desk = desk(State::Open);
        assert_eq!(stored(desk.handle(identify(1, 1, ("qian", witness), at(8, 45, 0)))).len(), 2, "{witness}");
    }
}

#[test]
fn fewer_than_two_things_compared_are_no_identity() {
    let mut desk = desk(State::Open);
    let Input::Identify { mut identity, op, witness, tags, salt, moment } =
        identify(1, 1, ("qian", "sun"), at(8, 45, 0))
    else {
        panic!()
    };
    identity.checks.pop();
    let input = Input::Identify { identity, op, witness, tags, salt, moment };
    assert_eq!(not_handled(desk.handle(input)), Refusal::TooFewChecks);
}

#[test]
fn the_document_that_was_typed_says_whose_it_is_not_the_row_that_was_looked_up() {
    let mut desk = desk(State::Open);
    let events = stored_events(desk.handle(identify(1, 2, ("qian", "sun"), at(8, 45, 0))));
    assert_eq!(admitted(&events).cand, cand_of(1, 1));
    assert!(matches!(&events[0], Event::ManualIdentityTaken(taken) if taken.cand == cand_of(1, 1)));
    let _ = desk.handle(Input::Appended);
    // A document that nobody is registered with is referred, with the row that was looked up.
    let events = stored_events(desk.handle(identify(9, 2, ("qian", "sun"), at(8, 45, 5))));
    assert!(matches!(&events[1], Event::AdmissionRefused(refused) if refused.code == Code(20)), "{events:?}");
    let case = shown(desk.handle(Input::Appended)).case.unwrap();
    let line = two(&mut desk, case, ("zhao", "qian"), at(8, 45, 6));
    assert_eq!((&admitted(&line).cand, admitted(&line).via), (&cand_of(1, 2), Via::Manual));
}

#[test]
fn somebody_without_any_document_is_let_in_by_two_people_where_the_policy_says_so() {
    let declare = |who: &str| Input::Declare {
        cand: cand_of(1, 1),
        op: op(who),
        salt: Salt::new([5; 16]),
        moment: moment(at(8, 45, 0)),
    };
    let mut strict = desk(State::Open);
    let refused = verdict(&mut strict, declare("qian"));
    assert_eq!((refused.decision.code, refused.decision.lifter), (Code(29), None));
    let mut desk = desk_with(|p| p.documents.forgotten = Forgotten::Override);
    assert_eq!(not_handled(desk.handle(declare("li"))), Refusal::Role);
    let case = verdict(&mut desk, declare("qian")).case.unwrap();
    let events = two(&mut desk, case, ("qian", "zhao"), at(8, 45, 1));
    let line = admitted(&events);
    assert_eq!((line.via, line.doc, line.lifts[0].code), (Via::Declared, DocKind::ResidentId, Code(29)));
}

#[test]
fn a_clock_that_went_back_is_compared_once_and_the_desk_goes_on_by_the_rooms() {
    let mut desk = Desk::new(desk_id(1), held(&[State::Open, State::Open], []));
    let _ = desk.handle(Input::Unlocked(roster(&[1])));
    assert_eq!(verdict(&mut desk, tap(1, at(8, 45, 0))).decision.code, Code(90));
    let behind = verdict(&mut desk, tap(2, at(7, 45, 30)));
    assert_eq!(behind.decision.code, Code(50));
    let case = behind.case.unwrap();
    let room = |who: &str| answer(case, Handling::Clock(at(8, 46, 0)), who, at(7, 46, 0));
    assert_eq!(
        not_handled(desk.handle(answer(case, Handling::Confirm(None), "qian", at(7, 46, 0)))),
        Refusal::NotSetAside
    );
    assert_eq!(not_handled(desk.handle(room("li"))), Refusal::Role);
    let drafts = stored(desk.handle(room("qian")));
    let said: Vec<_> = drafts.iter().map(|draft| &draft.recorded.event).collect();
    assert!(matches!(said.as_slice(), [Event::ClockAttested(one), Event::ClockAttested(_)] if one.offset_s == 3600));
    let came = stored(desk.handle(Input::Appended));
    assert!(matches!(&came[0].recorded.event, Event::CandidateAdmitted(line) if line.late_s == 0));
    assert_eq!((came[0].recorded.at, came[0].recorded.author.q), (at(8, 46, 0), ClockQuality::Attested));
    assert_eq!(shown(desk.handle(Input::Appended)).decision.code, Code(90));
    let late = verdict(&mut desk, tap(3, at(8, 5, 0)));
    assert_eq!((late.decision.verdict, late.at), (Verdict::AdmittedLate(300), at(9, 5, 0)));
}

#[test]
fn a_hold_of_the_chief_keeps_out_until_chief_and_proctor_let_it_go() {
    let paper = |text: &str| PaperRef::parse(text).unwrap();
    let mut desk = desk(State::Open);
    let place = || Command::PlaceHold(no(1), cand_of(1, 1), Hold::Barred, paper("JK-1"));
    let lift = || Command::LiftHold(no(1), cand_of(1, 1), Hold::Barred, paper("JK-2"));
    assert_eq!(refusal(desk.handle(command(place(), "qian", None, at(8, 40, 0)))), Refusal::Role);
    let nobody = Command::PlaceHold(no(1), cand_of(1, 9), Hold::Barred, paper("JK-1"));
    assert_eq!(refusal(desk.handle(command(nobody, "zhao", None, at(8, 40, 0)))), Refusal::NoRow);
    assert_eq!(stored(desk.handle(command(place(), "zhao", None, at(8, 40, 0)))).len(), 1);
    let _ = desk.handle(Input::Appended);
    assert_eq!(verdict(&mut desk, tap(1, at(8, 45, 0))).decision.code, Code(30));
    for witness in [None, Some("zhao"), Some("li")] {
        assert_eq!(refusal(desk.handle(command(lift(), "zhao", witness, at(8, 46, 0)))), Refusal::Witness);
    }
    let drafts = stored(desk.handle(command(lift(), "zhao", Some("qian"), at(8, 46, 0))));
    assert_eq!(drafts[0].recorded.author.w, Some(op("qian")));
    let _ = desk.handle(Input::Appended);
    assert_eq!(verdict(&mut desk, tap(1, at(8, 47, 0))).decision.code, Code(90));
}

#[test]
fn a_conflict_of_the_roster_is_settled_by_chief_and_proctor_until_another_roster_names_it() {
    use crate::domain::attendance::ConflictKind;
    use crate::domain::conflict::ConflictId;
    let drifted = |rev| crate::domain::samples::roster_imported(rev, vec![], vec![cand_of(1, 1)]);
    let came = crate::domain::samples::admitted(cand_of(1, 1).as_str(), "1");
    let mut desk = desk_after(State::Open, [came.into(), drifted(2)]);
    assert_eq!(verdict(&mut desk, tap(1, at(8, 45, 0))).decision.code, Code(33));
    let id = |kind, n| ConflictId { kind, cand: cand_of(1, n) };
    let settle = |id| Command::Resolve(no(1), id, LiftReason::NameCorrection);
    let ours = || settle(id(ConflictKind::RosterDrift, 1));
    assert_eq!(refusal(desk.handle(command(ours(), "zhao", None, at(8, 46, 0)))), Refusal::Witness);
    assert_eq!(refusal(desk.handle(command(ours(), "qian", Some("zhao"), at(8, 46, 0)))), Refusal::Role);
    for other in [id(ConflictKind::RosterDrop, 1), id(ConflictKind::RosterDrift, 2)] {
        assert_eq!(
            refusal(desk.handle(command(settle(other), "zhao", Some("qian"), at(8, 46, 0)))),
            Refusal::NoConflict
        );
    }
    let mute = Command::Resolve(no(1), id(ConflictKind::RosterDrift, 1), LiftReason::Other);
    assert_eq!(refusal(desk.handle(command(mute, "zhao", Some("qian"), at(8, 46, 0)))), Refusal::NoteMissing);
    let events = stored_events(desk.handle(command(ours(), "zhao", Some("qian"), at(8, 46, 0))));
    assert!(matches!(&events[0], Event::ConflictResolved(line) if line.order.len() == 1 && line.annul.is_empty()));
    let _ = desk.handle(Input::Appended);
    assert_eq!(desk.books()[&no(1)].record.attendance.conflicts().count(), 0);
    assert_eq!(desk.books()[&no(1)].record.attendance.settled(), 1);
    assert_eq!(verdict(&mut desk, tap(1, at(8, 47, 0))).decision.code, Code(40));
    let again = desk.books()[&no(1)].record.lc() + 1;
    desk.held.books.get_mut(&no(1)).unwrap().record.apply(&recorded(again, 1, again, drifted(3)));
    assert_eq!(verdict(&mut desk, tap(1, at(8, 48, 0))).decision.code, Code(33));
}

#[test]
fn somebody_who_is_no_operator_is_nobody() {
    let ghost: OperatorId = op("ghost");
    let mut desk = desk(State::Open);
    let case = verdict(&mut desk, odd(1, at(8, 45, 0), another_name)).case.unwrap();
    let input = answer(case, first(LiftReason::Illness), ghost.as_str(), at(8, 45, 1));
    assert_eq!(not_handled(desk.handle(input)), Refusal::Role);
}
