//! The one seam through which data keys come into memory.
//!
//! Before site keys exist a person's PIN is the only secret that opens them; the site passphrase joins it here and
//! nowhere else. Keeps nothing: whoever unlocks owns the keys and drops them.

use super::KeyError;
use super::identity::SealedIdentity;
use super::machine::MachineSecret;
use super::pin::Pin;
use super::wraps::{self, DataKeys};
use crate::domain::ids::OperatorId;
use std::path::Path;

/// A person who unlocks: who, what the store keeps for them, what they typed.
#[derive(Debug)]
pub struct PersonSecret<'a> {
    /// Who, by the row in which the identity is kept.
    pub op: &'a OperatorId,
    /// Their sealed identity.
    pub identity: &'a SealedIdentity,
    /// Their PIN.
    pub pin: &'a Pin,
}

/// Opens the data keys of all sessions that are wrapped: PIN and machine secret open the person, the person the keys.
///
/// # Errors
/// [`KeyError`]: machine secret missing or readable by others, wrong PIN, keys missing, damaged or not for this person.
pub fn unlock(secret: &PersonSecret<'_>, machine: &Path, wraps: &Path) -> Result<DataKeys, KeyError> {
    let machine = MachineSecret::read(machine)?;
    let identity = secret.identity.open(secret.op, secret.pin, &machine)?;
    wraps::read(wraps, &identity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SessionId;
    use crate::trust::data_key::DataKey;
    use crate::trust::pin::KdfCost;
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
        let chen = PersonSecret { op: &op, identity: &identity, pin: &pin };
        let code = |secret: &PersonSecret<'_>| unlock(secret, &secret_path, &wraps_path).unwrap_err().code();

        assert_eq!(code(&chen), "KD-K-06");
        let session = SessionId::new([3; 16]);
        let mut keys = DataKeys::default();
        keys.insert(session, DataKey::generate(&rng).unwrap());
        wraps::write(&wraps_path, &keys, &[opened.recipient()]).unwrap();

        let unlocked = unlock(&chen, &secret_path, &wraps_path).unwrap();
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
}
