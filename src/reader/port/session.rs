//! One opened line, from the drain to its end, and the card that lies there.
//!
//! A card is told when it comes and when it goes. One that could not be read is tried again in silence while it stays:
//! the person in front of the reader has been told once.

use super::line::Line;
use super::talk::{Answer, End, Talk};
use super::{PortConfig, ReaderEvent, Sink};
use crate::domain::document::Presented;
use crate::reader::record::{Record, parts};
use crate::reader::sam::{Command, Remedy, Reply};
use std::convert::Infallible;
use std::time::Duration;

/// Refused selects in a row after which the card is called unknown: another kind, or more than one.
const SELECTS: u8 = 3;

/// Finds without a card in a row that stand for a removal where `30 05` is not known.
const NEGATIVE_FINDS: u8 = 3;

/// Reads that may break before a card counts as unreadable.
const READS: u8 = 2;

/// Sequences that may be begun for these reads: a late reply can spoil one before its read.
const ATTEMPTS: u8 = 3;

/// What became of a card that was found.
enum Outcome {
    /// It was read.
    Read(Box<Record>),
    /// It was selected, and the read ended without a record.
    Unreadable(Option<u8>),
    /// The module, or this release, does not know its kind.
    Unknown,
    /// It was not even selected.
    NotSelected,
}

/// What lies on the reader, as far as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lying {
    Nothing,
    /// A card that was presented; with the chip's number if it tells one.
    Presented {
        since: Duration,
        chip: Option<Vec<u8>>,
        negative_finds: u8,
    },
    /// A card that could not be read.
    Failed {
        since: Duration,
    },
    /// A card of an unknown kind.
    Unknown,
}

/// The protocol on one line.
pub(super) struct Session<'a, L> {
    talk: Talk<'a, L>,
    refused_selects: u8,
    knows_presence: bool,
    lying: Lying,
    up: bool,
}

impl<'a, L: Line> Session<'a, L> {
    pub(super) fn new(config: &'a PortConfig, line: L, sink: &'a mut dyn Sink) -> Self {
        Self {
            talk: Talk::new(config, line, sink),
            refused_selects: 0,
            knows_presence: true,
            lying: Lying::Nothing,
            up: false,
        }
    }

    /// Whether a reader has answered on this line.
    pub(super) fn was_up(&self) -> bool {
        self.up
    }

    /// Serves the line until its end.
    pub(super) fn run(&mut self) -> End {
        match self.serve() {
            Err(end) => end,
        }
    }

    fn serve(&mut self) -> Result<Infallible, End> {
        self.talk.drain()?;
        self.talk.greet()?;
        let sam = self.talk.module_number()?;
        self.up = true;
        self.talk.tell(ReaderEvent::Up { sam, simulated: sam.is_some_and(|sam| sam.is_simulated()) });
        loop {
            self.attend()?;
        }
    }

    /// One look at the reader, then a pause.
    fn attend(&mut self) -> Result<(), End> {
        let now = self.talk.now();
        let pause = match self.lying.clone() {
            Lying::Presented { since, .. } if self.talk.config.same_card.is_some_and(|limit| now >= since + limit) => {
                self.look_again()?;
                self.talk.config.removal
            }
            Lying::Presented { since, chip, negative_finds } => {
                self.watch_removal(since, chip, negative_finds)?;
                self.talk.config.removal
            }
            Lying::Nothing | Lying::Failed { .. } | Lying::Unknown => {
                self.look(now)?;
                self.talk.config.poll
            }
        };
        self.talk.wait(pause)
    }

    /// Looks for a card; one that could not be read or told is left alone until it has gone or its time has come.
    fn look(&mut self, now: Duration) -> Result<(), End> {
        match self.talk.exchange(Command::Find)? {
            Answer::Done(_) => match self.lying {
                Lying::Unknown => Ok(()),
                Lying::Failed { since } if now < since + self.talk.config.retry => Ok(()),
                Lying::Failed { .. } | Lying::Nothing | Lying::Presented { .. } => self.take(),
            },
            Answer::Refused(Remedy::WrongCard, _) => {
                self.tell_unknown();
                Ok(())
            }
            Answer::Refused(Remedy::PollOn, _) => {
                self.refused_selects = 0;
                self.tell_removed();
                Ok(())
            }
            Answer::Refused(..) | Answer::Foreign | Answer::Nothing => Ok(()),
        }
    }

    /// Reads a card that has lain there for long, as if it had just come; a sticky reader does not find it.
    fn look_again(&mut self) -> Result<(), End> {
        if let Lying::Presented { since, .. } = &mut self.lying {
            *since = self.talk.now();
        }
        match self.talk.exchange(Command::Find)? {
            Answer::Done(_) => self.take(),
            _ => Ok(()),
        }
    }

    /// Selects and reads the card that was found, and tells.
    fn take(&mut self) -> Result<(), End> {
        let outcome = self.read_card()?;
        let since = self.talk.now();
        match outcome {
            Outcome::Read(record) => {
                self.talk.tell(ReaderEvent::Presented(record.presented()));
                self.lying = Lying::Presented { since, chip: None, negative_finds: 0 };
            }
            Outcome::Unreadable(sw3) => {
                if !matches!(self.lying, Lying::Failed { .. }) {
                    self.talk.tell(ReaderEvent::Presented(Presented::Unreadable { sw3 }));
                }
                self.lying = Lying::Failed { since };
            }
            Outcome::Unknown => self.tell_unknown(),
            Outcome::NotSelected => {}
        }
        Ok(())
    }

    fn read_card(&mut self) -> Result<Outcome, End> {
        let mut status = None;
        let mut reads = 0;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 && !self.find_again()? {
                break;
            }
            match self.talk.exchange(Command::Select)? {
                Answer::Done(_) => self.refused_selects = 0,
                Answer::Refused(Remedy::WrongCard, _) => return Ok(Outcome::Unknown),
                Answer::Refused(..) if reads == 0 => {
                    self.refused_selects += 1;
                    return Ok(if self.refused_selects >= SELECTS { Outcome::Unknown } else { Outcome::NotSelected });
                }
                Answer::Foreign | Answer::Nothing if reads == 0 => return Ok(Outcome::NotSelected),
                Answer::Refused(..) => break,
                Answer::Foreign | Answer::Nothing => continue,
            }
            reads += 1;
            match self.talk.exchange(Command::Read)? {
                Answer::Done(frame) => {
                    let text = Reply::of(&frame).and_then(|reply| parts(reply.data, false)).map(|parts| parts.text);
                    let record = text.and_then(Record::decode);
                    return Ok(record.map_or(Outcome::Unreadable(None), |record| Outcome::Read(Box::new(record))));
                }
                Answer::Refused(Remedy::WrongCard, _) => return Ok(Outcome::Unknown),
                Answer::Refused(Remedy::LiftCard, sw3) => return Ok(Outcome::Unreadable(Some(sw3))),
                Answer::Refused(_, sw3) => status = Some(sw3),
                Answer::Foreign | Answer::Nothing => status = None,
            }
            if reads == READS {
                break;
            }
        }
        Ok(Outcome::Unreadable(status))
    }

    /// Restarts the sequence after a read that broke; its answer may still be on the way.
    fn find_again(&mut self) -> Result<bool, End> {
        let mut answer = self.talk.exchange(Command::Find)?;
        if matches!(answer, Answer::Foreign) {
            answer = self.talk.exchange(Command::Find)?;
        }
        Ok(matches!(answer, Answer::Done(_)))
    }

    /// Tests whether a card that was presented still lies there.
    fn watch_removal(&mut self, since: Duration, chip: Option<Vec<u8>>, negative_finds: u8) -> Result<(), End> {
        if self.knows_presence {
            match self.talk.exchange(Command::ChipNumber)? {
                Answer::Done(frame) => {
                    let number = Reply::of(&frame).map(|reply| reply.data.to_vec());
                    if chip.is_some() && chip != number {
                        self.tell_removed();
                    } else {
                        self.lying = Lying::Presented { since, chip: number, negative_finds: 0 };
                    }
                }
                Answer::Refused(Remedy::Unsupported, _) => {
                    tracing::info!(
                        "reader does not know 30 05: removal of a card is guessed from {NEGATIVE_FINDS} finds"
                    );
                    self.knows_presence = false;
                }
                Answer::Refused(..) => self.tell_removed(),
                Answer::Foreign | Answer::Nothing => {}
            }
            return Ok(());
        }
        let negative_finds = match self.talk.exchange(Command::Find)? {
            Answer::Done(_) => 0,
            Answer::Refused(Remedy::PollOn, _) => negative_finds + 1,
            Answer::Refused(..) | Answer::Foreign | Answer::Nothing => negative_finds,
        };
        if negative_finds >= NEGATIVE_FINDS {
            self.tell_removed();
        } else {
            self.lying = Lying::Presented { since, chip, negative_finds };
        }
        Ok(())
    }

    fn tell_unknown(&mut self) {
        if self.lying != Lying::Unknown {
            self.lying = Lying::Unknown;
            self.talk.tell(ReaderEvent::Presented(Presented::UnknownKind));
        }
    }

    fn tell_removed(&mut self) {
        if std::mem::replace(&mut self.lying, Lying::Nothing) != Lying::Nothing {
            self.talk.tell(ReaderEvent::Removed);
        }
    }
}

#[cfg(test)]
mod tests;
