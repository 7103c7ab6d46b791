//! Marks, composites and outcomes (rules.md §9): integers only, rounded once.
//!
//! Owns what may be typed as a mark, the composite's arithmetic and the order of outcomes. Marks come from the session
//! record, limits from the policy. This release knows marks given once; double marking, imports and amendments add
//! their states without changing what stands here.

mod composite;
mod outcome;
mod statistics;

pub use composite::composite;
pub use outcome::{CandidateResult, Outcome, PartOutcome, ResultLine, Results, results};
pub use statistics::{Spread, per_mille, spread};

use super::attendance::Attendance;
use super::event::ZeroReason;
use super::ids::{AdmissionNo, PartId};
use super::policy::{Part, Policy};
use super::record::SessionRecord;

/// Why a typed mark is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkRefusal {
    /// KD-M-01: more than the part's maximum, in centi-points.
    OverMax(u32),
    /// KD-M-02: not a multiple of the part's step, in centi-points.
    OffStep(u32),
    /// KD-M-03: the part has its mark already.
    Marked,
    /// KD-M-06: zero needs a reason.
    ZeroWithoutReason,
    /// KD-M-09: the policy has no such part.
    UnknownPart,
    /// KD-M-10: declared absent.
    Absent,
    /// KD-M-11: never admitted.
    NeverAdmitted,
    /// KD-M-13: still inside, and the part is not marked while present.
    NotHandedIn,
}

impl MarkRefusal {
    /// Its stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OverMax(_) => "KD-M-01",
            Self::OffStep(_) => "KD-M-02",
            Self::Marked => "KD-M-03",
            Self::ZeroWithoutReason => "KD-M-06",
            Self::UnknownPart => "KD-M-09",
            Self::Absent => "KD-M-10",
            Self::NeverAdmitted => "KD-M-11",
            Self::NotHandedIn => "KD-M-13",
        }
    }
}

/// Whether a mark of so many centi-points may be entered for a candidate's part.
///
/// # Errors
/// The first [`MarkRefusal`] that applies: the candidate's state before the figure.
pub fn check_mark(
    policy: &Policy,
    record: &SessionRecord,
    cand: &AdmissionNo,
    part: &PartId,
    mark: u32,
    zero_reason: Option<ZeroReason>,
) -> Result<(), MarkRefusal> {
    let part = policy.parts.iter().find(|p| p.id == *part).ok_or(MarkRefusal::UnknownPart)?;
    match record.attendance.of(cand) {
        Attendance::Expected => return Err(MarkRefusal::NeverAdmitted),
        Attendance::Absent(..) => return Err(MarkRefusal::Absent),
        Attendance::Present(_) if !part.mark_while_present => return Err(MarkRefusal::NotHandedIn),
        Attendance::Submitted(_, parts, _) if !parts.contains(&part.id) && !part.mark_while_present => {
            return Err(MarkRefusal::NotHandedIn);
        }
        Attendance::Present(_) | Attendance::Submitted(..) => {}
    }
    if record.mark(cand, &part.id).is_some() {
        return Err(MarkRefusal::Marked);
    }
    check_figure(part, mark, zero_reason)
}

fn check_figure(part: &Part, mark: u32, zero_reason: Option<ZeroReason>) -> Result<(), MarkRefusal> {
    if mark > part.max.0 {
        Err(MarkRefusal::OverMax(part.max.0))
    } else if !mark.is_multiple_of(part.step.0) {
        Err(MarkRefusal::OffStep(part.step.0))
    } else if mark == 0 && zero_reason.is_none() {
        Err(MarkRefusal::ZeroWithoutReason)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
