//! The module's own number (id-card-reader.md §8).
//!
//! ```text
//! byte 0 u16 · 2 u16 · 4 u32, a date on most modules · 8 u32 · 12 u32, little-endian
//! ```

use std::fmt;

/// A module's number, 16 bytes (id-card-reader.md §8). Compared as bytes; printed `05.03-20150101-0000123456-0987654321`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SamNumber([u8; 16]);

impl SamNumber {
    /// How many bytes it has.
    pub const SIZE: usize = 16;

    /// The number of the first simulator: `99.99-00000000-0000000000-0000000001`.
    pub const SIMULATED: Self = Self::simulated(1);

    /// A number that only simulators carry: `99.99-00000000-0000000000-` and this.
    #[must_use]
    pub const fn simulated(number: u32) -> Self {
        let [a, b, c, d] = number.to_le_bytes();
        Self([99, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d])
    }

    /// Takes the bytes as a module sends them; `None` when there are not 16.
    #[must_use]
    pub fn parse(data: &[u8]) -> Option<Self> {
        data.try_into().ok().map(Self)
    }

    /// The bytes as a module sends them.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Whether it is of the range 99.99 that is reserved for simulators.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.0.starts_with(&[99, 0, 99, 0])
    }
}

impl fmt::Display for SamNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |at: usize, size: usize| {
            self.0.iter().skip(at).take(size).rev().fold(0u32, |n, byte| (n << 8) | u32::from(*byte))
        };
        let (major, minor) = (number(0, 2), number(2, 2));
        write!(f, "{major:02}.{minor:02}-{:08}-{:010}-{:010}", number(4, 4), number(8, 4), number(12, 4))
    }
}
