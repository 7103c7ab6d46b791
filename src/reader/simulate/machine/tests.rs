use super::super::fault::{Fault, Often, On};
use super::*;
use crate::reader::frame;
use crate::reader::record::ResidentCard;
use proptest::prelude::*;

fn card() -> Card {
    Card::resident(&ResidentCard { name: "测试一".into(), ..ResidentCard::default() }).unwrap()
}

fn sent(acts: Vec<Act>) -> Vec<u8> {
    acts.into_iter()
        .flat_map(|act| match act {
            Act::Send(bytes) => bytes,
            Act::Wait(_) => Vec::new(),
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
    assert_eq!(sent(module.receive(&SamNumber.bytes()))[10..26], *super::SamNumber::SIMULATED.bytes());
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
    assert_eq!(waited.as_millis(), 700 + 1348);
    assert!(acts.iter().all(|act| !matches!(act, Act::Send(bytes) if bytes.len() > 62)));
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
        (0..1000)
            .filter(|_| {
                module.receive(&Command::Status.bytes()).iter().all(|act| matches!(act, Act::Send(b) if b.is_empty()))
            })
            .count()
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
