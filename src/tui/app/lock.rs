//! The lock: shut by a key or by minutes without one, opened by a PIN alone.
//!
//! What stood on the screen stays beneath it with its draft, without secrets; whoever locked comes back to it, anybody
//! else begins at the check-in. Taps are judged meanwhile, and a seal that is being written goes on.

use super::super::keymap::Press;
use super::super::screens::lock::{self, Why};
use super::{App, Overlay, Place};
use crate::domain::event::SignInReason;
use crate::trust::pin::Pin;
use crate::tui::i18n::tr;
use std::time::Duration;

/// Minutes without a key, where no session has a policy that says otherwise.
const IDLE_MINUTES: u32 = 5;

impl App {
    pub(super) fn locked(&self) -> bool {
        matches!(self.overlay, Some(Overlay::Lock(..)))
    }

    pub(super) fn lock(&mut self, why: Why) {
        if self.acting.is_none() || self.stop.is_some() || matches!(self.place, Place::Unlock(_)) {
            return;
        }
        match &mut self.place {
            Place::Close(state) => state.expire(),
            Place::Manual(state, _) => state.forget(),
            Place::Holds(state) => state.expire(),
            Place::Sign => {
                if let Some(wizard) = &mut self.wizard {
                    wizard.sign.forget();
                }
            }
            _ => {}
        }
        self.desk.lock();
        self.overlay = Some(Overlay::Lock(lock::State::default(), why));
    }

    fn idle_minutes(&self) -> u32 {
        self.shown().map_or(IDLE_MINUTES, |book| book.session.policy.desk.idle_lock_min)
    }

    /// Locks after minutes without a key; a seal that is being written holds the time.
    pub(super) fn lock_when_idle(&mut self) {
        if self.seals() {
            self.touched = self.now;
        }
        let minutes = self.idle_minutes();
        if !self.locked() && self.now.saturating_sub(self.touched) >= Duration::from_mins(u64::from(minutes)) {
            self.lock(Why::Idle(minutes));
        }
    }

    pub(super) fn lock_data(&self, why: Why) -> lock::Data {
        let operators = self.desk.gate().operators().iter();
        let locked = self.acting.as_ref().map(|acting| &acting.op);
        lock::Data {
            people: self.unlock_data().people,
            locked: operators.map(|operator| &operator.op).position(|op| Some(op) == locked).unwrap_or(0),
            why,
            unfinished: self.unfinished(),
            judged: self.desk.desk().unlocked(),
        }
    }

    /// What waits beneath, in the menu's words.
    fn unfinished(&self) -> Option<String> {
        self.with_look(|look| match &self.place {
            Place::Close(_) => Some(tr!(look, "menu-close")),
            Place::Manual(..) => Some(tr!(look, "menu-manual")),
            Place::Holds(_) => Some(tr!(look, "holds-title")),
            Place::Scoring(..) => Some(tr!(look, "menu-marks")),
            Place::Checklist | Place::Sign | Place::Sealing => Some(tr!(look, "menu-seal")),
            _ => None,
        })
    }

    pub(super) fn lock_key(&mut self, mut state: lock::State, why: Why, press: Press) {
        let data = self.lock_data(why);
        if let lock::Outcome::Unlock { person, pin } = lock::on_key(&mut state, &data, press) {
            let op = self.desk.gate().operators().get(person).map(|operator| operator.op.clone());
            match (op, Pin::parse(pin.secret())) {
                (Some(op), Ok(pin)) => self.sign_in(op, pin, SignInReason::Switch),
                _ => state.refuse(),
            }
        }
        self.overlay = Some(Overlay::Lock(state, why));
    }
}
