//! Secrets of a site with keys of its own: where data keys lie and when, what a disk shows to whoever copies it, and how
//! wrong PINs are counted across restarts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::{FIRST, Home, SECOND};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use support::closing::{Closing, SEAL};
use support::lines::run;
use support::strace::traced;

/// Long enough that no digest holds one by chance.
const PINS: [(&str, &str); 4] =
    [("chen", "135790246813"), ("zhou", "246801357924"), ("wang", "314159265358"), ("li", "271828182845")];
const PASSPHRASE: &str = "five plain words open it";

/// A site with keys of its own and its crew, two of whom sign.
fn site_with_keys() -> Home {
    let home = Home::new();
    let config = "[trust]\nargon_mib = 1\nargon_t = 1\nscrypt_log_n = 10\n";
    home.file(".config/kaodian/kaodian.toml", config);
    home.file("pass", PASSPHRASE);
    home.file("pass.wrong", "five other words open nothing");
    for (op, pin) in PINS {
        home.file(&format!("pin.{op}"), pin);
    }
    home.ok("--data D site init --mode demo --site EX-SITE-01 --name 考点 --chief chen --new-pin-file pin.chen --site-pass-file pass");
    for (op, role) in [("zhou", "admin"), ("wang", "proctor --signer"), ("li", "proctor --signer")] {
        home.ok(&format!(
            "--data D people add {op} --role {role} --as chen --pin-file pin.chen --new-pin-file pin.{op}"
        ));
    }
    home
}

/// Every file and folder below a path, itself included.
fn below(path: &Path) -> Vec<PathBuf> {
    let mut found = vec![path.to_owned()];
    if path.is_dir() {
        found.extend(fs::read_dir(path).unwrap().flat_map(|entry| below(&entry.unwrap().path())));
    }
    found
}

/// What a disk must never show.
fn secrets() -> Vec<String> {
    let people = [FIRST, SECOND].map(|person| person.secrets()).into_iter().flatten();
    let pins = PINS.iter().map(|(_, pin)| (*pin).to_owned());
    people.chain(pins).chain([PASSPHRASE.to_owned(), "AGE-SECRET-KEY".to_owned()]).collect()
}

#[track_caller]
fn shows_nothing(home: &Home, when: &str) {
    let places = [below(&home.path().join("D")), vec![home.path().join("D.secret")]].concat();
    for path in places {
        let about = fs::metadata(&path).unwrap();
        let expected = if about.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(about.mode() & 0o7777, expected, "{when}: {}", path.display());
        if about.is_file() {
            let bytes = fs::read(&path).unwrap();
            for secret in secrets() {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{when}: {} shows a secret", path.display());
            }
        }
    }
}

#[test]
fn data_keys_are_the_sites_alone_until_a_session_opens() {
    let home = site_with_keys();
    let wraps = home.path().join("D/wraps");
    let import = "--data D import roster.csv --policy b2b.toml --as zhou --pin-file pin.zhou --witness chen=pin.chen";
    home.run(import).refused(2, "KD-U-05 expected --site-pass-file FD");
    home.run(&format!("{import} --site-pass-file pass.wrong")).refused(1, "KD-K-15 ");
    assert_eq!(home.ok("--data D session list").out, "");
    home.ok(&format!("{import} --site-pass-file pass"));
    assert!(!wraps.exists(), "between sessions the site's passphrase alone opens the data keys");
    shows_nothing(&home, "after the import");

    let open = "--data D session open 1 --as chen --pin-file pin.chen";
    home.run(open).refused(2, "KD-U-05 expected --site-pass-file FD");
    home.run(&format!("{open} --site-pass-file pass.wrong")).refused(1, "KD-K-15 ");
    home.run("--data D session open 1 --as wang --pin-file pin.wang --site-pass-file pass").refused(1, "KD-T-06 ");
    assert!(!wraps.exists());
    home.ok(&format!("{open} --site-pass-file pass"));
    assert!(wraps.exists());
    shows_nothing(&home, "while a session is open");
    for (name, _) in PINS {
        let key = home.path().join(format!("D/keys/{name}.pem"));
        assert_eq!(key.exists(), ["wang", "li"].contains(&name), "{name}");
    }
    for key in ["site", "wang", "li"] {
        let text = fs::read_to_string(home.path().join(format!("D/keys/{key}.pem"))).unwrap();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "{key}");
    }
}

#[test]
fn data_keys_of_an_opening_that_was_cut_off_are_deleted_at_the_next_start() {
    let home = site_with_keys();
    home.ok("--data D import roster.csv --policy b2b.toml --as zhou --pin-file pin.zhou --witness chen=pin.chen --site-pass-file pass");
    let (data, other) = (home.path().join("D"), home.path().join("E"));
    let copied = run(&mut home.shell("cp -a D E && cp -a D.secret E.secret"));
    assert!(copied.status.success());
    home.ok("--data E session open 1 --as chen --pin-file pin.chen --site-pass-file pass");
    fs::copy(other.join("wraps"), data.join("wraps")).unwrap();
    home.ok("--data D session list");
    assert!(data.join("wraps").exists(), "a command that reads leaves everything as it is");
    home.run("--data D session start 1 --as chen --pin-file pin.chen").refused(1, "KD-T-07 ");
    assert!(!data.join("wraps").exists());
    home.ok("--data E session list");
    home.run("--data E session open 1 --as chen --pin-file pin.chen --site-pass-file pass").refused(1, "KD-T-07 ");
    assert!(other.join("wraps").exists(), "the session is open");
}

#[test]
fn the_keys_of_a_session_that_is_on_are_given_anew_to_a_crew_that_lost_them() {
    let home = site_with_keys();
    home.ok("--data D import roster.csv --policy b2b.toml --as zhou --pin-file pin.zhou --witness chen=pin.chen --site-pass-file pass");
    let open = "--data D session open 1 --as chen --pin-file pin.chen";
    home.ok(&format!("{open} --site-pass-file pass"));
    let wraps = home.path().join("D/wraps");
    fs::remove_file(&wraps).unwrap();
    home.run(open).refused(2, "KD-U-05 expected --site-pass-file FD");
    home.run(&format!("{open} --site-pass-file pass.wrong")).refused(1, "KD-K-15 ");
    assert!(!wraps.exists());
    home.ok(&format!("{open} --site-pass-file pass"));
    assert!(wraps.exists());
    home.run(&format!("{open} --site-pass-file pass")).refused(1, "KD-T-07 ");
}

/// A command of the proctor that a rule refuses once their PIN is right.
const RIGHT: &str = "session absent 1 --as wang --pin-file wang";
const WRONG: &str = "session absent 1 --as wang --pin-file wrong";
const PASSED: &str = "KD-T-07 ";

#[test]
fn wrong_pins_are_counted_across_restarts_by_the_file_and_by_the_ledger() {
    let day = Closing::until("sealed");
    for _ in 0..4 {
        day.refused(WRONG, 1, "KD-K-02 wang: ");
    }
    day.refused(RIGHT, 1, PASSED);
    let [unlocked] = day.ledger("operator_unlocked/1").try_into().expect("one line");
    assert_eq!((&unlocked["d"]["op"], &unlocked["d"]["tries"]), (&"wang".into(), &4.into()));
    for _ in 0..5 {
        day.refused(WRONG, 1, "KD-K-02 wang: ");
    }
    let tries: Vec<u64> =
        day.ledger("operator_locked/1").iter().map(|line| line["d"]["tries"].as_u64().unwrap()).collect();
    assert_eq!(tries, [1, 2, 3, 4, 1, 2, 3, 4, 5]);
    for words in [RIGHT, WRONG] {
        day.refused(words, 1, "KD-K-19 wang: ");
    }
    // Removing the file is no way around: the ledger counts too.
    let file = day.data().join("keys/tries.json");
    fs::remove_file(&file).unwrap();
    day.refused(RIGHT, 1, "KD-K-19 wang: ");
    assert_eq!(day.ledger("operator_locked/1").len(), 9, "a wait is no try");
    day.later(16);
    day.refused(WRONG, 1, "KD-K-02 wang: ");
    day.later(16);
    day.refused(RIGHT, 1, "KD-K-19 wang: ");
    day.later(16);
    day.refused(RIGHT, 1, PASSED);
    assert_eq!(day.ledger("operator_unlocked/1").len(), 2);
    day.refused(WRONG, 1, "KD-K-02 wang: ");
    day.refused(RIGHT, 1, PASSED);
}

#[test]
fn wrong_pins_of_commands_that_only_read_and_of_signers_count_too() {
    let day = Closing::until("results");
    for _ in 0..3 {
        day.refused("journal show --as wang --pin-file wrong", 1, "KD-K-02 wang: ");
    }
    for _ in 0..2 {
        day.refused(&SEAL.replace("wang=wang", "wang=wrong"), 1, "KD-K-02 wang: ");
    }
    day.refused(SEAL, 1, "KD-K-19 wang: ");
    day.refused("journal show --as wang --pin-file wang", 1, "KD-K-19 wang: ");
    assert!(!day.is_sealed(true));
    day.later(16);
    day.seal();
}

#[test]
#[ignore = "needs strace"]
fn a_process_killed_during_a_try_gives_no_free_one() {
    let day = Closing::until("sealed");
    let tries = day.data().join("keys/tries.json.new").display().to_string();
    let trace = day.home().join("trace");
    // The first replacement counts the try, the second would take it back.
    let options = ["-P", tries.as_str(), "-e", "trace=rename", "-e", "inject=rename:signal=KILL:when=2"];
    for _ in 0..5 {
        let output = run(&mut traced(day.home(), options, &trace, day.args(RIGHT)));
        assert!(output.status.code().is_none() && output.stderr.is_empty(), "{output:?}");
    }
    day.refused(RIGHT, 1, "KD-K-19 wang: ");
    assert!(day.ledger("operator_locked/1").is_empty());
    day.later(16);
    day.refused(RIGHT, 1, PASSED);
    let [unlocked] = day.ledger("operator_unlocked/1").try_into().expect("one line");
    assert_eq!(unlocked["d"]["tries"], 5);
}
