//! The site's own secrets in its key directory: a signing key under the site passphrase, and what its seed opens
//! (sealing.md §5).
//!
//! ```text
//! site.pem       the signing key under the site passphrase (signing.rs), site.pub beside it
//! site.age       aead form under HKDF(seed, "kaodian/site-age/1"), plaintext = the text AGE-SECRET-KEY-1…,
//!                associated data "kaodian/site-age/1"; exam packs and data keys are encrypted to its recipient
//! sessions.age   the data keys of all sessions, for that recipient alone (wraps.rs)
//! ```
//!
//! Whoever opens a [`SiteKey`] drops it as soon as the act is done. Refuses to know sessions' states and certificates.

use super::derive::hkdf;
use super::identity::age_identity;
use super::passphrase::Passphrase;
use super::signing::{self, ScryptCost, SigningKey};
use super::wraps::{self, DataKeys};
use super::{KeyError, aead, file};
use age::secrecy::ExposeSecret as _;
use age::x25519;
use ring::rand::SecureRandom;
use std::fmt;
use std::path::{Path, PathBuf};

/// Key derivation and associated data. Frozen.
const LABEL: &str = "kaodian/site-age/1";
/// The text of an identity is 74 bytes.
const MOST_BYTES: u64 = 256;

/// The file of the signing key.
#[must_use]
pub fn key_file(dir: &Path) -> PathBuf {
    dir.join("site.pem")
}

fn age_file(dir: &Path) -> PathBuf {
    dir.join("site.age")
}

/// The file of the data keys.
#[must_use]
pub fn sessions_file(dir: &Path) -> PathBuf {
    dir.join("sessions.age")
}

/// The site's secrets in memory.
pub struct SiteKey {
    signing: SigningKey,
    age: x25519::Identity,
}

impl SiteKey {
    /// Makes them, and a file of no data keys. The signing key is written last: it is there only when everything is.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when one of the files is there: replacing it would lose every data key. [`KeyError::Cost`];
    /// whatever the disk says.
    pub fn create(
        dir: &Path,
        passphrase: &Passphrase,
        cost: ScryptCost,
        rng: &dyn SecureRandom,
    ) -> Result<Self, KeyError> {
        for path in [key_file(dir), age_file(dir), sessions_file(dir)] {
            if path.symlink_metadata().is_ok() {
                return Err(KeyError::Exists { path });
            }
        }
        let site = Self { signing: SigningKey::generate(rng)?, age: x25519::Identity::generate() };
        let text = site.age.to_string();
        let key = hkdf(site.signing.seed(), LABEL)?;
        file::write(&age_file(dir), &aead::seal(&key, LABEL.as_bytes(), rng, text.expose_secret().as_bytes())?)?;
        write_sessions(dir, &site, &DataKeys::default())?;
        signing::write(&key_file(dir), &site.signing, passphrase.as_bytes(), cost, rng)?;
        Ok(site)
    }

    /// Opens them; costs one scrypt.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`]; [`KeyError::NoKey`], [`KeyError::Damaged`] and what [`signing::read`] says.
    pub fn open(dir: &Path, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let signing = signing::read(&key_file(dir), passphrase.as_bytes())?;
        let path = age_file(dir);
        let Some(sealed) = file::read(&path, MOST_BYTES)? else { return Err(KeyError::NoKey { path }) };
        let key = hkdf(signing.seed(), LABEL)?;
        let text = aead::open(&key, LABEL.as_bytes(), &sealed);
        match text.and_then(|text| age_identity(&text)) {
            Some(age) => Ok(Self { signing, age }),
            None => Err(KeyError::Damaged { path }),
        }
    }

    /// Whether the site has keys.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        key_file(dir).exists()
    }

    /// What the site signs with.
    #[must_use]
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The age recipient (`age1…`) of exam packs and data keys.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.age.to_public().to_string()
    }
}

impl fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteKey(..)")
    }
}

/// Opens the data keys of all sessions.
///
/// # Errors
/// [`KeyError::NoWraps`], [`KeyError::NotForThisPerson`] for another site's, [`KeyError::Damaged`].
pub fn read_sessions(dir: &Path, site: &SiteKey) -> Result<DataKeys, KeyError> {
    wraps::read_as(&sessions_file(dir), &site.age)
}

/// Replaces the data keys of all sessions, durably.
///
/// # Errors
/// [`KeyError`] when the file cannot be written; the old one stands then.
pub fn write_sessions(dir: &Path, site: &SiteKey, keys: &DataKeys) -> Result<(), KeyError> {
    wraps::write(&sessions_file(dir), keys, &[site.recipient()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SessionId;
    use crate::proof::base64url;
    use crate::trust::data_key::DataKey;
    use ring::rand::SystemRandom;
    use std::fs;

    const CHEAP: ScryptCost = ScryptCost { log_n: 4 };

    fn passphrase() -> Passphrase {
        Passphrase::parse("five words open the site").unwrap()
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_site_is_made_once_and_opens_with_its_passphrase_alone() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        assert!(!SiteKey::exists(dir.path()));
        assert!(matches!(SiteKey::open(dir.path(), &passphrase()), Err(KeyError::NoKey { .. })));
        let made = SiteKey::create(dir.path(), &passphrase(), CHEAP, &rng).unwrap();
        assert!(SiteKey::exists(dir.path()));
        assert_eq!(names(dir.path()), ["sessions.age", "site.age", "site.pem", "site.pub"]);
        let opened = SiteKey::open(dir.path(), &passphrase()).unwrap();
        assert_eq!(opened.signing().public(), made.signing().public());
        assert_eq!(opened.recipient(), made.recipient());
        assert_eq!(format!("{opened:?}"), "SiteKey(..)");
        let wrong = Passphrase::parse("five words open the door").unwrap();
        assert!(matches!(SiteKey::open(dir.path(), &wrong), Err(KeyError::WrongPassphrase)));
        assert!(matches!(
            SiteKey::create(dir.path(), &passphrase(), CHEAP, &rng),
            Err(KeyError::Exists { path }) if path.ends_with("site.pem")
        ));
    }

    #[test]
    fn a_lost_signing_key_is_not_replaced_over_the_data_keys_it_opens() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        SiteKey::create(dir.path(), &passphrase(), CHEAP, &rng).unwrap();
        fs::remove_file(key_file(dir.path())).unwrap();
        assert!(matches!(
            SiteKey::create(dir.path(), &passphrase(), CHEAP, &rng),
            Err(KeyError::Exists { path }) if path.ends_with("site.age")
        ));
    }

    #[test]
    fn data_keys_are_for_the_site_alone_and_never_silently_none() {
        let (dir, other, rng) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), SystemRandom::new());
        let site = SiteKey::create(dir.path(), &passphrase(), CHEAP, &rng).unwrap();
        assert!(read_sessions(dir.path(), &site).unwrap().is_empty());
        let mut keys = DataKeys::default();
        let session = SessionId::new([1; 16]);
        keys.insert(session, DataKey::generate(&rng).unwrap());
        write_sessions(dir.path(), &site, &keys).unwrap();
        let opened = SiteKey::open(dir.path(), &passphrase()).unwrap();
        let read = read_sessions(dir.path(), &opened).unwrap();
        assert_eq!(read.get(&session).unwrap().bytes(), keys.get(&session).unwrap().bytes());

        let stranger = SiteKey::create(other.path(), &passphrase(), CHEAP, &rng).unwrap();
        assert!(matches!(read_sessions(dir.path(), &stranger), Err(KeyError::NotForThisPerson { .. })));
        fs::remove_file(sessions_file(dir.path())).unwrap();
        assert!(matches!(read_sessions(dir.path(), &site), Err(KeyError::NoWraps { .. })));
    }

    #[test]
    fn the_age_identity_of_another_site_or_a_damaged_one_does_not_open() {
        let (dir, other, rng) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), SystemRandom::new());
        for dir in [dir.path(), other.path()] {
            SiteKey::create(dir, &passphrase(), CHEAP, &rng).unwrap();
        }
        let path = age_file(dir.path());
        let mut flipped = fs::read(&path).unwrap();
        flipped[20] ^= 1;
        for (flaw, bytes) in [
            ("another site's", fs::read(age_file(other.path())).unwrap()),
            ("flipped", flipped),
            ("nothing", vec![]),
            ("too long", vec![0; 257]),
        ] {
            file::write(&path, &bytes).unwrap();
            let found = SiteKey::open(dir.path(), &passphrase()).unwrap_err();
            assert!(matches!(found, KeyError::Damaged { path: p } if p == path), "{flaw}");
        }
        fs::remove_file(&path).unwrap();
        assert!(matches!(SiteKey::open(dir.path(), &passphrase()), Err(KeyError::NoKey { path: p }) if p == path));
    }

    /// Sealed with cryptography in Python under the seed 00 01 … 1f. Never to change.
    #[test]
    fn a_kept_age_identity_opens() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        let key = SigningKey::from_seed(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        signing::write(&key_file(dir.path()), &key, passphrase().as_bytes(), CHEAP, &rng).unwrap();
        let sealed = concat!(
            "AAECAwQFBgcICQoL2ipzgeyd48_ZwnnXE9ac_eZN6PDfRhzOxj8cwxJw4qY9I0GRlDtc5Vs-zt92fpkQJjjK6MpxVr8O4VtL0t-Leso",
            "won4ByvvNYCO7u6lECIxCeWkzKgtQtAEj"
        );
        file::write(&age_file(dir.path()), &base64url::decode(sealed).unwrap()).unwrap();
        let site = SiteKey::open(dir.path(), &passphrase()).unwrap();
        assert_eq!(site.recipient(), "age1h8fru6cjtnhh6dcv0mafgx9hzyf2xcfvdsta5wejztdph5pth4as3txcn8");
    }
}
