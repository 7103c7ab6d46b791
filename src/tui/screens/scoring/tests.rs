//! Marks are typed, kept in their cell while wrong, and asked to be saved once.

use super::*;

fn data(slots: &[Slot]) -> Data {
    let rows = (1..)
        .zip(slots)
        .map(|(n, slot)| Row {
            number: AdmissionNo::parse(&format!("26112403{n:02}")).unwrap(),
            place: format!("03-{n:02}"),
            slot: *slot,
        })
        .collect();
    Data { part: "理论".into(), assessor: "周*".into(), max: 10_000, step: 50, rows }
}

fn keys(state: &mut State, data: &Data, text: &str) -> Outcome {
    text.chars()
        .map(|c| match c {
            '\n' => Press::Do(Action::Enter),
            '\t' => Press::Do(Action::Next),
            '<' => Press::Do(Action::Previous),
            c => Press::Char(c),
        })
        .map(|press| on_key(state, data, press))
        .last()
        .unwrap()
}

fn saved(data: &Data, row: usize, mark: u32, zero_reason: Option<ZeroReason>) -> Outcome {
    Outcome::Save { number: data.rows[row].number.clone(), mark, zero_reason }
}

#[test]
fn enter_saves_a_row_and_goes_to_the_next_that_takes_a_mark() {
    let data = data(&[Slot::Marked(7000), Slot::Open, Slot::Absent, Slot::NeverAdmitted, Slot::Open]);
    let mut state = State::new(&data);
    assert_eq!(state.cursor.at, 1, "the first open row");
    assert_eq!(keys(&mut state, &data, "80.5\n"), saved(&data, 1, 8050, None));
    assert_eq!(state.cursor.at, 4, "absent and never admitted rows are skipped");
    assert_eq!(keys(&mut state, &data, "63\n"), saved(&data, 4, 6300, None));
}

#[test]
fn a_wrong_mark_keeps_the_cell() {
    let data = data(&[Slot::Open, Slot::Open]);
    let mut state = State::new(&data);
    for (text, expected) in [
        ("101\n", Notice::Refused(Refusal::OverMax(10_000))),
        ("80.25\n", Notice::Refused(Refusal::OffStep(50))),
        ("8.\n", Notice::NotNumber),
        ("\n", Notice::NotNumber),
    ] {
        assert_eq!(keys(&mut state, &data, text), Outcome::Stay, "{text}");
        assert_eq!((state.notice.as_ref(), state.cursor.at), (Some(&expected), 0), "{text}");
        on_key(&mut state, &data, Press::Do(Action::Clear));
    }
}

#[test]
fn zero_asks_for_its_reason() {
    let data = data(&[Slot::Open, Slot::Open]);
    let mut state = State::new(&data);
    assert_eq!(keys(&mut state, &data, "0\n"), Outcome::Stay);
    assert_eq!(state.notice, Some(Notice::Refused(Refusal::ZeroReason)));
    assert_eq!(keys(&mut state, &data, "1"), saved(&data, 0, 0, Some(ZeroReason::BlankWork)));
    assert_eq!(keys(&mut state, &data, "0\n2"), saved(&data, 1, 0, Some(ZeroReason::ZeroConfirmed)));
    let mut state = State::new(&data);
    assert_eq!(
        keys(&mut state, &data, "0\n5\n"),
        Outcome::Save { number: data.rows[0].number.clone(), mark: 500, zero_reason: None }
    );
}

#[test]
fn drafts_stay_in_their_rows() {
    let data = data(&[Slot::Open, Slot::Open, Slot::Open]);
    let mut state = State::new(&data);
    keys(&mut state, &data, "71\t82\t");
    assert_eq!(state.field.text(), "");
    keys(&mut state, &data, "<");
    assert_eq!(state.field.text(), "82");
    keys(&mut state, &data, "<");
    assert_eq!(keys(&mut state, &data, "\n"), saved(&data, 0, 7100, None));
    assert_eq!(state.field.text(), "82", "the next row shows its draft");
}

#[test]
fn a_row_that_takes_no_mark_takes_no_digit() {
    let data = data(&[Slot::Absent]);
    let mut state = State::new(&data);
    assert_eq!(keys(&mut state, &data, "80\n"), Outcome::Stay);
    assert_eq!(state.field.text(), "");
}
