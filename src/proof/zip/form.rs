//! The headers of our ZIP files as tables of fields, one table for writer and reader, and the rule of names.

use super::{Field, LONGEST_NAME, Method, NameFault};

/// What a member's headers follow from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) method: Method,
    pub(super) crc: u32,
    pub(super) body: u32,
    pub(super) length: u32,
    pub(super) name: u32,
}

/// One field of a header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) field: Field,
    /// Two bytes or four.
    pub(super) wide: bool,
    pub(super) value: u32,
}

const fn short(field: Field, value: u32) -> Cell {
    Cell { field, wide: false, value }
}

const fn long(field: Field, value: u32) -> Cell {
    Cell { field, wide: true, value }
}

/// Length of a local header before the name.
pub(super) const LOCAL_BYTES: usize = 30;
pub(super) const LOCAL_SIGNATURE: u32 = 0x0403_4b50;

pub(super) fn local_header(facts: &Facts) -> [Cell; 11] {
    [
        long(Field::Signature, LOCAL_SIGNATURE),
        short(Field::Needed, facts.method.needed()),
        short(Field::Flags, 0),
        short(Field::Method, facts.method.number()),
        short(Field::Time, 0),
        short(Field::Date, 0x0021),
        long(Field::Crc, facts.crc),
        long(Field::BodyLength, facts.body),
        long(Field::Length, facts.length),
        short(Field::NameLength, facts.name),
        short(Field::ExtraLength, 0),
    ]
}

pub(super) fn directory_record(facts: &Facts, offset: u32) -> [Cell; 17] {
    [
        long(Field::Signature, 0x0201_4b50),
        short(Field::MadeBy, 0x0314),
        short(Field::Needed, facts.method.needed()),
        short(Field::Flags, 0),
        short(Field::Method, facts.method.number()),
        short(Field::Time, 0),
        short(Field::Date, 0x0021),
        long(Field::Crc, facts.crc),
        long(Field::BodyLength, facts.body),
        long(Field::Length, facts.length),
        short(Field::NameLength, facts.name),
        short(Field::ExtraLength, 0),
        short(Field::CommentLength, 0),
        short(Field::Disk, 0),
        short(Field::InternalAttributes, 0),
        long(Field::ExternalAttributes, 0x81a4_0000),
        long(Field::Offset, offset),
    ]
}

pub(super) fn end_record(members: u32, length: u32, offset: u32) -> [Cell; 8] {
    [
        long(Field::Signature, 0x0605_4b50),
        short(Field::Disk, 0),
        short(Field::Disk, 0),
        short(Field::Members, members),
        short(Field::Members, members),
        long(Field::DirectoryLength, length),
        long(Field::DirectoryOffset, offset),
        short(Field::CommentLength, 0),
    ]
}

pub(super) fn check_name(name: &[u8]) -> Result<&str, NameFault> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err(NameFault::Length(name.len()));
    }
    if name.contains(&b'\\') {
        return Err(NameFault::Backslash);
    }
    let plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'/' | b'-');
    let name = std::str::from_utf8(name).ok().filter(|name| name.as_bytes().iter().all(plain));
    let name = name.ok_or(NameFault::Character)?;
    if name.starts_with('/') {
        return Err(NameFault::Absolute);
    }
    for part in name.split('/') {
        match part {
            "" => return Err(NameFault::EmptyPart),
            "." | ".." => return Err(NameFault::Dots),
            _ => {}
        }
    }
    Ok(name)
}

pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
