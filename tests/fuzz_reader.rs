//! Streams and records made to break the reader, from numbers: case n is always the same bytes.
//!
//! ```text
//! KAODIAN_LONG_SECONDS=N   goes on for N seconds in each test instead of a few (tests/run --long)
//! KAODIAN_FUZZ_CASE=N      begins at case N, to see a failure again
//! ```
//!
//! The decoder of frames is held to a model that has no state: it looks at a whole stream at once and steps byte by byte
//! (id-card-reader.md §11, "decoder rules in one place").

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use kaodian::domain::document::Presented;
use kaodian::domain::photo::Photo;
use kaodian::reader::frame::{self, CAPACITY, Decoder, Event, Flaw, PREAMBLE};
use kaodian::reader::record::{FLAG, Field, Fields, LAYOUTS, Record, TEXT, Text, parts};
use kaodian::reader::sam::{self, Command, Reply};
use std::ops::Range;
use std::time::{Duration, Instant};

/// A stream of numbers that its seed tells (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Less than `end`.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}

/// Runs cases until the time is over, and at least one.
fn cases(seconds: u64, mut case: impl FnMut(&mut Draw)) {
    let told = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let end = Instant::now() + Duration::from_secs(told("KAODIAN_LONG_SECONDS").unwrap_or(seconds));
    let mut number = told("KAODIAN_FUZZ_CASE").unwrap_or(0);
    loop {
        let shown = Shown(number);
        case(&mut Draw(number));
        std::mem::forget(shown);
        number += 1;
        if Instant::now() >= end {
            println!("{number} cases");
            return;
        }
    }
}

/// Names the case that stopped a test.
struct Shown(u64);

impl Drop for Shown {
    fn drop(&mut self) {
        eprintln!("see it again with KAODIAN_FUZZ_CASE={}", self.0);
    }
}

/// Bytes of a line, and where undamaged frames stand in them.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    good: Vec<Range<usize>>,
}

impl Line {
    fn draw(draw: &mut Draw) -> Self {
        let mut line = Self::default();
        for _ in 0..draw.below(12) {
            line.add(draw);
        }
        line
    }

    fn add(&mut self, draw: &mut Draw) {
        let count = draw.pick(&[1, 4, 9, 64, 700]);
        let noise = draw.below(count);
        match draw.below(9) {
            0 => self.bytes.extend(draw.bytes(noise)),
            1 => self.bytes.extend(vec![0xAA; noise % 9]),
            2 => self.bytes.extend(draw.pick(&[&[0x00, 0xF8, 0xE0, 0xFF][..], &PREAMBLE]).repeat(1 + noise % 9)),
            // A head that promises a frame of plausible, impossible or great length.
            3 => {
                self.bytes.extend(PREAMBLE);
                self.bytes.extend(draw.pick(&[3u16, 4, 8, 0x4A, 1288, 2314, 2315, 0xFFFF]).to_be_bytes());
            }
            // A frame that is cut, or has a bit flipped, a byte lost or a byte too much.
            4 => {
                let frame = frame(draw);
                self.bytes.extend(&frame[..draw.below(frame.len())]);
            }
            5 => {
                let mut frame = frame(draw);
                let at = draw.below(frame.len());
                match draw.below(3) {
                    0 => frame[at] ^= 1 << draw.below(8),
                    1 => drop(frame.remove(at)),
                    _ => frame.insert(at, draw.bytes(1)[0]),
                }
                self.bytes.extend(frame);
            }
            _ => {
                let frame = frame(draw);
                self.good.push(self.bytes.len()..self.bytes.len() + frame.len());
                self.bytes.extend(frame);
            }
        }
    }
}

/// A valid reply: a status, a small answer, a card, or one with a frame inside.
fn frame(draw: &mut Draw) -> Vec<u8> {
    let size = draw.pick(&[0, 0, 0, 4, 8, 16, 70, 300, 1284, 2310]);
    let mut data = draw.bytes(size);
    if size > 40 && draw.below(2) == 0 {
        let inner = sam::encode_reply([0, 0], 0x80, &[]);
        let at = draw.below(size - inner.len());
        data[at..at + inner.len()].copy_from_slice(&inner);
    }
    sam::encode_reply([0, 0], draw.pick(&[0x90, 0x9F, 0x80, 0x41]), &data)
}

/// What a model finds in a stream that ends in silence: where each frame stands, or a flaw.
fn model(bytes: &[u8]) -> Vec<Result<Range<usize>, Flaw>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(&PREAMBLE) {
            let length = rest.get(5..7).map(|field| usize::from(field[0]) << 8 | usize::from(field[1]));
            let flaw = match length {
                Some(length) if !(4..=2314).contains(&length) => Flaw::Length,
                Some(length) if length + 7 <= rest.len() => {
                    if rest[5..length + 7].iter().fold(0, |sum, byte| sum ^ byte) == 0 {
                        found.push(Ok(at..at + length + 7));
                        at += length + 7;
                        continue;
                    }
                    Flaw::Checksum
                }
                _ => Flaw::Truncated,
            };
            found.push(Err(flaw));
        }
        at += 1;
    }
    found
}

/// Feeds a stream in pieces, then silence.
fn decode(decoder: &mut Decoder, bytes: &[u8], draw: &mut Draw) -> Vec<Event> {
    let most = draw.pick(&[1, 2, 7, 62, 5000]);
    let mut events = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (now, later) = rest.split_at((1 + draw.below(most)).min(rest.len()));
        events.extend(decoder.feed(now));
        assert!(decoder.held() <= CAPACITY);
        rest = later;
    }
    events.extend(decoder.idle_gap());
    assert!(!decoder.is_partial());
    events
}

#[test]
fn any_stream_in_any_pieces_gives_what_the_rules_say_and_loses_no_good_frame() {
    cases(4, |draw| {
        let mut decoder = Decoder::for_replies();
        for _ in 0..=draw.below(3) {
            let line = Line::draw(draw);
            let expected = model(&line.bytes);
            let events = decode(&mut decoder, &line.bytes, draw);
            assert_eq!(events.len(), expected.len());
            for (event, expected) in events.iter().zip(&expected) {
                match (event, expected) {
                    (Event::Frame(frame), Ok(place)) => assert_eq!(frame.bytes(), &line.bytes[place.clone()]),
                    (Event::Flaw(flaw), Err(expected)) => assert_eq!(flaw, expected),
                    (event, expected) => panic!("{event:?} where the rules say {expected:?}"),
                }
            }
            let places: Vec<_> = expected.into_iter().flatten().collect();
            let framed: usize = places.iter().map(ExactSizeIterator::len).sum();
            assert_eq!(decoder.take_discarded(), (line.bytes.len() - framed) as u64);
            // After the silence only a whole valid frame may have covered a good one.
            for good in line.good {
                let covers = |frame: &Range<usize>| frame.start < good.end && good.start < frame.end;
                assert!(places.iter().any(covers), "the good frame at {good:?}");
            }
        }
    });
}

#[test]
fn garbage_without_a_frame_in_it_costs_no_frame_even_before_the_silence() {
    cases(2, |draw| {
        let mut decoder = Decoder::for_replies();
        let count = draw.below(6000);
        let garbage = draw.bytes(count);
        let has_preamble = garbage.windows(PREAMBLE.len()).any(|window| window == PREAMBLE);
        let good = frame(draw);
        let found: Vec<_> =
            [garbage, good.clone()].iter().flat_map(|bytes| decoder.feed(bytes)).filter_map(Event::frame).collect();
        assert!(has_preamble || found.iter().map(frame::Frame::bytes).eq([good]));
    });
}

/// A record of random bytes, of a good card with some bytes changed, or of text where no text should be.
fn record(draw: &mut Draw) -> Vec<u8> {
    let layout = draw.pick(&LAYOUTS);
    let mut text = match draw.below(3) {
        0 => draw.bytes(TEXT),
        1 => {
            let units = [0x4E00u16, 0x0020, 0x0000, 0xD842, 0xDFB7, 0xE000, 0x0031, 0x0078, 0xFFFD, 0x001B, 0x3000];
            (0..TEXT / 2).flat_map(|_| draw.pick(&units).to_le_bytes()).collect()
        }
        _ => {
            let blank = Fields::blank(layout.kind);
            let values = [
                (Field::Name, "测试·样例"),
                (Field::LatinName, "TESTERSON, ALPHA"),
                (Field::Number, "110199199003070017"),
                (Field::Birth, "19900307"),
                (Field::ValidTo, "长期"),
                (Field::PermitNumber, "H99999999"),
            ];
            let fits = |(field, value): &(Field, &str)| value.encode_utf16().count() <= layout.room(*field);
            let card = values.into_iter().filter(fits).fold(blank, |card, (field, value)| card.with(field, value));
            card.encode().unwrap().to_vec()
        }
    };
    if draw.below(4) > 0 {
        text[FLAG..FLAG + 2].copy_from_slice(&layout.flag.to_le_bytes());
    }
    for _ in 0..draw.below(4) {
        let at = draw.below(TEXT);
        text[at] = draw.bytes(1)[0];
    }
    text
}

#[test]
fn any_record_is_read_and_what_was_understood_is_written_again() {
    cases(3, |draw| {
        let text = record(draw);
        let read = Record::decode(&text).unwrap();
        match (read.text(), read.presented()) {
            (Text::Known(fields), Presented::Card(card)) => {
                let again = Record::decode(&fields.encode().unwrap()).unwrap();
                assert!(again.text() == read.text());
                assert!(*card == fields.read(Photo::Absent));
                let shown = [&card.name, &card.number].into_iter().chain(&card.name_latin).chain(&card.permit_number);
                assert!(shown.into_iter().all(|text| !text.contains(char::is_control)));
            }
            (Text::Unknown(kept), Presented::UnknownKind) => assert!(kept[..] == text),
            (text, presented) => panic!("{text:?} {presented:?}"),
        }
    });
}

#[test]
fn any_reply_is_judged_and_taken_apart() {
    const COMMANDS: [Command; 11] = [
        Command::Reset,
        Command::Status,
        Command::SamNumber,
        Command::Find,
        Command::Select,
        Command::Read,
        Command::ReadWithFingerprint,
        Command::AllAddresses,
        Command::LatestAddress,
        Command::ChipNumber,
        Command::SetSpeed(0),
    ];
    cases(1, |draw| {
        let lengths = [0u16, 1, 2, 70, 256, 512, 1024, 0xFFFF].map(u16::to_be_bytes);
        let mut data: Vec<u8> = (0..draw.below(4)).flat_map(|_| draw.pick(&lengths)).collect();
        let count = draw.pick(&[0, 1, 8, 256, 1280, 1792]);
        data.extend(draw.bytes(count));
        for with_fingerprints in [false, true] {
            if let Some(parts) = parts(&data, with_fingerprints) {
                let read = Record::of(&parts);
                assert_eq!(read.is_some(), parts.text.len() == TEXT);
            }
        }
        let sw3 = draw.bytes(1)[0];
        for command in COMMANDS {
            let _ = command.judge(&Reply { card_status: [0, 0], sw3, data: &data });
        }
    });
}
