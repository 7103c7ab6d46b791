//! What a desk is told.

use super::{CaseId, Command};
use crate::domain::by_hand::{LiftReason, ManualCheck, ManualReason, Typed};
use crate::domain::event::SignInReason;
use crate::domain::ids::{AdmissionNo, DocTag, OperatorId, PaperRef, Salt, Seed, SessionNo};
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
    /// Somebody whose PIN was right answers an open case.
    Handle {
        /// Which.
        case: CaseId,
        /// How.
        handling: Handling,
        /// Who.
        op: OperatorId,
        /// A fresh salt, should it become an admission.
        salt: Salt,
        /// When.
        moment: Moment,
    },
    /// Two people, PINs checked, tell who somebody is whose document no reader reads.
    Identify {
        /// What they typed.
        identity: Box<Identify>,
        /// Who.
        op: OperatorId,
        /// The second person.
        witness: OperatorId,
        /// The document's tag under each session's key.
        tags: BTreeMap<SessionNo, DocTag>,
        /// A fresh salt, should it become an admission.
        salt: Salt,
        /// When.
        moment: Moment,
    },
    /// Somebody at the desk says that this person has no document at all.
    Declare {
        /// Whose row the person says is theirs.
        cand: AdmissionNo,
        /// Who.
        op: OperatorId,
        /// A fresh salt.
        salt: Salt,
        /// When.
        moment: Moment,
    },
    /// The checks before opening were made for a session; the newest count.
    Readiness(SessionNo, Found),
    /// The store is wanted for a newer roster; nothing is stored before it is told what came of it.
    Import(u64),
    /// What the store holds since; the people, where the desk knows who is who.
    Imported(Option<Box<(Held, Option<Roster>)>>),
    /// These lines of the site ledger are durable.
    Ledgered(Vec<LedgerLine>),
    /// The batch in flight is durable.
    Appended,
    /// The batch in flight may or may not be there; the journal takes no more lines.
    AppendFailed,
    /// The store was reopened and folded again.
    Restored(Held),
}

/// An answer to an open case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handling {
    /// ok(1): one proctor has looked; with the row chosen, where one has to be.
    Confirm(Option<AdmissionNo>),
    /// The first of chief and proctor sets the reason aside.
    First {
        /// Why.
        reason: LiftReason,
        /// The paper that says more.
        note: Option<PaperRef>,
        /// The row chosen, where one has to be.
        chosen: Option<AdmissionNo>,
    },
    /// The second of them agrees.
    Second,
    /// What the clock of the room shows.
    Clock(Instant),
    /// It comes to the front again.
    Recall,
    /// It waits.
    Defer,
    /// Nobody waits for it any more.
    Drop,
}

/// What two people typed of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identify {
    /// The document.
    pub typed: Typed,
    /// The row they looked up.
    pub cand: AdmissionNo,
    /// Why it was not read.
    pub reason: ManualReason,
    /// What they compared.
    pub checks: Vec<ManualCheck>,
    /// The case that it answers.
    pub case: Option<CaseId>,
}
