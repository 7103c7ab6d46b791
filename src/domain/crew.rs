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

/// What a person may ask of the desk: the commands of this release, one for each right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// Import a roster, the doing.
    ImportDo,
    /// Import a roster, the approval of the second person.
    ImportApprove,
    /// Put people on the crew list.
    Crew,
    /// Join a desk to a session, prove its readiness.
    JoinDesk,
    /// Open a session for check-in.
    Open,
    /// Start the exam.
    Start,
    /// Make the checks before opening.
    CheckReadiness,
    /// Close a session, the doing.
    CloseDo,
    /// Close a session, the second person.
    CloseWitness,
    /// Scan cards and confirm what a verdict asks.
    Scan,
    /// Identify somebody by hand, the doing.
    ManualDo,
    /// Identify somebody by hand, the second person.
    ManualWitness,
    /// Set a reason aside, lift a hold, settle a conflict: the chief's half.
    OverrideDo,
    /// The same, the proctor's half.
    OverrideWitness,
    /// Put a hold on a candidate.
    PlaceHold,
    /// Take in work.
    HandIn,
    /// Declare a candidate absent.
    MarkAbsent,
    /// Give somebody another seat, take a seat that nobody holds out of service.
    MoveSeat,
    /// Take a seat out of service on which somebody sits.
    WithdrawUsedSeat,
    /// Enter one's own marks.
    EnterMark,
    /// Compute composites and outcomes.
    DeriveResults,
    /// Freeze a session for sealing, unlock the site key, give a prepared seal up.
    PrepareSeal,
    /// Sign a seal.
    SignSeal,
    /// See the roster; the inspector sees names masked.
    ReadRoster,
    /// See boards and the journal, where no mark shows before it is final.
    ReadJournal,
    /// See marks and results; the assessor their own parts.
    ReadMarks,
}

impl Act {
    /// Every act, in the order of the table.
    pub const ALL: [Self; 26] = [
        Self::ImportDo,
        Self::ImportApprove,
        Self::Crew,
        Self::JoinDesk,
        Self::Open,
        Self::Start,
        Self::CheckReadiness,
        Self::CloseDo,
        Self::CloseWitness,
        Self::Scan,
        Self::ManualDo,
        Self::ManualWitness,
        Self::OverrideDo,
        Self::OverrideWitness,
        Self::PlaceHold,
        Self::HandIn,
        Self::MarkAbsent,
        Self::MoveSeat,
        Self::WithdrawUsedSeat,
        Self::EnterMark,
        Self::DeriveResults,
        Self::PrepareSeal,
        Self::SignSeal,
        Self::ReadRoster,
        Self::ReadJournal,
        Self::ReadMarks,
    ];

    /// The roles that may (rules.md §13). The chief never enters marks, an assessor never admits, the inspector never
    /// changes anything, the admin never sees marks.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        use Role::{Admin, Assessor, Chief, Inspector, Proctor};
        match self {
            Self::ImportDo => &[Admin],
            Self::ImportApprove
            | Self::Crew
            | Self::Open
            | Self::Start
            | Self::CloseDo
            | Self::DeriveResults
            | Self::WithdrawUsedSeat
            | Self::PrepareSeal
            | Self::OverrideDo
            | Self::PlaceHold => &[Chief],
            Self::JoinDesk | Self::CheckReadiness => &[Chief, Admin],
            Self::CloseWitness | Self::SignSeal | Self::OverrideWitness => &[Proctor],
            Self::ManualWitness => &[Chief, Proctor, Assessor, Admin],
            Self::Scan | Self::ManualDo | Self::HandIn | Self::MarkAbsent | Self::MoveSeat => &[Chief, Proctor],
            Self::EnterMark => &[Assessor],
            Self::ReadRoster => &[Chief, Proctor, Inspector],
            Self::ReadJournal => &[Chief, Proctor, Inspector, Admin],
            Self::ReadMarks => &[Chief, Assessor, Inspector],
        }
    }
}

/// Whether a role may do this (rules.md §13).
#[must_use]
pub fn allows(role: Role, act: Act) -> bool {
    act.roles().contains(&role)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// rules.md §13, one column for each role: chief, proctor, assessor, inspector, admin.
    #[test]
    fn the_table_of_roles_is_the_one_of_the_rules() {
        let table = [
            (Act::ImportDo, "----x"),
            (Act::ImportApprove, "x----"),
            (Act::Crew, "x----"),
            (Act::JoinDesk, "x---x"),
            (Act::Open, "x----"),
            (Act::Start, "x----"),
            (Act::CheckReadiness, "x---x"),
            (Act::CloseDo, "x----"),
            (Act::CloseWitness, "-x---"),
            (Act::Scan, "xx---"),
            (Act::ManualDo, "xx---"),
            (Act::ManualWitness, "xxx-x"),
            (Act::OverrideDo, "x----"),
            (Act::OverrideWitness, "-x---"),
            (Act::PlaceHold, "x----"),
            (Act::HandIn, "xx---"),
            (Act::MarkAbsent, "xx---"),
            (Act::MoveSeat, "xx---"),
            (Act::WithdrawUsedSeat, "x----"),
            (Act::EnterMark, "--x--"),
            (Act::DeriveResults, "x----"),
            (Act::PrepareSeal, "x----"),
            (Act::SignSeal, "-x---"),
            (Act::ReadRoster, "xx-x-"),
            (Act::ReadJournal, "xx-xx"),
            (Act::ReadMarks, "x-xx-"),
        ];
        assert_eq!(table.map(|(act, _)| act), Act::ALL);
        let roles = [Role::Chief, Role::Proctor, Role::Assessor, Role::Inspector, Role::Admin];
        for (act, row) in table {
            for (role, cell) in roles.into_iter().zip(row.chars()) {
                assert_eq!(allows(role, act), cell == 'x', "{role:?} {act:?}");
            }
        }
    }

    #[test]
    fn no_role_is_both_persons_of_a_two_person_act() {
        for (one, two) in [
            (Act::ImportDo, Act::ImportApprove),
            (Act::CloseDo, Act::CloseWitness),
            (Act::PrepareSeal, Act::SignSeal),
            (Act::OverrideDo, Act::OverrideWitness),
        ] {
            assert!(one.roles().iter().all(|role| !two.roles().contains(role)));
        }
    }
}
