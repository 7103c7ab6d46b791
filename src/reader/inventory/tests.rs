use super::*;
use std::os::unix::fs::symlink;

/// A machine that stands in files.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        for folder in ["dev/serial/by-id", "dev/serial/by-path", "sys/class/tty", "sys/bus/usb/devices", "proc/self"] {
            fs::create_dir_all(machine.at(folder)).unwrap();
        }
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        // As the kernel knows it: without links of the test's own folder.
        fs::canonicalize(self.0.path()).unwrap().join(path)
    }

    fn roots(&self) -> Roots {
        Roots { dev: self.at("dev"), sys: self.at("sys"), proc: self.at("proc") }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{text}\n")).unwrap();
    }

    /// A USB device; with a name of a port it has one.
    fn plug(&self, bus: &str, ids: (&str, &str), port: Option<&str>) {
        let usb = format!("sys/devices/usb1/{bus}");
        self.write(&format!("{usb}/idVendor"), ids.0);
        self.write(&format!("{usb}/idProduct"), ids.1);
        self.write(&format!("{usb}/manufacturer"), "Silicon Labs");
        self.write(&format!("{usb}/product"), "CP2102 USB to UART");
        symlink(self.at(&usb), self.at(&format!("sys/bus/usb/devices/{bus}"))).unwrap();
        if let Some(port) = port {
            self.write(&format!("{usb}/{bus}:1.0/bInterfaceNumber"), "00");
            fs::create_dir_all(self.at(&format!("{usb}/{bus}:1.0/{port}"))).unwrap();
            fs::create_dir_all(self.at(&format!("sys/class/tty/{port}"))).unwrap();
            let device = self.at(&format!("{usb}/{bus}:1.0/{port}"));
            symlink(device, self.at(&format!("sys/class/tty/{port}/device"))).unwrap();
            self.write(&format!("dev/{port}"), "");
        }
    }

    fn hold(&self, pid: u32, command: &str, path: &Path) {
        self.write(&format!("proc/{pid}/comm"), command);
        fs::create_dir_all(self.at(&format!("proc/{pid}/fd"))).unwrap();
        for fd in [3, 4] {
            symlink(path, self.at(&format!("proc/{pid}/fd/{fd}"))).unwrap();
        }
    }
}

#[test]
fn a_usb_port_is_listed_with_its_names_its_maker_and_who_holds_it() {
    let machine = Machine::new();
    machine.plug("1-1", ("10c4", "ea60"), Some("ttyUSB0"));
    symlink("../../ttyUSB0", machine.at("dev/serial/by-id/usb-Silicon_Labs-if00")).unwrap();
    symlink("../../ttyUSB0", machine.at("dev/serial/by-path/pci-0-usb-0:1:1.0")).unwrap();
    symlink("serial/by-id/usb-Silicon_Labs-if00", machine.at("dev/idreader")).unwrap();
    machine.hold(412, "agetty", &machine.at("dev/ttyUSB0"));
    machine.hold(std::process::id(), "kaodian", &machine.at("dev/ttyUSB0"));
    machine.hold(7, "sleep", &machine.at("dev/null"));

    let found = look(&machine.roots(), None);
    let [port] = &found.ports[..] else { panic!("{found:?}") };
    assert_eq!(port.path, machine.at("dev/ttyUSB0"));
    let names = ["idreader", "serial/by-id/usb-Silicon_Labs-if00", "serial/by-path/pci-0-usb-0:1:1.0"];
    assert_eq!(port.names, names.map(|name| machine.at("dev").join(name)));
    assert_eq!(port.best_name(), machine.at("dev/serial/by-id/usb-Silicon_Labs-if00"));
    let usb = port.usb.as_ref().unwrap();
    assert_eq!((&*usb.vendor, &*usb.product, usb.serial.as_deref()), ("10c4", "ea60", None));
    assert_eq!(usb.manufacturer.as_deref(), Some("Silicon Labs"));
    assert_eq!((usb.name.as_deref(), usb.interface.as_deref()), (Some("CP2102 USB to UART"), Some("00")));
    assert_eq!(port.access, Access::Allowed);
    let mut holders: Vec<_> = port.holders.iter().map(|h| (h.pid, &*h.command, h.own)).collect();
    holders.sort_by_key(|(.., own)| *own);
    assert_eq!(holders, [(412, "agetty", false), (std::process::id(), "kaodian", true)]);
    assert!(found.without_port.is_empty());
}

#[test]
fn consoles_and_ports_that_are_not_there_are_no_ports() {
    let machine = Machine::new();
    fs::create_dir_all(machine.at("sys/class/tty/tty0")).unwrap();
    for (name, kind) in [("ttyS0", "4"), ("ttyS1", "0")] {
        machine.write(&format!("sys/class/tty/{name}/type"), kind);
        symlink(machine.at("sys"), machine.at(&format!("sys/class/tty/{name}/device"))).unwrap();
        machine.write(&format!("dev/{name}"), "");
    }
    let found = look(&machine.roots(), None);
    let paths: Vec<_> = found.ports.iter().map(|port| (port.path.clone(), port.usb.clone())).collect();
    assert_eq!(paths, [(machine.at("dev/ttyS0"), None)], "a board's own port has no USB ids");
}

#[test]
fn the_configured_port_is_listed_whatever_it_is_and_once() {
    let machine = Machine::new();
    machine.plug("1-1", ("10c4", "ea60"), Some("ttyUSB0"));
    symlink("ttyUSB0", machine.at("dev/idreader")).unwrap();
    assert_eq!(
        look(&machine.roots(), Some(&machine.at("dev/idreader"))).ports.len(),
        1,
        "another name of a listed one"
    );
    let gone = look(&machine.roots(), Some(&machine.at("dev/gone"))).ports;
    let listed: Vec<_> = gone.iter().map(|port| (port.path.clone(), port.access)).collect();
    let expected = [(machine.at("dev/ttyUSB0"), Access::Allowed), (machine.at("dev/gone"), Access::Missing)];
    assert_eq!(listed, expected);
}

#[test]
fn a_reader_without_a_serial_port_is_told() {
    let machine = Machine::new();
    machine.plug("1-2", ("0400", "C35A"), None);
    let found = look(&machine.roots(), None);
    assert_eq!(found.ports, []);
    assert!(matches!(&found.without_port[..], [one] if !one.hid && one.usb.product == "C35A"), "{found:?}");

    fs::create_dir_all(machine.at("sys/bus/hid/devices/0003:0400:C35A.0004")).unwrap();
    fs::create_dir_all(machine.at("sys/bus/hid/devices/0003:046D:C31C.0001")).unwrap();
    let found = look(&machine.roots(), None).without_port;
    assert!(matches!(&found[..], [one] if one.hid), "a keyboard is no reader: {found:?}");
}

#[test]
fn a_reader_with_a_serial_port_is_not_told_twice() {
    let machine = Machine::new();
    machine.plug("1-2", ("0400", "c35a"), Some("ttyACM0"));
    let found = look(&machine.roots(), None);
    assert_eq!((found.ports.len(), found.without_port.len()), (1, 0));
}

#[test]
fn a_machine_that_shows_nothing_has_nothing() {
    let nowhere = Roots { dev: "/no/dev".into(), sys: "/no/sys".into(), proc: "/no/proc".into() };
    assert_eq!(look(&nowhere, None), Inventory::default());
}
