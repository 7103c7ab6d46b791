//! Every screen with ordinary, empty and wrong data.

use super::sample::*;
use kaodian::domain::session::Mode;
use kaodian::tui::keymap::{Action, Press, ScreenId};
use kaodian::tui::pinyin::Form;
use kaodian::tui::screens::{
    clock, close, confirm, detail, fault, help, holds, legend, lift, manual, menu, pending, ready, results, rooms,
    roster, scoring, seatmap, unlock, verdict,
};
use kaodian::tui::theme::Plate;
use kaodian::tui::widgets::Pen;
use kaodian::tui::widgets::header::{Header, Health, Phase};
use kaodian::tui::widgets::strip::Strip;
use ratatui::layout::Position;

/// What draws a case: any closure over a pen.
pub type Draw = Box<dyn Fn(&mut Pen<'_>) -> Position>;

pub struct Case {
    pub name: &'static str,
    pub screen: ScreenId,
    pub header: Header,
    pub strip: Option<Strip>,
    pub draw: Draw,
}

pub fn case(name: &'static str, screen: ScreenId, draw: impl Fn(&mut Pen<'_>) -> Position + 'static) -> Case {
    Case { name, screen, header: header(Mode::Demo), strip: None, draw: Box::new(draw) }
}

/// All of them.
pub fn cases() -> Vec<Case> {
    [
        door(),
        verdicts(),
        open_cases(),
        lists(),
        people(),
        overlays(),
        work(),
        special(),
        super::seal_cases::cases(),
        super::reader_cases::cases(),
        super::readiness_cases::cases(),
        super::import_cases::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn door() -> Vec<Case> {
    use ready::Invitation;
    vec![
        case("unlock", ScreenId::Unlock, |pen| unlock::view(&unlock::State::default(), &unlock_data(6), pen)),
        case("unlock-wrong", ScreenId::Unlock, |pen| {
            let mut state = unlock::State::default();
            for c in "313579".chars() {
                unlock::on_key(&mut state, &unlock_data(6), Press::Char(c));
            }
            state.notice = unlock::Notice::Wrong;
            unlock::view(&state, &unlock_data(6), pen)
        }),
        case("unlock-empty", ScreenId::Unlock, |pen| unlock::view(&unlock::State::default(), &unlock_data(0), pen)),
        case("ready", ScreenId::Ready, |pen| ready::view(&ready_data(Invitation::Card), pen)),
        case("ready-not-open", ScreenId::Ready, |pen| {
            let data = ready::Data { taps: Vec::new(), limit: None, ..ready_data(Invitation::NotOpen) };
            ready::view(&data, pen)
        }),
        case("ready-reader-lost", ScreenId::Ready, |pen| ready::view(&ready_data(Invitation::ReaderLost), pen)),
        case("ready-over", ScreenId::Ready, |pen| ready::view(&ready_data(Invitation::Over), pen)),
    ]
}

fn verdicts() -> Vec<Case> {
    vec![
        case("verdict-ok", ScreenId::Verdict, |pen| verdict::view(&verdict_data(Plate::Ok), pen)),
        case("verdict-late", ScreenId::Verdict, |pen| verdict::view(&verdict_data(Plate::Late), pen)),
        case("verdict-already", ScreenId::Verdict, |pen| verdict::view(&verdict_data(Plate::Already), pen)),
        case("verdict-refused", ScreenId::Verdict, |pen| verdict::view(&verdict_data(Plate::Refused), pen)),
        case("verdict-proctor", ScreenId::Verdict, |pen| verdict::view(&verdict_data(Plate::Proctor), pen)),
        case("verdict-unreadable", ScreenId::Verdict, |pen| verdict::view(&verdict_data(Plate::Unreadable), pen)),
        case("verdict-reading", ScreenId::Verdict, |pen| verdict::view(&verdict_data(Plate::Reading), pen)),
        case("verdict-six-glyphs", ScreenId::Verdict, |pen| {
            let place = Some((room("101"), seat("A2")));
            verdict::view(&verdict::Data { place, ..verdict_data(Plate::Ok) }, pen)
        }),
        case("verdict-seat-alone", ScreenId::Verdict, |pen| {
            let place = Some((room("LAB2024A"), seat("A12345")));
            verdict::view(&verdict::Data { place, ..verdict_data(Plate::Ok) }, pen)
        }),
    ]
}

fn open_cases() -> Vec<Case> {
    use verdict::{Open, Way};
    let names = |document: &str| Some(("欧阳娜娜".to_owned(), document.to_owned()));
    let type_in = |keys: &str| {
        let mut state = manual::State::default();
        for c in keys.chars() {
            let press = if c == '\n' { Press::Do(Action::Enter) } else { Press::Char(c) };
            manual::on_key(&mut state, &manual_data(), press);
        }
        state
    };
    vec![
        case("case-confirm", ScreenId::Case, move |pen| {
            let open = Open { ways: vec![Way::Confirm], names: names("欧 阳娜娜"), ..Open::default() };
            verdict::view(&case_data(26, open), pen)
        }),
        case("case-two-people", ScreenId::Case, move |pen| {
            let open = Open { ways: vec![Way::Lift], names: names("欧阳那那"), ..Open::default() };
            verdict::view(&case_data(27, open), pen)
        }),
        case("case-several-rows", ScreenId::Case, |pen| {
            let open = Open { rows: two_rows(), picked: Some(1), ..Open::default() };
            verdict::view(&case_data(25, open), pen)
        }),
        case("case-ways", ScreenId::Case, |pen| {
            let open = Open { ways: vec![Way::Lift, Way::ByHand], ..Open::default() };
            verdict::view(&case_data(17, open), pen)
        }),
        case("lift-first", ScreenId::Lift, |pen| {
            verdict::view(&case_data(27, Open::default()), pen);
            let mut state = lift::State::default();
            for c in "9QK-0031".chars() {
                lift::on_key(&mut state, &lift_data(27, None), Press::Char(c));
            }
            lift::view(&state, &lift_data(27, None), pen)
        }),
        case("lift-row", ScreenId::Lift, |pen| {
            let state = lift::State::with_row("26");
            lift::view(&state, &lift_data(20, None), pen)
        }),
        case("lift-second", ScreenId::Lift, |pen| {
            verdict::view(&case_data(27, Open::default()), pen);
            lift::view(&lift::State::default(), &lift_data(27, Some(0)), pen)
        }),
        case("manual-empty", ScreenId::Manual, |pen| manual::view(&manual::State::default(), &manual_data(), pen)),
        case("manual-whole", ScreenId::Manual, move |pen| {
            let number = "110199199003070017";
            let state = type_in(&format!("26\n2\n{number}\n{number}\n20270201\n\n2\n12\n021X\n\n13579"));
            manual::view(&state, &manual_data(), pen)
        }),
        case("manual-nothing", ScreenId::Manual, move |pen| manual::view(&type_in("26\n0"), &manual_data(), pen)),
        case("holds", ScreenId::Holds, |pen| {
            let mut state = holds::State::default();
            for c in "26\n3\nJK-7\n3141".chars() {
                let press = if c == '\n' { Press::Do(Action::Enter) } else { Press::Char(c) };
                holds::on_key(&mut state, &holds_data(), press);
            }
            holds::view(&state, &holds_data(), pen)
        }),
        case("clock", ScreenId::Clock, |pen| {
            verdict::view(&case_data(50, Open { ways: vec![Way::Clock], ..Open::default() }), pen);
            clock::view(&clock::State::default(), pen)
        }),
    ]
}

fn lists() -> Vec<Case> {
    vec![
        case("roster-all", ScreenId::Roster, |pen| {
            roster::view(&roster::State::default(), &roster_data(20, Form::Everyone), pen)
        }),
        case("roster-few", ScreenId::Roster, |pen| {
            roster::view(&roster::State::starting_with("zx"), &roster_data(4, Form::Name), pen)
        }),
        case("roster-none", ScreenId::Roster, |pen| {
            roster::view(&roster::State::starting_with("9-99"), &roster_data(0, Form::Seat), pen)
        }),
    ]
}

/// Two sessions that begin at the same time.
fn sessions() -> Vec<confirm::Session> {
    let titles =
        ["场次 1  跨境电商B2B数据运营 中级  09:00  60 人", "场次 2  研学旅行策划与管理(EPPM) 初级  09:00  45 人"];
    let session = |(n, title): (u8, &str)| confirm::Session { no: n.try_into().unwrap(), title: title.into() };
    (1..).zip(titles).map(session).collect()
}

/// One person, and the map and list around them.
fn people() -> Vec<Case> {
    let mut large = Vec::new();
    for (name, keys) in [
        ("seatmap", &[][..]),
        ("seatmap-missing", &[Press::Do(Action::Filter)][..]),
        ("seatmap-moving", &[Press::Do(Action::MoveSeat)][..]),
        ("seatmap-reason", &[Press::Do(Action::Withdraw)][..]),
    ] {
        large.push(case(name, ScreenId::SeatMap, move |pen| {
            let (mut state, data) = (seatmap::State::default(), seat_map());
            state.go_to(&data, &"03-17".parse().unwrap());
            for press in keys {
                seatmap::on_key(&mut state, &data, *press);
            }
            seatmap::view(&state, &data, pen)
        }));
    }
    large.extend([
        case("seatmap-empty", ScreenId::SeatMap, |pen| {
            seatmap::view(
                &seatmap::State::default(),
                &seatmap::Data { session: "场次 1".into(), ..Default::default() },
                pen,
            )
        }),
        case("detail", ScreenId::Detail, |pen| detail::view(detail::State::default(), &person(), pen)),
        case("detail-reading", ScreenId::Detail, |pen| {
            let data = detail::Data {
                name: NAMES[2].into(),
                history: None,
                place: None,
                moves: false,
                open: true,
                ..person()
            };
            detail::view(detail::State::default(), &data, pen)
        }),
        case("pending", ScreenId::Pending, |pen| pending::view(&pending::State::default(), &waiting(), pen)),
        case("pending-none", ScreenId::Pending, |pen| pending::view(&pending::State::default(), &[], pen)),
        case("roster-elsewhere", ScreenId::Roster, |pen| {
            let data = roster::Data {
                session: Some("场次 1".into()),
                elsewhere: Some(("场次 2".into(), 3)),
                ..roster_data(0, Form::Name)
            };
            roster::view(&roster::State::starting_with("?? k03 zx"), &data, pen)
        }),
    ]);
    large
}

fn overlays() -> Vec<Case> {
    use ready::Invitation;
    vec![
        case("menu", ScreenId::Menu, |pen| {
            ready::view(&ready_data(Invitation::Card), pen);
            menu::view(&menu::State::default(), &menu_items(), pen)
        }),
        case("menu-empty", ScreenId::Menu, |pen| menu::view(&menu::State::default(), &[], pen)),
        case("confirm-start", ScreenId::Confirm, |pen| {
            ready::view(&ready_data(Invitation::Card), pen);
            confirm::view(
                &confirm::State::default(),
                &confirm::Data {
                    act: confirm::Act::Start,
                    pin: false,
                    passphrase: false,
                    demo_passphrase: None,
                    sessions: sessions(),
                },
                pen,
            )
        }),
        case("confirm-quit", ScreenId::Confirm, |pen| {
            confirm::view(
                &confirm::State::default(),
                &confirm::Data {
                    act: confirm::Act::Quit,
                    pin: true,
                    passphrase: false,
                    demo_passphrase: None,
                    sessions: vec![],
                },
                pen,
            )
        }),
        case("confirm-absent", ScreenId::Confirm, |pen| {
            let act = confirm::Act::Absent { room: room("LAB2024A"), people: 30 };
            confirm::view(
                &confirm::State::default(),
                &confirm::Data { act, pin: false, passphrase: false, demo_passphrase: None, sessions: sessions() },
                pen,
            )
        }),
        case("help", ScreenId::Help, |pen| {
            ready::view(&ready_data(Invitation::Card), pen);
            help::view(&help::State::default(), ScreenId::Ready, pen)
        }),
        case("help-scoring", ScreenId::Help, |pen| help::view(&help::State::default(), ScreenId::Scoring, pen)),
        case("legend", ScreenId::Legend, |pen| {
            verdict::view(&verdict_data(Plate::Ok), pen);
            legend::view(pen)
        }),
    ]
}

fn work() -> Vec<Case> {
    vec![
        case("rooms-absent", ScreenId::Rooms, |pen| {
            let seats = |n: usize| (1..=n).map(|i| seat(&format!("{i:02}"))).collect();
            let rooms = vec![
                rooms::Room { room: room("03"), people: 3, seats: seats(3) },
                rooms::Room { room: room("LAB2024A"), people: 30, seats: seats(30) },
            ];
            rooms::view(
                &rooms::State::default(),
                &rooms::Data { task: rooms::Task::Absent, session: sessions()[0].title.clone(), rooms },
                pen,
            )
        }),
        case("rooms-collect-done", ScreenId::Rooms, |pen| {
            let data = rooms::Data { task: rooms::Task::Collect, session: String::new(), rooms: Vec::new() };
            rooms::view(&rooms::State::default(), &data, pen)
        }),
        case("close", ScreenId::Close, |pen| close::view(&close::State::default(), &close_data(55), pen)),
        case("close-off", ScreenId::Close, |pen| close::view(&close::State::default(), &close_data(52), pen)),
        case("scoring", ScreenId::Scoring, |pen| {
            scoring::view(&scoring::State::new(&scoring_data()), &scoring_data(), pen)
        }),
        case("scoring-empty", ScreenId::Scoring, |pen| {
            let data = scoring::Data { rows: Vec::new(), ..scoring_data() };
            scoring::view(&scoring::State::new(&data), &data, pen)
        }),
        case("results", ScreenId::Results, |pen| {
            results::view(&results::State::default(), &results_data(results::Derived::Current), pen)
        }),
        case("results-stale", ScreenId::Results, |pen| {
            results::view(&results::State::default(), &results_data(results::Derived::Stale), pen)
        }),
        case("results-none", ScreenId::Results, |pen| {
            let data = results::Data { figures: Vec::new(), ..results_data(results::Derived::Never) };
            results::view(&results::State::default(), &data, pen)
        }),
    ]
}

fn special() -> Vec<Case> {
    let mut fault = case("fault", ScreenId::Fault, |pen| {
        let cause = "write /var/lib/kaodian/kaodian.db: no space left on device (os error 28)".to_owned();
        fault::view(&fault::Data { last: Some((1431, at(8, 41, 52))), taps: 2, cause, retrying: false }, pen)
    });
    fault.header.phase = Some(Phase::Fault);
    fault.header.journal = Health::Lost;
    let mut strip = case("strip-over-scoring", ScreenId::Scoring, |pen| {
        scoring::view(&scoring::State::new(&scoring_data()), &scoring_data(), pen)
    });
    strip.strip = Some(Strip { plate: Plate::Ok, who: who(NAMES[1], "021X", ""), seat: Some("03-17".into()) });
    vec![fault, strip]
}
