//! The store's thread: it alone owns the connection while a desk runs.

use super::custody::Custodian;
use super::msg::Msg;
use super::sealing::desk::AfterSeal;
use super::site::settle;
use crate::domain::event::Draft;
use crate::domain::ids::{AdmissionNo, DeskId, SessionId};
use crate::domain::ledger::LedgerEvent;
use crate::store::{LedgerAuthor, Store, StoreError};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

enum Request {
    Append(Vec<Draft>),
    Ledger(Vec<LedgerEvent>, LedgerAuthor),
    Seal(Box<AfterSeal>, LedgerAuthor),
    Reopen(Box<Resumed>),
    History(SessionId, AdmissionNo),
    KeepWraps(Box<Custodian>),
    KeepClockOffset(i64),
    Run(Job),
}

/// Work that has the store for itself, and what it tells the loop.
pub(super) type Job = Box<dyn FnOnce(Store) -> (Store, Msg) + Send>;

/// What a start settles, settled again when the file is opened again: packages and the keys of sealed sessions.
#[derive(Debug)]
pub(super) struct Resumed {
    pub out: PathBuf,
    pub custodian: Custodian,
}

impl Resumed {
    /// What fails here is no reason to take no lines: the next start does it again.
    fn settle(self, store: &Store, desk: DeskId) {
        let settled = settle(&self.out, store).and_then(|()| self.custodian.release(store, desk));
        if let Err(error) = settled {
            tracing::error!(%error, "what an interrupted seal left is not settled");
        }
    }
}

/// The handle; dropping it lets the thread finish what it has and close the file.
#[derive(Debug)]
pub(super) struct StoreWorker {
    requests: Option<Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl StoreWorker {
    pub(super) fn spawn(store: Store, desk: DeskId, sink: impl Fn(Msg) + Send + 'static) -> Self {
        let (requests, inbox) = channel();
        let thread = std::thread::spawn(move || serve(store, desk, &inbox, &sink));
        Self { requests: Some(requests), thread: Some(thread) }
    }

    fn send(&self, request: Request) {
        // The thread lives as long as this handle; if it died its panic is told when the handle is dropped.
        if let Some(requests) = &self.requests {
            let _ = requests.send(request);
        }
    }

    pub(super) fn append(&self, drafts: Vec<Draft>) {
        self.send(Request::Append(drafts));
    }

    pub(super) fn append_ledger(&self, events: Vec<LedgerEvent>, author: LedgerAuthor) {
        self.send(Request::Ledger(events, author));
    }

    pub(super) fn seal(&self, after: AfterSeal, author: LedgerAuthor) {
        self.send(Request::Seal(Box::new(after), author));
    }

    pub(super) fn reopen(&self, resumed: Resumed) {
        self.send(Request::Reopen(Box::new(resumed)));
    }

    pub(super) fn history(&self, session: SessionId, cand: AdmissionNo) {
        self.send(Request::History(session, cand));
    }

    pub(super) fn keep_wraps(&self, custodian: Custodian) {
        self.send(Request::KeepWraps(Box::new(custodian)));
    }

    pub(super) fn run(&self, job: Job) {
        self.send(Request::Run(job));
    }

    pub(super) fn keep_clock_offset(&self, offset_ms: i64) {
        self.send(Request::KeepClockOffset(offset_ms));
    }
}

impl Drop for StoreWorker {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread panicked");
        }
    }
}

fn serve(mut store: Store, desk: DeskId, inbox: &Receiver<Request>, sink: &impl Fn(Msg)) {
    while let Ok(request) = inbox.recv() {
        match request {
            Request::Append(drafts) => sink(match store.append(&drafts) {
                Ok(()) => Msg::Appended,
                Err(error) => Msg::AppendFailed(error),
            }),
            Request::Ledger(events, author) => sink(match store.append_ledger(events, &author) {
                Ok(lines) => Msg::Ledgered(lines),
                Err(error) => Msg::AppendFailed(error),
            }),
            Request::Seal(after, author) => sink(match store.append_ledger(after.written.events.clone(), &author) {
                Ok(lines) => Msg::Sealed(lines, after.run(&store, desk)),
                Err(error) => Msg::AppendFailed(error),
            }),
            Request::Reopen(resumed) => match reopen(&store, desk) {
                Ok((fresh, held)) => {
                    store = fresh;
                    resumed.settle(&store, desk);
                    sink(Msg::Reopened(Box::new(held)));
                }
                Err(error) => sink(Msg::ReopenFailed(error)),
            },
            Request::History(session, cand) => {
                let found = store.history(session, &cand);
                sink(Msg::History(cand, found));
            }
            Request::KeepWraps(custodian) => {
                if let Err(error) = custodian.keep() {
                    tracing::error!(code = error.code(), %error, "the keys of an open session are not wrapped");
                }
            }
            Request::Run(job) => {
                let (back, told) = job(store);
                store = back;
                sink(told);
            }
            Request::KeepClockOffset(offset_ms) => {
                if let Err(error) = store.keep_clock_offset(offset_ms) {
                    tracing::error!(%error, "the clock offset was not kept");
                }
            }
        }
    }
}

/// Opens the file again and tries a write, so that going on means that lines are taken.
fn reopen(store: &Store, desk: DeskId) -> Result<(Store, crate::domain::record::Held), StoreError> {
    let mut fresh = store.reopen()?;
    fresh.probe()?;
    let held = super::rooms::hold(&fresh, desk)?;
    Ok((fresh, held))
}
