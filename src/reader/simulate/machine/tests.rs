use super::super::fault::{Fault, Often, On};
use super::*;
use crate::reader::frame;
use crate::reader::record::ResidentCard;
use crate::reader::sam::SamNumber as Number;
use proptest::prelude::*;

fn card() -> Card {
    Card::resident(&ResidentCard { name: "测试一".into(), ..ResidentCard::default() }).unwrap()
}

fn sent(acts: Vec<Act>) -> Vec<u8> {
    acts.into_iter()
        .flat_map(|act| match act {
            Act::Send(bytes) => bytes,
            _ => Vec::new(),
        })
        .collect()
}

/// The status of the only reply to a command, and how much data it has.
fn ask(simulator: &mut Simulator, command: Command) -> (u8, usize) {
    let bytes = sent(simulator.receive(&command.bytes()));
    assert_eq!(bytes.len(), 11 + bytes.len().saturating_sub(11), "one frame");
    (bytes[9], bytes.len() - 11)
}

#[test]
fn the_table_of_states_answers_as_written() {
    use Command::{ChipNumber, Find, LatestAddress, Read, ReadWithFingerprint, Select};
    for sticky in [false, true] {
        let mut module = Simulator::new(Settings { sticky, ..Settings::immediate() });
        for (command, expected) in
            [(Find, 0x80), (Select, 0x81), (Read, 0x41), (ChipNumber, 0x41), (LatestAddress, 0x41)]
        {
            assert_eq!(ask(&mut module, command), (expected, 0), "{command:?} without a card");
        }
        module.present(card());
        assert_eq!(ask(&mut module, Select), (0x81, 0));
        assert_eq!(ask(&mut module, Read), (0x41, 0));
        assert_eq!(ask(&mut module, Find), (0x9F, 4));
        assert_eq!(ask(&mut module, Select), (0x90, 8));
        assert_eq!(ask(&mut module, LatestAddress), (0x91, 0));
        assert_eq!(ask(&mut module, Read), (0x90, 1284));
        assert_eq!(module.state(), State::Done);
        assert_eq!(ask(&mut module, ChipNumber), (0x90, 8));
        assert_eq!(ask(&mut module, Read), (0x41, 0));
        let again = if sticky { (0x80, 0) } else { (0x9F, 4) };
        assert_eq!(ask(&mut module, Find), again);
        module.remove();
        module.present(card());
        ask(&mut module, Find);
        ask(&mut module, Select);
        assert_eq!(ask(&mut module, ReadWithFingerprint), (0x90, 1286));
        module.remove();
        assert_eq!(ask(&mut module, ChipNumber), (0x41, 0));
        assert_eq!(ask(&mut module, Find), (0x80, 0));
    }
}

#[test]
fn settings_are_answered() {
    use Command::{ChipNumber, Find, Read, Reset, SamNumber, SetMaxRadioFrame, SetSpeed, Status};
    let settings = Settings { chip_number: false, unselected: 0x34, filled_numbers: true, ..Settings::immediate() };
    let mut module = Simulator::new(settings);
    assert_eq!(sent(module.receive(&SamNumber.bytes()))[10..26], *Number::SIMULATED.bytes());
    for command in [Status, Reset, SetSpeed(4), SetMaxRadioFrame(80)] {
        assert_eq!(ask(&mut module, command), (0x90, 0), "{command:?}");
    }
    assert_eq!(ask(&mut module, ChipNumber), (0x21, 0));
    assert_eq!(ask(&mut module, Read), (0x34, 0));
    module.present(card());
    assert_eq!(sent(module.receive(&Find.bytes()))[10..14], [1, 2, 3, 4]);
}

#[test]
fn damaged_and_unknown_commands_get_their_status() {
    let mut module = Simulator::new(Settings::immediate());
    let mut wrong = Command::Find.bytes();
    wrong[9] ^= 1;
    assert_eq!(sent(module.receive(&wrong))[9], 0x10);
    assert_eq!(sent(module.receive(&frame::encode(&[0x00])))[9], 0x11);
    assert_eq!(sent(module.receive(&frame::encode(&[0x77, 0x01])))[9], 0x21);
    assert!(module.receive(&Command::Find.bytes()[..8]).is_empty());
    assert!(module.is_waiting());
    assert_eq!(sent(module.idle_gap())[9], 0x11);
}

#[test]
fn delays_and_pacing_are_waits() {
    let mut module = Simulator::new(Settings { baud: 9_600, ..Settings::default() });
    module.present(card());
    for command in [Command::Find, Command::Select] {
        module.receive(&command.bytes());
    }
    let acts = module.receive(&Command::Read.bytes());
    let waited: Duration = acts.iter().map(|act| if let Act::Wait(time) = act { *time } else { Duration::ZERO }).sum();
    assert_eq!(acts[0], Act::Wait(Duration::from_millis(700)));
    assert!((2045..=2048).contains(&waited.as_millis()), "{waited:?}");
    let bursts: Vec<usize> =
        acts.iter().filter_map(|act| if let Act::Send(bytes) = act { Some(bytes.len()) } else { None }).collect();
    let (last, others) = bursts.split_last().unwrap();
    assert!(others.iter().all(|size| (16..=62).contains(size)) && *last <= 62, "{bursts:?}");
    assert_eq!(bursts.iter().sum::<usize>(), 1295);
}

#[test]
fn each_fault_spoils_the_reply_it_names() {
    let spoilt = |fault: Fault| {
        let mut module = Simulator::new(Settings::immediate());
        module.present(card());
        module.set_fault(Plan::once(fault, On::Find));
        let first = sent(module.receive(&Command::Find.bytes()));
        assert_eq!(ask(&mut module, Command::Status), (0x90, 0), "only find is hit");
        (first, module.state())
    };
    let good = sam::encode_reply([0, 0], 0x9F, &[0; 4]);
    assert_eq!(spoilt(Fault::Status { sw3: 0x66 }), (sam::encode_reply([0, 0], 0x66, &[]), State::Present));
    assert_eq!(spoilt(Fault::DropByte { at: 0 }).0, good[1..]);
    assert_eq!(spoilt(Fault::DropByte { at: 99 }).0, good);
    assert_eq!(spoilt(Fault::InsertByte { at: 1, byte: 0 }).0, [&good[..1], &[0], &good[1..]].concat());
    assert_eq!(spoilt(Fault::FlipBit { at: 9, bit: 0 }).0[9], 0x9E);
    assert_eq!(spoilt(Fault::WrongLength { length: 0xFFFF }).0[5..7], [0xFF, 0xFF]);
    assert_eq!(spoilt(Fault::Cut { after: 6 }).0, good[..6]);
    assert_eq!(spoilt(Fault::Duplicate).0, [good.clone(), good.clone()].concat());
    assert_eq!(spoilt(Fault::NoiseBefore { bytes: vec![1, 2] }).0, [&[1, 2], &good[..]].concat());
    assert!(spoilt(Fault::Silence).0.is_empty());
    assert_eq!(spoilt(Fault::WrongSpeed).0.len(), good.len());
    assert_eq!(spoilt(Fault::Late { ms: 5 }), (good.clone(), State::Found));
    assert_eq!(spoilt(Fault::Lifted { after: 3 }), (good[..3].to_vec(), State::Idle));
    assert_eq!(spoilt(Fault::PortClosed { after: 3, ms: 5 }), (good[..3].to_vec(), State::Found));
}

#[test]
fn a_port_that_vanishes_is_an_act_with_its_way_back() {
    let unplugged = |fault: Fault| {
        let mut module = Simulator::new(Settings::immediate());
        module.set_fault(Plan::once(fault, On::Any));
        module.receive(&Command::Status.bytes()).pop().unwrap()
    };
    let away = Duration::from_millis(5);
    assert_eq!(unplugged(Fault::PortClosed { after: 0, ms: 5 }), Act::Unplug { away, name: None });
    let renamed = Fault::PortRenamed { after: 9, ms: 5, name: "ttyUSB1".to_owned() };
    assert_eq!(unplugged(renamed), Act::Unplug { away, name: Some("ttyUSB1".to_owned()) });
}

#[test]
fn a_new_speed_holds_after_the_answer_or_before_it() {
    let good = sam::encode_reply([0, 0], 0x90, &[]);
    let change = [Act::Wait(Duration::from_millis(5)), Act::Speed(19_200)];
    let mut module = Simulator::new(Settings::immediate());
    let acts = module.receive(&Command::SetSpeed(3).bytes());
    assert_eq!(acts, [&[Act::Send(good.clone())], &change[..]].concat());
    module.power_cycle();
    assert_eq!(module.baud(), 19_200, "kept without power");

    let mut module = Simulator::new(Settings { answers_at_new_speed: true, ..Settings::immediate() });
    let acts = module.receive(&Command::SetSpeed(3).bytes());
    assert_eq!(acts, [&change[..], &[Act::Send(good)]].concat());
    assert_eq!(sent(module.receive(&frame::encode(&[0x60, 0x05])))[9], 0x21);
    assert_eq!(module.baud(), 19_200);
}

#[test]
fn after_a_reset_a_module_hears_nothing_for_a_while() {
    let mut module = Simulator::new(Settings { paced: false, ..Settings::default() });
    let acts = module.receive(&Command::Reset.bytes());
    assert_eq!(acts.last(), Some(&Act::Deaf(Duration::from_secs(2))));
}

#[test]
fn a_module_may_be_silent_where_a_command_arrived_damaged() {
    let mut module = Simulator::new(Settings { answers_damaged: false, ..Settings::immediate() });
    let mut wrong = Command::Find.bytes();
    wrong[9] ^= 1;
    assert_eq!(module.receive(&wrong), []);
    assert_eq!(module.receive(&frame::encode(&[0x00])), []);
    assert_eq!(ask(&mut module, Command::Find), (0x80, 0));
}

#[test]
fn a_refused_read_leaves_the_card_to_be_lifted_on_a_sticky_module_only() {
    for (sticky, expected) in [(true, (0x80, 0)), (false, (0x9F, 4))] {
        let mut module = Simulator::new(Settings { sticky, ..Settings::immediate() });
        module.present(card());
        module.set_fault(Plan::once(Fault::Status { sw3: 0x41 }, On::Read));
        for command in [Command::Find, Command::Select] {
            ask(&mut module, command);
        }
        assert_eq!(ask(&mut module, Command::Read), (0x41, 0));
        assert_eq!(ask(&mut module, Command::Find), expected);
    }
}

#[test]
fn faults_come_once_always_or_by_the_seed() {
    let silences = |often: Often| {
        let mut module = Simulator::new(Settings::immediate());
        module.set_fault(Plan { fault: Fault::Silence, on: On::Any, often });
        (0..1000).filter(|_| sent(module.receive(&Command::Status.bytes())).is_empty()).count()
    };
    assert_eq!((silences(Often::Once), silences(Often::Always)), (1, 1000));
    let by_chance = silences(Often::Permille(300));
    assert_eq!(by_chance, silences(Often::Permille(300)));
    assert!((200..400).contains(&by_chance), "{by_chance}");
}

#[test]
fn a_plan_is_written_as_one_line_of_a_script() {
    let plan: Plan =
        toml::from_str("fault = \"flip_bit\"\nat = 700\nbit = 4\non = \"read\"\noften = \"always\"").unwrap();
    assert_eq!(plan, Plan::always(Fault::FlipBit { at: 700, bit: 4 }, On::Read));
    let plan: Plan = toml::from_str("fault = \"silence\"\noften = { permille = 5 }").unwrap();
    assert_eq!(plan, Plan { fault: Fault::Silence, on: On::Any, often: Often::Permille(5) });
}

proptest! {
    #[test]
    fn no_bytes_make_the_module_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), with_card in any::<bool>()) {
        let mut module = Simulator::new(Settings::immediate());
        if with_card {
            module.present(card());
        }
        module.receive(&bytes);
        module.idle_gap();
        prop_assert_eq!(ask(&mut module, Command::Status), (0x90, 0));
    }
}
