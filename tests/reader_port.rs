//! The port's thread against a simulated reader on a real pseudo-terminal, opened by path.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use kaodian::domain::document::Presented;
use kaodian::reader::port::{PortConfig, PortFault, PortHandle, ReaderEvent, spawn};
use kaodian::reader::record::ResidentCard;
use kaodian::reader::simulate::{Card, Fault, On, Plan, Settings, SimulatedReader};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Far longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn fields(name: &str) -> ResidentCard {
    ResidentCard { name: name.into(), number: "110199199003070017".into(), ..ResidentCard::default() }
}

fn card(name: &str) -> Card {
    Card::resident(&fields(name)).unwrap()
}

fn presented(name: &str) -> ReaderEvent {
    ReaderEvent::Presented(Presented::Card(Box::new(fields(name).read())))
}

/// A port whose events wait in a channel.
struct Port {
    events: Receiver<ReaderEvent>,
    handle: PortHandle,
}

impl Port {
    fn open(path: PathBuf) -> Self {
        let (sender, events) = channel();
        let handle = spawn(PortConfig::fast(path), move |event| {
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

#[test]
fn an_unplugged_reader_comes_back_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = link(&folder);
    let mut reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    let port = Port::open(path.clone());
    for round in 0..3 {
        assert!(is_up(&port.next_quiet()), "round {round}");
        reader.present(card("测试一"));
        assert_eq!(port.next_quiet(), presented("测试一"), "round {round}");
        reader.unplug();
        assert!(!path.is_symlink());
        assert_eq!(port.next_quiet(), ReaderEvent::Down(PortFault::Unplugged { path: path.clone() }));
        reader.remove();
        reader.plug_in().unwrap();
    }
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
