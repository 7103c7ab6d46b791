//! `org init`: the throw-away or pilot organisation from nothing.

use super::office::{Office, PRIVATE, RECIPIENTS, ROOT, ROOT_KEY, draw_serial, write_key};
use super::{OrgError, book};
use crate::domain::ids::Digest;
use crate::trust::organisation::{self, Organisation};
use crate::trust::signing::SigningKey;
use crate::trust::x509::issue::{self, Validity};
use crate::trust::{KeyError, file};
use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use ring::rand::SecureRandom;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use zeroize::Zeroizing;

/// Ten years with their leap days.
const ROOT_SECONDS: i64 = 3_652 * 86_400;

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// SHA-256 of the root: what a chief compares at the first enrolment.
    pub root: Digest,
    /// Its last second, unix time.
    pub not_after: i64,
    /// Working and recovery recipient.
    pub recipients: [String; 2],
}

/// Makes an organisation: a root of ten years from `now` on, `OU=DEMO` in its subject when it is a throw-away one, a
/// policy signer, an empty list of revocations with number 1, and two age identities.
///
/// # Errors
/// [`OrgError::NotEmpty`] when something is there; whatever the disk says.
pub fn init(
    dir: &Path,
    organisation: &Organisation,
    demo: bool,
    now: i64,
    rng: &dyn SecureRandom,
) -> Result<Made, OrgError> {
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(OrgError::NotEmpty { path: dir.to_owned() });
    }
    let private = dir.join(PRIVATE);
    let failed = |source| KeyError::File { verb: "create", path: private.clone(), source };
    DirBuilder::new().mode(0o700).recursive(true).create(&private).map_err(failed)?;

    let key = SigningKey::generate(rng)?;
    write_key(dir, ROOT_KEY, &key)?;
    let validity = Validity { from: now, until: now + ROOT_SECONDS };
    let (org, name) = (organisation.org.as_str(), &organisation.name);
    let root = issue::root(&key, org, name, demo, draw_serial(rng)?, validity)?;
    file::write(&dir.join(ROOT), root.pem().as_bytes())?;
    let anchors = organisation.anchors(root)?;
    let (root, not_after) = (anchors.root().thumbprint(), anchors.root().not_after());

    let office = Office { dir: dir.to_owned(), organisation: organisation.clone(), anchors, key };
    book::begin(dir)?;
    office.publish(1, now, [])?;
    office.new_policy_signer(now, rng)?;
    let working = identity(dir, "identity.age", now)?;
    let recovery = identity(dir, "recovery.age", now)?;
    file::write(&dir.join(RECIPIENTS), format!("# working key\n{working}\n# recovery key\n{recovery}\n").as_bytes())?;
    // Last: a directory without it was not finished.
    file::write(&dir.join(organisation::FILE), organisation.to_toml().as_bytes())?;
    Ok(Made { root, not_after, recipients: [working, recovery] })
}

/// Writes an identity file as age-keygen does, and returns its recipient.
fn identity(dir: &Path, name: &str, now: i64) -> Result<String, OrgError> {
    let identity = Identity::generate();
    let (recipient, created) = (identity.to_public().to_string(), crate::trust::x509::Utc(now));
    let secret = identity.to_string();
    let text = Zeroizing::new(format!("# created: {created}\n# public key: {recipient}\n{}\n", secret.expose_secret()));
    file::write(&dir.join(name), text.as_bytes())?;
    Ok(recipient)
}
