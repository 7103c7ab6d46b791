//! What follows from the journal: balance, results, attendance, record tree. All of it is worked out
//! again from the folded lines and the policy, and must be what the package says, byte for byte.
//!
//! Shared with the writer: `domain`'s fold and scoring, and the pure builders of [`crate::seal::attendance`] and
//! [`crate::seal::leaves`]. Inputs never come from the writer's side: sittings and salts are read from the result lines,
//! sittings are bound by ResultsDerived.root, salts by the record tree.

use super::course::{Told, figures};
use super::lines::lines;
use super::report::Reason;
use super::rule::Rule;
use crate::domain::balance::equations;
use crate::domain::candidate::Sitting;
use crate::domain::ids::{AdmissionNo, Digest, Salt};
use crate::domain::policy::Policy;
use crate::domain::scoring::{CandidateResult, Results, results};
use crate::domain::session::{Mode, Sealable};
use crate::proof::jcs::JcsError;
use crate::proof::merkle::Tree;
use crate::proof::{base64url, jcs, sha256};
use crate::seal::layout::File;
use crate::seal::manifest::{Manifest, TreeHead};
use crate::seal::{attendance, leaves};
use serde::Deserialize;
use std::fmt;

fn same<T: PartialEq + fmt::Display>(rule: Rule, path: &str, expected: T, found: T) -> Result<(), Reason> {
    if expected == found { Ok(()) } else { Err(Reason::new(rule, path, expected, found)) }
}

fn optional(digest: Option<Digest>) -> String {
    digest.map_or_else(|| "null".to_owned(), |digest| digest.to_string())
}

/// The manifest's head against what was planned, opened and frozen.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn head(manifest: &Manifest, policy: &Policy, told: &Told) -> Result<(), Reason> {
    let planned = &told.planned;
    same(Rule::Planned, "session", planned.session, manifest.session)?;
    let mode = match manifest.mode {
        Sealable::Live => Mode::Live,
        Sealable::Demo => Mode::Demo,
    };
    same(Rule::Planned, "mode", planned.mode.as_str(), mode.as_str())?;
    same(Rule::Planned, "policy_sha256", planned.policy_sha256, manifest.policy_sha256)?;
    same(Rule::Planned, "pack_sha256", optional(planned.pack_sha256), optional(manifest.pack_sha256))?;
    same(Rule::Planned, "ledger.from", planned.ledger_head, manifest.ledger.from)?;

    let opened = told.record.opened_at().map_or_else(|| "never".to_owned(), |at| at.second().to_string());
    same(Rule::Course, "opened_at", opened, manifest.opened_at.to_string())?;
    same(Rule::Frontier, "ledger.head", told.prepared.frontier.ledger.head, manifest.ledger.head)?;
    if policy.policy.example && manifest.mode == Sealable::Live {
        return Err(Reason::new(Rule::Policy, File::Policy.name(), "a policy for real exams", "an example"));
    }
    let (prepared, notices) = (told.prepared.notices.join(", "), manifest.notices.join(", "));
    same(Rule::Notices, "notices", prepared, notices)
}

/// The policy, bound to the session.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn policy(bytes: &[u8], manifest: &Manifest) -> Result<Policy, Reason> {
    const PATH: &str = File::Policy.name();
    same(Rule::PolicyBinding, PATH, manifest.policy_sha256, sha256(&[bytes]))?;
    let policy = Policy::parse_supported(bytes, PATH).map_err(|findings| {
        let found = findings.first().map_or_else(|| "another".to_owned(), ToString::to_string);
        Reason::new(Rule::Policy, PATH, "a policy that this release can carry out", found)
    })?;
    let head = &policy.policy;
    same(Rule::PolicyBinding, "org", head.org.as_str(), manifest.org.as_str())?;
    same(Rule::PolicyBinding, "certificate", &*head.certificate, manifest.certificate.as_str())?;
    same(Rule::PolicyBinding, "level", head.level.as_str(), manifest.level.as_str())?;
    Ok(policy)
}

/// Attendance and counts of the fold. That nobody is inside, closing has asked for already.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn balance(manifest: &Manifest, told: &Told) -> Result<(), Reason> {
    let conflicts = told.record.conflicts().count();
    let found = format!("{conflicts} open conflicts");
    same(Rule::Attendance, File::Journal.name(), "0 open conflicts".to_owned(), found)?;
    let stated = told.prepared.counts;
    if let Some(equation) = equations(&stated.attendance()).iter().find(|equation| !equation.holds()) {
        let [a, b] = equation.right;
        let path = format!("SealPrepared {}", equation.name);
        return Err(Reason::new(Rule::Counts, path, equation.left, format!("{a} + {b}")));
    }
    if stated == manifest.counts {
        Ok(())
    } else {
        Err(Reason::new(Rule::Counts, "counts", figures(&stated), figures(&manifest.counts)))
    }
}

/// What a result line adds to what can be computed.
#[derive(Deserialize)]
struct Given {
    cand: AdmissionNo,
    sitting: Sitting,
    salt: String,
}

/// A result line as it was read.
struct ResultLine<'a> {
    bytes: &'a [u8],
    cand: AdmissionNo,
    sitting: Sitting,
    salt: Salt,
}

/// The results, and with them attendance.jsonl and the record tree.
///
/// # Errors
/// The first [`Reason`] against them.
pub fn outcome(
    results_file: &[u8],
    attendance_file: &[u8],
    manifest: &Manifest,
    policy: &Policy,
    mut told: Told,
) -> Result<(), Reason> {
    let given = result_lines(results_file)?;
    let cands: Vec<AdmissionNo> = given.iter().map(|line| line.cand.clone()).collect();
    if !told.record.attendance.touched().map(|(cand, _)| cand).eq(&cands) {
        let expected = "the candidates of the journal, each once";
        return Err(Reason::new(Rule::Results, File::Results.name(), expected, "others"));
    }
    let ours = results(policy, &told.record, &cands);
    if ours.missing_marks() > 0 {
        return Err(Reason::new(
            Rule::MarkMissing,
            File::Journal.name(),
            "every mark",
            format!("{} missing", ours.missing_marks()),
        ));
    }
    let mut derived = Tree::default();
    for (n, (line, result)) in (1..).zip(given.iter().zip(&ours.0)) {
        let path = format!("{}:{n}", File::Results.name());
        derived.push(&result_line(&path, line, result)?);
        told.records.push(&leaves::result(&line.cand, result.composite, &line.salt, line.bytes));
    }
    derivation(manifest, &ours, &derived, &told)?;
    attendance_lines(attendance_file, &cands, &told)?;
    let tree = TreeHead::from(&told.records);
    same(Rule::RecordsTree, "records_tree.size", tree.size, manifest.records_tree.size)?;
    same(Rule::RecordsTree, "records_tree.root", tree.root, manifest.records_tree.root)
}

fn result_lines(file: &[u8]) -> Result<Vec<ResultLine<'_>>, Reason> {
    let mut read: Vec<ResultLine<'_>> = Vec::new();
    for (n, bytes) in (1..).zip(lines(File::Results, file)?) {
        let path = format!("{}:{n}", File::Results.name());
        let refuse = |expected, found| Reason::new(Rule::ResultLine, &path, expected, found);
        let read_given = |bytes| serde_json::from_slice(bytes);
        let Given { cand, sitting, salt } = read_given(bytes).map_err(|_| match jcs::parse(bytes) {
            Ok(_) => refuse("an object with cand, sitting and salt", "another"),
            Err(e) => not_canonical(&path, e),
        })?;
        let salt = base64url::decode(&salt)
            .and_then(|salt| <[u8; 16]>::try_from(salt.as_slice()).ok())
            .ok_or_else(|| refuse("a salt of 16 bytes in base64url", "another"))?;
        if read.last().is_some_and(|before| before.cand >= cand) {
            return Err(refuse("candidates ascending", "another order"));
        }
        read.push(ResultLine { bytes, cand, sitting, salt: Salt::new(salt) });
    }
    Ok(read)
}

/// The line as it must be; returns it without its salt.
fn result_line(path: &str, line: &ResultLine<'_>, ours: &CandidateResult) -> Result<Vec<u8>, Reason> {
    let salt = base64url::encode(line.salt.bytes());
    if jcs::to_bytes(&ours.line(line.sitting, Some(&salt))).is_ok_and(|ours| ours == line.bytes) {
        return jcs::to_bytes(&ours.line(line.sitting, None)).map_err(|e| not_canonical(path, e));
    }
    jcs::parse(line.bytes).map_err(|e| not_canonical(path, e))?;
    Err(Reason::new(Rule::Results, path, "the result that marks and policy give", "another"))
}

fn not_canonical(path: &str, error: JcsError) -> Reason {
    Reason::new(Rule::ResultLine, path, "canonical JSON", error)
}

fn derivation(manifest: &Manifest, ours: &Results, derived: &Tree, told: &Told) -> Result<(), Reason> {
    const PATH: &str = "ResultsDerived";
    let Some(standing) = told.record.results() else {
        let found = if told.record.derived_once() { "one that is older than a change" } else { "none" };
        return Err(Reason::new(Rule::Derived, PATH, "results derived after the last change", found));
    };
    same(Rule::Derived, PATH, derived.root(), standing.root)?;
    same(Rule::Derived, PATH, manifest.policy_sha256, standing.policy_sha256)?;
    if standing.counts == ours.counts() {
        Ok(())
    } else {
        Err(Reason::new(Rule::Derived, PATH, "the outcomes counted", "other figures"))
    }
}

fn attendance_lines(file: &[u8], cands: &[AdmissionNo], told: &Told) -> Result<(), Reason> {
    let mut stated = lines(File::Attendance, file)?;
    for (n, cand) in (1..).zip(cands) {
        let path = format!("{}:{n}", File::Attendance.name());
        let ours = attendance::line(cand, told.record.attendance.of(cand), &told.acts).ok().flatten();
        if ours.as_deref() != stated.next() {
            return Err(Reason::new(Rule::AttendanceLines, path, "the attendance that the journal gives", "another"));
        }
    }
    let more = stated.count();
    same(Rule::AttendanceLines, File::Attendance.name(), cands.len(), cands.len() + more)
}

/// Incidents: the journal of this release knows none.
///
/// # Errors
/// [`Rule::Incidents`] when there is a line.
pub fn incidents(file: &[u8]) -> Result<(), Reason> {
    same(Rule::Incidents, File::Incidents.name(), 0, lines(File::Incidents, file)?.count())
}
