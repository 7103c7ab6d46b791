//! Seats on arrival, moves and seats out of service.

use super::super::SeatRefusal;
use super::*;
use crate::domain::admission::Verdict;
use crate::domain::event::SeatMoved;
use crate::domain::ids::Code;
use crate::domain::policy::SeatMode;
use crate::domain::samples::{admitted, cand_of, handed_in, hash, place, room};
use crate::domain::seats::{Block, SeatReason};
use std::sync::Arc;

/// Session 1 planned, seats given on arrival in a room of so many.
fn on_arrival(mode: SeatMode, seats: usize) -> Desk {
    let mut held = held(&[State::Planned], []);
    let book = held.books.get_mut(&no(1)).unwrap();
    Arc::make_mut(&mut book.session.policy).seats.mode = mode;
    book.record.seats.furnish(mode, &[room(seats)], hash());
    let mut desk = Desk::new(desk_id(1), held);
    let fixed = roster(&[1]);
    let rows = fixed.entries().iter().map(|row| crate::domain::roster::Entry { seat: None, ..row.clone() });
    assert_eq!(desk.handle(Input::Unlocked(Roster::new(rows.collect()))), []);
    desk
}

fn opened(mode: SeatMode, seats: usize) -> (Desk, Vec<Event>) {
    let mut desk = on_arrival(mode, seats);
    let lines = stored_events(desk.handle(command(Command::Open(no(1)), "zhao", None, at(8, 30, 0))));
    let _ = desk.handle(Input::Appended);
    (desk, lines)
}

fn seat(desk: &mut Desk, n: u8) -> Option<String> {
    verdict(desk, tap(n, at(8, 40, n.try_into().unwrap()))).place.map(|(_, seat)| seat.to_string())
}

fn move_to(n: u32, seat: &str) -> Command {
    Command::MoveSeat(no(1), cand_of(1, n), place(seat), SeatReason::Taken)
}

fn withdraw(seat: &str) -> Command {
    Command::WithdrawSeat(no(1), place(seat), SeatReason::StationFault)
}

fn run(desk: &mut Desk, what: Command, who: &str) -> Vec<Event> {
    let lines = stored_events(desk.handle(command(what, who, None, at(8, 35, 0))));
    let _ = desk.handle(Input::Appended);
    lines
}

fn refused(desk: &mut Desk, what: Command, who: &str) -> Refusal {
    refusal(desk.handle(command(what, who, None, at(8, 35, 0))))
}

#[test]
fn opening_draws_once_and_only_where_seats_are_drawn() {
    let (desk, lines) = opened(SeatMode::Random, 6);
    let [Event::SessionOpened(_), Event::SeatDrawSeeded(seeded)] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((seeded.room.as_str(), seeded.seed), ("01", Seed::new([7; 32])));
    assert_eq!(desk.books()[&no(1)].record.seats.seed_of(&place("1").room), Some(seeded.seed));
    let (_, lines) = opened(SeatMode::Sequential, 6);
    assert!(matches!(lines.as_slice(), [Event::SessionOpened(_)]));
}

#[test]
fn whoever_comes_gets_the_next_seat_and_the_last_one_none() {
    let (mut desk, _) = opened(SeatMode::Sequential, 3);
    let given: Vec<_> = [4, 2, 1, 3].map(|n| seat(&mut desk, n)).into_iter().collect();
    assert_eq!(given, [Some("1".into()), Some("2".into()), Some("3".into()), None]);
    let full = verdict(&mut desk, tap(3, at(8, 55, 0)));
    assert_eq!((full.decision.code, full.decision.verdict), (Code(61), Verdict::NeedsProctor));
}

#[test]
fn drawn_seats_are_those_of_the_seed_in_the_journal() {
    let (mut desk, _) = opened(SeatMode::Random, 9);
    let given: Vec<_> = [1, 2, 3, 4].into_iter().filter_map(|n| seat(&mut desk, n)).collect();
    let drawn = hash().draw(&Seed::new([7; 32]), &place("1").room, &room(9).seats);
    assert_eq!(given, drawn.iter().take(4).map(|(_, seat)| seat.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_move_is_from_where_they_sit_and_to_a_free_seat() {
    let mut desk = desk_after(State::Open, [admitted(cand_of(1, 1).as_str(), "1").into()]);
    assert_eq!(
        refused(&mut desk, move_to(1, "2"), "qian"),
        Refusal::Seat(SeatRefusal::Taken),
        "candidate 2 is expected there"
    );
    let lines = run(&mut desk, move_to(1, "9"), "qian");
    let [Event::SeatMoved(SeatMoved { from, to, .. })] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((from, to), (&Some(place("1")), &place("9")));
    let inside = verdict(&mut desk, tap(1, at(8, 39, 0)));
    assert_eq!(inside.place.map(|(_, seat)| seat.to_string()).as_deref(), Some("9"), "they are told the new one");
    assert_eq!(desk.handle(command(move_to(1, "9"), "qian", None, at(8, 59, 0))).len(), 1, "nothing left to do");
    // Seat 1 is nobody's now; whoever is to come may be given it before they do.
    let lines = run(&mut desk, move_to(2, "1"), "zhao");
    assert!(matches!(lines.as_slice(), [Event::SeatMoved(e)] if e.from == Some(place("2"))));
    assert_eq!(seat(&mut desk, 2).as_deref(), Some("1"));
    assert_eq!(refused(&mut desk, move_to(7, "20"), "qian"), Refusal::Seat(SeatRefusal::NoCandidate));
    assert_eq!(refused(&mut desk, move_to(3, "20"), "li"), Refusal::Role);
}

#[test]
fn nobody_is_moved_who_has_handed_in_or_once_the_session_is_closed() {
    let cand = cand_of(1, 1);
    let mut desk =
        desk_after(State::Running, [admitted(cand.as_str(), "1").into(), handed_in(cand.as_str(), &["theory"]).into()]);
    assert_eq!(refused(&mut desk, move_to(1, "9"), "qian"), Refusal::Seat(SeatRefusal::HandedIn));
    for what in [move_to(1, "9"), withdraw("1")] {
        assert_eq!(refused(&mut super::desk(State::Closed), what, "zhao"), Refusal::State(State::Closed));
    }
}

#[test]
fn a_listed_room_has_the_seats_of_its_list_alone() {
    let (mut desk, _) = opened(SeatMode::Sequential, 6);
    for what in [move_to(1, "7"), withdraw("7")] {
        assert_eq!(refused(&mut desk, what, "qian"), Refusal::Seat(SeatRefusal::NoSuchSeat));
    }
    assert_eq!(run(&mut desk, move_to(1, "6"), "qian").len(), 1);
    assert_eq!(seat(&mut desk, 1).as_deref(), Some("6"), "the one that was kept");
}

#[test]
fn a_seat_out_of_service_is_given_to_nobody_and_only_the_chief_takes_a_used_one() {
    let (mut desk, _) = opened(SeatMode::Sequential, 4);
    assert_eq!(run(&mut desk, withdraw("1"), "qian").len(), 1);
    assert_eq!(seat(&mut desk, 1).as_deref(), Some("2"));
    assert_eq!(refused(&mut desk, withdraw("2"), "qian"), Refusal::Role);
    assert_eq!(run(&mut desk, withdraw("2"), "zhao").len(), 1);
    assert_eq!(refused(&mut desk, move_to(2, "1"), "qian"), Refusal::Seat(SeatRefusal::OutOfService));
    assert_eq!(run(&mut desk, move_to(1, "4"), "qian").len(), 1);
    assert_eq!(desk.handle(command(withdraw("1"), "qian", None, at(8, 59, 0))).len(), 1, "nothing left to do");
    assert_eq!(seat(&mut desk, 2).as_deref(), Some("3"));
}

#[test]
fn a_room_with_too_few_free_seats_is_named() {
    // Four candidates and 50 per mille of the seats spare.
    assert_eq!(on_arrival(SeatMode::Sequential, 5).short_of_spare(no(1)), []);
    let [short] = &on_arrival(SeatMode::Sequential, 4).short_of_spare(no(1))[..] else { panic!("one room") };
    assert_eq!((short.room.as_str(), short.free, short.seats), ("01", 0, 4));
    assert_eq!(desk(State::Open).short_of_spare(no(1)), [], "nobody listed the seats");
}

#[test]
fn the_seating_names_every_seat_with_whoever_sits_or_is_to_sit_there() {
    let mut desk = desk_after(State::Open, [admitted(cand_of(1, 1).as_str(), "1").into()]);
    run(&mut desk, move_to(1, "12"), "qian");
    let seating = desk.seating(no(1));
    let seats: Vec<_> = seating[&place("1").room].iter().map(|(seat, who)| (seat.as_str(), who.clone())).collect();
    let expected = [
        ("2", vec![cand_of(1, 2)]),
        ("3", vec![cand_of(1, 3)]),
        ("4", vec![cand_of(1, 4)]),
        ("12", vec![cand_of(1, 1)]),
    ];
    assert_eq!(seats, expected, "seat 1 is nobody's and no list has it");
    let (desk, _) = opened(SeatMode::Sequential, 3);
    let seats = &desk.seating(no(1))[&place("1").room];
    assert!(seats.len() == 3 && seats.iter().all(|(_, who)| who.is_empty()), "{seats:?}");
    assert_eq!(desk.books()[&no(1)].record.block(desk_id(1), &place("1").room), Some(Block::WHOLE));
}
