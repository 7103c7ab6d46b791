//! The number of a campus card, and the forms in which rosters write it.
//!
//! One tag has many numbers (id-card-reader.md §13.2): the raw bytes are kept, and the compared form follows from them by
//! the configured rule alone.

use std::fmt;

/// How a roster writes the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UidForm {
    /// Hexadecimal, in the order of the wire.
    #[default]
    AsRead,
    /// Hexadecimal, last byte first.
    Reversed,
    /// The low 24 bits, as 8 decimal digits.
    Low24,
    /// The low 24 bits as 3 digits of facility and 5 of card; the bytes above are lost.
    Wiegand26,
    /// The low 32 bits, as 10 decimal digits.
    Dec10,
}

/// The bytes of a card's number, most significant first; never empty. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct Uid(Vec<u8>);

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uid({} bytes)", self.0.len())
    }
}

impl Uid {
    /// The number of these bytes; none of nothing.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        (!bytes.is_empty()).then(|| Self(bytes.to_vec()))
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The form to compare; none where too few bytes are known for it.
    #[must_use]
    pub fn form(&self, form: UidForm) -> Option<String> {
        match form {
            UidForm::AsRead => Some(hex(self.0.iter())),
            UidForm::Reversed => Some(hex(self.0.iter().rev())),
            UidForm::Low24 => self.low::<3>().map(|low| format!("{low:08}")),
            UidForm::Wiegand26 => self.low::<3>().map(|low| format!("{:03}{:05}", low >> 16, low & 0xffff)),
            UidForm::Dec10 => self.low::<4>().map(|low| format!("{low:010}")),
        }
    }

    fn low<const N: usize>(&self) -> Option<u32> {
        let low: &[u8; N] = self.0.last_chunk()?;
        Some(low.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }
}

fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.map(|byte| format!("{byte:02X}")).collect()
}

/// How a reader that sends plain lines, or types them, writes the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainNumber {
    /// 10 decimal digits: 32 bits.
    Dec10,
    /// 8, 14 or 20 hexadecimal digits: 4, 7 or 10 bytes.
    Hex,
    /// 8 decimal digits, 3 of facility and 5 of card: 24 bits.
    Wiegand26,
}

impl PlainNumber {
    /// The number that a line writes; none where it is not of this form.
    #[must_use]
    pub fn parse(self, line: &str) -> Option<Uid> {
        let decimal = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
        let bytes = match self {
            Self::Dec10 if line.len() == 10 => decimal(line)?.to_be_bytes().to_vec(),
            Self::Hex if matches!(line.len(), 8 | 14 | 20) => {
                let nibbles = line.bytes().map(nibble).collect::<Option<Vec<u8>>>()?;
                nibbles.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, n| byte << 4 | n)).collect()
            }
            Self::Wiegand26 if line.len() == 8 => {
                let (facility, card) = line.split_at_checked(3)?;
                let facility = u8::try_from(decimal(facility)?).ok()?;
                let [high, low] = u16::try_from(decimal(card)?).ok()?.to_be_bytes();
                vec![facility, high, low]
            }
            Self::Dec10 | Self::Hex | Self::Wiegand26 => return None,
        };
        Uid::new(&bytes)
    }
}

/// The value of an ASCII hexadecimal digit.
pub(super) fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
