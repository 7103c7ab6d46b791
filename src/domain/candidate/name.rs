//! Names of people, and how a roster's name is compared with a document's (rules.md §2).

use super::super::event::NameMatch;
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Why a text is not a name. Carries the rule, never the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// `?`, U+FFFD, a digit, a control, an emoji: characters were lost earlier.
    #[error("expected letters, found a character that no name has")]
    Lost,
    /// Blanks other than one U+0020 between two words.
    #[error("expected at most one blank between words")]
    Blanks,
    /// Other than 1 to 60 characters.
    #[error("expected 1 to 60 characters, found {0}")]
    Length(usize),
}

/// A person's name in NFC, 1 to 60 scalar values. Widths on a screen are cells, never bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(Box<str>);

/// Blanks of rule T (rules.md §2): trimmed outside, errors inside.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '\t' | '\u{feff}')
}

/// A basic private-use character: how systems write rare characters that have no code point.
fn is_private_use(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// Han with its extensions and U+3007.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

/// Letters and marks. Numbers with letter status (Ⅳ) and letters in circles or squares (🅰) are neither.
fn is_letter(c: char) -> bool {
    (c.is_alphabetic() && !c.is_numeric() && !matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}'))
        || is_han(c)
        || is_combining_mark(c)
}

fn is_allowed(c: char) -> bool {
    is_letter(c) || is_private_use(c) || matches!(c, ' ' | '\u{b7}' | '-' | '\'' | '.')
}

impl PersonName {
    /// Parses a name that has no outer blanks; the result is in NFC.
    ///
    /// # Errors
    /// [`NameError`]; a forbidden character wins over blanks, blanks over length.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name: String = text.nfc().collect();
        if !name.chars().all(|c| is_allowed(c) || is_blank(c)) {
            return Err(NameError::Lost);
        }
        let outer = name.starts_with(is_blank) || name.ends_with(is_blank);
        if outer || name.contains("  ") || name.chars().any(|c| c != ' ' && is_blank(c)) {
            return Err(NameError::Blanks);
        }
        match name.chars().count() {
            1..=60 => Ok(Self(name.into())),
            n => Err(NameError::Length(n)),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a private-use character stands for a rare one without code point (notice KD-R-N4).
    #[must_use]
    pub fn has_private_use(&self) -> bool {
        self.0.chars().any(is_private_use)
    }

    /// First character and a star: the most that others may see.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.chars().take(1).chain(['*']).collect()
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(hidden)")
    }
}

impl TryFrom<String> for PersonName {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> String {
        name.0.into()
    }
}

/// Compares two names (rules.md §2). Symmetric; `Exact` exactly when both are the same bytes after NFC.
#[must_use]
pub fn name_match(one: &str, other: &str) -> NameMatch {
    if one.nfc().eq(other.nfc()) {
        NameMatch::Exact
    } else if folded(one) == folded(other) {
        NameMatch::Variant
    } else {
        NameMatch::Different
    }
}

/// Widths, dots, blanks and Latin case folded away. Neither 繁/简 nor private use: no table can be complete.
fn folded(name: &str) -> Vec<char> {
    let unified = name.nfkc().flat_map(char::to_lowercase).map(|c| match c {
        '\u{2022}' | '\u{2027}' | '\u{30fb}' | '\u{ff65}' | '\u{22c5}' | '\u{2219}' | '\u{387}' => '\u{b7}',
        // Chips part surname and given names by a comma, which no roster's name may hold.
        c if is_blank(c) || c == ',' => ' ',
        c => c,
    });
    let chars: Vec<char> = unified.collect();
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    let mut rest = chars.as_slice();
    while let [c, tail @ ..] = rest {
        rest = tail;
        let next = tail.iter().copied().find(|c| *c != ' ');
        let last = out.iter().copied().rev().find(|c| *c != ' ');
        match c {
            ' ' if out.last() == Some(&' ') || next.is_none() || last.is_none() => {}
            '.' if last.is_some_and(is_han) && next.is_some_and(is_han) => out.push('\u{b7}'),
            c => out.push(*c),
        }
    }
    let tight = |c: Option<&char>| c.is_some_and(|c| *c == '\u{b7}');
    let han = |c: Option<&char>| c.is_some_and(|c| is_han(*c));
    let neighbours = |i: usize| (i.checked_sub(1).and_then(|i| out.get(i)), out.get(i + 1));
    out.iter()
        .enumerate()
        .filter(|&(i, c)| {
            let (before, after) = neighbours(i);
            *c != ' ' || !(tight(before) || tight(after) || (han(before) && han(after)))
        })
        .map(|(_, c)| *c)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_every_script_are_names() {
        for good in [
            "张三",
            "欧阳娜娜",
            "\u{20bb7}野家",
            "阿依古丽·买买提",
            "李〇",
            "O'Brien",
            "J. R. Smith-Jones",
            "Zoë",
            "राम",
        ] {
            assert!(PersonName::parse(good).is_ok(), "{good}");
        }
        assert_eq!(PersonName::parse("Zoe\u{308}").unwrap().as_str(), "Zoë");
        assert!(PersonName::parse("王\u{e863}").unwrap().has_private_use());
        assert!(PersonName::parse(&"长".repeat(60)).is_ok());
        assert_eq!(PersonName::parse(&"长".repeat(61)), Err(NameError::Length(61)));
        assert_eq!(PersonName::parse(""), Err(NameError::Length(0)));
    }

    #[test]
    fn a_lost_character_is_not_part_of_a_name() {
        for lost in
            ["张?", "张\u{fffd}", "张3", "张３", "张Ⅳ", "张\u{1b}[31m", "张\n三", "张😀", "张🅰", "张,三", "\u{f0000}"]
        {
            assert_eq!(PersonName::parse(lost), Err(NameError::Lost), "{lost:?}");
        }
    }

    #[test]
    fn inner_blanks_are_their_own_error_and_lost_characters_win() {
        for blanks in ["张\u{3000}三", "张\u{a0}三", "张\t三", "Ann  Lee", " 张", "张 "] {
            assert_eq!(PersonName::parse(blanks), Err(NameError::Blanks), "{blanks:?}");
        }
        assert_eq!(PersonName::parse("张  ?"), Err(NameError::Lost));
        assert!(PersonName::parse("张 三").is_ok());
    }

    #[test]
    fn a_mask_shows_one_character() {
        assert_eq!(PersonName::parse("欧阳娜娜").unwrap().masked(), "欧*");
        assert_eq!(PersonName::parse("\u{20bb7}野家").unwrap().masked(), "\u{20bb7}*");
        assert_eq!(PersonName::parse("Ann Lee").unwrap().masked(), "A*");
    }

    #[test]
    fn the_table_of_name_matches_holds() {
        use NameMatch::{Different, Exact, Variant};
        for (one, other, expected) in [
            ("张三", "张三", Exact),
            ("Zoë", "Zoe\u{308}", Exact),
            ("阿依·买买提", "阿依\u{2022}买买提", Variant),
            ("阿依·买买提", "阿依\u{ff65}买买提", Variant),
            ("阿依·买买提", "阿依.买买提", Variant),
            ("阿依·买买提", "阿依．买买提", Variant),
            ("阿依·买买提", "阿依 · 买买提", Variant),
            ("阿依·买买提", "阿依 . 买买提", Variant),
            ("张三", "张 三", Variant),
            ("张三", "张\u{3000}三", Variant),
            ("MARK TWAIN", "Mark  Twain", Variant),
            ("ＭＡＲＫ", "mark", Variant),
            ("TESTERSON ALPHA BETA", "TESTERSON, ALPHA BETA", Variant),
            ("J.SMITH", "J·SMITH", Different),
            ("MARK TWAIN", "MARKTWAIN", Different),
            ("阿依·买买提", "阿依买买提", Different),
            ("張三", "张三", Different),
            ("王\u{e863}", "王\u{9fa6}", Different),
            ("张三", "李四", Different),
            ("张三", "", Different),
        ] {
            assert_eq!(name_match(one, other), expected, "{one} {other}");
            assert_eq!(name_match(other, one), expected, "{other} {one}");
        }
    }

    proptest! {
        #[test]
        fn a_match_is_symmetric_and_exact_means_the_same_after_nfc(one in "[ .·•张三aA\u{308}é]{0,6}", other in "[ .·•张三aA\u{308}é]{0,6}") {
            let found = name_match(&one, &other);
            prop_assert_eq!(found, name_match(&other, &one));
            prop_assert_eq!(found == NameMatch::Exact, one.nfc().eq(other.nfc()));
        }

        #[test]
        fn parsing_is_total_and_settles(text in "\\PC{0,20}") {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name.clone()));
            }
        }
    }
}
