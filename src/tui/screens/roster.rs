//! 3.10 Roster: one box that finds a candidate by number, ID tail, seat or pinyin, and takes filters.
//!
//! The search itself is [`pinyin`](super::super::pinyin)'s; this screen shows what it found. On a desk that faces
//! candidates the rows come in masked.

mod query;

use super::super::Look;
use super::super::keymap::{Action, Press};
use super::super::pinyin::Form;
use super::super::text::{fit, fit_tail, pad, width};
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::Field;
use super::super::widgets::table::{self, Cursor};
use crate::domain::candidate::Hold;
use crate::domain::ids::AdmissionNo;
use crate::domain::seats::Place;
use crate::domain::time::Instant;
use crate::tui::i18n::tr;
use ratatui::layout::{Position, Rect};

pub use query::{Query, next_filter};

/// Rows in sight.
pub const SIGHT: usize = 13;
/// Up to so many rows leave place for the explanation.
const FEW: usize = 4;
/// Rows that are listed at most; the rest is counted.
pub const LISTED: usize = 200;
/// Longest query.
const QUERY: usize = 40;
const FIRST_ROW: u16 = 3;

/// Where a candidate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 未到.
    Expected,
    /// 在场, since; late or not.
    Present {
        /// Since.
        at: Instant,
        /// After the start.
        late: bool,
    },
    /// 交卷, at.
    HandedIn(Instant),
    /// 缺考.
    Absent,
}

/// One candidate.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Name, masked where the desk faces candidates.
    pub name: String,
    /// Initials in pinyin.
    pub initials: String,
    /// Admission number.
    pub number: AdmissionNo,
    /// Last four of the document number.
    pub id_tail: String,
    /// Seat, unless it is given on arrival.
    pub place: Option<Place>,
    /// Where the candidate stands.
    pub standing: Standing,
    /// Whether somebody has to look: turned away and not in since, or a conflict.
    pub open: bool,
    /// Whether this is a resit.
    pub resit: bool,
    /// A hold of the organisation.
    pub hold: Option<Hold>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row").field("number", &self.number).field("standing", &self.standing).finish_non_exhaustive()
    }
}

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The rows found, the best first, at most [`LISTED`].
    pub rows: Vec<Row>,
    /// How many were found.
    pub hits: usize,
    /// What the query was taken for.
    pub form: Form,
    /// Rows of the roster.
    pub total: usize,
    /// Of those, not here yet.
    pub missing: usize,
    /// The session that is searched, as a word, where there are several.
    pub session: Option<String>,
    /// The other session in which somebody was found where here is nobody, as a word, and how many.
    pub elsewhere: Option<(String, usize)>,
}

/// The query and the row under the cursor.
#[derive(Debug, Clone)]
pub struct State {
    query: Field,
    cursor: Cursor,
}

impl Default for State {
    fn default() -> Self {
        Self { query: Field::new(QUERY), cursor: Cursor::default() }
    }
}

impl State {
    /// A search that begins with what was typed on another screen.
    #[must_use]
    pub fn starting_with(text: &str) -> Self {
        let mut state = Self::default();
        state.query.set(text);
        state
    }

    /// What to search for.
    #[must_use]
    pub fn query(&self) -> &str {
        self.query.text()
    }

    /// The position in [`Data::rows`] under the cursor.
    #[must_use]
    pub fn selected(&self, rows: usize) -> Option<usize> {
        self.cursor.row(rows)
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Stay,
    /// The query changed: search again.
    Search,
    /// Everything about the row at this position.
    Open(usize),
    /// The same search in the session where somebody was found.
    OtherSession,
    /// Back to ready.
    Back,
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let rows = data.rows.len();
    let page = isize::try_from(SIGHT - 1).unwrap_or(1);
    let changed = match press {
        Press::Char(c) => state.query.insert(c),
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) => {
            let found = state.selected(rows).map(Outcome::Open);
            return found.unwrap_or(if data.elsewhere.is_some() { Outcome::OtherSession } else { Outcome::Stay });
        }
        Press::Do(Action::Next) => {
            let next = next_filter(state.query.text());
            state.query.set(&next);
            true
        }
        Press::Do(action @ (Action::Up | Action::Down | Action::PageUp | Action::PageDown)) => {
            let by = match action {
                Action::Up => -1,
                Action::Down => 1,
                Action::PageUp => -page,
                _ => page,
            };
            state.cursor.step(by, rows, SIGHT);
            false
        }
        Press::Do(action) => state.query.edit(action),
        Press::Pending | Press::Nothing => false,
    };
    if changed {
        state.cursor = Cursor::default();
        return Outcome::Search;
    }
    Outcome::Stay
}

/// Draws the body; the cursor rests in the search field.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    let x = pen.text(1, 0, &tr!(look, "roster-search"), Role::Text) + 1;
    let cursor = state.query.draw(pen, x, 0, 18);
    let x = pen.text(x + 20, 0, &pad(&tr!(look, "roster-hits", n = data.hits.to_string()), 13), Role::Title);
    let x = pen.text(x, 0, &form_word(data.form, look), Role::Info);
    let total = tr!(look, "roster-total", total = data.total.to_string(), missing = data.missing.to_string());
    let of_session = data.session.iter().map(|session| format!("{session}  {total}"));
    let right = pen.width().saturating_sub(1);
    let fits = |text: &String| width(text) + 2 <= usize::from(right.saturating_sub(x));
    let total = of_session.into_iter().find(fits).unwrap_or(total);
    pen.right(right, 0, &total, Role::Muted);
    pen.rule(1);
    if data.rows.is_empty() {
        let tried = tr!(look, "roster-none", form = form_tried(data.form, look));
        pen.text(2, FIRST_ROW, &fit(&tried, 76), Role::Warn);
        if let Some((session, n)) = &data.elsewhere {
            let offer = tr!(look, "roster-elsewhere", session = session.as_str(), n = n.to_string());
            pen.text(2, FIRST_ROW + 1, &fit(&offer, 76), Role::Info);
        }
        how(pen, FIRST_ROW + 3);
        return cursor;
    }
    heads(pen);
    let few = data.rows.len() <= FEW;
    let height = if few { FEW } else { SIGHT };
    let sight = state.cursor.sight(data.rows.len(), height);
    for (y, (n, row)) in (FIRST_ROW..).zip(data.rows.iter().enumerate().skip(sight.start).take(sight.len())) {
        draw_row(pen, y, n, row, Some(n) == state.selected(data.rows.len()));
    }
    if few {
        pen.rule(FIRST_ROW + 4);
        how(pen, FIRST_ROW + 6);
    } else {
        pen.rule(FIRST_ROW + 13);
        let more = data.hits.saturating_sub(data.rows.len());
        if more > 0 {
            pen.text(2, 18, &tr!(look, "roster-more", n = more.to_string()), Role::Muted);
        } else {
            pen.text(2, 18, &tr!(look, "roster-legend"), Role::Muted);
        }
    }
    if let Some(row) = state.selected(data.rows.len()).and_then(|n| data.rows.get(n)) {
        let line =
            tr!(look, "roster-selected", name = row.name.as_str(), number = row.number.as_str(), seat = seat_word(row));
        pen.text(2, 17, &fit(&line, 77), Role::Text);
    }
    cursor
}

const COLUMNS: [(u16, usize); 8] = [(3, 3), (7, 13), (21, 8), (30, 12), (43, 5), (49, 9), (59, 15), (75, 5)];

/// Where they sit or are to sit; a dash where the seat is given on arrival.
fn seat_word(row: &Row) -> String {
    row.place.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
}

/// One word for whoever looks: a hold before a resit.
#[must_use]
pub fn note_word(hold: Option<Hold>, resit: bool, look: &Look<'_>) -> String {
    match hold {
        Some(Hold::Barred) => tr!(look, "roster-note-barred"),
        Some(Hold::Withdrawn) => tr!(look, "roster-note-withdrawn"),
        Some(Hold::Pending) => tr!(look, "roster-note-hold"),
        None if resit => tr!(look, "roster-note-resit"),
        None => String::new(),
    }
}

fn heads(pen: &mut Pen<'_>) {
    let look = pen.look();
    let words = [
        tr!(look, "roster-col-no"),
        tr!(look, "roster-col-name"),
        tr!(look, "roster-col-pinyin"),
        tr!(look, "roster-col-number"),
        tr!(look, "roster-col-tail"),
        tr!(look, "roster-col-seat"),
        tr!(look, "roster-col-state"),
        tr!(look, "roster-col-note"),
    ];
    for ((x, columns), word) in COLUMNS.into_iter().zip(words) {
        pen.text(x, FIRST_ROW - 1, &fit(&word, columns), Role::Muted);
    }
}

fn draw_row(pen: &mut Pen<'_>, y: u16, n: usize, row: &Row, selected: bool) {
    let look = pen.look();
    let ground = table::row(pen, y, selected);
    let (word, role) =
        if row.open { (tr!(look, "roster-state-open"), Role::Bad) } else { standing_word(row.standing, look) };
    let cells = [
        (n + 1).to_string(),
        row.name.clone(),
        row.initials.clone(),
        fit_tail(row.number.as_str(), 12),
        row.id_tail.clone(),
        seat_word(row),
        word,
        note_word(row.hold, row.resit, look),
    ];
    for (column, ((x, columns), text)) in COLUMNS.into_iter().zip(cells).enumerate() {
        let role = if column == 6 && !selected { role } else { ground };
        pen.text(x, y, &fit(&text, columns), role);
    }
}

/// The word of a standing, with the role of its colour.
#[must_use]
pub fn standing_word(standing: Standing, look: &Look<'_>) -> (String, Role) {
    match standing {
        Standing::Expected => (tr!(look, "roster-state-expected"), Role::Muted),
        Standing::Present { at, late: false } => (tr!(look, "roster-state-present", at = at.hour_minute()), Role::Good),
        Standing::Present { at, late: true } => (tr!(look, "roster-state-late", at = at.hour_minute()), Role::Warn),
        Standing::HandedIn(at) => (tr!(look, "roster-state-handed-in", at = at.hour_minute()), Role::Info),
        Standing::Absent => (tr!(look, "roster-state-absent"), Role::Bad),
    }
}

fn how(pen: &mut Pen<'_>, y: u16) {
    let look = pen.look();
    pen.text(2, y, &tr!(look, "roster-how"), Role::Muted);
    let lines = [
        ("zxm", tr!(look, "roster-how-initials")),
        ("zhangxm", tr!(look, "roster-how-pinyin")),
        ("0317", tr!(look, "roster-how-number")),
        ("3-17", tr!(look, "roster-how-seat")),
        ("! ?? k03", tr!(look, "roster-how-filter")),
    ];
    for (y, (example, text)) in (y + 1..).zip(lines) {
        pen.text(4, y, example, Role::Title);
        pen.text(15, y, &fit(&text, 64), Role::Muted);
    }
    pen.clear(Rect::new(0, y + 7, pen.width(), 1), Role::Text);
    pen.text(2, y + 7, &tr!(look, "roster-legend"), Role::Muted);
}

fn form_word(form: Form, look: &Look<'_>) -> String {
    match form {
        Form::Everyone => String::new(),
        Form::Name => tr!(look, "roster-form-name"),
        Form::Number => tr!(look, "roster-form-number"),
        Form::Seat => tr!(look, "roster-form-seat"),
        Form::Unknown => tr!(look, "roster-form-unknown"),
    }
}

fn form_tried(form: Form, look: &Look<'_>) -> String {
    match form {
        Form::Name => tr!(look, "roster-form-plain-name"),
        Form::Number => tr!(look, "roster-form-plain-number"),
        Form::Seat => tr!(look, "roster-form-plain-seat"),
        Form::Everyone | Form::Unknown => tr!(look, "roster-form-plain-unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(rows: usize) -> Data {
        let row = |n: usize| Row {
            name: "张晓明".into(),
            initials: "zxm".into(),
            number: AdmissionNo::parse(&format!("261124{n:04}")).unwrap(),
            id_tail: "021X".into(),
            place: Some("03-17".parse().unwrap()),
            standing: Standing::Expected,
            open: false,
            resit: false,
            hold: None,
        };
        let rows: Vec<Row> = (0..rows).map(row).collect();
        let n = rows.len();
        Data { rows, hits: n, form: Form::Everyone, total: n, missing: n, session: None, elsewhere: None }
    }

    #[test]
    fn typing_searches_again_from_the_first_row_and_arrows_do_not() {
        let (mut state, data) = (State::starting_with("z"), data(40));
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::PageDown)), Outcome::Stay);
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Down)), Outcome::Stay);
        assert_eq!(state.selected(40), Some(SIGHT));
        assert_eq!(on_key(&mut state, &data, Press::Char('x')), Outcome::Search);
        assert_eq!((state.query(), state.selected(40)), ("zx", Some(0)));
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Left)), Outcome::Stay);
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Clear)), Outcome::Search);
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Clear)), Outcome::Stay, "nothing left to clear");
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Back)), Outcome::Back);
        assert_eq!(state.selected(0), None, "a shorter list moves the cursor");
    }

    #[test]
    fn enter_opens_the_row_or_goes_where_somebody_was_found_and_tab_goes_through_the_filters() {
        let (mut state, found) = (State::default(), data(3));
        on_key(&mut state, &found, Press::Do(Action::Down));
        assert_eq!(on_key(&mut state, &found, Press::Do(Action::Enter)), Outcome::Open(1));
        let mut none = data(0);
        assert_eq!(on_key(&mut state, &none, Press::Do(Action::Enter)), Outcome::Stay);
        none.elsewhere = Some(("场次 2".into(), 1));
        assert_eq!(on_key(&mut state, &none, Press::Do(Action::Enter)), Outcome::OtherSession);
        assert_eq!(on_key(&mut state, &found, Press::Do(Action::Next)), Outcome::Search);
        assert_eq!(state.query(), "! ");
    }

    #[test]
    fn a_row_hides_its_name_from_logs() {
        assert!(!format!("{:?}", data(1)).contains("张晓明"));
    }
}
