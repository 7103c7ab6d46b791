//! What a card's chip holds: the reply to a read and its 256-byte text record (id-card-reader.md §5, §6).
//!
//! ```text
//! reply data    u16 text length, u16 photo length [, u16 fingerprint length], big-endian; then the parts in that order
//! text record   UTF-16LE, fields of fixed width, padded on the right with U+0020 (some cards U+0000)
//!        248    the type flag, in every layout: blank resident, I Y foreigner, J permit of Hong Kong, Macao, Taiwan
//!
//! resident      0 name 15 · 30 sex 1 · 32 nation 2 · 36 birth 8 · 52 address 35 · 122 number 18 · 158 issuer 15 ·
//!               188 valid from 8 · 204 valid to 8 · 220 reserved 18          (byte offset, characters)
//! ```
//!
//! The flag is read before any field: another layout read as a resident's gives plausible, wrong data. Text is cut at
//! the end only, private-use characters stay. Layouts `I`, `Y` and `J` are recognised and not decoded yet: each will be
//! one more variant of [`Record`]. Personal: `Debug` shows the kind alone.

use crate::domain::document::{CardRead, CardWarning, DocKind, Presented, ValidTo};
use crate::domain::time::parse_date;
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes of a text record.
pub const TEXT: usize = 256;

/// Bytes of the photo, compressed with WLT: kept raw, never decoded here.
pub const PHOTO: usize = 1024;

const FLAG: usize = 248;

/// The parts of a good reply to a read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The text record, [`TEXT`] bytes on every known card.
    pub text: &'a [u8],
    /// The photo as stored, may be empty.
    pub photo: &'a [u8],
    /// Fingerprint templates, for the command that reads them.
    pub fingerprints: Option<&'a [u8]>,
}

/// Walks the length fields of a reply's data; `None` unless they add up exactly.
#[must_use]
pub fn parts(data: &[u8], with_fingerprints: bool) -> Option<Parts<'_>> {
    let (text_length, rest) = length(data)?;
    let (photo_length, rest) = length(rest)?;
    let (fingerprint_length, rest) = if with_fingerprints { length(rest)? } else { (0, rest) };
    let (text, rest) = rest.split_at_checked(text_length)?;
    let (photo, rest) = rest.split_at_checked(photo_length)?;
    (rest.len() == fingerprint_length).then_some(Parts { text, photo, fingerprints: with_fingerprints.then_some(rest) })
}

fn length(data: &[u8]) -> Option<(usize, &[u8])> {
    let (bytes, rest) = data.split_first_chunk::<2>()?;
    Some((usize::from(u16::from_be_bytes(*bytes)), rest))
}

/// Builds the data of a good reply to [`Read`](super::sam::Command::Read).
#[must_use]
pub fn encode_parts(text: &[u8; TEXT], photo: &[u8; PHOTO]) -> Vec<u8> {
    [&[0x01, 0x00, 0x04, 0x00][..], text, photo].concat()
}

/// The kind of card, by its type flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKind {
    /// Resident ID card: no flag.
    Resident,
    /// Foreigner's permanent residence card of 2017: `I`.
    ForeignerI,
    /// Foreigner's permanent residence card of 2023: `Y`.
    ForeignerY,
    /// Residence permit of Hong Kong, Macao and Taiwan: `J`.
    HmtJ,
    /// Any other flag, as its UTF-16 unit.
    Unknown(u16),
}

impl CardKind {
    fn of(text: &[u8; TEXT]) -> Self {
        let flag = text.get(FLAG..FLAG + 2).map_or([0, 0], |unit| unit.try_into().unwrap_or_default());
        match u16::from_le_bytes(flag) {
            0x0020 | 0x0000 => Self::Resident,
            0x0049 => Self::ForeignerI,
            0x0059 => Self::ForeignerY,
            0x004A => Self::HmtJ,
            other => Self::Unknown(other),
        }
    }

    /// Its name on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::ForeignerI => "foreigner_i",
            Self::ForeignerY => "foreigner_y",
            Self::HmtJ => "hmt_j",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// A text record that was understood as far as this release does.
#[derive(Clone, PartialEq, Eq)]
pub enum Record {
    /// A resident ID card.
    Resident(Box<ResidentCard>),
    /// A card whose layout is not read.
    Undecoded(CardKind),
}

impl Record {
    /// Reads a text record; `None` when it has not [`TEXT`] bytes.
    #[must_use]
    pub fn decode(text: &[u8]) -> Option<Self> {
        let text: &[u8; TEXT] = text.try_into().ok()?;
        Some(match CardKind::of(text) {
            CardKind::Resident => Self::Resident(Box::new(ResidentCard::decode(text))),
            other => Self::Undecoded(other),
        })
    }

    /// The kind of card.
    #[must_use]
    pub const fn kind(&self) -> CardKind {
        match self {
            Self::Resident(_) => CardKind::Resident,
            Self::Undecoded(kind) => *kind,
        }
    }

    /// What the admission table is told.
    #[must_use]
    pub fn presented(&self) -> Presented {
        match self {
            Self::Resident(card) => Presented::Card(Box::new(card.read())),
            Self::Undecoded(_) => Presented::UnknownKind,
        }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Record").field(&self.kind()).finish()
    }
}

/// The fields of a resident ID card, as text and as they stand on it. Serialised with the names of `reader decode`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ResidentCard {
    /// Name, at most 15 characters.
    pub name: String,
    /// Sex code: 1 male, 2 female, 0 unknown, 9 not stated.
    pub sex: String,
    /// Nation code, two digits.
    pub nation: String,
    /// Birth, `YYYYMMDD`.
    pub birth: String,
    /// Address, at most 35 characters.
    pub address: String,
    /// Number, 18 characters.
    #[serde(rename = "id_number")]
    pub number: String,
    /// Issuing authority, at most 15 characters.
    pub issuer: String,
    /// First valid day, `YYYYMMDD`.
    pub valid_from: String,
    /// Last valid day, `YYYYMMDD`, or `长期`.
    pub valid_to: String,
}

impl fmt::Debug for ResidentCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResidentCard").finish_non_exhaustive()
    }
}

/// A field holds more than its place on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected at most {room} characters in {field}, found {found}")]
pub struct TooLong {
    /// The field's name.
    pub field: &'static str,
    /// How many UTF-16 units it holds.
    pub room: usize,
    /// How many it would take.
    pub found: usize,
}

/// Where a field stands: its name, byte offset and length in UTF-16 units.
type Slot = (&'static str, usize, usize);

const NAME: Slot = ("name", 0, 15);
const SEX: Slot = ("sex", 30, 1);
const NATION: Slot = ("nation", 32, 2);
const BIRTH: Slot = ("birth", 36, 8);
const ADDRESS: Slot = ("address", 52, 35);
const NUMBER: Slot = ("id_number", 122, 18);
const ISSUER: Slot = ("issuer", 158, 15);
const VALID_FROM: Slot = ("valid_from", 188, 8);
const VALID_TO: Slot = ("valid_to", 204, 8);

impl ResidentCard {
    fn decode(text: &[u8; TEXT]) -> Self {
        Self {
            name: field(text, NAME),
            sex: field(text, SEX),
            nation: field(text, NATION),
            birth: field(text, BIRTH),
            address: field(text, ADDRESS),
            number: field(text, NUMBER),
            issuer: field(text, ISSUER),
            valid_from: field(text, VALID_FROM),
            valid_to: field(text, VALID_TO),
        }
    }

    /// Writes the text record.
    ///
    /// # Errors
    /// [`TooLong`] for the first field that does not fit.
    pub fn encode(&self) -> Result<[u8; TEXT], TooLong> {
        let mut text = [0x20, 0x00].repeat(TEXT / 2);
        for (slot, value) in [
            (NAME, &self.name),
            (SEX, &self.sex),
            (NATION, &self.nation),
            (BIRTH, &self.birth),
            (ADDRESS, &self.address),
            (NUMBER, &self.number),
            (ISSUER, &self.issuer),
            (VALID_FROM, &self.valid_from),
            (VALID_TO, &self.valid_to),
        ] {
            let (name, at, room) = slot;
            let units: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let found = units.len() / 2;
            let place = text.get_mut(at..at + units.len()).filter(|_| found <= room);
            place.ok_or(TooLong { field: name, room, found })?.copy_from_slice(&units);
        }
        Ok(text.try_into().unwrap_or([0; TEXT]))
    }

    /// What the card says, for admission: blanks outside removed, `x` folded, control characters made visible.
    #[must_use]
    pub fn read(&self) -> CardRead {
        let number = clean(&self.number).replace('x', "X");
        let warnings = CardWarning::between(&number, &self.birth, &self.sex);
        CardRead {
            doc: DocKind::ResidentId,
            number,
            name: clean(&self.name),
            name_latin: None,
            permit_number: None,
            valid_from: date(&self.valid_from),
            valid_to: match date(&self.valid_to) {
                Some(day) => ValidTo::Until(day),
                None if self.valid_to == "长期" => ValidTo::LongTerm,
                None => ValidTo::Unreadable,
            },
            warnings,
            photo: crate::domain::photo::Photo::Absent,
        }
    }
}

/// A field without its padding. Half a surrogate pair becomes U+FFFD.
fn field(text: &[u8; TEXT], (_, at, room): Slot) -> String {
    let bytes = text.get(at..at + 2 * room).unwrap_or_default();
    let units = bytes.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit));
    let whole: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    whole.trim_end_matches([' ', '\0', '\u{3000}']).to_owned()
}

/// Trims by rule T of rules.md §2; a control character can only be an attack or damage and must not reach a terminal.
fn clean(text: &str) -> String {
    text.trim_matches([' ', '\u{3000}', '\u{a0}', '\t', '\u{feff}']).replace(|c: char| c.is_control(), "\u{fffd}")
}

/// A date of exactly eight digits.
fn date(text: &str) -> Option<civil::Date> {
    (text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())).then(|| parse_date(text)).flatten()
}

/// The name of a nation code (GB/T 3304), without 族.
#[must_use]
pub fn nation_name(code: &str) -> Option<&'static str> {
    const NATIONS: &str = "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 \
        拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 \
        鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺";
    if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match code.parse::<usize>().ok()? {
        97 => Some("其他"),
        98 => Some("外国血统中国籍人士"),
        number => NATIONS.split(' ').nth(number.checked_sub(1)?),
    }
}

/// The name of a sex code (GB/T 2261.1).
#[must_use]
pub fn sex_name(code: &str) -> Option<&'static str> {
    match code {
        "0" => Some("未知"),
        "1" => Some("男"),
        "2" => Some("女"),
        "9" => Some("未说明"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn card() -> ResidentCard {
        ResidentCard {
            name: "测试一".into(),
            sex: "1".into(),
            nation: "01".into(),
            birth: "19900307".into(),
            address: "测试省样例市 虚构区1号".into(),
            number: "110199199003070017".into(),
            issuer: "样例市公安局".into(),
            valid_from: "20200101".into(),
            valid_to: "20400101".into(),
        }
    }

    #[test]
    fn lengths_must_add_up_exactly() {
        let data = encode_parts(&[0; TEXT], &[0; PHOTO]);
        assert_eq!(parts(&data, false).map(|p| (p.text.len(), p.photo.len())), Some((TEXT, PHOTO)));
        assert!(parts(&data, true).is_none());
        assert!(parts(&data[..data.len() - 1], false).is_none());
        assert!(parts(&[data.clone(), vec![0]].concat(), false).is_none());
        assert!(parts(&[1], false).is_none());
    }

    #[test]
    fn the_flag_is_read_before_any_field() {
        let mut text = card().encode().unwrap();
        for (flag, kind) in [
            (0x20, CardKind::Resident),
            (0x00, CardKind::Resident),
            (0x49, CardKind::ForeignerI),
            (0x59, CardKind::ForeignerY),
            (0x4A, CardKind::HmtJ),
            (0x5A, CardKind::Unknown(0x5A)),
        ] {
            text[FLAG] = flag;
            let record = Record::decode(&text).unwrap();
            assert_eq!(record.kind(), kind);
            assert_eq!(record.presented() == Presented::UnknownKind, kind != CardKind::Resident);
        }
        assert!(Record::decode(&text[1..]).is_none());
    }

    #[test]
    fn blanks_inside_and_private_use_characters_stay() {
        let odd = ResidentCard { name: "测 \u{e000}试".into(), ..card() };
        assert_eq!(Record::decode(&odd.encode().unwrap()), Some(Record::Resident(odd.into())));
    }

    #[test]
    fn admission_is_told_dates_long_term_and_nonsense_apart() {
        let valid_to = |text: &str| ResidentCard { valid_to: text.into(), ..card() }.read().valid_to;
        assert_eq!(valid_to("20400101"), ValidTo::Until(date(2040, 1, 1)));
        assert_eq!(valid_to("长期"), ValidTo::LongTerm);
        for nonsense in ["", "00000000", "20400230", "2040/1/1", "长"] {
            assert_eq!(valid_to(nonsense), ValidTo::Unreadable, "{nonsense}");
        }
        assert_eq!(card().read().valid_from, Some(date(2020, 1, 1)));
    }

    #[test]
    fn a_hostile_name_cannot_reach_a_terminal() {
        let read = ResidentCard { name: "\u{1b}[2J测试 ".into(), number: "34052419800101001x".into(), ..card() }.read();
        assert_eq!(read.name, "\u{fffd}[2J测试");
        assert_eq!(read.number, "34052419800101001X");
        assert_eq!(format!("{:?}{:?}", card(), Record::Resident(card().into())), "ResidentCard { .. }Record(Resident)");
    }

    #[test]
    fn a_field_that_does_not_fit_is_named() {
        let long = ResidentCard { name: "测".repeat(16), ..card() };
        assert_eq!(long.encode(), Err(TooLong { field: "name", room: 15, found: 16 }));
    }

    #[test]
    fn nations_are_the_56_of_the_standard_and_two_more() {
        let all = (0..100).filter_map(|n| nation_name(&format!("{n:02}"))).count();
        assert_eq!(all, 58);
        assert_eq!(
            (nation_name("46"), nation_name("56"), nation_name("97")),
            (Some("德昂"), Some("基诺"), Some("其他"))
        );
        assert_eq!((nation_name("57"), nation_name("1"), nation_name("+1"), nation_name("")), (None, None, None, None));
    }

    proptest! {
        #[test]
        fn a_card_reads_back_as_it_was_written(
            name in "[\u{4e00}-\u{9fa5}·\u{e000}-\u{e0ff}\u{20bb7}]{0,7}", address in "[\u{4e00}-\u{9fa5}0-9]{0,35}", sex in "[0-9]",
        ) {
            let written = ResidentCard { name, sex, address, ..card() };
            prop_assert_eq!(Record::decode(&written.encode().unwrap()), Some(Record::Resident(written.into())));
        }

        #[test]
        fn no_record_panics(text in prop::collection::vec(any::<u8>(), TEXT), data in prop::collection::vec(0u8..4, 0..20)) {
            let _ = Record::decode(&text).map(|record| record.presented());
            let _ = (parts(&data, false), parts(&data, true));
        }
    }
}
