//! Outcomes (rules.md §9) and the line that states one (sealing.md §6, results.jsonl).

use super::composite::composite;
use crate::domain::attendance::Attendance;
use crate::domain::candidate::Sitting;
use crate::domain::event::OutcomeCounts;
use crate::domain::ids::{AdmissionNo, PartId};
use crate::domain::policy::{Marking, Policy};
use crate::domain::record::SessionRecord;
use serde_json::{Map, Value, json};

/// What the exam came to for one candidate. Breach and void come with their events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 合格.
    Pass,
    /// 不合格, with the parts below their line; `composite` stands for the composite.
    Fail(Vec<String>),
    /// 缺考.
    Absent,
    /// Some part has no mark at the site: no composite.
    Partial,
}

/// What one part came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartOutcome {
    /// Marked, in centi-points.
    Final(u32),
    /// Not sat.
    Absent,
    /// Marked by the organisation.
    Remote,
    /// Handed in and not marked yet.
    Missing,
}

/// One candidate's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateResult {
    /// Admission number.
    pub cand: AdmissionNo,
    /// Each part of the policy, in its order.
    pub parts: Vec<(PartId, PartOutcome)>,
    /// Composite in centi-points, where every part is final.
    pub composite: Option<u32>,
    /// The outcome.
    pub outcome: Outcome,
}

impl CandidateResult {
    /// The members of its line in results.jsonl, without the salt; absent means absent.
    #[must_use]
    pub fn line(&self, sitting: Sitting) -> Value {
        let parts: Vec<Value> = self
            .parts
            .iter()
            .map(|(id, outcome)| match outcome {
                PartOutcome::Final(mark) => json!({"id": id, "outcome": "final", "mark": mark}),
                PartOutcome::Absent => json!({"id": id, "outcome": "absent"}),
                PartOutcome::Remote => json!({"id": id, "outcome": "remote"}),
                PartOutcome::Missing => json!({"id": id, "outcome": "deferred"}),
            })
            .collect();
        let mut line = Map::new();
        line.insert("cand".to_owned(), json!(self.cand));
        line.insert("sitting".to_owned(), json!(sitting));
        line.insert("parts".to_owned(), Value::Array(parts));
        if let Some(composite) = self.composite {
            line.insert("composite".to_owned(), json!(composite));
        }
        let word = match &self.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail(_) => "fail",
            Outcome::Absent => "absent",
            Outcome::Partial => "partial",
        };
        line.insert("outcome".to_owned(), json!(word));
        if let Outcome::Fail(fails) = &self.outcome {
            line.insert("fails".to_owned(), json!(fails));
        }
        Value::Object(line)
    }
}

/// The results of a session, ascending by admission number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Results(pub Vec<CandidateResult>);

impl Results {
    /// How many parts were handed in and have no mark (B8).
    #[must_use]
    pub fn missing_marks(&self) -> u32 {
        let parts = self.0.iter().flat_map(|r| &r.parts);
        u32::try_from(parts.filter(|(_, outcome)| *outcome == PartOutcome::Missing).count()).unwrap_or(u32::MAX)
    }

    /// The outcomes counted (B9).
    #[must_use]
    pub fn counts(&self) -> OutcomeCounts {
        let mut counts = OutcomeCounts::default();
        for result in &self.0 {
            let count = match result.outcome {
                Outcome::Pass => &mut counts.pass,
                Outcome::Fail(_) => &mut counts.fail,
                Outcome::Absent => &mut counts.absent,
                Outcome::Partial => &mut counts.partial,
            };
            *count += 1;
        }
        counts
    }
}

/// Derives the results of these candidates from what stands in the record.
#[must_use]
pub fn results(policy: &Policy, record: &SessionRecord, cands: &[AdmissionNo]) -> Results {
    Results(cands.iter().map(|cand| result(policy, record, cand)).collect())
}

fn result(policy: &Policy, record: &SessionRecord, cand: &AdmissionNo) -> CandidateResult {
    let came = record.attendance.of(cand).admission().is_some();
    let outcomes: Vec<PartOutcome> = policy
        .parts
        .iter()
        .map(|part| match record.mark(cand, &part.id) {
            _ if !came => PartOutcome::Absent,
            Some(standing) => PartOutcome::Final(standing.mark),
            None if part.marking == Marking::Remote => PartOutcome::Remote,
            None => PartOutcome::Missing,
        })
        .collect();
    let (composite, outcome) = decide(policy, record.attendance.of(cand), &outcomes);
    let parts = policy.parts.iter().map(|part| part.id.clone()).zip(outcomes).collect();
    CandidateResult { cand: cand.clone(), parts, composite, outcome }
}

/// The order of outcomes: absent, then incomplete, then part lines, then the composite.
fn decide(policy: &Policy, attendance: &Attendance, outcomes: &[PartOutcome]) -> (Option<u32>, Outcome) {
    if matches!(attendance, Attendance::Absent(..) | Attendance::Expected) {
        return (None, Outcome::Absent);
    }
    let marks: Option<Vec<_>> = policy
        .parts
        .iter()
        .zip(outcomes)
        .map(|(part, outcome)| match outcome {
            PartOutcome::Final(mark) => Some((part, *mark)),
            PartOutcome::Absent | PartOutcome::Remote | PartOutcome::Missing => None,
        })
        .collect();
    let Some((marks, composite)) = marks.and_then(|m| composite(&m, &policy.result).map(|c| (m, c))) else {
        return (None, Outcome::Partial);
    };
    let mut fails: Vec<String> = Vec::new();
    if policy.result.part_lines {
        let below = marks.iter().filter(|(part, mark)| part.pass.is_some_and(|line| *mark < line.0));
        fails.extend(below.map(|(part, _)| part.id.to_string()));
    }
    if !composite.reaches {
        fails.push("composite".to_owned());
    }
    let outcome = if fails.is_empty() { Outcome::Pass } else { Outcome::Fail(fails) };
    (Some(composite.rounded), outcome)
}
