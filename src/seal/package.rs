//! From a frozen session to the file: signatures, inner archive, encryption, envelope, outer archive (sealing.md §6).
//!
//! ```text
//! sign       protected header and payload, by RFC 7515; EdDSA
//! enclose    the three entries held against the rule of signers, then the inner ZIP
//! encrypt    age v1, binary, to the organisation's recipients; a one-shot one lets the site read its file back once
//! envelope   the site's signature around everything, then the outer ZIP
//! ```
//!
//! Each step is a function of its own, so that whoever runs the flow can say which one it is at. age draws a fresh file
//! key: equal input gives equal inner archives, never equal packages. The building blocks ([`inner_zip`], [`encrypted`],
//! [`outer_zip`], [`signed`]) judge nothing and stand open to those who test readers.

use super::content::Frozen;
use super::envelope::{Content, Envelope};
use super::layout::{self, File, INNER_TYPE, MIMETYPE, OUTER_TYPE, SEAL, SEALED};
use super::verify::signers;
use super::{SealError, manifest::Manifest};
use crate::domain::ids::Digest;
use crate::proof::jws::{self, Alg, Entry, Jws, Typ};
use crate::proof::sha256;
use crate::proof::zip::{self, Body, Packed};
use crate::trust::signing::SigningKey;
use crate::trust::x509::{Anchors, Certificate, PublicKey};
use age::Encryptor;
use age::x25519::Recipient;
use std::io::Write as _;

/// A key with the certificate that speaks of it.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// The certificate.
    pub certificate: &'a Certificate,
}

/// Signs the manifest.
///
/// # Errors
/// [`SealError::Key`] when the certificate speaks of another key.
pub fn sign(frozen: &Frozen, signer: &Signer<'_>) -> Result<Entry, SealError> {
    signed(Typ::Seal, frozen.manifest_bytes(), signer)
}

/// Signs any payload under a kind.
///
/// # Errors
/// [`SealError::Key`] when the certificate speaks of another key.
pub fn signed(typ: Typ, payload: &[u8], signer: &Signer<'_>) -> Result<Entry, SealError> {
    if *signer.certificate.public_key() != PublicKey::Ed25519(signer.key.public()) {
        return Err(SealError::Key);
    }
    let protected = jws::protected(Alg::EdDsa, typ, &signer.certificate.thumbprint());
    let signature = signer.key.sign(&jws::signing_input(&protected, payload));
    Ok(Entry::new(Alg::EdDsa, typ, signer.certificate.der().to_vec(), signature))
}

/// The inner archive with everything that encryption and envelope need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    manifest: Manifest,
    seal_sha256: Digest,
    zip: Vec<u8>,
}

/// The encrypted archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encrypted {
    manifest: Manifest,
    seal_sha256: Digest,
    age: Vec<u8>,
}

/// A finished package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its SHA-256, as SessionSealed names it.
    pub sha256: Digest,
    /// `EK-<site>-<first 8 digits of the session>-<sequence>.ekseal`.
    pub file_name: String,
}

/// Puts the signatures of two proctors and the site to the files.
///
/// # Errors
/// [`SealError::Signers`] when the three are not two different proctors and one site, each signing this manifest with a
/// certificate of this organisation and site that was valid at the sealing moment.
pub fn enclose(frozen: &Frozen, signatures: [Entry; 3], anchors: &Anchors) -> Result<Inner, SealError> {
    let manifest = frozen.manifest();
    let jws = Jws { payload: frozen.manifest_bytes().to_vec(), signatures: signatures.into() };
    let judge = signers::Judge { anchors, crl: None, site: &manifest.site, sealed_at: manifest.sealed_at };
    if let Err(reasons) = judge.seal(&jws) {
        let rule = reasons.first().map_or("the rule of signers", |reason| reason.rule.code());
        return Err(SealError::Signers { rule });
    }
    let seal = jws.to_bytes();
    let zip = inner_zip(frozen.files(), &seal)?;
    Ok(Inner { manifest: manifest.clone(), seal_sha256: sha256(&[&seal]), zip })
}

impl Inner {
    /// The archive.
    #[must_use]
    pub fn zip(&self) -> &[u8] {
        &self.zip
    }

    /// Encrypts it to the organisation's recipients and, for reading back once, to one more.
    ///
    /// # Errors
    /// [`SealError::Recipients`] or [`SealError::Primitive`].
    pub fn encrypt(self, one_shot: Option<&Recipient>) -> Result<Encrypted, SealError> {
        let mut recipients = recipients(&self.manifest.recipients)?;
        recipients.extend(one_shot.cloned());
        let age = encrypted(&self.zip, &recipients)?;
        Ok(Encrypted { manifest: self.manifest, seal_sha256: self.seal_sha256, age })
    }
}

impl Encrypted {
    /// Signs the envelope and closes the package.
    ///
    /// # Errors
    /// [`SealError::Key`] when the site's certificate speaks of another key.
    pub fn envelope(&self, site: &Signer<'_>) -> Result<Package, SealError> {
        let content = Content { path: SEALED.to_owned(), bytes: self.age.len() as u64, sha256: sha256(&[&self.age]) };
        let payload = Envelope::of(&self.manifest, content, self.seal_sha256).to_bytes()?;
        let signatures = vec![signed(Typ::Envelope, &payload, site)?];
        let bytes = outer_zip(&Jws { payload, signatures }.to_bytes(), &self.age)?;
        Ok(Package { sha256: sha256(&[&bytes]), file_name: file_name(&self.manifest), bytes })
    }
}

/// All steps after signing at once.
///
/// # Errors
/// As [`enclose`], [`Inner::encrypt`] and [`Encrypted::envelope`].
pub fn package(
    frozen: &Frozen,
    signatures: [Entry; 3],
    anchors: &Anchors,
    site: &Signer<'_>,
    one_shot: Option<&Recipient>,
) -> Result<Package, SealError> {
    enclose(frozen, signatures, anchors)?.encrypt(one_shot)?.envelope(site)
}

/// The name of the package of a manifest.
#[must_use]
pub fn file_name(manifest: &Manifest) -> String {
    let session = manifest.session.to_string();
    let session8 = session.get(..8).unwrap_or(&session);
    format!("EK-{}-{session8}-{}.ekseal", manifest.site, manifest.sequence)
}

/// Two or more different X25519 recipients of age.
///
/// # Errors
/// [`SealError::Recipients`].
pub fn recipients(texts: &[String]) -> Result<Vec<Recipient>, SealError> {
    let wrong = |found| SealError::Recipients { found };
    if texts.len() < 2 {
        return Err(wrong("fewer"));
    }
    if texts.iter().enumerate().any(|(n, text)| texts.iter().skip(n + 1).any(|other| other == text)) {
        return Err(wrong("one twice"));
    }
    texts.iter().map(|text| text.parse().map_err(|_| wrong("one that does not read"))).collect()
}

/// The inner archive of these files and this signature file.
///
/// # Errors
/// [`SealError::Primitive`].
pub fn inner_zip(files: &[(File, Packed)], seal: &[u8]) -> Result<Vec<u8>, SealError> {
    let seal = seal.to_vec().into();
    let mut members: Vec<(&str, Body<'_>)> =
        files.iter().map(|(file, packed)| (file.name(), Body::Deflated(packed))).collect();
    members.push((MIMETYPE, Body::Stored(INNER_TYPE)));
    members.push((SEAL, Body::Deflated(&seal)));
    members.sort_by_key(|(name, ..)| *name);
    archive(&members)
}

/// The outer archive of an envelope and an age file.
///
/// # Errors
/// [`SealError::Primitive`].
pub fn outer_zip(envelope: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let members = [(MIMETYPE, OUTER_TYPE), (layout::ENVELOPE, envelope), (SEALED, sealed)];
    archive(&members.map(|(name, bytes)| (name, Body::Stored(bytes))))
}

fn archive(members: &[(&str, Body<'_>)]) -> Result<Vec<u8>, SealError> {
    let members: Vec<zip::Member<'_>> = members.iter().map(|(name, body)| zip::Member { name, body: *body }).collect();
    zip::write(&members).map_err(|_| SealError::Primitive { what: "an archive" })
}

/// An age file of these bytes for these recipients.
///
/// # Errors
/// [`SealError::Primitive`] when there is none, or the library fails.
pub fn encrypted(bytes: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, SealError> {
    let failed = SealError::Primitive { what: "an age file" };
    let Ok(age) = Encryptor::with_recipients(recipients.iter().map(|recipient| recipient as &dyn age::Recipient))
    else {
        return Err(failed);
    };
    // Header and authentication tags: 16 bytes for each chunk of 64 KiB.
    let mut sealed = Vec::with_capacity(bytes.len() + bytes.len() / 4096 + 1024);
    age.wrap_output(&mut sealed)
        .and_then(|mut writer| {
            writer.write_all(bytes)?;
            writer.finish()
        })
        .map_err(|_| failed)?;
    Ok(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::samples::{Day, Ground};
    use crate::trust::x509::Role;
    use crate::trust::x509::samples::{SITE, key};

    #[test]
    fn a_key_signs_under_its_own_certificate_only() {
        let ground = Ground::new();
        let frozen = Day::prepared().freeze(&ground);
        let mixed = Signer { key: &ground.site.key, certificate: &ground.proctors[0].certificate };
        assert_eq!(sign(&frozen, &mixed), Err(SealError::Key));
    }

    #[test]
    fn three_entries_are_enclosed_only_by_the_rule_of_signers() {
        let ground = Ground::new();
        let frozen = Day::prepared().freeze(&ground);
        let by = |signer: &Signer<'_>| sign(&frozen, signer).unwrap();
        let [qian, sun] = [0, 1].map(|n: usize| by(&ground.proctors[n].signer()));
        let site = by(&ground.site.signer());
        let stale = signed(Typ::Seal, b"another manifest", &ground.proctors[1].signer()).unwrap();
        let elsewhere = key();
        let certificate = ground.ca.issue(&elsewhere, "sun", "EX-SITE-02", Role::Proctor);
        let elsewhere = by(&Signer { key: &elsewhere, certificate: &certificate });
        for (flaw, entries, rule) in [
            ("one proctor twice", [qian.clone(), qian.clone(), site.clone()], "KD-V-32"),
            ("no site", [qian.clone(), sun.clone(), qian.clone()], "KD-V-30"),
            ("a signature of another manifest", [qian.clone(), stale, site.clone()], "KD-V-21"),
            ("another site's proctor", [qian.clone(), elsewhere, site.clone()], "KD-V-26"),
        ] {
            assert_eq!(enclose(&frozen, entries, &ground.anchors()), Err(SealError::Signers { rule }), "{flaw}");
        }
        let inner = enclose(&frozen, [qian, sun, site], &ground.anchors()).unwrap();
        assert!(inner.zip().starts_with(b"PK"));
        assert_eq!(ground.site.certificate.ou(), Some(SITE));
    }

    /// The site reads back what it wrote, once; the organisation never sees that recipient in the manifest.
    #[test]
    fn a_one_shot_recipient_opens_the_package_too() {
        let ground = Ground::new();
        let frozen = Day::prepared().freeze(&ground);
        let [a, b] = &ground.proctors;
        let entries = [a, b, &ground.site].map(|holder| sign(&frozen, &holder.signer()).unwrap());
        let once = age::x25519::Identity::generate();
        let package =
            package(&frozen, entries, &ground.anchors(), &ground.site.signer(), Some(&once.to_public())).unwrap();
        let anchors = ground.anchors();
        let request = crate::seal::verify::Request { identity: Some(&once), ..ground.request(&anchors) };
        assert!(crate::seal::verify::verify(&package.bytes, &request).ok());
        assert_eq!(frozen.manifest().recipients, ground.recipients());
    }

    #[test]
    fn recipients_are_two_different_ones_at_least() {
        let [a, b] = [0, 1].map(|_| age::x25519::Identity::generate().to_public().to_string());
        assert_eq!(recipients(&[a.clone(), b]).unwrap().len(), 2);
        for (found, texts) in [
            ("fewer", vec![a.clone()]),
            ("one twice", vec![a.clone(), a.clone()]),
            ("one that does not read", vec![a, "age1".to_owned()]),
        ] {
            assert_eq!(recipients(&texts).map(|_| ()), Err(SealError::Recipients { found }));
        }
    }
}
