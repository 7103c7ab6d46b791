//! Names and numbers that identify things: every type has one constructor, an invalid value cannot exist.
//!
//! Owns the textual shape of identifiers (rules.md §2). Knows nothing of where they come from; trimming and folding
//! with notices belong to `intake`, silent trimming to `reader`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not an identifier. Carries the rule, never the text: a refused value may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {what} of the form {expected}")]
pub struct IdError {
    /// The kind of identifier, such as `admission number`.
    pub what: &'static str,
    /// Its shape, as a person reads it.
    pub expected: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Parses the text exactly as it stands.
            ///
            /// # Errors
            /// [`IdError`] when the text has another shape.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(IdError { what: $what, expected: $expected })
                }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }
    };
}

fn upper_or_digit(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

fn dashed(text: &str) -> bool {
    (3..=16).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

text_id!(
    /// A certified exam site (考点), such as `EX-SITE-01`.
    SiteId, "site id", "3 to 16 of 0-9 A-Z -, no dash at an end, no two in a row", dashed
);
text_id!(
    /// An evaluation organisation (培训评价组织), such as `EX-ORG-A`.
    OrgId, "organisation id", "3 to 16 of 0-9 A-Z -, no dash at an end, no two in a row", dashed
);
text_id!(
    /// An exam batch (批次); a plain roster plans batch `D<yyyymmdd>`.
    BatchId, "batch id", "3 to 16 of 0-9 A-Z -, no dash at an end, no two in a row", dashed
);
text_id!(
    /// An admission number (准考证号), the only name of a candidate that the journal knows.
    AdmissionNo, "admission number", "6 to 20 of 0-9 A-Z",
    |t| (6..=20).contains(&t.len()) && upper_or_digit(t)
);
text_id!(
    /// A room's code (考场), such as `03`.
    RoomId, "room code", "1 to 8 of 0-9 A-Z", |t| (1..=8).contains(&t.len()) && upper_or_digit(t)
);
text_id!(
    /// A seat or station (座位 / 工位), such as `17` or `A2`.
    SeatLabel, "seat", "1 to 6 of 0-9 A-Z", |t| (1..=6).contains(&t.len()) && upper_or_digit(t)
);
text_id!(
    /// A member of the crew (考务人员), such as `chen`.
    OperatorId, "operator", "[a-z][a-z0-9]{1,15}",
    |t| (2..=16).contains(&t.len())
        && t.starts_with(|c: char| c.is_ascii_lowercase())
        && t.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
);
text_id!(
    /// A part (科目) of a policy, such as `theory`. `composite` is reserved for the combined mark.
    PartId, "part id", "1 to 16 of a-z 0-9 _, a letter first, not composite",
    |t| (1..=16).contains(&t.len())
        && t.starts_with(|c: char| c.is_ascii_lowercase())
        && t.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase() || b == b'_')
        && t != "composite"
);

text_id!(
    /// The number of a paper that says more (情况说明, 承诺书), such as `QK-0031`: words about people stay on paper. Too
    /// short for a document number of the mainland or a telephone number.
    PaperRef, "paper number", "1 to 10 of 0-9 A-Z -, no dash first",
    |t| (1..=10).contains(&t.len())
        && !t.starts_with('-')
        && t.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-')
);

impl DeskId {
    /// Desk 1, where a site begins.
    pub const FIRST: Self = Self(1);
}

impl AdmissionNo {
    /// The last four characters, all of it that a public screen may show.
    #[must_use]
    pub fn tail(&self) -> &str {
        let text = self.as_str();
        text.get(text.len().saturating_sub(4)..).unwrap_or(text)
    }
}

macro_rules! small_number {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "u8", into = "u8")]
        pub struct $name(u8);

        impl $name {
            /// The number.
            #[must_use]
            pub fn get(self) -> u8 {
                self.0
            }
        }

        impl TryFrom<u8> for $name {
            type Error = IdError;
            fn try_from(n: u8) -> Result<Self, IdError> {
                if (1..=99).contains(&n) {
                    Ok(Self(n))
                } else {
                    Err(IdError { what: $what, expected: "a number from 1 to 99" })
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse::<u8>()
                    .map_err(|_| IdError { what: $what, expected: "a number from 1 to 99" })
                    .and_then(Self::try_from)
            }
        }

        impl From<$name> for u8 {
            fn from(n: $name) -> u8 {
                n.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

small_number!(
    /// A session's number (场次) on its day.
    SessionNo, "session number"
);
small_number!(
    /// A check-in desk (签到台).
    DeskId, "desk number"
);

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal, $what:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// Takes the bytes as they are.
            #[must_use]
            pub const fn new(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn bytes(&self) -> &[u8; $bytes] {
                &self.0
            }

            /// Parses lower-case hexadecimal.
            ///
            /// # Errors
            /// [`IdError`] when the text has another length or other characters.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let wrong = IdError { what: $what, expected: $expected };
                if text.len() != 2 * $bytes || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                    return Err(wrong);
                }
                let mut bytes = [0; $bytes];
                for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
                    let pair = std::str::from_utf8(pair).map_err(|_| wrong)?;
                    *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong)?;
                }
                Ok(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    };
}

hex_id!(
    /// A session's identity, drawn at random when it is planned.
    SessionId, 16, "session id", "32 lower-case hexadecimal digits"
);
hex_id!(
    /// First 8 bytes of HMAC-SHA-256(session key, kind ‖ number): links repeated refusals without identity.
    DocTag, 8, "document tag", "16 lower-case hexadecimal digits"
);
hex_id!(
    /// A SHA-256 value: of a file, of a line, or the head of a chain.
    Digest, 32, "digest", "64 lower-case hexadecimal digits"
);
hex_id!(
    /// A candidate's admission salt, so that a published leaf cannot be guessed.
    Salt, 16, "salt", "32 lower-case hexadecimal digits"
);

hex_id!(
    /// What a room's seats are drawn from, at random when check-in opens.
    Seed, 32, "seed", "64 lower-case hexadecimal digits"
);

impl Digest {
    /// 32 zero bytes: the head of an empty chain.
    pub const ZERO: Self = Self([0; 32]);
}

/// A row of the admission table (rules.md §6), written `KD-A-nn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(pub u8);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KD-A-{:02}", self.0)
    }
}

impl TryFrom<String> for Code {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.strip_prefix("KD-A-")
            .filter(|n| n.len() == 2)
            .and_then(|n| n.parse().ok())
            .map(Self)
            .ok_or(IdError { what: "admission code", expected: "KD-A-nn" })
    }
}

impl From<Code> for String {
    fn from(code: Code) -> String {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_take_their_shape_and_nothing_else() {
        for good in ["EX-SITE-01", "ABC", "2026-11"] {
            assert!(SiteId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "AB", "-AB", "AB-", "A--B", "ex-site", "EX SITE", "ABCDEFGHIJKLMNOPQ"] {
            assert!(SiteId::parse(bad).is_err(), "{bad}");
        }
        assert!(AdmissionNo::parse("2611240317").is_ok());
        assert!(AdmissionNo::parse("26112").is_err());
        assert!(AdmissionNo::parse("2611240317x").is_err());
        assert!(OperatorId::parse("chen").is_ok());
        assert!(OperatorId::parse("Chen").is_err());
        assert!(OperatorId::parse("c").is_err());
        assert!(PartId::parse("composite").is_err());
        assert!("0".parse::<SessionNo>().is_err());
        assert!("100".parse::<DeskId>().is_err());
    }

    #[test]
    fn hexadecimal_identities_are_lower_case_and_whole() {
        let text = "00112233445566778899aabbccddeeff";
        assert_eq!(SessionId::parse(text).unwrap().to_string(), text);
        assert!(SessionId::parse("00112233445566778899AABBCCDDEEFF").is_err());
        assert!(SessionId::parse("0011").is_err());
        assert!(DocTag::parse("é0000000000000").is_err());
    }

    #[test]
    fn a_code_reads_as_it_is_written() {
        assert_eq!(Code(1).to_string(), "KD-A-01");
        assert_eq!(Code::try_from("KD-A-90".to_owned()), Ok(Code(90)));
        assert!(Code::try_from("KD-A-9".to_owned()).is_err());
    }
}
