//! 3.28 Reader diagnosis: bytes both ways with their meaning, what is likely wrong and what to do, figures, tests.
//!
//! Works on the running desk's own port: while the screen stands, cards are judged as ever, but for those that a trial
//! read takes. No line holds card content: it is not in the data.

mod draw;

pub use draw::view;

use super::super::keymap::{Action, Press};
use super::super::widgets::table::Cursor;
use crate::domain::document::{DocKind, ValidTo};
use crate::domain::photo::DecoderFault;
use crate::reader::inventory::Port;
use crate::reader::port::Request;
use crate::reader::trace::{Entry, Figures, Finding};
use std::path::PathBuf;

/// Ports in sight of the list.
const SIGHT: usize = 4;

/// Whether a reader answers, as the screen shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Nobody knows yet.
    Seeking,
    /// It does.
    Up,
    /// It does not.
    Down,
}

/// A trial read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trial {
    /// It waits for a card, so many seconds more.
    Waits(u64),
    /// A card was read.
    Read(Seen),
    /// A card was laid down and not read.
    Failed,
}

/// What the public glass may show of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its kind.
    pub kind: DocKind,
    /// First character and a star.
    pub masked: String,
    /// The last four characters of its number.
    pub tail: String,
    /// Whether the number is one of its kind.
    pub number_right: bool,
    /// Until when it is valid.
    pub valid_to: ValidTo,
    /// Its photo.
    pub photo: Picture,
}

/// What is known of a card's photo. It is never drawn here: the glass is public (screens.md §1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// The chip has none.
    None,
    /// It has one, and no decoder is configured.
    Raw,
    /// The site's decoder works on it.
    Waits,
    /// The site's decoder made a picture of it.
    Decoded,
    /// It made none.
    Failed(DecoderFault),
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The port, as it was asked for.
    pub port: String,
    /// Whether a reader answers there.
    pub link: Link,
    /// At which speed in baud.
    pub baud: u32,
    /// Its module's number.
    pub sam: Option<String>,
    /// For how many seconds it has answered.
    pub open: u64,
    /// What went over the line last, oldest first; the screen shows the end of it.
    pub entries: Vec<Entry>,
    /// What is likely wrong.
    pub finding: Option<Finding>,
    /// How reading went.
    pub figures: Figures,
    /// A trial read, if there is one.
    pub trial: Option<Trial>,
    /// Its card was lifted: check-in goes on.
    pub lifted: bool,
}

/// What a person did here.
#[derive(Debug, Default)]
pub struct State {
    /// The lines as they stood when scrolling was paused.
    paused: Option<Vec<Entry>>,
    /// Ports to choose from, with the one under the cursor.
    picking: Option<(Vec<Port>, Cursor)>,
}

impl State {
    /// Lets the person choose among these.
    pub fn pick(&mut self, ports: Vec<Port>) {
        self.picking = Some((ports, Cursor::default()));
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// One step back.
    Back,
    /// A test of the reader.
    Ask(Request),
    /// The list of ports.
    Ports,
    /// This port.
    Move(PathBuf),
    /// A trial read.
    Trial,
    /// Save the capture.
    Save,
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    if let Some((ports, mut cursor)) = state.picking.take() {
        let len = ports.len();
        match press {
            Press::Do(Action::Back) => return Outcome::Stay,
            Press::Do(Action::Enter) => {
                let chosen = cursor.row(len).and_then(|at| ports.get(at));
                return chosen.map_or(Outcome::Stay, |port| Outcome::Move(port.best_name().to_owned()));
            }
            Press::Do(Action::Up) => cursor.step(-1, len, SIGHT),
            Press::Do(Action::Down) => cursor.step(1, len, SIGHT),
            _ => {}
        }
        state.picking = Some((ports, cursor));
        return Outcome::Stay;
    }
    match press {
        Press::Do(Action::Back) => Outcome::Back,
        Press::Do(Action::Pause) => {
            state.paused = if state.paused.is_some() { None } else { Some(data.entries.clone()) };
            Outcome::Stay
        }
        Press::Char('1') => Outcome::Ask(Request::SelfTest),
        Press::Char('2') => Outcome::Ask(Request::Reset),
        Press::Char('3') => Outcome::Ask(Request::Speeds),
        Press::Char('4') => Outcome::Ports,
        Press::Char('5') => Outcome::Trial,
        Press::Char('6') => Outcome::Save,
        _ => Outcome::Stay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;
    use crate::reader::inventory::Access;
    use crate::reader::trace::What;

    fn data(noise: u64) -> Data {
        let entries = vec![Entry { at: Instant(0), what: What::Noise(noise), times: 1, number: 1 }];
        Data {
            port: "/dev/idreader".into(),
            link: Link::Up,
            baud: 115_200,
            sam: None,
            open: 0,
            entries,
            finding: None,
            figures: Figures::default(),
            trial: None,
            lifted: false,
        }
    }

    #[test]
    fn a_pause_keeps_what_stood_there() {
        let mut state = State::default();
        on_key(&mut state, &data(1), Press::Do(Action::Pause));
        assert_eq!(state.paused, Some(data(1).entries));
        on_key(&mut state, &data(2), Press::Do(Action::Pause));
        assert_eq!(state.paused, None);
    }

    #[test]
    fn a_port_is_chosen_by_the_name_that_survives_unplugging() {
        let port = |path: &str, names: &[&str]| Port {
            path: path.into(),
            names: names.iter().map(PathBuf::from).collect(),
            usb: None,
            access: Access::Allowed,
            holders: Vec::new(),
        };
        let ports = vec![port("/dev/ttyS0", &[]), port("/dev/ttyUSB0", &["/dev/x", "/dev/serial/by-id/usb-1"])];
        let mut state = State::default();
        state.pick(ports);
        assert_eq!(on_key(&mut state, &data(1), Press::Char('2')), Outcome::Stay, "the list has the keys");
        on_key(&mut state, &data(1), Press::Do(Action::Down));
        let chosen = on_key(&mut state, &data(1), Press::Do(Action::Enter));
        assert_eq!(chosen, Outcome::Move("/dev/serial/by-id/usb-1".into()));
        assert_eq!(on_key(&mut state, &data(1), Press::Do(Action::Back)), Outcome::Back, "the list is gone");
        state.pick(Vec::new());
        assert_eq!(on_key(&mut state, &data(1), Press::Do(Action::Enter)), Outcome::Stay);
        state.pick(Vec::new());
        assert_eq!(on_key(&mut state, &data(1), Press::Do(Action::Back)), Outcome::Stay, "closes the list alone");
    }
}
