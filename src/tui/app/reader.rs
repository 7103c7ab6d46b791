//! The reader's diagnosis: the desk's own port as facts, and what is asked of it.

use super::super::screens::reader;
use super::super::text::masked;
use super::super::widgets::footer::{Message, Rank};
use super::{App, Place};
use crate::domain::document::{CardWarning, Presented};
use crate::domain::photo::Photo;
use crate::reader::inventory::{Roots, look};
use crate::reader::port::{Request, Tested};
use crate::reader::trace::Link;
use crate::tui::i18n::tr;
use crate::tui::keymap::Press;
use std::time::Duration;

/// A trial read gives up after this long: a screen that somebody left must not keep people from checking in.
const TRIAL: Duration = Duration::from_secs(30);

/// The most lines of the wire that a screen shows.
const LINES: usize = 60;

/// A trial read that waits, or has read and waits for the card to leave.
#[derive(Debug)]
pub(super) struct Trial {
    until: Duration,
    /// What came of it.
    seen: Option<reader::Trial>,
    /// The card was lifted: check-in goes on, and what was read stays in sight.
    lifted: bool,
}

/// What is said of a photo, which somebody may be decoding.
fn picture(photo: &Photo, waits: bool) -> reader::Picture {
    match photo {
        Photo::Absent => reader::Picture::None,
        Photo::Raw(_) if waits => reader::Picture::Waits,
        Photo::Raw(_) => reader::Picture::Raw,
        Photo::Decoded(_) => reader::Picture::Decoded,
        Photo::DecoderFailed(fault) => reader::Picture::Failed(*fault),
    }
}

impl App {
    pub(super) fn reader_data(&self) -> reader::Data {
        let mono = self.desk.clock().mono();
        let trial = self.trial.as_ref().map(|trial| {
            let left = trial.until.saturating_sub(self.now).as_secs();
            trial.seen.clone().unwrap_or(reader::Trial::Waits(left))
        });
        let none = reader::Data {
            port: String::new(),
            link: reader::Link::Seeking,
            baud: 115_200,
            sam: None,
            open: 0,
            entries: Vec::new(),
            finding: None,
            figures: crate::reader::trace::Figures::default(),
            trial,
            lifted: self.trial.as_ref().is_some_and(|trial| trial.lifted),
        };
        let Some(attached) = self.desk.reader() else { return none };
        attached.trace(|trace| {
            let (link, baud, sam, open) = match trace.link() {
                Link::Seeking => (reader::Link::Seeking, None, None, Duration::ZERO),
                Link::Down(_) => (reader::Link::Down, None, None, Duration::ZERO),
                Link::Up { baud, sam, since } => {
                    (reader::Link::Up, Some(*baud), sam.map(|sam| sam.to_string()), mono.saturating_sub(*since))
                }
            };
            let entries = trace.entries();
            let skipped = entries.len().saturating_sub(LINES);
            reader::Data {
                port: attached.port().display().to_string(),
                link,
                baud: baud.unwrap_or_else(|| attached.baud()),
                sam,
                open: open.as_secs(),
                entries: entries.skip(skipped).cloned().collect(),
                finding: trace.finding(),
                figures: trace.figures(),
                ..none
            }
        })
    }

    pub(super) fn reader_key(&mut self, press: Press) {
        let data = self.reader_data();
        let Place::Reader(state) = &mut self.place else { return };
        match reader::on_key(state, &data, press) {
            reader::Outcome::Stay => {}
            reader::Outcome::Back => self.place = Place::Ready,
            reader::Outcome::Ask(request) => self.ask_reader(request),
            reader::Outcome::Ports => {
                let configured = self.desk.reader().map(|attached| attached.port().to_owned());
                let found = look(&Roots::default(), configured.as_deref());
                state.pick(found.ports);
            }
            reader::Outcome::Move(path) => {
                self.end_trial();
                if let Err(error) = self.desk.move_reader(path) {
                    self.say(self.not_opened(&error));
                }
            }
            reader::Outcome::Trial => {
                self.desk.begin_trial();
                self.trial = Some(Trial { until: self.now + TRIAL, seen: None, lifted: false });
            }
            reader::Outcome::Save => self.save_capture(),
        }
    }

    fn ask_reader(&mut self, request: Request) {
        match self.desk.ask_reader(request) {
            Ok(()) => self.say(Self::of_reader(Rank::Tap, self.with_look(|look| tr!(look, "reader-asked")))),
            Err(error) => self.say(self.not_opened(&error)),
        }
    }

    fn of_reader(rank: Rank, text: String) -> Message {
        Message { rank, code: None, text }
    }

    fn not_opened(&self, error: &std::io::Error) -> Message {
        let text = self.with_look(|look| tr!(look, "reader-not-opened", cause = error.to_string()));
        Self::of_reader(Rank::Wrong, text)
    }

    fn save_capture(&mut self) {
        let message = match self.desk.save_capture() {
            Ok(path) => {
                let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let text = self.with_look(|look| tr!(look, "reader-saved", file = file.as_str()));
                Self::of_reader(Rank::Tap, text)
            }
            Err(error) => {
                tracing::warn!(%error, "a support capture was not saved");
                let text = self.with_look(|look| tr!(look, "reader-not-saved", cause = error.to_string()));
                Self::of_reader(Rank::Wrong, text)
            }
        };
        self.say(message);
    }

    /// Says what a test of the reader came to.
    pub(super) fn reader_tested(&mut self, tested: &Tested) {
        let (rank, text) = self.with_look(|look| match tested {
            Tested::SelfTest(true) => (Rank::Tap, tr!(look, "reader-tested-well")),
            Tested::SelfTest(false) => (Rank::Wrong, tr!(look, "reader-tested-ill")),
            Tested::Reset(true) => (Rank::Tap, tr!(look, "reader-reset-well")),
            Tested::Reset(false) => (Rank::Wrong, tr!(look, "reader-reset-ill")),
            Tested::Speeds(speeds) if speeds.is_empty() => (Rank::Wrong, tr!(look, "reader-speeds-none")),
            Tested::Speeds(speeds) => {
                let list: Vec<String> = speeds.iter().map(ToString::to_string).collect();
                (Rank::Tap, tr!(look, "reader-speeds", list = list.join(" ")))
            }
        });
        self.say(Self::of_reader(rank, text));
    }

    /// A card came while a trial read waits: shown masked, and nothing else is done with it.
    pub(super) fn tried(&mut self, presented: &Presented) {
        let Some(trial) = &mut self.trial else { return };
        trial.seen = Some(match presented {
            Presented::Card(card) => {
                let tail: Vec<char> = card.number.chars().rev().take(4).collect();
                reader::Trial::Read(reader::Seen {
                    kind: card.doc,
                    masked: masked(&card.name),
                    tail: tail.into_iter().rev().collect(),
                    number_right: !card.warnings.iter().any(|warning| matches!(warning, CardWarning::Number(_))),
                    valid_to: card.valid_to,
                    photo: picture(&card.photo, self.desk.has_photo_decoder()),
                })
            }
            Presented::Unreadable { .. } | Presented::UnknownKind | Presented::Pointer(_) | Presented::ByHand(_) => {
                reader::Trial::Failed
            }
        });
        // Until it is lifted, the same card would be shown again and checked in.
        trial.until = self.now + TRIAL;
    }

    /// The photo of a trial read was decoded, or was not.
    pub(super) fn developed(&mut self, photo: &Photo) {
        if let Some(Trial { seen: Some(reader::Trial::Read(seen)), .. }) = &mut self.trial {
            seen.photo = picture(photo, false);
        }
    }

    /// The card of a trial read was lifted.
    pub(super) fn card_removed(&mut self) {
        if let Some(trial) = self.trial.as_mut().filter(|trial| trial.seen.is_some()) {
            trial.lifted = true;
            self.desk.end_trial();
        }
    }

    fn end_trial(&mut self) {
        self.trial = None;
        self.desk.end_trial();
    }

    /// A trial read ends with its time, and wherever nobody looks at it any more.
    pub(super) fn watch_trial(&mut self) {
        let seen = matches!(self.place, Place::Reader(_)) && !self.locked();
        if self.trial.as_ref().is_some_and(|trial| !seen || trial.until <= self.now) {
            self.end_trial();
        }
    }
}
