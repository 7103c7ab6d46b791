//! The results of one session: every candidate's line, the seven counts and the books B8 and B9 (rules.md §10).
//!
//! Invariant: lines ascend by admission number, one for each record.

use super::composite::Scheme;
use super::outcome::{CandidateRecord, Outcome, ResultLine};
use crate::domain::event::OutcomeCounts;
use crate::domain::ids::PartId;

/// An equation whose two sides differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imbalance {
    /// B8: those who were to take a part, and those whose part ended somehow.
    Part {
        /// Which part.
        part: PartId,
        /// 应考.
        taking: u32,
        /// final + absent + breach + deferred + remote.
        ended: u32,
    },
    /// B9: those expected, and outcomes other than `void`.
    Outcomes {
        /// 应到.
        expected: u32,
        /// All outcomes but void.
        outcomes: u32,
    },
}

/// The results of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// Ascending by admission number: the order of `results.jsonl`.
    pub lines: Vec<ResultLine>,
    /// As `ResultsDerived` carries them.
    pub counts: OutcomeCounts,
    /// What is off; empty when the results may be recorded.
    pub imbalances: Vec<Imbalance>,
}

impl Results {
    /// Derives every line; `expected` is 应到 as attendance counts it.
    #[must_use]
    pub fn derive(scheme: &Scheme, records: &[CandidateRecord], expected: u32) -> Self {
        let mut lines: Vec<_> = records.iter().map(|record| ResultLine::derive(scheme, record)).collect();
        lines.sort_by(|a, b| a.cand.cmp(&b.cand));
        let counts = count(&lines);
        let imbalances = imbalances(scheme, records, &lines, expected);
        Self { lines, counts, imbalances }
    }
}

fn count(lines: &[ResultLine]) -> OutcomeCounts {
    let mut counts = OutcomeCounts::default();
    for line in lines {
        *match line.outcome {
            Outcome::Pass => &mut counts.pass,
            Outcome::Fail => &mut counts.fail,
            Outcome::Absent => &mut counts.absent,
            Outcome::Breach => &mut counts.breach,
            Outcome::BreachPending => &mut counts.breach_pending,
            Outcome::Partial => &mut counts.partial,
            Outcome::Void => &mut counts.void,
        } += 1;
    }
    counts
}

fn imbalances(scheme: &Scheme, records: &[CandidateRecord], lines: &[ResultLine], expected: u32) -> Vec<Imbalance> {
    use super::outcome::PartOutcome::Carried;
    let mut found = Vec::new();
    for part in scheme.parts() {
        let taking = tally(records.iter().filter(|record| record.takes(&part.id)));
        let entries = lines.iter().flat_map(|line| &line.parts);
        let ended = tally(entries.filter(|entry| entry.id == part.id && entry.outcome != Carried));
        if taking != ended {
            found.push(Imbalance::Part { part: part.id.clone(), taking, ended });
        }
    }
    let outcomes = tally(lines.iter().filter(|line| line.outcome != Outcome::Void));
    if outcomes != expected {
        found.push(Imbalance::Outcomes { expected, outcomes });
    }
    found
}

/// A count as the journal carries it. Sessions hold thousands, not billions.
pub(super) fn tally<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
