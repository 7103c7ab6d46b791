//! One thing after the other, and no secret stays.

use super::*;

fn data(signed: [Option<usize>; 2]) -> Data {
    let proctor =
        |masked: &str| Proctor { masked: masked.into(), until: "2027-03".into(), tries: Tries::FULL, demo_pin: None };
    let groups = ["A 5521", "B 0937", "C 7718", "D 4402", "E 9163", "F 2085", "G 6640", "H 1379"];
    Data {
        groups: Groups::from(groups.map(String::from)),
        asked: ['C', 'G'],
        counts: AttendanceCounts::default(),
        incidents: 0,
        lines: 2117,
        frozen_at: Instant(0),
        session: String::new(),
        session_short: "a81f03c2".into(),
        root_short: String::new(),
        working: String::new(),
        recovery: String::new(),
        proctors: vec![proctor("李*"), proctor("王*"), proctor("赵*")],
        demo_passphrase: None,
        signed: signed.map(|who| who.map(|proctor| Signed { proctor, at: Instant(0) })),
    }
}

fn keys(state: &mut State, data: &Data, text: &str) -> Outcome {
    let press = |c| match c {
        '\n' => Press::Do(Action::Enter),
        '\t' => Press::Do(Action::Next),
        '\x1b' => Press::Do(Action::Back),
        c => Press::Char(c),
    };
    text.chars().map(|c| on_key(state, data, press(c))).last().unwrap()
}

/// Both groups are read back.
fn read() -> State {
    let mut state = State::default();
    keys(&mut state, &data([None, None]), "77186640");
    state
}

#[test]
fn nothing_is_signed_before_both_groups_are_read_back() {
    let data = data([None, None]);
    let mut state = State::default();
    assert_eq!(keys(&mut state, &data, "7719\n1135790\n"), Outcome::Stay);
    assert!(state.pin.is_empty());
    assert_eq!(state.stage(&data), Stage::Read(0));
    let mut state = State::default();
    assert_eq!(keys(&mut state, &data, "7719"), Outcome::Stay);
    assert!(!state.is_right(0, &data));
    keys(&mut state, &data, "7718");
    assert_eq!(state.stage(&data), Stage::Read(1), "a digit after a wrong group begins it again");
    keys(&mut state, &data, "664");
    assert_eq!(state.stage(&data), Stage::Read(1));
    keys(&mut state, &data, "0");
    assert_eq!(state.stage(&data), Stage::Sign(Slot::First));
}

#[test]
fn a_proctor_is_picked_and_signs_with_a_pin_that_does_not_stay() {
    let data = data([None, None]);
    let mut state = read();
    let outcome = keys(&mut state, &data, "2135790\n");
    let Outcome::Sign { slot: Slot::First, proctor: 1, pin } = outcome else { panic!("{outcome:?}") };
    assert_eq!(pin.secret(), "135790");
    assert!(state.pin.is_empty());
    assert_eq!(keys(&mut state, &data, "246802\n\x1b\n"), Outcome::Stay, "while the PIN is compared");
    assert!(state.pin.is_empty());
    state.refuse();
    assert!(matches!(keys(&mut state, &data, "246802\n"), Outcome::Sign { proctor: 1, .. }));
}

#[test]
fn the_second_proctor_is_another_person() {
    let after = data([Some(1), None]);
    let mut state = read();
    keys(&mut state, &data([None, None]), "2135790\n");
    assert_eq!(state.picked(&after), None, "the pick ended with the signature");
    assert_eq!(after.eligible(), [0, 2]);
    let outcome = keys(&mut state, &after, "2246802\n");
    assert!(matches!(outcome, Outcome::Sign { slot: Slot::Second, proctor: 2, .. }), "{outcome:?}");
    let mut state = read();
    assert_eq!(keys(&mut state, &after, "3246802\n"), Outcome::Stay, "there is no third");
}

#[test]
fn the_passphrase_comes_last_and_takes_blanks() {
    let mut state = read();
    let outcome = keys(&mut state, &data([Some(0), Some(2)]), "slow red ? 1 河\n");
    let Outcome::Seal { passphrase } = outcome else { panic!("{outcome:?}") };
    assert_eq!(passphrase.secret(), "slow red ? 1 河");
    assert!(state.passphrase.is_empty());
    assert_eq!(keys(&mut state, &data([Some(0), Some(2)]), "x\n"), Outcome::Stay, "while it is compared");
}

#[test]
fn whoever_must_wait_gives_no_pin() {
    let mut data = data([None, None]);
    data.proctors[0].tries = Tries { left: 0, wait: 15 };
    let mut state = read();
    assert_eq!(keys(&mut state, &data, "1135790\n"), Outcome::Stay);
    keys(&mut state, &data, "\t");
    assert!(state.pin.is_empty(), "another one may be picked");
    assert!(matches!(keys(&mut state, &data, "2135790\n"), Outcome::Sign { proctor: 1, .. }));
}

#[test]
fn stopping_is_asked_once_and_loses_nothing_that_was_typed() {
    let data = data([None, None]);
    let mut state = State::default();
    keys(&mut state, &data, "7718");
    assert_eq!(keys(&mut state, &data, "\x1b66"), Outcome::Stay);
    assert_eq!(keys(&mut state, &data, "\x1b"), Outcome::Stay, "no");
    assert_eq!((state.typed(0), state.typed(1)), ("7718", ""));
    assert_eq!(keys(&mut state, &data, "\x1b\n"), Outcome::Stop);
}

#[test]
fn a_lock_takes_every_secret() {
    let mut state = read();
    keys(&mut state, &data([None, None]), "1135");
    state.forget();
    assert!(state.pin.is_empty());
    keys(&mut state, &data([Some(0), Some(1)]), "slow");
    state.expire();
    assert!(!state.passphrase.is_empty(), "only a PIN expires");
    state.forget();
    assert!(state.passphrase.is_empty());
}
