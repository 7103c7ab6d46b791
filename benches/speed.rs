//! Speed, each figure beside the floor it is compared with, measured in one run: `cargo bench --bench speed`.
//!
//! Owns what is measured. Absolute times lie on shared machines, so every section runs its floors and our figures round
//! by round in turn, prints the median of five rounds with their spread, and then the ratio of the medians.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot do its part has nothing to print"
)]

#[path = "speed/decide.rs"]
mod decide;
#[path = "speed/desk.rs"]
mod desk;
#[path = "speed/floor.rs"]
mod floor;
#[allow(dead_code, reason = "a section takes floors, figures of ours, or both")]
#[path = "speed/report.rs"]
mod report;

#[path = "speed/screen.rs"]
mod screen;
#[path = "speed/start.rs"]
mod start;

use desk::BusyDesk;
use report::{Figure, Section};
use std::cell::RefCell;

/// Operations in a round: enough for a p99, few enough that a round takes a second on a slow disk.
const DURABLE: usize = 200;

/// A full roster, and a small one.
const FULL: u32 = 30_000;
const SMALL: u32 = 100;

fn main() {
    let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory on the disk that is measured");
    println!("speed: medians of {} rounds, spread in brackets, disk of {}", report::ROUNDS, disk.path().display());
    let small = RefCell::new(BusyDesk::open(&disk.path().join("small"), SMALL));
    let full = RefCell::new(BusyDesk::open(&disk.path().join("full"), FULL));

    let mut sqlite = floor::SqliteRow::open(disk.path());
    let mut fdatasync = floor::SyncedWrite::open(disk.path(), floor::Sync::Data);
    let mut fsync = floor::SyncedWrite::open(disk.path(), floor::Sync::All);
    Section::new("frame's last byte to durable verdict, one tap in flight")
        .figures(&[Figure::PerSecond, Figure::Median, Figure::P99])
        .floor("SQLite row, WAL/FULL", DURABLE, || sqlite.insert())
        .floor("4 KiB write + fdatasync", DURABLE, || fdatasync.write())
        .floor("4 KiB write + fsync", DURABLE, || fsync.write())
        .ours("check-in, 100 candidates", DURABLE, || small.borrow_mut().tap())
        .ours("check-in, 30,000 candidates", DURABLE, || full.borrow_mut().tap())
        .run();

    decide::decisions(&small.borrow(), &full.borrow());
    screen::search(full.borrow().desk.desk().roster());
    let data = full.borrow().data.clone();
    screen::draw(full.into_inner());
    start::hold(&data);
    start::resident(&disk.path().join("empty"), &data);
}
