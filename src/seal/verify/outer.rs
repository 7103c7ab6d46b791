//! The outer archive and the form of its envelope.
//!
//! Three stored members in their order, and nothing that could be otherwise: the strict reader takes an archive of stored
//! members only in the bytes that our writer gives for them (a property of `proof::zip`), so that a package has one
//! spelling and one SHA-256 without being built again.

use super::report::Reason;
use super::rule::Rule;
use crate::proof::jws::{self, Jws, Typ};
use crate::proof::sha256;
use crate::proof::zip::{self, ZipError};
use crate::seal::envelope::Envelope;
use crate::seal::layout::{ENVELOPE, MIMETYPE, MOST_SIGNED, OUTER, OUTER_TYPE, SEALED};
use std::borrow::Cow;

const ARCHIVE: &str = "the package";

/// The two members that matter.
#[derive(Debug, Clone, Copy)]
pub struct Outer<'a> {
    envelope: &'a [u8],
    /// The age file.
    pub sealed: &'a [u8],
}

/// Reads the archive.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn read(bytes: &[u8]) -> Result<Outer<'_>, Reason> {
    let archive = zip::read(bytes).map_err(|e| form(&e))?;
    let [mimetype, envelope, sealed] = archive.entries() else {
        return Err(others(archive.entries().len()));
    };
    if [mimetype, envelope, sealed].map(zip::Entry::name) != OUTER {
        return Err(others(3));
    }
    let (mimetype, envelope, sealed) = (stored(mimetype)?, stored(envelope)?, stored(sealed)?);
    if mimetype != OUTER_TYPE {
        return Err(Reason::new(Rule::OuterType, MIMETYPE, String::from_utf8_lossy(OUTER_TYPE), "another type"));
    }
    Ok(Outer { envelope, sealed })
}

fn form(error: &ZipError) -> Reason {
    Reason::new(Rule::OuterForm, ARCHIVE, "a strict ZIP archive", error)
}

/// A member's bytes as they lie in the file: nothing is inflated here.
fn stored<'a>(entry: &zip::Entry<'a>) -> Result<&'a [u8], Reason> {
    if entry.method() == zip::Method::Stored
        && let Cow::Borrowed(bytes) = entry.bytes(entry.length()).map_err(|e| form(&e))?
    {
        return Ok(bytes);
    }
    Err(Reason::new(Rule::OuterMembers, entry.name(), "a stored member", "a compressed one"))
}

fn others(count: usize) -> Reason {
    Reason::new(Rule::OuterMembers, ARCHIVE, OUTER.join(", "), format!("{count} members, not these"))
}

impl Outer<'_> {
    /// Reads the envelope; its signature is not checked yet.
    ///
    /// # Errors
    /// The first [`Reason`] against its form.
    pub fn envelope(&self) -> Result<(Jws, Envelope), Reason> {
        if self.envelope.len() > MOST_SIGNED {
            let found = format!("{} bytes", self.envelope.len());
            return Err(Reason::new(Rule::EnvelopeForm, ENVELOPE, format!("at most {MOST_SIGNED} bytes"), found));
        }
        let jws = jws::parse(self.envelope, Typ::Envelope)
            .map_err(|e| Reason::new(Rule::EnvelopeForm, ENVELOPE, "a signature file", e))?;
        let envelope = Envelope::parse(&jws.payload)
            .map_err(|e| Reason::new(Rule::EnvelopePayload, ENVELOPE, "the members of exam-seal-envelope/1", e))?;
        Ok((jws, envelope))
    }

    /// Holds the encrypted member against what the envelope says of it.
    ///
    /// # Errors
    /// [`Rule::EnvelopeContent`].
    pub fn content(&self, envelope: &Envelope) -> Result<(), Reason> {
        let content = &envelope.content;
        let refuse = |path: &str, expected: String, found: String| {
            Err(Reason::new(Rule::EnvelopeContent, path, expected, found))
        };
        if content.path != SEALED {
            return refuse("content.path", SEALED.to_owned(), "another member".to_owned());
        }
        if content.bytes != self.sealed.len() as u64 {
            return refuse(SEALED, format!("{} bytes", content.bytes), format!("{} bytes", self.sealed.len()));
        }
        let found = sha256(&[self.sealed]);
        if content.sha256 == found { Ok(()) } else { refuse(SEALED, content.sha256.to_string(), found.to_string()) }
    }
}
