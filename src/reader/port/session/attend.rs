//! Requests of a technician, done between two looks at the reader.

use super::Session;
use crate::reader::port::line::Line;
use crate::reader::port::talk::{Answer, End};
use crate::reader::port::{ReaderEvent, Request, Tested};
use crate::reader::sam::Command;
use std::sync::mpsc::Receiver;

impl<'a, L: Line> Session<'a, L> {
    /// Also does what comes in here.
    pub(in crate::reader::port) fn attended(mut self, requests: &'a Receiver<Request>) -> Self {
        self.requests = Some(requests);
        self
    }

    /// Does one thing that was asked for, if there is any.
    pub(super) fn do_requested(&mut self) -> Result<(), End> {
        let Some(request) = self.requests.and_then(|requests| requests.try_recv().ok()) else { return Ok(()) };
        let tested = match request {
            Request::SelfTest => Tested::SelfTest(self.passes(Command::Status)?),
            Request::Reset => {
                let accepted = self.passes(Command::Reset)?;
                // It hears nothing for up to two seconds.
                self.talk.greet()?;
                Tested::Reset(accepted)
            }
            Request::Speeds => Tested::Speeds(self.talk.try_speeds()?),
        };
        self.talk.tell(ReaderEvent::Tested(tested));
        Ok(())
    }

    fn passes(&mut self, command: Command) -> Result<bool, End> {
        Ok(matches!(self.talk.exchange(command)?, Answer::Done(_)))
    }
}
