//! Where the fields of each kind of card stand: one table, from which cards are read and written (id-card-reader.md §6).
//!
//! A text record is 256 bytes of UTF-16LE. [`LAYOUTS`] is the tables of the reference as data; a test holds the two
//! together. What a field means belongs to `fields`.

use super::TEXT;

/// A kind of card, by its type flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CardKind {
    /// Resident ID card: no flag.
    Resident,
    /// Foreigner's permanent residence card of 2017: `I`.
    ForeignerI,
    /// Foreigner's permanent residence card of 2023: `Y`.
    ForeignerY,
    /// Residence permit of Hong Kong, Macao and Taiwan: `J`.
    HmtJ,
}

/// A field of a card. The order is the order of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Name in Chinese; empty on some cards of foreigners.
    Name,
    /// Name in Latin letters.
    LatinName,
    /// The card's number.
    Number,
    /// Sex code, one digit.
    Sex,
    /// Nation code, two digits.
    Nation,
    /// Nationality, three letters.
    Nationality,
    /// Birth, `YYYYMMDD`.
    Birth,
    /// Address.
    Address,
    /// Issuing authority.
    Issuer,
    /// Code of the accepting authority.
    Authority,
    /// First valid day, `YYYYMMDD`.
    ValidFrom,
    /// Last valid day, `YYYYMMDD`, or `长期`.
    ValidTo,
    /// Number of the travel permit.
    PermitNumber,
    /// How many times the permit was issued.
    IssueCount,
    /// How many times the card was renewed.
    RenewalCount,
    /// Version of the card.
    CardVersion,
    /// Link to the earlier number of 15 characters; its rule is not published.
    OldNumberLink,
}

impl Field {
    /// Every field, in the order of output.
    pub const ALL: [Self; 17] = [
        Self::Name,
        Self::LatinName,
        Self::Number,
        Self::Sex,
        Self::Nation,
        Self::Nationality,
        Self::Birth,
        Self::Address,
        Self::Issuer,
        Self::Authority,
        Self::ValidFrom,
        Self::ValidTo,
        Self::PermitNumber,
        Self::IssueCount,
        Self::RenewalCount,
        Self::CardVersion,
        Self::OldNumberLink,
    ];

    /// Its name in `reader decode` and in card files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::LatinName => "name_en",
            Self::Number => "id_number",
            Self::Sex => "sex",
            Self::Nation => "nation",
            Self::Nationality => "nationality",
            Self::Birth => "birth",
            Self::Address => "address",
            Self::Issuer => "issuer",
            Self::Authority => "authority",
            Self::ValidFrom => "valid_from",
            Self::ValidTo => "valid_to",
            Self::PermitNumber => "pass_number",
            Self::IssueCount => "issue_count",
            Self::RenewalCount => "renewal_count",
            Self::CardVersion => "card_version",
            Self::OldNumberLink => "old_number_link",
        }
    }
}

/// A run of UTF-16 units that holds a field, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Which.
    pub field: Field,
    /// Byte offset.
    pub at: usize,
    /// UTF-16 units.
    pub chars: usize,
}

/// The layout of one kind of card. A field with several slots continues from one to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The kind.
    pub kind: CardKind,
    /// Its name on the command line.
    pub id: &'static str,
    /// The unit at the place of the type flag.
    pub flag: u16,
    /// Where its fields stand, in the order of the record; what lies between is reserved.
    pub slots: &'static [Slot],
}

/// Byte offset of the type flag, the same in every layout.
pub const FLAG: usize = 248;

const fn slot(field: Field, at: usize, chars: usize) -> Slot {
    Slot { field, at, chars }
}

/// Every layout. Offsets in bytes, lengths in UTF-16 units.
pub const LAYOUTS: [Layout; 4] = [
    Layout {
        kind: CardKind::Resident,
        id: "resident",
        flag: 0x0020,
        slots: &[
            slot(Field::Name, 0, 15),
            slot(Field::Sex, 30, 1),
            slot(Field::Nation, 32, 2),
            slot(Field::Birth, 36, 8),
            slot(Field::Address, 52, 35),
            slot(Field::Number, 122, 18),
            slot(Field::Issuer, 158, 15),
            slot(Field::ValidFrom, 188, 8),
            slot(Field::ValidTo, 204, 8),
        ],
    },
    Layout {
        kind: CardKind::HmtJ,
        id: "hmt_j",
        flag: 0x004A,
        slots: &[
            slot(Field::Name, 0, 15),
            slot(Field::Sex, 30, 1),
            slot(Field::Birth, 36, 8),
            slot(Field::Address, 52, 35),
            slot(Field::Number, 122, 18),
            slot(Field::Issuer, 158, 15),
            slot(Field::ValidFrom, 188, 8),
            slot(Field::ValidTo, 204, 8),
            slot(Field::PermitNumber, 220, 9),
            slot(Field::IssueCount, 238, 2),
        ],
    },
    Layout {
        kind: CardKind::ForeignerI,
        id: "foreigner_i",
        flag: 0x0049,
        slots: &[
            slot(Field::LatinName, 0, 60),
            slot(Field::Sex, 120, 1),
            slot(Field::Number, 122, 15),
            slot(Field::Nationality, 152, 3),
            slot(Field::Name, 158, 15),
            slot(Field::ValidFrom, 188, 8),
            slot(Field::ValidTo, 204, 8),
            slot(Field::Birth, 220, 8),
            slot(Field::CardVersion, 236, 2),
            slot(Field::Authority, 240, 4),
        ],
    },
    Layout {
        kind: CardKind::ForeignerY,
        id: "foreigner_y",
        flag: 0x0059,
        slots: &[
            slot(Field::Name, 0, 15),
            slot(Field::Sex, 30, 1),
            slot(Field::RenewalCount, 32, 2),
            slot(Field::Birth, 36, 8),
            slot(Field::LatinName, 52, 35),
            slot(Field::Number, 122, 18),
            slot(Field::ValidFrom, 188, 8),
            slot(Field::ValidTo, 204, 8),
            slot(Field::LatinName, 220, 11),
            slot(Field::Nationality, 242, 3),
            slot(Field::OldNumberLink, 250, 3),
        ],
    },
];

impl CardKind {
    /// Its layout.
    #[must_use]
    pub fn layout(self) -> &'static Layout {
        const ALL: &[Layout; 4] = &LAYOUTS;
        let [resident, permit, old, new] = ALL;
        match self {
            Self::Resident => resident,
            Self::HmtJ => permit,
            Self::ForeignerI => old,
            Self::ForeignerY => new,
        }
    }

    /// Its name on the command line.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.layout().id
    }

    /// Finds the kind by its name on the command line.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        LAYOUTS.iter().find(|layout| layout.id == id).map(|layout| layout.kind)
    }

    /// The kind that a record's type flag names; U+0000 pads like a blank. `None` for an unknown flag.
    #[must_use]
    pub fn of(text: &[u8; TEXT]) -> Option<Self> {
        let flag = match units(text, FLAG, 1).next() {
            Some(0) => 0x0020,
            flag => flag?,
        };
        LAYOUTS.iter().find(|layout| layout.flag == flag).map(|layout| layout.kind)
    }
}

impl Layout {
    /// The slots of a field, in order; none if the card has no such field.
    pub fn slots_of(&self, field: Field) -> impl Iterator<Item = &'static Slot> {
        self.slots.iter().filter(move |slot| slot.field == field)
    }

    /// Its fields, each once, in the order of output.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(|field| self.slots_of(*field).next().is_some())
    }

    /// How many UTF-16 units a field takes.
    #[must_use]
    pub fn room(&self, field: Field) -> usize {
        self.slots_of(field).map(|slot| slot.chars).sum()
    }
}

/// UTF-16 units of a record.
pub(super) fn units(text: &[u8; TEXT], at: usize, chars: usize) -> impl Iterator<Item = u16> {
    let bytes = text.get(at..at + 2 * chars).unwrap_or_default();
    bytes.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a table of the reference that are no reserve and no flag: offset, bytes, characters.
    fn reference(heading: &str) -> Vec<(usize, usize)> {
        let page = include_str!("../../../assets/design/id-card-reader.md");
        let section = page.split("\n### ").find(|section| section.starts_with(heading)).unwrap();
        let mut end = 0;
        let rows = section.split("\n## ").next().unwrap().lines().filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let at: usize = cells.get(1)?.parse().ok()?;
            let (bytes, chars): (usize, usize) = (cells[2].parse().unwrap(), cells[3].parse().unwrap());
            assert_eq!((at, bytes), (end, 2 * chars), "{heading}: {line}");
            end = at + bytes;
            (!matches!(cells[4], "reserved" | "type flag")).then_some((at, chars))
        });
        let rows = rows.collect();
        assert_eq!(end, TEXT, "{heading}");
        rows
    }

    #[test]
    fn the_layouts_are_the_tables_of_the_reference() {
        for (heading, kind) in [
            ("6.1", CardKind::Resident),
            ("6.2", CardKind::HmtJ),
            ("6.3", CardKind::ForeignerI),
            ("6.4", CardKind::ForeignerY),
        ] {
            let ours: Vec<_> = kind.layout().slots.iter().map(|slot| (slot.at, slot.chars)).collect();
            assert_eq!(ours, reference(heading), "{kind:?}");
        }
    }

    #[test]
    fn every_kind_is_found_by_its_flag_and_its_name() {
        for layout in LAYOUTS {
            let mut text = [0; TEXT];
            text[FLAG..FLAG + 2].copy_from_slice(&layout.flag.to_le_bytes());
            assert_eq!(CardKind::of(&text), Some(layout.kind));
            assert_eq!((CardKind::parse(layout.id), layout.kind.layout()), (Some(layout.kind), &layout));
        }
        for unknown in [0x5Au16, 0x69, 0x2049, 0x4900, 0xD800, 0x3000] {
            let mut text = [0; TEXT];
            text[FLAG..FLAG + 2].copy_from_slice(&unknown.to_le_bytes());
            assert_eq!(CardKind::of(&text), None, "{unknown:04X}");
        }
        assert_eq!(CardKind::of(&[0; TEXT]), Some(CardKind::Resident));
    }

    #[test]
    fn every_field_stands_on_some_card_under_a_name_of_its_own() {
        for field in Field::ALL {
            assert!(LAYOUTS.iter().any(|layout| layout.room(field) > 0), "{field:?}");
            assert_eq!(Field::ALL.iter().filter(|other| other.id() == field.id()).count(), 1, "{field:?}");
        }
    }
}
