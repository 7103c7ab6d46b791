//! `org revoke`: one more entry on the list, under the next number.

use super::office::Office;
use super::{OrgError, book, hex};
use crate::trust::x509::{Crl, Reason, Revocation};
use std::path::Path;

/// What stands on the list now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Lower-case hexadecimal.
    pub serial: String,
    /// Why.
    pub reason: Reason,
    /// The list's number.
    pub crl_number: u64,
}

/// Revokes a certificate from `now` on. Earlier entries stay. `serial` is hexadecimal, as `issued.jsonl` and openssl
/// write it.
///
/// # Errors
/// [`OrgError::UnknownSerial`], [`OrgError::AlreadyRevoked`]; what the directory says.
pub fn revoke(dir: &Path, serial: &str, reason: Reason, now: i64) -> Result<Revoked, OrgError> {
    let office = Office::open(dir)?;
    let serial = serial.to_ascii_lowercase();
    if !book::lines(dir)?.iter().any(|line| line.serial == serial) {
        return Err(OrgError::UnknownSerial);
    }
    let crl = office.crl()?;
    if let Some((_, found)) = crl.entries().find(|(known, _)| hex(known) == serial) {
        return Err(OrgError::AlreadyRevoked { at: found.at });
    }
    let bytes = bytes(&serial).ok_or(OrgError::UnknownSerial)?;
    let crl_number = next_number(&crl);
    let added = (bytes.as_slice(), Revocation { at: now, reason });
    office.publish(crl_number, now, crl.entries().chain(std::iter::once(added)))?;
    Ok(Revoked { serial, reason, crl_number })
}

/// One more than the list's; ours are small numbers.
pub(super) fn next_number(crl: &Crl) -> u64 {
    crl.number().iter().fold(0u64, |number, byte| number.wrapping_shl(8) | u64::from(*byte)).saturating_add(1)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
