//! A body that is deflated while its bytes come in, so that whoever writes the archive need not wait for it.

use super::form::crc32;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write as _;

/// Bytes are deflated in pieces of this size: a call for each line would cost more than the line.
const PIECE: usize = 1 << 16;

/// Bytes that are still coming in.
#[derive(Debug)]
pub struct Packing {
    bytes: Vec<u8>,
    /// How many of them the encoder has.
    taken: usize,
    encoder: DeflateEncoder<Vec<u8>>,
}

impl Default for Packing {
    fn default() -> Self {
        Self { bytes: Vec::new(), taken: 0, encoder: DeflateEncoder::new(Vec::new(), Compression::new(6)) }
    }
}

impl Packing {
    /// Adds these bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        while self.bytes.len() - self.taken >= PIECE {
            self.take(PIECE);
        }
    }

    #[expect(clippy::expect_used, reason = "writing into memory has no way to fail")]
    fn take(&mut self, length: usize) {
        let piece = self.bytes.get(self.taken..self.taken + length).unwrap_or_default();
        self.encoder.write_all(piece).expect("bytes deflate");
        self.taken += length;
    }

    /// All bytes and their body.
    #[must_use]
    #[expect(clippy::expect_used, reason = "writing into memory has no way to fail")]
    pub fn finish(mut self) -> Packed {
        self.take(self.bytes.len() - self.taken);
        let body = self.encoder.finish().expect("bytes deflate");
        Packed { crc: crc32(&self.bytes), bytes: self.bytes, body }
    }
}

/// Bytes with the deflated body a member keeps of them. The same bytes give the same body, in whatever pieces they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    bytes: Vec<u8>,
    pub(super) body: Vec<u8>,
    pub(super) crc: u32,
}

impl Packed {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Vec<u8>> for Packed {
    fn from(bytes: Vec<u8>) -> Self {
        Packing { bytes, ..Packing::default() }.finish()
    }
}
