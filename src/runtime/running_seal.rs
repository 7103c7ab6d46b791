//! The part of a running desk that seals (`sealing::desk` says which step follows which).

use super::running::{Notice, RunningDesk};
use super::sealing::desk::{AfterSeal, Aside, Flow, SignFault, Told};
use super::sealing::{Moment, Papers, SealFault, Signature};
use crate::desk::{Answer, Command, Input};
use crate::domain::ids::{OperatorId, OrgId, SessionNo};
use crate::domain::ledger::{AbandonReason, LedgerEvent, LedgerLine, SealAbandoned};
use crate::domain::session::State;
use crate::trust::credentials::folder;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use std::path::PathBuf;
use std::sync::Arc;

impl RunningDesk {
    /// The seal on its way.
    #[must_use]
    pub fn sealing(&self) -> Option<&Flow> {
        self.flow.as_ref()
    }

    /// What the organisation of a session gave this site, as it holds now: what a checklist tells before anything is
    /// frozen.
    ///
    /// # Errors
    /// [`SealFault`] with the first thing that is missing.
    pub fn seal_papers(&self, no: SessionNo) -> Result<Papers, SealFault> {
        if !self.gate.has_site_key() {
            return Err(SealFault::NoSiteKey);
        }
        let book = self.desk.books().get(&no).ok_or(SealFault::NotPrepared)?;
        Papers::read(&self.gate.places().trust, &book.session.plan.org, self.mode, self.moment().at)
    }

    /// The folder of an organisation's root and list of revocations, for whoever repeats a check.
    #[must_use]
    pub fn trusted(&self, org: &OrgId) -> PathBuf {
        folder(&self.gate.places().trust, org)
    }

    /// Begins to seal a session, or takes up a seal that was left prepared; [`Notice::SealFrozen`] follows, an answer
    /// that refuses, or [`Notice::SealFault`].
    pub fn seal_begin(&mut self, no: SessionNo, chief: OperatorId, notices: Vec<String>) {
        let Some(book) = self.desk.books().get(&no) else { return };
        let plan = book.session.plan.clone();
        self.flow = Some(Flow { notices, ..Flow::new(no, chief) });
        self.aside().look(plan.id, plan.org, self.mode);
    }

    /// Has a proctor sign; [`Notice::SealSigned`] follows.
    pub fn seal_sign(&mut self, op: OperatorId, pin: Pin) {
        if let Some((frozen, papers)) = self.at_hand() {
            self.aside().sign((op, pin), frozen, papers);
        }
    }

    /// Signs with the site key, writes and re-checks; [`Notice::SealStep`] and then [`Notice::Sealed`] follow.
    pub fn seal_finish(&mut self, passphrase: Passphrase) {
        let signed: Option<[Signature; 2]> =
            self.flow.as_ref().and_then(|flow| flow.signatures.clone().try_into().ok());
        if let (Some((frozen, papers)), Some(signed)) = (self.at_hand(), signed) {
            self.aside().finish(passphrase, frozen, papers, signed);
        }
    }

    /// Gives the prepared seal up; [`Notice::SealAbandoned`] follows.
    pub fn seal_abandon(&mut self, no: SessionNo, chief: OperatorId) {
        self.flow = None;
        let Some(book) = self.desk.books().get(&no).filter(|book| book.record.prepared().is_some()) else { return };
        let event = SealAbandoned { session: book.session.plan.id, reason: AbandonReason::Stopped };
        self.ledger(vec![event.into()], Some(chief));
    }

    fn at_hand(&self) -> Option<(Arc<crate::seal::Frozen>, Arc<super::sealing::Papers>)> {
        let flow = self.flow.as_ref()?;
        Some((Arc::clone(flow.frozen.as_ref()?), Arc::clone(flow.papers.as_ref()?)))
    }

    fn aside(&self) -> Aside {
        let now = self.moment();
        let moment = Moment { at: now.at, quality: now.quality };
        Aside { gate: self.gate.clone(), sink: Arc::clone(&self.sink), desk: self.desk.id(), moment }
    }

    /// An answer as everybody gets it; that of a freezing command sets the next step off.
    pub(super) fn answered(&mut self, answer: Answer) -> Vec<Notice> {
        let prepared = matches!(&answer, Answer::Done { command: Command::PrepareSeal(..), .. });
        let refused = matches!(&answer, Answer::Refused { command: Command::PrepareSeal(..), .. });
        if refused {
            self.flow = None;
        }
        if prepared && let Err(fault) = self.freeze() {
            return vec![Notice::SealFault(SignFault::Seal(fault))];
        }
        vec![Notice::Answer(answer)]
    }

    fn freeze(&mut self) -> Result<(), SealFault> {
        let flow = self.flow.as_ref().ok_or(SealFault::NotPrepared)?;
        let papers = flow.papers.as_ref().map(Arc::clone).ok_or(SealFault::NotPrepared)?;
        let session = self.desk.books().get(&flow.no).ok_or(SealFault::NotPrepared)?.session.plan.id;
        let key = self.keys.get(&session).cloned().ok_or(SealFault::DataKey)?;
        self.aside().freeze(flow.no, key, papers);
        Ok(())
    }

    pub(super) fn ledgered(&mut self, lines: Vec<LedgerLine>) -> Vec<Notice> {
        let abandoned = lines.iter().any(|line| matches!(line.event, LedgerEvent::SealAbandoned(_)));
        let mut notices = self.tell(Input::Ledgered(lines));
        notices.extend(abandoned.then_some(Notice::SealAbandoned));
        notices
    }

    pub(super) fn seal_told(&mut self, told: Told) -> Vec<Notice> {
        // A step that comes back after the flow was given up is nobody's any more.
        let Some(flow) = &mut self.flow else { return discard(told) };
        match told {
            Told::Looked(Ok(looked)) => {
                let (papers, frontier) = *looked;
                let mut notices = papers.notices(self.clock().wall().0);
                let Some(flow) = &mut self.flow else { return vec![] };
                let seen = flow.notices.iter().filter(|code| !notices.contains(code)).cloned();
                notices.extend(seen.collect::<Vec<_>>());
                flow.papers = Some(Arc::new(papers));
                let (command, op) = (Command::PrepareSeal(flow.no, frontier, notices), flow.chief.clone());
                self.command(command, op, None)
            }
            Told::Frozen(Ok(frozen)) => {
                flow.frozen = Some(Arc::from(frozen));
                flow.signatures.clear();
                vec![Notice::SealFrozen]
            }
            Told::Looked(Err(fault)) | Told::Frozen(Err(fault)) => {
                self.flow = None;
                vec![Notice::SealFault(SignFault::Seal(fault))]
            }
            Told::Signed(Ok(signed)) => {
                let (signature, failed) = *signed;
                let op = signature.op.clone();
                if !flow.signed().any(|signed| *signed == op) {
                    flow.signatures.push(signature);
                }
                if failed > 0 {
                    self.ledger(super::auth::ledger_events(&[(op.clone(), failed)], None), None);
                }
                vec![Notice::SealSigned(Ok(op))]
            }
            Told::Signed(Err(fault)) => {
                self.count_denied(&fault);
                vec![Notice::SealSigned(Err(fault))]
            }
            Told::Step(step) => vec![Notice::SealStep(step)],
            Told::Written(Ok(written)) => {
                self.commit_seal(written);
                vec![]
            }
            Told::Written(Err(fault)) => vec![Notice::SealFault(fault)],
        }
    }

    fn count_denied(&self, fault: &SignFault) {
        if let SignFault::Denied(denied) = fault {
            let told = super::auth::ledger_events(&[], Some(denied));
            if !told.is_empty() {
                self.ledger(told, None);
            }
        }
    }

    fn commit_seal(&mut self, written: Box<super::sealing::Written>) {
        let Some((no, chief)) = self.flow.as_ref().map(|flow| (flow.no, flow.chief.clone())) else {
            written.discard();
            return;
        };
        let on = |state| matches!(state, State::Open | State::Running | State::Closed);
        let others_on = self.desk.books().iter().any(|(other, book)| *other != no && on(book.record.state));
        let after = AfterSeal {
            written,
            wraps: self.gate.places().wraps.clone(),
            recipients: self.gate.operators().iter().map(|operator| operator.recipient.clone()).collect(),
            keys: self.keys.clone(),
            others_on,
        };
        self.store.seal(after, self.ledger_author(Some(chief)));
    }
}

fn discard(told: Told) -> Vec<Notice> {
    if let Told::Written(Ok(written)) = told {
        written.discard();
    }
    vec![]
}
