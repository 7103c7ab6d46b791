//! What a desk is told.

use super::Command;
use crate::domain::event::SignInReason;
use crate::domain::ids::{DocTag, OperatorId, Salt, Seed, SessionNo};
use crate::domain::ledger::LedgerLine;
use crate::domain::presented::Presented;
use crate::domain::readiness::Found;
use crate::domain::record::Held;
use crate::domain::roster::Roster;
use crate::domain::time::{ClockQuality, Instant};
use std::collections::BTreeMap;
use std::time::Duration;

/// When an input happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Wall time, for the limits and for people.
    pub at: Instant,
    /// Its quality.
    pub quality: ClockQuality,
    /// Monotonic time, for debounce.
    pub mono: Duration,
}

/// One input.
#[derive(Debug)]
pub enum Input {
    /// The data key was opened: the desk now knows who is who.
    Unlocked(Roster),
    /// Somebody whose PIN was right acts from now on.
    SignIn {
        /// Who.
        op: OperatorId,
        /// Why.
        why: SignInReason,
        /// When.
        moment: Moment,
    },
    /// Nobody acts any more, until somebody signs in; taps go on.
    Locked,
    /// Something was put on the reader.
    Tap {
        /// What.
        presented: Presented,
        /// Its document tag under each session's key.
        tags: BTreeMap<SessionNo, DocTag>,
        /// A fresh salt, should it become an admission.
        salt: Salt,
        /// Whether a simulated reader tells it to a live site.
        simulated: bool,
        /// When.
        moment: Moment,
    },
    /// Somebody whose PIN was right wants something done.
    Command {
        /// What.
        command: Command,
        /// Who.
        op: OperatorId,
        /// The second person, PIN checked.
        witness: Option<OperatorId>,
        /// Fresh and random, should it become a draw.
        seed: Seed,
        /// When.
        moment: Moment,
    },
    /// The checks before opening were made for a session; the newest count.
    Readiness(SessionNo, Found),
    /// These lines of the site ledger are durable.
    Ledgered(Vec<LedgerLine>),
    /// The batch in flight is durable.
    Appended,
    /// The batch in flight may or may not be there; the journal takes no more lines.
    AppendFailed,
    /// The store was reopened and folded again.
    Restored(Held),
}
