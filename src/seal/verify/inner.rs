//! Decryption, the inner archive, the manifest and the digests of its files.
//!
//! The plaintext is never longer than the ciphertext that was received. seal.jws.json is taken first, at most 256 KiB of
//! it; every other member is inflated only after the manifest's signatures hold, and no further than its `files[].bytes`.

use super::report::Reason;
use super::rule::Rule;
use crate::proof::jws::{self, Jws, Typ};
use crate::proof::{sha256, zip};
use crate::seal::envelope::Envelope;
use crate::seal::layout::{File, INNER, INNER_TYPE, MIMETYPE, MOST_SIGNED, SEAL, SEALED};
use crate::seal::manifest::Manifest;
use age::Decryptor;
use std::borrow::Cow;
use std::io::Read as _;

const ARCHIVE: &str = "the inner archive";

/// The decrypted archive with its signature file.
#[derive(Debug)]
pub struct Archive {
    zip: Vec<u8>,
    seal: Vec<u8>,
}

/// Decrypts the archive and takes seal.jws.json out of it.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn open(sealed: &[u8], identity: &dyn age::Identity) -> Result<Archive, Reason> {
    let refuse = |found: String| Reason::new(Rule::Decryption, SEALED, "an age file for this identity, whole", found);
    let mut zip = Vec::with_capacity(sealed.len());
    let reader = Decryptor::new_buffered(sealed)
        .and_then(|age| age.decrypt(std::iter::once(identity)))
        .map_err(|e| refuse(e.to_string()))?;
    reader.take(sealed.len() as u64).read_to_end(&mut zip).map_err(|e| refuse(e.to_string()))?;
    let seal = first_members(&zip)?;
    Ok(Archive { zip, seal })
}

/// Holds the list of members and the mimetype against the format; gives seal.jws.json.
fn first_members(zip: &[u8]) -> Result<Vec<u8>, Reason> {
    let archive = strict(zip)?;
    if !archive.entries().iter().map(zip::Entry::name).eq(INNER) {
        let found = format!("{} members, not these", archive.entries().len());
        return Err(Reason::new(Rule::InnerMembers, ARCHIVE, INNER.join(", "), found));
    }
    if !member(&archive, MIMETYPE, INNER_TYPE.len() as u64).is_ok_and(|found| *found == *INNER_TYPE) {
        return Err(Reason::new(Rule::InnerType, MIMETYPE, String::from_utf8_lossy(INNER_TYPE), "another type"));
    }
    let seal = member(&archive, SEAL, MOST_SIGNED as u64)
        .map_err(|found| Reason::new(Rule::SealForm, SEAL, format!("at most {MOST_SIGNED} bytes, whole"), found))?;
    Ok(seal.into_owned())
}

fn strict(bytes: &[u8]) -> Result<zip::Archive<'_>, Reason> {
    zip::read(bytes).map_err(|e| Reason::new(Rule::InnerForm, ARCHIVE, "a strict ZIP archive", e))
}

/// A member's bytes, or what stands in their way.
fn member<'a>(archive: &zip::Archive<'a>, name: &str, most: u64) -> Result<Cow<'a, [u8]>, String> {
    let entry = archive.get(name).ok_or_else(|| "no such member".to_owned())?;
    entry.bytes(most).map_err(|e| e.to_string())
}

impl Archive {
    /// Reads the manifest; its signatures are not checked yet.
    ///
    /// # Errors
    /// The first [`Reason`] against digest or form.
    pub fn manifest(&self, envelope: &Envelope) -> Result<(Jws, Manifest), Reason> {
        let found = sha256(&[&self.seal]);
        if found != envelope.seal_sha256 {
            return Err(Reason::new(Rule::SealDigest, SEAL, envelope.seal_sha256, found));
        }
        let jws =
            jws::parse(&self.seal, Typ::Seal).map_err(|e| Reason::new(Rule::SealForm, SEAL, "a signature file", e))?;
        let manifest = Manifest::parse(&jws.payload)
            .map_err(|e| Reason::new(Rule::ManifestForm, SEAL, "the members of exam-seal/1", e))?;
        Ok((jws, manifest))
    }

    /// Inflates the files, each as far as the manifest says, and holds them against its digests.
    ///
    /// # Errors
    /// The first [`Reason`] against them.
    pub fn files(&self, manifest: &Manifest) -> Result<Vec<(File, Vec<u8>)>, Reason> {
        let listed = manifest.files.iter().map(|entry| (entry.path.as_str(), entry.media_type.as_str()));
        if !listed.eq(File::ALL.iter().map(|file| (file.name(), file.media_type()))) {
            let expected = File::ALL.map(File::name).join(", ");
            return Err(Reason::new(Rule::FileList, "files", expected, "other paths or media types"));
        }
        let archive = strict(&self.zip)?;
        let mut files = Vec::with_capacity(File::ALL.len());
        for (file, entry) in File::ALL.into_iter().zip(&manifest.files) {
            let expected = || format!("{} bytes", entry.bytes);
            let bytes = member(&archive, file.name(), entry.bytes)
                .map_err(|found| Reason::new(Rule::FileBytes, file.name(), expected(), found))?;
            if bytes.len() as u64 != entry.bytes {
                return Err(Reason::new(Rule::FileBytes, file.name(), expected(), format!("{} bytes", bytes.len())));
            }
            let found = sha256(&[&bytes]);
            if found != entry.sha256 {
                return Err(Reason::new(Rule::FileDigest, file.name(), entry.sha256, found));
            }
            files.push((file, bytes.into_owned()));
        }
        Ok(files)
    }

    /// The signature file as it was read.
    #[must_use]
    pub fn into_seal(self) -> Vec<u8> {
        self.seal
    }
}

/// What envelope and manifest both say must be the same.
#[must_use]
pub fn agreement(envelope: &Envelope, manifest: &Manifest) -> Vec<Reason> {
    let ours = Envelope::of(manifest, envelope.content.clone(), envelope.seal_sha256);
    let pairs = [
        ("site", envelope.site.to_string(), ours.site.to_string()),
        ("session", envelope.session.to_string(), ours.session.to_string()),
        ("sequence", envelope.sequence.to_string(), ours.sequence.to_string()),
        ("sealed_at", envelope.sealed_at.to_string(), ours.sealed_at.to_string()),
        ("records_root", envelope.records_root.to_string(), ours.records_root.to_string()),
        ("records_size", envelope.records_size.to_string(), ours.records_size.to_string()),
    ];
    let differing = pairs.into_iter().filter(|(_, envelope, manifest)| envelope != manifest);
    differing.map(|(path, expected, found)| Reason::new(Rule::Agreement, path, expected, found)).collect()
}
