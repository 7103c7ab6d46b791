//! The port's thread against a simulated reader on a real pseudo-terminal, opened by path.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use kaodian::domain::document::Presented;
use kaodian::reader::port::{PortConfig, PortFault, PortHandle, ReaderEvent, spawn};
use kaodian::reader::record::{Record, ResidentCard, parts};
use kaodian::reader::simulate::{Card, Fault, On, Plan, Settings, SimulatedReader};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Far longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn fields(name: &str) -> ResidentCard {
    ResidentCard { name: name.into(), number: "110199199003070017".into(), ..ResidentCard::default() }
}

fn card(name: &str) -> Card {
    Card::resident(&fields(name)).unwrap()
}

fn presented(name: &str) -> ReaderEvent {
    let data = card(name).data(false);
    ReaderEvent::Presented(Record::of(&parts(&data, false).unwrap()).unwrap().presented())
}

/// A port whose events wait in a channel.
struct Port {
    events: Receiver<ReaderEvent>,
    handle: PortHandle,
}

impl Port {
    fn open(path: PathBuf) -> Self {
        Self::start(PortConfig::fast(path))
    }

    fn start(config: PortConfig) -> Self {
        let (sender, events) = channel();
        let handle = spawn(config, move |event| {
            // The test may have seen enough.
            let _ = sender.send(event);
        });
        Self { events, handle: handle.unwrap() }
    }

    fn next(&self) -> ReaderEvent {
        self.events.recv_timeout(PATIENCE).unwrap()
    }

    /// The next event that is no noise.
    fn next_quiet(&self) -> ReaderEvent {
        loop {
            match self.next() {
                ReaderEvent::Noise(_) => {}
                event => return event,
            }
        }
    }
}

fn is_up(event: &ReaderEvent) -> bool {
    matches!(event, ReaderEvent::Up { simulated: true, .. })
}

fn link(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("idreader")
}

#[test]
fn cards_come_and_go() {
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    let port = Port::open(reader.path());
    assert!(is_up(&port.next()));
    for name in ["测试一", "测试二"] {
        reader.present(card(name));
        assert_eq!(port.next(), presented(name));
        reader.remove();
        assert_eq!(port.next(), ReaderEvent::Removed);
    }
    port.handle.stop();
    assert!(port.events.recv().is_err(), "nothing is told after the stop");
}

/// Deadlines of some ten milliseconds: what does not come in time is asked for again.
fn impatient(path: PathBuf) -> PortConfig {
    let ms = Duration::from_millis;
    PortConfig {
        poll: ms(5),
        removal: ms(5),
        retry: ms(20),
        quiet: ms(4),
        gap: ms(10),
        patience: ms(15),
        status_patience: ms(30),
        read_patience: ms(30),
        fingerprint_patience: ms(10),
        ..PortConfig::fast(path)
    }
}

/// Waits for a card; nobody else's may come before it.
fn wait_for(port: &Port, name: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < end, "{name} was not told");
        match port.next() {
            event if event == presented(name) => return,
            event @ ReaderEvent::Presented(Presented::Card(_)) => panic!("another card than {name}: {event:?}"),
            // On a busy machine ten milliseconds are sometimes too few, and the port says so.
            _ => {}
        }
    }
}

fn wait_for_removal(port: &Port) {
    while port.next() != ReaderEvent::Removed {}
}

#[test]
fn every_kind_of_module_reads_on_a_real_line() {
    for habits in 0..8 {
        let [sticky, chip_number, filled_numbers] = [1, 2, 4].map(|habit| habits & habit != 0);
        for bursts in [None, Some((1, 1)), Some((16, 62))] {
            let settings = Settings { sticky, chip_number, filled_numbers, bursts, ..Settings::immediate() };
            let reader = SimulatedReader::start(settings, None).unwrap();
            let port = Port::open(reader.path());
            assert!(is_up(&port.next()));
            for name in ["测试一", "测试二"] {
                reader.present(card(name));
                assert_eq!(port.next(), presented(name), "habits {habits}");
                reader.remove();
                assert_eq!(port.next(), ReaderEvent::Removed, "habits {habits}");
            }
        }
    }
}

#[test]
fn a_paced_module_is_found_at_its_own_speed() {
    for baud in [57_600, 9_600] {
        let settings =
            Settings { baud, heeds_speed: true, paced: true, bursts: Some((16, 62)), ..Settings::immediate() };
        let reader = SimulatedReader::start(settings, None).unwrap();
        let ms = Duration::from_millis;
        // One answer at this speed takes 12 ms, so that these patiences are for a busy machine.
        let config =
            PortConfig { other_speeds: true, warm_up: ms(50), status_patience: ms(100), ..impatient(reader.path()) };
        let port = Port::start(PortConfig { patience: ms(300), read_patience: ms(1000), ..config });
        reader.present(card("测试一"));
        wait_for(&port, "测试一");
    }
}

#[test]
fn each_fault_is_survived_on_a_real_line() {
    let statuses = [0x10, 0x11, 0x24, 0x31, 0x32, 0x33, 0x34, 0x41, 0x47].map(|sw3| Fault::Status { sw3 });
    let others = [
        Fault::DropByte { at: 9 },
        Fault::InsertByte { at: 1, byte: 0 },
        Fault::FlipBit { at: 8, bit: 1 },
        Fault::WrongLength { length: 0x0A00 },
        Fault::Cut { after: 9 },
        Fault::Late { ms: 40 },
        Fault::Duplicate,
        Fault::NoiseBefore { bytes: vec![0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00] },
        Fault::Silence,
        Fault::WrongSpeed,
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = link(&folder);
    let reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    let port = Port::start(impatient(path));
    for fault in others.into_iter().chain(statuses) {
        for on in [On::Find, On::Select, On::Read, On::Presence] {
            reader.set_fault(Plan::once(fault.clone(), on));
            reader.present(card("测试一"));
            wait_for(&port, "测试一");
            // A fault of the presence test has its turn now, or when the card has gone.
            reader.remove();
            wait_for_removal(&port);
            reader.clear_faults();
        }
    }
    reader.set_fault(Plan::once(Fault::Lifted { after: 400 }, On::Read));
    reader.present(card("测试一"));
    wait_for_removal(&port);
    for name in ["测试二", "测试三"] {
        reader.set_fault(Plan::once(Fault::PortClosed { after: 5, ms: 10 }, On::Read));
        reader.present(card(name));
        wait_for(&port, name);
    }
}

#[test]
fn a_port_is_given_up_at_once_when_it_is_stopped() {
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    reader.set_fault(Plan::always(Fault::Silence, On::Any));
    let port = Port::start(PortConfig { status_patience: Duration::from_hours(1), ..PortConfig::fast(reader.path()) });
    // Wherever it waits: before it is open, or for an answer that will not come.
    port.handle.stop();
    let missing = Port::start(PortConfig { seek: Duration::from_hours(1), ..PortConfig::fast("/dev/no-such-reader") });
    assert!(matches!(missing.next(), ReaderEvent::Down(PortFault::NoSuchPort { .. })));
    missing.handle.stop();
}

#[test]
fn a_damaged_read_is_unreadable_and_then_good() {
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    let port = Port::open(reader.path());
    assert!(is_up(&port.next()));
    reader.set_fault(Plan::once(Fault::Status { sw3: 0x41 }, On::Read));
    reader.present(card("测试一"));
    assert_eq!(port.next(), ReaderEvent::Presented(Presented::Unreadable { sw3: Some(0x41) }));
    assert_eq!(port.next_quiet(), presented("测试一"));
}

#[test]
fn a_frame_damaged_on_the_wire_is_read_again_and_counted_as_noise() {
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    let port = Port::open(reader.path());
    assert!(is_up(&port.next()));
    reader.set_fault(Plan::once(Fault::FlipBit { at: 700, bit: 2 }, On::Read));
    reader.present(card("测试一"));
    let mut noise = 0;
    let last = loop {
        match port.next() {
            ReaderEvent::Noise(bytes) => noise += bytes,
            event => break event,
        }
    };
    assert_eq!((last, noise), (presented("测试一"), 1295));
}

#[test]
fn a_reader_that_appears_later_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = link(&folder);
    let port = Port::open(path.clone());
    assert_eq!(port.next(), ReaderEvent::Down(PortFault::NoSuchPort { path: path.clone() }));
    let reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    assert!(is_up(&port.next_quiet()));
    reader.present(card("测试一"));
    assert_eq!(port.next_quiet(), presented("测试一"));
}

#[test]
fn a_port_that_somebody_holds_is_busy_until_it_is_free() {
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    let first = Port::open(reader.path());
    assert!(is_up(&first.next()));
    let second = Port::open(reader.path());
    assert_eq!(second.next(), ReaderEvent::Down(PortFault::Busy { path: reader.path() }));
    first.handle.stop();
    assert!(is_up(&second.next_quiet()));
}

#[test]
fn a_file_that_is_no_port_says_so() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let port = Port::open(file.path().to_owned());
    let ReaderEvent::Down(fault) = port.next() else { panic!("expected a fault") };
    assert_eq!(fault.code(), "KD-3108", "{fault}");
}

#[test]
fn a_module_that_refuses_is_a_fault_and_is_asked_again() {
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    reader.set_fault(Plan::always(Fault::Status { sw3: 0x66 }, On::Any));
    let port = Port::open(reader.path());
    assert_eq!(port.next(), ReaderEvent::Fault(PortFault::NotAuthorised));
    reader.clear_faults();
    assert!(is_up(&port.next()));
}

#[test]
fn a_device_that_only_babbles_is_noise_and_silence_never_a_card() {
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    reader.set_fault(Plan::always(Fault::WrongSpeed, On::Any));
    reader.present(card("测试一"));
    let port = Port::open(reader.path());
    let mut noise = 0;
    let last = loop {
        match port.next() {
            ReaderEvent::Noise(bytes) => noise += bytes,
            event => break event,
        }
    };
    assert_eq!(last, ReaderEvent::Down(PortFault::Silent { path: reader.path() }));
    assert!(noise > 0);
    reader.clear_faults();
    assert!(is_up(&port.next_quiet()));
    assert_eq!(port.next_quiet(), presented("测试一"));
}

#[test]
fn the_link_never_replaces_what_is_no_link() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refused = SimulatedReader::start(Settings::immediate(), Some(file.path())).unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
    assert!(file.path().is_file());
}
