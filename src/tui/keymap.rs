//! Keys: one table from which dispatch, the footer and the help are made.
//!
//! Owns what a key asks for on each screen, and the prefix `^G` for consoles without function keys. Keys of rooms that
//! are not built are absent. A test refuses a key that means two things on a screen and an action that no key reaches.
//! Knows nothing of what an action does.

mod table;

use super::Look;
use crate::domain::crew::{Act, Role, allows};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the screen of its name")]
pub enum ScreenId {
    Unlock,
    Ready,
    Verdict,
    Case,
    Roster,
    Detail,
    SeatMap,
    Pending,
    Menu,
    Confirm,
    Rooms,
    Close,
    Scoring,
    Results,
    Checklist,
    Sign,
    Sealing,
    Sealed,
    Reader,
    Readiness,
    Import,
    Lock,
    Fault,
    Help,
    Legend,
    Lift,
    Manual,
    Clock,
    Holds,
}

impl ScreenId {
    /// Every screen.
    pub const ALL: [Self; 29] = [
        Self::Unlock,
        Self::Ready,
        Self::Verdict,
        Self::Case,
        Self::Roster,
        Self::Detail,
        Self::SeatMap,
        Self::Pending,
        Self::Menu,
        Self::Confirm,
        Self::Rooms,
        Self::Close,
        Self::Scoring,
        Self::Results,
        Self::Checklist,
        Self::Sign,
        Self::Sealing,
        Self::Sealed,
        Self::Reader,
        Self::Readiness,
        Self::Import,
        Self::Lock,
        Self::Fault,
        Self::Help,
        Self::Legend,
        Self::Lift,
        Self::Manual,
        Self::Clock,
        Self::Holds,
    ];
}

/// What a key asks for. The first eleven mean the same everywhere and are the root's; the rest go to the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Help for this screen.
    Help,
    /// The check-in screen.
    Home,
    /// Search and roster.
    Roster,
    /// The seat map.
    SeatMap,
    /// What waits for somebody.
    Pending,
    /// Mark entry.
    Scoring,
    /// The menu.
    Menu,
    /// The demo's legend.
    Legend,
    /// Shut everybody out until a PIN is right; taps go on.
    Lock,
    /// 中文 / English.
    Language,
    /// Draw everything again.
    Redraw,
    /// The one default action, named in row 24.
    Enter,
    /// One step back; drafts stay.
    Back,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One character left.
    Left,
    /// One character right.
    Right,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// First row, or start of the field.
    First,
    /// Last row, or end of the field.
    Last,
    /// Next field or row.
    Next,
    /// Previous field or row.
    Previous,
    /// Delete the character before the cursor.
    Erase,
    /// Empty the field.
    Clear,
    /// Say that somebody has looked and it is right.
    Confirm,
    /// Say that a warning was seen.
    Acknowledge,
    /// Try again what failed.
    Retry,
    /// Hold what moves, and let it go.
    Pause,
    /// Show only those who are missing, or everybody again.
    Filter,
    /// Give somebody another seat.
    MoveSeat,
    /// Take a seat out of service.
    Withdraw,
    /// Find out what is wrong with the reader.
    Diagnose,
    /// Open check-in.
    Open,
    /// Pick a numbered item or type a digit.
    Digit,
    /// Type.
    Type,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 36] = [
        Self::Help,
        Self::Home,
        Self::Roster,
        Self::SeatMap,
        Self::Pending,
        Self::Scoring,
        Self::Menu,
        Self::Legend,
        Self::Lock,
        Self::Language,
        Self::Redraw,
        Self::Enter,
        Self::Back,
        Self::Up,
        Self::Down,
        Self::Left,
        Self::Right,
        Self::PageUp,
        Self::PageDown,
        Self::First,
        Self::Last,
        Self::Next,
        Self::Previous,
        Self::Erase,
        Self::Clear,
        Self::Confirm,
        Self::Acknowledge,
        Self::Retry,
        Self::Pause,
        Self::Filter,
        Self::MoveSeat,
        Self::Withdraw,
        Self::Diagnose,
        Self::Open,
        Self::Digit,
        Self::Type,
    ];
}

/// What sets a binding off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// One key.
    Key(KeyCode),
    /// Control and a letter.
    Ctrl(char),
    /// `^G`, then this character.
    Prefixed(char),
    /// A digit.
    Digits,
    /// A digit or the decimal point.
    Figure,
    /// Any printable character.
    Text,
}

/// Whom a binding is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Anyone,
    SignedIn,
    Assessor,
    /// Chief, proctor, inspector: those who may see the roster.
    Reader,
    Demo,
    NoTextField,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// What sets it off.
    pub trigger: Trigger,
    /// What it asks for.
    pub action: Action,
    hint: Option<Hint>,
    needs: Needs,
}

/// How the footer and the help name a binding.
#[derive(Debug, Clone, Copy)]
struct Hint {
    keys: fn(&Look<'_>) -> String,
    says: fn(&Look<'_>) -> String,
}

/// A key as a person reads it, with what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Such as `F1`, `^E`, `1-9`.
    pub keys: String,
    /// Such as `帮助`.
    pub says: String,
    /// What it asks for.
    pub action: Action,
}

/// What a key press came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// An action of the table.
    Do(Action),
    /// A character for the screen: a digit, or text where text is taken.
    Char(char),
    /// `^G`: the next key decides.
    Pending,
    /// No meaning here.
    Nothing,
}

/// The table for one operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keymap {
    /// A demo is conducted here: it has the legend.
    pub legend: bool,
    /// Nobody is signed in, or this role.
    pub role: Option<Role>,
}

impl Keymap {
    /// The bindings of a screen: its own, then those that mean the same everywhere.
    pub fn bindings(&self, screen: ScreenId) -> impl Iterator<Item = &'static Binding> + use<> {
        let local = table::local(screen);
        let writes = local.iter().any(|b| b.trigger == Trigger::Text);
        let keymap = *self;
        local.iter().chain(table::global(screen)).filter(move |b| keymap.offers(b.needs, writes))
    }

    fn offers(self, needs: Needs, writes: bool) -> bool {
        match needs {
            Needs::Anyone => true,
            Needs::SignedIn => self.role.is_some(),
            Needs::Assessor => self.role == Some(Role::Assessor),
            Needs::Reader => self.role.is_some_and(|role| allows(role, Act::ReadRoster)),
            Needs::Demo => self.legend,
            Needs::NoTextField => !writes,
        }
    }

    /// What a key press means on a screen. `prefix` remembers a `^G` between two presses.
    #[must_use]
    pub fn resolve(&self, screen: ScreenId, prefix: &mut bool, key: KeyEvent) -> Press {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if std::mem::take(prefix) {
            let KeyCode::Char(c) = key.code else { return Press::Nothing };
            return self.find(screen, |t| t == Trigger::Prefixed(c.to_ascii_lowercase())).unwrap_or(Press::Nothing);
        }
        match key.code {
            _ if key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER) => Press::Nothing,
            KeyCode::Char('g' | 'G') if control => {
                *prefix = true;
                Press::Pending
            }
            KeyCode::Char(c) if control => {
                self.find(screen, |t| t == Trigger::Ctrl(c.to_ascii_lowercase())).unwrap_or(Press::Nothing)
            }
            KeyCode::Char(c) => {
                let taken = |t| match t {
                    Trigger::Text => !c.is_control(),
                    Trigger::Figure => c.is_ascii_digit() || c == '.',
                    Trigger::Digits => c.is_ascii_digit(),
                    _ => false,
                };
                if self.bindings(screen).any(|b| taken(b.trigger)) {
                    return Press::Char(c);
                }
                self.find(screen, |t| t == Trigger::Key(KeyCode::Char(c.to_ascii_lowercase())))
                    .unwrap_or(Press::Nothing)
            }
            code => self.find(screen, |t| t == Trigger::Key(code)).unwrap_or(Press::Nothing),
        }
    }

    fn find(self, screen: ScreenId, wanted: impl Fn(Trigger) -> bool) -> Option<Press> {
        self.bindings(screen).find(|b| wanted(b.trigger)).map(|b| Press::Do(b.action))
    }

    /// The keys of a screen alone, as the footer and the left of the help name them.
    #[must_use]
    pub fn local_names(&self, screen: ScreenId, look: &Look<'_>) -> Vec<Named> {
        let local = table::local(screen).len();
        self.bindings(screen).take(local).filter_map(|b| b.name(look)).collect()
    }

    /// The keys that mean the same everywhere, as the right of the help names them.
    #[must_use]
    pub fn global_names(&self, screen: ScreenId, look: &Look<'_>) -> Vec<Named> {
        let local = table::local(screen).len();
        self.bindings(screen).skip(local).filter_map(|b| b.name(look)).collect()
    }
}

impl Binding {
    fn name(&self, look: &Look<'_>) -> Option<Named> {
        self.hint.map(|hint| Named { keys: (hint.keys)(look), says: (hint.says)(look), action: self.action })
    }
}

#[cfg(test)]
mod tests;
