//! A site by hand on real time: from nothing as printed in cli.md, through check-in by a simulated reader on a real pty, to
//! results; what the lines of a headless desk look like, and who may do what while it runs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::{FIRST, Home, SECOND, STRANGER, THIRD, project};
use serde_json::{Value, json};
use support::lines::{Lines, run};

/// The commands printed under "A site from nothing", without the desk, which is the last one.
fn printed() -> (String, String) {
    let page = project("assets/design/cli.md");
    let block = page.split("## A site from nothing").nth(1).and_then(|rest| rest.split("```").nth(1)).unwrap();
    let mut lines: Vec<&str> = block.trim().lines().collect();
    let desk = lines.pop().unwrap();
    assert!(desk.contains("desk --headless"), "{desk}");
    (lines.join(" &&\n"), desk.to_owned())
}

#[test]
fn a_site_from_nothing_works_as_printed() {
    let home = Home::new();
    let (commands, desk) = printed();
    let said = run(&mut home.shell(&commands));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let mut reader = home.reader(&["first.json"]);
    let mut desk =
        Lines::spawn(&mut home.shell(&desk.replace("PORT", "port").replacen("kaodian", "exec \"$KAODIAN\"", 1)));
    assert_eq!(desk.next(), Some(json!({"event": "ready", "session": [1], "desk": 1})));
    assert_eq!(desk.wait_event("verdict")["admission_number"], FIRST.cand);
    desk.terminate();
    assert!(desk.wait_exit().0.success());
    reader.terminate();
    assert!(reader.wait_exit().0.success());
    assert!(!home.path().join("port").exists(), "the simulated reader takes its link along");
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_verdict_line_has_its_members_in_their_order() {
    let home = Home::with_open_session();
    let _reader = home.reader(&["first.json", "first.json", "stranger.json", "second.json"]);
    let mut desk = home.desk("port");
    let verdicts: Vec<Value> = (0..4).map(|_| desk.wait_event("verdict")).collect();
    let members = ["event", "verdict", "code", "admission_number", "room", "seat", "session", "desk", "seq", "at"];
    for verdict in &verdicts {
        assert_eq!(keys(verdict), members);
    }
    let brief: Vec<_> = verdicts
        .iter()
        .map(|v| {
            let text = |key: &str| v[key].as_str().unwrap_or("-").to_owned();
            [text("verdict"), text("code"), text("admission_number"), text("room"), text("seat")].join(" ")
        })
        .collect();
    assert_eq!(
        brief,
        [
            "admitted_late KD-A-91 2611241001 01 01",
            "already_in KD-A-40 2611241001 01 01",
            "refused KD-A-20 - - -",
            "admitted_late KD-A-91 2611241002 01 02",
        ]
    );
    let at = verdicts[0]["at"].as_str().unwrap();
    assert!(at.ends_with("+08:00") && at.len() == "2026-11-24T08:42:17.114+08:00".len(), "{at}");
    desk.terminate();
    let (status, complaints) = desk.wait_exit();
    assert!(status.success() && complaints.is_empty(), "{status} {complaints}");

    // Every line that was printed stands in the journal under its number.
    let shown = home.ok("--data D journal show --session 1 --as chen --pin-file 3 3<pin.chen").json();
    for verdict in &verdicts {
        let line = shown.iter().find(|line| line["seq"] == verdict["seq"]).unwrap();
        let kind = if verdict["verdict"] == "admitted_late" { "candidate_admitted/1" } else { "admission_refused/1" };
        assert_eq!(line["k"], kind);
    }
}

#[test]
fn a_repeat_within_the_debounce_time_carries_the_first_number() {
    let home = Home::with_open_session();
    let _reader = home.reader(&["stranger.json", "stranger.json"]);
    let mut desk = home.desk("port");
    let (first, second) = (desk.wait_event("verdict"), desk.wait_event("verdict"));
    assert_eq!((&second["seq"], &second["repeat"]), (&first["seq"], &json!(true)));
    assert_eq!(first.get("repeat"), None);
}

#[test]
fn the_whole_course_runs_from_check_in_to_results() {
    let home = Home::with_open_session();
    home.ok(
        "--data D import roster2.csv --policy eppm.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen",
    );
    let _reader = home.reader(&["first.json", "second.json"]);
    let mut desk = home.desk("port");
    for _ in 0..2 {
        assert_eq!(desk.wait_event("verdict")["verdict"], "admitted_late");
    }
    desk.terminate();
    assert!(desk.wait_exit().0.success());

    let chief = "--as chen --pin-file 3 3<pin.chen";
    let proctor = "--as wang --pin-file 3 3<pin.wang";
    let both = "--as chen --pin-file 3 --witness wang=4 3<pin.chen 4<pin.wang";
    home.run(&format!("--data D session collect 1 {proctor}"))
        .refused(1, "KD-T-07 expected the session to be running, found it open");
    home.ok(&format!("--data D session start 1 {chief}"));
    home.run(&format!("--data D session absent 1 {proctor}")).refused(1, "KD-T-03");
    home.run(&format!("--data D session close 1 {both}")).refused(1, "KD-S-06 expected nobody inside, found 2");
    home.run(&format!("--data D session close 1 {chief}")).refused(1, "KD-T-05");
    home.ok(&format!("--data D session collect 1 --room 01 {proctor}"));
    home.ok(&format!("--data D session close 1 {both}"));
    home.run(&format!("--data D score derive 1 {chief}"))
        .refused(1, "KD-S-08 expected a mark for every part, found 4 without");

    home.ok(&format!("--data D session open 2 {chief}"));
    home.ok(&format!("--data D session start 2 {chief}"));
    home.run(&format!("--data D session close 2 {both}")).refused(1, "KD-S-02 B2 1 = 0 + 0 is off by 1");
    home.ok(&format!("--data D session absent 2 {proctor}"));
    let again = home.ok(&format!("--data D session absent 2 {proctor}"));
    assert_eq!(again.err, "session absent 2: nothing left to do\n");
    home.ok(&format!("--data D session close 2 {both}"));
    let derived = home.ok(&format!("--data D --json score derive 2 {chief}")).json();
    assert_eq!(derived[0]["event"], "done");
    assert_eq!((&derived[1]["counts"]["absent"], &derived[1]["counts"]["pass"]), (&json!(1), &json!(0)));

    let sessions = home.ok("--data D --json session list").json();
    let states: Vec<_> = sessions.iter().map(|s| (s["session"].clone(), s["state"].clone())).collect();
    assert_eq!(states, [(json!(1), json!("closed")), (json!(2), json!("closed"))]);
    let progress = home.ok("--data D --json score progress").json();
    assert_eq!(progress.len(), 4);
    assert_eq!(progress[0], json!({"event": "progress", "session": 1, "part": "theory", "handed_in": 2, "marked": 0}));
    let verified = home.ok("--data D --json journal verify").json();
    assert_eq!((&verified[3]["event"], &verified[3]["streams"]), (&json!("verified"), &json!(2)));
    let site = home.ok("--data D --json site status").json();
    assert_eq!((&site[0]["mode"], &site[0]["sessions"]), (&json!("demo"), &json!(2)));
    nothing_personal_is_left(&home);
}

/// rules.md §12, property 20, and further: no file of the site but the roster that was fed to it.
fn nothing_personal_is_left(home: &Home) {
    let needles: Vec<String> = [FIRST, SECOND, THIRD, STRANGER].iter().flat_map(course::Person::secrets).collect();
    let mut pending = vec![home.path().join("D")];
    let mut files = 0;
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path).unwrap();
        for needle in &needles {
            assert!(!contains(&bytes, needle.as_bytes()), "{} holds a personal value", path.display());
        }
    }
    assert!(files >= 4, "database, wraps, lock and log");
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_second_instance_is_told_who_holds_the_directory_and_readers_go_on() {
    let home = Home::with_open_session();
    let mut desk = home.desk("port");
    desk.wait_event("ready");
    let holder = format!("KD-D-04 the data directory is held by kaodian desk 1, process {}\n", desk.process().id);
    for command in [
        "session start 1 --as chen --pin-file 3 3<pin.chen",
        "people add li --role proctor --as chen --pin-file 3 --new-pin-file 4 3<pin.chen 4<pin.wang",
        "import roster2.csv --policy eppm.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen",
        "score derive 1 --as chen --pin-file 3 3<pin.chen",
        "desk --headless --reader port --as wang --pin-file 3 3<pin.wang",
    ] {
        home.run(&format!("--data D {command}")).refused(3, &holder);
    }
    for command in [
        "journal verify",
        "journal show --as wang --pin-file 3 3<pin.wang",
        "session list",
        "site status",
        "people list",
        "score progress",
    ] {
        home.ok(&format!("--data D {command}"));
    }
    desk.kill();
    desk.wait_exit();
    home.ok("--data D session start 1 --as chen --pin-file 3 3<pin.chen");
}

#[test]
fn a_desk_without_its_reader_says_so_and_ends_when_it_is_told_to() {
    let home = Home::with_open_session();
    let mut desk = home.desk("/no/such/port");
    let fault = desk.wait_event("fault");
    assert_eq!(fault["code"], "KD-3101");
    assert_eq!(fault["message"], "expected a serial port at /no/such/port, found nothing");
    desk.terminate();
    let (status, complaints) = desk.wait_exit();
    assert!(status.success() && complaints.is_empty(), "{status} {complaints}");
    assert!(home.path().join("D/kaodian.db").exists());
    let log = std::fs::read_to_string(home.path().join("D/log/kaodian.log")).unwrap();
    assert!(log.contains("the desk runs") && log.contains("KD-3101"), "{log}");
    nothing_personal_is_left(&home);
}
