//! PEM as an envelope: exactly one block of a kind, or DER as it is.
//!
//! Text before and after a block is passed over, because `openssl x509 -text` writes it.

use super::{ChainError, MOST_BYTES};
use pkcs8::der::pem::{LineEnding, encode_string};
use rustls_pki_types::pem::PemObject;

/// What is looked for.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// For people.
    pub what: &'static str,
    /// In the block's first line.
    label: &'static str,
}

/// A certificate.
pub(super) const CERTIFICATE: Kind = Kind { what: "certificate", label: "CERTIFICATE" };
/// A list of revocations.
pub(super) const CRL: Kind = Kind { what: "revocation list", label: "X509 CRL" };
/// A request.
pub(super) const REQUEST: Kind = Kind { what: "certificate request", label: "CERTIFICATE REQUEST" };

impl Kind {
    /// The refusal of something else.
    pub(super) fn malformed(self, found: &'static str) -> ChainError {
        ChainError::Malformed { what: self.what, found }
    }

    /// The DER inside, wherever it comes in PEM; DER begins with a SEQUENCE and PEM never does.
    pub(super) fn der<T: PemObject + AsRef<[u8]>>(self, bytes: &[u8]) -> Result<Vec<u8>, ChainError> {
        if bytes.len() > MOST_BYTES {
            return Err(self.malformed("more than 1 MiB"));
        }
        if bytes.first() == Some(&0x30) {
            return Ok(bytes.to_vec());
        }
        let mut blocks = T::pem_slice_iter(bytes);
        let first = blocks.next().ok_or_else(|| self.malformed("none"))?;
        let first = first.map_err(|_| self.malformed("a damaged one"))?;
        if blocks.next().is_some() { Err(self.malformed("several")) } else { Ok(first.as_ref().to_vec()) }
    }

    /// Writes a block, lines of 64 characters, LF.
    pub(super) fn encode(self, der: &[u8]) -> String {
        // Fails only for labels that are not printable and for more bytes than an address space holds.
        encode_string(self.label, LineEnding::LF, der).unwrap_or_default()
    }
}
