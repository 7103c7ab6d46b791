//! The port of a line device against a simulated one on a real pseudo-terminal, opened by path.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use kaodian::reader::lines::{
    Device, Format, LineConfig, LineEvent, PlainNumber, RfidSettings, ScannerSettings, Terminator, UidForm, code, spawn,
};
use kaodian::reader::port::{PortFault, PortHandle};
use kaodian::reader::simulate::SimulatedLine;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Far longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn scanner() -> Device {
    Device::Scanner(ScannerSettings::default())
}

/// A port whose events wait in a channel.
struct Port {
    events: Receiver<LineEvent>,
    handle: PortHandle,
}

impl Port {
    fn open(path: PathBuf, device: Device) -> Self {
        let (sender, events) = channel();
        let ms = Duration::from_millis;
        let config = LineConfig {
            seek: ms(10),
            backoff: [ms(10), ms(20), ms(50), ms(100)],
            ..LineConfig::new(path, 115_200, device)
        };
        let handle = spawn(config, move |event| {
            // The test may have seen enough.
            let _ = sender.send(event);
        });
        Self { events, handle: handle.unwrap() }
    }

    fn next(&self) -> LineEvent {
        self.events.recv_timeout(PATIENCE).unwrap()
    }

    fn scanned(&self) -> String {
        match self.next() {
            LineEvent::Scanned(scan) => scan.text,
            other => panic!("expected a code, found {other:?}"),
        }
    }
}

fn link(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("scanner")
}

fn descriptors() -> usize {
    std::fs::read_dir(Path::new("/proc/self/fd")).unwrap().count()
}

#[test]
fn codes_and_cards_are_told_as_they_come() {
    let (gun, reader) = (SimulatedLine::start(None).unwrap(), SimulatedLine::start(None).unwrap());
    let rfid = RfidSettings { format: Format::Em4100Ascii, form: UidForm::Dec10 };
    let codes = Port::open(gun.path(), scanner());
    let cards = Port::open(reader.path(), Device::Rfid(rfid));
    assert_eq!((codes.next(), cards.next()), (LineEvent::Up, LineEvent::Up));

    gun.present("KD1:2600100001\r\n准考证\r\n".as_bytes()).unwrap();
    assert_eq!((codes.scanned().as_str(), codes.scanned().as_str()), ("KD1:2600100001", "准考证"));
    gun.present(b"\xff\r").unwrap();
    assert_eq!(codes.next(), LineEvent::Dropped(1));

    reader.present(b"\x020600BC614E95\x03\x020600BC614E95\x03X").unwrap();
    let LineEvent::Tagged(tag) = cards.next() else { panic!("no card") };
    assert_eq!(tag.compared.as_deref(), Some("0012345678"));
    assert_eq!(cards.next(), LineEvent::Noise(1));
    codes.handle.stop();
    assert!(codes.events.recv().is_err(), "nothing is told after the stop");
}

#[test]
fn a_line_without_terminator_ends_by_silence_on_a_real_port() {
    let gun = SimulatedLine::start(None).unwrap();
    let settings = ScannerSettings { terminator: Terminator::None, ..ScannerSettings::default() };
    let port = Port::open(gun.path(), Device::Scanner(settings));
    assert_eq!(port.next(), LineEvent::Up);
    gun.present(b"2600100001").unwrap();
    assert!(matches!(port.next(), LineEvent::Scanned(scan) if scan.text == "2600100001" && !scan.terminated));
}

#[test]
fn an_unplugged_device_comes_back_under_its_name_and_nothing_piles_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = link(&folder);
    let mut gun = SimulatedLine::start(Some(&path)).unwrap();
    let port = Port::open(path.clone(), scanner());
    let mut open = None;
    for round in 0..20 {
        assert_eq!(port.next(), LineEvent::Up, "round {round}");
        // Half a code before unplugging is no part of the next one.
        gun.present(format!("26000000{round:02}\r99").as_bytes()).unwrap();
        assert_eq!(port.scanned(), format!("26000000{round:02}"));
        // Other tests of this process open descriptors too, but not twenty times as many.
        assert!(descriptors() < *open.get_or_insert(descriptors()) + 15, "round {round}");
        gun.unplug();
        let gone = PortFault::Unplugged { path: path.clone() };
        assert_eq!((code(&gone), port.next()), ("KD-3135", LineEvent::Down(gone)));
        gun.plug_in().unwrap();
    }
}

#[test]
fn each_way_of_not_opening_is_told_once_and_overcome() {
    let folder = tempfile::tempdir().unwrap();
    let path = link(&folder);
    let plain = || Device::Rfid(RfidSettings { format: Format::Plain(PlainNumber::Hex), form: UidForm::AsRead });
    let first = Port::open(path.clone(), plain());
    let missing = PortFault::NoSuchPort { path: path.clone() };
    assert_eq!((code(&missing), first.next()), ("KD-3131", LineEvent::Down(missing)));
    let _device = SimulatedLine::start(Some(&path)).unwrap();
    assert_eq!(first.next(), LineEvent::Up);

    let second = Port::open(path.clone(), plain());
    let busy = PortFault::Busy { path };
    assert_eq!((code(&busy), second.next()), ("KD-3134", LineEvent::Down(busy)));
    first.handle.stop();
    assert_eq!(second.next(), LineEvent::Up);
}
