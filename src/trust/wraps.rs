//! The data keys of sessions in one age file: `wraps`, for the crew on duty, and `sessions.age`, for the site alone
//! (sealing.md §5).
//!
//! ```text
//! file        one age v1 file, binary, mode 0600; X25519 recipients: each crew member, or the site's identity
//! plaintext   canonical JSON {"<session id, 32 hex>":"<data key, base64url of 32 bytes>",…}
//! ```
//!
//! Neither lies in the database. Whoever joins the crew or whichever session leaves, the whole file is written anew;
//! `age -d` reads it. age says nothing about the sender: a forged file gives keys that open nothing. Which sessions stand
//! in which file is the caller's to know.

use super::data_key::DataKey;
use super::identity::Identity;
use super::{KeyError, file};
use crate::domain::ids::SessionId;
use crate::proof::base64url;
use age::x25519::{self, Recipient};
use age::{DecryptError, Decryptor, Encryptor};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;
use zeroize::Zeroizing;

/// 10,000 sessions and 1,000 recipients are far below this.
const MOST_BYTES: u64 = 1 << 20;
/// One member with its comma: two quoted texts of 32 and 43 characters and a colon.
const MEMBER_BYTES: usize = 32 + 43 + 6;

/// The data keys in memory, by session.
#[derive(Debug, Clone, Default)]
pub struct DataKeys(BTreeMap<SessionId, DataKey>);

impl DataKeys {
    /// The key of a session.
    #[must_use]
    pub fn get(&self, session: &SessionId) -> Option<&DataKey> {
        self.0.get(session)
    }

    /// Adds the key of a newly planned session.
    pub fn insert(&mut self, session: SessionId, key: DataKey) {
        self.0.insert(session, key);
    }

    /// Forgets the key of a session, so that the next [`write()`] leaves it out.
    pub fn remove(&mut self, session: &SessionId) -> Option<DataKey> {
        self.0.remove(session)
    }

    /// The sessions, ascending.
    pub fn sessions(&self) -> impl Iterator<Item = &SessionId> {
        self.0.keys()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn to_json(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it from the start: growing would leave copies of the keys behind.
        let mut json = Zeroizing::new(Vec::with_capacity(2 + MEMBER_BYTES * self.0.len()));
        json.push(b'{');
        for (session, key) in &self.0 {
            if json.len() > 1 {
                json.push(b',');
            }
            let key = Zeroizing::new(base64url::encode(key.bytes()));
            for part in ["\"", &session.to_string(), "\":\"", &key, "\""] {
                json.extend_from_slice(part.as_bytes());
            }
        }
        json.push(b'}');
        json
    }

    fn from_json(json: &[u8]) -> Option<Self> {
        // Borrowed texts, so that no copy of a key stays behind; ours hold no escapes.
        let members: BTreeMap<&str, &str> = serde_json::from_slice(json).ok()?;
        let key = |(session, key): (&str, &str)| {
            let bytes = Zeroizing::new(base64url::decode(key)?);
            let bytes = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?);
            Some((SessionId::parse(session).ok()?, DataKey::from_bytes(bytes).ok()?))
        };
        members.into_iter().map(key).collect::<Option<_>>().map(Self)
    }
}

/// Opens `wraps` for one person.
///
/// # Errors
/// [`KeyError`] when the file is missing, may be read by others, is damaged or is not for this person.
pub fn read(path: &Path, identity: &Identity) -> Result<DataKeys, KeyError> {
    read_as(path, identity.age())
}

/// Opens the file for one age identity.
pub(super) fn read_as(path: &Path, identity: &x25519::Identity) -> Result<DataKeys, KeyError> {
    let damaged = || KeyError::Damaged { path: path.to_owned() };
    let sealed = file::read(path, MOST_BYTES)?.ok_or_else(|| KeyError::NoWraps { path: path.to_owned() })?;
    let mut json = Zeroizing::new(Vec::with_capacity(sealed.len()));
    Decryptor::new_buffered(sealed.as_slice())
        .and_then(|age| age.decrypt(std::iter::once(identity as &dyn age::Identity)))
        .map_err(|e| match e {
            DecryptError::NoMatchingKeys => KeyError::NotForThisPerson { path: path.to_owned() },
            _ => damaged(),
        })?
        .read_to_end(&mut json)
        .map_err(|_| damaged())?;
    DataKeys::from_json(&json).ok_or_else(damaged)
}

/// Replaces the file durably: exactly these keys, for exactly these recipients (`age1…`).
///
/// # Errors
/// [`KeyError`] when a recipient does not read, there is none, or the file cannot be written; the old file stands then.
pub fn write(path: &Path, keys: &DataKeys, recipients: &[String]) -> Result<(), KeyError> {
    let crew: Vec<Recipient> = recipients
        .iter()
        .map(|text| text.parse().map_err(|_| KeyError::Recipients { found: "one that does not read" }))
        .collect::<Result<_, _>>()?;
    if crew.is_empty() {
        return Err(KeyError::Recipients { found: "none" });
    }
    let failed = KeyError::Primitive { what: "an age file" };
    let Ok(age) = Encryptor::with_recipients(crew.iter().map(|recipient| recipient as &dyn age::Recipient)) else {
        return Err(failed);
    };
    let mut sealed = Vec::new();
    age.wrap_output(&mut sealed)
        .and_then(|mut writer| {
            writer.write_all(&keys.to_json())?;
            writer.finish()
        })
        .map_err(|_| failed)?;
    file::write(path, &sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::OperatorId;
    use crate::trust::identity::SealedIdentity;
    use crate::trust::machine::MachineSecret;
    use crate::trust::pin::{KdfCost, Pin};
    use ring::rand::SystemRandom;

    fn person(name: &str) -> Identity {
        let cost = KdfCost { argon_mib: 1, argon_t: 1, lanes: 1 };
        let op = OperatorId::parse(name).unwrap();
        let pin = Pin::parse("246813").unwrap();
        SealedIdentity::new(&op, &pin, &MachineSecret::from_bytes([7; 32]), cost, &SystemRandom::new()).unwrap().1
    }

    fn keys(bytes: &[u8]) -> DataKeys {
        let key = |byte: &u8| (SessionId::new([*byte; 16]), DataKey::from_bytes(Zeroizing::new([*byte; 32])).unwrap());
        DataKeys(bytes.iter().map(key).collect())
    }

    fn roots(keys: &DataKeys) -> Vec<(SessionId, [u8; 32])> {
        keys.0.iter().map(|(session, key)| (*session, *key.bytes())).collect()
    }

    #[test]
    fn every_crew_member_reads_the_same_keys_and_nobody_else_does() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wraps");
        let (chen, wang, lin) = (person("chen"), person("wang"), person("lin"));
        write(&path, &keys(&[1, 2, 3]), &[chen.recipient(), wang.recipient()]).unwrap();
        for member in [&chen, &wang] {
            assert_eq!(roots(&read(&path, member).unwrap()), roots(&keys(&[1, 2, 3])));
        }
        assert!(matches!(read(&path, &lin), Err(KeyError::NotForThisPerson { .. })));
    }

    #[test]
    fn sessions_and_crew_come_and_go() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wraps");
        let (chen, wang) = (person("chen"), person("wang"));
        assert!(matches!(read(&path, &chen), Err(KeyError::NoWraps { .. })));
        write(&path, &DataKeys::default(), &[chen.recipient()]).unwrap();
        let mut held = read(&path, &chen).unwrap();
        assert!(held.is_empty());
        for (session, key) in keys(&[1, 2]).0 {
            held.insert(session, key);
        }
        held.remove(&SessionId::new([1; 16]));
        write(&path, &held, &[wang.recipient()]).unwrap();
        assert!(matches!(read(&path, &chen), Err(KeyError::NotForThisPerson { .. })));
        let held = read(&path, &wang).unwrap();
        assert_eq!(held.sessions().collect::<Vec<_>>(), [&SessionId::new([2; 16])]);
        assert_eq!(held.get(&SessionId::new([2; 16])).unwrap().bytes(), &[2; 32]);
    }

    #[test]
    fn a_file_without_a_reader_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wraps");
        for recipients in [vec![], vec!["age1xyz".to_owned()]] {
            assert!(matches!(write(&path, &keys(&[1]), &recipients), Err(KeyError::Recipients { .. })));
        }
        assert!(!path.exists());
    }

    #[test]
    fn a_damaged_file_is_refused_wherever_it_is_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wraps");
        let chen = person("chen");
        write(&path, &keys(&[1]), &[chen.recipient()]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for i in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[i] ^= 1;
            std::fs::write(&path, &flipped).unwrap();
            assert!(read(&path, &chen).is_err(), "byte {i} flipped");
            std::fs::write(&path, &whole[..i]).unwrap();
            assert!(matches!(read(&path, &chen), Err(KeyError::Damaged { .. })), "cut at {i}");
        }
    }

    #[test]
    fn the_plaintext_is_canonical_and_another_is_refused() {
        let json = keys(&[2, 1]).to_json();
        assert!(crate::proof::jcs::is_canonical(&json));
        assert_eq!(roots(&DataKeys::from_json(&json).unwrap()), roots(&keys(&[1, 2])));
        assert!(json.capacity() <= 2 + MEMBER_BYTES * 2, "it did not grow");
        let text = String::from_utf8(json.to_vec()).unwrap();
        for (from, to) in [("AQEBAQ", "AQEBA"), ("01010101", "0101010"), ("AQEBAQ", "AQEBA=")] {
            assert!(DataKeys::from_json(text.replacen(from, to, 1).as_bytes()).is_none(), "{to}");
        }
        assert!(DataKeys::from_json(b"[]").is_none());
    }
}
