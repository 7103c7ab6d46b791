//! Performs a script on a running desk and a simulated reader: one act at a time, the next one when the desk has
//! answered. The same performer serves the day without a screen and, at a human pace, the full screen.

use super::crew;
use super::script::Act;
use crate::desk::Command;
use crate::domain::ids::SessionNo;
use crate::reader::simulate::{Card, Fault, On, Plan, SimulatedReader};
use crate::runtime::clock::VirtualClock;
use crate::runtime::results::derive;
use crate::runtime::running::{Notice, RunningDesk};
use std::collections::VecDeque;
use std::sync::Arc;

/// What the performer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    Nothing,
    Verdict,
    Removal,
    Answer,
    /// For the keys of a session that is to be opened.
    Keys(SessionNo),
}

/// A script on its way.
pub struct Performer {
    acts: VecDeque<Act>,
    wait: Wait,
    reader: SimulatedReader,
    clock: Arc<VirtualClock>,
}

impl Performer {
    /// A performer with nothing to do yet.
    #[must_use]
    pub fn new(reader: SimulatedReader, clock: Arc<VirtualClock>) -> Self {
        Self { acts: VecDeque::new(), wait: Wait::Nothing, reader, clock }
    }

    /// Adds acts after everything there is.
    pub fn add(&mut self, acts: impl IntoIterator<Item = Act>) {
        self.acts.extend(acts);
    }

    /// Whether everything was performed.
    #[must_use]
    pub fn idle(&self) -> bool {
        self.wait == Wait::Nothing && self.acts.is_empty()
    }

    /// Whether acts wait for their turn.
    #[must_use]
    pub fn queues(&self) -> bool {
        !self.acts.is_empty()
    }

    /// The reader.
    pub fn reader(&mut self) -> &mut SimulatedReader {
        &mut self.reader
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<VirtualClock> {
        &self.clock
    }

    /// Takes note of what the desk told.
    pub fn note(&mut self, notice: &Notice) {
        match (self.wait, notice) {
            (
                Wait::Verdict,
                Notice::Verdict(_) | Notice::Trial(_) | Notice::AwaitingUnlock | Notice::NotRecorded | Notice::Fault(_),
            ) => {
                self.reader.remove();
                self.wait = Wait::Removal;
            }
            // A reader that is gone tells of no removal.
            (Wait::Removal, Notice::CardRemoved | Notice::ReaderDown(_))
            | (Wait::Answer, Notice::Answer(_) | Notice::NotRecorded | Notice::Fault(_)) => {
                self.wait = Wait::Nothing;
            }
            (Wait::Keys(no), Notice::Checked(_, Ok(_))) => {
                self.acts.push_front(Act::Do(Command::Open(no), crew::chief(), None));
                self.wait = Wait::Nothing;
            }
            _ => {}
        }
    }

    /// Performs the next acts until one has to be waited for.
    #[must_use]
    pub fn go_on(&mut self, desk: &mut RunningDesk) -> Vec<Notice> {
        let mut notices = Vec::new();
        while self.wait == Wait::Nothing
            && let Some(act) = self.acts.pop_front()
        {
            let told = self.perform(act, desk);
            for notice in &told {
                self.note(notice);
            }
            notices.extend(told);
        }
        notices
    }

    fn perform(&mut self, act: Act, desk: &mut RunningDesk) -> Vec<Notice> {
        match act {
            Act::At(moment) => self.clock.advance_to(moment),
            Act::Pass(ms) => self.clock.advance_by(ms),
            Act::Damage => self.reader.set_fault(Plan::once(Fault::Status { sw3: 0x41 }, On::Read)),
            Act::Card(card) => {
                // It fails only for a name longer than a chip takes, which the roster has none of.
                if let Ok(card) = Card::resident(&card) {
                    self.wait = Wait::Verdict;
                    self.reader.present(card);
                }
            }
            Act::Do(command, op, witness) => {
                self.wait = Wait::Answer;
                return desk.command(command, op, witness);
            }
            Act::Open(no) => {
                if let (Ok(pin), Ok(passphrase)) = (crew::pin_of(&crew::chief()), crew::passphrase()) {
                    self.wait = Wait::Keys(no);
                    desk.check_to_open((crew::chief(), pin), Some(passphrase));
                }
            }
            Act::Derive(no) => return self.derive(no, desk),
        }
        Vec::new()
    }

    fn derive(&mut self, no: SessionNo, desk: &mut RunningDesk) -> Vec<Notice> {
        let derived = desk.desk().books().get(&no).and_then(|book| derive(book, desk.desk().roster()).ok());
        let Some(derived) = derived else { return Vec::new() };
        self.wait = Wait::Answer;
        desk.command(Command::DeriveResults(no, derived.root), crew::chief(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;
    use crate::reader::port::PortFault;
    use crate::reader::simulate::Settings;
    use crate::runtime::clock::Pace;

    #[test]
    fn a_card_taken_away_with_the_plug_stops_no_script() {
        let clock = Arc::new(VirtualClock::new(Instant(0), Pace::Standing));
        let reader = SimulatedReader::start(Settings::default(), None).unwrap();
        let mut performer = Performer::new(reader, clock);
        let gone = Notice::ReaderDown(PortFault::Unplugged { path: "/dev/reader".into() });
        for (wait, idle) in [(Wait::Removal, true), (Wait::Verdict, false), (Wait::Answer, false)] {
            performer.wait = wait;
            performer.note(&gone);
            assert_eq!(performer.idle(), idle, "{wait:?}");
        }
    }
}
