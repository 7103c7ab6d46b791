//! The canonical bytes of any value that serde can walk, written in one go.
//!
//! An object's members are written as they come and put in order when it ends, if they were not in order already.

use super::{JcsError, MAX_INTEGER};
use serde::ser::{self, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt::Display;

impl ser::Error for JcsError {
    fn custom<T: Display>(_: T) -> Self {
        Self::Unwritable
    }
}

/// Appends what it is given.
pub(super) struct Writer<'a>(pub(super) &'a mut Vec<u8>);

/// An array or object that has begun.
pub(super) struct Open<'a> {
    out: &'a mut Vec<u8>,
    began: usize,
    members: Vec<Member>,
    closing: &'static [u8],
}

/// Where a member lies in the output.
struct Member {
    /// Its first byte, the quote of its name.
    from: usize,
    /// The colon after its name.
    colon: usize,
    /// The byte after its value.
    end: usize,
    /// Whether its name is ASCII without an escape, so that bytes order it as UTF-16 units do.
    plain: bool,
}

impl<'a> Writer<'a> {
    fn open(self, opening: u8, members: usize, closing: &'static [u8]) -> Open<'a> {
        self.0.push(opening);
        Open { began: self.0.len(), out: self.0, members: Vec::with_capacity(members.min(32)), closing }
    }

    /// The one member of a variant that holds something.
    fn variant(self, name: &'static str) -> &'a mut Vec<u8> {
        self.0.push(b'{');
        write_string(name, self.0);
        self.0.push(b':');
        self.0
    }

    fn integer(self, magnitude: u64, negative: bool) -> Result<(), JcsError> {
        if magnitude > MAX_INTEGER {
            return Err(JcsError::Number);
        }
        if negative {
            self.0.push(b'-');
        }
        write_digits(magnitude, self.0);
        Ok(())
    }
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = JcsError;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Open<'a>;
    type SerializeTupleVariant = Open<'a>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    fn serialize_bool(self, value: bool) -> Result<(), JcsError> {
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), JcsError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), JcsError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), JcsError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), JcsError> {
        self.integer(value.unsigned_abs(), value < 0)
    }

    fn serialize_u8(self, value: u8) -> Result<(), JcsError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), JcsError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), JcsError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), JcsError> {
        self.integer(value, false)
    }

    fn serialize_f32(self, _: f32) -> Result<(), JcsError> {
        Err(JcsError::Number)
    }

    fn serialize_f64(self, _: f64) -> Result<(), JcsError> {
        Err(JcsError::Number)
    }

    fn serialize_char(self, value: char) -> Result<(), JcsError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), JcsError> {
        write_string(value, self.0);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), JcsError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), JcsError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JcsError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), JcsError> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), JcsError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), JcsError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), JcsError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), JcsError> {
        let out = self.variant(variant);
        value.serialize(Writer(out))?;
        out.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, JcsError> {
        Ok(self.open(b'[', 0, b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, JcsError> {
        Ok(self.open(b'[', 0, b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, JcsError> {
        Ok(self.open(b'[', 0, b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, JcsError> {
        Ok(Writer(self.variant(variant)).open(b'[', 0, b"]}"))
    }

    fn serialize_map(self, members: Option<usize>) -> Result<Open<'a>, JcsError> {
        Ok(self.open(b'{', members.unwrap_or_default(), b"}"))
    }

    fn serialize_struct(self, _: &'static str, members: usize) -> Result<Open<'a>, JcsError> {
        Ok(self.open(b'{', members, b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        members: usize,
    ) -> Result<Open<'a>, JcsError> {
        Ok(Writer(self.variant(variant)).open(b'{', members, b"}}"))
    }
}

impl Open<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JcsError> {
        if self.out.len() > self.began {
            self.out.push(b',');
        }
        value.serialize(Writer(self.out))
    }

    fn name<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), JcsError> {
        if !self.members.is_empty() {
            self.out.push(b',');
        }
        let from = self.out.len();
        name.serialize(Writer(self.out))?;
        let colon = self.out.len();
        let written = self.out.get(from..).unwrap_or_default();
        if written.first() != Some(&b'"') {
            // Whatever is no text has no place as a name.
            return Err(JcsError::Unwritable);
        }
        let plain = written.is_ascii() && !written.contains(&b'\\');
        self.out.push(b':');
        self.members.push(Member { from, colon, end: colon, plain });
        Ok(())
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JcsError> {
        value.serialize(Writer(self.out))?;
        let end = self.out.len();
        if let Some(member) = self.members.last_mut() {
            member.end = end;
        }
        Ok(())
    }

    fn close(mut self) {
        let out = &*self.out;
        if !self.members.is_sorted_by(|a, b| by_name(out, a, b).is_lt()) {
            self.put_in_order();
        }
        self.out.extend_from_slice(self.closing);
    }

    fn put_in_order(&mut self) {
        let out = &*self.out;
        self.members.sort_by(|a, b| by_name(out, a, b));
        let mut sorted = Vec::with_capacity(self.out.len() - self.began);
        for (n, member) in self.members.iter().enumerate() {
            if n > 0 {
                sorted.push(b',');
            }
            sorted.extend_from_slice(self.out.get(member.from..member.end).unwrap_or_default());
        }
        self.out.truncate(self.began);
        self.out.append(&mut sorted);
    }
}

macro_rules! items {
    ($($trait:ident :: $add:ident),*) => {
        $(impl ser::$trait for Open<'_> {
            type Ok = ();
            type Error = JcsError;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JcsError> {
                self.item(value)
            }

            fn end(self) -> Result<(), JcsError> {
                self.close();
                Ok(())
            }
        })*
    };
}

items!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Open<'_> {
            type Ok = ();
            type Error = JcsError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), JcsError> {
                self.name(name)?;
                self.value(value)
            }

            fn end(self) -> Result<(), JcsError> {
                self.close();
                Ok(())
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Open<'_> {
    type Ok = ();
    type Error = JcsError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), JcsError> {
        self.name(name)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JcsError> {
        self.value(value)
    }

    fn end(self) -> Result<(), JcsError> {
        self.close();
        Ok(())
    }
}

/// Plain names order by their bytes as by their UTF-16 units; others are read back for it.
fn by_name(out: &[u8], a: &Member, b: &Member) -> Ordering {
    let plain = a.plain && b.plain;
    let [a, b] = [a, b].map(|member| out.get(member.from..member.colon).unwrap_or_default());
    if plain {
        let inside = |name: &[u8]| name.len().saturating_sub(1);
        return a.get(1..inside(a)).cmp(&b.get(1..inside(b)));
    }
    let units = |name| serde_json::from_slice::<String>(name).unwrap_or_default().encode_utf16().collect::<Vec<u16>>();
    units(a).cmp(&units(b))
}

fn write_digits(mut number: u64, out: &mut Vec<u8>) {
    let from = out.len();
    loop {
        out.push(b'0' + u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(from..) {
        digits.reverse();
    }
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut plain = text.as_bytes();
    while let Some(at) = plain.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        let (before, rest) = plain.split_at(at);
        out.extend_from_slice(before);
        if let Some((special, rest)) = rest.split_first() {
            escape(*special, out);
            plain = rest;
        }
    }
    out.extend_from_slice(plain);
    out.push(b'"');
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let short = match byte {
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0C => b'f',
        b'\r' => b'r',
        other => other,
    };
    if short == byte && byte < 0x20 {
        out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
    } else {
        out.extend_from_slice(&[b'\\', short]);
    }
}
