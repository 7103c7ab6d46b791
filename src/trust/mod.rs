//! Trust: the secrets of people, sites and sessions while they rest, and the seams that open them (sealing.md §5).
//!
//! ```text
//! PIN ──argon2id(salt, cost)──┐
//! machine secret ─────────────┴─HKDF──► key-encryption key ──AES-256-GCM──► a person's age identity, their name
//! PIN ──scrypt──► a key holder's signing key ──HKDF──► the same
//! age identity ──opens the age file `wraps`──► data key of each session of the crew on duty
//! site passphrase ──scrypt──► site's signing key ──HKDF──► site's age identity ──opens `sessions.age`──► every data key
//! data key ──HKDF──► personal data (AES-256-GCM) · document tags (HMAC) · result salts (HMAC)
//! ```
//!
//! Knows nothing of the store that keeps sealed values, of sessions' states or of who may do what (`domain::crew`).
//! Secrets are zeroised when dropped and have no readable `Debug`. Errors name paths and rules, never a secret.
//!
//! | code | [`KeyError`] |
//! |---|---|
//! | KD-K-01 | a PIN is not 6 to 12 digits |
//! | KD-K-02 | the PIN does not open this person's key |
//! | KD-K-03 | the machine secret is missing |
//! | KD-K-04 | a secret file may be read by others |
//! | KD-K-05 | a secret file is damaged |
//! | KD-K-06 | a file of wrapped data keys is missing |
//! | KD-K-07 | the data keys are not encrypted to this person or site |
//! | KD-K-08 | a key-derivation cost is below the floor or out of range |
//! | KD-K-09 | a secret file cannot be read or written |
//! | KD-K-10 | a cryptographic primitive failed |
//! | KD-K-11 | a sealed value does not open |
//! | KD-K-12 | data keys have no recipient, or one that does not read |
//! | KD-K-13 | the machine secret or the site key exists already |
//! | KD-K-15 | a passphrase does not open a signing key |
//! | KD-K-16 | a passphrase is too short, or has another form |
//! | KD-K-17 | the file of a signing key is missing |
//! | KD-K-18 | a signing key has another form than this program computes |
//! | KD-K-19 | too many wrong PINs: wait |
//! | KD-K-21 | a PIN or passphrase is printed in the program's own papers |
//!
//! KD-K-14 is said where secrets are read (`cli::secret`).

mod aead;
pub mod credentials;
pub mod data_key;
mod derive;
pub(crate) mod file;
pub mod identity;
pub mod machine;
pub mod organisation;
pub mod passphrase;
pub mod pin;
pub mod request;
pub mod signing;
pub mod site_key;
pub mod tries;
pub mod unlock;
pub mod wraps;
pub mod x509;

use std::io;
use std::path::PathBuf;

/// Why a key could not be made, opened or kept.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Another shape than a PIN's.
    #[error("expected a PIN of 6 to 12 digits, found another form")]
    PinShape,
    /// Wrong PIN, or the machine secret of another installation.
    #[error("the PIN does not open this person's key")]
    WrongPin,
    /// No machine secret at the expected path.
    #[error("expected the machine secret at {}, found no file", path.display())]
    NoMachineSecret {
        /// Where it is expected.
        path: PathBuf,
    },
    /// Others than the owner have rights on a secret file.
    #[error("expected {} to be its owner's alone (mode 0600), found mode {mode:04o}", path.display())]
    TooWide {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A secret file is not what was written.
    #[error("expected {} as it was written, found it damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// No wrapped data keys: nothing was imported yet, or the file was removed.
    #[error("expected the wrapped data keys at {}, found no file", path.display())]
    NoWraps {
        /// Where they are expected.
        path: PathBuf,
    },
    /// The person joined the crew after the keys were wrapped.
    #[error("expected {} to be encrypted to this person or site, found other recipients", path.display())]
    NotForThisPerson {
        /// The file.
        path: PathBuf,
    },
    /// Too cheap for the mode, or out of the range that this program computes.
    #[error("expected {field} from {least} to {most}, found {found}")]
    Cost {
        /// Name of the figure, as the configuration spells it.
        field: &'static str,
        /// Least allowed.
        least: u32,
        /// Most allowed.
        most: u32,
        /// As given.
        found: u32,
    },
    /// The operating system refused.
    #[error("cannot {verb} {}: {source}", path.display())]
    File {
        /// What was tried, such as `read`.
        verb: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
    /// The library or the source of randomness failed.
    #[error("cannot compute {what}")]
    Primitive {
        /// What was computed.
        what: &'static str,
    },
    /// Another key, another place, or damaged.
    #[error("the sealed {what} does not open: another key or place, or damaged")]
    Sealed {
        /// What was sealed.
        what: &'static str,
    },
    /// An age file needs at least one recipient, and each must read.
    #[error("expected the age recipients of the crew, found {found}")]
    Recipients {
        /// `none` or `one that does not read`.
        found: &'static str,
    },
    /// A new machine secret would make every PIN worthless, a new site key every certificate.
    #[error("expected no secret at {}, found one", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Known to everybody who reads: Live takes another.
    #[error("expected a {what} of your own, found one that is printed in this program's documents")]
    Printed {
        /// PIN or passphrase.
        what: &'static str,
    },
    /// Another secret than the one under which a signing key was written.
    #[error("the passphrase does not open this key")]
    WrongPassphrase,
    /// Another form than a passphrase's, or too short for the mode.
    #[error("expected a passphrase of {expected}, found another")]
    PassphraseForm {
        /// What is asked of it.
        expected: &'static str,
    },
    /// A private key or the public key that lies beside it.
    #[error("expected a key at {}, found no file", path.display())]
    NoKey {
        /// Where it is expected.
        path: PathBuf,
    },
    /// Another algorithm, encryption or encoding.
    #[error("expected {expected}, found another form")]
    KeyForm {
        /// What is computed here.
        expected: &'static str,
    },
    /// Too many wrong PINs for another try.
    #[error("expected a pause of {seconds} s after so many wrong PINs, found a try before its end")]
    Wait {
        /// Until the next try.
        seconds: u64,
    },
}

impl KeyError {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PinShape => "KD-K-01",
            Self::WrongPin => "KD-K-02",
            Self::NoMachineSecret { .. } => "KD-K-03",
            Self::TooWide { .. } => "KD-K-04",
            Self::Damaged { .. } => "KD-K-05",
            Self::NoWraps { .. } => "KD-K-06",
            Self::NotForThisPerson { .. } => "KD-K-07",
            Self::Cost { .. } => "KD-K-08",
            Self::File { .. } => "KD-K-09",
            Self::Primitive { .. } => "KD-K-10",
            Self::Sealed { .. } => "KD-K-11",
            Self::Recipients { .. } => "KD-K-12",
            Self::Exists { .. } => "KD-K-13",
            Self::WrongPassphrase => "KD-K-15",
            Self::PassphraseForm { .. } => "KD-K-16",
            Self::NoKey { .. } => "KD-K-17",
            Self::KeyForm { .. } => "KD-K-18",
            Self::Wait { .. } => "KD-K-19",
            Self::Printed { .. } => "KD-K-21",
        }
    }
}
