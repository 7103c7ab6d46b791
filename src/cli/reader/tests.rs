use super::simulate::play;
use super::*;
use crate::reader::sam::encode_reply;
use crate::reader::simulate::Card;
use clap::Parser;
use proptest::prelude::*;
use serde_json::json;
use std::ffi::OsStr;

fn decoded(input: &[u8]) -> Vec<Value> {
    let mut out = Vec::new();
    decode(&mut &input[..], None, &mut out).unwrap();
    String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn vector(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/reader/");
    std::fs::read_to_string(format!("{folder}{name}.hex")).unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn a_card_is_one_line_with_its_fields() {
    let mut out = Vec::new();
    decode(&mut vector("card_resident_longterm").as_bytes(), None, &mut out).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap().trim_end(), @r#"{"event":"card","kind":"resident","name":"测试二·样例","id_number":"11019919650228004X","sex":"2","sex_name":"女","nation":"46","nation_name":"德昂","birth":"19650228","address":"测试省样例市虚构区示例路2号","issuer":"样例市公安局","valid_from":"20150401","valid_to":"长期","valid_to_is_long_term":true}"#);
}

#[test]
fn every_kind_is_one_line_with_its_own_fields() {
    let lines: Vec<String> = ["card_foreigner_old_I", "card_foreigner_new_Y", "card_hmt_J_taiwan"]
        .into_iter()
        .map(|name| {
            let mut out = Vec::new();
            decode(&mut vector(name).as_bytes(), None, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        })
        .collect();
    insta::assert_snapshot!(lines.concat().trim_end(), @r#"
    {"event":"card","kind":"foreigner_i","name":"测试四","name_en":"TESTERSON, ALPHA BETA","id_number":"UTO110190030716","sex":"1","sex_name":"男","nationality":"UTO","birth":"19900307","authority":"1100","valid_from":"20180601","valid_to":"20280601","valid_to_is_long_term":false,"card_version":"01"}
    {"event":"card","kind":"foreigner_y","name":"测试五","name_en":"TESTERSON-EXAMPLEFIELD, MAXIMILIAN JOHANNES AB","id_number":"911999190101019920","sex":"2","sex_name":"女","nationality":"UTO","birth":"19010101","valid_from":"20240102","valid_to":"20340102","valid_to_is_long_term":false,"renewal_count":"01","old_number_link":"010"}
    {"event":"card","kind":"hmt_j","name":"测试七","id_number":"830000190103049929","sex":"2","sex_name":"女","birth":"19010304","address":"测试省样例市虚构区示例路7号","issuer":"样例市公安局","valid_from":"20220301","valid_to":"20270301","valid_to_is_long_term":false,"pass_number":"99999999","issue_count":"02"}
    "#);
}

/// The record of a vector with a unit of its text changed.
fn changed(name: &str, at: usize, unit: u16) -> Vec<u8> {
    let mut wire = bytes(&vector(name));
    wire[14 + at..16 + at].copy_from_slice(&unit.to_le_bytes());
    let body = wire[7..wire.len() - 1].to_vec();
    crate::reader::frame::encode(&body)
}

#[test]
fn a_card_of_an_unknown_kind_is_shown_as_it_is() {
    let wire = changed("card_resident_basic", 248, u16::from(b'Z'));
    let shown = decoded(&wire);
    let text = shown[0]["text"].as_str().unwrap();
    assert_eq!(shown, [json!({"event": "card", "kind": "unknown", "text": text})]);
    assert_eq!((text.len(), &text[..8], &text[496..500]), (512, "4b6dd58b", "5a00"));
}

#[test]
fn what_is_odd_on_a_card_is_told_behind_its_fields() {
    assert_eq!(decoded(&changed("card_resident_basic", 0, 0xD800))[0]["warnings"], json!(["broken_text"]));
    assert_eq!(decoded(&changed("card_resident_basic", 30, u16::from(b'2')))[0]["warnings"], json!(["sex_differs"]));
    let unknown_sex = &decoded(&changed("card_resident_basic", 30, u16::from(b'3')))[0];
    assert_eq!(
        (&unknown_sex["sex"], unknown_sex.get("sex_name"), unknown_sex.get("warnings")),
        (&json!("3"), None, None)
    );
}

#[test]
fn a_line_of_decode_is_a_card_file_of_the_same_card() {
    for name in [
        "card_resident_basic",
        "card_resident_longterm",
        "card_resident_fullfields",
        "card_resident_zeropad",
        "card_foreigner_old_I",
        "card_foreigner_new_Y",
        "card_hmt_J_hongkong",
        "card_hmt_J_taiwan",
    ] {
        let lines = decoded(vector(name).as_bytes());
        let card = Card::parse(&lines[0].to_string()).unwrap();
        let again = encode_reply([0, 0], 0x90, &card.data(false));
        assert_eq!(decoded(&again), lines, "{name}");
    }
}

#[test]
fn replies_and_noise_stand_in_the_order_of_the_line() {
    let text =
        "0102 aaaaaa9669000800009f0000000097 ff             \n            zz aaaaaa9669000400008084 aaaaaa96690508";
    assert_eq!(
        decoded(text.as_bytes()),
        [
            json!({"event": "noise", "bytes": 2}),
            json!({"event": "reply", "sw3": "9F", "data": "00000000"}),
            json!({"event": "noise", "bytes": 3}),
            json!({"event": "reply", "sw3": "80", "data": ""}),
            json!({"event": "noise", "bytes": 7}),
        ]
    );
}

#[test]
fn raw_bytes_and_their_text_say_the_same() {
    let text = vector("stream_flipped_bit_then_good");
    assert_eq!(decoded(&bytes(&text)), decoded(text.as_bytes()));
    assert!(decoded(b"").is_empty());
}

#[test]
fn a_card_cannot_command_the_terminal() {
    let line = Line::Fault { code: "", message: "\u{1b}[2J\u{7f}\u{9b}2J".to_owned() }.text();
    assert_eq!(line, r#"{"event":"fault","code":"","message":"\u001b[2J\u007f\u009b2J"}"#);
}

#[derive(Parser)]
struct Command {
    #[command(subcommand)]
    verb: ReaderVerb,
}

fn simulated(options: &[&OsStr]) -> SimulateArgs {
    match Command::parse_from([&["reader".as_ref(), "simulate".as_ref()], options].concat()).verb {
        ReaderVerb::Simulate(args) => args,
        other => panic!("{other:?}"),
    }
}

fn watched(options: &[&OsStr]) -> WatchArgs {
    match Command::parse_from([&["reader".as_ref(), "watch".as_ref()], options].concat()).verb {
        ReaderVerb::Watch(args) => args,
        other => panic!("{other:?}"),
    }
}

/// A writer that lends its bytes to another thread.
#[derive(Clone, Default)]
struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Output that ends the watch at the line it waits for.
struct Until<'a> {
    seen: &'a mut String,
    end: &'a str,
}

impl Write for Until<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.seen.push_str(std::str::from_utf8(bytes).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.seen.lines().any(|line| line == self.end) { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

#[test]
fn a_simulated_card_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    let (link, script) = (folder.path().join("idreader"), folder.path().join("script.toml"));
    std::fs::write(folder.path().join("card.hex"), vector("card_resident_basic")).unwrap();
    std::fs::write(
        &script,
        r#"
        module = { immediate = true }
        step = [
            { do = "present", card = "card.hex" }, { do = "wait_read" }, { do = "remove" },
        ]"#,
    )
    .unwrap();
    let args = simulated(&["--link".as_ref(), link.as_os_str(), "--script".as_ref(), script.as_os_str()]);
    let (stop, stopped) = channel();
    let told = Shared::default();
    let mut out = told.clone();
    let player = std::thread::spawn(move || play(&args, &stopped, &mut out).unwrap());

    let port = watched(&["--seconds=60".as_ref(), "--port".as_ref(), link.as_os_str()]);
    let mut seen = String::new();
    watch(&port, &mut Until { seen: &mut seen, end: r#"{"event":"removed"}"# }).unwrap();
    drop(stop);
    player.join().unwrap();

    let events: Vec<String> = seen
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].as_str().unwrap().to_owned())
        .filter(|event| event != "reply")
        .collect();
    let from_up: Vec<&str> = events.iter().map(String::as_str).skip_while(|event| *event != "up").collect();
    assert_eq!(from_up, ["up", "card", "removed"], "{seen}");
    assert!(seen.contains(r#""simulated":true"#) && seen.contains("110199199003070017"));
    let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
    assert_eq!(told.lines().count(), 4, "{told}");
    assert!(!link.is_symlink());
}

#[test]
fn a_card_that_is_read_again_in_doubt_is_printed_once() {
    let (lines, printed) = channel();
    let mut watch = Watch { lines, last: String::new(), card: None };
    let frame = |bytes: &[u8]| Decoder::for_replies().feed(bytes).into_iter().find_map(Event::frame).unwrap();
    let read = frame(&bytes(&vector("card_resident_basic")));
    let told = ReaderEvent::Presented(card(&read).unwrap().presented());
    let printed = |watch: &mut Watch, event: Option<&ReaderEvent>| {
        watch.frame(&read);
        if let Some(event) = event {
            watch.event(event.clone());
        }
        printed.try_iter().filter(|line| line.contains("\"event\":\"card\"")).count()
    };
    assert_eq!(printed(&mut watch, Some(&told)), 1);
    assert_eq!(printed(&mut watch, None), 0, "still the same card");
    assert_eq!(printed(&mut watch, Some(&told)), 1, "laid down again");
    watch.frame(&read);
    watch.frame(&frame(&bytes("aaaaaa9669000400004044")));
    watch.event(ReaderEvent::Presented(Presented::UnknownKind));
    assert_eq!(printed(&mut watch, None), 0, "another card, of which nothing is known");
}

#[test]
fn a_photo_is_told_by_its_state_and_never_shown() {
    let rgb: Vec<u8> = (0..=255).cycle().take(38_556).collect();
    let decoded = Photo::Decoded(crate::domain::photo::Portrait::new(&rgb).unwrap());
    let failed = Photo::DecoderFailed(crate::domain::photo::DecoderFault::Overrun);
    let none = json!({"event": "photo", "state": "raw", "width": null, "height": null, "code": null, "message": null});
    let with = |changes: &[(&str, Value)]| {
        let mut line = none.clone();
        changes.iter().for_each(|(key, value)| line[key] = value.clone());
        line
    };
    let message = json!("expected the photo decoder to end within its time, found it running");
    for (photo, expected) in [
        (Photo::Absent, with(&[("state", json!("absent"))])),
        (Photo::Raw([0x57].into()), none.clone()),
        (decoded, with(&[("state", json!("decoded")), ("width", json!(102)), ("height", json!(126))])),
        (failed, with(&[("state", json!("failed")), ("code", json!("KD-3122")), ("message", message)])),
    ] {
        let develop = |wlt: Photo| {
            assert!(matches!(wlt, Photo::Raw(raw) if raw.len() == 1024));
            photo.clone()
        };
        let mut out = Vec::new();
        decode(&mut vector("card_resident_basic").as_bytes(), Some(&develop), &mut out).unwrap();
        let lines: Vec<Value> = out.split(|b| *b == b'\n').filter_map(|l| serde_json::from_slice(l).ok()).collect();
        assert!(matches!(&lines[..], [card, line] if card["event"] == "card" && *line == expected), "{lines:?}");
    }
}

#[test]
fn a_missing_port_is_watched_with_its_own_sentence() {
    let args = watched(&["--seconds=60".as_ref(), "--port=/dev/no-such-reader".as_ref()]);
    let mut seen = String::new();
    watch(&args, &mut Until { seen: &mut seen, end: r#"{"event":"down","cause":"KD-3101"}"# }).unwrap();
    let sentence = "expected a serial port at /dev/no-such-reader, found nothing";
    assert_eq!(seen.lines().next(), Some(&*format!(r#"{{"event":"fault","code":"KD-3101","message":"{sentence}"}}"#)));
}

#[test]
fn a_card_file_that_is_none_is_named_before_the_port_appears() {
    let folder = tempfile::tempdir().unwrap();
    let (link, card) = (folder.path().join("idreader"), folder.path().join("card.hex"));
    std::fs::write(&card, "aa bb").unwrap();
    let args = simulated(&["--link".as_ref(), link.as_os_str(), "--card".as_ref(), card.as_os_str()]);
    let (_stop, stopped) = channel();
    let refused = play(&args, &stopped, &mut Vec::new()).unwrap_err();
    assert!(matches!(refused, SimulateError::Card { .. }), "{refused}");
    assert!(!link.exists());
}

proptest! {
    #[test]
    fn any_input_is_decoded_to_its_end(input in prop::collection::vec(any::<u8>(), 0..300)) {
        decoded(&input);
        decoded(&[b"aaaaaa9669", &input[..]].concat());
    }
}
