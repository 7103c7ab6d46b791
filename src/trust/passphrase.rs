//! The site passphrase, which opens the site key: what may be one, and what a live site asks of it (sealing.md §5).
//!
//! ```text
//! form    8 characters or more, at most 256 bytes, no control characters; kept in NFC, as UTF-8
//! live    5 words or more, or 20 characters or more
//! ```
//!
//! Two keyboards write one letter in two ways, so the composed form is what counts; for ASCII it is the text as typed,
//! which `openssl -passin` takes too. Chinese without spaces is one word and is measured in characters.

use super::KeyError;
use crate::domain::session::Mode;
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

const LEAST: usize = 8;
const MOST_BYTES: usize = 256;
const LIVE_WORDS: usize = 5;
const LIVE_CHARACTERS: usize = 20;
/// The demo's, which stands in this program's own papers.
const PRINTED: &str = "five plain words open it";
/// The most that composition makes a text longer, in UTF-8.
const GROWTH: usize = 3;

/// A passphrase as it was typed.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes the text without its line end.
    ///
    /// # Errors
    /// [`KeyError::PassphraseForm`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        // Room for all of it from the start: growing would leave copies behind.
        let mut composed = Zeroizing::new(String::with_capacity(text.len().min(MOST_BYTES) * GROWTH));
        if text.len() <= MOST_BYTES {
            composed.extend(text.nfc());
        }
        if composed.chars().count() >= LEAST && !composed.chars().any(char::is_control) {
            Ok(Self(composed))
        } else {
            Err(KeyError::PassphraseForm { expected: "8 characters or more and at most 256 bytes" })
        }
    }

    /// Checks the floor of a mode, for a new passphrase.
    ///
    /// # Errors
    /// [`KeyError::PassphraseForm`], [`KeyError::Printed`].
    pub fn allowed_in(&self, mode: Mode) -> Result<(), KeyError> {
        let long = self.0.split_whitespace().count() >= LIVE_WORDS || self.0.chars().count() >= LIVE_CHARACTERS;
        match mode {
            Mode::Live if *self.0 == *PRINTED => Err(KeyError::Printed { what: "passphrase" }),
            Mode::Live if !long => Err(KeyError::PassphraseForm { expected: "5 words or 20 characters or more" }),
            Mode::Live | Mode::Rehearsal | Mode::Demo => Ok(()),
        }
    }

    /// Whether the same was typed again.
    #[must_use]
    pub fn is(&self, again: &str) -> bool {
        Self::parse(again).is_ok_and(|again| *again.0 == *self.0)
    }

    /// What a key is derived from.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_has_a_form_and_a_live_site_asks_more_of_it() {
        for (text, form, live) in [
            ("", false, false),
            ("1234567", false, false),
            ("12345678", true, false),
            ("a b c d", false, false),
            ("a b c d e", true, true),
            ("one two three four", true, false),
            ("one  two\u{3000}three four five", true, true),
            ("1234567890123456789", true, false),
            ("12345678901234567890", true, true),
            ("静夜思床前明月光", true, false),
            ("床前明月光疑是地上霜举头望明月低头思故乡", true, true),
            ("tab\there and there", false, false),
            ("line\nend and more", false, false),
            (&"x".repeat(256), true, true),
            (&"x".repeat(257), false, false),
        ] {
            let parsed = Passphrase::parse(text);
            assert_eq!(parsed.is_ok(), form, "{text}");
            if let Ok(passphrase) = parsed {
                assert_eq!(passphrase.allowed_in(Mode::Live).is_ok(), live, "{text}");
                assert!(passphrase.allowed_in(Mode::Demo).is_ok());
                assert!(passphrase.allowed_in(Mode::Rehearsal).is_ok());
            }
        }
    }

    #[test]
    fn one_letter_typed_in_two_ways_is_one_passphrase() {
        let composed = Passphrase::parse("caf\u{e9} au lait").unwrap();
        assert!(composed.is("cafe\u{301} au lait"));
        assert!(!composed.is("cafe au lait"));
        assert_eq!(composed.as_bytes(), "caf\u{e9} au lait".as_bytes());
        assert_eq!(format!("{composed:?}"), "Passphrase(..)");
    }

    #[test]
    fn composing_the_longest_text_does_not_grow_its_room() {
        // U+0390 decomposes into three and stays; U+1D160 is excluded from composition and grows threefold.
        for longest in ["\u{390}".repeat(128), "\u{1d160}".repeat(64)] {
            let composed = Passphrase::parse(&longest).unwrap().0;
            assert!(composed.len() <= longest.len() * GROWTH);
            assert_eq!(composed.capacity(), longest.len() * GROWTH);
        }
    }
}
