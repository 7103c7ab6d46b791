//! The command line as scripts rely on it (cli.md): exit codes, every way to misuse a command, and what a flawed roster
//! is told. Transcripts of misuse that needs no data directory stand in `tests/cmd/`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::{Home, project};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use support::lines::{kaodian, run};
use support::pty::{Terminal, keys};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_wrong_person_is_told_what_is_wrong_and_changes_nothing() {
    let home = Home::with_open_session();
    home.file("pin.wrong", "000000\n");
    home.file("pin.short", "12345\n");
    let before = home.ok("--data D journal verify").out;
    let import = "import roster2.csv --policy eppm.toml";
    for (command, exit, words) in [
        ("session start 1 --as chen --pin-file 3 3<pin.wrong", 1, "KD-K-02 chen: "),
        ("session start 1 --as chen --pin-file 3 3<pin.short", 1, "KD-K-01 expected a PIN of 6 to 12 digits"),
        ("session start 1 --as ghost --pin-file 3 3<pin.chen", 1, "KD-T-06 expected a member of the crew"),
        (
            "session start 1 --as wang --pin-file 3 3<pin.wang",
            1,
            "KD-T-06 expected somebody who may start a session, found the role proctor",
        ),
        (
            "session open 1 --as sun --pin-file 3 3<pin.sun",
            1,
            "KD-T-06 expected somebody who may open a session, found the role assessor",
        ),
        ("session start 9 --as chen --pin-file 3 3<pin.chen", 1, "KD-T-08"),
        ("session start 1 --as chen --pin-file 9", 2, "KD-K-09 expected descriptor 9 to be open, found it closed"),
        ("session start 1 --as chen --pin-file none", 3, "KD-K-09 none: "),
        ("session start 1 --as chen", 2, "KD-U-05"),
        (
            "session close 1 --as chen --pin-file 3 --witness chen=4 3<pin.chen 4<pin.chen",
            1,
            "KD-T-05 expected a proctor",
        ),
        (
            "session close 1 --as chen --pin-file 3 --witness sun=4 3<pin.chen 4<pin.sun",
            1,
            "KD-T-05 expected a proctor",
        ),
        ("desk --headless --reader port --as zhou --pin-file 3 3<pin.zhou", 1, "found the role admin"),
        ("desk --headless --reader port", 2, "KD-U-05 expected --as OPERATOR"),
        ("desk --headless --as wang", 2, "KD-U-08"),
        ("journal show --as sun --pin-file 3 3<pin.sun", 1, "may read the journal, found the role assessor"),
        (
            "people add li --role proctor --as wang --pin-file 3 --new-pin-file 4 3<pin.wang 4<pin.wang",
            1,
            "may add people",
        ),
        ("people add wang --role proctor --as chen --pin-file 3 --new-pin-file 4 3<pin.chen 4<pin.wang", 1, "KD-T-09"),
        (&format!("{import} --as zhou --pin-file 3 3<pin.zhou"), 1, "KD-T-05 expected admin and chief together"),
        (&format!("{import} --as chen --pin-file 3 --witness chen=4 3<pin.chen 4<pin.chen"), 1, "found the role chief"),
        (
            &format!("{import} --as zhou --pin-file 3 --witness wang=4 3<pin.zhou 4<pin.wang"),
            1,
            "found the role proctor",
        ),
        (&format!("{import} --removals 1 --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen"), 1, "KD-R-53"),
        (
            "import roster.csv --policy b2b.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen",
            1,
            "KD-R-53 expected the number of removals, 0, approved",
        ),
        ("site init --mode demo --site EX-SITE-01 --name x --chief chen --new-pin-file 3 3<pin.chen", 1, "KD-D-02"),
    ] {
        home.run(&format!("--data D {command}")).refused(exit, words);
    }
    // Nothing changed but that the ledger counts the wrong PINs.
    let after = home.ok("--data D journal verify").out;
    let streams = |said: &str| said.lines().filter(|line| !line.starts_with("ledger")).map(str::to_owned).collect();
    let (before, streams): (Vec<String>, Vec<String>) = (streams(&before), streams(&after));
    assert_eq!(streams, before);
    assert!(after.contains("ledger: 2 lines"), "{after}");
}

#[test]
fn a_desk_number_that_joined_nothing_writes_nothing() {
    let home = Home::with_open_session();
    home.file("other.toml", "[desk]\nnumber = 2\n[trust]\nargon_mib = 1\nargon_t = 1\n");
    let before = home.ok("--data D journal verify").out;
    let import = "import roster2.csv --policy eppm.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen";
    for command in [
        "session start 1 --as chen --pin-file 3 3<pin.chen",
        "people add li --role proctor --as chen --pin-file 3 --new-pin-file 4 3<pin.chen 4<pin.wang",
        "desk --headless --reader port --as wang --pin-file 3 3<pin.wang",
        import,
    ] {
        home.run(&format!("--config other.toml --data D {command}"))
            .refused(2, "KD-D-08 expected desk 2 to have joined");
    }
    assert_eq!(home.ok("--data D journal verify").out, before);
    home.ok(&format!("--data D {import}"));
}

#[test]
fn a_candidate_who_takes_one_part_only_is_refused() {
    let home = Home::with_site();
    let whole = std::fs::read_to_string(home.path().join("roster.csv")).unwrap();
    let partial =
        whole.replace("座位号\n", "座位号,科目\n").replace(",01\n", ",01,理论知识\n").replace(",02\n", ",02,全科\n");
    home.file("roster.csv", partial);
    let import = "import roster.csv --policy b2b.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen";
    home.run(&format!("--data D {import}"))
        .refused(1, "KD-R-49 roster.csv: expected candidates who take every part, found 1");
    assert_eq!(home.ok("--data D session list").out, "");
}

#[test]
fn a_pin_is_asked_on_the_terminal_and_never_shown() {
    let home = Home::with_open_session();
    let arguments = ["--data", "D", "session", "start", "1"];
    let mut terminal = Terminal::kaodian(home.path(), &arguments, (80, 24));
    terminal.wait_for("operator:");
    terminal.send("chen\r").wait_for("PIN of chen:");
    terminal.send("135790\r").wait_for("session start 1: 1 line stored, the last is number 9");
    assert!(!terminal.wrote(b"135790"));
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn ctrl_c_at_a_pin_gives_the_terminal_back_as_it_was() {
    let home = Home::with_open_session();
    let script = "\"$0\" --data D journal show --as chen; echo \"ended $?\"; read pause";
    let mut terminal = Terminal::program("/bin/sh", home.path(), &["-c", script, support::KAODIAN], (80, 24));
    terminal.wait_for("PIN of chen:");
    assert!(!terminal.is_cooked(), "what is typed is not shown");
    terminal.send(&keys::ctrl('c')).wait_for("KD-U-04 expected an answer, found ctrl-C").wait_for("ended 1");
    assert!(terminal.is_cooked());
}

#[test]
fn a_live_site_is_refused_with_its_own_sentence_and_leaves_nothing() {
    let home = Home::new();
    let said = home.run("--data L site init --mode live --site EX-SITE-01 --name x --chief chen");
    said.refused(1, "KD-S-15 expected a site passphrase, found none: a live site needs keys of its own");
    assert!(!home.path().join("L").exists() && !home.path().join("L.secret").exists());
}

#[test]
fn names_that_would_steer_a_terminal_are_refused_and_not_repeated() {
    let home = Home::new();
    for arguments in ["--name $'x\\e[31m'", "--name x --person-name $'陈\\e[2J'"] {
        let init =
            format!("--data D site init --mode demo --site EX-SITE-01 --chief chen --new-pin-file 3 {arguments}");
        let said = home.run(&format!("{init} 3<pin.chen"));
        said.refused(2, "KD-U-0");
        assert!(!said.err.contains('\u{1b}'));
    }
    assert!(!home.path().join("D").exists());
    let said = home.run("import --dry-run $'no\\e[31m.csv'");
    said.refused(1, "KD-R-01 no\u{fffd}[31m.csv");
    assert!(!said.err.contains('\u{1b}'));
}

#[test]
fn anything_that_others_can_read_is_refused_with_the_command_that_closes_it() {
    let home = Home::with_open_session();
    let open = "--data D session open 1 --as chen --pin-file pin.chen";
    for name in ["D", "D/kaodian.db", "D/wraps", "D/keys", "D/log", "D/out", "D/lock", "D.secret", "pin.chen"] {
        let path = home.path().join(name);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} is made for its owner alone");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode | 0o040)).unwrap();
        let said = home.run(open);
        said.refused(3, &format!("expected {name} to be "));
        assert!(said.err.contains("\nhint: close it to others: chmod ") && said.err.ends_with(&format!(" {name}\n")));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    home.run(open).refused(1, "KD-T-07");
    home.run("--data none session list").refused(3, "KD-D-01 expected a data directory, found nothing at none");
}

#[test]
fn a_line_changed_behind_its_back_ends_with_exit_4() {
    let home = Home::with_open_session();
    let db = rusqlite::Connection::open(home.path().join("D/kaodian.db")).unwrap();
    db.execute_batch("DROP TRIGGER line_is_never_changed").unwrap();
    let changed = db
        .execute("UPDATE line SET bytes = CAST(replace(CAST(bytes AS TEXT), 'chen', 'chem') AS BLOB) WHERE seq = 3", [])
        .unwrap();
    assert_eq!(changed, 1);
    drop(db);
    home.run("--data D journal verify").refused(4, "KD-9101 the journal is broken: ");
    home.run("--data D --json journal verify").refused(4, " line 3: the line was changed");
    let desk = "--data D desk --headless --reader port --as wang --pin-file 3 3<pin.wang";
    home.run(desk).refused(4, "KD-9101");
}

#[test]
fn a_closed_pipe_ends_a_command_without_a_panic() {
    let home = Home::with_open_session();
    for command in [
        "site status",
        "people list",
        "session list",
        "score progress",
        "journal verify",
        "journal show --as chen --pin-file pin.chen",
        "import --dry-run --json roster.csv",
        "--help",
    ] {
        // The pipe's reader is gone before the command begins to write; `full` never takes a byte.
        for to in ["| (exec <&-)", "> /dev/full", ">&- 2>&-", "2>&1 | (exec <&-)"] {
            let script = format!("set -o pipefail; kaodian --data D {command} {to}");
            let said = run(&mut home.shell(&script));
            let complaint = String::from_utf8_lossy(&said.stderr);
            assert!(!complaint.contains("panicked") && said.status.code() != Some(101), "{script}: {complaint}");
        }
    }
}

/// Every command that the help names, down to the last subcommand.
fn every_command(home: &Path, so_far: &[String], found: &mut Vec<Vec<String>>) {
    let output = run(&mut kaodian(home, so_far.iter().map(String::as_str).chain(["--help"])));
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{so_far:?}: {}", String::from_utf8_lossy(&output.stderr));
    let Some(commands) = help.split("\nCommands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()) else {
        assert!(help.contains("Example"), "{so_far:?} has no example:\n{help}");
        found.push(so_far.to_vec());
        return;
    };
    for name in commands.lines().filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        every_command(home, &[so_far, &[name.to_owned()]].concat(), found);
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    let home = Home::new();
    let mut found = Vec::new();
    every_command(home.path(), &[], &mut found);
    assert!(found.len() >= 18, "{found:?}");
}

/// Rosters by flaw, each through a real import: every finding stands in its JSON line, none of them is stored.
#[test]
fn a_flawed_roster_is_told_every_flaw_and_nothing_is_imported() {
    let home = Home::with_site();
    home.file("b2b.toml", project("tests/vectors/policy/b2b-intermediate.toml"));
    home.file("eppm.toml", project("tests/vectors/policy/eppm-primary.toml"));
    let import = "--data D --json import roster.csv --policy b2b.toml --policy eppm.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/roster");
    let mut codes = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        // A full session needs a limit of its own.
        if path.extension().is_none_or(|e| e != "csv") || stem.starts_with("44") {
            continue;
        }
        let expected: Vec<Value> =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        let errors = expected.iter().filter(|finding| finding["event"] == "error").count();
        if errors == 0 {
            continue;
        }
        home.file("roster.csv", std::fs::read(&path).unwrap());
        let said = home.run(import);
        said.refused(1, &format!("KD-R-00 {errors} error"));
        let mut lines = said.json();
        let result = lines.pop().unwrap();
        assert_eq!(lines, expected, "{stem}");
        assert_eq!(
            keys(&result),
            ["event", "rows", "errors", "notices", "added", "removed", "changed", "applied", "sha256"]
        );
        assert_eq!((&result["errors"], &result["applied"]), (&json!(errors), &json!(false)), "{stem}");
        for line in &lines {
            assert_eq!(keys(line), ["event", "code", "file", "sheet", "line", "column", "expected", "found", "hint"]);
            codes.insert(line["code"].as_str().unwrap().to_owned());
        }
    }
    for code in ["KD-R-02", "KD-R-04", "KD-R-21", "KD-R-25", "KD-R-31", "KD-R-40", "KD-R-41"] {
        assert!(codes.contains(code), "no roster with {code}");
    }
    assert_eq!(home.ok("--data D session list").out, "");
    assert!(!home.path().join("D/wraps").exists());
}

#[test]
fn a_clean_roster_is_told_what_came_of_it() {
    let home = Home::with_site();
    let said = home.ok("--data D --json import roster.csv --policy b2b.toml --removals 0 --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen");
    let result = said.json().pop().unwrap();
    let sha256 = result["sha256"].as_str().unwrap().to_owned();
    assert_eq!(
        result,
        json!({"event": "import", "rows": 2, "errors": 0, "notices": 0, "added": 2, "removed": 0, "changed": 0,
               "applied": true, "sha256": sha256})
    );
    let sum = run(&mut home.shell("sha256sum roster.csv"));
    assert!(String::from_utf8(sum.stdout).unwrap().starts_with(&sha256));
    assert_eq!(said.err, "");
}

#[test]
fn misuse_is_answered_as_its_transcript_says() {
    let cases = trycmd::TestCases::new();
    // Nothing of the developer's machine gets in.
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        cases.env(name, "/nonexistent");
    }
    cases.env("LANG", "C.UTF-8").env("TZ", "UTC");
    cases.case("tests/cmd/*.trycmd");
}

#[test]
fn a_second_roster_is_held_against_the_first() {
    let home = Home::with_open_session();
    let first = std::fs::read_to_string(home.path().join("roster.csv")).unwrap();
    let import = "--json --data D import second.csv --policy b2b.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen";
    let known = first.replace("中级,1,", "中级,2,").replace(",01,", ",02,");
    let other_number = known.replace("26112410", "26112490");
    let same_seat = first.replace("中级,1,", "中级,3,").replace("26112410", "26112470");
    let elsewhere = first
        .replace("座位号\n", "座位号,考核站点\n")
        .replace(",01\n", ",01,EX-SITE-09\n")
        .replace(",02\n", ",02,EX-SITE-09\n");
    for (roster, codes) in [
        (&known, &["KD-R-40", "KD-R-42"][..]),
        (&other_number, &["KD-R-42"]),
        (&same_seat, &["KD-R-42", "KD-R-43"]),
        (&elsewhere, &["KD-R-01", "KD-R-40"]),
    ] {
        home.file("second.csv", roster);
        let said = home.run(import);
        let lines = said.json();
        let found: Vec<_> =
            lines.iter().filter(|l| l["event"] == "error").map(|l| l["code"].as_str().unwrap()).collect();
        assert_eq!(found, codes, "{lines:?}");
        let result = lines.last().unwrap();
        assert_eq!(
            (&result["event"], &result["applied"], &result["added"]),
            (&"import".into(), &false.into(), &0.into())
        );
        said.refused(1, "KD-R-00");
    }
    assert_eq!(home.ok("--data D session list").out.lines().count(), 1, "nothing was stored");
}
