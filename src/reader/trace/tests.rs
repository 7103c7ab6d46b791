use super::*;
use crate::domain::time::{Clock, ClockQuality};
use crate::reader::port::{ReaderEvent, Sink};
use crate::reader::sam::encode_reply;
use std::sync::{Arc, Mutex};

struct Stands;

impl Clock for Stands {
    fn wall(&self) -> (Instant, ClockQuality) {
        (Instant(1_795_480_937_611), ClockQuality::Synced)
    }

    fn mono(&self) -> Duration {
        Duration::from_secs(5)
    }
}

struct Deaf;

impl Sink for Deaf {
    fn event(&mut self, _: ReaderEvent) {}
}

struct Rig {
    trace: Arc<Mutex<Trace>>,
    sink: Traced<Deaf>,
}

impl Rig {
    fn new() -> Self {
        let trace = Arc::new(Mutex::new(Trace::new(115_200)));
        let sink = Traced::new(Arc::clone(&trace), Arc::new(Stands), Deaf);
        Self { trace, sink }
    }

    fn exchange(&mut self, command: Command, sw3: u8, data: &[u8]) {
        self.sink.sent(command, 115_200);
        let bytes = encode_reply([0, 0], sw3, data);
        let frame = frame::Decoder::for_replies().feed(&bytes).remove(0).frame().unwrap();
        self.sink.frame(&frame);
    }

    fn trace(&self) -> Trace {
        self.trace.lock().unwrap().clone()
    }
}

fn lines(trace: &Trace) -> Vec<String> {
    trace.entries().map(|e| format!("{} x{}", e.what.hex().unwrap_or_default(), e.times)).collect()
}

#[test]
fn what_a_card_says_is_two_dots() {
    let mut rig = Rig::new();
    rig.exchange(Command::Find, 0x9F, &[1, 2, 3, 4]);
    rig.exchange(Command::Read, 0x41, &[]);
    assert_eq!(
        lines(&rig.trace()),
        [
            "AA AA AA 96 69 00 03 20 01 22 x1",
            "AA AA AA 96 69 00 08 00 00 9F .. x1",
            "AA AA AA 96 69 00 03 30 01 32 x1",
            "AA AA AA 96 69 00 04 00 00 41 45 x1",
        ]
    );
}

#[test]
fn polls_without_a_card_are_one_pair() {
    let mut rig = Rig::new();
    for _ in 0..1000 {
        rig.exchange(Command::Find, 0x80, &[]);
    }
    rig.exchange(Command::Status, 0x90, &[]);
    assert_eq!(
        lines(&rig.trace()),
        [
            "AA AA AA 96 69 00 03 20 01 22 x1000",
            "AA AA AA 96 69 00 04 00 00 80 84 x1000",
            "AA AA AA 96 69 00 03 11 FF ED x1",
            "AA AA AA 96 69 00 04 00 00 90 94 x1",
        ]
    );
}

#[test]
fn whoever_tells_the_trace_as_it_goes_tells_a_repeated_poll_once() {
    let mut rig = Rig::new();
    let mut told = 0;
    let mut lines = Vec::new();
    let mut tell = |trace: &Trace| {
        for entry in trace.since(told) {
            told = entry.number;
            lines.push(meaning(&entry.what));
        }
    };
    for sw3 in [0x80, 0x80, 0x80, 0x40, 0x80] {
        rig.sink.sent(Command::Find, 115_200);
        tell(&rig.trace());
        let frame = frame::Decoder::for_replies().feed(&encode_reply([0, 0], sw3, &[])).remove(0).frame().unwrap();
        rig.sink.frame(&frame);
        tell(&rig.trace());
    }
    let pair = |answer| ["find card", answer];
    let expected = [pair("80 no card found"), pair("40 card type not known"), pair("80 no card found")];
    assert_eq!(lines, expected.concat());
}

#[test]
fn the_ring_does_not_grow() {
    let mut rig = Rig::new();
    for n in 0..u64::try_from(KEPT).unwrap() + 50 {
        rig.sink.event(ReaderEvent::Noise(n));
    }
    let trace = rig.trace();
    assert_eq!(trace.entries().len(), KEPT);
    assert_eq!(trace.entries().next().unwrap().what, What::Noise(50));
}

#[test]
fn each_status_leads_to_its_finding() {
    use Command::{ChipNumber, Find, Read, ReadWithFingerprint, Select, Status};
    for (command, sw3, code) in [
        (Read, 0x41, Some("KD-3111")),
        (Read, 0x31, Some("KD-3112")),
        (Read, 0x32, Some("KD-3112")),
        (Read, 0x33, Some("KD-3112")),
        (Find, 0x40, Some("KD-3113")),
        (Status, 0x10, Some("KD-3114")),
        (Status, 0x11, Some("KD-3114")),
        (Select, 0x81, Some("KD-3115")),
        (Read, 0x34, Some("KD-3115")),
        (Status, 0x60, Some("KD-3106")),
        (Status, 0x66, Some("KD-3107")),
        (Read, 0x23, Some("KD-3118")),
        (Read, 0xEE, Some("KD-3118")),
        // The ordinary course: nothing there, read, lifted, not known.
        (Find, 0x80, None),
        (Find, 0x9F, None),
        (Read, 0x90, None),
        (ChipNumber, 0x41, None),
        (ChipNumber, 0x21, None),
        (ReadWithFingerprint, 0x21, None),
    ] {
        let found = Finding::of_status(command, sw3);
        assert_eq!(found.map(|finding| finding.code()), code, "{command:?} {sw3:02X}");
    }
}

#[test]
fn a_fault_of_the_port_goes_before_what_cards_did_and_a_good_read_clears() {
    let path = std::path::PathBuf::from("/dev/idreader");
    let code = |rig: &Rig| rig.trace().finding().map(|finding| finding.code());
    let mut rig = Rig::new();
    assert_eq!(code(&rig), None);
    rig.sink.event(ReaderEvent::Down(PortFault::Silent { path: path.clone() }));
    assert_eq!(code(&rig), Some("KD-3102"));
    rig.sink.event(ReaderEvent::Noise(40));
    assert_eq!(code(&rig), Some("KD-3116"), "bytes, but no reply");
    rig.exchange(Command::Status, 0x90, &[]);
    rig.sink.event(ReaderEvent::Up { sam: None, simulated: false });
    assert_eq!(code(&rig), None);
    rig.sink.flawed(Flaw::Checksum);
    assert_eq!(code(&rig), Some("KD-3114"));
    rig.exchange(Command::Read, 0x41, &[]);
    assert_eq!(code(&rig), Some("KD-3111"));
    rig.sink.event(ReaderEvent::Presented(crate::domain::document::Presented::UnknownKind));
    assert_eq!(code(&rig), Some("KD-3113"));
    rig.sink.event(ReaderEvent::Down(PortFault::Unplugged { path }));
    assert_eq!(code(&rig), Some("KD-3105"));
}

#[test]
fn a_reader_at_another_speed_is_told() {
    let mut rig = Rig::new();
    rig.sink.sent(Command::SamNumber, 9_600);
    rig.sink.event(ReaderEvent::Up { sam: None, simulated: false });
    let expected = Finding::OtherSpeed { found: 9_600, configured: 115_200 };
    assert_eq!(rig.trace().finding(), Some(expected));
}

#[test]
fn figures_count_each_card_once() {
    use crate::domain::document::Presented;
    let mut rig = Rig::new();
    for presented in [
        Presented::Unreadable { sw3: Some(0x41) },
        Presented::Unreadable { sw3: Some(0x33) },
        Presented::Unreadable { sw3: None },
        Presented::UnknownKind,
    ] {
        rig.sink.event(ReaderEvent::Presented(presented));
    }
    rig.sink.flawed(Flaw::Checksum);
    rig.sink.flawed(Flaw::Truncated);
    let figures = rig.trace().figures();
    assert_eq!((figures.reads, figures.ok, figures.lifted), (4, 0, 1));
    assert_eq!((figures.damaged, figures.unknown, figures.mean()), (1, 1, None));
}

/// A whole reply of the vectors.
fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/reader/");
    let text = std::fs::read_to_string(format!("{folder}{name}.hex")).unwrap();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn nothing_personal_is_in_a_capture() {
    use crate::reader::record::{Record, Text, parts};
    for name in ["card_resident_basic", "card_foreigner_old_I", "card_foreigner_new_Y", "card_hmt_J_taiwan"] {
        let bytes = vector(name);
        let frame = frame::Decoder::for_replies().feed(&bytes).remove(0).frame().unwrap();
        let mut rig = Rig::new();
        rig.exchange(Command::SamNumber, 0x90, SamNumber::SIMULATED.bytes());
        rig.exchange(Command::Find, 0x9F, &[0xDE, 0xAD, 0xBE, 0xEF]);
        rig.sink.sent(Command::Read, 115_200);
        rig.sink.frame(&frame);
        rig.sink.sent(Command::LatestAddress, 115_200);
        // The same card as an answer to any other command, should one ever be taken for it.
        rig.sink.sent(Command::SamNumber, 115_200);
        rig.sink.frame(&frame);
        let reply = Reply::of(&frame).unwrap();
        let record = Record::of(&parts(reply.data, false).unwrap()).unwrap();
        rig.sink.event(ReaderEvent::Presented(record.presented()));
        rig.sink.event(ReaderEvent::LatestAddress(crate::reader::port::LatestAddress("新址路3号".to_owned())));
        rig.sink.event(ReaderEvent::Noise(1295));

        let trace = rig.trace();
        let written = capture(&trace, std::path::Path::new("/dev/idreader"));
        let everything = format!("{written}\n{trace:?}");
        let squeezed: String = everything.to_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
        let Text::Known(fields) = record.text() else { panic!("a known card") };
        let mut secrets: Vec<String> =
            fields.iter().map(|(_, text)| text.trim().to_owned()).filter(|text| text.chars().count() > 1).collect();
        secrets.push("新址路3号".to_owned());
        // The birth date is a part of the number, the version two digits that stand everywhere.
        secrets.retain(|text| text.chars().count() > 3);
        assert!(secrets.len() >= 4, "{name}: the card has texts");
        for text in secrets {
            assert!(!everything.contains(&text), "{name}: as it is");
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for bytes in
                [text.as_bytes().to_vec(), units.clone(), text.encode_utf16().flat_map(u16::to_be_bytes).collect()]
            {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                assert!(!squeezed.contains(&hex), "{name}: as hexadecimal text");
                assert!(!everything.as_bytes().windows(bytes.len()).any(|window| window == bytes), "{name}: as bytes");
            }
        }
        assert!(!squeezed.contains("DEADBEEF"), "the card's chip number");
        let photo: String =
            parts(reply.data, false).unwrap().photo.iter().take(4).map(|b| format!("{b:02X}")).collect();
        assert!(!squeezed.contains(&photo), "the photo");
        assert!(written.contains("99.99-00000000-0000000000-0000000001"), "the module's own number is none of a card");
    }
}

#[test]
fn a_capture_reads_like_its_description() {
    let mut rig = Rig::new();
    rig.exchange(Command::Status, 0x90, &[]);
    rig.sink.event(ReaderEvent::Up { sam: Some(SamNumber::SIMULATED), simulated: true });
    rig.exchange(Command::Find, 0x80, &[]);
    rig.exchange(Command::Find, 0x80, &[]);
    rig.exchange(Command::Find, 0x9F, &[0; 4]);
    rig.exchange(Command::Read, 0x41, &[]);
    rig.sink.event(ReaderEvent::Noise(3));
    let text = capture(&rig.trace(), std::path::Path::new("/dev/idreader"));
    let version = env!("CARGO_PKG_VERSION");
    insta::assert_snapshot!(text.replace(version, "VERSION"), @r"
    kaodian reader capture 1
    version VERSION · port /dev/idreader · speed 115200 8N1 · module 99.99-00000000-0000000000-0000000001
    reads 0 ok 0 lifted 0 damaged 0 unknown 0 mean_ms -
    finding KD-3111
    2026-11-24 08:42:17.611 > AA AA AA 96 69 00 03 11 FF ED      self-test
    2026-11-24 08:42:17.611 < AA AA AA 96 69 00 04 00 00 90 94   90 done
    2026-11-24 08:42:17.611 -                                    a reader answers at 115200
    2026-11-24 08:42:17.611 > AA AA AA 96 69 00 03 20 01 22      find card x2
    2026-11-24 08:42:17.611 < AA AA AA 96 69 00 04 00 00 80 84   80 no card found x2
    2026-11-24 08:42:17.611 > AA AA AA 96 69 00 03 20 01 22      find card
    2026-11-24 08:42:17.611 < AA AA AA 96 69 00 08 00 00 9F ..   9F card found, 4 bytes masked
    2026-11-24 08:42:17.611 > AA AA AA 96 69 00 03 30 01 32      read text and photo
    2026-11-24 08:42:17.611 < AA AA AA 96 69 00 04 00 00 41 45   41 reading the card failed
    2026-11-24 08:42:17.611 -                                    3 bytes that are no answer
    ");
}
