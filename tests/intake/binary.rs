//! Each code of an import, provoked through the binary. KD-R-47, 49, 52 and 53 need a store or rooms: `tests/reimport.rs`.

use crate::xlsx::{Book, of_csv};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const CLEAN: &str = include_str!("../vectors/roster/clean.csv");

fn codes(file: &Path, more: &[&str]) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaodian"));
    command.args(["--json", "import", "--dry-run"]).arg(file).args(more).env_clear().env("HOME", "/nonexistent");
    let output = command.output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let found: Vec<_> = lines.filter(|line| line["event"] != "import").collect();
    let refused = found.iter().any(|line| line["event"] == "error");
    assert_eq!(output.status.code(), Some(i32::from(refused)), "{}", file.display());
    found.into_iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_code_of_a_roster_is_said_by_the_binary() {
    const POLICIES: [&str; 4] = [
        "--policy",
        "tests/vectors/policy/b2b-intermediate.toml",
        "--policy",
        "tests/vectors/policy/eppm-primary.toml",
    ];
    let mut said = BTreeSet::new();
    for path in super::vectors() {
        let more: &[&str] = if super::stem(&path).starts_with("n8") { &[] } else { &POLICIES };
        said.extend(codes(&path, more));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let book = |change: fn(&mut Book)| {
        let mut book = of_csv(CLEAN);
        change(&mut book);
        book.bytes()
    };
    said.extend(codes(
        &file("hidden.xlsx", &book(|b| b.sheets[0].row_attributes = vec![(3, "hidden=\"1\"")])),
        &POLICIES,
    ));
    let dated = book(|b| b.sheets[0].rows[1][14] = crate::xlsx::Cell::Date(46_350.0));
    said.extend(codes(&file("dated.xlsx", &dated), &POLICIES));
    let rooms = file("rooms.csv", "考场,名称,容量\n01,机房,1\n".as_bytes());
    let with_rooms = [&POLICIES[..], &["--rooms", rooms.to_str().unwrap()]].concat();
    said.extend(codes(&file("full.csv", CLEAN.as_bytes()), &with_rooms));

    let numbers = "01 02 03 04 05 06 10 11 12 20 21 22 23 24 25 30 31 32 33 34 35 36 40 41 42 43 44 46 51";
    let notices = "N1 N2 N3 N4 N5 N6 N7 N8";
    for code in numbers.split(' ').chain(notices.split(' ')) {
        assert!(said.contains(&format!("KD-R-{code}")), "KD-R-{code} is said by none");
    }
}
