//! Every code of rosters, policies and taps (KD-R, KD-P, KD-A of `assets/design/codes.md`) is said by the binary for a flaw
//! that a case here sets up, or stands in the list of exemptions with its reason.
//!
//! One check of all cases holds the lists together: a code that the page explains and nobody provokes fails it, as does an
//! exemption that is provoked all the same.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/course.rs"]
mod course;
#[path = "provoked/policies.rs"]
mod policies;
#[path = "provoked/rosters.rs"]
mod rosters;
mod support;
#[path = "provoked/taps.rs"]
mod taps;

#[path = "support/xlsx.rs"]
mod xlsx;

use std::collections::BTreeSet;

/// Codes that no input of this release leads to, with the reason.
const EXEMPT: &[(&str, &str)] = &[
    ("KD-R-50", "the signature of a pack, which comes later"),
    ("KD-A-34", "no removal for breach yet"),
    ("KD-A-35", "no void record yet"),
    ("KD-A-41", "no second desk yet"),
    ("KD-A-43", "nobody steps out yet"),
    ("KD-A-44", "nobody steps out yet"),
    ("KD-A-45", "nobody steps out yet"),
    ("KD-A-46", "nobody steps out yet"),
    ("KD-A-24", "no desk with rooms of its own yet"),
    ("KD-A-29", "declared at the screen, by a person"),
    ("KD-A-47", "a clock that went back is asked about first, KD-A-50; the tests of the table reach it"),
    ("KD-A-60", "a seat that somebody was moved to: the tests of seats"),
    ("KD-A-62", "a seat out of service: the tests of seats"),
    ("KD-A-70", "a desk without a screen does not start where a person compares faces"),
    ("KD-A-71", "a desk without a screen does not start where candidates make a pledge"),
    ("KD-A-61", "an import refuses a fixed seat that is missing; seats on arrival have tests of their own"),
];

/// The codes of a family on the page.
fn explained(family: &str) -> BTreeSet<String> {
    let page = course::project("assets/design/codes.md");
    let starts = page.match_indices(family).map(|(at, _)| &page[at..]);
    let code = |text: &str| {
        let rest = text[family.len()..].chars().take_while(|c| c.is_ascii_digit() || *c == 'N');
        format!("{family}{}", rest.collect::<String>())
    };
    starts.map(code).filter(|code| code.ends_with(|c: char| c.is_ascii_digit())).collect()
}

fn is_exempt(code: &str) -> bool {
    EXEMPT.iter().any(|(exempt, _)| *exempt == code)
}

/// Passes if each code of a family was said or is exempt, and none is both.
fn every_code_of(family: &str, said: &BTreeSet<String>) {
    let page = explained(family);
    assert!(page.len() > 7, "the page was read: {page:?}");
    let silent: Vec<_> = page.iter().filter(|code| !said.contains(*code) && !is_exempt(code)).collect();
    assert!(silent.is_empty(), "no case provokes {silent:?}: add one to tests/provoked, or a reason to EXEMPT");
    let needless: Vec<_> = said.iter().filter(|code| is_exempt(code)).collect();
    assert!(needless.is_empty(), "provoked and exempt: {needless:?}");
    let unexplained: Vec<_> = said.iter().filter(|code| code.starts_with(family) && !page.contains(*code)).collect();
    assert!(unexplained.is_empty(), "said and not explained: {unexplained:?}");
}

#[test]
fn every_code_of_a_policy_is_provoked() {
    every_code_of("KD-P-", &policies::said());
}

#[test]
fn every_code_of_a_roster_is_provoked() {
    every_code_of("KD-R-", &rosters::said());
}

#[test]
fn every_code_of_a_tap_is_provoked() {
    every_code_of("KD-A-", &taps::said());
}
