//! The module's state machine: what it answers to which command in which state (id-card-reader.md §12).
//!
//! Pure: time is only ever something to wait for, in the [`Act`]s that come out. A command is decoded by the same
//! decoder as a reply, with a command's lengths.

use super::card::Card;
use super::fault::{self, Plan};
use crate::reader::frame::{Decoder, Event, Flaw};
use crate::reader::sam::{self, Command, SamNumber};
use std::time::Duration;

/// Where the module stands with its card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No card.
    Idle,
    /// A card lies there, not found yet.
    Present,
    /// Found.
    Found,
    /// Selected, ready to be read.
    Selected,
    /// Read.
    Done,
}

/// What the module does next, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Nothing for this long.
    Wait(Duration),
    /// Sends bytes.
    Send(Vec<u8>),
}

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
    /// Silence after a reset.
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
    /// Whether bytes leave at the line's speed, in bursts as a USB adapter makes them.
    pub paced: bool,
    /// Line speed in baud at the start.
    pub baud: u32,
    /// Whether find and select carry numbers; public captures are all zero.
    pub filled_numbers: bool,
    /// Whether `30 05` is known.
    pub chip_number: bool,
    /// What a read without a selected card is answered: 41 or 34.
    pub unselected: u8,
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
            baud: 115_200,
            filled_numbers: false,
            chip_number: true,
            unselected: 0x41,
            seed: 1,
        }
    }
}

impl Settings {
    /// A module that answers at once: for tests and for a day without a screen.
    #[must_use]
    pub fn immediate() -> Self {
        Self { delays: Delays::default(), paced: false, ..Self::default() }
    }
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

/// One reply before anything went wrong with it.
struct Answer {
    delay: Duration,
    sw3: u8,
    data: Vec<u8>,
    after: Duration,
}

impl Answer {
    fn status(sw3: u8) -> Self {
        Self::with(sw3, Vec::new())
    }

    fn with(sw3: u8, data: Vec<u8>) -> Self {
        Self { delay: Duration::ZERO, sw3, data, after: Duration::ZERO }
    }

    fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

/// A module with or without a card on it.
#[derive(Debug)]
pub struct Simulator {
    settings: Settings,
    baud: u32,
    state: State,
    card: Option<Card>,
    plans: Vec<Plan>,
    decoder: Decoder,
    noise: Noise,
}

impl Simulator {
    /// A module without a card.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            baud: settings.baud,
            noise: Noise::new(settings.seed),
            settings,
            state: State::Idle,
            card: None,
            plans: Vec::new(),
            decoder: Decoder::for_commands(),
        }
    }

    /// Lays a card on the module, in place of any other.
    pub fn present(&mut self, card: Card) {
        self.card = Some(card);
        self.state = State::Present;
    }

    /// Lifts the card.
    pub fn remove(&mut self) {
        self.card = None;
        self.state = State::Idle;
    }

    /// Plans a fault; plans are tried in the order they were made.
    pub fn set_fault(&mut self, plan: Plan) {
        self.plans.push(plan);
    }

    /// Forgets all faults.
    pub fn clear_faults(&mut self) {
        self.plans.clear();
    }

    /// Where the module stands with its card.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// Forgets a half-received command and a card's progress, as losing power does.
    pub fn power_cycle(&mut self) {
        self.decoder = Decoder::for_commands();
        self.state = if self.card.is_some() { State::Present } else { State::Idle };
    }

    /// Takes bytes from the host.
    pub fn receive(&mut self, bytes: &[u8]) -> Vec<Act> {
        let events = self.decoder.feed(bytes);
        self.answer_all(events)
    }

    /// Whether a command has begun and not ended: after 200 ms of silence comes [`Simulator::idle_gap`].
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.decoder.is_partial()
    }

    /// Says that a command that began was not ended in time.
    pub fn idle_gap(&mut self) -> Vec<Act> {
        let events = self.decoder.idle_gap();
        self.answer_all(events)
    }

    fn answer_all(&mut self, events: Vec<Event>) -> Vec<Act> {
        let mut acts = Vec::new();
        for event in events {
            match event {
                Event::Flaw(Flaw::Checksum) => acts.push(Act::Send(sam::encode_reply([0, 0], 0x10, &[]))),
                Event::Flaw(Flaw::Length | Flaw::Truncated) => {
                    acts.push(Act::Send(sam::encode_reply([0, 0], 0x11, &[])));
                }
                Event::Frame(frame) => match Command::parse(frame.body()) {
                    None => acts.push(Act::Send(sam::encode_reply([0, 0], 0x21, &[]))),
                    Some(command) => self.answer(command, &mut acts),
                },
            }
        }
        acts
    }

    /// Answers a command, with whatever fault is due.
    fn answer(&mut self, command: Command, acts: &mut Vec<Act>) {
        let before = self.state;
        let answer = self.reply(command);
        let bytes = sam::encode_reply([0, 0], answer.sw3, &answer.data);
        let mut lifted = false;
        let bytes = match fault::due(&mut self.plans, command, &mut self.noise) {
            None => bytes,
            Some(fault) => {
                if let fault::Fault::Status { sw3 } = fault {
                    self.state = after_refusal(before, command, sw3, self.settings.sticky);
                }
                let spoilt = fault.spoil(bytes, &mut self.noise);
                acts.extend(spoilt.before);
                lifted = spoilt.lifted;
                spoilt.bytes
            }
        };
        acts.push(Act::Wait(answer.delay));
        self.send(&bytes, acts);
        acts.push(Act::Wait(answer.after));
        acts.retain(|act| !matches!(act, Act::Wait(Duration::ZERO)));
        if let Command::SetSpeed(step) = command {
            let speeds = [115_200, 57_600, 38_400, 19_200, 9_600];
            self.baud = speeds.get(usize::from(step)).copied().unwrap_or(self.baud);
        }
        if lifted {
            self.remove();
        }
    }

    /// Bytes in bursts of 62, each followed by its time on the wire.
    fn send(&self, bytes: &[u8], acts: &mut Vec<Act>) {
        let size = if self.settings.paced { 62 } else { usize::MAX };
        for burst in bytes.chunks(size) {
            acts.push(Act::Send(burst.to_vec()));
            if self.settings.paced {
                acts.push(Act::Wait(Duration::from_micros(
                    burst.len() as u64 * 10_000_000 / u64::from(self.baud.max(1)),
                )));
            }
        }
    }

    /// The table of id-card-reader.md §12.
    fn reply(&mut self, command: Command) -> Answer {
        let delays = self.settings.delays;
        match command {
            Command::Reset => {
                self.power_cycle();
                Answer { after: delays.reset, ..Answer::status(0x90) }
            }
            Command::Status | Command::SetMaxRadioFrame(_) => Answer::status(0x90),
            Command::SetSpeed(_) => Answer { after: Duration::from_millis(5), ..Answer::status(0x90) },
            Command::SamNumber => Answer::with(0x90, self.settings.sam.bytes().to_vec()),
            Command::Find => {
                if self.state == State::Idle || (self.state == State::Done && self.settings.sticky) {
                    return Answer::status(0x80).delayed(delays.find_none);
                }
                self.state = State::Found;
                Answer::with(0x9F, self.number(4)).delayed(delays.find)
            }
            Command::Select if self.state == State::Found => {
                self.state = State::Selected;
                Answer::with(0x90, self.number(8)).delayed(delays.select)
            }
            Command::Select => Answer::status(0x81).delayed(delays.select),
            Command::Read | Command::ReadWithFingerprint => match (&self.card, self.state) {
                (Some(card), State::Selected) => {
                    let with_fingerprints = command == Command::ReadWithFingerprint;
                    let more = if with_fingerprints { delays.fingerprint } else { Duration::ZERO };
                    self.state = State::Done;
                    Answer::with(0x90, card.data(with_fingerprints)).delayed(delays.read + more)
                }
                _ => Answer::status(self.settings.unselected),
            },
            Command::LatestAddress => match (&self.card, self.state) {
                (Some(card), State::Selected | State::Done) => match card.latest_address {
                    Some(address) => Answer::with(0x90, address.to_vec()),
                    None => Answer::status(0x91),
                },
                _ => Answer::status(0x41),
            },
            Command::ChipNumber if !self.settings.chip_number => Answer::status(0x21),
            Command::ChipNumber if matches!(self.state, State::Selected | State::Done) => {
                Answer::with(0x90, self.number(8))
            }
            Command::ChipNumber => Answer::status(0x41),
            Command::AllAddresses => Answer::status(0x21),
        }
    }

    fn number(&self, size: usize) -> Vec<u8> {
        if self.settings.filled_numbers { (1..=8).take(size).collect() } else { vec![0; size] }
    }
}

/// After a refused select or read a sticky module wants the card lifted; another one finds it again.
fn after_refusal(before: State, command: Command, sw3: u8, sticky: bool) -> State {
    let of_card = matches!(command, Command::Select | Command::Read | Command::ReadWithFingerprint);
    let arrived_damaged = matches!(sw3, 0x10 | 0x11);
    if before == State::Idle || arrived_damaged || !of_card {
        before
    } else if sticky {
        State::Done
    } else {
        State::Present
    }
}

#[cfg(test)]
mod tests;
