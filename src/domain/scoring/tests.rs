//! Scoring against the worked examples and the properties of rules.md §9 and §12.

mod figures;
mod marks;
mod properties;

use super::*;
use crate::domain::candidate::{Mark, Sitting};
use crate::domain::event::OutcomeCounts;
use crate::domain::ids::{AdmissionNo, PartId};
use crate::domain::policy::{DecideOn, Policy, Rounding};
use std::collections::BTreeMap;

const B2B: &[u8] = include_bytes!("../../../config/policies/example-b2b-intermediate.toml");
const EPPM: &[u8] = include_bytes!("../../../config/policies/example-eppm-primary.toml");
const ENGLISH: &[u8] = include_bytes!("../../../config/policies/example-english-primary.toml");

fn policy(bytes: &[u8]) -> Policy {
    Policy::parse(bytes, "example.toml").unwrap()
}

fn part(id: &str) -> PartId {
    PartId::parse(id).unwrap()
}

fn cand(n: u32) -> AdmissionNo {
    AdmissionNo::parse(&format!("26112403{n:02}")).unwrap()
}

/// A candidate who handed in, with these part states.
fn record(n: u32, parts: &[(&str, PartState)]) -> CandidateRecord {
    CandidateRecord {
        cand: cand(n),
        sitting: Sitting::First,
        standing: Standing::Submitted,
        breach_pending: false,
        parts: parts.iter().map(|(id, state)| (part(id), *state)).collect(),
    }
}

fn marked(n: u32, parts: &[(&str, &str)]) -> CandidateRecord {
    let parts: Vec<_> = parts.iter().map(|(id, mark)| (*id, PartState::Final(Mark::parse(mark).unwrap()))).collect();
    record(n, &parts)
}

fn fails(line: &ResultLine) -> Vec<String> {
    line.fails.iter().cloned().map(String::from).collect()
}

#[test]
fn worked_examples_of_the_rules_come_out_as_printed() {
    use DecideOn::{Exact, Rounded};
    use Rounding::{Down, HalfEven, HalfUp};
    type Row<'a> = (&'a [u8], [(&'a str, &'a str); 2], Rounding, DecideOn, &'a str, &'a [&'a str]);
    let eppm = [("theory", "64.5"), ("practical", "58")];
    let b2b = [("theory", "55"), ("practical", "63.25")];
    let english = [("written", "71.5"), ("oral", "18.1")];
    let rows: [Row; 8] = [
        (EPPM, eppm, HalfUp, Rounded, "60", &[]),
        (EPPM, eppm, HalfUp, Exact, "60", &["composite"]),
        (EPPM, eppm, Down, Rounded, "59.9", &["composite"]),
        // 599.5 units is a tie: the even neighbour is 600.
        (EPPM, eppm, HalfEven, Rounded, "60", &[]),
        (B2B, b2b, HalfUp, Rounded, "60", &["theory"]),
        (B2B, b2b, HalfUp, Exact, "60", &["theory", "composite"]),
        (ENGLISH, english, HalfUp, Rounded, "60", &[]),
        (ENGLISH, english, Down, Rounded, "59.9", &["composite"]),
    ];
    for (file, marks, rounding, decide_on, composite, expected) in rows {
        let mut policy = policy(file);
        (policy.result.rounding, policy.result.decide_on) = (rounding, decide_on);
        let line = ResultLine::derive(&Scheme::new(&policy).unwrap(), &marked(1, &marks));
        let outcome = if expected.is_empty() { Outcome::Pass } else { Outcome::Fail };
        let name = format!("{} {rounding:?} {decide_on:?}", policy.policy.id);
        assert_eq!(line.composite.map(|mark| mark.to_string()).as_deref(), Some(composite), "{name}");
        assert_eq!(
            (line.outcome, fails(&line)),
            (outcome, expected.iter().map(ToString::to_string).collect()),
            "{name}"
        );
    }
}

#[test]
fn the_exact_composite_is_the_fraction_of_the_rules() {
    let mark_of = |marks: [(&'static str, u32); 2]| {
        move |id: &PartId| marks.iter().find(|(name, _)| *name == id.as_str()).map(|(_, mark)| Mark(*mark))
    };
    let english = Scheme::new(&policy(ENGLISH)).unwrap();
    let exact = english.composite(mark_of([("written", 7150), ("oral", 1810)])).unwrap();
    assert_eq!((exact.numerator, exact.denominator), (71_950_000_000, 12_000_000));
    let eppm = Scheme::new(&policy(EPPM)).unwrap();
    let exact = eppm.composite(mark_of([("theory", 6450), ("practical", 5800)])).unwrap();
    assert_eq!(exact.numerator, 5995 * exact.denominator);
    assert_eq!(eppm.composite(|id| (id.as_str() == "theory").then_some(Mark(6450))), None);
}

#[test]
fn a_tie_rounds_as_the_policy_says() {
    for (theory, rounding, expected) in [
        (5985, Rounding::HalfUp, 5990),
        (5985, Rounding::HalfEven, 5980),
        (5995, Rounding::HalfEven, 6000),
        (5986, Rounding::HalfEven, 5990),
        (5984, Rounding::HalfEven, 5980),
        (5989, Rounding::Down, 5980),
    ] {
        let mut policy = policy(EPPM);
        policy.result.rounding = rounding;
        let scheme = Scheme::new(&policy).unwrap();
        let exact = scheme.composite(|_| Some(Mark(theory))).unwrap();
        assert_eq!(scheme.printed(exact), Mark(expected), "{theory} {rounding:?}");
    }
}

#[test]
fn an_earlier_outcome_wins_over_every_later_one() {
    let scheme = Scheme::new(&policy(EPPM)).unwrap();
    let final_mark = PartState::Final(Mark(9000));
    let both = [("theory", final_mark), ("practical", final_mark)];
    let outcome = |change: fn(&mut CandidateRecord), parts: &[(&str, PartState)]| {
        let mut record = record(1, parts);
        change(&mut record);
        let line = ResultLine::derive(&scheme, &record);
        (line.outcome, line.composite.is_some(), line.parts.len())
    };
    let void: fn(&mut CandidateRecord) = |r| (r.standing, r.breach_pending) = (Standing::Void, true);
    assert_eq!(outcome(void, &both), (Outcome::Void, false, 0));
    assert_eq!(
        outcome(|r| (r.standing, r.breach_pending) = (Standing::Removed, true), &both).0,
        Outcome::BreachPending
    );
    assert_eq!(outcome(|r| (r.standing, r.breach_pending) = (Standing::Absent, true), &both).0, Outcome::BreachPending);
    assert_eq!(outcome(|r| r.standing = Standing::Removed, &both), (Outcome::Breach, false, 2));
    assert_eq!(outcome(|r| r.standing = Standing::Absent, &both), (Outcome::Absent, false, 2));
    for open in [PartState::Missing, PartState::Deferred, PartState::Remote] {
        let entries = if open == PartState::Missing { 1 } else { 2 };
        let parts = [("theory", final_mark), ("practical", open)];
        assert_eq!(outcome(|_| (), &parts), (Outcome::Partial, false, entries), "{open:?}");
    }
    assert_eq!(outcome(|_| (), &both), (Outcome::Pass, true, 2));
    assert_eq!(outcome(|r| r.standing = Standing::Expected, &[]).0, Outcome::Partial);
}

#[test]
fn a_result_line_has_the_members_of_the_package_and_no_others() {
    let scheme = Scheme::new(&policy(B2B)).unwrap();
    let json = |record: &CandidateRecord| {
        let line = ResultLine::derive(&scheme, record);
        let text = serde_json::to_string(&line).unwrap();
        assert_eq!(serde_json::from_str::<ResultLine>(&text).unwrap(), line);
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    assert_eq!(
        json(&marked(17, &[("theory", "71.5"), ("practical", "80.5")])),
        serde_json::json!({"cand": "2611240317", "sitting": "first", "composite": 7690, "outcome": "pass", "parts": [
            {"id": "theory", "outcome": "final", "mark": 7150}, {"id": "practical", "outcome": "final", "mark": 8050}]})
    );
    assert_eq!(
        json(&marked(18, &[("theory", "55"), ("practical", "60")]))["fails"],
        serde_json::json!(["theory", "composite"])
    );
    let mut absent = record(19, &[("theory", PartState::Missing), ("practical", PartState::Carried(Mark(8050)))]);
    (absent.standing, absent.sitting) = (Standing::Absent, Sitting::Resit);
    assert_eq!(
        json(&absent),
        serde_json::json!({"cand": "2611240319", "sitting": "resit", "outcome": "absent", "parts": [
            {"id": "theory", "outcome": "absent"}, {"id": "practical", "outcome": "carried", "mark": 8050}]})
    );
}

#[test]
fn carried_marks_count_and_are_flagged() {
    let scheme = Scheme::new(&policy(B2B)).unwrap();
    let carried = BTreeMap::from([(part("theory"), Mark(7000))]);
    let mut marks = Marks::default();
    let gather = |marks: &Marks, listed: &[PartId]| {
        CandidateRecord::gather(&scheme, (&cand(1), Sitting::Resit, Standing::Submitted), listed, &carried, marks)
    };
    for listed in [&[part("practical")][..], &[]] {
        let before = gather(&marks, listed);
        assert_eq!(ResultLine::derive(&scheme, &before).outcome, Outcome::Partial);
        assert!(before.takes(&part("practical")) && !before.takes(&part("theory")));
    }
    marks.apply(&marks::entered(1, 1, "practical", 8000, "liu"));
    let line = ResultLine::derive(&scheme, &gather(&marks, &[]));
    assert_eq!((line.outcome, line.composite), (Outcome::Pass, Some(Mark(7600))));
    assert_eq!(line.parts[0].outcome, PartOutcome::Carried);
}

#[test]
fn results_are_in_order_counted_and_balanced() {
    let scheme = Scheme::new(&policy(B2B)).unwrap();
    let open = [("theory", PartState::Final(Mark(9000))), ("practical", PartState::Missing)];
    let mut records = vec![
        marked(3, &[("theory", "70"), ("practical", "70")]),
        marked(1, &[("theory", "50"), ("practical", "70")]),
        record(2, &open),
        record(4, &open),
        record(5, &open),
    ];
    records[2].standing = Standing::Removed;
    records[3].standing = Standing::Absent;
    records[4].standing = Standing::Void;
    let results = Results::derive(&scheme, &records, 4);
    assert_eq!(results.lines.iter().map(|line| line.cand.clone()).collect::<Vec<_>>(), [1, 2, 3, 4, 5].map(cand));
    let counts = OutcomeCounts { pass: 1, fail: 1, absent: 1, breach: 1, void: 1, ..OutcomeCounts::default() };
    assert_eq!((results.counts, results.imbalances), (counts, vec![]));

    records[2].standing = Standing::Submitted;
    let off = Results::derive(&scheme, &records, 5);
    assert_eq!(off.counts.partial, 1);
    assert_eq!(
        off.imbalances,
        [
            Imbalance::Part { part: part("practical"), taking: 4, ended: 3 },
            Imbalance::Outcomes { expected: 5, outcomes: 4 },
        ]
    );
}
