//! What a desk wants done or shown.

use super::{CaseId, Command, Refusal};
use crate::domain::admission::Decision;
use crate::domain::event::Draft;
use crate::domain::ids::{DeskId, OperatorId, RoomId, SeatLabel, SessionNo};
use crate::domain::time::Instant;
use std::fmt;

/// What the glass may show of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Who {
    /// First character and `*`.
    pub masked: String,
    /// Last four characters of the document number.
    pub tail: String,
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Who(..)")
    }
}

/// A verdict to be shown: everything it speaks of is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The decision.
    pub decision: Decision,
    /// The session that decided.
    pub session: SessionNo,
    /// This desk.
    pub desk: DeskId,
    /// Where they sit: only for those admitted now or before.
    pub place: Option<(RoomId, SeatLabel)>,
    /// Its line in the stream; that of the first showing for a repeat.
    pub seq: Option<u64>,
    /// When.
    pub at: Instant,
    /// Whether it repeats a verdict within the debounce time.
    pub repeat: bool,
    /// The open case that it is, where a person can answer it or has to.
    pub case: Option<CaseId>,
    /// The person, where a card was read.
    pub who: Option<Who>,
}

/// The answer to a command or a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Done, in so many lines, the last with this number; no line where nothing was left to do.
    Done {
        /// What.
        command: Command,
        /// Lines stored.
        lines: usize,
        /// The last line's number.
        seq: Option<u64>,
    },
    /// Somebody is signed in.
    SignedIn {
        /// Who.
        op: OperatorId,
    },
    /// The first of two people has spoken for a case; the second has so many seconds. Nothing is stored.
    FirstOfTwo {
        /// Which case.
        case: CaseId,
        /// Who.
        op: OperatorId,
        /// The witness window.
        seconds: u32,
    },
    /// A case waits with the others, or nobody waits for it any more.
    PutAside(CaseId),
    /// A case cannot be answered like that; nothing was stored.
    NotHandled {
        /// Which case; none where an identity was to be taken by hand.
        case: Option<CaseId>,
        /// Why.
        refusal: Refusal,
    },
    /// A rule forbids it; nothing was stored.
    Refused {
        /// What.
        command: Command,
        /// Why.
        refusal: Refusal,
    },
}

impl Answer {
    pub(super) fn stored(self, stored: usize, last: Option<u64>) -> Self {
        match self {
            Self::Done { command, .. } => Self::Done { command, lines: stored, seq: last },
            other => other,
        }
    }
}

/// One effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Store these lines in one transaction, then tell the desk.
    Append(Vec<Draft>),
    /// Show a verdict.
    Verdict(Box<Shown>),
    /// Answer a command.
    Answer(Answer),
    /// Nothing is in flight and nothing will be: apply the newer roster with this number, then tell the desk.
    Import(u64),
    /// A card came before anybody has unlocked the desk; it is neither judged nor recorded.
    AwaitingUnlock,
    /// A card came and no session is planned at all; it is neither judged nor recorded.
    NothingPlanned,
    /// The journal takes no lines; nothing is judged.
    Stopped,
}
