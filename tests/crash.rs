//! A desk that is killed at any moment loses nothing that it told anybody.
//!
//! `KAODIAN_CRASH_ROUNDS` kills (default 15) at moments drawn from `KAODIAN_CRASH_SEED`: while the desk starts, after a
//! verdict, as a card is laid down, and in the middle of a tap.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use kaodian::demo::roster::SplitMix64;
use kaodian::reader::simulate::SimulatedReader;
use serde_json::Value;
use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;
use support::day::{Day, Person, heads, reader};
use support::lines::Lines;
use support::taps::{admitted, all_stand, find_inside, read_table_agrees, tap};

/// Rounds after which a new day begins, so that check-in stays open and candidates do not run out.
const ROUNDS_OF_A_DAY: u32 = 40;
/// Most verdicts before a kill.
const MOST: u32 = 6;

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// What is known of the day from outside.
struct Known {
    day: Day,
    lines: Vec<String>,
    inside: BTreeSet<String>,
}

impl Known {
    fn new() -> Self {
        let day = Day::open(ROUNDS_OF_A_DAY * MOST);
        let lines = day.journal();
        Self { day, lines, inside: BTreeSet::new() }
    }

    /// Somebody; more often than not one who has not come yet. Never the one whose card lies there: laid down again in
    /// no time it never left, for any driver.
    fn draw(&self, draw: &mut SplitMix64, lying: Option<&str>) -> &Person {
        let wanted_inside = draw.below(3) == 0;
        let is_wanted = |person: &&Person| {
            self.inside.contains(&person.cand) == wanted_inside && lying != Some(person.cand.as_str())
        };
        let choice: Vec<_> = self.day.people.iter().filter(is_wanted).collect();
        let at = draw.below(u32::try_from(choice.len()).unwrap());
        let other = || self.day.people.iter().find(|person| lying != Some(person.cand.as_str())).unwrap();
        choice.get(at as usize).copied().unwrap_or_else(other)
    }

    /// Taps so many cards, then kills the desk at some moment; returns all it ever printed.
    fn kill_during_taps(&mut self, reader: &SimulatedReader, draw: &mut SplitMix64) -> Vec<Value> {
        reader.remove();
        let mut desk = self.day.desk(reader);
        let (mut printed, mut lying) = (Vec::new(), None::<String>);
        if draw.below(8) == 0 {
            survives(&desk, draw.below(60_000));
        } else {
            desk.wait_event("ready");
            for _ in 0..draw.below(MOST + 1) {
                let person = self.draw(draw, lying.as_deref()).clone();
                lying = Some(person.cand.clone());
                let verdict = tap(&mut desk, reader, &person).expect("a verdict");
                let expected = if self.inside.contains(&person.cand) { "already_in" } else { "admitted" };
                assert_eq!(verdict["verdict"], expected, "{verdict}");
                self.inside.insert(person.cand);
                printed.push(verdict);
            }
            let in_a_tap = draw.below(4);
            if in_a_tap > 0 {
                reader.present(self.draw(draw, lying.as_deref()).card());
            }
            if in_a_tap > 1 {
                survives(&desk, draw.below(30_000));
            }
        }
        desk.kill();
        printed.extend(desk.rest());
        assert_eq!(desk.wait_exit().0.signal(), Some(9));
        printed
    }

    /// Holds what was printed, and everything known before, against the files: as they lie there, or on a copy, so that
    /// the next desk finds what the killed one left.
    fn check(&mut self, printed: &[Value], on_a_copy: bool) {
        let day = if on_a_copy { self.day.copy() } else { self.day.clone() };
        let lines = day.journal();
        assert_eq!(day.verified(), (lines.len() as u64, heads(&lines).pop().unwrap()));
        assert!(lines.starts_with(&self.lines), "a line that was there is gone or another one");
        all_stand(printed, &lines);
        let inside = admitted(&lines);
        assert!(inside.is_superset(&self.inside), "somebody who was let in is not in the journal");
        read_table_agrees(&day, &inside);
        (self.lines, self.inside) = (lines, inside);
    }

    /// The next desk knows everybody who is inside, also those whose verdict was never printed.
    fn finish(&self, reader: &SimulatedReader) {
        reader.remove();
        let mut desk = self.day.desk(reader);
        desk.wait_event("ready");
        for person in self.day.people.iter().filter(|person| self.inside.contains(&person.cand)) {
            find_inside(&mut desk, reader, person);
        }
        desk.terminate();
        assert!(desk.wait_exit().0.success());
        assert_eq!(admitted(&self.day.journal()), self.inside);
    }
}

/// Lets the desk go on for so long.
fn survives(desk: &Lines, microseconds: u32) {
    assert!(!desk.process().ended_within(Duration::from_micros(microseconds.into())), "the desk ended by itself");
}

#[test]
fn a_killed_desk_has_every_verdict_it_printed_in_its_journal() {
    let (rounds, seed) = (setting("KAODIAN_CRASH_ROUNDS", 15), setting("KAODIAN_CRASH_SEED", 1));
    let mut draw = SplitMix64::new(seed.into());
    let reader = reader();
    let (mut printed, mut unprinted) = (0, 0);
    for first in (0..rounds).step_by(ROUNDS_OF_A_DAY as usize) {
        let mut known = Known::new();
        for round in first..rounds.min(first + ROUNDS_OF_A_DAY) {
            eprintln!("seed {seed}, round {round}");
            let lines = known.kill_during_taps(&reader, &mut draw);
            let told = known.inside.len();
            known.check(&lines, draw.below(2) == 0);
            printed += lines.iter().filter(|line| line["event"] == "verdict").count();
            unprinted += known.inside.len() - told;
        }
        known.finish(&reader);
    }
    eprintln!("{printed} printed verdicts stand; {unprinted} admissions stand whose verdict was never printed");
    assert!(printed > rounds as usize / 2, "the kills left no time for taps");
}
