//! A session (场次): one policy, one date, one time, one or more rooms; and the states it passes through (rules.md §5).

use serde::{Deserialize, Serialize};

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

/// Where a session stands. The later states come with sealing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// 已计划.
    Planned,
    /// 签到中.
    Open,
    /// 考核中.
    Running,
    /// 已结束.
    Closed,
}
