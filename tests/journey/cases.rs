//! What a card alone does not settle, as the crew settles it: one key, two PINs, a document typed by two people.

use super::super::support::day::{Day, Person, reader};
use super::super::support::pty::{Terminal, keys};
use super::super::{PROCTOR_PIN, SIZE, choose, end};
use kaodian::reader::simulate::SimulatedReader;
use rustix::process::Signal;
use serde_json::Value;

const CHIEF_PIN: &str = "135790";

/// A desk at its full screen, wang on duty.
fn desk(day: &Day, reader: &SimulatedReader) -> Terminal {
    let port = reader.path().display().to_string();
    let args = day.args_as("wang", &["desk", "--reader", &port]);
    let args: Vec<String> = args.into_iter().map(|arg| arg.into_string().unwrap()).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let terminal = Terminal::kaodian(day.home().path(), &args, SIZE);
    terminal.wait_for("监考 王*").wait_for("读卡[OK]");
    terminal
}

fn named(person: &Person, name: &str) -> Person {
    Person { name: name.to_owned(), ..person.clone() }
}

/// Goes to the next field, which then has its mark; blanks in a row count once. What is typed before that would be taken
/// with the tab for something scanned.
fn tab(terminal: &mut Terminal, mark: &str) {
    terminal.send(keys::TAB).wait_until(mark, |screen| {
        let once = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        screen.lines().any(|line| once(line).contains(mark))
    });
}

/// The admissions that the journal holds.
fn admissions(day: &Day) -> Vec<Value> {
    let lines = day.journal().into_iter().map(|line| serde_json::from_str::<Value>(&line).unwrap());
    lines.filter(|line| line["k"] == "candidate_admitted/1").collect()
}

/// The override form for the card that lies there, with the first of two PINs given.
fn first_pin(terminal: &mut Terminal) {
    terminal.wait_for("KD-A-27").wait_for("1 特殊放行");
    terminal.send("1").wait_for("特殊放行（双人审批）").wait_for("第一人");
    terminal.send("2").send(PROCTOR_PIN).wait_for("* * * * * *");
    terminal.send(keys::ENTER).wait_for("已同意，请另一人输入 PIN").wait_for("现在还没有写入任何记录");
}

#[test]
fn a_name_variant_goes_in_by_one_key_and_another_name_by_two_pins() {
    let (day, reader) = (Day::open(12), reader());
    let mut terminal = desk(&day, &reader);
    let spaced: String = day.people[0].name.chars().map(|c| format!("{c} ")).collect();
    reader.present(named(&day.people[0], spaced.trim()).card());
    terminal.wait_for("KD-A-26").wait_for("正在核对姓名").wait_for("名册").wait_for("U+0020");
    terminal.send("y").wait_for("请进 / ADMITTED");

    reader.remove();
    terminal.wait_gone("请进 / ADMITTED");
    reader.present(named(&day.people[1], "张三").card());
    first_pin(&mut terminal);
    // The form asks the chief now, whose PIN is another one.
    terminal.send(PROCTOR_PIN).wait_for("* * * * * *");
    terminal.send(keys::ENTER).wait_for("PIN 不正确");
    terminal.send(CHIEF_PIN).wait_for("* * * * * *");
    terminal.send(keys::ENTER).wait_for("请进 / ADMITTED");
    let shown = terminal.screen();
    assert!(!shown.contains(PROCTOR_PIN) && !shown.contains(CHIEF_PIN));
    end(terminal);

    let lines = admissions(&day);
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["d"]["confirmed"], &lines[0]["a"]["op"]), (&serde_json::json!(["KD-A-26"]), &"wang".into()));
    let lift = serde_json::json!({"by": "chen", "code": "KD-A-27", "reason": "name_correction", "witness": "wang"});
    assert_eq!((&lines[1]["d"]["lifts"], &lines[1]["a"]["w"]), (&serde_json::json!([lift]), &"wang".into()));
    assert_eq!(lines[1]["a"]["op"], "chen");
}

#[test]
fn power_cut_between_two_pins_leaves_nothing_recorded_and_nobody_in() {
    let (day, reader) = (Day::open(12), reader());
    let mut terminal = desk(&day, &reader);
    reader.present(named(&day.people[0], "张三").card());
    terminal.wait_for("KD-A-27");
    let before = {
        first_pin(&mut terminal);
        terminal.signal(Signal::KILL);
        assert!(terminal.process().ended_within(super::super::support::DEADLINE), "killed");
        day.copy().journal()
    };
    assert_eq!(before.iter().filter(|line| line.contains("admission_refused/1")).count(), 1, "the refusal alone");
    assert!(admissions(&day).is_empty());
    assert!(before.iter().all(|line| !line.contains("\"lifts\":[{")));

    reader.remove();
    let mut terminal = desk(&day, &reader);
    assert_eq!(day.copy().journal().iter().filter(|line| line.contains("candidate_admitted")).count(), 0);
    reader.present(named(&day.people[0], "张三").card());
    terminal.wait_for("KD-A-27").wait_for("1 特殊放行");
    // What one of two said before the cut is forgotten: the form asks for the first person again.
    terminal.send("1").wait_for("第一人");
    end(terminal);
    assert!(admissions(&day).is_empty(), "nobody is in");
}

#[test]
fn a_document_that_no_reader_reads_is_typed_by_two_people() {
    let (day, reader) = (Day::open(12), reader());
    let mut terminal = desk(&day, &reader);
    let person = &day.people[0];
    choose(&mut terminal, "人工核验签到");
    terminal.wait_for("出示的证件");
    let stars = "*".repeat(18);
    let typed = |terminal: &mut Terminal, twice: &str| {
        terminal.send(&person.number).wait_for(&stars);
        tab(terminal, "再输一次>");
        terminal.send(twice).wait_until("both numbers", |screen| screen.matches(&stars).count() == 2);
    };
    terminal.send(&person.cand).wait_for(&format!("> {}", person.name));
    tab(&mut terminal, "出示的证件 >");
    terminal.send("2").wait_for("证件号码");
    tab(&mut terminal, "证件号码 >");
    typed(&mut terminal, &format!("{}0", &person.number[..17]));
    tab(&mut terminal, "有效期至 >");
    terminal.send("20270201").wait_for("20270201");
    // The name is the same; it has no chip; two things compared; the four characters that the candidate speaks.
    tab(&mut terminal, ">[x] 证件姓名与名册一致");
    tab(&mut terminal, "为什么不能读证 >");
    terminal.send("2");
    tab(&mut terminal, "核对了什么 >");
    terminal.send("1").wait_for("[x] 1");
    terminal.send("2").wait_for("[x] 2");
    tab(&mut terminal, "您来输入） >");
    terminal.send(&person.number[14..]).wait_for("与名册一致 [OK]");
    tab(&mut terminal, "第二人 >");
    tab(&mut terminal, ">PIN");
    terminal.send(CHIEF_PIN).wait_for("* * * * * *");
    terminal.send(keys::ENTER).wait_for("两次输入的号码不一样");
    typed(&mut terminal, &person.number);
    for field in ["有效期至 >", ">[x]", "读证 >", "了什么 >", "输入） >", "第二人 >", ">PIN"] {
        tab(&mut terminal, field);
    }
    terminal.send(keys::ENTER).wait_for("请进 / ADMITTED");
    end(terminal);

    let lines = day.journal();
    let taken = lines.iter().position(|line| line.contains("manual_identity_taken/1")).expect("the line of two people");
    let came: Value = serde_json::from_str(&lines[taken + 1]).unwrap();
    assert_eq!((&came["d"]["via"], &came["d"]["cand"]), (&"manual".into(), &person.cand.as_str().into()));
    assert_eq!((&came["a"]["op"], came["a"]["w"].is_string()), (&"wang".into(), true));
    assert!(lines.iter().all(|line| !line.contains(&person.number) && !line.contains(&person.name)));
}
