//! base64 with padding (RFC 4648 §4), one text for one value: the spelling of certificates in `x5c` (sealing.md §6).
//!
//! Owns alphabet and padding only; the bits are [`base64url`]'s.

use super::base64url;

/// Writes bytes as text.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text: String = base64url::encode(bytes)
        .chars()
        .map(|character| match character {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Reads text back; `None` unless it is exactly what [`encode`] writes.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - bare.len() > 2 || bare.contains(['-', '_']) {
        return None;
    }
    base64url::decode(&bare.replace('+', "-").replace('/', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vectors_of_rfc_4648_hold() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
        }
        assert_eq!(encode(&[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn a_second_spelling_is_refused() {
        for (flaw, text) in [
            ("no padding", "Zg"),
            ("half the padding", "Zg="),
            ("padding without a need", "Zm9v===="),
            ("only padding", "===="),
            ("three of padding", "Z==="),
            ("padding inside", "Zg==Zg=="),
            ("spare bits behind one byte", "Zh=="),
            ("spare bits behind two bytes", "Zm9="),
            ("the alphabet of URLs", "-_8="),
            ("a line end", "Zm9v\n"),
            ("a line end inside", "Zm9\nZm9="),
            ("a foreign character", "Zé=="),
        ] {
            assert_eq!(decode(text), None, "{flaw}: {text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn every_text_that_is_read_is_the_only_one(text in "[A-Za-z0-9+/]{0,10}={0,3}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
