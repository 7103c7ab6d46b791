//! Marks as they are entered: who may give which, and what a set of mark events makes of one part (rules.md §9).
//!
//! Owns the refusals KD-M-01, 02, 03, 06, 07, 10, 11, 12 and the state of (candidate, part) for `single` marking: the
//! first mark in stamp order is final. The fold takes events in any order and any number of times and never refuses;
//! a second mark that slipped in from another desk is kept as a clash (C-MRK). Knows no roles: only assessors come here.

use crate::domain::candidate::Mark;
use crate::domain::event::{Event, MarkEntered, Recorded, Stamp, ZeroReason};
use crate::domain::ids::{AdmissionNo, OperatorId, PartId};
use crate::domain::policy::Part;
use std::collections::BTreeMap;

/// What attendance says of a candidate, as far as marks and outcomes ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Never admitted, and not declared absent.
    Expected,
    /// Admitted, work not handed in: in the room or stepped out.
    Present,
    /// Work handed in.
    Submitted,
    /// Declared absent.
    Absent,
    /// Removed for breach.
    Removed,
    /// The row was taken out of 应到.
    Void,
}

/// Why a mark is not taken. An answer, not an error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkRefusal {
    /// KD-M-01.
    #[error("expected a mark of at most {max}, found {found}")]
    OverMax {
        /// The part's maximum.
        max: Mark,
        /// What was typed.
        found: Mark,
    },
    /// KD-M-02.
    #[error("expected a multiple of {step}, found {found}")]
    OffStep {
        /// The part's step.
        step: Mark,
        /// What was typed.
        found: Mark,
    },
    /// KD-M-03: the same person has given a mark already.
    #[error("expected another person than {by}, who gave the mark that stands")]
    SamePerson {
        /// Who gave it.
        by: OperatorId,
    },
    /// KD-M-06.
    #[error("expected a reason for a mark of 0")]
    ZeroWithoutReason,
    /// KD-M-07: somebody else's mark became final meanwhile.
    #[error("expected no mark yet, found {mark}")]
    ValueChanged {
        /// The mark that stands.
        mark: Mark,
    },
    /// KD-M-10.
    #[error("expected somebody who was present, found absent")]
    Absent,
    /// KD-M-11; a void row counts as never admitted.
    #[error("expected somebody who was admitted")]
    NeverAdmitted,
    /// KD-M-12.
    #[error("expected somebody who finished, found removed for breach")]
    Removed,
    /// KD-T-02: the part is marked only after hand-in.
    #[error("expected work that was handed in, found somebody still present")]
    NotHandedIn,
}

impl MarkRefusal {
    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OverMax { .. } => "KD-M-01",
            Self::OffStep { .. } => "KD-M-02",
            Self::SamePerson { .. } => "KD-M-03",
            Self::ZeroWithoutReason => "KD-M-06",
            Self::ValueChanged { .. } => "KD-M-07",
            Self::Absent => "KD-M-10",
            Self::NeverAdmitted => "KD-M-11",
            Self::Removed => "KD-M-12",
            Self::NotHandedIn => "KD-T-02",
        }
    }
}

/// A mark about to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMark {
    /// The value.
    pub mark: Mark,
    /// Needed where the value is 0.
    pub zero_reason: Option<ZeroReason>,
    /// Who types it.
    pub op: OperatorId,
    /// Who judged it.
    pub scored_by: OperatorId,
}

impl NewMark {
    /// Decides whether this mark may be entered: the person's standing, then what stands, then the value.
    ///
    /// # Errors
    /// The first [`MarkRefusal`] that applies.
    pub fn check(&self, part: &Part, standing: Standing, current: &PartMark) -> Result<(), MarkRefusal> {
        match standing {
            Standing::Expected | Standing::Void => return Err(MarkRefusal::NeverAdmitted),
            Standing::Absent => return Err(MarkRefusal::Absent),
            Standing::Removed => return Err(MarkRefusal::Removed),
            Standing::Present if !part.mark_while_present => return Err(MarkRefusal::NotHandedIn),
            Standing::Present | Standing::Submitted => {}
        }
        if let Some(entered) = current.final_mark() {
            let same = entered.op.as_ref() == Some(&self.op) || entered.scored_by == self.scored_by;
            return Err(if same {
                MarkRefusal::SamePerson { by: entered.scored_by.clone() }
            } else {
                MarkRefusal::ValueChanged { mark: entered.mark }
            });
        }
        if self.mark > part.max {
            return Err(MarkRefusal::OverMax { max: part.max, found: self.mark });
        }
        if self.mark.0.checked_rem(part.step.0).is_none_or(|rest| rest != 0) {
            return Err(MarkRefusal::OffStep { step: part.step, found: self.mark });
        }
        if self.mark == Mark(0) && self.zero_reason.is_none() {
            return Err(MarkRefusal::ZeroWithoutReason);
        }
        Ok(())
    }

    /// The event that records it.
    #[must_use]
    pub fn into_event(self, cand: AdmissionNo, part: PartId) -> MarkEntered {
        let zero_reason = self.zero_reason.filter(|_| self.mark == Mark(0));
        MarkEntered { cand, part, mark: self.mark.0, scored_by: self.scored_by, zero_reason, sheet_sha256: None }
    }
}

/// One recorded mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredMark {
    /// The value.
    pub mark: Mark,
    /// Why it is 0, where it is.
    pub zero_reason: Option<ZeroReason>,
    /// Who typed it, if somebody was signed in.
    pub op: Option<OperatorId>,
    /// Who judged it.
    pub scored_by: OperatorId,
}

/// The state of one (candidate, part) under `single` marking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartMark {
    entries: BTreeMap<Stamp, EnteredMark>,
}

impl PartMark {
    /// The mark that stands: the first in stamp order.
    #[must_use]
    pub fn final_mark(&self) -> Option<&EnteredMark> {
        self.entries.values().next()
    }

    /// Whether desks disagree: more than one mark was recorded (C-MRK).
    #[must_use]
    pub fn clashes(&self) -> bool {
        self.entries.len() > 1
    }
}

static NO_MARK: PartMark = PartMark { entries: BTreeMap::new() };

/// The marks of one session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    by_cand: BTreeMap<AdmissionNo, BTreeMap<PartId, PartMark>>,
}

impl Marks {
    /// Takes one recorded event; events that are no marks change nothing.
    pub fn apply(&mut self, recorded: &Recorded) {
        let Event::MarkEntered(event) = &recorded.event else { return };
        let entered = EnteredMark {
            mark: Mark(event.mark),
            zero_reason: event.zero_reason,
            op: recorded.author.op.clone(),
            scored_by: event.scored_by.clone(),
        };
        let parts = self.by_cand.entry(event.cand.clone()).or_default();
        parts.entry(event.part.clone()).or_default().entries.insert(recorded.stamp(), entered);
    }

    /// What stands for this candidate and part.
    #[must_use]
    pub fn of(&self, cand: &AdmissionNo, part: &PartId) -> &PartMark {
        self.by_cand.get(cand).and_then(|parts| parts.get(part)).unwrap_or(&NO_MARK)
    }
}
