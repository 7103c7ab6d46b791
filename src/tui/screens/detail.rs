//! 3.11 Detail: one person, what happened to them, and what may be done by number.
//!
//! The numbers are those of the design, so that hands learn them once: an act that does not exist here has no number.

use super::super::keymap::{Action, Press};
use super::super::text::{fit, pad};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::roster::{Standing, note_word, standing_word};
use crate::domain::candidate::Hold;
use crate::domain::event::{AbsenceReason, Via};
use crate::domain::ids::{AdmissionNo, Code, DeskId};
use crate::domain::seats::{Place, SeatReason};
use crate::domain::time::Instant;
use crate::tui::Look;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

/// The history's box.
const BOX: Rect = Rect { x: 42, y: 1, width: 37, height: 10 };
/// Lines of the history in sight.
const SIGHT: usize = 8;
/// The number of giving another seat.
const SEAT: char = '5';

/// What happened, as far as a glass shows it: no mark, no number, no second name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// In, at this desk.
    Admitted(DeskId, Via),
    /// Not in.
    TurnedAway(DeskId, Code),
    /// Another seat.
    Moved(Place, SeatReason),
    /// Work handed in.
    HandedIn,
    /// Declared absent.
    Absent(AbsenceReason),
    /// Anything else, by the name of its kind.
    Other(String),
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// What.
    pub what: What,
    /// Its number in the desk's stream.
    pub seq: u64,
}

/// Facts of this draw.
#[derive(Clone, PartialEq, Eq)]
pub struct Data {
    /// Name, masked where the desk faces candidates.
    pub name: String,
    /// Initials in pinyin.
    pub initials: String,
    /// Admission number.
    pub number: AdmissionNo,
    /// Kind of the document, in the words of its card.
    pub document: String,
    /// Last four of its number.
    pub id_tail: String,
    /// Seat, unless it is given on arrival.
    pub place: Option<Place>,
    /// The session, as a word, with certificate and level.
    pub session: String,
    /// Where they stand.
    pub standing: Standing,
    /// Whether somebody has to look.
    pub open: bool,
    /// Whether this is a resit.
    pub resit: bool,
    /// A hold of the organisation.
    pub hold: Option<Hold>,
    /// What happened, oldest first; none while it is being read.
    pub history: Option<Vec<Line>>,
    /// Whether they may be given another seat by whoever looks.
    pub moves: bool,
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Data").field("number", &self.number).field("standing", &self.standing).finish_non_exhaustive()
    }
}

/// How far the history is scrolled back from its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    back: usize,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// Back to where they were found.
    Back,
    /// The person so many rows further down the list.
    Other(isize),
    /// Their seat on the map.
    Seat,
    /// Another seat for them.
    Move,
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let most = data.history.as_ref().map_or(0, |lines| lines.len().saturating_sub(SIGHT));
    match press {
        Press::Char(SEAT) if data.moves => return Outcome::Move,
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) => return Outcome::Seat,
        Press::Do(Action::Left) => return Outcome::Other(-1),
        Press::Do(Action::Right) => return Outcome::Other(1),
        Press::Do(Action::Up) => state.back = (state.back + 1).min(most),
        Press::Do(Action::Down) => state.back = state.back.min(most).saturating_sub(1),
        Press::Do(Action::PageUp) => state.back = (state.back + SIGHT).min(most),
        Press::Do(Action::PageDown) => state.back = state.back.min(most).saturating_sub(SIGHT),
        _ => {}
    }
    Outcome::Stay
}

/// Draws the body; the cursor rests on the name.
pub fn view(state: State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let (word, role) =
        if data.open { (tr!(look, "roster-state-open"), Role::Bad) } else { standing_word(data.standing, look) };
    let x = pen.text(1, 0, &fit(&data.name, 38), Role::Title) + 2;
    let x = pen.text(x, 0, &data.initials, Role::Muted) + 3;
    pen.text(x, 0, &word, role);
    draw_photo(pen, look);
    let place = data.place.as_ref().map_or_else(|| tr!(look, "detail-seat-later"), ToString::to_string);
    let rows = [
        (tr!(look, "detail-number"), data.number.to_string()),
        (tr!(look, "detail-document"), data.document.clone()),
        (tr!(look, "detail-tail"), data.id_tail.clone()),
        (tr!(look, "detail-seat"), place),
        (tr!(look, "detail-note"), note_word(data.hold, data.resit, look)),
    ];
    for ((label, text), y) in rows.into_iter().filter(|(_, text)| !text.is_empty()).zip(1u16..) {
        pen.text(17, y, &pad(&label, 8), Role::Muted);
        pen.text(26, y, &fit(&text, 15), Role::Text);
    }
    pen.text(17, 7, &fit(&data.session, 24), Role::Text);
    draw_history(state, data, pen);
    pen.rule(11);
    pen.text(2, 12, &tr!(look, "detail-actions"), Role::Title);
    let mut x = 3;
    if data.moves {
        x = pen.text(x, 13, &format!("{SEAT} {}", tr!(look, "detail-move")), Role::Text) + 5;
    }
    pen.text(x, 13, &format!("Enter {}", tr!(look, "detail-show-seat")), Role::Text);
    pen.position(1, 0)
}

/// Photos are of a later release; the word keeps their place.
fn draw_photo(pen: &mut Pen<'_>, look: &Look<'_>) {
    pen.frame(Rect { x: 1, y: 1, width: 14, height: 8 }, Role::Muted);
    pen.text(5, 4, &tr!(look, "detail-no-photo"), Role::Muted);
}

fn draw_history(state: State, data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    pen.frame(BOX, Role::Text);
    pen.text(BOX.x + 2, BOX.y, &format!(" {} ", tr!(look, "detail-history")), Role::Title);
    let Some(lines) = &data.history else {
        pen.text(BOX.x + 1, BOX.y + 1, &tr!(look, "detail-reading"), Role::Muted);
        return;
    };
    if lines.is_empty() {
        pen.text(BOX.x + 1, BOX.y + 1, &tr!(look, "detail-nothing"), Role::Muted);
    }
    let last = lines.len().saturating_sub(state.back);
    let shown = lines.iter().take(last).skip(last.saturating_sub(SIGHT));
    let wide = usize::from(BOX.width) - 2;
    for (line, y) in shown.zip(BOX.y + 1..) {
        let text = format!("{} {}", line.at.clock(), what_word(&line.what, look));
        pen.text(BOX.x + 1, y, &fit(&text, wide), Role::Text);
    }
    if state.back > 0 || lines.len() > SIGHT {
        let count = format!(" {last}/{} ", lines.len());
        pen.right(BOX.x + BOX.width - 2, BOX.y + BOX.height - 1, &count, Role::Muted);
    }
}

fn what_word(what: &What, look: &Look<'_>) -> String {
    match what {
        What::Admitted(desk, via) => {
            let via = match via {
                Via::Chip | Via::Permit => tr!(look, "detail-via-card"),
                Via::Manual | Via::Declared => tr!(look, "detail-via-hand"),
            };
            tr!(look, "detail-admitted", desk = desk.to_string(), via = via)
        }
        What::TurnedAway(desk, code) => {
            tr!(look, "detail-turned-away", desk = desk.to_string(), code = code.to_string())
        }
        What::Moved(to, reason) => {
            tr!(look, "detail-moved", seat = to.to_string(), why = super::seatmap::reason_word(*reason, look))
        }
        What::HandedIn => tr!(look, "detail-handed-in"),
        What::Absent(AbsenceReason::NoShow) => tr!(look, "detail-absent"),
        What::Absent(AbsenceReason::IllReported) => tr!(look, "detail-absent-ill"),
        What::Absent(AbsenceReason::RefusedEntry) => tr!(look, "detail-absent-refused"),
        What::Other(kind) => kind.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(lines: usize) -> Data {
        let line = |n: usize| Line {
            at: Instant(i64::try_from(n).unwrap()),
            what: What::HandedIn,
            seq: u64::try_from(n).unwrap(),
        };
        Data {
            name: "张晓明".into(),
            initials: "zxm".into(),
            number: AdmissionNo::parse("2611240317").unwrap(),
            document: "居民身份证".into(),
            id_tail: "021X".into(),
            place: None,
            session: "场次 1".into(),
            standing: Standing::Expected,
            open: false,
            resit: false,
            hold: None,
            history: Some((0..lines).map(line).collect()),
            moves: true,
        }
    }

    #[test]
    fn five_gives_another_seat_where_the_role_may_and_arrows_go_to_other_people() {
        let (mut state, mut data) = (State::default(), data(2));
        assert_eq!(on_key(&mut state, &data, Press::Char('5')), Outcome::Move);
        assert_eq!(on_key(&mut state, &data, Press::Char('1')), Outcome::Stay, "an act that does not exist");
        data.moves = false;
        assert_eq!(on_key(&mut state, &data, Press::Char('5')), Outcome::Stay);
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Right)), Outcome::Other(1));
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Enter)), Outcome::Seat);
    }

    #[test]
    fn a_long_history_is_scrolled_and_never_beyond_its_ends() {
        let (mut state, data) = (State::default(), data(11));
        for (action, back) in [
            (Action::Up, 1),
            (Action::PageUp, 3),
            (Action::Up, 3),
            (Action::Down, 2),
            (Action::PageDown, 0),
            (Action::Down, 0),
        ] {
            on_key(&mut state, &data, Press::Do(action));
            assert_eq!(state.back, back, "{action:?}");
        }
    }

    #[test]
    fn a_person_hides_their_name_from_logs() {
        assert!(!format!("{:?}", data(0)).contains("张晓明"));
    }
}
