//! Outcomes (rules.md §9) and the line that states one (sealing.md §6, results.jsonl).

use super::composite::composite;
use crate::domain::attendance::Attendance;
use crate::domain::candidate::Sitting;
use crate::domain::event::OutcomeCounts;
use crate::domain::ids::{AdmissionNo, PartId};
use crate::domain::policy::{Marking, Policy};
use crate::domain::record::SessionRecord;
use serde::Serialize;

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
    /// The members of its line in results.jsonl, those that are published with or without the salt; absent means absent.
    #[must_use]
    pub fn line<'a>(&'a self, sitting: Sitting, salt: Option<&'a str>) -> ResultLine<'a> {
        let part = |(id, outcome): &'a (PartId, PartOutcome)| {
            let (outcome, mark) = match outcome {
                PartOutcome::Final(mark) => ("final", Some(*mark)),
                PartOutcome::Absent => ("absent", None),
                PartOutcome::Remote => ("remote", None),
                PartOutcome::Missing => ("deferred", None),
            };
            PartLine { id, mark, outcome }
        };
        let (outcome, fails) = match &self.outcome {
            Outcome::Pass => ("pass", None),
            Outcome::Fail(fails) => ("fail", Some(fails.as_slice())),
            Outcome::Absent => ("absent", None),
            Outcome::Partial => ("partial", None),
        };
        let parts = self.parts.iter().map(part).collect();
        ResultLine { cand: &self.cand, composite: self.composite, fails, outcome, parts, salt, sitting }
    }
}

/// A line of results.jsonl, to be written.
#[derive(Debug, Serialize)]
pub struct ResultLine<'a> {
    cand: &'a AdmissionNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    composite: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fails: Option<&'a [String]>,
    outcome: &'static str,
    parts: Vec<PartLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<&'a str>,
    sitting: Sitting,
}

#[derive(Debug, Serialize)]
struct PartLine<'a> {
    id: &'a PartId,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<u32>,
    outcome: &'static str,
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
