use super::*;

fn seat(n: usize) -> SeatLabel {
    SeatLabel::parse(&format!("{n:02}")).unwrap()
}

fn cand(n: usize) -> AdmissionNo {
    AdmissionNo::parse(&format!("26112400{n:02}")).unwrap()
}

fn room(code: &str, marks: &[Mark]) -> Room {
    let seats = (1..).zip(marks).map(|(n, mark)| (seat(n), *mark)).collect();
    Room { id: RoomId::parse(code).unwrap(), way: String::new(), seats, came: 0, people: marks.len(), short: false }
}

/// Rooms 01 with forty seats, 02 with three of which the last is free, 12 with one.
fn map() -> Data {
    let rooms = vec![
        room("01", &[Mark::Expected; 40]),
        room("02", &[Mark::Present, Mark::HandedIn, Mark::Empty]),
        room("12", &[Mark::Withdrawn]),
    ];
    Data { session: String::new(), rooms, sitters: vec![], moves: true }
}

fn with_sitters(standing: &[Standing]) -> Data {
    let sitter =
        |(n, standing): (usize, &Standing)| Sitter { number: cand(n), name: "张晓明".into(), standing: *standing };
    Data { sitters: standing.iter().enumerate().map(sitter).collect(), ..map() }
}

fn at(state: &State, data: &Data) -> String {
    state.selected(data).unwrap().to_string()
}

fn go(state: &mut State, data: &Data, keys: &[Action]) -> String {
    for action in keys {
        assert_eq!(on_key(state, data, Press::Do(*action)), Outcome::Stay);
    }
    at(state, data)
}

#[test]
fn arrows_go_through_lines_of_thirty_and_from_room_to_room() {
    use Action::{Down, First, Last, Left, Right, Up};
    let (mut state, data) = (State::default(), map());
    assert_eq!(go(&mut state, &data, &[Right, Right, Down]), "01-33");
    assert_eq!(go(&mut state, &data, &[Down]), "02-03", "the same column of the next room");
    assert_eq!(go(&mut state, &data, &[Right]), "12-01");
    assert_eq!(go(&mut state, &data, &[Right, Down]), "12-01", "the end of the map");
    assert_eq!(go(&mut state, &data, &[Left]), "02-03");
    assert_eq!(go(&mut state, &data, &[First, Left]), "01-40");
    assert_eq!(go(&mut state, &data, &[Up, Up, Left]), "01-09");
    assert_eq!(go(&mut state, &data, &[Last, Down]), "02-03");
    assert_eq!(go(&mut state, &data, &[Up]), "01-33");
}

#[test]
fn digits_jump_to_a_room_without_its_zeros() {
    let (mut state, data) = (State::default(), map());
    let mut type_in = |text: &str| {
        for c in text.chars() {
            on_key(&mut state, &data, Press::Char(c));
        }
        at(&state, &data)
    };
    assert_eq!(type_in("2"), "02-01");
    assert_eq!(type_in("12"), "12-01", "2 and 12 begin no code together");
    assert_eq!(type_in("01"), "01-01");
    assert_eq!(type_in("9"), "01-01", "no such room");
    assert_eq!(type_in("02"), "02-01");
}

#[test]
fn a_move_is_a_person_a_free_seat_and_a_reason() {
    let data = with_sitters(&[Standing::Expected]);
    let mut state = State::default();
    on_key(&mut state, &data, Press::Do(Action::MoveSeat));
    assert_eq!(on_key(&mut state, &data, Press::Do(Action::Enter)), Outcome::Stay);
    assert_eq!(
        on_key(&mut state, &data, Press::Char('1')),
        Outcome::Stay,
        "the seat is not free: this jumps to a room"
    );
    go(&mut state, &data, &[Action::First]);
    on_key(&mut state, &data, Press::Char('2'));
    go(&mut state, &data, &[Action::Last, Action::Enter]);
    assert_eq!(on_key(&mut state, &data, Press::Char('9')), Outcome::Stay, "no such reason");
    let place = "02-03".parse().unwrap();
    let moved = on_key(&mut state, &data, Press::Char('3'));
    assert_eq!(moved, Outcome::Move(cand(0), place, SeatReason::Taken));
    assert_eq!(on_key(&mut state, &data, Press::Do(Action::Back)), Outcome::Back, "the move is over");
}

#[test]
fn each_step_back_of_a_move_is_one_step() {
    let (mut state, data) = (State::moving(cand(7)), map());
    on_key(&mut state, &data, Press::Char('2'));
    go(&mut state, &data, &[Action::Last, Action::Enter]);
    assert!(matches!(state.stage, Stage::Why(_)));
    for stage in [Stage::Moving(cand(7)), Stage::Look] {
        assert_eq!(on_key(&mut state, &data, Press::Do(Action::Back)), Outcome::Stay);
        assert_eq!(state.stage, stage);
    }
    assert_eq!(on_key(&mut state, &data, Press::Do(Action::Back)), Outcome::Back);
}

#[test]
fn who_may_not_or_has_left_is_not_moved_and_a_withdrawn_seat_not_withdrawn() {
    let (mut state, mut data) =
        (State::default(), with_sitters(&[Standing::HandedIn(crate::domain::time::Instant(0))]));
    go(&mut state, &data, &[Action::MoveSeat]);
    assert_eq!(state.stage, Stage::Look, "they have handed in");
    data.sitters.clear();
    go(&mut state, &data, &[Action::MoveSeat]);
    assert_eq!(state.stage, Stage::Look, "nobody sits there");
    go(&mut state, &data, &[Action::Withdraw]);
    assert_eq!(
        on_key(&mut state, &data, Press::Char('1')),
        Outcome::Withdraw("01-01".parse().unwrap(), SeatReason::StationFault)
    );
    on_key(&mut state, &data, Press::Char('1'));
    on_key(&mut state, &data, Press::Char('2'));
    go(&mut state, &data, &[Action::Withdraw]);
    assert_eq!((state.stage.clone(), at(&state, &data)), (Stage::Look, "12-01".into()), "it is out of service");
    let (mut state, data) = (State::default(), Data { moves: false, ..with_sitters(&[Standing::Expected]) });
    go(&mut state, &data, &[Action::MoveSeat, Action::Withdraw]);
    assert_eq!(state.stage, Stage::Look, "the role may not");
    assert_eq!(on_key(&mut state, &data, Press::Do(Action::Enter)), Outcome::Open(cand(0)));
}

#[test]
fn a_seat_is_found_by_its_place_and_an_empty_map_has_none() {
    let (mut state, data) = (State::default(), map());
    state.go_to(&data, &"02-02".parse().unwrap());
    assert_eq!(at(&state, &data), "02-02");
    state.go_to(&data, &"77-02".parse().unwrap());
    assert_eq!(at(&state, &data), "02-02", "no such room");
    let none = Data::default();
    for action in
        [Action::Down, Action::Right, Action::Up, Action::Left, Action::Enter, Action::MoveSeat, Action::Withdraw]
    {
        assert_eq!(on_key(&mut state, &none, Press::Do(action)), Outcome::Stay);
    }
    on_key(&mut state, &none, Press::Char('3'));
    assert_eq!(state.selected(&none), None);
}

#[test]
fn a_sitter_hides_their_name_from_logs() {
    assert!(!format!("{:?}", with_sitters(&[Standing::Expected])).contains("张晓明"));
}
