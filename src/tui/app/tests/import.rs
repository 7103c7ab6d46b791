//! A newer roster at the desk, from the path that the admin types to the card that it lets in.

use super::super::super::screens::menu::Item;
use super::super::Place;
use super::*;
use crate::demo::roster::csv;
use crate::domain::session::State;

/// The admin stands before the form; session 1 is open.
fn before_the_form() -> Rig {
    let mut rig = Rig::open("zhou");
    rig.app.choose(Item::Import);
    assert!(matches!(rig.app.place, Place::Import(_)));
    rig
}

/// The day's roster with other rows, under this name.
fn file(rig: &Rig, change: impl FnOnce(String) -> String) -> String {
    let path = rig.dir.path().join("newer.csv");
    std::fs::write(&path, change(String::from_utf8(csv(&rig.people)).unwrap())).unwrap();
    path.display().to_string()
}

fn look(rig: &mut Rig, path: &str) {
    rig.typed(path);
    rig.typed(SITE_PASSPHRASE);
    rig.wait("the preview", |rig| !rig.app.import_data().working && rig.app.import_data().seen.is_some());
}

/// Without the first person, with the last one's seat another.
fn without_the_first(text: String) -> String {
    text.lines().enumerate().filter(|(n, _)| *n != 1).map(|(_, line)| format!("{line}\n")).collect()
}

#[test]
fn a_roster_is_looked_at_and_applied_once_the_chief_has_typed_its_removals() {
    let mut rig = before_the_form();
    let path = file(&rig, without_the_first);
    look(&mut rig, &path);
    assert!(rig.shows("删除 1") && rig.shows("应用后删除 1 人"), "{:?}", rig.draw().0);
    let registered = |rig: &Rig| rig.app.desk.desk().roster().registered(no(1));
    let before = registered(&rig);

    rig.typed("2");
    rig.typed(pin("chen"));
    rig.wait("an answer", |rig| !rig.app.import_data().working);
    assert!(rig.shows("删除人数不对") && registered(&rig) == before);

    rig.typed("1");
    rig.typed(pin("chen"));
    rig.wait("the import", |rig| rig.app.import_data().seen.is_some_and(|seen| seen.applied));
    assert!(rig.shows("已应用") && !rig.shows("删除人数不对"));
    assert_eq!(registered(&rig), before - 1);
    assert_eq!(rig.state(1), State::Open);

    // The desk knows whom the roster names now, and takes lines behind those of the import.
    rig.tap(0);
    assert!(rig.shows("核验未通过"), "{:?}", rig.draw().0);
    rig.tap(1);
    let record = &rig.app.desk.desk().books()[&no(1)].record;
    assert_eq!(record.counts(registered(&rig)).present, 1);
}

#[test]
fn a_flawed_roster_shows_what_is_wrong_and_asks_nobody_to_approve() {
    let mut rig = before_the_form();
    let path = file(&rig, |text| text.replacen("准考证号", "无", 1));
    look(&mut rig, &path);
    assert!(rig.shows("KD-R-04") && rig.shows("有错误，什么都不会写入"));
    assert!(!rig.shows("主考输入删除人数"));
}

#[test]
fn what_is_no_file_or_no_chief_s_pin_is_told_and_nothing_changes() {
    let mut rig = before_the_form();
    let folder = rig.dir.path().display().to_string();
    rig.typed(&folder);
    rig.typed(SITE_PASSPHRASE);
    assert!(rig.shows("读不了这个文件"));
    rig.ctrl('u');
    rig.key(KeyCode::BackTab);
    rig.ctrl('u');
    let path = file(&rig, without_the_first);
    look(&mut rig, &path);
    rig.typed("1");
    rig.typed("000000");
    assert!(rig.shows("PIN 不正确"));
    assert!(!rig.app.import_data().seen.unwrap().applied);
}
