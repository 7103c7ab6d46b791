//! The module's state machine: what it answers to which command in which state (id-card-reader.md §12).
//!
//! Pure: time is only ever something to wait for, in the [`Act`]s that come out. A command is decoded by the same
//! decoder as a reply, with a command's lengths.

use super::card::Card;
use super::fault::{self, Plan};
use super::settings::{Noise, SPEEDS, Settings};
use crate::reader::frame::{Decoder, Event, Flaw};
use crate::reader::sam::{self, Command};
use std::time::Duration;

/// How long a module takes to change its speed (id-card-reader.md §3).
const SPEED_CHANGE: Duration = Duration::from_millis(5);

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
    /// Runs at this speed from now on.
    Speed(u32),
    /// Hears nothing for this long.
    Deaf(Duration),
    /// The port vanishes and comes back.
    Unplug {
        /// After how long.
        away: Duration,
        /// Under which name in the same folder; `None`: its own.
        name: Option<String>,
    },
}

/// One reply before anything went wrong with it.
struct Answer {
    delay: Duration,
    sw3: u8,
    data: Vec<u8>,
}

impl Answer {
    fn status(sw3: u8) -> Self {
        Self::with(sw3, Vec::new())
    }

    fn with(sw3: u8, data: Vec<u8>) -> Self {
        Self { delay: Duration::ZERO, sw3, data }
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

    /// The module's line speed in baud.
    #[must_use]
    pub fn baud(&self) -> u32 {
        self.baud
    }

    /// Whether a host at another speed is not understood.
    #[must_use]
    pub fn heeds_speed(&self) -> bool {
        self.settings.heeds_speed
    }

    /// Forgets a half-received command and a card's progress, as losing power does; a module keeps its speed.
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
                Event::Flaw(_) if !self.settings.answers_damaged => {}
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
        let (mut lifted, mut unplugged) = (false, None);
        let bytes = match fault::due(&mut self.plans, command, &mut self.noise) {
            None => bytes,
            Some(fault) => {
                if let fault::Fault::Status { sw3 } = fault {
                    self.state = after_refusal(before, command, sw3, self.settings.sticky);
                }
                let spoilt = fault.spoil(bytes, &mut self.noise);
                acts.extend(spoilt.before);
                (lifted, unplugged) = (spoilt.lifted, spoilt.unplugged);
                spoilt.bytes
            }
        };
        if answer.delay > Duration::ZERO {
            acts.push(Act::Wait(answer.delay));
        }
        let new_speed = match command {
            Command::SetSpeed(step) => SPEEDS.get(usize::from(step)).copied(),
            _ => None,
        };
        if self.settings.answers_at_new_speed {
            self.change_speed(new_speed, acts);
            self.send(&bytes, acts);
        } else {
            self.send(&bytes, acts);
            self.change_speed(new_speed, acts);
        }
        if command == Command::Reset && self.settings.delays.reset > Duration::ZERO {
            acts.push(Act::Deaf(self.settings.delays.reset));
        }
        acts.extend(unplugged);
        if lifted {
            self.remove();
        }
    }

    fn change_speed(&mut self, speed: Option<u32>, acts: &mut Vec<Act>) {
        if let Some(baud) = speed {
            self.baud = baud;
            acts.extend([Act::Wait(SPEED_CHANGE), Act::Speed(baud)]);
        }
    }

    /// Bytes in bursts, each after its time on the wire.
    fn send(&mut self, bytes: &[u8], acts: &mut Vec<Act>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let size = match self.settings.bursts {
                None => rest.len(),
                Some((least, most)) => {
                    let more = self.noise.below(u64::from(most.saturating_sub(least)) + 1);
                    usize::from(least.max(1)) + usize::try_from(more).unwrap_or(0)
                }
            };
            let (burst, later) = rest.split_at(size.min(rest.len()));
            if self.settings.paced {
                let micros = burst.len() as u64 * 10_000_000 / u64::from(self.baud.max(1));
                acts.push(Act::Wait(Duration::from_micros(micros)));
            }
            acts.push(Act::Send(burst.to_vec()));
            rest = later;
        }
    }

    /// The table of id-card-reader.md §12.
    fn reply(&mut self, command: Command) -> Answer {
        let delays = self.settings.delays;
        match command {
            Command::Reset => {
                self.power_cycle();
                Answer::status(0x90)
            }
            Command::Status | Command::SetMaxRadioFrame(_) | Command::SetSpeed(_) => Answer::status(0x90),
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

    /// The card's number as find (4 bytes) or select and the chip (8 bytes) tell it.
    fn number(&self, size: usize) -> Vec<u8> {
        let filled: &[u8] = match size {
            4 => &[0x01, 0x02, 0x03, 0x04],
            _ => &[0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88],
        };
        if self.settings.filled_numbers { filled.to_vec() } else { vec![0; size] }
    }
}

/// After a refused select or read a sticky module wants the card lifted; another one finds it again.
fn after_refusal(before: State, command: Command, sw3: u8, sticky: bool) -> State {
    let of_card = matches!(command, Command::Select | Command::Read | Command::ReadWithFingerprint);
    // Damaged on the way, not known, or refused for its fingerprints alone: the card stays selected.
    let not_tried = matches!(sw3, 0x10 | 0x11 | 0x21 | 0x37);
    if before == State::Idle || not_tried || !of_card {
        before
    } else if sticky {
        State::Done
    } else {
        State::Present
    }
}

#[cfg(test)]
mod tests;
