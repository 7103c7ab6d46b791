//! A seal that dies at any moment, or whose disk fails, leaves nothing or the whole, and can be taken up again.
//!
//! `KAODIAN_CRASH_ROUNDS` kills at random moments (default 10) drawn from `KAODIAN_CRASH_SEED`, besides one at each step.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use kaodian::demo::roster::SplitMix64;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use support::closing::{Closing, SEAL};
use support::lines::run;
use support::strace::traced;

/// A command that writes nothing to a closed or sealed session, and settles what a crash left.
const WRITER: &str = "score derive 1 --as chen --pin-file chen";

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// Holds what a dead seal left against the rules, takes it up again, and seals once and no more.
#[track_caller]
fn taken_up_again(day: &Closing, what: &str) -> bool {
    eprintln!("{what}");
    let sealed = day.is_sealed(false);
    // Refused either way, by a prepared seal or by a sealed session.
    let settled = day.copy();
    settled.run(WRITER);
    assert_eq!(settled.is_sealed(true), sealed, "{what}");
    assert_eq!(settled.data().join("wraps").exists(), !sealed, "{what}: the keys of the crew");
    for day in [day, &settled] {
        if sealed {
            day.refused(SEAL, 1, "KD-T-07 expected a session in another state, found it sealed");
        } else {
            assert_eq!(day.seal()["event"], "sealed", "{what}");
        }
        assert!(day.is_sealed(true), "{what}");
        assert!(!day.data().join("wraps").exists(), "{what}");
    }
    settled.refused(SEAL, 1, "KD-T-07");
    sealed
}

#[test]
fn a_seal_killed_at_a_step_leaves_nothing_and_is_taken_up_again() {
    let day = Closing::until("results");
    for step in 1..=8 {
        let day = day.copy();
        let mut seal = day.sealing();
        seal.wait_for(&format!("step {step}"), |line| line["event"] == "step" && line["n"] == step);
        seal.kill();
        // It may have gone on a little, also to its end.
        let told = seal.rest().iter().any(|line| line["event"] == "sealed");
        seal.wait_exit();
        let sealed = taken_up_again(&day, &format!("step {step}"));
        assert!(sealed || !told, "step {step}: told to be sealed and is not");
    }
}

#[test]
fn a_seal_killed_at_any_moment_leaves_nothing_or_the_whole() {
    let (rounds, seed) = (setting("KAODIAN_CRASH_ROUNDS", 10), setting("KAODIAN_CRASH_SEED", 1));
    let mut draw = SplitMix64::new(seed.into());
    let day = Closing::until("results");
    let whole = {
        let (day, began) = (day.copy(), Instant::now());
        day.seal();
        u32::try_from(began.elapsed().as_micros()).unwrap()
    };
    let mut counts = [0, 0];
    for round in 0..rounds {
        let day = day.copy();
        let mut seal = day.sealing();
        // Half of them at any time, half after the re-check has begun, where the commit and the name are.
        let limit = if round % 2 == 0 { whole } else { whole / 4 };
        if round % 2 == 1 {
            seal.wait_for("the re-check", |line| line["n"] == 8);
        }
        let _ended = seal.process().ended_within(Duration::from_micros(draw.below(limit).into()));
        seal.kill();
        let told = seal.rest().iter().any(|line| line["event"] == "sealed");
        let status = seal.wait_exit().0;
        assert!(status.success() || status.signal() == Some(9));
        let sealed = taken_up_again(&day, &format!("seed {seed}, round {round}"));
        assert!(sealed || !told, "round {round}: told to be sealed and is not");
        counts[usize::from(sealed)] += 1;
    }
    eprintln!("{} times nothing, {} times the whole", counts[0], counts[1]);
}

/// What changes the disk; the process dies as each of these calls begins. Of the many, each so-manieth in a short run.
const CHANGES: [(&str, usize); 6] =
    [("fsync", 1), ("fdatasync", 1), ("write", 1), ("rename", 1), ("unlink", 1), ("pwrite64", 5)];

#[test]
#[ignore = "needs strace"]
fn a_seal_killed_at_each_change_of_the_disk_leaves_nothing_or_the_whole() {
    let day = Closing::until("results");
    let long = setting("KAODIAN_CRASH_ROUNDS", 10) > 10;
    let mut deaths = [0, 0];
    for (call, stride) in CHANGES {
        for at in (1..).step_by(if long { 1 } else { stride }) {
            let day = day.copy();
            let mut paths = ["kaodian.db", "kaodian.db-wal", "out", "wraps", "keys/tries.json"]
                .map(|name| day.data().join(name))
                .to_vec();
            paths.push(day.part());
            let inject = format!("{call}:signal=KILL:when={at}");
            let output = run(&mut faulty(&day, &paths, &inject));
            let sealed = taken_up_again(&day, &inject);
            if output.status.success() {
                break;
            }
            deaths[usize::from(sealed)] += 1;
        }
    }
    eprintln!("{} times nothing, {} times the whole", deaths[0], deaths[1]);
    assert!(deaths[0] > 8 && deaths[1] > 2, "{deaths:?}");
}

#[test]
fn a_package_that_died_before_its_name_gets_it_and_a_foreign_part_goes() {
    let day = Closing::until("sealed");
    let [(name, package)] = day.packages(".ekseal").try_into().expect("one package");
    let at = |name: &str| day.out().join(name);
    fs::rename(at(&name), at(&format!("{name}.part"))).unwrap();
    fs::write(at("EK-EX-SITE-01-00000000-1.ekseal.part"), &package[1..]).unwrap();
    fs::write(at("EK-EX-SITE-01-00000000-2.ekseal.part"), "").unwrap();
    fs::write(at("notes.txt"), "of somebody").unwrap();
    assert!(day.is_sealed(false));
    // A command that only reads leaves everything where it is.
    day.ok("session list");
    assert_eq!(day.packages(".part").len(), 3);
    day.run(WRITER);
    assert_eq!(day.packages(""), [(name, package), ("notes.txt".to_owned(), b"of somebody".to_vec())]);
    assert!(day.is_sealed(true));
}

/// The seal while calls on these paths are answered otherwise.
fn faulty(day: &Closing, paths: &[PathBuf], inject: &str) -> Command {
    let calls = format!("trace={}", inject.split(':').next().unwrap());
    let inject = format!("inject={inject}");
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let paths = paths.iter().flat_map(|path| ["-P", path.as_str()]);
    let options = paths.chain(["-e", calls.as_str(), "-e", inject.as_str()]);
    traced(day.home(), options, &day.home().join("trace"), day.args(SEAL))
}

/// Runs the seal while calls on this path fail; returns exit code and complaint.
fn failing(day: &Closing, path: PathBuf, inject: &str) -> (Option<i32>, String) {
    let output = run(&mut faulty(day, &[path], inject));
    let (out, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let trace = fs::read_to_string(day.home().join("trace")).unwrap();
    assert!(trace.contains("(INJECTED)") || output.status.success(), "{inject}: {out}{complaint}");
    assert!(output.status.success() || !out.contains("\"sealed\""), "{inject}: {out}");
    (output.status.code(), complaint.into_owned())
}

#[test]
#[ignore = "needs strace"]
fn a_disk_that_takes_no_package_is_told_and_nothing_is_sealed() {
    let day = Closing::until("results");
    for (of_part, inject) in [
        (true, "write:error=ENOSPC"),
        (true, "write:error=EIO"),
        (true, "fsync:error=ENOSPC"),
        (true, "fsync:error=EIO"),
        (true, "openat:error=ENOSPC"),
        (true, "openat:error=EIO:when=2"),
        (true, "read:error=EIO"),
        (false, "fsync:error=EIO:when=1"),
    ] {
        let day = day.copy();
        let path = if of_part { day.part() } else { day.out() };
        let (exit, complaint) = failing(&day, path, inject);
        assert_eq!(exit, Some(3), "{inject}: {complaint}");
        assert!(complaint.starts_with("KD-S-29 the package cannot be kept at "), "{inject}: {complaint}");
        assert!(complaint.contains("seal again; the session is closed and nothing is lost"), "{inject}: {complaint}");
        assert!(day.packages("").is_empty(), "{inject}: nothing stays");
        assert!(!taken_up_again(&day, inject));
    }
}

#[test]
#[ignore = "needs strace"]
fn a_name_that_cannot_be_given_is_told_and_the_seal_stands() {
    let day = Closing::until("results");
    for (of_part, inject) in [(true, "rename:error=EIO"), (false, "fsync:error=EIO:when=2")] {
        let day = day.copy();
        let path = if of_part { day.part() } else { day.out() };
        let (exit, complaint) = failing(&day, path, inject);
        assert_eq!(exit, Some(3), "{inject}: {complaint}");
        assert!(complaint.starts_with("KD-S-30 the session is sealed, but its package"), "{inject}: {complaint}");
        assert!(!day.data().join("wraps").exists(), "{inject}");
        assert!(taken_up_again(&day, inject));
    }
}

#[test]
#[ignore = "needs strace"]
fn a_ledger_that_cannot_be_written_seals_nothing_or_the_whole() {
    let day = Closing::until("results");
    let mut deaths = [0, 0];
    for (calls, stride) in [("pwrite64:error=ENOSPC", 4), ("fsync,fdatasync:error=EIO", 1)] {
        for at in (1..).step_by(stride) {
            let (day, inject) = (day.copy(), format!("{calls}:when={at}+"));
            let (exit, complaint) = failing(&day, day.data().join("kaodian.db-wal"), &inject);
            let sealed = taken_up_again(&day, &inject);
            if exit == Some(0) {
                break;
            }
            assert_eq!(exit, Some(3), "{inject}: {complaint}");
            deaths[usize::from(sealed)] += 1;
        }
    }
    eprintln!("{} times nothing, {} times the whole", deaths[0], deaths[1]);
    assert!(deaths[0] > 2, "{deaths:?}");
}
