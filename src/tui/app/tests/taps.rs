//! Taps against keys: what is drawn, for how long, and what it leaves alone.

use super::super::super::keymap::ScreenId;
use super::super::Showing;
use super::{Rig, at, no, op};
use crate::config::Sound;
use crate::desk::Command;
use crate::domain::presented::Presented;
use crate::reader::port::{PortFault, ReaderEvent};
use crate::runtime::msg::Msg;
use crate::store::StoreError;
use crossterm::event::KeyCode;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_tap_over_a_search_is_a_strip_and_moves_nothing() {
    let mut rig = Rig::open("wang");
    rig.text("zx");
    let (before, cursor) = rig.draw();
    rig.tap(0);
    let (after, same) = rig.draw();
    assert_eq!((rig.app.in_front(), same, rig.app.roster.query()), (ScreenId::Roster, cursor, "zx"));
    assert!(after[3].contains("[OK]"), "{}", after[3]);
    assert!(after[2].contains("zx") && before[2].contains("zx"), "what is typed stays in sight");
    rig.text("m");
    assert_eq!(rig.app.roster.query(), "zxm");
    assert!(rig.draw().0[3].contains("[OK]"), "no key is taken by the strip");
    rig.pass(6 * SECOND);
    assert!(!rig.draw().0[3].contains("[OK]"));
    rig.key(KeyCode::Esc);
    assert_eq!(rig.app.in_front(), ScreenId::Ready, "a verdict that was a strip does not come back as a plate");
}

#[test]
fn a_verdict_blanks_after_its_time_and_gives_way_to_the_next() {
    let mut rig = Rig::open("wang");
    let unreadable = |rig: &mut Rig| rig.reader(ReaderEvent::Presented(Presented::Unreadable { sw3: Some(0x41) }));
    let until = |rig: &Rig| rig.app.showing.as_ref().map(|Showing { until, .. }| until.saturating_sub(rig.now));
    for (seconds, bells, tap) in [
        (4, 1, (|rig: &mut Rig| rig.tap(0)) as fn(&mut Rig)),
        (4, 2, |rig| rig.tap(0)),
        (15, 2, unreadable),
        (15, 3, |rig| rig.tap(8)),
    ] {
        tap(&mut rig);
        assert_eq!((until(&rig), rig.app.in_front()), (Some(seconds * SECOND), ScreenId::Verdict));
        let rung: usize = (0..4)
            .map(|_| {
                let due = rig.app.bells_due();
                rig.pass(SECOND / 2);
                due
            })
            .sum();
        assert_eq!(rung, bells);
    }
    rig.tap(1);
    assert_eq!(until(&rig), Some(4 * SECOND), "replaced at once");
    rig.pass(Duration::from_millis(3_999));
    assert_eq!(rig.app.in_front(), ScreenId::Verdict);
    rig.pass(Duration::from_millis(1));
    assert_eq!((rig.app.in_front(), rig.app.taps.len()), (ScreenId::Ready, 3));
    rig.pass(60 * SECOND);
    assert!(rig.app.taps.is_empty(), "the glass is public");

    rig.clock.advance_to(at(30));
    rig.command(Command::Start(no(1)), "chen");
    rig.clock.advance_to(at(36));
    rig.tap(2);
    assert_eq!(until(&rig), Some(6 * SECOND), "late");
}

#[test]
fn the_refused_are_those_of_the_session() {
    let mut rig = Rig::open("wang");
    rig.tap(8);
    rig.reader(ReaderEvent::Presented(Presented::Unreadable { sw3: None }));
    rig.tap(0);
    rig.tap(0);
    assert_eq!(rig.app.ready_data().counts.refused, 2, "already in is no refusal");
    super::finish(&mut rig);
    rig.command(Command::Close(no(1)), "chen");
    assert_eq!(rig.app.ready_data().counts.refused, 0, "the next session's");
}

#[test]
fn a_reader_s_fault_is_told_until_it_is_over() {
    let mut rig = Rig::open("wang");
    rig.reader(ReaderEvent::Down(PortFault::Unplugged { path: "/dev/reader".into() }));
    rig.pass(60 * SECOND);
    assert!(rig.shows("KD-3105") && rig.shows("读卡[断]") && rig.shows("请找监考老师"));
    rig.reader(ReaderEvent::Up { sam: None, simulated: true });
    assert!(!rig.shows("KD-3105") && rig.shows("读卡[OK]"));
}

#[test]
fn what_is_wrong_stands_before_what_was_done_and_ends_with_the_next_deed() {
    let mut rig = Rig::open("chen");
    rig.command(Command::Start(no(1)), "chen");
    rig.tap(0);
    assert!(rig.shows("KD-T-07"));
    rig.clock.advance_to(at(30));
    rig.command(Command::Start(no(1)), "chen");
    assert!(!rig.shows("KD-T-07") && rig.shows("已写入日志"));
    rig.command(Command::Start(no(1)), "chen");
    rig.pass(6 * SECOND);
    assert!(!rig.shows("KD-T-07"), "nor does it stay for ever");
}

#[test]
fn a_stopped_journal_is_a_fault_screen_until_it_is_open_again() {
    let mut rig = Rig::open("wang");
    rig.text("z");
    rig.msg(Msg::AppendFailed(StoreError::Stopped));
    assert_eq!((rig.app.in_front(), rig.app.bells.len()), (ScreenId::Fault, 5));
    for _ in 0..2 {
        rig.tap(0);
    }
    rig.key(KeyCode::F(2));
    assert_eq!(rig.app.in_front(), ScreenId::Fault, "no way around it");
    assert!(rig.shows("KD-9001") && rig.shows("日志[断]"));
    let taps = rig.app.stop.as_ref().unwrap().taps;
    rig.tap(0);
    assert_eq!(rig.app.stop.as_ref().unwrap().taps, taps + 1);

    rig.text("r");
    let msg = rig.inbox.recv_timeout(60 * SECOND).unwrap();
    rig.msg(msg);
    assert_eq!((rig.app.in_front(), rig.app.stop.is_none()), (ScreenId::Ready, true));
    rig.tap(0);
    assert_eq!(rig.app.in_front(), ScreenId::Verdict);

    rig.app.sound = Sound::Off;
    rig.app.bells.clear();
    rig.msg(Msg::AppendFailed(StoreError::Stopped));
    assert!(rig.app.bells.is_empty(), "off is off");
}

#[test]
fn nobody_is_judged_before_somebody_unlocked() {
    let mut rig = Rig::new();
    let notices = rig.app.desk.command(Command::Open(no(1)), op("chen"), None);
    rig.app.take(notices);
    rig.settle();
    rig.tap(0);
    assert_eq!(rig.app.in_front(), ScreenId::Unlock);
    assert!(rig.shows("本桌待解锁") && rig.app.taps.is_empty());
    rig.sign_in("wang");
    assert!(!rig.shows("本桌待解锁"), "over, once somebody has");
    rig.tap(0);
    assert_eq!(rig.app.in_front(), ScreenId::Case, "a stranger, as long as the session's key is shut");
}
