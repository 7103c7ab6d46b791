//! Newer roster: what a file would add, remove and change; applied by the admin once the chief has typed the number of
//! removals and a PIN.
//!
//! Nothing is stored by looking. The file that was looked at is the one that is applied, whatever lies under its path
//! by then. Findings come first: with an error there is nothing to approve.

use super::super::keymap::{Action, Press};
use super::super::text::fit;
use super::super::theme::Role;
use super::super::widgets::Pen;
use super::super::widgets::field::{Field, Passphrase, Pin};
use super::super::widgets::table::Cursor;
use crate::intake::{Finding, Found, Severity};
use crate::runtime::import::ImportReport;
use crate::runtime::reimport::{Change, What};
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// Lines of the list in sight at the smallest size.
const SIGHT: usize = 10;
/// Column of the fields.
const FIELD: u16 = 20;

/// Facts of this draw.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// Who approves, masked.
    pub chiefs: Vec<String>,
    /// The site has keys of its own: its passphrase is asked for.
    pub passphrase: bool,
    /// The demo shows its passphrase; nothing else may.
    pub demo_passphrase: Option<String>,
    /// The file is looked at, or applied, just now.
    pub working: bool,
    /// What the last look found.
    pub seen: Option<Seen>,
}

/// What a look found.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Name of the file.
    pub file: String,
    /// Lines that hold something.
    pub rows: usize,
    /// New rows.
    pub added: usize,
    /// Errors and notices, in the order of the file.
    pub findings: Vec<Finding>,
    /// What changes, by session and admission number.
    pub changes: Vec<Change>,
    /// Removals that the chief has to approve; none where there is nothing to apply.
    pub approval: Option<u32>,
    /// It is applied.
    pub applied: bool,
}

impl Seen {
    /// What an import's report says of a file.
    #[must_use]
    pub fn new(file: String, report: &ImportReport) -> Self {
        Self {
            file,
            rows: report.rows,
            added: report.added,
            findings: report.findings.clone(),
            changes: report.changes.clone(),
            approval: report.unapproved.filter(|_| report.errors() == 0),
            applied: report.applied,
        }
    }

    fn lines(&self) -> usize {
        self.findings.len() + self.changes.len()
    }

    fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }

    fn count(&self, is: fn(What) -> bool) -> usize {
        self.changes.iter().filter(|change| is(change.what)).count()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Focus {
    #[default]
    Path,
    Passphrase,
    Removals,
    ChiefPin,
}

/// What is typed, and the first line in sight.
#[derive(Debug, Clone)]
pub struct State {
    path: Field,
    passphrase: Passphrase,
    removals: Field,
    pin: Pin,
    chief: usize,
    focus: Focus,
    cursor: Cursor,
}

impl Default for State {
    fn default() -> Self {
        Self {
            path: Field::new(200),
            passphrase: Passphrase::default(),
            removals: Field::new(6),
            pin: Pin::default(),
            chief: 0,
            focus: Focus::Path,
            cursor: Cursor::default(),
        }
    }
}

impl State {
    /// Secrets that nobody finishes are forgotten.
    pub fn expire(&mut self) {
        self.pin.clear();
        self.passphrase.clear();
    }

    /// A look came back: the chief's fields stand next.
    pub fn looked(&mut self, seen: &Seen) {
        self.cursor = Cursor::default();
        self.pin.clear();
        self.removals = Field::new(6);
        self.focus = if seen.approval.is_some() { Focus::Removals } else { Focus::Path };
    }

    /// The fields in their order.
    fn fields(data: &Data) -> Vec<Focus> {
        let approval = data.seen.as_ref().is_some_and(|seen| seen.approval.is_some());
        let all = [Focus::Path, Focus::Passphrase, Focus::Removals, Focus::ChiefPin];
        let there = |focus: &Focus| match focus {
            Focus::Path => true,
            Focus::Passphrase => data.passphrase,
            Focus::Removals | Focus::ChiefPin => approval,
        };
        all.into_iter().filter(there).collect()
    }

    fn step(&mut self, data: &Data, by: isize) {
        let fields = Self::fields(data);
        let at = fields.iter().position(|focus| *focus == self.focus).unwrap_or(0);
        let len = isize::try_from(fields.len()).unwrap_or(1).max(1);
        let next = (isize::try_from(at).unwrap_or(0) + by).rem_euclid(len);
        if let Some(focus) = usize::try_from(next).ok().and_then(|next| fields.get(next)) {
            self.focus = *focus;
        }
    }

    fn type_in(&mut self, c: char) {
        match self.focus {
            Focus::Path => drop(self.path.insert(c)),
            Focus::Passphrase => self.passphrase.insert(c),
            Focus::Removals if c.is_ascii_digit() => drop(self.removals.insert(c)),
            Focus::Removals => {}
            Focus::ChiefPin => self.pin.insert(c),
        }
    }

    fn edit(&mut self, data: &Data, action: Action) {
        let chiefs = data.chiefs.len().max(1);
        match (self.focus, action) {
            (Focus::ChiefPin, Action::Left) => self.chief = (self.chief + chiefs - 1) % chiefs,
            (Focus::ChiefPin, Action::Right) => self.chief = (self.chief + 1) % chiefs,
            (Focus::Path, _) => drop(self.path.edit(action)),
            (Focus::Passphrase, _) => self.passphrase.edit(action),
            (Focus::Removals, _) => drop(self.removals.edit(action)),
            (Focus::ChiefPin, _) => self.pin.edit(action),
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// One step back.
    Back,
    /// Look at the file of this path.
    Look {
        /// As typed.
        path: String,
        /// The site's passphrase.
        passphrase: Passphrase,
    },
    /// Apply what was looked at.
    Apply {
        /// As the chief typed it.
        removals: u32,
        /// Which chief.
        chief: usize,
        /// Their PIN.
        pin: Pin,
        /// The site's passphrase.
        passphrase: Passphrase,
    },
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let lines = data.seen.as_ref().map_or(0, Seen::lines);
    let last = (lines + 1).saturating_sub(SIGHT);
    let page = isize::try_from(SIGHT).unwrap_or(1);
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Enter) if data.working => {}
        Press::Do(Action::Enter) => return enter(state, data),
        Press::Do(Action::Next) => state.step(data, 1),
        Press::Do(Action::Previous) => state.step(data, -1),
        Press::Do(Action::Up) => state.cursor.step(-1, last, 1),
        Press::Do(Action::Down) => state.cursor.step(1, last, 1),
        Press::Do(Action::PageUp) => state.cursor.step(-page, last, 1),
        Press::Do(Action::PageDown) => state.cursor.step(page, last, 1),
        Press::Do(action) => state.edit(data, action),
        Press::Char(c) => state.type_in(c),
        Press::Pending | Press::Nothing => {}
    }
    Outcome::Stay
}

/// Enter goes to the field that is not whole; with all of them it looks, or applies.
fn enter(state: &mut State, data: &Data) -> Outcome {
    let secret = state.passphrase.clone();
    if state.path.text().trim().is_empty() {
        state.focus = Focus::Path;
    } else if data.passphrase && state.passphrase.is_empty() {
        state.focus = Focus::Passphrase;
    } else if matches!(state.focus, Focus::Path | Focus::Passphrase) {
        return Outcome::Look { path: state.path.text().trim().to_owned(), passphrase: secret };
    } else if let Ok(removals) = state.removals.text().parse::<u32>() {
        if state.pin.is_whole() {
            let pin = std::mem::take(&mut state.pin);
            return Outcome::Apply { removals, chief: state.chief, pin, passphrase: secret };
        }
        state.focus = Focus::ChiefPin;
    } else {
        state.focus = Focus::Removals;
    }
    Outcome::Stay
}

/// Draws the body; the cursor rests in the field that is typed in.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(1, 0, &tr!(look, "import-title"), Role::Title);
    if let Some(seen) = &data.seen {
        pen.right(78, 0, &fit(&seen.file, 50), Role::Muted);
    }
    pen.rule(1);
    pen.text(2, 2, &tr!(look, "import-path"), Role::Text);
    let mut cursor = state.path.draw(pen, FIELD, 2, 58);
    if data.passphrase {
        pen.text(2, 3, &tr!(look, "import-passphrase"), Role::Text);
        let at = state.passphrase.draw(pen, FIELD, 3, 22, state.focus == Focus::Passphrase);
        cursor = if state.focus == Focus::Passphrase { at } else { cursor };
        if let Some(words) = &data.demo_passphrase {
            pen.right(78, 3, &fit(&tr!(look, "demo-passphrase", passphrase = words.as_str()), 36), Role::Warn);
        }
    }
    pen.rule(4);
    if let Some(seen) = &data.seen {
        list(state, seen, pen);
    }
    let under = pen.height().saturating_sub(5);
    pen.rule(under);
    let (words, role) = consequence(data, pen);
    pen.text(2, under + 1, &fit(&words, 76), role);
    if data.seen.as_ref().is_some_and(|seen| seen.approval.is_some()) {
        let chief = data.chiefs.get(state.chief).map_or("", String::as_str);
        pen.text(2, under + 2, &tr!(look, "import-removals"), Role::Text);
        let removals = state.removals.draw(pen, FIELD + 12, under + 2, 8);
        pen.text(2, under + 3, &fit(&tr!(look, "import-chief", who = chief), 29), Role::Text);
        let at = state.pin.draw(pen, FIELD + 12, under + 3, 26, state.focus == Focus::ChiefPin);
        cursor = match state.focus {
            Focus::Removals => removals,
            Focus::ChiefPin => at,
            Focus::Path | Focus::Passphrase => cursor,
        };
    }
    cursor
}

fn list(state: &State, seen: &Seen, pen: &mut Pen<'_>) {
    let look = pen.look();
    let n = |count: usize| count.to_string();
    let tally = tr!(
        look,
        "import-tally",
        rows = n(seen.rows),
        errors = n(seen.errors()),
        added = n(seen.added.max(seen.count(|what| what == What::Added))),
        removed = n(seen.count(|what| what == What::Removed)),
        changed = n(seen.count(|what| matches!(what, What::Changed(_)))),
        kept = n(seen.count(|what| matches!(what, What::Dropped | What::Drifted | What::Ignored(_))))
    );
    pen.right(77, 4, &format!(" {tally} "), Role::Muted);
    let sight = usize::from(pen.height().saturating_sub(10));
    let top = state.cursor.at.min(seen.lines().saturating_sub(sight));
    let findings = seen.findings.iter().map(|finding| found(finding, pen));
    let changes = seen.changes.iter().map(|change| changed(change, pen));
    let lines: Vec<(String, Role)> = findings.chain(changes).skip(top).take(sight).collect();
    for (y, (text, role)) in (5..).zip(lines) {
        pen.text(2, y, &fit(&text, 76), role);
    }
}

/// A finding in one line: code, place, what a person can do.
fn found(finding: &Finding, pen: &Pen<'_>) -> (String, Role) {
    let look = pen.look();
    let at = finding.line.map(|line| tr!(look, "import-line", line = line.to_string())).unwrap_or_default();
    let column = finding.column.as_deref().unwrap_or_default();
    let (Found::Cell(text) | Found::Words(text)) = &finding.found;
    let role = if finding.severity == Severity::Error { Role::Bad } else { Role::Warn };
    (format!("{} {at} {column} {text}  {}", finding.code, finding.hint), role)
}

fn changed(change: &Change, pen: &Pen<'_>) -> (String, Role) {
    let look = pen.look();
    let (word, role) = match change.what {
        What::Added => (tr!(look, "import-added"), Role::Good),
        What::Removed => (tr!(look, "import-removed"), Role::Bad),
        What::Changed(_) => (tr!(look, "import-changed"), Role::Warn),
        What::Dropped => (tr!(look, "import-dropped"), Role::Bad),
        What::Drifted => (tr!(look, "import-drifted"), Role::Bad),
        What::Ignored(_) => (tr!(look, "import-ignored"), Role::Muted),
    };
    let of = match change.what {
        What::Changed(aspects) | What::Ignored(aspects) => {
            let words = aspects.names().into_iter().map(|name| match name {
                "identity" => tr!(look, "import-identity"),
                "placement" => tr!(look, "import-placement"),
                "hold" => tr!(look, "import-hold"),
                _ => tr!(look, "import-info"),
            });
            words.collect::<Vec<_>>().join(" ")
        }
        What::Added | What::Removed | What::Dropped | What::Drifted => String::new(),
    };
    (
        tr!(
            look,
            "import-change",
            what = word,
            cand = change.cand.as_str(),
            session = change.session.to_string(),
            of = of
        ),
        role,
    )
}

fn consequence(data: &Data, pen: &Pen<'_>) -> (String, Role) {
    let look = pen.look();
    match &data.seen {
        _ if data.working => (tr!(look, "import-working"), Role::Muted),
        None => (tr!(look, "import-ask"), Role::Text),
        Some(seen) if seen.applied => (tr!(look, "import-applied"), Role::Good),
        Some(seen) => match seen.approval {
            None => (tr!(look, "import-refused"), Role::Bad),
            Some(n) => (tr!(look, "import-approve", n = n.to_string()), Role::Warn),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(approval: Option<u32>) -> Data {
        let seen = Seen {
            file: "r.csv".into(),
            rows: 3,
            added: 1,
            findings: vec![],
            changes: vec![],
            approval,
            applied: false,
        };
        Data { chiefs: vec!["陈*".into(), "林*".into()], passphrase: true, seen: Some(seen), ..Data::default() }
    }

    fn typed(state: &mut State, data: &Data, text: &str) -> Outcome {
        text.chars().for_each(|c| drop(on_key(state, data, Press::Char(c))));
        on_key(state, data, Press::Do(Action::Enter))
    }

    #[test]
    fn a_look_takes_a_path_and_the_passphrase_and_no_pin() {
        let data = Data { seen: None, ..seen(None) };
        let mut state = State::default();
        assert_eq!(typed(&mut state, &data, " /usb/r.csv "), Outcome::Stay, "the passphrase is missing");
        let Outcome::Look { path, passphrase } = typed(&mut state, &data, "five plain words") else { panic!() };
        assert_eq!((path.as_str(), passphrase.secret()), ("/usb/r.csv", "five plain words"));
    }

    #[test]
    fn applying_takes_the_number_of_removals_and_a_chief_s_pin() {
        let data = seen(Some(2));
        let mut state = State::default();
        typed(&mut state, &data, "r");
        typed(&mut state, &data, "words");
        state.looked(data.seen.as_ref().unwrap());
        assert_eq!(typed(&mut state, &data, "x2"), Outcome::Stay, "the PIN is missing");
        on_key(&mut state, &data, Press::Do(Action::Right));
        let Outcome::Apply { removals, chief, pin, .. } = typed(&mut state, &data, "135790") else { panic!() };
        assert_eq!((removals, chief, pin.secret()), (2, 1, "135790"));
    }

    #[test]
    fn with_an_error_there_is_nothing_to_approve() {
        let data = seen(None);
        let mut state = State::default();
        assert_eq!(State::fields(&data), [Focus::Path, Focus::Passphrase]);
        typed(&mut state, &data, "r");
        state.expire();
        assert!(state.passphrase.is_empty() && state.pin.is_empty());
    }
}
