//! Which serial ports this machine has, what is known of each, and who holds it. Looks files up and opens no port.
//!
//! ```text
//! SYS/class/tty/NAME/device        a port with hardware behind it; NAME/type 0: a port of a board that is not there
//!   …/idVendor idProduct serial manufacturer product bInterfaceNumber     in the folders above its device
//! SYS/bus/usb/devices/*, SYS/bus/hid/devices/BUS:VENDOR:PRODUCT.N        a reader without a serial port
//! DEV/serial/by-id/*, DEV/serial/by-path/*, links in DEV                 other names of a port
//! PROC/PID/fd/*, PROC/PID/comm                                           who has it open, as far as this user may see
//! ```
//!
//! The three roots are settings, so that tests have their own. What cannot be read is left out: a technician's list is
//! better short than absent.

use rustix::fs::Access as Rights;
use std::fs;
use std::path::{Path, PathBuf};

/// USB ids of readers that show no serial port, lower case (id-card-reader.md §11).
const WITHOUT_PORT: [(&str, &str); 1] = [("0400", "c35a")];

/// Where to look.
#[derive(Debug, Clone)]
pub struct Roots {
    /// Instead of `/dev`.
    pub dev: PathBuf,
    /// Instead of `/sys`.
    pub sys: PathBuf,
    /// Instead of `/proc`.
    pub proc: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self { dev: "/dev".into(), sys: "/sys".into(), proc: "/proc".into() }
    }
}

/// What a USB device says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usb {
    /// Four hexadecimal digits.
    pub vendor: String,
    /// Four hexadecimal digits.
    pub product: String,
    /// Cheap adapters have none.
    pub serial: Option<String>,
    /// Who made it, in its own words.
    pub manufacturer: Option<String>,
    /// What it is, in its own words.
    pub name: Option<String>,
    /// Of adapters with several ports.
    pub interface: Option<String>,
}

/// Whether this user may open a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// They may.
    Allowed,
    /// They may not.
    Denied,
    /// There is nothing at the path.
    Missing,
}

impl Access {
    /// Its name on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Missing => "missing",
        }
    }
}

/// A process that has a port open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub pid: u32,
    /// Its name, as the kernel keeps it.
    pub command: String,
    /// Whether it is this very process.
    pub own: bool,
}

/// One port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Its path, by the kernel's name.
    pub path: PathBuf,
    /// Other paths of it; those by id or path survive unplugging.
    pub names: Vec<PathBuf>,
    /// What stands on the USB side, if it is such a port.
    pub usb: Option<Usb>,
    /// Whether this user may open it.
    pub access: Access,
    /// Who has it open.
    pub holders: Vec<Holder>,
}

impl Port {
    /// The name to configure: one by id before the kernel's, which changes.
    #[must_use]
    pub fn best_name(&self) -> &Path {
        let by_id = self.names.iter().find(|name| name.parent().is_some_and(|folder| folder.ends_with("by-id")));
        by_id.unwrap_or(&self.path)
    }
}

/// A reader on USB that no program can open as a serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithoutPort {
    /// What it says about itself.
    pub usb: Usb,
    /// Whether it shows itself as a HID device, such as a keyboard.
    pub hid: bool,
}

/// Everything found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// Ports, by path.
    pub ports: Vec<Port>,
    /// Readers that are none.
    pub without_port: Vec<WithoutPort>,
}

/// Looks around; `configured` is listed too, whatever it is.
#[must_use]
pub fn look(roots: &Roots, configured: Option<&Path>) -> Inventory {
    let mut paths: Vec<(PathBuf, Option<PathBuf>)> = entries(&roots.sys.join("class/tty"))
        .into_iter()
        .filter(|class| class.join("device").exists() && text(class, "type").as_deref() != Some("0"))
        .filter_map(|class| Some((roots.dev.join(class.file_name()?), Some(class.join("device")))))
        .collect();
    paths.sort();
    if let Some(configured) = configured {
        let place = fs::canonicalize(configured).unwrap_or_else(|_| configured.to_owned());
        if !paths.iter().any(|(path, _)| *path == place || path == configured) {
            paths.push((configured.to_owned(), None));
        }
    }
    let held = holders(&roots.proc);
    let names = names(&roots.dev);
    let ports: Vec<Port> = paths
        .into_iter()
        .map(|(path, device)| {
            let place = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            let others = names.iter().filter(|(name, to)| *to == place && *name != path);
            Port {
                names: others.map(|(name, _)| name.clone()).collect(),
                usb: device.and_then(|device| fs::canonicalize(device).ok()).and_then(|device| usb(&device)),
                access: access(&path),
                holders: held.iter().filter(|(to, _)| *to == place).map(|(_, holder)| holder.clone()).collect(),
                path,
            }
        })
        .collect();
    let without_port = without_port(&roots.sys, &ports);
    Inventory { ports, without_port }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn text(folder: &Path, file: &str) -> Option<String> {
    let text = fs::read_to_string(folder.join(file)).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What the folders above a device say; `None` for ports that are not on USB.
fn usb(device: &Path) -> Option<Usb> {
    let interface = device.ancestors().find_map(|folder| text(folder, "bInterfaceNumber"));
    let folder = device.ancestors().find(|folder| folder.join("idVendor").exists())?;
    Some(Usb {
        vendor: text(folder, "idVendor")?,
        product: text(folder, "idProduct")?,
        serial: text(folder, "serial"),
        manufacturer: text(folder, "manufacturer"),
        name: text(folder, "product"),
        interface,
    })
}

fn access(path: &Path) -> Access {
    match rustix::fs::access(path, Rights::READ_OK | Rights::WRITE_OK) {
        Ok(()) => Access::Allowed,
        Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => Access::Missing,
        Err(_) => Access::Denied,
    }
}

/// Links that lead to devices, with where they lead.
fn names(dev: &Path) -> Vec<(PathBuf, PathBuf)> {
    let folders = [dev.to_owned(), dev.join("serial/by-id"), dev.join("serial/by-path")];
    let links = folders.iter().flat_map(|folder| entries(folder)).filter(|path| path.is_symlink());
    let mut names: Vec<_> = links.filter_map(|link| Some((link.clone(), fs::canonicalize(&link).ok()?))).collect();
    names.sort();
    names
}

/// Who has what open, once for each process and path.
fn holders(proc: &Path) -> Vec<(PathBuf, Holder)> {
    let mut held = Vec::new();
    for process in entries(proc) {
        let Some(pid) = process.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()) else { continue };
        let mut open: Vec<PathBuf> =
            entries(&process.join("fd")).into_iter().filter_map(|fd| fs::read_link(fd).ok()).collect();
        open.sort();
        open.dedup();
        let command = text(&process, "comm").unwrap_or_default();
        let own = pid == std::process::id();
        held.extend(open.into_iter().map(|path| (path, Holder { pid, command: command.clone(), own })));
    }
    held.sort_by_key(|(_, holder)| holder.pid);
    held
}

fn is_known(vendor: &str, product: &str) -> bool {
    WITHOUT_PORT.iter().any(|(v, p)| vendor.eq_ignore_ascii_case(v) && product.eq_ignore_ascii_case(p))
}

/// Readers with known ids that none of the ports belongs to.
fn without_port(sys: &Path, ports: &[Port]) -> Vec<WithoutPort> {
    let hid: Vec<(String, String)> = entries(&sys.join("bus/hid/devices"))
        .iter()
        .filter_map(|device| {
            let name = device.file_name()?.to_str()?;
            let mut parts = name.split([':', '.']).skip(1);
            Some((parts.next()?.to_ascii_lowercase(), parts.next()?.to_ascii_lowercase()))
        })
        .filter(|(vendor, product)| is_known(vendor, product))
        .collect();
    let devices = entries(&sys.join("bus/usb/devices"));
    let mut found: Vec<WithoutPort> = devices
        .iter()
        .filter_map(|device| usb(device))
        .filter(|usb| is_known(&usb.vendor, &usb.product))
        .filter(|usb| !ports.iter().filter_map(|port| port.usb.as_ref()).any(|port| same_device(port, usb)))
        .map(|usb| WithoutPort { hid: hid.contains(&ids(&usb)), usb })
        .collect();
    for (vendor, product) in hid {
        if !found.iter().any(|one| ids(&one.usb) == (vendor.clone(), product.clone())) {
            found.push(WithoutPort { usb: Usb { vendor, product, ..Usb::default() }, hid: true });
        }
    }
    found
}

fn ids(usb: &Usb) -> (String, String) {
    (usb.vendor.to_ascii_lowercase(), usb.product.to_ascii_lowercase())
}

fn same_device(one: &Usb, other: &Usb) -> bool {
    (&one.vendor, &one.product, &one.serial) == (&other.vendor, &other.product, &other.serial)
}

#[cfg(test)]
mod tests;
