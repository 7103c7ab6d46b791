//! What holds between rows (rules.md §3): KD-R-40 to 46 and notices N5 to N7; and the sessions that a plain roster plans.
//!
//! A row of another site counts for its admission number alone: no session, seat or count holds it.

use super::Context;
use super::finding::{Found, Mask, Report, masked};
use super::header::{Field, Header};
use super::limits::Limits;
use super::rows::Draft;
use crate::domain::candidate::{Level, Sex};
use crate::domain::document::{DocKind, Document, SexParity};
use crate::domain::ids::{BatchId, RoomId, SessionNo};
use crate::domain::policy::SeatMode;
use crate::domain::room::Room;
use crate::domain::time::Instant;
use jiff::civil;
use std::collections::BTreeMap;

/// A session that a plain roster plans: one for each session number of this site's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedSession {
    /// Number of the day.
    pub no: SessionNo,
    /// Certificate as its policy writes it.
    pub certificate: Box<str>,
    /// Level.
    pub level: Level,
    /// Date.
    pub date: civil::Date,
    /// Start, in the zone +08:00.
    pub start: civil::Time,
    /// Batch of its first row.
    pub batch: BatchId,
}

/// The sessions of complete rows, by number.
pub(super) fn plan(drafts: &[Draft<'_>]) -> Vec<PlannedSession> {
    let mut sessions = BTreeMap::new();
    for draft in drafts.iter().filter(|d| d.own) {
        let planned = || {
            Some(PlannedSession {
                no: draft.session?,
                certificate: draft.certificate.clone()?,
                level: draft.level?,
                date: draft.date?,
                start: draft.start?,
                batch: draft.batch.clone()?,
            })
        };
        if let Some(session) = planned() {
            sessions.entry(session.no).or_insert(session);
        }
    }
    sessions.into_values().collect()
}

/// Looks at all rows together. A dry run without policies gives no context: nothing is held against rooms or limits then.
pub(super) fn across(
    drafts: &[Draft<'_>],
    header: &Header,
    limits: &Limits,
    planned: Option<&Context<'_>>,
    report: &mut Report,
) {
    let mut check = Check { header, report };
    check.admission_numbers(drafts);
    let own: Vec<&Draft<'_>> = drafts.iter().filter(|d| d.own).collect();
    check.documents(&own);
    check.seats(&own);
    check.sessions(&own);
    if let Some(context) = planned {
        check.sizes(&own, limits);
        check.rooms(&own, context.rooms);
    }
    check.same_names(&own);
    check.same_births(drafts);
    check.sexes(drafts);
}

/// A document as a person has it: the number of a resident is the same on three kinds of card.
fn holder(document: &Document) -> (DocKind, &str) {
    let kind = match document.kind() {
        DocKind::TempId | DocKind::SocialCard => DocKind::ResidentId,
        kind => kind,
    };
    (kind, document.number().as_str())
}

struct Check<'a> {
    header: &'a Header,
    report: &'a mut Report,
}

impl Check<'_> {
    fn refuse(&mut self, code: &'static str, line: u32, field: Field, expected: impl Into<String>, found: Found) {
        self.report.add(code, self.header.place(line, field), expected, found);
    }

    fn admission_numbers(&mut self, drafts: &[Draft<'_>]) {
        let mut seen = BTreeMap::new();
        for draft in drafts {
            let Some(cand) = &draft.cand else { continue };
            if let Some(earlier) = seen.get(cand) {
                let expected = format!("a number of its own, line {earlier} has this one");
                self.refuse("KD-R-40", draft.line, Field::Cand, expected, masked(cand.as_str(), Mask::LastFour));
            } else {
                seen.insert(cand, draft.line);
            }
        }
    }

    /// KD-R-41 and 42.
    fn documents(&mut self, drafts: &[&Draft<'_>]) {
        let mut seen: BTreeMap<_, Vec<&Draft<'_>>> = BTreeMap::new();
        for draft in drafts {
            let (Some(document), Some(session)) = (&draft.document, draft.session) else { continue };
            let earlier = seen.entry(holder(document)).or_default();
            let found = || masked(document.number().as_str(), Mask::LastFour);
            if let Some(twin) = earlier.iter().find(|e| e.session == Some(session)) {
                let expected = format!("one row for a document in session {session}, line {} has it", twin.line);
                self.refuse("KD-R-41", draft.line, Field::DocNo, expected, found());
            } else if let Some(twin) = earlier.iter().find(|e| overlap(e, draft)) {
                let expected = format!("sessions that do not overlap, line {} has this document", twin.line);
                self.refuse("KD-R-42", draft.line, Field::DocNo, expected, found());
            }
            earlier.push(draft);
        }
    }

    fn seats(&mut self, drafts: &[&Draft<'_>]) {
        let mut seen = BTreeMap::new();
        for draft in drafts {
            let (Some(session), Some(room), Some(seat)) = (draft.session, &draft.room, &draft.seat) else { continue };
            if let Some(earlier) = seen.get(&(session, room, seat)) {
                let expected = format!("a free seat, line {earlier} has it");
                self.refuse("KD-R-43", draft.line, Field::Seat, expected, Found::Cell(seat.to_string()));
            } else {
                seen.insert((session, room, seat), draft.line);
            }
        }
    }

    /// KD-R-46, one finding for each row and field that differs from the session's first row.
    fn sessions(&mut self, drafts: &[&Draft<'_>]) {
        let mut first: BTreeMap<SessionNo, &Draft<'_>> = BTreeMap::new();
        for draft in drafts {
            let Some(no) = draft.session else { continue };
            let head = *first.entry(no).or_insert(draft);
            let differs = |a: bool, b: bool, unequal: bool| a && b && unequal;
            let certificates = (&head.certificate, &draft.certificate);
            let comparable = |c: &Option<Box<str>>| c.as_deref().map(super::rows::comparable);
            let flaws = [
                (
                    Field::Certificate,
                    differs(
                        certificates.0.is_some(),
                        certificates.1.is_some(),
                        comparable(certificates.0) != comparable(certificates.1),
                    ),
                ),
                (Field::Level, differs(head.level.is_some(), draft.level.is_some(), head.level != draft.level)),
                (Field::Date, differs(head.date.is_some(), draft.date.is_some(), head.date != draft.date)),
                (Field::Start, differs(head.start.is_some(), draft.start.is_some(), head.start != draft.start)),
            ];
            for (field, _) in flaws.into_iter().filter(|(_, differs)| *differs) {
                let expected = format!("the same as line {} for session {no}", head.line);
                self.refuse("KD-R-46", draft.line, field, expected, Found::Words("another value".into()));
            }
        }
    }

    fn sizes(&mut self, drafts: &[&Draft<'_>], limits: &Limits) {
        let mut sizes: BTreeMap<SessionNo, (usize, u32)> = BTreeMap::new();
        for draft in drafts {
            let Some(no) = draft.session else { continue };
            let size = sizes.entry(no).or_default();
            size.0 += 1;
            if size.0 == limits.per_session + 1 {
                size.1 = draft.line;
            }
        }
        for (no, (count, line)) in sizes.into_iter().filter(|(_, (count, _))| *count > limits.per_session) {
            let expected = format!("at most {} candidates in session {no}", limits.per_session);
            self.refuse("KD-R-44", line, Field::Session, expected, Found::Words(count.to_string()));
        }
    }

    /// Every row's room is known with its seat and takes everybody (KD-R-12, 44), as far as the rooms are given. Seats
    /// that are given on arrival need them.
    fn rooms(&mut self, drafts: &[&Draft<'_>], rooms: Option<&[Room]>) {
        let known: BTreeMap<&RoomId, &Room> = rooms.unwrap_or_default().iter().map(|room| (&room.id, room)).collect();
        let names = known.keys().map(|id| id.as_str()).collect::<Vec<_>>().join(", ");
        let mut taken: BTreeMap<(SessionNo, &RoomId), usize> = BTreeMap::new();
        for draft in drafts {
            let (Some(session), Some(id)) = (draft.session, &draft.room) else { continue };
            let on_arrival = draft.policy.is_some_and(|policy| policy.seats.mode != SeatMode::Fixed);
            let Some(room) = known.get(id) else {
                if rooms.is_some() || on_arrival {
                    let expected = if rooms.is_some() { &names } else { "a room of --rooms, with its seats" };
                    self.refuse("KD-R-12", draft.line, Field::Room, expected, masked(id.as_str(), Mask::Short));
                }
                continue;
            };
            if on_arrival && room.seats.is_empty() {
                let found = Found::Words("a room without seats".into());
                self.refuse("KD-R-12", draft.line, Field::Room, "a room whose seats are listed", found);
            }
            if let Some(seat) = draft.seat.as_ref().filter(|seat| !room.seats.is_empty() && !room.seats.contains(seat))
            {
                let expected = format!("a seat of room {id}");
                self.refuse("KD-R-12", draft.line, Field::Seat, expected, Found::Cell(seat.to_string()));
            }
            let taken = taken.entry((session, id)).or_default();
            *taken += 1;
            if *taken == room.capacity + 1 {
                let expected = format!("at most {} candidates in room {id} and session {session}", room.capacity);
                self.refuse("KD-R-44", draft.line, Field::Room, expected, Found::Words("more".into()));
            }
        }
    }

    fn same_names(&mut self, drafts: &[&Draft<'_>]) {
        let mut seen = BTreeMap::new();
        for draft in drafts {
            let (Some(session), Some(name)) = (draft.session, &draft.name) else { continue };
            if let Some(earlier) = seen.get(&(session, name)) {
                let expected = format!("names that differ in session {session}, line {earlier} has this one");
                self.refuse("KD-R-N5", draft.line, Field::Name, expected, Found::Cell(name.masked()));
            } else {
                seen.insert((session, name), draft.line);
            }
        }
    }

    /// One person with two documents would slip past KD-R-41.
    fn same_births(&mut self, drafts: &[Draft<'_>]) {
        let mut seen: BTreeMap<_, (u32, &Document)> = BTreeMap::new();
        for draft in drafts {
            let (Some(name), Some(document)) = (&draft.name, &draft.document) else { continue };
            let Some(birth) = document.birth() else { continue };
            match seen.get(&(name, birth)) {
                Some((earlier, other)) if holder(other) != holder(document) => {
                    let expected = format!("one document of a person, line {earlier} has this name and birth");
                    let found = masked(document.number().as_str(), Mask::LastFour);
                    self.refuse("KD-R-N6", draft.line, Field::DocNo, expected, found);
                }
                Some(_) => {}
                None => {
                    seen.insert((name, birth), (draft.line, document));
                }
            }
        }
    }

    fn sexes(&mut self, drafts: &[Draft<'_>]) {
        for draft in drafts {
            let parity = draft.document.as_ref().and_then(Document::sex_parity);
            let (Some(sex), Some(parity)) = (draft.sex, parity) else { continue };
            let by_number = if parity == SexParity::Male { Sex::Male } else { Sex::Female };
            if sex != by_number {
                let expected = format!("{}, by the document number", by_number.zh());
                self.refuse("KD-R-N7", draft.line, Field::Sex, expected, Found::Cell(sex.zh().into()));
            }
        }
    }
}

/// Whether two rows' sessions run at the same time; without durations only an equal start is known to.
fn overlap(one: &Draft<'_>, other: &Draft<'_>) -> bool {
    let span = |d: &Draft<'_>| {
        let start = Instant::at(d.date?, d.start?);
        let minutes = d.policy.map_or(0, |p| i64::from(p.minutes()));
        Some((start, start.plus_minutes(minutes)))
    };
    match (span(one), span(other)) {
        (Some((a, a_end)), Some((b, b_end))) => a == b || (a < b_end && b < a_end),
        _ => false,
    }
}
