//! Journeys through the full screen: the real binary in a terminal, by keys and taps, as an operator has them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

mod journey {
    pub mod cases;
    pub mod day;
    pub mod desk;
    pub mod fault;
    pub mod lines;
    pub mod reader;
    pub mod seal;
    pub mod terminal;
    pub mod wedge;
}

use rustix::process::Signal;
use std::path::Path;
use support::pty::{Terminal, keys};
use support::tmp::Tmp;

/// The size that every screen is made for.
const SIZE: (u16, u16) = (80, 24);
/// Two people with their digit on the unlock screen and their PIN, as README and the screen itself show them.
const CHIEF: (&str, &str) = ("1", "135790");
const ASSESSOR: (&str, &str) = ("5", "161803");
const PROCTOR_PIN: &str = "314159";

/// A cheap key derivation: the journeys are about the screen.
fn config(home: &Tmp) -> String {
    home.file("config.toml", "[trust]\nargon_mib = 8\nargon_t = 1\n").display().to_string()
}

/// A demo in its morning: check-in is open, the proctor is on duty, the reader answers.
fn demo(home: &Tmp) -> Terminal {
    let config = config(home);
    let keep = home.join("day").display().to_string();
    let args = ["--config", &config, "demo", "--candidates", "12", "--keep", &keep];
    let terminal = Terminal::kaodian(home.path(), &args, SIZE);
    terminal.wait_alternate(true).wait_for("监考 王*").wait_for("读卡[OK]");
    terminal
}

/// Plays an entry of the demo's legend.
fn play(terminal: &mut Terminal, digit: &str) {
    terminal.send(keys::F11).wait_for("演示：数字出卡");
    terminal.send(digit).wait_gone("演示：数字出卡");
}

/// Chooses an item of the menu by the digit before it: which items there are depends on role and state.
fn choose(terminal: &mut Terminal, item: &str) {
    terminal.send(keys::F10).wait_for("数字选择").wait_for(item);
    let screen = terminal.screen();
    let line = screen.lines().find(|line| line.contains(item)).expect("the item");
    let digit = line.split(['[', ']']).nth(1).expect("a digit").to_owned();
    terminal.send(&digit).wait_gone("数字选择");
}

/// Signs in somebody else.
fn sign_in(terminal: &mut Terminal, (digit, pin): (&str, &str), duty: &str) {
    choose(terminal, "换人登录");
    terminal.wait_for("谁在操作");
    terminal.send(digit).send(pin).send(keys::ENTER).wait_for(duty);
}

/// The terminal is as the shell left it, and the program is gone without complaint.
fn ended_well(terminal: &mut Terminal) {
    assert_eq!(terminal.wait_exit().exit_code(), 0, "{}", terminal.screen());
    assert!(!terminal.alternate_screen() && !terminal.cursor_hidden() && terminal.is_cooked());
}

/// Ends a program that stands on its screen.
fn end(mut terminal: Terminal) {
    terminal.signal(Signal::TERM);
    ended_well(&mut terminal);
}

/// What `journal verify` says: the size and head of every stream.
fn journal(home: &Tmp, data: &Path) -> Vec<serde_json::Value> {
    let data = data.display().to_string();
    support::lines::run_json(&mut support::lines::kaodian(
        home.path(),
        ["--data", data.as_str(), "--json", "journal", "verify"],
    ))
}
