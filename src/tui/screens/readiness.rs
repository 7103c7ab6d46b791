//! 3.2 Checks before opening: twelve results with their age, code and what to do; the policy in words; the chief lets a
//! red item stand with a reason, and opens.
//!
//! What was found comes in as facts; when they are looked at again is the application's to say. Opening with a red item
//! that nobody let stand is refused by the desk, not here: the screen only says so beforehand.

mod draw;

pub use draw::view;

use super::super::keymap::{Action, Press};
use super::super::policy_words::Sentence;
use super::super::widgets::table::Cursor;
use crate::domain::readiness::{Fact, Item, Standing, WaiveReason};
use crate::domain::time::Instant;

/// Facts of this draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The session's number, certificate and level.
    pub session: String,
    /// The checks in their order; empty while nobody has looked.
    pub facts: Vec<Fact>,
    /// Items that the chief lets stand.
    pub waived: Vec<Item>,
    /// When they were looked at, and how many seconds ago.
    pub checked: Option<(Instant, u64)>,
    /// The session's place among those that are to be opened, from 1.
    pub place: usize,
    /// How many are to be opened.
    pub planned: usize,
    /// The policy in one line.
    pub brief: String,
    /// The policy in words.
    pub rules: Vec<Sentence>,
    /// Whoever acts may let items stand, and open.
    pub chief: bool,
}

impl Data {
    fn count(&self, standing: Standing) -> usize {
        self.facts.iter().filter(|fact| fact.standing() == standing && !self.stands(fact)).count()
    }

    /// Whether the chief lets a red item stand.
    fn stands(&self, fact: &Fact) -> bool {
        fact.standing() == Standing::Blocked && self.waived.contains(&fact.item())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    #[default]
    List,
    Rules(Cursor),
    Reason(Item),
}

/// The check under the cursor, and what lies over the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    cursor: Cursor,
    mode: Mode,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Stay,
    /// One step back.
    Back,
    /// Look at everything again, and record it.
    Check,
    /// The reader's diagnosis.
    Diagnose,
    /// Let a red item stand.
    Waive(Item, WaiveReason),
    /// Open the session.
    Open,
    /// A reason was asked for by somebody else than the chief.
    OnlyChief,
    /// A reason was asked for, and the item is not red.
    NotRed,
    /// The next session that is to be opened, or with -1 the one before.
    Beside(isize),
}

/// Interprets a key.
pub fn on_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    match state.mode {
        Mode::List => list_key(state, data, press),
        Mode::Rules(cursor) => rules_key(state, cursor, data, press),
        Mode::Reason(item) => reason_key(state, item, press),
    }
}

fn list_key(state: &mut State, data: &Data, press: Press) -> Outcome {
    let lines = data.facts.len();
    let mut step = |by| state.cursor.step(by, lines, lines);
    match press {
        Press::Do(Action::Back) => return Outcome::Back,
        Press::Do(Action::Retry) => return Outcome::Check,
        Press::Do(Action::Diagnose) => return Outcome::Diagnose,
        Press::Do(Action::Next) if data.planned > 1 => return Outcome::Beside(1),
        Press::Do(Action::Previous) if data.planned > 1 => return Outcome::Beside(-1),
        Press::Do(Action::Open) if data.chief => return Outcome::Open,
        Press::Do(Action::Open | Action::Acknowledge) if !data.chief => return Outcome::OnlyChief,
        Press::Do(Action::Acknowledge) => return acknowledge(state, data),
        Press::Do(Action::Enter) => state.mode = Mode::Rules(Cursor::default()),
        Press::Do(Action::Up) => step(-1),
        Press::Do(Action::Down) => step(1),
        Press::Do(Action::PageUp | Action::First) => step(isize::MIN),
        Press::Do(Action::PageDown | Action::Last) => step(isize::MAX),
        _ => {}
    }
    Outcome::Stay
}

/// Asks for the reason of the red item under the cursor.
fn acknowledge(state: &mut State, data: &Data) -> Outcome {
    let at = state.cursor.row(data.facts.len()).and_then(|n| data.facts.get(n));
    match at {
        Some(fact) if fact.standing() == Standing::Blocked && !data.stands(fact) => {
            state.mode = Mode::Reason(fact.item());
            Outcome::Stay
        }
        _ => Outcome::NotRed,
    }
}

/// Rows of rules in sight at the smallest size.
const PAGE: isize = 17;

fn rules_key(state: &mut State, mut cursor: Cursor, data: &Data, press: Press) -> Outcome {
    let rows = draw::rules(&data.rules, draw::CORE).len();
    let sight = usize::try_from(PAGE).unwrap_or(1);
    // The first row in sight moves, never past the last page.
    let last = (rows + 1).saturating_sub(sight);
    let mut step = |by: isize| cursor.step(by, last, 1);
    match press {
        Press::Do(Action::Back | Action::Enter) => {
            state.mode = Mode::List;
            return Outcome::Stay;
        }
        Press::Do(Action::Up) => step(-1),
        Press::Do(Action::Down) => step(1),
        Press::Do(Action::PageUp) => step(-PAGE),
        Press::Do(Action::PageDown) => step(PAGE),
        Press::Do(Action::First) => step(isize::MIN),
        Press::Do(Action::Last) => step(isize::MAX),
        _ => {}
    }
    state.mode = Mode::Rules(cursor);
    Outcome::Stay
}

fn reason_key(state: &mut State, item: Item, press: Press) -> Outcome {
    let chosen = match press {
        Press::Char(c) => {
            c.to_digit(10).and_then(|n| (n as usize).checked_sub(1)).and_then(|n| WaiveReason::ALL.get(n))
        }
        Press::Do(Action::Back) => {
            state.mode = Mode::List;
            None
        }
        _ => None,
    };
    chosen.map_or(Outcome::Stay, |reason| {
        state.mode = Mode::List;
        Outcome::Waive(item, *reason)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::readiness::Reader;

    fn data(chief: bool) -> Data {
        Data {
            session: String::new(),
            facts: vec![Fact::Roster { people: 2, rooms: 1 }, Fact::Reader(Reader::Down("KD-3102"))],
            waived: vec![],
            checked: None,
            place: 1,
            planned: 1,
            brief: String::new(),
            rules: (0..40).map(|n| Sentence { key: format!("k{n}"), says: format!("rule {n}") }).collect(),
            chief,
        }
    }

    #[test]
    fn only_a_red_item_is_let_stand_and_only_by_the_chief() {
        let mut state = State::default();
        let seen = Press::Do(Action::Acknowledge);
        assert_eq!(on_key(&mut state, &data(false), seen), Outcome::OnlyChief);
        assert_eq!(on_key(&mut state, &data(true), seen), Outcome::NotRed, "the roster is well");
        on_key(&mut state, &data(true), Press::Do(Action::Down));
        assert_eq!(on_key(&mut state, &data(true), seen), Outcome::Stay);
        assert_eq!(on_key(&mut state, &data(true), Press::Char('9')), Outcome::Stay, "no such reason");
        assert_eq!(on_key(&mut state, &data(true), Press::Char('0')), Outcome::Stay, "no such reason");
        let waived = on_key(&mut state, &data(true), Press::Char('2'));
        assert_eq!(waived, Outcome::Waive(Item::Reader, WaiveReason::InRepair));
        let stands = Data { waived: vec![Item::Reader], ..data(true) };
        assert_eq!(on_key(&mut state, &stands, seen), Outcome::NotRed, "it stands already");
        assert_eq!((data(true).count(Standing::Blocked), stands.count(Standing::Blocked)), (1, 0));
    }

    #[test]
    fn opening_is_the_chiefs_and_the_rules_are_everybodys() {
        let open = Press::Do(Action::Open);
        let mut state = State::default();
        assert_eq!(on_key(&mut state, &data(false), open), Outcome::OnlyChief);
        assert_eq!(on_key(&mut state, &data(true), open), Outcome::Open);
        on_key(&mut state, &data(false), Press::Do(Action::Enter));
        on_key(&mut state, &data(false), Press::Do(Action::Last));
        let Mode::Rules(cursor) = state.mode else { panic!("{state:?}") };
        assert_eq!(cursor.at, 40 - 17, "the last page is full");
        assert_eq!(on_key(&mut state, &data(false), Press::Do(Action::Back)), Outcome::Stay);
        assert_eq!(on_key(&mut state, &data(false), Press::Do(Action::Back)), Outcome::Back);
    }
}
