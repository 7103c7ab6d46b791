//! Proof: bytes in, bytes out, no keys. What a stranger needs to recompute what the desk recorded.
//!
//! Owns canonical JSON ([`jcs`]), signature files ([`jws`]), ZIP files ([`zip`]), RFC 9162 trees ([`merkle`]) and their
//! leaves' spelling ([`cbor`]), strict [`base64url`] and [`base64`], and the one SHA-256. Knows nothing of journals,
//! people or file systems.

pub mod base64;
pub mod base64url;
pub mod cbor;
pub mod jcs;
pub mod jws;
pub mod merkle;
pub mod zip;

use crate::domain::ids::Digest;
use std::io::{self, Read};

/// Hashes the parts one after another, as if they were one text, with SHA-256.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> Digest {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in parts {
        context.update(part);
    }
    digest(context)
}

/// Hashes what a reader gives until its end, with SHA-256; holds 64 KiB of it at a time.
///
/// # Errors
/// Whatever the reader says.
pub fn sha256_read(mut from: impl Read) -> io::Result<Digest> {
    let (mut context, mut piece) = (ring::digest::Context::new(&ring::digest::SHA256), vec![0; 1 << 16]);
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(digest(context)),
            read => context.update(piece.get(..read).unwrap_or_default()),
        }
    }
}

fn digest(context: ring::digest::Context) -> Digest {
    let mut bytes = [0; 32];
    for (byte, hashed) in bytes.iter_mut().zip(context.finish().as_ref()) {
        *byte = *hashed;
    }
    Digest::new(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hash_as_their_concatenation() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&[b"abc"]).to_string(), abc);
        assert_eq!(sha256(&[b"a", b"", b"bc"]).to_string(), abc);
        assert_eq!(sha256_read(&b"abc"[..]).unwrap().to_string(), abc);
        let long = vec![7; 200_000];
        assert_eq!(sha256_read(&long[..]).unwrap(), sha256(&[&long]));
    }
}
