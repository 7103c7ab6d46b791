use super::*;
use crate::domain::event::Stamp;
use crate::domain::ids::AdmissionNo;
use crate::domain::policy::SeatMode;
use crate::domain::samples::{cand, desk_id, hash, place, room};
use proptest::prelude::*;

const SEED: Seed = Seed::new([7; 32]);

fn stamp(lc: u64) -> Stamp {
    Stamp { lc, desk: desk_id(1), seq: lc }
}

fn book(mode: SeatMode, seats: usize) -> SeatBook {
    let mut book = SeatBook::default();
    book.furnish(mode, &[room(seats)], hash());
    book.seed(&place("1").room, stamp(1), SEED);
    book
}

fn give(book: &mut SeatBook, who: &AdmissionNo, block: Block) -> Option<String> {
    let room = place("1").room;
    let seat = book.next(&room, block)?.clone();
    book.change(who, None, Some(&Place { room, seat: seat.clone() }));
    Some(seat.to_string())
}

fn all(book: &mut SeatBook) -> Vec<String> {
    (1..).map_while(|n| give(book, &cand(n), Block::WHOLE)).collect()
}

#[test]
fn seats_in_order_are_given_as_the_room_lists_them() {
    assert_eq!(all(&mut book(SeatMode::Sequential, 11)), (1..=11).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[test]
fn drawn_seats_are_given_in_the_order_of_their_numbers_and_none_before_the_seed() {
    let (room, mut unseeded) = (room(40), SeatBook::default());
    unseeded.furnish(SeatMode::Random, std::slice::from_ref(&room), hash());
    assert_eq!(unseeded.next(&room.id, Block::WHOLE), None);
    let given = all(&mut book(SeatMode::Random, 40));
    let drawn = hash().draw(&SEED, &room.id, &room.seats);
    assert!(drawn.is_sorted_by(|(a, _), (b, _)| a < b));
    assert_eq!(given, drawn.iter().map(|(_, seat)| seat.to_string()).collect::<Vec<_>>());
    assert_ne!(given, room.seats.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_ne!(hash().draw(&Seed::new([8; 32]), &room.id, &room.seats), drawn, "another seed draws another order");
}

#[test]
fn the_seed_may_be_known_before_the_list_and_the_first_one_counts() {
    let mut late = SeatBook::default();
    late.seed(&place("1").room, stamp(5), Seed::new([9; 32]));
    late.seed(&place("1").room, stamp(1), SEED);
    late.seed(&place("1").room, stamp(6), Seed::new([9; 32]));
    late.furnish(SeatMode::Random, &[room(9)], hash());
    assert_eq!(late, book(SeatMode::Random, 9));
}

#[test]
fn a_seat_is_free_again_when_its_holder_moves_and_never_once_withdrawn() {
    let mut book = book(SeatMode::Sequential, 3);
    let room = place("1").room;
    let next = |book: &SeatBook| book.next(&room, Block::WHOLE).map(ToString::to_string);
    assert_eq!(give(&mut book, &cand(1), Block::WHOLE).as_deref(), Some("1"));
    book.change(&cand(1), Some(&place("1")), Some(&place("3")));
    assert_eq!(next(&book).as_deref(), Some("1"));
    book.withdraw(&room, &place("1").seat);
    assert_eq!(next(&book).as_deref(), Some("2"));
    book.change(&cand(2), None, Some(&place("2")));
    assert_eq!(next(&book), None);
    book.change(&cand(1), Some(&place("3")), Some(&place("2")));
    assert_eq!(next(&book).as_deref(), Some("3"));
    assert_eq!(
        book.clashes().map(|both| both.iter().cloned().collect()).collect::<Vec<Vec<_>>>(),
        [[cand(1), cand(2)]]
    );
    book.change(&cand(1), Some(&place("2")), Some(&place("3")));
    assert_eq!((next(&book), book.clashes().count()), (None, 0));
}

#[test]
fn a_place_and_a_reason_read_as_they_are_written() {
    assert_eq!("03-A17".parse::<Place>().unwrap().to_string(), "03-A17");
    for bad in ["03", "03-", "-17", "03-17-1", "03-1a", ""] {
        assert!(bad.parse::<Place>().is_err(), "{bad}");
    }
    for reason in SeatReason::ALL {
        assert_eq!(reason.as_str().parse(), Ok(reason));
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
    }
    assert!("Order".parse::<SeatReason>().is_err());
}

proptest! {
    /// Property 10 of rules.md §12: desks that never hear of each other give no seat twice, and together every seat.
    #[test]
    fn desks_without_a_link_never_give_one_seat(
        seats in 1usize..60, of in 1u32..5, random: bool, order in prop::collection::vec(0u32..5, 0..200),
    ) {
        let mode = if random { SeatMode::Random } else { SeatMode::Sequential };
        let mut desks: Vec<SeatBook> = (0..of).map(|_| book(mode, seats)).collect();
        let mut given = Vec::new();
        for (n, desk) in (1..).zip(order) {
            let index = desk % of;
            given.extend(give(&mut desks[index as usize], &cand(n), Block { index, of }));
        }
        for index in 0..of {
            given.extend((1000..).map_while(|n| give(&mut desks[index as usize], &cand(n), Block { index, of })));
        }
        let unlike: std::collections::BTreeSet<_> = given.iter().collect();
        prop_assert_eq!((unlike.len(), given.len()), (seats, seats));
    }

    /// Whatever moves and withdrawals come between, a reader without the list believes what the book gave, and no other
    /// seat of higher rank instead.
    #[test]
    fn a_reader_without_the_list_believes_what_the_book_gives(
        steps in prop::collection::vec((0..4u8, 1u32..20, 1usize..25), 1..80),
    ) {
        let (mut book, mut draws) = (book(SeatMode::Random, 24), Draws::default());
        let mut sits: std::collections::BTreeMap<u32, Place> = std::collections::BTreeMap::new();
        let room = place("1").room;
        for (what, n, seat) in steps {
            let to = place(&seat.to_string());
            let free = book.holders(&room, &to.seat).next().is_none() && !book.is_withdrawn(&room, &to.seat);
            match (what, sits.get(&n).cloned()) {
                (0 | 1, None) => {
                    let Some(seat) = book.next(&room, Block::WHOLE).cloned() else { continue };
                    let given = Place { room: room.clone(), seat };
                    prop_assert_eq!(draws.give(hash(), &SEED, desk_id(1), &given), Ok(()));
                    book.change(&cand(n), None, Some(&given));
                    draws.change(None, Some(&given));
                    sits.insert(n, given);
                }
                (2, from) if free => {
                    book.change(&cand(n), from.as_ref(), Some(&to));
                    draws.change(from.as_ref(), Some(&to));
                    sits.insert(n, to);
                }
                (3, _) if free => {
                    book.withdraw(&room, &to.seat);
                    draws.withdraw(&to);
                }
                _ => {}
            }
        }
    }
}
