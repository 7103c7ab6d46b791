//! From what the desk tells to what is seen and heard.

use super::super::facts;
use super::super::screens::unlock::Notice as Tried;
use super::super::screens::{ready, roster as roster_screen, unlock};
use super::super::theme::Plate;
use super::super::widgets::footer::Rank;
use super::super::widgets::strip::Strip;
use super::{Acting, App, Asked, BELL, MESSAGE, Overlay, Place, RECENT, Reader, Showing, Stop};
use crate::config::Sound;
use crate::desk::{Answer, Command, Shown};
use crate::domain::ids::OperatorId;
use crate::runtime::msg::{Denied, Msg};
use crate::runtime::running::Notice;
use crate::store::StoreError;
use std::time::Duration;

/// The list of recent taps keeps so many.
const TAPS: usize = 3;

impl App {
    /// Takes one message of a worker.
    pub fn on_msg(&mut self, msg: Msg) {
        let notices = self.desk.on(msg);
        self.take(notices);
        self.refresh();
    }

    pub(super) fn take(&mut self, notices: Vec<Notice>) {
        for notice in notices {
            if let Some(conductor) = &mut self.demo {
                conductor.note(&notice);
            }
            self.notice(notice);
        }
    }

    fn notice(&mut self, notice: Notice) {
        match notice {
            Notice::Verdict(shown) => self.verdict(*shown),
            Notice::Answer(answer) => self.answer(answer),
            Notice::Checked(ticket, result) => self.checked(ticket, result),
            Notice::AwaitingUnlock => self.say(self.awaiting_unlock()),
            Notice::NothingPlanned => self.say(self.nothing_planned()),
            Notice::NotRecorded => match &mut self.stop {
                Some(stop) => stop.taps += 1,
                None => self.say(self.not_recorded()),
            },
            Notice::Fault(error) => self.fault(&error),
            Notice::Restored => {
                self.stop = None;
                self.index = None;
                self.messages.clear();
                self.place = if self.acting.is_some() { Place::Ready } else { Place::Unlock(unlock::State::default()) };
            }
            Notice::ReaderUp => {
                self.reader = Reader::Up;
                self.checks_changed();
            }
            Notice::ReaderFault(fault) | Notice::ReaderDown(fault) => {
                self.reader = Reader::Lost(fault);
                self.checks_changed();
            }
            // What a line device does is read from the desk at each draw.
            Notice::CardRemoved => self.card_removed(),
            Notice::Noise(_) | Notice::LineUp(_) | Notice::LineDown(_) => {}
            Notice::ReaderTested(tested) => self.reader_tested(&tested),
            Notice::Trial(presented) => self.tried(&presented),
            Notice::Developed(photo) => self.developed(&photo),
            Notice::NotACode => self.say(self.not_a_code()),
            told @ (Notice::SealFrozen
            | Notice::SealSigned(_)
            | Notice::SealStep(_)
            | Notice::SealStreams(..)
            | Notice::Sealed(_)
            | Notice::SealFault(_)
            | Notice::SealAbandoned) => self.seal_notice(told),
            Notice::History(cand, lines) => self.take_history(&cand, &lines),
            Notice::Imported(result) => self.imported(*result),
            Notice::Terminate => self.quit = true,
        }
    }

    fn fault(&mut self, error: &StoreError) {
        let taps = self.stop.as_ref().map_or(0, |stop| stop.taps);
        self.stop = Some(Stop { cause: error.to_string(), taps, retrying: false });
        if self.locked() {
            // No sign-in can be stored now, and a lock that nobody can open would hide the fault.
            self.acting = None;
        }
        // A seal on its way is taken up again from the menu.
        self.wizard = None;
        self.overlay = None;
        self.place = Place::Fault;
        if self.sound != Sound::Off {
            self.ring(5, Duration::from_millis(700));
        }
    }

    fn ring(&mut self, times: u32, apart: Duration) {
        self.bells = (0..times).map(|n| self.now + apart * n).collect();
    }

    fn verdict(&mut self, shown: Shown) {
        let plate = facts::plate(&shown);
        self.last = Some(plate);
        // What was confirmed before this tap is older than its own entry.
        self.messages.retain(|(message, _)| message.rank != Rank::Done);
        if let Some(seq) = shown.seq {
            self.last_line = Some((seq, shown.at));
        }
        let (times, seconds) = match plate {
            Plate::Ok => (1, 4),
            Plate::Late => (1, 6),
            Plate::Already => (2, 4),
            Plate::Unreadable => (2, 15),
            // For as long as it stands in front; then it waits with the others.
            Plate::Proctor => (3, 60),
            _ => (3, 15),
        };
        if self.sound == Sound::All || (self.sound == Sound::Exceptions && times > 1) {
            self.ring(times, BELL);
        }
        let seat = shown.place.as_ref().map(|(room, seat)| format!("{room}-{seat}"));
        let who = facts::who(&shown);
        self.taps
            .push_front((ready::Tap { at: shown.at, plate, who: who.clone(), seat: seat.clone() }, self.now + RECENT));
        self.taps.truncate(TAPS);
        if let Some(row) = &shown.decision.row {
            self.reseat(&row.cand);
        }
        self.refresh_history();
        if let Some(Overlay::Lift(case, _) | Overlay::Clock(case, _)) = &self.overlay
            && (shown.case == Some(*case) || self.desk.desk().case(*case).is_none())
        {
            self.overlay = None;
        }
        let typing = matches!(self.overlay, Some(Overlay::Lift(..) | Overlay::Clock(..) | Overlay::Lock(..)));
        if matches!(self.place, Place::Ready | Place::Verdict) && !typing {
            self.place = Place::Verdict;
        } else if !self.pick(&shown) {
            self.strip = Some((Strip { plate, who, seat }, self.now + MESSAGE));
        }
        self.showing = Some(Showing { shown, until: self.now + Duration::from_secs(seconds), picked: None });
    }

    fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::SignedIn { op } => self.signed_in(&op),
            // A seal that is taken up stores nothing anew.
            Answer::Done { lines: 0, command: Command::PrepareSeal(..), .. } => {}
            Answer::Done { lines: 0, .. } => self.say(self.nothing_left()),
            Answer::Done { command, seq, .. } => {
                let at = self.desk.clock().wall().0;
                self.last_line = seq.map(|seq| (seq, at)).or(self.last_line);
                if let Some(seq) = seq {
                    self.messages.clear();
                    self.say(self.saved(at, seq));
                }
                if let Command::MoveSeat(_, cand, ..) = &command {
                    self.reseat(cand);
                }
                self.refresh_history();
                let done = match (&self.place, &command) {
                    (Place::Close(_), Command::Close(_)) => true,
                    (Place::Holds(_), other) => {
                        other.witness_act().is_some() || matches!(other, Command::PlaceHold(..))
                    }
                    _ => false,
                };
                if done {
                    self.place = Place::Ready;
                }
            }
            answer @ (Answer::FirstOfTwo { .. } | Answer::PutAside(_) | Answer::NotHandled { .. }) => {
                self.case_answer(answer);
            }
            Answer::Refused { refusal, command } => {
                if matches!(command, Command::PrepareSeal(..)) {
                    self.not_frozen();
                }
                self.say(self.refused_command(&refusal));
            }
        }
    }

    fn signed_in(&mut self, op: &OperatorId) {
        let same = self.acting.as_ref().is_some_and(|acting| acting.op == *op);
        // Whoever locked the desk comes back to what they left.
        let back = same && self.locked();
        if self.acting.as_ref().is_some_and(|acting| acting.op != *op) {
            if let Some(wizard) = &mut self.wizard {
                wizard.sign.forget();
            }
            // Drafts are their author's.
            self.scoring.clear();
            self.roster = roster_screen::State::default();
            self.search();
        }
        let known = self.desk.gate().operators().iter().find(|operator| operator.op == *op);
        self.acting = known.map(|operator| Acting {
            op: operator.op.clone(),
            role: operator.role,
            masked: shown_name(&operator.masked_name, &operator.op),
        });
        self.messages.clear();
        self.touched = self.now;
        if back { self.overlay = None } else { self.go(Place::Ready) }
    }

    fn checked(&mut self, ticket: u64, result: Result<Vec<OperatorId>, Denied>) {
        let Some(asked) = self.asked.remove(&ticket) else { return };
        if let Err(error) = &result {
            tracing::warn!(%error, "a PIN was not accepted");
            let wrong = matches!(error, Denied::Unknown(_) | Denied::Wrong { .. });
            if let Some(Overlay::Lock(state, _)) = &mut self.overlay {
                state.refuse();
                state.notice = if wrong { Tried::Wrong } else { Tried::None };
                return self.say(self.denied(error));
            }
            match &mut self.place {
                Place::Unlock(state) => {
                    state.refuse();
                    state.notice = if wrong { Tried::Wrong } else { Tried::None };
                }
                Place::Close(state) => state.expire(),
                Place::Import(state) => state.expire(),
                Place::Manual(state, _) => state.expire(),
                Place::Holds(state) => state.expire(),
                _ => {}
            }
            if let Some(Overlay::Lift(_, state)) = &mut self.overlay {
                state.forget();
            }
            if let (Asked::Open(no), None) = (&asked, &self.overlay) {
                self.target = Some(*no);
                self.ask_open();
                self.target = None;
            }
            return self.say(self.denied(error));
        }
        let mut people = result.into_iter().flatten();
        match (asked, people.next()) {
            (Asked::SignIn(why), Some(op)) => {
                let notices = self.desk.sign_in(op, why);
                self.take(notices);
            }
            (Asked::Open(no), Some(_)) => self.do_command(Command::Open(no), None),
            (Asked::Close(no), Some(_)) => self.do_command(Command::Close(no), people.next()),
            (Asked::Import(approval), Some(_)) => self.approved(approval),
            (Asked::First(case, first), Some(op)) => self.first_spoke(case, first, op),
            (Asked::Second(case), Some(op)) => self.second_spoke(case, op),
            (Asked::Command(command), Some(witness)) => self.do_command(*command, Some(witness)),
            (Asked::Identify(identity), Some(witness)) => self.identified(*identity, witness),
            (Asked::Quit, Some(_)) => self.quit = true,
            (_, None) => {}
        }
    }
}

/// The masked name, or the operator id where no name was given.
pub(super) fn shown_name(masked: &str, op: &OperatorId) -> String {
    if masked.is_empty() { op.to_string() } else { masked.to_owned() }
}
