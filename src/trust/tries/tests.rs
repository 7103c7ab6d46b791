use super::*;
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::MetadataExt as _;

const NINE: Instant = Instant(1_795_482_000_000);

fn tries() -> (tempfile::TempDir, Tries) {
    let dir = tempfile::tempdir().unwrap();
    let tries = Tries::beneath(dir.path());
    (dir, tries)
}

fn op(name: &str) -> OperatorId {
    OperatorId::parse(name).unwrap()
}

fn later(seconds: i64) -> Instant {
    Instant(NINE.0 + seconds * 1000)
}

/// Seconds of the refusal, or `None` when the try was counted.
fn refused(tries: &Tries, now: Instant, ledger: Option<Failed>) -> Option<u64> {
    match tries.before(&op("chen"), now, ledger) {
        Ok(_) => None,
        Err(KeyError::Wait { seconds }) => Some(seconds),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn waits_begin_after_the_fifth_try_and_double_up_to_a_quarter_of_an_hour() {
    for (tries, seconds) in [
        (0, 0),
        (4, 0),
        (5, 15),
        (6, 30),
        (7, 60),
        (8, 120),
        (9, 240),
        (10, 480),
        (11, 900),
        (12, 900),
        (u32::MAX, 900),
    ] {
        assert_eq!(Failed { tries, last: NINE }.wait_ms(), seconds * 1000, "{tries}");
    }
}

#[test]
fn a_try_is_counted_before_it_is_made_and_a_restart_forgets_none() {
    let (dir, first) = tries();
    for expected in 1..=5 {
        // Each by a program that has just started.
        assert_eq!(Tries::beneath(dir.path()).before(&op("chen"), NINE, None).unwrap().tries, expected);
    }
    let file = dir.path().join("tries.json");
    assert_eq!(fs::read_to_string(&file).unwrap(), r#"{"chen":{"tries":5,"last":1795482000000}}"#);
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, 0o600);
    assert_eq!(refused(&first, NINE, None), Some(15));
    assert_eq!(refused(&first, later(14), None), Some(1));
    assert_eq!(refused(&first, Instant(later(15).0 - 1), None), Some(1));
    assert_eq!(first.standing(&op("chen"), later(15), None).unwrap().unwrap().tries, 5, "refusals are no tries");
    assert_eq!(refused(&first, later(15), None), None);
    assert_eq!(refused(&first, later(44), None), Some(1));
    assert_eq!(first.before(&op("wang"), NINE, None).unwrap().tries, 1, "each for themselves");
}

#[test]
fn a_right_pin_clears_the_count_of_its_person_alone() {
    let (_dir, tries) = tries();
    for _ in 0..5 {
        tries.before(&op("chen"), NINE, None).unwrap();
    }
    tries.before(&op("wang"), NINE, None).unwrap();
    tries.clear(&op("chen")).unwrap();
    tries.clear(&op("lin")).unwrap();
    assert_eq!(tries.standing(&op("chen"), NINE, None).unwrap(), None);
    assert_eq!(tries.before(&op("chen"), NINE, None).unwrap().tries, 1);
    assert_eq!(tries.standing(&op("wang"), NINE, None).unwrap(), Some(Failed { tries: 1, last: NINE }));
}

#[test]
fn a_try_that_was_not_made_is_taken_back_and_no_other() {
    let (_dir, tries) = tries();
    let standing = || tries.standing(&op("chen"), later(60), None).unwrap();
    let first = tries.before(&op("chen"), NINE, None).unwrap();
    tries.take_back(&op("chen"), first).unwrap();
    assert_eq!(standing(), None);
    for _ in 0..3 {
        tries.before(&op("chen"), NINE, None).unwrap();
    }
    let mine = tries.before(&op("chen"), later(60), None).unwrap();
    tries.take_back(&op("chen"), mine).unwrap();
    assert_eq!(standing(), Some(Failed { tries: 3, last: NINE }), "as it was");
    let mine = tries.before(&op("chen"), later(1), None).unwrap();
    tries.before(&op("chen"), later(2), None).unwrap();
    tries.take_back(&op("chen"), mine).unwrap();
    assert_eq!(standing(), Some(Failed { tries: 4, last: later(2) }), "that of another process stands");
    tries.clear(&op("chen")).unwrap();
    tries.take_back(&op("chen"), mine).unwrap();
    assert_eq!(standing(), None, "their PIN was right since");
}

#[test]
fn the_larger_count_of_file_and_ledger_holds() {
    let (dir, tries) = tries();
    let ledger = Some(Failed { tries: 7, last: NINE });
    assert_eq!(refused(&tries, NINE, ledger), Some(60), "the file was removed");
    fs::remove_file(dir.path().join("tries.json")).unwrap();
    assert_eq!(refused(&tries, later(59), ledger), Some(1), "and again");
    assert_eq!(tries.before(&op("chen"), later(60), ledger).unwrap().tries, 8);
    assert_eq!(tries.standing(&op("chen"), later(60), ledger).unwrap().unwrap().tries, 8, "the file's is larger");
    assert_eq!(refused(&tries, later(60), ledger), Some(120));
    let fewer = Some(Failed { tries: 1, last: NINE });
    assert_eq!(refused(&tries, later(61), fewer), Some(119));
}

#[test]
fn a_clock_set_back_starts_the_wait_anew_and_no_longer() {
    let (_dir, tries) = tries();
    for _ in 0..6 {
        tries.before(&op("chen"), NINE, None).map_or_else(drop, drop);
    }
    let year = 31_536_000;
    let ledger = Some(Failed { tries: 5, last: NINE });
    assert_eq!(refused(&tries, later(-year), ledger), Some(15));
    assert_eq!(refused(&tries, later(-year + 14), ledger), Some(1));
    assert_eq!(refused(&tries, later(-year + 15), ledger), None);
    // A ledger alone that is ahead of the clock holds nobody longer either.
    let (_dir, tries) = self::tries();
    assert_eq!(refused(&tries, later(-year), ledger), Some(15));
    assert_eq!(refused(&tries, later(-year + 15), ledger), None);
}

#[test]
fn a_damaged_file_is_a_fault_and_not_zero_tries() {
    let (dir, tries) = tries();
    for flaw in [
        "",
        "[]",
        r#"{"chen":{"tries":-1,"last":0}}"#,
        r#"{"chen":{"tries":1}}"#,
        r#"{"chen":{"tries":1,"last":0,"x":0}}"#,
        r#"{"Chen":{"tries":1,"last":0}}"#,
        r#"{"chen":{"tries":1,"last":0}}{}"#,
    ] {
        file::write(&dir.path().join("tries.json"), flaw.as_bytes()).unwrap();
        for found in [tries.before(&op("chen"), NINE, None).err(), tries.clear(&op("chen")).err()] {
            assert_eq!(found.unwrap().code(), "KD-K-05", "{flaw}");
        }
        assert!(tries.standing(&op("chen"), NINE, None).is_err(), "{flaw}");
    }
    file::write(&dir.path().join("tries.json"), br#"{"chen":{"tries":4294967295,"last":-9223372036854775808}}"#)
        .unwrap();
    assert_eq!(tries.before(&op("chen"), NINE, None).unwrap().tries, u32::MAX);
}

#[test]
fn tries_made_at_once_are_all_counted() {
    let (_dir, tries) = tries();
    std::thread::scope(|scope| {
        for name in ["chen", "wang", "lin", "zhao"] {
            let tries = &tries;
            scope.spawn(move || {
                for _ in 0..5 {
                    tries.before(&op(name), NINE, None).unwrap();
                }
            });
        }
    });
    for name in ["chen", "wang", "lin", "zhao"] {
        assert_eq!(tries.standing(&op(name), NINE, None).unwrap().unwrap().tries, 5, "{name}");
    }
}

proptest! {
    #[test]
    fn no_clock_makes_a_wait_longer_than_it_is(
        kept: Option<(u32, i64)>, ledger: Option<(u32, i64)>, now: i64,
    ) {
        let failed = |(tries, last)| Failed { tries, last: Instant(last) };
        let (kept, ledger, now) = (kept.map(failed), ledger.map(failed), Instant(now));
        if let Some(stands) = joined(kept, ledger, now) {
            let largest = kept.into_iter().chain(ledger).map(|failed| failed.tries).max().unwrap();
            prop_assert_eq!(stands.tries, largest);
            prop_assert!((0..=stands.wait_ms()).contains(&stands.remaining_ms(now)));
            prop_assert!(stands.wait_ms() <= LONGEST_WAIT_MS);
            let after = Instant(now.0.saturating_add(stands.wait_ms()));
            if after.0 < i64::MAX {
                prop_assert_eq!(stands.remaining_ms(after), 0);
            }
        }
    }
}
