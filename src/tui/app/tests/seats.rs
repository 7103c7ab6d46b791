//! Roster, detail, seat map and pending as somebody at the desk uses them; several sessions on one desk.

use super::super::super::keymap::ScreenId;
use super::super::super::screens::menu::Item;
use super::super::{Overlay, Place, confirm};
use super::{Rig, SITE_PASSPHRASE, at, finish, no, pin};
use crate::demo::roster::DemoCandidate;
use crate::desk::Command;
use crate::domain::attendance::Attendance;
use crate::domain::ids::{AdmissionNo, SessionNo};
use crate::domain::seats::SeatReason;
use crossterm::event::KeyCode;

fn cand(person: &DemoCandidate) -> AdmissionNo {
    person.cand.parse().unwrap()
}

impl Rig {
    fn place_of(&self, n: usize) -> String {
        let desk = self.app.desk.desk();
        let row = desk.roster().by_cand(&cand(&self.people[n])).unwrap().clone();
        desk.place_of(&desk.books()[&row.session], &row).unwrap().to_string()
    }

    /// Somebody of session 1, with the number of the person.
    fn of_session(&self, session: u8) -> usize {
        self.people.iter().position(|person| person.session == session).unwrap()
    }

    /// Sessions 1 and 2 run at the same time, nobody came to the second.
    fn two_running() -> Self {
        let mut rig = Self::open("chen");
        rig.open_second();
        rig.clock.advance_to(at(330));
        rig.command(Command::Start(no(1)), "chen");
        rig.command(Command::Start(no(2)), "chen");
        rig
    }

    /// Session 2 is open as well, with its key.
    fn open_second(&mut self) {
        self.app.confirmed(confirm::Act::Open, Some(pin("chen")), Some(SITE_PASSPHRASE));
        self.settle();
        assert!(self.app.desk.desk().books()[&no(2)].record.state.takes_taps());
    }

    fn viewed_no(&self) -> Option<SessionNo> {
        self.app.viewed().map(|book| book.session.plan.no)
    }
}

#[test]
fn enter_on_the_roster_shows_the_person_with_what_the_journal_says_of_them() {
    let mut rig = Rig::open("wang");
    rig.tap(0);
    rig.key(KeyCode::Esc);
    let tail = cand(&rig.people[0]).as_str()[6..].to_owned();
    rig.text(&tail);
    rig.key(KeyCode::Enter);
    assert_eq!(rig.app.in_front(), ScreenId::Detail);
    assert!(rig.shows("正在读日志"), "nothing is invented meanwhile");
    let msg = rig.inbox.recv_timeout(std::time::Duration::from_mins(1)).unwrap();
    rig.app.on_msg(msg);
    assert!(rig.shows("签到 1 桌 读证") && rig.shows("无照片"));
    rig.pass(std::time::Duration::from_secs(61));
    assert_eq!(rig.app.in_front(), ScreenId::Roster, "nobody's details stand on a screen that nobody touches");
    assert_eq!(rig.app.roster.query(), tail, "the search stays");
}

#[test]
fn a_card_picks_its_person_on_the_roster_where_they_are_in_and_is_a_strip_elsewhere() {
    let mut rig = Rig::open("wang");
    rig.key(KeyCode::F(3));
    rig.tap(0);
    assert_eq!(rig.app.in_front(), ScreenId::Roster, "somebody who was not in: work goes on");
    assert!(rig.app.strip.is_some());
    rig.pass(std::time::Duration::from_secs(11));
    rig.tap(0);
    assert!(matches!(&rig.app.place, Place::Detail(_, shown, _) if *shown == cand(&rig.people[0])));
    rig.key(KeyCode::F(4));
    rig.tap(1);
    rig.pass(std::time::Duration::from_secs(11));
    rig.tap(1);
    let Place::SeatMap(state) = &rig.app.place else { panic!("the map stays") };
    let selected = state.selected(&rig.app.seat_map_data().unwrap()).unwrap();
    assert_eq!(selected.to_string(), rig.place_of(1));
    rig.key(KeyCode::F(10));
    rig.pass(std::time::Duration::from_secs(11));
    rig.tap(0);
    assert!(matches!(rig.app.overlay, Some(Overlay::Menu(..))), "nothing opens under a menu");
}

#[test]
fn a_seat_is_found_where_people_sit_now() {
    let mut rig = Rig::open("wang");
    rig.tap(0);
    let place = rig.place_of(0);
    let (room, _) = place.split_once('-').unwrap();
    let to = format!("{room}-99");
    rig.command(Command::MoveSeat(no(1), cand(&rig.people[0]), to.parse().unwrap(), SeatReason::Order), "wang");
    rig.key(KeyCode::Esc);
    rig.text(&to);
    let rows = rig.app.roster_data().rows;
    assert_eq!(rows.iter().map(|row| &row.number).collect::<Vec<_>>(), [&cand(&rig.people[0])]);
    rig.ctrl('u');
    rig.text(&place);
    assert!(rig.app.roster_data().rows.iter().all(|row| row.number != cand(&rig.people[0])));
}

#[test]
fn filters_show_who_is_missing_or_waits_and_tab_turns_them() {
    let mut rig = Rig::open("wang");
    rig.tap(0);
    rig.key(KeyCode::F(3));
    let count = |rig: &Rig| rig.app.roster_data().hits;
    let all = count(&rig);
    rig.text("??");
    assert_eq!(count(&rig), all - 1);
    rig.ctrl('u');
    rig.key(KeyCode::Tab);
    assert_eq!((rig.app.roster.query(), count(&rig)), ("! ", 0));
    rig.clock.advance_to(at(100));
    rig.tap(1);
    rig.key(KeyCode::Tab);
    rig.key(KeyCode::Tab);
    rig.key(KeyCode::Tab);
    assert_eq!(count(&rig), 1, "turned away, too late");
    rig.key(KeyCode::F(8));
    assert_eq!(rig.app.pending_cases().len(), 1);
    assert!(rig.shows("KD-A-52"));
    rig.key(KeyCode::Enter);
    assert!(matches!(&rig.app.place, Place::Detail(_, shown, _) if *shown == cand(&rig.people[1])));
}

#[test]
fn nobody_found_offers_the_session_that_has_somebody() {
    let mut rig = Rig::open("chen");
    rig.open_second();
    rig.sign_in("wang");
    let other = rig.of_session(2);
    let number = cand(&rig.people[other]);
    rig.key(KeyCode::F(3));
    rig.text(number.as_str());
    assert!(rig.app.roster_data().rows.is_empty());
    assert!(rig.shows("第 2 场 有 1 人符合"));
    rig.key(KeyCode::Enter);
    assert_eq!(rig.app.roster_data().rows.len(), 1);
    assert_eq!(rig.viewed_no(), Some(no(2)));
    rig.key(KeyCode::Esc);
    assert_eq!(rig.viewed_no(), Some(no(1)), "home again");
}

#[test]
fn the_map_moves_somebody_by_keys_alone_and_keeps_within_the_role() {
    let mut rig = Rig::open("wang");
    rig.tap(0);
    rig.key(KeyCode::F(4));
    assert!(rig.shows("图例"));
    assert_eq!(rig.app.in_front(), ScreenId::SeatMap);
    rig.sign_in("sun");
    rig.key(KeyCode::F(4));
    assert_eq!(rig.app.in_front(), ScreenId::Ready, "an assessor sees no roster");
    rig.sign_in("wang");
    rig.key(KeyCode::F(4));
    rig.key(KeyCode::Right);
    rig.key(KeyCode::Char('w'));
    rig.key(KeyCode::Char('1'));
    let map = rig.app.seat_map_data().unwrap();
    assert!(
        map.rooms[0].seats.iter().any(|(_, mark)| *mark == super::super::seatmap::Mark::Open),
        "expected on a dead seat"
    );
    assert!(rig.shows("已写入"));
}

#[test]
fn every_question_names_its_session_and_acts_on_no_other() {
    let mut rig = Rig::open("chen");
    rig.command(Command::Open(no(2)), "chen");
    rig.clock.advance_to(at(300));
    rig.app.choose(Item::Start);
    assert!(rig.shows("场次 1") && rig.shows("(1/2)"));
    rig.key(KeyCode::Down);
    assert!(rig.shows("场次 2") && rig.shows("(2/2)"));
    rig.command(Command::Start(no(2)), "chen");
    rig.key(KeyCode::Enter);
    let state = |rig: &Rig, n| rig.app.desk.desk().books()[&no(n)].record.state;
    assert_eq!(state(&rig, 1), crate::domain::session::State::Open, "the other one was not asked about");
    assert!(rig.shows("没有要做的"));
    rig.app.choose(Item::Start);
    rig.key(KeyCode::Enter);
    assert_eq!(state(&rig, 1), crate::domain::session::State::Running);
}

#[test]
fn absences_and_collecting_follow_the_session_on_the_screen() {
    let mut rig = Rig::two_running();
    rig.app.choose(Item::Absent);
    assert!(rig.shows("场次 1") && rig.shows("(1/2)"));
    rig.key(KeyCode::Tab);
    assert!(rig.shows("场次 2"));
    rig.key(KeyCode::Enter);
    assert!(rig.shows("登记缺考") && rig.shows("场次 2"));
    rig.key(KeyCode::Enter);
    let absent = |rig: &Rig, n| {
        let book = &rig.app.desk.desk().books()[&no(n)];
        book.record.attendance.touched().filter(|(_, state)| matches!(state, Attendance::Absent(..))).count()
    };
    assert!(absent(&rig, 2) > 0);
    assert_eq!(absent(&rig, 1), 0);
    rig.app.choose(Item::Close);
    assert!(rig.shows("场次 2"), "still the one gone to");
    rig.key(KeyCode::PageDown);
    assert!(rig.shows("场次 1"));
    rig.key(KeyCode::Esc);
    assert_eq!(rig.app.viewed, None);
}

#[test]
fn a_form_to_close_is_gone_with_its_session_and_turns_into_no_other() {
    let mut rig = Rig::open("chen");
    finish(&mut rig);
    rig.command(Command::Open(no(2)), "chen");
    rig.clock.advance_to(at(300));
    rig.command(Command::Start(no(2)), "chen");
    rig.app.choose(Item::Close);
    assert!(rig.shows("场次 1"));
    rig.command(Command::Close(no(1)), "chen");
    assert!(!matches!(rig.app.place, Place::Close(_)), "session 2 runs, and nobody asked about it");
    assert!(rig.app.desk.desk().books()[&no(2)].record.state == crate::domain::session::State::Running);
    assert!(matches!(rig.app.sessions_for(&confirm::Act::Quit), (sessions, 0) if sessions.is_empty()));
}
