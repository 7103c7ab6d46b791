//! The demo without a screen: the same day from the same seed wherever it runs, a summary that the journal confirms,
//! and a directory that every command works on.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::lines::{kaodian, run, run_json};
use support::tmp::Tmp;

/// PINs of the demo's crew and the site passphrase, as `pins.json` and the README have them.
const PINS: [(&str, &str); 6] = [
    ("chen", "135790"),
    ("zhou", "246801"),
    ("wang", "314159"),
    ("li", "271828"),
    ("sun", "161803"),
    ("site", "five plain words open it"),
];

/// 2026-11-24 at this time of day in the exam's zone, in Unix milliseconds.
fn at(hour: i64, minute: i64) -> i64 {
    1_795_449_600_000 + (hour * 60 + minute) * 60_000
}

/// A home whose configuration makes PINs cheap.
fn home() -> Tmp {
    let tmp = Tmp::new();
    std::fs::create_dir_all(tmp.join(".config/kaodian")).unwrap();
    tmp.file(".config/kaodian/kaodian.toml", "[trust]\nargon_mib = 1\nargon_t = 1\n");
    for (op, pin) in PINS {
        tmp.file(&format!("pin.{op}"), pin);
    }
    tmp
}

/// A day that was played and kept.
struct Day {
    home: Tmp,
    lines: Vec<Value>,
}

impl Day {
    fn play(arguments: &[&str]) -> Self {
        Self::play_in(&[], arguments)
    }

    fn play_in(environment: &[(&str, &str)], arguments: &[&str]) -> Self {
        let home = home();
        let fixed = ["demo", "--headless", "--json", "--keep", "day"];
        let mut command = kaodian(home.path(), fixed.iter().chain(arguments));
        command.envs(environment.iter().copied());
        let lines = run_json(&mut command);
        Self { home, lines }
    }

    fn summary(&self) -> &Value {
        self.lines.last().unwrap()
    }

    fn command(&self, line: &str) -> Command {
        let arguments = ["--data", "day/data", "--json"].into_iter().chain(line.split_whitespace());
        kaodian(self.home.path(), arguments)
    }

    fn ok(&self, line: &str) -> Vec<Value> {
        run_json(&mut self.command(line))
    }

    /// The stored lines of one session.
    fn journal(&self, session: u8) -> Vec<Value> {
        self.ok(&format!("journal show --session {session} --as chen --pin-file pin.chen"))
    }

    fn data(&self) -> PathBuf {
        self.home.join("day/data")
    }
}

/// What `--seed` fixes of every line (cli.md).
fn fixed(day: &Day) -> Vec<[Value; 6]> {
    let of = |line: Value| {
        let d = |key: &str| line["d"][key].clone();
        [line["k"].clone(), d("cand"), d("code"), d("room"), d("seat"), line["t"].clone()]
    };
    (1..=3).flat_map(|session| day.journal(session)).map(of).collect()
}

#[test]
fn a_seed_fixes_the_day_under_any_zone_and_language() {
    let arguments = ["--candidates", "60", "--seed", "1"];
    let here = Day::play(&arguments);
    let there =
        Day::play_in(&[("TZ", "America/St_Johns"), ("LANG", "zh_CN.GB18030"), ("LC_ALL", "tr_TR.UTF-8")], &arguments);
    let (one, other) = (fixed(&here), fixed(&there));
    assert!(one.len() > 200);
    assert_eq!(one, other);
    let verdicts = here.lines.len() - 1;
    assert_eq!(here.lines[..verdicts], there.lines[..verdicts], "verdict lines carry nothing random");
    let roster = |day: &Day| std::fs::read(day.home.join("day/roster.csv")).unwrap();
    assert_eq!(roster(&here), roster(&there));
}

#[test]
fn another_seed_is_another_day() {
    let day = |seed: &str| fixed(&Day::play(&["--candidates", "12", "--seed", seed]));
    let (one, two) = (day("1"), day("2"));
    assert_ne!(one, two);
    let taps = |lines: &[[Value; 6]]| -> Vec<Value> {
        lines.iter().filter(|l| l[0] == "candidate_admitted/1").map(|l| l[1].clone()).collect()
    };
    assert_ne!(taps(&one), taps(&two), "the order of cards");
}

/// Counts the lines of a session by what they say.
fn recount(lines: &[Value]) -> BTreeMap<&'static str, i64> {
    let mut counts = BTreeMap::from([("admitted", 0), ("late", 0), ("refused", 0), ("already_in", 0), ("absent", 0)]);
    let mut add = |name: &'static str| *counts.entry(name).or_default() += 1;
    for line in lines {
        let d = &line["d"];
        match line["k"].as_str().unwrap() {
            "candidate_admitted/1" => {
                add("admitted");
                if d["late_s"].as_i64().unwrap() > 0 {
                    add("late");
                }
            }
            "admission_refused/1" if d["verdict"] == "already_in" => add("already_in"),
            "admission_refused/1" => add("refused"),
            "absence_marked/1" => add("absent"),
            _ => {}
        }
    }
    counts
}

#[test]
fn the_summary_has_its_members_and_the_journal_confirms_it() {
    let day = Day::play(&["--candidates", "60", "--seed", "7"]);
    let summary = day.summary();
    let members: Vec<&str> = summary.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        [
            "event",
            "mode",
            "seed",
            "sessions",
            "candidates",
            "admitted",
            "late",
            "refused",
            "already_in",
            "absent",
            "passed",
            "journal",
            "package",
            "package_sha256",
            "fingerprint",
            "verified",
            "seconds"
        ]
    );
    for (name, value) in
        [("event", json!("summary")), ("mode", json!("demo")), ("seed", json!(7)), ("sessions", json!(3))]
    {
        assert_eq!(summary[name], value);
    }
    assert_eq!(summary["candidates"], 60);
    assert!(summary["seconds"].is_f64());

    let lines = day.journal(1);
    for (name, count) in recount(&lines) {
        assert_eq!(summary[name], count, "{name}");
        assert!(count > 0, "the day shows {name}");
    }
    let derived = lines.iter().find(|line| line["k"] == "results_derived/1").unwrap();
    assert_eq!(summary["passed"], derived["d"]["counts"]["pass"]);
    assert_eq!(summary["journal"]["size"], lines.len());
    let streams = day.ok("journal verify");
    let first = streams.iter().find(|stream| stream["session"] == 1).unwrap();
    assert_eq!((&summary["journal"]["size"], &summary["journal"]["head"]), (&first["size"], &first["head"]));

    // Each printed verdict is the line it names; the first session's are counted above.
    for verdict in &day.lines[..day.lines.len() - 1] {
        let line = lines.iter().find(|line| line["seq"] == verdict["seq"]).unwrap();
        assert_eq!(line["d"]["cand"].as_str(), verdict["admission_number"].as_str());
    }
}

#[test]
fn the_books_balance_when_the_session_is_closed() {
    let day = Day::play(&["--candidates", "60", "--until", "closed"]);
    let lines = day.journal(1);
    let closed = lines.iter().find(|line| line["k"] == "session_closed/1").unwrap();
    let count = |name: &str| closed["d"]["counts"][name].as_i64().unwrap();
    assert_eq!(count("registered"), count("void") + count("expected"), "B1");
    assert_eq!(count("expected"), count("present") + count("absent"), "B2");
    assert_eq!(count("present"), count("handed_in") + count("removed"), "B3");
    let recounted = recount(&lines);
    assert_eq!((count("registered"), count("present")), (60, recounted["admitted"]));
    assert_eq!((count("late"), count("absent")), (recounted["late"], recounted["absent"]));
}

/// The moment of the newest line of session 1.
fn newest(day: &Day) -> i64 {
    day.journal(1).last().unwrap()["t"].as_i64().unwrap()
}

#[track_caller]
fn runs_on_from(expected: i64, found: i64) {
    assert!((expected..expected + 5 * 60_000).contains(&found), "expected {expected} and a little, found {found}");
}

#[test]
fn a_day_that_stops_after_opening_goes_on_at_08_35() {
    let day = Day::play(&["--candidates", "6", "--until", "open"]);
    let refused = run(&mut day.command("session start 1 --as chen --pin-file pin.chen"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("KD-T-07 expected the scheduled start 09:00"));
    day.ok("people add gao --role inspector --as chen --pin-file pin.chen --new-pin-file pin.sun");
    runs_on_from(at(8, 35), newest(&day));
    assert_eq!(day.ok("session list")[0]["state"], "open");
}

#[test]
fn a_day_that_stops_after_closing_has_every_mark_and_goes_on_a_minute_later() {
    let day = Day::play(&["--candidates", "6", "--until", "closed"]);
    let closed = newest(&day);
    let progress = day.ok("score progress");
    assert!(progress.iter().filter(|p| p["session"] == 1).all(|p| p["handed_in"] == p["marked"]));
    let shown = run(&mut day.command("journal show --session 1 --as chen --pin-file pin.chen"));
    assert!(!String::from_utf8_lossy(&shown.stdout).contains("mark_entered"), "no mark shows before it is final");
    assert!(String::from_utf8_lossy(&shown.stderr).starts_with("8 marks left out"));
    day.ok("score derive 1 --as chen --pin-file pin.chen");
    runs_on_from(closed + 60_000, newest(&day));
}

#[test]
fn a_whole_day_goes_on_a_minute_after_the_results() {
    let day = Day::play(&["--candidates", "6", "--until", "results"]);
    let derived = newest(&day);
    let again = day.ok("score derive 1 --as chen --pin-file pin.chen");
    assert_eq!(
        (again[0]["lines"].as_u64(), newest(&day)),
        (Some(0), derived),
        "results that stand are not derived again"
    );
    day.ok("session open 2 --as chen --pin-file pin.chen --site-pass-file pin.site");
    let opened = day.journal(2).last().unwrap()["t"].as_i64().unwrap();
    runs_on_from(derived + 60_000, opened);
    let admin = run(&mut day.command("journal show --session 1 --as zhou --pin-file pin.zhou"));
    assert!(!String::from_utf8_lossy(&admin.stdout).contains("mark_entered"), "the admin never sees marks");
}

#[test]
fn the_kept_directory_is_the_one_of_the_contract() {
    let day = Day::play(&["--candidates", "2"]);
    let pins: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(day.home.join("day/pins.json")).unwrap()).unwrap();
    assert_eq!(pins, PINS.map(|(op, pin)| (op.to_owned(), pin.to_owned())).into());
    let mut names: Vec<_> = std::fs::read_dir(day.home.join("day"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["data", "data.secret", "org", "pins.json", "roster.csv"]);
    for file in ["root.pem", "crl.pem", "org.toml", "identity.age", "recovery.age"] {
        assert!(day.home.join("day/org").join(file).is_file(), "{file}");
    }
    let summary = day.summary();
    let package = day.home.join("day").join(summary["package"].as_str().unwrap());
    let sha256 = kaodian::proof::sha256(&[&std::fs::read(&package).unwrap()]);
    assert_eq!(summary["package_sha256"], sha256.to_string());
    assert_eq!((&summary["verified"], summary["fingerprint"].as_array().unwrap().len()), (&json!(true), 8));
    assert_eq!(day.ok("session list")[0]["state"], "sealed");
    let again = run(&mut kaodian(day.home.path(), ["demo", "--headless", "--keep", "day"]));
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).starts_with("KD-D-02 expected an empty directory"));
    let dry = "import day/roster.csv --dry-run";
    assert_eq!(day.ok(dry).pop().unwrap()["errors"], 0);
}

#[test]
fn a_day_that_is_not_kept_leaves_nothing() {
    let home = home();
    std::fs::create_dir(home.join("tmp")).unwrap();
    let mut command = kaodian(home.path(), ["demo", "--headless", "--json", "--candidates", "1"]);
    let lines = run_json(command.env("TMPDIR", home.join("tmp")));
    assert_eq!(lines.last().unwrap()["candidates"], 1);
    assert_eq!(std::fs::read_dir(home.join("tmp")).unwrap().count(), 0);
}

#[test]
fn a_day_of_any_size_comes_to_its_end() {
    for candidates in [1, 2, 6, 500] {
        let day = Day::play(&["--candidates", &candidates.to_string(), "--seed", "3"]);
        let count = |name: &str| day.summary()[name].as_i64().unwrap();
        assert_eq!(count("candidates"), candidates);
        assert_eq!(count("admitted") + count("absent"), candidates, "{}", day.summary());
        assert!(count("passed") <= count("admitted"));
    }
}

#[test]
fn thirty_thousand_candidates_are_taken_in() {
    let day = Day::play(&["--candidates", "30000", "--until", "open"]);
    assert_eq!(day.summary()["candidates"], 30_000);
}

/// Every file below a directory with its bytes.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![(path.clone(), std::fs::read(path).unwrap())] })
        .collect()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// rules.md §12, property 20, for the whole data directory and everything that commands print.
#[test]
fn no_name_and_no_document_number_leaves_the_sealed_rows() {
    let day = Day::play(&["--candidates", "60"]);
    let roster = std::fs::read_to_string(day.home.join("day/roster.csv")).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let header = cells(roster.lines().next().unwrap());
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (name, number) = (column("姓名"), column("证件号码"));
    let needles: Vec<String> =
        roster.lines().skip(1).flat_map(|line| [cells(line)[name].clone(), cells(line)[number].clone()]).collect();
    assert_eq!(needles.len(), 2 * 80);

    let mut places = files(&day.data());
    assert!(places.iter().any(|(path, _)| path.ends_with("kaodian.db")));
    assert!(places.iter().any(|(path, _)| path.ends_with("log/kaodian.log")));
    for command in [
        "site status",
        "people list",
        "session list",
        "score progress",
        "journal verify",
        "journal show --as chen --pin-file pin.chen",
        "import day/roster.csv --dry-run",
        "journal show --ledger --as chen --pin-file pin.chen",
        "site request --out request",
        "session open 2 --as chen --pin-file pin.chen --site-pass-file pin.site",
    ] {
        let said = run(&mut day.command(command));
        assert!(said.status.success(), "{command}: {}", String::from_utf8_lossy(&said.stderr));
        places.push((command.into(), [said.stdout, said.stderr].concat()));
    }
    let printed: Vec<String> = day.lines.iter().map(Value::to_string).collect();
    places.push(("demo".into(), printed.join("\n").into_bytes()));
    for (place, bytes) in &places {
        for needle in &needles {
            assert!(!contains(bytes, needle.as_bytes()), "{} holds a personal value", place.display());
        }
    }
}
