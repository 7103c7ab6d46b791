//! Seats at a desk: the draw when check-in opens, moves, and seats out of service (rules.md §5, §7 F8, §13).

use super::commands::{Refusal, in_state};
use super::{Desk, SessionBook};
use crate::domain::attendance::Attendance;
use crate::domain::crew::{Act, allows};
use crate::domain::event::{Event, SeatDrawSeeded, SeatMoved, SeatWithdrawn};
use crate::domain::ids::{AdmissionNo, OperatorId, RoomId, SeatLabel, Seed, SessionNo};
use crate::domain::policy::SeatMode;
use crate::domain::seats::{Place, SeatReason};
use crate::domain::session::State;
use std::collections::{BTreeMap, BTreeSet};

/// Why a seat is not given or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatRefusal {
    /// KD-T-02: nobody of that number takes part in this session.
    NoCandidate,
    /// KD-T-02: whoever has handed in sits nowhere any more.
    HandedIn,
    /// KD-T-13: the room has no such seat.
    NoSuchSeat,
    /// KD-T-13: somebody holds it, or it is somebody's on the roster.
    Taken,
    /// KD-T-13: it is out of service.
    OutOfService,
}

impl SeatRefusal {
    /// Its stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoCandidate | Self::HandedIn => "KD-T-02",
            Self::NoSuchSeat | Self::Taken | Self::OutOfService => "KD-T-13",
        }
    }
}

/// Free seats of a room, as a share of those that the site lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spare {
    /// The room.
    pub room: RoomId,
    /// Seats that nobody of the session needs.
    pub free: usize,
    /// Seats listed and in service.
    pub seats: usize,
}

impl Desk {
    /// One line for each room of the session whose seats are listed and were not drawn before.
    pub(super) fn draw(&self, book: &SessionBook, seed: Seed) -> Vec<Event> {
        if book.session.policy.seats.mode != SeatMode::Random {
            return vec![];
        }
        let seats = &book.record.seats;
        let rooms: BTreeSet<&RoomId> = self.roster().rows_of(book.session.plan.no).map(|row| &row.room).collect();
        let drawn = |room: &&RoomId| !seats.listed(room).is_empty() && seats.seed_of(room).is_none();
        rooms.into_iter().filter(drawn).map(|room| SeatDrawSeeded { room: room.clone(), seed }.into()).collect()
    }

    pub(super) fn move_seat(
        &self,
        book: &SessionBook,
        cand: &AdmissionNo,
        to: &Place,
        reason: SeatReason,
    ) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Planned, State::Open, State::Running])?;
        let row = self.roster().by_cand(cand).filter(|row| row.counts_in(book.session.plan.no));
        let row = row.ok_or(Refusal::Seat(SeatRefusal::NoCandidate))?;
        if matches!(book.record.attendance.of(cand), Attendance::Submitted(..)) {
            return Err(Refusal::Seat(SeatRefusal::HandedIn));
        }
        let from = self.place_of(book, row);
        if from.as_ref() == Some(to) {
            return Ok(vec![]);
        }
        self.is_free(book, to, Some(cand)).map_err(Refusal::Seat)?;
        Ok(vec![SeatMoved { cand: cand.clone(), from, to: to.clone(), reason }.into()])
    }

    pub(super) fn withdraw_seat(
        &self,
        book: &SessionBook,
        place: &Place,
        reason: SeatReason,
        op: &OperatorId,
    ) -> Result<Vec<Event>, Refusal> {
        in_state(book, &[State::Planned, State::Open, State::Running])?;
        let Place { room, seat } = place;
        if !self.knows_seat(book, place) {
            return Err(Refusal::Seat(SeatRefusal::NoSuchSeat));
        }
        if book.record.seats.is_withdrawn(room, seat) {
            return Ok(vec![]);
        }
        let used = book.record.seats.holders(room, seat).next().is_some();
        let may = book.record.member(op).is_some_and(|member| allows(member.role, Act::WithdrawUsedSeat));
        if used && !may {
            return Err(Refusal::Role);
        }
        Ok(vec![SeatWithdrawn { room: room.clone(), seat: seat.clone(), reason }.into()])
    }

    /// Where somebody sits or is to sit: by what happened, else by the roster where it fixes seats.
    #[must_use]
    pub fn place_of(&self, book: &SessionBook, row: &crate::domain::roster::Entry) -> Option<Place> {
        let fixed = row.seat.as_ref().filter(|_| book.session.policy.seats.mode == SeatMode::Fixed);
        let by_roster = || fixed.map(|seat| Place { room: row.room.clone(), seat: seat.clone() });
        book.record.attendance.place_of(&row.cand).cloned().or_else(by_roster)
    }

    /// Every seat of a session with everybody who sits or is to sit there, room by room; seats in the order of the site's
    /// list, those that only the roster knows after them.
    #[must_use]
    pub fn seating(&self, no: SessionNo) -> BTreeMap<RoomId, Vec<(SeatLabel, Vec<AdmissionNo>)>> {
        let Some(book) = self.books().get(&no) else { return BTreeMap::new() };
        let mut people: BTreeMap<RoomId, BTreeMap<SeatLabel, Vec<AdmissionNo>>> = BTreeMap::new();
        let mut rooms: BTreeSet<&RoomId> = BTreeSet::new();
        for row in self.roster().rows_of(no) {
            rooms.insert(&row.room);
            if let Some(Place { room, seat }) = self.place_of(book, row) {
                people.entry(room).or_default().entry(seat).or_default().push(row.cand.clone());
            }
        }
        let all: BTreeSet<RoomId> = rooms.into_iter().chain(people.keys()).cloned().collect();
        let of = |room: RoomId| {
            let mut there = people.remove(&room).unwrap_or_default();
            let listed = book.record.seats.listed(&room).iter();
            let mut seats: Vec<_> = listed.map(|seat| (seat.clone(), there.remove(seat).unwrap_or_default())).collect();
            let mut others: Vec<_> = there.into_iter().collect();
            others.sort_by(|(a, _), (b, _)| natural(a).cmp(&natural(b)));
            seats.extend(others);
            (room, seats)
        };
        all.into_iter().map(of).collect()
    }

    /// The rooms whose free seats are below the policy's share (`seats.spare_permille`), as far as the site lists seats.
    #[must_use]
    pub fn short_of_spare(&self, no: SessionNo) -> Vec<Spare> {
        let Some(book) = self.books().get(&no) else { return vec![] };
        let mut rows: BTreeMap<&RoomId, usize> = BTreeMap::new();
        for row in self.roster().rows_of(no) {
            *rows.entry(&row.room).or_default() += 1;
        }
        let seats = &book.record.seats;
        let least = usize::try_from(book.session.policy.seats.spare_permille).unwrap_or(0);
        let spare = |(room, needed): (&RoomId, usize)| {
            let in_service = |seat: &&SeatLabel| !seats.is_withdrawn(room, seat);
            let seats = seats.listed(room).iter().filter(in_service).count();
            Spare { room: room.clone(), free: seats.saturating_sub(needed), seats }
        };
        let listed = rows.into_iter().filter(|(room, _)| !seats.listed(room).is_empty());
        listed.map(spare).filter(|spare| spare.free * 1000 < spare.seats * least).collect()
    }

    fn knows_seat(&self, book: &SessionBook, place: &Place) -> bool {
        let listed = book.record.seats.listed(&place.room);
        let on_roster =
            |row: &crate::domain::roster::Entry| row.room == place.room && row.seat.as_ref() == Some(&place.seat);
        listed.contains(&place.seat) || self.roster().rows_of(book.session.plan.no).any(on_roster)
    }

    /// Whether a seat may be given to somebody: it is there, in service, and nobody else's.
    fn is_free(&self, book: &SessionBook, place: &Place, cand: Option<&AdmissionNo>) -> Result<(), SeatRefusal> {
        let Place { room, seat } = place;
        let seats = &book.record.seats;
        let rows = || self.roster().rows_of(book.session.plan.no);
        // A room whose seats nobody listed takes any label: there is no list to be wrong against.
        let unlisted = seats.listed(room).is_empty() && rows().any(|row| row.room == *room);
        if !unlisted && !self.knows_seat(book, place) {
            Err(SeatRefusal::NoSuchSeat)
        } else if seats.is_withdrawn(room, seat) {
            Err(SeatRefusal::OutOfService)
        } else if seats.holders(room, seat).any(|holder| Some(holder) != cand)
            || rows().any(|row| Some(&row.cand) != cand && self.place_of(book, row).as_ref() == Some(place))
        {
            Err(SeatRefusal::Taken)
        } else {
            Ok(())
        }
    }
}

/// The order of seats as people read it: A2 before A10.
#[must_use]
pub fn natural(seat: &SeatLabel) -> (&str, usize, &str) {
    let text = seat.as_str();
    let letters = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (letters, digits) = text.split_at(letters);
    (letters, digits.trim_start_matches('0').len(), digits)
}
