//! Statistics of screen 3.20, in integers (rules.md §9).

/// How a set of marks lies, in centi-points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the figure of its name")]
pub struct Spread {
    pub count: u32,
    pub mean: u32,
    pub median: u32,
    pub min: u32,
    pub max: u32,
    pub deviation: u32,
}

/// The spread of these marks; `None` for an empty set. Mean, median and population deviation are rounded half up.
#[must_use]
pub fn spread(marks: &[u32]) -> Option<Spread> {
    let mut sorted = marks.to_vec();
    sorted.sort_unstable();
    let (min, max) = (*sorted.first()?, *sorted.last()?);
    let n = u64::try_from(sorted.len()).ok()?;
    let sum: u64 = sorted.iter().map(|m| u64::from(*m)).sum();
    let squares: u128 = sorted.iter().map(|m| u128::from(*m) * u128::from(*m)).sum();
    let middle = |i: usize| sorted.get(i).copied().map_or(0, u64::from);
    let half = sorted.len() / 2;
    let median = if n % 2 == 1 { middle(half) } else { (middle(half - 1) + middle(half)).div_ceil(2) };
    // Four times the variance over n², so that the root of it is twice the deviation and half up is one more, halved.
    let (n128, s128) = (u128::from(n), u128::from(sum));
    let variance_n2 = n128 * squares - s128 * s128;
    let twice = (4 * variance_n2 / (n128 * n128)).isqrt();
    Some(Spread {
        count: u32::try_from(n).ok()?,
        mean: u32::try_from((2 * sum + n) / (2 * n)).ok()?,
        median: u32::try_from(median).ok()?,
        min,
        max,
        deviation: u32::try_from(twice.div_ceil(2)).ok()?,
    })
}

/// A rate in per mille, half up; `None` where there is nothing to be a part of.
#[must_use]
pub fn per_mille(part: u32, of: u32) -> Option<u32> {
    let (part, of) = (u64::from(part), u64::from(of));
    if of == 0 { None } else { u32::try_from((2000 * part + of) / (2 * of)).ok() }
}
