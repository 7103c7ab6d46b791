//! 3.22 Fingerprint and signatures: eight groups to paper, two of them read back, two proctors, the site's passphrase.
//!
//! One thing after the other: what comes later takes no key before the earlier is whole. The second proctor is another
//! person. A PIN is out of the screen's hands the moment it is given, and no candidate is shown. Esc asks once, then
//! thaws the session; nothing is lost.

mod draw;
#[cfg(test)]
mod tests;

use super::super::super::keymap::{Action, Press};
use super::super::super::widgets::field::{Passphrase, Pin};
use super::super::super::widgets::table::Cursor;
use super::super::super::widgets::tries::Tries;
use super::Groups;
use crate::domain::event::AttendanceCounts;
use crate::domain::time::Instant;

pub use draw::view;

/// Digits of a group.
const DIGITS: usize = 4;
/// Proctors in sight.
const SIGHT: usize = 6;

/// Somebody who holds a key and a certificate that may sign now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proctor {
    /// First character and a star.
    pub masked: String,
    /// The month in which the certificate ends, such as `2027-03`.
    pub until: String,
    /// What stands against guessing the PIN.
    pub tries: Tries,
    /// The demo shows its PINs; nothing else may.
    pub demo_pin: Option<String>,
}

/// A signature that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// Position in [`Data::proctors`].
    pub proctor: usize,
    /// When.
    pub at: Instant,
}

/// Which of the two proctors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// 监考甲.
    First,
    /// 监考乙, another person.
    Second,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The fingerprint of what is frozen.
    pub groups: Groups,
    /// Letters of the two groups to read back.
    pub asked: [char; 2],
    /// The figures that are sealed.
    pub counts: AttendanceCounts,
    /// Incidents.
    pub incidents: u32,
    /// Lines of the journal.
    pub lines: u64,
    /// When the session was frozen.
    pub frozen_at: Instant,
    /// The session in words, such as 第 3 场.
    pub session: String,
    /// The first eight digits of its identity.
    pub session_short: String,
    /// The first digits of the root over all records.
    pub root_short: String,
    /// Fingerprint of the organisation's working recipient.
    pub working: String,
    /// Fingerprint of its recovery recipient.
    pub recovery: String,
    /// Everybody who may sign.
    pub proctors: Vec<Proctor>,
    /// The demo shows its passphrase; nothing else may.
    pub demo_passphrase: Option<String>,
    /// The signatures made so far.
    pub signed: [Option<Signed>; 2],
}

/// What takes keys now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The first or second group asked for.
    Read(usize),
    Sign(Slot),
    Passphrase,
}

/// What the last secret came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Notice {
    #[default]
    None,
    Wrong,
}

/// What was typed so far, and whom was picked.
#[derive(Debug, Clone, Default)]
pub struct State {
    typed: [String; 2],
    people: Cursor,
    picked: Option<(usize, usize)>,
    pin: Pin,
    passphrase: Passphrase,
    checking: Option<Stage>,
    notice: Notice,
    stopping: bool,
}

impl State {
    /// The PIN or passphrase given last was wrong: it may be typed again.
    pub fn refuse(&mut self) {
        self.checking = None;
        self.notice = Notice::Wrong;
    }

    /// The secret given last led to nothing, but not because it was wrong: it may be typed again.
    pub fn again(&mut self) {
        self.checking = None;
    }

    /// Forgets a PIN that nobody finished: twenty seconds passed without a key.
    pub fn expire(&mut self) {
        self.pin.clear();
    }

    /// Forgets every secret: the desk is locked, or somebody else is in front of it.
    pub fn forget(&mut self) {
        self.pin.clear();
        self.passphrase.clear();
    }

    fn stage(&self, data: &Data) -> Stage {
        match ((0..2).find(|n| !self.is_right(*n, data)), data.signed) {
            (Some(n), _) => Stage::Read(n),
            (None, [None, _]) => Stage::Sign(Slot::First),
            (None, [_, None]) => Stage::Sign(Slot::Second),
            _ => Stage::Passphrase,
        }
    }

    fn typed(&self, n: usize) -> &str {
        self.typed.get(n).map_or("", String::as_str)
    }

    fn is_right(&self, n: usize, data: &Data) -> bool {
        data.asked.get(n).and_then(|letter| data.groups.digits(*letter)) == Some(self.typed(n))
    }

    /// Who was picked for the signature that is next; a pick ends when the signature is made.
    fn picked(&self, data: &Data) -> Option<usize> {
        let made = data.signed.iter().flatten().count();
        self.picked.filter(|(at, who)| *at == made && *who < data.proctors.len()).map(|(_, who)| who)
    }
}

impl Data {
    /// Who may sign next, by position: not the one who has signed.
    fn eligible(&self) -> Vec<usize> {
        let signed = |n: usize| self.signed.iter().flatten().any(|signed| signed.proctor == n);
        (0..self.proctors.len()).filter(|n| !signed(*n)).collect()
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// Give the seal up and thaw the session: asked and confirmed.
    Stop,
    /// Sign with this proctor's key.
    Sign {
        /// As which of the two.
        slot: Slot,
        /// Position in [`Data::proctors`].
        proctor: usize,
        /// The PIN; the screen keeps nothing of it.
        pin: Pin,
    },
    /// Both have signed: seal with the site's key.
    Seal {
        /// The site's passphrase; the screen keeps nothing of it.
        passphrase: Passphrase,
    },
}

/// Interprets a key. While a secret is compared nothing is taken.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let due = state.stage(data);
    if state.checking == Some(due) {
        return Outcome::Stay;
    }
    match press {
        Press::Do(Action::Enter) if state.stopping => return Outcome::Stop,
        Press::Do(Action::Back) => state.stopping = !state.stopping,
        _ if state.stopping => {}
        Press::Pending | Press::Nothing => {}
        press => {
            state.notice = Notice::None;
            return match due {
                Stage::Read(n) => read(state, n, press),
                Stage::Sign(slot) => match state.picked(data) {
                    Some(proctor) => pin(state, data, (slot, proctor), press),
                    None => pick(state, data, press),
                },
                Stage::Passphrase => passphrase(state, press),
            };
        }
    }
    Outcome::Stay
}

/// A digit after a wrong group begins it again.
fn read(state: &mut State, n: usize, press: Press) -> Outcome {
    let Some(typed) = state.typed.get_mut(n) else { return Outcome::Stay };
    match press {
        Press::Char(c) if c.is_ascii_digit() => {
            if typed.len() >= DIGITS {
                typed.clear();
            }
            typed.push(c);
        }
        Press::Do(Action::Erase) => drop(typed.pop()),
        Press::Do(Action::Clear) => typed.clear(),
        _ => {}
    }
    Outcome::Stay
}

fn pick(state: &mut State, data: &Data, press: Press) -> Outcome {
    let people = data.eligible();
    let chosen = match press {
        Press::Char(c) => c.to_digit(10).and_then(|d| (d as usize).checked_sub(1)),
        Press::Do(Action::Enter | Action::Next) => state.people.row(people.len()),
        Press::Do(Action::Up) => {
            state.people.step(-1, people.len(), SIGHT);
            None
        }
        Press::Do(Action::Down) => {
            state.people.step(1, people.len(), SIGHT);
            None
        }
        _ => None,
    };
    if let Some((row, who)) = chosen.and_then(|row| Some((row, *people.get(row)?))) {
        state.people.go(row, people.len(), SIGHT);
        state.pin.clear();
        state.picked = Some((data.signed.iter().flatten().count(), who));
    }
    Outcome::Stay
}

fn pin(state: &mut State, data: &Data, (slot, proctor): (Slot, usize), press: Press) -> Outcome {
    let open = data.proctors.get(proctor).is_some_and(|p| p.tries.open());
    match press {
        Press::Do(Action::Enter) if open && state.pin.is_whole() => {
            state.checking = Some(Stage::Sign(slot));
            return Outcome::Sign { slot, proctor, pin: std::mem::take(&mut state.pin) };
        }
        Press::Do(Action::Next | Action::Previous) => {
            state.pin.clear();
            state.picked = None;
        }
        Press::Char(c) => state.pin.insert(c),
        Press::Do(action) => state.pin.edit(action),
        Press::Pending | Press::Nothing => {}
    }
    Outcome::Stay
}

fn passphrase(state: &mut State, press: Press) -> Outcome {
    match press {
        Press::Do(Action::Enter) if !state.passphrase.is_empty() => {
            state.checking = Some(Stage::Passphrase);
            return Outcome::Seal { passphrase: std::mem::take(&mut state.passphrase) };
        }
        Press::Char(c) => state.passphrase.insert(c),
        Press::Do(action) => state.passphrase.edit(action),
        Press::Pending | Press::Nothing => {}
    }
    Outcome::Stay
}
