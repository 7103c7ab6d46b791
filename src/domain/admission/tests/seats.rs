//! The rows about seats and rooms, and seats given on arrival.

use super::*;
use crate::domain::event::{DeskJoined, SeatDrawSeeded};
use crate::domain::ids::Seed;
use crate::domain::policy::SeatMode;
use crate::domain::samples::{digest, hash, moved, place, room, session_id, withdrawn};

#[test]
fn every_row_about_seats_decides_as_the_rules_print_it() {
    use Verdict::{Admitted, NeedsProctor, Refused};
    let inside = Verdict::AlreadyIn { desk: desk_id(1), at: recorded(100, 1, 100, came()).at };
    let table: &[(&str, Change, u8, Verdict)] = &[
        ("seat out of service", |s| s.happened([withdrawn("1").into()]), 62, NeedsProctor),
        ("moved from a seat out of service", |s| s.happened([withdrawn("1").into(), moved_to("7")]), 90, Admitted),
        (
            "moved to a seat out of service since",
            |s| s.happened([moved_to("7"), withdrawn("7").into()]),
            62,
            NeedsProctor,
        ),
        ("somebody else sits there", |s| s.happened([taken("1")]), 60, NeedsProctor),
        ("somebody sits there, and it is out", |s| s.happened([taken("1"), withdrawn("1").into()]), 62, NeedsProctor),
        ("seat taken, too late", |s| by(s, [taken("1")], at(10, 0, 0)), 52, Refused),
        ("seat taken, too early", |s| by(s, [taken("1")], at(8, 0, 0)), 51, Refused),
        ("inside, seat withdrawn since", |s| s.happened([came(), withdrawn("1").into()]), 40, inside),
        ("given in order", |s| on_arrival(s, SeatMode::Sequential, 2), 90, Admitted),
        (
            "given in order, room full",
            |s| (on_arrival(s, SeatMode::Sequential, 1), s.happened([taken("1")])).0,
            61,
            NeedsProctor,
        ),
        (
            "given in order, last seat withdrawn",
            |s| (on_arrival(s, SeatMode::Sequential, 1), s.happened([withdrawn("1").into()])).0,
            61,
            NeedsProctor,
        ),
        ("drawn, nothing drawn yet", |s| on_arrival(s, SeatMode::Random, 2), 61, NeedsProctor),
        ("drawn", |s| (on_arrival(s, SeatMode::Random, 2), s.happened([seeded()])).0, 90, Admitted),
        (
            "given on arrival, a desk that came later",
            |s| (on_arrival(s, SeatMode::Sequential, 2), s.happened([joined(2, &[])])).0,
            61,
            NeedsProctor,
        ),
        ("a desk of another room", |s| s.happened([joined(1, &["02"])]), 24, Refused),
        ("a desk of this room", |s| s.happened([joined(1, &["02", "01"])]), 90, Admitted),
        (
            "another room, another name",
            |s| (s.happened([joined(1, &["02"])]), s.card(|c| c.name = name(7))).0,
            24,
            Refused,
        ),
    ];
    for (label, change, code, verdict) in table {
        let mut scene = Scene::new();
        change(&mut scene);
        let found = scene.decide();
        assert_eq!((found.code, found.verdict), (Code(*code), *verdict), "{label}");
        assert_eq!(found.place.is_some(), *verdict == Admitted, "{label}: whoever comes in has a seat, nobody else");
    }
}

/// The seat of candidate 1 is out of service.
pub(super) fn dead_seat(scene: &mut Scene) {
    scene.happened([withdrawn("1").into()]);
}

/// Somebody else sits there.
pub(super) fn taken_seat(scene: &mut Scene) {
    scene.happened([taken("1")]);
}

fn moved_to(seat: &str) -> Event {
    moved(entry(1, 1).cand.as_str(), Some("1"), seat).into()
}

fn taken(seat: &str) -> Event {
    admitted(entry(1, 2).cand.as_str(), seat).into()
}

fn seeded() -> Event {
    SeatDrawSeeded { room: place("1").room, seed: Seed::new([7; 32]) }.into()
}

fn joined(desk: u8, rooms: &[&str]) -> Event {
    let rooms = rooms.iter().map(|room| RoomId::parse(room).unwrap()).collect();
    DeskJoined { session: session_id(1), desk: desk_id(desk), key: None, app_sha256: digest(1), rooms }.into()
}

/// The roster has no seat, room 01 so many.
fn on_arrival(scene: &mut Scene, mode: SeatMode, seats: usize) {
    scene.policy(|p| p.seats.mode = mode);
    scene.rows[0].seat = None;
    scene.books.get_mut(&no(1)).unwrap().record.seats.furnish(mode, &[room(seats)], hash());
}
