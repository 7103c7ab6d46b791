//! The seat map's facts and acts (screens.md, 3.13).

use super::super::screens::seatmap::{self, Mark, Room, Sitter};
use super::roster::{open_people, standing};
use super::{App, Place};
use crate::desk::Command;
use crate::domain::attendance::Attendance;
use crate::domain::crew::Act;
use crate::domain::ids::{AdmissionNo, Code, RoomId, SeatLabel};
use crate::domain::record::SessionBook;
use crate::domain::session::State;
use crate::tui::keymap::Press;
use std::collections::BTreeSet;

/// What is said at the door where somebody has no seat to go to.
const NO_SEAT: [Code; 3] = [Code(60), Code(61), Code(62)];

impl App {
    /// The map; while somebody's verdict is in front who has no seat, a seat is looked for at once.
    pub(super) fn open_seat_map(&mut self) {
        let shown =
            self.showing.as_ref().map(|showing| &showing.shown).filter(|_| matches!(self.place, Place::Verdict));
        let unseated = shown.filter(|shown| NO_SEAT.contains(&shown.decision.code));
        let unseated = unseated.and_then(|shown| Some((shown.session, shown.decision.row.as_ref()?.cand.clone())));
        match unseated {
            Some((no, cand)) if self.may(Act::MoveSeat) => {
                self.viewed = Some(no);
                self.move_somebody(&cand);
            }
            _ => self.go(Place::SeatMap(seatmap::State::default())),
        }
    }

    /// The map, with a seat to be found for somebody: it begins in their room.
    pub(super) fn move_somebody(&mut self, cand: &AdmissionNo) {
        self.go(Place::SeatMap(seatmap::State::moving(cand.clone())));
        self.show_seat(cand);
    }

    /// Selects somebody's seat, or the first one of their room.
    pub(super) fn show_seat(&mut self, cand: &AdmissionNo) {
        let Some(data) = self.seat_map_data() else { return };
        let desk = self.desk.desk();
        let Some(entry) = desk.roster().by_cand(cand) else { return };
        let theirs = desk.books().get(&entry.session).and_then(|book| desk.place_of(book, entry));
        let first = || {
            let room = data.rooms.iter().find(|room| room.id == entry.room)?;
            Some(crate::domain::seats::Place { room: room.id.clone(), seat: room.seats.first()?.0.clone() })
        };
        let Some(place) = theirs.or_else(first) else { return };
        if let Place::SeatMap(state) = &mut self.place {
            state.go_to(&data, &place);
        }
    }

    pub(super) fn seat_map_data(&self) -> Option<seatmap::Data> {
        let (Place::SeatMap(state), Some(book)) = (&self.place, self.viewed()) else { return None };
        let desk = self.desk.desk();
        let no = book.session.plan.no;
        let open = open_people(book);
        let short: BTreeSet<RoomId> = desk.short_of_spare(no).into_iter().map(|spare| spare.room).collect();
        let mut figures: std::collections::BTreeMap<RoomId, (usize, usize)> = std::collections::BTreeMap::new();
        for row in desk.roster().rows_of(no) {
            let place = desk.place_of(book, row);
            let room = place.map_or_else(|| row.room.clone(), |place| place.room);
            let (came, people) = figures.entry(room).or_default();
            *people += 1;
            *came += usize::from(book.record.attendance.of(&row.cand).admission().is_some());
        }
        let seating = desk.seating(no);
        let mut data = seatmap::Data {
            session: self.session_word(no),
            rooms: Vec::with_capacity(seating.len()),
            sitters: Vec::new(),
            moves: self.may(Act::MoveSeat) && book.record.state < State::Closed,
        };
        for (id, seats) in &seating {
            let (came, people) = figures.get(id).copied().unwrap_or_default();
            let described = book.record.seats.described(id);
            let way = described.map(|room| [Some(&room.name), room.way.as_ref()].into_iter().flatten());
            let way: Vec<&str> = way.into_iter().flatten().map(crate::domain::candidate::Label::as_str).collect();
            let marked = seats.iter().map(|(seat, who)| (seat.clone(), mark(book, id, seat, who, &open)));
            data.rooms.push(Room {
                id: id.clone(),
                way: way.join("  "),
                seats: marked.collect(),
                came,
                people,
                short: short.contains(id),
            });
        }
        if let Some(place) = state.selected(&data) {
            let there = seating.get(&place.room).and_then(|seats| seats.iter().find(|(seat, _)| *seat == place.seat));
            let people = there.map(|(_, who)| who.as_slice()).unwrap_or_default();
            data.sitters = people.iter().filter_map(|cand| self.sitter(book, cand)).collect();
        }
        Some(data)
    }

    fn sitter(&self, book: &SessionBook, cand: &AdmissionNo) -> Option<Sitter> {
        let entry = self.desk.desk().roster().by_cand(cand)?;
        Some(Sitter {
            number: cand.clone(),
            name: self.glass_name(entry.identity.as_ref()?),
            standing: standing(book.record.attendance.of(cand)),
        })
    }

    pub(super) fn seat_map_key(&mut self, press: Press) {
        let Some(data) = self.seat_map_data() else { return self.go_home() };
        let Some(no) = self.viewed().map(|book| book.session.plan.no) else { return self.go_home() };
        let Place::SeatMap(state) = &mut self.place else { return };
        match seatmap::on_key(state, &data, press) {
            seatmap::Outcome::Stay => {}
            seatmap::Outcome::Back => self.go_home(),
            seatmap::Outcome::NextSession => {
                self.turn_session(true, |_| true);
                self.go(Place::SeatMap(seatmap::State::default()));
            }
            seatmap::Outcome::Open(cand) => self.open_detail(no, cand),
            seatmap::Outcome::Move(cand, to, reason) => {
                self.do_command(Command::MoveSeat(no, cand, to, reason), None);
            }
            seatmap::Outcome::Withdraw(place, reason) => {
                self.do_command(Command::WithdrawSeat(no, place, reason), None);
            }
        }
    }
}

fn mark(
    book: &SessionBook,
    room: &RoomId,
    seat: &SeatLabel,
    who: &[AdmissionNo],
    open: &BTreeSet<&AdmissionNo>,
) -> Mark {
    let withdrawn = book.record.seats.is_withdrawn(room, seat);
    match who {
        [] if withdrawn => Mark::Withdrawn,
        [] => Mark::Empty,
        // Somebody on a seat out of service is to be moved.
        [one] if withdrawn || open.contains(one) => Mark::Open,
        [one] => match book.record.attendance.of(one) {
            Attendance::Expected => Mark::Expected,
            Attendance::Present(a) if a.late_s > 0 => Mark::Late,
            Attendance::Present(_) => Mark::Present,
            Attendance::Submitted(..) => Mark::HandedIn,
            Attendance::Absent(..) => Mark::Absent,
        },
        _ => Mark::Open,
    }
}
