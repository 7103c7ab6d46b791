//! Canonical JSON: the JSON Canonicalization Scheme of RFC 8785, with the integer rule of sealing.md §6.
//!
//! ```text
//! text       UTF-8, no byte order mark, no blank outside strings, no LF at the end
//! members    ascending by the UTF-16 code units of their names, each name once
//! strings    "…", escapes \b \t \n \f \r \" \\, other characters below U+0020 as \u00xx, everything else as itself
//! numbers    integers from -(2^53-1) to 2^53-1 in decimal; a fraction, an exponent or -0 is an error
//! literals   true false null
//! ```
//!
//! The bytes are written here: every line of a journal is canonicalised whenever it is read, and with numbers that are
//! integers there is little to do. The tests hold them against `serde_json_canonicalizer`, which rounds greater integers
//! in silence and takes ten times as long. What may stand inside an object is its owner's business.

mod write;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use write::Writer;

/// The greatest integer that every reader of JSON keeps whole.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why a text or a value has no canonical form. Carries no content: it may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JcsError {
    /// Not JSON, or nested deeper than 128.
    #[error("expected one JSON value, found a syntax error at byte {at}")]
    Syntax {
        /// Offset of the first byte that does not fit, from 0.
        at: usize,
    },
    /// A number that is not an integer within ±(2^53-1).
    #[error("expected integers from -(2^53-1) to 2^53-1, found another number")]
    Number,
    /// An object names a member twice: readers differ in which one they take.
    #[error("expected each member once, found one twice: its name ends at byte {at} again")]
    Duplicate {
        /// Offset of the last byte of the second name, from 0.
        at: usize,
    },
    /// JSON, but another spelling than the canonical one: order, blanks or escapes.
    #[error("expected canonical JSON, found another form from byte {at} on")]
    NotCanonical {
        /// Offset of the first byte that differs, from 0.
        at: usize,
    },
    /// A value that refuses to be written, or a name that is no text.
    #[error("expected a value that JSON can hold, found another")]
    Unwritable,
}

/// Writes a value in its canonical bytes.
///
/// # Errors
/// [`JcsError::Number`] by the integer rule, [`JcsError::Unwritable`] for a value that is no JSON.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, JcsError> {
    let mut out = Vec::with_capacity(512);
    value.serialize(Writer(&mut out))?;
    Ok(out)
}

/// Reads canonical bytes and nothing else.
///
/// # Errors
/// [`JcsError`] when the bytes are not JSON, break the integer rule, name a member twice, or are not what [`to_bytes`]
/// writes.
pub fn parse(bytes: &[u8]) -> Result<Value, JcsError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|e| JcsError::Syntax { at: offset(bytes, &e) })?;
    let canonical = to_bytes(&value)?;
    if canonical == bytes {
        return Ok(value);
    }
    // Only a text that is refused anyway pays for the second look.
    if let Err(twice) = serde_json::from_slice::<Once>(bytes) {
        return Err(JcsError::Duplicate { at: offset(bytes, &twice) });
    }
    let same = canonical.iter().zip(bytes).take_while(|(a, b)| a == b).count();
    Err(JcsError::NotCanonical { at: same })
}

/// Whether [`parse`] takes the bytes.
#[must_use]
pub fn is_canonical(bytes: &[u8]) -> bool {
    parse(bytes).is_ok()
}

/// Any JSON in which no object names a member twice. Keeps nothing.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Once)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("each member once")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Once>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a member twice"));
            }
            members.next_value::<Once>()?;
        }
        Ok(self)
    }
}

fn offset(bytes: &[u8], error: &serde_json::Error) -> usize {
    let before: usize =
        bytes.split_inclusive(|b| *b == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before + error.column().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// RFC 8785 §3.2.3: the order is that of UTF-16 code units, so the emoji comes before U+FB33.
    #[test]
    fn members_sort_as_rfc_8785_shows() {
        let value: Value = serde_json::from_str(
            r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
                "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
        )
        .unwrap();
        let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
             \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
             \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
        assert_eq!(to_bytes(&value).unwrap(), expected.as_bytes());
    }

    /// RFC 8785 §3.2.2, its numbers left out: the integer rule refuses them.
    #[test]
    fn strings_and_literals_are_written_as_rfc_8785_shows() {
        let value: Value =
            serde_json::from_str("{\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\", \"literals\": [null, true, false]}")
                .unwrap();
        assert_eq!(
            to_bytes(&value).unwrap(),
            "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}".as_bytes()
        );
    }

    /// The bytes that RFC 8785 §3.2.4 prints for `"€$…` above.
    #[test]
    fn the_octets_are_utf_8() {
        assert_eq!(to_bytes(&json!("€$\u{f}\n")).unwrap(), b"\"\xe2\x82\xac$\\u000f\\n\"");
    }

    #[test]
    fn integers_end_where_a_double_rounds() {
        for (number, good) in [
            ("9007199254740991", true),
            ("-9007199254740991", true),
            ("9007199254740992", false),
            ("-9007199254740992", false),
            ("18446744073709551616", false),
            ("-0", false),
            ("1.0", false),
            ("1e2", false),
            ("0.5", false),
            ("0", true),
        ] {
            assert_eq!(is_canonical(number.as_bytes()), good, "{number}");
            let nested = format!("{{\"a\":[{{\"b\":{number}}}]}}");
            assert_eq!(is_canonical(nested.as_bytes()), good, "{nested}");
        }
        assert_eq!(to_bytes(&json!(0.5)), Err(JcsError::Number));
    }

    #[test]
    fn another_spelling_is_refused_where_it_begins() {
        for (text, error) in [
            (r#"{"a":1,"a":1}"#, JcsError::Duplicate { at: 9 }),
            (r#"{"a":1,"a":2}"#, JcsError::Duplicate { at: 9 }),
            (r#"{"a":1,"\u0061":2}"#, JcsError::Duplicate { at: 14 }),
            (r#"[null,{"b":[true,-1,{"a":"","b":0,"a":{}}]}]"#, JcsError::Duplicate { at: 36 }),
            (r#"{"b":{"a":1},"a":{"a":1}}"#, JcsError::NotCanonical { at: 2 }),
            (r#"{"b":1,"a":2}"#, JcsError::NotCanonical { at: 2 }),
            (r#"{"a": 1}"#, JcsError::NotCanonical { at: 5 }),
            ("[1]\n", JcsError::NotCanonical { at: 3 }),
            (r#"["\u0041"]"#, JcsError::NotCanonical { at: 2 }),
            (r#"["\/"]"#, JcsError::NotCanonical { at: 2 }),
            ("[01]", JcsError::Syntax { at: 2 }),
            ("", JcsError::Syntax { at: 0 }),
            ("[1][2]", JcsError::Syntax { at: 3 }),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(error), "{text}");
        }
        assert!(matches!(parse(b"\"\xff\""), Err(JcsError::Syntax { .. })));
        assert!(matches!(parse(&[b'['; 1000]), Err(JcsError::Syntax { .. })), "depth is bounded");
    }

    /// Any text, and texts of what is escaped or sorts otherwise in UTF-8.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[\u{0}-\u{22}\\\\/a\u{7f}\u{e000}\u{ffff}\u{1f600}]{0,6}"]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::hash_map(text(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_has_one_text_and_the_text_that_value(value in value()) {
            let bytes = to_bytes(&value).unwrap();
            prop_assert_eq!(&bytes, &serde_json_canonicalizer::to_vec(&value).unwrap(), "as another implementation");
            prop_assert_eq!(parse(&bytes), Ok(value));
        }

        #[test]
        fn any_bytes_are_refused_or_are_canonical(bytes: Vec<u8>) {
            if let Ok(value) = parse(&bytes) {
                prop_assert_eq!(to_bytes(&value), Ok(bytes));
            }
        }
    }
}
