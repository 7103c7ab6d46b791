//! What the steps of a seal took: the time that machines worked, without the time that people typed.

use crate::runtime::sealing::Step;
use std::collections::BTreeMap;
use std::time::Duration;

/// The steps of one seal, by the application's clock.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Steps {
    took: BTreeMap<Step, Duration>,
    running: Option<(Step, Duration)>,
}

impl Steps {
    /// A step begins; the one before it is done. A step that begins again, such as a second signature, goes on.
    pub(super) fn begin(&mut self, step: Step, now: Duration) {
        self.end(now);
        self.running = Some((step, now));
    }

    /// The step under way is done.
    pub(super) fn end(&mut self, now: Duration) {
        if let Some((step, since)) = self.running.take() {
            *self.took.entry(step).or_default() += now.saturating_sub(since);
        }
    }

    /// What was done from a step on is to be done again.
    pub(super) fn back_to(&mut self, step: Step) {
        self.running = None;
        self.took.retain(|done, _| *done < step);
    }

    /// What a step took, where it is done.
    pub(super) fn took(&self, step: Step) -> Option<Duration> {
        self.took.get(&step).copied().filter(|_| !self.is_at(step))
    }

    /// Whether this step is under way, or stopped.
    pub(super) fn is_at(&self, step: Step) -> bool {
        self.running.is_some_and(|(running, _)| running == step)
    }

    /// The step under way, or else the one that comes next.
    pub(super) fn at(&self) -> Option<Step> {
        let next = || Step::ALL.into_iter().find(|step| !self.took.contains_key(step));
        self.running.map(|(step, _)| step).or_else(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn two_signatures_take_what_both_took_and_not_what_people_waited() {
        let mut steps = Steps::default();
        steps.begin(Step::Trees, s(0));
        steps.end(s(2));
        for at in [100, 200] {
            steps.begin(Step::Proctors, s(at));
            assert_eq!((steps.at(), steps.took(Step::Proctors)), (Some(Step::Proctors), None));
            steps.end(s(at + 1));
        }
        assert_eq!((steps.took(Step::Trees), steps.took(Step::Proctors)), (Some(s(2)), Some(s(2))));
    }

    #[test]
    fn a_step_that_is_done_again_forgets_what_it_took() {
        let mut steps = Steps::default();
        for (at, step) in (0..).zip(Step::ALL) {
            steps.begin(step, s(at));
        }
        assert!(steps.is_at(Step::Check));
        steps.back_to(Step::Site);
        assert_eq!((steps.at(), steps.took(Step::Proctors)), (Some(Step::Site), Some(s(1))));
    }
}
