//! The worked examples of rules.md §9 and the properties of rules.md §12.

use super::composite::fraction;
use super::*;
use crate::domain::candidate::Mark;
use crate::domain::policy::{Combine, DecideOn, Marking, PartKind, ResultRule, Rounding, ThirdRule};
use proptest::prelude::*;

fn part(id: &str, max: u32, pass: Option<u32>, weight_permille: u32) -> Part {
    Part {
        id: PartId::parse(id).unwrap(),
        name: id.into(),
        kind: PartKind::Theory,
        minutes: 60,
        max: Mark(max),
        step: Mark(10),
        pass: pass.map(Mark),
        decimals: 1,
        weight_permille,
        marking: Marking::Single,
        mark_while_present: false,
        tolerance: Mark(0),
        combine: Combine::Mean,
        third_rule: ThirdRule::ClosestPair,
    }
}

fn rule(rounding: Rounding, decide_on: DecideOn) -> ResultRule {
    ResultRule { composite_max: Mark(10_000), pass: Mark(6_000), decimals: 1, rounding, decide_on, part_lines: true }
}

#[test]
fn the_worked_examples_come_out_as_printed() {
    use DecideOn::{Exact, Rounded};
    use Rounding::{Down, HalfEven, HalfUp};
    let eppm = [(part("theory", 10_000, None, 300), 6450), (part("practical", 10_000, None, 700), 5800)];
    let b2b = [(part("theory", 10_000, Some(6000), 400), 5500), (part("practical", 10_000, Some(6000), 600), 6325)];
    let english = [(part("written", 12_000, None, 500), 7150), (part("oral", 3_000, Some(1500), 500), 1810)];
    let table = [
        ("eppm, half up", &eppm, rule(HalfUp, Rounded), 6000, true),
        ("eppm, exact", &eppm, rule(HalfUp, Exact), 6000, false),
        ("eppm, down", &eppm, rule(Down, Rounded), 5990, false),
        ("eppm, half even at the tie 59.95", &eppm, rule(HalfEven, Rounded), 6000, true),
        ("b2b", &b2b, rule(HalfUp, Rounded), 6000, true),
        ("english", &english, rule(HalfUp, Rounded), 6000, true),
    ];
    for (name, parts, rule, rounded, reaches) in table {
        let marks: Vec<_> = parts.iter().map(|(p, m)| (p, *m)).collect();
        let found = composite(&marks, &rule).unwrap();
        assert_eq!((found.rounded, found.reaches), (rounded, reaches), "{name}");
    }
    let english: Vec<_> = english.iter().map(|(p, m)| (p, *m)).collect();
    let exact = fraction(&english, &rule(HalfUp, Rounded)).unwrap();
    assert_eq!(exact.0 * 12_000_000 / exact.1, 71_950_000_000, "N over D is the printed fraction");
}

#[test]
fn an_even_tie_stays_and_an_odd_one_moves() {
    let even = rule(Rounding::HalfEven, DecideOn::Rounded);
    for (mark, rounded) in [(6445, 6440), (6455, 6460), (6446, 6450), (6444, 6440)] {
        let whole = part("whole", 10_000, None, 1000);
        assert_eq!(composite(&[(&whole, mark)], &even).unwrap().rounded, rounded, "{mark}");
    }
}

#[test]
fn spreads_are_integers_rounded_half_up() {
    assert_eq!(spread(&[]), None);
    let found = spread(&[6000, 7000, 8000, 8001]).unwrap();
    assert_eq!((found.mean, found.median, found.min, found.max), (7250, 7500, 6000, 8001));
    assert_eq!(found.deviation, 829, "√687,875 of the population");
    assert_eq!(per_mille(487, 501), Some(972));
    assert_eq!(per_mille(0, 0), None);
}

proptest! {
    #[test]
    fn more_marks_never_make_a_lower_composite(
        a in 0..=10_000u32, b in 0..=3_000u32, weight in 0..=1000u32, more in 0..=500u32, rounding in 0..3usize,
    ) {
        let rounding = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down][rounding];
        let (one, two) = (part("a", 10_000, None, weight), part("b", 3_000, None, 1000 - weight));
        let of = |a, b| composite(&[(&one, a), (&two, b)], &rule(rounding, DecideOn::Rounded)).unwrap().rounded;
        prop_assert!(of(a, b) <= of((a + more).min(10_000), b));
        prop_assert!(of(a, b) <= of(a, (b + more).min(3_000)));
    }

    #[test]
    fn exact_pass_is_half_up_pass_and_rounding_down_never_helps(
        a in 0..=10_000u32, b in 0..=12_000u32, weight in 0..=1000u32,
    ) {
        let (one, two) = (part("a", 10_000, None, weight), part("b", 12_000, None, 1000 - weight));
        let reaches = |rounding, on| composite(&[(&one, a), (&two, b)], &rule(rounding, on)).unwrap().reaches;
        let exact = reaches(Rounding::HalfUp, DecideOn::Exact);
        prop_assert!(!exact || reaches(Rounding::HalfUp, DecideOn::Rounded));
        prop_assert!(!reaches(Rounding::Down, DecideOn::Rounded) || exact);
    }

    #[test]
    fn the_printed_figure_is_within_half_a_unit_of_the_fraction(
        a in 0..=10_000u32, b in 0..=3_000u32, weight in 0..=1000u32,
    ) {
        let (one, two) = (part("a", 10_000, None, weight), part("b", 3_000, None, 1000 - weight));
        let rule = rule(Rounding::HalfUp, DecideOn::Rounded);
        let (n, d) = fraction(&[(&one, a), (&two, b)], &rule).unwrap();
        let printed = i128::from(composite(&[(&one, a), (&two, b)], &rule).unwrap().rounded);
        let off = 2 * (printed * d - n);
        prop_assert!(-10 * d < off && off <= 10 * d);
    }
}
