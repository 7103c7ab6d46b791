//! Cards for the simulator: from one whole reply, or from the fields of a card of any kind.
//!
//! ```text
//! hexadecimal   AA AA AA 96 69 05 08 00 00 90 …            one whole reply to 30 01 or 30 10, white space anywhere
//! JSON          {"kind":"hmt_j","name":"测试六",…}           a line of `reader decode`; without kind a resident's
//! ```
//!
//! Of a JSON object the fields of its kind count, all text and each may be left out; other members are skipped, so that
//! what `reader decode` adds (`event`, `sex_name`, `warnings`) may stay.

use crate::reader::frame::Decoder;
use crate::reader::record::{self, CardKind, Fields, PHOTO, ResidentCard, TEXT, TooLong};
use crate::reader::sam::Reply;
use std::fmt;

/// What a simulated chip holds. Personal when real: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    text: Vec<u8>,
    photo: Vec<u8>,
    fingerprints: Vec<u8>,
    /// The latest address, 70 bytes; `None` answers 91.
    pub latest_address: Option<[u8; 70]>,
}

/// Why a text or reply is not a card. Says where, never what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Not one whole frame.
    #[error("expected one whole reply of a reader, found other bytes")]
    NotOneReply,
    /// A frame, but no answer to a read.
    #[error("expected a reply to 30 01 or 30 10, found status {0:02X} with other data")]
    NotARead(u8),
    /// Not hexadecimal.
    #[error("expected hexadecimal digits, found another character at position {0}")]
    NotHex(usize),
    /// Not a JSON object of a card's fields.
    #[error("expected a JSON object with the fields of reader decode, found a mistake at line {line}, column {column}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column.
        column: usize,
    },
    /// A kind that is not known.
    #[error(
        "expected kind resident, hmt_j, foreigner_i or foreigner_y, found another: give its whole reply in hexadecimal"
    )]
    UnknownKind,
    /// A field with another value than text.
    #[error("expected text in {0}, found another value")]
    NotText(&'static str),
    /// A field that does not fit.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

impl Card {
    /// Takes the card out of one whole reply to `30 01` or `30 10`.
    ///
    /// # Errors
    /// [`CardError`] when the bytes are not exactly that.
    pub fn from_reply(bytes: &[u8]) -> Result<Self, CardError> {
        let mut decoder = Decoder::for_replies();
        let events = decoder.feed(bytes);
        let only = match <[_; 1]>::try_from(events) {
            Ok([event]) if !decoder.is_partial() && decoder.take_discarded() == 0 => event.frame(),
            _ => None,
        };
        let frame = only.ok_or(CardError::NotOneReply)?;
        let reply = Reply::of(&frame).ok_or(CardError::NotOneReply)?;
        let parts = record::parts(reply.data, false).or_else(|| record::parts(reply.data, true));
        let parts = parts.filter(|_| reply.sw3 == 0x90).ok_or(CardError::NotARead(reply.sw3))?;
        Ok(Self {
            text: parts.text.to_vec(),
            photo: parts.photo.to_vec(),
            fingerprints: parts.fingerprints.unwrap_or_default().to_vec(),
            latest_address: None,
        })
    }

    /// Makes a card with noise for a photo; the same fields give the same bytes.
    ///
    /// # Errors
    /// [`TooLong`] for the first field that does not fit.
    pub fn of(fields: &Fields) -> Result<Self, TooLong> {
        let text = fields.encode()?;
        let photo = noise_photo(&text).to_vec();
        Ok(Self { text: text.to_vec(), photo, fingerprints: Vec::new(), latest_address: None })
    }

    /// Makes a resident card with noise for a photo.
    ///
    /// # Errors
    /// [`TooLong`] for the first field that does not fit.
    pub fn resident(fields: &ResidentCard) -> Result<Self, TooLong> {
        Self::of(&fields.into())
    }

    /// Reads a card file: hexadecimal text of one whole reply, or a JSON object with the fields of `reader decode`.
    ///
    /// # Errors
    /// [`CardError`] that says where the text stops being one of these.
    pub fn parse(text: &str) -> Result<Self, CardError> {
        if text.trim_start().starts_with('{') { Self::parse_json(text) } else { Self::from_reply(&parse_hex(text)?) }
    }

    fn parse_json(text: &str) -> Result<Self, CardError> {
        let mistake = |e: serde_json::Error| CardError::NotJson { line: e.line(), column: e.column() };
        let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(mistake)?;
        let told = |name: &'static str| {
            members.get(name).map(|value| value.as_str().ok_or(CardError::NotText(name))).transpose()
        };
        let kind = match told("kind")? {
            None => CardKind::Resident,
            Some(id) => CardKind::parse(id).ok_or(CardError::UnknownKind)?,
        };
        let mut fields = Fields::blank(kind);
        for field in kind.layout().fields() {
            if let Some(value) = told(field.id())? {
                fields = fields.with(field, value);
            }
        }
        Ok(Self::of(&fields)?)
    }

    /// The same card with an address that was written into it later.
    ///
    /// # Errors
    /// [`TooLong`] for more than 35 characters.
    pub fn with_latest_address(mut self, address: &str) -> Result<Self, TooLong> {
        let units: Vec<u16> = address.encode_utf16().collect();
        let mut data = [0x20, 0x00].repeat(35);
        let place = data.get_mut(..units.len() * 2);
        let place = place.ok_or(TooLong { field: "latest_address", room: 35, found: units.len() })?;
        place.copy_from_slice(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>());
        self.latest_address = data.try_into().ok();
        Ok(self)
    }

    /// The data of a reply to `30 01`, or to `30 10` with fingerprints.
    #[must_use]
    pub fn data(&self, with_fingerprints: bool) -> Vec<u8> {
        let length = |part: &[u8]| u16::try_from(part.len()).unwrap_or(0).to_be_bytes();
        let mut data = [length(&self.text), length(&self.photo)].concat();
        if with_fingerprints {
            data.extend(length(&self.fingerprints));
        }
        data.extend(&self.text);
        data.extend(&self.photo);
        if with_fingerprints {
            data.extend(&self.fingerprints);
        }
        data
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card").finish_non_exhaustive()
    }
}

/// Reads hexadecimal digits, any white space between them.
///
/// # Errors
/// [`CardError::NotHex`] with the position of the first other character, from 1.
pub(crate) fn parse_hex(text: &str) -> Result<Vec<u8>, CardError> {
    let mut bytes = Vec::with_capacity(text.len() / 3);
    let mut half = None;
    for (at, c) in text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()) {
        let digit = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(CardError::NotHex(at + 1))?;
        match half.take() {
            None => half = Some(digit),
            Some(high) => bytes.push((high << 4) | digit),
        }
    }
    if half.is_some() { Err(CardError::NotHex(text.chars().count())) } else { Ok(bytes) }
}

/// A photo head that framing and length checks accept, then noise that decodes to nothing.
fn noise_photo(text: &[u8; TEXT]) -> [u8; PHOTO] {
    // FNV-1a of the text starts the noise, so that two cards differ and one card is always the same.
    let seed =
        text.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    let mut noise = super::settings::Noise::new(seed);
    let head = [0x57, 0x4C, 0x66, 0x00, 0x7E, 0x00, 0x32, 0x00];
    let mut photo = [0; PHOTO];
    for (at, byte) in photo.iter_mut().enumerate() {
        *byte = head.get(at).copied().unwrap_or_else(|| noise.byte());
    }
    photo
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::record::{Record, Text};
    use crate::reader::sam;
    use std::fmt::Write as _;

    fn fields() -> ResidentCard {
        ResidentCard { name: "测试一".into(), number: "110199199003070017".into(), ..ResidentCard::default() }
    }

    #[test]
    fn fields_make_a_whole_reply_that_reads_back() {
        let reply = sam::encode_reply([0, 0], 0x90, &Card::resident(&fields()).unwrap().data(false));
        assert_eq!(reply.len(), 1295);
        assert_eq!(reply[270..278], [0x57, 0x4C, 0x66, 0x00, 0x7E, 0x00, 0x32, 0x00]);
        let card = Card::from_reply(&reply).unwrap();
        assert_eq!(card, Card::resident(&fields()).unwrap());
        assert_eq!(Record::decode(&card.text).unwrap().text(), &Text::Known((&fields()).into()));
    }

    #[test]
    fn a_card_file_is_hexadecimal_or_json() {
        let json = r#"{"event":"card","name":"测试一","id_number":"110199199003070017","nationality":5}"#;
        let card = Card::parse(json).unwrap();
        assert_eq!(card, Card::resident(&fields()).unwrap());
        let mut hex = String::new();
        for byte in sam::encode_reply([0, 0], 0x90, &card.data(true)) {
            writeln!(hex, "{byte:02x}").unwrap();
        }
        assert_eq!(Card::parse(&hex), Ok(card));
        for (text, mistake) in [
            ("aa gg", CardError::NotHex(4)),
            ("aaa", CardError::NotHex(3)),
            ("{\"name\":\n }", CardError::NotJson { line: 2, column: 2 }),
            (r#"{"name":5}"#, CardError::NotText("name")),
            (r#"{"kind":"unknown"}"#, CardError::UnknownKind),
            (r#"{"kind":["hmt_j"]}"#, CardError::NotText("kind")),
            (
                r#"{"kind":"foreigner_i","nationality":"UTOPIA"}"#,
                TooLong { field: "nationality", room: 3, found: 6 }.into(),
            ),
        ] {
            assert_eq!(Card::parse(text), Err(mistake), "{text}");
        }
    }

    #[test]
    fn other_bytes_are_no_card() {
        let reply = sam::encode_reply([0, 0], 0x90, &Card::resident(&fields()).unwrap().data(false));
        assert_eq!(Card::from_reply(&reply[1..]), Err(CardError::NotOneReply));
        assert_eq!(Card::from_reply(&[reply.clone(), reply].concat()), Err(CardError::NotOneReply));
        assert_eq!(Card::from_reply(&sam::encode_reply([0, 0], 0x41, &[])), Err(CardError::NotARead(0x41)));
    }
}
