//! A person's age identity, and their name, sealed under their key-encryption key (KEK, pin.rs): that of their PIN, or
//! that of the signing key which their PIN opens.
//!
//! ```text
//! stored     JSON {"salt":base64url 16,"cost":{"argon_mib","argon_t","lanes"},"sealed":base64url}   who holds no key
//!            JSON {"key":base64url public key 32,"sealed":base64url}                                who holds one
//! sealed     aead form under the KEK, plaintext = the text AGE-SECRET-KEY-1…
//!            associated data "kaodian/identity/1" ‖ 00 ‖ operator id
//! name       aead form under the same KEK, plaintext = UTF-8
//!            associated data "kaodian/person-name/1" ‖ 00 ‖ operator id
//! ```
//!
//! The operator id comes from where the value is kept, never out of the value: a sealed identity moved to another
//! person's row does not open there. Refuses to know where the key's file lies (unlock.rs).

use super::pin::{KdfCost, Kek, Pin};
use super::signing::SigningKey;
use super::{KeyError, aead, machine::MachineSecret};
use crate::domain::ids::OperatorId;
use crate::proof::base64url;
use age::secrecy::ExposeSecret as _;
use age::x25519;
use ring::rand::SecureRandom;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// What is sealed under a person's key. The label is part of the associated data and frozen.
#[derive(Clone, Copy)]
enum What {
    Identity,
    Name,
}

fn associated(what: What, op: &OperatorId) -> Vec<u8> {
    let label = match what {
        What::Identity => "kaodian/identity/1",
        What::Name => "kaodian/person-name/1",
    };
    [label.as_bytes(), &[0], op.as_str().as_bytes()].concat()
}

/// A person's identity as it rests in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedIdentity(Form);

/// The two forms differ in their members, and none may have one of the other's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    Pin(UnderPin),
    Key(UnderKey),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnderPin {
    salt: Text,
    cost: KdfCost,
    sealed: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnderKey {
    key: Text,
    sealed: Text,
}

/// Bytes that JSON carries as base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Text(Vec<u8>);

impl From<Text> for String {
    fn from(text: Text) -> Self {
        base64url::encode(&text.0)
    }
}

impl TryFrom<String> for Text {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        base64url::decode(&text).map(Self).ok_or("expected base64url")
    }
}

const SEALED: KeyError = KeyError::Sealed { what: "identity" };

impl SealedIdentity {
    /// Makes a new identity for a person who holds no key, and seals it under their PIN.
    ///
    /// # Errors
    /// [`KeyError`] when the cost is out of range or a primitive fails.
    pub fn new(
        op: &OperatorId,
        pin: &Pin,
        machine: &MachineSecret,
        cost: KdfCost,
        rng: &dyn SecureRandom,
    ) -> Result<(Self, Identity), KeyError> {
        let salt = aead::draw(rng)?;
        let identity = Identity::generate(op, Kek::derive(pin, &salt, cost, machine)?);
        let under = UnderPin { salt: Text(salt.to_vec()), cost, sealed: identity.seal(rng)? };
        Ok((Self(Form::Pin(under)), identity))
    }

    /// Makes a new identity for a key holder, and seals it under their key: their PIN opens it by opening the key's file.
    ///
    /// # Errors
    /// [`KeyError::Primitive`].
    pub fn for_key(op: &OperatorId, key: &SigningKey, rng: &dyn SecureRandom) -> Result<(Self, Identity), KeyError> {
        let identity = Identity::generate(op, Kek::of_key(key)?);
        let under = UnderKey { key: Text(key.public().to_vec()), sealed: identity.seal(rng)? };
        Ok((Self(Form::Key(under)), identity))
    }

    /// Whether a signing key opens it and not a PIN alone.
    #[must_use]
    pub fn holds_key(&self) -> bool {
        matches!(self.0, Form::Key(_))
    }

    /// Opens that of a person who holds no key; costs one argon2id.
    ///
    /// # Errors
    /// [`KeyError::WrongPin`] also when the machine secret or the person is another one; [`KeyError::Sealed`] when it is
    /// a key holder's.
    pub(super) fn open(&self, op: &OperatorId, pin: &Pin, machine: &MachineSecret) -> Result<Identity, KeyError> {
        let Form::Pin(under) = &self.0 else { return Err(SEALED) };
        let salt = under.salt.0.as_slice().try_into().map_err(|_| SEALED)?;
        Identity::open(op, Kek::derive(pin, salt, under.cost, machine)?, &under.sealed.0, KeyError::WrongPin)
    }

    /// Opens that of a key holder.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] when key or person is another one, or the person holds no key.
    pub(super) fn open_with(&self, op: &OperatorId, key: &SigningKey) -> Result<Identity, KeyError> {
        match &self.0 {
            Form::Key(under) if under.key.0 == key.public() => {
                Identity::open(op, Kek::of_key(key)?, &under.sealed.0, SEALED)
            }
            Form::Key(_) | Form::Pin(_) => Err(SEALED),
        }
    }
}

/// Reads the text of an age identity, out of what was sealed.
pub(super) fn age_identity(text: &[u8]) -> Option<x25519::Identity> {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok())
}

/// A person's identity in memory, from the PIN until it is dropped.
pub struct Identity {
    op: OperatorId,
    secret: x25519::Identity,
    kek: Kek,
}

impl Identity {
    fn generate(op: &OperatorId, kek: Kek) -> Self {
        Self { op: op.clone(), secret: x25519::Identity::generate(), kek }
    }

    fn seal(&self, rng: &dyn SecureRandom) -> Result<Text, KeyError> {
        let text = self.secret.to_string();
        aead::seal(self.kek.bytes(), &associated(What::Identity, &self.op), rng, text.expose_secret().as_bytes())
            .map(Text)
    }

    fn open(op: &OperatorId, kek: Kek, sealed: &[u8], other_key: KeyError) -> Result<Self, KeyError> {
        let text = aead::open(kek.bytes(), &associated(What::Identity, op), sealed).ok_or(other_key)?;
        Ok(Self { op: op.clone(), secret: age_identity(&text).ok_or(SEALED)?, kek })
    }

    /// The age recipient (`age1…`) to which data keys are encrypted for this person.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.secret.to_public().to_string()
    }

    /// Seals the person's name.
    ///
    /// # Errors
    /// [`KeyError::Primitive`].
    pub fn seal_name(&self, name: &str, rng: &dyn SecureRandom) -> Result<Vec<u8>, KeyError> {
        aead::seal(self.kek.bytes(), &associated(What::Name, &self.op), rng, name.as_bytes())
    }

    /// Opens the person's name.
    ///
    /// # Errors
    /// [`KeyError::Sealed`].
    pub fn open_name(&self, sealed: &[u8]) -> Result<Zeroizing<String>, KeyError> {
        aead::open(self.kek.bytes(), &associated(What::Name, &self.op), sealed)
            .and_then(|plain| std::str::from_utf8(&plain).ok().map(|name| Zeroizing::new(name.to_owned())))
            .ok_or(KeyError::Sealed { what: "name" })
    }

    pub(super) fn age(&self) -> &x25519::Identity {
        &self.secret
    }
}

/// Names the person, hides the keys.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.op)
    }
}
