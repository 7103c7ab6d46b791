//! The seal at the screen: checklist, freeze, two proctors, the site's passphrase, the steps, the sealed package.
//!
//! ```text
//! menu ─► Checklist ─► seal_begin ─► SealStep 1-3 ─► SealFrozen ─► Sign ─► SealSigned twice ─► seal_finish ─► SealStep … ─► Sealed
//!    a prepared session ─┘                                          └ Esc, asked ─► SealAbandoned ─► Ready
//!    SealFault ─► Sealing with its failure ─ R ─► seal_begin
//!                                          └ Esc ─► Checklist ─ Esc, asked while frozen ─► SealAbandoned ─► Ready
//!                                                             └ Tab ─► the Checklist of the next closed session
//! ```
//!
//! Owns what a person has read, typed and seen; what is frozen and signed is the running desk's. The way back to a seal
//! on its way is the menu: the wizard waits where it was left, without its secrets.

use super::super::keymap::Press;
use super::super::screens::seal::progress::{Failure, Trouble};
use super::super::screens::seal::{checklist, done, progress, sign};
use super::seal_steps::Steps;
use super::{App, Place};
use crate::domain::ids::{OperatorId, SessionNo};
use crate::domain::record::SessionRecord;
use crate::domain::session::State;
use crate::domain::time::Instant;
use crate::runtime::msg::Denied;
use crate::runtime::running::Notice;
use crate::runtime::sealing::desk::{Flow, SignFault};
use crate::runtime::sealing::{SealFault, Step, Written};
use crate::trust::KeyError;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use ring::rand::{SecureRandom as _, SystemRandom};

/// A seal on its way at this screen.
#[derive(Debug)]
pub(super) struct Wizard {
    pub no: SessionNo,
    pub checks: checklist::Data,
    pub checklist: checklist::State,
    /// What the look at the streams came to; nothing while it goes on.
    pub streams: Option<Streams>,
    pub sign: sign::State,
    /// The two groups to read back.
    pub asked: [char; 2],
    /// Who may sign, in the order drawn.
    pub proctors: Vec<OperatorId>,
    pub signed: Vec<(OperatorId, Instant)>,
    pub steps: Steps,
    /// The site's passphrase is given and nothing has come of it yet.
    pub finishing: bool,
    pub failure: Option<Failure>,
}

/// What the store says of a session's streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Streams {
    /// Every chain and tree holds; so many other desks have lines.
    Whole { others: u32 },
    /// They do not, or cannot be read.
    Broken,
}

impl App {
    /// Whether a seal is being written: it holds the lock's timer.
    pub(super) fn seals(&self) -> bool {
        self.wizard.as_ref().is_some_and(|wizard| wizard.finishing)
    }

    /// The closed sessions in the order in which they are offered: frozen already, with results, any; then by time.
    pub(super) fn to_seal(&self) -> Vec<SessionNo> {
        let mut books: Vec<_> =
            self.desk.desk().books().values().filter(|book| book.record.state == State::Closed).collect();
        let rank = |record: &SessionRecord| (record.prepared().is_none(), record.results().is_none());
        books.sort_by_key(|book| (rank(&book.record), book.session.starts(), book.session.plan.no));
        books.into_iter().map(|book| book.session.plan.no).collect()
    }

    /// Goes to the seal: back to where it was left, straight to freezing where the session is frozen already, else to
    /// the checklist.
    pub(super) fn open_seal(&mut self) {
        let acting = self.acting.as_ref().map(|acting| acting.op.clone());
        if let Some(wizard) = &mut self.wizard {
            if wizard.finishing || wizard.failure.is_some() {
                return self.go(Place::Sealing);
            }
            let ours = |flow: &&Flow| flow.no == wizard.no && acting.as_ref() == Some(flow.chief());
            match self.desk.sealing().filter(ours).map(Flow::frozen) {
                Some(Some(_)) => {
                    wizard.sign.forget();
                    return self.go(Place::Sign);
                }
                Some(None) => return self.go(Place::Sealing),
                None => {}
            }
        }
        let Some(no) = self.to_seal().first().copied() else { return self.say(self.nothing_left()) };
        self.look_at(no);
        if self.is_prepared(no) { self.begin_seal(Vec::new()) } else { self.go(Place::Checklist) }
    }

    pub(super) fn is_prepared(&self, no: SessionNo) -> bool {
        self.desk.desk().books().get(&no).is_some_and(|book| book.record.prepared().is_some())
    }

    /// A wizard at the checklist of a session; its streams are looked at meanwhile.
    fn look_at(&mut self, no: SessionNo) {
        self.desk.check_streams(no);
        self.wizard = Some(Wizard {
            no,
            checks: self.checklist_data(no, None),
            checklist: checklist::State::default(),
            streams: None,
            sign: sign::State::default(),
            asked: ['A', 'B'],
            proctors: Vec::new(),
            signed: Vec::new(),
            steps: Steps::default(),
            finishing: false,
            failure: None,
        });
    }

    /// The checklist of the closed session that comes after this one, or before it.
    fn look_beside(&mut self, by: isize) {
        let offered = self.to_seal();
        let here = self.wizard.as_ref().and_then(|wizard| offered.iter().position(|no| *no == wizard.no));
        let next = here.and_then(|at| (at.cast_signed() + by).checked_rem_euclid(offered.len().cast_signed()));
        if let Some(no) = next.and_then(|at| offered.get(at.unsigned_abs())) {
            self.look_at(*no);
        }
    }

    /// Gives up what is frozen; [`Notice::SealAbandoned`] follows.
    fn thaw(&mut self) {
        let no = self.wizard.take().map(|wizard| wizard.no);
        self.place = Place::Ready;
        self.messages.clear();
        if let (Some(no), Some(chief)) = (no, self.acting.as_ref().map(|acting| acting.op.clone())) {
            self.desk.seal_abandon(no, chief);
        }
    }

    fn begin_seal(&mut self, notices: Vec<String>) {
        let chief = self.acting.as_ref().map(|acting| acting.op.clone());
        if let (Some(wizard), Some(chief)) = (&mut self.wizard, chief) {
            wizard.steps = Steps::default();
            wizard.failure = None;
            self.desk.seal_begin(wizard.no, chief, notices);
            self.go(Place::Sealing);
            self.say(self.freezing());
        }
    }

    pub(super) fn checklist_key(&mut self, press: Press) {
        let Some(wizard) = &mut self.wizard else { return self.go(Place::Ready) };
        match checklist::on_key(&mut wizard.checklist, &wizard.checks, press) {
            checklist::Outcome::Stay => {}
            checklist::Outcome::Back => self.place = Place::Ready,
            checklist::Outcome::Freeze { notices } => self.begin_seal(notices),
            checklist::Outcome::Thaw => self.thaw(),
            checklist::Outcome::Beside(by) => self.look_beside(by),
        }
    }

    pub(super) fn sign_key(&mut self, press: Press) {
        let Some(data) = self.sign_data() else { return self.go(Place::Ready) };
        let Some(wizard) = &mut self.wizard else { return };
        match sign::on_key(&mut wizard.sign, &data, press) {
            sign::Outcome::Stay => {}
            sign::Outcome::Stop => self.thaw(),
            sign::Outcome::Sign { proctor, pin, .. } => {
                match (wizard.proctors.get(proctor), Pin::parse(pin.secret())) {
                    (Some(op), Ok(pin)) => self.desk.seal_sign(op.clone(), pin),
                    _ => wizard.sign.refuse(),
                }
            }
            sign::Outcome::Seal { passphrase } => match Passphrase::parse(passphrase.secret()) {
                Ok(passphrase) => {
                    wizard.finishing = true;
                    self.desk.seal_finish(passphrase);
                }
                Err(_) => wizard.sign.refuse(),
            },
        }
    }

    pub(super) fn sealing_key(&mut self, press: Press) {
        let Some(data) = self.progress_data() else { return self.go(Place::Ready) };
        match progress::on_key(&data, press) {
            progress::Outcome::Stay => {}
            progress::Outcome::Back => {
                if let Some(no) = self.wizard.as_ref().map(|wizard| wizard.no) {
                    self.look_at(no);
                }
                self.place = Place::Checklist;
            }
            // From what is frozen, with papers read anew: both sign again.
            progress::Outcome::Retry => self.begin_seal(Vec::new()),
        }
    }

    pub(super) fn sealed_key(&mut self, press: Press) {
        let Some((_, data, state)) = &mut self.sealed else { return self.go(Place::Ready) };
        if done::on_key(state, data, press) == done::Outcome::Back {
            self.place = Place::Ready;
        }
    }

    /// Takes what the running desk tells of the seal.
    pub(super) fn seal_notice(&mut self, notice: Notice) {
        match notice {
            Notice::SealFrozen => self.frozen(),
            Notice::SealSigned(Ok(op)) => {
                self.messages.clear();
                let at = self.desk.clock().wall().0;
                if let Some(wizard) = &mut self.wizard {
                    wizard.steps.end(self.now);
                    wizard.sign.again();
                    wizard.signed.push((op, at));
                }
            }
            Notice::SealSigned(Err(fault)) => self.not_signed(&fault),
            Notice::SealStep(step) => {
                if let Some(wizard) = &mut self.wizard {
                    wizard.steps.begin(step, self.now);
                }
                // The proctors stay where they type.
                if step != Step::Proctors {
                    self.turn(Place::Sealing);
                }
            }
            Notice::SealStreams(no, found) => {
                if let Err(error) = &found {
                    tracing::error!(code = error.code(), %error, "the streams do not verify");
                }
                self.checks_changed();
                let found = found.map_or(Streams::Broken, |others| Streams::Whole { others });
                if let Some(wizard) = self.wizard.as_mut().filter(|wizard| wizard.no == no) {
                    wizard.streams = Some(found);
                }
            }
            Notice::Sealed(written) => self.sealed(&written),
            Notice::SealFault(fault) => self.seal_failed(&fault),
            Notice::SealAbandoned => self.say(self.thawed()),
            _ => {}
        }
    }

    /// From one screen of the seal to the next; whoever looks at another screen stays there.
    fn turn(&mut self, place: Place) {
        if matches!(self.place, Place::Checklist | Place::Sign | Place::Sealing) {
            self.place = place;
        }
    }

    fn frozen(&mut self) {
        let proctors = self.signers();
        let Some(asked) = two_groups() else { return self.say(self.no_randomness()) };
        let Some(wizard) = &mut self.wizard else { return };
        wizard.steps.end(self.now);
        wizard.asked = asked;
        wizard.proctors = proctors;
        wizard.sign = sign::State::default();
        wizard.signed.clear();
        let chief = self.desk.sealing().map(|flow| flow.chief().clone());
        let here = self.acting.as_ref().is_some_and(|acting| Some(&acting.op) == chief.as_ref());
        if here && matches!(self.place, Place::Sealing) {
            self.messages.clear();
            self.place = Place::Sign;
        }
    }

    /// A rule forbids to freeze: the checklist says which.
    pub(super) fn not_frozen(&mut self) {
        if let Some(wizard) = &mut self.wizard {
            wizard.steps = Steps::default();
        }
        if matches!(self.place, Place::Sealing) {
            self.place = Place::Checklist;
        }
    }

    fn not_signed(&mut self, fault: &SignFault) {
        if let Some(wizard) = &mut self.wizard {
            wizard.steps.end(self.now);
            match fault {
                SignFault::Denied(Denied::Wrong { .. }) => wizard.sign.refuse(),
                _ => wizard.sign.again(),
            }
        }
        self.say(self.sign_fault(fault));
    }

    fn seal_failed(&mut self, fault: &SignFault) {
        let message = self.sign_fault(fault);
        if matches!(fault, SignFault::Seal(SealFault::Unnamed { .. })) {
            // It is sealed: nothing is left to do here.
            self.wizard = None;
            self.turn(Place::Ready);
        }
        if let Some(wizard) = &mut self.wizard {
            wizard.finishing = false;
            if matches!(fault, SignFault::Denied(Denied::Site(KeyError::WrongPassphrase))) {
                wizard.steps.back_to(Step::Site);
                wizard.sign.refuse();
            } else {
                wizard.sign.again();
                let code = message.code.clone().unwrap_or_default();
                wizard.failure = Some(Failure { code, trouble: trouble(fault), cause: fault.to_string() });
                self.turn(Place::Sealing);
            }
        }
        self.say(message);
    }

    fn sealed(&mut self, written: &Written) {
        let Some(no) = self.wizard.take().map(|wizard| wizard.no) else { return };
        self.messages.clear();
        self.touched = self.now;
        self.sealed = self.done_data(written).map(|data| (no, data, done::State::default()));
        self.turn(Place::Sealed);
        if !matches!(self.place, Place::Sealed) {
            self.say(self.is_sealed(no));
        }
    }
}

fn trouble(fault: &SignFault) -> Trouble {
    match fault {
        SignFault::Seal(SealFault::Disk { .. }) => Trouble::Disk,
        SignFault::Seal(SealFault::Unverified(_)) => Trouble::Verification,
        SignFault::Denied(_)
        | SignFault::Seal(
            SealFault::Credentials { .. } | SealFault::NotOfCrew(_) | SealFault::Bundle(_) | SealFault::Key(_),
        ) => Trouble::Keys,
        SignFault::Seal(_) => Trouble::Other,
    }
}

/// Two different letters of A to H, each pair as likely as any other; none without randomness.
fn two_groups() -> Option<[char; 2]> {
    let rng = SystemRandom::new();
    let pair = loop {
        let mut byte = [0_u8];
        rng.fill(&mut byte).ok()?;
        let [byte] = byte;
        // 224 is the greatest multiple of the 56 pairs in a byte.
        if byte < 224 {
            break byte % 56;
        }
    };
    let (first, other) = (pair / 7, pair % 7);
    let second = other + u8::from(other >= first);
    Some([char::from(b'A' + first), char::from(b'A' + second)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_different_groups_are_asked_for_and_any_of_them() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            let [first, second] = two_groups().unwrap();
            assert_ne!(first, second);
            assert!(('A'..='H').contains(&first) && ('A'..='H').contains(&second));
            seen.insert((first, second));
        }
        assert!(seen.len() > 50, "{}", seen.len());
    }
}
