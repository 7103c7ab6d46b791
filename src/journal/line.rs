//! The bytes of one journal line (rules.md §11, sealing.md §8). Frozen: old lines are read forever.
//!
//! ```text
//! line   canonical JSON (proof::jcs) of one object, UTF-8, without LF; a file puts one LF after each line
//! {"a":{"desk":1..99,"lc":n,"op":"chen"|"-","q":"synced|attested|untrusted"[,"w":"wang"]},
//!  "d":{…},                  the fields of the event, domain::event or domain::ledger
//!  "k":"candidate_admitted/1",   catalogue name and version
//!  "seq":1…,                 place in the stream: a session at a desk, or the ledger
//!  "t":1795480937114}        unix milliseconds
//! ```
//!
//! Members stand in that order because it is ascending. Values are strings and integers only, inside arrays and
//! objects too: booleans are 0 and 1, an absent value is left out, an empty array is written. `parse` takes exactly
//! the bytes that `encode` writes, so that a line has one spelling and a hash means one event.

use crate::domain::catalogue::Fact;
use crate::domain::event::{Author, Recorded};
use crate::domain::time::Instant;
use crate::proof::jcs::{self, JcsError};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Why bytes are not a line. Carries kind and place, never content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Not canonical JSON.
    #[error(transparent)]
    Json(#[from] JcsError),
    /// A `null`, `true` or `false`.
    #[error("expected strings and integers only, found null or a boolean")]
    Literal,
    /// Not an object of the five members, or a member of another type.
    #[error("expected the members a, d, k, seq, t of a line, found others")]
    Members,
    /// An event this release does not know.
    #[error("expected an event of the catalogue, found an unknown kind")]
    UnknownKind,
    /// The fields are not those of their kind.
    #[error("expected the fields of {kind}, found others")]
    Fields {
        /// The kind that the line names.
        kind: &'static str,
    },
}

#[derive(Serialize)]
struct Written<'a, F> {
    a: &'a Author,
    d: F,
    k: &'static str,
    seq: u64,
    t: Instant,
}

struct Fields<'a, E>(&'a E);

impl<E: Fact> Serialize for Fields<'_, E> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write_fields(to)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'a> {
    a: Author,
    #[serde(borrow)]
    d: &'a RawValue,
    #[serde(borrow)]
    k: Cow<'a, str>,
    seq: u64,
    t: Instant,
}

/// Writes the bytes of a line, without LF.
///
/// # Errors
/// [`JcsError::Number`] when an integer of the event, its counter or its time is beyond 2^53-1.
pub fn encode<E: Fact>(recorded: &Recorded<E>) -> Result<Vec<u8>, LineError> {
    let members = Written {
        a: &recorded.author,
        d: Fields(&recorded.event),
        k: recorded.event.kind(),
        seq: recorded.seq,
        t: recorded.at,
    };
    Ok(jcs::to_bytes(&members)?)
}

/// Reads the bytes of a line, without LF.
///
/// # Errors
/// [`LineError`] for everything that [`encode`] does not write.
pub fn parse<E: Fact>(bytes: &[u8]) -> Result<Recorded<E>, LineError> {
    // Bytes that encode to themselves are canonical, so only a line that is refused is looked at more closely.
    let found = match read(bytes) {
        Ok(recorded) if encode(&recorded).is_ok_and(|ours| ours == bytes) => return Ok(recorded),
        // A value type may read more than it writes; a line may not.
        Ok(recorded) => LineError::Fields { kind: recorded.event.kind() },
        Err(found) => found,
    };
    refuse_literals(&jcs::parse(bytes)?)?;
    Err(found)
}

fn read<E: Fact>(bytes: &[u8]) -> Result<Recorded<E>, LineError> {
    let line: Read<'_> = serde_json::from_slice(bytes).map_err(|_| LineError::Members)?;
    let kind = *E::KINDS.iter().find(|kind| **kind == line.k).ok_or(LineError::UnknownKind)?;
    let event = E::parse(kind, line.d.get()).map_err(|_| LineError::Fields { kind })?;
    Ok(Recorded { seq: line.seq, at: line.t, author: line.a, event })
}

fn refuse_literals(value: &Value) -> Result<(), LineError> {
    match value {
        Value::Null | Value::Bool(_) => Err(LineError::Literal),
        Value::Array(items) => items.iter().try_for_each(refuse_literals),
        Value::Object(members) => members.values().try_for_each(refuse_literals),
        Value::Number(_) | Value::String(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Event;
    use crate::journal::samples;
    use proptest::prelude::*;

    const ADMITTED: &str = concat!(
        r#"{"a":{"desk":2,"lc":41,"op":"wang","q":"synced"},"d":{"cand":"2611240317","confirmed":[],"doc":"resident_id","#,
        r#""expired":0,"late_s":0,"lifts":[],"name_match":"exact","photo":"none","room":"03","#,
        r#""salt":"00112233445566778899aabbccddeeff","seat":"17","via":"chip"},"k":"candidate_admitted/1","seq":40,"t":1795480937114}"#
    );

    #[test]
    fn a_line_is_read_and_written_again() {
        let recorded = parse::<Event>(ADMITTED.as_bytes()).unwrap();
        assert_eq!((recorded.seq, recorded.author.lc, recorded.at), (40, 41, Instant(1_795_480_937_114)));
        assert_eq!(encode(&recorded).unwrap(), ADMITTED.as_bytes());
    }

    #[test]
    fn what_encode_does_not_write_is_refused() {
        let fields = LineError::Fields { kind: "candidate_admitted/1" };
        for (from, to, error) in [
            (r#""seq":40"#, r#""seq":040"#, LineError::Json(JcsError::Syntax { at: 293 })),
            (r#""seq":40"#, r#""seq":40.0"#, LineError::Json(JcsError::Number)),
            (r#""seq":40"#, r#""seq":-1"#, LineError::Members),
            (r#""seq":40"#, r#""seq":"40""#, LineError::Members),
            (r#""seq":40,"#, r#""seq":40,"sex":"F","#, LineError::Members),
            (r#","t":1795480937114"#, "", LineError::Members),
            (r#""lc":41"#, r#""lc":true"#, LineError::Literal),
            (r#""q":"synced""#, r#""q":"synced","w":null"#, LineError::Literal),
            (r#""desk":2"#, r#""desk":0"#, LineError::Members),
            (r#""op":"wang""#, r#""op":"Wang""#, LineError::Members),
            ("admitted/1", "admitted/2", LineError::UnknownKind),
            (r#""seat":"17","#, "", fields),
            (r#""expired":0"#, r#""expired":2"#, fields),
            (r#""cand":"#, r#""bird":"",  "cand":"#, LineError::Json(JcsError::NotCanonical { at: 64 })),
            (r#""cand":"#, r#""bird":"","cand":"#, fields),
            (r#""confirmed":[]"#, r#""confirmed":["KD-A-+1"]"#, fields),
        ] {
            assert!(ADMITTED.contains(from), "{from}");
            let line = ADMITTED.replacen(from, to, 1);
            assert_eq!(parse::<Event>(line.as_bytes()), Err(error), "{to}");
        }
        assert_eq!(parse::<Event>(b"[]"), Err(LineError::Members));
    }

    #[test]
    fn an_error_carries_no_content() {
        let line = ADMITTED.replace("2611240317", "zhang-san");
        let said = format!("{:?} {0}", parse::<Event>(line.as_bytes()).unwrap_err());
        assert!(!said.contains("zhang"), "{said}");
    }

    #[test]
    fn integers_that_readers_would_round_are_not_written() {
        let mut recorded = parse::<Event>(ADMITTED.as_bytes()).unwrap();
        recorded.author.lc = 1 << 53;
        assert_eq!(encode(&recorded), Err(LineError::Json(JcsError::Number)));
    }

    proptest! {
        #[test]
        fn every_event_survives_its_line(recorded in samples::recorded()) {
            let bytes = encode(&recorded).unwrap();
            prop_assert!(!bytes.contains(&b'\n'));
            prop_assert_eq!(parse(&bytes), Ok(recorded));
        }

        #[test]
        fn bytes_that_parse_are_the_ones_that_encode(recorded in samples::recorded(), at: prop::sample::Index, byte: u8) {
            let mut bytes = encode(&recorded).unwrap();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(read) = parse::<Event>(&bytes) {
                prop_assert_eq!(encode(&read), Ok(bytes));
            }
        }
    }
}
