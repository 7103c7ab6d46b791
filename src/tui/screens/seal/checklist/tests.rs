use super::*;

fn data(standings: &[(Check, Standing)]) -> Data {
    Data {
        chief: "陈*".into(),
        items: standings.iter().map(|(check, standing)| Item { check: *check, standing: *standing, n: 1 }).collect(),
        frozen: false,
        place: 1,
        closed: 1,
        counts: AttendanceCounts::default(),
        organisation: "示例".into(),
        working: "8841".into(),
        recovery: "2207".into(),
    }
}

fn press(state: &mut State, data: &Data, action: Action) -> Outcome {
    on_key(state, data, Press::Do(action))
}

#[test]
fn a_blocked_line_is_explained_and_never_passed() {
    let data = data(&[(Check::Closed, Standing::Good), (Check::Marks, Standing::Blocked)]);
    let mut state = State::default();
    for _ in 0..3 {
        assert_eq!(press(&mut state, &data, Action::Enter), Outcome::Stay);
        assert_eq!((state.said, state.cursor.at), (Said::Blocked, 0));
    }
    press(&mut state, &data, Action::Acknowledge);
    assert!(state.seen.is_empty(), "only warnings are passed");
}

#[test]
fn each_warning_is_seen_before_freezing_is_asked_for() {
    let data = data(&[
        (Check::Closed, Standing::Good),
        (Check::Revocations, Standing::Warning),
        (Check::Clock, Standing::Warning),
    ]);
    let mut state = State::default();
    assert_eq!(press(&mut state, &data, Action::Enter), Outcome::Stay);
    assert_eq!((state.said, state.cursor.at), (Said::Unseen, 0));
    press(&mut state, &data, Action::Acknowledge);
    assert_eq!(state.cursor.at, 1, "at the next one");
    press(&mut state, &data, Action::Acknowledge);
    press(&mut state, &data, Action::Enter);
    assert_eq!(state.said, Said::Asking);
    assert_eq!(press(&mut state, &data, Action::Back), Outcome::Stay, "no, but not away");
    assert_eq!(press(&mut state, &data, Action::Enter), Outcome::Stay, "asked again");
    let notices = vec!["KD-S-N1".to_owned(), "KD-S-N2".to_owned()];
    assert_eq!(press(&mut state, &data, Action::Enter), Outcome::Freeze { notices });
}

#[test]
fn what_is_frozen_can_be_given_up_even_if_its_papers_hold_no_longer() {
    let data = Data { frozen: true, ..data(&[(Check::Certificate, Standing::Blocked)]) };
    let mut state = State::default();
    assert_eq!(press(&mut state, &data, Action::Enter), Outcome::Stay);
    assert_eq!(state.said, Said::Blocked, "the reason first");
    assert_eq!(press(&mut state, &data, Action::Back), Outcome::Stay);
    assert_eq!(press(&mut state, &data, Action::Back), Outcome::Stay, "no means no");
    assert_eq!(press(&mut state, &data, Action::Back), Outcome::Stay);
    assert_eq!(press(&mut state, &data, Action::Enter), Outcome::Thaw);
}

#[test]
fn what_is_frozen_goes_on_at_once_and_a_look_under_way_holds_nothing_up() {
    let items = [(Check::Streams, Standing::Pending), (Check::Clock, Standing::Warning)];
    let data = Data { frozen: true, ..data(&items) };
    let notices = vec!["KD-S-N2".to_owned()];
    assert_eq!(press(&mut State::default(), &data, Action::Enter), Outcome::Freeze { notices });
}

#[test]
fn tab_goes_to_another_closed_session_where_there_is_one() {
    let one = data(&[(Check::Marks, Standing::Blocked)]);
    assert_eq!(press(&mut State::default(), &one, Action::Next), Outcome::Stay);
    let two = Data { closed: 2, ..one };
    assert_eq!(press(&mut State::default(), &two, Action::Next), Outcome::Beside(1));
    assert_eq!(press(&mut State::default(), &two, Action::Previous), Outcome::Beside(-1));
}

#[test]
fn nothing_checked_is_nothing_to_freeze() {
    let mut state = State::default();
    for _ in 0..3 {
        assert_eq!(press(&mut state, &data(&[]), Action::Enter), Outcome::Stay);
    }
    assert_eq!(press(&mut state, &data(&[]), Action::Back), Outcome::Back);
}
