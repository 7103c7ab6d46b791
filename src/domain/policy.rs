//! The exam policy (考务规则): TOML bytes to one value, or to every reason why not (rules.md §4).
//!
//! Owns keys, defaults, ranges and the rules between keys. Pure: whoever holds the file hands over its bytes and its
//! name. A [`Policy`] from [`Policy::parse`] satisfies all of §4; [`Policy::unsupported`] says what this release cannot
//! do yet. Marks are decimal strings, everything else is an integer, a word or a list.

mod parse;

use super::candidate::{Level, Mark};
use super::document::DocKind;
use super::ids::{OrgId, PartId};
use jiff::civil::Date;
use std::fmt;

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its word in the file.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }
        }

        impl parse::Choice for $name {
            const ALL: &'static [Self] = Self::ALL;
            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    };
}

choices!(
    /// Whether the admission ticket is needed besides the document.
    Ticket { /// A document is enough.
        NotNeeded = "not_needed",
        /// Both.
        Required = "required" }
);
choices!(
    /// What happens to a candidate without any document.
    Forgotten { /// Nobody is let in without one.
        Refuse = "refuse",
        /// Two people may let them in.
        Override = "override" }
);
choices!(
    /// What an expired document leads to.
    Expired { /// Another document is needed.
        Refuse = "refuse",
        /// A proctor decides.
        Proctor = "proctor",
        /// It is recorded and passes.
        Accept = "accept" }
);
choices!(
    /// What a name variant leads to.
    NameVariant { /// A proctor confirms.
        Proctor = "proctor",
        /// It is recorded and passes.
        Accept = "accept" }
);
choices!(
    /// What a campus card is good for.
    Uid { /// It points to a row.
        Pointer = "pointer",
        /// Nothing.
        Off = "off" }
);
choices!(
    /// Whether a face is compared before green.
    Photo { /// By a proctor.
        Proctor = "proctor",
        /// Not at the desk.
        None = "none" }
);
choices!(
    /// How seats are given.
    SeatMode { /// By the roster.
        Fixed = "fixed",
        /// On arrival, in the order of the seat list.
        Sequential = "sequential",
        /// On arrival, in a drawn order.
        Random = "random" }
);
choices!(
    /// Whether somebody who stepped out may come back.
    ReentryRule { /// Nobody.
        Never = "never",
        /// Whoever left with permission.
        Permitted = "permitted" }
);
choices!(
    /// Kind of a part.
    PartKind { /// 理论.
        Theory = "theory",
        /// 实操.
        Practical = "practical" }
);
choices!(
    /// How a part is marked (rules.md §9).
    Marking { /// Twice, independently.
        DoubleBlind = "double_blind",
        /// Typed twice from one sheet.
        DoubleEntry = "double_entry",
        /// Once.
        Single = "single",
        /// From a file of the marking machine.
        Import = "import",
        /// By the organisation; no mark at the site.
        Remote = "remote" }
);
choices!(
    /// How two agreeing marks become one.
    Combine { /// Their mean, half up.
        Mean = "mean",
        /// The lower.
        Lower = "lower",
        /// The higher.
        Higher = "higher",
        /// The first.
        First = "first" }
);
choices!(
    /// What a third mark decides.
    ThirdRule { /// The closest two of three.
        ClosestPair = "closest_pair",
        /// The third alone.
        ThirdStands = "third_stands" }
);
choices!(
    /// How the composite is rounded.
    Rounding { /// Ties go up.
        HalfUp = "half_up",
        /// Ties go to the even unit.
        HalfEven = "half_even",
        /// Always down.
        Down = "down" }
);
choices!(
    /// Which figure is compared with the pass line.
    DecideOn { /// The printed one.
        Rounded = "rounded",
        /// The one before rounding.
        Exact = "exact" }
);

/// The policy of one organisation's certificate and level. Fields are named as the keys; units as in rules.md §4.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the key of its name in rules.md §4")]
pub struct Policy {
    pub policy: Head,
    pub admission: Admission,
    pub documents: Documents,
    pub checks: Checks,
    pub r#override: Override,
    pub seats: Seats,
    pub reentry: Reentry,
    pub parts: Vec<Part>,
    pub result: ResultRule,
    pub report: Report,
    pub papers: Papers,
    pub privacy: Privacy,
    pub desk: Desk,
    pub receipts: Receipts,
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($field:ident : $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each field is the key of its name in rules.md §4")]
        pub struct $name { $(pub $field: $ty),* }
    };
}

section!(
    /// `[policy]`: which exam the policy is for.
    Head { id: Box<str>, version: u32, org: OrgId, certificate: Box<str>, level: Level, example: bool }
);
section!(
    /// `[admission]`: windows, in minutes.
    Admission { opens_min: u32, late_limit_min: u32, late_override: bool, earliest_handin_min: u32 }
);
section!(
    /// `[documents]`: which documents open the door.
    Documents {
        accepted: Vec<DocKind>,
        ticket: Ticket,
        forgotten: Forgotten,
        expired: Expired,
        expired_grace_days: u32,
        name_variant: NameVariant,
        uid: Uid,
    }
);
section!(
    /// `[checks]`: what a person does before green.
    Checks { photo: Photo, pledge: bool }
);
section!(
    /// `[override]`: two people, within this many seconds.
    Override { two_person: bool, witness_window_s: u32 }
);
section!(
    /// `[seats]`.
    Seats { mode: SeatMode, spare_permille: u32 }
);
section!(
    /// `[reentry]`: minutes and times.
    Reentry { allow: ReentryRule, max_out_min: u32, max_times: u32, closed_last_min: u32 }
);
section!(
    /// One of `[[parts]]`.
    Part {
        id: PartId,
        name: Box<str>,
        kind: PartKind,
        minutes: u32,
        max: Mark,
        step: Mark,
        pass: Option<Mark>,
        decimals: u32,
        weight_permille: u32,
        marking: Marking,
        mark_while_present: bool,
        tolerance: Mark,
        combine: Combine,
        third_rule: ThirdRule,
    }
);
section!(
    /// `[result]`: the composite and who passes.
    ResultRule {
        composite_max: Mark,
        pass: Mark,
        decimals: u32,
        rounding: Rounding,
        decide_on: DecideOn,
        part_lines: bool,
    }
);
section!(
    /// `[report]`: when the site owes its report.
    Report { due_working_days: u32, holidays: Vec<Date>, extra_workdays: Vec<Date> }
);
section!(
    /// `[papers]`.
    Papers { count: bool }
);
section!(
    /// `[privacy]`: days, seconds, and the smallest figure that is printed.
    Privacy { retention_days: u32, keep_photo: bool, blank_after_s: u32, suppress_below: u32 }
);
section!(
    /// `[desk]`: minutes and seconds.
    Desk { idle_lock_min: u32, annul_min: u32, debounce_s: u32, clock_skew_s: u32 }
);
section!(
    /// `[receipts]`.
    Receipts { enabled: bool, slip: bool }
);

/// Why a policy is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyCode {
    /// KD-P-01.
    UnknownKey,
    /// KD-P-02.
    Missing,
    /// KD-P-03: wrong type, a float, or no TOML at all.
    WrongType,
    /// KD-P-04.
    OutOfRange,
    /// KD-P-05.
    Weights,
    /// KD-P-06: two keys contradict each other.
    Combination,
    /// KD-P-07: valid, but this release cannot do it.
    NotSupported,
}

impl fmt::Display for PolicyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownKey => "KD-P-01",
            Self::Missing => "KD-P-02",
            Self::WrongType => "KD-P-03",
            Self::OutOfRange => "KD-P-04",
            Self::Weights => "KD-P-05",
            Self::Combination => "KD-P-06",
            Self::NotSupported => "KD-P-07",
        })
    }
}

/// One reason why a policy is refused, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFinding {
    /// Which rule.
    pub code: PolicyCode,
    /// Name of the file, as it was given.
    pub file: String,
    /// Line, from 1: of the key, or of the table that should hold it.
    pub line: u32,
    /// Path of the key, such as `parts[0].step`; empty for the whole file.
    pub key: String,
    /// What the key may hold.
    pub expected: String,
    /// What it holds.
    pub found: String,
}

impl fmt::Display for PolicyFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}:{}", self.code, self.file, self.line)?;
        if !self.key.is_empty() {
            write!(f, " {}", self.key)?;
        }
        write!(f, ": expected {}, found {}", self.expected, self.found)
    }
}

impl Policy {
    /// Parses the bytes of a policy file; `file` is the name that findings carry.
    ///
    /// # Errors
    /// Every [`PolicyFinding`] of KD-P-01 to KD-P-06, in the order of lines.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Vec<PolicyFinding>> {
        parse::policy(bytes, file)
    }

    /// Parses a policy that this release can carry out.
    ///
    /// # Errors
    /// As [`Policy::parse`], and every KD-P-07 of a valid one with the line of its key.
    pub fn parse_supported(bytes: &[u8], file: &str) -> Result<Self, Vec<PolicyFinding>> {
        let policy = Self::parse(bytes, file)?;
        let mut unsupported = policy.unsupported();
        for finding in &mut unsupported {
            file.clone_into(&mut finding.file);
            finding.line = super::table::line_of(bytes, &finding.key);
        }
        if unsupported.is_empty() { Ok(policy) } else { Err(unsupported) }
    }

    /// What this release cannot carry out (KD-P-07), written or by default. Without file and with line 1; see
    /// [`Policy::parse_supported`].
    #[must_use]
    pub fn unsupported(&self) -> Vec<PolicyFinding> {
        let mut findings = Vec::new();
        let mut needs = |key: &str, expected: &str, found: &str| {
            if expected != found {
                findings.push(PolicyFinding {
                    code: PolicyCode::NotSupported,
                    file: String::new(),
                    line: 1,
                    key: key.into(),
                    expected: format!("{expected} in this release"),
                    found: found.into(),
                });
            }
        };
        for (i, part) in self.parts.iter().enumerate() {
            needs(&format!("parts[{i}].marking"), "single", part.marking.as_str());
        }
        needs("papers.count", "false", if self.papers.count { "true" } else { "false" });
        findings
    }

    /// The part of this id.
    #[must_use]
    pub fn part(&self, id: &PartId) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == *id)
    }

    /// Length of a session: all parts, one after the other.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.parts.iter().map(|part| part.minutes).sum()
    }
}

#[cfg(test)]
mod tests;
