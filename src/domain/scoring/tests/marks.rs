//! Entering marks: each refusal, and the fold.

use super::*;
use crate::domain::event::{Author, Recorded, ZeroReason};
use crate::domain::ids::{DeskId, OperatorId};
use crate::domain::time::{ClockQuality, Instant};

fn op(name: &str) -> OperatorId {
    OperatorId::parse(name).unwrap()
}

fn new_mark(mark: u32, name: &str) -> NewMark {
    NewMark { mark: Mark(mark), zero_reason: None, op: op(name), scored_by: op(name) }
}

/// A recorded mark of candidate 1 at this Lamport time and desk.
pub(super) fn entered(lc: u64, desk: u8, id: &str, mark: u32, name: &str) -> Recorded {
    Recorded {
        seq: lc,
        at: Instant(0),
        author: Author {
            desk: DeskId::try_from(desk).unwrap(),
            lc,
            op: Some(op(name)),
            w: None,
            q: ClockQuality::Synced,
        },
        event: new_mark(mark, name).into_event(cand(1), part(id)).into(),
    }
}

#[test]
fn each_refusal_has_its_code() {
    let policy = policy(B2B); // practical: at most 100 in steps of 0.25, after hand-in
    let rule = policy.part(&part("practical")).unwrap();
    let mut live = rule.clone();
    live.mark_while_present = true;
    let empty = PartMark::default();
    let mut marks = Marks::default();
    marks.apply(&entered(1, 1, "practical", 8000, "liu"));
    let full = marks.of(&cand(1), &part("practical"));
    let zero = NewMark { zero_reason: Some(ZeroReason::BlankWork), ..new_mark(0, "liu") };
    let other_typist = NewMark { op: op("qian"), ..new_mark(7000, "liu") };
    let code = |new: &NewMark, rule, standing, current| new.check(rule, standing, current).err().map(|r| r.code());
    for (new, rule, standing, current, expected) in [
        (&new_mark(10_000, "liu"), rule, Standing::Submitted, &empty, None),
        (&new_mark(25, "liu"), rule, Standing::Submitted, &empty, None),
        (&zero, rule, Standing::Submitted, &empty, None),
        (&new_mark(10_025, "liu"), rule, Standing::Submitted, &empty, Some("KD-M-01")),
        (&new_mark(7010, "liu"), rule, Standing::Submitted, &empty, Some("KD-M-02")),
        (&new_mark(0, "liu"), rule, Standing::Submitted, &empty, Some("KD-M-06")),
        (&new_mark(7000, "liu"), rule, Standing::Submitted, full, Some("KD-M-03")),
        (&other_typist, rule, Standing::Submitted, full, Some("KD-M-03")),
        (&new_mark(7000, "qian"), rule, Standing::Submitted, full, Some("KD-M-07")),
        (&new_mark(7000, "liu"), rule, Standing::Absent, &empty, Some("KD-M-10")),
        (&new_mark(7000, "liu"), rule, Standing::Expected, &empty, Some("KD-M-11")),
        (&new_mark(7000, "liu"), rule, Standing::Void, &empty, Some("KD-M-11")),
        (&new_mark(7000, "liu"), rule, Standing::Removed, &empty, Some("KD-M-12")),
        (&new_mark(7000, "liu"), rule, Standing::Present, &empty, Some("KD-T-02")),
        (&new_mark(7000, "liu"), &live, Standing::Present, &empty, None),
    ] {
        assert_eq!(code(new, rule, standing, current), expected, "{new:?} {standing:?}");
    }
}

#[test]
fn a_refusal_says_what_was_expected_in_points() {
    let policy = policy(B2B);
    let rule = policy.part(&part("theory")).unwrap();
    let refusal = new_mark(7025, "liu").check(rule, Standing::Submitted, &PartMark::default()).unwrap_err();
    assert_eq!(refusal.to_string(), "expected a multiple of 0.5, found 70.25");
}

#[test]
fn a_step_of_zero_refuses_instead_of_dividing() {
    let mut rule = policy(B2B).parts[0].clone();
    rule.step = Mark(0);
    let refusal = new_mark(7000, "liu").check(&rule, Standing::Submitted, &PartMark::default());
    assert_eq!(refusal.map_err(|r| r.code()), Err("KD-M-02"));
}

#[test]
fn the_first_mark_by_stamp_is_final_in_any_order_of_arrival() {
    let events = [
        entered(5, 2, "theory", 7000, "qian"),
        entered(5, 1, "theory", 6000, "liu"),
        entered(9, 1, "theory", 9000, "sun"),
    ];
    let fold = |order: &[usize]| {
        let mut marks = Marks::default();
        for i in order {
            marks.apply(&events[*i]);
        }
        marks
    };
    let whole = fold(&[0, 1, 2]);
    for order in [&[2, 1, 0][..], &[1, 0, 2, 1, 1], &[0, 2, 0, 1]] {
        assert_eq!(fold(order), whole, "{order:?}");
    }
    let mark = whole.of(&cand(1), &part("theory"));
    assert_eq!(mark.final_mark().map(|entered| (entered.mark, entered.scored_by.as_str())), Some((Mark(6000), "liu")));
    assert!(mark.clashes());
    assert!(!fold(&[0, 0]).of(&cand(1), &part("theory")).clashes());
    assert_eq!(whole.of(&cand(2), &part("theory")).final_mark(), None);
}

#[test]
fn a_reason_is_recorded_with_a_zero_and_with_nothing_else() {
    let reason = Some(ZeroReason::ZeroConfirmed);
    let event = |mark| NewMark { zero_reason: reason, ..new_mark(mark, "liu") }.into_event(cand(1), part("theory"));
    assert_eq!(event(0).zero_reason, reason);
    assert_eq!(event(100).zero_reason, None);
}
