//! The issuance log: which serial number was issued for whom. Nothing leaves it.
//!
//! ```text
//! issued.jsonl   canonical JSON, one object and LF for each certificate, in the order of issue
//! {"at":…,"bundle_sequence":1,"not_after":…,"op":"wang","role":"proctor","serial":"<hex>","site":"EX-SITE-01",
//!  "thumbprint":"<SHA-256>"}        `op` for proctors; `site` and `bundle_sequence` not for the organisation's own
//! ```

use super::office::read;
use super::{OrgError, hex};
use crate::domain::ids::{Digest, OperatorId, SiteId};
use crate::proof::jcs;
use crate::trust::credentials::Holder;
use crate::trust::file;
use crate::trust::x509::{Certificate, Role};
use serde::{Deserialize, Serialize};
use std::path::Path;

const FILE: &str = "issued.jsonl";

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_sequence: Option<u64>,
    not_after: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    op: Option<OperatorId>,
    role: String,
    pub serial: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    thumbprint: Digest,
}

impl Line {
    /// The organisation's own.
    pub(super) fn own(certificate: &Certificate, role: Role, at: i64) -> Self {
        Self {
            at,
            bundle_sequence: None,
            not_after: certificate.not_after(),
            op: None,
            role: role.to_string(),
            serial: hex(certificate.serial()),
            site: None,
            thumbprint: certificate.thumbprint(),
        }
    }

    /// A site's or a proctor's.
    pub(super) fn of(certificate: &Certificate, holder: &Holder, site: &SiteId, sequence: u64, at: i64) -> Self {
        let op = match holder {
            Holder::Site => None,
            Holder::Proctor(op) => Some(op.clone()),
        };
        let own = Self::own(certificate, holder.role(), at);
        Self { bundle_sequence: Some(sequence), op, site: Some(site.clone()), ..own }
    }
}

/// Every line; none before the first certificate.
pub(super) fn lines(dir: &Path) -> Result<Vec<Line>, OrgError> {
    let damaged = || OrgError::Missing { path: dir.join(FILE), found: "another form" };
    read(dir, FILE)?
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).map_err(|_| damaged()))
        .collect()
}

/// Begins an empty log.
pub(super) fn begin(dir: &Path) -> Result<(), OrgError> {
    Ok(file::write(&dir.join(FILE), b"")?)
}

/// Adds lines durably, all or none.
pub(super) fn add(dir: &Path, added: &[Line]) -> Result<(), OrgError> {
    let mut bytes = read(dir, FILE)?.to_vec();
    for line in added {
        let value = jcs::to_bytes(line).ok();
        bytes.extend(value.ok_or_else(|| OrgError::Missing { path: dir.join(FILE), found: "another form" })?);
        bytes.push(b'\n');
    }
    Ok(file::write(&dir.join(FILE), &bytes)?)
}
