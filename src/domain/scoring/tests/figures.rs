//! The figures of screen 3.20.

use super::*;

fn points(texts: &[&str]) -> Vec<Mark> {
    texts.iter().map(|text| Mark::parse(text).unwrap()).collect()
}

#[test]
fn a_rate_is_permille_half_up_and_of_nothing_none() {
    for (num, den, expected) in [(487, 501, Some(972)), (1, 2000, Some(1)), (1, 2001, Some(0)), (3, 3, Some(1000))] {
        assert_eq!(Rate { num, den }.permille(), expected, "{num}/{den}");
    }
    assert_eq!(Rate { num: 0, den: 0 }.permille(), None);
}

#[test]
fn location_and_spread_are_rounded_half_up() {
    // Deviations: √2 · 100 = 141.42; 50 exactly; √(2/9) · 100 = 47.14; one mark has none.
    for (marks, mean, median, min, max, deviation) in [
        (&["1", "2", "3", "4", "5"][..], "3", "3", "1", "5", "1.41"),
        (&["70", "71"], "70.5", "70.5", "70", "71", "0.5"),
        (&["0", "0.01"], "0.01", "0.01", "0", "0.01", "0.01"),
        (&["1", "1", "2"], "1.33", "1", "1", "2", "0.47"),
        (&["60.25"], "60.25", "60.25", "60.25", "60.25", "0"),
    ] {
        let summary = Summary::of(&points(marks)).unwrap();
        let found = [summary.mean, summary.median, summary.min, summary.max, summary.deviation].map(|m| m.to_string());
        assert_eq!(found, [mean, median, min, max, deviation], "{marks:?}");
    }
    assert_eq!(Summary::of(&[]), None);
}

#[test]
fn a_session_is_described_part_by_part_and_as_a_whole() {
    let scheme = Scheme::new(&policy(B2B)).unwrap();
    let mut records = vec![
        marked(1, &[("theory", "80"), ("practical", "80")]),
        marked(2, &[("theory", "59.5"), ("practical", "90")]),
        marked(3, &[("theory", "100"), ("practical", "100")]),
        record(4, &[("theory", PartState::Final(Mark(4000))), ("practical", PartState::Missing)]),
        record(5, &[("theory", PartState::Missing), ("practical", PartState::Missing)]),
    ];
    records[4].standing = Standing::Absent;
    let results = Results::derive(&scheme, &records, 5);
    let figures = Statistics::of(&scheme, &results.lines);
    let (id, theory) = &figures.parts[0];
    assert_eq!((id.as_str(), theory.marked, theory.passed), ("theory", 4, Some(Rate { num: 2, den: 4 })));
    assert_eq!(theory.summary.map(|s| (s.min, s.max)), Some((Mark(4000), Mark(10_000))));
    // 80, 77.8 (fails on theory) and 100: the maximum belongs to the last step.
    assert_eq!(figures.composite.passed, Some(Rate { num: 2, den: 3 }));
    assert_eq!(figures.distribution, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
}

#[test]
fn a_part_without_a_line_has_no_pass_rate_and_an_empty_session_no_figures() {
    let scheme = Scheme::new(&policy(EPPM)).unwrap();
    let figures = Statistics::of(&scheme, &[]);
    assert_eq!(figures.parts[0].1, Column { marked: 0, summary: None, passed: None });
    assert_eq!(figures.composite.passed.and_then(Rate::permille), None);
    assert_eq!(figures.distribution.iter().sum::<u32>(), 0);
}
