//! The desk over a site: locked at first, its reader not there yet.

use super::super::support::lines::{Lines, kaodian, run, run_json};
use super::super::support::pty::{Terminal, keys};
use super::super::support::tmp::Tmp;
use super::super::{PROCTOR_PIN, SIZE, choose, config, end, ended_well, journal};
use std::path::{Path, PathBuf};

/// A site whose first session is open, and its data directory.
pub fn site(home: &Tmp, config: &str) -> PathBuf {
    let day = home.join("day");
    let day = day.display().to_string();
    let args =
        ["--config", config, "--json", "demo", "--headless", "--candidates", "6", "--until", "open", "--keep", &day];
    run_json(&mut kaodian(home.path(), args));
    Path::new(&day).join("data")
}

pub fn desk(home: &Tmp, config: &str, data: &Path, more: &[&str]) -> Terminal {
    let (data, port) = (data.display().to_string(), home.join("reader").display().to_string());
    let args = ["--config", config, "--data", &data, "desk", "--reader", &port];
    Terminal::kaodian(home.path(), &[&args, more].concat(), SIZE)
}

/// A simulated reader at the desk's port, a stranger's card on it again and again, away for long enough that it is seen
/// to have left.
fn reader(home: &Tmp) -> Lines {
    let card = r#"{"event":"card","kind":"resident","name":"张某","sex":"男","nation":"汉","birth":"19491231",
        "address":"某省某市","id_number":"11010519491231002X","issuer":"某市公安局","valid_from":"20200101","valid_to":"20400101"}"#;
    let card = home.file("card.json", card).display().to_string();
    let link = home.join("reader").display().to_string();
    let args = ["reader", "simulate", "--link", &link, "--card", &card, "--repeat", "--immediate"];
    let mut lines =
        Lines::spawn(&mut kaodian(home.path(), [&args[..], &["--stay-ms", "300", "--pause-ms", "1200"]].concat()));
    lines.wait_event("plugged_in");
    lines
}

#[test]
fn a_locked_desk_judges_nobody_and_a_missing_reader_comes_back() {
    let home = Tmp::new();
    let config = config(&home);
    let data = site(&home, &config);
    let mut terminal = desk(&home, &config, &data, &[]);
    terminal.wait_for("KD-3101 没有找到读卡器端口").wait_for("读卡[断]").wait_for("本桌待解锁：登录后才能刷证");
    // What cannot be done by somebody unknown is not offered: nothing quits without the chief's PIN outside a demo,
    // nothing is searched.
    terminal.send(keys::F3).send(keys::F2).wait_for("谁在操作");

    let before = journal(&home, &data);
    let reader = reader(&home);
    terminal.wait_for("读卡[OK]").wait_for("本桌待解锁，刷证没有记录").wait_gone("KD-3101");
    assert_eq!(journal(&home, &data), before, "nothing is recorded before unlocking");

    terminal.send("3").send("314158").send(keys::ENTER).wait_for("PIN 不正确，请重新输入");
    terminal.send(PROCTOR_PIN).wait_for("* * * * * *");
    terminal.send(keys::ENTER).wait_for("监考 王*");
    terminal.wait_for("没有查到您的报名信息");
    assert!(!terminal.screen().contains(PROCTOR_PIN));
    assert_ne!(journal(&home, &data), before);

    // Esc leaves the change of operator: nobody is trapped there.
    choose(&mut terminal, "换人登录");
    terminal.wait_for("谁在操作").wait_for("锁屏期间仍可刷证签到");
    terminal.send(keys::ESC).wait_gone("谁在操作");
    reader.terminate();
    terminal.wait_for("读卡[断]");
    end(terminal);
}

#[test]
fn a_site_without_a_roster_says_what_to_do() {
    let home = Tmp::new();
    let config = config(&home);
    let (data, pin) = (home.join("site"), home.file("pin", "135790").display().to_string());
    let dir = data.display().to_string();
    let site = ["--site", "EX-SITE-01", "--name", "滨江职业学院考点", "--chief", "chen", "--new-pin-file", &pin];
    let init = ["--config", &config, "--data", &dir, "site", "init", "--mode", "rehearsal"];
    assert!(run(&mut kaodian(home.path(), [&init[..], &site].concat())).status.success());
    let mut terminal = desk(&home, &config, &data, &["--as", "chen", "--pin-file", &pin]);
    terminal.wait_for("[演练]").wait_for("主考").wait_for("KD-1101 名册未导入").wait_for("签到尚未开放");

    // Outside a demo nobody quits but the chief, by PIN.
    choose(&mut terminal, "退出程序");
    terminal.wait_for("请输入您的 PIN");
    terminal.send("135791").send(keys::ENTER).wait_for("PIN 不正确");
    choose(&mut terminal, "退出程序");
    terminal.wait_for("请输入您的 PIN");
    terminal.send("135790").send(keys::ENTER);
    ended_well(&mut terminal);
}

#[test]
fn a_desk_started_for_somebody_needs_no_key() {
    let home = Tmp::new();
    let config = config(&home);
    let data = site(&home, &config);
    let pin = home.file("pin", PROCTOR_PIN).display().to_string();
    let terminal = desk(&home, &config, &data, &["--as", "wang", "--pin-file", &pin]);
    terminal.wait_for("监考 王*").wait_for("读卡器暂不可用，请找监考老师");
    let other = run(&mut kaodian(home.path(), ["--data", &data.display().to_string(), "session", "close", "1"]));
    assert_eq!(other.status.code(), Some(3), "one program holds the directory");
    let reader = reader(&home);
    terminal.wait_for("没有查到您的报名信息");
    reader.terminate();
    assert!(!terminal.screen().contains("F11"), "no legend without a conductor\n{}", terminal.screen());
    end(terminal);
}
