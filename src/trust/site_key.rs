//! The site's own keys, which the site passphrase opens (sealing.md §5, rules.md §14).
//!
//! ```text
//! keys/site.pem      the signing key, PKCS#8 under the passphrase; keys/site.pub beside it     signing
//! keys/site.age      aead form of the text AGE-SECRET-KEY-1…, key HKDF(seed, "kaodian/site-age/1"),
//!                    associated data "kaodian/site-age/1" ‖ 00 ‖ public key 32
//! keys/sessions.age  data keys of every session, the form of `wraps`, for the site's recipient alone
//! ```
//!
//! The passphrase opens the signing key, its seed the age identity, and that the data keys: scrypt stays the only guard.
//! Between sessions this is the only place where data keys rest.

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
use zeroize::Zeroizing;

const LABEL: &str = "kaodian/site-age/1";
/// The text of an age identity is 74 characters, nonce and tag 28 bytes.
const MOST_BYTES: u64 = 256;

/// Where the signing key lies.
#[must_use]
pub fn path(keys: &Path) -> PathBuf {
    keys.join("site.pem")
}

fn age_path(keys: &Path) -> PathBuf {
    keys.join("site.age")
}

fn sessions_path(keys: &Path) -> PathBuf {
    keys.join("sessions.age")
}

/// Whether a site has keys of its own.
#[must_use]
pub fn exists(keys: &Path) -> bool {
    path(keys).exists()
}

/// The opened keys of a site; dropping them closes them.
pub struct SiteKey {
    signing: SigningKey,
    age: x25519::Identity,
}

impl SiteKey {
    /// Makes them, with an empty file of data keys; the signing key comes last, and with it the site has keys.
    ///
    /// # Errors
    /// [`KeyError::Exists`] when one of the files is there: replacing it would lose every data key. [`KeyError::Cost`], or
    /// what the disk says.
    pub fn create(
        keys: &Path,
        passphrase: &Passphrase,
        cost: ScryptCost,
        rng: &dyn SecureRandom,
    ) -> Result<Self, KeyError> {
        for path in [path(keys), age_path(keys), sessions_path(keys)] {
            if path.symlink_metadata().is_ok() {
                return Err(KeyError::Exists { path });
            }
        }
        let site = Self { signing: SigningKey::generate(rng)?, age: x25519::Identity::generate() };
        let secret = site.age.to_string();
        let (kek, place) = under(&site.signing)?;
        let sealed = aead::seal(&kek, &place, rng, secret.expose_secret().as_bytes())?;
        file::write(&age_path(keys), &sealed)?;
        site.write_sessions(keys, &DataKeys::default())?;
        signing::write(&path(keys), &site.signing, passphrase.as_bytes(), cost, rng)?;
        Ok(site)
    }

    /// Opens them; costs one scrypt.
    ///
    /// # Errors
    /// [`KeyError::WrongPassphrase`], [`KeyError::NoKey`], [`KeyError::Damaged`].
    pub fn open(keys: &Path, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let signing = signing::read(&path(keys), passphrase.as_bytes())?;
        let at = age_path(keys);
        let sealed = file::read(&at, MOST_BYTES)?.ok_or_else(|| KeyError::NoKey { path: at.clone() })?;
        let (kek, place) = under(&signing)?;
        let text = aead::open(&kek, &place, &sealed);
        let age = text.and_then(|text| age_identity(&text));
        Ok(Self { age: age.ok_or(KeyError::Damaged { path: at })?, signing })
    }

    /// The key that signs seals.
    #[must_use]
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The age recipient of the site (`age1…`), to which exam packs are encrypted too.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.age.to_public().to_string()
    }

    /// The data keys of every session.
    ///
    /// # Errors
    /// [`KeyError`] when the file is missing, may be read by others or is damaged.
    pub fn sessions(&self, keys: &Path) -> Result<DataKeys, KeyError> {
        wraps::open(&sessions_path(keys), &self.age)
    }

    /// Replaces the file of data keys durably.
    ///
    /// # Errors
    /// [`KeyError::File`]; the old file stands then.
    pub fn write_sessions(&self, keys: &Path, sessions: &DataKeys) -> Result<(), KeyError> {
        wraps::write(&sessions_path(keys), sessions, &[self.recipient()])
    }
}

/// Key and place of the sealed age identity.
fn under(signing: &SigningKey) -> Result<(Zeroizing<[u8; 32]>, Vec<u8>), KeyError> {
    Ok((hkdf(signing.seed(), LABEL)?, [LABEL.as_bytes(), &[0], &signing.public()].concat()))
}

impl fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SessionId;
    use crate::proof::base64url;
    use crate::trust::data_key::DataKey;
    use ring::rand::SystemRandom;

    const CHEAP: ScryptCost = ScryptCost { log_n: 4 };

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::parse(text).unwrap()
    }

    #[test]
    fn the_passphrase_opens_key_recipient_and_sessions_and_nothing_else_does() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        assert!(!exists(dir.path()));
        let made = SiteKey::create(dir.path(), &passphrase("five plain words open it"), CHEAP, &rng).unwrap();
        assert!(exists(dir.path()));
        let session = SessionId::new([3; 16]);
        let mut keys = made.sessions(dir.path()).unwrap();
        assert!(keys.is_empty());
        keys.insert(session, DataKey::generate(&rng).unwrap());
        made.write_sessions(dir.path(), &keys).unwrap();

        let opened = SiteKey::open(dir.path(), &passphrase("five plain words open it")).unwrap();
        assert_eq!((opened.signing().public(), opened.recipient()), (made.signing().public(), made.recipient()));
        let found = opened.sessions(dir.path()).unwrap();
        assert_eq!(found.get(&session).unwrap().bytes(), keys.get(&session).unwrap().bytes());
        let wrong = SiteKey::open(dir.path(), &passphrase("five plain words open us"));
        assert!(matches!(wrong, Err(KeyError::WrongPassphrase)));
    }

    #[test]
    fn files_of_another_site_or_damaged_ones_do_not_open() {
        let (one, two, rng) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), SystemRandom::new());
        let word = passphrase("five plain words open it");
        for dir in [&one, &two] {
            SiteKey::create(dir.path(), &word, CHEAP, &rng).unwrap();
        }
        std::fs::copy(two.path().join("site.age"), one.path().join("site.age")).unwrap();
        assert!(matches!(SiteKey::open(one.path(), &word), Err(KeyError::Damaged { .. })));
        let site = SiteKey::open(two.path(), &word).unwrap();
        std::fs::copy(one.path().join("sessions.age"), two.path().join("sessions.age")).unwrap();
        assert!(matches!(site.sessions(two.path()), Err(KeyError::NotForThisPerson { .. })));
        std::fs::remove_file(two.path().join("sessions.age")).unwrap();
        assert!(matches!(site.sessions(two.path()), Err(KeyError::NoWraps { .. })), "never silently none");
        let mut flipped = std::fs::read(two.path().join("site.age")).unwrap();
        flipped[20] ^= 1;
        for bytes in [flipped, vec![], vec![0; 257]] {
            file::write(&two.path().join("site.age"), &bytes).unwrap();
            assert!(matches!(SiteKey::open(two.path(), &word), Err(KeyError::Damaged { .. })));
        }
        std::fs::remove_file(two.path().join("site.age")).unwrap();
        assert!(matches!(SiteKey::open(two.path(), &word), Err(KeyError::NoKey { .. })));
    }

    #[test]
    fn keys_are_made_once_and_never_over_what_a_lost_one_opens() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        let word = passphrase("five plain words open it");
        SiteKey::create(dir.path(), &word, CHEAP, &rng).unwrap();
        for name in ["site.pem", "site.age", "sessions.age"] {
            let refused = SiteKey::create(dir.path(), &word, CHEAP, &rng);
            assert!(matches!(refused, Err(KeyError::Exists { path }) if path.ends_with(name)), "{name}");
            std::fs::remove_file(dir.path().join(name)).unwrap();
        }
        SiteKey::create(dir.path(), &word, CHEAP, &rng).unwrap();
    }

    /// Sealed with cryptography in Python under the seed 00 01 … 1f. Never to change.
    #[test]
    fn a_kept_age_identity_opens() {
        let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
        let word = passphrase("five plain words open it");
        let key = SigningKey::from_seed(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        signing::write(&path(dir.path()), &key, word.as_bytes(), CHEAP, &rng).unwrap();
        let sealed = concat!(
            "AAECAwQFBgcICQoL2ipzgeyd48_ZwnnXE9ac_eZN6PDfRhzOxj8cwxJw4qY9I0GRlDtc5Vs-zt92fpkQJjjK6MpxVr8O4VtL0t-L",
            "esowon4ByvvNYCP-rIxFvwe3VQIvf1U1ofmV"
        );
        file::write(&age_path(dir.path()), &base64url::decode(sealed).unwrap()).unwrap();
        let site = SiteKey::open(dir.path(), &word).unwrap();
        assert_eq!(site.recipient(), "age1h8fru6cjtnhh6dcv0mafgx9hzyf2xcfvdsta5wejztdph5pth4as3txcn8");
    }
}
