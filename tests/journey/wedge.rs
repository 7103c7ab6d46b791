//! A scanner that types: what it scans is judged like a tap, whatever stands on the screen.

use super::super::support::pty::keys;
use super::super::support::tmp::Tmp;
use super::super::{choose, demo, end};

/// Admission numbers of the demo's roster.
pub fn numbers(home: &Tmp) -> Vec<String> {
    let roster = std::fs::read_to_string(home.join("day").join("roster.csv")).unwrap();
    let mut lines = roster.trim_start_matches('\u{feff}').lines();
    let column = lines.next().unwrap().split(',').position(|name| name == "准考证号").unwrap();
    lines.map(|line| line.split(',').nth(column).unwrap().to_owned()).collect()
}

#[test]
fn a_ticket_that_is_typed_is_a_tap_and_nothing_else() {
    let home = Tmp::new();
    let mut terminal = demo(&home);
    let numbers = numbers(&home);

    // At the ready screen, whose letters would open the search.
    terminal.send(&format!("KD1:{}\r", numbers[0])).wait_for("KD-A-14").wait_for("准考证需与证件同时使用");
    terminal.wait_for(&format!("准考证 ..{}", &numbers[0][numbers[0].len() - 4..]));
    terminal.send(keys::ESC).wait_for("最近三笔");

    // While somebody is searching: one strip, and the field is as it was.
    terminal.send("z").wait_for("查找 z");
    terminal.send(&format!("{}\r", numbers[1])).wait_for("[X] 核验未通过");
    terminal.send("x").wait_for("查找 zx");
    assert!(!terminal.screen().contains(&numbers[1]), "{}", terminal.screen());
    terminal.send(keys::ESC).wait_for("最近三笔");

    // Where digits are commands, a code that is none commands nothing.
    terminal.send(keys::F10).wait_for("数字选择");
    terminal.send("1234567\r").wait_for("KD-3110");
    assert!(terminal.screen().contains("数字选择"), "{}", terminal.screen());
    terminal.send(keys::ESC).wait_gone("数字选择");
    choose(&mut terminal, "换人登录");
    terminal.wait_for("谁在操作");
    end(terminal);
}
