//! What people set aside (rules.md §6, the last column), and property 6.

use super::properties::set_scene;
use super::*;
use crate::domain::policy::Forgotten;

/// A scene in which a code shows, whom it takes, and what shows once they have set it aside.
type Case = (&'static str, Change, u8, Option<(By, Option<Given>)>, u8);

const ONE: Option<(By, Option<Given>)> = Some((By::One, None));
const TWO: Option<(By, Option<Given>)> = Some((By::Two, None));

#[test]
fn every_reason_is_set_aside_by_those_of_the_rules_and_by_nobody_else() {
    let with = |by, given| Some((by, Some(given)));
    let hand = Some((By::Hand, None));
    let table: [Case; 46] = [
        ("simulated reader", |s| s.simulated = true, 19, None, 19),
        ("planned", |s| s.state(1, State::Planned), 1, None, 1),
        ("closed", |s| s.state(1, State::Closed), 2, None, 2),
        ("sealed", |s| s.state(1, State::Sealed), 3, None, 3),
        ("bad read", |s| unreadable(s, 3), 10, hand, 10),
        ("unknown card", |s| s.presented = Presented::UnknownKind, 11, hand, 11),
        ("campus card", |s| pointed(s, uid(Some("04A1B2C3"))), 13, None, 13),
        ("ticket", |s| pointed(s, ticket(1)), 14, None, 14),
        ("kind not accepted", |s| s.card(|c| c.doc = DocKind::SocialCard), 12, TWO, 90),
        ("no document, refuse", |s| declared(s), 29, None, 29),
        ("no document, override", |s| (declared(s), forgotten(s)).1, 29, TWO, 90),
        ("bad number", bad_number, 16, TWO, 90),
        ("expired, refuse", |s| expired(s, 23, Expired::Refuse, 0), 17, None, 17),
        ("expired, proctor", |s| expired(s, 23, Expired::Proctor, 0), 17, TWO, 90),
        ("not yet valid", |s| s.card(|c| c.valid_from = Some(date(2026, 11, 25))), 18, TWO, 90),
        ("no ticket", |s| required(s, None), 15, ONE, 90),
        ("another's ticket", |s| required(s, Some(2)), 28, TWO, 90),
        ("a stranger", |s| s.rows.clear(), 20, with(By::Two, Given::Row), 20),
        ("two rows", two_open_sessions, 25, with(By::One, Given::Row), 25),
        ("another site", |s| s.rows[0].elsewhere = Some(SiteId::parse("EX-SITE-02").unwrap()), 21, None, 21),
        ("another day", only_tomorrow, 22, None, 22),
        ("another session", |s| s.rows = vec![entry(2, 1)], 23, None, 23),
        ("another room", |s| serving(s, "02"), 24, None, 24),
        ("another name", |s| s.card(|c| c.name = name(7)), 27, TWO, 90),
        ("name with blanks", |s| blanks_in_the_name(s, NameVariant::Proctor), 26, ONE, 90),
        ("barred", |s| held(s, Hold::Barred), 30, None, 30),
        ("withdrawn", |s| held(s, Hold::Withdrawn), 31, TWO, 90),
        ("pending", |s| held(s, Hold::Pending), 32, TWO, 90),
        ("in conflict", |s| (s.happened([came()]), dropped(s)).1, 33, None, 33),
        ("inside", |s| s.happened([came()]), 40, None, 40),
        ("inside elsewhere", |s| came_elsewhere(s), 41, None, 41),
        ("handed in", |s| s.happened([came(), left()]), 42, None, 42),
        ("clock behind", |s| showed(s, at(12, 0, 0)), 50, with(By::One, Given::Clock), 50),
        ("too early", |s| s.now = at(8, 0, 0), 51, TWO, 90),
        ("too late", |s| s.now = at(10, 0, 0), 52, None, 52),
        ("too late, override", |s| (s.now = at(10, 0, 0), late_override(s)).1, 52, TWO, 91),
        ("absent", |s| by(s, [missed()], at(9, 10, 0)), 47, None, 47),
        ("no seat", |s| s.rows[0].seat = None, 61, with(By::One, Given::Seat), 61),
        ("seat out of service", seats::dead_seat, 62, with(By::One, Given::Seat), 62),
        ("seat taken", seats::taken_seat, 60, with(By::One, Given::Seat), 60),
        ("arrangement", arranged, 72, ONE, 90),
        ("pledge", |s| s.policy(|p| p.checks.pledge = true), 71, ONE, 90),
        ("photo", |s| s.policy(|p| p.checks.photo = Photo::Proctor), 70, ONE, 90),
        ("two reasons: the next one shows", |s| (held(s, Hold::Pending), s.now = at(8, 0, 0)).0, 32, TWO, 51),
        ("pledge and photo: the next one shows", asked, 71, ONE, 70),
        ("name, then hold", |s| (s.card(|c| c.name = name(7)), held(s, Hold::Withdrawn)).1, 27, TWO, 31),
    ];
    for (label, change, code, lifter, next) in table {
        let mut scene = Scene::new();
        change(&mut scene);
        let found = scene.decide();
        assert_eq!(found.code, Code(code), "{label}");
        assert_eq!(found.lifter.map(|lifter| (lifter.by, lifter.given)), lifter, "{label}");
        scene.lifted = vec![Code(code)];
        assert_eq!(scene.decide().code, Code(next), "{label}, set aside");
        // Every other code set aside together changes nothing where this one stands.
        scene.lifted = (0..=99).filter(|n| *n != code).map(Code).collect();
        assert_eq!(scene.decide().code, Code(code), "{label}, everything else set aside");
    }
    let told: std::collections::BTreeSet<u8> = table.iter().map(|(_, _, code, ..)| *code).collect();
    assert_eq!(told, RULES.iter().map(|rule| rule.code.0).collect(), "every row of the table is here");
}

fn forgotten(scene: &mut Scene) {
    scene.policy(|p| p.documents.forgotten = Forgotten::Override);
}

fn late_override(scene: &mut Scene) {
    scene.policy(|p| p.admission.late_override = true);
}

fn bad_number(scene: &mut Scene) {
    scene.rows[0].identity.as_mut().unwrap().doc_number = "110199199003070010".into();
    scene.card(|c| c.number = "110199199003070010".into());
}

#[test]
fn a_kind_that_proves_nothing_is_set_aside_by_nobody() {
    for kind in [DocKind::CampusUid, DocKind::Ticket] {
        let mut scene = Scene::new();
        scene.card(|c| c.doc = kind);
        assert_eq!((scene.decide().code, scene.decide().lifter), (Code(12), None), "{kind:?}");
    }
}

#[test]
fn a_stranger_comes_in_by_a_row_that_was_chosen_and_by_its_name() {
    let mut scene = Scene::new();
    scene.rows = vec![entry(1, 2)];
    (scene.chosen, scene.lifted) = (Some(entry(1, 2).cand), vec![Code(20)]);
    let found = scene.decide();
    assert_eq!((found.code, found.name_match), (Code(27), Some(NameMatch::Different)), "the names are compared");
    scene.card(|c| c.name = name(2));
    let found = scene.decide();
    assert_eq!((found.code, found.row.map(|row| row.cand)), (ADMITTED, Some(entry(1, 2).cand)));
    scene.lifted.clear();
    assert_eq!(scene.decide().code, Code(20), "a row alone lifts nothing");
    (scene.chosen, scene.lifted) = (Some(entry(1, 3).cand), vec![Code(20)]);
    assert_eq!(scene.decide().code, Code(20), "a row that is none");
}

#[test]
fn a_row_that_was_chosen_for_a_stranger_leads_to_its_own_session() {
    let mut scene = Scene::new();
    scene.rows = vec![entry(1, 3), entry(2, 2)];
    scene.state(2, State::Open);
    scene.card(|c| c.name = name(2));
    (scene.chosen, scene.lifted) = (Some(entry(2, 2).cand), vec![Code(20)]);
    assert_eq!(scene.decide().code, ADMITTED);
    scene.state(2, State::Planned);
    assert_eq!(scene.decide().code, Code(23), "what is not open stays shut");
}

#[test]
fn of_several_rows_only_one_of_theirs_can_be_chosen() {
    let mut scene = Scene::new();
    two_open_sessions(&mut scene);
    scene.rows.push(entry(1, 2));
    for (chosen, code) in [(entry(1, 1), 90), (entry(2, 1), 90), (entry(1, 2), 25)] {
        (scene.chosen, scene.lifted) = (Some(chosen.cand.clone()), vec![Code(25)]);
        let found = scene.decide();
        assert_eq!(found.code, Code(code));
        if code == 90 {
            assert_eq!(found.row.map(|row| row.cand), Some(chosen.cand));
        }
    }
}

#[test]
fn a_row_chosen_never_replaces_the_one_the_document_has() {
    let mut scene = Scene::new();
    scene.rows.push(entry(1, 2));
    (scene.chosen, scene.lifted) = (Some(entry(1, 2).cand), vec![Code(20), Code(25)]);
    assert_eq!(scene.decide().row.map(|row| row.cand), Some(entry(1, 1).cand));
}

#[test]
fn how_the_identity_came_is_told() {
    let via = |change: Change| {
        let mut scene = Scene::new();
        change(&mut scene);
        scene.decide().via
    };
    assert_eq!(via(|_| {}), Via::Chip);
    assert_eq!(via(|s| permit(s, "H12345678")), Via::Permit);
    assert_eq!(via(|s| permit(s, "H12345679")), Via::Chip, "nobody is registered with it");
    assert_eq!(via(declared), Via::Declared);
    assert_eq!(via(|s| typed(s, |_| {})), Via::Manual);
}

fn typed(scene: &mut Scene, change: impl FnOnce(&mut Typed)) {
    let mut typed = Typed::twice(DocKind::TempId, &number(1), &number(1)).unwrap();
    change(&mut typed);
    scene.presented = Presented::ByHand(Box::new(ByHand::Typed(typed)));
}

#[test]
fn a_document_that_was_typed_is_judged_like_one_that_was_read() {
    let code = |change: fn(&mut Typed), scene: Change| {
        let mut there = Scene::new();
        typed(&mut there, change);
        scene(&mut there);
        there.decide().code.0
    };
    assert_eq!(code(|_| {}, |_| {}), 90);
    assert_eq!(code(|t| t.same_name = false, |_| {}), 27);
    assert_eq!(code(|t| t.last_day = Some(date(2026, 11, 23)), |_| {}), 17);
    assert_eq!(code(|t| t.last_day = Some(DAY), |_| {}), 90);
    assert_eq!(code(|_| {}, |s| s.policy(|p| p.documents.accepted = vec![DocKind::ResidentId])), 12);
    assert_eq!(code(|_| {}, |s| s.policy(|p| p.documents.ticket = Ticket::Required)), 15);
    assert_eq!(code(|_| {}, |s| s.rows.clear()), 20);
    let bad = |scene: &mut Scene| {
        let typed = Typed::twice(DocKind::TempId, "110199199003070010", "110199199003070010").unwrap();
        scene.presented = Presented::ByHand(Box::new(ByHand::Typed(typed)));
    };
    assert_eq!(code(|_| {}, bad), 16);
}

proptest! {
    /// Property 6: what nobody may set aside stands, however much was set aside; and each code set aside at most
    /// uncovers a lower one.
    #[test]
    fn setting_aside_never_passes_what_nobody_may(
        conditions in (
            0..3usize, 0..5usize, 0..2usize, 0..2usize, 0..3usize, 0..7usize, 0..3usize, 0..6usize, 0..5usize, 0..3usize, 0..4usize,
            0..4usize,
        ),
        lifted in prop::collection::btree_set(1u8..=72, 0..40),
    ) {
        let (a, b, c, d, e, f, g, h, i, j, k, l) = conditions;
        let (mut scene, holds) = set_scene([a, b, c, d, e, f, g, h, i, j, k, l]);
        scene.lifted = lifted.iter().copied().map(Code).collect();
        let roster = Roster::new(scene.rows.clone());
        let book = &scene.books[&no(1)];
        let found = decide(&roster, &scene.books, book, scene.tap());
        let doc = found.doc;
        let may = |rule: &Rule| {
            let lifter = rule.lift.lifter(&book.session.policy, doc);
            lifter.is_some_and(|lifter| lifter.given.is_none() && lifter.by != By::Hand)
        };
        let stands = |rule: &&Rule| holds.contains(&rule.code.0) && !(lifted.contains(&rule.code.0) && may(rule));
        let first = RULES.iter().find(stands).map(|rule| rule.code);
        prop_assert_eq!(found.code, first.unwrap_or(ADMITTED), "of {:?} without {:?}", holds, lifted);
    }
}
