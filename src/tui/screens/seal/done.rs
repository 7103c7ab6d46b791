//! 3.23 Sealed: the package, its fingerprint as groups and as a QR code, what the verifier said, how to ask it again.
//!
//! The code carries `EK1 SESSION8-SEQUENCE GROUPS`: the first eight digits of the session's identity in capitals, the
//! package's number, the eight groups without blanks. That is at most 74 capitals and digits, of which version 3 holds
//! 77 at level L; up to a sequence of seven digits it is 61 and level M.

use super::super::super::keymap::{Action, Press};
use super::super::super::text::{fit, fit_tail, width, wrap};
use super::super::super::theme::Role;
use super::super::super::widgets::header::mode_word;
use super::super::super::widgets::{Pen, qr};
use super::Groups;
use crate::domain::session::Mode;
use crate::domain::time::Instant;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

/// Columns and rows of a body in which the code is drawn large.
const ROOM: (u16, u16) = (128, 44);

/// What the verifier goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// One signature of the site.
    Site,
    /// Two proctors, two people, two keys.
    Proctors,
    /// Certificates and their chain.
    Chain,
    /// Digests of all files.
    Digests,
    /// Both trees and the journal's chain.
    Trees,
    /// Composites and outcomes from marks and policy.
    Results,
    /// Counts from the lines.
    Counts,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Site, Self::Proctors, Self::Chain, Self::Digests, Self::Trees, Self::Results, Self::Counts];
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// A demo says so on the seal.
    pub mode: Mode,
    /// When it was sealed.
    pub at: Instant,
    /// The package's name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// The first eight hexadecimal digits of the session's identity.
    pub session_short: String,
    /// Its number among this site's packages for the organisation.
    pub sequence: u64,
    /// The fingerprint.
    pub groups: Groups,
    /// What the verifier found in order.
    pub passed: Vec<Check>,
    /// The words of the command that asks it again.
    pub command: Vec<String>,
}

/// How far the command is scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    top: usize,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Back to the board; the session stays sealed.
    Back,
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    match press {
        Press::Do(Action::Enter | Action::Back) => return Outcome::Back,
        Press::Do(Action::Up | Action::PageUp) => state.top = state.top.saturating_sub(1),
        Press::Do(Action::Down | Action::PageDown) => {
            state.top = (state.top + 1).min(command(&data.command, NARROW.columns).len().saturating_sub(1));
        }
        _ => {}
    }
    Outcome::Stay
}

/// What the QR code carries.
#[must_use]
pub fn code_text(data: &Data) -> String {
    format!("EK1 {}-{} {}", data.session_short.to_uppercase(), data.sequence, data.groups.compact())
}

/// Where the text stands beside the code.
struct Layout {
    x: u16,
    columns: usize,
    /// Rows that the command may take.
    rows: usize,
    /// Blank rows between the parts.
    gap: u16,
}

const NARROW: Layout = Layout { x: 40, columns: 39, rows: 6, gap: 0 };
const WIDE: Layout = Layout { x: 78, columns: 48, rows: 14, gap: 1 };

/// Draws the body; the cursor rests on the headline.
pub fn view(state: State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let wide = pen.width() >= ROOM.0 && pen.height() >= ROOM.1;
    let (layout, size) = if wide { (WIDE, qr::LARGE) } else { (NARROW, qr::SMALL) };
    let text = code_text(data);
    match qr::Code::of(&text) {
        Some(code) if wide => qr::large(pen, 1, 0, &code),
        Some(code) => qr::small(pen, 1, 0, &code),
        None => drop(pen.text(1, 0, &tr!(look, "sealed-no-code"), Role::Warn)),
    }
    pen.text(1, size.1, &tr!(look, "sealed-photograph"), Role::Text);
    if wide {
        pen.text(1, size.1 + 2, &text, Role::Muted);
    }
    beside(state, data, &layout, pen);
    pen.position(layout.x, 0)
}

fn beside(state: State, data: &Data, layout: &Layout, pen: &mut Pen<'_>) {
    let look = pen.look();
    let x = layout.x;
    let end = pen.text(x, 0, &tr!(look, "sealed"), Role::Good);
    if let Some(word) = mode_word(data.mode, look) {
        pen.text(end + 2, 0, &format!("[{word}] {}", tr!(look, "sealed-not-real")), Role::Warn);
    }
    let mut y = 1 + layout.gap;
    pen.text(x, y, &fit_tail(&data.file, layout.columns), Role::Title);
    let (day, clock) = (data.at.date(), data.at.clock());
    pen.text(x, y + 1, &format!("{day} {clock}   {}", size(data.bytes)), Role::Text);
    y += 3 + layout.gap;
    pen.text(x, y, &fit(&tr!(look, "sealed-fingerprint"), layout.columns), Role::Muted);
    for line in data.groups.lines(2 + usize::from(layout.gap)) {
        y += 1;
        pen.text(x, y, &line, Role::Title);
    }
    y += 2 + layout.gap;
    y = answer(data, (x, y), pen) + layout.gap;
    pen.text(x, y, &fit(&tr!(look, "sealed-again"), layout.columns), Role::Muted);
    let lines = command(&data.command, layout.columns);
    let hidden = lines.len().saturating_sub(layout.rows);
    for line in lines.into_iter().skip(state.top.min(hidden)).take(layout.rows) {
        y += 1;
        pen.text(x, y, &line, Role::Text);
    }
    if layout.gap > 0 {
        let proves = [tr!(look, "sealed-proves"), tr!(look, "sealed-does-not")];
        for line in proves.iter().flat_map(|text| wrap(text, layout.columns)) {
            y += 1;
            pen.text(x, y + 1, &line, Role::Muted);
        }
    }
}

/// What the verifier said, in two columns; returns the row under it.
fn answer(data: &Data, (x, y): (u16, u16), pen: &mut Pen<'_>) -> u16 {
    let look = pen.look();
    let whole = Check::ALL.iter().all(|check| data.passed.contains(check));
    let (word, role) =
        if whole { (tr!(look, "sealed-passed"), Role::Good) } else { (tr!(look, "sealed-not-passed"), Role::Bad) };
    pen.text(x, y, &word, role);
    for (n, check) in (0..).zip(Check::ALL) {
        let (mark, role) = if data.passed.contains(&check) {
            (tr!(look, "seal-mark-good"), Role::Good)
        } else {
            ("[--]".to_owned(), Role::Bad)
        };
        let name = match check {
            Check::Site => tr!(look, "sealed-site"),
            Check::Proctors => tr!(look, "sealed-proctors"),
            Check::Chain => tr!(look, "sealed-chain"),
            Check::Digests => tr!(look, "sealed-digests"),
            Check::Trees => tr!(look, "sealed-trees"),
            Check::Results => tr!(look, "sealed-results"),
            Check::Counts => tr!(look, "sealed-counts"),
        };
        let (x, y) = (x + 20 * (n % 2), y + 1 + n / 2);
        let end = pen.text(x, y, &mark, role);
        pen.within(Rect::new(0, 0, x + 19, y + 1)).text(end + 1, y, &name, Role::Text);
    }
    y + 5
}

/// A command in lines as a shell takes them: a line that goes on ends in a backslash. Only what is longer than a line
/// is cut, without a mark.
fn command(words: &[String], columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(2);
    let mut lines: Vec<String> = Vec::new();
    for word in &with_values(words) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) => {
                line.push_str(" \\");
                lines.push(format!("  {word}"));
            }
            None => lines.push(word.clone()),
        }
    }
    lines.iter().flat_map(|line| cut(line, columns)).collect()
}

/// The words with each option's value beside it: a line breaks between the two only where both do not fit.
fn with_values(words: &[String]) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    for word in words {
        match units.last_mut() {
            Some(last) if last.starts_with("--") && !last.contains(' ') && !word.starts_with("--") => {
                last.push(' ');
                last.push_str(word);
            }
            _ => units.push(word.clone()),
        }
    }
    units
}

/// A line in pieces of at most `columns`, blanks kept; a path is cut behind a slash where there is one.
fn cut(line: &str, columns: usize) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    for part in line.split_inclusive('/') {
        if pieces.last().is_some_and(|last| !last.is_empty() && width(last) + width(part) > columns) {
            pieces.push(String::new());
        }
        for c in part.chars() {
            match pieces.last_mut() {
                Some(last) if width(last) + width(c.encode_utf8(&mut [0; 4])) <= columns => last.push(c),
                _ => pieces.push(c.to_string()),
            }
        }
    }
    pieces
}

/// Bytes as people read them: `131 KB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..10_000 => format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100),
        10_000..10_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_command_in_lines_is_still_the_command() {
        let text = "kaodian verify EK-A-a81f03c2-17.ekseal --root /srv/a/root.pem --identity /srv/a/key.txt";
        for columns in 30..100 {
            let lines = command(&words(text), columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{columns}");
            let (last, others) = lines.split_last().unwrap();
            assert!(others.iter().all(|line| line.ends_with(" \\")), "{columns}: {others:?}");
            let shell: String = others.iter().map(|line| line.strip_suffix('\\').unwrap()).collect();
            assert_eq!(words(&format!("{shell}{last}").replace("   ", " ")), words(text), "{columns}");
        }
        let long = command(&words("kaodian verify /a/very/long/path/that/nobody/breaks"), 20);
        assert_eq!(long, ["kaodian verify \\", "  /a/very/long/path/", "that/nobody/breaks"]);
    }

    #[test]
    fn the_code_of_the_longest_package_number_fits() {
        let groups = ["A 5521", "B 0937", "C 7718", "D 4402", "E 9163", "F 2085", "G 6640", "H 1379"];
        let data = Data {
            mode: Mode::Demo,
            at: Instant(0),
            file: String::new(),
            bytes: 0,
            session_short: "a81f03c2".into(),
            sequence: 17,
            groups: groups.map(String::from).into(),
            passed: Vec::new(),
            command: Vec::new(),
        };
        assert_eq!(code_text(&data), "EK1 A81F03C2-17 A5521B0937C7718D4402E9163F2085G6640H1379");
        let longest = code_text(&Data { sequence: u64::MAX, ..data });
        assert_eq!(longest.len(), 74);
        assert!(qr::Code::of(&longest).is_some());
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, text) in [(999, "999 B"), (1_040, "1.0 KB"), (131_072, "131 KB"), (1_240_000, "1240 KB")] {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(12_400_000), "12.4 MB");
    }
}
