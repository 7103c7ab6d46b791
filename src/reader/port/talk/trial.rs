//! A status at every speed, for a technician: a cable that is bad at one may work at another.

use super::{Answer, End, SPEEDS, Talk};
use crate::reader::port::line::Line;
use crate::reader::sam::Command;

impl<L: Line> Talk<'_, L> {
    /// Asks for the status at every speed and goes back to where the reader answers: where it did before, if it still does.
    pub(in crate::reader::port) fn try_speeds(&mut self) -> Result<Vec<u32>, End> {
        let before = self.baud;
        let mut answered = Vec::new();
        for speed in SPEEDS {
            self.set_speed(speed)?;
            self.drain()?;
            if !matches!(self.ask(Command::Status)?, Answer::Nothing) {
                answered.push(speed);
            }
        }
        let best = if answered.contains(&before) { before } else { answered.first().copied().unwrap_or(before) };
        self.set_speed(best)?;
        self.heard_at = best;
        // What was sent at a wrong speed has left the beginning of something in the module.
        self.drain()?;
        Ok(answered)
    }
}
