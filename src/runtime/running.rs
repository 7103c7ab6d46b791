//! A desk that runs: effects are executed, messages come back, notices leave for whoever shows them.
//!
//! The headless desk, the full screen and the demo drive the same value; they differ in what they do with a [`Notice`].

use super::auth::{self, Ask, Gate};
use super::custody::Custodian;
use super::import::ImportReport;
use super::lines::Lines;
use super::msg::{Denied, Msg, Opened};
use super::newer::Newer;
use super::reader::{Attached, Darkroom};
use super::sealing::Step;
use super::sealing::Written;
use super::sealing::desk::{Flow, SignFault};
use super::site::SiteError;
use super::store_worker::{Resumed, StoreWorker};
use crate::desk::{Answer, CaseId, Command, Desk, Effect, Handling, Identify, Input, Moment, Shown};
use crate::domain::document::DocKind;
use crate::domain::event::{Recorded, SignInReason};
use crate::domain::ids::{AdmissionNo, DocTag, OperatorId, Salt, Seed, SessionNo};
use crate::domain::ledger::{LedgerEvent, LockReason, OperatorLocked};
use crate::domain::photo::Photo;
use crate::domain::presented::Presented;
use crate::domain::session::{Mode, State};
use crate::domain::time::Clock;
use crate::reader::port::{PortFault, ReaderEvent, Tested};
use crate::store::{LedgerAuthor, Store, StoreError};
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use crate::trust::wraps::DataKeys;
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where messages go: the loop's inbox.
pub type Sink = Arc<dyn Fn(Msg) + Send + Sync>;

/// What the one at the desk, or a script, gets to know.
#[derive(Debug)]
pub enum Notice {
    /// A verdict; everything it speaks of is durable.
    Verdict(Box<Shown>),
    /// A command or a sign-in was answered.
    Answer(Answer),
    /// A card came and nobody has unlocked the desk.
    AwaitingUnlock,
    /// A card came and nothing is planned.
    NothingPlanned,
    /// The journal takes nothing; a card or a command was not recorded.
    NotRecorded,
    /// The journal stopped, or could not be opened again.
    Fault(StoreError),
    /// The journal goes on.
    Restored,
    /// PINs were checked for the request with this number.
    Checked(u64, Result<Vec<OperatorId>, Denied>),
    /// The reader answers.
    ReaderUp,
    /// The reader does not.
    ReaderFault(PortFault),
    /// The reader went away.
    ReaderDown(PortFault),
    /// The card left.
    CardRemoved,
    /// The reader's line carries this many bytes of noise since the last time.
    Noise(u64),
    /// What a technician asked of the reader came to this.
    ReaderTested(Tested),
    /// What was put on the reader while a trial read waits; it is not judged.
    Trial(Box<Presented>),
    /// What the site's decoder made of the photo of the last trial read.
    Developed(Photo),
    /// The port of a line device is open; its number is that of [`RunningDesk::lines`].
    LineUp(usize),
    /// A line device does not work.
    LineDown(usize),
    /// What was scanned is no admission number.
    NotACode,
    /// The session is frozen: [`RunningDesk::sealing`] says what is signed.
    SealFrozen,
    /// A proctor signed, or did not.
    SealSigned(Result<OperatorId, SignFault>),
    /// A step of the seal begins.
    SealStep(Step),
    /// The chains and trees of a session's streams hold, with so many other desks; or they do not.
    SealStreams(SessionNo, Result<u32, StoreError>),
    /// The session is sealed.
    Sealed(Box<Written>),
    /// The flow cannot go on; a prepared session stays prepared.
    SealFault(SignFault),
    /// The seal was given up; the session takes lines again.
    SealAbandoned,
    /// What the journal says of a candidate, in the order of the fold.
    History(AdmissionNo, Vec<Recorded>),
    /// A newer roster was looked at or applied, or could not be.
    Imported(Box<Result<ImportReport, SiteError>>),
    /// The process shall end.
    Terminate,
}

/// Fresh randomness for a draw.
pub(super) fn seed(rng: &SystemRandom) -> Option<Seed> {
    let mut seed = [0; 32];
    rng.fill(&mut seed).ok().map(|()| Seed::new(seed))
}

/// A desk with its workers.
pub struct RunningDesk {
    pub(super) desk: Desk,
    pub(super) store: StoreWorker,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) gate: Gate,
    pub(super) keys: DataKeys,
    rng: SystemRandom,
    pub(super) sink: Sink,
    /// The last number given to something that is done aside.
    pub(super) tickets: u64,
    pub(super) reader: Option<Attached>,
    /// A trial read waits: cards are shown and not judged.
    pub(super) trial: bool,
    pub(super) darkroom: Darkroom,
    pub(super) lines: Lines,
    pub(super) mode: Mode,
    simulated: bool,
    pub(super) flow: Option<Flow>,
    /// A newer roster that waits for its turn.
    pub(super) newer: Option<(u64, Newer)>,
    /// What the newest look at a session's streams found: other desks with lines, or a chain that does not hold.
    pub(super) streams: BTreeMap<SessionNo, Option<u32>>,
}

impl RunningDesk {
    /// Starts the store's thread over an opened store.
    ///
    /// # Errors
    /// [`StoreError`] when the journal is not as it was written.
    pub fn start(
        store: Store,
        desk: crate::domain::ids::DeskId,
        clock: Arc<dyn Clock>,
        gate: Gate,
        sink: Sink,
    ) -> Result<Self, StoreError> {
        let held = super::rooms::hold(&store, desk)?;
        let mode = store.about().mode;
        let to_loop = Arc::clone(&sink);
        Ok(Self {
            desk: Desk::new(desk, held),
            store: StoreWorker::spawn(store, desk, move |msg| to_loop(msg)),
            clock,
            gate,
            keys: DataKeys::default(),
            rng: SystemRandom::new(),
            sink,
            tickets: 0,
            reader: None,
            trial: false,
            darkroom: Darkroom::default(),
            lines: Lines::default(),
            mode,
            simulated: false,
            flow: None,
            newer: None,
            streams: BTreeMap::new(),
        })
    }

    /// The desk.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The crew.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(super) fn moment(&self) -> Moment {
        let (at, quality) = self.clock.wall();
        Moment { at, quality, mono: self.clock.mono() }
    }

    /// Takes one message to its notices.
    #[must_use]
    pub fn on(&mut self, msg: Msg) -> Vec<Notice> {
        match msg {
            Msg::Appended => self.tell(Input::Appended),
            Msg::AppendFailed(error) => {
                tracing::error!(code = error.code(), %error, "the journal takes no lines");
                // A seal is taken up again from its beginning once lines are taken again.
                self.flow = None;
                let mut notices = vec![Notice::Fault(error)];
                notices.extend(self.tell(Input::AppendFailed));
                notices
            }
            Msg::Reopened(held) => {
                let mut notices = self.tell(Input::Restored(*held));
                // A commit that failed and reached the disk all the same is a seal.
                self.forget_sealed();
                notices.push(Notice::Restored);
                notices
            }
            Msg::ReopenFailed(error) => {
                tracing::error!(code = error.code(), %error, "the journal could not be opened again");
                vec![Notice::Fault(error)]
            }
            Msg::Checked { ticket, failed, result } => {
                let told = auth::ledger_events(&failed, result.as_ref().err());
                if !told.is_empty() {
                    self.ledger(told, None);
                }
                let told = result.map(|opened| self.opened(*opened));
                vec![Notice::Checked(ticket, told)]
            }
            Msg::Ledgered(lines) => self.ledgered(lines),
            Msg::Streams(no, found) => {
                self.streams.insert(no, found.as_ref().ok().copied());
                vec![Notice::SealStreams(no, found)]
            }
            Msg::Seal(flow, told) => self.seal_told(flow, told),
            Msg::Sealed(lines, written) => {
                let mut notices = self.ledgered(lines);
                self.forget_sealed();
                self.flow = None;
                notices.push(match written {
                    Ok(written) => Notice::Sealed(written),
                    Err(fault) => Notice::SealFault(SignFault::Seal(fault)),
                });
                notices
            }
            Msg::History(cand, Ok(lines)) => vec![Notice::History(cand, lines)],
            Msg::History(_, Err(error)) => {
                tracing::error!(code = error.code(), %error, "a history was not read");
                vec![Notice::Fault(error)]
            }
            Msg::Imported(result) => self.imported(result),
            Msg::Terminate => vec![Notice::Terminate],
            Msg::Developed(trial, photo) => self.developed(trial, photo),
            Msg::Line(index, event) => self.line_told(index, event),
            Msg::Reader(event) => match event {
                ReaderEvent::Presented(presented) => self.put_on_reader(presented),
                ReaderEvent::Up { sam, simulated } => {
                    self.simulated = simulated;
                    tracing::info!(module = sam.map(tracing::field::display), "the reader answers");
                    vec![Notice::ReaderUp]
                }
                ReaderEvent::Fault(fault) => {
                    tracing::warn!(code = fault.code(), %fault, "no reader");
                    vec![Notice::ReaderFault(fault)]
                }
                ReaderEvent::Down(fault) => {
                    tracing::warn!(code = fault.code(), %fault, "the reader went away");
                    vec![Notice::ReaderDown(fault)]
                }
                ReaderEvent::Removed => vec![Notice::CardRemoved],
                // A desk asks for none: a roster has no address to compare it with.
                ReaderEvent::LatestAddress(_) => Vec::new(),
                ReaderEvent::Noise(bytes) => vec![Notice::Noise(bytes)],
                ReaderEvent::Tested(tested) => vec![Notice::ReaderTested(tested)],
            },
        }
    }

    fn opened(&mut self, opened: Opened) -> Vec<OperatorId> {
        if let Some(roster) = opened.roster {
            self.keys = opened.keys;
            // They may have been read before a seal that is durable since.
            self.forget_sealed();
            // An unlock answers nothing: no effect can come of it.
            let _ = self.desk.handle(Input::Unlocked(roster));
        }
        opened.people
    }

    /// A sealed session needs its key no more.
    fn forget_sealed(&mut self) {
        for book in self.desk.books().values().filter(|book| book.record.state == State::Sealed) {
            self.keys.remove(&book.session.plan.id);
        }
    }

    /// Judges what was put on the reader.
    #[must_use]
    pub fn tap(&mut self, presented: Presented) -> Vec<Notice> {
        let Some(salt) = self.salt() else { return vec![Notice::NotRecorded] };
        let tags = self.tags(presented.numbered());
        let moment = self.moment();
        let simulated = self.simulated && self.mode == Mode::Live;
        self.tell(Input::Tap { presented, tags, salt, simulated, moment })
    }

    /// Answers an open case, for somebody whose PIN was right.
    #[must_use]
    pub fn handle(&mut self, case: CaseId, handling: Handling, op: OperatorId) -> Vec<Notice> {
        let Some(salt) = self.salt() else { return vec![Notice::NotRecorded] };
        let moment = self.moment();
        self.tell(Input::Handle { case, handling, op, salt, moment })
    }

    /// Judges somebody whose document two people typed, PINs checked.
    #[must_use]
    pub fn identify(&mut self, identity: Identify, op: OperatorId, witness: OperatorId) -> Vec<Notice> {
        let Some(salt) = self.salt() else { return vec![Notice::NotRecorded] };
        let tags = self.tags(Some((identity.typed.doc(), identity.typed.number())));
        let moment = self.moment();
        self.tell(Input::Identify { identity: Box::new(identity), op, witness, tags, salt, moment })
    }

    /// Judges somebody without any document, on the word of whoever is at the desk.
    #[must_use]
    pub fn declare(&mut self, cand: AdmissionNo, op: OperatorId) -> Vec<Notice> {
        let Some(salt) = self.salt() else { return vec![Notice::NotRecorded] };
        let moment = self.moment();
        self.tell(Input::Declare { cand, op, salt, moment })
    }

    fn salt(&self) -> Option<Salt> {
        let mut salt = [0; 16];
        if self.rng.fill(&mut salt).is_err() {
            tracing::error!("the system gives no randomness; nobody is judged");
            return None;
        }
        Some(Salt::new(salt))
    }

    fn tags(&self, numbered: Option<(DocKind, &str)>) -> BTreeMap<SessionNo, DocTag> {
        let Some((kind, number)) = numbered else { return BTreeMap::new() };
        let books = self.desk.books().iter();
        books
            .filter_map(|(no, book)| Some((*no, self.keys.get(&book.session.plan.id)?.doc_tag(kind, number))))
            .collect()
    }

    /// Signs in somebody whose PIN was right.
    #[must_use]
    pub fn sign_in(&mut self, op: OperatorId, why: SignInReason) -> Vec<Notice> {
        let moment = self.moment();
        self.tell(Input::SignIn { op, why, moment })
    }

    /// Shuts operators out: taps go on, signed by nobody, and the ledger says who locked the desk.
    pub fn lock(&mut self) {
        if let Some(op) = self.desk.operator().cloned() {
            let event = OperatorLocked { op: op.clone(), why: LockReason::Asked, tries: 0 };
            self.ledger(vec![event.into()], Some(op));
        }
        // Nobody is answered by a lock.
        let _ = self.desk.handle(Input::Locked);
    }

    /// Does what somebody whose PIN was right wants done.
    #[must_use]
    pub fn command(&mut self, command: Command, op: OperatorId, witness: Option<OperatorId>) -> Vec<Notice> {
        self.tell_readiness(&command);
        let Some(seed) = seed(&self.rng) else {
            tracing::error!("the system gives no randomness; the command is not done");
            return vec![Notice::NotRecorded];
        };
        let moment = self.moment();
        self.tell(Input::Command { command, op, witness, seed, moment })
    }

    /// Has PINs checked aside; the answer is [`Notice::Checked`] with the number returned here. The first right PIN
    /// also unlocks the desk.
    pub fn check(&mut self, people: Vec<(OperatorId, Pin)>) -> u64 {
        self.ask(Ask { people, with_roster: !self.desk.unlocked(), passphrase: None })
    }

    /// The same, and opens the data keys with the site passphrase for the whole crew: what opening a session needs.
    pub fn check_to_open(&mut self, person: (OperatorId, Pin), passphrase: Option<Passphrase>) -> u64 {
        self.ask(Ask { people: vec![person], with_roster: !self.desk.unlocked(), passphrase })
    }

    fn ask(&mut self, ask: Ask) -> u64 {
        self.tickets += 1;
        let sink = Arc::clone(&self.sink);
        self.gate.check_aside(self.tickets, ask, move |msg| sink(msg));
        self.tickets
    }

    /// Has the journal looked through for a candidate; the answer is [`Notice::History`].
    pub fn history(&self, no: SessionNo, cand: &AdmissionNo) {
        if let Some(book) = self.desk.books().get(&no) {
            self.store.history(book.session.plan.id, cand.clone());
        }
    }

    /// Has lines of the site ledger stored; the desk takes them once they are durable.
    pub(super) fn ledger(&self, events: Vec<LedgerEvent>, op: Option<OperatorId>) {
        self.store.append_ledger(events, self.ledger_author(op));
    }

    pub(super) fn ledger_author(&self, op: Option<OperatorId>) -> LedgerAuthor {
        let (at, quality) = self.clock.wall();
        LedgerAuthor { desk: self.desk.id(), op, at, quality }
    }

    /// Has the store opened again after a fault.
    pub fn reopen(&self) {
        self.store.reopen(Resumed { out: self.gate.places().out.clone(), custodian: self.custodian() });
    }

    pub(super) fn custodian(&self) -> Custodian {
        self.gate.custodian(self.keys.clone())
    }

    /// Keeps a demo's clock for whoever opens the store next.
    pub fn keep_clock_offset(&self, offset_ms: i64) {
        self.store.keep_clock_offset(offset_ms);
    }

    pub(super) fn tell(&mut self, input: Input) -> Vec<Notice> {
        let effects = self.desk.handle(input);
        let mut notices = Vec::with_capacity(effects.len());
        for effect in effects {
            match effect {
                Effect::Append(drafts) => self.store.append(drafts),
                Effect::Verdict(shown) => notices.push(Notice::Verdict(shown)),
                Effect::Answer(answer) => {
                    if matches!(&answer, Answer::Done { command: Command::Open(_), .. }) {
                        self.store.keep_wraps(self.custodian());
                    }
                    notices.extend(self.answered(answer));
                }
                Effect::AwaitingUnlock => notices.push(Notice::AwaitingUnlock),
                Effect::NothingPlanned => notices.push(Notice::NothingPlanned),
                Effect::Import(ticket) => self.begin_import(ticket),
                Effect::Stopped => notices.push(Notice::NotRecorded),
            }
        }
        notices
    }
}
