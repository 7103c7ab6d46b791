//! Every line of vectors.json by name, and what holds for any bytes in any chunks.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn scanner(terminator: Terminator) -> Device {
    Device::Scanner(ScannerSettings { terminator, ..ScannerSettings::default() })
}

fn rfid(format: Format, form: UidForm) -> Device {
    Device::Rfid(RfidSettings { format, form })
}

/// Feeds everything at once, then lets two silent seconds pass.
fn hear(device: &Device, bytes: &[u8]) -> (Vec<Heard>, u64) {
    let mut decoder = Decoder::new(device, 9600);
    let mut heard = decoder.feed(bytes, ms(10));
    heard.extend(decoder.pass(ms(2000)));
    assert_eq!((decoder.held(), decoder.due()), (0, None), "nothing waits after silence");
    (heard, decoder.take_noise())
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn only_scan(device: &Device, line: &[u8]) -> Scan {
    let (heard, noise) = hear(device, line);
    match (heard.as_slice(), noise) {
        ([Heard::Scan(scan)], 0) => scan.clone(),
        other => panic!("expected one code, found {other:?}"),
    }
}

fn only_tag(device: &Device, line: &[u8]) -> Tag {
    let (heard, noise) = hear(device, line);
    match (heard.as_slice(), noise) {
        ([Heard::Tag(tag)], 0) => tag.clone(),
        other => panic!("expected one card, found {other:?}"),
    }
}

/// The number in every form that can be computed from it.
fn forms(uid: &Uid) -> Vec<String> {
    use UidForm::{AsRead, Dec10, Low24, Reversed, Wiegand26};
    [AsRead, Reversed, Low24, Wiegand26, Dec10].into_iter().filter_map(|form| uid.form(form)).collect()
}

#[test]
fn every_line_of_the_vectors_is_what_the_vectors_say() {
    let text = include_str!("../../../tests/vectors/reader/vectors.json");
    let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
    let lines = vectors["lines"].as_object().unwrap();
    let line = |name: &str| bytes(lines[name]["hex"].as_str().unwrap());
    let mut met = BTreeSet::new();
    let mut met_line = |name: &'static str| {
        met.insert(name);
        line(name)
    };

    for (name, terminator, text) in [
        ("barcode_cr", Terminator::Any, "TEST0000001"),
        ("barcode_crlf", Terminator::Any, "TEST0000002"),
        ("barcode_lf", Terminator::Any, "TEST0000003"),
        ("barcode_tab", Terminator::Tab, "TEST0000004"),
        ("barcode_none_idle", Terminator::None, "TEST0000005"),
        ("barcode_stx_etx", Terminator::Etx, "TEST0000006"),
    ] {
        let scan = only_scan(&scanner(terminator), &met_line(name));
        let expected = (text, Encoded::Utf8, name != "barcode_none_idle");
        assert_eq!((scan.text.as_str(), scan.encoded, scan.terminated), expected, "{name}");
    }

    let with_aim = Device::Scanner(ScannerSettings { aim: true, ..ScannerSettings::default() });
    for (name, aim, text) in
        [("barcode_aim_prefix", "]Q1", "TEST0000007"), ("barcode_gs1", "]C1", "010000000000000017\u{1d}10LOT1")]
    {
        let code = met_line(name);
        let scan = only_scan(&with_aim, &code);
        if name == "barcode_gs1" {
            assert!(scan.text.contains('\u{1d}'), "{name}");
        } else {
            assert_eq!(scan.text, text, "{name}");
        }
        assert_eq!(scan.aim.as_deref(), Some(aim), "{name}");
        let plain = only_scan(&scanner(Terminator::Any), &code);
        assert_eq!((plain.text, plain.aim), (format!("{aim}{}", scan.text), None), "{name}: not configured");
    }
    for (name, encoded) in [("qr_utf8", Encoded::Utf8), ("qr_gbk", Encoded::Gb18030)] {
        let scan = only_scan(&scanner(Terminator::Any), &met_line(name));
        assert_eq!((scan.text.as_str(), scan.encoded), ("准考证|TEST0008|测试一", encoded), "{name}");
    }

    let em4100 = rfid(Format::Em4100Ascii, UidForm::Dec10);
    for (name, device) in [
        ("rfid_em4100_ascii14", em4100.clone()),
        ("rfid_em4100_binary10", rfid(Format::StxBinary, UidForm::Dec10)),
        ("rfid_repeated", em4100.clone()),
    ] {
        let tag = only_tag(&device, &met_line(name));
        let all = ["0600BC614E", "4E61BC0006", "12345678", "18824910", "0012345678"];
        assert_eq!(forms(&tag.uid), all, "{name}");
        assert_eq!((tag.compared.as_deref(), tag.random), (Some("0012345678"), false), "{name}");
    }
    let plain = |number| rfid(Format::Plain(number), UidForm::AsRead);
    let decimal = only_tag(&plain(PlainNumber::Dec10), &met_line("rfid_decimal10_crlf"));
    assert_eq!(forms(&decimal.uid), ["00BC614E", "4E61BC00", "12345678", "18824910", "0012345678"]);
    let wiegand = only_tag(&plain(PlainNumber::Wiegand26), &met_line("rfid_wiegand8_cr"));
    assert_eq!(forms(&wiegand.uid), ["BC614E", "4E61BC", "12345678", "18824910"], "the top byte is lost");
    let mifare = only_tag(&plain(PlainNumber::Hex), &met_line("rfid_mifare4_hex_crlf"));
    assert_eq!(mifare.uid.form(UidForm::Dec10).as_deref(), Some("3735928559"));
    let reversed = mifare.uid.form(UidForm::Reversed).unwrap();
    assert_eq!(u32::from_str_radix(&reversed, 16), Ok(4_022_250_974));

    assert_eq!(hear(&em4100, &met_line("rfid_bad_checksum")), (vec![], 14));
    let zeros = met_line("rfid_nocard_zero");
    for format in [Format::Em4100Ascii, Format::StxBinary, Format::StxLength] {
        assert_eq!(hear(&rfid(format, UidForm::AsRead), &zeros), (vec![], 5), "{format:?}");
    }

    assert_eq!(met.len(), 18);
    assert!(lines.keys().all(|name| met.contains(name.as_str())), "a line without a test");
}

#[test]
fn each_terminator_ends_its_own_lines_and_cr_lf_is_one_event() {
    let count = |terminator, text: &str| {
        let (heard, noise) = hear(&scanner(terminator), text.as_bytes());
        (heard.len(), noise)
    };
    assert_eq!(count(Terminator::Any, "AB\r\nCD\rEF\n\r\n"), (3, 0));
    assert_eq!(count(Terminator::Cr, "AB\r\nCD\r\n"), (2, 1), "the last LF begins a line that never ends");
    assert_eq!(count(Terminator::Lf, "AB\r\nCD\nEF\r"), (2, 3));
    assert_eq!(count(Terminator::CrLf, "AB\rCD\r\n"), (1, 0), "a lone CR is content");
    assert_eq!(count(Terminator::Etx, "X\x02AB\x03\r\n\x02C\x02DE\x03"), (2, 2), "an STX begins anew");
    assert_eq!(count(Terminator::None, "AB\r\n"), (1, 0));
}

#[test]
fn silence_ends_a_line_without_terminator_and_drops_one_whose_terminator_is_lost() {
    for (baud, gap) in [(9600, 50), (115_200, 20)] {
        let mut decoder = Decoder::new(&scanner(Terminator::None), baud);
        assert_eq!(decoder.feed(b"KD1:", ms(100)), []);
        assert_eq!(decoder.feed(b"2600100001", ms(100 + gap - 1)), [], "{baud}");
        let due = ms(99 + gap + gap);
        assert_eq!((decoder.due(), decoder.pass(ms(98 + gap + gap))), (Some(due), vec![]));
        let heard = decoder.pass(due);
        assert!(matches!(&heard[..], [Heard::Scan(scan)] if scan.text == "KD1:2600100001" && !scan.terminated));
    }
    let mut decoder = Decoder::new(&scanner(Terminator::Any), 9600);
    assert_eq!(decoder.feed(b"26001", ms(0)), []);
    assert_eq!(decoder.pass(ms(999)), []);
    assert_eq!((decoder.pass(ms(1000)), decoder.take_noise()), (vec![], 5), "half a code is no code");
    assert!(matches!(&decoder.feed(b"00001\r", ms(1001))[..], [Heard::Scan(scan)] if scan.text == "00001"));
}

#[test]
fn the_same_code_within_a_second_is_one_event() {
    let mut decoder = Decoder::new(&scanner(Terminator::Any), 9600);
    let told: Vec<usize> = [(0, "A"), (400, "A"), (999, "A"), (1000, "A"), (1100, "B"), (1200, "A")]
        .map(|(at, code)| decoder.feed(format!("{code}\r").as_bytes(), ms(at)).len())
        .to_vec();
    assert_eq!(told, [1, 0, 0, 1, 1, 1]);
}

#[test]
fn a_line_that_is_too_long_is_dropped_to_its_end_and_the_next_one_is_good() {
    let device = scanner(Terminator::Any);
    let (heard, _) = hear(&device, &[&[b'A'; MAX_LINE][..], b"\r"].concat());
    assert!(matches!(&heard[..], [Heard::Scan(scan)] if scan.text.len() == MAX_LINE));
    let (heard, noise) = hear(&device, &[&[b'A'; MAX_LINE + 9][..], b"\rGOOD\r"].concat());
    let [Heard::Overlong(4105), Heard::Scan(scan)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!((scan.text.as_str(), noise), ("GOOD", 0));
    let mut endless = Decoder::new(&device, 9600);
    for n in 0..100 {
        assert_eq!(endless.feed(&[b'A'; 4096], ms(n)), []);
        assert!(endless.held() <= MAX_LINE as u64);
    }
    assert_eq!(endless.pass(ms(2000)), [Heard::Overlong(409_600)]);
}

#[test]
fn bytes_that_are_no_text_are_told_and_never_replaced() {
    let only = |encoding, line: &[u8]| {
        let device = Device::Scanner(ScannerSettings { encoding, ..ScannerSettings::default() });
        hear(&device, line).0.remove(0)
    };
    assert_eq!(only(Encoding::Auto, b"A\xff\r"), Heard::Undecodable(2));
    assert_eq!(only(Encoding::Utf8, b"\xd0\xd5\r"), Heard::Undecodable(2));
    assert!(matches!(only(Encoding::Auto, b"\xd0\xd5\r"), Heard::Scan(scan) if scan.text == "姓"));
    assert!(matches!(only(Encoding::Gb18030, b"\xd0\xd5\r"), Heard::Scan(scan) if scan.raw == b"\xd0\xd5"));
}

#[test]
fn what_scans_hold_is_not_shown() {
    let scan = only_scan(&scanner(Terminator::Any), b"2600100001\r");
    let tag = only_tag(&rfid(Format::Plain(PlainNumber::Hex), UidForm::AsRead), b"04A1B2C3\r");
    assert!(!format!("{scan:?}").contains("26001") && !format!("{:?}", tag.uid).contains("A1B2"));
}

#[test]
fn a_card_is_told_once_until_it_was_away_whatever_lies_beside_it() {
    let mut decoder = Decoder::new(&rfid(Format::Plain(PlainNumber::Hex), UidForm::AsRead), 9600);
    let mut told = |at, uid: &str| decoder.feed(format!("{uid}\r\n").as_bytes(), ms(at)).len();
    let (a, b) = ("0A000001", "0A000002");
    assert_eq!([told(0, a), told(50, b), told(100, a), told(150, b), told(399, a)], [1, 1, 0, 0, 0]);
    assert_eq!([told(698, a), told(998, a), told(1000, b)], [0, 1, 1], "299 ms away, then 300");
}

#[test]
fn two_lost_answers_of_a_reader_that_is_asked_are_no_removal() {
    let mut decoder = Decoder::new(&rfid(Format::StxLength, UidForm::AsRead), 9600);
    let frame = bytes("0200060000deadbeef2203");
    let mut told = |at| decoder.feed(&frame, ms(at)).len();
    // Asked every 200 ms, answered up to 50 ms later: the second and third answers are lost, then three more.
    assert_eq!([told(0), told(650), told(850), told(1700)], [1, 0, 0, 1]);
}

#[test]
fn only_a_number_that_the_configuration_calls_an_iso_14443_one_is_random() {
    use UidForm::{AsRead, Dec10, Low24, Reversed, Wiegand26};
    let (hex, dec10) = (Format::Plain(PlainNumber::Hex), Format::Plain(PlainNumber::Dec10));
    let settings = |format, form| RfidSettings { format, form };
    let random = |uid: &[u8], settings| {
        let tag = Tag::of(Uid::new(uid).unwrap(), settings);
        assert!(!tag.random || tag.compared.is_none());
        tag.random
    };
    let (first, last) = ([0x08, 0xA1, 0xB2, 0xC3], [0xC3, 0xB2, 0xA1, 0x08]);
    for (settings, of_first, of_last) in [
        (settings(hex, AsRead), true, false),
        (settings(hex, Reversed), false, true),
        (settings(Format::StxLength, AsRead), true, false),
        (settings(Format::StxLength, Dec10), true, false),
        (settings(Format::StxLength, Reversed), false, true),
    ] {
        assert_eq!((random(&first, settings), random(&last, settings)), (of_first, of_last), "{settings:?}");
    }
    // An EM4100 has any number: 0137474755 is 08 31 B2 C3.
    for form in [AsRead, Reversed, Dec10, Low24, Wiegand26] {
        for format in [dec10, Format::Em4100Ascii, Format::StxBinary, Format::Plain(PlainNumber::Wiegand26)] {
            assert!(!random(&first, settings(format, form)) && !random(&last, settings(format, form)), "{format:?}");
        }
    }
    for form in [Dec10, Low24, Wiegand26] {
        assert!(!random(&first, settings(hex, form)), "a roster of decimal numbers is of EM4100 cards");
    }
    let em4100 = only_tag(&rfid(dec10, Dec10), b"0137474755\r");
    assert_eq!((em4100.random, em4100.compared.as_deref()), (false, Some("0137474755")));
}

#[test]
fn a_number_that_is_random_or_too_short_for_its_form_is_compared_with_nothing() {
    let tag = |format, form, line: &str| only_tag(&rfid(Format::Plain(format), form), line.as_bytes());
    let random = tag(PlainNumber::Hex, UidForm::AsRead, "08A1B2C3\r");
    assert_eq!((random.random, random.compared), (true, None));
    let seven = tag(PlainNumber::Hex, UidForm::AsRead, "08A1B2C3D4E5F6\r");
    assert_eq!((seven.random, seven.compared.as_deref()), (false, Some("08A1B2C3D4E5F6")));
    assert_eq!(tag(PlainNumber::Wiegand26, UidForm::Dec10, "18824910\r").compared, None);
    for (format, line) in [
        (PlainNumber::Dec10, "4294967296"),
        (PlainNumber::Dec10, "90012345678"),
        (PlainNumber::Dec10, "+012345678"),
        (PlainNumber::Hex, "0012345678"),
        (PlainNumber::Wiegand26, "25665535"),
        (PlainNumber::Wiegand26, "25565536"),
    ] {
        let device = rfid(Format::Plain(format), UidForm::AsRead);
        assert_eq!(hear(&device, format!("{line}\r").as_bytes()), (vec![], line.len() as u64), "{line}");
    }
}

#[test]
fn a_reader_that_has_to_be_asked_tells_a_number_with_a_good_status_alone() {
    let device = rfid(Format::StxLength, UidForm::AsRead);
    let reply = |data: &[u8]| {
        let sum = data.iter().fold(0, |sum, byte| sum ^ byte);
        [&[0x02, 0, u8::try_from(data.len()).unwrap()], data, &[sum, 0x03]].concat()
    };
    let good = reply(&[0, 0, 0xde, 0xad, 0xbe, 0xef]);
    assert_eq!(only_tag(&device, &good).compared.as_deref(), Some("DEADBEEF"));
    assert_eq!(hear(&device, &reply(&[0, 1, 0xde, 0xad, 0xbe, 0xef])), (vec![], 0));
    assert_eq!(hear(&device, &reply(&[0, 0])), (vec![], 0), "no card");
    let question = Format::StxLength.question().unwrap();
    assert_eq!(question, reply(&[0x32, 0x29, 0xff]), "the published question");
}

/// A good frame of each format, and the number it tells.
fn good_frames() -> Vec<(Device, Vec<u8>, &'static str)> {
    vec![
        (rfid(Format::Em4100Ascii, UidForm::AsRead), b"\x020600BC614E95\x03".to_vec(), "0600BC614E"),
        (rfid(Format::StxBinary, UidForm::AsRead), bytes("020a020600bc614e9d03"), "0600BC614E"),
        (rfid(Format::StxLength, UidForm::AsRead), bytes("0200060000deadbeef2203"), "DEADBEEF"),
        (rfid(Format::Plain(PlainNumber::Hex), UidForm::AsRead), b"DEADBEEF\r".to_vec(), "DEADBEEF"),
    ]
}

proptest! {
    #[test]
    fn chunks_make_no_difference(
        which in 0usize..4,
        pieces in prop::collection::vec((0u8..3, prop::collection::vec(any::<u8>(), 0..20)), 0..6),
        cuts in prop::collection::vec(1usize..7, 1..20),
    ) {
        let (device, frame, _) = good_frames().remove(which);
        let stream: Vec<u8> =
            pieces.into_iter().flat_map(|(kind, noise)| if kind == 0 { noise } else { frame.clone() }).collect();
        let mut whole = Decoder::new(&device, 9600);
        let expected = (whole.feed(&stream, ms(5)), whole.take_noise(), whole.held());
        let mut cut = Decoder::new(&device, 9600);
        let mut rest = stream.as_slice();
        let mut heard = Vec::new();
        for size in cuts.iter().cycle() {
            let (chunk, left) = rest.split_at((*size).min(rest.len()));
            heard.extend(cut.feed(chunk, ms(5)));
            rest = left;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!((heard, cut.take_noise(), cut.held()), expected);
    }

    #[test]
    fn a_good_frame_is_found_after_any_garbage_and_silence(which in 0usize..4, garbage: Vec<u8>) {
        let (device, frame, number) = good_frames().remove(which);
        let mut decoder = Decoder::new(&device, 9600);
        let _ = decoder.feed(&garbage, ms(0));
        let _ = decoder.pass(ms(1000));
        let heard = decoder.feed(&frame, ms(2000));
        let told = |one: &Heard| matches!(one, Heard::Tag(tag) if tag.compared.as_deref() == Some(number));
        prop_assert!(heard.iter().any(told), "{:?}", heard);
    }

    #[test]
    fn one_wrong_bit_never_makes_another_number(which in 0usize..3, at in 0usize..14, bit in 0u8..8) {
        let (device, mut frame, number) = good_frames().remove(which);
        let at = at % frame.len();
        frame[at] ^= 1 << bit;
        let (heard, _) = hear(&device, &frame);
        // The case of a digit, and one length byte of two that are both in use, are no part of the number.
        let same = |one: &Heard| matches!(one, Heard::Tag(tag) if tag.compared.as_deref() == Some(number));
        prop_assert!(heard.iter().all(same), "{:?}", heard);
    }

    #[test]
    fn every_byte_is_accounted_for(which in 0usize..3, stream: Vec<u8>) {
        let (device, ..) = good_frames().remove(which);
        let (heard, noise) = hear(&device, &stream);
        if heard.is_empty() {
            // A valid reply without a card is framing, and random bytes hardly ever are one.
            prop_assert!(noise <= stream.len() as u64);
        }
        prop_assert!(noise + heard.len() as u64 * 9 <= stream.len() as u64);
    }
}
