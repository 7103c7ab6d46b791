//! Sealing and verifying, each beside a shell pipeline over the same bytes in the same run: `cargo bench --bench seal`.
//!
//! ```text
//! seal      ours: files, trees, three signatures, age, envelope, the part written and synced; without the re-check
//!           floor: zip, sha256sum, openssl sign, age, sha256sum, openssl sign
//! verify    ours: the whole of `verify`, marks and results computed anew
//!           floor: sha256sum, openssl verify, age -d, unzip, sha256sum -c, openssl verify of three signatures
//! ```
//!
//! Key derivation is shown apart. Needs zip, unzip, age and openssl; says so and ends when one is missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot do its part has nothing to print"
)]

#[path = "seal/day.rs"]
mod day;
#[path = "seal/pipeline.rs"]
mod pipeline;
#[allow(dead_code, reason = "a section takes floors, figures of ours, or both")]
#[path = "speed/report.rs"]
mod report;

use day::ClosedDay;
use pipeline::Pipeline;
use report::Section;

/// The numbers given after `--`, or 60, 500 and 5,000.
fn sizes() -> Vec<u32> {
    let given: Vec<u32> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    if given.is_empty() { vec![60, 500, 5_000] } else { given }
}

fn main() {
    for tool in ["zip", "unzip", "age", "openssl", "sha256sum"] {
        if std::process::Command::new(tool).arg("--help").output().is_err() {
            println!("seal: expected {tool}, found none: install it and run this again");
            return;
        }
    }
    let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory on the disk that is measured");
    println!("seal: medians of {} rounds, spread in brackets, disk of {}", report::ROUNDS, disk.path().display());
    let mut day = None;
    for candidates in sizes() {
        let played = ClosedDay::play(&disk.path().join(candidates.to_string()), candidates);
        let before = day::reset_peak();
        let package = played.package();
        let after = day::peak_mb();
        let pipeline = Pipeline::lay(&disk.path().join(format!("pipeline-{candidates}")), &played, &package);
        println!(
            "\n{candidates} candidates: inner files {} kB, package {} kB",
            pipeline.raw / 1000,
            package.len() / 1000
        );
        println!(
            "  peak memory while sealing and re-checking {after:.0} MB, of which {before:.0} MB were there before"
        );
        Section::new("seal, up to the rename, without the re-check")
            .floor("zip, sha256sum, openssl, age", 1, || pipeline.seal())
            .ours_timed("seal", 1, || played.seal())
            .run();
        Section::new("re-check, and verify")
            .floor("age -d, unzip, sha256sum, openssl", 1, || pipeline.verify())
            .ours("verify", 1, || played.verify(&package))
            .run();
        day = Some(played);
    }
    if let Some(day) = day {
        Section::new("key derivation, scrypt at 2^17, apart").ours("one PIN or passphrase", 1, || day.derive()).run();
    }
}
