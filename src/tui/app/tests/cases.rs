//! Open cases at the screen: which keys answer them, and what stands on it meanwhile.

use super::*;
use crate::domain::attendance::Attendance;
use crate::domain::ids::AdmissionNo;
use crate::tui::keymap::ScreenId;

fn blanks(card: &mut CardRead) {
    card.name = card.name.chars().map(|c| format!("{c} ")).collect();
}

fn another_name(card: &mut CardRead) {
    card.name = "张三".into();
}

fn cand(rig: &Rig, n: usize) -> AdmissionNo {
    AdmissionNo::parse(&rig.people[n].cand).unwrap()
}

fn inside(rig: &Rig, n: usize) -> bool {
    let desk = rig.app.desk.desk();
    matches!(desk.books()[&no(1)].record.attendance.of(&cand(rig, n)), Attendance::Present(_))
}

#[test]
fn one_key_confirms_a_name_variant_and_both_names_stand_cell_by_cell() {
    let mut rig = Rig::open("wang");
    rig.tap_as(0, blanks);
    assert_eq!(rig.app.in_front(), ScreenId::Case);
    assert!(rig.shows("名册") && rig.shows("U+0020") && rig.shows("确认无误"));
    rig.key(KeyCode::Enter);
    assert!(!inside(&rig, 0), "Enter decides nothing");
    rig.key(KeyCode::Char('y'));
    assert!(inside(&rig, 0));
    assert_eq!(rig.app.in_front(), ScreenId::Verdict);
}

#[test]
fn two_pins_one_after_the_other_set_another_name_aside() {
    let mut rig = Rig::open("wang");
    rig.tap_as(0, another_name);
    rig.key(KeyCode::Char('y'));
    assert_eq!(rig.app.in_front(), ScreenId::Case, "one key is not enough");
    rig.key(KeyCode::Char('1'));
    assert_eq!(rig.app.in_front(), ScreenId::Lift);
    rig.text("2");
    rig.text(pin("wang"));
    rig.key(KeyCode::Enter);
    assert!(!inside(&rig, 0) && rig.shows("请另一人输入 PIN") && rig.shows("120"), "{:?}", rig.draw().0);
    rig.text(pin("wang"));
    rig.key(KeyCode::Enter);
    assert!(!inside(&rig, 0) && rig.app.in_front() == ScreenId::Lift, "the proctor's own PIN is not the chief's");
    rig.text(pin("chen"));
    rig.key(KeyCode::Enter);
    assert!(inside(&rig, 0), "{:?}", rig.draw().0);
    assert_eq!(rig.app.in_front(), ScreenId::Verdict);
}

#[test]
fn a_second_pin_after_the_window_begins_anew() {
    let mut rig = Rig::open("wang");
    rig.tap_as(0, another_name);
    rig.key(KeyCode::Char('1'));
    rig.text("2");
    rig.text(pin("wang"));
    rig.key(KeyCode::Enter);
    rig.clock.advance_by(121_000);
    rig.text(pin("chen"));
    rig.key(KeyCode::Enter);
    assert!(!inside(&rig, 0) && rig.shows("KD-T-16") && rig.shows("第一人"), "{:?}", rig.draw().0);
}

#[test]
fn a_card_during_an_override_is_judged_and_the_form_stands() {
    let mut rig = Rig::open("wang");
    rig.tap_as(0, another_name);
    rig.key(KeyCode::Char('1'));
    rig.text("2");
    rig.tap(1);
    assert!(inside(&rig, 1));
    assert_eq!(rig.app.in_front(), ScreenId::Lift);
    rig.text(pin("wang"));
    rig.key(KeyCode::Enter);
    rig.text(pin("chen"));
    rig.key(KeyCode::Enter);
    assert!(inside(&rig, 0));
}

#[test]
fn esc_lets_a_case_wait_and_a_new_card_takes_the_screen() {
    let mut rig = Rig::open("wang");
    rig.tap_as(0, another_name);
    rig.key(KeyCode::Esc);
    assert_eq!(rig.app.in_front(), ScreenId::Ready);
    let mono = rig.clock.as_ref();
    let now = crate::domain::time::Clock::mono(mono);
    assert_eq!(rig.app.desk.desk().pending(now).count(), 1);
    rig.tap_as(1, blanks);
    rig.tap(2);
    assert!(inside(&rig, 2));
    assert_eq!(rig.app.desk.desk().pending(now).count(), 2);
}

#[test]
fn nobody_signed_in_answers_a_case() {
    let mut rig = Rig::open("sun");
    rig.tap_as(0, blanks);
    rig.key(KeyCode::Char('y'));
    assert!(!inside(&rig, 0) && rig.shows("KD-T-06"), "an assessor admits nobody");
}

#[test]
fn a_document_is_typed_by_two_people_and_a_card_does_not_disturb_it() {
    let mut rig = Rig::open("wang");
    rig.app.choose(crate::tui::screens::menu::Item::Manual);
    assert_eq!(rig.app.in_front(), ScreenId::Manual);
    let (number, who) = (rig.people[0].card.number.clone(), cand(&rig, 0));
    rig.text(who.as_str());
    rig.key(KeyCode::Enter);
    rig.text("2");
    rig.key(KeyCode::Enter);
    rig.text(&number);
    rig.key(KeyCode::Enter);
    rig.tap(1);
    assert_eq!(rig.app.in_front(), ScreenId::Manual);
    rig.text(&number);
    for text in ["", "", "2", "12"] {
        rig.key(KeyCode::Enter);
        rig.text(text);
    }
    rig.key(KeyCode::Enter);
    rig.text(&number[14..]);
    assert!(rig.shows("与名册一致") && !rig.draw().0.join("").contains(&number));
    rig.key(KeyCode::Enter);
    rig.key(KeyCode::Enter);
    let first = rig.app.manual_data(&crate::tui::screens::manual::State::default()).people[0].clone();
    let witness = CREW.iter().find(|member| member.role == first.role && member.op != "wang").unwrap();
    rig.text(witness.pin);
    rig.key(KeyCode::Enter);
    assert!(inside(&rig, 0), "{:?}", rig.draw().0);
    assert_eq!(rig.app.in_front(), ScreenId::Verdict);
}

#[test]
fn somebody_without_any_document_is_refused_by_the_demo_s_rules() {
    let mut rig = Rig::open("wang");
    rig.app.choose(crate::tui::screens::menu::Item::Manual);
    let who = cand(&rig, 0);
    rig.text(who.as_str());
    rig.key(KeyCode::Enter);
    rig.text("0");
    rig.key(KeyCode::Enter);
    assert!(rig.shows("KD-A-29") && !inside(&rig, 0), "{:?}", rig.draw().0);
}
