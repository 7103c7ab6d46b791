//! What a re-import would change, keyed by admission number (rules.md §3).

use crate::domain::candidate::RosterRow;
use crate::domain::ids::AdmissionNo;
use std::collections::BTreeMap;

/// Admission numbers by what happens to their rows, each list in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Only in the new roster.
    pub added: Vec<AdmissionNo>,
    /// Only in the old one.
    pub removed: Vec<AdmissionNo>,
    /// In both, with another content.
    pub changed: Vec<AdmissionNo>,
}

/// Compares two rosters.
#[must_use]
pub fn changes(old: &[RosterRow], new: &[RosterRow]) -> Changes {
    let by_number = |rows: &'_ [RosterRow]| -> BTreeMap<AdmissionNo, usize> {
        rows.iter().enumerate().map(|(i, row)| (row.placement.cand.clone(), i)).collect()
    };
    let (before, after) = (by_number(old), by_number(new));
    let same = |i: usize, j: usize| old.get(i) == new.get(j);
    Changes {
        added: after.keys().filter(|cand| !before.contains_key(cand)).cloned().collect(),
        removed: before.keys().filter(|cand| !after.contains_key(cand)).cloned().collect(),
        changed: after
            .iter()
            .filter(|(cand, j)| before.get(cand).is_some_and(|i| !same(*i, **j)))
            .map(|(cand, _)| cand.clone())
            .collect(),
    }
}
