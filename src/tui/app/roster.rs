//! The roster: its index, a search with filters, and what a row shows (screens.md, 3.10).

use super::super::pinyin::{Entry, Hits, SearchIndex};
use super::super::screens::roster::{self, LISTED, Query, Standing};
use super::{App, Place};
use crate::desk::Shown;
use crate::domain::admission::Verdict;
use crate::domain::attendance::Attendance;
use crate::domain::crew::Role;
use crate::domain::ids::{AdmissionNo, SessionNo};
use crate::domain::record::SessionBook;
use crate::domain::roster as domain_roster;
use crate::tui::keymap::Press;
use std::collections::BTreeSet;

/// Where somebody stands, as lists show it.
pub(super) fn standing(state: &Attendance) -> Standing {
    match state {
        Attendance::Expected => Standing::Expected,
        Attendance::Present(a) => Standing::Present { at: a.at, late: a.late_s > 0 },
        Attendance::Submitted(_, _, at) => Standing::HandedIn(*at),
        Attendance::Absent(..) => Standing::Absent,
    }
}

/// Everybody on whom something is open.
pub(super) fn open_people(book: &SessionBook) -> BTreeSet<&AdmissionNo> {
    let conflicts = book.record.conflicts().map(|(cand, _)| cand);
    book.record.waiting().map(|(cand, _)| cand).chain(conflicts).collect()
}

impl App {
    /// One index over everybody whom this site has, whatever their session.
    pub(super) fn build_index(&mut self) {
        let desk = self.desk.desk();
        let mut rows = Vec::new();
        let mut found: Vec<Entry<'_>> = Vec::new();
        for (n, entry) in (0u32..).zip(desk.roster().entries()).filter(|(_, entry)| entry.elsewhere.is_none()) {
            let Some(who) = &entry.identity else { continue };
            rows.push(n);
            found.push(Entry {
                number: entry.cand.as_str(),
                id_tail: who.doc_tail(),
                room: entry.room.as_str(),
                seat: entry.seat.as_ref().map_or("", |seat| seat.as_str()),
                name: who.name.as_str(),
            });
        }
        let index = SearchIndex::build(found);
        let moved: Vec<AdmissionNo> = desk
            .books()
            .values()
            .flat_map(|book| book.record.attendance.touched())
            .map(|(cand, _)| cand.clone())
            .collect();
        self.index = Some((rows, index));
        for cand in moved {
            self.reseat(&cand);
        }
        self.search();
    }

    /// A seat is found by where people sit, not by where the roster had them.
    pub(super) fn reseat(&mut self, cand: &AdmissionNo) {
        let desk = self.desk.desk();
        let Some((rows, index)) = &mut self.index else { return };
        let entries = desk.roster().entries();
        let at = |n: &u32| entries.get(*n as usize);
        // Admission numbers are unique, so the row is the first that has it.
        let Some(row) = rows.iter().position(|n| at(n).is_some_and(|entry| entry.cand == *cand)) else { return };
        let Some(entry) = rows.get(row).and_then(at) else { return };
        let place = desk.books().get(&entry.session).and_then(|book| desk.place_of(book, entry));
        if let (Some(place), Ok(row)) = (place, u32::try_from(row)) {
            index.reseat(row, place.room.as_str(), place.seat.as_str());
        }
    }

    fn entry_of(&self, hit: u32) -> Option<&domain_roster::Entry> {
        let (rows, _) = self.index.as_ref()?;
        let at = rows.get(usize::try_from(hit).ok()?)?;
        self.desk.desk().roster().entries().get(usize::try_from(*at).ok()?)
    }

    pub(super) fn search(&mut self) {
        let query = Query::parse(self.roster.query());
        let Some((_, index)) = &self.index else { return };
        let Some(book) = self.viewed() else { return };
        let hits = self.search_in(index, &query, book);
        let other = |book: &&SessionBook| Some(book.session.plan.no) != self.viewed().map(|b| b.session.plan.no);
        let elsewhere = if hits.total == 0 && !query.text.is_empty() {
            let others = self.desk.desk().books().values().filter(other);
            let found = others.map(|book| (book.session.plan.no, self.search_in(index, &query, book).total));
            found.filter(|(_, n)| *n > 0).max_by_key(|(no, n)| (*n, std::cmp::Reverse(*no)))
        } else {
            None
        };
        self.hits = hits;
        self.elsewhere = elsewhere;
    }

    pub(super) fn search_in(&self, index: &SearchIndex, query: &Query, book: &SessionBook) -> Hits {
        let open = if query.open { open_people(book) } else { BTreeSet::new() };
        index.search_among(&query.text, LISTED, |hit| {
            self.entry_of(hit).is_some_and(|entry| {
                let state = book.record.attendance.of(&entry.cand);
                let room = || self.desk.desk().place_of(book, entry).map_or_else(|| entry.room.clone(), |p| p.room);
                entry.session == book.session.plan.no
                    && (!query.open || open.contains(&entry.cand))
                    && (!query.missing || *state == Attendance::Expected)
                    && (query.room.is_none() || query.takes_room(room().as_str()))
            })
        })
    }

    pub(super) fn roster_data(&self) -> roster::Data {
        let book = self.viewed();
        let open = book.map(open_people).unwrap_or_default();
        let rows = self.hits.rows.iter().filter_map(|hit| self.roster_row(book?, *hit, &open)).collect();
        let registered = |no| self.desk.desk().roster().registered(no);
        let n = book.map(|book| book.record.counts(registered(book.session.plan.no))).unwrap_or_default();
        let several = self.desk.desk().books().len() > 1;
        roster::Data {
            rows,
            hits: self.hits.total,
            form: self.hits.form,
            total: usize::try_from(n.expected).unwrap_or(0),
            missing: usize::try_from(n.expected.saturating_sub(n.present + n.absent)).unwrap_or(0),
            session: book.filter(|_| several).map(|book| self.session_word(book.session.plan.no)),
            elsewhere: self.elsewhere.map(|(no, n)| (self.session_word(no), n)),
        }
    }

    pub(super) fn roster_row(
        &self,
        book: &SessionBook,
        hit: u32,
        open: &BTreeSet<&AdmissionNo>,
    ) -> Option<roster::Row> {
        let entry = self.entry_of(hit)?;
        let who = entry.identity.as_ref()?;
        let (_, index) = self.index.as_ref()?;
        Some(roster::Row {
            name: self.glass_name(who),
            initials: index.initials(hit),
            number: entry.cand.clone(),
            id_tail: who.doc_tail().to_owned(),
            place: self.desk.desk().place_of(book, entry),
            standing: standing(book.record.attendance.of(&entry.cand)),
            open: open.contains(&entry.cand),
            resit: who.sitting == crate::domain::candidate::Sitting::Resit,
            hold: who.hold,
        })
    }

    /// A name in full for staff; masked where candidates can see the screen, and for the inspector (rules.md §13).
    pub(super) fn glass_name(&self, who: &domain_roster::Identity) -> String {
        let inspector = self.acting.as_ref().is_some_and(|acting| acting.role == Role::Inspector);
        if self.faces_candidates || inspector { who.name.masked() } else { who.name.as_str().to_owned() }
    }

    /// The initials of somebody whom a search has found or not.
    pub(super) fn initials_of(&self, cand: &AdmissionNo) -> String {
        let Some((rows, index)) = &self.index else { return String::new() };
        let entries = self.desk.desk().roster().entries();
        let is = |n: &u32| entries.get(*n as usize).is_some_and(|entry| entry.cand == *cand);
        let row = rows.iter().position(is).and_then(|row| u32::try_from(row).ok());
        row.map(|row| index.initials(row)).unwrap_or_default()
    }

    pub(super) fn roster_key(&mut self, press: Press) {
        let data = self.roster_data();
        match roster::on_key(&mut self.roster, &data, press) {
            roster::Outcome::Stay => {}
            roster::Outcome::Back => self.go_home(),
            roster::Outcome::Search => self.search(),
            roster::Outcome::Open(row) => {
                let found = data.rows.get(row).map(|row| row.number.clone());
                if let (Some(cand), Some(no)) = (found, self.viewed().map(|book| book.session.plan.no)) {
                    self.open_detail(no, cand);
                }
            }
            roster::Outcome::OtherSession => {
                self.viewed = self.elsewhere.map(|(no, _)| no).or(self.viewed);
                self.search();
            }
        }
    }

    pub(super) fn open_roster(&mut self, first: Option<char>) {
        if let Some(first) = first {
            self.roster = roster::State::starting_with(&first.to_string());
        }
        self.search();
        self.go(Place::Roster);
    }

    /// A card picks its person on the roster and its seat on the map, where they are in already (screens.md, T3).
    pub(super) fn pick(&mut self, shown: &Shown) -> bool {
        let inside = matches!(shown.decision.verdict, Verdict::AlreadyIn { .. });
        let Some(row) = shown.decision.row.as_ref().filter(|row| inside && row.session == shown.session) else {
            return false;
        };
        let (cand, no): (AdmissionNo, SessionNo) = (row.cand.clone(), row.session);
        match self.place {
            Place::Roster if self.overlay.is_none() => {
                self.viewed = Some(no);
                self.open_detail(no, cand);
                true
            }
            Place::SeatMap(_) if self.overlay.is_none() => {
                self.viewed = Some(no);
                self.show_seat(&cand);
                true
            }
            _ => false,
        }
    }
}
