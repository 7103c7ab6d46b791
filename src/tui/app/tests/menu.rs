//! What is offered to whom and when, and that nothing else ends the program.

use super::super::super::screens::menu::Item;
use super::super::{Overlay, Place, facts};
use super::{Rig, at, finish, no, op, pin};
use crate::desk::Command;
use crate::domain::event::ZeroReason;
use crate::domain::ids::PartId;
use crate::domain::session::Mode;
use crate::runtime::msg::Msg;
use crate::store::StoreError;
use crossterm::event::KeyCode;

const ROLES: [&str; 4] = ["chen", "zhou", "wang", "sun"];

/// The menu of each role, without what does not depend on the state: the reader, another operator and the language.
fn offered(rig: &mut Rig) -> Vec<(&'static str, Vec<Item>)> {
    let of = |who: &'static str| {
        rig.sign_in(who);
        let items = rig.app.menu_items().into_iter();
        (who, items.filter(|item| !matches!(item, Item::Reader | Item::Switch | Item::Language)).collect())
    };
    ROLES.into_iter().map(of).collect()
}

#[test]
fn the_menu_offers_what_role_and_state_allow() {
    use Item::{Absent, Close, Collect, Derive, Holds, Import, Manual, Marks, Open, Quit, Results, Seal, Start};
    let mut rig = Rig::new();
    rig.app.about.mode = Mode::Rehearsal;
    let planned = [("chen", vec![Open, Quit]), ("zhou", vec![Open, Import]), ("wang", vec![Open]), ("sun", vec![])];
    assert_eq!(offered(&mut rig), planned);

    rig.command(Command::Open(no(1)), "chen");
    rig.clock.advance_to(at(5));
    let open = [
        ("chen", vec![Open, Start, Manual, Holds, Quit]),
        ("zhou", vec![Open, Import]),
        ("wang", vec![Open, Manual]),
        ("sun", vec![]),
    ];
    assert_eq!(offered(&mut rig), open);

    finish(&mut rig);
    let running = [
        ("chen", vec![Open, Absent, Collect, Manual, Holds, Close, Results, Quit]),
        ("zhou", vec![Open, Import]),
        ("wang", vec![Open, Absent, Collect, Manual]),
        ("sun", vec![Marks, Results]),
    ];
    assert_eq!(offered(&mut rig), running);

    rig.command(Command::Close(no(1)), "chen");
    let closed = [
        ("chen", vec![Open, Derive, Results, Seal, Quit]),
        ("zhou", vec![Open, Import]),
        ("wang", vec![Open]),
        ("sun", vec![Marks, Results]),
    ];
    assert_eq!(offered(&mut rig), closed);

    rig.sign_in("chen");
    rig.msg(Msg::AppendFailed(StoreError::Stopped));
    assert_eq!(rig.app.menu_items(), [Item::Language, Item::Quit], "nothing can be written");
}

#[test]
fn the_reader_is_for_whoever_stands_at_the_desk_or_answers_for_it() {
    let mut rig = Rig::new();
    let offers = ROLES.map(|who| {
        rig.sign_in(who);
        rig.app.menu_items().contains(&Item::Reader)
    });
    assert_eq!(offers, [true, false, true, false], "chief and proctor");
}

#[test]
fn an_open_menu_keeps_its_numbers() {
    let mut rig = Rig::open("chen");
    rig.clock.advance_to(at(30));
    rig.key(KeyCode::F(10));
    rig.command(Command::Start(no(1)), "chen");
    rig.key(KeyCode::Char('2'));
    let Some(Overlay::Confirm(data, _)) = &rig.app.overlay else { panic!("expected the question of [2]") };
    assert_eq!(data.act, super::super::confirm::Act::Start, "what stood there, not what would stand there now");
    rig.key(KeyCode::Enter);
    assert!(rig.shows("没有要做的"), "somebody else has done it meanwhile");
}

#[test]
fn no_key_ends_the_program_outside_a_demo() {
    let keys: Vec<KeyCode> = (1..=12)
        .map(KeyCode::F)
        .chain(['q', 'Q', '0', '1', '9', '.', '?', 'r', 'z'].map(KeyCode::Char))
        .chain([KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::Backspace, KeyCode::Delete, KeyCode::End])
        .collect();
    let mut rig = Rig::open("chen");
    rig.app.about.mode = Mode::Rehearsal;
    for who in [None, Some("wang"), Some("sun")] {
        rig.app.acting = None;
        rig.app.go(Place::Unlock(super::super::unlock::State::default()));
        if let Some(who) = who {
            rig.sign_in(who);
        }
        // Every key after every key, and what a control key adds.
        for first in &keys {
            for second in &keys {
                rig.key(*first);
                rig.key(*second);
            }
            for c in 'a'..='z' {
                rig.ctrl(c);
            }
        }
        assert!(!rig.app.quits(), "{who:?}");
    }
}

#[test]
fn the_chief_quits_with_the_pin_and_anybody_in_a_demo_without() {
    let mut rig = Rig::open("chen");
    rig.app.about.mode = Mode::Rehearsal;
    for (typed, quits) in [(pin("wang"), false), (pin("chen"), true)] {
        rig.app.choose(Item::Quit);
        rig.key(KeyCode::Enter);
        assert!(matches!(rig.app.overlay, Some(Overlay::Confirm(..))), "Enter alone is no PIN");
        rig.text(typed);
        rig.key(KeyCode::Enter);
        assert_eq!(rig.app.quits(), quits);
        assert!(rig.shows("PIN 不正确"));
    }

    let mut rig = Rig::open("wang");
    rig.app.choose(Item::Quit);
    assert!(!rig.app.quits(), "asked first");
    rig.key(KeyCode::Enter);
    assert!(rig.app.quits());
}

#[test]
fn drafts_are_their_author_s_and_their_session_s() {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    rig.sign_in("sun");
    rig.key(KeyCode::F(9));
    rig.text("8");
    rig.key(KeyCode::Esc);
    rig.key(KeyCode::F(9));
    assert_eq!(rig.app.scoring.len(), 1, "kept for its author");
    rig.sign_in("sun");
    assert_eq!(rig.app.scoring.len(), 1);
    rig.text("zx");
    rig.sign_in("wang");
    assert!(rig.app.scoring.is_empty() && rig.app.roster.query().is_empty(), "not for the next one");
}

#[test]
fn marks_are_those_of_the_session_that_owes_them() {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    let marked = |rig: &Rig| facts::marked(rig.app.desk.desk().books()).map(|book| book.session.plan.no.get());
    assert_eq!(marked(&rig), Some(1));
    let book = rig.app.desk.desk().books().get(&no(1)).unwrap();
    let parts: Vec<PartId> = book.session.policy.parts.iter().map(|part| part.id.clone()).collect();
    let cand = rig.people[0].cand.parse::<crate::domain::ids::AdmissionNo>().unwrap();
    for part in parts {
        rig.command(Command::EnterMark(no(1), cand.clone(), part, 0, Some(ZeroReason::BlankWork)), "sun");
    }
    rig.command(Command::Close(no(1)), "chen");
    rig.app.confirmed(super::super::confirm::Act::Derive, None, None);
    rig.settle();
    assert!(rig.app.desk.desk().books().get(&no(1)).unwrap().record.results().is_some());
    assert_eq!(marked(&rig), Some(1), "the last one, while no other runs");

    rig.command(Command::Open(no(2)), "chen");
    rig.clock.advance_to(at(300));
    rig.command(Command::Start(no(2)), "chen");
    assert_eq!(marked(&rig), Some(2));
    assert_eq!(rig.app.desk.desk().operator(), Some(&op("chen")));
}

#[test]
fn a_command_of_the_script_leaves_the_form_to_close_alone() {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    rig.app.go(Place::Close(super::super::close::State::default()));
    let cand = rig.people[0].cand.parse().unwrap();
    let part = rig.app.desk.desk().books().get(&no(1)).unwrap().session.policy.parts[0].id.clone();
    rig.command(Command::EnterMark(no(1), cand, part, 5_000, None), "sun");
    assert!(matches!(rig.app.place, Place::Close(_)));
    rig.command(Command::Close(no(1)), "chen");
    assert!(matches!(rig.app.place, Place::Ready));
}
