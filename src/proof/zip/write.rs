//! Writes a ZIP file: the same members give the same bytes, as long as the deflate library stays the same.

use super::form::{Cell, Facts, check_name, crc32, directory_record, end_record, local_header};
use super::{Field, MOST_MEMBERS, Method, Packed, Place, ZipError};
use std::collections::BTreeSet;

/// A member to write.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// By the rule of names at the head of [`super`].
    pub name: &'a str,
    /// What a reader will see of it, and how it is kept.
    pub body: Body<'a>,
}

/// What a member holds.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// Bytes kept as they are.
    Stored(&'a [u8]),
    /// Bytes kept as the body that was made of them.
    Deflated(&'a Packed),
}

/// Writes members in this order.
///
/// # Errors
/// [`ZipError::Name`], [`ZipError::Duplicate`], and [`ZipError::Zip64`] beyond 4 GiB or [`MOST_MEMBERS`].
pub fn write(members: &[Member<'_>]) -> Result<Vec<u8>, ZipError> {
    let mut names = BTreeSet::new();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (member, number) in members.iter().zip(1..) {
        let name = check_name(member.name.as_bytes()).map_err(|fault| ZipError::Name { number, fault })?;
        let place = || Place::Member(name.to_owned());
        if !names.insert(name) {
            return Err(ZipError::Duplicate { place: place() });
        }
        let (method, bytes, body, crc) = match member.body {
            Body::Stored(bytes) => (Method::Stored, bytes, bytes, crc32(bytes)),
            Body::Deflated(packed) => (Method::Deflated, packed.bytes(), packed.body.as_slice(), packed.crc),
        };
        let facts = Facts {
            method,
            crc,
            body: small(body.len(), place, Field::BodyLength)?,
            length: small(bytes.len(), place, Field::Length)?,
            name: small(name.len(), place, Field::NameLength)?,
        };
        let offset = small(file.len(), place, Field::Offset)?;
        push(&mut directory, &directory_record(&facts, offset));
        directory.extend(name.as_bytes());
        push(&mut file, &local_header(&facts));
        file.extend(name.as_bytes());
        file.extend(body);
    }
    if members.len() > MOST_MEMBERS {
        return Err(ZipError::Zip64 { place: Place::End, field: Field::Members });
    }
    let end = end_record(
        small(members.len(), || Place::End, Field::Members)?,
        small(directory.len(), || Place::End, Field::DirectoryLength)?,
        small(file.len(), || Place::End, Field::DirectoryOffset)?,
    );
    file.append(&mut directory);
    push(&mut file, &end);
    Ok(file)
}

/// A number for a field of four bytes, whose greatest value marks ZIP64.
fn small(number: usize, place: impl Fn() -> Place, field: Field) -> Result<u32, ZipError> {
    let fits = u32::try_from(number).ok().filter(|number| *number != u32::MAX);
    fits.ok_or_else(|| ZipError::Zip64 { place: place(), field })
}

fn push(file: &mut Vec<u8>, cells: &[Cell]) {
    for cell in cells {
        let bytes = cell.value.to_le_bytes();
        file.extend(bytes.iter().take(if cell.wide { 4 } else { 2 }));
    }
}
