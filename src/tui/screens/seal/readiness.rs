//! The checks before sealing in words (rules.md §10): what was found, what to do about it, under which code.
//!
//! Owns the sentences alone. What is true is found elsewhere and comes in as [`Item`]s.

use super::super::super::Look;
use crate::tui::i18n::tr;

/// What is checked, in the order of the rules; the last three only warn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// KD-S-01: the session is closed.
    Closed,
    /// KD-S-02: balances; the figure counts those off.
    Balance,
    /// KD-S-03: open conflicts.
    Conflicts,
    /// KD-S-04: desks that have not signed off.
    Desks,
    /// KD-S-05: streams whose chain or tree fails.
    Streams,
    /// KD-S-06: people inside.
    Inside,
    /// KD-S-07: the figure counts the registered.
    Registered,
    /// KD-S-08: people without a mark.
    Marks,
    /// KD-S-08: results derived after the last change.
    Results,
    /// KD-S-12: the figure counts usable proctor keys.
    Proctors,
    /// KD-S-12: the site's certificate.
    Certificate,
    /// KD-S-13: recipients from a credential bundle.
    Recipients,
    /// KD-S-14: a store, policy and program that may be sealed.
    Sealable,
    /// KD-S-15: the store was made with site keys.
    SiteKeys,
    /// KD-S-N1: the revocation list is past its date.
    Revocations,
    /// KD-S-N2: the clock was attested by a person, or not at all.
    Clock,
    /// KD-S-N3: many admitted by a person's decision.
    Lifts,
}

/// How a check came out, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Sealing waits for it.
    Blocked,
    /// Somebody has to have seen it; it goes into the manifest.
    Warning,
    /// It is being looked at. Nothing waits for it: freezing looks again.
    Pending,
    /// As it must be.
    Good,
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What was checked.
    pub check: Check,
    /// How it came out.
    pub standing: Standing,
    /// The figure of the check, such as people without a mark; 0 where it has none.
    pub n: u32,
}

impl Check {
    /// The code, also what the manifest's notices carry for a warning.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Closed => "KD-S-01",
            Self::Balance => "KD-S-02",
            Self::Conflicts => "KD-S-03",
            Self::Desks => "KD-S-04",
            Self::Streams => "KD-S-05",
            Self::Inside => "KD-S-06",
            Self::Registered => "KD-S-07",
            Self::Marks | Self::Results => "KD-S-08",
            Self::Proctors | Self::Certificate => "KD-S-12",
            Self::Recipients => "KD-S-13",
            Self::Sealable => "KD-S-14",
            Self::SiteKeys => "KD-S-15",
            Self::Revocations => "KD-S-N1",
            Self::Clock => "KD-S-N2",
            Self::Lifts => "KD-S-N3",
        }
    }
}

impl Item {
    /// What was found.
    #[must_use]
    pub fn words(self, look: &Look<'_>) -> String {
        let n = self.n.to_string();
        let good = self.standing == Standing::Good;
        match self.check {
            Check::Desks if self.standing == Standing::Pending => tr!(look, "seal-desks-pending"),
            Check::Streams if self.standing == Standing::Pending => tr!(look, "seal-streams-pending"),
            Check::Closed if good => tr!(look, "seal-closed"),
            Check::Closed => tr!(look, "seal-not-closed"),
            Check::Balance if good => tr!(look, "seal-balanced"),
            Check::Balance => tr!(look, "seal-unbalanced", n = n),
            Check::Conflicts => tr!(look, "seal-conflicts", n = n),
            Check::Desks if good => tr!(look, "seal-desks"),
            Check::Desks => tr!(look, "seal-desks-missing", n = n),
            Check::Streams if good => tr!(look, "seal-streams"),
            Check::Streams => tr!(look, "seal-streams-broken", n = n),
            Check::Inside => tr!(look, "seal-inside", n = n),
            Check::Registered => tr!(look, "seal-registered", n = n),
            Check::Marks if good => tr!(look, "seal-marks"),
            Check::Marks => tr!(look, "seal-marks-missing", n = n),
            Check::Results if good => tr!(look, "seal-results"),
            Check::Results => tr!(look, "seal-results-stale"),
            Check::Proctors => tr!(look, "seal-proctors", n = n),
            Check::Certificate if good => tr!(look, "seal-certificate"),
            Check::Certificate => tr!(look, "seal-certificate-unusable"),
            Check::Recipients if good => tr!(look, "seal-recipients"),
            Check::Recipients => tr!(look, "seal-recipients-unknown"),
            Check::Sealable if good => tr!(look, "seal-sealable"),
            Check::Sealable => tr!(look, "seal-unsealable"),
            Check::SiteKeys if good => tr!(look, "seal-site-keys"),
            Check::SiteKeys => tr!(look, "seal-no-site-keys"),
            Check::Revocations if good => tr!(look, "seal-revocations"),
            Check::Revocations => tr!(look, "seal-revocations-old"),
            Check::Clock if good => tr!(look, "seal-clock"),
            Check::Clock => tr!(look, "seal-clock-attested"),
            Check::Lifts => tr!(look, "seal-lifts", n = n),
        }
    }

    /// What to do about it; nothing where all is well, or where nobody knows yet.
    #[must_use]
    pub fn remedy(self, look: &Look<'_>) -> Option<String> {
        if matches!(self.standing, Standing::Good | Standing::Pending) {
            return None;
        }
        Some(match self.check {
            Check::Closed => tr!(look, "seal-do-closed"),
            Check::Balance => tr!(look, "seal-do-balance"),
            Check::Conflicts => tr!(look, "seal-do-conflicts"),
            Check::Desks => tr!(look, "seal-do-desks"),
            Check::Streams => tr!(look, "seal-do-streams"),
            Check::Inside => tr!(look, "seal-do-inside"),
            Check::Registered => tr!(look, "seal-do-registered"),
            Check::Marks => tr!(look, "seal-do-marks"),
            Check::Results => tr!(look, "seal-do-results"),
            Check::Proctors => tr!(look, "seal-do-proctors"),
            Check::Certificate => tr!(look, "seal-do-certificate"),
            Check::Recipients => tr!(look, "seal-do-recipients"),
            Check::Sealable => tr!(look, "seal-do-sealable"),
            Check::SiteKeys => tr!(look, "seal-do-site-keys"),
            Check::Revocations => tr!(look, "seal-do-revocations"),
            Check::Clock => tr!(look, "seal-do-clock"),
            Check::Lifts => tr!(look, "seal-do-lifts"),
        })
    }
}
