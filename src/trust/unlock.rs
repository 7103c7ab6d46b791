//! The one seam through which a person's secrets come into memory: their PIN opens either their identity, with the
//! machine secret, or the file of their signing key, which opens their identity.
//!
//! Keeps nothing: whoever unlocks owns what was opened and drops it. Refuses to know which try it is (tries.rs).

use super::identity::{Identity, SealedIdentity};
use super::machine::MachineSecret;
use super::pin::Pin;
use super::signing::SigningKey;
use super::{KeyError, signing};
use crate::domain::ids::OperatorId;
use std::path::{Path, PathBuf};

/// A person who unlocks: who, what is kept for them, what they typed.
#[derive(Debug)]
pub struct PersonSecret<'a> {
    /// Who, by the row in which the identity is kept.
    pub op: &'a OperatorId,
    /// Their sealed identity.
    pub identity: &'a SealedIdentity,
    /// The file of their signing key; read only where the identity is sealed under one.
    pub key: Option<&'a Path>,
    /// Their PIN.
    pub pin: &'a Pin,
}

/// A person whose PIN was right.
#[derive(Debug)]
pub struct Person {
    /// Opens names and wrapped data keys.
    pub identity: Identity,
    /// Signs without asking for the PIN again; key holders alone have one.
    pub signing: Option<SigningKey>,
}

/// Opens a person's secrets; costs one argon2id, or for a key holder one scrypt.
///
/// # Errors
/// [`KeyError`]: wrong PIN; machine secret or key file missing, readable by others or damaged; the identity is another
/// person's or another key's.
pub fn unlock(secret: &PersonSecret<'_>, machine: &Path) -> Result<Person, KeyError> {
    if !secret.identity.holds_key() {
        let machine = MachineSecret::read(machine)?;
        return Ok(Person { identity: secret.identity.open(secret.op, secret.pin, &machine)?, signing: None });
    }
    let no_key = || KeyError::NoKey { path: PathBuf::from(format!("{}.pem", secret.op)) };
    let key = signing::read(secret.key.ok_or_else(no_key)?, secret.pin.as_bytes()).map_err(|e| match e {
        KeyError::WrongPassphrase => KeyError::WrongPin,
        other => other,
    })?;
    Ok(Person { identity: secret.identity.open_with(secret.op, &key)?, signing: Some(key) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SessionId;
    use crate::trust::data_key::DataKey;
    use crate::trust::pin::KdfCost;
    use crate::trust::signing::ScryptCost;
    use crate::trust::wraps::{self, DataKeys};
    use ring::rand::SystemRandom;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_pin_opens_the_keys_and_every_obstacle_has_its_code() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        let (secret_path, wraps_path) = (dir.path().join("D.secret"), dir.path().join("wraps"));
        let machine = MachineSecret::create(&secret_path, &rng).unwrap();
        let (op, pin) = (OperatorId::parse("chen").unwrap(), Pin::parse("246813").unwrap());
        let cost = KdfCost { argon_mib: 1, argon_t: 1, lanes: 1 };
        let (identity, opened) = SealedIdentity::new(&op, &pin, &machine, cost, &rng).unwrap();
        let chen = PersonSecret { op: &op, identity: &identity, key: None, pin: &pin };
        let keys_of = |secret: &PersonSecret<'_>| {
            unlock(secret, &secret_path).and_then(|person| wraps::read(&wraps_path, &person.identity))
        };
        let code = |secret: &PersonSecret<'_>| keys_of(secret).unwrap_err().code();

        assert_eq!(code(&chen), "KD-K-06");
        let session = SessionId::new([3; 16]);
        let mut keys = DataKeys::default();
        keys.insert(session, DataKey::generate(&rng).unwrap());
        wraps::write(&wraps_path, &keys, &[opened.recipient()]).unwrap();

        let unlocked = keys_of(&chen).unwrap();
        assert_eq!(unlocked.get(&session).unwrap().bytes(), keys.get(&session).unwrap().bytes());

        let wrong = Pin::parse("246814").unwrap();
        assert_eq!(code(&PersonSecret { pin: &wrong, ..chen }), "KD-K-02");
        let (stranger, _) = SealedIdentity::new(&op, &pin, &machine, cost, &rng).unwrap();
        assert_eq!(code(&PersonSecret { identity: &stranger, ..chen }), "KD-K-07");
        fs::set_permissions(&wraps_path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(code(&chen), "KD-K-04");
        fs::set_permissions(&wraps_path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&wraps_path, "age-encryption.org/v1\n").unwrap();
        assert_eq!(code(&chen), "KD-K-05");
        fs::set_permissions(&secret_path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(code(&chen), "KD-K-04");
        fs::remove_file(&secret_path).unwrap();
        assert_eq!(code(&chen), "KD-K-03");
    }

    #[test]
    fn a_key_holders_pin_opens_key_and_identity_without_the_machine_secret() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        let (nowhere, path) = (dir.path().join("D.secret"), dir.path().join("wang.pem"));
        let (op, pin) = (OperatorId::parse("wang").unwrap(), Pin::parse("246813").unwrap());
        let key = SigningKey::generate(&rng).unwrap();
        let (identity, made) = SealedIdentity::for_key(&op, &key, &rng).unwrap();
        let wang = PersonSecret { op: &op, identity: &identity, key: Some(&path), pin: &pin };
        let code = |secret: &PersonSecret<'_>| unlock(secret, &nowhere).unwrap_err().code();

        assert_eq!(code(&wang), "KD-K-17");
        assert_eq!(code(&PersonSecret { key: None, ..wang }), "KD-K-17");
        signing::write(&path, &key, pin.as_bytes(), ScryptCost { log_n: 4 }, &rng).unwrap();
        let person = unlock(&wang, &nowhere).unwrap();
        assert_eq!(person.identity.recipient(), made.recipient());
        assert_eq!(person.signing.unwrap().public(), key.public());

        let wrong = Pin::parse("246814").unwrap();
        assert_eq!(code(&PersonSecret { pin: &wrong, ..wang }), "KD-K-02");
        let chen = OperatorId::parse("chen").unwrap();
        assert_eq!(code(&PersonSecret { op: &chen, ..wang }), "KD-K-11");
        signing::write(&path, &SigningKey::generate(&rng).unwrap(), pin.as_bytes(), ScryptCost { log_n: 4 }, &rng)
            .unwrap();
        assert_eq!(code(&wang), "KD-K-11");
    }
}
