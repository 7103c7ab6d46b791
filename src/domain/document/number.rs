//! The rules inside a number: shapes, check characters, and the birth date and sex it tells (rules.md §2, id-card-reader.md §9).
//!
//! ```text
//! 18 characters   6 region, 8 birth YYYYMMDD, 3 sequence (odd male, even female), check: GB 11643, ISO 7064 MOD 11-2
//!                 first character 1-8 resident, 81 82 83 permit of Hong Kong, Macao, Taiwan, 9 foreigner of 2023
//! 15 characters   3 letters, 4 region, 6 birth YYMMDD, 1 sequence (odd male, even female), check: ICAO 9303, foreigner of 2017
//! ```

use super::{DocKind, DocumentError};
use crate::domain::time::parse_date;
use jiff::civil;

/// Sex as a number's sequence digit tells it: odd is male, even female.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SexParity {
    /// Odd: 男.
    Male,
    /// Even: 女.
    Female,
}

/// Checks a number as its kind writes it, in the order shape, check character, birth date.
pub(super) fn check(kind: DocKind, text: &str, today: civil::Date) -> Result<(), DocumentError> {
    let shape = DocumentError::Shape { expected: kind.shape() };
    let right = match kind {
        DocKind::ResidentId | DocKind::TempId | DocKind::SocialCard => return check_resident(text, shape, today),
        DocKind::HmtResidence => {
            if text.len() == 18 && !["810000", "820000", "830000"].iter().any(|region| text.starts_with(region)) {
                return Err(shape);
            }
            return check_resident(text, shape, today);
        }
        DocKind::ForeignerPr => return check_foreigner(text, shape, today),
        DocKind::HmtTravel => {
            let body = text.strip_prefix(['H', 'M']).unwrap_or(text);
            body.len() == 8 && digits(body)
        }
        DocKind::Passport => {
            (5..=15).contains(&text.len())
                && text.bytes().all(upper_or_digit)
                && text.bytes().any(|b| b.is_ascii_digit())
        }
        DocKind::MilitaryId => {
            (4..=24).contains(&text.chars().count())
                && text.chars().all(|c| matches!(c, 'A'..='Z' | '0'..='9' | '-' | '一'..='龥'))
        }
        DocKind::CampusUid => {
            (8..=20).contains(&text.len())
                && text.len().is_multiple_of(2)
                && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
        }
        DocKind::Ticket => (6..=20).contains(&text.len()) && text.bytes().all(upper_or_digit),
    };
    if right { Ok(()) } else { Err(shape) }
}

fn check_resident(text: &str, shape: DocumentError, today: civil::Date) -> Result<(), DocumentError> {
    if text.len() == 15 && digits(text) {
        return Err(DocumentError::FirstGeneration);
    }
    if !text.starts_with(|c| matches!(c, '1'..='8')) {
        return Err(shape);
    }
    check_coded(text, shape, today)
}

fn check_foreigner(text: &str, shape: DocumentError, today: civil::Date) -> Result<(), DocumentError> {
    if text.len() == 18 {
        return if text.starts_with('9') { check_coded(text, shape, today) } else { Err(shape) };
    }
    let fits = |letters: &str, rest: &str| letters.bytes().all(|b| b.is_ascii_uppercase()) && digits(rest);
    if text.len() != 15 || !text.split_at_checked(3).is_some_and(|(letters, rest)| fits(letters, rest)) {
        return Err(shape);
    }
    check_last(text, icao_9303, 15)
}

/// The checks that all 18-character numbers share; the first character is the caller's.
fn check_coded(text: &str, shape: DocumentError, today: civil::Date) -> Result<(), DocumentError> {
    let (body, last) = text.split_at_checked(17).ok_or(shape)?;
    if !digits(body) || !matches!(last.as_bytes(), [b'0'..=b'9' | b'X']) {
        return Err(shape);
    }
    check_last(text, mod_11_2, 18)?;
    let earliest = civil::Date::constant(1900, 1, 1);
    match birth_in(text) {
        Some(birth) if (earliest..=today).contains(&birth) => Ok(()),
        _ => Err(DocumentError::BirthDate),
    }
}

fn check_last(text: &str, rule: fn(&str) -> char, position: u8) -> Result<(), DocumentError> {
    let expected = rule(text.get(..text.len().saturating_sub(1)).unwrap_or_default());
    if text.ends_with(expected) { Ok(()) } else { Err(DocumentError::CheckCharacter { expected, position }) }
}

/// The check character over the first 17 digits (GB 11643, ISO 7064 MOD 11-2).
pub(crate) fn mod_11_2(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    match (12 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// The check digit over the first 14 characters (ICAO 9303: weights 7 3 1, A = 10).
fn icao_9303(body: &str) -> char {
    let sum: u32 =
        body.chars().zip([7, 3, 1].into_iter().cycle()).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

/// The birth date in characters 7 to 14 of an 18-character number.
pub(crate) fn birth_in(number: &str) -> Option<civil::Date> {
    number.get(6..14).filter(|birth| digits(birth)).and_then(parse_date)
}

/// The birth digits that a number tells, if they are a date: `YYYYMMDD` of 18 characters, `YYMMDD` of 15.
pub(crate) fn birth_digits(number: &str) -> Option<&str> {
    match number.len() {
        18 => birth_in(number).and(number.get(6..14)),
        // The century is not told, and 29 February exists in some.
        15 => number.get(7..13).filter(|birth| {
            digits(birth) && ["19", "20"].iter().any(|century| parse_date(&format!("{century}{birth}")).is_some())
        }),
        _ => None,
    }
}

/// Sex by the last sequence digit: character 17 of 18, character 14 of 15.
pub(crate) fn parity_in(number: &str) -> Option<SexParity> {
    let at = match number.len() {
        18 => 16,
        15 => 13,
        _ => return None,
    };
    let digit = number.get(at..=at)?.parse::<u8>().ok()?;
    Some(if digit % 2 == 1 { SexParity::Male } else { SexParity::Female })
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn upper_or_digit(b: u8) -> bool {
    b.is_ascii_digit() || b.is_ascii_uppercase()
}
