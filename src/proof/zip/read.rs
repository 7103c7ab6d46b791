//! Reads a ZIP file in two steps: [`read`] lists the members without touching their bodies, [`Entry::bytes`] gives the
//! bytes of one within the caller's limit.

use super::form::{Cell, Facts, LOCAL_BYTES, LOCAL_SIGNATURE};
use super::form::{check_name, crc32, directory_record, end_record, local_header};
use super::{Field, MOST_MEMBERS, Method, Place, ZipError};
use flate2::{Decompress, FlushDecompress, Status};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Where the numbers stand in a local header from which the others follow.
const AT_FLAGS: usize = 6;
const AT_METHOD: usize = 8;
const AT_CRC: usize = 14;
const AT_BODY_LENGTH: usize = 18;
const AT_LENGTH: usize = 22;
const AT_NAME_LENGTH: usize = 26;

/// Flags for an encrypted member: classic, strong, hidden headers.
const ENCRYPTED: u32 = 0x2041;
const DESCRIPTOR: u32 = 0x0008;
/// Version needed of ZIP64, and the signatures of its end record and of that one's locator.
const ZIP64_NEEDED: u32 = 45;
const ZIP64_SIGNATURES: [u32; 2] = [0x0606_4b50, 0x0706_4b50];

/// A ZIP file whose every header is in form. Bodies are not looked at yet.
#[derive(Debug, Clone)]
pub struct Archive<'a> {
    entries: Vec<Entry<'a>>,
}

impl<'a> Archive<'a> {
    /// The members in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// A member by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

/// A member as its header declares it.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    name: &'a str,
    facts: Facts,
    body: &'a [u8],
}

impl<'a> Entry<'a> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// How it is kept.
    #[must_use]
    pub fn method(&self) -> Method {
        self.facts.method
    }

    /// Declared length of [`Self::bytes`], in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        u64::from(self.facts.length)
    }

    /// Its bytes: a slice of the file when stored, inflated into memory of exactly the declared length otherwise.
    /// `most` is in bytes.
    ///
    /// # Errors
    /// [`ZipError::TooLarge`] before anything is inflated; [`ZipError::NoDeflate`], [`ZipError::NoEnd`],
    /// [`ZipError::Short`], [`ZipError::Slack`] and [`ZipError::Crc`] for a body that is not what its header declares.
    pub fn bytes(&self, most: u64) -> Result<Cow<'a, [u8]>, ZipError> {
        if self.length() > most {
            return Err(ZipError::TooLarge { place: self.place(), most, found: self.length() });
        }
        let bytes = match self.facts.method {
            Method::Stored => Cow::Borrowed(self.body),
            Method::Deflated => Cow::Owned(self.inflate()?),
        };
        if crc32(&bytes) == self.facts.crc { Ok(bytes) } else { Err(ZipError::Crc { place: self.place() }) }
    }

    fn inflate(&self) -> Result<Vec<u8>, ZipError> {
        let place = || self.place();
        let declared = usize::try_from(self.facts.length).unwrap_or(usize::MAX);
        let mut bytes = vec![0; declared];
        let inflated = inflate_into(self.body, &mut bytes).ok_or_else(|| ZipError::NoDeflate { place: place() })?;
        if !inflated.ended {
            return Err(ZipError::NoEnd { place: place(), declared });
        }
        if inflated.written < declared {
            return Err(ZipError::Short { place: place(), declared, found: inflated.written });
        }
        match self.body.len().saturating_sub(inflated.read) {
            0 => Ok(bytes),
            found => Err(ZipError::Slack { place: place(), found }),
        }
    }

    fn place(&self) -> Place {
        Place::Member(self.name.to_owned())
    }
}

/// What one pass of the inflater did.
pub(super) struct Inflated {
    pub(super) read: usize,
    pub(super) written: usize,
    pub(super) ended: bool,
}

/// Inflates until stream, input or room ends; the room is the bound. `None` when the body is no deflate stream.
pub(super) fn inflate_into(body: &[u8], room: &mut [u8]) -> Option<Inflated> {
    let mut inflater = Decompress::new(false);
    let status = inflater.decompress(body, room, FlushDecompress::Finish).ok()?;
    let count = |total: u64| usize::try_from(total).unwrap_or(usize::MAX);
    Some(Inflated {
        read: count(inflater.total_in()),
        written: count(inflater.total_out()),
        ended: status == Status::StreamEnd,
    })
}

/// Lists the members of a file of exactly our form.
///
/// # Errors
/// [`ZipError`] when a byte outside the bodies is not what [`super::write()`] puts there.
pub fn read(bytes: &[u8]) -> Result<Archive<'_>, ZipError> {
    let mut file = Walk { bytes, at: 0 };
    let (mut entries, mut offsets, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    while number(file.rest(), 0, true) == Some(LOCAL_SIGNATURE) {
        if entries.len() == MOST_MEMBERS {
            return Err(ZipError::Zip64 { place: Place::End, field: Field::Members });
        }
        offsets.push(file.offset(Field::Offset)?);
        let entry = file.member(entries.len() + 1)?;
        if !names.insert(entry.name) {
            return Err(ZipError::Duplicate { place: entry.place() });
        }
        entries.push(entry);
    }
    let directory = file.offset(Field::DirectoryOffset)?;
    for (entry, offset) in entries.iter().zip(offsets) {
        file.directory_record(entry, offset)?;
    }
    let length = file.offset(Field::DirectoryLength)?.saturating_sub(directory);
    // MOST_MEMBERS fits.
    let members = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    file.check(&Place::End, &end_record(members, length, directory))?;
    if file.at != bytes.len() {
        return Err(ZipError::Trailing { expected: file.at, found: bytes.len() });
    }
    Ok(Archive { entries })
}

/// A place in the file.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn offset(&self, field: Field) -> Result<u32, ZipError> {
        u32::try_from(self.at).map_err(|_| ZipError::Zip64 { place: Place::End, field })
    }

    fn take(&mut self, length: usize, place: &Place) -> Result<&'a [u8], ZipError> {
        let taken = self.rest().get(..length).ok_or_else(|| ZipError::Truncated { place: place.clone() })?;
        self.at += length;
        Ok(taken)
    }

    /// The member that begins here. Its name comes first, so that every other complaint can carry it.
    fn member(&mut self, place: usize) -> Result<Entry<'a>, ZipError> {
        let head = self.rest();
        let cut = || ZipError::Truncated { place: Place::Number(place) };
        let field = |at, wide| number(head, at, wide).ok_or_else(cut);
        let name_length = field(AT_NAME_LENGTH, false)?;
        let name_end = LOCAL_BYTES + name_length as usize;
        let name = head.get(LOCAL_BYTES..name_end).ok_or_else(cut)?;
        let name = check_name(name).map_err(|fault| ZipError::Name { number: place, fault })?;
        let place = Place::Member(name.to_owned());

        let flags = field(AT_FLAGS, false)?;
        refuse_flags(&place, flags)?;
        let found = field(AT_METHOD, false)?;
        let method = Method::of(found).ok_or_else(|| ZipError::Method { place: place.clone(), found })?;
        let body = field(AT_BODY_LENGTH, true)?;
        let length = match method {
            Method::Stored => body,
            Method::Deflated => field(AT_LENGTH, true)?,
        };
        for (field, value) in [(Field::BodyLength, body), (Field::Length, length)] {
            if value == u32::MAX {
                return Err(ZipError::Zip64 { place, field });
            }
        }
        let facts = Facts { method, crc: field(AT_CRC, true)?, body, length, name: name_length };
        self.check(&place, &local_header(&facts))?;
        self.take(name.len(), &place)?;
        let body = self.take(usize::try_from(body).unwrap_or(usize::MAX), &place)?;
        Ok(Entry { name, facts, body })
    }

    fn directory_record(&mut self, entry: &Entry<'_>, offset: u32) -> Result<(), ZipError> {
        let place = Place::Directory(entry.name.to_owned());
        self.check(&place, &directory_record(&entry.facts, offset))?;
        if self.take(entry.name.len(), &place)? == entry.name.as_bytes() {
            Ok(())
        } else {
            Err(ZipError::OtherName { place })
        }
    }

    /// Steps over a header that must hold exactly these values.
    fn check(&mut self, place: &Place, cells: &[Cell]) -> Result<(), ZipError> {
        for cell in cells {
            let taken = self.take(if cell.wide { 4 } else { 2 }, place)?;
            let found = number(taken, 0, cell.wide).unwrap_or_default();
            if found != cell.value {
                return Err(refusal(place.clone(), *cell, found));
            }
        }
        Ok(())
    }
}

fn refuse_flags(place: &Place, found: u32) -> Result<(), ZipError> {
    let place = || place.clone();
    if found & ENCRYPTED != 0 {
        return Err(ZipError::Encrypted { place: place(), found });
    }
    if found & DESCRIPTOR != 0 {
        return Err(ZipError::Descriptor { place: place(), found });
    }
    Ok(())
}

/// The complaint about a field with another value than its cell's.
fn refusal(place: Place, Cell { field, wide, value }: Cell, found: u32) -> ZipError {
    let greatest = if wide { u32::MAX } else { u32::from(u16::MAX) };
    let zip64 = match field {
        Field::Signature => ZIP64_SIGNATURES.contains(&found),
        Field::Needed => found == ZIP64_NEEDED,
        Field::BodyLength
        | Field::Length
        | Field::Disk
        | Field::Offset
        | Field::Members
        | Field::DirectoryLength
        | Field::DirectoryOffset => found == greatest,
        _ => false,
    };
    match field {
        _ if zip64 => ZipError::Zip64 { place, field },
        Field::Flags => match refuse_flags(&place, found) {
            Err(error) => error,
            Ok(()) => ZipError::Field { place, field, expected: value, found },
        },
        Field::ExtraLength => ZipError::Extra { place, found },
        Field::CommentLength => ZipError::Comment { place, found },
        _ => ZipError::Field { place, field, expected: value, found },
    }
}

/// The little-endian number of two or four bytes at an offset.
fn number(bytes: &[u8], at: usize, wide: bool) -> Option<u32> {
    let bytes = bytes.get(at..at + if wide { 4 } else { 2 })?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}
