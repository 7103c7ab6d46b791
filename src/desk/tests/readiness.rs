//! Opening waits for the checks before it, or for a reason of the chief.

use super::*;
use crate::domain::event::{ReadinessChecked, ReadinessWaived, SessionOpened};
use crate::domain::readiness::{Found, Item, WaiveReason};

/// A planned session whose checks found these red.
fn found(red: &[Item]) -> Desk {
    let mut desk = desk(State::Planned);
    let found = Found { passed: 10, red: red.to_vec() };
    assert_eq!(desk.handle(Input::Readiness(no(1), found)), []);
    desk
}

fn act(desk: &mut Desk, what: Command) -> Vec<Effect> {
    desk.handle(command(what, "zhao", None, at(8, 20, 0)))
}

fn opened(red: &[&str]) -> Vec<Event> {
    vec![SessionOpened { red_items: red.iter().map(|item| (*item).to_owned()).collect() }.into()]
}

#[test]
fn a_red_item_stops_the_opening_until_the_chief_lets_it_stand() {
    let mut desk = found(&[Item::Reader, Item::Disk]);
    let refusal = refusal(act(&mut desk, Command::Open(no(1))));
    assert_eq!((refusal.code(), refusal), ("KD-T-20", Refusal::NotReady(vec![Item::Reader, Item::Disk])));

    let waive = |item| Command::Waive(no(1), item, WaiveReason::OtherMeans);
    let waived = ReadinessWaived { item: Item::Reader, reason: WaiveReason::OtherMeans };
    assert_eq!(stored_events(act(&mut desk, waive(Item::Reader))), [waived.into()]);
    let _ = desk.handle(Input::Appended);
    let left = super::refusal(act(&mut desk, Command::Open(no(1))));
    assert_eq!(left, Refusal::NotReady(vec![Item::Disk]));

    // Put right meanwhile; what stands is named in the opening.
    let _ = desk.handle(Input::Readiness(no(1), Found { passed: 11, red: vec![Item::Reader] }));
    assert_eq!(stored_events(act(&mut desk, Command::Open(no(1)))), opened(&["reader"]));
}

#[test]
fn a_green_list_opens_and_names_nothing() {
    assert_eq!(stored_events(act(&mut found(&[]), Command::Open(no(1)))), opened(&[]));
}

#[test]
fn what_is_not_red_needs_no_reason_and_nothing_is_said_twice() {
    let mut desk = found(&[Item::Reader]);
    let done = |effects: Vec<Effect>| matches!(&effects[..], [Effect::Answer(Answer::Done { lines: 0, .. })]);
    assert!(done(act(&mut desk, Command::Waive(no(1), Item::Disk, WaiveReason::InRepair))));
    let waive = Command::Waive(no(1), Item::Reader, WaiveReason::InRepair);
    assert_eq!(stored(act(&mut desk, waive.clone())).len(), 1);
    let _ = desk.handle(Input::Appended);
    assert!(done(act(&mut desk, waive)));
}

#[test]
fn a_check_is_recorded_as_it_came_out() {
    let mut desk = found(&[Item::Reader, Item::Disk]);
    let checked = ReadinessChecked { passed: 10, failed: vec![Item::Reader, Item::Disk] };
    assert_eq!(stored_events(act(&mut desk, Command::CheckReadiness(no(1)))), [checked.into()]);
}
