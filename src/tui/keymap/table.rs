//! The table itself: which key asks for what on which screen.

use super::super::Look;
use super::{Action, Binding, Hint, Needs, ScreenId, Trigger};
use crate::tui::i18n::tr;
use crossterm::event::KeyCode::{
    self, BackTab, Backspace, Char, Down, End, Enter, Esc, F, Home, PageDown, PageUp, Tab, Up,
};

const fn key(code: KeyCode, action: Action) -> Binding {
    Binding { trigger: Trigger::Key(code), action, hint: None, needs: Needs::Anyone }
}

const fn on(trigger: Trigger, action: Action) -> Binding {
    Binding { trigger, action, hint: None, needs: Needs::Anyone }
}

impl Binding {
    const fn named(mut self, keys: fn(&Look<'_>) -> String, says: fn(&Look<'_>) -> String) -> Self {
        self.hint = Some(Hint { keys, says });
        self
    }

    const fn only(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }
}

/// A key's name that is the same in every language.
macro_rules! plain {
    ($text:literal) => {
        |_| $text.to_owned()
    };
}

/// A message of the catalogue.
macro_rules! says {
    ($id:literal) => {
        |look| tr!(look, $id)
    };
}

macro_rules! enter {
    ($id:literal) => {
        key(Enter, Action::Enter).named(plain!("Enter"), says!($id))
    };
}

macro_rules! esc {
    ($id:literal) => {
        key(Esc, Action::Back).named(plain!("Esc"), says!($id))
    };
}

macro_rules! digits {
    ($keys:literal, $id:literal) => {
        on(Trigger::Digits, Action::Digit).named(plain!($keys), says!($id))
    };
}

const UP: Binding = key(Up, Action::Up).named(says!("key-arrows"), says!("key-up-down"));
const DOWN: Binding = key(Down, Action::Down);
const PAGE_UP: Binding = key(PageUp, Action::PageUp).named(plain!("PgUp/PgDn"), says!("key-page"));
const PAGE_DOWN: Binding = key(PageDown, Action::PageDown);
const FIRST: Binding = key(Home, Action::First);
const LAST: Binding = key(End, Action::Last);
const ERASE: Binding = key(Backspace, Action::Erase);
const CLEAR: Binding = on(Trigger::Ctrl('u'), Action::Clear).named(plain!("^U"), says!("key-clear"));
const CLEAR_UNNAMED: Binding = on(Trigger::Ctrl('u'), Action::Clear);
const LEFT: Binding = key(KeyCode::Left, Action::Left);
const RIGHT: Binding = key(KeyCode::Right, Action::Right);
const BACK_TAB: Binding = key(BackTab, Action::Previous);

const UNLOCK: &[Binding] = &[
    digits!("1-9", "key-digits-person"),
    enter!("key-enter-sign-in"),
    esc!("key-back-clear"),
    UP,
    DOWN,
    ERASE,
    CLEAR_UNNAMED,
];

const READY: &[Binding] =
    &[on(Trigger::Text, Action::Type).named(says!("key-text"), says!("key-text-search")), enter!("key-enter-search")];

const VERDICT: &[Binding] = &[
    enter!("key-enter-back"),
    key(Esc, Action::Back),
    on(Trigger::Text, Action::Type).named(says!("key-text"), says!("key-text-search")),
];

const CASE: &[Binding] = &[
    digits!("1-9", "key-digits-way"),
    key(Char('y'), Action::Confirm).named(plain!("Y"), says!("key-confirm")),
    esc!("key-back-defer"),
    key(Enter, Action::Enter),
];

const LIFT: &[Binding] = &[
    enter!("key-enter-next"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-field")),
    esc!("key-back"),
    on(Trigger::Text, Action::Type),
    UP,
    DOWN,
    BACK_TAB,
    LEFT,
    RIGHT,
    FIRST,
    LAST,
    ERASE,
    CLEAR_UNNAMED,
];

const CLOCK: &[Binding] = &[
    enter!("key-enter"),
    esc!("key-back"),
    on(Trigger::Text, Action::Type),
    LEFT,
    RIGHT,
    FIRST,
    LAST,
    ERASE,
    CLEAR_UNNAMED,
];

const ROSTER: &[Binding] = &[
    UP,
    DOWN,
    enter!("key-enter-open"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-filter")),
    CLEAR,
    esc!("key-back"),
    PAGE_UP,
    PAGE_DOWN,
    on(Trigger::Text, Action::Type),
    LEFT,
    RIGHT,
    FIRST,
    LAST,
    ERASE,
];

const DETAIL: &[Binding] = &[
    digits!("1-9", "key-digits-do"),
    LEFT.named(says!("key-sideways"), says!("key-other-person")),
    RIGHT,
    enter!("key-enter-seat"),
    esc!("key-back"),
    key(Up, Action::Up),
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
];

const SEAT_MAP: &[Binding] = &[
    key(Up, Action::Up).named(says!("key-all-arrows"), says!("key-move")),
    DOWN,
    LEFT,
    RIGHT,
    digits!("0-9", "key-digits-room"),
    key(Char('f'), Action::Filter).named(plain!("F"), says!("key-missing-only")),
    key(Char('m'), Action::MoveSeat).named(plain!("M"), says!("key-move-seat")),
    enter!("key-enter-open"),
    key(Char('w'), Action::Withdraw).named(plain!("W"), says!("key-withdraw")),
    esc!("key-back"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-session")),
    key(PageUp, Action::PageUp),
    PAGE_DOWN,
    FIRST,
    LAST,
];

const PENDING: &[Binding] = &[UP, DOWN, enter!("key-enter-open"), esc!("key-back"), PAGE_UP, PAGE_DOWN, FIRST, LAST];

const MENU: &[Binding] = &[
    on(Trigger::Digits, Action::Digit).named(says!("key-digits"), says!("key-digits-item")),
    UP,
    DOWN,
    enter!("key-enter-choose"),
    esc!("key-back-close"),
    FIRST,
    LAST,
];

const CONFIRM: &[Binding] = &[
    enter!("key-enter"),
    esc!("key-back"),
    on(Trigger::Text, Action::Type),
    key(Tab, Action::Next),
    BACK_TAB,
    key(Up, Action::Up).named(says!("key-arrows"), says!("key-next-session")),
    DOWN,
    ERASE,
    CLEAR_UNNAMED,
];

const ROOMS: &[Binding] = &[
    esc!("key-back"),
    enter!("key-enter-choose"),
    UP,
    DOWN,
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-session")),
    PAGE_UP,
    PAGE_DOWN,
    FIRST,
    LAST,
];

const CLOSE: &[Binding] = &[
    enter!("key-enter-close"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-field")),
    esc!("key-back"),
    digits!("0-9", "key-digits-pin"),
    UP,
    DOWN,
    key(PageUp, Action::PageUp).named(plain!("PgUp/PgDn"), says!("key-next-session")),
    PAGE_DOWN,
    BACK_TAB,
    ERASE,
    CLEAR_UNNAMED,
];

const SCORING: &[Binding] = &[
    on(Trigger::Figure, Action::Digit).named(says!("key-digits"), says!("key-digits-mark")),
    enter!("key-enter-save"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-row")),
    esc!("key-back"),
    BACK_TAB,
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    CLEAR,
    LEFT,
    RIGHT,
    FIRST,
    LAST,
    ERASE,
];

const RESULTS: &[Binding] =
    &[PAGE_UP, PAGE_DOWN, key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-session")), esc!("key-back")];

const CHECKLIST: &[Binding] = &[
    UP,
    DOWN,
    key(Char('w'), Action::Acknowledge).named(plain!("W"), says!("key-acknowledge")),
    key(Char(' '), Action::Acknowledge),
    enter!("key-enter-freeze"),
    esc!("key-back"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-session")),
    BACK_TAB,
    PAGE_UP,
    PAGE_DOWN,
    FIRST,
    LAST,
];

const SIGN: &[Binding] = &[
    on(Trigger::Text, Action::Type).named(says!("key-digits"), says!("key-digits-mark")),
    enter!("key-enter-sign"),
    esc!("key-back-thaw"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-other-person")),
    UP,
    DOWN,
    BACK_TAB,
    ERASE,
    CLEAR_UNNAMED,
];

const SEALING: &[Binding] =
    &[key(Char('r'), Action::Retry).named(plain!("R"), says!("key-retry-failed")), esc!("key-back-failed")];

const SEALED: &[Binding] =
    &[enter!("key-enter-back"), key(Esc, Action::Back), PAGE_UP, PAGE_DOWN, key(Up, Action::Up), DOWN];

const READER: &[Binding] = &[
    digits!("1-6", "key-digits-do"),
    key(Char(' '), Action::Pause).named(says!("key-space"), says!("key-pause")),
    esc!("key-back"),
    key(Enter, Action::Enter),
    key(Up, Action::Up),
    DOWN,
];

const READINESS: &[Binding] = &[
    UP,
    DOWN,
    key(Char('o'), Action::Open).named(plain!("O"), says!("key-open")),
    key(Char('w'), Action::Acknowledge).named(plain!("W"), says!("key-waive")),
    key(Char('a'), Action::Retry).named(plain!("A"), says!("key-check-again")),
    key(Char('d'), Action::Diagnose).named(plain!("D"), says!("key-diagnose")),
    enter!("key-rules"),
    esc!("key-back"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-session")),
    BACK_TAB,
    digits!("1-4", "key-digits-reason"),
    PAGE_UP,
    PAGE_DOWN,
    FIRST,
    LAST,
];

const IMPORT: &[Binding] = &[
    enter!("key-enter-look"),
    key(Tab, Action::Next).named(plain!("Tab"), says!("key-next-field")),
    esc!("key-back"),
    PAGE_UP,
    PAGE_DOWN,
    on(Trigger::Text, Action::Type),
    BACK_TAB,
    key(Up, Action::Up),
    DOWN,
    LEFT,
    RIGHT,
    FIRST,
    LAST,
    ERASE,
    CLEAR_UNNAMED,
];

const LOCK: &[Binding] = &[
    digits!("0-9", "key-digits-pin"),
    enter!("key-enter-unlock"),
    key(Up, Action::Up).named(says!("key-arrows"), says!("key-other-person")),
    DOWN,
    esc!("key-back-clear"),
    ERASE,
    CLEAR_UNNAMED,
];

const FAULT: &[Binding] = &[key(Char('r'), Action::Retry).named(plain!("R"), says!("key-retry"))];

const HELP: &[Binding] = &[esc!("key-back-close"), PAGE_UP, PAGE_DOWN];

const LEGEND: &[Binding] = &[digits!("1-9", "key-digits-item"), esc!("key-back-close")];

/// The keys that belong to one screen.
pub(super) fn local(screen: ScreenId) -> &'static [Binding] {
    match screen {
        ScreenId::Unlock => UNLOCK,
        ScreenId::Ready => READY,
        ScreenId::Verdict => VERDICT,
        ScreenId::Case => CASE,
        ScreenId::Lift | ScreenId::Manual | ScreenId::Holds => LIFT,
        ScreenId::Clock => CLOCK,
        ScreenId::Roster => ROSTER,
        ScreenId::Detail => DETAIL,
        ScreenId::SeatMap => SEAT_MAP,
        ScreenId::Pending => PENDING,
        ScreenId::Menu => MENU,
        ScreenId::Confirm => CONFIRM,
        ScreenId::Rooms => ROOMS,
        ScreenId::Close => CLOSE,
        ScreenId::Scoring => SCORING,
        ScreenId::Results => RESULTS,
        ScreenId::Checklist => CHECKLIST,
        ScreenId::Sign => SIGN,
        ScreenId::Sealing => SEALING,
        ScreenId::Sealed => SEALED,
        ScreenId::Reader => READER,
        ScreenId::Readiness => READINESS,
        ScreenId::Import => IMPORT,
        ScreenId::Lock => LOCK,
        ScreenId::Fault => FAULT,
        ScreenId::Help => HELP,
        ScreenId::Legend => LEGEND,
    }
}

const F1: Binding = key(F(1), Action::Help).named(plain!("F1"), says!("key-help"));
const F1_CHORD: Binding = on(Trigger::Prefixed('1'), Action::Help);
const QUESTION: Binding = key(Char('?'), Action::Help).only(Needs::NoTextField);
const F10: Binding = key(F(10), Action::Menu).named(plain!("F10"), says!("key-menu"));
const F10_CHORD: Binding = on(Trigger::Prefixed('0'), Action::Menu);
const F11: Binding = key(F(11), Action::Legend).named(plain!("F11"), says!("key-legend")).only(Needs::Demo);
const F11_CHORD: Binding = on(Trigger::Prefixed('d'), Action::Legend).only(Needs::Demo);
const LANGUAGE: Binding = on(Trigger::Ctrl('e'), Action::Language).named(plain!("^E"), says!("key-language"));
const REDRAW: Binding = on(Trigger::Ctrl('l'), Action::Redraw).named(plain!("^L"), says!("key-redraw"));

const GLOBAL: &[Binding] = &[
    F1,
    F1_CHORD,
    QUESTION,
    key(F(2), Action::Home).named(plain!("F2"), says!("key-home")).only(Needs::SignedIn),
    on(Trigger::Prefixed('2'), Action::Home).only(Needs::SignedIn),
    key(F(3), Action::Roster).named(plain!("F3"), says!("key-roster")).only(Needs::SignedIn),
    on(Trigger::Prefixed('3'), Action::Roster).only(Needs::SignedIn),
    key(F(4), Action::SeatMap).named(plain!("F4"), says!("key-seat-map")).only(Needs::Reader),
    on(Trigger::Prefixed('4'), Action::SeatMap).only(Needs::Reader),
    key(F(8), Action::Pending).named(plain!("F8"), says!("key-pending")).only(Needs::Reader),
    on(Trigger::Prefixed('8'), Action::Pending).only(Needs::Reader),
    key(F(9), Action::Scoring).named(plain!("F9"), says!("key-scoring")).only(Needs::Assessor),
    on(Trigger::Prefixed('9'), Action::Scoring).only(Needs::Assessor),
    F10,
    F10_CHORD,
    F11,
    F11_CHORD,
    LANGUAGE,
    key(F(12), Action::Lock).named(plain!("F12"), says!("key-lock")).only(Needs::SignedIn),
    on(Trigger::Prefixed('l'), Action::Lock).only(Needs::SignedIn),
    REDRAW,
];

/// Where nobody works: before unlocking, and while the journal is stopped.
const BOUND: &[Binding] = &[F1, F1_CHORD, QUESTION, F10, F10_CHORD, F11, F11_CHORD, LANGUAGE, REDRAW];

/// A lock keeps everything back but how it looks.
const LOCKED: &[Binding] = &[LANGUAGE, REDRAW];

/// The keys that mean the same on every screen.
pub(super) fn global(screen: ScreenId) -> &'static [Binding] {
    match screen {
        ScreenId::Unlock | ScreenId::Fault => BOUND,
        ScreenId::Lock => LOCKED,
        _ => GLOBAL,
    }
}
