//! The streams of a session as they go into a package: every line taken once, in the order of journal.jsonl.
//!
//! Whoever reads the store hands over bytes and meaning together, so that a line is read a single time on its way into
//! the package; that the bytes mean it, and that they are the chained ones, the reader of the store has checked.

use super::attendance::Acts;
use super::content::push_line;
use super::manifest::DeskStream;
use super::{SealError, leaves};
use crate::domain::event::{Event, Recorded, SealPrepared, SessionPlanned};
use crate::domain::ids::{DeskId, Digest};
use crate::journal::chain::Chain;
use crate::proof::merkle::{self, Tree};
use crate::proof::zip::{Packed, Packing};

/// What was taken so far.
#[derive(Debug, Default)]
pub struct Journal {
    file: Packing,
    tree: Tree,
    streams: Vec<Stream>,
    records: Tree,
    acts: Acts,
    planned: Option<SessionPlanned>,
    prepared: Option<SealPrepared>,
}

#[derive(Debug)]
struct Stream {
    desk: DeskId,
    chain: Chain,
    tree: Tree,
    leads: bool,
}

/// The streams of a prepared session.
pub(super) struct Whole {
    pub file: Packed,
    pub tree: Tree,
    pub desks: Vec<DeskStream>,
    pub records: Tree,
    pub acts: Acts,
    pub planned: SessionPlanned,
    pub prepared: SealPrepared,
}

impl Journal {
    /// Takes the next line of a desk; desks by number, each in its order.
    ///
    /// # Errors
    /// [`SealError::Streams`] when the desks do not ascend, or for an admission before 1970.
    pub fn take(&mut self, desk: DeskId, line: &[u8], recorded: &Recorded) -> Result<(), SealError> {
        let wrong = |expected| SealError::Streams { expected };
        if self.streams.last().is_none_or(|last| last.desk < desk) {
            let leads = matches!(recorded.event, Event::SessionPlanned(_));
            self.streams.push(Stream { desk, chain: Chain::EMPTY, tree: Tree::default(), leads });
        }
        let Some(stream) = self.streams.last_mut().filter(|last| last.desk == desk) else {
            return Err(wrong("desks in ascending order"));
        };
        stream.chain = stream.chain.with(line);
        let leaf = merkle::leaf(line);
        stream.tree.push_leaf(leaf);
        self.tree.push_leaf(leaf);
        push_line(&mut self.file, line);
        self.acts.take(recorded);
        if stream.leads {
            // Only the last line of the leading desk can prepare: any later one takes that back.
            self.prepared = None;
        }
        match &recorded.event {
            Event::CandidateAdmitted(event) => {
                let leaf = leaves::attendance(event, recorded.at, line).ok_or(wrong("times after 1970"))?;
                self.records.push(&leaf);
            }
            Event::SessionPlanned(event) if stream.chain.size() == 1 => self.planned = Some(event.clone()),
            Event::SealPrepared(event) if stream.leads => self.prepared = Some(event.clone()),
            _ => {}
        }
        Ok(())
    }

    /// The ledger's head as the session quotes it.
    #[must_use]
    pub fn ledger_from(&self) -> Option<Digest> {
        Some(self.planned.as_ref()?.ledger_head)
    }

    /// # Errors
    /// [`SealError::Streams`] when the session is not prepared.
    pub(super) fn finish(self) -> Result<Whole, SealError> {
        let wrong = |expected| SealError::Streams { expected };
        let desk = |stream: &Stream| DeskStream {
            desk: stream.desk,
            size: stream.chain.size(),
            root: stream.tree.root(),
            head: stream.chain.head(),
        };
        Ok(Whole {
            desks: self.streams.iter().map(desk).collect(),
            file: self.file.finish(),
            tree: self.tree,
            records: self.records,
            acts: self.acts,
            planned: self.planned.ok_or(wrong("a lead desk whose first line is SessionPlanned"))?,
            prepared: self.prepared.ok_or(wrong("SealPrepared as last line of the lead desk"))?,
        })
    }
}
