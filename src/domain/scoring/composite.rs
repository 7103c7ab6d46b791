//! The composite (合成成绩), exact: one fraction, rounded once (rules.md §9).
//!
//! ```text
//! L = lcm(max_i)   N = Σ(weight_i · mark_i · L/max_i) · composite_max   D = 1000 · L     all in centi-points
//! unit u = 100, 10, 1 for 0, 1, 2 decimals
//! half_up: ⌊(2N + D·u) / (2·D·u)⌋ · u     down: ⌊N / (D·u)⌋ · u     half_even: half_up, but the even one at a tie
//! ```

use crate::domain::policy::{DecideOn, Part, ResultRule, Rounding};

/// The composite of one mark for each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Composite {
    /// As printed, in centi-points.
    pub rounded: u32,
    /// Whether it reaches the pass line, by the figure that the policy decides on.
    pub reaches: bool,
}

/// Computes the composite of the parts with their marks in centi-points.
///
/// Every step fits: weights are at most 1000 together, maxima at most 100,000 centi-points, `composite_max` below
/// 1,000,000, so that 2N stays below 2·10⁹ times the least common multiple of the maxima, which `i128` holds for any five
/// maxima. A policy that passes that has no composite (`None`) and is refused when it is read (KD-P-06); without parts
/// there is none either.
#[must_use]
pub fn composite(parts: &[(&Part, u32)], rule: &ResultRule) -> Option<Composite> {
    let (n, d) = fraction(parts, rule)?;
    let unit = i128::from(10u32.pow(2u32.saturating_sub(rule.decimals)));
    let step = d.checked_mul(unit)?;
    let twice = n.checked_mul(2)?;
    let up = twice.checked_add(step)?.div_euclid(step.checked_mul(2)?);
    let units = match rule.rounding {
        Rounding::HalfUp => up,
        Rounding::Down => n.div_euclid(step),
        Rounding::HalfEven => {
            let tie = twice.rem_euclid(step) == 0 && twice.div_euclid(step) % 2 == 1;
            if tie && up % 2 == 1 { up - 1 } else { up }
        }
    };
    let rounded = units.checked_mul(unit)?;
    let pass = i128::from(rule.pass.0);
    let reaches = match rule.decide_on {
        DecideOn::Rounded => rounded >= pass,
        DecideOn::Exact => n >= pass.checked_mul(d)?,
    };
    Some(Composite { rounded: u32::try_from(rounded).ok()?, reaches })
}

/// The exact composite in centi-points as numerator and denominator.
pub(super) fn fraction(parts: &[(&Part, u32)], rule: &ResultRule) -> Option<(i128, i128)> {
    let common = parts.iter().try_fold(1i128, |l, (part, _)| lcm(l, i128::from(part.max.0)))?;
    let mut sum = 0i128;
    for (part, mark) in parts {
        let share = common.checked_div(i128::from(part.max.0))?;
        let term = i128::from(part.weight_permille).checked_mul(i128::from(*mark))?.checked_mul(share)?;
        sum = sum.checked_add(term)?;
    }
    let n = sum.checked_mul(i128::from(rule.composite_max.0))?;
    (!parts.is_empty()).then_some((n, common.checked_mul(1000)?))
}

fn lcm(a: i128, b: i128) -> Option<i128> {
    if b <= 0 {
        return None;
    }
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b)
}
