//! Freezing a session for its seal, and what it takes afterwards: nothing (rules.md §10, §11, property 18).

use super::*;
use crate::domain::event::{AttendanceCounts, DeskEnd, End, Frontier, MarkEntered, OutcomeCounts, ResultsDerived};
use crate::domain::ids::Digest;
use crate::domain::ledger::{AbandonReason, LedgerEvent, LedgerLine, SealAbandoned};
use crate::domain::samples::{absent, admitted, cand_of, digest, handed_in, part, plan, session_sealed};

/// 1 and 2 sat and are marked, 3 and 4 were absent.
fn a_marked_day() -> Vec<Event> {
    let mark = |n, id| {
        let (cand, part) = (cand_of(1, n), part(id));
        MarkEntered { cand, part, mark: 6000, scored_by: op("li"), zero_reason: None, sheet_sha256: None }.into()
    };
    let came = [1, 2].map(|n| admitted(cand_of(1, n).as_str(), &n.to_string()).into());
    let left = [1, 2].map(|n| handed_in(cand_of(1, n).as_str(), &["theory", "practical"]).into());
    let missed = [3, 4].map(|n| absent(cand_of(1, n).as_str()).into());
    let marks = [1, 2].into_iter().flat_map(|n| [mark(n, "theory"), mark(n, "practical")]);
    came.into_iter().chain(left).chain(missed).chain(marks).collect()
}

fn derived() -> Event {
    ResultsDerived { counts: OutcomeCounts::default(), root: digest(1), policy_sha256: digest(0) }.into()
}

fn ready() -> Desk {
    desk_after(State::Closed, a_marked_day().into_iter().chain([derived()]))
}

fn frontier(desk: &Desk) -> Frontier {
    let size = desk.held.sizes[&no(1)];
    Frontier {
        desks: vec![DeskEnd { desk: desk_id(1), size, head: digest(5) }],
        ledger: End { size: 0, head: Digest::ZERO },
    }
}

fn prepare(desk: &Desk) -> Command {
    Command::PrepareSeal(no(1), frontier(desk), vec!["crl_expired".into()])
}

fn prepared() -> Desk {
    let mut desk = ready();
    let asked = prepare(&desk);
    assert_eq!(stored(desk.handle(command(asked, "zhao", None, at(12, 0, 0)))).len(), 1);
    let _ = desk.handle(Input::Appended);
    desk
}

fn abandoned(seq: u64) -> LedgerLine {
    let event = LedgerEvent::from(SealAbandoned { session: plan(1).id, reason: AbandonReason::Stopped });
    LedgerLine { seq, event, ..session_sealed(&plan(1)) }
}

#[test]
fn a_ready_session_is_frozen_with_its_figures() {
    let mut desk = ready();
    let asked = prepare(&desk);
    let size = desk.held.sizes[&no(1)];
    let events = stored_events(desk.handle(command(asked, "zhao", None, at(12, 0, 0))));
    let [Event::SealPrepared(frozen)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((&frozen.frontier, &frozen.notices), (&frontier(&desk), &vec!["crl_expired".to_owned()]));
    let counts =
        AttendanceCounts { registered: 4, expected: 4, present: 2, absent: 2, handed_in: 2, ..Default::default() };
    assert_eq!(frozen.counts, crate::domain::event::SealCounts::new(counts, size + 1));
}

#[test]
fn what_is_missing_is_told_all_at_once_and_the_first_of_it_refuses() {
    let all = a_marked_day();
    let table: [(&str, State, Vec<Event>, &[&str]); 6] = [
        ("still running", State::Running, all.clone(), &["KD-T-07", "KD-S-08"]),
        ("somebody still inside", State::Closed, all[..3].to_vec(), &["KD-S-02", "KD-S-06", "KD-S-08"]),
        ("somebody not declared", State::Closed, [&all[..5], &all[6..]].concat(), &["KD-S-02", "KD-S-08"]),
        ("a mark missing", State::Closed, all[..all.len() - 1].to_vec(), &["KD-S-08"]),
        ("results not derived", State::Closed, all.clone(), &["KD-S-08"]),
        ("nothing", State::Closed, [all.clone(), vec![derived()]].concat(), &[]),
    ];
    for (label, state, happened, codes) in table {
        let mut desk = desk_after(state, happened);
        let found: Vec<_> = desk.unready(no(1)).iter().map(Refusal::code).collect();
        assert_eq!(found, codes, "{label}");
        let asked = prepare(&desk);
        let effects = desk.handle(command(asked, "zhao", None, at(12, 0, 0)));
        match codes.first() {
            Some(code) => assert_eq!(refusal(effects).code(), *code, "{label}"),
            None => assert_eq!(stored(effects).len(), 1, "{label}"),
        }
    }
    assert_eq!(desk(State::Planned).unready(no(9)), [Refusal::NoSession]);
}

#[test]
fn a_frontier_of_another_moment_or_another_desk_is_refused() {
    let mut desk = ready();
    let mut moved = frontier(&desk);
    moved.desks[0].size -= 1;
    let mut other = frontier(&desk);
    other.desks.push(DeskEnd { desk: desk_id(2), size: 1, head: digest(6) });
    for (frontier, expected) in [(moved, Refusal::Moved), (other, Refusal::OtherDesks(1))] {
        let asked = Command::PrepareSeal(no(1), frontier, vec![]);
        assert_eq!(refusal(desk.handle(command(asked, "zhao", None, at(12, 0, 0)))), expected);
    }
}

#[test]
fn a_frozen_session_takes_nothing_more_and_a_crash_leaves_it_so() {
    let mut desk = prepared();
    let mark = Command::EnterMark(no(1), cand_of(1, 1), part("theory"), 1, None);
    for (what, who, witness) in [
        (mark, "li", None),
        (Command::MarkAbsent(no(1), None), "qian", None),
        (Command::DeriveResults(no(1), digest(8)), "zhao", None),
        (Command::Close(no(1)), "zhao", Some("qian")),
    ] {
        assert_eq!(refusal(desk.handle(command(what, who, witness, at(12, 1, 0)))), Refusal::Sealing);
    }
    // Preparing again is going on: nothing is stored twice.
    let again = prepare(&desk);
    let effects = desk.handle(command(again, "zhao", None, at(12, 2, 0)));
    assert!(matches!(&effects[..], [Effect::Answer(Answer::Done { lines: 0, .. })]), "{effects:?}");
    // A tap is shown and not recorded, a sign-in writes nothing.
    let tapped = shown(desk.handle(tap(1, at(12, 3, 0))));
    assert_eq!((tapped.decision.code.0, tapped.seq), (2, None));
    let signed = desk.handle(Input::SignIn {
        op: op("qian"),
        why: crate::domain::event::SignInReason::Switch,
        moment: moment(at(12, 4, 0)),
    });
    assert_eq!(signed, [Effect::Answer(Answer::SignedIn { op: op("qian") })]);
}

#[test]
fn giving_the_seal_up_opens_the_session_again_as_often_as_it_happens() {
    let mut desk = prepared();
    for round in 1..=2 {
        assert!(!desk.books()[&no(1)].record.takes_lines());
        assert_eq!(desk.handle(Input::Ledgered(vec![abandoned(round)])), []);
        assert!(desk.books()[&no(1)].record.takes_lines(), "round {round}");
        let again = prepare(&desk);
        assert_eq!(stored(desk.handle(command(again, "zhao", None, at(12, 5, 0)))).len(), 1);
        let _ = desk.handle(Input::Appended);
    }
}

#[test]
fn a_sealed_session_says_so_to_everybody() {
    let mut desk = prepared();
    assert_eq!(desk.handle(Input::Ledgered(vec![session_sealed(&plan(1))])), []);
    let record = &desk.books()[&no(1)].record;
    assert_eq!((record.state, record.sealed().map(|s| s.sequence)), (State::Sealed, Some(1)));
    let tapped = shown(desk.handle(tap(1, at(12, 3, 0))));
    assert_eq!((tapped.decision.code.0, tapped.seq), (3, None));
    assert_eq!(desk.unready(no(1)).first(), Some(&Refusal::State(State::Sealed)));
}
