//! The data key of one session, and what is derived from it.
//!
//! ```text
//! personal data   AES-256-GCM (aead form) under HKDF(data key, "kaodian/person/1"),
//!                 associated data = table length 1 ‖ table ‖ row length 2, big-endian ‖ row ‖ session 16
//! document tag    first 8 bytes of HMAC-SHA-256(HKDF(data key, "kaodian/doctag/1"), kind ‖ number)     rules.md §2
//! result salt     first 16 bytes of HMAC-SHA-256(HKDF(data key, "kaodian/result-salt/1"),
//!                 cand ‖ 00 ‖ line of results.jsonl without its salt member)                          sealing.md §6
//! ```
//!
//! `kind` is `DocKind::id` (lower case and `_`), `number` upper case, digits or Chinese: the border
//! between them is plain. Deleting a session's data key shreds its personal data.

use super::derive::hkdf;
use super::{KeyError, aead};
use crate::domain::document::DocKind;
use crate::domain::ids::{AdmissionNo, DocTag, Salt, SessionId};
use ring::hmac;
use ring::rand::SecureRandom;
use std::fmt;
use zeroize::Zeroizing;

/// Where a sealed value stands. It opens there and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The row's key as text.
    pub row: &'a str,
    /// The session.
    pub session: SessionId,
}

impl Place<'_> {
    fn associated(&self) -> Result<Vec<u8>, KeyError> {
        let too_long = |_| KeyError::Primitive { what: "the place of a sealed value" };
        let table = u8::try_from(self.table.len()).map_err(too_long)?;
        let row = u16::try_from(self.row.len()).map_err(too_long)?;
        let (table, row) = ([table], row.to_be_bytes());
        Ok([&table[..], self.table.as_bytes(), &row[..], self.row.as_bytes(), self.session.bytes()].concat())
    }
}

/// The key of a session's personal data, document tags and result salts.
#[derive(Clone)]
pub struct DataKey {
    root: Zeroizing<[u8; 32]>,
    person: Zeroizing<[u8; 32]>,
    tag: Zeroizing<[u8; 32]>,
    salt: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// Draws a new one.
    ///
    /// # Errors
    /// [`KeyError::Primitive`].
    pub fn generate(rng: &dyn SecureRandom) -> Result<Self, KeyError> {
        Self::from_bytes(Zeroizing::new(aead::draw(rng)?))
    }

    /// Takes one that was kept.
    ///
    /// # Errors
    /// [`KeyError::Primitive`].
    pub fn from_bytes(root: Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        Ok(Self {
            person: hkdf(root.as_slice(), "kaodian/person/1")?,
            tag: hkdf(root.as_slice(), "kaodian/doctag/1")?,
            salt: hkdf(root.as_slice(), "kaodian/result-salt/1")?,
            root,
        })
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.root
    }

    /// Seals a person's data for its place.
    ///
    /// # Errors
    /// [`KeyError::Primitive`].
    pub fn seal(&self, place: Place<'_>, rng: &dyn SecureRandom, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        aead::seal(&self.person, &place.associated()?, rng, plain)
    }

    /// Opens what stands at a place.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] when it was sealed for another place or session, or is damaged.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        aead::open(&self.person, &place.associated()?, sealed).ok_or(KeyError::Sealed { what: "personal data" })
    }

    /// Computes the tag by which repeated refusals of one document are linked without its number.
    #[must_use]
    pub fn doc_tag(&self, kind: DocKind, number: &str) -> DocTag {
        DocTag::new(mac(&self.tag, &[kind.id().as_bytes(), number.as_bytes()]))
    }

    /// Computes the salt of a line of results.jsonl, given without its `salt` member.
    #[must_use]
    pub fn result_salt(&self, cand: &AdmissionNo, line: &[u8]) -> Salt {
        Salt::new(mac(&self.salt, &[cand.as_str().as_bytes(), &[0], line]))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

fn mac<const N: usize>(key: &[u8; 32], parts: &[&[u8]]) -> [u8; N] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let mut first = [0; N];
    for (byte, computed) in first.iter_mut().zip(context.sign().as_ref()) {
        *byte = *computed;
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ring::rand::SystemRandom;

    fn key(byte: u8) -> DataKey {
        DataKey::from_bytes(Zeroizing::new([byte; 32])).unwrap()
    }

    fn session(byte: u8) -> SessionId {
        SessionId::new([byte; 16])
    }

    fn cand() -> AdmissionNo {
        AdmissionNo::parse("2611240317").unwrap()
    }

    /// Sealed and computed with cryptography and hmac in Python. Never to change: a store opens as long as these do.
    #[test]
    fn kept_values_open_and_are_computed_again() {
        let place = Place {
            table: "persons",
            row: "2611240317",
            session: SessionId::parse("4f6d2c19a07be3515dd80a6b94c2e7f3").unwrap(),
        };
        let sealed = [
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x6d, 0x38, 0x44, 0x8d, 0x06, 0xfd, 0xab, 0x75, 0xad, 0xee, 0xac,
            0x55, 0xf8, 0x44, 0xb5, 0x79, 0x5c, 0xa9, 0xc1, 0x8c, 0xa6,
        ];
        assert_eq!(key(5).open(place, &sealed).unwrap().as_slice(), b"plain");
        assert_eq!(key(5).doc_tag(DocKind::ResidentId, "11010519491231002X").to_string(), "cb92448bf43c7e7e");
        let salt = key(5).result_salt(&cand(), br#"{"cand":"2611240317"}"#);
        assert_eq!(salt.to_string(), "34128bc3ca78cfeebdd9cc29a74b2ae8");
    }

    #[test]
    fn a_value_opens_at_its_place_under_its_key_alone() {
        let here = Place { table: "persons", row: "12", session: session(1) };
        let sealed = key(1).seal(here, &SystemRandom::new(), b"text").unwrap();
        assert_eq!(key(1).open(here, &sealed).unwrap().as_slice(), b"text");
        for there in [
            Place { table: "person", row: "s12", ..here },
            Place { table: "persons1", row: "2", ..here },
            Place { row: "13", ..here },
            Place { session: session(2), ..here },
        ] {
            assert!(matches!(key(1).open(there, &sealed), Err(KeyError::Sealed { .. })), "{there:?}");
        }
        assert!(matches!(key(2).open(here, &sealed), Err(KeyError::Sealed { .. })));
        assert_ne!(sealed, key(1).seal(here, &SystemRandom::new(), b"text").unwrap(), "each value has its own nonce");
    }

    #[test]
    fn tags_and_salts_differ_by_key_and_by_every_input() {
        let tag = key(1).doc_tag(DocKind::ResidentId, "A");
        assert_ne!(tag, key(2).doc_tag(DocKind::ResidentId, "A"));
        assert_ne!(tag, key(1).doc_tag(DocKind::TempId, "A"));
        assert_ne!(tag, key(1).doc_tag(DocKind::ResidentId, "B"));
        let salt = key(1).result_salt(&cand(), b"line");
        assert_ne!(salt, key(2).result_salt(&cand(), b"line"));
        assert_ne!(salt, key(1).result_salt(&cand(), b"lines"));
    }

    #[test]
    fn a_key_shows_nothing() {
        assert_eq!(format!("{:?}", key(5)), "DataKey(..)");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again(plain: Vec<u8>, table in "[a-z_]{1,12}", row in ".{0,40}") {
            let place = Place { table: &table, row: &row, session: session(3) };
            let sealed = key(3).seal(place, &SystemRandom::new(), &plain).unwrap();
            let opened = key(3).open(place, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
        }

        #[test]
        fn two_places_never_have_the_same_associated_data(
            a in ("[a-z]{0,3}", "[a-z]{0,3}"), b in ("[a-z]{0,3}", "[a-z]{0,3}"),
        ) {
            let bytes = |(table, row): &(String, String)| Place { table, row, session: session(1) }.associated().unwrap();
            prop_assert_eq!(a == b, bytes(&a) == bytes(&b));
        }
    }
}
