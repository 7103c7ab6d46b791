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

/// Greatest common divisor, for fractions written out.
fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The rounding of rules.md §9 on the exact value, by sums of reduced fractions: neither a common multiple nor a shift.
fn by_fractions(parts: &[(&Part, u32)], rule: &ResultRule) -> (u32, bool) {
    let (n, d) = parts.iter().fold((0i128, 1i128), |(n, d), (part, mark)| {
        let top = i128::from(part.weight_permille) * i128::from(*mark) * i128::from(rule.composite_max.0);
        let (n, d) = (n * 1000 * i128::from(part.max.0) + top * d, d * 1000 * i128::from(part.max.0));
        let shared = gcd(n, d);
        (n / shared, d / shared)
    });
    let unit = 10i128.pow(2 - rule.decimals);
    let (below, over) = (n / (d * unit), n % (d * unit));
    let up = match (2 * over).cmp(&(d * unit)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => rule.rounding == Rounding::HalfUp || below % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    let rounded = (below + i128::from(up && rule.rounding != Rounding::Down)) * unit;
    let pass = i128::from(rule.pass.0);
    let reaches = if rule.decide_on == DecideOn::Exact { n >= pass * d } else { rounded >= pass };
    (u32::try_from(rounded).unwrap(), reaches)
}

proptest! {
    /// Property 16.
    #[test]
    fn integers_come_to_what_fractions_come_to(
        marks in (0..=1000u32, 0..=1000u32, 0..=1000u32), maxima in (1..=100_000u32, 1..=100_000u32, 1..=100_000u32),
        weights in (0..=500u32, 0..=500u32), composite_max in 1..=999_999u32, pass in 0..=10_000u32,
        (decimals, rounding, exact) in (0..=2u32, 0..3usize, any::<bool>()),
    ) {
        let parts = [
            (part("a", maxima.0, None, weights.0), maxima.0 * marks.0 / 1000),
            (part("b", maxima.1, None, weights.1), maxima.1 * marks.1 / 1000),
            (part("c", maxima.2, None, 1000 - weights.0 - weights.1), maxima.2 * marks.2 / 1000),
        ];
        let rule = ResultRule {
            composite_max: Mark(composite_max),
            pass: Mark(pass.min(composite_max)),
            decimals,
            rounding: [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down][rounding],
            decide_on: if exact { DecideOn::Exact } else { DecideOn::Rounded },
            part_lines: true,
        };
        let marks: Vec<_> = parts.iter().map(|(part, mark)| (part, *mark)).collect();
        let found = composite(&marks, &rule).unwrap();
        prop_assert_eq!((found.rounded, found.reaches), by_fractions(&marks, &rule));
    }
}

#[test]
fn a_composite_of_five_awkward_maxima_fits_and_none_is_no_composite() {
    let most = ResultRule { composite_max: Mark(999_999), ..rule(Rounding::HalfUp, DecideOn::Exact) };
    let parts = [99_989u32, 99_991, 99_971, 99_961, 99_929].map(|max| part("p", max, None, 200));
    let marks: Vec<_> = parts.iter().map(|part| (part, part.max.0)).collect();
    assert_eq!(
        composite(&marks, &most).map(|found| found.rounded),
        Some(1_000_000),
        "all marks in full, to one decimal"
    );
    assert_eq!(composite(&[], &most), None);
}

mod outcomes {
    use super::*;
    use crate::domain::candidate::Sitting;
    use crate::domain::event::{Event, MarkEntered, OutcomeCounts};
    use crate::domain::samples::{absent, admitted, cand, handed_in, op, policy, recorded};
    use serde_json::json;

    /// Candidate 1 with these marks of theory and practical, having come or not.
    fn record(came: bool, theory: Option<u32>, practical: Option<u32>) -> SessionRecord {
        let attended: Vec<Event> = if came {
            let parts = ["theory", "practical"];
            vec![admitted(cand(1).as_str(), "1").into(), handed_in(cand(1).as_str(), &parts).into()]
        } else {
            vec![absent(cand(1).as_str()).into()]
        };
        let marks = [("theory", theory), ("practical", practical)].into_iter().filter_map(|(id, mark)| {
            let (cand, part, scored_by) = (cand(1), PartId::parse(id).unwrap(), op("li"));
            Some(MarkEntered { cand, part, mark: mark?, scored_by, zero_reason: None, sheet_sha256: None }.into())
        });
        let mut record = SessionRecord::default();
        for (lc, event) in (1..).zip(attended.into_iter().chain(marks)) {
            record.apply(&recorded(lc, 1, lc, event));
        }
        record
    }

    /// Theory counts 400 and has its line at 60, practical counts 600 and has none; the composite's line is 60.
    #[test]
    fn an_outcome_is_absent_then_partial_then_the_lines_then_the_composite() {
        let fail = |which: &[&str]| Outcome::Fail(which.iter().map(|w| (*w).to_owned()).collect());
        let table = [
            ("absent", record(false, None, None), None, Outcome::Absent),
            ("absent, though a mark was merged in", record(false, Some(9000), Some(9000)), None, Outcome::Absent),
            ("a part without mark", record(true, Some(9000), None), None, Outcome::Partial),
            ("both lines just reached", record(true, Some(6000), Some(6000)), Some(6000), Outcome::Pass),
            ("theory below its line", record(true, Some(5950), Some(9000)), Some(7780), fail(&["theory"])),
            ("composite below", record(true, Some(6000), Some(5900)), Some(5940), fail(&["composite"])),
            ("both below", record(true, Some(5950), Some(100)), Some(2440), fail(&["theory", "composite"])),
        ];
        for (label, record, composite, outcome) in table {
            let found = results(&policy(), &record, &[cand(1)]);
            assert_eq!((found.0[0].composite, &found.0[0].outcome), (composite, &outcome), "{label}");
        }
        let mut no_lines = policy();
        no_lines.result.part_lines = false;
        let found = results(&no_lines, &record(true, Some(5950), Some(9000)), &[cand(1)]);
        assert_eq!(found.0[0].outcome, Outcome::Pass, "part lines do not count where the policy says so");
    }

    #[test]
    fn a_part_marked_elsewhere_leaves_the_result_partial_and_nothing_missing() {
        let mut remote = policy();
        remote.parts[1].marking = Marking::Remote;
        let found = results(&remote, &record(true, Some(9000), None), &[cand(1)]);
        assert_eq!((found.missing_marks(), &found.0[0].outcome), (0, &Outcome::Partial));
        let found = results(&policy(), &record(true, None, None), &[cand(1)]);
        assert_eq!(found.missing_marks(), 2);
    }

    #[test]
    fn whoever_was_never_seen_counts_as_absent() {
        let found = results(&policy(), &record(true, Some(6000), Some(6000)), &[cand(1), cand(2)]);
        assert_eq!(found.counts(), OutcomeCounts { pass: 1, absent: 1, ..Default::default() });
        assert_eq!(found.missing_marks(), 0);
    }

    /// sealing.md §6.
    #[test]
    fn a_result_line_has_the_members_of_the_package() {
        let salted = |record: &SessionRecord, sitting, salt| {
            serde_json::to_value(results(&policy(), record, &[cand(1)]).0[0].line(sitting, salt)).unwrap()
        };
        let line = |record: &SessionRecord, sitting| salted(record, sitting, None);
        let last = |id, mark: u32| json!({"id": id, "outcome": "final", "mark": mark});
        let passed = json!({
            "cand": cand(1), "sitting": "first", "parts": [last("theory", 7150), last("practical", 8000)],
            "composite": 7660, "outcome": "pass",
        });
        assert_eq!(line(&record(true, Some(7150), Some(8000)), Sitting::First), passed);
        assert_eq!(salted(&record(true, Some(7150), Some(8000)), Sitting::First, Some("c2FsdA"))["salt"], "c2FsdA");
        let failed = json!({
            "cand": cand(1), "sitting": "resit", "parts": [last("theory", 5950), last("practical", 100)],
            "composite": 2440, "outcome": "fail", "fails": ["theory", "composite"],
        });
        assert_eq!(line(&record(true, Some(5950), Some(100)), Sitting::Resit), failed);
        let none = |id| json!({"id": id, "outcome": "absent"});
        let absent = json!({
            "cand": cand(1), "sitting": "first", "parts": [none("theory"), none("practical")], "outcome": "absent",
        });
        assert_eq!(line(&record(false, None, None), Sitting::First), absent);
    }
}
