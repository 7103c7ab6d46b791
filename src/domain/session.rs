//! A session (场次): one policy at one time, in one or more rooms; the states it passes through and the limits of its
//! clock (rules.md §5). The clock proposes, a person acts: no state here changes by itself.

use super::candidate::Level;
use super::ids::{BatchId, Digest, OrgId, SessionId, SessionNo, SiteId};
use super::policy::Policy;
use super::time::Instant;
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a store is for. Written when the store is made and never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// 正式: real candidates.
    Live,
    /// 演练: a drill; everything up to closing.
    Rehearsal,
    /// 演示: a throw-away day, simulator allowed.
    Demo,
}

impl Mode {
    /// Its word on the command line, in the store and in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Rehearsal => "rehearsal",
            Self::Demo => "demo",
        }
    }
}

impl std::str::FromStr for Mode {
    type Err = super::ids::IdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Live, Self::Rehearsal, Self::Demo]
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or(super::ids::IdError { what: "mode", expected: "live, rehearsal or demo" })
    }
}

/// A mode whose sessions may be sealed. A rehearsal has no such value, so no seal of one can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the mode of its name")]
pub enum Sealable {
    Live,
    Demo,
}

impl TryFrom<Mode> for Sealable {
    type Error = Mode;
    fn try_from(mode: Mode) -> Result<Self, Mode> {
        match mode {
            Mode::Live => Ok(Self::Live),
            Mode::Demo => Ok(Self::Demo),
            Mode::Rehearsal => Err(mode),
        }
    }
}

/// Where a session stands. The later states come with delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// 已计划.
    #[default]
    Planned,
    /// 签到中.
    Open,
    /// 考核中.
    Running,
    /// 已结束.
    Closed,
    /// 已封存.
    Sealed,
}

impl State {
    /// Its word in listings and read tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Running => "running",
            Self::Closed => "closed",
            Self::Sealed => "sealed",
        }
    }

    /// Whether a tap may still let somebody in.
    #[must_use]
    pub fn takes_taps(self) -> bool {
        matches!(self, Self::Open | Self::Running)
    }
}

/// A session as the roster planned it; it does not change after import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the glossary of rules.md §1 defines each")]
pub struct Plan {
    pub id: SessionId,
    pub no: SessionNo,
    pub org: OrgId,
    pub site: SiteId,
    pub batch: BatchId,
    pub certificate: String,
    pub level: Level,
    pub date: civil::Date,
    pub start: civil::Time,
    pub policy_sha256: Digest,
}

/// A planned session with its rules.
#[derive(Debug, Clone)]
pub struct Session {
    /// The plan.
    pub plan: Plan,
    /// The exam policy (规则卡) whose hash the plan names.
    pub policy: Arc<Policy>,
}

impl Session {
    /// The scheduled start.
    #[must_use]
    pub fn starts(&self) -> Instant {
        Instant::at(self.plan.date, self.plan.start)
    }

    /// When candidates may come in.
    #[must_use]
    pub fn opens(&self) -> Instant {
        self.starts().plus_minutes(-i64::from(self.policy.admission.opens_min))
    }

    /// The last second at which a late candidate is still let in.
    #[must_use]
    pub fn late_limit(&self) -> Instant {
        self.starts().plus_minutes(i64::from(self.policy.admission.late_limit_min))
    }

    /// The earliest hand-in.
    #[must_use]
    pub fn earliest_handin(&self) -> Instant {
        self.starts().plus_minutes(i64::from(self.policy.admission.earliest_handin_min))
    }

    /// The scheduled end: start and the minutes of every part.
    #[must_use]
    pub fn ends(&self) -> Instant {
        let minutes: i64 = self.policy.parts.iter().map(|part| i64::from(part.minutes)).sum();
        self.starts().plus_minutes(minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::{at, plan, policy};

    #[test]
    fn the_limits_of_a_session_are_those_of_its_policy() {
        let session = Session { plan: plan(1), policy: Arc::new(policy()) };
        assert_eq!(
            (session.opens(), session.starts(), session.late_limit()),
            (at(8, 30, 0), at(9, 0, 0), at(9, 15, 0))
        );
        assert_eq!((session.earliest_handin(), session.ends()), (at(9, 30, 0), at(11, 0, 0)), "two parts of an hour");
    }

    #[test]
    fn modes_and_states_have_one_word_each() {
        for mode in [Mode::Live, Mode::Rehearsal, Mode::Demo] {
            assert_eq!(mode.as_str().parse(), Ok(mode));
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.as_str());
        }
        assert!("Live".parse::<Mode>().is_err());
        for (state, word, takes_taps) in [
            (State::Planned, "planned", false),
            (State::Open, "open", true),
            (State::Running, "running", true),
            (State::Closed, "closed", false),
            (State::Sealed, "sealed", false),
        ] {
            assert_eq!((state.as_str(), state.takes_taps()), (word, takes_taps));
            assert_eq!(serde_json::to_value(state).unwrap(), word);
        }
        assert!(State::Planned < State::Open && State::Open < State::Running && State::Running < State::Closed);
    }

    #[test]
    fn a_rehearsal_is_not_sealable() {
        assert_eq!(Mode::Live.try_into(), Ok(Sealable::Live));
        assert_eq!(Mode::Demo.try_into(), Ok(Sealable::Demo));
        assert_eq!(Sealable::try_from(Mode::Rehearsal), Err(Mode::Rehearsal));
    }

    #[test]
    fn a_plan_reads_as_it_was_kept_and_nothing_else() {
        let kept = serde_json::to_string(&plan(1)).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&kept).unwrap(), plan(1));
        assert!(serde_json::from_str::<Plan>(&kept.replacen('{', "{\"more\":1,", 1)).is_err());
    }
}
