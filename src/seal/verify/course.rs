//! The course of the session: the lines of all desks in the order of a fold, replayed by the state machine of
//! [`crate::domain::course`], and each SealPrepared held against what lies before it.
//!
//! Which fact may follow which is the domain's; that the whole ends with the lead desk's SealPrepared, whose frontier and
//! counts are those of the lines before it, is a rule of the format.

use super::lines::{Journal, Line};
use super::report::Reason;
use super::rule::Rule;
use crate::domain::catalogue::Fact as _;
use crate::domain::course::{Breach, Course};
use crate::domain::event::{DeskEnd, End, Event, Recorded, SealCounts, SealPrepared, SessionPlanned};
use crate::domain::ids::{DeskId, Digest};
use crate::domain::policy::Policy;
use crate::domain::record::SessionRecord;
use crate::domain::seats::Sha256;
use crate::proof::merkle::Tree;
use crate::proof::sha256;
use crate::seal::attendance::Acts;
use crate::seal::layout::File;
use std::collections::BTreeMap;

const JOURNAL: &str = File::Journal.name();

/// What the journal says, folded from its lines.
#[derive(Debug)]
pub struct Told {
    /// The fold.
    pub record: SessionRecord,
    /// What the fold leaves out.
    pub acts: Acts,
    /// The record tree as far as admissions fill it.
    pub records: Tree,
    /// First line of all.
    pub planned: SessionPlanned,
    /// Last line of all.
    pub prepared: SealPrepared,
    /// Where the ledger stood at each SealPrepared, that one included.
    pub preparations: Vec<End>,
}

/// Replays the journal.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn replay(journal: Journal, policy: &Policy) -> Result<Told, Reason> {
    let Journal { mut lines, heads, lead, records } = journal;
    lines.sort_by_key(|line| line.recorded.stamp());
    let mut replay = Replay {
        heads: &heads,
        lead,
        course: Course::new(Sha256(sha256)),
        acts: Acts::default(),
        sizes: BTreeMap::new(),
        preparations: Vec::new(),
        last: None,
    };
    for line in &lines {
        replay.take(policy, line)?;
    }
    let first = lines.into_iter().next().map(|line| line.recorded.event);
    let Replay { course, acts, preparations, last, .. } = replay;
    match (first, last) {
        (Some(Event::SessionPlanned(planned)), Some(prepared)) => {
            Ok(Told { record: course.into_record(), acts, records, planned, prepared, preparations })
        }
        _ => {
            Err(Reason::new(Rule::Prepared, JOURNAL, format!("SealPrepared of desk {lead} at the end"), "another line"))
        }
    }
}

struct Replay<'a> {
    heads: &'a BTreeMap<DeskId, Vec<Digest>>,
    lead: DeskId,
    course: Course,
    acts: Acts,
    /// Lines taken, by desk.
    sizes: BTreeMap<DeskId, usize>,
    preparations: Vec<End>,
    /// The line taken last, where it is SealPrepared.
    last: Option<SealPrepared>,
}

impl Replay<'_> {
    fn take(&mut self, policy: &Policy, line: &Line) -> Result<(), Reason> {
        let (path, recorded) = (format!("{JOURNAL}:{}", line.number), &line.recorded);
        self.course.take(policy, recorded).map_err(|breach| self.reason(&path, recorded, breach))?;
        self.acts.take(recorded);
        self.last = None;
        if let Event::SealPrepared(event) = &recorded.event {
            self.prepared(&path, recorded.author.desk, event)?;
            self.preparations.push(event.frontier.ledger);
            self.last = Some(event.clone());
        }
        *self.sizes.entry(recorded.author.desk).or_default() += 1;
        Ok(())
    }

    /// Whatever a seal was prepared over is what lies before it.
    fn prepared(&self, path: &str, desk: DeskId, event: &SealPrepared) -> Result<(), Reason> {
        if desk != self.lead {
            return Err(Reason::new(
                Rule::Prepared,
                path,
                format!("SealPrepared of desk {}", self.lead),
                "another desk's",
            ));
        }
        let head = |(desk, size): (&DeskId, &usize)| {
            let head = *self.heads.get(desk)?.get(size.checked_sub(1)?)?;
            Some(DeskEnd { desk: *desk, size: *size as u64, head })
        };
        let ends: Option<Vec<DeskEnd>> = self.sizes.iter().map(head).collect();
        if ends.as_ref() != Some(&event.frontier.desks) {
            let expected = "the ends of all streams before SealPrepared";
            return Err(Reason::new(Rule::Frontier, path, expected, "other sizes or heads"));
        }
        let lines = self.sizes.values().map(|size| *size as u64).sum::<u64>() + 1;
        let ours =
            SealCounts::new(self.course.counts(), lines).with_resolved(self.course.record().attendance.settled());
        if event.counts == ours {
            Ok(())
        } else {
            Err(Reason::new(Rule::Counts, path, figures(&ours), figures(&event.counts)))
        }
    }

    fn reason(&self, path: &str, recorded: &Recorded, breach: Breach) -> Reason {
        let (state, kind) = (self.course.record().state.as_str(), recorded.event.kind());
        match breach {
            Breach::Turn { expected } => Reason::new(Rule::Turn, path, expected, format!("{kind}, session {state}")),
            Breach::Person { expected } => {
                Reason::new(Rule::Person, path, format!("{kind} by {expected}"), "by somebody else")
            }
            Breach::Counts => {
                Reason::new(Rule::Counts, path, "the figures of the lines before, in balance", "other figures")
            }
            Breach::Seat { expected } => Reason::new(Rule::Seat, path, expected, "another seat"),
            Breach::Mark(refusal) => Reason::new(Rule::Mark, path, "a mark that the rules allow", refusal.code()),
        }
    }
}

/// The figures in the order of the manifest.
pub(super) fn figures(counts: &SealCounts) -> String {
    serde_json::to_value(counts).and_then(|value| serde_json::to_string(&value)).unwrap_or_default()
}
