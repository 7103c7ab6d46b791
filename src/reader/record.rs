//! What a card's chip holds: the reply to a read and its 256-byte text record (id-card-reader.md §5, §6).
//!
//! ```text
//! parts     the data of a reply, by its length fields
//! layout    where each field of each kind stands, as a table
//! fields    a card's fields as text, read and written by that table
//! codes     sex and nation
//! read      what admission is told: cleaned, dated, with warnings
//! ```
//!
//! The type flag is read before any field: another layout read as a resident's gives plausible, wrong data. A record of
//! an unknown kind is kept and nothing in it decoded. Nothing here fails on what a card says. Personal: `Debug` shows the
//! kind alone.

mod codes;
mod fields;
mod layout;
mod parts;
mod read;
mod resident;

pub use codes::{nation_name, sex_name};
pub use fields::{Fields, TooLong};
pub use layout::{CardKind, FLAG, Field, LAYOUTS, Layout, Slot};
pub use parts::{Parts, parts};
pub use resident::ResidentCard;

use crate::domain::document::Presented;
use crate::domain::photo::Photo;
use std::fmt;

/// Bytes of a text record.
pub const TEXT: usize = 256;

/// Bytes of the photo, compressed with WLT: kept raw, never decoded here.
pub const PHOTO: usize = 1024;

/// A text record, understood as far as its kind is known.
#[derive(Clone, PartialEq, Eq)]
pub enum Text {
    /// A card of a known kind.
    Known(Fields),
    /// A card of an unknown kind, as it is.
    Unknown(Box<[u8; TEXT]>),
}

/// What one read of a card brought.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    text: Text,
    photo: Photo,
}

impl Record {
    /// Reads a text record that came without its photo; `None` when it has not [`TEXT`] bytes.
    #[must_use]
    pub fn decode(text: &[u8]) -> Option<Self> {
        let text: &[u8; TEXT] = text.try_into().ok()?;
        let text = match CardKind::of(text) {
            Some(kind) => Text::Known(Fields::decode(kind, text)),
            None => Text::Unknown(Box::new(*text)),
        };
        Some(Self { text, photo: Photo::Absent })
    }

    /// Reads the parts of a reply: text and photo, never fingerprints, which nobody here may keep.
    #[must_use]
    pub fn of(parts: &Parts<'_>) -> Option<Self> {
        let photo = if parts.photo.is_empty() { Photo::Absent } else { Photo::Raw(parts.photo.into()) };
        Some(Self { photo, ..Self::decode(parts.text)? })
    }

    /// The text record.
    #[must_use]
    pub const fn text(&self) -> &Text {
        &self.text
    }

    /// The photo.
    #[must_use]
    pub const fn photo(&self) -> &Photo {
        &self.photo
    }

    /// The kind of card, if it is known.
    #[must_use]
    pub const fn kind(&self) -> Option<CardKind> {
        match &self.text {
            Text::Known(fields) => Some(fields.kind()),
            Text::Unknown(_) => None,
        }
    }

    /// What the admission table is told.
    #[must_use]
    pub fn presented(&self) -> Presented {
        match &self.text {
            Text::Known(fields) => Presented::Card(Box::new(fields.read(self.photo.clone()))),
            Text::Unknown(_) => Presented::UnknownKind,
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(fields) => fields.fmt(f),
            Self::Unknown(_) => f.write_str("Unknown(..)"),
        }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("text", &self.text).field("photo", &self.photo).finish()
    }
}

#[cfg(test)]
mod tests;
