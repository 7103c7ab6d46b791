use super::simulate::play;
use super::*;
use clap::Parser;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::ffi::OsStr;

fn decoded(input: &[u8]) -> Vec<Value> {
    let mut out = Vec::new();
    decode(&mut &input[..], &mut out).unwrap();
    String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn vector(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/reader/");
    std::fs::read_to_string(format!("{folder}{name}.hex")).unwrap()
}

#[test]
fn a_card_is_one_line_with_its_fields() {
    let mut out = Vec::new();
    decode(&mut vector("card_resident_longterm").as_bytes(), &mut out).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap().trim_end(), @r#"{"event":"card","kind":"resident","name":"测试二·样例","id_number":"11019919650228004X","sex":"2","sex_name":"女","nation":"46","nation_name":"德昂","birth":"19650228","address":"测试省样例市虚构区示例路2号","issuer":"样例市公安局","valid_from":"20150401","valid_to":"长期","valid_to_is_long_term":true}"#);
}

#[test]
fn other_kinds_are_named_and_not_decoded() {
    for (name, kind) in [
        ("card_foreigner_old_I", "foreigner_i"),
        ("card_foreigner_new_Y", "foreigner_y"),
        ("card_hmt_J_taiwan", "hmt_j"),
    ] {
        assert_eq!(decoded(vector(name).as_bytes()), [json!({"event": "card", "kind": kind})]);
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
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let raw: Vec<u8> =
        digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    assert_eq!(decoded(&raw), decoded(text.as_bytes()));
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
    assert_eq!(told.lines().count(), 3, "{told}");
    assert!(!link.is_symlink());
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
