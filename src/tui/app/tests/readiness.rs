//! The checks before opening, as the people at the desk make them.

use super::super::super::screens::menu::Item;
use super::super::Place;
use super::*;
use crate::domain::readiness::Item as Checked;
use crate::domain::session::State;
use crate::store::StoreError;

/// Somebody stands before the checks of session 1.
fn before_the_checks(who: &str) -> Rig {
    let mut rig = Rig::new();
    rig.sign_in(who);
    rig.app.choose(Item::Open);
    assert!(matches!(rig.app.place, Place::Readiness(_)));
    rig.wait("the streams", |rig| rig.shows("本场只有本桌"));
    rig
}

/// A chain that does not hold makes a check red.
fn broken(rig: &mut Rig) {
    rig.app.on_msg(Msg::Streams(no(1), Err(StoreError::Stopped)));
    assert!(rig.shows("链校验不通过") && rig.shows("KD-9101"));
}

fn open(rig: &mut Rig) {
    rig.text("o");
    rig.typed(pin("chen"));
    rig.typed(SITE_PASSPHRASE);
}

#[test]
fn a_red_check_keeps_the_session_shut_until_the_chief_says_why_it_may_stand() {
    let mut rig = before_the_checks("chen");
    broken(&mut rig);
    open(&mut rig);
    assert!(rig.shows("KD-T-20"));
    assert_eq!(rig.state(1), State::Planned);

    rig.text("w");
    assert!(rig.shows("这一项没有阻断"), "the cursor stands on the roster");
    (0..4).for_each(|_| rig.key(KeyCode::Down));
    rig.text("w");
    assert!(rig.shows("[1] 改用其他设备或办法"));
    rig.text("1");
    assert!(rig.shows("主考已放行"));
    assert!(rig.app.desk.desk().books()[&no(1)].record.has_waived(Checked::Chain));

    open(&mut rig);
    assert_eq!(rig.state(1), State::Open);
    assert!(matches!(rig.app.place, Place::Ready), "nothing is left to check");
}

#[test]
fn whoever_is_no_chief_checks_and_neither_lets_stand_nor_opens() {
    let mut rig = before_the_checks("zhou");
    broken(&mut rig);
    for key in ["o", "w"] {
        rig.app.messages.clear();
        rig.text(key);
        assert!(rig.shows("只有主考可以放行和开放"), "{key}");
    }
    let before = rig.app.desk.desk().books()[&no(1)].record.lc();
    rig.text("a");
    let record = &rig.app.desk.desk().books()[&no(1)].record;
    assert_eq!((record.lc(), record.state), (before + 1, State::Planned), "the result of the check is recorded");

    let mut rig = before_the_checks("wang");
    let before = rig.app.desk.desk().books()[&no(1)].record.lc();
    rig.text("a");
    assert_eq!(rig.app.desk.desk().books()[&no(1)].record.lc(), before, "a proctor looks, and records nothing");
}

#[test]
fn the_policy_stands_there_in_words_and_the_diagnosis_is_one_key_away() {
    let mut rig = before_the_checks("wang");
    assert!(rig.shows("余") && rig.shows("这里没有读卡器"));
    rig.key(KeyCode::Enter);
    assert!(rig.shows("开考前 30 分钟开始签到入场"));
    rig.ctrl('e');
    assert!(rig.shows("Doors open 30 minutes before the start"));
    rig.key(KeyCode::Esc);
    rig.text("d");
    assert!(matches!(rig.app.place, Place::Reader(_)));
}

#[test]
fn a_card_is_answered_while_somebody_checks() {
    let mut rig = before_the_checks("chen");
    rig.tap(0);
    assert!(matches!(rig.app.place, Place::Readiness(_)) && rig.shows("尾号"), "a strip, and the list stays");
}

#[test]
fn of_several_sessions_the_one_on_the_screen_is_opened() {
    let mut rig = before_the_checks("chen");
    assert!(rig.shows("待开放第 1 场"));
    rig.key(KeyCode::Tab);
    assert!(rig.shows("待开放第 2 场"));
    open(&mut rig);
    assert_eq!((rig.state(1), rig.state(2)), (State::Planned, State::Open));
}
