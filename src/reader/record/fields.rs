//! The fields of one card as text, read from a record and written into one.
//!
//! Padding is U+0020 on the right (some cards U+0000, some typists U+3000) and is cut at the end only: names and
//! addresses hold blanks. Private-use characters stay. Half a surrogate pair becomes U+FFFD, so a field that holds
//! U+FFFD was damaged. Personal: `Debug` shows the kind alone.

use super::layout::{CardKind, FLAG, Field, units};
use super::{TEXT, codes};
use std::collections::BTreeMap;
use std::fmt;

/// What a card of a known kind says, field by field, as it stands there.
#[derive(Clone, PartialEq, Eq)]
pub struct Fields {
    kind: CardKind,
    /// Every field of the kind's layout, and no other.
    values: BTreeMap<Field, String>,
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

impl Fields {
    /// An empty card.
    #[must_use]
    pub fn blank(kind: CardKind) -> Self {
        Self { kind, values: kind.layout().fields().map(|field| (field, String::new())).collect() }
    }

    /// The same card with one more field filled; a field that the kind does not have is left out.
    #[must_use]
    pub fn with(mut self, field: Field, value: impl Into<String>) -> Self {
        if let Some(place) = self.values.get_mut(&field) {
            *place = value.into();
        }
        self
    }

    /// Reads the fields of a record of this kind.
    #[must_use]
    pub fn decode(kind: CardKind, text: &[u8; TEXT]) -> Self {
        let layout = kind.layout();
        let value = |field| {
            let units = layout.slots_of(field).flat_map(|slot| units(text, slot.at, slot.chars));
            let whole: String =
                char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            whole.trim_end_matches([' ', '\0', '\u{3000}']).to_owned()
        };
        Self { kind, values: layout.fields().map(|field| (field, value(field))).collect() }
    }

    /// Writes the text record, padded with U+0020.
    ///
    /// # Errors
    /// [`TooLong`] for the first field that does not fit.
    pub fn encode(&self) -> Result<[u8; TEXT], TooLong> {
        let layout = self.kind.layout();
        let mut text = [0; TEXT];
        text.as_chunks_mut::<2>().0.fill([0x20, 0x00]);
        let mut put = |at: usize, unit: u16| {
            if let Some(place) = text.get_mut(at..at + 2) {
                place.copy_from_slice(&unit.to_le_bytes());
            }
        };
        put(FLAG, layout.flag);
        for (field, value) in &self.values {
            let (room, found) = (layout.room(*field), value.encode_utf16().count());
            if found > room {
                return Err(TooLong { field: field.id(), room, found });
            }
            let places = layout.slots_of(*field).flat_map(|slot| (slot.at..slot.at + 2 * slot.chars).step_by(2));
            places.zip(value.encode_utf16()).for_each(|(at, unit)| put(at, unit));
        }
        Ok(text)
    }

    /// The kind of card.
    #[must_use]
    pub const fn kind(&self) -> CardKind {
        self.kind
    }

    /// A field's text; empty if the card has no such field.
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// Every field of the card in the order of output.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.values.iter().map(|(field, value)| (*field, value.as_str()))
    }

    /// What a field's code means: a sex or a nation.
    #[must_use]
    pub fn meaning(&self, field: Field) -> Option<&'static str> {
        match field {
            Field::Sex => codes::sex_name(self.get(field)),
            Field::Nation => codes::nation_name(self.get(field)),
            _ => None,
        }
    }

    /// Whether the card never expires: 长期, on resident cards alone (id-card-reader.md §7.3).
    #[must_use]
    pub fn is_long_term(&self) -> bool {
        self.kind == CardKind::Resident && self.get(Field::ValidTo) == "长期"
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("kind", &self.kind).finish_non_exhaustive()
    }
}
