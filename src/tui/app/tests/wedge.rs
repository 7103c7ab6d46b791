//! A scanner that types: told from a person by its speed, and never obeyed.

use super::super::time::MESSAGE;
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
const TAB: KeyEvent = KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE);
/// What crossterm makes of LF on a raw terminal.
const LINE_FEED: KeyEvent = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL);

/// What becomes of keys with so many milliseconds between them and silence after them.
fn press(wedge: &mut Wedge, keys: impl IntoIterator<Item = KeyEvent>, apart: u64) -> Vec<Typed> {
    let mut at = ms(1000);
    let mut typed = Vec::new();
    for key in keys {
        typed.extend(wedge.key(key, at));
        at += ms(apart);
    }
    typed.extend(wedge.settle(ms(100_000)));
    assert_eq!(wedge.due(), None);
    typed
}

fn chars(text: &str) -> Vec<KeyEvent> {
    text.chars().map(char_key).collect()
}

fn line(text: &str) -> Vec<KeyEvent> {
    [chars(text), vec![ENTER]].concat()
}

#[test]
fn fourteen_milliseconds_are_a_burst_and_fifteen_are_a_person() {
    let mut wedge = Wedge::default();
    assert_eq!(press(&mut wedge, line("260001"), 14), [Typed::Burst(chars("260001"), vec![ENTER])]);
    let one_by_one: Vec<_> = line("260001").into_iter().map(|key| Typed::Keys(vec![key])).collect();
    assert_eq!(press(&mut wedge, line("260001"), 15), one_by_one);
    assert_eq!(press(&mut wedge, line("2"), 1), [Typed::Keys(line("2"))], "a number and its Enter");
    assert_eq!(press(&mut wedge, line("26"), 1), [Typed::Burst(chars("26"), vec![ENTER])]);
    let arrows = vec![KeyEvent::new(KeyCode::Down, KeyModifiers::NONE); 300];
    let typed = press(&mut wedge, arrows, 0);
    assert!(matches!(&typed[..], [Typed::Keys(many), Typed::Keys(rest)] if many.len() + rest.len() == 300));
}

#[test]
fn carriage_return_line_feed_and_tab_end_a_burst() {
    for end in [vec![ENTER], vec![LINE_FEED], vec![TAB], vec![ENTER, LINE_FEED], vec![ENTER, ENTER]] {
        let mut wedge = Wedge::default();
        let keys = [chars("260001"), end.clone()].concat();
        assert_eq!(press(&mut wedge, keys, 1), [Typed::Burst(chars("260001"), end.clone())]);
        assert_eq!(press(&mut wedge, end.clone(), 1), [Typed::Keys(end)], "alone they are keys like others");
    }
}

#[test]
fn a_key_waits_for_the_next_one_and_a_burst_without_end_is_still_a_burst() {
    let mut wedge = Wedge::default();
    assert_eq!(wedge.key(char_key('z'), ms(1000)), None);
    assert_eq!((wedge.due(), wedge.settle(ms(1029))), (Some(ms(1030)), None));
    assert_eq!(wedge.settle(ms(1030)), Some(Typed::Keys(chars("z"))));
    assert_eq!(press(&mut wedge, chars("260001"), 1), [Typed::Burst(chars("260001"), vec![])]);
}

#[test]
fn several_lines_are_one_burst_whatever_keys_are_in_it() {
    let mut wedge = Wedge::default();
    let escape = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
    let card = [line("BEGIN:VCARD"), vec![ENTER], line("N:W"), vec![escape], line("a")].concat();
    let (body, end) = card.split_at(card.len() - 1);
    assert_eq!(press(&mut wedge, card.clone(), 1), [Typed::Burst(body.to_vec(), end.to_vec())]);
}

#[test]
fn a_burst_without_end_is_not_remembered_without_end() {
    let mut wedge = Wedge::default();
    let all = |n| std::iter::repeat_n(char_key('a'), n).chain([ENTER]);
    for long in [256, 257, 1000] {
        assert_eq!(press(&mut wedge, all(long), 0), [Typed::Burst(vec![], vec![])], "{long}: its Enter is its own");
    }
    let seven = Typed::Burst(vec![char_key('a'); 7], vec![ENTER]);
    assert_eq!(press(&mut wedge, all(7), 0), [seven], "the next one is a burst again");
}

/// A burst as a scanner types it, a millisecond apart, and the silence after it.
fn burst(rig: &mut Rig, text: &str) {
    let key = |c| match c {
        '\r' => ENTER,
        '\n' => LINE_FEED,
        '\t' => TAB,
        '\u{15}' => KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL),
        c => char_key(c),
    };
    for key in text.chars().map(key) {
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
    for stranger in ["\r123456", "12\r3\r\r", "BEGIN:VCARD\r\n\r\nN:W\r\n3\r\n"] {
        burst(&mut rig, stranger);
        assert_eq!(rig.app.in_front(), ScreenId::Menu, "nor by a line of it: {stranger:?}");
    }
    for long in [256, 257, 2953] {
        burst(&mut rig, &format!("{}4\r", "z".repeat(long - 1)));
        assert_eq!(rig.app.in_front(), ScreenId::Menu, "nor by the longest code there is: {long}");
    }
    rig.app.typed(char_key('\u{1b}'), rig.now);
    for key in "lllllll".chars() {
        rig.app.typed(KeyEvent::new(KeyCode::Char(key), KeyModifiers::CONTROL), rig.now);
    }
    rig.app.typed(ENTER, rig.now);
    rig.app.settle_keys(rig.now + ms(50));
    assert!(!rig.app.wants_redraw(), "control keys in a code are no commands");
}

#[test]
fn one_control_key_beside_a_short_word_is_a_person() {
    let mut rig = Rig::open("wang");
    rig.text("z");
    burst(&mut rig, "\u{15}01-01");
    assert!(rig.shows("查找 01-01 ") && !rig.shows("KD-3110"));
    burst(&mut rig, "\u{15}\u{15}02-2");
    assert!(rig.shows("查找 01-01 ") && rig.shows("KD-3110"), "no person presses six keys, two of them for control");
}

#[test]
fn keys_that_write_nothing_are_no_commands_with_enter_behind_them() {
    let control = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
    let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
    for (keys, end) in [
        (vec![control('e'); 5], ENTER),
        (vec![control('e')], ENTER),
        (vec![key(KeyCode::F(12))], ENTER),
        (vec![key(KeyCode::F(3)); 3], ENTER),
        (vec![key(KeyCode::F(10)), key(KeyCode::Down), key(KeyCode::Down)], ENTER),
        (vec![char_key('z'), key(KeyCode::Down)], key(KeyCode::Tab)),
        (vec![KeyEvent::new(KeyCode::Char('x'), KeyModifiers::ALT)], control('j')),
    ] {
        let mut rig = Rig::open("wang");
        for key in keys.iter().chain([&end]) {
            rig.app.typed(*key, rig.now);
        }
        rig.app.settle_keys(rig.now + ms(50));
        assert!(rig.shows("KD-3110") && rig.app.in_front() == ScreenId::Ready, "{keys:?}");
    }
    // Without Enter they are what a person holds down on a slow line.
    let mut rig = Rig::open("wang");
    rig.app.typed(key(KeyCode::F(3)), rig.now);
    rig.app.typed(key(KeyCode::F(2)), rig.now);
    rig.app.typed(key(KeyCode::F(10)), rig.now);
    rig.app.settle_keys(rig.now + ms(50));
    assert_eq!(rig.app.in_front(), ScreenId::Menu);
}

#[test]
fn a_code_is_a_code_whatever_the_scanner_sends_behind_it() {
    let mut rig = Rig::open("wang");
    let number = rig.people[0].cand.clone();
    for end in ["\r", "\n", "\t", "\r\n"] {
        burst(&mut rig, &format!("{number}{end}"));
        assert_eq!((code(&rig), rig.app.in_front()), (Some(Code(14)), ScreenId::Verdict), "{end:?}");
        rig.key(KeyCode::Esc);
        rig.app.showing = None;
        rig.pass(MESSAGE);
        burst(&mut rig, &format!("HELLO42{end}"));
        assert!(rig.shows("KD-3110"), "{end:?}");
        rig.key(KeyCode::Esc);
        rig.pass(MESSAGE);
        assert!(!rig.shows("KD-3110"));
    }
}

#[test]
fn a_short_code_gives_no_command() {
    let mut rig = Rig::open("wang");
    for short in ["12\r", "3x\n", "34\t", "345", "31415\r"] {
        rig.key(KeyCode::F(10));
        assert_eq!(rig.app.in_front(), ScreenId::Menu);
        burst(&mut rig, short);
        assert_eq!(rig.app.in_front(), ScreenId::Menu, "{short:?}");
        assert!(rig.shows("KD-3110"), "{short:?}");
        rig.key(KeyCode::Esc);
        rig.pass(MESSAGE);
    }
    // Where text is typed these are a person's keys on a slow line.
    burst(&mut rig, "zzz\r");
    assert!(rig.shows("查找 zzz") && !rig.shows("KD-3110"));
}

#[test]
fn a_mark_that_is_typed_fast_is_a_mark_and_a_short_code_is_none() {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    rig.sign_in("sun");
    rig.key(KeyCode::F(9));
    let before = rig.draw().1;
    for stranger in ["A12\r", "1-2\r", "8512345\r"] {
        rig.pass(MESSAGE);
        burst(&mut rig, stranger);
        assert!(rig.shows("KD-3110"), "{stranger:?}");
        assert_eq!(rig.draw().1, before, "{stranger:?}: nothing is in the cell");
    }
    rig.pass(MESSAGE);
    burst(&mut rig, "101\r");
    assert!(rig.shows("KD-M-01"), "more than the part has");
}

#[test]
fn a_pin_that_is_typed_fast_is_a_pin() {
    let mut rig = Rig::open("wang");
    rig.app.go(Place::Unlock(super::super::unlock::State::default()));
    let digit = CREW.iter().position(|member| member.op == "chen").unwrap() + 1;
    burst(&mut rig, &format!("{digit}{}\r", pin("chen")));
    assert_eq!(rig.app.acting.as_ref().map(|acting| acting.op.as_str()), Some("chen"));
}
