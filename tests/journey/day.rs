//! The demo's day: every entry of the legend, every command of the menu, to the end.

use super::super::support::pty::{Terminal, keys};
use super::super::support::tmp::Tmp;
use super::super::{ASSESSOR, CHIEF, PROCTOR_PIN, choose, demo, end, ended_well, journal, play, sign_in};

/// Cells of the rows where the seat stands whose ground is not the plate's: digits are drawn as coloured blanks.
fn seat_cells(terminal: &Terminal) -> usize {
    let screen = terminal.screen();
    let rows: Vec<&str> = screen.lines().collect();
    let ground = terminal.colours(1, 14).1;
    let place = (13..20).flat_map(|row| (18..78).map(move |col| (col, row)));
    let inked = place.filter(|(col, row)| terminal.colours(*col, *row).1 != ground).count();
    let in_type = (13..20).filter_map(|row| rows.get(row)).map(|row| row.trim()).collect::<String>();
    assert_eq!(in_type, "考场 - 座位", "the digits need no glyph");
    inked
}

/// The fields of the roster's first row: name, initials, number, tail, seat.
fn first_row(terminal: &Terminal) -> Vec<String> {
    let screen = terminal.screen();
    let row = screen.lines().find(|line| line.starts_with(" > 1 ")).expect("a first row");
    row.split_whitespace().skip(2).take(5).map(str::to_owned).collect()
}

#[test]
fn the_demo_is_a_whole_day_by_keys_and_cards() {
    let home = Tmp::new();
    let mut terminal = demo(&home);
    terminal.wait_for("身份证平放读卡区").wait_for("[演示]").wait_for("签到中");

    play(&mut terminal, "1");
    terminal.wait_for("[OK] 请进 / ADMITTED").wait_for("秒后返回");
    assert!(seat_cells(&terminal) > 60, "a seat in big type\n{}", terminal.screen());
    play(&mut terminal, "4");
    terminal.wait_for("[=] 已签到，不重复记录 / ALREADY IN");
    play(&mut terminal, "2");
    terminal.wait_for("[X] 核验未通过 / NOT ADMITTED").wait_for("您的场次是 第 2 场");
    play(&mut terminal, "3");
    terminal.wait_for("没有查到您的报名信息");
    play(&mut terminal, "5");
    terminal.wait_for("[?] 没有读到，请再放一次").wait_for("KD-A-10");
    terminal.send(keys::ENTER).wait_for("最近三笔");

    play(&mut terminal, "7");
    terminal.wait_for("读卡[断]").wait_for("KD-3105").wait_for("请找监考老师");
    play(&mut terminal, "8");
    terminal.wait_for("读卡[OK]").wait_gone("KD-3105");

    search(&mut terminal);
    exam(&mut terminal);
    marks(&mut terminal);
    close_and_results(&mut terminal);
    super::seal::seal(&mut terminal, &super::seal::CHINESE);
    terminal.send(keys::ENTER).wait_gone("kaodian verify");
    second_session(&mut terminal);

    choose(&mut terminal, "退出程序");
    terminal.wait_for("退出程序？");
    terminal.send(keys::ENTER);
    ended_well(&mut terminal);
    let verified = journal(&home, &home.join("day").join("data"));
    assert!(!verified.is_empty());
    let package = super::seal::sealed_on_disk(&home, &home.join("day").join("data"));
    super::seal::a_stranger_believes(&home, &package);
}

fn search(terminal: &mut Terminal) {
    terminal.send(keys::F3).wait_for("全部 12");
    terminal.wait_for(" > 1 ");
    let row = first_row(terminal);
    let [name, initials, number, tail, seat] = row.as_slice() else { panic!("{row:?}") };
    for query in [initials, &number[7..], tail, seat] {
        terminal.send(&keys::ctrl('u')).send(query).wait_for(&format!("查找 {query} ")).wait_for(number);
        assert!(terminal.screen().contains(name.as_str()));
    }
    terminal.send(keys::ESC).wait_for("最近三笔");
}

fn exam(terminal: &mut Terminal) {
    play(terminal, "9");
    terminal.wait_for("考核中");
    play(terminal, "6");
    terminal.wait_for("[迟] 迟到，准许进场").wait_for("迟到 6 分，不补时");
    play(terminal, "9");
    terminal.wait_for("距最早交卷").wait_for("[X] 核验未通过").wait_for("已超过入场时间");
    terminal.send(keys::ENTER).wait_for("未到 0 ");

    // The script has declared the missing absent; at the end it collects, so both lists are empty.
    play(terminal, "9");
    terminal.wait_for("应结束");
    for item in ["登记缺考（按考场）", "全部收卷"] {
        choose(terminal, item);
        terminal.wait_for("每个考场都已办完");
        terminal.send(keys::ESC).wait_for("最近三笔");
    }
    play(terminal, "9");
}

fn marks(terminal: &mut Terminal) {
    sign_in(terminal, ASSESSOR, "考评员 孙*");
    terminal.send(keys::F9).wait_for("理论知识评分").wait_for("已录 9 / 10");
    terminal.send("101").send(keys::ENTER).wait_for("KD-M-01").wait_for("101");
    terminal.send(&keys::ctrl('u')).send("0").send(keys::ENTER).wait_for("KD-M-06");
    terminal.send("1").wait_for("本科目全部录完").wait_gone("KD-M-06");
    terminal.send(keys::F9).wait_for("数据运营实操评分").wait_for("已录 8 / 10");
    terminal.send("88").send(keys::ENTER).wait_for("已录 9 / 10");
    terminal.send("77").send(keys::ENTER).wait_for("本科目全部录完");
    terminal.send(keys::ESC).wait_for("最近三笔");
    play(terminal, "9");
    terminal.wait_for("剩下的由您来做");
}

fn close_and_results(terminal: &mut Terminal) {
    sign_in(terminal, CHIEF, "主考 陈*");
    choose(terminal, "关闭本场");
    terminal.wait_for("三条都平衡");
    terminal.send("1").send(CHIEF.1).send(keys::ENTER).send(CHIEF.1).send(keys::ENTER);
    terminal.wait_for("PIN 不正确").wait_for("三条都平衡");
    terminal.send(CHIEF.1).send(keys::ENTER).send(PROCTOR_PIN).send(keys::ENTER).wait_for("第 2 场 | 准备");
    terminal.wait_gone("PIN 不正确");
    choose(terminal, "汇总成绩");
    terminal.wait_for("汇总成绩？");
    terminal.send(keys::ENTER).wait_gone("汇总成绩？");
    choose(terminal, "成绩统计");
    terminal.wait_for("[已汇总]").wait_for("有成绩 10").wait_for("数据运营实操");
}

fn second_session(terminal: &mut Terminal) {
    play(terminal, "9");
    terminal.wait_for("第 2 场 | 签到中");
    terminal.send(keys::F2).wait_for("全场 0 / 10").wait_for("拒绝 0");
    play(terminal, "1");
    terminal.wait_for("[OK] 请进 / ADMITTED");
    terminal.send(keys::F3).wait_for("全部 10");
}

#[test]
fn a_language_switch_and_a_tap_leave_what_is_typed() {
    let home = Tmp::new();
    let mut terminal = demo(&home);
    terminal.send("zx").wait_for("查找 zx").wait_for("姓名拼音");
    terminal.send(&keys::ctrl('e')).wait_for("Search zx").wait_for("CHECK-IN");
    terminal.send(keys::F11).wait_for("Demo: a digit");
    terminal.send("1").wait_for("[OK] ADMITTED / 请进");
    terminal.send("m").wait_for("Search zxm");
    assert!(terminal.screen().contains("[OK] ADMITTED / 请进"), "the strip stands while somebody types");
    terminal.send(&keys::ctrl('e')).wait_for("查找 zxm").wait_for("签到中");
    end(terminal);
}
