//! A sink that keeps a trace of what passes on to another sink.

use super::{Finding, Link, Masked, Trace, What};
use crate::domain::document::Presented;
use crate::domain::time::{Clock, Instant};
use crate::reader::frame::{Flaw, Frame};
use crate::reader::port::{PortFault, ReaderEvent, Sink};
use crate::reader::sam::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Keeps the trace, then passes on.
pub struct Traced<S> {
    trace: Arc<Mutex<Trace>>,
    clock: Arc<dyn Clock>,
    found: Duration,
    sink: S,
}

impl<S> std::fmt::Debug for Traced<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Traced").finish_non_exhaustive()
    }
}

impl<S> Traced<S> {
    /// Writes into a trace that others read.
    pub fn new(trace: Arc<Mutex<Trace>>, clock: Arc<dyn Clock>, sink: S) -> Self {
        Self { trace, clock, found: Duration::ZERO, sink }
    }

    fn write(&self, write: impl FnOnce(&mut Trace, Instant)) {
        let at = self.clock.wall().0;
        // A reader that panicked has left a whole trace: every change of it is one statement.
        write(&mut self.trace.lock().unwrap_or_else(PoisonError::into_inner), at);
    }
}

impl<S: Sink> Sink for Traced<S> {
    fn event(&mut self, event: ReaderEvent) {
        let (now, took) = (self.clock.mono(), self.clock.mono().saturating_sub(self.found));
        self.write(|trace, at| match &event {
            ReaderEvent::Up { sam, .. } => trace.answered(at, now, *sam),
            ReaderEvent::Presented(presented) => trace.presented(presented, took),
            ReaderEvent::Fault(fault) | ReaderEvent::Down(fault) => trace.went(at, fault),
            ReaderEvent::Noise(bytes) => {
                trace.noise_since_answer += bytes;
                trace.push(at, What::Noise(*bytes));
            }
            ReaderEvent::Removed | ReaderEvent::LatestAddress(_) | ReaderEvent::Tested(_) => {}
        });
        self.sink.event(event);
    }

    fn frame(&mut self, frame: &Frame) {
        self.write(|trace, at| trace.received(at, frame));
        self.sink.frame(frame);
    }

    fn sent(&mut self, command: Command, baud: u32) {
        if command == Command::Find {
            self.found = self.clock.mono();
        }
        self.write(|trace, at| {
            trace.last = Some((command, baud));
            trace.push(at, What::Sent(command));
        });
        self.sink.sent(command, baud);
    }

    fn flawed(&mut self, flaw: Flaw) {
        self.write(|trace, at| {
            if flaw == Flaw::Checksum {
                trace.figures.damaged += 1;
                trace.trouble.get_or_insert(Finding::Damaged);
            }
            trace.push(at, What::Flawed(flaw));
        });
        self.sink.flawed(flaw);
    }
}

impl Trace {
    fn answered(&mut self, at: Instant, since: Duration, sam: Option<crate::reader::sam::SamNumber>) {
        let baud = self.last.map_or(self.configured, |(_, baud)| baud);
        self.link = Link::Up { baud, sam, since };
        self.trouble = None;
        self.push(at, What::Up(baud));
    }

    fn went(&mut self, at: Instant, fault: &PortFault) {
        self.link = Link::Down(fault.clone());
        self.push(at, What::Down(fault.clone()));
    }

    fn received(&mut self, at: Instant, frame: &Frame) {
        let command = self.last.map(|(command, _)| command);
        let Some(masked) = Masked::of(frame, command) else { return };
        self.noise_since_answer = 0;
        if let Some(found) = command.and_then(|command| Finding::of_status(command, masked.sw3)) {
            self.trouble = Some(found);
        }
        if let (Link::Up { baud, .. }, Some((_, now))) = (&mut self.link, self.last) {
            *baud = now;
        }
        self.push(at, What::Received(masked));
    }

    fn presented(&mut self, presented: &Presented, took: Duration) {
        self.figures.reads += 1;
        match presented {
            Presented::Unreadable { sw3 } => {
                self.figures.lifted += u32::from(*sw3 == Some(0x41));
                if sw3.is_none() {
                    self.trouble = Some(Finding::Unanswered);
                }
            }
            Presented::UnknownKind => {
                self.figures.unknown += 1;
                self.trouble = Some(Finding::WrongCard);
            }
            _ => {
                self.figures.ok += 1;
                self.figures.spent += took;
                self.trouble = None;
            }
        }
    }

    /// What is likely wrong now; `None` while all is well.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        match &self.link {
            Link::Down(PortFault::Silent { .. }) if self.noise_since_answer > 0 => Some(Finding::Garbage),
            Link::Down(fault) => Some(Finding::Port(fault.clone())),
            Link::Up { baud, .. } if self.trouble.is_none() && *baud != self.configured => {
                Some(Finding::OtherSpeed { found: *baud, configured: self.configured })
            }
            Link::Up { .. } | Link::Seeking => self.trouble.clone(),
        }
    }
}
