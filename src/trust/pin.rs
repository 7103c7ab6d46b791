//! PINs, what it costs to try one, and a person's key-encryption key (KEK): of a PIN and the machine secret, or of the
//! signing key that the PIN opens.
//!
//! ```text
//! stretched = argon2id v1.3 (PIN digits as ASCII, salt 16, cost) -> 32 bytes        RFC 9106
//! KEK       = HKDF-SHA256(stretched ‖ machine secret 32, label "kaodian/kek/1")     who holds no key, sealing.md §5
//! KEK       = HKDF-SHA256(Ed25519 seed 32, label "kaodian/kek/1")                   who holds one
//! ```
//!
//! A PIN alone has a million values: the machine secret, kept elsewhere than the data, is what a copied data directory
//! lacks. No other hash of the same PIN is kept, an attacker would take the cheaper one: a key holder's PIN is tried at
//! the scrypt of their key's file and nowhere else.

use super::KeyError;
use super::derive::hkdf;
use super::machine::MachineSecret;
use super::signing::SigningKey;
use crate::domain::session::Mode;
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

/// PINs that stand in this program's own papers: everybody can read them there.
const PRINTED: [&str; 5] = ["135790", "246801", "314159", "271828", "161803"];

/// A person's PIN: 6 to 12 digits.
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes the digits as they were typed.
    ///
    /// # Errors
    /// [`KeyError::PinShape`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if (6..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(KeyError::PinShape)
        }
    }

    /// Whether a person may have it: Live refuses those that are printed in documents.
    ///
    /// # Errors
    /// [`KeyError::Printed`].
    pub fn allowed_in(&self, mode: Mode) -> Result<(), KeyError> {
        match mode {
            Mode::Live if PRINTED.contains(&self.0.as_str()) => Err(KeyError::Printed { what: "PIN" }),
            Mode::Live | Mode::Rehearsal | Mode::Demo => Ok(()),
        }
    }

    /// Whether the same digits were typed again.
    #[must_use]
    pub fn is(&self, again: &str) -> bool {
        *self.0 == *again
    }

    /// The digits, for the file of a key holder's key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(..)")
    }
}

/// What argon2id costs for one try. Stored beside the value it protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KdfCost {
    /// Memory in MiB.
    pub argon_mib: u32,
    /// Passes over it.
    pub argon_t: u32,
    /// Lanes; computed one after another.
    pub lanes: u32,
}

/// The second recommendation of RFC 9106 §4.
impl Default for KdfCost {
    fn default() -> Self {
        Self { argon_mib: 64, argon_t: 3, lanes: 4 }
    }
}

impl KdfCost {
    /// The most this program computes: a forged cost must not stop the desk.
    const MOST: Self = Self { argon_mib: 1024, argon_t: 16, lanes: 16 };
    /// The least that can be computed.
    const LEAST: Self = Self { argon_mib: 1, argon_t: 1, lanes: 1 };

    /// Checks the floor of a mode: Live takes the default memory and passes or more, the others whatever can be
    /// computed, so that drills and tests are quick.
    ///
    /// # Errors
    /// [`KeyError::Cost`] with the figure that is out of range.
    pub fn allowed_in(&self, mode: Mode) -> Result<(), KeyError> {
        match mode {
            Mode::Live => self.at_least(Self { lanes: Self::LEAST.lanes, ..Self::default() }),
            Mode::Rehearsal | Mode::Demo => self.at_least(Self::LEAST),
        }
    }

    fn at_least(&self, floor: Self) -> Result<(), KeyError> {
        for (field, found, least, most) in [
            ("argon_mib", self.argon_mib, floor.argon_mib, Self::MOST.argon_mib),
            ("argon_t", self.argon_t, floor.argon_t, Self::MOST.argon_t),
            ("lanes", self.lanes, floor.lanes, Self::MOST.lanes),
        ] {
            if !(least..=most).contains(&found) {
                return Err(KeyError::Cost { field, least, most, found });
            }
        }
        Ok(())
    }
}

/// Frozen: it opens every kept identity.
const LABEL: &str = "kaodian/kek/1";

/// A person's key-encryption key.
pub(super) struct Kek(Zeroizing<[u8; 32]>);

impl Kek {
    /// Derives it; argon2's memory is given back before this returns.
    pub(super) fn derive(pin: &Pin, salt: &[u8; 16], cost: KdfCost, machine: &MachineSecret) -> Result<Self, KeyError> {
        cost.at_least(KdfCost::LEAST)?;
        let mut secret = Zeroizing::new([0; 64]);
        let (stretched, rest) = secret.split_at_mut(32);
        // Above glibc's greatest mmap threshold the blocks are a mapping of their own, returned when they are dropped.
        Params::new(cost.argon_mib * 1024, cost.argon_t, cost.lanes, Some(32))
            .and_then(|params| {
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
                    pin.0.as_bytes(),
                    salt,
                    stretched,
                )
            })
            .map_err(|_| KeyError::Primitive { what: "argon2id" })?;
        rest.copy_from_slice(machine.bytes());
        Ok(Self(hkdf(secret.as_slice(), LABEL)?))
    }

    /// Derives that of a key holder.
    pub(super) fn of_key(key: &SigningKey) -> Result<Self, KeyError> {
        hkdf(key.seed(), LABEL).map(Self)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Digest;

    #[test]
    fn a_pin_is_six_to_twelve_digits() {
        for good in ["000000", "123456789012"] {
            assert!(Pin::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "12345", "1234567890123", "12345a", "１２３４５６", "123456\n", " 123456"] {
            assert!(matches!(Pin::parse(bad), Err(KeyError::PinShape)), "{bad}");
        }
        assert_eq!(format!("{:?}", Pin::parse("246813").unwrap()), "Pin(..)");
    }

    #[test]
    fn live_takes_the_default_cost_and_nothing_cheaper() {
        let cost = KdfCost::default();
        let cheap_memory = KdfCost { argon_mib: 63, ..cost };
        let cheap_time = KdfCost { argon_t: 2, ..cost };
        assert!(cost.allowed_in(Mode::Live).is_ok());
        assert!(KdfCost { argon_mib: 256, argon_t: 4, lanes: 1 }.allowed_in(Mode::Live).is_ok());
        for cheap in [cheap_memory, cheap_time] {
            assert!(matches!(cheap.allowed_in(Mode::Live), Err(KeyError::Cost { .. })), "{cheap:?}");
            assert!(cheap.allowed_in(Mode::Rehearsal).is_ok());
            assert!(cheap.allowed_in(Mode::Demo).is_ok());
        }
        for broken in
            [KdfCost { argon_mib: 0, ..cost }, KdfCost { argon_mib: 4096, ..cost }, KdfCost { lanes: 0, ..cost }]
        {
            assert!(broken.allowed_in(Mode::Demo).is_err(), "{broken:?}");
        }
    }

    /// Recomputed with argon2-cffi and RFC 5869 in Python. Never to change: it opens every kept identity.
    #[test]
    fn the_key_of_a_pin_is_frozen() {
        let machine = MachineSecret::from_bytes([7; 32]);
        let salt: [u8; 16] = std::array::from_fn(|i| u8::try_from(i).unwrap());
        for (cost, expected) in [
            (
                KdfCost { argon_mib: 1, argon_t: 1, lanes: 1 },
                "bd96e82e0e5715b0c2a0d76dfe9d213748f932e61aa22ff08a3498c2e823fd38",
            ),
            (KdfCost::default(), "487b991438c9d5027818af23cd97bf7b11ed7e55c1de457a60562af501afef55"),
        ] {
            let kek = Kek::derive(&Pin::parse("246813").unwrap(), &salt, cost, &machine).unwrap();
            assert_eq!(Digest::new(*kek.bytes()).to_string(), expected);
        }
    }

    /// Recomputed with RFC 5869 in Python over the seed 00 01 … 1f. Never to change.
    #[test]
    fn the_key_of_a_key_holder_is_frozen() {
        let seed = std::array::from_fn(|i| u8::try_from(i).unwrap());
        let kek = Kek::of_key(&SigningKey::from_seed(seed)).unwrap();
        assert_eq!(
            Digest::new(*kek.bytes()).to_string(),
            "8984e54b6735c6117c9156e10618b1e3b05a9ab4aaef35bb62e043064811662d"
        );
    }

    #[test]
    fn every_input_changes_the_key() {
        let cost = KdfCost { argon_mib: 1, argon_t: 1, lanes: 1 };
        let key = |pin: &str, salt: u8, cost, machine: u8| {
            let machine = MachineSecret::from_bytes([machine; 32]);
            *Kek::derive(&Pin::parse(pin).unwrap(), &[salt; 16], cost, &machine).unwrap().bytes()
        };
        let one = key("246813", 1, cost, 1);
        assert_eq!(one, key("246813", 1, cost, 1));
        assert_ne!(one, key("246814", 1, cost, 1));
        assert_ne!(one, key("246813", 2, cost, 1));
        assert_ne!(one, key("246813", 1, KdfCost { argon_t: 2, ..cost }, 1));
        assert_ne!(one, key("246813", 1, cost, 2));
    }
}
