//! SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
//!
//! Owned here, not taken from a crate, because a demo's roster must be the same bytes for a seed in every release.
//! For invented things only: never for a key, a salt or anything else that must not be guessed.

use std::ops::RangeInclusive;

/// A sequence of numbers that follows from its seed alone.
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// Starts the sequence of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Draws the next 64 bits.
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Draws a number below `n`; 0 for an empty range. Its bias, below n / 2^32, does not matter here.
    pub fn below(&mut self, n: u32) -> u32 {
        u32::try_from(((self.draw() >> 32) * u64::from(n)) >> 32).unwrap_or(0)
    }

    /// Draws a number of a range.
    pub fn within(&mut self, range: RangeInclusive<u32>) -> u32 {
        range.start() + self.below(range.end() - range.start() + 1)
    }

    /// Draws one of the words; an empty one where there are none.
    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.below(u32::try_from(words.len()).unwrap_or(u32::MAX));
        words.get(at as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequence_comes_out() {
        let mut draw = SplitMix64::new(1_234_567);
        let found: Vec<u64> = (0..5).map(|_| draw.draw()).collect();
        assert_eq!(
            found,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn a_range_is_reached_at_both_ends_and_never_left() {
        let mut draw = SplitMix64::new(7);
        let found: Vec<u32> = (0..200).map(|_| draw.within(3..=6)).collect();
        assert_eq!((found.iter().min(), found.iter().max()), (Some(&3), Some(&6)));
        assert_eq!(draw.below(0), 0);
        assert_eq!(draw.word(&[]), "");
    }
}
