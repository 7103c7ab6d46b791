//! The running chain of a stream (sealing.md §6, §8).
//!
//! ```text
//! h_0 = 32 zero bytes
//! h_i = SHA-256(h_(i-1) ‖ SHA-256(line_i))     the line without its LF; lines count from 1
//! ```

use crate::domain::ids::Digest;
use crate::proof::sha256;

/// Where a stream ends: how many lines, and the hash that binds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    size: u64,
    head: Digest,
}

impl Chain {
    /// A stream without lines.
    pub const EMPTY: Self = Self { size: 0, head: Digest::ZERO };

    /// Goes on where a stored stream ends.
    #[must_use]
    pub const fn at(size: u64, head: Digest) -> Self {
        Self { size, head }
    }

    /// Number of lines.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hash over all lines.
    #[must_use]
    pub const fn head(&self) -> Digest {
        self.head
    }

    /// The place that the next line takes.
    #[must_use]
    pub const fn next_seq(&self) -> u64 {
        self.size + 1
    }

    /// The chain with one more line.
    #[must_use]
    pub fn with(&self, line: &[u8]) -> Self {
        Self { size: self.size + 1, head: sha256(&[self.head.bytes(), sha256(&[line]).bytes()]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recomputed with `openssl dgst -sha256 -binary`.
    #[test]
    fn the_first_steps_are_those_of_the_formula() {
        let one = Chain::EMPTY.with(b"{}");
        assert_eq!((one.size(), one.next_seq()), (1, 2));
        assert_eq!(one.head().to_string(), "961af672d320bfb80e482edf9e092930b12b6f10f28ac4913d1d64c49219da68");
        let two = Chain::at(1, one.head()).with(b"");
        assert_eq!(two.head().to_string(), "f6a410cdf76ddd5bfc0e6889c8ca99b6cbe525ee48df54567be630712305119c");
    }
}
