//! What is likely wrong with a reader, as data; the sentences stand where people read them.
//!
//! | code | finding | told by |
//! |---|---|---|
//! | KD-3101 to KD-3108 | [`Port`](Finding::Port) | the port |
//! | KD-3111 | [`Lifted`](Finding::Lifted) | 41 |
//! | KD-3112 | [`Rejected`](Finding::Rejected) | 31, 32, 33 |
//! | KD-3113 | [`WrongCard`](Finding::WrongCard) | 40, or three refused selects |
//! | KD-3114 | [`Damaged`](Finding::Damaged) | 10, 11, or a wrong checksum in a reply |
//! | KD-3115 | [`Broken`](Finding::Broken) | 24, 34, 3F, 47, 81 |
//! | KD-3116 | [`Garbage`](Finding::Garbage) | bytes, but never a reply |
//! | KD-3117 | [`OtherSpeed`](Finding::OtherSpeed) | an answer at another speed than the configured one |
//! | KD-3118 | [`Other`](Finding::Other) | any other status |
//! | KD-3119 | [`Unanswered`](Finding::Unanswered) | a read without an answer |
//! | KD-3120 | [`NoSerialPort`](Finding::NoSerialPort) | a reader on USB that is no serial port |
//! | KD-3121 to KD-3126 | [`Photo`](Finding::Photo) | the site's photo decoder, on the photo of a trial read |

use crate::domain::photo::DecoderFault;
use crate::reader::port::PortFault;
use crate::reader::sam::{Command, Remedy, status};

/// What is likely wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The port does not work.
    Port(PortFault),
    /// The card was lifted early, or more than one lies there.
    Lifted,
    /// Card and module do not accept each other.
    Rejected(u8),
    /// Not a card that the module knows.
    WrongCard,
    /// Bytes are damaged on the way.
    Damaged,
    /// The sequence of find, select and read broke.
    Broken(u8),
    /// Bytes come, but no replies.
    Garbage,
    /// The reader works, but at another speed.
    OtherSpeed {
        /// Where it answers.
        found: u32,
        /// Where it was looked for first.
        configured: u32,
    },
    /// Another status.
    Other(u8),
    /// A card was found and its read had no answer.
    Unanswered,
    /// A reader hangs on USB, without a serial port.
    NoSerialPort,
    /// The reader is well; the site's photo decoder is not.
    Photo(DecoderFault),
}

impl Finding {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Port(fault) => fault.code(),
            Self::Lifted => "KD-3111",
            Self::Rejected(_) => "KD-3112",
            Self::WrongCard => "KD-3113",
            Self::Damaged => "KD-3114",
            Self::Broken(_) => "KD-3115",
            Self::Garbage => "KD-3116",
            Self::OtherSpeed { .. } => "KD-3117",
            Self::Other(_) => "KD-3118",
            Self::Unanswered => "KD-3119",
            Self::NoSerialPort => "KD-3120",
            Self::Photo(fault) => fault.code(),
        }
    }

    /// What a status says about a reader; `None` where it is ordinary: a poll without a card, a feature or an item that is
    /// not there, a card that has left.
    #[must_use]
    pub fn of_status(command: Command, sw3: u8) -> Option<Self> {
        let told = matches!(
            command,
            Command::Status
                | Command::SamNumber
                | Command::Reset
                | Command::Find
                | Command::Select
                | Command::Read
                | Command::ReadWithFingerprint
        );
        let remedy = status(sw3).map(|status| status.remedy);
        if !told
            || matches!(remedy, Some(Remedy::Proceed | Remedy::PollOn | Remedy::Absent | Remedy::WithoutFingerprint))
        {
            return None;
        }
        if (command, remedy) == (Command::ReadWithFingerprint, Some(Remedy::Unsupported)) {
            return None;
        }
        Some(match sw3 {
            0x41 => Self::Lifted,
            0x31..=0x33 => Self::Rejected(sw3),
            0x40 => Self::WrongCard,
            0x10 | 0x11 => Self::Damaged,
            0x24 | 0x34 | 0x3F | 0x47 | 0x81 => Self::Broken(sw3),
            0x60 => Self::Port(PortFault::SelfTestFailed),
            0x66 => Self::Port(PortFault::NotAuthorised),
            other => Self::Other(other),
        })
    }
}
