//! The sentences of row 23: what was stored, what a rule forbids, what a device does.

use super::super::look::Look;
use super::super::sayings::{Refusal as Saying, line_device};
use super::super::widgets::footer::{Message, Rank};
use super::super::widgets::header::Phase;
use super::{App, facts};
use crate::desk::{Awaited, Refusal, SeatRefusal};
use crate::domain::ids::SessionNo;
use crate::domain::scoring::MarkRefusal;
use crate::domain::session::State;
use crate::domain::time::Instant;
use crate::reader::lines::code as line_code;
use crate::reader::port::PortFault;
use crate::runtime::msg::Denied;
use crate::runtime::sealing::SealFault;
use crate::runtime::sealing::desk::SignFault;
use crate::trust::KeyError;
use crate::tui::i18n::tr;
use std::time::Duration;

impl App {
    fn message(rank: Rank, code: Option<&str>, text: String) -> Message {
        Message { rank, code: code.map(str::to_owned), text }
    }

    pub(super) fn line_fault(fault: &PortFault, look: &Look<'_>) -> Message {
        Self::message(Rank::Wrong, Some(line_code(fault)), line_device(fault, look))
    }

    pub(super) fn not_a_code(&self) -> Message {
        Self::message(Rank::Wrong, Some("KD-3110"), self.with_look(|look| tr!(look, "fault-3110")))
    }

    /// What a tap alone has left to wait for, with the seconds left.
    pub(super) fn awaited(&self, look: &Look<'_>) -> Option<Message> {
        let now = self.desk.clock().mono();
        let left = |until: Duration| until.saturating_sub(now).as_secs().to_string();
        let text = match self.desk.desk().awaited(now)? {
            Awaited::Document(cand, until) => tr!(look, "await-document", tail = cand.tail(), left = left(until)),
            Awaited::Ticket(until) => tr!(look, "await-ticket", left = left(until)),
        };
        Some(Self::message(Rank::Tap, None, text))
    }

    pub(super) fn saved(&self, at: Instant, seq: u64) -> Message {
        self.with_look(|look| Message::saved(at, seq, look))
    }

    pub(super) fn session_word(&self, no: SessionNo) -> String {
        self.with_look(|look| tr!(look, "session-no", no = no.to_string()))
    }

    pub(super) fn nothing_left(&self) -> Message {
        Self::message(Rank::Done, None, self.with_look(|look| tr!(look, "nothing-left")))
    }

    pub(super) fn nothing_to_mark(&self) -> Message {
        Self::message(Rank::Done, None, self.with_look(|look| tr!(look, "nothing-to-mark")))
    }

    pub(super) fn awaiting_unlock(&self) -> Message {
        Self::message(Rank::Wrong, None, self.with_look(|look| tr!(look, "awaiting-unlock")))
    }

    pub(super) fn not_recorded(&self) -> Message {
        Self::message(Rank::Wrong, Some("KD-9001"), self.with_look(|look| tr!(look, "not-recorded")))
    }

    pub(super) fn nothing_planned(&self) -> Message {
        Self::message(Rank::Wrong, Some("KD-1101"), self.with_look(|look| tr!(look, "nothing-planned")))
    }

    pub(super) fn yours(&self) -> Message {
        Self::message(Rank::Done, None, self.with_look(|look| tr!(look, "legend-yours")))
    }

    /// Not a wrong PIN, but keys that do not open: staff can do nothing about it at the desk.
    pub(super) fn keys_closed(&self, cause: &Denied) -> Message {
        let text = self.with_look(|look| tr!(look, "keys-closed", cause = cause.to_string()));
        Self::message(Rank::Wrong, None, text)
    }

    /// Why a secret was not accepted.
    pub(super) fn denied(&self, cause: &Denied) -> Message {
        match cause {
            Denied::Unknown(_) | Denied::Wrong { .. } => self.wrong_pin(Rank::Wrong),
            Denied::Site(KeyError::WrongPassphrase) => self.wrong_passphrase(),
            Denied::Key { source: KeyError::Wait { seconds }, .. } => {
                let text = self.with_look(|look| tr!(look, "tries-wait", s = seconds.to_string()));
                Self::message(Rank::Wrong, Some("KD-K-19"), text)
            }
            Denied::Site(_) | Denied::Key { .. } | Denied::Store(_) => self.keys_closed(cause),
        }
    }

    pub(super) fn wrong_passphrase(&self) -> Message {
        let text = self.with_look(|look| tr!(look, "seal-passphrase-wrong"));
        Self::message(Rank::Wrong, Some("KD-K-15"), text)
    }

    pub(super) fn freezing(&self) -> Message {
        Self::message(Rank::Tap, None, self.with_look(|look| tr!(look, "seal-freezing")))
    }

    pub(super) fn thawed(&self) -> Message {
        Self::message(Rank::Done, None, self.with_look(|look| tr!(look, "seal-thawed")))
    }

    pub(super) fn is_sealed(&self, no: SessionNo) -> Message {
        let session = self.session_word(no);
        Self::message(Rank::Done, None, self.with_look(|look| tr!(look, "seal-is-sealed", session = session)))
    }

    pub(super) fn no_randomness(&self) -> Message {
        Self::message(Rank::Wrong, Some("KD-K-10"), self.with_look(|look| tr!(look, "seal-fault-other")))
    }

    /// Why a signature or a seal was not made.
    pub(super) fn sign_fault(&self, fault: &SignFault) -> Message {
        let fault = match fault {
            SignFault::Denied(denied) => return self.denied(denied),
            SignFault::Seal(fault) => fault,
        };
        let text = self.with_look(|look| match fault {
            SealFault::Rehearsal | SealFault::ExamplePolicy | SealFault::DevelopmentBuild => {
                tr!(look, "seal-fault-sealable")
            }
            SealFault::NoSiteKey => tr!(look, "seal-fault-site-key"),
            SealFault::Credentials { .. } | SealFault::Bundle(_) => tr!(look, "seal-fault-credentials"),
            SealFault::NotOfCrew(_) => tr!(look, "seal-fault-crew"),
            SealFault::Trees => tr!(look, "seal-fault-trees"),
            SealFault::DataKey => tr!(look, "seal-fault-data-key"),
            SealFault::NotPrepared => tr!(look, "seal-fault-not-prepared"),
            SealFault::Disk { .. } => tr!(look, "seal-fault-disk"),
            SealFault::Unnamed { .. } => tr!(look, "seal-fault-unnamed"),
            SealFault::Unverified(_) => tr!(look, "seal-fault-unverified"),
            SealFault::Form(_) | SealFault::Store(_) | SealFault::Key(_) => tr!(look, "seal-fault-other"),
        });
        Self::message(Rank::Wrong, Some(fault.code()), text)
    }

    /// The first of two has spoken.
    pub(super) fn second_awaited(&self, seconds: u32) -> Message {
        Self::message(Rank::Tap, None, self.with_look(|look| tr!(look, "lift-second", s = seconds.to_string())))
    }

    pub(super) fn put_aside(&self) -> Message {
        Self::message(Rank::Done, None, self.with_look(|look| tr!(look, "case-put-aside")))
    }

    pub(super) fn checking(&self) -> Message {
        Self::message(Rank::Tap, None, self.with_look(|look| tr!(look, "unlock-checking")))
    }

    pub(super) fn wrong_pin(&self, rank: Rank) -> Message {
        Self::message(rank, None, self.with_look(|look| Saying::WrongPin.sentence(look)))
    }

    pub(super) fn reader_fault(&self, fault: &PortFault) -> Message {
        self.with_look(|look| Message::reader(fault, look))
    }

    pub(super) fn refused_command(&self, refusal: &Refusal) -> Message {
        let text = self.with_look(|look| match refusal {
            Refusal::HandInTooEarly(at) => tr!(look, "refusal-t-01", at = at.hour_minute()),
            Refusal::AbsenceTooEarly(at) => Saying::AbsenceTooEarly(at.hour_minute()).sentence(look),
            Refusal::Witness => Saying::Witness.sentence(look),
            Refusal::Role => tr!(look, "refusal-role"),
            Refusal::State(state) => Saying::Session(self.phase_of(*state)).sentence(look),
            Refusal::StartsAt(at) => tr!(look, "refusal-starts-at", at = at.hour_minute()),
            Refusal::NoSession => tr!(look, "nothing-planned"),
            Refusal::Unbalanced(equations) => {
                let off = equations.iter().find(|equation| !equation.holds());
                let sides = off.map_or((0, 0), |equation| (equation.left, equation.right.iter().sum()));
                Saying::Balance(sides.0, sides.1).sentence(look)
            }
            Refusal::StillInside(n) => tr!(look, "refusal-s-06", n = n.to_string()),
            Refusal::MarksMissing(n) => Saying::Unmarked(*n).sentence(look),
            Refusal::Sealing => tr!(look, "refusal-sealing"),
            Refusal::Moved => tr!(look, "refusal-moved"),
            Refusal::Conflicts(n) => tr!(look, "refusal-s-03", n = n.to_string()),
            Refusal::OtherDesks(n) => tr!(look, "refusal-s-04", n = n.to_string()),
            Refusal::Nobody => tr!(look, "refusal-s-07"),
            Refusal::ResultsStale => tr!(look, "refusal-s-08-stale"),
            Refusal::CaseGone => tr!(look, "refusal-t-12"),
            Refusal::NotSetAside => tr!(look, "refusal-t-13"),
            Refusal::NoRow => tr!(look, "refusal-t-14"),
            Refusal::NoteMissing => tr!(look, "refusal-t-15"),
            Refusal::WindowOver => tr!(look, "refusal-t-16"),
            Refusal::TooFewChecks => tr!(look, "refusal-t-17"),
            Refusal::NoConflict => tr!(look, "refusal-t-18"),
            Refusal::Mark(mark) => match mark {
                MarkRefusal::OverMax(max) => Saying::OverMax(*max).sentence(look),
                MarkRefusal::OffStep(step) => Saying::OffStep(*step).sentence(look),
                MarkRefusal::Marked => Saying::Marked.sentence(look),
                MarkRefusal::ZeroWithoutReason => Saying::ZeroReason.sentence(look),
                MarkRefusal::UnknownPart | MarkRefusal::NotHandedIn => tr!(look, "refusal-m-13"),
                MarkRefusal::Absent => Saying::Absent.sentence(look),
                MarkRefusal::NeverAdmitted => Saying::NeverAdmitted.sentence(look),
            },
            Refusal::Seat(seat) => match seat {
                SeatRefusal::NoCandidate => tr!(look, "refusal-seat-nobody"),
                SeatRefusal::HandedIn => tr!(look, "refusal-seat-handed-in"),
                SeatRefusal::NoSuchSeat => tr!(look, "refusal-seat-none"),
                SeatRefusal::Taken => tr!(look, "refusal-seat-taken"),
                SeatRefusal::OutOfService => tr!(look, "refusal-seat-out"),
            },
            Refusal::NotReady(items) => tr!(look, "refusal-not-ready", n = items.len().to_string()),
        });
        Self::message(Rank::Wrong, Some(refusal.code()), text)
    }

    fn phase_of(&self, state: State) -> Phase {
        match state {
            State::Planned => Phase::Planned,
            State::Open => Phase::Open,
            State::Running => Phase::Running,
            State::Sealed => Phase::Sealed,
            State::Closed => self.served().map_or(Phase::Closed, facts::phase),
        }
    }
}
