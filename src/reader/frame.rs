//! Frames of the SAM protocol, found in any stream of bytes (id-card-reader.md §2, §11).
//!
//! ```text
//! offset 0      5 bytes   preamble AA AA AA 96 69
//!        5      2 bytes   L, big-endian: everything after this field, the checksum included
//!        7      L-1 bytes body: CMD PARA data (to the reader) or SW1 SW2 SW3 data (to the host)
//!        L+6    1 byte    checksum: XOR of bytes 5 to L+5
//! ```
//!
//! There is no byte stuffing, so a preamble may occur inside a body. Invariants: the same bytes give the same
//! [`Event`]s under any chunking; a frame that comes out has a valid length and checksum; after a failure exactly one
//! byte is given up before the search goes on, so damage costs only itself; at most [`CAPACITY`] bytes are held.
//! Knows no command and no status code.

use std::ops::RangeInclusive;

/// What every frame begins with.
pub const PREAMBLE: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];

/// The most bytes a decoder holds; the longest frame has 2321.
pub const CAPACITY: usize = 4096;

/// Preamble and length field.
const HEAD: usize = 7;

/// The XOR of all bytes.
fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// Wraps a body in preamble, length and checksum. A body longer than 65534 bytes has no frame and gives none.
#[must_use]
pub fn encode(body: &[u8]) -> Vec<u8> {
    let Ok(length) = u16::try_from(body.len() + 1) else { return Vec::new() };
    let mut frame = Vec::with_capacity(HEAD + body.len() + 1);
    frame.extend(PREAMBLE);
    frame.extend(length.to_be_bytes());
    frame.extend(body);
    let sum = frame.get(PREAMBLE.len()..).map_or(0, checksum);
    frame.push(sum);
    frame
}

/// The body of one whole frame; its length and checksum were valid. Personal when it answers a read: not in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    body: Box<[u8]>,
}

impl Frame {
    /// Everything between the length field and the checksum.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The length field.
    #[must_use]
    pub fn length(&self) -> usize {
        self.body.len() + 1
    }

    /// The frame as it was on the wire.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        encode(&self.body)
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame").field("length", &self.length()).finish_non_exhaustive()
    }
}

/// Why something that began like a frame was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The length field is outside the limits.
    Length,
    /// The checksum does not fit.
    Checksum,
    /// The line fell silent before the end.
    Truncated,
}

/// What a decoder finds, in the order of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A whole frame.
    Frame(Frame),
    /// The beginning of a frame that came to nothing.
    Flaw(Flaw),
}

impl Event {
    /// The frame, if it is one.
    #[must_use]
    pub fn frame(self) -> Option<Frame> {
        match self {
            Self::Frame(frame) => Some(frame),
            Self::Flaw(_) => None,
        }
    }
}

/// A sliding search for frames.
#[derive(Debug, Clone)]
pub struct Decoder {
    held: Vec<u8>,
    lengths: RangeInclusive<u16>,
    discarded: u64,
}

impl Decoder {
    /// Looks for what a reader sends: lengths 4 to 2314.
    #[must_use]
    pub fn for_replies() -> Self {
        Self::with_lengths(4..=2314)
    }

    /// Looks for what a host sends: lengths 3 to 260.
    #[must_use]
    pub fn for_commands() -> Self {
        Self::with_lengths(3..=260)
    }

    fn with_lengths(lengths: RangeInclusive<u16>) -> Self {
        Self { held: Vec::with_capacity(CAPACITY), lengths, discarded: 0 }
    }

    /// Takes the next bytes of the stream, as many as there are.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        while !bytes.is_empty() {
            let room = CAPACITY.saturating_sub(self.held.len()).max(1);
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.held.extend(now);
            self.scan(&mut events);
            bytes = later;
        }
        events
    }

    /// Says that the line has been silent too long for a frame to go on: gives up what is held, byte by byte.
    pub fn idle_gap(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while !self.held.is_empty() {
            if self.held.starts_with(&PREAMBLE) {
                events.push(Event::Flaw(Flaw::Truncated));
            }
            self.discard(1);
            self.scan(&mut events);
        }
        events
    }

    /// Whether bytes are held that may still become a frame.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.held.is_empty()
    }

    /// How many bytes are held, never more than [`CAPACITY`].
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// The bytes given up since the last call: noise.
    pub fn take_discarded(&mut self) -> u64 {
        std::mem::take(&mut self.discarded)
    }

    /// Finds frames until what is held could only be the beginning of one. Moves what is left once, not for each frame.
    fn scan(&mut self, events: &mut Vec<Event>) {
        let mut at = 0;
        loop {
            let rest = self.held.get(at..).unwrap_or_default();
            let noise = candidate(rest);
            at += noise;
            self.discarded += noise as u64;
            match begins(rest.get(noise..).unwrap_or_default(), &self.lengths) {
                Beginning::Partial => break,
                Beginning::Flaw(flaw) => {
                    at += 1;
                    self.discarded += 1;
                    events.push(Event::Flaw(flaw));
                }
                Beginning::Frame(body) => {
                    at += HEAD + body.len() + 1;
                    events.push(Event::Frame(Frame { body: body.into() }));
                }
            }
        }
        self.held.drain(..at);
    }

    fn discard(&mut self, count: usize) {
        self.held.drain(..count);
        self.discarded += count as u64;
    }
}

/// What stands at the beginning of some bytes.
enum Beginning<'a> {
    /// The body of a whole frame.
    Frame(&'a [u8]),
    /// A preamble with something that is no frame.
    Flaw(Flaw),
    /// Too few bytes to tell.
    Partial,
}

/// Judges bytes that begin with a preamble or a part of one.
fn begins<'a>(bytes: &'a [u8], lengths: &RangeInclusive<u16>) -> Beginning<'a> {
    let Some(&[high, low]) = bytes.get(PREAMBLE.len()..HEAD) else { return Beginning::Partial };
    let length = u16::from_be_bytes([high, low]);
    if !lengths.contains(&length) {
        return Beginning::Flaw(Flaw::Length);
    }
    let total = HEAD + usize::from(length);
    match bytes.get(PREAMBLE.len()..total) {
        None => Beginning::Partial,
        Some(covered) if checksum(covered) != 0 => Beginning::Flaw(Flaw::Checksum),
        Some(_) => Beginning::Frame(bytes.get(HEAD..total - 1).unwrap_or_default()),
    }
}

/// Where the first preamble stands, or what could still become one: up to four bytes at the end.
fn candidate(bytes: &[u8]) -> usize {
    first_preamble(bytes).unwrap_or_else(|| {
        let begins = |kept: &usize| PREAMBLE.get(..*kept).is_some_and(|start| bytes.ends_with(start));
        bytes.len() - (1..PREAMBLE.len()).rev().find(begins).unwrap_or(0)
    })
}

/// Horspool's search: looks at the last byte of a window first, which tells how far no preamble can begin.
fn first_preamble(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let window = bytes.get(at..)?.first_chunk::<5>()?;
        let [.., last] = *window;
        at += match last {
            0x69 if *window == PREAMBLE => return Some(at),
            0x96 => 1,
            0xAA => 2,
            _ => 5,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(events: Vec<Event>) -> Vec<Vec<u8>> {
        events.into_iter().filter_map(Event::frame).map(|frame| frame.body().to_vec()).collect()
    }

    fn decode(stream: &[u8], cuts: &[usize]) -> (Vec<Event>, u64) {
        let mut decoder = Decoder::for_replies();
        let mut events = Vec::new();
        let mut rest = stream;
        for cut in cuts {
            let (now, later) = rest.split_at((*cut).min(rest.len()));
            events.extend(decoder.feed(now));
            assert!(decoder.held.len() <= CAPACITY);
            rest = later;
        }
        events.extend(decoder.feed(rest));
        events.extend(decoder.idle_gap());
        (events, decoder.take_discarded())
    }

    /// Bytes that love to look like frames.
    fn tricky() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..12),
            prop::collection::vec(Just(0xAA), 1..5),
            Just(PREAMBLE.to_vec()),
            Just(vec![0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x40]),
            prop::collection::vec(any::<u8>(), 3..40).prop_map(|body| encode(&body)),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn the_published_find_command_comes_out_of_the_rules() {
        assert_eq!(encode(&[0x20, 0x01]), [0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x03, 0x20, 0x01, 0x22]);
        assert!(encode(&vec![0; 65535]).is_empty());
    }

    #[test]
    fn a_preamble_after_more_of_its_own_bytes_is_found() {
        let (events, noise) = decode(&[&[0xAA, 0xAA][..], &encode(&[0, 0, 0x80])].concat(), &[]);
        assert_eq!((frames(events), noise), (vec![vec![0, 0, 0x80]], 2));
    }

    #[test]
    fn the_search_finds_the_first_preamble_wherever_it_stands() {
        // All texts over the preamble's own three bytes and another one.
        for number in 0u32..4u32.pow(8) {
            let text: Vec<u8> = (0..8).map(|at| [0xAA, 0x96, 0x69, 0x00][(number >> (2 * at)) as usize % 4]).collect();
            let found = text.windows(5).position(|window| window == PREAMBLE);
            assert_eq!(first_preamble(&text), found, "{text:02X?}");
        }
    }

    #[test]
    fn a_flood_without_frames_is_not_kept() {
        let mut decoder = Decoder::for_replies();
        assert!(decoder.feed(&vec![0x55; 100_000]).is_empty());
        assert!(!decoder.is_partial());
        assert_eq!(decoder.take_discarded(), 100_000);
        assert_eq!(decoder.take_discarded(), 0);
    }

    #[test]
    fn debug_does_not_show_a_body() {
        let frame = decode(&encode(&[0, 0, 0x90, 0x31]), &[]).0.remove(0);
        assert_eq!(format!("{frame:?}"), "Frame(Frame { length: 5, .. })");
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_events(stream in tricky(), cuts in prop::collection::vec(1usize..9, 0..60)) {
            prop_assert_eq!(decode(&stream, &cuts), decode(&stream, &[]));
        }

        #[test]
        fn garbage_before_a_frame_costs_only_that_garbage(
            garbage in prop::collection::vec(any::<u8>(), 0..80), body in prop::collection::vec(any::<u8>(), 3..300),
        ) {
            prop_assume!(!garbage.windows(PREAMBLE.len()).any(|window| window == PREAMBLE));
            let frame = encode(&body);
            let (events, noise) = decode(&[garbage.clone(), frame].concat(), &[]);
            prop_assert_eq!(frames(events), vec![body]);
            prop_assert_eq!(noise, garbage.len() as u64);
        }

        #[test]
        fn every_byte_is_either_in_a_frame_or_counted_as_noise(stream in tricky()) {
            let (events, noise) = decode(&stream, &[]);
            let framed: usize = events.into_iter().filter_map(Event::frame).map(|frame| frame.bytes().len()).sum();
            prop_assert_eq!(framed as u64 + noise, stream.len() as u64);
        }

        #[test]
        fn a_mutated_stream_never_yields_a_frame_with_a_wrong_checksum(
            mut stream in tricky(), flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 0..4),
        ) {
            for (at, mask) in flips {
                if !stream.is_empty() {
                    let at = at.index(stream.len());
                    stream[at] ^= mask;
                }
            }
            for frame in decode(&stream, &[]).0.into_iter().filter_map(Event::frame) {
                let bytes = frame.bytes();
                prop_assert_eq!(checksum(&bytes[5..]), 0);
                prop_assert!(stream.windows(bytes.len()).any(|window| window == bytes));
                prop_assert!((4..=2314).contains(&frame.length()));
            }
        }

        #[test]
        fn one_flipped_byte_loses_at_most_its_own_frame(
            bodies in prop::collection::vec(prop::collection::vec(0u8..0x90, 3..40), 2..5), at in any::<prop::sample::Index>(),
            mask in 1u8..,
        ) {
            let mut stream: Vec<u8> = bodies.iter().flat_map(|body| encode(body)).collect();
            let at = at.index(stream.len());
            stream[at] ^= mask;
            let found = frames(decode(&stream, &[]).0);
            prop_assert!(found.len() + 1 >= bodies.len(), "{} of {}", found.len(), bodies.len());
        }
    }
}
