//! Bytes of a roster to text: UTF-8, else strict GB18030, else nothing (rules.md §3). Never guesses, never replaces.

use encoding_rs::GB18030;

/// Why the bytes are no text we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotText {
    /// UTF-16, by its byte order mark or by zero bytes.
    Utf16,
    /// Neither UTF-8 nor GB18030.
    Other,
}

/// Decodes without byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<String, NotText> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return std::str::from_utf8(rest).map(str::to_owned).map_err(|_| NotText::Other);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        return Err(NotText::Utf16);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
        .ok_or(NotText::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf_8_or_gb18030_and_nothing_else() {
        assert_eq!(decode("姓名".as_bytes()).as_deref(), Ok("姓名"));
        assert_eq!(decode(b"\xef\xbb\xbf\xe5\xa7\x93").as_deref(), Ok("姓"));
        assert_eq!(decode(b"\xd0\xd5\xc3\xfb").as_deref(), Ok("姓名"));
        assert_eq!(decode(b"\x95\x32\x82\x36").as_deref(), Ok("\u{20000}"));
        assert_eq!(decode(b"\xff\xfe\xd3\x59"), Err(NotText::Utf16));
        assert_eq!(decode(b"a\0b\0"), Err(NotText::Utf16));
        assert_eq!(decode(b"\xef\xbb\xbf\xd0\xd5"), Err(NotText::Other));
        assert_eq!(decode(b"\xd0\xd5\xff"), Err(NotText::Other));
        assert_eq!(decode(b"\xd0"), Err(NotText::Other));
    }
}
