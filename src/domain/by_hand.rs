//! An identity that no reader told: typed off a document by two people, or declared without any (rules.md §2, A-29).
//!
//! Owns what such an identity is made of. Whether it opens the door is the admission table's to say. Personal: `Debug`
//! hides everything but the kind, and nothing here is written to the journal but kind, tag, last day, reason and checks.

use super::document::{DocKind, DocNumber, Document, DocumentError};
use super::ids::{AdmissionNo, IdError};
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What people vouch for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByHand {
    /// A document whose number was typed.
    Typed(Typed),
    /// No document at all: this row is who the person says they are.
    Declared(AdmissionNo),
}

/// A document as it was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed {
    doc: DocKind,
    number: Box<str>,
    /// Its last valid day; none where it has none, or none is printed.
    pub last_day: Option<civil::Date>,
    /// Whether the name on it is, character for character, the one on the roster.
    pub same_name: bool,
}

/// Why what was typed is no identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypedFault {
    /// The two numbers differ.
    Mismatch,
    /// A campus card or a ticket proves nobody's identity.
    Kind,
    /// There is no number.
    Nothing,
}

impl Typed {
    /// A document whose number was typed twice. A number that its kind cannot have is kept: the table refers it.
    ///
    /// # Errors
    /// [`TypedFault`].
    pub fn twice(doc: DocKind, first: &str, second: &str) -> Result<Self, TypedFault> {
        let fold = |text: &str| text.trim().to_ascii_uppercase();
        let (first, second) = (fold(first), fold(second));
        if !doc.proves_identity() {
            Err(TypedFault::Kind)
        } else if first != second {
            Err(TypedFault::Mismatch)
        } else if first.is_empty() {
            Err(TypedFault::Nothing)
        } else {
            Ok(Self { doc, number: first.into(), last_day: None, same_name: true })
        }
    }

    /// Its kind.
    #[must_use]
    pub fn doc(&self) -> DocKind {
        self.doc
    }

    /// Its number, valid or not.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Checks the number.
    ///
    /// # Errors
    /// [`DocumentError`] when it is not a number of the kind.
    pub fn document(&self, today: civil::Date) -> Result<Document, DocumentError> {
        Document::parse(self.doc, &self.number, today)
    }

    /// The last four characters of the number.
    #[must_use]
    pub fn tail(&self) -> &str {
        DocNumber::tail_of(&self.number)
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("doc", &self.doc).finish_non_exhaustive()
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $id:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every one, in the order of its numbers on the screen.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its word in the journal.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or(IdError {
                    what: $what,
                    expected: concat!($($id, " "),*),
                })
            }
        }
    };
}

words!(
    /// Why a document was typed instead of read.
    ManualReason, "reason" {
        /// The chip does not answer any more.
        ChipDead = "chip_dead",
        /// The document has no chip that this reader knows: temporary card, passport, permit.
        NoChip = "no_chip",
        /// The reader is out of order.
        ReaderFault = "reader_fault",
    }
);

words!(
    /// What two people compared.
    ManualCheck, "check" {
        /// The photo on the document with the person.
        DocumentPhoto = "document_photo",
        /// The photo on the admission ticket with the person.
        TicketPhoto = "ticket_photo",
        /// The student card.
        StudentCard = "student_card",
        /// The household register.
        Household = "household",
    }
);

words!(
    /// Why two people set a reason aside, or settled a conflict (rules.md §6).
    LiftReason, "reason" {
        /// The document is being renewed.
        DocumentRenewal = "document_renewal",
        /// A name or number on the roster is to be corrected.
        NameCorrection = "name_correction",
        /// The office has cleared it.
        OfficeCleared = "office_cleared",
        /// Traffic.
        Traffic = "traffic",
        /// Weather.
        Weather = "weather",
        /// Illness.
        Illness = "illness",
        /// Something at the site did not work.
        SiteFault = "site_fault",
        /// The organisation said so.
        OrganisationInstruction = "organisation_instruction",
        /// What a paper form says, whose number is the note.
        Other = "other",
    }
);

impl LiftReason {
    /// Whether it says nothing without a note.
    #[must_use]
    pub fn needs_note(self) -> bool {
        self == Self::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::number;

    #[test]
    fn a_number_is_an_identity_when_both_times_are_the_same() {
        let twice = |doc, first: &str, second: &str| Typed::twice(doc, first, second).map(|typed| typed.number.into());
        let cases: [(DocKind, &str, &str, Result<String, TypedFault>); 6] = [
            (DocKind::Passport, "e1234567", " E1234567 ", Ok("E1234567".into())),
            (DocKind::Passport, "E1234567", "E1234568", Err(TypedFault::Mismatch)),
            (DocKind::Passport, "E1234567", "", Err(TypedFault::Mismatch)),
            (DocKind::Passport, " ", "", Err(TypedFault::Nothing)),
            (DocKind::Ticket, "2611240001", "2611240001", Err(TypedFault::Kind)),
            (DocKind::TempId, "11019919900307001x", "11019919900307001X", Ok("11019919900307001X".into())),
        ];
        for (doc, first, second, expected) in cases {
            assert_eq!(twice(doc, first, second), expected, "{first} {second}");
        }
    }

    #[test]
    fn debug_hides_the_number() {
        let typed = Typed::twice(DocKind::ResidentId, &number(1), &number(1)).unwrap();
        assert!(!format!("{:?}", ByHand::Typed(typed)).contains(&number(1)[6..]));
    }

    #[test]
    fn a_word_reads_as_it_is_written() {
        for reason in LiftReason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(*reason));
            assert_eq!(serde_json::to_string(reason).unwrap(), format!("\"{}\"", reason.as_str()));
        }
        assert!("holiday".parse::<LiftReason>().is_err());
        assert!(ManualReason::ALL.iter().all(|word| serde_json::to_string(word).unwrap().contains(word.as_str())));
        assert!(ManualCheck::ALL.iter().all(|word| serde_json::to_string(word).unwrap().contains(word.as_str())));
    }
}
