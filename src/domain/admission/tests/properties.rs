//! Properties 4, 5 and 7 of rules.md §12 over scenes in which anything may hold.

use super::*;

/// One choice for every group of rows that can hold together; zero is the choice that lets the person in.
pub(super) type Conditions = [usize; 12];

/// Sets the scene and returns every code that holds of its own, in no order.
pub(super) fn set_scene(conditions: Conditions) -> (Scene, Vec<u8>) {
    let [state, read, accepted, valid, dates, row, names, attendance, clock_and_seat, shown_ticket, hold, welcome] =
        conditions;
    let mut scene = Scene::new();
    let mut holds = vec![];
    let mut mark = |holds_now: bool, code: u8| holds.extend(holds_now.then_some(code));
    scene.state(1, [State::Open, State::Planned, State::Closed][state]);
    mark(state == 1, 1);
    mark(state == 2, 2);
    if accepted == 1 {
        scene.policy(|p| p.documents.accepted = vec![DocKind::Passport]);
    }
    if valid == 1 {
        // The roster holds the same number: nothing but its check speaks against it.
        scene.rows[0].identity.as_mut().unwrap().doc_number = "110199199003070010".into();
        scene.card(|c| c.number = "110199199003070010".into());
    }
    if dates == 1 {
        expired(&mut scene, 23, Expired::Proctor, 0);
    } else if dates == 2 {
        scene.card(|c| c.valid_from = Some(date(2026, 11, 25)));
    }
    if names == 1 {
        blanks_in_the_name(&mut scene, NameVariant::Proctor);
    } else if names == 2 {
        scene.card(|c| c.name = name(7));
    }
    if hold > 0 {
        held(&mut scene, Hold::ALL[hold - 1]);
        mark(true, [30, 31, 32][hold - 1]);
    }
    let mine = scene.rows[0].clone();
    match row {
        1 => scene.rows.clear(),
        2 => scene.rows.push(Entry { cand: entry(1, 2).cand, ..mine }),
        3 => scene.rows[0].elsewhere = Some(SiteId::parse("EX-SITE-02").unwrap()),
        4 => {
            scene.rows[0].session = no(2);
            scene.on_day_two(date(2026, 11, 25));
        }
        5 => scene.rows[0].session = no(2),
        6 => serving(&mut scene, "02"),
        _ => {}
    }
    happen(&mut scene, attendance);
    clock_seat_and_welcome(&mut scene, clock_and_seat, welcome, row != 1);
    match read {
        1 => unreadable(&mut scene, 1),
        2 => scene.presented = Presented::UnknownKind,
        3 => scene.presented = Presented::Pointer(uid(Some("04A1B2C3"))),
        4 => scene.presented = Presented::Pointer(ticket(1)),
        _ => {}
    }
    if shown_ticket > 0 {
        scene.policy(|p| p.documents.ticket = Ticket::Required);
        scene.ticket = [None, None, Some(ticket_of_nobody())][shown_ticket].clone();
    }
    let is_card = read == 0;
    mark(read == 1, 10);
    mark(read == 2, 11);
    mark(read == 3, 13);
    mark(read == 4, 14);
    mark(is_card && accepted == 1, 12);
    mark(is_card && valid == 1, 16);
    mark(is_card && dates == 1, 17);
    mark(is_card && dates == 2, 18);
    mark(is_card && shown_ticket == 1, 15);
    mark(is_card && shown_ticket == 2 && row != 1, 28);
    for (n, code) in [(1, 20), (2, 25), (3, 21), (4, 22), (5, 23), (6, 24)] {
        mark(row == n, code);
    }
    mark(names == 1, 26);
    mark(names == 2, 27);
    let (waited_for, inside) = ([0, 3].contains(&attendance), [1, 5].contains(&attendance));
    mark(inside, 40);
    mark(attendance == 4, 41);
    mark(attendance == 5, 33);
    mark(clock_and_seat == 4, 50);
    mark(waited_for && welcome == 1 && row != 1, 72);
    mark(waited_for && welcome == 2, 71);
    mark(waited_for && welcome == 3, 70);
    mark(attendance == 2, 42);
    mark(waited_for && clock_and_seat == 1, 51);
    mark(waited_for && clock_and_seat == 2, 52);
    mark(attendance == 3, 47);
    mark(clock_and_seat == 3, 61);
    (scene, holds)
}

/// What candidate 1 has behind them.
fn happen(scene: &mut Scene, attendance: usize) {
    scene.happened(
        [vec![], vec![came()], vec![came(), left()], vec![missed()], vec![], vec![came()]][attendance].clone(),
    );
    match attendance {
        4 => came_elsewhere(scene),
        5 => dropped(scene),
        _ => {}
    }
}

fn clock_seat_and_welcome(scene: &mut Scene, clock_and_seat: usize, welcome: usize, known: bool) {
    scene.now = [at(8, 45, 0), at(8, 0, 0), at(10, 0, 0), at(8, 45, 0), at(8, 45, 0)][clock_and_seat];
    if clock_and_seat == 4 {
        showed(scene, at(12, 0, 0));
    }
    match welcome {
        1 if known => arranged(scene),
        2 => scene.policy(|p| p.checks.pledge = true),
        3 => scene.policy(|p| p.checks.photo = Photo::Proctor),
        _ => {}
    }
    if clock_and_seat == 3 && known {
        scene.rows[0].seat = None;
    }
}

fn ticket_of_nobody() -> AdmissionNo {
    AdmissionNo::parse("NOBODY").unwrap()
}

fn any_date() -> impl Strategy<Value = Date> {
    (1i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d))
}

fn any_card() -> impl Strategy<Value = CardRead> {
    let number = prop_oneof![(0u32..4).prop_map(number), ".{0,24}", "[0-9X]{15,18}"];
    let name = prop_oneof![(0u32..4).prop_map(name), ".{0,12}"];
    let valid_to = prop_oneof![Just(ValidTo::LongTerm), Just(ValidTo::Unreadable), any_date().prop_map(ValidTo::Until)];
    let doc = prop::sample::select(&DocKind::ALL[..]);
    (doc, number, name, prop::option::of(".{0,12}"), prop::option::of(any_date()), valid_to).prop_map(
        |(doc, number, name, name_latin, valid_from, valid_to)| CardRead {
            doc,
            number,
            name,
            name_latin,
            permit_number: None,
            valid_from,
            valid_to,
            warnings: vec![],
            photo: photo::Photo::Absent,
        },
    )
}

fn any_pointer() -> impl Strategy<Value = Pointer> {
    prop_oneof![(0u32..4).prop_map(ticket), prop::option::of("[0-9A-F]{8}").prop_map(|number| uid(number.as_deref()))]
}

fn any_presented() -> impl Strategy<Value = Presented> {
    prop_oneof![
        6 => any_card().prop_map(|card| Presented::Card(Box::new(card))),
        1 => any::<Option<u8>>().prop_map(|sw3| Presented::Unreadable { sw3 }),
        1 => Just(Presented::UnknownKind),
        2 => any_pointer().prop_map(Presented::Pointer),
        2 => (prop::sample::select(&DocKind::ALL[..]), (0u32..4).prop_map(number)).prop_filter_map("no document", |(doc, number)| {
            let typed = Typed::twice(doc, &number, &number).ok()?;
            Some(Presented::ByHand(Box::new(ByHand::Typed(typed))))
        }),
        1 => (0u32..4).prop_map(|n| Presented::ByHand(Box::new(ByHand::Declared(entry(1, n).cand)))),
    ]
}

proptest! {
    /// Property 4.
    #[test]
    fn deciding_is_total_and_pure(
        presented in any_presented(), in_hand in prop::option::of(0u32..4), required: bool, now in any::<i64>(), near in -3_600_000i64..3_600_000, far: bool,
        unreadable: u32, state in 0..4usize, grace in 0u32..=90,
    ) {
        let state = [State::Planned, State::Open, State::Running, State::Closed][state];
        let ticket = in_hand.map(|n| entry(1, n).cand);
        let mut scene = Scene { presented, unreadable, ticket, ..Scene::new() };
        scene.state(1, state);
        if required {
            scene.policy(|p| p.documents.ticket = Ticket::Required);
        }
        scene.policy(|p| p.documents.expired_grace_days = grace);
        scene.rows = (0..3).map(|n| entry(1, n)).chain([entry(2, 3)]).collect();
        scene.now = if far { Instant(now) } else { ms(at(9, 0, 0), near) };
        let found = scene.decide();
        prop_assert_eq!(&found, &scene.decide());
        if matches!(found.verdict, Verdict::Admitted | Verdict::AdmittedLate(_)) {
            let typed = matches!(scene.presented.by_hand(), Some(ByHand::Typed(_)));
            prop_assert!(scene.presented.card().is_some() || typed, "property 7: no ticket, no campus card, no word admits alone");
            prop_assert!(!required || found.row.as_ref().map(|row| &row.cand) == scene.ticket.as_ref());
            prop_assert!(state.takes_taps() && found.row.is_some_and(|row| row.seat.is_some()));
        }
    }

    /// Property 5: whatever else holds, the first row of the table that holds decides; a lower one changes nothing.
    #[test]
    fn the_first_row_that_holds_decides(
        conditions in (
            0..3usize, 0..5usize, 0..2usize, 0..2usize, 0..3usize, 0..7usize, 0..3usize, 0..6usize, 0..5usize, 0..3usize, 0..4usize,
            0..4usize,
        ),
    ) {
        let (a, b, c, d, e, f, g, h, i, j, k, l) = conditions;
        let (scene, holds) = set_scene([a, b, c, d, e, f, g, h, i, j, k, l]);
        let roster = Roster::new(scene.rows.clone());
        let found = decide(&roster, &scene.books, &scene.books[&no(1)], scene.tap());
        let first = RULES.iter().map(|rule| rule.code).find(|code| holds.contains(&code.0));
        prop_assert_eq!(found.code, first.unwrap_or(ADMITTED), "of {:?}", holds);
    }
}
