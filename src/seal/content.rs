//! Freezing: from what a store holds of one session to the inner files and their manifest (sealing.md §6).
//!
//! ```text
//! results.jsonl      domain::scoring over the record, each line with its salt, ascending by candidate
//! attendance.jsonl   seal::attendance over the record and the lines, ascending by candidate
//! incidents.jsonl    empty in this release
//! journal.jsonl      the stored lines, desks by number, each in its order
//! ledger.jsonl       the ledger's lines from the head that SessionPlanned quotes to the one that SealPrepared names
//! policy.toml        the policy's bytes
//! ```
//!
//! Equal input gives equal bytes. What is refused here is what no later step would say in words of its own; whether the
//! package is right, `verify` says of the file that was written.

use super::attendance::{self, Acts};
use super::fingerprint::Fingerprint;
use super::journal::Journal;
use super::layout::File;
use super::manifest::{ClockSeen, FileEntry, Format, LedgerPart, Manifest, SignersRequired, Software, TreeHead};
use super::{SealError, joined, leaves};
use crate::domain::candidate::Sitting;
use crate::domain::event::End;
use crate::domain::ids::{AdmissionNo, Digest};
use crate::domain::record::SessionBook;
use crate::domain::scoring::results;
use crate::domain::session::Sealable;
use crate::journal::chain::Chain;
use crate::proof::merkle::Tree;
use crate::proof::zip::{Packed, Packing};
use crate::proof::{base64url, jcs, sha256};
use crate::trust::data_key::DataKey;
use std::thread;

/// Everything that a package is made of.
#[derive(Debug)]
pub struct Source<'a> {
    /// What the store is for.
    pub mode: Sealable,
    /// Plan, policy and record of the session.
    pub book: &'a SessionBook,
    /// The policy's bytes, as imported.
    pub policy: &'a [u8],
    /// The ledger's lines after the head that SessionPlanned quotes; those after SealPrepared's are left to the next package.
    pub ledger: &'a [Vec<u8>],
    /// Everybody registered with their sitting, ascending.
    pub cands: &'a [(AdmissionNo, Sitting)],
    /// The session's data key, for the salts of results.
    pub data_key: &'a DataKey,
    /// Which package of this site for this organisation, from 1.
    pub sequence: u64,
    /// SHA-256 of the package before.
    pub previous: Option<Digest>,
    /// Unix seconds.
    pub sealed_at: i64,
    /// The clock that gave them.
    pub clock: ClockSeen,
    /// This program.
    pub software: Software,
    /// Sequence of the credential bundle in use.
    pub credential_bundle: u64,
    /// The organisation's age recipients: working and recovery.
    pub recipients: &'a [String],
}

/// A session as it will be sealed, not signed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    manifest: Manifest,
    bytes: Vec<u8>,
    files: Vec<(File, Packed)>,
}

impl Frozen {
    /// What is signed.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn manifest_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Their SHA-256, as SealSigned names it.
    #[must_use]
    pub fn manifest_sha256(&self) -> Digest {
        sha256(&[&self.bytes])
    }

    /// What people copy to paper.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.manifest_sha256())
    }

    /// The inner files, ascending by name.
    #[must_use]
    pub fn files(&self) -> &[(File, Packed)] {
        &self.files
    }
}

/// Builds the inner files and the manifest.
///
/// # Errors
/// [`SealError`] when the lines are not those of a prepared session, somebody's attendance is open, the results are not
/// the derived ones, or a value has no place in the format.
pub fn freeze(source: &Source<'_>, journal: Journal) -> Result<Frozen, SealError> {
    super::package::recipients(source.recipients)?;
    if !source.cands.is_sorted_by(|(a, _), (b, _)| a < b) {
        return Err(SealError::Streams { expected: "candidates in ascending order" });
    }
    let mut journal = journal.finish()?;
    let (results, attendance, listed) = thread::scope(|scope| {
        let attendance = scope.spawn(|| attendance_file(source, &journal.acts));
        let listed = scope.spawn(|| FileEntry::of(File::Journal, journal.file.bytes()));
        (results_file(source, &mut journal.records), joined(attendance), joined(listed))
    });
    let (ledger, ledger_file) =
        ledger_part(source.ledger, journal.planned.ledger_head, journal.prepared.frontier.ledger)?;
    let files = [
        attendance?,
        Made::of(File::Incidents, Vec::new().into()),
        Made { listed, packed: journal.file, file: File::Journal },
        Made::of(File::Ledger, ledger_file.finish()),
        Made::of(File::Policy, source.policy.to_vec().into()),
        results?,
    ];
    let plan = &source.book.session.plan;
    let manifest = Manifest {
        format: Format::One,
        mode: source.mode,
        org: plan.org.clone(),
        site: plan.site.clone(),
        session: plan.id,
        batch: plan.batch.clone(),
        certificate: plan.certificate.clone(),
        level: plan.level,
        sequence: source.sequence,
        previous: source.previous,
        amends: None,
        opened_at: source
            .book
            .record
            .opened_at()
            .ok_or(SealError::Streams { expected: "a session that was opened" })?
            .second(),
        sealed_at: source.sealed_at,
        clock: source.clock.clone(),
        software: source.software.clone(),
        credential_bundle: source.credential_bundle,
        pack_sha256: journal.planned.pack_sha256,
        policy_sha256: sha256(&[source.policy]),
        ledger,
        notices: journal.prepared.notices,
        counts: journal.prepared.counts,
        files: files.iter().map(|made| made.listed.clone()).collect(),
        desks: journal.desks,
        journal: TreeHead::from(&journal.tree),
        records_tree: TreeHead::from(&journal.records),
        recipients: source.recipients.to_vec(),
        signers_required: SignersRequired::RULE,
    };
    let files = files.map(|made| (made.file, made.packed)).into();
    Ok(Frozen { bytes: manifest.to_bytes()?, manifest, files })
}

/// An inner file, packed and listed beside the others.
struct Made {
    file: File,
    packed: Packed,
    listed: FileEntry,
}

impl Made {
    fn of(file: File, packed: Packed) -> Self {
        Self { file, listed: FileEntry::of(file, packed.bytes()), packed }
    }
}

/// results.jsonl, and a leaf for each of its lines.
fn results_file(source: &Source<'_>, records: &mut Tree) -> Result<Made, SealError> {
    let cands: Vec<AdmissionNo> = source.cands.iter().map(|(cand, _)| cand.clone()).collect();
    let (mut file, mut derived) = (Packing::default(), Tree::default());
    let policy = &source.book.session.policy;
    for (result, (cand, sitting)) in results(policy, &source.book.record, &cands).0.iter().zip(source.cands) {
        let plain = jcs::to_bytes(&result.line(*sitting, None))?;
        derived.push(&plain);
        let salt = source.data_key.result_salt(cand, &plain);
        let salted = jcs::to_bytes(&result.line(*sitting, Some(&base64url::encode(salt.bytes()))))?;
        records.push(&leaves::result(cand, result.composite, &salt, &salted));
        push_line(&mut file, &salted);
    }
    if source.book.record.results().is_none_or(|standing| standing.root != derived.root()) {
        return Err(SealError::Results);
    }
    Ok(Made::of(File::Results, file.finish()))
}

fn attendance_file(source: &Source<'_>, acts: &Acts) -> Result<Made, SealError> {
    let mut file = Packing::default();
    for (cand, _) in source.cands {
        let state = source.book.record.attendance.of(cand);
        push_line(&mut file, &attendance::line(cand, state, acts)?.ok_or(SealError::Attendance)?);
    }
    Ok(Made::of(File::Attendance, file.finish()))
}

/// A line with the LF that every line of a file has.
pub(super) fn push_line(file: &mut Packing, line: &[u8]) {
    file.push(line);
    file.push(b"\n");
}

/// The lines after `from` up to the prepared end.
fn ledger_part(lines: &[Vec<u8>], from: Digest, end: End) -> Result<(LedgerPart, Packing), SealError> {
    let (mut chain, mut file) = (Chain::at(0, from), Packing::default());
    let mut lines = lines.iter();
    while chain.head() != end.head {
        let line = lines.next().ok_or(SealError::Ledger)?;
        chain = chain.with(line);
        push_line(&mut file, line);
    }
    Ok((LedgerPart { from, size: chain.size(), head: chain.head() }, file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::{AbandonReason, SealAbandoned};
    use crate::domain::samples::{cand, handed_in, session_id};
    use crate::seal::samples::{Day, Ground};

    fn text(frozen: &Frozen, file: File) -> String {
        let (_, packed) = frozen.files().iter().find(|(name, _)| *name == file).unwrap();
        String::from_utf8(packed.bytes().to_vec()).unwrap()
    }

    #[test]
    fn lines_are_as_the_format_prints_them() {
        let frozen = Day::prepared().freeze(&Ground::new());
        let attendance = text(&frozen, File::Attendance);
        let lines: Vec<&str> = attendance.lines().collect();
        assert_eq!(lines.len(), 6);
        assert!(
            lines[3].contains(r#""lifts":["KD-A-17"],"out":[],"room":"01","seat":"4","state":"submitted"}"#),
            "{}",
            lines[3]
        );
        assert_eq!(lines[5], r#"{"absent_reason":"no_show","annulled":0,"cand":"2600000006","state":"absent"}"#);
        let results = text(&frozen, File::Results);
        let second = results.lines().nth(1).unwrap();
        assert!(
            second.contains(r#""outcome":"pass","parts":[{"id":"theory","mark":6200,"outcome":"final"},"#),
            "{second}"
        );
        assert!(second.contains(r#""sitting":"resit""#), "{second}");
        assert_eq!(text(&frozen, File::Ledger).lines().count(), 3);
        let manifest = frozen.manifest();
        assert_eq!((manifest.ledger.size, manifest.records_tree.size, manifest.desks.len()), (3, 5 + 6, 2));
    }

    /// A part counts from the hand-in that brought it, whatever is handed in again later.
    #[test]
    fn each_part_is_handed_in_once() {
        let attendance = text(&Day::prepared().freeze(&Ground::new()), File::Attendance);
        let first: serde_json::Value = serde_json::from_str(attendance.lines().next().unwrap()).unwrap();
        let parts: Vec<&str> =
            first["handed_in"].as_array().unwrap().iter().map(|p| p["part"].as_str().unwrap()).collect();
        assert_eq!(parts, ["theory", "practical"]);
        assert!(first["handed_in"][0]["at"].as_i64() < first["handed_in"][1]["at"].as_i64());
    }

    #[test]
    fn ledger_lines_after_the_preparation_are_left_to_the_next_package() {
        let (ground, mut day) = (Ground::new(), Day::prepared());
        let before = day.freeze(&ground);
        day.book(SealAbandoned { session: session_id(3), reason: AbandonReason::Stopped });
        assert_eq!(day.freeze(&ground), before);
        day.ledger.drain(1..);
        assert_eq!(day.try_freeze(&ground, 1, None), Err(SealError::Ledger));
    }

    #[test]
    fn what_was_not_prepared_is_not_frozen() {
        type Change = fn(&mut Day);
        let ground = Ground::new();
        let table: [(&str, Change, &str); 5] = [
            ("a line after SealPrepared", |day| day.write(1, handed_in(cand(1).as_str(), &["theory"])), "KD-S-20"),
            ("no SealPrepared", |day| drop(day.streams.get_mut(&1).unwrap().pop()), "KD-S-20"),
            ("no lead", |day| drop(day.streams.remove(&1)), "KD-S-20"),
            ("candidates mixed", |day| day.cands.swap(0, 1), "KD-S-20"),
            ("a candidate nobody saw", |day| day.cands.push((cand(7), Sitting::First)), "KD-S-22"),
        ];
        for (flaw, change, code) in table {
            let mut day = Day::prepared();
            change(&mut day);
            let found = day.try_freeze(&ground, 1, None).unwrap_err();
            assert_eq!(found.code(), code, "{flaw}: {found}");
        }
    }

    #[test]
    fn results_that_were_not_derived_are_not_frozen() {
        let mut day = Day::prepared();
        day.cands[0].1 = Sitting::Resit;
        assert_eq!(day.try_freeze(&Ground::new(), 1, None), Err(SealError::Results));
    }
}
