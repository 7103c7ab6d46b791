//! The house (house.md) as a test: who may import whom, what a pure room never names, what every file owes its reader.
//!
//! Owns the order of rooms as data. Each check is a function from a source to complaints, proved below on sources made up
//! to be wrong.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the checks of a test")]

mod support;

use std::path::{Path, PathBuf};
use support::source::{Named, named, tokens};

/// Direction is one ordered list: a room imports only rooms to its left; rooms in one brace never import each other.
const ORDER: &[&[&str]] = &[
    &["domain"],
    &["proof"],
    &["journal", "trust"],
    &["desk", "reader", "store", "intake", "seal"],
    &["delivery", "org"],
    &["runtime"],
    &["demo"],
    &["tui"],
    &["cli"],
];

/// Narrower still: all that these may import. A longer entry is a path inside a room.
const NARROW: &[(&str, &[&[&str]])] = &[
    ("desk", &[&["domain"]]),
    ("reader", &[&["domain"]]),
    ("config", &[&["domain"]]),
    ("store", &[&["domain"], &["proof"], &["journal"], &["trust", "data_key"]]),
];

/// `config.rs` serves this room and what is right of it.
const CONFIG_SERVES_FROM: &str = "runtime";

/// Rooms without input, output, clock, randomness and threads.
const PURE: &[&str] = &["domain", "desk"];

/// What a pure room never names: `\b(ratatui|rusqlite|ring|serialport)::|SystemTime|Instant::now|thread::`.
const IMPURE_CRATES: &[&str] = &["ratatui::", "rusqlite::", "ring::", "serialport::"];
const IMPURE_WORDS: &[&str] = &["SystemTime", "Instant::now", "thread::"];

/// A file that passes this is two.
const LONGEST_FILE: usize = 600;

fn rank(room: &str) -> Option<usize> {
    if room == "config" {
        // Between `delivery` and the room it serves first: whoever may import that position may import it.
        return rank(CONFIG_SERVES_FROM).map(|rank| rank - 1);
    }
    ORDER.iter().position(|brace| brace.contains(&room))
}

/// Path of the module that a file under `src/` is.
fn module(file: &Path) -> Vec<String> {
    let mut path: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

/// Complaints about one file's imports. `file` is relative to `src/`; the crate's roots may name every room.
fn wrong_arrows(file: &Path, source: &str) -> Vec<String> {
    let module = module(file);
    let room = module[0].as_str();
    if module.len() == 1 && ["lib", "main"].contains(&room) {
        return Vec::new();
    }
    if rank(room).is_none() {
        return vec![format!("{}: room {room:?} is not in the order of house.md", file.display())];
    }
    let wrong = |named: &Named| {
        let line = named.line;
        let to = named.path.first().map_or("*", String::as_str);
        (to != room && !may_import(room, &named.path))
            .then(|| format!("{}:{line}: {room} must not import {}", file.display(), named.path.join("::")))
    };
    named(source, &module).iter().filter_map(wrong).collect()
}

fn may_import(room: &str, path: &[String]) -> bool {
    let Some(to) = path.first() else { return false };
    if let Some((_, allowed)) = NARROW.iter().find(|(narrow, _)| *narrow == room) {
        return allowed
            .iter()
            .any(|allowed| path.len() >= allowed.len() && path.iter().zip(*allowed).all(|(a, b)| a == b));
    }
    if to == "config" && rank(room) < rank(CONFIG_SERVES_FROM) {
        return false;
    }
    rank(to) < rank(room) && rank(to).is_some()
}

/// Complaints about a pure room, comments and strings included: the words have no place in it.
fn impurities(file: &Path, source: &str) -> Vec<String> {
    if !PURE.contains(&module(file)[0].as_str()) {
        return Vec::new();
    }
    let names_crate = |line: &str, name: &str| {
        line.match_indices(name).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let mut found = Vec::new();
    for (n, line) in source.lines().enumerate() {
        let crates = IMPURE_CRATES.iter().filter(|name| names_crate(line, name));
        for word in crates.chain(IMPURE_WORDS.iter().filter(|word| line.contains(**word))) {
            found.push(format!("{}:{}: {word} in a pure room", file.display(), n + 1));
        }
    }
    found
}

/// Complaints about a file's form.
fn bad_form(file: &Path, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.lines().count();
    if lines > LONGEST_FILE {
        found.push(format!("{}: {lines} lines, expected at most {LONGEST_FILE}", file.display()));
    }
    // Unit tests in a file of their own stand under the head of the module they test.
    let head_elsewhere = file.starts_with("src") && file.file_name().is_some_and(|name| name == "tests.rs");
    if !source.starts_with("//!") && !head_elsewhere {
        found.push(format!("{}: expected a first line that begins with //!", file.display()));
    }
    found
}

/// Complaints about sleeping, and about tests that are left out without a word.
fn bad_habits(file: &Path, source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let sleeps = ["sleep", "sleep_ms", "sleep_until"].contains(&token.text);
        let of_thread = at >= 2 && texts[at - 1] == "::" && texts[at - 2] == "thread";
        // `use std::thread::{sleep, spawn}`: a group under `thread`.
        let in_group = texts[..at].iter().rposition(|text| *text == "{" || *text == ";").is_some_and(|open| {
            texts[open] == "{" && open >= 2 && texts[open - 1] == "::" && texts[open - 2] == "thread"
        });
        if sleeps && (of_thread || in_group) {
            found.push(format!("{}:{}: sleeps, expected to block on what it waits for", file.display(), token.line));
        }
        if texts[at..].starts_with(&["#", "[", "ignore", "]"]) {
            found.push(format!("{}:{}: ignored without a reason", file.display(), token.line));
        }
    }
    found
}

/// Every Rust file below `dir`, relative to `base`, with its text.
fn sources(base: &Path, dir: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut pending = vec![base.join(dir)];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(base).unwrap().to_owned(), text));
        }
    }
    found.sort();
    found
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn rooms_import_only_what_stands_to_their_left() {
    let files = sources(&project().join("src"), "");
    assert!(files.len() > 10, "expected the sources of the project");
    assert_none(&files.iter().flat_map(|(file, text)| wrong_arrows(file, text)).collect::<Vec<_>>());
}

#[test]
fn domain_and_desk_are_pure() {
    let files = sources(&project().join("src"), "");
    assert_none(&files.iter().flat_map(|(file, text)| impurities(file, text)).collect::<Vec<_>>());
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let files = ["src", "tests", "benches"].into_iter().filter(|dir| project().join(dir).is_dir());
    let files: Vec<_> = files.flat_map(|dir| sources(project(), dir)).collect();
    assert_none(&files.iter().flat_map(|(file, text)| bad_form(file, text)).collect::<Vec<_>>());
}

#[test]
fn nothing_sleeps_and_no_test_is_left_out_without_a_reason() {
    let files: Vec<_> = ["src", "tests"].into_iter().flat_map(|dir| sources(project(), dir)).collect();
    assert_none(&files.iter().flat_map(|(file, text)| bad_habits(file, text)).collect::<Vec<_>>());
}

#[cfg(test)]
mod the_checks_can_fail {
    use super::*;

    fn arrows(file: &str, source: &str) -> Vec<String> {
        wrong_arrows(Path::new(file), source)
    }

    #[test]
    fn wrong_arrows_are_found_however_they_are_written() {
        for (file, source, wrong) in [
            ("domain/ids.rs", "use crate::store::Store;", 1),
            ("domain.rs", "fn f() -> crate::proof::Root { todo!() }", 1),
            ("journal/line.rs", "use crate::trust::Pin;", 1),
            ("trust/mod.rs", "use crate::{domain::ids::SiteId, journal::{Line, fsck}};", 2),
            ("desk/machine.rs", "use crate::proof::jcs;", 1),
            ("reader/port/mod.rs", "use crate::journal::Line;", 1),
            ("config.rs", "use crate::trust::Cost;", 1),
            ("intake/csv.rs", "use crate::config::Config;", 1),
            ("delivery/usb.rs", "use crate::config::Config;", 1),
            ("store/rows.rs", "use crate::trust::{data_key::DataKey, pin::Pin};", 1),
            ("store/rows.rs", "use crate::trust;", 1),
            ("tui/view.rs", "pub(in crate::tui) fn f() { crate::cli::run() }", 1),
            ("runtime/mod.rs", "use crate::{demo, tui::{self}, cli as c};", 3),
            ("domain/policy.rs", "use super::super::store::Store;", 1),
            ("domain/policy/parse.rs", "use super::{Policy, super::{ids::X, super::seal}};", 1),
            ("domain/ids.rs", "mod tests { use super::super::super::cli; }", 1),
            ("domain/ids.rs", "macro_rules! m { () => { $crate::desk::X } }", 1),
            ("domain/ids.rs", "use super::super::*;", 1),
            ("helpers/mod.rs", "", 1),
            ("domain/mod.rs", "use crate::nowhere::X;", 1),
        ] {
            assert_eq!(arrows(file, source).len(), wrong, "{file}: {source}: {:?}", arrows(file, source));
        }
    }

    #[test]
    fn right_arrows_and_mere_words_pass() {
        for (file, source) in [
            ("main.rs", "use crate::cli; fn main() {}"),
            ("lib.rs", "pub use crate::store::Store;"),
            ("cli/mod.rs", "use crate::{config::Config, tui, demo, runtime::{self, clock}};"),
            ("runtime/mod.rs", "use crate::config::Config; use crate::{desk, reader, store, domain};"),
            ("store/rows.rs", "use crate::trust::data_key::{DataKey, Place}; use crate::{proof, journal, domain};"),
            ("domain/policy/parse.rs", "use super::super::ids::X; use super::Policy; pub(crate) struct S;"),
            ("domain/ids.rs", "mod tests { mod deep { use super::super::SiteId; } }"),
            (
                "domain/ids.rs",
                "// crate::cli\n/* crate::cli /* nested */ crate::cli */ const A: &str = \"crate::cli\";",
            ),
            (
                "domain/ids.rs",
                "const A: &str = r#\"\" crate::cli\"#; const B: char = '\"'; const C: &str = \"crate::cli\";",
            ),
            ("domain/ids.rs", "fn f<'a>(x: &'a str) -> char { '\\'' } // crate::cli"),
        ] {
            assert_eq!(arrows(file, source), Vec::<String>::new(), "{file}: {source}");
        }
    }

    #[test]
    fn impurities_are_found_in_pure_rooms_only() {
        for (source, found) in [
            ("use ratatui::Frame;", 1),
            ("let c = rusqlite::Connection::open(p);", 1),
            ("ring::digest::digest(a, b)", 1),
            ("String::new(); Recurring::new(); x_ring::y()", 0),
            ("let t = std::time::Instant::now();", 1),
            ("let t = SystemTime::UNIX_EPOCH;", 1),
            ("std::thread::spawn(f)", 1),
        ] {
            assert_eq!(impurities(Path::new("desk/machine.rs"), source).len(), found, "{source}");
            assert_eq!(impurities(Path::new("domain.rs"), source).len(), found, "{source}");
            assert_eq!(impurities(Path::new("store/mod.rs"), source), Vec::<String>::new(), "{source}");
        }
    }

    #[test]
    fn a_long_file_and_a_file_without_a_head_are_found() {
        let long = "//! Head.\n".to_owned() + &"\n".repeat(LONGEST_FILE);
        assert_eq!(bad_form(Path::new("src/domain/long.rs"), &long).len(), 1);
        assert_eq!(bad_form(Path::new("src/domain/short.rs"), "//! Head.\n"), Vec::<String>::new());
        assert_eq!(bad_form(Path::new("src/domain/short.rs"), "use crate::x;\n").len(), 1);
        assert_eq!(bad_form(Path::new("tests/tests.rs"), "// Head.\n").len(), 1);
    }

    #[test]
    fn sleep_and_silent_ignores_are_found() {
        let found = |source: &str| bad_habits(Path::new("tests/x.rs"), source).len();
        assert_eq!(found("fn f() { std::thread::sleep(D); }"), 1);
        assert_eq!(found("use std::thread::sleep;"), 1);
        assert_eq!(found("use std::thread::{spawn, sleep};"), 1);
        assert_eq!(found("#[ignore]\n#[test]\nfn f() {}"), 1);
        assert_eq!(found("#[ignore = \"needs strace\"] fn f() { \"thread::sleep\"; } // thread::sleep"), 0);
        assert_eq!(found("fn f() { nap::sleep(D) }"), 0);
    }
}
