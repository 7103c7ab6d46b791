//! The vectors of id-card-reader.md: frames, replies, cards, streams and numbers, by name.
//!
//! `tests/vectors/reader/make_vectors.py tests/vectors/reader` makes them again, byte for byte.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

use jiff::civil::date;
use kaodian::domain::document::{CardRead, DocKind, Document, DocumentError, ValidTo};
use kaodian::domain::photo::Photo;
use kaodian::reader::frame::{self, Decoder, Event, Flaw, Frame};
use kaodian::reader::record::{self, CardKind, Field, Fields, Record, Text};
use kaodian::reader::sam::{self, Command, Judgement, Reply, SamNumber};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/reader"))
}

fn vectors() -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder().join("vectors.json")).unwrap()).unwrap()
}

fn section(name: &str) -> Vec<(String, Value)> {
    vectors()[name].as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn sha256(bytes: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}

/// The one frame in these bytes.
fn only_frame(bytes: &[u8], mut decoder: Decoder) -> Frame {
    let mut events = decoder.feed(bytes);
    events.extend(decoder.idle_gap());
    assert_eq!((events.len(), decoder.take_discarded()), (1, 0));
    events.remove(0).frame().unwrap()
}

#[test]
fn commands_are_computed_as_published() {
    let named = |name: &str| {
        Some(match name {
            "reset" => Command::Reset,
            "status" => Command::Status,
            "read_sam_id" => Command::SamNumber,
            "find_card" => Command::Find,
            "select_card" => Command::Select,
            "read_base" => Command::Read,
            "read_base_and_fingerprint" => Command::ReadWithFingerprint,
            "read_additional_all" => Command::AllAddresses,
            "read_additional_latest" => Command::LatestAddress,
            "read_chip_number" => Command::ChipNumber,
            "set_baud_115200" => Command::SetSpeed(0),
            "set_baud_57600" => Command::SetSpeed(1),
            "set_baud_38400" => Command::SetSpeed(2),
            "set_baud_19200" => Command::SetSpeed(3),
            "set_baud_9600" => Command::SetSpeed(4),
            "set_max_rf_bytes_80" => Command::SetMaxRadioFrame(80),
            _ => return None,
        })
    };
    let all = section("commands");
    assert_eq!(all.len(), 18);
    for (name, vector) in all {
        let wire = bytes(vector["hex"].as_str().unwrap());
        match named(&name) {
            Some(command) => {
                assert_eq!(command.bytes(), wire, "{name}");
                let frame = only_frame(&wire, Decoder::for_commands());
                assert_eq!(Command::parse(frame.body()), Some(command), "{name}");
                assert_eq!(frame.length() as u64, vector["length_field"].as_u64().unwrap(), "{name}");
            }
            None => assert_eq!(frame::encode(&wire[7..wire.len() - 1]), wire, "{name}: a vendor's frame"),
        }
    }
}

#[test]
fn replies_come_apart_and_are_known() {
    let all = section("replies");
    assert_eq!(all.len(), 29);
    for (name, vector) in all {
        let wire = bytes(vector["hex"].as_str().unwrap());
        let frame = only_frame(&wire, Decoder::for_replies());
        let reply = Reply::of(&frame).unwrap();
        let [sw1, sw2] = reply.card_status;
        assert_eq!(hex(&[sw1, sw2, reply.sw3]), vector["sw"].as_str().unwrap(), "{name}");
        assert_eq!(hex(reply.data), vector["data"].as_str().unwrap(), "{name}");
        assert_eq!(sam::encode_reply(reply.card_status, reply.sw3, reply.data), wire, "{name}");
        assert!(sam::status(reply.sw3).is_some(), "{name}");
        let asked = match name.as_str() {
            "reply_find_ok_iin_zero" | "reply_find_ok_iin" => Command::Find,
            "reply_select_ok_sn_zero" | "reply_select_ok_sn" => Command::Select,
            "reply_sam_id" => {
                let number = SamNumber::parse(reply.data).unwrap();
                assert_eq!(number.to_string(), vector["decoded"].as_str().unwrap());
                Command::SamNumber
            }
            "reply_additional_latest" => Command::LatestAddress,
            "reply_90" => Command::Status,
            _ => {
                let refused = |command: Command| matches!(command.judge(&reply), Judgement::Refused(_));
                assert!([Command::Find, Command::Select, Command::Read].into_iter().any(refused), "{name}");
                continue;
            }
        };
        assert_eq!(asked.judge(&reply), Judgement::Done, "{name}");
    }
}

#[test]
fn cards_come_apart_by_their_length_fields() {
    let all = section("cards");
    assert_eq!(all.len(), 13);
    for (name, vector) in all {
        let wire = bytes(&std::fs::read_to_string(folder().join(vector["file"].as_str().unwrap())).unwrap());
        assert_eq!(wire.len() as u64, vector["total_bytes"].as_u64().unwrap(), "{name}");
        let frame = only_frame(&wire, Decoder::for_replies());
        let reply = Reply::of(&frame).unwrap();
        let with_fingerprints = vector["answers_command"] == "30 10";
        let asked = if with_fingerprints { Command::ReadWithFingerprint } else { Command::Read };
        assert_eq!(asked.judge(&reply), Judgement::Done, "{name}");
        let parts = record::parts(reply.data, with_fingerprints).unwrap();
        assert_eq!(sha256(parts.text), vector["text_sha256"].as_str().unwrap(), "{name}");
        assert_eq!(sha256(parts.photo), vector["photo_sha256"].as_str().unwrap(), "{name}");
        assert_eq!(parts.photo.len() as u64, vector["photo_len"].as_u64().unwrap(), "{name}");
        let fingerprints = parts.fingerprints.map(|prints| prints.len() as u64);
        assert_eq!(fingerprints, vector["fingerprint_len"].as_u64(), "{name}");

        let record = Record::of(&parts).unwrap();
        let raw = if parts.photo.is_empty() { Photo::Absent } else { Photo::Raw(parts.photo.into()) };
        assert_eq!(record.photo(), &raw, "{name}");
        let Text::Known(card) = record.text() else { panic!("{name}") };
        check_fields(&name, card, &vector["fields"]);
        check_read(&name, &card.read(raw), &vector["fields"]);
        // Written again it is the same record, but for the blanks of a card that is padded with zeros.
        if name != "card_resident_zeropad" {
            assert_eq!(card.encode().unwrap(), parts.text, "{name}");
        }
    }
}

fn check_fields(name: &str, card: &Fields, expected: &Value) {
    let kind = match card.kind() {
        CardKind::Resident => "resident",
        CardKind::ForeignerI => "foreigner_old",
        CardKind::ForeignerY => "foreigner_new",
        CardKind::HmtJ => "hmt",
    };
    assert_eq!(kind, expected["kind"], "{name}");
    for (field, value) in card.iter() {
        assert_eq!(value, expected[field.id()], "{name} {field:?}");
    }
    // What the vector has besides: its kind, the meaning of codes, and places that hold nothing on this kind of card.
    for (key, value) in expected.as_object().unwrap() {
        let ours = Field::ALL.into_iter().any(|field| field.id() == key && card.kind().layout().room(field) > 0);
        let besides = ["kind", "type_flag", "nation_name", "sex_name", "valid_to_is_long_term"].contains(&key.as_str());
        assert!(ours || besides || value == "", "{name}: {key} is not read");
    }
    assert_eq!(card.meaning(Field::Nation), expected["nation_name"].as_str(), "{name}");
    assert_eq!(card.meaning(Field::Sex), expected["sex_name"].as_str(), "{name}");
    assert_eq!(card.is_long_term(), expected["valid_to_is_long_term"].as_bool().unwrap(), "{name}");
}

fn check_read(name: &str, read: &CardRead, expected: &Value) {
    assert_eq!(read.number, expected["id_number"], "{name}");
    assert_eq!(read.name, expected["name"], "{name}");
    assert_eq!(read.name_latin.as_deref(), expected["name_en"].as_str(), "{name}");
    let permit = expected["pass_number"].as_str().filter(|number| !number.is_empty());
    assert_eq!(read.permit_number.as_deref(), permit, "{name}");
    let long_term = expected["valid_to_is_long_term"].as_bool().unwrap();
    assert_eq!(read.valid_to == ValidTo::LongTerm, long_term, "{name}");
    assert_eq!(read.warnings, [], "{name}");
    assert!(read.document(date(2026, 11, 24)).is_ok(), "{name}");
}

#[test]
fn streams_give_their_events_at_every_chunk_boundary_and_gap() {
    let all = section("streams");
    assert_eq!(all.len(), 14);
    for (name, vector) in all {
        let mut decoder = Decoder::for_replies();
        let mut events = Vec::new();
        for chunk in vector["chunks"].as_array().unwrap() {
            events.extend(decoder.feed(&bytes(chunk["hex"].as_str().unwrap())));
            if chunk["idle_ms_after"].as_u64().unwrap() > 0 {
                events.extend(decoder.idle_gap());
            }
        }
        let expected = vector["events"].as_array().unwrap();
        assert_eq!(events.len(), expected.len(), "{name}: {events:?}");
        for (event, expected) in events.iter().zip(expected) {
            match event {
                Event::Frame(frame) => {
                    let wire = frame.bytes();
                    assert_eq!(wire.len() as u64, expected["frame_len"].as_u64().unwrap(), "{name}");
                    assert_eq!(hex(&frame.body()[..3]), expected["sw"].as_str().unwrap(), "{name}");
                    assert_eq!(sha256(&wire), expected["sha256"].as_str().unwrap(), "{name}");
                }
                Event::Flaw(flaw) => {
                    let word = match flaw {
                        Flaw::Length => "bad_length",
                        Flaw::Checksum => "checksum",
                        Flaw::Truncated => "truncated",
                    };
                    assert_eq!(word, expected["error"].as_str().unwrap(), "{name}");
                }
            }
        }
        assert_eq!(decoder.take_discarded(), vector["discarded_bytes"].as_u64().unwrap(), "{name}");
        assert!(!decoder.is_partial(), "{name}");
    }
}

#[test]
fn numbers_are_valid_or_not_as_documents() {
    let all = vectors()["id_numbers"].as_array().unwrap().clone();
    assert_eq!(all.len(), 11);
    for vector in all {
        let number = vector["number"].as_str().unwrap();
        let kind = match (number.len(), number.as_bytes()[0]) {
            (15, _) | (_, b'9') => DocKind::ForeignerPr,
            (_, b'8') => DocKind::HmtResidence,
            _ => DocKind::ResidentId,
        };
        let document = Document::parse(kind, number, date(2026, 11, 24));
        if vector["valid"].as_bool().unwrap() {
            assert!(document.is_ok(), "{}", vector["kind"]);
        } else {
            assert!(matches!(document, Err(DocumentError::CheckCharacter { .. })), "{}", vector["kind"]);
        }
    }
}
