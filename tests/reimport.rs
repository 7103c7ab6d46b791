//! A newer roster of a planned session, and the rooms of a site, through the binary (rules.md §3, re-import; cli.md).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::{FIRST, Home, SECOND, STRANGER, Said};
use serde_json::Value;
use support::closing::Closing;

const PEOPLE: &str = "--as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen";

fn roster(home: &Home) -> String {
    std::fs::read_to_string(home.path().join("roster.csv")).unwrap()
}

fn import(home: &Home, text: &str, more: &str) -> Said {
    home.file("newer.csv", text);
    home.run(&format!("--data D --json import newer.csv --policy b2b.toml {more} {PEOPLE}"))
}

/// Changes as `word number of`, and the figures of the result: added, removed, changed, applied.
fn told(said: &Said) -> (Vec<String>, [Value; 4]) {
    let lines = said.json();
    let changes = lines.iter().filter(|line| line["event"] == "change");
    let of = |line: &Value| {
        let of: Vec<_> = line["of"].as_array().unwrap().iter().map(|of| of.as_str().unwrap()).collect();
        format!("{} {} {}", line["change"].as_str().unwrap(), line["admission_number"].as_str().unwrap(), of.join("+"))
    };
    let result = lines.last().unwrap();
    let figures = ["added", "removed", "changed", "applied"].map(|key| result[key].clone());
    (changes.map(of).collect(), figures)
}

fn figures(added: u32, removed: u32, changed: u32, applied: bool) -> [Value; 4] {
    [added.into(), removed.into(), changed.into(), applied.into()]
}

fn registered(home: &Home) -> Value {
    home.ok("--data D --json session list").json()[0]["counts"]["registered"].clone()
}

/// Lays cards down and returns the codes.
fn tap(home: &Home, cards: &[&str]) -> Vec<String> {
    let _reader = home.reader(cards);
    let mut desk = home.desk("port");
    let codes = cards.iter().map(|_| desk.wait_event("verdict")["code"].as_str().unwrap().to_owned()).collect();
    desk.terminate();
    assert!(desk.wait_exit().0.success());
    codes
}

#[test]
fn two_rows_that_swap_their_numbers_end_as_two_conflicts_and_nobody_is_touched() {
    let home = Home::with_open_session();
    assert_eq!(tap(&home, &["first.json", "second.json"]), ["KD-A-91", "KD-A-91"]);
    let (one, two) = (FIRST.number(), SECOND.number());
    let first = roster(&home);
    let swapped = first.replace(&one, "X").replace(&two, &one).replace(",X,", &format!(",{two},"));
    let drifts = vec![format!("roster_drift {} ", FIRST.cand), format!("roster_drift {} ", SECOND.cand)];

    let shown = import(&home, &swapped, "");
    assert_eq!(told(&shown), (drifts.clone(), figures(0, 0, 0, false)));
    shown.refused(1, "KD-R-53 expected the number of removals, 0, approved by the chief");
    let applied = import(&home, &swapped, "--removals 0");
    assert_eq!((applied.exit, told(&applied)), (0, (drifts, figures(0, 0, 0, true))), "{}", applied.err);

    // The cards still name who they named, with a conflict open; the journal names both.
    assert_eq!(tap(&home, &["first.json", "second.json"]), ["KD-A-33", "KD-A-33"]);
    let lines = home.ok("--data D journal show --session 1 --desk 1 --as chen --pin-file 3 3<pin.chen").json();
    let imported: Vec<&Value> = lines.iter().filter(|line| line["k"] == "roster_imported/1").collect();
    assert_eq!((imported[0]["d"].get("drifted"), &imported[1]["d"]["rev"]), (None, &2.into()));
    assert_eq!(imported[1]["d"]["drifted"], serde_json::json!([FIRST.cand, SECOND.cand]));
    home.ok("--data D journal verify");

    // A roster that is right again names nobody.
    let again = import(&home, &first, "--removals 0");
    assert_eq!(told(&again), (vec![], figures(0, 0, 0, true)));
}

#[test]
fn a_newer_roster_is_shown_and_stored_once_its_removals_are_approved() {
    let home = Home::with_open_session();
    let first = roster(&home);
    let header = first.lines().next().unwrap();
    let stranger = first.lines().nth(1).unwrap().replace(FIRST.cand, "2611241003").replace(FIRST.name, STRANGER.name);
    let stranger = stranger.replace(&FIRST.number(), &STRANGER.number());
    let second = first.lines().nth(2).unwrap().replace(",02", ",09");
    let newer = format!("{header}\n{second}\n{stranger}\n");
    let changes = vec![
        format!("removed {} ", FIRST.cand),
        format!("changed {} placement", SECOND.cand),
        "added 2611241003 ".into(),
    ];
    for more in ["", "--removals 0", "--removals 2"] {
        let shown = import(&home, &newer, more);
        assert_eq!(told(&shown), (changes.clone(), figures(1, 1, 1, false)));
        shown.refused(1, "KD-R-53 expected the number of removals, 1");
    }
    assert_eq!(tap(&home, &["stranger.json"]), ["KD-A-20"], "nothing is stored");
    let applied = import(&home, &newer, "--removals 1");
    assert_eq!(told(&applied), (changes, figures(1, 1, 1, true)), "{}", applied.err);
    assert_eq!(registered(&home), 2);
    assert_eq!(tap(&home, &["first.json", "stranger.json"]), ["KD-A-20", "KD-A-91"]);
    home.ok("--data D journal verify");
}

#[test]
fn from_the_start_on_only_additions_and_holds_are_taken() {
    let home = Home::with_open_session();
    assert_eq!(tap(&home, &["first.json"]), ["KD-A-91"]);
    home.ok("--data D session start 1 --as chen --pin-file 3 3<pin.chen");
    let first = roster(&home);
    let without_second: String = first.lines().take(2).map(|line| format!("{line}\n")).collect();
    let refused = import(&home, &without_second, "--removals 1");
    assert!(refused.json().iter().any(|line| line["code"] == "KD-R-47"), "{}", refused.out);
    refused.refused(1, "KD-R-00");
    let held = first.replace("座位号\n", "座位号,限制\n").replace(",01\n", ",01,\n").replace(",02\n", ",02,禁考\n");
    let applied = import(&home, &held, "--removals 0");
    assert_eq!(
        told(&applied),
        (vec![format!("changed {} hold", SECOND.cand)], figures(0, 0, 1, true)),
        "{}",
        applied.err
    );
    assert_eq!(tap(&home, &["second.json"]), ["KD-A-30"]);
    let dropped =
        import(&home, &format!("{}\n{}\n", held.lines().next().unwrap(), held.lines().nth(2).unwrap()), "--removals 0");
    assert_eq!(
        told(&dropped),
        (vec![format!("roster_drop {} ", FIRST.cand)], figures(0, 0, 0, true)),
        "{}",
        dropped.err
    );
    assert_eq!(registered(&home), 2);
}

#[test]
fn rooms_are_held_against_the_roster_and_named_in_the_journal() {
    let home = Home::with_site();
    let rooms = |text: &str| {
        home.file("rooms.csv", text);
        home.run(&format!("--data D --json import roster.csv --policy b2b.toml --rooms rooms.csv {PEOPLE}"))
    };
    for (text, code, file) in [
        ("考场,名称,容量\n01,机房,1\n", "KD-R-44", "roster.csv"),
        ("考场,名称,容量\n02,机房,9\n", "KD-R-12", "roster.csv"),
        ("考场,名称,座位\n01,机房,02-03\n", "KD-R-12", "roster.csv"),
        ("考场,名称,容量\n01,机房,9\n01,机房,9\n", "KD-R-52", "rooms.csv"),
        ("考场,名称,座位\n01,机房,\"1,2,1\"\n", "KD-R-52", "rooms.csv"),
        ("考场,名称,座位\n01,机房,2-1\n", "KD-R-11", "rooms.csv"),
        ("考场,名称,容量,座位\n01,机房,3,1-2\n", "KD-R-11", "rooms.csv"),
        ("考场,名称,容量\n01,机房,\n", "KD-R-10", "rooms.csv"),
        ("考场,容量\n01,3\n", "KD-R-04", "rooms.csv"),
    ] {
        let said = rooms(text);
        let found = said.json().into_iter().find(|line| line["event"] == "error").unwrap();
        assert_eq!((&found["code"], &found["file"]), (&code.into(), &file.into()), "{text}");
        said.refused(1, "KD-R-00");
    }
    let said = rooms("考场,名称,容量,座位,位置\n01,第一机房,,01-30,实训楼三层\n");
    assert_eq!(said.exit, 0, "{}", said.err);
    let lines = home.ok("--data D journal show --session 1 --desk 1 --as chen --pin-file 3 3<pin.chen").json();
    let sum = support::lines::run(&mut home.shell("sha256sum rooms.csv"));
    let imported = lines.iter().find(|line| line["k"] == "roster_imported/1").unwrap();
    assert!(String::from_utf8(sum.stdout).unwrap().starts_with(imported["d"]["rooms_sha256"].as_str().unwrap()));
}

#[test]
fn another_start_and_what_a_kept_row_holds_are_refused() {
    let home = Home::with_open_session();
    assert_eq!(tap(&home, &["first.json"]), ["KD-A-91"]);
    let first = roster(&home);
    let start = first.lines().nth(1).unwrap().split(',').nth(7).unwrap();
    let later = if start == "12:34" { "12:35" } else { "12:34" };
    let second = format!("{}\n{}\n", first.lines().next().unwrap(), first.lines().nth(2).unwrap());
    for (newer, code) in [
        (first.replace(start, later), "KD-R-45"),
        (second.replace(",02\n", ",01\n"), "KD-R-43"),
        (second.replace(&SECOND.number(), &FIRST.number()), "KD-R-41"),
    ] {
        let said = import(&home, &newer, "--removals 0");
        let codes: Vec<Value> =
            said.json().into_iter().filter(|line| line["event"] == "error").map(|line| line["code"].clone()).collect();
        assert_eq!(codes, [code], "{}", said.out);
        said.refused(1, "KD-R-00");
    }
    assert_eq!(registered(&home), 2);
}

/// A newer roster while check-in is open and another while the exam runs; then the day ends, is sealed, and verifies.
#[test]
fn who_came_with_a_newer_roster_stands_in_the_sealed_package() {
    let day = Closing::until("open");
    let roster = std::fs::read_to_string(day.org().parent().unwrap().join("roster.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(roster.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let first = rows.records().map(Result::unwrap).find(|row| &row[at("场次")] == "1").unwrap();
    // The old roster with one more row of session 1.
    let with = |old: &str, cand: &str, person: &course::Person, seat: &str| {
        let cells = first.iter().enumerate().map(|(n, cell)| match &headers[n] {
            "准考证号" => cand.to_owned(),
            "姓名" => person.name.to_owned(),
            "证件号码" => person.number(),
            "座位号" => seat.to_owned(),
            "性别" | "学号" => String::new(),
            _ => cell.to_owned(),
        });
        format!("{old}{}\n", cells.collect::<Vec<_>>().join(","))
    };
    let policies = ["b2b-intermediate", "eppm-primary", "english-primary"]
        .map(|name| format!("--policy {}/assets/demo/{name}.toml", env!("CARGO_MANIFEST_DIR")))
        .join(" ");
    let import = |text: &str| {
        let file = day.home().file("newer.csv", text);
        let people = "--as zhou --pin-file zhou --witness chen=chen --site-pass-file site";
        day.ok(&format!("import {} {policies} --removals 0 {people}", file.display())).pop().unwrap()
    };
    let person = |name, body| course::Person { cand: "", name, body };
    let open = with(&roster, "2611249001", &person("测试甲", "11019919900307001"), "91");
    assert_eq!((&import(&open)["added"], &day.session(1)["counts"]["registered"]), (&1.into(), &7.into()));
    let chief = "--as chen --pin-file chen";
    day.clock_to(9, 1);
    day.ok(&format!("session start 1 {chief}"));
    let running = with(&open, "2611249002", &person("测试乙", "11019919900307002"), "92");
    assert_eq!((&import(&running)["added"], &day.session(1)["counts"]["registered"]), (&1.into(), &8.into()));

    day.clock_to(9, 31);
    day.ok(&format!("session absent 1 {chief}"));
    day.ok(&format!("session close 1 {chief} --witness wang=wang"));
    day.ok(&format!("score derive 1 {chief}"));
    day.seal();
    let (_, package) = day.packages(".ekseal").pop().unwrap();
    let report = day.verified(&package);
    assert!(report.ok() && report.content_checked, "{report:?}");
    let counts = report.manifest.unwrap().counts;
    assert_eq!((counts.registered, counts.absent, counts.present), (8, 8, 0));
}

/// What the rules were when the session was planned is in its first line, and no import says otherwise.
#[test]
fn the_policy_of_a_planned_or_open_session_does_not_change() {
    let home = Home::with_site();
    home.ok(&format!("--data D import roster.csv --policy b2b.toml {PEOPLE}"));
    let lines = |home: &Home| home.ok("--data D journal show --session 1 --as chen --pin-file 3 3<pin.chen").out;
    let planned: Value = serde_json::from_str(lines(&home).lines().next().unwrap()).unwrap();
    let sha256 = home.ok("--json policy check b2b.toml").json().pop().unwrap()["sha256"].clone();
    assert_eq!((&planned["k"], &planned["d"]["policy_sha256"]), (&"session_planned/1".into(), &sha256));
    home.file("other.toml", course::policy("b2b-intermediate", 20));
    for open in [false, true] {
        if open {
            home.ok("--data D session open 1 --as chen --pin-file 3 3<pin.chen");
        }
        let before = lines(&home);
        let said = home.run(&format!("--data D import roster.csv --policy other.toml --removals 0 {PEOPLE}"));
        said.refused(1, "KD-R-00 1 error");
        assert!(said.err.contains("KD-R-45 "), "{}", said.err);
        assert_eq!(lines(&home), before);
    }
}
