//! The terminal itself: its size, and that it is given back however the program ends.

use super::super::support::pty::{Terminal, keys};
use super::super::support::tmp::Tmp;
use super::super::{SIZE, demo, end, ended_well};
use rustix::process::Signal;

#[test]
fn every_size_is_drawn_and_the_core_comes_back() {
    let home = Tmp::new();
    let mut terminal = demo(&home);
    terminal.send("z").wait_for("查找 z");
    terminal.resize(60, 20);
    terminal.wait_for("窗口太小 60x20，至少 80x24");
    // A key is still a key, and a tap is still judged.
    terminal.send("x").send(keys::F11).send("1");
    terminal.wait_for("最近：[OK] 请进");
    terminal.resize(80, 24);
    terminal.wait_for("查找 zx").wait_gone("窗口太小");
    terminal.resize(120, 40);
    terminal.wait_for("查找 zx").wait_for("F11 演示卡");
    let core = |screen: &str| screen.lines().nth(23).is_some_and(|row| row.contains("F11 演示卡"));
    terminal.send(keys::ESC).wait_for("最近三笔").wait_until("the core in the top left", core);
    end(terminal);
}

#[test]
fn sigterm_and_sighup_give_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP] {
        let home = Tmp::new();
        let mut terminal = demo(&home);
        assert!(!terminal.is_cooked(), "a screen reads keys, not lines");
        terminal.signal(signal);
        ended_well(&mut terminal);
    }
}

/// What the next test adds to its child's arguments; to the runner it is a filter that names no test.
const PANIC: &str = "panic-on-a-screen";

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    let home = Tmp::new();
    let this = std::env::current_exe().unwrap().display().to_string();
    let child = "journey::terminal::panics_on_a_screen_where_it_is_asked_for";
    let mut terminal = Terminal::program(&this, home.path(), &["--exact", child, "--nocapture", PANIC], SIZE);
    terminal.wait_exit();
    assert!(terminal.wrote(b"\x1b[?1049h"), "it had a screen\n{}", terminal.screen());
    assert!(!terminal.alternate_screen() && terminal.is_cooked());
    assert!(terminal.screen().contains("a defect"), "the message stands on the main screen\n{}", terminal.screen());
}

/// The other half of the test above, which runs it alone; in a run of all tests it does nothing.
#[test]
fn panics_on_a_screen_where_it_is_asked_for() {
    if std::env::args().any(|arg| arg == PANIC) {
        let screen = kaodian::tui::terminal::Screen::take().unwrap();
        // Only the hook may give it back.
        std::mem::forget(screen);
        panic!("a defect");
    }
}
