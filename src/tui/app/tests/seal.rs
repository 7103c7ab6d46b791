//! The wizard of sealing, and what each refusal leaves standing.

use super::super::super::keymap::ScreenId;
use super::super::super::screens::menu::Item;
use super::super::super::screens::seal::progress::Stand;
use super::super::Place;
use super::{Rig, at, finish, no, op, pin};
use crate::demo::crew::SITE_PASSPHRASE;
use crate::desk::Command;
use crate::domain::event::ZeroReason;
use crate::domain::ids::{AdmissionNo, PartId};
use crate::domain::session::State;
use crate::runtime::msg::Msg;
use crate::store::StoreError;
use crossterm::event::{KeyCode, KeyEvent};
use std::time::Duration;

impl Rig {
    /// Takes what the workers send until this holds.
    pub(super) fn wait(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        while !holds(self) {
            let msg = self.inbox.recv_timeout(Duration::from_mins(1)).unwrap_or_else(|_| panic!("waited for {what}"));
            self.app.on_msg(msg);
        }
        self.settle();
    }

    pub(super) fn state(&self, n: u8) -> State {
        self.app.desk.desk().books().get(&no(n)).unwrap().record.state
    }

    pub(super) fn typed(&mut self, text: &str) {
        self.text(text);
        self.key(KeyCode::Enter);
    }
}

/// Session 1 is closed; the one who came has a mark in every part.
fn closed() -> Rig {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    let book = rig.app.desk.desk().books().get(&no(1)).unwrap();
    let parts: Vec<PartId> = book.session.policy.parts.iter().map(|part| part.id.clone()).collect();
    let cand = rig.people[0].cand.parse::<AdmissionNo>().unwrap();
    for part in parts {
        rig.command(Command::EnterMark(no(1), cand.clone(), part, 0, Some(ZeroReason::BlankWork)), "sun");
    }
    rig.command(Command::Close(no(1)), "chen");
    rig
}

/// Session 1 is closed and owes a mark; session 2, to which nobody came, is closed too.
pub(super) fn two_closed() -> Rig {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    rig.command(Command::Close(no(1)), "chen");
    rig.clock.advance_to(at(290));
    rig.command(Command::Open(no(2)), "chen");
    rig.clock.advance_to(at(300));
    rig.command(Command::Start(no(2)), "chen");
    rig.clock.advance_to(at(330));
    rig.command(Command::MarkAbsent(no(2), None), "chen");
    rig.command(Command::Close(no(2)), "chen");
    assert_eq!((rig.state(1), rig.state(2)), (State::Closed, State::Closed));
    rig
}

/// The same with results.
pub(super) fn derived() -> Rig {
    let mut rig = closed();
    derive(&mut rig);
    rig
}

fn derive(rig: &mut Rig) {
    rig.app.confirmed(super::super::confirm::Act::Derive, None, None);
    rig.settle();
}

/// In front of the frozen session.
pub(super) fn freeze(rig: &mut Rig) {
    rig.app.choose(Item::Seal);
    assert!(matches!(rig.app.place, Place::Checklist));
    rig.key(KeyCode::Enter);
    assert!(matches!(rig.app.place, Place::Checklist), "asked first");
    rig.key(KeyCode::Enter);
    rig.wait("the frozen session", |rig| matches!(rig.app.place, Place::Sign));
}

pub(super) fn read_back(rig: &mut Rig) {
    let data = rig.app.sign_data().unwrap();
    assert_ne!(data.asked[0], data.asked[1]);
    for letter in data.asked {
        rig.text(data.groups.digits(letter).unwrap());
    }
    assert!(rig.shows("谁来签认"));
}

pub(super) fn signed(rig: &Rig) -> usize {
    rig.app.wizard.as_ref().map_or(0, |wizard| wizard.signed.len())
}

pub(super) fn sign(rig: &mut Rig) {
    for (n, who) in ["li", "wang"].into_iter().enumerate() {
        rig.key(KeyCode::Char('1'));
        rig.typed(pin(who));
        rig.wait("a signature", |rig| signed(rig) == n + 1);
    }
}

pub(super) fn finish_seal(rig: &mut Rig) {
    rig.typed(SITE_PASSPHRASE);
    rig.wait("the sealed package", |rig| matches!(rig.app.place, Place::Sealed));
}

#[test]
fn opening_takes_the_chief_s_pin_and_the_site_s_passphrase() {
    let mut rig = Rig::new();
    rig.sign_in("chen");
    rig.app.choose(Item::Open);
    rig.text("o");
    assert!(rig.shows("演示口令 five plain words open it"), "a demo shows it");
    for (pin, passphrase, said) in [
        (pin("wang"), SITE_PASSPHRASE, "PIN 不正确"),
        (pin("chen"), "these words do not open", "考点口令不正确"),
        (pin("chen"), "short", "考点口令不正确"),
    ] {
        rig.app.messages.clear();
        rig.typed(pin);
        rig.typed(passphrase);
        assert!(rig.shows(said), "{said}");
        assert!(rig.shows("请输入考点口令") && !rig.shows("* *"), "asked again, with nothing kept");
        assert_eq!(rig.state(1), State::Planned);
    }
    rig.typed(pin("chen"));
    rig.typed(SITE_PASSPHRASE);
    assert_eq!(rig.state(1), State::Open);
}

#[test]
fn a_session_that_owes_something_is_explained_and_not_frozen() {
    let mut rig = closed();
    rig.app.choose(Item::Seal);
    assert!(rig.shows("成绩还没有汇总"));
    for _ in 0..3 {
        rig.key(KeyCode::Enter);
    }
    assert!(rig.shows("还不能封存：1 项阻断"));
    rig.key(KeyCode::Esc);
    assert!(matches!(rig.app.place, Place::Ready));
    assert!(rig.app.desk.sealing().is_none());
}

#[test]
fn the_wizard_goes_from_the_checklist_to_the_sealed_package() {
    let mut rig = derived();
    freeze(&mut rig);
    assert!(rig.app.menu_items().contains(&Item::Seal), "the way back");
    rig.tap(0);
    assert!(matches!(rig.app.place, Place::Sign), "a tap is a strip");
    rig.key(KeyCode::F(2));
    rig.app.choose(Item::Seal);
    assert!(matches!(rig.app.place, Place::Sign), "and leaves the seal where it was");
    read_back(&mut rig);
    rig.key(KeyCode::Char('1'));
    rig.typed(pin("chen"));
    rig.wait("the refusal", |rig| rig.shows("PIN 不正确"));
    assert_eq!(signed(&rig), 0);
    rig.typed(pin("li"));
    rig.wait("a signature", |rig| signed(rig) == 1);
    assert!(!rig.shows("PIN 不正确"), "what was said of the first try goes with it");
    let data = rig.app.sign_data().unwrap();
    assert_eq!((data.signed[0].map(|by| by.proctor), data.signed[1]), (Some(0), None));
    rig.key(KeyCode::Char('1'));
    rig.text("31");
    rig.pass(Duration::from_secs(21));
    assert!(!rig.shows("* *"), "a PIN that nobody finishes is forgotten");
    rig.typed(pin("wang"));
    rig.wait("a signature", |rig| signed(rig) == 2);
    rig.typed("these words do not open");
    rig.wait("the refusal", |rig| !rig.app.seals());
    assert!(rig.shows("考点口令不正确") && matches!(rig.app.place, Place::Sign), "both signatures stand");
    finish_seal(&mut rig);
    assert_eq!(rig.state(1), State::Sealed);
    assert!(rig.shows("[OK] 已封存") && rig.shows("kaodian verify") && rig.shows("全部通过"));
    let (_, data, _) = rig.app.sealed.as_ref().unwrap();
    assert!(rig.dir.path().join("day/data/out").join(&data.file).exists());
    rig.key(KeyCode::Enter);
    assert!(!rig.app.menu_items().contains(&Item::Seal), "nothing else is closed");
}

#[test]
fn esc_thaws_after_a_question_and_nothing_is_lost() {
    let mut rig = derived();
    freeze(&mut rig);
    rig.key(KeyCode::Esc);
    rig.key(KeyCode::Esc);
    assert!(rig.app.desk.sealing().is_some(), "no means no");
    rig.key(KeyCode::Esc);
    rig.key(KeyCode::Enter);
    rig.wait("the thawed session", |rig| rig.shows("已停止封存并解冻"));
    let record = &rig.app.desk.desk().books().get(&no(1)).unwrap().record;
    assert!(record.takes_lines() && record.results().is_some());
    freeze(&mut rig);
    read_back(&mut rig);
    sign(&mut rig);
    finish_seal(&mut rig);
}

#[test]
fn a_package_that_cannot_be_written_seals_nothing_and_both_sign_again() {
    let mut rig = derived();
    freeze(&mut rig);
    read_back(&mut rig);
    sign(&mut rig);
    let out = rig.dir.path().join("day/data/out");
    drop(std::fs::remove_dir(&out));
    std::fs::write(&out, b"in the way").unwrap();
    rig.typed(SITE_PASSPHRASE);
    rig.wait("the fault", |rig| rig.app.progress_data().is_some_and(|data| data.failure.is_some()));
    assert!(rig.shows("没有封存") && rig.shows("KD-S-29"));
    assert_eq!((rig.app.screen(), rig.state(1)), (ScreenId::Sealing, State::Closed));
    std::fs::remove_file(&out).unwrap();
    std::fs::create_dir(&out).unwrap();
    rig.key(KeyCode::Char('r'));
    rig.wait("the frozen session", |rig| matches!(rig.app.place, Place::Sign));
    assert_eq!(signed(&rig), 0);
    read_back(&mut rig);
    sign(&mut rig);
    finish_seal(&mut rig);
    assert_eq!(rig.app.acting.as_ref().map(|acting| acting.op.clone()), Some(op("chen")));
}

#[test]
fn without_papers_the_checklist_says_what_is_missing() {
    let mut rig = derived();
    std::fs::remove_dir_all(rig.dir.path().join("day/data/trust")).unwrap();
    rig.app.choose(Item::Seal);
    rig.key(KeyCode::Enter);
    assert!(rig.shows("还不能封存") && rig.shows("没有接收方的公钥"));
    std::fs::remove_file(rig.dir.path().join("day/data/keys/site.pem")).unwrap();
    rig.app.choose(Item::Seal);
    assert!(rig.shows("没有签章密钥"));
}

/// The disk refuses the commit that would be the seal: the flow begins anew from the menu, and the desk locks again.
#[test]
fn a_commit_that_fails_leaves_no_wizard_behind() {
    let mut rig = derived();
    freeze(&mut rig);
    read_back(&mut rig);
    sign(&mut rig);
    rig.msg(Msg::AppendFailed(StoreError::Stopped));
    assert!(rig.app.wizard.is_none() && rig.app.desk.sealing().is_none());
    assert_eq!(rig.app.in_front(), ScreenId::Fault);
}

/// The certificates end between freezing and signing, and the desk was started again meanwhile.
#[test]
fn a_frozen_session_whose_papers_hold_no_longer_is_given_up_at_the_screen() {
    let mut rig = derived();
    freeze(&mut rig);
    rig.app.wizard = None;
    rig.clock.advance_to(at(2 * 366 * 24 * 60));
    rig.app.choose(Item::Seal);
    for _ in 0..2 {
        rig.wait("the fault", |rig| rig.app.progress_data().is_some_and(|data| data.failure.is_some()));
        assert!(rig.shows("没有封存") && rig.shows("KD-S-12 expected a site certificate that holds today"));
        assert!(matches!(rig.app.place, Place::Sealing) && rig.shows("Esc 回到清单"));
        rig.key(KeyCode::Char('r'));
    }
    rig.wait("the fault", |rig| rig.app.progress_data().is_some_and(|data| data.failure.is_some()));
    rig.key(KeyCode::Esc);
    assert!(rig.shows("考点证书缺失") && rig.shows("本场已冻结，还没有封存"));
    rig.key(KeyCode::Esc);
    assert!(rig.shows("停止封存并解冻本场？"));
    rig.key(KeyCode::Esc);
    assert!(!rig.app.desk.desk().books()[&no(1)].record.takes_lines(), "no means no");
    rig.key(KeyCode::Esc);
    rig.key(KeyCode::Enter);
    rig.wait("the thawed session", |rig| rig.shows("已停止封存并解冻"));
    let record = &rig.app.desk.desk().books()[&no(1)].record;
    assert!(record.takes_lines() && record.results().is_some());
}

#[test]
fn a_session_that_cannot_be_sealed_hides_no_other() {
    let mut rig = two_closed();
    rig.app.choose(Item::Seal);
    assert!(rig.shows("缺成绩 2 人") && rig.shows("已结束的第 1 场，共 2 场"));
    rig.key(KeyCode::Tab);
    assert!(!rig.shows("缺成绩") && rig.shows("成绩还没有汇总") && rig.shows("已结束的第 2 场"));
    derive(&mut rig);
    assert!(rig.app.desk.desk().books()[&no(2)].record.results().is_some(), "the one that owes no mark");
    rig.app.choose(Item::Seal);
    assert_eq!(rig.app.wizard.as_ref().map(|wizard| wizard.no), Some(no(2)), "what can be sealed comes first");
    rig.key(KeyCode::BackTab);
    assert!(rig.shows("缺成绩 2 人"));
    rig.key(KeyCode::Tab);
    rig.key(KeyCode::Enter);
    rig.key(KeyCode::Enter);
    rig.wait("the frozen session", |rig| matches!(rig.app.place, Place::Sign));
    read_back(&mut rig);
    sign(&mut rig);
    finish_seal(&mut rig);
    assert_eq!((rig.state(1), rig.state(2)), (State::Closed, State::Sealed));
}

#[test]
fn every_step_tells_what_it_took() {
    let mut rig = derived();
    rig.app.choose(Item::Seal);
    rig.key(KeyCode::Enter);
    rig.key(KeyCode::Enter);
    let mut shown = Vec::new();
    while !matches!(rig.app.place, Place::Sign) {
        let msg = rig.inbox.recv_timeout(Duration::from_mins(1)).expect("a worker that answers");
        rig.app.on_msg(msg);
        rig.pass(Duration::from_secs(1));
        shown.extend(rig.app.progress_data());
    }
    assert!(shown.iter().any(|data| data.steps[0].stand == Stand::Running(0)));
    assert!(shown.iter().any(|data| data.steps[1].stand == Stand::Running(0) && data.steps[3].stand == Stand::Waiting));
    let ms = |rig: &Rig| rig.app.progress_data().unwrap().steps.map(|step| step.ms.unwrap_or(0));
    assert!(ms(&rig)[..3].iter().all(|ms| *ms >= 1000), "{:?}", ms(&rig));
    read_back(&mut rig);
    let waited = rig.now;
    rig.pass(Duration::from_secs(10));
    for (n, who) in ["li", "wang"].into_iter().enumerate() {
        rig.key(KeyCode::Char('1'));
        rig.text(pin(who));
        rig.app.on_key(KeyEvent::from(KeyCode::Enter));
        while signed(&rig) == n {
            let msg = rig.inbox.recv_timeout(Duration::from_mins(1)).expect("a worker that answers");
            rig.app.on_msg(msg);
            rig.pass(Duration::from_secs(1));
        }
    }
    let took = Duration::from_millis(ms(&rig)[3]);
    assert!(
        took >= Duration::from_secs(2) && took < rig.now.saturating_sub(waited),
        "what was typed is no work: {took:?}"
    );
}

#[test]
fn the_checklist_says_what_the_store_holds_of_the_streams() {
    let mut rig = derived();
    rig.app.choose(Item::Seal);
    assert!(rig.shows("正在校验日志链与日志树") && rig.shows("正在核对各桌的记录"));
    rig.wait("the streams", |rig| rig.shows("日志链与日志树校验通过"));
    assert!(rig.shows("所有桌的记录都已收齐"));
    for (found, said) in [(Ok(2), "2 台桌没有签出"), (Err(StoreError::Stopped), "1 条日志流校验不通过")]
    {
        rig.msg(Msg::Streams(no(1), found));
        rig.key(KeyCode::Enter);
        assert!(rig.shows(said) && rig.shows("还不能封存：1 项阻断"), "{said}");
    }
    rig.msg(Msg::Streams(no(2), Ok(0)));
    assert!(rig.shows("1 条日志流校验不通过"), "another session's streams");
}
