//! A write-ahead log that lost its end, or a bit: what is left is a beginning of the history, or is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use kaodian::demo::roster::SplitMix64;
use std::collections::BTreeSet;
use std::fs;
use support::day::{Day, ending, heads, reader};
use support::lines::run;
use support::taps::{admit, all_stand};

/// `sqlite.org/fileformat2.html` §4.1: header of the log, header of a frame.
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The whole history of a killed desk, and its files.
struct Killed {
    day: Day,
    wal: Vec<u8>,
    frame: usize,
    heads: Vec<String>,
    /// Lines that stood before the log began.
    before: u64,
}

impl Killed {
    fn new() -> Self {
        let (day, reader) = (Day::open(12), reader());
        let before = day.journal().len() as u64;
        let mut desk = day.desk(&reader);
        desk.wait_event("ready");
        let told: Vec<_> = day.people[..6].iter().map(|person| admit(&mut desk, &reader, person)).collect();
        desk.kill();
        desk.wait_exit();
        let wal = fs::read(day.wal()).unwrap();
        let lines = day.copy().journal();
        all_stand(&told, &lines);
        let page = u32::from_be_bytes(wal[8..12].try_into().unwrap()) as usize;
        Self { day, frame: FRAME_HEADER + page, heads: heads(&lines), before, wal }
    }

    /// Every place between two frames.
    fn boundaries(&self) -> impl Iterator<Item = usize> {
        (HEADER..=self.wal.len()).step_by(self.frame)
    }

    /// How many lines are left with this log; `None` when it was refused. Fails when they are others than were written.
    fn left_with(&self, wal: &[u8], what: &str) -> Option<u64> {
        let copy = self.day.copy();
        fs::write(copy.wal(), wal).unwrap();
        let output = run(&mut copy.command(&["journal", "verify", "--json"]));
        let complaint = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(4) {
            assert!(complaint.contains("hint: "), "{what}: {complaint}");
            return None;
        }
        assert!(output.status.success(), "{what}: {}: {complaint}", output.status);
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<_> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (size, head) = ending(&lines).unwrap();
        assert_eq!(
            Some(&head),
            self.heads.get(usize::try_from(size).unwrap()),
            "{what}: other lines than were written"
        );
        Some(size)
    }
}

#[test]
fn a_log_cut_anywhere_leaves_a_beginning_of_the_history() {
    let killed = Killed::new();
    let whole = killed.heads.len() as u64 - 1;
    let around = |at: usize| [at.saturating_sub(1), at, at + 1, at + killed.frame / 2];
    let cuts: BTreeSet<usize> = killed.boundaries().flat_map(around).chain([0, 1, 12]).collect();
    let mut last = killed.before;
    let mut sizes = BTreeSet::new();
    for cut in cuts.into_iter().filter(|cut| *cut <= killed.wal.len()) {
        let size = killed.left_with(&killed.wal[..cut], &format!("cut at byte {cut}")).expect("a log that reads");
        assert!(size >= last, "cut at byte {cut}: {size} lines, fewer than before an earlier cut");
        last = size;
        sizes.insert(size);
    }
    // Every commit wrote one line, and there is a cut after each.
    assert_eq!(sizes, (killed.before..=whole).collect());
}

#[test]
fn a_log_with_a_flipped_bit_leaves_a_beginning_of_the_history() {
    let killed = Killed::new();
    let whole = killed.heads.len() as u64 - 1;
    let mut draw = SplitMix64::new(1);
    for start in killed.boundaries().filter(|start| *start < killed.wal.len()) {
        let at = start + draw.below(u32::try_from(killed.frame).unwrap()) as usize;
        let mut wal = killed.wal.clone();
        wal[at] ^= 1 << draw.below(8);
        let size = killed.left_with(&wal, &format!("a bit of byte {at}")).expect("a log that reads");
        assert!(size < whole, "a bit of byte {at} is believed");
    }
}

#[test]
fn a_database_with_a_flipped_bit_is_whole_or_refused() {
    let (day, mut draw) = (Day::open(12), SplitMix64::new(1));
    let bytes = fs::read(day.database()).unwrap();
    let heads = heads(&day.journal());
    let killed = Killed { day, wal: vec![], frame: 0, before: 0, heads };
    let mut refused = 0;
    let anywhere: Vec<_> = (0..120).map(|_| draw.below(u32::try_from(bytes.len()).unwrap()) as usize).collect();
    for at in anywhere.into_iter().chain(0..40) {
        let mut spoilt = bytes.clone();
        spoilt[at] ^= 1 << draw.below(8);
        fs::write(killed.day.database(), spoilt).unwrap();
        match killed.left_with(&[], &format!("a bit of byte {at}")) {
            Some(size) => assert_eq!(size, killed.heads.len() as u64 - 1, "a bit of byte {at}"),
            None => refused += 1,
        }
    }
    assert!(refused > 0);
}
