//! Result lines and their root: computed where `scoring` and `proof` meet.

use crate::domain::candidate::Sitting;
use crate::domain::ids::{AdmissionNo, Digest, SessionNo};
use crate::domain::record::SessionBook;
use crate::domain::roster::Roster;
use crate::domain::scoring::{Results, results};
use crate::proof::jcs::JcsError;
use crate::proof::{jcs, merkle};

/// The results of a session with the root over their lines.
#[derive(Debug)]
pub struct Derived {
    /// Candidate by candidate, ascending.
    pub results: Results,
    /// RFC 9162 root over the canonical result lines without salt (sealing.md §6).
    pub root: Digest,
}

/// Derives the results of one session.
///
/// # Errors
/// [`JcsError`] when a line has no canonical form, which no result of this program lacks.
pub fn derive(book: &SessionBook, roster: &Roster) -> Result<Derived, JcsError> {
    let no: SessionNo = book.session.plan.no;
    let mut rows: Vec<_> = roster.rows_of(no).collect();
    rows.sort_by(|a, b| a.cand.cmp(&b.cand));
    let cands: Vec<AdmissionNo> = rows.iter().map(|row| row.cand.clone()).collect();
    let results = results(&book.session.policy, &book.record, &cands);
    let mut tree = merkle::Tree::default();
    for (row, result) in rows.iter().zip(&results.0) {
        let sitting = row.identity.as_ref().map_or(Sitting::First, |who| who.sitting);
        tree.push(&jcs::to_bytes(&result.line(sitting, None))?);
    }
    Ok(Derived { results, root: tree.root() })
}
