//! What comes late, twice or at the same time during a seal: held back by hand, then told.

use super::super::super::screens::menu::Item;
use super::super::Place;
use super::seal::{derived, finish_seal, freeze, read_back, sign};
use super::{Rig, at, no, op, pin};
use crate::demo::crew::SITE_PASSPHRASE;
use crate::domain::ledger::LedgerEvent;
use crate::domain::session::State;
use crate::runtime::msg::{Denied, Msg};
use crate::runtime::sealing::desk::{SignFault, Told};
use crate::trust::pin::Pin;
use crossterm::event::{KeyCode, KeyEvent};
use std::time::Duration;

impl Rig {
    /// The next message that is one of the seal's and of this kind, held back from the desk; all before it are taken.
    fn hold_back(&mut self, what: impl Fn(&Told) -> bool) -> Msg {
        loop {
            match self.inbox.recv_timeout(Duration::from_mins(1)).expect("a worker that answers") {
                Msg::Seal(flow, told) if what(&told) => return Msg::Seal(flow, told),
                other => self.app.on_msg(other),
            }
        }
    }

    fn begin(&mut self) {
        self.app.desk.seal_begin(no(1), op("chen"), Vec::new());
    }
}

#[test]
fn steps_of_an_earlier_flow_are_nobody_s() {
    let mut rig = derived();
    rig.begin();
    let looked = rig.hold_back(|told| matches!(told, Told::Looked(_)));
    rig.begin();
    assert!(rig.app.desk.on(looked).is_empty() && rig.app.desk.sealing().unwrap().papers().is_none());
    let frozen = rig.hold_back(|told| matches!(told, Told::Frozen(_)));
    rig.begin();
    assert!(rig.app.desk.on(frozen).is_empty() && rig.app.desk.sealing().unwrap().frozen().is_none());
    rig.wait("the frozen session", |rig| rig.app.desk.sealing().is_some_and(|flow| flow.frozen().is_some()));
    // Whoever types a wrong PIN is counted, whatever became of the flow.
    rig.app.desk.seal_sign(op("li"), Pin::parse("000000").unwrap());
    let signed = rig.hold_back(|told| matches!(told, Told::Signed { .. }));
    rig.begin();
    assert!(rig.app.desk.on(signed).is_empty());
    let told = loop {
        match rig.inbox.recv_timeout(Duration::from_mins(1)).expect("the ledger's lines") {
            Msg::Ledgered(lines) => break lines,
            other => rig.app.on_msg(other),
        }
    };
    assert!(matches!(&told[0].event, LedgerEvent::OperatorLocked(wrong) if wrong.op == op("li")));
}

#[test]
fn the_menu_goes_back_to_a_freezing_that_is_under_way() {
    let mut rig = derived();
    rig.app.choose(Item::Seal);
    rig.app.on_key(KeyEvent::from(KeyCode::Enter));
    rig.app.on_key(KeyEvent::from(KeyCode::Enter));
    rig.app.on_key(KeyEvent::from(KeyCode::F(2)));
    let looked = rig.hold_back(|told| matches!(told, Told::Looked(_)));
    rig.app.choose(Item::Seal);
    assert!(matches!(rig.app.place, Place::Sealing));
    rig.app.on_msg(looked);
    assert!(rig.app.desk.sealing().unwrap().papers().is_some(), "the same flow");
    rig.wait("the frozen session", |rig| matches!(rig.app.place, Place::Sign));
}

#[test]
fn a_package_of_another_manifest_than_the_one_signed_is_no_seal() {
    let mut rig = derived();
    freeze(&mut rig);
    read_back(&mut rig);
    sign(&mut rig);
    rig.text(SITE_PASSPHRASE);
    rig.app.on_key(KeyEvent::from(KeyCode::Enter));
    let Msg::Seal(flow, Told::Written(Ok(mut written))) = rig.hold_back(|told| matches!(told, Told::Written(_))) else {
        panic!("a written package")
    };
    written.manifest_sha256 = crate::domain::ids::Digest::ZERO;
    rig.msg(Msg::Seal(flow, Told::Written(Ok(written))));
    assert!(rig.shows("没有封存") && rig.shows("KD-2401"));
    assert_eq!(rig.state(1), State::Closed);
    assert_eq!(std::fs::read_dir(rig.dir.path().join("day/data/out")).unwrap().count(), 0);
}

impl Rig {
    fn data(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join("day/data").join(name)
    }

    /// Which sessions' keys the chief's PIN opens.
    fn held(&self) -> [bool; 2] {
        let known = self.app.desk.gate().check(&op("chen"), &Pin::parse(pin("chen")).unwrap()).unwrap();
        [1, 2].map(|n| known.keys.get(&self.app.desk.desk().books()[&no(n)].session.plan.id).is_some())
    }

    /// The next message that this holds for, held back; all before it are taken.
    fn hold(&mut self, what: impl Fn(&Msg) -> bool) -> Msg {
        loop {
            match self.inbox.recv_timeout(Duration::from_mins(1)).expect("a worker that answers") {
                msg if what(&msg) => return msg,
                other => self.app.on_msg(other),
            }
        }
    }

    /// Session 1 has a package that waits for its commit, and the passphrase for session 2 was right; neither is told.
    fn seal_and_opening() -> (Self, Msg, Msg) {
        let mut rig = derived();
        freeze(&mut rig);
        read_back(&mut rig);
        sign(&mut rig);
        rig.text(SITE_PASSPHRASE);
        rig.app.on_key(KeyEvent::from(KeyCode::Enter));
        let written = rig.hold(|msg| matches!(msg, Msg::Seal(_, Told::Written(Ok(_)))));
        rig.clock.advance_to(at(290));
        rig.app.confirmed(super::super::confirm::Act::Open, Some(pin("chen")), Some(SITE_PASSPHRASE));
        let checked = rig.hold(|msg| matches!(msg, Msg::Checked { result: Ok(_), .. }));
        (rig, written, checked)
    }
}

/// Whether the package's commit or the opening of the next session comes first, the keys of the open one stay.
#[test]
fn a_session_that_opens_while_another_is_sealed_keeps_its_key() {
    let (mut rig, written, checked) = Rig::seal_and_opening();
    rig.app.on_msg(checked);
    rig.app.on_msg(written);
    rig.wait("the sealed package", |rig| rig.state(1) == State::Sealed && rig.state(2) == State::Open);
    assert_eq!(rig.held(), [false, true], "opened first");

    let (mut rig, written, checked) = Rig::seal_and_opening();
    rig.app.on_msg(written);
    let sealed = rig.hold(|msg| matches!(msg, Msg::Sealed(..)));
    rig.app.on_msg(sealed);
    assert!(!rig.data("wraps").exists(), "no session is on");
    rig.app.on_msg(checked);
    rig.wait("the open session", |rig| rig.state(2) == State::Open);
    // Whatever the store's thread was given before this line is done when the line is stored.
    rig.app.desk.lock();
    drop(rig.hold(|msg| matches!(msg, Msg::Ledgered(_))));
    assert_eq!(rig.held(), [false, true], "sealed first");
}

/// What the file holds of an operator's wrong tries.
fn tries_of(rig: &Rig, who: &str) -> u64 {
    let text = std::fs::read_to_string(rig.data("keys/tries.json")).unwrap();
    let counts: serde_json::Value = serde_json::from_str(&text).unwrap();
    counts[who]["tries"].as_u64().unwrap_or(0)
}

#[test]
fn a_key_that_does_not_read_forgives_no_wrong_pin() {
    let rig = Rig::new();
    let check = |digits: &str| rig.app.desk.gate().check(&op("wang"), &Pin::parse(digits).unwrap());
    for _ in 0..3 {
        assert!(matches!(check("000000"), Err(Denied::Wrong { .. })));
    }
    let (key, away) = (rig.data("keys/wang.pem"), rig.data("keys/wang.away"));
    std::fs::rename(&key, &away).unwrap();
    assert!(matches!(check(pin("wang")), Err(Denied::Key { .. })));
    assert_eq!(tries_of(&rig, "wang"), 3);
    std::fs::rename(&away, &key).unwrap();
    assert_eq!(check(pin("wang")).unwrap().failed, 3);
    assert_eq!(tries_of(&rig, "wang"), 0);
}

#[test]
fn the_ledger_is_told_of_the_first_person_s_tries_also_where_the_second_s_pin_is_wrong() {
    let mut rig = Rig::new();
    let mut told = |people: &[(&str, &str)]| {
        rig.app.desk.check(people.iter().map(|(who, digits)| (op(who), Pin::parse(digits).unwrap())).collect());
        let Msg::Ledgered(lines) = rig.hold(|msg| matches!(msg, Msg::Ledgered(_))) else { panic!("ledger lines") };
        lines.into_iter().map(|line| line.event).collect::<Vec<_>>()
    };
    assert_eq!(told(&[("chen", "000000")]).len(), 1);
    let events = told(&[("chen", pin("chen")), ("wang", "000000")]);
    let [LedgerEvent::OperatorUnlocked(right), LedgerEvent::OperatorLocked(wrong)] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!((&right.op, right.tries, &wrong.op, wrong.tries), (&op("chen"), 1, &op("wang"), 1));
}

#[test]
fn a_journal_that_is_opened_again_settles_what_a_seal_left() {
    let mut rig = derived();
    let wraps = std::fs::read(rig.data("wraps")).unwrap();
    freeze(&mut rig);
    read_back(&mut rig);
    sign(&mut rig);
    finish_seal(&mut rig);
    // As a commit leaves it that reached the disk and was told to have failed.
    let package = rig.data("out").join(&rig.app.sealed.as_ref().unwrap().1.file);
    std::fs::rename(&package, package.with_added_extension("part")).unwrap();
    std::fs::write(rig.data("out").join("EK-1.ekseal.part"), "of a seal that was not").unwrap();
    std::fs::write(rig.data("wraps"), wraps).unwrap();
    rig.app.desk.reopen();
    drop(rig.hold(|msg| matches!(msg, Msg::Reopened(_))));
    let left: Vec<_> = std::fs::read_dir(rig.data("out")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!((left, rig.data("wraps").exists()), (vec![package], false));
}

#[test]
fn who_may_not_sign_is_not_asked_for_a_pin() {
    let mut rig = derived();
    freeze(&mut rig);
    for who in ["sun", "chen", "nobody"] {
        rig.app.desk.seal_sign(op(who), Pin::parse("000000").unwrap());
        let told = rig.hold_back(|told| matches!(told, Told::Signed { .. }));
        let Msg::Seal(_, Told::Signed { result: Err(SignFault::Seal(fault)), .. }) = told else {
            panic!("{who}: {told:?}")
        };
        assert_eq!(fault.code(), "KD-S-12", "{who}");
    }
    assert!(!rig.data("keys/tries.json").exists() || tries_of(&rig, "sun") == 0);
}
