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

mod number;
mod status;

pub use number::SamNumber;
pub use status::{Answers, Remedy, STATUS, Status, status};

use super::{
    frame::{self, Frame},
    record,
};

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

#[cfg(test)]
mod tests;
