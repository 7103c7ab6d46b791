//! One opened line, from the drain to its end, and the card that lies there.
//!
//! ```text
//! Nothing -> Presented(card) -> Nothing                              told: Presented, Removed
//!   30 05 refused, or another number there -> doubted -> find:
//!     none                                  the card has left        told: Removed
//!     one, and it reads as before           it has not               told: nothing
//!     one, and it reads otherwise           it was changed           told: Removed, Presented
//! ```
//!
//! A card is told when it comes and when it goes. One that could not be read is tried again in silence while it stays:
//! the person in front of the reader has been told once. Where `30 05` is not known, finds stand for it, and three
//! without a card for its removal: a guess, for a sticky module finds no card that it has read. A card lifted and laid
//! down again, or changed, between two such finds of a module without numbers is not seen to be another: nobody's hand is
//! as quick as [`PortConfig::removal`].
//!
//! A line that breaks says nothing of the card. So the next session takes it over in doubt, for
//! [`PortConfig::remembered`]: still there, it is not told again; otherwise `Removed` comes behind `Up`.

mod attend;
mod read;

use super::line::Line;
use super::talk::{Answer, End, Talk};
use super::{PortConfig, ReaderEvent, Request, Sink};
use crate::domain::document::Presented;
use crate::reader::frame::Frame;
use crate::reader::record::Record;
use crate::reader::sam::{Command, Remedy, Reply};
use read::Outcome;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// Finds without a card in a row that stand for a removal where `30 05` is not known.
const NEGATIVE_FINDS: u8 = 3;

/// Failed reads after which a doubted card is another one that cannot be read.
const DOUBTS: u8 = 3;

/// A card that was presented and has not left, as far as is known.
struct Lasting {
    since: Duration,
    record: Arc<Record>,
    /// What find said with it: its number, all zero on most modules.
    found: Vec<u8>,
    /// What `30 05` says: the chip's number.
    chip: Option<Vec<u8>>,
    negative_finds: u8,
    /// Something says that it was lifted: what lies there is read before anybody is told.
    doubted: bool,
    failed_reads: u8,
}

/// A card that was told and not seen to leave, and how long it is to be remembered.
pub(super) type Left = (Arc<Record>, Duration);

/// What lies on the reader, as far as it was told.
enum Lying {
    Nothing,
    Presented(Lasting),
    /// A card that could not be read.
    Failed {
        since: Duration,
    },
    /// A card of an unknown kind.
    Unknown {
        since: Duration,
    },
}

/// The protocol on one line.
pub(super) struct Session<'a, L> {
    talk: Talk<'a, L>,
    refused_selects: u8,
    knows_presence: bool,
    knows_fingerprints: bool,
    lying: Lying,
    /// The card that was told and has not left; what a line leaves behind that breaks in the middle of anything.
    told: Option<Arc<Record>>,
    /// What the line before left, until then.
    before: Option<Left>,
    up: bool,
    requests: Option<&'a Receiver<Request>>,
}

impl<'a, L: Line> Session<'a, L> {
    /// Takes a line that was opened at the configured speed; `speed` is where the reader answered last.
    pub(super) fn new(config: &'a PortConfig, speed: u32, line: L, sink: &'a mut dyn Sink) -> Self {
        Self {
            talk: Talk::new(config, speed, line, sink),
            refused_selects: 0,
            knows_presence: true,
            knows_fingerprints: true,
            lying: Lying::Nothing,
            told: None,
            before: None,
            up: false,
            requests: None,
        }
    }

    /// Takes over what the line before left.
    pub(super) fn after(mut self, before: Option<Left>) -> Self {
        self.before = before.map(|(record, keep)| (record, self.talk.now() + keep));
        self
    }

    /// What this one leaves.
    pub(super) fn left(&mut self) -> Option<Left> {
        let now = self.talk.now();
        let before = self.before.take().map(|(record, until)| (record, until.saturating_sub(now)));
        before.or_else(|| Some((self.told.take()?, self.talk.config.remembered)))
    }

    /// Whether a reader has answered on this line.
    pub(super) fn was_up(&self) -> bool {
        self.up
    }

    /// The speed at which it answered last.
    pub(super) fn speed(&self) -> u32 {
        self.talk.heard_at()
    }

    /// Serves the line until its end.
    pub(super) fn run(&mut self) -> End {
        match self.serve() {
            Err(end) => end,
        }
    }

    fn serve(&mut self) -> Result<Infallible, End> {
        self.talk.greet()?;
        let sam = self.talk.module_number()?;
        self.up = true;
        // Every module has a number, and only a simulator could want to hide it: Live takes no reader that tells none.
        self.talk.tell(ReaderEvent::Up { sam, simulated: sam.is_none_or(|sam| sam.is_simulated()) });
        if let Some((record, until)) = self.before.take()
            && self.talk.now() < until
        {
            self.told = Some(Arc::clone(&record));
            self.lying = Lying::Presented(Lasting { doubted: true, ..self.lasting(record, Vec::new()) });
        }
        loop {
            self.do_requested()?;
            self.attend()?;
        }
    }

    /// One look at the reader, then a pause.
    fn attend(&mut self) -> Result<(), End> {
        match std::mem::replace(&mut self.lying, Lying::Nothing) {
            Lying::Presented(card) if self.is_due_again(&card) => self.look_again(card)?,
            Lying::Presented(card) => self.watch(card)?,
            other => {
                self.lying = other;
                self.look()?;
            }
        }
        let config = self.talk.config;
        self.talk.wait(match &self.lying {
            Lying::Presented(card) if card.failed_reads > 0 => config.retry,
            Lying::Presented(_) => config.removal,
            Lying::Nothing | Lying::Failed { .. } | Lying::Unknown { .. } => config.poll,
        })
    }

    fn is_due_again(&self, card: &Lasting) -> bool {
        !card.doubted && self.talk.config.same_card.is_some_and(|limit| self.talk.now() >= card.since + limit)
    }

    /// Looks for a card; one that could not be read or is not known is left alone until it has gone or its time has come.
    fn look(&mut self) -> Result<(), End> {
        match self.talk.exchange(Command::Find)? {
            Answer::Done(frame) => match self.lying {
                Lying::Failed { since } | Lying::Unknown { since }
                    if self.talk.now() < since + self.talk.config.retry =>
                {
                    Ok(())
                }
                _ => self.take(&frame),
            },
            Answer::Refused(Remedy::WrongCard, _) => {
                self.tell_unknown();
                Ok(())
            }
            Answer::Refused(Remedy::PollOn, _) => {
                self.refused_selects = 0;
                if !matches!(self.lying, Lying::Nothing) {
                    self.tell_removed();
                }
                Ok(())
            }
            Answer::Refused(..) | Answer::Foreign | Answer::Nothing => Ok(()),
        }
    }

    /// Selects and reads the card that was found, and tells.
    fn take(&mut self, found: &Frame) -> Result<(), End> {
        match self.read_card()? {
            Outcome::Read(record) => return self.present(record, numbers(found)),
            Outcome::Unreadable(sw3) => self.tell_unreadable(sw3),
            Outcome::Unknown => self.tell_unknown(),
            Outcome::NotSelected => {}
        }
        Ok(())
    }

    /// Reads a card that has lain there for long, as if it had just come; a sticky reader does not find it.
    fn look_again(&mut self, card: Lasting) -> Result<(), End> {
        let since = self.talk.now();
        let answer = self.talk.exchange(Command::Find)?;
        if let Answer::Done(found) = &answer
            && let Outcome::Read(record) = self.read_card()?
        {
            if *record != *card.record {
                self.tell_removed();
            }
            return self.present(record, numbers(found));
        }
        // Whatever else this means, watching the card finds out.
        self.lying = Lying::Presented(Lasting { since, ..card });
        Ok(())
    }

    /// Tests whether a card that was presented still lies there.
    fn watch(&mut self, mut card: Lasting) -> Result<(), End> {
        if self.knows_presence && !card.doubted {
            self.ask_presence(&mut card)?;
            if self.knows_presence && !card.doubted {
                self.lying = Lying::Presented(card);
                return Ok(());
            }
        }
        match self.talk.exchange(Command::Find)? {
            Answer::Done(frame) => {
                let found = numbers(&frame);
                let other = found != card.found && found.iter().any(|byte| *byte != 0);
                if card.doubted || other || card.negative_finds > 0 {
                    return self.read_again(card, found);
                }
            }
            Answer::Refused(Remedy::PollOn, _) => {
                card.negative_finds += 1;
                if self.knows_presence || card.negative_finds >= NEGATIVE_FINDS {
                    self.tell_removed();
                    return Ok(());
                }
            }
            Answer::Refused(Remedy::WrongCard, _) if card.doubted => {
                self.tell_removed();
                self.tell_unknown();
                return Ok(());
            }
            Answer::Refused(Remedy::WrongCard, _) => card.doubted = true,
            Answer::Refused(..) | Answer::Foreign | Answer::Nothing => {}
        }
        self.lying = Lying::Presented(card);
        Ok(())
    }

    /// Asks for the chip's number: the test whether the card has been lifted since it was read.
    fn ask_presence(&mut self, card: &mut Lasting) -> Result<(), End> {
        match self.talk.exchange(Command::ChipNumber)? {
            Answer::Done(frame) => {
                let number = numbers(&frame);
                card.doubted = card.chip.as_ref().is_some_and(|before| *before != number);
                card.chip = Some(number);
            }
            Answer::Refused(Remedy::Unsupported, _) => {
                tracing::info!("reader does not know 30 05: removal of a card is guessed from {NEGATIVE_FINDS} finds");
                self.knows_presence = false;
            }
            Answer::Refused(..) => card.doubted = true,
            Answer::Foreign | Answer::Nothing => {}
        }
        Ok(())
    }

    /// Reads what lies where a card was presented: is it still the same?
    fn read_again(&mut self, card: Lasting, found: Vec<u8>) -> Result<(), End> {
        match self.read_card()? {
            Outcome::Read(record) if *record == *card.record => {
                self.lying = Lying::Presented(Lasting { since: card.since, ..self.lasting(card.record, found) });
            }
            Outcome::Read(record) => {
                self.tell_removed();
                return self.present(record, found);
            }
            Outcome::Unknown => {
                self.tell_removed();
                self.tell_unknown();
            }
            Outcome::Unreadable(sw3) if card.failed_reads + 1 >= DOUBTS => {
                self.tell_removed();
                self.tell_unreadable(sw3);
            }
            Outcome::Unreadable(_) => {
                let failed_reads = card.failed_reads + 1;
                self.lying = Lying::Presented(Lasting { doubted: true, failed_reads, ..card });
            }
            Outcome::NotSelected => self.lying = Lying::Presented(Lasting { doubted: true, ..card }),
        }
        Ok(())
    }

    fn present(&mut self, record: Box<Record>, found: Vec<u8>) -> Result<(), End> {
        let record = Arc::<Record>::from(record);
        self.talk.tell(ReaderEvent::Presented(record.presented()));
        self.told = Some(Arc::clone(&record));
        self.lying = Lying::Presented(self.lasting(record, found));
        if self.talk.config.latest_address
            && let Answer::Done(frame) = self.talk.exchange(Command::LatestAddress)?
        {
            self.talk.tell(ReaderEvent::LatestAddress(read::latest_address(&numbers(&frame))));
        }
        Ok(())
    }

    /// A card that has just been read.
    fn lasting(&self, record: Arc<Record>, found: Vec<u8>) -> Lasting {
        let (since, chip, negative_finds, doubted, failed_reads) = (self.talk.now(), None, 0, false, 0);
        Lasting { since, record, found, chip, negative_finds, doubted, failed_reads }
    }

    fn tell_unreadable(&mut self, sw3: Option<u8>) {
        let since = self.talk.now();
        if !matches!(std::mem::replace(&mut self.lying, Lying::Failed { since }), Lying::Failed { .. }) {
            self.talk.tell(ReaderEvent::Presented(Presented::Unreadable { sw3 }));
        }
    }

    fn tell_unknown(&mut self) {
        let since = self.talk.now();
        if !matches!(std::mem::replace(&mut self.lying, Lying::Unknown { since }), Lying::Unknown { .. }) {
            self.talk.tell(ReaderEvent::Presented(Presented::UnknownKind));
        }
    }

    fn tell_removed(&mut self) {
        (self.lying, self.told) = (Lying::Nothing, None);
        self.talk.tell(ReaderEvent::Removed);
    }
}

/// The data of a reply.
fn numbers(frame: &Frame) -> Vec<u8> {
    Reply::of(frame).map(|reply| reply.data.to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
