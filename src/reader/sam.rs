//! Commands, replies and status codes of the SAM module (id-card-reader.md §3, §4, §8, §11).
//!
//! ```text
//! command body   CMD PARA [value]
//! reply body     SW1 SW2 SW3 data; SW1 SW2 are the card's own status where the module forwards it
//! ```
//!
//! The protocol has no sequence number and no echo, so a late reply looks like the answer to the next command:
//! [`Command::judge`] says whether a reply can be an answer at all. Status codes are data, [`STATUS`]. Owns no
//! timing; what stands in the data of a read belongs to `record`.

use super::{
    frame::{self, Frame},
    record,
};
use std::fmt;

/// What the host asks of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Resets the module.
    Reset,
    /// Asks for the self-test's result.
    Status,
    /// Reads the module's own number.
    SamNumber,
    /// Looks for a card.
    Find,
    /// Selects the card that was found.
    Select,
    /// Reads text and photo.
    Read,
    /// Reads text, photo and fingerprints.
    ReadWithFingerprint,
    /// Reads all additional data; the layout of the reply is not documented.
    AllAddresses,
    /// Reads the latest address.
    LatestAddress,
    /// Reads the chip's number; also the test whether the card still lies there.
    ChipNumber,
    /// Sets the line speed: 0 for 115200, then 57600, 38400, 19200, 4 for 9600.
    SetSpeed(u8),
    /// Sets the largest radio frame, 24 to 255 bytes.
    SetMaxRadioFrame(u8),
}

impl Command {
    /// The body of the command's frame.
    #[must_use]
    pub fn body(self) -> Vec<u8> {
        match self {
            Self::Reset => vec![0x10, 0xFF],
            Self::Status => vec![0x11, 0xFF],
            Self::SamNumber => vec![0x12, 0xFF],
            Self::Find => vec![0x20, 0x01],
            Self::Select => vec![0x20, 0x02],
            Self::Read => vec![0x30, 0x01],
            Self::AllAddresses => vec![0x30, 0x02],
            Self::LatestAddress => vec![0x30, 0x03],
            Self::ChipNumber => vec![0x30, 0x05],
            Self::ReadWithFingerprint => vec![0x30, 0x10],
            Self::SetSpeed(step) => vec![0x60, step],
            Self::SetMaxRadioFrame(bytes) => vec![0x61, 0xFF, bytes],
        }
    }

    /// The whole frame.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        frame::encode(&self.body())
    }

    /// Reads a command's body; `None` for what the reference does not list.
    #[must_use]
    pub fn parse(body: &[u8]) -> Option<Self> {
        Some(match *body {
            [0x10, 0xFF] => Self::Reset,
            [0x11, 0xFF] => Self::Status,
            [0x12, 0xFF] => Self::SamNumber,
            [0x20, 0x01] => Self::Find,
            [0x20, 0x02] => Self::Select,
            [0x30, 0x01] => Self::Read,
            [0x30, 0x02] => Self::AllAddresses,
            [0x30, 0x03] => Self::LatestAddress,
            [0x30, 0x05] => Self::ChipNumber,
            [0x30, 0x10] => Self::ReadWithFingerprint,
            [0x60, step @ 0..=4] => Self::SetSpeed(step),
            [0x61, 0xFF, bytes @ 24..=255] => Self::SetMaxRadioFrame(bytes),
            _ => return None,
        })
    }

    /// Judges a frame as the answer to this command.
    #[must_use]
    pub fn judge(self, reply: &Reply<'_>) -> Judgement {
        let good = match (self, reply.sw3) {
            (Self::Find, 0x9F) => reply.data.len() == 4,
            (Self::Select, 0x90) => reply.data.len() == 8,
            (Self::Read, 0x90) => record::parts(reply.data, false).is_some(),
            (Self::ReadWithFingerprint, 0x90) => record::parts(reply.data, true).is_some(),
            (Self::LatestAddress, 0x90) => reply.data.len() == 70,
            (Self::SamNumber, 0x90) => reply.data.len() == SamNumber::SIZE,
            (Self::AllAddresses | Self::ChipNumber, 0x90) => (1..=280).contains(&reply.data.len()),
            (Self::Reset | Self::Status | Self::SetSpeed(_) | Self::SetMaxRadioFrame(_), 0x90) => reply.data.is_empty(),
            _ => false,
        };
        if good {
            return Judgement::Done;
        }
        if matches!(reply.sw3, 0x90 | 0x9F) || !reply.data.is_empty() {
            return Judgement::Foreign;
        }
        let status = status(reply.sw3);
        if status.is_none_or(|status| status.answers.includes(self)) {
            Judgement::Refused(status.map_or(Remedy::Restart, |status| status.remedy))
        } else {
            Judgement::Foreign
        }
    }
}

/// What a reply is to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// The answer that was asked for.
    Done,
    /// An answer with a status that refuses; what a driver does about it.
    Refused(Remedy),
    /// No answer to this command: late, or of another shape.
    Foreign,
}

/// The fields of a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The card's own status, where forwarded.
    pub card_status: [u8; 2],
    /// The module's status.
    pub sw3: u8,
    /// What follows.
    pub data: &'a [u8],
}

impl<'a> Reply<'a> {
    /// Takes a frame apart; `None` if it is too short to be a reply.
    #[must_use]
    pub fn of(frame: &'a Frame) -> Option<Self> {
        let (&[sw1, sw2, sw3], data) = frame.body().split_first_chunk::<3>()?;
        Some(Self { card_status: [sw1, sw2], sw3, data })
    }
}

/// Builds a reply's frame.
#[must_use]
pub fn encode_reply(card_status: [u8; 2], sw3: u8, data: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(3 + data.len());
    body.extend(card_status);
    body.push(sw3);
    body.extend(data);
    frame::encode(&body)
}

/// What a driver does about a status (id-card-reader.md §4, column "what a driver does").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Goes on.
    Proceed,
    /// Treats the item as absent, not as an error.
    Absent,
    /// Sends the command again, at most twice.
    Resend,
    /// Does without: the module does not know the command.
    Unsupported,
    /// Tells; nothing to do by itself.
    Report,
    /// Starts again at find.
    Restart,
    /// Asks for the card to be lifted and laid down again, and does not hammer the reader meanwhile.
    LiftCard,
    /// Says that this is not a card it knows.
    WrongCard,
    /// Reads without fingerprints.
    WithoutFingerprint,
    /// Goes on looking: nobody is there.
    PollOn,
    /// Resets, then calls the module broken.
    DeviceBroken,
    /// Calls for service: the module holds no key.
    DeviceUnauthorised,
}

/// To which commands a status can be the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// To every command.
    Any,
    /// To find.
    Find,
    /// To select.
    Select,
    /// To the commands that read a card.
    Card,
    /// To select and to the commands that read a card.
    SelectOrCard,
    /// To find, select and the commands that read a card.
    Radio,
}

impl Answers {
    fn includes(self, command: Command) -> bool {
        let find = command == Command::Find;
        let select = command == Command::Select;
        let presence = command == Command::ChipNumber;
        let card = matches!(
            command,
            Command::Read
                | Command::ReadWithFingerprint
                | Command::AllAddresses
                | Command::LatestAddress
                | Command::ChipNumber
        );
        match self {
            Self::Any => true,
            // Firmware differs in how it answers 30 05 once the card has left: any refusal will do.
            Self::Find => find || presence,
            Self::Select => select || presence,
            Self::Card => card,
            Self::SelectOrCard => select || card,
            Self::Radio => find || select || card,
        }
    }
}

/// One row of the status table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The code.
    pub sw3: u8,
    /// What it says.
    pub meaning: &'static str,
    /// To which commands.
    pub answers: Answers,
    /// What a driver does.
    pub remedy: Remedy,
}

const fn row(sw3: u8, meaning: &'static str, answers: Answers, remedy: Remedy) -> Status {
    Status { sw3, meaning, answers, remedy }
}

/// Every status code the reference knows. Sources swap 31 and 32: show the number, always.
pub const STATUS: [Status; 24] = [
    row(0x90, "done", Answers::Any, Remedy::Proceed),
    row(0x9F, "card found", Answers::Find, Remedy::Proceed),
    row(0x91, "card has no such item", Answers::Card, Remedy::Absent),
    row(0x10, "module saw a bad checksum", Answers::Any, Remedy::Resend),
    row(0x11, "module saw a bad length", Answers::Any, Remedy::Resend),
    row(0x21, "command not supported", Answers::Any, Remedy::Unsupported),
    row(0x23, "not allowed", Answers::Any, Remedy::Report),
    row(0x24, "unidentified error", Answers::Any, Remedy::Restart),
    row(0x31, "card rejects module", Answers::Card, Remedy::LiftCard),
    row(0x32, "module rejects card", Answers::Card, Remedy::LiftCard),
    row(0x33, "data verification failed", Answers::Card, Remedy::LiftCard),
    row(0x34, "no card found before", Answers::SelectOrCard, Remedy::Restart),
    row(0x37, "fingerprint verification failed", Answers::Card, Remedy::WithoutFingerprint),
    row(0x3F, "data length wrong", Answers::Card, Remedy::Restart),
    row(0x40, "card type not known", Answers::Radio, Remedy::WrongCard),
    row(0x41, "reading the card failed", Answers::Card, Remedy::LiftCard),
    row(0x47, "random number failed", Answers::Card, Remedy::Restart),
    row(0x4E, "unknown sub-command", Answers::Any, Remedy::Unsupported),
    row(0x50, "writing the card failed", Answers::Any, Remedy::Report),
    row(0x60, "self-test failed", Answers::Any, Remedy::DeviceBroken),
    row(0x61, "user login failed", Answers::Any, Remedy::Report),
    row(0x66, "module not authorised", Answers::Any, Remedy::DeviceUnauthorised),
    row(0x80, "no card found", Answers::Find, Remedy::PollOn),
    row(0x81, "select failed", Answers::Select, Remedy::Restart),
];

/// Finds a status code's row.
#[must_use]
pub fn status(sw3: u8) -> Option<&'static Status> {
    STATUS.iter().find(|status| status.sw3 == sw3)
}

/// A module's number, 16 bytes (id-card-reader.md §8). Compared as bytes; printed `05.03-20150101-0000123456-0987654321`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SamNumber([u8; 16]);

impl SamNumber {
    /// How many bytes it has.
    pub const SIZE: usize = 16;

    /// The number that only simulators carry: `99.99-00000000-0000000000-0000000001`.
    pub const SIMULATED: Self = Self([99, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);

    /// Takes the bytes as a module sends them; `None` when there are not 16.
    #[must_use]
    pub fn parse(data: &[u8]) -> Option<Self> {
        data.try_into().ok().map(Self)
    }

    /// The bytes as a module sends them.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Whether it is of the range 99.99 that is reserved for simulators.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.0.starts_with(&[99, 0, 99, 0])
    }
}

impl fmt::Display for SamNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |at: usize, size: usize| {
            self.0.iter().skip(at).take(size).rev().fold(0u32, |n, byte| (n << 8) | u32::from(*byte))
        };
        let (major, minor) = (number(0, 2), number(2, 2));
        write!(f, "{major:02}.{minor:02}-{:08}-{:010}-{:010}", number(4, 4), number(8, 4), number(12, 4))
    }
}

#[cfg(test)]
mod tests {
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
}
