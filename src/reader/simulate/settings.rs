//! What kind of module is simulated: its habits, its delays, and how its bytes leave.

use crate::reader::sam::SamNumber;
use std::time::Duration;

/// Speeds by the parameter of the command that sets them.
pub(super) const SPEEDS: [u32; 5] = [115_200, 57_600, 38_400, 19_200, 9_600];

/// How long the module takes before the first byte of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delays {
    /// Find without a card.
    pub find_none: Duration,
    /// Find with a card.
    pub find: Duration,
    /// Select.
    pub select: Duration,
    /// Reading text and photo.
    pub read: Duration,
    /// Reading fingerprints, on top.
    pub fingerprint: Duration,
    /// After a reset, in which it hears nothing.
    pub reset: Duration,
}

impl Delays {
    /// Figures of real modules.
    #[must_use]
    pub const fn real() -> Self {
        Self {
            find_none: Duration::from_millis(45),
            find: Duration::from_millis(90),
            select: Duration::from_millis(30),
            read: Duration::from_millis(700),
            fingerprint: Duration::from_millis(300),
            reset: Duration::from_secs(2),
        }
    }
}

/// What kind of module it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether a card that was read has to be lifted before it is found again.
    pub sticky: bool,
    /// The module's number.
    pub sam: SamNumber,
    /// Delays before replies.
    pub delays: Delays,
    /// Whether bytes leave at the line's speed.
    pub paced: bool,
    /// Fewest and most bytes that leave together, as a USB adapter delivers them; `None`: a whole reply.
    pub bursts: Option<(u8, u8)>,
    /// Line speed in baud at the start.
    pub baud: u32,
    /// Whether a host at another speed is not understood and hears garbage; the speed of a pseudo-terminal is otherwise
    /// without meaning.
    pub heeds_speed: bool,
    /// Whether the command that sets the speed is answered at the new speed; sources do not say.
    pub answers_at_new_speed: bool,
    /// Whether find and select carry numbers; public captures are all zero.
    pub filled_numbers: bool,
    /// Whether `30 05` is known.
    pub chip_number: bool,
    /// What a read without a selected card is answered: 41 or 34.
    pub unselected: u8,
    /// Whether a command that arrived damaged is answered 10 or 11, or not at all.
    pub answers_damaged: bool,
    /// Seed of whatever is random.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sticky: false,
            sam: SamNumber::SIMULATED,
            delays: Delays::real(),
            paced: true,
            bursts: Some((16, 62)),
            baud: 115_200,
            heeds_speed: false,
            answers_at_new_speed: false,
            filled_numbers: false,
            chip_number: true,
            unselected: 0x41,
            answers_damaged: true,
            seed: 1,
        }
    }
}

impl Settings {
    /// A module that answers at once: for tests and for a day without a screen.
    #[must_use]
    pub fn immediate() -> Self {
        Self { delays: Delays::default(), paced: false, bursts: None, ..Self::default() }
    }
}

/// What a byte looks like at another speed: runs of a few values, never a preamble.
#[must_use]
pub fn garbled(byte: u8) -> u8 {
    const SEEN: [u8; 6] = [0x00, 0xF8, 0xE0, 0xFF, 0x80, 0xC0];
    SEEN.get(usize::from(byte % 6)).copied().unwrap_or(0)
}

/// A small generator of repeatable noise (splitmix64).
#[derive(Debug, Clone)]
pub(super) struct Noise(u64);

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}
