//! The lines of journal and ledger: read from the bytes, put in their places and chained anew.
//!
//! Checked here: every line reads and is canonical; desks follow one another by number, each stream counts from 1, its
//! counter ascends, its first line names the session; one stream leads; chains, heads and trees. What the journal's lines
//! mean together is [`super::course`]'s. A line of an unknown kind is chained like any other and reported: what it means
//! nobody here can say, so nothing is derived from the journal then.

use super::course::Told;
use super::report::Reason;
use super::rule::Rule;
use crate::domain::event::{Event, Recorded};
use crate::domain::ids::{DeskId, Digest};
use crate::domain::ledger::{LedgerEvent, LedgerLine};
use crate::journal::chain::Chain;
use crate::journal::line::{self, LineError};
use crate::proof::jcs;
use crate::proof::merkle::{self, Tree};
use crate::seal::layout::File;
use crate::seal::leaves;
use crate::seal::manifest::{DeskStream, Manifest};
use serde_json::Value;
use std::collections::BTreeMap;

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

/// A line of the journal that reads.
#[derive(Debug)]
pub struct Line {
    /// Which line of journal.jsonl, from 1.
    pub number: u64,
    /// What it says.
    pub recorded: Recorded,
}

/// The journal, read.
#[derive(Debug)]
pub struct Journal {
    /// Every line, desk by desk.
    pub lines: Vec<Line>,
    /// The head of each desk's chain after each of its lines.
    pub heads: BTreeMap<DeskId, Vec<Digest>>,
    /// The desk whose stream begins with SessionPlanned.
    pub lead: DeskId,
    /// The record tree as far as admissions fill it.
    pub records: Tree,
}

/// Reads the journal.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn journal(bytes: &[u8], manifest: &Manifest) -> Result<Journal, Reason> {
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
    walk.finish()
}

#[derive(Default)]
struct Walk {
    tree: Tree,
    records: Tree,
    lines: Vec<Line>,
    heads: BTreeMap<DeskId, Vec<Digest>>,
    leads: Vec<DeskId>,
    unknown: Option<Reason>,
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
        if desk.size == 0 {
            return Err(Reason::new(Rule::JournalSize, format!("desks/{}", desk.desk), "a line at least", 0));
        }
        let (mut chain, mut tree, mut lc, mut heads) = (Chain::EMPTY, Tree::default(), 0, Vec::new());
        while chain.size() < desk.size {
            let Some(bytes) = lines.next() else {
                let expected = format!("{} lines of desk {}", desk.size, desk.desk);
                return Err(Reason::new(Rule::JournalSize, JOURNAL, expected, chain.size()));
            };
            chain = chain.with(bytes);
            heads.push(chain.head());
            let leaf = merkle::leaf(bytes);
            tree.push_leaf(leaf);
            self.tree.push_leaf(leaf);
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
            if let Some(recorded) = placed.recorded {
                self.keep(&path, recorded, bytes)?;
            }
        }
        self.heads.insert(desk.desk, heads);
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
            Some(Event::SessionPlanned(_)) => {
                self.leads.push(desk);
                Ok(())
            }
            Some(Event::DeskJoined(joined)) if joined.desk == desk => Ok(()),
            _ => {
                Err(Reason::new(Rule::JournalFirst, path, "SessionPlanned, or DeskJoined of this desk", "another line"))
            }
        }
    }

    fn keep(&mut self, path: &str, recorded: Recorded, bytes: &[u8]) -> Result<(), Reason> {
        if let Event::CandidateAdmitted(event) = &recorded.event {
            let leaf = leaves::attendance(event, recorded.at, bytes)
                .ok_or_else(|| Reason::new(Rule::JournalLine, path, "a time after 1970", "an earlier one"))?;
            self.records.push(&leaf);
        }
        self.lines.push(Line { number: self.tree.size(), recorded });
        Ok(())
    }

    fn finish(self) -> Result<Journal, Reason> {
        if let Some(unknown) = self.unknown {
            return Err(unknown);
        }
        let leads = self.leads.len();
        let Ok([lead]) = <[DeskId; 1]>::try_from(self.leads) else {
            return Err(Reason::new(Rule::JournalFirst, JOURNAL, "one stream that begins with SessionPlanned", leads));
        };
        Ok(Journal { lines: self.lines, heads: self.heads, lead, records: self.records })
    }
}

fn unknown(path: &str) -> Reason {
    Reason::new(Rule::UnknownKind, path, "a kind that this release knows", "another: use a newer release")
}

/// Reads the ledger's part: from the plan to the last preparation, every earlier one given up before the next.
///
/// # Errors
/// The first [`Reason`] against it.
pub fn ledger(bytes: &[u8], manifest: &Manifest, told: &Told) -> Result<(), Reason> {
    let part = &manifest.ledger;
    let end = told.prepared.frontier.ledger;
    let before = end.size.checked_sub(part.size).ok_or_else(|| {
        Reason::new(Rule::LedgerChain, "ledger.size", format!("at most {} lines", end.size), part.size)
    })?;
    if (part.from == Digest::ZERO) != (before == 0) {
        let expected = format!("the head of line {before}");
        return Err(Reason::new(Rule::LedgerChain, "ledger.from", expected, "another line's"));
    }
    let mut chain = Chain::at(before, part.from);
    let (mut heads, mut abandoned, mut unknown_kind) = (vec![part.from], Vec::new(), None);
    for (n, bytes) in (1..).zip(lines(File::Ledger, bytes)?) {
        let path = format!("{LEDGER}:{n}");
        chain = chain.with(bytes);
        heads.push(chain.head());
        match line::parse::<LedgerEvent>(bytes) {
            Ok(LedgerLine { seq, .. }) if seq != chain.size() => {
                return Err(Reason::new(Rule::LedgerLine, path, format!("line {} of the ledger", chain.size()), seq));
            }
            Ok(LedgerLine { event, .. }) if event.session() == Some(manifest.session) => match event {
                LedgerEvent::SealAbandoned(_) => abandoned.push(chain.size()),
                _ => {
                    return Err(Reason::new(Rule::LedgerSeal, path, "a session that was never sealed", "its seal"));
                }
            },
            Ok(LedgerLine { event: LedgerEvent::SessionSealed(e), .. })
                if manifest.previous == Some(e.package_sha256)
                    && e.sequence.checked_add(1) != Some(manifest.sequence) =>
            {
                let expected = format!("number {} before this one", manifest.sequence.saturating_sub(1));
                return Err(Reason::new(Rule::Sequence, path, expected, e.sequence));
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
    let head_at = |size: u64| size.checked_sub(before).and_then(|n| heads.get(usize::try_from(n).ok()?));
    if told.preparations.iter().any(|end| head_at(end.size) != Some(&end.head)) {
        return Err(Reason::new(Rule::LedgerChain, LEDGER, "the ends that SealPrepared names", "another's head"));
    }
    // Each preparation but the last is given up after it and before the next.
    let pairs = told.preparations.iter().zip(told.preparations.iter().skip(1));
    let given_up = pairs.zip(&abandoned).filter(|((one, next), at)| one.size < **at && **at <= next.size).count();
    if (given_up, abandoned.len()) != (told.preparations.len() - 1, given_up) {
        let expected = format!("{} earlier preparations, each given up before the next", told.preparations.len() - 1);
        return Err(Reason::new(Rule::LedgerSeal, LEDGER, expected, format!("{} given up", abandoned.len())));
    }
    unknown_kind.map_or(Ok(()), Err)
}
