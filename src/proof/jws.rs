//! Signature files: our profile of the JWS JSON General serialisation (RFC 7515 §7.2.1; sealing.md §2 and §6).
//!
//! ```text
//! file        canonical JSON (proof::jcs), no LF at the end, these members and no others:
//! {"payload":"<base64url>",
//!  "signatures":[                                         one or more
//!   {"header":{"x5c":["<base64 with padding, DER>",…]},   the signer's certificate first, then what stands above it
//!    "protected":"<base64url>",                           of the canonical JSON below
//!    "signature":"<base64url of 64 bytes>"},…]}           Ed25519, or r ‖ s of P-256
//! protected   {"alg":"EdDSA"|"Ed25519"|"ES256","typ":"exam-seal+jws"|…,"x5t#S256":"<base64url, SHA-256 of x5c[0]>"}
//! signed      ASCII protected ‖ "." ‖ ASCII payload, both as they stand in the file
//! ```
//!
//! A file has one spelling: [`parse`] takes exactly what [`Jws::to_bytes`] writes. Whether a signature holds, what the
//! certificates are worth and what the payload says is for others to judge.

use super::jcs::{self, JcsError};
use super::{base64, base64url, sha256};
use crate::domain::ids::Digest;
use serde_json::Value;
use std::fmt;

/// Length of a signature, whatever the algorithm.
pub const SIGNATURE_BYTES: usize = 64;

/// How an entry is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alg {
    /// Ed25519 under its name of RFC 8037: what this program writes.
    EdDsa,
    /// Ed25519 under its name of RFC 9864.
    Ed25519,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl Alg {
    const ALL: [Self; 3] = [Self::EdDsa, Self::Ed25519, Self::Es256];

    /// The registered name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Ed25519 => "Ed25519",
            Self::Es256 => "ES256",
        }
    }
}

/// What a file is, so that one kind never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typ {
    /// The manifest of a package.
    Seal,
    /// The envelope around a package.
    Envelope,
    /// A credential bundle.
    Credentials,
}

impl Typ {
    const ALL: [Self; 3] = [Self::Seal, Self::Envelope, Self::Credentials];

    /// The value of `typ`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Seal => "exam-seal+jws",
            Self::Envelope => "exam-seal-envelope+jws",
            Self::Credentials => "exam-seal-credentials+jws",
        }
    }
}

/// A member by its path, as `signatures[1].header.x5c[0]`. Made of the profile's own names: no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    const FILE: Self = Self(String::new());

    fn member(&self, name: &str) -> Self {
        if self.0.is_empty() { Self(name.to_owned()) } else { Self(format!("{}.{name}", self.0)) }
    }

    fn item(&self, number: usize) -> Self {
        Self(format!("{}[{number}]", self.0))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "the file" } else { &self.0 })
    }
}

/// Why bytes are not a signature file. Carries places and words of the profile, never content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Not canonical JSON, a float or a member twice among the causes.
    #[error("{place}: {error}")]
    Json {
        /// The file or a protected header.
        place: Place,
        /// What is wrong there.
        error: JcsError,
    },
    /// A value of another JSON type.
    #[error("{place}: expected {expected}, found another type")]
    Type {
        /// Where.
        place: Place,
        /// The type, with its article.
        expected: &'static str,
    },
    /// A member of the profile is not there.
    #[error("{place}: expected this member, found none")]
    Missing {
        /// Where it would stand.
        place: Place,
    },
    /// A member that the profile does not have.
    #[error("{place}: expected only the members of the profile, found another one")]
    Unknown {
        /// The object that holds it.
        place: Place,
    },
    /// `crit` (RFC 7515 §4.1.11): the profile has no extensions.
    #[error("{place}: expected no extension, found \"crit\"")]
    Crit {
        /// The object that holds it.
        place: Place,
    },
    /// `b64` (RFC 7797): the payload is always encoded.
    #[error("{place}: expected no option for the payload, found \"b64\"")]
    B64 {
        /// The object that holds it.
        place: Place,
    },
    /// Padding, foreign characters or spare bits.
    #[error("{place}: expected base64url without padding and spare bits, found another text")]
    Base64Url {
        /// Where.
        place: Place,
    },
    /// Missing padding, foreign characters or spare bits.
    #[error("{place}: expected base64 with padding and without spare bits, found another text")]
    Base64 {
        /// Where.
        place: Place,
    },
    /// A signature or a thumbprint of another length.
    #[error("{place}: expected {expected} bytes, found {found}")]
    Length {
        /// Where.
        place: Place,
        /// Length in bytes.
        expected: usize,
        /// Length in bytes.
        found: usize,
    },
    /// No signature, or no certificate.
    #[error("{place}: expected at least one item, found none")]
    Empty {
        /// The list.
        place: Place,
    },
    /// An algorithm that the profile does not have.
    #[error("{place}: expected EdDSA, Ed25519 or ES256, found another algorithm")]
    Alg {
        /// Where.
        place: Place,
    },
    /// A file of another kind.
    #[error("{place}: expected {expected}, found {found}")]
    Typ {
        /// Where.
        place: Place,
        /// The kind that was asked for.
        expected: &'static str,
        /// Another kind of ours, or "a foreign one".
        found: &'static str,
    },
    /// The protected header names another certificate than the one that lies beside it.
    #[error("{place}: expected the SHA-256 of x5c[0], found another digest")]
    Thumbprint {
        /// Where.
        place: Place,
    },
}

/// A signature file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jws {
    /// The signed bytes, decoded.
    pub payload: Vec<u8>,
    /// The signatures in the order of the file; at least one after [`parse`].
    pub signatures: Vec<Entry>,
}

/// One signature with the certificate it names. `x5t#S256` is always the thumbprint of that certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    alg: Alg,
    typ: Typ,
    x5t: Digest,
    certificate: Vec<u8>,
    above: Vec<Vec<u8>>,
    protected: String,
    signature: [u8; SIGNATURE_BYTES],
}

impl Entry {
    /// Takes a signature over [`signing_input`] together with the signer's certificate in DER.
    #[must_use]
    pub fn new(alg: Alg, typ: Typ, certificate: Vec<u8>, signature: [u8; SIGNATURE_BYTES]) -> Self {
        let x5t = sha256(&[&certificate]);
        Self { alg, typ, x5t, certificate, above: Vec::new(), protected: protected(alg, typ, &x5t), signature }
    }

    /// The algorithm that the signer claims.
    #[must_use]
    pub fn alg(&self) -> Alg {
        self.alg
    }

    /// The kind of file that the signer meant.
    #[must_use]
    pub fn typ(&self) -> Typ {
        self.typ
    }

    /// SHA-256 of [`Self::certificate`].
    #[must_use]
    pub fn x5t(&self) -> &Digest {
        &self.x5t
    }

    /// The signer's certificate, DER if the writer was honest.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// What follows it in `x5c`: certificates towards the root, usually none. No signature covers them.
    #[must_use]
    pub fn above(&self) -> &[Vec<u8>] {
        &self.above
    }

    /// The protected header as it stands in the file, base64url.
    #[must_use]
    pub fn protected(&self) -> &str {
        &self.protected
    }

    /// Ed25519: R ‖ S. P-256: r ‖ s, each 32 bytes big-endian.
    #[must_use]
    pub fn signature(&self) -> &[u8; SIGNATURE_BYTES] {
        &self.signature
    }
}

impl Jws {
    /// Writes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let entries: Vec<String> = self.signatures.iter().map(entry_text).collect();
        // Names in ascending order and texts without a character to escape: canonical as it stands.
        format!(r#"{{"payload":"{}","signatures":[{}]}}"#, base64url::encode(&self.payload), entries.join(","))
            .into_bytes()
    }
}

fn entry_text(entry: &Entry) -> String {
    let x5c: Vec<String> = std::iter::once(&entry.certificate)
        .chain(&entry.above)
        .map(|der| format!("\"{}\"", base64::encode(der)))
        .collect();
    format!(
        r#"{{"header":{{"x5c":[{}]}},"protected":"{}","signature":"{}"}}"#,
        x5c.join(","),
        entry.protected,
        base64url::encode(&entry.signature)
    )
}

/// Writes a protected header, base64url. `x5t` is the SHA-256 of the signer's certificate.
#[must_use]
pub fn protected(alg: Alg, typ: Typ, x5t: &Digest) -> String {
    let x5t = base64url::encode(x5t.bytes());
    base64url::encode(format!(r#"{{"alg":"{}","typ":"{}","x5t#S256":"{x5t}"}}"#, alg.name(), typ.name()).as_bytes())
}

/// The bytes to sign: a protected header (base64url) and a payload (decoded).
#[must_use]
pub fn signing_input(protected: &str, payload: &[u8]) -> Vec<u8> {
    format!("{protected}.{}", base64url::encode(payload)).into_bytes()
}

/// Reads a signature file of this kind. Proves its form, not its signatures.
///
/// # Errors
/// [`JwsError`] for everything that [`Jws::to_bytes`] does not write, for a file without signatures and for an entry
/// of another kind.
pub fn parse(bytes: &[u8], typ: Typ) -> Result<Jws, JwsError> {
    let file = Place::FILE;
    let value = jcs::parse(bytes).map_err(|error| JwsError::Json { place: file.clone(), error })?;
    let [payload, signatures] = members(&file, &value, ["payload", "signatures"])?;
    let payload = base64url_bytes(file.member("payload"), payload)?;
    let signatures = items(file.member("signatures"), signatures, |place, value| entry(&place, value, typ))?;
    Ok(Jws { payload, signatures })
}

fn entry(place: &Place, value: &Value, typ: Typ) -> Result<Entry, JwsError> {
    let [header, protected, signature] = members(place, value, ["header", "protected", "signature"])?;
    let (header_place, protected_place) = (place.member("header"), place.member("protected"));

    let [x5c] = members(&header_place, header, ["x5c"])?;
    let x5c_place = header_place.member("x5c");
    let mut x5c = items(x5c_place.clone(), x5c, certificate)?.into_iter();
    let certificate = x5c.next().ok_or(JwsError::Empty { place: x5c_place })?;

    let signature = array(place.member("signature"), &base64url_bytes(place.member("signature"), signature)?)?;

    let protected = text(&protected_place, protected)?;
    let (alg, x5t) = protected_header(&protected_place, protected, typ)?;
    if x5t != sha256(&[&certificate]) {
        return Err(JwsError::Thumbprint { place: protected_place.member("x5t#S256") });
    }
    Ok(Entry { alg, typ, x5t, certificate, above: x5c.collect(), protected: protected.to_owned(), signature })
}

fn certificate(place: Place, value: &Value) -> Result<Vec<u8>, JwsError> {
    let der = text(&place, value)?;
    base64::decode(der).ok_or(JwsError::Base64 { place })
}

fn protected_header(place: &Place, encoded: &str, typ: Typ) -> Result<(Alg, Digest), JwsError> {
    let json = base64url::decode(encoded).ok_or_else(|| JwsError::Base64Url { place: place.clone() })?;
    let value = jcs::parse(&json).map_err(|error| JwsError::Json { place: place.clone(), error })?;
    let [alg, kind, x5t] = members(place, &value, ["alg", "typ", "x5t#S256"])?;

    let alg_place = place.member("alg");
    let name = text(&alg_place, alg)?;
    let alg = Alg::ALL.into_iter().find(|alg| alg.name() == name).ok_or(JwsError::Alg { place: alg_place })?;

    let typ_place = place.member("typ");
    let name = text(&typ_place, kind)?;
    if name != typ.name() {
        let found = Typ::ALL.iter().find(|typ| typ.name() == name).map_or("a foreign one", |typ| typ.name());
        return Err(JwsError::Typ { place: typ_place, expected: typ.name(), found });
    }

    let x5t_place = place.member("x5t#S256");
    let x5t = array(x5t_place.clone(), &base64url_bytes(x5t_place, x5t)?)?;
    Ok((alg, Digest::new(x5t)))
}

/// The members of an object that has these and no others.
fn members<'a, const N: usize>(
    place: &Place,
    value: &'a Value,
    names: [&'static str; N],
) -> Result<[&'a Value; N], JwsError> {
    let object = value.as_object().ok_or_else(|| JwsError::Type { place: place.clone(), expected: "an object" })?;
    if let Some(other) = object.keys().find(|name| !names.contains(&name.as_str())) {
        let place = place.clone();
        return Err(match other.as_str() {
            "crit" => JwsError::Crit { place },
            "b64" => JwsError::B64 { place },
            _ => JwsError::Unknown { place },
        });
    }
    let mut found = [value; N];
    for (slot, name) in found.iter_mut().zip(names) {
        *slot = object.get(name).ok_or_else(|| JwsError::Missing { place: place.member(name) })?;
    }
    Ok(found)
}

/// The items of a list that has at least one.
fn items<T>(
    place: Place,
    value: &Value,
    read: impl Fn(Place, &Value) -> Result<T, JwsError>,
) -> Result<Vec<T>, JwsError> {
    match value.as_array() {
        None => Err(JwsError::Type { place, expected: "a list" }),
        Some(list) if list.is_empty() => Err(JwsError::Empty { place }),
        Some(list) => list.iter().enumerate().map(|(number, item)| read(place.item(number), item)).collect(),
    }
}

fn text<'a>(place: &Place, value: &'a Value) -> Result<&'a str, JwsError> {
    value.as_str().ok_or_else(|| JwsError::Type { place: place.clone(), expected: "a text" })
}

fn base64url_bytes(place: Place, value: &Value) -> Result<Vec<u8>, JwsError> {
    let encoded = text(&place, value)?;
    base64url::decode(encoded).ok_or(JwsError::Base64Url { place })
}

fn array<const N: usize>(place: Place, bytes: &[u8]) -> Result<[u8; N], JwsError> {
    bytes.try_into().map_err(|_| JwsError::Length { place, expected: N, found: bytes.len() })
}

#[cfg(test)]
mod tests;
