//! The twelve checks before doors open (screens.md 3.2): what was found, whether it lets a session open, under which
//! code.
//!
//! Owns the judgement alone: facts come in, gathered where the disk, the reader and the clock are at hand. A red item
//! stops the opening until the chief has said why it may stand (`ReadinessWaived`); a warning never does. A check that
//! cannot be made where the session is opened (a reader on the command line) is unchecked, and stops nothing.

use super::ids::Digest;
use super::session::Mode;
use super::time::ClockQuality;
use serde::{Deserialize, Serialize};

/// What is checked, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Somebody is registered for the session.
    Roster,
    /// The session's policy.
    Policy,
    /// Everybody has a seat where seats are fixed.
    Seats,
    /// The journal takes lines.
    Journal,
    /// The journal is as it was written.
    Chain,
    /// The card reader answers.
    Reader,
    /// The other desks of the session.
    Desks,
    /// The clock, and the session's day.
    Clock,
    /// Room on the disk.
    Disk,
    /// Somebody to work the desk and to close.
    Crew,
    /// The certificates of the site and of two proctors, for the seal.
    Certificates,
    /// The organisation's keys, to which the seal is encrypted.
    Recipients,
}

impl Item {
    /// Every item, in the order of the list.
    pub const ALL: [Self; 12] = [
        Self::Roster,
        Self::Policy,
        Self::Seats,
        Self::Journal,
        Self::Chain,
        Self::Reader,
        Self::Desks,
        Self::Clock,
        Self::Disk,
        Self::Crew,
        Self::Certificates,
        Self::Recipients,
    ];

    /// Its word in the journal and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Policy => "policy",
            Self::Seats => "seats",
            Self::Journal => "journal",
            Self::Chain => "chain",
            Self::Reader => "reader",
            Self::Desks => "desks",
            Self::Clock => "clock",
            Self::Disk => "disk",
            Self::Crew => "crew",
            Self::Certificates => "certificates",
            Self::Recipients => "recipients",
        }
    }

    /// The item of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.as_str() == word)
    }
}

/// Why a red item may stand: a list, since journal lines carry no free text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaiveReason {
    /// Other means are used instead.
    OtherMeans,
    /// It is being put right while doors open.
    InRepair,
    /// Today does not need it.
    NotNeeded,
    /// The organisation says so.
    OrganisationInstruction,
}

impl WaiveReason {
    /// Every reason, in the order of the list.
    pub const ALL: [Self; 4] = [Self::OtherMeans, Self::InRepair, Self::NotNeeded, Self::OrganisationInstruction];

    /// Its word in the journal and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherMeans => "other_means",
            Self::InRepair => "in_repair",
            Self::NotNeeded => "not_needed",
            Self::OrganisationInstruction => "organisation_instruction",
        }
    }

    /// The reason of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// How a check came out, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Opening waits for it, or for a reason of the chief.
    Blocked,
    /// Worth knowing.
    Warning,
    /// Nobody could look.
    Unchecked,
    /// As it must be.
    Good,
}

impl Standing {
    /// Its word on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Warning => "warning",
            Self::Unchecked => "unchecked",
            Self::Good => "good",
        }
    }
}

/// What the reader does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// None is known here.
    Absent,
    /// It is looked for.
    Sought,
    /// It answers.
    Up,
    /// It does not; the code of its fault.
    Down(&'static str),
}

/// The finding of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// People registered for the session, and their rooms.
    Roster {
        /// People.
        people: u32,
        /// Rooms.
        rooms: u32,
    },
    /// The policy.
    Policy {
        /// Its hash.
        sha256: Digest,
        /// It is an example.
        example: bool,
        /// What the store is for.
        mode: Mode,
    },
    /// Seats.
    Seats {
        /// Seats are given by the roster.
        fixed: bool,
        /// People without one.
        without: u32,
    },
    /// The journal.
    Journal {
        /// It takes lines.
        takes: bool,
        /// Lines of this desk.
        lines: u64,
    },
    /// The chains: whether they hold, where somebody has looked.
    Chain(Option<bool>),
    /// The reader.
    Reader(Reader),
    /// Other desks with lines of their own; none where nobody has looked.
    Desks(Option<u32>),
    /// The clock.
    Clock {
        /// Its quality.
        quality: ClockQuality,
        /// It shows the session's day.
        same_day: bool,
    },
    /// Free mebibytes where the data directory lies; none where the system does not say.
    Disk(Option<u64>),
    /// The session's crew list.
    Crew {
        /// Proctors.
        proctors: u32,
        /// Assessors.
        assessors: u32,
    },
    /// Proctors who could sign a seal today with the site; or the code of what is missing.
    Certificates(Result<u32, &'static str>),
    /// Whether the organisation's keys are enrolled.
    Recipients(bool),
}

/// Below so many mebibytes a session does not open: the journal of a day needs a tenth of it.
pub const DISK_LEAST: u64 = 100;
/// Below so many the disk is worth a look.
pub const DISK_LOW: u64 = 1024;

impl Fact {
    /// Whose finding it is.
    #[must_use]
    pub fn item(&self) -> Item {
        match self {
            Self::Roster { .. } => Item::Roster,
            Self::Policy { .. } => Item::Policy,
            Self::Seats { .. } => Item::Seats,
            Self::Journal { .. } => Item::Journal,
            Self::Chain(_) => Item::Chain,
            Self::Reader(_) => Item::Reader,
            Self::Desks(_) => Item::Desks,
            Self::Clock { .. } => Item::Clock,
            Self::Disk(_) => Item::Disk,
            Self::Crew { .. } => Item::Crew,
            Self::Certificates(_) => Item::Certificates,
            Self::Recipients(_) => Item::Recipients,
        }
    }

    /// What it means for opening, and the code of whatever is not as it must be.
    #[must_use]
    pub fn judged(&self) -> (Standing, Option<&'static str>) {
        use Standing::{Blocked, Good, Unchecked, Warning};
        match *self {
            Self::Roster { people: 0, .. } => (Blocked, Some("KD-1101")),
            Self::Policy { example: true, mode: Mode::Live, .. } => (Blocked, Some("KD-P-06")),
            Self::Seats { fixed: true, without: 1.. } => (Blocked, Some("KD-A-61")),
            Self::Journal { takes: false, .. } => (Blocked, Some("KD-9001")),
            Self::Chain(Some(false)) => (Blocked, Some("KD-9101")),
            Self::Reader(Reader::Down(code)) => (Blocked, Some(code)),
            Self::Chain(None) | Self::Reader(Reader::Absent | Reader::Sought) | Self::Desks(None) => (Unchecked, None),
            Self::Clock { quality: ClockQuality::Synced, same_day: true } => (Good, None),
            Self::Clock { .. } => (Warning, Some("KD-4201")),
            Self::Disk(Some(free)) if free < DISK_LEAST => (Blocked, Some("KD-4202")),
            Self::Disk(Some(free)) if free < DISK_LOW => (Warning, Some("KD-4202")),
            Self::Disk(None) => (Unchecked, None),
            Self::Crew { proctors: 0, .. } => (Blocked, Some("KD-4203")),
            Self::Crew { assessors: 0, .. } => (Warning, Some("KD-4204")),
            Self::Certificates(Err(code)) => (Warning, Some(code)),
            Self::Certificates(Ok(..2)) => (Warning, Some("KD-S-12")),
            Self::Recipients(false) => (Warning, Some("KD-S-13")),
            Self::Roster { .. }
            | Self::Policy { .. }
            | Self::Seats { .. }
            | Self::Journal { .. }
            | Self::Chain(Some(true))
            | Self::Reader(Reader::Up)
            | Self::Desks(Some(_))
            | Self::Disk(Some(_))
            | Self::Crew { .. }
            | Self::Certificates(Ok(_))
            | Self::Recipients(true) => (Good, None),
        }
    }

    /// What it means for opening.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.judged().0
    }
}

/// What the checks of one session came to, as the desk is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Checks that hold.
    pub passed: u32,
    /// Red items, in the order of the list.
    pub red: Vec<Item>,
}

impl<'a> FromIterator<&'a Fact> for Found {
    fn from_iter<I: IntoIterator<Item = &'a Fact>>(facts: I) -> Self {
        let mut found = Self::default();
        for fact in facts {
            match fact.standing() {
                Standing::Good => found.passed += 1,
                Standing::Blocked => found.red.push(fact.item()),
                Standing::Warning | Standing::Unchecked => {}
            }
        }
        found.red.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::digest;

    /// Every check as it should be.
    fn well() -> [Fact; 12] {
        [
            Fact::Roster { people: 60, rooms: 2 },
            Fact::Policy { sha256: digest(1), example: false, mode: Mode::Live },
            Fact::Seats { fixed: true, without: 0 },
            Fact::Journal { takes: true, lines: 7 },
            Fact::Chain(Some(true)),
            Fact::Reader(Reader::Up),
            Fact::Desks(Some(0)),
            Fact::Clock { quality: ClockQuality::Synced, same_day: true },
            Fact::Disk(Some(41_000)),
            Fact::Crew { proctors: 2, assessors: 1 },
            Fact::Certificates(Ok(2)),
            Fact::Recipients(true),
        ]
    }

    #[test]
    fn a_site_that_is_ready_has_twelve_green_checks() {
        assert_eq!(well().map(|fact| fact.item()), Item::ALL);
        assert_eq!(Found::from_iter(&well()), Found { passed: 12, red: vec![] });
        assert!(well().iter().all(|fact| fact.judged() == (Standing::Good, None)));
    }

    #[test]
    fn each_flaw_has_its_standing_and_its_code() {
        use Standing::{Blocked, Unchecked, Warning};
        for (fact, standing, code) in [
            (Fact::Roster { people: 0, rooms: 0 }, Blocked, Some("KD-1101")),
            (Fact::Policy { sha256: digest(1), example: true, mode: Mode::Live }, Blocked, Some("KD-P-06")),
            (Fact::Seats { fixed: true, without: 1 }, Blocked, Some("KD-A-61")),
            (Fact::Journal { takes: false, lines: 7 }, Blocked, Some("KD-9001")),
            (Fact::Chain(Some(false)), Blocked, Some("KD-9101")),
            (Fact::Chain(None), Unchecked, None),
            (Fact::Reader(Reader::Down("KD-3102")), Blocked, Some("KD-3102")),
            (Fact::Reader(Reader::Sought), Unchecked, None),
            (Fact::Reader(Reader::Absent), Unchecked, None),
            (Fact::Clock { quality: ClockQuality::Untrusted, same_day: true }, Warning, Some("KD-4201")),
            (Fact::Clock { quality: ClockQuality::Attested, same_day: true }, Warning, Some("KD-4201")),
            (Fact::Clock { quality: ClockQuality::Synced, same_day: false }, Warning, Some("KD-4201")),
            (Fact::Disk(Some(99)), Blocked, Some("KD-4202")),
            (Fact::Disk(Some(1023)), Warning, Some("KD-4202")),
            (Fact::Disk(None), Unchecked, None),
            (Fact::Crew { proctors: 0, assessors: 1 }, Blocked, Some("KD-4203")),
            (Fact::Crew { proctors: 1, assessors: 0 }, Warning, Some("KD-4204")),
            (Fact::Certificates(Err("KD-S-16")), Warning, Some("KD-S-16")),
            (Fact::Certificates(Ok(1)), Warning, Some("KD-S-12")),
            (Fact::Recipients(false), Warning, Some("KD-S-13")),
            (Fact::Desks(None), Unchecked, None),
        ] {
            assert_eq!(fact.judged(), (standing, code), "{fact:?}");
        }
        let example = Fact::Policy { sha256: digest(1), example: true, mode: Mode::Demo };
        assert_eq!(example.standing(), Standing::Good, "an example is what a demonstration is for");
        assert_eq!(Fact::Seats { fixed: false, without: 60 }.standing(), Standing::Good, "given on arrival");
    }

    #[test]
    fn words_of_items_and_reasons_read_back_and_are_those_of_the_journal() {
        for item in Item::ALL {
            assert_eq!(Item::parse(item.as_str()), Some(item));
            assert_eq!(serde_json::to_string(&item).unwrap(), format!("\"{}\"", item.as_str()));
        }
        for reason in WaiveReason::ALL {
            assert_eq!(WaiveReason::parse(reason.as_str()), Some(reason));
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{}\"", reason.as_str()));
        }
        assert_eq!((Item::parse("printer"), WaiveReason::parse("because")), (None, None));
    }
}
