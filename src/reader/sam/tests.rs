use super::*;

fn judge(command: Command, sw3: u8, data: &[u8]) -> Judgement {
    command.judge(&Reply { card_status: [0, 0], sw3, data })
}

#[test]
fn commands_read_back_as_they_are_written() {
    let steps = (0..=4).map(Command::SetSpeed);
    let radio = [24, 80, 255].map(Command::SetMaxRadioFrame);
    let plain = [
        Command::Reset,
        Command::Status,
        Command::SamNumber,
        Command::Find,
        Command::Select,
        Command::Read,
        Command::ReadWithFingerprint,
        Command::AllAddresses,
        Command::LatestAddress,
        Command::ChipNumber,
    ];
    for command in plain.into_iter().chain(steps).chain(radio) {
        assert_eq!(Command::parse(&command.body()), Some(command));
    }
    for unknown in [&[0x60, 5][..], &[0x61, 0xFF, 23], &[0x20, 0x03], &[0x20], &[], &[0x20, 0x01, 0x00]] {
        assert_eq!(Command::parse(unknown), None);
    }
}

#[test]
fn a_late_reply_is_no_answer_to_the_next_command() {
    use Judgement::{Done, Foreign, Refused};
    for (command, sw3, size, expected) in [
        (Command::Find, 0x9F, 4, Done),
        (Command::Find, 0x80, 0, Refused(Remedy::PollOn)),
        (Command::Find, 0x40, 0, Refused(Remedy::WrongCard)),
        (Command::Find, 0x90, 8, Foreign),
        (Command::Find, 0x90, 1284, Foreign),
        (Command::Find, 0x81, 0, Foreign),
        (Command::Find, 0x41, 0, Foreign),
        (Command::Select, 0x90, 8, Done),
        (Command::Select, 0x90, 0, Foreign),
        (Command::Select, 0x9F, 4, Foreign),
        (Command::Select, 0x80, 0, Foreign),
        (Command::Select, 0x81, 0, Refused(Remedy::Restart)),
        (Command::Read, 0x90, 8, Foreign),
        (Command::Read, 0x41, 0, Refused(Remedy::LiftCard)),
        (Command::Read, 0x77, 0, Refused(Remedy::Restart)),
        (Command::Status, 0x90, 0, Done),
        (Command::Status, 0x66, 0, Refused(Remedy::DeviceUnauthorised)),
        (Command::SamNumber, 0x90, 16, Done),
        (Command::LatestAddress, 0x91, 0, Refused(Remedy::Absent)),
        (Command::ChipNumber, 0x80, 0, Refused(Remedy::PollOn)),
        (Command::ChipNumber, 0x90, 24, Done),
    ] {
        assert_eq!(judge(command, sw3, &vec![0; size]), expected, "{command:?} {sw3:02X} {size}");
    }
}

#[test]
fn the_status_table_has_each_code_once() {
    for status in STATUS {
        assert_eq!(STATUS.iter().filter(|other| other.sw3 == status.sw3).count(), 1, "{:02X}", status.sw3);
    }
    assert_eq!(status(0x77), None);
}

#[test]
fn a_module_number_prints_in_four_groups() {
    let bytes = [5, 0, 3, 0, 0x55, 0x77, 0x33, 1, 0x40, 0xE2, 1, 0, 0xB1, 0x68, 0xDE, 0x3A];
    let number = SamNumber::parse(&bytes).unwrap();
    assert_eq!(number.to_string(), "05.03-20150101-0000123456-0987654321");
    assert!(!number.is_simulated());
    assert!(SamNumber::SIMULATED.is_simulated());
    assert_eq!(SamNumber::SIMULATED.to_string(), "99.99-00000000-0000000000-0000000001");
    assert_eq!(SamNumber::parse(&bytes[1..]), None);
}
