//! The crew of an exam day (rules.md §13): who may do what. Keys and PINs belong to `trust`.

use super::ids::{OperatorId, RoomId};
use serde::{Deserialize, Serialize};

/// One person, one role per session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 主考: opens, starts, closes.
    Chief,
    /// 监考员: checks in, hands in, marks absent.
    Proctor,
    /// 考评员: gives marks.
    Assessor,
    /// 巡考: looks.
    Inspector,
    /// 考务员: imports, joins desks; never sees marks.
    Admin,
}

impl Role {
    /// Its word on the command line and in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chief => "chief",
            Self::Proctor => "proctor",
            Self::Assessor => "assessor",
            Self::Inspector => "inspector",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = super::ids::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Chief, Self::Proctor, Self::Assessor, Self::Inspector, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(super::ids::IdError { what: "role", expected: "chief, proctor, assessor, inspector or admin" })
    }
}

/// One entry of the crew list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrewMember {
    /// Who.
    pub op: OperatorId,
    /// As what.
    pub role: Role,
    /// Lead assessor or lead proctor.
    pub lead: bool,
    /// Rooms served; empty means all.
    pub rooms: Vec<RoomId>,
}
