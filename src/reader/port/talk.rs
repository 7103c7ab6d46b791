//! Commands and answers on one line: patience, resending, resynchronising, and knowing a silent or broken reader.

mod trial;

use super::line::{Broken, Line};
use super::{PortConfig, PortFault, ReaderEvent, Sink};
use crate::reader::frame::{Decoder, Event, Frame};
use crate::reader::sam::{Command, Judgement, Remedy, Reply, SamNumber};
use std::time::Duration;

/// Unanswered commands in a row after which the reader is asked for its status.
const MISSES: u8 = 3;

/// The shortest reply; after as many bytes of garbage and a gap, no other reply is to be expected.
const SHORTEST: usize = 11;

/// The longest a line may chatter before a drain gives up.
const CHATTER: Duration = Duration::from_secs(2);

/// Speeds to look for a silent reader at.
const SPEEDS: [u32; 5] = [115_200, 9_600, 19_200, 38_400, 57_600];

/// How a session ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reader) enum End {
    /// The handle was stopped.
    Stopped,
    /// Something is wrong.
    Fault(PortFault),
}

/// What came back for a command.
#[derive(Debug)]
pub(super) enum Answer {
    /// What was asked for.
    Done(Frame),
    /// A status that refuses.
    Refused(Remedy, u8),
    /// A reply to something else; the line has been drained.
    Foreign,
    /// Nothing valid in time.
    Nothing,
}

/// The protocol on one line, without cards.
pub(super) struct Talk<'a, L> {
    pub(super) config: &'a PortConfig,
    line: L,
    sink: &'a mut dyn Sink,
    decoder: Decoder,
    baud: u32,
    /// At which speed the reader answered last.
    heard_at: u32,
    misses: u8,
}

impl<'a, L: Line> Talk<'a, L> {
    /// Takes a line that was opened at the configured speed, to begin with at the one where the reader answered last.
    pub(super) fn new(config: &'a PortConfig, heard_at: u32, line: L, sink: &'a mut dyn Sink) -> Self {
        let baud = config.baud;
        Self { config, line, sink, decoder: Decoder::for_replies(), baud, heard_at, misses: 0 }
    }

    /// At which speed the reader answered last.
    pub(super) fn heard_at(&self) -> u32 {
        self.heard_at
    }

    pub(super) fn tell(&mut self, event: ReaderEvent) {
        self.sink.event(event);
    }

    pub(super) fn now(&self) -> Duration {
        self.line.now()
    }

    /// Finds out whether a reader answers, and at which speed. What comes before is thrown away.
    pub(super) fn greet(&mut self) -> Result<(), End> {
        self.set_speed(self.heard_at)?;
        self.drain()?;
        let until = self.line.now() + self.config.warm_up;
        loop {
            if self.is_alive()? {
                return Ok(());
            }
            if self.line.now() >= until {
                return self.search_speeds();
            }
        }
    }

    /// Asks for the status; a module that failed its self-test is reset once.
    fn is_alive(&mut self) -> Result<bool, End> {
        let mut answer = self.ask(Command::Status)?;
        if matches!(answer, Answer::Refused(Remedy::DeviceBroken, _)) {
            self.ask(Command::Reset)?;
            let until = self.line.now() + self.config.warm_up;
            loop {
                answer = self.ask(Command::Status)?;
                if !matches!(answer, Answer::Nothing) || self.line.now() >= until {
                    break;
                }
            }
        }
        refuse_dead(&answer)?;
        let alive = !matches!(answer, Answer::Nothing);
        if alive {
            self.heard_at = self.baud;
        }
        Ok(alive)
    }

    /// Tries every other speed once, the configured one first.
    fn search_speeds(&mut self) -> Result<(), End> {
        let (now, configured) = (self.baud, self.config.baud);
        let usual = SPEEDS.into_iter().filter(|speed| *speed != configured);
        let others = std::iter::once(configured).chain(usual).filter(|speed| *speed != now);
        for speed in others.filter(|_| self.config.other_speeds) {
            self.set_speed(speed)?;
            if self.is_alive()? {
                tracing::info!(baud = speed, "the reader answers at another speed");
                return Ok(());
            }
        }
        Err(End::Fault(PortFault::Silent { path: self.config.path.clone() }))
    }

    fn set_speed(&mut self, baud: u32) -> Result<(), End> {
        if baud != self.baud {
            self.line.set_speed(baud).map_err(|broken| self.end(broken))?;
            self.baud = baud;
        }
        Ok(())
    }

    /// Asks twice and believes the number when it is told the same twice: some modules err at first.
    pub(super) fn module_number(&mut self) -> Result<Option<SamNumber>, End> {
        let mut last = None;
        for _ in 0..3 {
            let Answer::Done(frame) = self.exchange(Command::SamNumber)? else { return Ok(None) };
            let number = Reply::of(&frame).and_then(|reply| SamNumber::parse(reply.data));
            if number.is_some() && number == last {
                return Ok(number);
            }
            last = number;
        }
        Ok(None)
    }

    /// Sends a command, again if the module saw it damaged, and knows a silent or broken reader.
    pub(super) fn exchange(&mut self, command: Command) -> Result<Answer, End> {
        let mut answer = self.ask(command)?;
        for _ in 0..2 {
            if matches!(answer, Answer::Refused(Remedy::Resend, _)) {
                answer = self.ask(command)?;
            }
        }
        refuse_dead(&answer)?;
        if matches!(answer, Answer::Nothing) {
            self.misses += 1;
            if self.misses >= MISSES {
                if !self.is_alive()? {
                    self.search_speeds()?;
                }
                self.misses = 0;
            }
        } else {
            self.misses = 0;
        }
        Ok(answer)
    }

    /// Sends a command once and waits for what fits it.
    fn ask(&mut self, command: Command) -> Result<Answer, End> {
        self.flush()?;
        self.sink.sent(command, self.baud);
        self.line.send(&command.bytes()).map_err(|broken| self.end(broken))?;
        let deadline = self.line.now() + self.config.patience_for(command, self.baud);
        let gap = self.config.gap_at(self.baud);
        let mut heard = self.line.now();
        let mut count = 0;
        let answer = loop {
            let now = self.line.now();
            if now >= deadline {
                break self.judge(command, true, &[]).unwrap_or(Answer::Nothing);
            }
            let mut buffer = [0; 512];
            let partial = self.decoder.is_partial();
            let mut patience = deadline.saturating_sub(now);
            if partial || count >= SHORTEST {
                patience = patience.min(gap);
            }
            let got = self.line.receive(&mut buffer, patience).map_err(|broken| self.end(broken))?;
            let silent = got == 0 && self.line.now() >= heard + gap;
            if got > 0 {
                (heard, count) = (self.line.now(), count + got);
            }
            if let Some(answer) = self.judge(command, silent && partial, buffer.get(..got).unwrap_or_default()) {
                break answer;
            }
            if silent && count >= SHORTEST {
                break Answer::Nothing;
            }
        };
        if matches!(answer, Answer::Foreign) {
            self.drain()?;
        }
        self.tell_noise(0);
        Ok(answer)
    }

    /// Decodes what came and picks the answer to the command from it; other frames are noise.
    fn judge(&mut self, command: Command, gap: bool, bytes: &[u8]) -> Option<Answer> {
        let mut events = self.decoder.feed(bytes);
        if gap {
            events.extend(self.decoder.idle_gap());
        }
        let mut answer = None;
        for event in events {
            let frame = match event {
                Event::Frame(frame) => frame,
                Event::Flaw(flaw) => {
                    self.sink.flawed(flaw);
                    continue;
                }
            };
            let fits = Reply::of(&frame).map(|reply| (reply.sw3, command.judge(&reply)));
            answer = match (answer, fits) {
                (None | Some(Answer::Foreign), Some((_, Judgement::Done))) => {
                    self.sink.frame(&frame);
                    Some(Answer::Done(frame))
                }
                (None | Some(Answer::Foreign), Some((sw3, Judgement::Refused(remedy)))) => {
                    self.sink.frame(&frame);
                    Some(Answer::Refused(remedy, sw3))
                }
                // Of another command, or of this one a second time.
                (answer, _) => {
                    self.tell_noise(on_wire(&frame));
                    answer.or(Some(Answer::Foreign))
                }
            };
        }
        answer
    }

    /// Throws away what came unasked since the last answer.
    fn flush(&mut self) -> Result<(), End> {
        self.throw_away(Duration::ZERO)
    }

    /// Reads until the line has been quiet.
    fn drain(&mut self) -> Result<(), End> {
        self.throw_away(self.config.quiet_at(self.baud))
    }

    fn throw_away(&mut self, quiet: Duration) -> Result<(), End> {
        let mut buffer = [0; 512];
        let mut quiet_since = self.line.now();
        let until = quiet_since + CHATTER;
        let mut noise = 0;
        loop {
            let got = self.line.receive(&mut buffer, quiet).map_err(|broken| self.end(broken))?;
            noise += got as u64;
            let now = self.line.now();
            if got > 0 {
                quiet_since = now;
            }
            if (got == 0 && now >= quiet_since + quiet) || now >= until {
                break;
            }
        }
        noise += self.decoder.idle_gap().into_iter().filter_map(Event::frame).map(|frame| on_wire(&frame)).sum::<u64>();
        self.tell_noise(noise);
        Ok(())
    }

    fn tell_noise(&mut self, more: u64) {
        let noise = self.decoder.take_discarded() + more;
        if noise > 0 {
            self.sink.event(ReaderEvent::Noise(noise));
        }
    }

    pub(super) fn wait(&mut self, time: Duration) -> Result<(), End> {
        self.line.pause(time).map_err(|broken| self.end(broken))
    }

    fn end(&self, broken: Broken) -> End {
        match broken {
            Broken::Stopped => End::Stopped,
            Broken::Gone => End::Fault(PortFault::Unplugged { path: self.config.path.clone() }),
        }
    }
}

/// How many bytes a frame was.
fn on_wire(frame: &Frame) -> u64 {
    frame.bytes().len() as u64
}

/// A module that says it cannot work ends the session.
fn refuse_dead(answer: &Answer) -> Result<(), End> {
    match answer {
        Answer::Refused(Remedy::DeviceBroken, _) => Err(End::Fault(PortFault::SelfTestFailed)),
        Answer::Refused(Remedy::DeviceUnauthorised, _) => Err(End::Fault(PortFault::NotAuthorised)),
        _ => Ok(()),
    }
}
