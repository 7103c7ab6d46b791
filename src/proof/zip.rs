//! ZIP files in the one form that packages have (sealing.md §6): written deterministically, read strictly.
//!
//! ```text
//! file        member…, directory record for each member in the same order, end record; nothing before, between, after
//! member      local header, name, body; numbers are little-endian
//!             PK 03 04 · needed 10 (stored) or 20 (deflated) · flags 0 · method 0 or 8 · time 0 · date 0x0021
//!             CRC-32 of the bytes · length of the body · length of the bytes · length of the name · extra 0
//! directory   PK 01 02 · made by 0x0314 · needed to extra as above · comment 0 · disk 0 · internal attributes 0
//!             external attributes 0x81A40000 (a plain file, 0644) · offset of the local header; then the name
//! end         PK 05 06 · disk 0 · disk 0 · members · members · bytes of the directory · its offset · comment 0
//! name        1 to 128 of a-z 0-9 . _ - in parts between single slashes; no part is . or ..; each name once
//! ```
//!
//! Every byte outside a deflated body follows from names, methods and bytes, and [`read`] accepts nothing else. Inside
//! a deflated body the same bytes have many spellings, so what counts there is what [`Entry::bytes`] gives: no ZIP64,
//! no more than the caller allows, exactly the declared sizes and CRC. Which members belong into a package, in which
//! order and how large, is the caller's knowledge.

mod form;
mod pack;
mod read;
mod write;

pub use pack::{Packed, Packing};
pub use read::{Archive, Entry, read};
pub use write::{Body, Member, write};

use std::fmt;

/// The longest name, in bytes.
pub const LONGEST_NAME: usize = 128;
/// The most members; one more would ask for ZIP64.
pub const MOST_MEMBERS: usize = 0xfffe;

/// How a body is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The bytes as they are.
    Stored,
    /// A raw deflate stream (RFC 1951).
    Deflated,
}

impl Method {
    fn number(self) -> u32 {
        match self {
            Self::Stored => 0,
            Self::Deflated => 8,
        }
    }

    fn needed(self) -> u32 {
        match self {
            Self::Stored => 10,
            Self::Deflated => 20,
        }
    }

    fn of(number: u32) -> Option<Self> {
        [Self::Stored, Self::Deflated].into_iter().find(|method| method.number() == number)
    }
}

/// A field of a header, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the format at the head of this file")]
pub enum Field {
    Signature,
    MadeBy,
    Needed,
    Flags,
    Method,
    Time,
    Date,
    Crc,
    BodyLength,
    Length,
    NameLength,
    ExtraLength,
    CommentLength,
    Disk,
    InternalAttributes,
    ExternalAttributes,
    Offset,
    Members,
    DirectoryLength,
    DirectoryOffset,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signature => "signature",
            Self::MadeBy => "made-by",
            Self::Needed => "version needed",
            Self::Flags => "flags",
            Self::Method => "method",
            Self::Time => "time",
            Self::Date => "date",
            Self::Crc => "CRC-32",
            Self::BodyLength => "compressed length",
            Self::Length => "length",
            Self::NameLength => "name length",
            Self::ExtraLength => "extra length",
            Self::CommentLength => "comment length",
            Self::Disk => "disk",
            Self::InternalAttributes => "internal attributes",
            Self::ExternalAttributes => "external attributes",
            Self::Offset => "offset",
            Self::Members => "number of members",
            Self::DirectoryLength => "directory length",
            Self::DirectoryOffset => "directory offset",
        })
    }
}

/// Where a file departs from its form. Names stand in it only after they passed the rule of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A member whose name is not known yet, counted from 1.
    Number(usize),
    /// A member, by name.
    Member(String),
    /// A record of the directory, by the name of its member.
    Directory(String),
    /// The end record.
    End,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "member {number}"),
            Self::Member(name) => f.write_str(name),
            Self::Directory(name) => write!(f, "directory record of {name}"),
            Self::End => f.write_str("end record"),
        }
    }
}

/// Which rule a name breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// No or too many bytes.
    #[error("a name of {0} bytes")]
    Length(usize),
    /// Begins with a slash.
    #[error("an absolute name")]
    Absolute,
    /// A part is `.` or `..`.
    #[error("a part \".\" or \"..\"")]
    Dots,
    /// Two slashes in a row, or one at the end as directories have it.
    #[error("an empty part")]
    EmptyPart,
    /// A backslash, which some readers take for a slash.
    #[error("a backslash")]
    Backslash,
    /// Another character outside the set.
    #[error("a character outside a-z 0-9 . _ / -")]
    Character,
}

/// Why bytes are not a ZIP file of our form, or members cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    /// The file ends inside something.
    #[error("{place}: expected more bytes, found the end of the file")]
    Truncated {
        /// What is cut.
        place: Place,
    },
    /// Bytes behind the end record.
    #[error("expected {expected} bytes, found {found}")]
    Trailing {
        /// Length in bytes of the file up to the end of the end record.
        expected: usize,
        /// Length in bytes.
        found: usize,
    },
    /// A name that could mislead.
    #[error("member {number}: expected a plain name, found {fault}")]
    Name {
        /// Counted from 1.
        number: usize,
        /// The rule.
        fault: NameFault,
    },
    /// A name for the second time.
    #[error("{place}: expected each name once, found it twice")]
    Duplicate {
        /// The second one.
        place: Place,
    },
    /// The directory calls a member otherwise.
    #[error("{place}: expected the same name, found another one")]
    OtherName {
        /// The record.
        place: Place,
    },
    /// A member that is encrypted by the means of ZIP.
    #[error("{place}: expected plain bytes, found flags {found:#06x} for an encrypted member")]
    Encrypted {
        /// Where.
        place: Place,
        /// The flags.
        found: u32,
    },
    /// Sizes behind the body instead of before it.
    #[error("{place}: expected sizes in the header, found flags {found:#06x} for a data descriptor")]
    Descriptor {
        /// Where.
        place: Place,
        /// The flags.
        found: u32,
    },
    /// Another method than stored and deflated.
    #[error("{place}: expected method 0 or 8, found {found}")]
    Method {
        /// Where.
        place: Place,
        /// Its number.
        found: u32,
    },
    /// A file or member beyond 4 GiB, or too many members.
    #[error("{place}: expected a file without ZIP64, found its mark in {field}")]
    Zip64 {
        /// Where.
        place: Place,
        /// The field with the mark.
        field: Field,
    },
    /// An extra field, whatever it says.
    #[error("{place}: expected no extra field, found {found} bytes")]
    Extra {
        /// Where.
        place: Place,
        /// Length in bytes.
        found: u32,
    },
    /// A comment on a member or on the file.
    #[error("{place}: expected no comment, found {found} bytes")]
    Comment {
        /// Where.
        place: Place,
        /// Length in bytes.
        found: u32,
    },
    /// Another value than the one that follows from names, methods and bytes.
    #[error("{place}: expected {field} {expected:#x}, found {found:#x}")]
    Field {
        /// Where.
        place: Place,
        /// The field.
        field: Field,
        /// The value that the form asks for.
        expected: u32,
        /// The value of the file.
        found: u32,
    },
    /// A member larger than the caller allows; nothing of it was inflated.
    #[error("{place}: expected at most {most} bytes, found {found}")]
    TooLarge {
        /// The member.
        place: Place,
        /// The caller's limit in bytes.
        most: u64,
        /// The declared length in bytes.
        found: u64,
    },
    /// A body that is no deflate stream.
    #[error("{place}: expected a deflate stream, found other bytes")]
    NoDeflate {
        /// The member.
        place: Place,
    },
    /// A deflate stream that goes on after its declared length, or never ends.
    #[error("{place}: expected a stream of {declared} bytes, found no end there")]
    NoEnd {
        /// The member.
        place: Place,
        /// The declared length in bytes, all that was inflated.
        declared: usize,
    },
    /// A deflate stream that ends before its declared length.
    #[error("{place}: expected a stream of {declared} bytes, found {found}")]
    Short {
        /// The member.
        place: Place,
        /// The declared length in bytes.
        declared: usize,
        /// Length in bytes.
        found: usize,
    },
    /// Bytes between the end of the deflate stream and the end of the body.
    #[error("{place}: expected the stream to fill its body, found {found} bytes behind it")]
    Slack {
        /// The member.
        place: Place,
        /// Length in bytes.
        found: usize,
    },
    /// Other bytes than the ones that were written.
    #[error("{place}: expected the declared CRC-32, found another one")]
    Crc {
        /// The member.
        place: Place,
    },
}

#[cfg(test)]
mod tests;
