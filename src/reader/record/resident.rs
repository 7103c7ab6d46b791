//! A resident ID card by the names of its fields, for those who make cards: the demo, training and tests.

use super::{CardKind, Field, Fields};
use crate::domain::document::CardRead;
use crate::domain::photo::Photo;
use std::fmt;

/// The fields of a resident ID card, as text and as they stand on it.
#[derive(Clone, PartialEq, Eq, Default)]
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
    pub number: String,
    /// Issuing authority, at most 15 characters.
    pub issuer: String,
    /// First valid day, `YYYYMMDD`.
    pub valid_from: String,
    /// Last valid day, `YYYYMMDD`, or `长期`.
    pub valid_to: String,
}

impl From<&ResidentCard> for Fields {
    fn from(card: &ResidentCard) -> Self {
        Self::blank(CardKind::Resident)
            .with(Field::Name, &card.name)
            .with(Field::Sex, &card.sex)
            .with(Field::Nation, &card.nation)
            .with(Field::Birth, &card.birth)
            .with(Field::Address, &card.address)
            .with(Field::Number, &card.number)
            .with(Field::Issuer, &card.issuer)
            .with(Field::ValidFrom, &card.valid_from)
            .with(Field::ValidTo, &card.valid_to)
    }
}

impl ResidentCard {
    /// What admission is told of this card, were it read without its photo.
    #[must_use]
    pub fn read(&self) -> CardRead {
        Fields::from(self).read(Photo::Absent)
    }
}

impl fmt::Debug for ResidentCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResidentCard").finish_non_exhaustive()
    }
}
