//! What passes by itself: plates, strips, messages and bells fade, secrets that nobody finishes are forgotten.

use super::super::widgets::footer::Message;
use super::{App, Overlay, Place};
use std::time::Duration;

/// How long a message or a strip stays.
pub(super) const MESSAGE: Duration = Duration::from_secs(6);
/// A tap leaves the list of recent ones after this long.
pub(super) const RECENT: Duration = Duration::from_mins(1);
/// A PIN that nobody finishes typing is forgotten after this long.
pub(super) const PIN: Duration = Duration::from_secs(20);
/// One person's screen that nobody touches is left after this long (screens.md §1.5).
const DETAIL: Duration = Duration::from_mins(1);
/// A commit that takes longer shows the grey plate meanwhile.
pub(super) const READING: Duration = Duration::from_millis(300);
/// Between two bells of one pattern (screens.md §1.9).
pub(super) const BELL: Duration = Duration::from_millis(350);

impl App {
    /// How many bells are due.
    pub fn bells_due(&mut self) -> usize {
        let due = self.bells.iter().take_while(|at| **at <= self.now).count();
        self.bells.drain(..due);
        due
    }

    /// Time passed since the program began: what fades, fades; the demo goes on.
    pub fn tick(&mut self, now: Duration) {
        self.now = now;
        self.messages.retain(|(_, until)| *until > now);
        self.taps.retain(|(_, until)| *until > now);
        if self.strip.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.strip = None;
        }
        if self.showing.as_ref().is_some_and(|showing| showing.until <= now) {
            self.showing = None;
            if matches!(self.place, Place::Verdict) {
                self.place = Place::Ready;
            }
        }
        if now.saturating_sub(self.touched) > PIN {
            match &mut self.place {
                Place::Unlock(state) => state.expire(),
                Place::Close(state) => state.forget(),
                Place::Import(state) => state.expire(),
                Place::Manual(state, _) => state.expire(),
                Place::Holds(state) => state.expire(),
                Place::Sign => {
                    if let Some(wizard) = &mut self.wizard {
                        wizard.sign.expire();
                    }
                }
                _ => {}
            }
            match &mut self.overlay {
                Some(Overlay::Confirm(_, state)) => state.forget(),
                Some(Overlay::Lock(state, _)) => state.expire(),
                Some(Overlay::Lift(_, state)) => state.forget(),
                _ => {}
            }
        }
        if now.saturating_sub(self.touched) > DETAIL && matches!(self.place, Place::Detail(..)) {
            self.place = Place::Roster;
        }
        self.lock_when_idle();
        self.watch_trial();
        self.busy_since = match (self.desk.desk().busy(), self.busy_since) {
            (true, None) => Some(now),
            (true, since) => since,
            (false, _) => None,
        };
        if let Some(conductor) = &mut self.demo {
            let notices = conductor.go_on(now, &mut self.desk);
            self.take(notices);
        }
    }

    pub(super) fn say(&mut self, message: Message) {
        self.messages.push((message, self.now + MESSAGE));
    }
}
