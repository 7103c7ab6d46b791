//! The composite (合成成绩), exact (rules.md §9).
//!
//! With L = lcm(max of every part): N = Σ(weight · mark · L / max) · composite max, D = 1000 · L, and the composite is
//! N / D centi-points. It is rounded once, to u = 100, 10 or 1 centi-points for 0, 1 or 2 decimals. Binary floating
//! point would print 59.9 for a 59.95 that rounds to 60.0: hence integers.
//!
//! Invariant: a [`Scheme`] has weights that sum to 1000, and no sum of it can leave `i128`.

use crate::domain::candidate::Mark;
use crate::domain::ids::PartId;
use crate::domain::policy::{DecideOn, Part, Policy, ResultRule, Rounding};

/// Why a policy cannot be computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// The weights do not make a whole.
    #[error("expected weights that sum to 1000 permille, found {0}")]
    Weights(u64),
    /// A part whose marks have no scale.
    #[error("expected a maximum above 0 for every part")]
    NoScale,
    /// The parts' maxima have so large a common multiple that exact arithmetic would overflow.
    #[error("expected maxima with a common multiple below 10^24 centi-points")]
    NoCommonScale,
}

/// Greatest common multiple of maxima: leaves room for weights, composite maximum and rounding in an `i128`.
const COMMON_MULTIPLE_LIMIT: i128 = 1_000_000_000_000_000_000_000_000;

/// The scoring rules of one policy, checked and with their common scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    parts: Vec<Part>,
    result: ResultRule,
    /// L: least common multiple of the parts' maxima.
    scale: i128,
}

impl Scheme {
    /// Takes the parts and the result rule of a policy.
    ///
    /// # Errors
    /// [`SchemeError`] where no exact composite exists for every set of marks.
    pub fn new(policy: &Policy) -> Result<Self, SchemeError> {
        let weights: u64 = policy.parts.iter().map(|part| u64::from(part.weight_permille)).sum();
        if weights != 1000 {
            return Err(SchemeError::Weights(weights));
        }
        let mut scale: i128 = 1;
        for part in &policy.parts {
            let max = i128::from(part.max.0);
            if max == 0 {
                return Err(SchemeError::NoScale);
            }
            scale = scale / gcd(scale, max) * max;
            if scale > COMMON_MULTIPLE_LIMIT {
                return Err(SchemeError::NoCommonScale);
            }
        }
        Ok(Self { parts: policy.parts.clone(), result: policy.result.clone(), scale })
    }

    /// The parts, in the policy's order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The part of this id.
    #[must_use]
    pub fn part(&self, id: &PartId) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == *id)
    }

    /// The rule that turns marks into a result.
    #[must_use]
    pub fn result(&self) -> &ResultRule {
        &self.result
    }

    /// Combines one mark for every part, in the policy's order; `None` where a part has none.
    ///
    /// A mark above its part's maximum is refused when typed ([`super::mark`]) and counts as the maximum here.
    #[must_use]
    pub fn composite(&self, mark_of: impl Fn(&PartId) -> Option<Mark>) -> Option<Exact> {
        let mut sum: i128 = 0;
        for part in &self.parts {
            let mark = i128::from(mark_of(&part.id)?.min(part.max).0);
            sum += i128::from(part.weight_permille) * mark * (self.scale / i128::from(part.max.0));
        }
        Some(Exact { numerator: sum * i128::from(self.result.composite_max.0), denominator: 1000 * self.scale })
    }

    /// The composite as it is printed, in centi-points.
    #[must_use]
    pub fn printed(&self, exact: Exact) -> Mark {
        exact.rounded(self.unit(), self.result.rounding)
    }

    /// Whether the composite reaches its pass line, by the figure that the policy decides on.
    #[must_use]
    pub fn reaches(&self, exact: Exact) -> bool {
        match self.result.decide_on {
            DecideOn::Rounded => self.printed(exact) >= self.result.pass,
            DecideOn::Exact => exact.numerator >= i128::from(self.result.pass.0) * exact.denominator,
        }
    }

    /// u: the rounding unit in centi-points.
    fn unit(&self) -> i128 {
        match self.result.decimals {
            0 => 100,
            1 => 10,
            _ => 1,
        }
    }
}

/// A composite before rounding: `numerator / denominator` centi-points, both of rules.md §9, not reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    /// N.
    pub numerator: i128,
    /// D, above 0.
    pub denominator: i128,
}

impl Exact {
    /// Rounds to a multiple of `unit` centi-points.
    fn rounded(self, unit: i128, rounding: Rounding) -> Mark {
        let (n, step) = (self.numerator, self.denominator * unit);
        let nearest = (2 * n + step) / (2 * step);
        let q = match rounding {
            Rounding::Down => n / step,
            // At an exact tie half up has gone up by one: an odd quotient goes back to the even one below.
            Rounding::HalfEven if (2 * n + step) % (2 * step) == 0 && nearest % 2 == 1 => nearest - 1,
            Rounding::HalfUp | Rounding::HalfEven => nearest,
        };
        // The composite never exceeds its maximum, so the conversion holds; saturation keeps the function total.
        Mark(u32::try_from(q * unit).unwrap_or(u32::MAX))
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}
