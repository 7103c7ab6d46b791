//! One candidate's result: part outcomes, composite, outcome (rules.md §9), as one line of `results.jsonl`
//! (sealing.md §6).
//!
//! Precedence: void, breach pending, removed, absent in any listed part, deferred or remote or missing part, part lines
//! with the composite. A member that does not apply is left out. The line's `salt` needs a key and is added elsewhere.

use super::composite::Scheme;
use super::mark::{Marks, Standing};
use crate::domain::candidate::{Mark, Sitting};
use crate::domain::ids::{AdmissionNo, PartId};
use crate::domain::policy::Part;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of one part of one candidate, apart from attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartState {
    /// No final mark.
    Missing,
    /// A final mark.
    Final(Mark),
    /// Put off to another day.
    Deferred,
    /// Marked by the organisation.
    Remote,
    /// Kept from an earlier sitting; the part is not listed for this one.
    Carried(Mark),
}

/// Everything that decides one candidate's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateRecord {
    /// Who.
    pub cand: AdmissionNo,
    /// First sitting or resit.
    pub sitting: Sitting,
    /// What attendance says.
    pub standing: Standing,
    /// Whether an `invalid` proposal is open.
    pub breach_pending: bool,
    /// The listed parts and the carried ones.
    pub parts: BTreeMap<PartId, PartState>,
}

impl CandidateRecord {
    /// Gathers the record from the roster row and the session's marks. `listed` empty means all parts of the policy.
    #[must_use]
    pub fn gather(
        scheme: &Scheme,
        (cand, sitting, standing): (&AdmissionNo, Sitting, Standing),
        listed: &[PartId],
        carried: &BTreeMap<PartId, Mark>,
        marks: &Marks,
    ) -> Self {
        let mut parts: BTreeMap<_, _> =
            carried.iter().map(|(id, mark)| (id.clone(), PartState::Carried(*mark))).collect();
        let all = scheme.parts().iter().map(|part| &part.id);
        for id in all.filter(|id| if listed.is_empty() { !carried.contains_key(*id) } else { listed.contains(*id) }) {
            let state =
                marks.of(cand, id).final_mark().map_or(PartState::Missing, |entered| PartState::Final(entered.mark));
            parts.insert(id.clone(), state);
        }
        Self { cand: cand.clone(), sitting, standing, breach_pending: false, parts }
    }

    /// Whether this part is to be taken in this session: B8's 应考.
    #[must_use]
    pub fn takes(&self, part: &PartId) -> bool {
        self.standing != Standing::Void
            && self.parts.get(part).is_some_and(|state| !matches!(state, PartState::Carried(_)))
    }
}

/// The outcome of one part, as `results.jsonl` words it. A missing mark has no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the word of sealing.md §6")]
pub enum PartOutcome {
    Final,
    Absent,
    Breach,
    Deferred,
    Remote,
    Carried,
}

/// One entry of the member `parts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartLine {
    /// Which part.
    pub id: PartId,
    /// How it ended.
    pub outcome: PartOutcome,
    /// Centi-points, with `final` and `carried`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// The outcome of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the word of sealing.md §6")]
pub enum Outcome {
    Pass,
    Fail,
    Absent,
    Breach,
    BreachPending,
    Partial,
    Void,
}

/// A pass line that was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Line {
    /// The line of one part.
    Part(PartId),
    /// The line of the composite, whose name no part may have.
    Composite,
}

impl From<Line> for String {
    fn from(line: Line) -> String {
        match line {
            Line::Part(id) => id.into(),
            Line::Composite => "composite".into(),
        }
    }
}

impl TryFrom<String> for Line {
    type Error = crate::domain::ids::IdError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "composite" { Ok(Self::Composite) } else { PartId::try_from(text).map(Self::Part) }
    }
}

/// One line of `results.jsonl` without its salt; the line is this value's JCS form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultLine {
    /// Who.
    pub cand: AdmissionNo,
    /// First sitting or resit.
    pub sitting: Sitting,
    /// In the policy's order.
    pub parts: Vec<PartLine>,
    /// Centi-points, rounded, with `pass` and `fail`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composite: Option<Mark>,
    /// The outcome.
    pub outcome: Outcome,
    /// The lines not reached, parts in the policy's order, then the composite; with `fail` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fails: Vec<Line>,
}

impl ResultLine {
    /// Derives the result of one candidate; total.
    #[must_use]
    pub fn derive(scheme: &Scheme, record: &CandidateRecord) -> Self {
        let mut line = Self {
            cand: record.cand.clone(),
            sitting: record.sitting,
            parts: part_lines(scheme, record),
            composite: None,
            outcome: Outcome::Partial,
            fails: Vec::new(),
        };
        let usable = |id: &PartId| match record.parts.get(id) {
            Some(PartState::Final(mark) | PartState::Carried(mark)) => Some(*mark),
            _ => None,
        };
        line.outcome = match record.standing {
            Standing::Void => Outcome::Void,
            _ if record.breach_pending => Outcome::BreachPending,
            Standing::Removed => Outcome::Breach,
            Standing::Absent => Outcome::Absent,
            Standing::Expected | Standing::Present | Standing::Submitted => match scheme.composite(usable) {
                None => Outcome::Partial,
                Some(exact) => {
                    line.composite = Some(scheme.printed(exact));
                    if scheme.result().part_lines {
                        let below =
                            |part: &&Part| part.pass.is_some_and(|line| usable(&part.id).is_some_and(|m| m < line));
                        line.fails =
                            scheme.parts().iter().filter(below).map(|part| Line::Part(part.id.clone())).collect();
                    }
                    if !scheme.reaches(exact) {
                        line.fails.push(Line::Composite);
                    }
                    if line.fails.is_empty() { Outcome::Pass } else { Outcome::Fail }
                }
            },
        };
        line
    }
}

/// The member `parts`: what became of every listed and carried part. A void row has none.
fn part_lines(scheme: &Scheme, record: &CandidateRecord) -> Vec<PartLine> {
    if record.standing == Standing::Void {
        return Vec::new();
    }
    let entry = |id: &PartId| {
        let (outcome, mark) = match (record.parts.get(id)?, record.standing) {
            (PartState::Carried(mark), _) => (PartOutcome::Carried, Some(*mark)),
            (_, Standing::Absent) => (PartOutcome::Absent, None),
            (_, Standing::Removed) => (PartOutcome::Breach, None),
            (PartState::Final(mark), _) => (PartOutcome::Final, Some(*mark)),
            (PartState::Deferred, _) => (PartOutcome::Deferred, None),
            (PartState::Remote, _) => (PartOutcome::Remote, None),
            (PartState::Missing, _) => return None,
        };
        Some(PartLine { id: id.clone(), outcome, mark })
    };
    scheme.parts().iter().filter_map(|part| entry(&part.id)).collect()
}
