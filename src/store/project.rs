//! Read tables: what the journal says, as rows for reports. They can be dropped and rebuilt and are then equal; nothing
//! in the program decides by them.

use super::append::Ends;
use super::{Store, StoreError};
use crate::domain::event::{AbsenceReason, Event, Recorded};
use crate::domain::ledger::{LedgerEvent, LedgerLine};
use rusqlite::Connection;

/// Every read table, for rebuilding and for comparison.
pub(super) const TABLES: [&str; 3] = ["attendance", "mark", "session_state"];

/// Moves the read tables by one line. Each statement is a cell of the state table of rules.md §7; a cell that keeps the
/// state does not match its WHERE.
pub(super) fn apply(db: &Connection, session: &str, recorded: &Recorded) -> Result<(), StoreError> {
    let at = recorded.at.0;
    match &recorded.event {
        Event::CandidateAdmitted(e) => {
            db.prepare_cached(
                "INSERT INTO attendance (session, cand, state, room, seat, late_s, desk, admitted_at)
                 VALUES (?1, ?2, 'present', ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO UPDATE SET state = 'present', room = excluded.room, seat = excluded.seat,
                     late_s = excluded.late_s, desk = excluded.desk, admitted_at = excluded.admitted_at,
                     reason = NULL, code = NULL
                 WHERE state = 'absent'",
            )?
            .execute((
                session,
                e.cand.as_str(),
                e.room.as_str(),
                e.seat.as_str(),
                e.late_s,
                recorded.author.desk.get(),
                at,
            ))?;
        }
        Event::WorkHandedIn(e) => {
            db.prepare_cached(
                "UPDATE attendance SET state = 'submitted', handed_in_at = ?3
                 WHERE session = ?1 AND cand = ?2 AND state = 'present'",
            )?
            .execute((session, e.cand.as_str(), at))?;
        }
        Event::AbsenceMarked(e) => {
            db.prepare_cached(
                "INSERT INTO attendance (session, cand, state, reason, code) VALUES (?1, ?2, 'absent', ?3, ?4)
                 ON CONFLICT DO NOTHING",
            )?
            .execute((session, e.cand.as_str(), reason(e.reason), e.code.map(|c| c.to_string())))?;
        }
        Event::SeatMoved(e) => {
            db.prepare_cached(
                "UPDATE attendance SET room = ?3, seat = ?4 WHERE session = ?1 AND cand = ?2 AND state = 'present'",
            )?
            .execute((session, e.cand.as_str(), e.to.room.as_str(), e.to.seat.as_str()))?;
        }
        Event::MarkEntered(e) => {
            db.prepare_cached(
                "INSERT INTO mark (session, cand, part, mark, scored_by) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?
            .execute((session, e.cand.as_str(), e.part.as_str(), e.mark, e.scored_by.as_str()))?;
        }
        Event::SessionPlanned(_) => state(db, session, "planned", at)?,
        Event::SessionOpened(_) => state(db, session, "open", at)?,
        Event::SessionStarted(_) => state(db, session, "running", at)?,
        Event::SessionClosed(_) => state(db, session, "closed", at)?,
        _ => {}
    }
    Ok(())
}

/// Moves the read tables by one line of the ledger.
pub(super) fn apply_ledger(db: &Connection, line: &LedgerLine) -> Result<(), StoreError> {
    match &line.event {
        LedgerEvent::SessionSealed(e) => state(db, &e.session.to_string(), "sealed", line.at.0),
        _ => Ok(()),
    }
}

/// A state only goes forward.
fn state(db: &Connection, session: &str, state: &str, at: i64) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO session_state (session, state, at) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at
         WHERE instr('planned open running closed sealed', excluded.state)
             > instr('planned open running closed sealed', state)",
    )?
    .execute((session, state, at))?;
    Ok(())
}

fn reason(reason: AbsenceReason) -> &'static str {
    match reason {
        AbsenceReason::NoShow => "no_show",
        AbsenceReason::IllReported => "ill_reported",
        AbsenceReason::RefusedEntry => "refused_entry",
    }
}

impl Store {
    /// Empties every read table and derives it again from the journal, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when a line cannot be read; whatever the disk says.
    pub fn rebuild_read_tables(&mut self) -> Result<(), StoreError> {
        let mut lines = Vec::new();
        self.each_line(|stream, recorded, _| lines.push((stream.session, recorded)))?;
        // As they were appended: what one desk wrote on seeing another's line comes after it.
        lines.sort_by_key(|(session, recorded)| (*session, recorded.stamp()));
        let mut ledger = Vec::new();
        self.each_ledger_line(|line, _| ledger.push(line))?;
        self.write(|db, _| {
            for table in TABLES {
                db.execute(&format!("DELETE FROM {table}"), [])?;
            }
            for (session, recorded) in &lines {
                apply(db, &session.to_string(), recorded)?;
            }
            for line in &ledger {
                apply_ledger(db, line)?;
            }
            Ok(Ends::new())
        })
    }
}
