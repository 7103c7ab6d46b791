//! Finds a USB serial port again under another name.
//!
//! ```text
//! DEV/serial/by-id/usb-… -> DEV/ttyUSB0                         or any other link, such as a udev rule's
//! SYS/class/tty/ttyUSB0/device -> …/1-1.4/1-1.4:1.0/ttyUSB0     above it: bInterfaceNumber, idVendor, idProduct, serial
//! ```
//!
//! A device that was unplugged while its old name was still held, or whose hub was, comes back as `ttyUSB1`. A link by id
//! follows it; for a plain name its USB ids are remembered from the last time it worked. Adapters without a serial number,
//! or with the same one as another's, are told from their twins by the socket they are in. What cannot be told: such a
//! reader that was moved to another socket, from a twin that is plugged in while it is gone. If exactly one new port could
//! be it, that one is tried; a name under `DEV/serial/by-path` ends the doubt. Looks files up and opens no port; both roots
//! are settings, so that tests have their own.

use std::fs;
use std::path::{Path, PathBuf};

/// Links that may stand between a configured name and the kernel's.
const HOPS: usize = 8;

/// Where ports and what is known of them stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices {
    dev: PathBuf,
    sys: PathBuf,
}

/// What tells one USB port from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UsbId {
    vendor: String,
    product: String,
    /// Cheap adapters have none.
    serial: Option<String>,
    /// Of adapters with several ports.
    interface: Option<String>,
}

/// A USB port as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting {
    id: UsbId,
    /// The socket, as the folder of its USB device, which has the path through the hubs in its name.
    socket: PathBuf,
    /// Others that cannot be told from it by their ids.
    beside: Vec<PathBuf>,
}

impl Default for Devices {
    fn default() -> Self {
        Self::at("/dev", "/sys")
    }
}

impl Devices {
    /// Looks under these roots instead of `/dev` and `/sys`.
    #[must_use]
    pub fn at(dev: impl Into<PathBuf>, sys: impl Into<PathBuf>) -> Self {
        Self { dev: dev.into(), sys: sys.into() }
    }

    /// Notes which USB port stands at a path; `None` for other ports.
    pub(super) fn sight(&self, path: &Path) -> Option<Sighting> {
        let name = self.kernel_name(path)?;
        let (id, socket) = self.usb(&name)?;
        let here = self.dev.join(name);
        let beside = self.all_with(&id).into_iter().map(|(other, _)| other).filter(|other| *other != here).collect();
        Some(Sighting { id, socket, beside })
    }

    /// Where a port stands now: at its path, unless that is empty or another device's and exactly one other port is it.
    pub(super) fn place(&self, path: &Path, last: Option<&Sighting>) -> PathBuf {
        let Some(Sighting { id, socket, beside }) = last else { return path.to_owned() };
        let here = if path.exists() { self.kernel_name(path).and_then(|name| self.usb(&name)) } else { None };
        let is_here = here.as_ref().is_some_and(|(found, _)| found == id);
        let in_socket = here.as_ref().is_some_and(|(_, found)| found == socket);
        // Some makers give every adapter the same number.
        let alone = id.serial.is_some() && beside.is_empty();
        if is_here && (alone || in_socket) {
            return path.to_owned();
        }
        let mut others = self.all_with(id);
        if !alone {
            if let Some((own, _)) = others.iter().find(|(_, found)| found == socket) {
                return own.clone();
            }
            if is_here {
                return path.to_owned();
            }
            others.retain(|(other, _)| !beside.contains(other));
        }
        <[_; 1]>::try_from(others).map_or_else(|_| path.to_owned(), |[(only, _)]| only)
    }

    /// The first name on a chain of links that the kernel knows as a port.
    fn kernel_name(&self, path: &Path) -> Option<String> {
        let mut path = path.to_owned();
        for _ in 0..HOPS {
            if let Some(name) = path.file_name().and_then(|name| name.to_str())
                && self.sys.join("class/tty").join(name).exists()
            {
                return Some(name.to_owned());
            }
            let target = fs::read_link(&path).ok()?;
            path = path.parent().unwrap_or(Path::new("/")).join(target);
        }
        None
    }

    /// What tells a port from others, and the socket it is in.
    fn usb(&self, name: &str) -> Option<(UsbId, PathBuf)> {
        let port = fs::canonicalize(self.sys.join("class/tty").join(name).join("device")).ok()?;
        let text = |folder: &Path, file: &str| {
            fs::read_to_string(folder.join(file))
                .ok()
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let interface = port.ancestors().find_map(|folder| text(folder, "bInterfaceNumber"));
        port.ancestors().find_map(|folder| {
            let (vendor, product) = (text(folder, "idVendor")?, text(folder, "idProduct")?);
            let id = UsbId { vendor, product, serial: text(folder, "serial"), interface: interface.clone() };
            Some((id, folder.to_owned()))
        })
    }

    /// Every port with these ids and its socket, in the order of their names.
    fn all_with(&self, id: &UsbId) -> Vec<(PathBuf, PathBuf)> {
        let Ok(entries) = fs::read_dir(self.sys.join("class/tty")) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let with_id = |name: String| {
            let (found, socket) = self.usb(&name)?;
            (found == *id).then(|| (self.dev.join(name), socket))
        };
        let mut found: Vec<_> = names.filter_map(with_id).filter(|(path, _)| path.exists()).collect();
        found.sort();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A machine with USB ports that stand in files.
    struct Machine(tempfile::TempDir);

    impl Machine {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join("dev/serial/by-id")).unwrap();
            fs::create_dir_all(folder.path().join("sys/class/tty")).unwrap();
            Self(folder)
        }

        fn devices(&self) -> Devices {
            Devices::at(self.0.path().join("dev"), self.0.path().join("sys"))
        }

        fn dev(&self, name: &str) -> PathBuf {
            self.0.path().join("dev").join(name)
        }

        fn class(&self, name: &str) -> PathBuf {
            self.0.path().join("sys/class/tty").join(name)
        }

        fn plug(&self, name: &str, what: (&str, Option<&str>, &str)) {
            self.plug_into(&format!("1-{name}"), name, what);
        }

        fn plug_into(&self, socket: &str, name: &str, (ids, serial, interface): (&str, Option<&str>, &str)) {
            let usb = self.0.path().join("sys/devices/usb1").join(socket);
            let port = usb.join("1-1:1.0").join(name);
            fs::create_dir_all(&port).unwrap();
            let (vendor, product) = ids.split_once(':').unwrap();
            fs::write(usb.join("idVendor"), format!("{vendor}\n")).unwrap();
            fs::write(usb.join("idProduct"), format!("{product}\n")).unwrap();
            if let Some(serial) = serial {
                fs::write(usb.join("serial"), format!("{serial}\n")).unwrap();
            }
            fs::write(usb.join("1-1:1.0/bInterfaceNumber"), format!("{interface}\n")).unwrap();
            fs::create_dir_all(self.class(name)).unwrap();
            symlink(port, self.class(name).join("device")).unwrap();
            fs::write(self.dev(name), "").unwrap();
        }

        fn unplug(&self, name: &str) {
            let port = fs::canonicalize(self.class(name).join("device")).unwrap();
            fs::remove_dir_all(port.ancestors().nth(2).unwrap()).unwrap();
            fs::remove_dir_all(self.class(name)).unwrap();
            fs::remove_file(self.dev(name)).unwrap();
        }
    }

    const READER: (&str, Option<&str>, &str) = ("10c4:ea60", Some("0001"), "00");
    const CHEAP: (&str, Option<&str>, &str) = ("1a86:7523", None, "00");

    #[test]
    fn a_port_that_comes_back_under_another_name_is_found_by_its_ids() {
        let machine = Machine::new();
        machine.plug("ttyUSB0", READER);
        machine.plug("ttyUSB5", (READER.0, Some("0002"), "00"));
        let devices = machine.devices();
        let (old, new) = (machine.dev("ttyUSB0"), machine.dev("ttyUSB1"));
        let seen = devices.sight(&old).unwrap();
        assert_eq!(devices.place(&old, Some(&seen)), old);
        machine.unplug("ttyUSB0");
        assert_eq!(devices.place(&old, Some(&seen)), old, "nowhere: its own path is asked for");
        machine.plug("ttyUSB1", READER);
        assert_eq!(devices.place(&old, Some(&seen)), new);
        assert_eq!(devices.place(&old, None), old, "never seen before");
        // Somebody else has taken the old name meanwhile.
        machine.plug("ttyUSB0", CHEAP);
        assert_eq!(devices.place(&old, Some(&seen)), new);
    }

    #[test]
    fn a_link_is_followed_to_the_name_the_kernel_knows() {
        let machine = Machine::new();
        machine.plug("ttyACM0", READER);
        let link = machine.dev("serial/by-id/usb-reader-if00");
        symlink("../../ttyACM0", &link).unwrap();
        symlink("serial/by-id/usb-reader-if00", machine.dev("idreader")).unwrap();
        let devices = machine.devices();
        let seen = devices.sight(&machine.dev("idreader")).unwrap();
        assert_eq!(Some(&seen), devices.sight(&link).as_ref());
        assert_eq!(devices.place(&link, Some(&seen)), link);
        // A machine without rules for links: the ids are enough.
        machine.unplug("ttyACM0");
        machine.plug("ttyACM1", READER);
        assert_eq!(devices.place(&link, Some(&seen)), machine.dev("ttyACM1"));
    }

    #[test]
    fn a_neighbour_with_no_serial_number_or_the_same_one_is_not_taken_for_it() {
        for twin in [CHEAP, READER] {
            let machine = Machine::new();
            machine.plug("ttyUSB0", twin);
            machine.plug("ttyUSB1", twin);
            let devices = machine.devices();
            let old = machine.dev("ttyUSB0");
            let seen = devices.sight(&old).unwrap();
            machine.unplug("ttyUSB0");
            assert_eq!(devices.place(&old, Some(&seen)), old, "{twin:?}");
            machine.plug("ttyUSB2", twin);
            assert_eq!(devices.place(&old, Some(&seen)), machine.dev("ttyUSB2"), "{twin:?}");
            machine.plug("ttyUSB3", twin);
            assert_eq!(devices.place(&old, Some(&seen)), old, "two might be it: neither is guessed: {twin:?}");
        }
    }

    #[test]
    fn a_reader_without_serial_number_is_told_from_its_twin_by_its_socket() {
        let machine = Machine::new();
        machine.plug_into("1-4", "ttyUSB0", CHEAP);
        let devices = machine.devices();
        let (old, other) = (machine.dev("ttyUSB0"), machine.dev("ttyUSB1"));
        let seen = devices.sight(&old).unwrap();
        machine.unplug("ttyUSB0");
        // A twin takes the name while the reader is gone.
        machine.plug_into("1-2", "ttyUSB0", CHEAP);
        assert_eq!(devices.place(&old, Some(&seen)), old, "the reader may have been moved");
        machine.plug_into("1-4", "ttyUSB1", CHEAP);
        assert_eq!(devices.place(&old, Some(&seen)), other, "it is back where it was");
        // The twin alone, under another name.
        machine.unplug("ttyUSB0");
        machine.unplug("ttyUSB1");
        machine.plug_into("1-2", "ttyUSB1", CHEAP);
        assert_eq!(devices.place(&old, Some(&seen)), other, "nobody can tell, and this one may be it");
        machine.plug_into("1-4", "ttyUSB0", CHEAP);
        assert_eq!(devices.place(&old, Some(&seen)), old);
    }

    #[test]
    fn each_port_of_an_adapter_with_several_is_its_own() {
        let machine = Machine::new();
        machine.plug("ttyUSB0", (READER.0, READER.1, "00"));
        machine.plug("ttyUSB1", (READER.0, READER.1, "01"));
        let devices = machine.devices();
        let seen = devices.sight(&machine.dev("ttyUSB1")).unwrap();
        machine.unplug("ttyUSB1");
        assert_eq!(devices.place(&machine.dev("ttyUSB1"), Some(&seen)), machine.dev("ttyUSB1"));
    }

    #[test]
    fn other_ports_and_links_in_a_circle_have_no_ids() {
        let machine = Machine::new();
        let (one, two) = (machine.dev("one"), machine.dev("two"));
        symlink(&two, &one).unwrap();
        symlink(&one, &two).unwrap();
        assert_eq!(machine.devices().sight(&one), None);
        // The first serial port of a board: a device, but none on USB.
        fs::create_dir_all(machine.class("ttyS0")).unwrap();
        symlink(machine.0.path(), machine.class("ttyS0").join("device")).unwrap();
        assert_eq!(machine.devices().sight(&machine.dev("ttyS0")), None);
    }
}
