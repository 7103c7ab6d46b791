//! A line without wires: bytes are due at a time, deeds are done at a time, and the clock moves only when somebody waits.

use super::super::*;
use crate::reader::port::line::Broken;
use crate::reader::record::{Record, parts};
use crate::reader::simulate::{Act, Card, Plan, Settings, Simulator, garbled};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

type Deed = Box<dyn FnOnce(&mut Simulator)>;

/// What is on its way to the host.
enum Due {
    /// A byte, sent at this speed.
    Byte(u8, u32),
    /// The end of the line.
    Gone,
}

/// The line.
pub(super) struct Memory {
    module: Simulator,
    due: VecDeque<(Duration, Due)>,
    deeds: VecDeque<(Duration, Deed)>,
    clock: Arc<AtomicU64>,
    end: Duration,
    host_baud: u32,
    deaf_until: Duration,
    heard: Arc<AtomicU64>,
}

impl Memory {
    fn at(&self) -> Duration {
        Duration::from_micros(self.clock.load(Ordering::Relaxed))
    }

    fn advance(&mut self, to: Duration) -> Result<(), Broken> {
        let now = self.at().max(to);
        self.clock.store(u64::try_from(now.as_micros()).unwrap(), Ordering::Relaxed);
        while self.deeds.front().is_some_and(|(at, _)| *at <= now) {
            let (_, deed) = self.deeds.pop_front().unwrap();
            deed(&mut self.module);
        }
        if now >= self.end { Err(Broken::Stopped) } else { Ok(()) }
    }

    fn differs(&self, baud: u32) -> bool {
        self.module.heeds_speed() && self.host_baud != baud
    }
}

impl Line for Memory {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let now = self.at();
        if now < self.deaf_until {
            return Ok(());
        }
        let mut baud = self.module.baud();
        let bytes: Vec<u8> = bytes.iter().map(|byte| if self.differs(baud) { garbled(*byte) } else { *byte }).collect();
        let mut at = self.due.back().map_or(now, |(last, _)| now.max(*last));
        for act in self.module.receive(&bytes) {
            match act {
                Act::Wait(time) => at += time,
                Act::Send(bytes) => self.due.extend(bytes.into_iter().map(|byte| (at, Due::Byte(byte, baud)))),
                Act::Speed(speed) => baud = speed,
                Act::Deaf(time) => self.deaf_until = at + time,
                Act::Unplug { .. } => self.due.push_back((at, Due::Gone)),
            }
        }
        Ok(())
    }

    fn receive(&mut self, buffer: &mut [u8], patience: Duration) -> Result<usize, Broken> {
        let limit = self.at() + patience;
        let first = self.due.front().map_or(limit, |(at, _)| *at).min(limit);
        self.advance(first)?;
        let mut count = 0;
        while count < buffer.len() && self.due.front().is_some_and(|(at, _)| *at <= self.at()) {
            match self.due.pop_front().unwrap().1 {
                Due::Byte(byte, baud) => buffer[count] = if self.differs(baud) { garbled(byte) } else { byte },
                Due::Gone => return Err(Broken::Gone),
            }
            count += 1;
        }
        self.heard.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn set_speed(&mut self, baud: u32) -> Result<(), Broken> {
        self.host_baud = baud;
        Ok(())
    }

    fn pause(&mut self, time: Duration) -> Result<(), Broken> {
        self.advance(self.at() + time)
    }

    fn now(&self) -> Duration {
        self.at()
    }
}

/// What was told, and when.
pub(super) struct Told {
    clock: Arc<AtomicU64>,
    pub(super) events: Vec<(Duration, ReaderEvent)>,
    pub(super) framed: u64,
    pub(super) longest: usize,
}

impl Sink for Told {
    fn event(&mut self, event: ReaderEvent) {
        self.events.push((Duration::from_micros(self.clock.load(Ordering::Relaxed)), event));
    }

    fn frame(&mut self, frame: &Frame) {
        self.framed += frame.bytes().len() as u64;
        self.longest = self.longest.max(frame.bytes().len());
    }
}

impl Told {
    /// What was told without the noise, whose bytes come second.
    pub(super) fn quiet(&self) -> (Vec<ReaderEvent>, u64) {
        let mut noise = 0;
        let mut others = Vec::new();
        for (_, event) in &self.events {
            match event {
                ReaderEvent::Noise(bytes) => noise += bytes,
                other => others.push(other.clone()),
            }
        }
        (others, noise)
    }
}

/// How a scene ended.
pub(super) struct Played {
    pub(super) end: End,
    pub(super) told: Told,
    /// The speed at which the reader answered last.
    pub(super) speed: u32,
    /// Bytes that arrived at the host.
    pub(super) heard: u64,
    /// What the line leaves to the next one.
    pub(super) left: Option<Left>,
}

/// One scene: a kind of module, a line in some state, deeds at their times, and how long it all lasts.
pub(super) struct Scene {
    pub(super) config: PortConfig,
    pub(super) line: Memory,
    /// Where the reader answered last.
    pub(super) speed: Option<u32>,
    /// What the line before left.
    pub(super) before: Option<Left>,
}

impl Scene {
    pub(super) fn new(settings: Settings) -> Self {
        let config = PortConfig::new("/dev/memory");
        let line = Memory {
            module: Simulator::new(settings),
            due: VecDeque::new(),
            deeds: VecDeque::new(),
            clock: Arc::default(),
            end: Duration::from_secs(30),
            host_baud: config.baud,
            deaf_until: Duration::ZERO,
            heard: Arc::default(),
        };
        Self { config, line, speed: None, before: None }
    }

    pub(super) fn with(mut self, plan: Plan) -> Self {
        self.line.module.set_fault(plan);
        self
    }

    pub(super) fn at(self, seconds: u64, deed: impl FnOnce(&mut Simulator) + 'static) -> Self {
        self.at_ms(seconds * 1000, deed)
    }

    /// Deeds are given in the order of their times.
    pub(super) fn at_ms(mut self, ms: u64, deed: impl FnOnce(&mut Simulator) + 'static) -> Self {
        self.line.deeds.push_back((Duration::from_millis(ms), Box::new(deed)));
        self
    }

    pub(super) fn until_ms(mut self, ms: u64) -> Self {
        self.line.end = Duration::from_millis(ms);
        self
    }

    /// Bytes that come unasked, each at its time.
    pub(super) fn unasked(mut self, bytes: impl IntoIterator<Item = (Duration, u8)>) -> Self {
        let baud = self.line.module.baud();
        self.line.due.extend(bytes.into_iter().map(|(at, byte)| (at, Due::Byte(byte, baud))));
        self
    }

    pub(super) fn play(self) -> Played {
        let (_, nobody) = std::sync::mpsc::channel();
        self.play_attended(&nobody)
    }

    /// With requests that come in here.
    pub(super) fn play_attended(
        mut self,
        requests: &std::sync::mpsc::Receiver<crate::reader::port::Request>,
    ) -> Played {
        self.line.host_baud = self.config.baud;
        let mut told = Told { clock: Arc::clone(&self.line.clock), events: Vec::new(), framed: 0, longest: 0 };
        let heard = Arc::clone(&self.line.heard);
        let speed = self.speed.unwrap_or(self.config.baud);
        let session = Session::new(&self.config, speed, self.line, &mut told);
        let mut session = session.attended(requests).after(self.before);
        let (end, speed, left) = (session.run(), session.speed(), session.left());
        Played { end, told, speed, heard: heard.load(Ordering::Relaxed), left }
    }

    /// What was told after `Up`, noise left out.
    pub(super) fn cards(self) -> Vec<ReaderEvent> {
        let played = self.play();
        assert_eq!(played.end, End::Stopped);
        let mut events = played.told.quiet().0;
        assert_eq!(events.remove(0), up());
        events
    }
}

pub(super) fn up() -> ReaderEvent {
    ReaderEvent::Up { sam: Some(crate::reader::sam::SamNumber::SIMULATED), simulated: true }
}

/// What is told of a card.
pub(super) fn told(card: &Card) -> ReaderEvent {
    let data = card.data(false);
    ReaderEvent::Presented(Record::of(&parts(&data, false).unwrap()).unwrap().presented())
}
