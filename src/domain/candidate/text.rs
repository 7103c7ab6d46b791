//! Short texts of a roster row, each with its shape (rules.md §3). Their `Debug` hides them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text of a roster row is refused. Carries the rule, never the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct TextError(
    /// The shape, as a person reads it.
    pub &'static str,
);

macro_rules! hidden_text {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The shape, as a person reads it.
            pub const EXPECTED: &'static str = $expected;

            /// Parses the text exactly as it stands.
            ///
            /// # Errors
            /// [`TextError`] when the text has another shape.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.into())) } else { Err(TextError($expected)) }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0.into()
            }
        }
    };
}

fn length_of(text: &str, shortest: usize, longest: usize, allowed: fn(u8) -> bool) -> bool {
    (shortest..=longest).contains(&text.len()) && text.bytes().all(allowed)
}

fn upper_or_digit(b: u8) -> bool {
    b.is_ascii_digit() || b.is_ascii_uppercase()
}

/// Printable on one line of a terminal: neither controls nor the format characters that reorder what is shown.
fn printable(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.chars().count())
        && !text.chars().any(|c| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
        })
}

hidden_text!(
    /// A telephone number.
    Phone, "6 to 15 digits, + in front allowed",
    |t| length_of(t.strip_prefix('+').unwrap_or(t), 6, 15, |b| b.is_ascii_digit())
);
hidden_text!(
    /// A student number (学号).
    StudentNo, "4 to 20 of 0-9 A-Z", |t| length_of(t, 4, 20, upper_or_digit)
);
hidden_text!(
    /// The identifier of a campus card (校园卡UID): a pointer, never an identity.
    CampusUid, "8 to 20 hexadecimal digits, an even number",
    |t| length_of(t, 8, 20, |b| matches!(b, b'0'..=b'9' | b'A'..=b'F')) && t.len() % 2 == 0
);
hidden_text!(
    /// A credit-bank account (学分银行账号), passed through.
    CreditAccount, "6 to 24 of 0-9 A-Z", |t| length_of(t, 6, 24, upper_or_digit)
);
hidden_text!(
    /// The code of an arrangement (便利安排).
    Arrangement, "2 to 16 of 0-9 A-Z -", |t| length_of(t, 2, 16, |b| upper_or_digit(b) || b == b'-')
);
hidden_text!(
    /// The file name of a photograph: no folder, no leading dot.
    PhotoFile, "a file name of at most 60 characters without folder",
    |t| printable(t, 60) && !t.starts_with('.') && !t.contains(['/', '\\', ':'])
);
hidden_text!(
    /// A word of the school's or the organisation's order: school, department, major, class.
    Label, "at most 60 printable characters", |t| printable(t, 60)
);
hidden_text!(
    /// A remark (备注).
    Remark, "at most 100 printable characters", |t| printable(t, 100)
);

impl Phone {
    /// Its last two digits behind stars: all that a screen or a finding may show.
    #[must_use]
    pub fn masked(&self) -> String {
        let tail = self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default();
        format!("{}{tail}", "*".repeat(self.0.len().saturating_sub(2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_takes_its_shape_and_nothing_else() {
        assert!(Phone::parse("+8613800000000").is_ok());
        assert!(Phone::parse("138-0000").is_err());
        assert!(StudentNo::parse("20240101").is_ok() && StudentNo::parse("123").is_err());
        assert!(CampusUid::parse("04A1B2C3").is_ok() && CampusUid::parse("04A1B2C").is_err());
        assert!(PhotoFile::parse("2611240101.jpg").is_ok() && PhotoFile::parse("../x.jpg").is_err());
        assert!(Label::parse("软件技术").is_ok());
        assert!(Label::parse(&"长".repeat(60)).is_ok() && Label::parse(&"长".repeat(61)).is_err());
    }

    #[test]
    fn no_label_carries_a_terminal_sequence_or_turns_the_line_round() {
        for hostile in ["a\u{1b}[2J", "a\u{9b}2J", "a\nb", "a\u{202e}b", "a\u{200b}b", ""] {
            assert!(Label::parse(hostile).is_err(), "{hostile:?}");
            assert!(Remark::parse(hostile).is_err(), "{hostile:?}");
        }
    }

    #[test]
    fn a_telephone_shows_its_last_two_digits() {
        assert_eq!(Phone::parse("13800000042").unwrap().masked(), "*********42");
    }
}
