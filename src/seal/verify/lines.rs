//! The lines of journal and ledger: read from the bytes, put in their places, chained and folded anew.
//!
//! Checked here: every line reads and is canonical; desks follow one another by number, each stream counts from 1, its
//! counter ascends, its first line names the session; one stream leads and ends with SealPrepared, whose frontier is
//! where the streams and the ledger ended; chains, heads and trees. A line of an unknown kind is chained like any other
//! and reported: what it means nobody here can say, so nothing is derived from the journal then.

use super::report::Reason;
use super::rule::Rule;
use crate::domain::event::{DeskEnd, Event, Recorded, SealPrepared, SessionPlanned};
use crate::domain::ids::{DeskId, Digest};
use crate::domain::ledger::{LedgerEvent, LedgerLine};
use crate::domain::record::SessionRecord;
use crate::journal::chain::Chain;
use crate::journal::line::{self, LineError};
use crate::proof::jcs;
use crate::proof::merkle::Tree;
use crate::seal::attendance::Acts;
use crate::seal::layout::File;
use crate::seal::leaves;
use crate::seal::manifest::{DeskStream, Manifest};
use serde_json::Value;

const JOURNAL: &str = File::Journal.name();
const LEDGER: &str = File::Ledger.name();

/// The lines of a file without their LF.
///
/// # Errors
/// [`Rule::FileLines`] when the last one has none.
pub fn lines(file: File, bytes: &[u8]) -> Result<impl Iterator<Item = &[u8]>, Reason> {
    let body = match bytes.split_last() {
        None => None,
        Some((b'\n', body)) => Some(body),
        Some(_) => {
            return Err(Reason::new(Rule::FileLines, file.name(), "lines that end with LF", "a last line without"));
        }
    };
    Ok(body.into_iter().flat_map(|body| body.split(|byte| *byte == b'\n')))
}

/// What the journal says, folded from its lines.
#[derive(Debug)]
pub struct Told {
    /// The fold.
    pub record: SessionRecord,
    /// What the fold leaves out.
    pub acts: Acts,
    /// The record tree as far as admissions fill it.
    pub records: Tree,
    /// First line of the lead desk.
    pub planned: SessionPlanned,
    /// Its last line.
    pub prepared: SealPrepared,
    /// How many lines say SealPrepared.
    pub preparations: usize,
    /// Rows of the session by the newest roster.
    pub registered: u32,
}

/// Reads the journal.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn journal(bytes: &[u8], manifest: &Manifest) -> Result<Told, Reason> {
    if !manifest.desks.is_sorted_by(|a, b| a.desk < b.desk) {
        return Err(Reason::new(Rule::JournalSize, "desks", "desks ascending by number", "another order"));
    }
    let mut walk = Walk::default();
    let mut lines = lines(File::Journal, bytes)?;
    for desk in &manifest.desks {
        walk.stream(desk, &mut lines)?;
    }
    let stray = lines.count() as u64;
    let size = walk.tree.size() + stray;
    if stray > 0 || size != manifest.journal.size {
        let expected = format!("{} lines in all streams", manifest.journal.size);
        return Err(Reason::new(Rule::JournalSize, JOURNAL, expected, size));
    }
    if walk.tree.root() != manifest.journal.root {
        return Err(Reason::new(Rule::JournalRoot, "journal.root", walk.tree.root(), manifest.journal.root));
    }
    walk.finish(manifest)
}

#[derive(Default)]
struct Walk {
    tree: Tree,
    record: SessionRecord,
    acts: Acts,
    records: Tree,
    leads: Vec<Lead>,
    ends: Vec<DeskEnd>,
    preparations: usize,
    roster: Option<(u32, u32)>,
    unknown: Option<Reason>,
}

/// A stream that begins with SessionPlanned.
struct Lead {
    desk: DeskId,
    planned: SessionPlanned,
    prepared: Option<SealPrepared>,
}

/// A line in its place.
struct Placed {
    seq: u64,
    desk: u64,
    lc: u64,
    recorded: Option<Recorded>,
}

impl Walk {
    fn stream<'a>(&mut self, desk: &DeskStream, lines: &mut impl Iterator<Item = &'a [u8]>) -> Result<(), Reason> {
        let (mut chain, mut tree, mut lc, mut before_last) = (Chain::EMPTY, Tree::default(), 0, Chain::EMPTY);
        let mut last = None;
        while chain.size() < desk.size {
            let Some(bytes) = lines.next() else {
                let expected = format!("{} lines of desk {}", desk.size, desk.desk);
                return Err(Reason::new(Rule::JournalSize, JOURNAL, expected, chain.size()));
            };
            before_last = chain;
            chain = chain.with(bytes);
            tree.push(bytes);
            self.tree.push(bytes);
            let path = format!("{JOURNAL}:{}", self.tree.size());
            let placed = self.read(&path, bytes)?;
            let place = |seq: u64, desk: u64| format!("line {seq} of desk {desk}");
            if (placed.seq, placed.desk) != (chain.size(), u64::from(desk.desk.get())) {
                let expected = place(chain.size(), u64::from(desk.desk.get()));
                return Err(Reason::new(Rule::JournalPlace, path, expected, place(placed.seq, placed.desk)));
            }
            if placed.lc <= lc {
                return Err(Reason::new(Rule::JournalPlace, path, format!("a counter above {lc}"), placed.lc));
            }
            lc = placed.lc;
            if chain.size() == 1 {
                self.first(&path, desk.desk, placed.recorded.as_ref())?;
            }
            if let Some(recorded) = &placed.recorded {
                self.fold(&path, recorded, bytes)?;
            }
            last = placed.recorded;
        }
        let mut end = chain;
        if let Some(lead) = self.leads.last_mut().filter(|lead| lead.desk == desk.desk)
            && let Some(Recorded { event: Event::SealPrepared(event), .. }) = last
        {
            lead.prepared = Some(event);
            end = before_last;
        }
        self.ends.push(DeskEnd { desk: desk.desk, size: end.size(), head: end.head() });
        let path = format!("desks/{}", desk.desk);
        if chain.head() != desk.head {
            return Err(Reason::new(Rule::DeskHead, path, chain.head(), desk.head));
        }
        if tree.root() != desk.root {
            return Err(Reason::new(Rule::DeskRoot, path, tree.root(), desk.root));
        }
        Ok(())
    }

    fn read(&mut self, path: &str, bytes: &[u8]) -> Result<Placed, Reason> {
        match line::parse::<Event>(bytes) {
            Ok(recorded) => Ok(Placed {
                seq: recorded.seq,
                desk: u64::from(recorded.author.desk.get()),
                lc: recorded.author.lc,
                recorded: Some(recorded),
            }),
            Err(LineError::UnknownKind) => {
                self.unknown.get_or_insert_with(|| unknown(path));
                let value = jcs::parse(bytes).unwrap_or_default();
                let number = |pointer| value.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
                Ok(Placed { seq: number("/seq"), desk: number("/a/desk"), lc: number("/a/lc"), recorded: None })
            }
            Err(error) => Err(Reason::new(Rule::JournalLine, path, "a line of the journal", error)),
        }
    }

    fn first(&mut self, path: &str, desk: DeskId, recorded: Option<&Recorded>) -> Result<(), Reason> {
        match recorded.map(|recorded| &recorded.event) {
            Some(Event::SessionPlanned(planned)) => {
                self.leads.push(Lead { desk, planned: planned.clone(), prepared: None });
                Ok(())
            }
            Some(Event::DeskJoined(joined)) if joined.desk == desk => Ok(()),
            _ => {
                Err(Reason::new(Rule::JournalFirst, path, "SessionPlanned, or DeskJoined of this desk", "another line"))
            }
        }
    }

    fn fold(&mut self, path: &str, recorded: &Recorded, bytes: &[u8]) -> Result<(), Reason> {
        self.record.apply(recorded);
        self.acts.take(recorded);
        match &recorded.event {
            Event::CandidateAdmitted(event) => {
                let leaf = leaves::attendance(event, recorded.at, bytes)
                    .ok_or_else(|| Reason::new(Rule::JournalLine, path, "a time after 1970", "an earlier one"))?;
                self.records.push(&leaf);
            }
            Event::RosterImported(event) => self.roster = self.roster.max(Some((event.rev, event.rows))),
            Event::SealPrepared(_) => self.preparations += 1,
            _ => {}
        }
        Ok(())
    }

    fn finish(self, manifest: &Manifest) -> Result<Told, Reason> {
        if let Some(unknown) = self.unknown {
            return Err(unknown);
        }
        let leads = self.leads.len();
        let Ok([lead]) = <[Lead; 1]>::try_from(self.leads) else {
            return Err(Reason::new(Rule::JournalFirst, JOURNAL, "one stream that begins with SessionPlanned", leads));
        };
        let Some(prepared) = lead.prepared else {
            let expected = format!("SealPrepared as last line of desk {}", lead.desk);
            return Err(Reason::new(Rule::Prepared, JOURNAL, expected, "another line"));
        };
        if prepared.frontier.desks != self.ends {
            let expected = "the ends of all streams before SealPrepared";
            return Err(Reason::new(Rule::Frontier, JOURNAL, expected, "other sizes or heads"));
        }
        let ledger = prepared.frontier.ledger;
        if ledger.head != manifest.ledger.head {
            return Err(Reason::new(Rule::Frontier, "ledger.head", ledger.head, manifest.ledger.head));
        }
        Ok(Told {
            record: self.record,
            acts: self.acts,
            records: self.records,
            planned: lead.planned,
            prepared,
            preparations: self.preparations,
            registered: self.roster.map_or(0, |(_, rows)| rows),
        })
    }
}

fn unknown(path: &str) -> Reason {
    Reason::new(Rule::UnknownKind, path, "a kind that this release knows", "another: use a newer release")
}

/// Reads the ledger's part.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn ledger(bytes: &[u8], manifest: &Manifest, told: &Told) -> Result<(), Reason> {
    let part = &manifest.ledger;
    let end = told.prepared.frontier.ledger;
    let before = end.size.checked_sub(part.size).ok_or_else(|| {
        Reason::new(Rule::LedgerChain, "ledger.size", format!("at most {} lines", end.size), part.size)
    })?;
    if part.from == Digest::ZERO && before != 0 {
        return Err(Reason::new(
            Rule::LedgerChain,
            "ledger.from",
            format!("the head of line {before}"),
            "an empty ledger's",
        ));
    }
    let mut chain = Chain::at(before, part.from);
    let (mut abandoned, mut unknown_kind) = (0, None);
    for (n, bytes) in (1..).zip(lines(File::Ledger, bytes)?) {
        let path = format!("{LEDGER}:{n}");
        chain = chain.with(bytes);
        match line::parse::<LedgerEvent>(bytes) {
            Ok(LedgerLine { seq, .. }) if seq != chain.size() => {
                return Err(Reason::new(Rule::LedgerLine, path, format!("line {} of the ledger", chain.size()), seq));
            }
            Ok(LedgerLine { event: LedgerEvent::SealAbandoned(e), .. }) if e.session == manifest.session => {
                abandoned += 1;
            }
            Ok(LedgerLine { event: LedgerEvent::SessionSealed(e), .. }) if e.session == manifest.session => {
                return Err(Reason::new(Rule::LedgerSeal, path, "a session that was never sealed", "SessionSealed"));
            }
            Ok(_) => {}
            Err(LineError::UnknownKind) => unknown_kind = unknown_kind.or_else(|| Some(unknown(&path))),
            Err(error) => return Err(Reason::new(Rule::LedgerLine, path, "a line of the ledger", error)),
        }
    }
    let carried = chain.size() - before;
    if carried != part.size {
        return Err(Reason::new(Rule::LedgerChain, LEDGER, format!("{} lines", part.size), carried));
    }
    if chain.head() != part.head {
        return Err(Reason::new(Rule::LedgerChain, "ledger.head", chain.head(), part.head));
    }
    if told.preparations != abandoned + 1 {
        let expected = format!("{} earlier preparations given up", told.preparations.saturating_sub(1));
        return Err(Reason::new(Rule::LedgerSeal, LEDGER, expected, abandoned));
    }
    unknown_kind.map_or(Ok(()), Err)
}
