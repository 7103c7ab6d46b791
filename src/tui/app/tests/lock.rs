//! The lock keeps what is beneath it, and a PIN alone ends it.

use super::super::super::keymap::ScreenId;
use super::super::super::screens::lock::Why;
use super::super::Place;
use super::{Rig, finish, pin};
use crate::runtime::msg::Msg;
use crate::store::StoreError;
use crossterm::event::KeyCode;
use std::time::Duration;

#[test]
fn whoever_locked_comes_back_to_the_draft_and_nobody_else_does() {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    rig.sign_in("sun");
    rig.key(KeyCode::F(9));
    rig.text("8");
    rig.key(KeyCode::F(12));
    assert_eq!(rig.app.screen(), ScreenId::Lock);
    assert!(rig.app.desk.desk().operator().is_none() && rig.shows("已锁定") && rig.shows("未完成：录入成绩"));
    for code in [KeyCode::Esc, KeyCode::F(2), KeyCode::F(10), KeyCode::F(9), KeyCode::Enter] {
        rig.key(code);
        assert_eq!(rig.app.screen(), ScreenId::Lock);
    }
    rig.text(pin("li"));
    rig.key(KeyCode::Enter);
    assert!(rig.shows("PIN 不正确") && rig.shows("剩余尝试 4 次"));
    rig.text(pin("sun"));
    rig.key(KeyCode::Enter);
    assert!(matches!(rig.app.place, Place::Scoring(..)) && !rig.app.locked());
    assert_eq!(rig.app.scoring.len(), 1);

    rig.ctrl('g');
    rig.key(KeyCode::Char('l'));
    assert!(rig.app.locked());
    // Up from the assessor, the last of the crew, is the proctor before.
    rig.key(KeyCode::Up);
    rig.text(pin("li"));
    rig.key(KeyCode::Enter);
    assert!(matches!(rig.app.place, Place::Ready) && rig.app.scoring.is_empty());
}

#[test]
fn a_tap_under_the_lock_is_judged_and_shows_a_strip() {
    let mut rig = Rig::open("chen");
    rig.key(KeyCode::F(12));
    rig.tap(0);
    assert!(matches!(rig.app.place, Place::Ready) && rig.app.strip.is_some());
    assert!(rig.shows("请进") && rig.shows("已锁定"));
}

#[test]
fn minutes_without_a_key_lock_the_desk() {
    let mut rig = Rig::open("chen");
    rig.pass(Duration::from_mins(4));
    rig.key(KeyCode::F(2));
    rig.pass(Duration::from_mins(4));
    assert!(!rig.app.locked(), "a key begins anew");
    rig.pass(Duration::from_mins(1));
    assert!(rig.app.locked() && rig.shows("5 分钟无操作"));
    rig.text("1357");
    rig.pass(Duration::from_secs(21));
    assert!(!rig.shows("* *"));
}

#[test]
fn a_stopped_journal_is_told_through_a_lock() {
    let mut rig = Rig::open("chen");
    rig.app.lock(Why::Asked);
    rig.msg(Msg::AppendFailed(StoreError::Stopped));
    assert_eq!(rig.app.screen(), ScreenId::Fault);
    assert!(rig.app.acting.is_none(), "nobody acts behind it");
}
