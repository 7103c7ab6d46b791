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

#[path = "speed/floor.rs"]
mod floor;
#[allow(dead_code, reason = "a section takes floors, figures of ours, or both")]
#[path = "speed/report.rs"]
mod report;

use report::{Figure, Section};

/// Operations in a round: enough for a p99, few enough that a round takes a second on a slow disk.
const DURABLE: usize = 200;

fn main() {
    let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory on the disk that is measured");
    println!("speed: medians of {} rounds, spread in brackets, disk of {}", report::ROUNDS, disk.path().display());

    let mut sqlite = floor::SqliteRow::open(disk.path());
    let mut fdatasync = floor::SyncedWrite::open(disk.path(), floor::Sync::Data);
    let mut fsync = floor::SyncedWrite::open(disk.path(), floor::Sync::All);
    Section::new("one durable record at a time")
        .figures(&[Figure::PerSecond, Figure::Median, Figure::P99])
        .floor("SQLite row, WAL/FULL", DURABLE, || sqlite.insert())
        .floor("4 KiB write + fdatasync", DURABLE, || fdatasync.write())
        .floor("4 KiB write + fsync", DURABLE, || fsync.write())
        .run();
}
