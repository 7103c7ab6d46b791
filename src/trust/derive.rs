//! HKDF-SHA256 (RFC 5869) without salt, one label for each use, 32 bytes out.

use super::KeyError;
use ring::hkdf::{HKDF_SHA256, Salt};
use zeroize::Zeroizing;

/// Derives the key of a label.
pub(super) fn hkdf(secret: &[u8], label: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, &[])
        .extract(secret)
        .expand(&[label.as_bytes()], HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut_slice()))
        .map_err(|_| KeyError::Primitive { what: "a derived key" })?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Digest;

    /// RFC 5869 A.3 (no salt, no info), its first 32 bytes.
    #[test]
    fn the_published_value_is_derived() {
        let key = hkdf(&[0x0b; 22], "").unwrap();
        assert_eq!(Digest::new(*key).to_string(), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }
}
