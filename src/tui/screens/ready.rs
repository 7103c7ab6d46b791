//! 3.3 Ready: invites the card and shows the pulse of the session.
//!
//! Typing goes to the search; the cursor waits there. Recent taps show first characters and tails only.

use super::super::keymap::{Action, Press};
use super::super::text::{fit, pad};
use super::super::theme::{Plate, Role};
use super::super::widgets::header::{Limit, limit_words};
use super::super::widgets::plate::{Who, short_tag, word_role};
use super::super::widgets::{Pen, big};
use crate::domain::time::Instant;
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Columns from one big character to the next: wider than on a plate, four of them fill the width.
const ADVANCE: u16 = 18;

/// What the desk invites to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invitation {
    /// Place the card.
    Card,
    /// Check-in is not open yet.
    NotOpen,
    /// The reader is lost; search still works.
    ReaderLost,
    /// The session is over.
    Over,
}

/// One tap as the public glass may show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// When.
    pub at: Instant,
    /// What it came to.
    pub plate: Plate,
    /// Whose card, masked.
    pub who: Who,
    /// Such as `03-17`, where a seat is known.
    pub seat: Option<String>,
}

/// The figures of the session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Admitted at this desk.
    pub desk: u32,
    /// 实到.
    pub present: u32,
    /// 应到.
    pub expected: u32,
    /// Not here and not declared absent.
    pub missing: u32,
    /// 迟到.
    pub late: u32,
    /// Refusals and referrals.
    pub refused: u32,
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// What the desk invites to.
    pub invitation: Invitation,
    /// The last three taps, newest first; older than a minute are left out.
    pub taps: Vec<Tap>,
    /// The figures.
    pub counts: Counts,
    /// The limit that matters next to people at the door, with seconds left and its time.
    pub limit: Option<(Limit, i64, Instant)>,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Search, beginning with this character.
    Search(Option<char>),
}

/// Interprets a key. The screen keeps nothing.
#[must_use]
pub fn on_key(press: Press) -> Outcome {
    match press {
        Press::Char(c) => Outcome::Search(Some(c)),
        Press::Do(Action::Enter) => Outcome::Search(None),
        _ => Outcome::Stay,
    }
}

/// The big word of an invitation.
#[must_use]
pub fn big_word(invitation: Invitation) -> &'static str {
    match invitation {
        Invitation::Card => "刷身份证",
        Invitation::NotOpen => "请稍候",
        Invitation::ReaderLost | Invitation::Over => "请找监考",
    }
}

/// Draws the body; the cursor waits in the search field.
pub fn view(data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let word = big_word(data.invitation);
    let columns = u16::try_from(word.chars().count()).unwrap_or(0) * ADVANCE;
    big::word(pen, (pen.width().saturating_sub(columns) / 2).max(1) + 1, 2, ADVANCE, word, Role::Title);
    let sentence = match data.invitation {
        Invitation::Card => tr!(look, "ready-sentence"),
        Invitation::NotOpen => tr!(look, "ready-not-open"),
        Invitation::ReaderLost => tr!(look, "ready-lost"),
        Invitation::Over => format!("{}       {}", tr!(look, "adm-02"), tr!(look, "adm-02-line")),
    };
    pen.centre(11, &fit(&sentence, 78), Role::Title);
    pen.rule(12);
    pulse(data, pen);
    pen.rule(17);
    let end = pen.text(2, 18, &tr!(look, "ready-search"), Role::Text);
    pen.clear(ratatui::layout::Rect::new(end, 18, 16, 1), Role::Field);
    pen.position(end, 18)
}

fn pulse(data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    pen.text(2, 13, &tr!(look, "ready-recent"), Role::Muted);
    if data.taps.is_empty() {
        pen.text(3, 14, &tr!(look, "ready-none"), Role::Muted);
    }
    for (y, tap) in (14..17).zip(&data.taps) {
        let x = pen.text(3, y, &tap.at.clock(), Role::Text) + 1;
        let x = pen.text(x, y, &pad(&short_tag(tap.plate, look), 5), word_role(tap.plate));
        let tail = tap.who.id_tail.as_ref().map(|t| tr!(look, "tail", tail = t.as_str())).unwrap_or_default();
        let seat = tap.seat.as_deref().unwrap_or_default();
        let who = format!("{}{} {seat}", pad(&tap.who.masked, 4), pad(&tail, 9));
        pen.text(x, y, &fit(&who, usize::from(41_u16.saturating_sub(x))), Role::Text);
    }
    pen.divide(42, 13, 17);
    let n = data.counts;
    let figures = [
        tr!(
            look,
            "ready-counts",
            desk = n.desk.to_string(),
            present = n.present.to_string(),
            expected = n.expected.to_string()
        ),
        tr!(
            look,
            "ready-missing",
            missing = n.missing.to_string(),
            late = n.late.to_string(),
            refused = n.refused.to_string()
        ),
        data.limit.map_or_else(
            || tr!(look, "ready-no-limit"),
            |(limit, left, at)| {
                let words = limit_words(limit, left, look);
                tr!(look, "ready-limit-at", left = words, at = at.hour_minute())
            },
        ),
    ];
    for (y, text) in (13..).zip(figures) {
        pen.text(44, y, &fit(&text, 35), Role::Text);
    }
    pen.text(44, 16, &fit(&tr!(look, "ready-type"), 35), Role::Muted);
}
