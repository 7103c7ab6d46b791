//! What can go wrong between module and host, as data (id-card-reader.md §12).
//!
//! A script writes a plan as `{ fault = "flip_bit", at = 700, bit = 4, on = "read", often = "once" }`.

use super::machine::Act;
use super::settings::{Noise, garbled};
use crate::reader::sam::{self, Command};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One thing that goes wrong with one reply. Positions count from the first byte of its frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Another status instead of the answer: 41 31 32 33 to a read, 60 or 66 to anything.
    Status {
        /// The status code.
        sw3: u8,
    },
    /// A byte is lost.
    DropByte {
        /// Which.
        at: usize,
    },
    /// A byte is inserted.
    InsertByte {
        /// In front of which.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// A bit is turned.
    FlipBit {
        /// In which byte.
        at: usize,
        /// Which bit, 0 to 7.
        bit: u8,
    },
    /// The length field says something else.
    WrongLength {
        /// What it says.
        length: u16,
    },
    /// The reply stops.
    Cut {
        /// After how many bytes.
        after: usize,
    },
    /// The reply comes late.
    Late {
        /// By how many milliseconds.
        ms: u64,
    },
    /// The reply comes twice.
    Duplicate,
    /// Other bytes come first.
    NoiseBefore {
        /// Which.
        bytes: Vec<u8>,
    },
    /// No reply.
    Silence,
    /// The reply arrives at another speed: garbage that never has a valid checksum.
    WrongSpeed,
    /// The card is lifted while the reply is on its way.
    Lifted {
        /// After how many bytes.
        after: usize,
    },
    /// The port vanishes while the reply is on its way, and comes back under its name.
    PortClosed {
        /// After how many bytes.
        after: usize,
        /// For how many milliseconds.
        ms: u64,
    },
    /// The port vanishes while the reply is on its way, and comes back under another name.
    PortRenamed {
        /// After how many bytes.
        after: usize,
        /// For how many milliseconds.
        ms: u64,
        /// The new name, in the same folder.
        name: String,
    },
}

/// Which replies a fault can hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// Every one.
    #[default]
    Any,
    /// To the status command.
    Status,
    /// To find.
    Find,
    /// To select.
    Select,
    /// To the two reads.
    Read,
    /// To the chip number: the test whether the card still lies there.
    Presence,
    /// To the latest address.
    Address,
    /// To the module's number.
    SamNumber,
    /// To a reset.
    Reset,
    /// To a new speed.
    SetSpeed,
}

impl On {
    fn hits(self, command: Command) -> bool {
        match self {
            Self::Any => true,
            Self::Status => command == Command::Status,
            Self::Find => command == Command::Find,
            Self::Select => command == Command::Select,
            Self::Read => matches!(command, Command::Read | Command::ReadWithFingerprint),
            Self::Presence => command == Command::ChipNumber,
            Self::Address => matches!(command, Command::LatestAddress | Command::AllAddresses),
            Self::SamNumber => command == Command::SamNumber,
            Self::Reset => command == Command::Reset,
            Self::SetSpeed => matches!(command, Command::SetSpeed(_)),
        }
    }
}

/// How often a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Often {
    /// At the next reply it can hit, then never again.
    #[default]
    Once,
    /// Every time.
    Always,
    /// At random, by the simulator's seed: so many times in a thousand.
    Permille(u16),
}

/// A fault with its occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What happens.
    #[serde(flatten)]
    pub fault: Fault,
    /// To which replies.
    #[serde(default)]
    pub on: On,
    /// How often.
    #[serde(default)]
    pub often: Often,
}

impl Plan {
    /// A fault at the next reply it can hit.
    #[must_use]
    pub fn once(fault: Fault, on: On) -> Self {
        Self { fault, on, often: Often::Once }
    }

    /// A fault every time.
    #[must_use]
    pub fn always(fault: Fault, on: On) -> Self {
        Self { fault, on, often: Often::Always }
    }
}

/// Takes the fault that hits the reply to this command, if any.
pub(super) fn due(plans: &mut Vec<Plan>, command: Command, noise: &mut Noise) -> Option<Fault> {
    let at = plans.iter().position(|plan| {
        plan.on.hits(command)
            && match plan.often {
                Often::Once | Often::Always => true,
                Often::Permille(rate) => noise.below(1000) < u64::from(rate),
            }
    })?;
    if plans.get(at)?.often == Often::Once {
        return Some(plans.remove(at).fault);
    }
    plans.get(at).map(|plan| plan.fault.clone())
}

/// A reply after its fault: what goes out, and what happens to the card.
pub(super) struct Spoilt {
    /// In front of the reply's own delay.
    pub before: Vec<Act>,
    /// The bytes that go out.
    pub bytes: Vec<u8>,
    /// Whether the card has left.
    pub lifted: bool,
    /// What the port does afterwards.
    pub unplugged: Option<Act>,
}

impl Fault {
    /// Applies the fault to a reply.
    pub(super) fn spoil(&self, mut bytes: Vec<u8>, noise: &mut Noise) -> Spoilt {
        let mut before = Vec::new();
        let mut lifted = false;
        let mut unplugged = None;
        match self {
            Self::Status { sw3 } => bytes = sam::encode_reply([0, 0], *sw3, &[]),
            Self::DropByte { at } if *at < bytes.len() => {
                bytes.remove(*at);
            }
            Self::DropByte { .. } => {}
            Self::InsertByte { at, byte } => bytes.insert((*at).min(bytes.len()), *byte),
            Self::FlipBit { at, bit } => {
                if let Some(byte) = bytes.get_mut(*at) {
                    *byte ^= 1 << (bit % 8);
                }
            }
            Self::WrongLength { length } => {
                if let Some(field) = bytes.get_mut(5..7) {
                    field.copy_from_slice(&length.to_be_bytes());
                }
            }
            Self::Cut { after } => bytes.truncate(*after),
            Self::Late { ms } => before.push(Act::Wait(Duration::from_millis(*ms))),
            Self::Duplicate => bytes.extend(bytes.clone()),
            Self::NoiseBefore { bytes: noise } => before.push(Act::Send(noise.clone())),
            Self::Silence => bytes.clear(),
            Self::WrongSpeed => bytes = bytes.iter().map(|_| garbled(noise.byte())).collect(),
            Self::Lifted { after } => {
                bytes.truncate(*after);
                lifted = true;
            }
            Self::PortClosed { after, ms } => {
                bytes.truncate(*after);
                unplugged = Some(Act::Unplug { away: Duration::from_millis(*ms), name: None });
            }
            Self::PortRenamed { after, ms, name } => {
                bytes.truncate(*after);
                unplugged = Some(Act::Unplug { away: Duration::from_millis(*ms), name: Some(name.clone()) });
            }
        }
        Spoilt { before, bytes, lifted, unplugged }
    }
}
