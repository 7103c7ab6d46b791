//! Signing keys: Ed25519 in memory, and in the one encrypted form in which a private key rests (sealing.md §5).
//!
//! ```text
//! PKCS#8 v1     30 2e 02 01 00 30 05 06 03 2b 65 70 04 22 04 20 ‖ seed 32        RFC 8410; what OpenSSL 3.0 reads
//! public key    30 2a 30 05 06 03 2b 65 70 03 21 00 ‖ public key 32              SubjectPublicKeyInfo
//! NAME.pem      PEM "ENCRYPTED PRIVATE KEY": PBES2, scrypt (N = 2^log_n, r = 8, p = 1, salt 16), AES-256-CBC over PKCS#8
//! NAME.pub      PEM "PUBLIC KEY"; both mode 0600
//! ```
//!
//! CBC has no tag: a wrong secret shows in padding and form, and what was tampered with shows in the public key that lies
//! beside. Nothing is derived before the cost that the file asks for is known to be one we are ready to pay. Refuses to
//! know whose key it is and what is signed. What ring and the derivation hold for a moment is theirs to wipe; every copy
//! that is ours is zeroised.

use super::{KeyError, aead, file};
use crate::domain::session::Mode;
use pkcs8::der::{Decode as _, SecretDocument};
use pkcs8::pkcs5::pbes2::{EncryptionScheme, Kdf, Parameters, ScryptParams};
use pkcs8::pkcs5::{self, scrypt};
use pkcs8::{Document, EncryptedPrivateKeyInfo, LineEnding, ObjectIdentifier, PrivateKeyInfo};
use ring::rand::SecureRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

const PRIVATE_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
const PUBLIC_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";
/// scrypt's block size and lanes: the only ones written, and the most that is paid for reading.
const R: u16 = 8;
const P: u16 = 1;
/// Ten times what either file is long.
const MOST_BYTES: u64 = 4096;
const FORM: KeyError = KeyError::KeyForm { expected: "an Ed25519 private key as PKCS#8" };

/// An Ed25519 key that signs.
pub struct SigningKey {
    // Boxed: moving the key about leaves no copies behind.
    seed: Box<Zeroizing<[u8; 32]>>,
    public: [u8; 32],
}

impl SigningKey {
    /// Draws a new one.
    ///
    /// # Errors
    /// [`KeyError::Primitive`].
    pub fn generate(rng: &dyn SecureRandom) -> Result<Self, KeyError> {
        let seed = Box::new(Zeroizing::new(aead::draw(rng)?));
        Self::of(seed).ok_or(KeyError::Primitive { what: "an Ed25519 key" })
    }

    /// Reads PKCS#8, version 1 (OpenSSL) or 2 (ring); a public key in it must be the seed's.
    ///
    /// # Errors
    /// [`KeyError::KeyForm`].
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfo::from_der(der).map_err(|_| FORM)?;
        let ed25519 = info.algorithm.oid == ED25519 && info.algorithm.parameters.is_none();
        let seed = info.private_key.strip_prefix(&[0x04, 0x20]).filter(|_| ed25519).ok_or(FORM)?;
        let mut own = Box::new(Zeroizing::new([0; 32]));
        if seed.len() != own.len() {
            return Err(FORM);
        }
        own.copy_from_slice(seed);
        Self::of(own).filter(|key| info.public_key.is_none_or(|given| given == key.public)).ok_or(FORM)
    }

    fn of(seed: Box<Zeroizing<[u8; 32]>>) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).ok()?;
        let public = pair.public_key().as_ref().try_into().ok()?;
        Some(Self { seed, public })
    }

    /// Writes PKCS#8 v1: 48 bytes in clear, for an export that the caller protects.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([&PRIVATE_PREFIX[..], self.seed.as_slice()].concat())
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.public
    }

    /// Signs a message.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the same 32 bytes made a key pair when this value was built")]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        // A pair is made for each signature: ring does not wipe its own, so it should not live long.
        Ed25519KeyPair::from_seed_and_public_key(self.seed.as_slice(), &self.public)
            .map(|pair| pair.sign(message))
            .ok()
            .and_then(|signature| signature.as_ref().try_into().ok())
            .expect("a seed and its public key are a key pair")
    }

    pub(super) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    #[cfg(test)]
    pub(super) fn from_seed(seed: [u8; 32]) -> Self {
        Self::of(Box::new(Zeroizing::new(seed))).unwrap()
    }
}

/// Shows nothing, not even whose key it is.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// What scrypt costs for one try at a key's secret: N = 2^`log_n` blocks of 1 KiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScryptCost {
    /// log2 of N.
    pub log_n: u8,
}

impl ScryptCost {
    /// The most this program computes, 1 GiB: a forged file must not stop the desk.
    pub const MOST: u8 = 20;
    /// The least that is written.
    const LEAST: u8 = 4;
    /// The least in a live site, 128 MiB and half a second.
    const LIVE: u8 = 17;

    /// Checks the floor of a mode; outside Live it is low, so that drills and tests are quick.
    ///
    /// # Errors
    /// [`KeyError::Cost`].
    pub fn allowed_in(self, mode: Mode) -> Result<(), KeyError> {
        self.at_least(match mode {
            Mode::Live => Self::LIVE,
            Mode::Rehearsal | Mode::Demo => Self::LEAST,
        })
    }

    fn at_least(self, floor: u8) -> Result<(), KeyError> {
        if (floor..=Self::MOST).contains(&self.log_n) {
            Ok(())
        } else {
            let [least, most, found] = [floor, Self::MOST, self.log_n].map(u32::from);
            Err(KeyError::Cost { field: "scrypt_log_n", least, most, found })
        }
    }

    /// The cost that a file asks for, refused before it is paid.
    fn asked(params: &ScryptParams<'_>) -> Result<Self, KeyError> {
        let n = params.cost_parameter;
        let log_n = u8::try_from(n.checked_ilog2().unwrap_or(0)).unwrap_or(u8::MAX);
        let cost = Self { log_n };
        cost.at_least(1)?;
        if !n.is_power_of_two() || params.block_size != R || params.parallelization != P {
            return Err(KeyError::KeyForm { expected: "scrypt with a power of two, r 8 and p 1" });
        }
        Ok(cost)
    }
}

/// Where the public key lies, beside its private key's file.
#[must_use]
pub fn public_beside(path: &Path) -> PathBuf {
    path.with_extension("pub")
}

/// Writes a key, encrypted under a secret, and its public key beside it. Both durably, the private key last: its file is
/// there only when the other is.
///
/// # Errors
/// [`KeyError`]: the cost is out of range, the disk refuses.
pub fn write(
    path: &Path,
    key: &SigningKey,
    secret: &[u8],
    cost: ScryptCost,
    rng: &dyn SecureRandom,
) -> Result<(), KeyError> {
    cost.at_least(ScryptCost::LEAST)?;
    let pem = encrypt(key, secret, cost, rng).map_err(|_| KeyError::Primitive { what: "an encrypted private key" })?;
    let spki = Document::try_from([&PUBLIC_PREFIX[..], &key.public].concat())
        .and_then(|der| der.to_pem(PUBLIC, LineEnding::LF))
        .map_err(|_| KeyError::Primitive { what: "a public key's file" })?;
    file::write(&public_beside(path), spki.as_bytes())?;
    file::write(path, pem.as_bytes())
}

fn encrypt(
    key: &SigningKey,
    secret: &[u8],
    cost: ScryptCost,
    rng: &dyn SecureRandom,
) -> Result<Zeroizing<String>, pkcs8::Error> {
    let drawn = || aead::draw::<16>(rng).map_err(|_| pkcs8::Error::KeyMalformed);
    let (salt, iv) = (drawn()?, drawn()?);
    let params = scrypt::Params::new(cost.log_n, R.into(), P.into(), 32).map_err(|_| pkcs8::Error::KeyMalformed)?;
    let scheme = Parameters::scrypt_aes256cbc(params, &salt, &iv)?;
    let encrypted = scheme.encrypt(secret, &key.to_pkcs8())?;
    let info = EncryptedPrivateKeyInfo { encryption_algorithm: scheme.into(), encrypted_data: &encrypted };
    Ok(SecretDocument::try_from(info)?.to_pem(ENCRYPTED, LineEnding::LF)?)
}

/// Reads a key with its secret; costs one scrypt.
///
/// # Errors
/// [`KeyError::WrongPassphrase`] for another secret. Before any derivation: [`KeyError::NoKey`] when one of the two files
/// is missing, [`KeyError::Cost`] and [`KeyError::KeyForm`] for what we do not compute. [`KeyError::Damaged`] also when
/// the key is not the one whose public key lies beside.
pub fn read(path: &Path, secret: &[u8]) -> Result<SigningKey, KeyError> {
    let public = read_public(&public_beside(path))?;
    let damaged = || KeyError::Damaged { path: path.to_owned() };
    let document = read_pem(path, ENCRYPTED)?;
    let info = EncryptedPrivateKeyInfo::from_der(document.as_bytes()).map_err(|_| damaged())?;
    let scheme = affordable(&info)?;
    let mut plain = Zeroizing::new(info.encrypted_data.to_vec());
    let der = scheme.decrypt_in_place(secret, &mut plain).map_err(|_| KeyError::WrongPassphrase)?;
    let key = SigningKey::from_pkcs8(der).map_err(|_| KeyError::WrongPassphrase)?;
    // Sixteen fixed bytes came out as they should: the secret was right, so the file or its neighbour is not.
    if key.public == public { Ok(key) } else { Err(damaged()) }
}

/// Reads the public key that lies beside a private key; needs no secret.
///
/// # Errors
/// [`KeyError::NoKey`], [`KeyError::Damaged`].
pub fn read_public(path: &Path) -> Result<[u8; 32], KeyError> {
    let document = read_pem(path, PUBLIC)?;
    let public = document.as_bytes().strip_prefix(&PUBLIC_PREFIX).and_then(|key| key.try_into().ok());
    public.ok_or_else(|| KeyError::Damaged { path: path.to_owned() })
}

fn read_pem(path: &Path, label: &str) -> Result<SecretDocument, KeyError> {
    let bytes = file::read(path, MOST_BYTES)?.ok_or_else(|| KeyError::NoKey { path: path.to_owned() })?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| SecretDocument::from_pem(text).ok())
        .filter(|(found, _)| *found == label)
        .map(|(_, document)| document)
        .ok_or_else(|| KeyError::Damaged { path: path.to_owned() })
}

fn affordable<'a>(info: &EncryptedPrivateKeyInfo<'a>) -> Result<Parameters<'a>, KeyError> {
    match &info.encryption_algorithm {
        pkcs5::EncryptionScheme::Pbes2(scheme) => match (&scheme.kdf, &scheme.encryption) {
            (Kdf::Scrypt(params), EncryptionScheme::Aes256Cbc { .. }) => {
                ScryptCost::asked(params).map(|_| scheme.clone())
            }
            _ => Err(OTHER_SCHEME),
        },
        _ => Err(OTHER_SCHEME),
    }
}

const OTHER_SCHEME: KeyError = KeyError::KeyForm { expected: "PBES2 with scrypt and AES-256-CBC" };
