//! Taps: nothing is shown before it is stored, nothing is judged on a state that is not.

use super::*;
use crate::domain::admission::Verdict;
use crate::domain::attendance::Attendance;
use crate::domain::event::{NameMatch, RefusalVerdict, SignInReason};
use crate::domain::ids::{Code, OperatorId, RoomId, SeatLabel};
use crate::domain::samples::{cand_of, name, number};

fn sign_in(who: &str, at: Instant) -> Input {
    Input::SignIn { op: op(who), why: SignInReason::Start, moment: moment(at) }
}

fn unreadable(at: Instant) -> Input {
    put(Presented::Unreadable { sw3: Some(0x41) }, None, at)
}

#[test]
fn a_verdict_is_shown_only_after_its_line_is_stored() {
    let mut desk = desk(State::Open);
    let before = desk.books()[&no(1)].record.clone();
    let drafts = stored(desk.handle(tap(1, at(8, 45, 0))));
    let [line] = drafts.as_slice() else { panic!("one tap is one line") };
    let Event::CandidateAdmitted(event) = &line.recorded.event else { panic!("{line:?}") };
    assert_eq!((&event.cand, event.late_s, event.name_match), (&cand_of(1, 1), 0, NameMatch::Exact));
    assert_eq!((line.recorded.seq, line.recorded.author.lc), (before.lc() + 1, before.lc() + 1));
    assert!(desk.busy());
    assert_eq!(desk.books()[&no(1)].record, before, "nothing has happened yet");

    let shown = shown(desk.handle(Input::Appended));
    assert_eq!((shown.decision.code, shown.decision.verdict), (Code(90), Verdict::Admitted));
    assert_eq!((shown.seq, shown.repeat, shown.session), (Some(line.recorded.seq), false, no(1)));
    assert_eq!(shown.place, Some((RoomId::parse("01").unwrap(), SeatLabel::parse("1").unwrap())));
    assert!(matches!(desk.books()[&no(1)].record.attendance.of(&cand_of(1, 1)), Attendance::Present(_)));
    assert!(!desk.busy());
}

#[test]
fn a_tap_during_a_write_waits_and_is_judged_on_the_new_state() {
    let mut desk = desk(State::Open);
    let _ = desk.handle(tap(1, at(8, 45, 0)));
    assert_eq!(desk.handle(tap(1, at(8, 45, 1))), []);
    assert_eq!(desk.handle(tap(2, at(8, 45, 2))), []);
    let effects = desk.handle(Input::Appended);
    let [Effect::Verdict(first), Effect::Append(second)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(first.decision.code, Code(90));
    let Event::AdmissionRefused(refused) = &second[0].recorded.event else { panic!("{second:?}") };
    assert_eq!((refused.code, refused.verdict), (Code(40), RefusalVerdict::AlreadyIn));
    assert_eq!(second[0].recorded.seq, first.seq.unwrap() + 1);

    let effects = desk.handle(Input::Appended);
    let [Effect::Verdict(second), Effect::Append(third)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(matches!(second.decision.verdict, Verdict::AlreadyIn { .. }));
    assert_eq!(second.place.as_ref().map(|(_, seat)| seat.as_str()), Some("1"), "they are told where they sit");
    assert!(matches!(third[0].recorded.event, Event::CandidateAdmitted(_)));
}

#[test]
fn the_same_refusal_is_shown_again_but_stored_once() {
    let mut desk = desk(State::Open);
    let first = verdict(&mut desk, tap(9, at(8, 45, 0)));
    assert_eq!((first.decision.code, first.repeat), (Code(20), false));
    for second in [1, 9] {
        let again = shown(desk.handle(tap(9, at(8, 45, second))));
        assert_eq!((again.decision.code, again.seq, again.repeat), (Code(20), first.seq, true));
    }
    let other = verdict(&mut desk, tap(8, at(8, 45, 9)));
    assert!(!other.repeat, "another card");
    let later = verdict(&mut desk, tap(9, at(8, 45, 10)));
    assert!(!later.repeat && later.seq > other.seq, "a repeat does not prolong the time");
}

#[test]
fn another_code_of_the_same_card_is_stored() {
    let mut desk = desk(State::Open);
    assert_eq!(verdict(&mut desk, tap(1, at(8, 45, 0))).decision.code, Code(90));
    let inside = verdict(&mut desk, tap(1, at(8, 45, 1)));
    assert_eq!((inside.decision.code, inside.repeat), (Code(40), false));
    let again = shown(desk.handle(tap(1, at(8, 45, 2))));
    assert_eq!((again.seq, again.repeat), (inside.seq, true));
}

#[test]
fn what_cannot_be_told_apart_is_never_a_repeat() {
    let mut desk = desk(State::Open);
    for _ in 0..2 {
        assert!(!verdict(&mut desk, unreadable(at(8, 45, 0))).repeat);
        assert!(!verdict(&mut desk, put(Presented::UnknownKind, None, at(8, 45, 0))).repeat);
    }
}

#[test]
fn the_third_bad_read_within_a_minute_calls_a_proctor() {
    for (third, verdict_of_third) in [((8, 46, 0), Verdict::NeedsProctor), ((8, 46, 1), Verdict::Refused)] {
        let mut desk = desk(State::Open);
        for second in [0, 30] {
            assert_eq!(verdict(&mut desk, unreadable(at(8, 45, second))).decision.verdict, Verdict::Refused);
        }
        let (h, m, s) = third;
        assert_eq!(verdict(&mut desk, unreadable(at(h, m, s))).decision.verdict, verdict_of_third, "{third:?}");
    }
}

#[test]
fn after_a_failed_write_nothing_is_judged_and_nobody_is_left_without_an_answer() {
    let mut desk = desk(State::Open);
    let _ = desk.handle(tap(1, at(8, 45, 0)));
    let _ = desk.handle(tap(2, at(8, 45, 1)));
    let _ = desk.handle(command(Command::Start(no(1)), "zhao", None, at(9, 0, 0)));
    // One for the tap in flight, one for each that waited behind it.
    assert_eq!(desk.handle(Input::AppendFailed), [Effect::Stopped, Effect::Stopped]);
    assert!(desk.stopped() && !desk.busy());
    assert_eq!(desk.handle(tap(1, at(8, 45, 2))), [Effect::Stopped]);
    assert_eq!(desk.handle(sign_in("qian", at(8, 45, 2))), [Effect::Stopped]);
    assert_eq!(desk.handle(command(Command::Start(no(1)), "zhao", None, at(9, 0, 0))), [Effect::Stopped]);
    assert_eq!(desk.handle(Input::Appended), [], "nothing is in flight");
}

#[test]
fn a_line_found_after_a_failure_counts_and_one_that_is_lost_does_not() {
    let mut desk = desk(State::Open);
    let lost = stored(desk.handle(tap(1, at(8, 45, 0))));
    let _ = desk.handle(Input::AppendFailed);
    assert_eq!(desk.handle(Input::Restored(held(&[State::Open], []))), []);
    let again = verdict(&mut desk, tap(1, at(8, 45, 1)));
    assert_eq!((again.decision.code, again.seq), (Code(90), Some(lost[0].recorded.seq)));

    let found = stored(desk.handle(tap(2, at(8, 45, 2))));
    let _ = desk.handle(Input::AppendFailed);
    let mut held = held(&[State::Open], []);
    held.books.get_mut(&no(1)).unwrap().record.apply(&found[0].recorded);
    held.sizes.insert(no(1), found[0].recorded.seq);
    let _ = desk.handle(Input::Restored(held));
    let inside = verdict(&mut desk, tap(2, at(8, 45, 3)));
    assert_eq!((inside.decision.code, inside.seq), (Code(40), Some(found[0].recorded.seq + 1)));
}

#[test]
fn a_restored_desk_still_knows_who_is_who() {
    let mut desk = desk(State::Open);
    let mut sealed = held(&[State::Open], []);
    let entries = sealed.roster.entries().iter().cloned().map(|e| crate::domain::roster::Entry { identity: None, ..e });
    sealed.roster = Roster::new(entries.collect());
    let _ = desk.handle(Input::Restored(sealed));
    assert_eq!(verdict(&mut desk, tap(1, at(8, 45, 0))).decision.code, Code(90));
}

#[test]
fn a_locked_desk_judges_nobody_by_name() {
    let locked = |states: &[State]| Desk::new(desk_id(1), held(states, []));
    assert_eq!(locked(&[State::Open]).handle(tap(1, at(8, 45, 0))), [Effect::AwaitingUnlock]);
    assert_eq!(locked(&[State::Closed, State::Running]).handle(tap(1, at(8, 45, 0))), [Effect::AwaitingUnlock]);
    assert_eq!(locked(&[]).handle(tap(1, at(8, 45, 0))), [Effect::NothingPlanned]);
    for (state, code) in [(State::Planned, Code(1)), (State::Closed, Code(2))] {
        let mut desk = locked(&[state]);
        desk.held.roster = Roster::default();
        let card = Presented::Card(Box::new(card(1)));
        let shown = verdict(&mut desk, put(card, None, at(8, 45, 0)));
        assert_eq!((shown.decision.code, shown.decision.row), (code, None));
    }
}

#[test]
fn lines_name_the_operator_or_nobody() {
    let mut desk = desk(State::Open);
    let by =
        |drafts: &[Draft]| drafts.iter().map(|d| d.recorded.author.op.clone()).collect::<Vec<Option<OperatorId>>>();
    assert_eq!(by(&stored(desk.handle(tap(1, at(8, 45, 0))))), [None]);
    let _ = desk.handle(Input::Appended);

    assert_eq!(by(&stored(desk.handle(sign_in("qian", at(8, 46, 0))))), [Some(op("qian"))]);
    assert_eq!(desk.operator(), None, "not before it is stored");
    assert_eq!(desk.handle(Input::Appended), [Effect::Answer(Answer::SignedIn { op: op("qian") })]);
    assert_eq!(by(&stored(desk.handle(tap(2, at(8, 47, 0))))), [Some(op("qian"))]);
}

#[test]
fn a_sign_in_is_written_once_in_every_session_that_knows_the_person() {
    let mut desk = Desk::new(desk_id(1), held(&[State::Closed, State::Open, State::Planned], []));
    let drafts = stored(desk.handle(sign_in("qian", at(8, 45, 0))));
    let sessions: Vec<_> = drafts.iter().map(|draft| draft.session).collect();
    assert_eq!(sessions, [1, 2, 3].map(crate::domain::samples::session_id));
    let nobody = desk.handle(Input::AppendFailed);
    assert_eq!((nobody, desk.operator()), (vec![], None));

    let mut desk = super::desk(State::Open);
    let answered = desk.handle(sign_in("stranger", at(8, 45, 0)));
    assert_eq!(answered, [Effect::Answer(Answer::SignedIn { op: op("stranger") })], "no session, no line");
}

#[test]
fn a_refused_line_names_the_row_or_else_the_tag() {
    let mut desk = Desk::new(desk_id(1), held(&[State::Open, State::Planned], []));
    let entries = (1..=2).map(|n| entry(1, n)).chain([entry(2, 3)]).collect();
    let _ = desk.handle(Input::Unlocked(Roster::new(entries)));
    let mut line = |input| match stored_events(desk.handle(input)).remove(0) {
        Event::AdmissionRefused(event) => {
            let _ = desk.handle(Input::Appended);
            event
        }
        other => panic!("{other:?}"),
    };
    let early = line(tap(1, at(8, 0, 0)));
    assert_eq!((early.code, early.cand), (Code(51), Some(cand_of(1, 1))));
    assert_eq!(early.room, Some(RoomId::parse("01").unwrap()));
    let unknown = line(tap(9, at(8, 45, 0)));
    assert_eq!((unknown.cand, unknown.tag, unknown.room), (None, Some(DocTag::new([9; 8])), None));
    let other_session = line(tap(3, at(8, 45, 0)));
    assert_eq!((other_session.code, other_session.cand), (Code(23), Some(cand_of(2, 3))));
    assert_eq!((other_session.tag, other_session.room), (None, None), "no room of this session");
}

#[test]
fn the_glass_shows_a_surname_and_four_characters_and_nothing_hostile() {
    let mut desk = desk(State::Open);
    let who = verdict(&mut desk, tap(1, at(8, 45, 0))).who.unwrap();
    assert_eq!((who.masked, who.tail.as_str()), (format!("{}*", name(1).chars().next().unwrap()), &number(1)[14..]));

    let mut hostile = card(9);
    (hostile.name, hostile.number) = ("\u{1b}[2J".into(), "12\u{1b}[3".into());
    let shown = verdict(&mut desk, put(Presented::Card(Box::new(hostile)), Some(9), at(8, 45, 0)));
    let who = shown.who.clone().unwrap();
    assert_eq!((who.masked.as_str(), who.tail.as_str()), ("*", "23"));
    assert!(!format!("{shown:?}").contains(&name(1)));
}

#[test]
fn a_card_waits_for_a_newer_roster_and_is_judged_by_it() {
    let mut desk = desk(State::Open);
    assert_eq!(desk.handle(Input::Import(7)), [Effect::Import(7)]);
    assert_eq!(desk.handle(tap(1, at(8, 40, 0))), [], "nothing is judged while the store is away");
    assert!(desk.busy());
    // The import wrote a line of its own, and candidate 1 is gone.
    let mut since = held(&[State::Open], []);
    let lines = since.sizes[&no(1)] + 1;
    since.sizes.insert(no(1), lines);
    let roster = Roster::new((2..=4).map(|n| entry(1, n)).collect());
    let drafts = stored(desk.handle(Input::Imported(Some(Box::new((since, Some(roster)))))));
    assert_eq!(drafts[0].recorded.seq, lines + 1);
    assert_eq!(shown(desk.handle(Input::Appended)).decision.code, Code(20));
    // One that was only looked at changes nothing.
    let _ = desk.handle(Input::Import(8));
    assert_eq!(desk.handle(Input::Imported(None)), []);
    assert_eq!(verdict(&mut desk, tap(2, at(8, 41, 0))).decision.code, Code(90));
}
