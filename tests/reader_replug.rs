//! A reader that is pulled and put back: it returns in time, also under another name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use kaodian::reader::port::{Devices, PortConfig, PortFault, PortHandle, ReaderEvent, spawn};
use kaodian::reader::record::ResidentCard;
use kaodian::reader::simulate::{Card, Fault, On, Plan, Settings, SimulatedReader};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Far longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn card() -> Card {
    let fields =
        ResidentCard { name: "测试一".into(), number: "110199199003070017".into(), ..ResidentCard::default() };
    Card::resident(&fields).unwrap()
}

struct Port {
    events: Receiver<ReaderEvent>,
    _handle: PortHandle,
}

impl Port {
    fn open(config: PortConfig) -> Self {
        let (sender, events) = channel();
        let handle = spawn(config, move |event| {
            // The test may have seen enough.
            let _ = sender.send(event);
        });
        Self { events, _handle: handle.unwrap() }
    }

    /// The next event that is no noise.
    fn next(&self) -> ReaderEvent {
        loop {
            match self.events.recv_timeout(PATIENCE).unwrap() {
                ReaderEvent::Noise(_) => {}
                event => return event,
            }
        }
    }

    fn is_up(&self) -> bool {
        matches!(self.next(), ReaderEvent::Up { simulated: true, .. })
    }

    fn is_presented(&self) -> bool {
        matches!(self.next(), ReaderEvent::Presented(_))
    }
}

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
    reader.present(card());
    assert_eq!(port.next(), ReaderEvent::Down(PortFault::Unplugged { path: path.clone() }));
    assert!(port.is_up() && port.is_presented());
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
