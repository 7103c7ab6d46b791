//! A disk that takes nothing any more, and takes it again.

use super::super::support::process::Process;
use super::super::support::pty::keys;
use super::super::support::tmp::Tmp;
use super::super::{demo, end, play};
use rustix::process::Signal;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

#[test]
#[ignore = "needs strace"]
fn a_full_disk_stops_the_desk_until_r_finds_space() {
    let home = Tmp::new();
    let mut terminal = demo(&home);
    play(&mut terminal, "1");
    terminal.wait_for("[OK] 请进 / ADMITTED");

    let mut strace = Command::new("strace")
        .args(["-f", "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC", "-p"])
        .arg(terminal.process().id.to_string())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let process = Process::of(strace.id());
    let mut told = BufReader::new(strace.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("attached") {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0, "strace cannot attach");
    }
    // Nobody reads the rest: without this a full pipe would hold the tracer, and the tracer the desk.
    let drained = std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));

    terminal.send(keys::F11).send("1");
    terminal.wait_for("KD-9001").wait_for("日志[断]").wait_for("故障").wait_for("按 R 重试");
    assert!(!terminal.screen().contains("[OK] 请进"));
    terminal.send(keys::F10).wait_for("数字选择");
    assert!(!terminal.screen().contains("换人登录"), "nothing that writes is offered\n{}", terminal.screen());
    terminal.send(keys::ESC).wait_gone("数字选择");
    terminal.send("r").wait_gone("正在重新打开日志").wait_for("database or disk is full");

    process.signal(Signal::INT);
    assert!(process.ended_within(Duration::from_secs(20)));
    strace.wait().unwrap();
    drained.join().unwrap().unwrap();
    terminal.send("r").wait_gone("KD-9001").wait_for("日志[OK]").wait_for("监考 王*");
    play(&mut terminal, "1");
    terminal.wait_for("[OK] 请进 / ADMITTED");
    end(terminal);
}
