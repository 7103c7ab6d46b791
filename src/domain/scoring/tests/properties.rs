//! Properties 16 and 17 of rules.md §12, against fraction arithmetic that shares nothing with the product.

use super::*;
use proptest::prelude::*;

/// A reduced fraction of small terms.
#[derive(Clone, Copy)]
struct Fraction(i128, i128);

impl Fraction {
    fn new(n: i128, d: i128) -> Self {
        let mut pair = (n.abs(), d);
        while pair.1 != 0 {
            pair = (pair.1, pair.0 % pair.1);
        }
        Self(n / pair.0.max(1), d / pair.0.max(1))
    }

    fn plus(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }
}

/// A policy of one to four parts on odd scales, with a mark for each part.
fn scored() -> impl Strategy<Value = (Policy, Vec<u32>)> {
    let maxima = prop_oneof![Just(10_000u32), Just(3000), Just(12_000), 1u32..=10_000];
    let part = (maxima, 0u32..=1000, 0u32..=1_000_000, proptest::option::of(0u32..=10_000));
    let result = (prop_oneof![Just(10_000u32), Just(15_000), Just(7000)], 0u32..=2, 0u32..=150, any::<bool>());
    (proptest::collection::vec(part, 1..=4), result).prop_map(|(parts, (composite_max, decimals, pass, lines))| {
        let mut policy = policy(EPPM);
        let model = policy.parts[0].clone();
        let drawn: u32 = parts.iter().map(|(_, weight, ..)| weight).sum::<u32>().max(1);
        let mut weights: Vec<u32> = parts.iter().map(|(_, weight, ..)| weight * 1000 / drawn).collect();
        weights[0] += 1000 - weights.iter().sum::<u32>();
        let mut marks = Vec::new();
        policy.parts.clear();
        for (i, (max, _, mark, line)) in parts.into_iter().enumerate() {
            let mut part = model.clone();
            part.id = PartId::parse(&format!("p{i}")).unwrap();
            (part.max, part.step, part.weight_permille) = (Mark(max), Mark(1), weights[i]);
            part.pass = line.map(|line| Mark(line % (max + 1)));
            marks.push(mark % (max + 1));
            policy.parts.push(part);
        }
        (policy.result.composite_max, policy.result.decimals) = (Mark(composite_max), decimals);
        (policy.result.pass, policy.result.part_lines) = (Mark((pass * 100).min(composite_max)), lines);
        (policy, marks)
    })
}

fn line(policy: &Policy, marks: &[u32]) -> ResultLine {
    let parts = policy.parts.iter().zip(marks).map(|(part, mark)| (part.id.clone(), PartState::Final(Mark(*mark))));
    let record = CandidateRecord { parts: parts.collect(), ..record(1, &[]) };
    ResultLine::derive(&Scheme::new(policy).unwrap(), &record)
}

fn passes(policy: &Policy, marks: &[u32], rounding: Rounding, decide_on: DecideOn) -> bool {
    let mut policy = policy.clone();
    (policy.result.rounding, policy.result.decide_on) = (rounding, decide_on);
    line(&policy, marks).outcome == Outcome::Pass
}

proptest! {
    #[test]
    fn integers_agree_with_fractions_and_round_to_the_nearest((policy, marks) in scored()) {
        let max = i128::from(policy.result.composite_max.0);
        let terms = policy.parts.iter().zip(&marks).map(|(part, mark)| {
            Fraction::new(i128::from(part.weight_permille) * i128::from(*mark) * max, 1000 * i128::from(part.max.0))
        });
        let Fraction(n, d) = terms.fold(Fraction(0, 1), Fraction::plus);
        let scheme = Scheme::new(&policy).unwrap();
        let exact = scheme
            .composite(|id| policy.parts.iter().position(|part| part.id == *id).map(|i| Mark(marks[i])))
            .unwrap();
        let reduced = Fraction::new(exact.numerator, exact.denominator);
        prop_assert_eq!((reduced.0, reduced.1), (n, d));

        let unit = 10i128.pow(2 - policy.result.decimals);
        for rounding in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down] {
            let mut policy = policy.clone();
            policy.result.rounding = rounding;
            let printed = i128::from(Scheme::new(&policy).unwrap().printed(exact).0);
            prop_assert_eq!(printed % unit, 0);
            // Twice the distance from the printed figure to the exact one, in units of 1/d.
            let off = 2 * n - 2 * printed * d;
            let fits = match rounding {
                Rounding::HalfUp => -unit * d <= off && off < unit * d,
                Rounding::Down => 0 <= off && off < 2 * unit * d,
                Rounding::HalfEven => off.abs() < unit * d || (off.abs() == unit * d && printed / unit % 2 == 0),
            };
            prop_assert!(fits, "{n}/{d} printed as {printed} with {rounding:?}");
        }
    }

    #[test]
    fn a_better_mark_never_makes_a_worse_result((policy, marks) in scored(), which in any::<prop::sample::Index>(), more in 1u32..500) {
        let i = which.index(marks.len());
        let mut better = marks.clone();
        better[i] = (better[i] + more).min(policy.parts[i].max.0);
        let (before, after) = (line(&policy, &marks), line(&policy, &better));
        prop_assert!(before.composite <= after.composite);
        prop_assert!(after.fails.iter().all(|failed| before.fails.contains(failed)));
    }

    #[test]
    fn rules_of_decision_are_ordered_by_leniency((policy, marks) in scored()) {
        // The policy parser makes the pass line a multiple of the rounding unit; whole points always are.
        prop_assume!(policy.result.pass.0 % 100 == 0);
        let exact = passes(&policy, &marks, Rounding::HalfUp, DecideOn::Exact);
        prop_assert!(!exact || passes(&policy, &marks, Rounding::HalfUp, DecideOn::Rounded));
        prop_assert!(!passes(&policy, &marks, Rounding::Down, DecideOn::Rounded) || exact);
    }

    #[test]
    fn weights_that_make_no_whole_cannot_be_built((policy, _) in scored(), off in 1u32..1000) {
        let mut policy = policy;
        policy.parts[0].weight_permille += off;
        prop_assert_eq!(Scheme::new(&policy), Err(SchemeError::Weights(1000 + u64::from(off))));
    }
}

#[test]
fn maxima_without_a_common_scale_are_refused_before_anything_overflows() {
    let mut policy = policy(EPPM);
    let model = policy.parts[0].clone();
    let primes = [99_991, 99_989, 99_971, 99_961, 99_929];
    policy.parts =
        primes.map(|max| crate::domain::policy::Part { max: Mark(max), weight_permille: 200, ..model.clone() }).into();
    assert_eq!(Scheme::new(&policy), Err(SchemeError::NoCommonScale));
    policy.parts.pop();
    policy.parts[0].weight_permille = 400;
    assert!(Scheme::new(&policy).is_ok_and(|scheme| scheme.composite(|_| Some(Mark(99_999))).is_some()));
    policy.parts[0].max = Mark(0);
    assert_eq!(Scheme::new(&policy), Err(SchemeError::NoScale));
}
