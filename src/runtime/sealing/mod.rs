//! The seal, step by step (sealing.md §6, rules.md §10): what must be at hand, what is frozen, who signs, what is written.
//!
//! ```text
//! 1 freeze      SealPrepared is stored; the streams take nothing more      Command::PrepareSeal
//! 2 files       the inner files and the manifest                           [`freeze`]
//! 3 trees       held against the chains that the store recomputes          [`freeze`]
//! 4 proctors    two people, two keys, two PINs                             [`Papers::sign`]
//! 5 site        its key signs the manifest                                 [`finish`]
//! 6 encrypt     to the organisation, and to a key that lives this once     [`finish`]
//! 7 write       under a temporary name, synced with its directory          [`finish`]
//! 8 re-check    read back, decrypted, verified by the code of `verify`     [`finish`]
//!   then the ledger's transaction: that commit is the seal; then the name
//! ```
//!
//! Nothing here waits for a person or writes to the store: whoever runs the flow does, on a screen or in one command.

pub mod desk;
mod fault;
mod papers;
mod running;
mod whole;

pub use fault::SealFault;
pub use papers::{Papers, Signature, Whose};
pub use whole::Sealed;

use super::packages::Part;
use crate::domain::candidate::Sitting;
use crate::domain::event::Recorded;
use crate::domain::ids::{AdmissionNo, DeskId, Digest, OrgId, SessionId, SessionNo};
use crate::domain::ledger::{LedgerEvent, SealSigned, SessionSealed};
use crate::domain::record::Held;
use crate::domain::time::{ClockQuality, Instant};
use crate::journal::verify::{Report as StreamReport, StreamId};
use crate::seal::manifest::{ClockSeen, Software};
use crate::seal::package::{Signer, enclose, sign};
use crate::seal::verify::{Report, Request, Revocations, verify};
use crate::seal::{Frozen, Journal, SealError, Source, joined};
use crate::store::Store;
use crate::trust::data_key::DataKey;
use crate::trust::site_key::SiteKey;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

/// The eight steps that people see (screens.md 3.24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the table above says what each does")]
pub enum Step {
    Freeze,
    Files,
    Trees,
    Proctors,
    Site,
    Encrypt,
    Write,
    Check,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 8] =
        [Self::Freeze, Self::Files, Self::Trees, Self::Proctors, Self::Site, Self::Encrypt, Self::Write, Self::Check];

    /// Its number, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).map_or(0, |at| at + 1)
    }

    /// Its word in the command's lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Freeze => "freeze",
            Self::Files => "files",
            Self::Trees => "trees",
            Self::Proctors => "proctors",
            Self::Site => "site",
            Self::Encrypt => "encrypt",
            Self::Write => "write",
            Self::Check => "check",
        }
    }
}

/// The moment of a seal.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Wall time.
    pub at: Instant,
    /// Its quality.
    pub quality: ClockQuality,
}

/// Reads what the store holds of a prepared session and builds files and manifest.
///
/// # Errors
/// [`SealFault`].
pub fn freeze(
    store: &Store,
    (desk, no): (DeskId, SessionNo),
    key: &DataKey,
    papers: &Papers,
    moment: Moment,
    step: &mut dyn FnMut(Step),
) -> Result<Frozen, SealFault> {
    step(Step::Files);
    let session = *store.session_ids()?.get(&no).ok_or(SealFault::NotPrepared)?;
    // Persons are decrypted beside: nobody's changes once the session is prepared.
    let (read, roster) = thread::scope(|scope| {
        let path = store.path().to_owned();
        let persons = scope.spawn(move || Store::open_to_read(&path)?.roster(|of| (of == session).then_some(key)));
        (read_lines(store, desk, session), joined(persons))
    });
    let ((mut held, reports, journal), roster) = (read?, roster?);
    held.roster = roster;
    let book = held.books.get(&no).ok_or(SealFault::NotPrepared)?;
    let prepared = book.record.prepared().ok_or(SealFault::NotPrepared)?;
    let plan = &book.session.plan;
    let cands = candidates(&held, no)?;
    let ledger_from = journal.ledger_from().ok_or(SealFault::NotPrepared)?;
    let ledger = store.ledger_after(ledger_from, prepared.frontier.ledger.size)?;
    let policy = store.policy_bytes(&plan.policy_sha256)?;
    let (sequence, previous) = next_package(&held, &plan.org);
    let recipients =
        [&papers.credentials.recipients.working, &papers.credentials.recipients.recovery].map(String::clone);
    let source = Source {
        mode: papers.mode,
        book,
        policy: &policy,
        ledger: &ledger,
        cands: &cands,
        data_key: key,
        sequence,
        previous,
        sealed_at: moment.at.second(),
        clock: ClockSeen { source: "system".to_owned(), quality: moment.quality, offset_ms: None },
        software: Software {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sha256: super::program::sha256(),
        },
        credential_bundle: papers.credentials.bundle_sequence,
        recipients: &recipients,
    };
    step(Step::Trees);
    let frozen = crate::seal::freeze(&source, journal)?;
    let same = frozen.manifest().desks.iter().all(|stream| {
        reports.iter().any(|report| {
            (report.stream.session, report.stream.desk) == (session, stream.desk)
                && (report.size, report.head, report.root) == (stream.size, stream.head, stream.root)
        })
    });
    if same { Ok(frozen) } else { Err(SealFault::Trees) }
}

/// Lines handed over at once: a wake for each would cost more than it saves.
const BATCH: usize = 256;

/// A line that was checked, with its bytes.
type Line = (StreamId, Recorded, Vec<u8>);

/// Folds the store and takes the session's lines for the package: one thread reads and checks, another folds and packs.
fn read_lines(
    store: &Store,
    desk: DeskId,
    session: SessionId,
) -> Result<(Held, Vec<StreamReport>, Journal), SealFault> {
    let mut folding = store.folding(desk)?;
    let (reports, taken) = thread::scope(|scope| {
        let (sender, batches) = sync_channel::<Vec<Line>>(16);
        let taking = scope.spawn(move || {
            let mut journal = Journal::default();
            for (stream, recorded, bytes) in batches.into_iter().flatten() {
                folding.take(stream, &recorded);
                if stream.session == session {
                    journal.take(stream.desk, &bytes, &recorded)?;
                }
            }
            Ok::<_, SealError>((folding, journal))
        });
        let mut batch = Vec::with_capacity(BATCH);
        let reports = store.each_line(|stream, recorded, bytes| {
            batch.push((stream, recorded, bytes.to_vec()));
            if batch.len() == BATCH {
                // Whoever takes them has stopped only with an error of their own, which is told below.
                let _ = sender.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
            }
        });
        let _ = sender.send(batch);
        drop(sender);
        (reports, joined(taking))
    });
    let reports = reports?;
    let (folding, journal) = taken?;
    Ok((store.folded(folding)?, reports, journal))
}

/// Everybody registered with their sitting, ascending.
fn candidates(held: &Held, no: SessionNo) -> Result<Vec<(AdmissionNo, Sitting)>, SealFault> {
    let mut rows: Vec<_> = held
        .roster
        .rows_of(no)
        .map(|row| Some((row.cand.clone(), row.identity.as_ref()?.sitting)))
        .collect::<Option<_>>()
        .ok_or(SealFault::DataKey)?;
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(rows)
}

/// Number and predecessor of the next package for an organisation.
fn next_package(held: &Held, org: &OrgId) -> (u64, Option<Digest>) {
    let sealed = held.books.values().filter(|book| book.session.plan.org == *org).filter_map(|b| b.record.sealed());
    let last = sealed.max_by_key(|sealed| sealed.sequence);
    (last.map_or(1, |sealed| sealed.sequence + 1), last.map(|sealed| sealed.package_sha256))
}

/// A package on the disk, read back and verified; no seal before the ledger says so.
#[derive(Debug)]
pub struct Written {
    part: Part,
    /// Its hash.
    pub package_sha256: Digest,
    /// The hash of the manifest that everybody signed.
    pub manifest_sha256: Digest,
    /// Its length.
    pub bytes: usize,
    /// What the verifier said.
    pub report: Report,
    /// What the ledger is to say.
    pub events: Vec<LedgerEvent>,
}

impl Written {
    /// Where it will lie.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.part.path()
    }

    /// Gives the package its name, after the ledger's commit.
    ///
    /// # Errors
    /// [`SealFault::Unnamed`]; the seal stands, the next start tries again.
    pub fn publish(&self) -> Result<(), SealFault> {
        self.part.publish().map_err(|source| SealFault::Unnamed { path: self.part.path().to_owned(), source })
    }

    /// Removes what will not be sealed.
    pub fn discard(&self) {
        self.part.discard();
    }
}

/// Signs with the site key, encrypts, writes, reads back and verifies.
///
/// # Errors
/// [`SealFault`]; nothing is left on the disk then.
pub fn finish(
    frozen: &Frozen,
    [first, second]: [&Signature; 2],
    papers: &Papers,
    site: &SiteKey,
    out: &Path,
    step: &mut dyn FnMut(Step),
) -> Result<Written, SealFault> {
    let credentials = &papers.credentials;
    step(Step::Site);
    let signer = Signer { key: site.signing(), certificate: &credentials.site };
    let signatures = [first.entry.clone(), second.entry.clone(), sign(frozen, &signer)?];
    let inner = enclose(frozen, signatures, &credentials.anchors)?;
    step(Step::Encrypt);
    // A recipient that lives this once lets the site read back what it has just written and can never read again.
    let once = age::x25519::Identity::generate();
    let package = inner.encrypt(Some(&once.to_public()))?.envelope(&signer)?;
    step(Step::Write);
    let disk = |source| SealFault::Disk { path: out.join(&package.file_name), source };
    let part = Part::write(out, &package.file_name, &package.bytes).map_err(disk)?;
    step(Step::Check);
    let request = Request {
        anchors: &credentials.anchors,
        revocations: Revocations::List(&credentials.crl),
        identity: Some(&once),
        after: None,
    };
    let checked = part.read().map_err(disk).and_then(|bytes| {
        let report = verify(&bytes, &request);
        match report.reasons.first() {
            None if report.package_sha256 == package.sha256 => Ok(report),
            None => Err(SealFault::Unverified("the disk gave other bytes back".to_owned())),
            Some(reason) => Err(SealFault::Unverified(reason.to_string())),
        }
    });
    let report = checked.inspect_err(|_| part.discard())?;
    let (session, manifest_sha256) = (frozen.manifest().session, frozen.manifest_sha256());
    let told = |by: &Signature| SealSigned { session, manifest_sha256, op: by.op.clone(), key: by.key }.into();
    let sequence = frozen.manifest().sequence;
    let sealed = SessionSealed { session, package_sha256: package.sha256, sequence, amendment_no: 0 };
    Ok(Written {
        part,
        package_sha256: package.sha256,
        manifest_sha256,
        bytes: package.bytes.len(),
        report,
        events: vec![told(first), told(second), sealed.into()],
    })
}
