//! A card that lies there while its reader is lost and comes back.

use super::memory::{Scene, told, up};
use super::modes::{kinds, person};
use super::*;

/// A card lies there, is told, and the line breaks while it is looked at.
fn lost(settings: Settings, on: On) -> Left {
    let closed = Plan::once(Fault::PortClosed { after: 4, ms: 10 }, on);
    let scene =
        Scene::new(settings).at(1, |module| module.present(card())).at(5, move |module| module.set_fault(closed));
    let played = scene.play();
    assert_eq!(played.end, End::Fault(PortFault::Unplugged { path: "/dev/memory".into() }));
    assert_eq!(played.told.quiet().0, [up(), presented()]);
    played.left.unwrap()
}

#[test]
fn a_card_that_lies_there_through_a_loss_of_the_reader_is_not_told_again() {
    // Of a sticky module that does not know 30 05 the removal is guessed before the line breaks.
    for settings in kinds().into_iter().filter(|settings| settings.chip_number || !settings.sticky) {
        let on = if settings.chip_number { On::Presence } else { On::Find };
        let left = lost(settings.clone(), on);
        assert_eq!(left.1, Duration::from_secs(10));
        let back = |left: Left, lies: Option<Card>| {
            let mut scene = Scene::new(settings.clone());
            scene.before = Some(left);
            if let Some(card) = lies {
                scene.line = Scene::new(settings.clone()).at(0, |module| module.present(card)).line;
            }
            scene.at(8, Simulator::remove).cards()
        };
        let gone = || ReaderEvent::Removed;
        assert_eq!(back(left.clone(), Some(card())), [gone()], "{settings:?}");
        assert_eq!(back(left.clone(), None), [gone()], "it was lifted meanwhile: {settings:?}");
        let other = [gone(), told(&person(2)), gone()];
        assert_eq!(back(left.clone(), Some(person(2))), other, "{settings:?}");
        // Who comes back long after may be somebody new.
        let late = (left.0, Duration::ZERO);
        assert_eq!(back(late, Some(card())), [presented(), gone()], "{settings:?}");
    }
}

#[test]
fn what_lay_there_is_remembered_over_a_line_that_never_answers_and_forgotten_with_its_removal() {
    let left = lost(Settings::default(), On::Presence);
    let mut deaf = Scene::new(Settings::default()).with(Plan::always(Fault::Silence, On::Any)).until_ms(4000);
    deaf.before = Some(left.clone());
    let (card, keep) = deaf.play().left.unwrap();
    assert_eq!((card, keep.as_secs()), (left.0, 5), "four of the ten are over, and what the wait took");

    let lifted = Scene::new(Settings::default())
        .at(1, |module| module.present(self::card()))
        .at(5, Simulator::remove)
        .at(8, |module| module.set_fault(Plan::once(Fault::PortClosed { after: 4, ms: 10 }, On::Find)));
    assert_eq!(lifted.play().left, None);
}
