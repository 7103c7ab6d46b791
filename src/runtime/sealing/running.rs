//! The part of a running desk that seals ([`super::desk`] says which step follows which).

use super::super::auth;
use super::super::msg::Msg;
use super::super::running::{Notice, RunningDesk};
use super::desk::{AfterSeal, Aside, Awaits, Flow, SignFault, Told};
use super::{Moment, Papers, SealFault, Signature, Whose, Written};
use crate::desk::{Answer, Command, Input};
use crate::domain::ids::{OperatorId, OrgId, SessionNo};
use crate::domain::ledger::{AbandonReason, LedgerEvent, LedgerLine, SealAbandoned};
use crate::domain::session::State;
use crate::journal::verify::Report;
use crate::seal::Frozen;
use crate::store::Store;
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
        Papers::read(&self.gate.places().trust, Whose::from(book), self.mode, self.moment().at)
    }

    /// The folder of an organisation's root and list of revocations, for whoever repeats a check.
    #[must_use]
    pub fn trusted(&self, org: &OrgId) -> PathBuf {
        folder(&self.gate.places().trust, org)
    }

    /// Looks at a session's streams aside, from their first line; [`Notice::SealStreams`] follows.
    pub fn check_streams(&self, no: SessionNo) {
        let Some(session) = self.desk.books().get(&no).map(|book| book.session.plan.id) else { return };
        let (desk, sink) = (self.desk.id(), Arc::clone(&self.sink));
        let database = self.gate.places().database.clone();
        std::thread::spawn(move || {
            let reports = Store::open_to_read(&database).and_then(|store| store.verify());
            let others = |reports: Vec<Report>| {
                let of = |report: &&Report| report.stream.session == session && report.stream.desk != desk;
                u32::try_from(reports.iter().filter(of).count()).unwrap_or(u32::MAX)
            };
            sink(Msg::Streams(no, reports.map(others)));
        });
    }

    /// Begins to seal a session, or takes up a seal that was left prepared; [`Notice::SealStep`]s follow, then
    /// [`Notice::SealFrozen`], an answer that refuses, or [`Notice::SealFault`]. An earlier flow ends here, except one
    /// that is on its way into the ledger.
    pub fn seal_begin(&mut self, no: SessionNo, chief: OperatorId, notices: Vec<String>) {
        let Some(book) = self.desk.books().get(&no).filter(|_| !self.awaits(Awaits::Commit)) else { return };
        let (session, whose) = (book.session.plan.id, Whose::from(book));
        self.tickets += 1;
        self.flow = Some(Flow::new(self.tickets, no, chief, notices));
        self.aside(self.tickets).look(session, whose, self.mode);
    }

    /// Has a proctor sign; [`Notice::SealSigned`] follows.
    pub fn seal_sign(&mut self, op: OperatorId, pin: Pin) {
        if let Some((id, frozen, papers)) = self.at_hand() {
            self.aside(id).sign((op, pin), frozen, papers);
        }
    }

    /// Signs with the site key, writes and re-checks; [`Notice::SealStep`] and then [`Notice::Sealed`] follow.
    pub fn seal_finish(&mut self, passphrase: Passphrase) {
        let signed: Option<[Signature; 2]> =
            self.flow.as_ref().and_then(|flow| flow.signatures.clone().try_into().ok());
        if let (Some((id, frozen, papers)), Some(signed)) = (self.at_hand(), signed) {
            self.await_next(Awaits::Written);
            self.aside(id).finish(passphrase, frozen, papers, signed);
        }
    }

    /// Gives a prepared seal up, whether a flow is on its way or not; [`Notice::SealAbandoned`] follows.
    pub fn seal_abandon(&mut self, no: SessionNo, chief: OperatorId) {
        if self.awaits(Awaits::Commit) {
            return;
        }
        self.flow = None;
        let Some(book) = self.desk.books().get(&no).filter(|book| book.record.prepared().is_some()) else { return };
        if book.record.state == State::Closed {
            let event = SealAbandoned { session: book.session.plan.id, reason: AbandonReason::Stopped };
            self.ledger(vec![event.into()], Some(chief));
        }
    }

    fn awaits(&self, what: Awaits) -> bool {
        self.flow.as_ref().is_some_and(|flow| flow.awaits == what)
    }

    fn await_next(&mut self, what: Awaits) {
        if let Some(flow) = &mut self.flow {
            flow.awaits = what;
        }
    }

    /// What people sign, while the flow waits for them.
    fn at_hand(&self) -> Option<(u64, Arc<Frozen>, Arc<Papers>)> {
        let flow = self.flow.as_ref().filter(|flow| flow.awaits == Awaits::People)?;
        Some((flow.id, Arc::clone(flow.frozen.as_ref()?), Arc::clone(flow.papers.as_ref()?)))
    }

    fn aside(&self, flow: u64) -> Aside {
        let now = self.moment();
        let moment = Moment { at: now.at, quality: now.quality };
        Aside { gate: self.gate.clone(), sink: Arc::clone(&self.sink), desk: self.desk.id(), flow, moment }
    }

    /// An answer as everybody gets it; that of the flow's freezing command sets the next step off.
    pub(in crate::runtime) fn answered(&mut self, answer: Answer) -> Vec<Notice> {
        let asked =
            |no: &SessionNo| self.flow.as_ref().is_some_and(|flow| flow.awaits == Awaits::Prepared && flow.no == *no);
        match &answer {
            Answer::Refused { command: Command::PrepareSeal(no, ..), .. } if asked(no) => self.flow = None,
            Answer::Done { command: Command::PrepareSeal(no, ..), .. } if asked(no) => {
                if let Err(fault) = self.freeze() {
                    return self.stopped(fault);
                }
            }
            _ => {}
        }
        vec![Notice::Answer(answer)]
    }

    fn freeze(&mut self) -> Result<(), SealFault> {
        let flow = self.flow.as_ref().ok_or(SealFault::NotPrepared)?;
        let (no, id) = (flow.no, flow.id);
        let papers = flow.papers.as_ref().map(Arc::clone).ok_or(SealFault::NotPrepared)?;
        let session = self.desk.books().get(&no).ok_or(SealFault::NotPrepared)?.session.plan.id;
        let key = self.keys.get(&session).cloned().ok_or(SealFault::DataKey)?;
        self.await_next(Awaits::Frozen);
        self.aside(id).freeze(no, key, papers);
        Ok(())
    }

    fn stopped(&mut self, fault: SealFault) -> Vec<Notice> {
        self.flow = None;
        vec![Notice::SealFault(SignFault::Seal(fault))]
    }

    pub(in crate::runtime) fn ledgered(&mut self, lines: Vec<LedgerLine>) -> Vec<Notice> {
        let abandoned = lines.iter().any(|line| matches!(line.event, LedgerEvent::SealAbandoned(_)));
        let mut notices = self.tell(Input::Ledgered(lines));
        notices.extend(abandoned.then_some(Notice::SealAbandoned));
        notices
    }

    pub(in crate::runtime) fn seal_told(&mut self, id: u64, told: Told) -> Vec<Notice> {
        // Tries count, whatever became of the flow they were made for.
        if let Told::Signed { op, failed, result } = &told {
            self.count_tries(op, *failed, result.as_ref().err());
        }
        // A step that comes back after the flow was given up, or begun anew, is nobody's any more.
        let Some(flow) = self.flow.as_mut().filter(|flow| flow.id == id) else { return discard(told) };
        match (told, flow.awaits) {
            (Told::Step(step), _) => vec![Notice::SealStep(step)],
            (Told::Looked(Ok(looked)), Awaits::Look) => {
                let (papers, frontier) = *looked;
                let seen = std::mem::take(&mut flow.notices);
                let mut notices = papers.notices(self.clock.wall().0);
                let more = seen.into_iter().filter(|code| !notices.contains(code)).collect::<Vec<_>>();
                notices.extend(more);
                flow.papers = Some(Arc::new(papers));
                flow.awaits = Awaits::Prepared;
                let (command, op) = (Command::PrepareSeal(flow.no, frontier, notices), flow.chief.clone());
                self.command(command, op, None)
            }
            (Told::Frozen(Ok(frozen)), Awaits::Frozen) => {
                flow.frozen = Some(Arc::from(frozen));
                flow.awaits = Awaits::People;
                vec![Notice::SealFrozen]
            }
            (Told::Looked(Err(fault)) | Told::Frozen(Err(fault)), _) => self.stopped(fault),
            (Told::Signed { op, result: Ok(signature), .. }, Awaits::People) => {
                if !flow.signed().any(|signed| *signed == op) {
                    flow.signatures.push(*signature);
                }
                vec![Notice::SealSigned(Ok(op))]
            }
            (Told::Signed { result: Err(fault), .. }, _) => vec![Notice::SealSigned(Err(fault))],
            (Told::Written(Ok(written)), Awaits::Written) => self.commit_seal(written),
            (Told::Written(Err(fault)), _) => {
                // A wrong passphrase is typed again; both signatures stand.
                flow.awaits = Awaits::People;
                vec![Notice::SealFault(fault)]
            }
            (told, _) => discard(told),
        }
    }

    fn count_tries(&self, op: &OperatorId, failed: u32, fault: Option<&SignFault>) {
        let denied = match fault {
            Some(SignFault::Denied(denied)) => Some(denied),
            _ => None,
        };
        let failed: Vec<_> = (failed > 0).then(|| (op.clone(), failed)).into_iter().collect();
        let told = auth::ledger_events(&failed, denied);
        if !told.is_empty() {
            self.ledger(told, None);
        }
    }

    fn commit_seal(&mut self, written: Box<Written>) -> Vec<Notice> {
        let Some(flow) = &self.flow else { return discard(Told::Written(Ok(written))) };
        let signed = flow.frozen().map(Frozen::manifest_sha256);
        if signed != Some(written.manifest_sha256) {
            written.discard();
            return self.stopped(SealFault::Unverified("it holds another manifest than the one signed".to_owned()));
        }
        let chief = flow.chief.clone();
        let after = AfterSeal { written, custodian: self.custodian() };
        self.await_next(Awaits::Commit);
        self.store.seal(after, self.ledger_author(Some(chief)));
        vec![]
    }
}

fn discard(told: Told) -> Vec<Notice> {
    if let Told::Written(Ok(written)) = told {
        written.discard();
    }
    vec![]
}
