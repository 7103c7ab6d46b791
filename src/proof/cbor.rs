//! CBOR (RFC 8949) as much as the leaves of the record tree need it (sealing.md §8), in its deterministic form.
//!
//! ```text
//! item    head, then what the kind says
//! head    kind in the upper three bits, argument in the fewest bytes: below 24 in the lower five bits, otherwise
//!         0x18, 0x19, 0x1a or 0x1b there and 1, 2, 4 or 8 bytes big-endian behind
//! 0       an unsigned number, the argument
//! 2, 3    bytes, UTF-8 text; the argument is the length in bytes
//! 4       an array; the argument is the number of items that follow
//! f6      null
//! ```
//!
//! Only a writer: whoever checks a leaf builds it again from the record and compares.

/// A value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'a> {
    /// A number from 0 to 2^64-1.
    Uint(u64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// Items in order.
    Array(&'a [Item<'a>]),
    /// Nothing there.
    Null,
}

/// Writes a value in its one form (RFC 8949 §4.2.1).
#[must_use]
pub fn encode(item: &Item<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    push(&mut bytes, item);
    bytes
}

fn push(bytes: &mut Vec<u8>, item: &Item<'_>) {
    match item {
        Item::Uint(number) => head(bytes, 0, *number),
        Item::Bytes(content) => {
            head(bytes, 2, content.len() as u64);
            bytes.extend(*content);
        }
        Item::Text(content) => {
            head(bytes, 3, content.len() as u64);
            bytes.extend(content.as_bytes());
        }
        Item::Array(items) => {
            head(bytes, 4, items.len() as u64);
            items.iter().for_each(|item| push(bytes, item));
        }
        Item::Null => bytes.push(0xf6),
    }
}

fn head(bytes: &mut Vec<u8>, kind: u8, argument: u64) {
    let kind = kind << 5;
    let [.., byte] = argument.to_be_bytes();
    match argument {
        0..24 => bytes.push(kind | byte),
        24..0x100 => bytes.extend([kind | 0x18, byte]),
        0x100..0x1_0000 => wide(bytes, kind | 0x19, argument, 2),
        0x1_0000..0x1_0000_0000 => wide(bytes, kind | 0x1a, argument, 4),
        _ => wide(bytes, kind | 0x1b, argument, 8),
    }
}

fn wide(bytes: &mut Vec<u8>, first: u8, argument: u64, width: usize) {
    bytes.push(first);
    bytes.extend(argument.to_be_bytes().iter().skip(8 - width));
}

#[cfg(test)]
mod tests {
    use super::Item::{Array, Bytes, Null, Text, Uint};
    use super::*;

    fn hex(item: &Item<'_>) -> String {
        encode(item).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 8949 appendix A, as far as its rows have one of these kinds.
    #[test]
    fn the_vectors_of_rfc_8949_hold() {
        let twenty_five: Vec<Item<'_>> = (1..=25).map(Uint).collect();
        for (item, expected) in [
            (Uint(0), "00"),
            (Uint(1), "01"),
            (Uint(10), "0a"),
            (Uint(23), "17"),
            (Uint(24), "1818"),
            (Uint(25), "1819"),
            (Uint(100), "1864"),
            (Uint(1000), "1903e8"),
            (Uint(1_000_000), "1a000f4240"),
            (Uint(1_000_000_000_000), "1b000000e8d4a51000"),
            (Uint(u64::MAX), "1bffffffffffffffff"),
            (Null, "f6"),
            (Bytes(&[]), "40"),
            (Bytes(&[1, 2, 3, 4]), "4401020304"),
            (Text(""), "60"),
            (Text("a"), "6161"),
            (Text("IETF"), "6449455446"),
            (Text("\"\\"), "62225c"),
            (Text("ü"), "62c3bc"),
            (Text("水"), "63e6b0b4"),
            (Text("\u{10151}"), "64f0908591"),
            (Array(&[]), "80"),
            (Array(&[Uint(1), Uint(2), Uint(3)]), "83010203"),
            (Array(&[Uint(1), Array(&[Uint(2), Uint(3)]), Array(&[Uint(4), Uint(5)])]), "8301820203820405"),
            (Array(&twenty_five), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
        ] {
            assert_eq!(hex(&item), expected, "{item:?}");
        }
    }

    #[test]
    fn an_argument_takes_the_fewest_bytes() {
        for (number, expected) in [
            (255, "18ff"),
            (256, "190100"),
            (65_535, "19ffff"),
            (65_536, "1a00010000"),
            (4_294_967_295, "1affffffff"),
            (4_294_967_296, "1b0000000100000000"),
        ] {
            assert_eq!(hex(&Uint(number)), expected);
        }
        assert_eq!(encode(&Bytes(&[7; 300]))[..3], [0x59, 1, 44]);
        assert_eq!(encode(&Text(&"x".repeat(24)))[..2], [0x78, 24]);
    }

    /// The shape of sealing.md §8: kind, candidate, composite, salt, hash.
    #[test]
    fn a_record_leaf_is_one_array() {
        let leaf = Array(&[Uint(1), Text("2611240317"), Uint(7690), Bytes(&[0; 16]), Bytes(&[1; 32])]);
        let expected = format!("85016a32363131323430333137191e0a50{}5820{}", "00".repeat(16), "01".repeat(32));
        assert_eq!(hex(&leaf), expected);
        let without = Array(&[Uint(1), Text("2"), Null, Bytes(&[0; 16]), Bytes(&[1; 32])]);
        assert!(hex(&without).starts_with("85016132f650"));
    }
}
