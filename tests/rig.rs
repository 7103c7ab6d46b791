//! The rig itself, proved on a shell: what it waits for arrives, what it reads is what a person would see.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use rustix::process::Signal;
use support::lines::{Lines, kaodian, program, run, run_json};
use support::pty::{Terminal, keys};
use support::strace::{Step, steps};
use support::tmp::Tmp;
use vt100::Color;

const SIZE: (u16, u16) = (40, 6);

fn shell(home: &Tmp, script: &str) -> Terminal {
    Terminal::program("/bin/sh", home.path(), &["-c", script], SIZE)
}

#[test]
fn a_terminal_shows_wide_characters_once_and_with_their_colours() {
    let home = Tmp::new();
    let script = r"printf '\033[?1049h\033[2;3H\033[1;31;48;2;1;2;3m考点\033[0m ok\033[7m!'; read _";
    let terminal = shell(&home, script);
    terminal.wait_alternate(true).wait_for("  考点 ok!");
    assert_eq!(terminal.screen().lines().nth(1), Some("  考点 ok!"));
    assert_eq!(terminal.colours(2, 1), (Color::Idx(1), Color::Rgb(1, 2, 3)));
    let dump: serde_json::Value = serde_json::from_str(&terminal.dump_json()).unwrap();
    assert_eq!((dump["cols"].as_u64(), dump["cells"].as_array().map(Vec::len)), (Some(40), Some(240)));
    assert_eq!(dump["cells"][42], serde_json::json!(["考", 1, "#010203", true]));
    assert_eq!(dump["cells"][43][0], "");
    assert_eq!(dump["cells"][49], serde_json::json!(["!", "bg", "fg", false]));
}

#[test]
fn keys_signals_sizes_and_the_end_go_through() {
    let home = Tmp::new();
    let script = "trap 'stty size' WINCH; trap 'echo bye; exit 7' TERM; echo go; while :; do read line && echo \"<$line>\"; done";
    let mut terminal = shell(&home, script);
    terminal.wait_for("go");
    terminal.send("两").send(keys::ENTER).wait_for("<两>");
    terminal.resize(60, 10);
    terminal.wait_for("10 60");
    assert!(terminal.is_cooked() && !terminal.alternate_screen());
    terminal.signal(Signal::TERM);
    terminal.send(keys::ENTER);
    assert_eq!(terminal.wait_exit().exit_code(), 7);
    assert!(terminal.screen().contains("bye"));
    assert!(terminal.wrote("<两>".as_bytes()) && !terminal.wrote(b"\x1b[?1049h"));
}

#[test]
#[should_panic(expected = "the program ended before \"never\" on the screen; the screen shows\nlast words")]
fn a_failed_wait_prints_the_screen() {
    let home = Tmp::new();
    shell(&home, "echo last words").wait_for("never");
}

#[test]
fn a_program_under_test_sees_a_fixed_environment() {
    let home = Tmp::new();
    let terminal = shell(&home, "env | cut -d= -f1 | sort | tr '\\n' ' '; read _");
    terminal.wait_for("TZ");
    assert_eq!(terminal.screen().split_whitespace().find(|name| name.contains("CARGO")), None);
}

#[test]
fn lines_come_one_by_one_and_other_events_are_passed_over() {
    let home = Tmp::new();
    let script =
        r#"echo '{"event":"up"}'; echo '{"event":"ready","n":1}'; read x; echo "{\"event\":\"$x\"}"; echo oops >&2"#;
    let mut lines = Lines::spawn(&mut program("/bin/sh", home.path(), ["-c", script]));
    assert_eq!(lines.wait_event("ready")["n"], 1);
    lines.write("tap\n");
    assert_eq!(lines.rest(), [serde_json::json!({"event": "tap"})]);
    let (status, complaints) = lines.wait_exit();
    assert!(status.success());
    assert_eq!(complaints, "oops\n");
}

#[test]
fn a_killed_program_has_no_word_left() {
    use std::os::unix::process::ExitStatusExt;
    let home = Tmp::new();
    let script = r#"trap '' TERM; echo '{"event":"ready"}'; read _"#;
    let mut lines = Lines::spawn(&mut program("/bin/sh", home.path(), ["-c", script]));
    lines.wait_event("ready");
    assert!(lines.process().resident_kib() > 0);
    lines.terminate();
    lines.kill();
    assert_eq!(lines.rest(), Vec::<serde_json::Value>::new());
    assert_eq!(lines.wait_exit().0.signal(), Some(9));
}

#[test]
#[should_panic(expected = "expected a JSON line, found")]
fn a_line_that_is_no_json_fails_its_test() {
    let home = Tmp::new();
    Lines::spawn(&mut program("/bin/sh", home.path(), ["-c", "echo hello"])).next();
}

#[test]
fn the_binary_under_test_starts() {
    let home = Tmp::new();
    assert!(run(&mut kaodian(home.path(), ["--version"])).status.code().is_some());
    let output = run_json(&mut program("/bin/sh", home.path(), ["-c", r#"echo '{"a":1}'"#]));
    assert_eq!(output, [serde_json::json!({"a": 1})]);
    assert_eq!(std::fs::read_to_string(home.file("secret", "4711")).unwrap(), "4711");
}

#[test]
fn calls_of_two_threads_are_told_apart() {
    let trace = "7 fsync(4</d/a> <unfinished ...>\n8 write(1<pipe:[9]>, \"x = 1\\n\", 6) = 6\n\
                 7 <... fsync resumed>) = -1 EIO (Input/output error) (INJECTED)\n";
    let fsync = "fsync(4</d/a> <unfinished ...>";
    let write = "write(1<pipe:[9]>, \"x = 1\\n\", 6) = 6";
    assert_eq!(
        steps(trace),
        [Step::Begins(7, fsync), Step::Begins(8, write), Step::Ends(8, write, 6), Step::Ends(7, fsync, -1)]
    );
}
