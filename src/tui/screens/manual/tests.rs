//! 3.12: what a form must hold before two people vouch for somebody.

use super::*;
use crate::domain::crew::Role as Crew;
use crate::tui::screens::roster::Standing;

const NUMBER: &str = "110199199003070017";

fn data() -> Data {
    let row = Row {
        name: "赵新".into(),
        initials: "zx".into(),
        number: AdmissionNo::parse("2611241021").unwrap(),
        id_tail: "8836".into(),
        place: "10-21".parse().ok(),
        open: false,
        resit: false,
        hold: None,
        standing: Standing::Expected,
    };
    let person = |masked: &str, role| Person { masked: masked.into(), role };
    Data {
        found: vec![row],
        accepted: vec![DocKind::ResidentId, DocKind::TempId],
        forgotten: true,
        acting: "王*".into(),
        people: vec![person("李*", Crew::Proctor), person("陈*", Crew::Chief)],
    }
}

/// Each text goes into its field; Enter after each.
fn fill(state: &mut State, texts: &[&str]) -> Outcome {
    let mut last = Outcome::Stay;
    for text in texts {
        for c in text.chars() {
            assert_eq!(on_key(state, &data(), Press::Char(c)), Outcome::Stay);
        }
        last = on_key(state, &data(), Press::Do(Action::Enter));
    }
    last
}

const WHOLE: [&str; 11] = ["zx", "2", NUMBER, NUMBER, "20270201", "", "2", "12", "8836", "", "135790"];

#[test]
fn a_whole_form_asks_two_people_for_the_holder_of_the_row() {
    let mut state = State::default();
    let Outcome::Identify { typed, cand, reason, checks, person, pin } = fill(&mut state, &WHOLE) else {
        panic!("{:?}", state.wrong)
    };
    assert_eq!((typed.doc(), typed.number(), typed.same_name), (DocKind::TempId, NUMBER, true));
    assert_eq!(typed.last_day, Some(jiff::civil::date(2027, 2, 1)));
    assert_eq!((cand.as_str(), reason, person), ("2611241021", ManualReason::NoChip, 0));
    assert_eq!((checks, pin.secret()), (vec![ManualCheck::DocumentPhoto, ManualCheck::TicketPhoto], "135790"));
}

#[test]
fn what_is_missing_or_does_not_fit_is_told_and_nothing_is_asked() {
    let table: [(usize, &str, Focus, Wrong); 8] = [
        (0, "", Focus::Row, Wrong::Row),
        (1, "", Focus::Kind, Wrong::Kind),
        (3, "110199199003070018", Focus::Once, Wrong::Number),
        (4, "2027", Focus::LastDay, Wrong::LastDay),
        (6, "", Focus::Reason, Wrong::Reason),
        (7, "1", Focus::Checks, Wrong::Checks),
        (8, "8837", Focus::Tail, Wrong::Tail),
        (10, "13579", Focus::Pin, Wrong::Pin),
    ];
    for (field, text, focus, wrong) in table {
        let mut texts = WHOLE;
        texts[field] = text;
        let mut state = State::default();
        assert_eq!(fill(&mut state, &texts), Outcome::Stay, "{wrong:?}");
        assert_eq!((state.focus, state.wrong), (focus, Some(wrong)));
    }
}

#[test]
fn numbers_that_differ_are_both_forgotten() {
    let mut texts = WHOLE;
    texts[3] = "110199199003070018";
    let mut state = State::default();
    fill(&mut state, &texts);
    assert!(state.once.is_empty() && state.twice.is_empty());
}

#[test]
fn somebody_without_a_document_needs_a_row_and_nothing_else() {
    let mut state = State::default();
    assert_eq!(fill(&mut state, &["zx", "0"]), Outcome::Declare(AdmissionNo::parse("2611241021").unwrap()));
    let mut state = State::default();
    fill(&mut state, &["", "0"]);
    assert_eq!(state.wrong, Some(Wrong::Row));
}

#[test]
fn the_number_is_never_shown_and_a_tick_goes_and_comes() {
    let mut state = State::default();
    fill(&mut state, &["zx", "2", NUMBER]);
    assert!(!format!("{state:?}").contains(NUMBER));
    tick(&mut state, 0);
    tick(&mut state, 3);
    tick(&mut state, 0);
    assert_eq!(state.checks, [ManualCheck::Household]);
}
