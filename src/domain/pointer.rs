//! What points to a roster row and proves nothing about who holds it: an admission ticket, a campus card (rules.md §2).
//!
//! Anybody can print a code and clone a card's number, so neither ever admits; a ticket is a second factor beside a
//! document where the policy asks for it.

use super::document::DocKind;
use super::ids::AdmissionNo;
use std::fmt;

/// In front of an admission number in a code, where the issuer put it there.
const PREFIX: &str = "KD1:";

/// One scan or tap. `Debug` hides the number.
#[derive(Clone, PartialEq, Eq)]
pub enum Pointer {
    /// An admission ticket (准考证).
    Ticket(AdmissionNo),
    /// A campus card (校园卡), by its number as the roster writes it; none where it has no lasting one.
    Uid(Option<Box<str>>),
}

impl Pointer {
    /// The ticket that a scanned text is: an admission number, `KD1:` in front or not. Blanks around it and the case of
    /// letters do not matter.
    #[must_use]
    pub fn ticket(text: &str) -> Option<Self> {
        let blank = |c: char| matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '\t' | '\u{feff}');
        let text = text.trim_matches(blank).to_ascii_uppercase();
        AdmissionNo::parse(text.strip_prefix(PREFIX).unwrap_or(&text)).ok().map(Self::Ticket)
    }

    /// Whether a text says by its prefix that it is a ticket.
    #[must_use]
    pub fn has_prefix(text: &str) -> bool {
        text.get(..PREFIX.len()).is_some_and(|front| front.eq_ignore_ascii_case(PREFIX))
    }

    /// Its kind, as the journal names it.
    #[must_use]
    pub fn kind(&self) -> DocKind {
        match self {
            Self::Ticket(_) => DocKind::Ticket,
            Self::Uid(_) => DocKind::CampusUid,
        }
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Ticket(cand) => Some(cand.as_str()),
            Self::Uid(number) => number.as_deref(),
        }
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pointer({:?})", self.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_an_admission_number_with_or_without_prefix() {
        let ticket = Some(Pointer::Ticket(AdmissionNo::parse("26A0000001").unwrap()));
        for text in ["26A0000001", "KD1:26A0000001", "kd1:26a0000001", " \u{feff}KD1:26a0000001\u{3000}\t"] {
            assert_eq!(Pointer::ticket(text), ticket, "{text:?}");
        }
        for text in ["", "KD1:", "26001", "KD1:26 0000001", "KD2:2600000001", "https://例", "准考证|26A0000001"] {
            assert_eq!(Pointer::ticket(text), None, "{text:?}");
        }
        assert!(Pointer::has_prefix("kd1:x") && !Pointer::has_prefix("KD1") && !Pointer::has_prefix("准考证"));
    }

    #[test]
    fn debug_hides_the_number() {
        let ticket = Pointer::ticket("2600000001").unwrap();
        assert_eq!(format!("{ticket:?} {:?}", Pointer::Uid(Some("04A1".into()))), "Pointer(Ticket) Pointer(CampusUid)");
    }
}
