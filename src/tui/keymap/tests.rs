//! The table holds together: no key means two things, every action has a key.

use super::*;
use std::collections::HashSet;

fn everybody() -> Vec<Keymap> {
    let roles = [None, Some(Role::Chief), Some(Role::Proctor), Some(Role::Assessor), Some(Role::Inspector)];
    [false, true].into_iter().flat_map(|legend| roles.map(|role| Keymap { legend, role })).collect()
}

/// The presses that a trigger takes, as single tokens.
fn tokens(trigger: Trigger) -> Vec<String> {
    match trigger {
        Trigger::Digits => ('0'..='9').map(|c| format!("{:?}", KeyCode::Char(c))).collect(),
        Trigger::Figure => ('0'..='9').chain(['.']).map(|c| format!("{:?}", KeyCode::Char(c))).collect(),
        Trigger::Text => (' '..='~').map(|c| format!("{:?}", KeyCode::Char(c))).collect(),
        Trigger::Key(code) => vec![format!("{code:?}")],
        other => vec![format!("{other:?}")],
    }
}

#[test]
fn no_key_means_two_things_on_a_screen() {
    for keymap in everybody() {
        for screen in ScreenId::ALL {
            let mut seen = HashSet::new();
            for token in keymap.bindings(screen).flat_map(|b| tokens(b.trigger)) {
                assert!(seen.insert(token.clone()), "{screen:?} {keymap:?}: {token}");
            }
        }
    }
}

#[test]
fn every_action_has_a_key() {
    for action in Action::ALL {
        let reached =
            everybody().iter().any(|k| ScreenId::ALL.iter().any(|s| k.bindings(*s).any(|b| b.action == action)));
        assert!(reached, "{action:?}");
    }
}

#[test]
fn keys_that_terminals_keep_are_never_bound() {
    for screen in ScreenId::ALL {
        for binding in everybody().iter().flat_map(|k| k.bindings(screen)) {
            if let Trigger::Ctrl(c) = binding.trigger {
                assert!(!"csqhijmg[".contains(c), "^{c}");
            }
        }
    }
}

#[test]
fn letters_are_commands_only_where_nothing_is_typed() {
    for keymap in everybody() {
        for screen in ScreenId::ALL {
            let letter = |t| matches!(t, Trigger::Key(KeyCode::Char(_)));
            let types = keymap.bindings(screen).any(|b| b.trigger == Trigger::Text);
            assert!(!types || !keymap.bindings(screen).any(|b| letter(b.trigger)), "{screen:?}");
        }
    }
}

fn press(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
    KeyEvent::new(code, modifiers)
}

#[test]
fn the_prefix_stands_for_function_keys() {
    let keymap = Keymap { legend: true, role: Some(Role::Proctor) };
    for (c, action) in
        [('1', Action::Help), ('2', Action::Home), ('3', Action::Roster), ('0', Action::Menu), ('D', Action::Legend)]
    {
        let mut prefix = false;
        let first = keymap.resolve(ScreenId::Ready, &mut prefix, press(KeyCode::Char('g'), KeyModifiers::CONTROL));
        assert_eq!(first, Press::Pending);
        let second = keymap.resolve(ScreenId::Ready, &mut prefix, press(KeyCode::Char(c), KeyModifiers::NONE));
        assert_eq!((second, prefix), (Press::Do(action), false), "{c}");
    }
    let mut prefix = true;
    let lost = keymap.resolve(ScreenId::Ready, &mut prefix, press(KeyCode::Esc, KeyModifiers::NONE));
    assert_eq!((lost, prefix), (Press::Nothing, false));
}

#[test]
fn a_key_is_text_where_text_is_taken_and_a_command_elsewhere() {
    let keymap = Keymap { legend: false, role: Some(Role::Assessor) };
    let mut none = false;
    let mut at = |screen, code| keymap.resolve(screen, &mut none, press(code, KeyModifiers::NONE));
    assert_eq!(at(ScreenId::Roster, KeyCode::Char('?')), Press::Char('?'));
    assert_eq!(at(ScreenId::Menu, KeyCode::Char('?')), Press::Do(Action::Help));
    assert_eq!(at(ScreenId::Fault, KeyCode::Char('R')), Press::Do(Action::Retry));
    assert_eq!(at(ScreenId::Scoring, KeyCode::Char('x')), Press::Nothing);
    assert_eq!(at(ScreenId::Scoring, KeyCode::Char('.')), Press::Char('.'));
    assert_eq!(at(ScreenId::Ready, KeyCode::F(9)), Press::Do(Action::Scoring));
    assert_eq!(at(ScreenId::Ready, KeyCode::F(11)), Press::Nothing, "the legend is the demo's");
    assert_eq!(at(ScreenId::Ready, KeyCode::F(7)), Press::Nothing, "a room that is not built has no key");
    assert_eq!(at(ScreenId::Fault, KeyCode::F(2)), Press::Nothing, "the fault screen stands");
}
