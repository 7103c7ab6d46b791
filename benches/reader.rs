//! The decoder of frames, beside the least that could be done with the same bytes: `cargo bench --bench reader`.
//!
//! ```text
//! floor   the bytes copied once; one XOR over them; one comparison with each
//! ours    clean card replies, in one piece and in pieces of 62 bytes; noise; noise that begins like frames
//! ```
//!
//! Every operation takes 1 MB, so that a figure "a second" is MB/s. Goals: 100 MB/s of clean frames, 50 MB/s of noise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "as in every benchmark here")]

#[allow(dead_code, reason = "a section takes floors, figures of ours, or both")]
#[path = "speed/report.rs"]
mod report;

use kaodian::reader::frame::{Decoder, Event, PREAMBLE};
use kaodian::reader::sam;
use report::{Figure, Section};
use std::hint::black_box;

/// One operation's bytes.
const MB: usize = 1_000_000;
/// Operations in a round.
const TIMES: usize = 50;
/// What a USB adapter delivers at once.
const BURST: usize = 62;

fn main() {
    println!("reader: medians of {} rounds, spread in brackets; a second = MB/s", report::ROUNDS);
    let mut noise = Noise(1);
    let clean = filled(|| sam::encode_reply([0, 0], 0x90, &noise.bytes(1284)));
    let random = noise.bytes(MB);
    // Each head promises the longest frame, whose checksum is computed and found wrong.
    let hostile = filled(|| [&PREAMBLE[..], &[0x09, 0x0A], &noise.bytes(57)].concat());

    let mut copied = vec![0; MB];
    Section::new("clean card replies of 1295 bytes")
        .figures(&[Figure::PerSecond])
        .floor("copy", TIMES, || copied.copy_from_slice(black_box(&clean)))
        .floor("one XOR", TIMES, || clean.iter().fold(0, |sum, byte| sum ^ byte))
        .ours("in one piece", TIMES, || decode(&clean, MB))
        .ours("in pieces of 62 bytes", TIMES, || decode(&clean, BURST))
        .run();
    Section::new("noise")
        .figures(&[Figure::PerSecond])
        .floor("one comparison a byte", TIMES, || random.iter().filter(|byte| **byte > 0x96).count())
        .ours("in one piece", TIMES, || decode(&random, MB))
        .ours("in pieces of 62 bytes", TIMES, || decode(&random, BURST))
        .ours("heads of frames that never end", TIMES, || decode(&hostile, BURST))
        .run();
}

/// How many frames there are in these bytes, cut into pieces.
fn decode(bytes: &[u8], piece: usize) -> usize {
    let mut decoder = Decoder::for_replies();
    let events = bytes.chunks(piece).flat_map(|piece| decoder.feed(piece));
    black_box(events.filter_map(Event::frame).count())
}

fn filled(mut part: impl FnMut() -> Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MB + 1295);
    while bytes.len() < MB {
        bytes.extend(part());
    }
    bytes.truncate(MB);
    bytes
}

/// Xorshift.
struct Noise(u64);

impl Noise {
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut byte = || {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0.to_le_bytes()[3]
        };
        (0..count).map(|_| byte()).collect()
    }
}
