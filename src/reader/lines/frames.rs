//! The frames of campus-card readers, by the format's name (id-card-reader.md §13.2).
//!
//! | format | bytes | check |
//! |---|---|---|
//! | `Em4100Ascii` | `02`, 10 hexadecimal digits, 2 of checksum, `03` | XOR of the five bytes |
//! | `StxBinary` | `02 LEN TYPE SNR(5) BCC 03`; LEN 0A, or 09 by its own text; TYPE 01, 02 | XOR from LEN to SNR |
//! | `StxLength` | `02`, 16-bit length, status(2), number, XOR, `03`; asked for by `02 00 03 32 29 FF E4 03` | XOR of the data |
//! | `Plain` | a line of digits | none |
//!
//! Formats of §13.2 that are not here have no published check (four bytes and one), or do not say where in their data the
//! number stands: what they send would be a guess.

use super::uid::{PlainNumber, Uid, UidForm, nibble};
use std::time::Duration;

/// Between two questions to a reader that has to be asked.
pub(super) const QUESTION: Duration = Duration::from_millis(200);

/// A card that is not heard for this long has left.
const AWAY: Duration = Duration::from_millis(300);

/// The format of a campus-card reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// EM4100 in ASCII: RDM6300 and clones.
    Em4100Ascii,
    /// STX, binary, BCC, ETX.
    StxBinary,
    /// STX, 16-bit length, data, ETX; it has to be asked.
    StxLength,
    /// One line for each card.
    Plain(PlainNumber),
}

impl Format {
    /// What a reader that does not talk unasked is asked with.
    #[must_use]
    pub fn question(self) -> Option<&'static [u8]> {
        match self {
            Self::StxLength => Some(&[0x02, 0x00, 0x03, 0x32, 0x29, 0xff, 0xe4, 0x03]),
            Self::Em4100Ascii | Self::StxBinary | Self::Plain(_) => None,
        }
    }

    /// After how much silence a card has left. A reader that is asked speaks only so often: two lost answers are no
    /// removal.
    pub(super) fn away(self) -> Duration {
        if self.question().is_some() { QUESTION * 7 / 2 } else { AWAY }
    }

    /// Whether a number is one that its card makes anew each time: an ISO 14443-A number of four bytes, the first on the
    /// air 08.
    ///
    /// Only where the configuration says that the numbers are such: a reader that is asked for them, or one that sends
    /// hexadecimal digits for a roster that has them too. Which end is the first the form tells: the one that the roster
    /// writes first. Any other number may be an EM4100's, of which one in 256 begins with 08.
    pub(super) fn is_random(self, form: UidForm, uid: &Uid) -> bool {
        let &[first, _, _, last] = uid.bytes() else { return false };
        match (self, form) {
            (Self::StxLength | Self::Plain(PlainNumber::Hex), UidForm::Reversed) => last == 0x08,
            (Self::StxLength, _) | (Self::Plain(PlainNumber::Hex), UidForm::AsRead) => first == 0x08,
            _ => false,
        }
    }
}

/// What stands at the front of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Front {
    /// A frame may begin here, and is not whole.
    Unfinished,
    /// No frame begins here.
    Nothing,
    /// A frame of so many bytes, with the number it tells.
    Frame(usize, Option<Uid>),
}

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// A frame of known length once it is whole: its body is judged, or nothing begins here.
fn whole(bytes: &[u8], length: usize, judge: impl Fn(&[u8]) -> Option<Option<Uid>>) -> Front {
    match bytes.get(..length) {
        None => Front::Unfinished,
        Some(frame) => judge(frame).map_or(Front::Nothing, |uid| Front::Frame(length, uid)),
    }
}

pub(super) fn em4100_ascii(bytes: &[u8]) -> Front {
    let [STX, rest @ ..] = bytes else { return Front::Nothing };
    if !rest.iter().take(12).all(u8::is_ascii_hexdigit) {
        return Front::Nothing;
    }
    whole(bytes, 14, |frame| {
        let [_, digits @ .., ETX] = frame else { return None };
        let nibbles: Vec<u8> = digits.iter().map(|digit| nibble(*digit)).collect::<Option<_>>()?;
        let all: Vec<u8> = nibbles.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, n| byte << 4 | n)).collect();
        let [number @ .., check] = all.as_slice() else { return None };
        (xor(number) == *check).then(|| Uid::new(number))
    })
}

pub(super) fn stx_binary(bytes: &[u8]) -> Front {
    match bytes {
        [STX] | [STX, 0x09 | 0x0a] | [STX, 0x09 | 0x0a, 0x01 | 0x02, ..] => {}
        _ => return Front::Nothing,
    }
    whole(bytes, 10, |frame| {
        let [_, covered @ .., check, ETX] = frame else { return None };
        let [_, _, number @ ..] = covered else { return None };
        (xor(covered) == *check).then(|| Uid::new(number))
    })
}

pub(super) fn stx_length(bytes: &[u8]) -> Front {
    let length = match bytes {
        [STX] | [STX, 0x00] => return Front::Unfinished,
        // A status and at most a number of ten bytes.
        [STX, 0x00, length @ 2..=12, ..] => usize::from(*length),
        _ => return Front::Nothing,
    };
    whole(bytes, length + 5, |frame| {
        let [_, _, _, data @ .., check, ETX] = frame else { return None };
        if xor(data) != *check {
            return None;
        }
        // That a status of zero means success is inferred: no source says it.
        Some(match data {
            [0x00, 0x00, number @ ..] if matches!(number.len(), 4 | 7 | 10) => Uid::new(number),
            _ => None,
        })
    })
}
