//! Bytes of a line to text: UTF-8, else strict GB18030, else nothing. Never guesses further, never replaces.

use encoding_rs::GB18030;

/// Which encodings a scanner may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, on failure GB18030.
    #[default]
    Auto,
    /// UTF-8 alone.
    Utf8,
    /// GB18030 alone.
    Gb18030,
}

/// Which one it was. ASCII is both and counts as UTF-8 where that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoded {
    /// UTF-8.
    Utf8,
    /// GB18030, of which GBK is a part.
    Gb18030,
}

pub(super) fn decode(bytes: &[u8], allowed: Encoding) -> Option<(String, Encoded)> {
    let utf8 = || Some((std::str::from_utf8(bytes).ok()?.to_owned(), Encoded::Utf8));
    let gb18030 = || {
        let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some((text.into_owned(), Encoded::Gb18030))
    };
    match allowed {
        Encoding::Auto => utf8().or_else(gb18030),
        Encoding::Utf8 => utf8(),
        Encoding::Gb18030 => gb18030(),
    }
}

/// Takes an AIM symbology identifier such as `]Q1` from the front: `]`, a letter, a digit or letter.
pub(super) fn aim(text: &str) -> Option<(&str, &str)> {
    let mut chars = text.strip_prefix(']')?.chars();
    let known = chars.next()?.is_ascii_alphabetic() && chars.next()?.is_ascii_alphanumeric();
    if known { text.split_at_checked(3) } else { None }
}
