//! The fingerprint of a manifest: what people copy to paper and compare.
//!
//! ```text
//! SHA-256 of the manifest's bytes, its first 16 bytes read as eight big-endian numbers of 16 bits,
//! each modulo 10,000 and written with four digits: A 1234 … H 0042
//! ```
//!
//! It tells two packages apart and guards against mistakes; the signatures guard against people.

use crate::domain::ids::Digest;

/// Eight groups of four digits, A to H.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u16; 8]);

impl Fingerprint {
    /// That of the manifest with this SHA-256.
    #[must_use]
    pub fn of(manifest_sha256: &Digest) -> Self {
        let mut groups = [0; 8];
        for (group, pair) in groups.iter_mut().zip(manifest_sha256.bytes().chunks_exact(2)) {
            *group = pair.iter().fold(0u16, |number, byte| number << 8 | u16::from(*byte)) % 10_000;
        }
        Self(groups)
    }

    /// The groups' digits, without their letters.
    #[must_use]
    pub fn digits(&self) -> [String; 8] {
        self.0.map(|group| format!("{group:04}"))
    }

    /// The groups as they are shown: `A 1234`.
    #[must_use]
    pub fn groups(&self) -> [String; 8] {
        let mut letters = 'A'..='H';
        self.digits().map(|digits| format!("{} {digits}", letters.next().unwrap_or(' ')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by hand: 0xffff mod 10,000 = 5535.
    #[test]
    fn a_group_is_sixteen_bits_modulo_ten_thousand() {
        let mut bytes = [0; 32];
        bytes[..6].copy_from_slice(&[0xff, 0xff, 0x00, 0x07, 0x27, 0x10]);
        bytes[16..].fill(0xee);
        let groups = Fingerprint::of(&Digest::new(bytes)).groups();
        assert_eq!(groups, ["A 5535", "B 0007", "C 0000", "D 0000", "E 0000", "F 0000", "G 0000", "H 0000"]);
    }
}
