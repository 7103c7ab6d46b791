//! A campus-card reader: checked frames, resynchronised after anything else, one event for each presence of a card.

use super::frames::{Format, Front, em4100_ascii, stx_binary, stx_length};
use super::split::{Piece, Splitter, Terminator};
use super::uid::{PlainNumber, Uid, UidForm};
use std::time::Duration;

/// Silence that ends an unfinished frame: more than 30 byte times at 9600 baud.
const GAP: Duration = Duration::from_millis(50);

/// How many cards may lie on a reader; of more the longest unheard is forgotten.
const PRESENT: usize = 16;

/// How a campus-card reader is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RfidSettings {
    /// What it sends.
    pub format: Format,
    /// How the roster writes its numbers.
    pub form: UidForm,
}

/// A campus card was laid on the reader. Its number can be cloned: it never says who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The number as read.
    pub uid: Uid,
    /// Whether the card makes a new number each time.
    pub random: bool,
    /// The number as the roster writes it; none where it is random or has too few bytes for the form.
    pub compared: Option<String>,
}

impl Tag {
    /// The card of this number, as a reader set up so read it.
    #[must_use]
    pub fn of(uid: Uid, RfidSettings { format, form }: RfidSettings) -> Self {
        let random = format.is_random(form, &uid);
        let compared = uid.form(form).filter(|_| !random);
        Self { uid, random, compared }
    }
}

#[derive(Debug)]
enum Framing {
    Frames { front: fn(&[u8]) -> Front, buffer: Vec<u8>, heard: Duration },
    Lines(PlainNumber, Splitter),
}

#[derive(Debug)]
pub(super) struct Rfid {
    framing: Framing,
    settings: RfidSettings,
    present: Vec<(Uid, Duration)>,
}

impl Rfid {
    pub(super) fn new(settings: RfidSettings, baud: u32) -> Self {
        let frames = |front| Framing::Frames { front, buffer: Vec::new(), heard: Duration::ZERO };
        let framing = match settings.format {
            Format::Em4100Ascii => frames(em4100_ascii),
            Format::StxBinary => frames(stx_binary),
            Format::StxLength => frames(stx_length),
            Format::Plain(number) => Framing::Lines(number, Splitter::new(Terminator::Any, baud)),
        };
        Self { framing, settings, present: Vec::new() }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], now: Duration, noise: &mut u64) -> Vec<Tag> {
        let found = match &mut self.framing {
            Framing::Frames { front, buffer, heard } => {
                *heard = now;
                buffer.extend_from_slice(bytes);
                take_frames(*front, buffer)
            }
            Framing::Lines(number, splitter) => {
                splitter.feed(bytes, now).into_iter().map(|piece| judge(*number, piece)).collect()
            }
        };
        self.tell(found, now, noise)
    }

    pub(super) fn pass(&mut self, now: Duration, noise: &mut u64) -> Vec<Tag> {
        let due = self.due();
        let found = match &mut self.framing {
            Framing::Frames { front, buffer, .. } if due.is_some_and(|due| now >= due) => {
                let mut found = Vec::new();
                // Whatever the unfinished frame swallowed is looked at again.
                while !buffer.is_empty() {
                    buffer.remove(0);
                    found.push(Found::Noise(1));
                    found.extend(take_frames(*front, buffer));
                }
                found
            }
            Framing::Frames { .. } => Vec::new(),
            Framing::Lines(number, splitter) => {
                splitter.pass(now).into_iter().map(|piece| judge(*number, piece)).collect()
            }
        };
        self.tell(found, now, noise)
    }

    pub(super) fn due(&self) -> Option<Duration> {
        match &self.framing {
            Framing::Frames { buffer, heard, .. } => (!buffer.is_empty()).then_some(*heard + GAP),
            Framing::Lines(_, splitter) => splitter.due(),
        }
    }

    pub(super) fn held(&self) -> u64 {
        match &self.framing {
            Framing::Frames { buffer, .. } => buffer.len() as u64,
            Framing::Lines(_, splitter) => splitter.held(),
        }
    }

    fn tell(&mut self, found: Vec<Found>, now: Duration, noise: &mut u64) -> Vec<Tag> {
        let mut tags = Vec::new();
        for one in found {
            match one {
                Found::Noise(bytes) => *noise += bytes,
                Found::Card(uid) if self.is_new(&uid, now) => tags.push(Tag::of(uid, self.settings)),
                Found::Card(_) => {}
            }
        }
        tags
    }

    /// Whether a card was not there before; it is now.
    fn is_new(&mut self, uid: &Uid, now: Duration) -> bool {
        let away = self.settings.format.away();
        self.present.retain(|(_, last)| now.saturating_sub(*last) < away);
        let before = self.present.iter().position(|(there, _)| there == uid);
        if let Some(at) = before {
            self.present.remove(at);
        } else if self.present.len() == PRESENT {
            self.present.remove(0);
        }
        self.present.push((uid.clone(), now));
        before.is_none()
    }
}

enum Found {
    Card(Uid),
    Noise(u64),
}

/// Takes every whole frame from the front, and one byte where none begins.
fn take_frames(front: fn(&[u8]) -> Front, buffer: &mut Vec<u8>) -> Vec<Found> {
    let (mut at, mut found) = (0, Vec::new());
    while let Some(rest) = buffer.get(at..).filter(|rest| !rest.is_empty()) {
        match front(rest) {
            Front::Unfinished => break,
            Front::Nothing => {
                found.push(Found::Noise(1));
                at += 1;
            }
            Front::Frame(length, uid) => {
                found.extend(uid.map(Found::Card));
                at += length;
            }
        }
    }
    buffer.drain(..at);
    found
}

fn judge(number: PlainNumber, piece: Piece) -> Found {
    match piece {
        Piece::Line(line, _) => {
            let uid = std::str::from_utf8(&line).ok().and_then(|line| number.parse(line));
            uid.map_or(Found::Noise(line.len() as u64), Found::Card)
        }
        Piece::Overlong(bytes) | Piece::Noise(bytes) => Found::Noise(bytes),
    }
}
