//! The start with a full roster, and what stays in memory afterwards.

use crate::report::Section;
use kaodian::config::Config;
use kaodian::demo::crew;
use kaodian::domain::ids::DeskId;
use kaodian::runtime::site::Site;
use kaodian::store::Store;
use kaodian::trust::pin::Pin;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// From the file to a desk that knows everybody, after the PIN; its floor is reading the file's bytes.
pub fn hold(data: &Path) {
    let database = data.join("kaodian.db");
    let mut site = Site::open_to_read(data, &Config::default()).unwrap();
    let proctor = crew::CREW.iter().find(|m| m.op == crew::proctor().as_str()).unwrap();
    let keys = site.authenticate(&crew::proctor(), &Pin::parse(proctor.pin).unwrap()).unwrap().keys;
    Section::new("start with 30,000 candidates, after unlocking")
        .floor("read the file", 3, || std::fs::read(&database).unwrap().len())
        .ours("verify, fold, open persons", 3, || {
            let store = Store::open_to_read(&database).unwrap();
            let held = store.hold(DeskId::FIRST).unwrap();
            let roster = store.roster(|session| keys.get(&session)).unwrap();
            (held.books.len(), roster.entries().len())
        })
        .run();
}

/// VmRSS of the real headless desk once it is ready, with the default cost of a PIN: its memory has been returned.
pub fn resident(empty: &Path, full: &Path) {
    println!("\nmemory after unlocking (VmRSS, PIN at 64 MiB and 3 passes)");
    make_empty(empty);
    println!("  ours  {:<30}{:>10.1} MB", "no candidates", megabytes(empty));
    println!("  ours  {:<30}{:>10.1} MB", "30,000 candidates", megabytes(full));
}

/// A demo site with nobody but its chief and a proctor.
fn make_empty(data: &Path) {
    for (args, pins) in [
        (
            vec!["site", "init", "--mode", "demo", "--site", "EX-SITE-01", "--name", "x", "--chief", "chen"],
            vec!["135790"],
        ),
        (vec!["people", "add", "wang", "--role", "proctor", "--as", "chen"], vec!["135790", "314159"]),
    ] {
        let names = if pins.len() == 1 { vec!["--new-pin-file"] } else { vec!["--pin-file", "--new-pin-file"] };
        let mut command = Command::new(env!("CARGO_BIN_EXE_kaodian"));
        command.arg("--data").arg(data).args(&args);
        for (n, (name, pin)) in names.iter().zip(&pins).enumerate() {
            command.arg(name).arg(pin_file(data, n, pin));
        }
        assert!(command.stderr(Stdio::null()).status().unwrap().success());
    }
}

fn pin_file(data: &Path, n: usize, pin: &str) -> std::path::PathBuf {
    use std::os::unix::fs::OpenOptionsExt;
    let path = data.with_extension(format!("pin{n}"));
    let _ = std::fs::remove_file(&path);
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();
    file.write_all(pin.as_bytes()).unwrap();
    path
}

fn megabytes(data: &Path) -> f64 {
    let pin = pin_file(data, 9, "314159");
    let mut desk = Command::new(env!("CARGO_BIN_EXE_kaodian"))
        .arg("--data")
        .arg(data)
        .args(["desk", "--headless", "--json", "--reader", "/nowhere", "--as", "wang", "--pin-file"])
        .arg(pin)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(desk.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("\"ready\"")), "the desk is ready");
    let status = std::fs::read_to_string(format!("/proc/{}/status", desk.id())).unwrap();
    let kib: f64 = status
        .lines()
        .find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"))
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    desk.kill().unwrap();
    desk.wait().unwrap();
    kib / 1000.0
}
