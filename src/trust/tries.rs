//! Wrong PINs across restarts: how many, and how long the next try has to wait.
//!
//! ```text
//! keys/tries.json   {"<operator id>":{"tries":n,"last":unix ms},…}, mode 0600; no member: no wrong PIN
//! wait              none before the fifth; then 15 s, doubled by each further one, at most 15 min
//! ```
//!
//! A try is written down before anything is derived and taken back when the PIN was right, so that pulling the plug is no
//! way to try for free. The ledger counts too (rules.md §14): the larger count holds, so that removing the file is no way
//! either. A clock that was set back starts the running wait anew and never lengthens it. Refuses to know PINs, and who
//! may lift a wait.

use super::{KeyError, file};
use crate::domain::ids::OperatorId;
use crate::domain::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Ten thousand people.
const MOST_BYTES: u64 = 1 << 20;
/// Tries before the first wait.
const FREE: u32 = 5;
const FIRST_WAIT_MS: i64 = 15_000;
const LONGEST_WAIT_MS: i64 = 900_000;

/// The tries of one person since their last right PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// How many, with one that is being made.
    pub tries: u32,
    /// When the last was made.
    pub last: Instant,
}

impl Failed {
    /// The wait after this many tries, in milliseconds.
    #[must_use]
    pub fn wait_ms(&self) -> i64 {
        match self.tries.checked_sub(FREE) {
            None => 0,
            // Six doublings are past the longest wait.
            Some(more) => (FIRST_WAIT_MS << more.min(6)).min(LONGEST_WAIT_MS),
        }
    }

    /// What is left of it, in milliseconds; never more than the wait itself.
    #[must_use]
    pub fn remaining_ms(&self, now: Instant) -> i64 {
        let over = now.0.saturating_sub(self.last.0).max(0);
        (self.wait_ms() - over).max(0)
    }
}

/// A try that was counted before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many there are with it.
    pub tries: u32,
    at: Instant,
    /// What the file held before.
    earlier: Option<Failed>,
}

/// The file of tries.
#[derive(Debug, Clone)]
pub struct Tries {
    path: PathBuf,
}

type Counts = BTreeMap<OperatorId, Failed>;

impl Tries {
    /// The file in a key directory, which must be there.
    #[must_use]
    pub fn beneath(keys: &Path) -> Self {
        Self { path: keys.join("tries.json") }
    }

    /// How a person stands, for the screen: the larger count of file and ledger; `None` when neither knows of a try.
    ///
    /// # Errors
    /// [`KeyError::Damaged`]; whatever the disk says.
    pub fn standing(&self, op: &OperatorId, now: Instant, ledger: Option<Failed>) -> Result<Option<Failed>, KeyError> {
        Ok(joined(self.read()?.get(op).copied(), ledger, now))
    }

    /// Counts a try before it is made, durably. Gives the count with it, for the ledger.
    ///
    /// # Errors
    /// [`KeyError::Wait`] when it is too early: nothing was counted. [`KeyError::Damaged`]; whatever the disk says.
    pub fn before(&self, op: &OperatorId, now: Instant, ledger: Option<Failed>) -> Result<Counted, KeyError> {
        let _alone = self.lock()?;
        let mut counts = self.read()?;
        let kept = counts.get(op).copied();
        let stands = joined(kept, ledger, now);
        let remaining_ms = stands.map_or(0, |failed| failed.remaining_ms(now));
        if remaining_ms > 0 {
            // What was corrected stays corrected: else a clock set back would hold people until it caught up.
            if stands != kept {
                counts.extend(stands.map(|failed| (op.clone(), failed)));
                self.write(&counts)?;
            }
            return Err(KeyError::Wait { seconds: remaining_ms.unsigned_abs().div_ceil(1000) });
        }
        let tries = stands.map_or(0, |failed| failed.tries).saturating_add(1);
        counts.insert(op.clone(), Failed { tries, last: now });
        self.write(&counts)?;
        Ok(Counted { tries, at: now, earlier: kept })
    }

    /// Takes a counted try back that was not made in the end: what was counted before it, or by others since, stands.
    ///
    /// # Errors
    /// [`KeyError::Damaged`]; whatever the disk says.
    pub fn take_back(&self, op: &OperatorId, counted: Counted) -> Result<(), KeyError> {
        let _alone = self.lock()?;
        let mut counts = self.read()?;
        let left = match counts.remove(op) {
            Some(kept) if kept == (Failed { tries: counted.tries, last: counted.at }) => counted.earlier,
            Some(kept) => Some(Failed { tries: kept.tries.saturating_sub(1), ..kept }).filter(|left| left.tries > 0),
            None => return Ok(()),
        };
        counts.extend(left.map(|left| (op.clone(), left)));
        self.write(&counts)
    }

    /// Forgets a person's tries: their PIN was right, or somebody who may has lifted the wait.
    ///
    /// # Errors
    /// [`KeyError::Damaged`]; whatever the disk says.
    pub fn clear(&self, op: &OperatorId) -> Result<(), KeyError> {
        let _alone = self.lock()?;
        let mut counts = self.read()?;
        match counts.remove(op) {
            Some(_) => self.write(&counts),
            None => Ok(()),
        }
    }

    /// Commands that only read the store check PINs beside a desk that runs. Released when dropped.
    fn lock(&self) -> Result<File, KeyError> {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let opened = File::open(directory).and_then(|directory| directory.lock().map(|()| directory));
        opened.map_err(|source| KeyError::File { verb: "lock", path: directory.to_owned(), source })
    }

    fn read(&self) -> Result<Counts, KeyError> {
        match file::read(&self.path, MOST_BYTES)? {
            None => Ok(Counts::new()),
            Some(json) => serde_json::from_slice(&json).map_err(|_| KeyError::Damaged { path: self.path.clone() }),
        }
    }

    fn write(&self, counts: &Counts) -> Result<(), KeyError> {
        let json = serde_json::to_vec(counts).map_err(|_| KeyError::Primitive { what: "the file of tries" })?;
        file::write(&self.path, &json)
    }
}

/// The larger count and the later moment of file and ledger, none of it in the future.
fn joined(kept: Option<Failed>, ledger: Option<Failed>, now: Instant) -> Option<Failed> {
    let past = |failed: Failed| Failed { last: failed.last.min(now), ..failed };
    match (kept, ledger) {
        (Some(kept), Some(ledger)) => {
            // A moment of the ledger that is still to come is no reason to wait anew when the file knows better.
            let known = if ledger.last <= now { kept.last.max(ledger.last) } else { kept.last };
            Some(past(Failed { tries: kept.tries.max(ledger.tries), last: known }))
        }
        (one, other) => one.or(other).map(past),
    }
}

#[cfg(test)]
mod tests;
