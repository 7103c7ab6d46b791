//! The diagnosis of the reader: what a trial read takes off the way of a tap, and when it gives it back.

use super::super::super::screens::{menu::Item, reader as screen};
use super::super::{App, Place};
use super::{Rig, at};
use crate::domain::document::{CardRead, Presented};
use crate::domain::photo::{DecoderFault, Photo};
use crate::reader::photo::PhotoDecoder;
use crate::reader::port::{PortConfig, ReaderEvent, Tested};
use crate::reader::simulate::{Settings, SimulatedReader};
use crate::runtime::msg::Msg;
use crossterm::event::KeyCode;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

impl Rig {
    /// Check-in is open and the diagnosis stands.
    fn diagnosing() -> Self {
        let mut rig = Self::open("wang");
        rig.app.choose(Item::Reader);
        rig
    }

    fn lines(&self) -> Option<u64> {
        self.app.last_line.map(|(seq, _)| seq)
    }
}

fn trial(app: &App) -> Option<screen::Trial> {
    app.reader_data().trial
}

#[test]
fn a_card_of_a_trial_read_is_shown_masked_and_reaches_no_journal() {
    let mut rig = Rig::diagnosing();
    let before = rig.lines();
    rig.key(KeyCode::Char('5'));
    assert_eq!(trial(&rig.app), Some(screen::Trial::Waits(30)));
    rig.tap(0);
    let Some(screen::Trial::Read(seen)) = trial(&rig.app) else { panic!("a card that was read") };
    assert_eq!((seen.masked.chars().count(), seen.tail.chars().count()), (2, 4));
    assert_eq!((rig.lines(), rig.app.taps.len()), (before, 0), "not judged");
    rig.tap(0);
    assert_eq!(rig.lines(), before, "the same card while it lies there");

    rig.msg(Msg::Reader(ReaderEvent::Removed));
    assert!(rig.app.reader_data().lifted && trial(&rig.app).is_some(), "what was read stays in sight");
    rig.tap(0);
    assert!(rig.lines() > before, "judged again, on this screen too");
    assert!(matches!(rig.app.place, Place::Reader(_)), "and the screen stays");
}

#[test]
fn the_photo_of_a_trial_read_is_decoded_aside_and_its_fault_is_said_with_what_to_do() {
    let mut rig = Rig::diagnosing();
    let tap = |rig: &mut Rig| {
        let read = CardRead { photo: Photo::Raw([0x57; 1024].into()), ..rig.read(0) };
        rig.reader(ReaderEvent::Presented(Presented::Card(Box::new(read))));
    };
    let picture = |rig: &Rig| match trial(&rig.app) {
        Some(screen::Trial::Read(seen)) => seen.photo,
        other => panic!("{other:?}"),
    };
    rig.key(KeyCode::Char('5'));
    tap(&mut rig);
    assert_eq!(picture(&rig), screen::Picture::Raw);
    assert!(rig.shows("没有配置解码程序"));

    // A decoder that never ends: the screen says so and everything goes on.
    rig.app.desk().set_photo_decoder(Some(PhotoDecoder::new("/usr/bin/yes".into())));
    tap(&mut rig);
    assert_eq!(picture(&rig), screen::Picture::Waits);
    let developed = rig.inbox.recv_timeout(Duration::from_mins(1)).unwrap();
    rig.msg(developed);
    assert_eq!(picture(&rig), screen::Picture::Failed(DecoderFault::Output));
    assert!(rig.shows("KD-3124") && rig.shows("换一个解码程序"));
    // What comes of a photo whose trial is over is nobody's.
    rig.msg(Msg::Developed(1, Photo::DecoderFailed(DecoderFault::Blank)));
    assert_eq!(picture(&rig), screen::Picture::Failed(DecoderFault::Output));

    rig.msg(Msg::Reader(ReaderEvent::Removed));
    let before = rig.lines();
    tap(&mut rig);
    assert!(rig.lines() > before && rig.inbox.try_recv().is_err(), "a card that is judged starts no decoder");
}

#[test]
fn a_card_that_cannot_be_read_is_no_tap_in_a_trial() {
    let mut rig = Rig::diagnosing();
    let before = rig.lines();
    rig.key(KeyCode::Char('5'));
    rig.msg(Msg::Reader(ReaderEvent::Presented(Presented::Unreadable { sw3: Some(0x41) })));
    assert_eq!((trial(&rig.app), rig.lines()), (Some(screen::Trial::Failed), before));
}

#[test]
fn a_trial_read_ends_wherever_nobody_looks_at_it() {
    let leave: [fn(&mut Rig); 4] = [
        |rig| rig.key(KeyCode::Esc),
        |rig| rig.key(KeyCode::F(2)),
        |rig| rig.key(KeyCode::F(12)),
        |rig| {
            rig.pass(Duration::from_secs(31));
        },
    ];
    for (n, leave) in leave.into_iter().enumerate() {
        let mut rig = Rig::diagnosing();
        let before = rig.lines();
        rig.key(KeyCode::Char('5'));
        leave(&mut rig);
        assert_eq!(trial(&rig.app), None, "way {n}");
        rig.tap(1);
        assert!(rig.lines() > before, "way {n}: checked in");
    }
}

#[test]
fn what_a_test_came_to_is_said_and_esc_goes_back() {
    let mut rig = Rig::diagnosing();
    for (tested, says) in [
        (Tested::SelfTest(true), "自检通过"),
        (Tested::Reset(false), "复位没有得到确认"),
        (Tested::Speeds(vec![9_600, 115_200]), "9600 115200"),
        (Tested::Speeds(Vec::new()), "所有波特率都没有应答"),
    ] {
        rig.app.messages.clear();
        rig.msg(Msg::Reader(ReaderEvent::Tested(tested)));
        assert!(rig.shows(says), "{says}");
    }
    rig.key(KeyCode::Esc);
    assert!(matches!(rig.app.place, Place::Ready));
}

#[test]
fn a_capture_is_for_this_user_alone_and_never_replaces_another() {
    let mut rig = Rig::diagnosing();
    rig.clock.advance_to(at(12));
    let reader = SimulatedReader::start(Settings::immediate(), Some(&rig.dir.path().join("reader"))).unwrap();
    rig.app.desk().attach_reader(PortConfig::fast(reader.path())).unwrap();
    rig.key(KeyCode::Char('6'));
    rig.key(KeyCode::Char('6'));
    assert!(rig.shows("reader-20261124-084200-2.txt"));
    let log = rig.dir.path().join("day/data/log");
    for name in ["reader-20261124-084200.txt", "reader-20261124-084200-2.txt"] {
        let path = log.join(name);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        assert!(std::fs::read_to_string(path).unwrap().starts_with("kaodian reader capture 1\n"));
    }
}
