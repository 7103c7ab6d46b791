//! Flawed rosters: those of `tests/vectors/roster` in dry runs, those that need rooms, a workbook or a store beside them.

use crate::course::{Home, policy};
use crate::support::KAODIAN;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The name of a vector begins with its code; what has none is clean or has many.
fn vectors() -> Vec<(String, std::path::PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/roster");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e != "json"));
    files.sort();
    let code = |path: &Path| path.file_stem().unwrap().to_str().unwrap().split('_').next().unwrap().to_uppercase();
    files.into_iter().map(|path| (code(&path), path)).collect()
}

/// Codes that a dry run says of a file.
fn dry_run(file: &Path, more: &[&str]) -> BTreeSet<String> {
    let mut command = Command::new(KAODIAN);
    command.args(["--json", "import", "--dry-run"]).arg(file).args(more).env_clear().env("HOME", "/nonexistent");
    let output = command.output().unwrap();
    let mut said: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter_map(|line| Some(line["code"].as_str()?.to_owned()))
        .collect();
    if String::from_utf8(output.stderr).unwrap().contains("KD-R-00") {
        said.insert("KD-R-00".to_owned());
    }
    said
}

const POLICIES: [&str; 4] =
    ["--policy", "tests/vectors/policy/b2b-intermediate.toml", "--policy", "tests/vectors/policy/eppm-primary.toml"];

/// A workbook that hides a row and dates a room.
fn workbook() -> Vec<u8> {
    use crate::xlsx::{Cell, of_csv};
    let mut book = of_csv(&crate::course::project("tests/vectors/roster/clean.csv"));
    book.sheets[0].row_attributes = vec![(3, "hidden=\"1\"")];
    book.sheets[0].rows[1][14] = Cell::Date(46_350.0);
    book.bytes()
}

pub fn said() -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for (code, path) in vectors() {
        let more: &[&str] = if code == "N8" { &[] } else { &POLICIES };
        let found = dry_run(&path, more);
        // A full session needs a limit of its own, and here a room; clean and many have no code.
        if code.starts_with(|c: char| c.is_ascii_digit() || c == 'N')
            && code != "44"
            && !path.to_string_lossy().contains("clean")
            && !path.to_string_lossy().contains("silent")
        {
            assert!(found.contains(&format!("KD-R-{code}")), "{}: {found:?}", path.display());
        }
        said.extend(found);
    }
    let home = Home::with_site();
    home.file("traps.xlsx", workbook());
    said.extend(dry_run(&home.path().join("traps.xlsx"), &POLICIES));
    home.file("rooms.csv", "考场,名称,容量\n01,机房,1\n01,机房,1\n");
    let rooms = home.path().join("rooms.csv");
    let clean = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/roster/clean.csv");
    said.extend(dry_run(&clean, &[&POLICIES[..], &["--rooms", rooms.to_str().unwrap()]].concat()));
    home.file("rooms.csv", "考场,名称,容量\n01,机房,1\n");
    said.extend(dry_run(&clean, &[&POLICIES[..], &["--rooms", rooms.to_str().unwrap()]].concat()));
    said.extend(in_a_store(&home));
    said
}

/// What only a store can say: a candidate of one part, removals that nobody approved, another policy, a session
/// that is running.
fn in_a_store(home: &Home) -> BTreeSet<String> {
    let people = "--as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen";
    let first = std::fs::read_to_string(home.path().join("roster.csv")).unwrap();
    let partly =
        first.replace("座位号\n", "座位号,科目\n").replace(",01\n", ",01,理论知识\n").replace(",02\n", ",02,全科\n");
    home.file("partly.csv", partly);
    let import =
        |file: &str, more: &str| home.run(&format!("--data D import {file} --policy b2b.toml {more} {people}"));
    let mut told = import("partly.csv", "").err;
    assert_eq!(import("roster.csv", "").exit, 0);
    let fewer: String = first.lines().take(2).map(|line| format!("{line}\n")).collect();
    home.file("fewer.csv", &fewer);
    told += &import("fewer.csv", "").err;
    home.file("other.toml", policy("b2b-intermediate", 20));
    told += &home.run(&format!("--data D import roster.csv --policy other.toml --removals 0 {people}")).err;
    home.ok("--data D session open 1 --as chen --pin-file 3 3<pin.chen");
    home.ok("--data D session start 1 --as chen --pin-file 3 3<pin.chen");
    told += &import("fewer.csv", "--removals 1").err;
    ["KD-R-45", "KD-R-47", "KD-R-49", "KD-R-53"]
        .into_iter()
        .filter(|code| told.contains(code))
        .map(str::to_owned)
        .collect()
}
