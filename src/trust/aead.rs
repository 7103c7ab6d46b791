//! AES-256-GCM over one buffer, the one form in which this room seals.
//!
//! ```text
//! 0   12  nonce, drawn at random for each value
//! 12  n   ciphertext
//!     16  tag
//! ```

use super::KeyError;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::SecureRandom;
use zeroize::Zeroizing;

const FAILED: KeyError = KeyError::Primitive { what: "an AES-256-GCM value" };

/// Draws bytes from the injected source.
pub(super) fn draw<const N: usize>(rng: &dyn SecureRandom) -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    rng.fill(&mut bytes).map_err(|_| KeyError::Primitive { what: "random bytes" })?;
    Ok(bytes)
}

/// Seals under a fresh nonce.
pub(super) fn seal(key: &[u8; 32], aad: &[u8], rng: &dyn SecureRandom, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
    seal_at(key, aad, draw(rng)?, plain)
}

/// Seals under a given nonce; a nonce used twice under one key gives both values away.
pub(super) fn seal_at(key: &[u8; 32], aad: &[u8], nonce: [u8; NONCE_LEN], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
    // Room for all of it from the start: growing would leave a copy of the plaintext behind.
    let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
    sealed.extend(nonce);
    sealed.extend(plain);
    let body = sealed.get_mut(NONCE_LEN..).ok_or(FAILED)?;
    let tag = cipher(key)?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), body)
        .map_err(|_| FAILED)?;
    sealed.extend(tag.as_ref());
    Ok(sealed)
}

/// Opens; `None` when key, associated data or bytes are others.
pub(super) fn open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut plain = Zeroizing::new(body.to_vec());
    let length =
        cipher(key).ok()?.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut plain).ok()?.len();
    plain.truncate(length);
    Some(plain)
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, KeyError> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| FAILED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Digest;
    use ring::rand::SystemRandom;

    /// Test case 14 of McGrew and Viega, "The Galois/Counter Mode of Operation": key, nonce and text all zero.
    #[test]
    fn a_published_value_is_sealed() {
        let sealed = seal_at(&[0; 32], b"", [0; 12], &[0; 16]).unwrap();
        let (nonce, body) = sealed.split_at(12);
        assert_eq!(nonce, [0; 12]);
        let body = Digest::new(body.try_into().unwrap());
        assert_eq!(body.to_string(), "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_and_place_alone() {
        let sealed = seal(&[1; 32], b"here", &SystemRandom::new(), b"text").unwrap();
        assert_eq!(open(&[1; 32], b"here", &sealed).unwrap().as_slice(), b"text");
        assert!(open(&[2; 32], b"here", &sealed).is_none());
        assert!(open(&[1; 32], b"there", &sealed).is_none());
        for i in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[i] ^= 1;
            assert!(open(&[1; 32], b"here", &flipped).is_none(), "byte {i}");
            assert!(open(&[1; 32], b"here", &sealed[..i]).is_none(), "cut at {i}");
        }
    }
}
