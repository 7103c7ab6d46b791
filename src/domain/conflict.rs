//! Conflict tickets (冲突单): two facts about one person that cannot both be the whole story (rules.md §7, F2 to F4).
//!
//! A conflict is named by its kind and its person, never by an event, so that every desk derives the same name.

use super::ids::{AdmissionNo, DeskId, IdError};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What contradicts what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictKind {
    /// C-DBL: admitted twice.
    AdmittedTwice,
    /// C-ORD: an order that is impossible.
    ImpossibleOrder,
    /// C-ABS: declared absent and seen.
    AbsentAndSeen,
    /// C-SEA: one seat, two people.
    SeatTwice,
    /// C-DRP: has a record and is gone from the newest roster.
    RosterDrop,
    /// C-DRF: has a record and is somebody else in the newest roster.
    RosterDrift,
}

impl ConflictKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::AdmittedTwice,
        Self::ImpossibleOrder,
        Self::AbsentAndSeen,
        Self::SeatTwice,
        Self::RosterDrop,
        Self::RosterDrift,
    ];

    /// Its letters in the rules.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AdmittedTwice => "C-DBL",
            Self::ImpossibleOrder => "C-ORD",
            Self::AbsentAndSeen => "C-ABS",
            Self::SeatTwice => "C-SEA",
            Self::RosterDrop => "C-DRP",
            Self::RosterDrift => "C-DRF",
        }
    }

    /// Whether a person's word settles it, with no fact taken back: the record stands and the roster is what differs.
    #[must_use]
    pub const fn of_roster(self) -> bool {
        matches!(self, Self::RosterDrop | Self::RosterDrift)
    }
}

/// The name of a conflict, written `C-DRF:2611240317`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConflictId {
    /// Its kind.
    pub kind: ConflictKind,
    /// Its person.
    pub cand: AdmissionNo,
}

impl fmt::Display for ConflictId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.cand)
    }
}

impl std::str::FromStr for ConflictId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = IdError { what: "conflict", expected: "C-DRF:2611240317" };
        let (kind, cand) = text.split_once(':').ok_or(wrong)?;
        let kind = ConflictKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or(wrong)?;
        Ok(Self { kind, cand: AdmissionNo::parse(cand)? })
    }
}

impl TryFrom<String> for ConflictId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<ConflictId> for String {
    fn from(id: ConflictId) -> String {
        id.to_string()
    }
}

/// A line of a session: the desk and its place in that desk's stream, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "desk and sequence number, as the description says")]
pub struct EventId {
    pub desk: DeskId,
    pub seq: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::cand;

    #[test]
    fn a_conflict_reads_as_it_is_written() {
        for kind in ConflictKind::ALL {
            let id = ConflictId { kind, cand: cand(317) };
            assert_eq!(id.to_string().parse(), Ok(id.clone()));
            assert_eq!(serde_json::from_str::<ConflictId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        }
        for bad in ["", "C-DRF", "C-DRF:", "C-XXX:2600000317", "C-DRF:26 317"] {
            assert!(bad.parse::<ConflictId>().is_err(), "{bad}");
        }
    }
}
