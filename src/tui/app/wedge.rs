//! Scanners that type: a burst of characters with Enter behind it is told from a person's typing (screens.md §1.4).
//!
//! ```text
//! what a scanner sends behind a code     CR       LF         TAB    CR LF
//! what a raw terminal makes of it        Enter    ctrl-J     Tab    Enter, ctrl-J
//! ```
//!
//! Keys wait for [`HOLD`] at most, and what came without a pause is judged as a whole: so a burst never reaches a field it
//! would have to be taken back from, nor a screen whose letters are commands, and a code of several lines is one. [`Wedge`]
//! is pure, keys and times in, what was typed out; the application decides whether a burst is a code. What is typed into a
//! PIN field does not pass here.

use super::super::keymap::{ScreenId, Trigger};
use super::{App, Overlay};
use crate::domain::pointer::Pointer;
use crate::domain::presented::Presented;
use crate::reader::lines::{Format, RfidSettings, Tag};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::time::Duration;

/// Keys as near to each other as this are one run.
const GAP: Duration = Duration::from_millis(15);

/// How long a key waits for the next one. Longer than [`GAP`], which is judged by the times of the keys: a reading
/// thread that was held up must not tear a burst. Too short to be noticed.
const HOLD: Duration = Duration::from_millis(30);

/// Fewer characters are typing where text is typed: nobody's number is as short, and keys of a slow line come together.
/// One control key beside them, such as `^U` before a short word, does not make a burst of it; several do.
const LEAST: usize = 6;

/// So many are a burst where letters are commands, and there its end is one of them: a chosen number and its Enter are a
/// person's. Control keys do not count: no code begins with them.
const FEW: usize = 3;

/// A run is not remembered beyond this; a longer burst is nothing but long, and typed nowhere.
const MOST: usize = 256;

/// What keys came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Somebody pressed these.
    Keys(Vec<KeyEvent>),
    /// A burst that is too fast for a person, and the keys that ended it.
    Burst(Vec<KeyEvent>, Vec<KeyEvent>),
}

/// The keys of a run that has not ended.
#[derive(Debug, Default)]
pub(super) struct Wedge {
    held: Vec<KeyEvent>,
    /// More came than is remembered.
    spilt: bool,
    last: Duration,
}

impl Wedge {
    /// Takes a key pressed at this time.
    pub(super) fn key(&mut self, key: KeyEvent, at: Duration) -> Option<Typed> {
        let full = self.held.len() == MOST;
        let before = if at.saturating_sub(self.last) >= GAP || (full && !is_long(&self.held)) {
            self.release()
        } else {
            self.spilt |= full;
            None
        };
        if !self.spilt {
            self.held.push(key);
        }
        self.last = at;
        before
    }

    /// Gives up what nothing followed.
    pub(super) fn settle(&mut self, now: Duration) -> Option<Typed> {
        if self.due().is_some_and(|due| now >= due) { self.release() } else { None }
    }

    /// When [`Wedge::settle`] has something to give up.
    pub(super) fn due(&self) -> Option<Duration> {
        (!self.held.is_empty()).then_some(self.last + HOLD)
    }

    fn release(&mut self) -> Option<Typed> {
        let mut keys = std::mem::take(&mut self.held);
        if std::mem::take(&mut self.spilt) {
            return Some(Typed::Burst(Vec::new(), Vec::new()));
        }
        let body = keys.iter().rposition(|key| !ends(key)).map_or(0, |last| last + 1);
        let ended = body < keys.len();
        let few = characters(&keys) - controls(&keys) + usize::from(ended) >= FEW;
        let strange = ended && !commands(&keys).is_empty();
        if few || strange || keys.get(..body).is_some_and(is_long) {
            let end = keys.split_off(body);
            return Some(Typed::Burst(keys, end));
        }
        (!keys.is_empty()).then_some(Typed::Keys(keys))
    }
}

/// Whether this key may end a code.
fn ends(key: &KeyEvent) -> bool {
    let line_feed = key.code == KeyCode::Char('j') && key.modifiers == KeyModifiers::CONTROL;
    line_feed || matches!(key.code, KeyCode::Enter | KeyCode::Tab)
}

/// The keys that neither write nor clear: arrows, function keys, whatever else is pressed with control. No person has Enter
/// behind one of them so soon; a scanner that turns control characters of a code into such keys does.
fn commands(keys: &[KeyEvent]) -> Vec<&KeyEvent> {
    let writes = |key: &KeyEvent| match key.code {
        KeyCode::Char('u') if key.modifiers == KeyModifiers::CONTROL => true,
        KeyCode::Char(_) => (key.modifiers - KeyModifiers::SHIFT).is_empty(),
        code => code == KeyCode::Backspace,
    };
    keys.iter().filter(|key| !ends(key) && !writes(key)).collect()
}

fn characters(keys: &[KeyEvent]) -> usize {
    keys.iter().filter(|key| matches!(key.code, KeyCode::Char(_))).count()
}

/// Those of them that are pressed with the control key.
fn controls(keys: &[KeyEvent]) -> usize {
    let control =
        |key: &&KeyEvent| matches!(key.code, KeyCode::Char(_)) && key.modifiers.contains(KeyModifiers::CONTROL);
    keys.iter().filter(control).count()
}

/// Whether a burst is one even where text is typed.
fn is_long(keys: &[KeyEvent]) -> bool {
    characters(keys) >= LEAST + usize::from(controls(keys) == 1)
}

/// The text of a burst; none where it holds control characters.
fn text(burst: &[KeyEvent]) -> Option<String> {
    let plain = |key: &KeyEvent| match key.code {
        KeyCode::Char(c) if !key.modifiers.contains(KeyModifiers::CONTROL) => Some(c),
        _ => None,
    };
    burst.iter().map(plain).collect()
}

impl App {
    /// Takes a key of the keyboard, pressed at this time since the program began.
    pub fn typed(&mut self, key: KeyEvent, at: Duration) {
        if self.types_secret() {
            // What waits was typed before the field was there.
            let waiting = self.wedge.release();
            self.do_typed(waiting);
            self.on_key(key);
        } else {
            let typed = self.wedge.key(key, at);
            self.do_typed(typed);
        }
    }

    /// Lets characters through that no other followed; to be called when no key waits to be taken.
    pub fn settle_keys(&mut self, now: Duration) {
        let typed = self.wedge.settle(now);
        self.do_typed(typed);
    }

    /// How long the loop may wait for a message.
    #[must_use]
    pub fn patience(&self, now: Duration, longest: Duration) -> Duration {
        self.wedge.due().map_or(longest, |due| due.saturating_sub(now).min(longest))
    }

    fn do_typed(&mut self, typed: impl IntoIterator<Item = Typed>) {
        for one in typed {
            match one {
                Typed::Keys(keys) => keys.into_iter().for_each(|key| self.on_key(key)),
                Typed::Burst(keys, end) => self.burst(keys, end),
            }
        }
    }

    /// A code is a tap. Anything else is text where text is typed, and nothing where letters are commands. The end of a
    /// long one is dropped, and whatever is dropped is answered with the word that it was no code.
    fn burst(&mut self, keys: Vec<KeyEvent>, end: Vec<KeyEvent>) {
        let text = text(&keys);
        if !end.is_empty()
            && let Some(pointer) = text.as_deref().and_then(|text| self.code(text))
        {
            let notices = self.desk.tap(Presented::Pointer(pointer));
            self.take(notices);
            self.refresh();
            return;
        }
        // Of one that was longer than is remembered nothing is there.
        let long = keys.is_empty() || is_long(&keys);
        let strange = !end.is_empty() && !commands(&keys).is_empty();
        let typed = !keys.is_empty() && !strange && keys.iter().all(|key| self.is_writing(key, long));
        if !typed || (long && !end.is_empty()) {
            self.say(self.not_a_code());
        }
        if typed {
            keys.into_iter().chain(end.into_iter().filter(|_| !long)).for_each(|key| self.on_key(key));
        }
    }

    /// Whether a key of a burst is no command here: a character of a text, or of a number, which is never long.
    fn is_writing(&self, key: &KeyEvent, long: bool) -> bool {
        let mut bindings = self.look().0.bindings(self.screen());
        match key.code {
            KeyCode::Char(c) if !key.modifiers.contains(KeyModifiers::CONTROL) => bindings.any(|b| match b.trigger {
                Trigger::Text => true,
                Trigger::Figure => !long && (c.is_ascii_digit() || c == '.'),
                _ => false,
            }),
            _ => !long,
        }
    }

    /// What a burst points to: a ticket by its prefix or by the roster, a campus card by the configured form.
    fn code(&self, text: &str) -> Option<Pointer> {
        let ticket = Pointer::ticket(text).filter(|pointer| match pointer {
            Pointer::Ticket(cand) => Pointer::has_prefix(text) || self.desk.desk().roster().by_cand(cand).is_some(),
            Pointer::Uid(_) => false,
        });
        let card = || {
            let uid = self.keyboards.iter().find_map(|(number, form)| {
                let settings = RfidSettings { format: Format::Plain(*number), form: *form };
                Some(Tag::of(number.parse(text)?, settings))
            });
            uid.map(|tag| Pointer::Uid(tag.compared.map(String::into_boxed_str)))
        };
        ticket.or_else(card)
    }

    /// Whether a PIN or passphrase may be typed: a burst is not looked at there.
    fn types_secret(&self) -> bool {
        match self.screen() {
            ScreenId::Unlock | ScreenId::Lock | ScreenId::Close | ScreenId::Sign | ScreenId::Import => true,
            ScreenId::Confirm => {
                matches!(&self.overlay, Some(Overlay::Confirm(data, _)) if data.pin || data.passphrase)
            }
            _ => false,
        }
    }
}
