//! A person's age identity, and their name, sealed under the key that their PIN opens.
//!
//! ```text
//! stored     JSON {"salt":base64url 16,"cost":{"argon_mib","argon_t","lanes"},"sealed":base64url}
//! sealed     aead form under the KEK (pin.rs), plaintext = the text AGE-SECRET-KEY-1…
//!            associated data "kaodian/identity/1" ‖ 00 ‖ operator id
//! name       aead form under the same KEK, plaintext = UTF-8
//!            associated data "kaodian/person-name/1" ‖ 00 ‖ operator id
//! ```
//!
//! The operator id comes from where the value is kept, never out of the value: a sealed identity moved to another
//! person's row does not open there.

use super::pin::{KdfCost, Kek, Pin};
use super::{KeyError, aead, machine::MachineSecret};
use crate::domain::ids::OperatorId;
use crate::proof::base64url;
use age::secrecy::ExposeSecret as _;
use age::x25519;
use ring::rand::SecureRandom;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroizing;

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
#[serde(deny_unknown_fields)]
pub struct SealedIdentity {
    salt: Text,
    cost: KdfCost,
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

impl SealedIdentity {
    /// Makes a new identity for a person and seals it.
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
        let identity = Identity {
            op: op.clone(),
            secret: x25519::Identity::generate(),
            kek: Kek::derive(pin, &salt, cost, machine)?,
        };
        let secret = identity.secret.to_string();
        let sealed =
            aead::seal(identity.kek.bytes(), &associated(What::Identity, op), rng, secret.expose_secret().as_bytes())?;
        Ok((Self { salt: Text(salt.to_vec()), cost, sealed: Text(sealed) }, identity))
    }

    /// Opens it; costs one argon2id.
    ///
    /// # Errors
    /// [`KeyError::WrongPin`] also when the machine secret or the person is another one.
    pub fn open(&self, op: &OperatorId, pin: &Pin, machine: &MachineSecret) -> Result<Identity, KeyError> {
        let what = "identity";
        let salt = self.salt.0.as_slice().try_into().map_err(|_| KeyError::Sealed { what })?;
        let kek = Kek::derive(pin, salt, self.cost, machine)?;
        let text =
            aead::open(kek.bytes(), &associated(What::Identity, op), &self.sealed.0).ok_or(KeyError::WrongPin)?;
        let secret = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
        Ok(Identity { op: op.clone(), secret: secret.ok_or(KeyError::Sealed { what })?, kek })
    }
}

/// A person's identity in memory, from the PIN until it is dropped.
pub struct Identity {
    op: OperatorId,
    secret: x25519::Identity,
    kek: Kek,
}

impl Identity {
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

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;

    const CHEAP: KdfCost = KdfCost { argon_mib: 1, argon_t: 1, lanes: 1 };

    /// Sealed with argon2-cffi and cryptography in Python: a store opens as long as these do.
    const KEPT: &str = concat!(
        r#"{"salt":"AAECAwQFBgcICQoLDA0ODw","cost":{"argon_mib":1,"argon_t":1,"lanes":1},"sealed":"#,
        r#""AAECAwQFBgcICQoLW8JVs1GfGQVfWIVAOQe-646Ow_RgKNyKr0Wr_evQEs-8MlyWoYH4Zid70TawIbhoCpd7aherp6azoskQJsRgRu4"#,
        r#"_GoKiZFVXin1lFLLHPK8jJ2EWCequcYE5"}"#
    );
    const KEPT_NAME: [u8; 34] = [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0xff, 0x39, 0xb0, 0x7a, 0xba, 0x53, 0xc9, 0x38, 0x6a, 0x25, 0x02, 0x72,
        0xb7, 0xdc, 0x49, 0xad, 0x63, 0x75, 0xfc, 0x7b, 0xe7, 0x31,
    ];

    fn op(name: &str) -> OperatorId {
        OperatorId::parse(name).unwrap()
    }

    fn pin(digits: &str) -> Pin {
        Pin::parse(digits).unwrap()
    }

    #[test]
    fn a_kept_identity_and_name_open_and_write_the_same_json() {
        let sealed: SealedIdentity = serde_json::from_str(KEPT).unwrap();
        let identity = sealed.open(&op("chen"), &pin("246813"), &MachineSecret::from_bytes([7; 32])).unwrap();
        assert_eq!(identity.recipient(), "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa");
        assert_eq!(identity.open_name(&KEPT_NAME).unwrap().as_str(), "张三");
        assert_eq!(serde_json::to_string(&sealed).unwrap(), KEPT);
        assert_eq!(format!("{identity:?}"), "Identity(chen)");
    }

    #[test]
    fn an_identity_opens_for_its_person_pin_and_machine_alone() {
        let (rng, machine) = (SystemRandom::new(), MachineSecret::from_bytes([7; 32]));
        let (sealed, made) = SealedIdentity::new(&op("wang"), &pin("111111"), &machine, CHEAP, &rng).unwrap();
        assert_eq!(sealed.open(&op("wang"), &pin("111111"), &machine).unwrap().recipient(), made.recipient());
        let other = MachineSecret::from_bytes([8; 32]);
        for refused in [
            sealed.open(&op("wang"), &pin("111112"), &machine),
            sealed.open(&op("chen"), &pin("111111"), &machine),
            sealed.open(&op("wang"), &pin("111111"), &other),
        ] {
            assert!(matches!(refused, Err(KeyError::WrongPin)));
        }
    }

    #[test]
    fn a_name_opens_for_its_person_alone_and_is_not_an_identity() {
        let (rng, machine) = (SystemRandom::new(), MachineSecret::from_bytes([7; 32]));
        let (sealed, wang) = SealedIdentity::new(&op("wang"), &pin("111111"), &machine, CHEAP, &rng).unwrap();
        let (_, chen) = SealedIdentity::new(&op("chen"), &pin("111111"), &machine, CHEAP, &rng).unwrap();
        let name = wang.seal_name("王五", &rng).unwrap();
        assert_eq!(wang.open_name(&name).unwrap().as_str(), "王五");
        assert!(matches!(chen.open_name(&name), Err(KeyError::Sealed { .. })));
        assert!(matches!(wang.open_name(&sealed.sealed.0), Err(KeyError::Sealed { .. })));
    }

    #[test]
    fn a_damaged_record_is_refused_before_or_after_it_is_read() {
        let machine = MachineSecret::from_bytes([7; 32]);
        for (from, to) in [("AAEC", "A+EC"), (r#""cost""#, r#""costs""#), (r#","sealed""#, r#","x":1,"sealed""#)] {
            assert!(serde_json::from_str::<SealedIdentity>(&KEPT.replacen(from, to, 1)).is_err(), "{to}");
        }
        let short: SealedIdentity = serde_json::from_str(&KEPT.replacen("AAECAwQFBgcICQoLDA0ODw", "AAEC", 1)).unwrap();
        assert!(matches!(short.open(&op("chen"), &pin("246813"), &machine), Err(KeyError::Sealed { .. })));
        let dear: SealedIdentity = serde_json::from_str(&KEPT.replacen(r#"mib":1"#, r#"mib":999999"#, 1)).unwrap();
        assert!(matches!(dear.open(&op("chen"), &pin("246813"), &machine), Err(KeyError::Cost { .. })));
    }
}
