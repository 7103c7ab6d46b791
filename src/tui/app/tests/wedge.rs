//! A scanner that types: told from a person by its speed, and never obeyed.

use super::super::wedge::{Typed, Wedge};
use super::*;
use crate::domain::ids::Code;
use crate::tui::keymap::ScreenId;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn char_key(c: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)
}

const ENTER: KeyEvent = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);

/// What becomes of keys with so many milliseconds between them.
fn press(wedge: &mut Wedge, keys: impl IntoIterator<Item = KeyEvent>, apart: u64) -> Vec<Typed> {
    let mut at = ms(1000);
    let mut typed = Vec::new();
    for key in keys {
        typed.extend(wedge.key(key, at));
        at += ms(apart);
    }
    typed
}

fn line(text: &str) -> Vec<KeyEvent> {
    text.chars().map(char_key).chain([ENTER]).collect()
}

#[test]
fn fourteen_milliseconds_are_a_burst_and_fifteen_are_a_person() {
    let keys: Vec<_> = "260001".chars().map(char_key).collect();
    let mut wedge = Wedge::default();
    assert_eq!(press(&mut wedge, line("260001"), 14), [Typed::Burst(keys.clone(), true)]);
    assert_eq!(wedge.due(), None);
    let one_by_one: Vec<_> = line("260001").into_iter().map(|key| Typed::Keys(vec![key])).collect();
    assert_eq!(press(&mut Wedge::default(), line("260001"), 15), one_by_one);
    assert_eq!(
        press(&mut Wedge::default(), line("26000"), 1),
        [Typed::Keys(keys[..5].to_vec()), Typed::Keys(vec![ENTER])]
    );
}

#[test]
fn one_control_key_beside_a_short_word_is_a_person() {
    let clear = KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL);
    let mut wedge = Wedge::default();
    let keys: Vec<_> = [clear].into_iter().chain("01-01".chars().map(char_key)).collect();
    assert_eq!(press(&mut wedge, keys.clone(), 0), []);
    assert_eq!(wedge.settle(ms(2000)), Some(Typed::Keys(keys)));
    let keys: Vec<_> = [clear, clear].into_iter().chain("01-1".chars().map(char_key)).collect();
    assert_eq!(press(&mut wedge, keys.clone(), 0), []);
    assert_eq!(wedge.settle(ms(2000)), Some(Typed::Burst(keys, false)));
}

#[test]
fn what_nothing_follows_is_let_through_and_a_burst_without_enter_is_still_a_burst() {
    let mut wedge = Wedge::default();
    assert_eq!(press(&mut wedge, [char_key('z')], 0), []);
    assert_eq!((wedge.due(), wedge.settle(ms(1029))), (Some(ms(1030)), None));
    assert_eq!(wedge.settle(ms(1030)), Some(Typed::Keys(vec![char_key('z')])));
    let keys: Vec<_> = "260001".chars().map(char_key).collect();
    assert_eq!(press(&mut wedge, keys.clone(), 1), []);
    assert_eq!(wedge.settle(ms(2000)), Some(Typed::Burst(keys.clone(), false)));
    let tab = KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE);
    let typed = press(&mut wedge, keys.iter().copied().chain([tab]), 1);
    assert_eq!(typed, [Typed::Burst(keys, false), Typed::Keys(vec![tab])]);
}

#[test]
fn a_burst_without_end_is_not_remembered_without_end() {
    let mut wedge = Wedge::default();
    assert_eq!(press(&mut wedge, std::iter::repeat_n(char_key('a'), 1000), 0), []);
    let all = |n| std::iter::repeat_n(char_key('a'), n).chain([ENTER]);
    assert_eq!(press(&mut wedge, [ENTER], 0), [Typed::Burst(vec![], true)], "its Enter is its own");
    assert_eq!(press(&mut wedge, all(257), 0), [Typed::Burst(vec![], true)]);
    assert_eq!(
        press(&mut wedge, all(7), 0),
        [Typed::Burst(vec![char_key('a'); 7], true)],
        "the next one is a burst again"
    );
}

/// A burst as a scanner types it, a millisecond apart, and the silence after it.
fn burst(rig: &mut Rig, text: &str) {
    for key in text.chars().map(|c| if c == '\r' { ENTER } else { char_key(c) }) {
        rig.now += ms(1);
        rig.app.typed(key, rig.now);
    }
    rig.pass(ms(50));
    rig.app.settle_keys(rig.now);
    rig.settle();
}

fn code(rig: &Rig) -> Option<Code> {
    rig.app.showing.as_ref().map(|showing| showing.shown.decision.code)
}

#[test]
fn a_scanned_ticket_is_judged_and_leaves_the_search_as_it_was() {
    let mut rig = Rig::open("wang");
    let number = rig.people[0].cand.clone();
    burst(&mut rig, &format!("KD1:{number}\r"));
    assert_eq!((code(&rig), rig.app.in_front()), (Some(Code(14)), ScreenId::Verdict));
    assert!(rig.shows("等待身份证件"));
    rig.key(KeyCode::Esc);

    rig.text("z");
    let before = rig.draw().1;
    let other = rig.people[1].cand.clone();
    rig.app.showing = None;
    burst(&mut rig, &format!("{}\r", other.to_lowercase()));
    assert_eq!((code(&rig), rig.app.in_front()), (Some(Code(14)), ScreenId::Roster));
    assert_eq!(rig.draw().1, before, "the cursor stands where it stood");
    assert!(rig.shows("查找 z") && rig.shows("[X]"));
    rig.tap(1);
    assert_eq!(code(&rig), Some(Code(90)), "the document within a minute is judged as ever");
    assert!(!rig.shows("等待身份证件"));
}

#[test]
fn a_campus_card_that_is_typed_in_the_configured_form_is_a_pointer() {
    let mut rig = Rig::open("wang");
    burst(&mut rig, "0012345678\r");
    assert_eq!(code(&rig), Some(Code(13)));
    rig.app.showing = None;
    burst(&mut rig, "9912345678\r");
    assert_eq!(code(&rig), None, "not of that form, and nobody's number");
}

#[test]
fn a_burst_that_is_no_code_is_text_in_a_field_and_nothing_elsewhere() {
    let mut rig = Rig::open("wang");
    rig.text("z");
    burst(&mut rig, "HELLO42\r");
    assert!(rig.shows("查找 zHELLO42") && rig.shows("KD-3110"));
    assert_eq!((rig.app.in_front(), code(&rig)), (ScreenId::Roster, None), "its Enter opened nothing");

    rig.key(KeyCode::F(10));
    assert_eq!(rig.app.in_front(), ScreenId::Menu);
    burst(&mut rig, "123456\r");
    assert_eq!(rig.app.in_front(), ScreenId::Menu, "no item was chosen");
    burst(&mut rig, "123456");
    assert_eq!(rig.app.in_front(), ScreenId::Menu, "nor without Enter");
    for long in [256, 257, 2953] {
        burst(&mut rig, &format!("{}4\r", "z".repeat(long - 1)));
        assert_eq!(rig.app.in_front(), ScreenId::Menu, "nor by the longest code there is: {long}");
    }
    rig.app.typed(char_key('\u{1b}'), rig.now);
    for key in "lllllll".chars() {
        rig.app.typed(KeyEvent::new(KeyCode::Char(key), KeyModifiers::CONTROL), rig.now);
    }
    rig.app.typed(ENTER, rig.now);
    assert!(!rig.app.wants_redraw(), "control keys in a code are no commands");
}

#[test]
fn a_pin_that_is_typed_fast_is_a_pin() {
    let mut rig = Rig::open("wang");
    rig.app.go(Place::Unlock(super::super::unlock::State::default()));
    let digit = CREW.iter().position(|member| member.op == "chen").unwrap() + 1;
    burst(&mut rig, &format!("{digit}{}\r", pin("chen")));
    assert_eq!(rig.app.acting.as_ref().map(|acting| acting.op.as_str()), Some("chen"));
}
