//! A reader that fails, examined at the desk while check-in is open.

use super::super::support::pty::keys;
use super::super::support::tmp::Tmp;
use super::super::{choose, demo, end, journal, play};
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn a_failing_reader_is_examined_without_a_line_in_the_journal() {
    let home = Tmp::new();
    let mut terminal = demo(&home);
    let data = home.join("day/data");
    play(&mut terminal, "1");
    terminal.wait_for("[OK] 请进 / ADMITTED");
    // A read that answers 41; the card stays until the desk has said so.
    play(&mut terminal, "5");
    terminal.wait_for("KD-A-10");

    choose(&mut terminal, "读卡器诊断");
    terminal.wait_for("[连通]").wait_for("SAM 99.99-").wait_for("含义");
    terminal.wait_for("41 = 读卡失败。多半是拿开太快，或卡片叠在一起。").wait_for("KD-3111");
    terminal.wait_for("怎么办：1) 拿开再平放 2 秒").wait_for("成功 1  拿开太快 1");
    terminal.send("1").wait_for("自检通过");
    terminal.send("3").wait_for("有应答的波特率：115200");

    let before = journal(&home, &data);
    terminal.send("5").wait_for("试读：请放卡（不签到）");
    play(&mut terminal, "1");
    terminal.wait_for("试读成功，没有签到：居民身份证").wait_for("读卡器正常");
    assert_eq!(journal(&home, &data), before, "no line of a trial read");
    terminal.wait_for("卡片已拿走，已恢复签到");

    terminal.send(" ").wait_for("[已暂停]");
    terminal.send(" ").wait_gone("[已暂停]");
    terminal.send("6").wait_for("诊断包已存：log/reader-");
    let captures: Vec<_> = std::fs::read_dir(data.join("log"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("reader-"))
        .collect();
    let [capture] = &captures[..] else { panic!("{captures:?}") };
    assert_eq!(std::fs::metadata(capture).unwrap().permissions().mode() & 0o7777, 0o600);
    let text = std::fs::read_to_string(capture).unwrap();
    assert!(text.contains("41 reading the card failed") && text.contains("1284 bytes masked"), "{text}");

    terminal.send(keys::ESC).wait_for("最近三笔");
    play(&mut terminal, "1");
    terminal.wait_for("[OK] 请进 / ADMITTED");
    end(terminal);
}
