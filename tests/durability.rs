//! Green means durable: what the desk asked the kernel for, and what it does when the disk answers with errors.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use serde_json::Value;
use std::fs;
use std::time::Duration;
use support::day::{Day, Person, heads, reader};
use support::lines::{Lines, run, run_json};
use support::strace::{Step, steps, traced};
use support::taps::{admit, admitted, all_stand, find_inside, tap};

const TRACED: [&str; 2] = ["-e", "trace=fsync,fdatasync,write,pwrite64"];

/// What a trace has shown so far of the write-ahead log.
#[derive(Default)]
struct Log {
    written: u32,
    synced: u32,
    /// Writes that had ended when the sync of this thread began.
    syncing: std::collections::HashMap<u32, u32>,
}

#[test]
#[ignore = "needs strace"]
fn every_verdict_is_written_after_the_sync_of_its_commit_has_returned() {
    let (day, reader) = (Day::open(12), reader());
    let trace = day.home().join("trace");
    let mut desk = Lines::spawn(&mut traced(day.home(), TRACED, &trace, day.desk_args(&reader)));
    desk.wait_event("ready");
    for person in &day.people[..8] {
        admit(&mut desk, &reader, person);
    }
    for person in &day.people[..2] {
        find_inside(&mut desk, &reader, person);
    }
    // The tracer keeps signals to itself.
    day.holder().signal(rustix::process::Signal::TERM);
    assert!(desk.wait_exit().0.success());

    let text = fs::read_to_string(trace).unwrap();
    let mut log = Log::default();
    let (mut verdicts, mut synced_before) = (0, 0);
    for step in steps(&text) {
        let (Step::Begins(_, call) | Step::Ends(_, call, _)) = step;
        let on_log = call.contains("kaodian.db-wal>");
        let is_sync = call.starts_with("fsync(") || call.starts_with("fdatasync(");
        match step {
            Step::Begins(thread, _) if on_log && is_sync => drop(log.syncing.insert(thread, log.written)),
            Step::Ends(thread, _, result) if on_log && is_sync => {
                assert_eq!(result, 0, "{call}");
                log.synced = log.syncing[&thread];
            }
            Step::Begins(..) if on_log => log.written += 1,
            Step::Begins(..) if call.starts_with("write(1<") && call.contains(r#"\"event\":\"verdict\""#) => {
                assert!(log.written > synced_before, "no commit was written since the last verdict: {call}");
                assert_eq!(log.synced, log.written, "writes to the log are not synced: {call}");
                synced_before = log.synced;
                verdicts += 1;
            }
            _ => {}
        }
    }
    assert_eq!(verdicts, 10, "{text}");
}

/// A disk that fails: the calls that fail, how, and from which one on; a `+` means for good.
const FAULTS: [(&str, &str); 9] = [
    ("the disk is full", "pwrite64:error=ENOSPC:when=60+"),
    ("the disk is full for one write", "pwrite64:error=ENOSPC:when=61"),
    ("the disk is read-only", "pwrite64:error=EROFS:when=72+"),
    ("writing fails", "pwrite64:error=EIO:when=55+"),
    ("syncing fails", "fsync,fdatasync:error=EIO:when=5+"),
    ("syncing fails once", "fsync,fdatasync:error=EIO:when=6"),
    ("syncing finds the disk full", "fsync,fdatasync:error=ENOSPC:when=4+"),
    ("the disk is full from the start", "pwrite64:error=ENOSPC:when=1+"),
    ("syncing fails from the start", "fsync,fdatasync:error=EIO:when=1+"),
];

#[test]
#[ignore = "needs strace"]
fn a_failing_disk_stops_the_desk_before_anything_is_told_that_is_not_stored() {
    for (what, inject) in FAULTS {
        let (day, reader) = (Day::open(12), reader());
        let before = day.journal();
        let (told, victim) = until_the_fault(&day, &reader, what, inject);
        let from_the_start = what.ends_with("from the start");
        assert_eq!(told.is_empty(), from_the_start, "{what}: {told:?}");

        let lines = day.journal();
        assert_eq!(day.verified(), (lines.len() as u64, heads(&lines).pop().unwrap()), "{what}");
        assert!(lines.starts_with(&before), "{what}: a line is gone");
        all_stand(&told, &lines);
        let inside = admitted(&lines);

        let mut desk = day.desk(&reader);
        desk.wait_event("ready");
        for person in day.people.iter().take(told.len()) {
            find_inside(&mut desk, &reader, person);
        }
        if inside.contains(&victim.cand) {
            find_inside(&mut desk, &reader, &victim);
        } else {
            admit(&mut desk, &reader, &victim);
        }
        desk.terminate();
        assert!(desk.wait_exit().0.success(), "{what}");
        assert!(admitted(&day.journal()).contains(&victim.cand), "{what}");
    }
}

/// Taps people until the fault is told; returns the verdicts before it, and who stood there when it came.
fn until_the_fault(
    day: &Day,
    reader: &kaodian::reader::simulate::SimulatedReader,
    what: &str,
    inject: &str,
) -> (Vec<Value>, Person) {
    let (wal, inject) = (day.wal().display().to_string(), format!("inject={inject}"));
    let (trace, calls) = (day.home().join("trace"), "trace=fsync,fdatasync,pwrite64");
    let options = ["-P", wal.as_str(), "-e", calls, "-e", inject.as_str()];
    let mut desk = Lines::spawn(&mut traced(day.home(), options, &trace, day.desk_args(reader)));
    let first = desk.wait_for("ready or a fault", |line| line["event"] == "ready" || line["event"] == "fault");
    let mut told = Vec::new();
    let mut victim = day.people[0].clone();
    if first["event"] == "ready" {
        let mut others = day.people.iter();
        loop {
            victim = others.next().unwrap_or_else(|| panic!("{what}: no fault came")).clone();
            let Some(verdict) = tap(&mut desk, reader, &victim) else { break };
            told.push(verdict);
        }
    }
    reader.remove();
    assert_eq!(desk.rest(), Vec::<Value>::new(), "{what}: nothing is told after the fault");
    let (status, complaint) = desk.wait_exit();
    assert_eq!(status.code(), Some(3), "{what}: {complaint}");
    assert!(complaint.contains("KD-9001 ") && complaint.contains("hint: "), "{what}: {complaint}");
    assert!(!complaint.contains(&victim.name) && !complaint.contains(&victim.number), "{what}: {complaint}");
    assert!(fs::read_to_string(&trace).unwrap().contains("(INJECTED)"), "{what}");
    (told, victim)
}

#[test]
#[ignore = "needs strace"]
fn a_checkpoint_that_fails_costs_nothing_but_room_in_the_log() {
    let (day, reader) = (Day::open(240), reader());
    let database = day.database().display().to_string();
    let (trace, inject) = (day.home().join("trace"), "inject=pwrite64,fsync,fdatasync:error=ENOSPC");
    let options = ["-P", database.as_str(), "-e", "trace=pwrite64,fsync,fdatasync", "-e", inject];
    let mut desk = Lines::spawn(&mut traced(day.home(), options, &trace, day.desk_args(&reader)));
    desk.wait_event("ready");
    let told: Vec<Value> = day.people.iter().map(|person| admit(&mut desk, &reader, person)).collect();
    // SQLite tries a checkpoint every 1000 pages.
    let frames = fs::metadata(day.wal()).unwrap().len() / 4120;
    assert!(frames > 1000, "the log has {frames} frames");
    day.holder().signal(rustix::process::Signal::TERM);
    assert!(desk.wait_exit().0.success());
    assert!(fs::read_to_string(&trace).unwrap().contains("(INJECTED)"), "no checkpoint was tried");
    let lines = day.journal();
    assert_eq!(day.verified(), (lines.len() as u64, heads(&lines).pop().unwrap()));
    all_stand(&told, &lines);
}

#[test]
#[ignore = "needs strace"]
fn who_reads_while_a_desk_writes_sees_whole_streams() {
    let (day, reader) = (Day::open(200), reader());
    let mut desk = day.desk(&reader);
    desk.wait_event("ready");
    // A slow reader: each lock that it takes or gives back takes 8 ms more, so that commits fall in between; they come
    // slowly, because a reader begins again when the log has moved on meanwhile.
    let shared = day.data.join("kaodian.db-shm").display().to_string();
    let options = ["-P", shared.as_str(), "-e", "trace=fcntl", "-e", "inject=fcntl:delay_enter=8000"];
    let mut people = day.people.iter();
    let mut taps = 0;
    for round in 0..10 {
        let args = day.args(&["journal", "verify", "--json"]);
        let mut verify = Lines::spawn(&mut traced(day.home(), options, &day.home().join("trace"), args));
        while !verify.process().ended_within(Duration::from_millis(60)) {
            admit(&mut desk, &reader, people.next().expect("a check that ends"));
            taps += 1;
        }
        let (status, complaint) = verify.wait_exit();
        assert!(status.success(), "round {round}: {complaint}");
    }
    assert!(taps >= 10, "{taps} taps beside ten checks");
    desk.terminate();
    assert!(desk.wait_exit().0.success());
}

#[test]
#[ignore = "needs strace"]
fn a_command_on_a_failing_disk_says_so_and_can_be_given_again() {
    for inject in ["pwrite64:error=ENOSPC", "pwrite64:error=EROFS", "fsync,fdatasync:error=EIO"] {
        let (day, inject) = (Day::open(1), format!("inject={inject}"));
        let wal = day.wal().display().to_string();
        let options = ["-P", wal.as_str(), "-e", "trace=fsync,fdatasync,pwrite64", "-e", inject.as_str()];
        let passphrase = day.home().join("site").display().to_string();
        let open = ["session", "open", "2", "--json", "--site-pass-file", &passphrase];
        let mut failing = traced(day.home(), options, &day.home().join("trace"), day.args_as("chen", &open));
        let output = run(&mut failing);
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(3), true), "{inject}: {output:?}");
        assert_eq!(day.verified().0, day.journal().len() as u64, "{inject}");
        let again = run_json(&mut day.command_as("chen", &open));
        assert_eq!((&again[0]["event"], &again[0]["lines"]), (&"done".into(), &1.into()), "{inject}: {again:?}");
    }
}
