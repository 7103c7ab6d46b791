//! A reader that is pulled and put back: it returns in time, also under another name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/replug.rs"]
mod replug;

use kaodian::reader::port::{Devices, PortConfig, PortFault, ReaderEvent};
use kaodian::reader::simulate::{Fault, On, Plan, Settings, SimulatedReader};
use replug::{Port, card};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[test]
fn with_the_waits_of_a_real_desk_a_reader_is_back_within_three_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("idreader");
    let mut reader = SimulatedReader::start(Settings::default(), Some(&path)).unwrap();
    let port = Port::open(PortConfig::new(&path));
    assert!(port.is_up());
    reader.unplug();
    assert_eq!(port.next(), ReaderEvent::Down(PortFault::Unplugged { path: path.clone() }));
    reader.plug_in().unwrap();
    let plugged = Instant::now();
    assert!(port.is_up());
    assert!(plugged.elapsed() < Duration::from_secs(3), "{:?}", plugged.elapsed());
}

fn is_presented(port: &Port) -> bool {
    matches!(port.next(), ReaderEvent::Presented(_))
}

/// A port that is left alone for an hour after a fault, unless something is done about it.
fn resigned(path: &Path) -> PortConfig {
    PortConfig { backoff: [Duration::from_hours(1); 4], ..PortConfig::fast(path) }
}

#[test]
fn a_silent_reader_that_is_pulled_and_put_back_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("idreader");
    let mut reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    reader.set_fault(Plan::always(Fault::Silence, On::Any));
    let port = Port::open(resigned(&path));
    assert_eq!(port.next(), ReaderEvent::Down(PortFault::Silent { path: path.clone() }));
    reader.unplug();
    reader.clear_faults();
    reader.plug_in().unwrap();
    // Whether the port has seen the place empty or not: it is tried at once.
    let told = port.next();
    let gone = ReaderEvent::Down(PortFault::NoSuchPort { path });
    assert!(matches!(if told == gone { port.next() } else { told }, ReaderEvent::Up { .. }));
}

#[test]
fn a_reader_that_comes_where_something_else_stood_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("idreader");
    fs::write(&path, "no serial port").unwrap();
    let port = Port::open(resigned(&path));
    assert!(matches!(port.next(), ReaderEvent::Down(PortFault::Unusable { .. })));
    fs::remove_file(&path).unwrap();
    let _reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    let told = port.next();
    let gone = ReaderEvent::Down(PortFault::NoSuchPort { path });
    assert!(matches!(if told == gone { port.next() } else { told }, ReaderEvent::Up { .. }));
}

#[test]
fn a_card_that_lies_there_through_a_loss_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("idreader");
    let mut reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    let port = Port::open(PortConfig::fast(&path));
    assert!(port.is_up());
    reader.present(card(1));
    assert!(is_presented(&port));
    for _ in 0..3 {
        reader.unplug();
        assert_eq!(port.next(), ReaderEvent::Down(PortFault::Unplugged { path: path.clone() }));
        reader.plug_in().unwrap();
        assert!(port.is_up());
    }
    reader.remove();
    assert_eq!(port.next(), ReaderEvent::Removed, "and nothing was presented before");
    reader.present(card(1));
    assert!(is_presented(&port), "laid down anew");
}

/// A machine whose USB ports stand in files.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("dev")).unwrap();
        Self(folder)
    }

    fn dev(&self, name: &str) -> PathBuf {
        self.0.path().join("dev").join(name)
    }

    fn sys(&self) -> PathBuf {
        self.0.path().join("sys")
    }

    /// Makes a name the one of a USB port; the port itself is the simulator's link.
    fn knows(&self, name: &str, product: &str) {
        let usb = self.sys().join("devices").join(name);
        let class = self.sys().join("class/tty").join(name);
        fs::create_dir_all(usb.join("port")).unwrap();
        fs::create_dir_all(&class).unwrap();
        fs::write(usb.join("idVendor"), "1a86\n").unwrap();
        fs::write(usb.join("idProduct"), product).unwrap();
        fs::write(usb.join("serial"), "0001\n").unwrap();
        symlink(usb.join("port"), class.join("device")).unwrap();
    }

    fn config(&self, path: &Path) -> PortConfig {
        PortConfig { devices: Devices::at(self.dev(""), self.sys()), ..PortConfig::fast(path) }
    }
}

#[test]
fn a_reader_that_comes_back_under_another_name_is_found_by_its_usb_ids() {
    let machine = Machine::new();
    for (name, product) in [("ttyUSB0", "7523"), ("ttyUSB1", "7523"), ("ttyUSB2", "55d4")] {
        machine.knows(name, product);
    }
    let path = machine.dev("ttyUSB0");
    let mut reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    let port = Port::open(machine.config(&path));
    assert!(port.is_up());
    // By hand.
    reader.unplug();
    assert_eq!(port.next(), ReaderEvent::Down(PortFault::Unplugged { path: path.clone() }));
    let _other = SimulatedReader::start(Settings::immediate(), Some(&machine.dev("ttyUSB2"))).unwrap();
    reader.rename("ttyUSB1");
    reader.plug_in().unwrap();
    assert!(port.is_up());
    assert_eq!(reader.path(), machine.dev("ttyUSB1"));
    // As a fault in the middle of a reply, back to the old name.
    let renamed = Fault::PortRenamed { after: 300, ms: 30, name: "ttyUSB0".to_owned() };
    reader.set_fault(Plan::once(renamed, On::Read));
    reader.present(card(1));
    assert_eq!(port.next(), ReaderEvent::Down(PortFault::Unplugged { path: path.clone() }));
    assert!(port.is_up() && is_presented(&port));
}

#[test]
fn a_link_by_id_leads_to_the_new_name() {
    let machine = Machine::new();
    let link = machine.dev("usb-reader-if00");
    symlink("ttyUSB0", &link).unwrap();
    let mut reader = SimulatedReader::start(Settings::immediate(), Some(&machine.dev("ttyUSB0"))).unwrap();
    let port = Port::open(machine.config(&link));
    assert!(port.is_up());
    reader.unplug();
    assert_eq!(port.next(), ReaderEvent::Down(PortFault::Unplugged { path: link.clone() }));
    reader.rename("ttyUSB1");
    reader.plug_in().unwrap();
    fs::remove_file(&link).unwrap();
    symlink("ttyUSB1", &link).unwrap();
    assert!(port.is_up());
}
