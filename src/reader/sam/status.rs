//! Status codes of the module as data: what each says, to which commands, and what a driver does (id-card-reader.md §4).

use super::Command;

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
    pub(super) fn includes(self, command: Command) -> bool {
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
