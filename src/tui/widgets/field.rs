//! Fields: one line of text, and secrets that are never shown: a PIN, a passphrase.
//!
//! A field keeps its text and cursor in the screen's state; the hardware cursor belongs where [`Field::draw`] says.

use super::super::keymap::Action;
use super::super::theme::Role;
use super::Pen;
use ratatui::layout::{Position, Rect};
use std::marker::PhantomData;
use tui_input::{Input, InputRequest};
use zeroize::Zeroizing;

/// Digits a PIN has at most.
const PIN_MOST: usize = 12;
/// Digits a PIN has at least.
const PIN_LEAST: usize = 6;
/// Characters a passphrase has at most.
const PASSPHRASE_MOST: usize = 128;

/// One line of text.
#[derive(Clone, Default)]
pub struct Field {
    input: Input,
    most: usize,
}

/// Shows how much was typed, never what: a search may be a name or a number.
impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Field({} of {})", self.input.value().chars().count(), self.most)
    }
}

impl Field {
    /// An empty field of at most `most` characters.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { input: Input::default(), most }
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Puts a text in, cursor behind it.
    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.chars().take(self.most).collect());
    }

    /// Types a character. Returns whether the text changed.
    pub fn insert(&mut self, c: char) -> bool {
        let room = self.input.value().chars().count() < self.most;
        room && !c.is_control() && self.handle(InputRequest::InsertChar(c))
    }

    /// Carries out an editing action. Returns whether the text changed.
    pub fn edit(&mut self, action: Action) -> bool {
        let request = match action {
            Action::Left => InputRequest::GoToPrevChar,
            Action::Right => InputRequest::GoToNextChar,
            Action::First => InputRequest::GoToStart,
            Action::Last => InputRequest::GoToEnd,
            Action::Erase => InputRequest::DeletePrevChar,
            Action::Clear => InputRequest::DeleteLine,
            _ => return false,
        };
        self.handle(request)
    }

    fn handle(&mut self, request: InputRequest) -> bool {
        self.input.handle(request).is_some_and(|changed| changed.value)
    }

    /// Draws the field in `columns` and returns where the cursor belongs. A long text scrolls with the cursor.
    pub fn draw(&self, pen: &mut Pen<'_>, x: u16, y: u16, columns: u16) -> Position {
        let columns = columns.min(pen.width().saturating_sub(x));
        pen.clear(Rect::new(x, y, columns, 1), Role::Field);
        let room = usize::from(columns.saturating_sub(1)).max(1);
        let scroll = self.input.visual_scroll(room);
        let mut skipped = 0;
        let shown: String = self
            .input
            .value()
            .chars()
            .skip_while(|c| {
                let behind = skipped < scroll;
                skipped += if behind { super::super::text::width(c.encode_utf8(&mut [0; 4])) } else { 0 };
                behind
            })
            .collect();
        pen.within(Rect::new(x, y, columns, 1)).text(0, 0, &shown, Role::Field);
        let cursor = self.input.visual_cursor().saturating_sub(scroll.max(skipped));
        pen.position(x + u16::try_from(cursor.min(room)).unwrap_or(0), y)
    }
}

/// What a secret is made of.
pub trait Rule {
    /// What it is called, in place of what it is.
    const NAME: &'static str;
    /// Characters it has at most.
    const MOST: usize;
    /// Bytes of one of its characters at most.
    const BYTES: usize;
    /// What stands for each of them on the screen.
    const STAR: &'static str;
    /// Whether it may hold this character.
    fn takes(c: char) -> bool;
}

/// Six to twelve digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digits;

impl Rule for Digits {
    const NAME: &'static str = "Pin";
    const MOST: usize = PIN_MOST;
    const BYTES: usize = 1;
    const STAR: &'static str = "* ";

    fn takes(c: char) -> bool {
        c.is_ascii_digit()
    }
}

/// Any characters, blanks too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words;

impl Rule for Words {
    const NAME: &'static str = "Passphrase";
    const MOST: usize = PASSPHRASE_MOST;
    const BYTES: usize = 4;
    const STAR: &'static str = "*";

    fn takes(c: char) -> bool {
        !c.is_control()
    }
}

/// The letters and digits of a document number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Code;

impl Rule for Code {
    const NAME: &'static str = "Number";
    const MOST: usize = 24;
    const BYTES: usize = 1;
    const STAR: &'static str = "*";

    fn takes(c: char) -> bool {
        c.is_ascii_alphanumeric() || c == '-'
    }
}

/// A document number while it is typed.
pub type Number = Masked<Code>;
/// A PIN while it is typed.
pub type Pin = Masked<Digits>;
/// A passphrase while it is typed.
pub type Passphrase = Masked<Words>;

/// A secret while it is typed: wiped when dropped, shown as stars.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Masked<R> {
    text: Zeroizing<String>,
    rule: PhantomData<R>,
}

impl<R: Rule> std::fmt::Debug for Masked<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}(hidden)", R::NAME)
    }
}

impl<R: Rule> Masked<R> {
    /// Types a character; one that it may not hold, and one too many, are dropped.
    pub fn insert(&mut self, c: char) {
        if R::takes(c) && self.count() < R::MOST {
            // Room for the longest one from the first character on, so that growing leaves no copy behind.
            let room = (R::BYTES * R::MOST).saturating_sub(self.text.len());
            self.text.reserve_exact(room);
            self.text.push(c);
        }
    }

    /// Carries out an editing action.
    pub fn edit(&mut self, action: Action) {
        match action {
            Action::Erase => drop(self.text.pop()),
            Action::Clear => self.clear(),
            _ => {}
        }
    }

    /// Forgets what was typed.
    pub fn clear(&mut self) {
        self.text = Zeroizing::default();
    }

    /// True when nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What was typed, for the one who opens a key with it.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.text
    }

    fn count(&self) -> usize {
        self.text.chars().count()
    }

    /// Draws a star for each character, as far as there is room, and returns where the cursor belongs.
    pub fn draw(&self, pen: &mut Pen<'_>, x: u16, y: u16, columns: u16, focused: bool) -> Position {
        let role = if focused { Role::Field } else { Role::Text };
        pen.clear(Rect::new(x, y, columns.min(pen.width().saturating_sub(x)), 1), role);
        let room = usize::from(columns.saturating_sub(1)) / R::STAR.len();
        let end = pen.text(x, y, &R::STAR.repeat(self.count().min(room)), role);
        pen.position(end, y)
    }
}

impl Pin {
    /// True when it may be one: at least six digits.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.count() >= PIN_LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_takes_digits_and_shows_none() {
        let mut pin = Pin::default();
        for c in "12x34567890123".chars() {
            pin.insert(c);
        }
        assert_eq!(pin.secret(), "123456789012");
        assert_eq!(format!("{pin:?}"), "Pin(hidden)");
        pin.edit(Action::Erase);
        assert_eq!(pin.secret().len(), 11);
        pin.edit(Action::Clear);
        assert!(pin.is_empty() && !pin.is_whole());
    }

    #[test]
    fn a_passphrase_takes_blanks_and_letters_and_shows_none() {
        let mut passphrase = Passphrase::default();
        for c in "slow \tred 河".chars() {
            passphrase.insert(c);
        }
        assert_eq!(passphrase.secret(), "slow red 河");
        assert_eq!(format!("{passphrase:?}"), "Passphrase(hidden)");
        passphrase.edit(Action::Erase);
        assert_eq!(passphrase.secret(), "slow red ");
        for _ in 0..200 {
            passphrase.insert('河');
        }
        assert_eq!(passphrase.secret().chars().count(), 128);
        passphrase.edit(Action::Clear);
        assert!(passphrase.is_empty());
    }

    #[test]
    fn a_field_edits_at_its_cursor_and_hides_its_text() {
        let mut field = Field::new(5);
        for c in "zxmabc".chars() {
            field.insert(c);
        }
        assert_eq!(field.text(), "zxmab");
        field.edit(Action::First);
        assert!(!field.insert('q'), "full");
        field.edit(Action::Right);
        assert!(field.edit(Action::Erase));
        assert_eq!(field.text(), "xmab");
        assert!(!format!("{field:?}").contains("xmab"));
        assert!(field.edit(Action::Clear));
        assert_eq!(field.text(), "");
        assert!(!field.edit(Action::Up));
    }
}
