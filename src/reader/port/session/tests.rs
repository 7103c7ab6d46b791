//! The session against a simulated module on a line in memory, whose clock moves only when somebody waits.

mod loss;
mod memory;
mod modes;

use super::*;
use crate::reader::port::PortFault;
use crate::reader::record::ResidentCard;
use crate::reader::sam::encode_reply;
use crate::reader::simulate::{Card, Fault, Often, On, Plan, Settings, Simulator};
use memory::{Scene, told, up};
use proptest::prelude::*;

fn fields() -> ResidentCard {
    ResidentCard { name: "测试一".into(), number: "110199199003070017".into(), ..ResidentCard::default() }
}

fn card() -> Card {
    Card::resident(&fields()).unwrap()
}

fn presented() -> ReaderEvent {
    told(&card())
}

fn unreadable(sw3: Option<u8>) -> ReaderEvent {
    ReaderEvent::Presented(Presented::Unreadable { sw3 })
}

const UNKNOWN: ReaderEvent = ReaderEvent::Presented(Presented::UnknownKind);

#[test]
fn a_card_is_presented_once_per_presence_on_every_kind_of_module() {
    for sticky in [false, true] {
        for chip_number in [false, true] {
            let scene = Scene::new(Settings { sticky, chip_number, ..Settings::default() })
                .at(2, |module| module.present(card()))
                .at(10, Simulator::remove)
                .at(13, |module| module.present(card()))
                .at(20, Simulator::remove);
            let twice = [presented(), ReaderEvent::Removed, presented(), ReaderEvent::Removed];
            assert_eq!(scene.cards(), twice, "sticky {sticky}, chip number {chip_number}");
        }
    }
}

#[test]
fn the_same_card_is_presented_again_only_if_so_configured() {
    let lying = |sticky, same_card: Option<u64>| {
        let mut scene = Scene::new(Settings { sticky, ..Settings::default() }).at(1, |module| module.present(card()));
        scene.config.same_card = same_card.map(Duration::from_secs);
        scene.cards()
    };
    assert_eq!(lying(false, None), [presented()]);
    assert_eq!(lying(false, Some(10)), [presented(), presented(), presented()]);
    assert_eq!(lying(true, Some(10)), [presented()]);
}

#[test]
fn a_refused_read_is_unreadable_and_told_once_while_the_card_stays() {
    for sw3 in [0x31, 0x32, 0x33, 0x41] {
        let fault = || Fault::Status { sw3 };
        let once = Scene::new(Settings::default()).with(Plan::once(fault(), On::Read)).at(1, |m| m.present(card()));
        assert_eq!(once.cards(), [unreadable(Some(sw3)), presented()]);
        let always = Scene::new(Settings::default()).with(Plan::always(fault(), On::Read)).at(1, |m| m.present(card()));
        assert_eq!(always.cards(), [unreadable(Some(sw3))]);
    }
    let lifted = Scene::new(Settings { sticky: true, ..Settings::default() })
        .with(Plan::once(Fault::Status { sw3: 0x41 }, On::Read))
        .at(1, |module| module.present(card()))
        .at(5, Simulator::remove)
        .at(8, |module| module.present(card()));
    assert_eq!(lifted.cards(), [unreadable(Some(0x41)), ReaderEvent::Removed, presented()]);
}

#[test]
fn a_sequence_that_broke_is_tried_again_before_anybody_is_told() {
    for fault in [
        Fault::Status { sw3: 0x24 },
        Fault::Status { sw3: 0x34 },
        Fault::Status { sw3: 0x47 },
        Fault::Silence,
        Fault::FlipBit { at: 700, bit: 3 },
        Fault::DropByte { at: 600 },
        Fault::InsertByte { at: 1, byte: 0 },
        Fault::Cut { after: 900 },
        Fault::WrongLength { length: 0xFFFF },
        Fault::WrongSpeed,
    ] {
        let play = |often| {
            let plan = Plan { fault: fault.clone(), on: On::Read, often };
            Scene::new(Settings::default()).with(plan).at(1, |module| module.present(card())).cards()
        };
        assert_eq!(play(Often::Once), [presented()], "{fault:?}");
        let sw3 = if let Fault::Status { sw3 } = fault { Some(sw3) } else { None };
        assert_eq!(play(Often::Always), [unreadable(sw3)], "{fault:?}");
    }
}

#[test]
fn a_card_lifted_in_the_middle_is_unreadable_and_then_gone() {
    let scene = Scene::new(Settings::default())
        .with(Plan::once(Fault::Lifted { after: 400 }, On::Read))
        .at(1, |module| module.present(card()))
        .at(9, |module| module.present(card()));
    assert_eq!(scene.cards(), [unreadable(None), ReaderEvent::Removed, presented()]);
}

#[test]
fn a_card_of_another_kind_is_told_once() {
    for on in [On::Find, On::Select, On::Read] {
        let scene = Scene::new(Settings::default())
            .with(Plan::always(Fault::Status { sw3: 0x40 }, on))
            .at(1, |module| module.present(card()))
            .at(9, |module| {
                module.remove();
                module.clear_faults();
            });
        assert_eq!(scene.cards(), [UNKNOWN, ReaderEvent::Removed], "{on:?}");
    }
    let two_cards = Scene::new(Settings::default())
        .with(Plan::always(Fault::Status { sw3: 0x81 }, On::Select))
        .at(1, |module| module.present(card()));
    assert_eq!(two_cards.cards(), [UNKNOWN]);
    let once = Scene::new(Settings::default())
        .with(Plan::once(Fault::Status { sw3: 0x81 }, On::Select))
        .at(1, |module| module.present(card()));
    assert_eq!(once.cards(), [presented()]);
}

#[test]
fn a_command_that_arrived_damaged_is_sent_again() {
    for sw3 in [0x10, 0x11] {
        let scene = Scene::new(Settings::default())
            .with(Plan::once(Fault::Status { sw3 }, On::Find))
            .with(Plan::once(Fault::Status { sw3 }, On::Read))
            .at(1, |module| module.present(card()));
        assert_eq!(scene.play().told.quiet(), (vec![up(), presented()], 0));
    }
}

#[test]
fn noise_and_foreign_replies_are_counted_and_never_a_card() {
    let login = Scene::new(Settings::default())
        .with(Plan::always(Fault::NoiseBefore { bytes: vec![0x00, 0xFF, 0xAA, 0xAA, 0x96] }, On::Read))
        .at(1, |module| module.present(card()));
    assert_eq!(login.play().told.quiet(), (vec![up(), presented()], 5));

    // Every reply comes twice: the second is thrown away before the next command.
    let twice = Scene::new(Settings::default())
        .with(Plan::always(Fault::Duplicate, On::Any))
        .at(1, |module| module.present(card()));
    let (events, noise) = twice.play().told.quiet();
    assert_eq!(events.iter().filter(|event| **event == presented()).count(), 1, "{events:?}");
    assert!(noise >= 1295, "{noise}");

    // Another device talks all the time before it falls silent.
    let bytes = (0..1000u32).map(|n| (Duration::from_millis(n.into()), n.to_le_bytes()[0]));
    let chatter = Scene::new(Settings::default()).at(3, |module| module.present(card())).unasked(bytes);
    assert_eq!(chatter.play().told.quiet(), (vec![up(), presented()], 1000));
}

#[test]
fn a_late_reply_does_not_answer_the_next_command() {
    for on in [On::Find, On::Select, On::Read, On::Presence] {
        let scene = Scene::new(Settings::default())
            .at(1, |module| module.present(card()))
            .with(Plan::once(Fault::Late { ms: 600 }, on))
            .with(Plan::once(Fault::Late { ms: 1200 }, On::Read));
        assert_eq!(scene.cards(), [presented()], "{on:?}");
    }
}

#[test]
fn a_module_that_refuses_or_is_silent_ends_the_session_with_its_own_fault() {
    let ended = |scene: Scene| {
        let played = scene.play();
        (played.end, played.told.quiet().0)
    };
    let broken = |sw3, often| {
        let plan = Plan { fault: Fault::Status { sw3 }, on: On::Status, often };
        ended(Scene::new(Settings::default()).with(plan))
    };
    assert_eq!(broken(0x60, Often::Always), (End::Fault(PortFault::SelfTestFailed), vec![]));
    assert_eq!(broken(0x60, Often::Once), (End::Stopped, vec![up()]));
    assert_eq!(broken(0x66, Often::Always), (End::Fault(PortFault::NotAuthorised), vec![]));
    let later = Scene::new(Settings::default())
        .at(5, |module| module.set_fault(Plan::always(Fault::Status { sw3: 0x66 }, On::Any)));
    assert_eq!(ended(later), (End::Fault(PortFault::NotAuthorised), vec![up()]));

    let path = "/dev/memory".into();
    let silent = End::Fault(PortFault::Silent { path });
    let deaf = Scene::new(Settings::default()).with(Plan::always(Fault::Silence, On::Any));
    assert_eq!(ended(deaf), (silent.clone(), vec![]));
    let falls_silent =
        Scene::new(Settings::default()).at(5, |module| module.set_fault(Plan::always(Fault::Silence, On::Any)));
    assert_eq!(ended(falls_silent), (silent, vec![up()]));
}

#[test]
fn two_lost_replies_are_no_silence() {
    let scene = Scene::new(Settings::default())
        .with(Plan::once(Fault::Silence, On::Find))
        .with(Plan::once(Fault::Silence, On::Find))
        .with(Plan::once(Fault::Silence, On::Status))
        .at(6, |module| module.present(card()));
    assert_eq!(scene.cards(), [presented()]);
}

/// One byte more. Where it equals the checksum the whole frame but its last byte passes the XOR: no host can see that, so
/// it is left out.
fn insertion() -> impl Strategy<Value = Fault> {
    let unseen: Vec<u8> = std::iter::once(card())
        .chain((0..20).map(modes::person))
        .filter_map(|card| encode_reply([0, 0], 0x90, &card.data(false)).last().copied())
        .collect();
    let seen = any::<u8>().prop_filter("equals a checksum", move |byte| !unseen.contains(byte));
    (0usize..1300, seen).prop_map(|(at, byte)| Fault::InsertByte { at, byte })
}

fn damage() -> impl Strategy<Value = Plan> {
    let fault = prop_oneof![
        (0usize..1300).prop_map(|at| Fault::DropByte { at }),
        insertion(),
        (0usize..1300, 0u8..8).prop_map(|(at, bit)| Fault::FlipBit { at, bit }),
        any::<u16>().prop_map(|length| Fault::WrongLength { length }),
        (0usize..1300).prop_map(|after| Fault::Cut { after }),
        (0u64..3000).prop_map(|ms| Fault::Late { ms }),
        Just(Fault::Duplicate),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| Fault::NoiseBefore { bytes }),
        Just(Fault::Silence),
        Just(Fault::WrongSpeed),
        prop::sample::select(vec![0x10, 0x11, 0x24, 0x31, 0x34, 0x3F, 0x41, 0x47, 0x77, 0x80, 0x81])
            .prop_map(|sw3| Fault::Status { sw3 }),
    ];
    let on = prop::sample::select(vec![On::Any, On::Status, On::Find, On::Select, On::Read, On::Presence]);
    (fault, on).prop_map(|(fault, on)| Plan::once(fault, on))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_was_damaged_the_true_card_comes_and_no_other(
        plans in prop::collection::vec(damage(), 0..6), sticky in any::<bool>(), chip_number in any::<bool>(),
    ) {
        let mut scene = Scene::new(Settings { sticky, chip_number, ..Settings::default() });
        for plan in plans {
            scene = scene.with(plan);
        }
        // Lifted and laid down again as often as something can go wrong: a sticky module needs that after a failure.
        for presence in 0..7 {
            scene = scene.at(13 * presence, |module| module.present(card())).at(13 * presence + 10, Simulator::remove);
        }
        let played = scene.until_ms(13 * 7 * 1000).play();
        prop_assert_eq!(played.end, End::Stopped);
        let (events, _) = played.told.quiet();
        prop_assert!(events.contains(&presented()), "{:?}", events);
        for event in events {
            if let ReaderEvent::Presented(Presented::Card(_)) = event {
                prop_assert!(event == presented());
            }
        }
    }
}

mod requests {
    use super::*;
    use crate::reader::port::{Request, Tested};
    use std::sync::mpsc::channel;

    fn tests(told: &[ReaderEvent]) -> Vec<&Tested> {
        told.iter()
            .filter_map(|event| if let ReaderEvent::Tested(tested) = event { Some(tested) } else { None })
            .collect()
    }

    #[test]
    fn what_is_asked_is_done_between_two_polls_and_cards_are_read_as_before() {
        let (ask, asked) = channel();
        for request in [Request::SelfTest, Request::Reset, Request::Speeds] {
            ask.send(request).unwrap();
        }
        let scene = Scene::new(Settings { heeds_speed: true, ..Settings::default() })
            .at(15, |module| module.present(card()))
            .at(20, Simulator::remove);
        let played = scene.play_attended(&asked);
        let (told, _) = played.told.quiet();
        let expected = [Tested::SelfTest(true), Tested::Reset(true), Tested::Speeds(vec![115_200])];
        assert_eq!(tests(&told), expected.iter().collect::<Vec<_>>());
        assert_eq!(told.iter().filter(|event| **event == presented()).count(), 1);
        assert_eq!((played.end, played.speed), (End::Stopped, 115_200));
    }

    #[test]
    fn a_card_that_lies_there_through_a_reset_is_not_presented_again() {
        let (ask, asked) = channel();
        let scene = Scene::new(Settings::default()).at(1, |module| module.present(card())).at(3, move |_| {
            ask.send(Request::Reset).unwrap();
        });
        let (told, _) = scene.play_attended(&asked).told.quiet();
        assert_eq!(told, [up(), presented(), ReaderEvent::Tested(Tested::Reset(true))]);
    }

    #[test]
    fn a_module_that_fails_the_self_test_is_a_fault() {
        let (ask, asked) = channel();
        let scene = Scene::new(Settings::default()).at(2, move |module| {
            module.set_fault(Plan::always(Fault::Status { sw3: 0x60 }, On::Status));
            ask.send(Request::SelfTest).unwrap();
        });
        assert_eq!(scene.play_attended(&asked).end, End::Fault(PortFault::SelfTestFailed));
    }
}
