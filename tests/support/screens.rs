//! Fixed sample data for every screen, and a buffer as lines of text.
//!
//! The names are the longest that a roster brings: four 汉字, a character beyond the basic plane, forty Latin letters.

use jiff::civil::{date, time};
use kaodian::domain::candidate::Hold;
use kaodian::domain::conflict::{ConflictId, ConflictKind};
use kaodian::domain::crew::Role;
use kaodian::domain::document::DocKind;
use kaodian::domain::event::{AttendanceCounts, OutcomeCounts, Via};
use kaodian::domain::ids::{AdmissionNo, Code, DeskId, RoomId, SeatLabel};
use kaodian::domain::seats::SeatReason;
use kaodian::domain::session::Mode;
use kaodian::domain::time::Instant;
use kaodian::tui::pinyin::Form;
use kaodian::tui::sayings::Told;
use kaodian::tui::screens::{
    close, detail, holds, lift, manual, menu, pending, ready, results, roster, scoring, seatmap, unlock, verdict,
};
use kaodian::tui::text::masked;
use kaodian::tui::theme::Plate;
use kaodian::tui::widgets::header::{Duty, Header, Health, Limit, Phase};
use kaodian::tui::widgets::plate::Who;
use kaodian::tui::widgets::tries::Tries;
use ratatui::buffer::Buffer;

pub const NAMES: [&str; 4] = ["欧阳娜娜", "𠮷田一郎", "MUHAMMATJAN ABDURAXMAN ABLIMIT TURSUNJAN", "张晓明"];

pub fn at(hour: i8, minute: i8, second: i8) -> Instant {
    Instant::at(date(2026, 11, 24), time(hour, minute, second, 0))
}

pub fn room(text: &str) -> RoomId {
    RoomId::parse(text).unwrap()
}

pub fn seat(text: &str) -> SeatLabel {
    SeatLabel::parse(text).unwrap()
}

pub fn number(n: usize) -> AdmissionNo {
    AdmissionNo::parse(&format!("26112403{n:02}")).unwrap()
}

pub fn who(name: &str, id_tail: &str, number_tail: &str) -> Who {
    let some = |t: &str| (!t.is_empty()).then(|| t.to_owned());
    Who { masked: masked(name), id_tail: some(id_tail), number_tail: some(number_tail) }
}

pub fn header(mode: Mode) -> Header {
    Header {
        mode,
        site: "滨江职业学院考点".into(),
        certificate: "跨境电商B2B数据运营 中级".into(),
        session: "上午场".into(),
        phase: Some(Phase::Open),
        desk: DeskId::try_from(2).unwrap(),
        now: at(8, 42, 17),
        limit: Some((Limit::Start, 17 * 60 + 43)),
        reader: Health::Good,
        scanner: Health::Absent,
        campus: Health::Absent,
        journal: Health::Good,
        duty: Some(Duty { role: Role::Proctor, masked: "王*".into() }),
    }
}

pub fn verdict_data(plate: Plate) -> verdict::Data {
    let told = Told {
        opens: "08:30".into(),
        room: "03".into(),
        seat: "17".into(),
        desk: "01".into(),
        at: "08:21:33".into(),
        minutes: 6,
        ..Told::default()
    };
    let (code, who, sits) = match plate {
        Plate::Ok => (90, who("张晓明", "021X", "0317"), Some(("03", "17"))),
        Plate::Late => (91, who("赵新涵", "7720", "1104"), Some(("11", "04"))),
        Plate::Already => (41, who("李桐", "4436", "0822"), Some(("08", "22"))),
        Plate::Refused => (20, who("孙一", "5512", ""), None),
        Plate::Proctor => (25, who("𠮷田一郎", "3017", ""), None),
        _ => (10, Who::default(), None),
    };
    let at_seat = sits.map(|(r, s)| (room(r), seat(s)));
    verdict::Data {
        plate,
        code: (plate != Plate::Reading).then_some(Code(code)),
        told: Told {
            room: at_seat.as_ref().map_or("03".into(), |p| p.0.to_string()),
            seat: at_seat.as_ref().map_or("17".into(), |p| p.1.to_string()),
            ..told
        },
        who,
        place: at_seat,
        entry: verdict::Entry::Written,
        back_in: Some(4),
        open: None,
    }
}

/// A plate that waits for a proctor, for this code, with these ways on.
pub fn case_data(code: u8, open: verdict::Open) -> verdict::Data {
    let data = verdict_data(Plate::Proctor);
    verdict::Data { code: Some(Code(code)), open: Some(open), back_in: Some(58), ..data }
}

pub fn two_rows() -> Vec<verdict::Choice> {
    let row = |n: usize, place: &str| verdict::Choice {
        number: number(n),
        place: place.into(),
        session: "上午场".into(),
        certificate: "跨境电商B2B数据运营".into(),
    };
    vec![row(9, "09-09"), row(12, "12-03")]
}

pub fn lift_data(code: u8, first: Option<usize>) -> lift::Data {
    let person = |masked: &str, role| lift::Person { masked: masked.into(), role };
    lift::Data {
        code: Code(code),
        headline: "逐字核对姓名，记下待更正".into(),
        found: (code == 20).then(|| roster_rows().into_iter().take(2).collect()),
        people: vec![person("王*", Role::Proctor), person("陈*", Role::Chief)],
        acting: Some(0),
        first,
    }
}

pub fn holds_data() -> holds::Data {
    let conflict = ConflictId { kind: ConflictKind::RosterDrift, cand: number(1) };
    holds::Data {
        found: roster_rows().into_iter().take(2).collect(),
        ways: vec![
            holds::Way::Settle(conflict),
            holds::Way::Place(Hold::Barred),
            holds::Way::Lift(Hold::Withdrawn),
            holds::Way::Place(Hold::Pending),
        ],
        conflicts: vec![number(1), number(7)],
        proctors: vec![lift::Person { masked: "王*".into(), role: Role::Proctor }],
    }
}

pub fn manual_data() -> manual::Data {
    let person = |masked: &str, role| lift::Person { masked: masked.into(), role };
    manual::Data {
        found: roster_rows().into_iter().take(2).collect(),
        accepted: vec![DocKind::ResidentId, DocKind::TempId, DocKind::Passport],
        forgotten: true,
        acting: "王*".into(),
        people: vec![person("李*", Role::Proctor), person("陈*", Role::Chief)],
    }
}

pub fn roster_rows() -> Vec<roster::Row> {
    let standings = [
        roster::Standing::Present { at: at(8, 42, 0), late: false },
        roster::Standing::Expected,
        roster::Standing::Present { at: at(9, 6, 0), late: true },
        roster::Standing::HandedIn(at(10, 31, 0)),
        roster::Standing::Absent,
    ];
    (0..20)
        .map(|n| roster::Row {
            name: NAMES[n % 4].to_owned(),
            initials: ["oynn", "tyl", "maat", "zxm"][n % 4].to_owned(),
            number: if n == 2 { AdmissionNo::parse("GD0137B2605030200731").unwrap() } else { number(n + 1) },
            id_tail: ["021X", "8836", "6629", "1190"][n % 4].to_owned(),
            place: match n {
                2 => "LAB2024A-A12345".parse().ok(),
                7 => None,
                n => format!("03-{:02}", n + 1).parse().ok(),
            },
            standing: standings[n % 5],
            open: n == 6,
            resit: n == 3,
            hold: (n == 11).then_some(Hold::Barred),
        })
        .collect()
}

pub fn roster_data(rows: usize, form: Form) -> roster::Data {
    let rows: Vec<roster::Row> = roster_rows().into_iter().take(rows).collect();
    roster::Data { hits: rows.len(), rows, form, total: 500, missing: 88, session: None, elsewhere: None }
}

pub fn scoring_data() -> scoring::Data {
    use scoring::Slot;
    let slots = [
        Slot::Marked(8050),
        Slot::Absent,
        Slot::Marked(9300),
        Slot::Open,
        Slot::NeverAdmitted,
        Slot::Open,
        Slot::Present,
        Slot::Removed,
        Slot::Open,
        Slot::Open,
        Slot::Open,
        Slot::Open,
        Slot::Open,
        Slot::Open,
    ];
    let rows = (1..)
        .zip(slots)
        .map(|(n, slot)| scoring::Row { number: number(n), place: format!("03-{n:02}"), slot })
        .collect();
    scoring::Data { part: "理论".into(), assessor: "周*".into(), max: 10_000, step: 50, rows }
}

pub fn balanced() -> AttendanceCounts {
    AttendanceCounts {
        registered: 61,
        void: 1,
        expected: 60,
        present: 56,
        late: 3,
        absent: 4,
        handed_in: 55,
        removed: 1,
    }
}

pub fn close_data(handed_in: u32) -> close::Data {
    let counts = AttendanceCounts { handed_in, ..balanced() };
    close::Data {
        session: "场次 1  跨境电商B2B数据运营 中级  09:00  60 人  (1/2)".into(),
        counts,
        rooms: vec![(
            room("03"),
            AttendanceCounts {
                registered: 30,
                expected: 30,
                present: 30,
                handed_in: 27,
                ..AttendanceCounts::default()
            },
        )],
        chief: "陈*".into(),
        proctors: vec!["王*".into(), "李*".into()],
    }
}

pub fn results_data(derived: results::Derived) -> results::Data {
    let line = |part: Option<&str>, mean, rate| results::Figures {
        part: part.map(str::to_owned),
        count: 56,
        mean,
        median: mean + 170,
        min: 2200,
        max: 9775,
        sd: 1240,
        passed: 45,
        rate,
    };
    results::Data {
        certificate: "跨境电商B2B数据运营 中级".into(),
        rule: "理论 40% + 实操 60%，合格 60，且单科不低于 60".into(),
        counts: balanced(),
        complete: 56,
        derived,
        figures: vec![line(Some("理论"), 7130, 804), line(Some("实操"), 6890, 823), line(None, 6990, 810)],
        distribution: [0, 1, 1, 2, 4, 6, 14, 18, 8, 2],
        outcomes: (derived == results::Derived::Current).then_some(OutcomeCounts {
            pass: 45,
            fail: 11,
            absent: 4,
            ..OutcomeCounts::default()
        }),
    }
}

pub fn ready_data(invitation: ready::Invitation) -> ready::Data {
    let tap = |h, m, s, plate, name: &str, tail: &str, seat: Option<&str>| ready::Tap {
        at: at(h, m, s),
        plate,
        who: who(name, tail, ""),
        seat: seat.map(str::to_owned),
    };
    ready::Data {
        invitation,
        taps: vec![
            tap(8, 41, 52, Plate::Ok, NAMES[0], "021X", Some("03-17")),
            tap(8, 41, 40, Plate::Already, NAMES[1], "4436", Some("LAB2024A-A12345")),
            tap(8, 41, 21, Plate::Refused, NAMES[2], "1190", None),
        ],
        counts: ready::Counts { desk: 128, present: 412, expected: 500, missing: 88, late: 0, refused: 7 },
        limit: Some((Limit::EntryEnds, 32 * 60 + 43, at(9, 15, 0))),
    }
}

pub fn unlock_data(people: usize) -> unlock::Data {
    let crew = [
        ("王", Role::Proctor),
        ("李", Role::Proctor),
        ("陈", Role::Chief),
        ("周", Role::Assessor),
        ("𠮷", Role::Inspector),
        ("MUHAMMATJAN", Role::Admin),
    ];
    let people = crew
        .into_iter()
        .take(people)
        .map(|(name, role)| unlock::Person {
            masked: masked(name),
            role,
            demo_pin: Some("135790".into()),
            tries: Some(Tries::FULL),
        })
        .collect();
    unlock::Data {
        site: "滨江职业学院考点".into(),
        desk: DeskId::try_from(2).unwrap(),
        phase: Some(Phase::Open),
        people,
        judged: true,
    }
}

pub fn menu_items() -> Vec<menu::Item> {
    use menu::Item;
    vec![
        Item::Start,
        Item::Absent,
        Item::Collect,
        Item::Close,
        Item::Derive,
        Item::Results,
        Item::Seal,
        Item::Switch,
        Item::Language,
        Item::Quit,
    ]
}

/// A buffer as lines: symbols joined, the cell behind a wide character skipped. `ink` shows coloured blanks as blocks.
pub fn lines(buffer: &Buffer, ink: bool) -> Vec<String> {
    let area = buffer.area;
    (area.top()..area.bottom())
        .map(|y| {
            let ground = &buffer[(area.left(), y)];
            let mut out = String::new();
            let mut x = area.left();
            while x < area.right() {
                let cell = &buffer[(x, y)];
                let blank = cell.symbol() == " ";
                let inked = (cell.bg, cell.modifier & ratatui::style::Modifier::REVERSED)
                    != (ground.bg, ground.modifier & ratatui::style::Modifier::REVERSED);
                out.push_str(if ink && blank && inked { "█" } else { cell.symbol() });
                x += u16::try_from(kaodian::tui::text::width(cell.symbol()).max(1)).unwrap();
            }
            out
        })
        .collect()
}

/// Seventeen rooms, five hundred seats, as in the wireframe: somebody of every kind.
pub fn seat_map() -> seatmap::Data {
    use seatmap::Mark;
    let marks = |room: usize, n: usize| match (room * 31 + n * 7) % 23 {
        0..=2 => Mark::Expected,
        3 => Mark::Late,
        4 if room == 11 => Mark::Absent,
        5 if room == 12 => Mark::HandedIn,
        6 if n.is_multiple_of(3) => Mark::Open,
        7 if room > 14 => Mark::Withdrawn,
        8 if room > 13 => Mark::Empty,
        _ => Mark::Present,
    };
    let one = |n: usize| {
        let count = if n == 17 { 20 } else { 30 };
        let seats: Vec<_> = (1..=count).map(|s| (seat(&format!("{s:02}")), marks(n, s))).collect();
        let came = seats.iter().filter(|(_, mark)| matches!(mark, Mark::Present | Mark::Late | Mark::HandedIn)).count();
        let way = if n == 3 { "第三机房  2 号楼 3 层".to_owned() } else { String::new() };
        seatmap::Room { id: room(&format!("{n:02}")), way, seats, came, people: count, short: n == 5 }
    };
    let sitter = |n: usize, standing| seatmap::Sitter { number: number(n), name: NAMES[n % 4].to_owned(), standing };
    seatmap::Data {
        session: "场次 1".into(),
        rooms: (1..=17).map(one).collect(),
        sitters: vec![
            sitter(3, roster::Standing::Present { at: at(8, 42, 0), late: false }),
            sitter(2, roster::Standing::Expected),
        ],
        moves: true,
    }
}

pub fn person() -> detail::Data {
    use detail::{Line, What};
    let desk = DeskId::try_from(2).unwrap();
    let what = [
        What::TurnedAway(desk, Code(27)),
        What::Admitted(desk, Via::Chip),
        What::Moved("03-18".parse().unwrap(), SeatReason::StationFault),
        What::HandedIn,
    ];
    let history = what.into_iter().zip(1u64..).map(|(what, seq)| Line {
        at: at(8, 41, 52 + i8::try_from(seq).unwrap()),
        what,
        seq,
    });
    detail::Data {
        name: NAMES[3].into(),
        initials: "zxm".into(),
        number: number(17),
        document: "居民身份证".into(),
        id_tail: "021X".into(),
        place: "03-18".parse().ok(),
        session: "场次 1 跨境电商B2B数据运营 中级".into(),
        standing: roster::Standing::HandedIn(at(10, 31, 0)),
        open: false,
        resit: true,
        hold: None,
        history: Some(history.collect()),
        moves: true,
    }
}

pub fn waiting() -> Vec<pending::Case> {
    use kaodian::domain::attendance::ConflictKind;
    let case = |n: usize, kind, age_s| pending::Case {
        kind,
        age_s,
        session: 1.try_into().unwrap(),
        masked: masked(NAMES[n % 4]),
        number: (n != 4).then(|| number(n)),
        desk: age_s.map(|_| DeskId::FIRST),
        case: None,
    };
    vec![
        case(1, pending::Kind::Conflict(ConflictKind::SeatTwice), None),
        case(2, pending::Kind::Conflict(ConflictKind::RosterDrift), None),
        case(3, pending::Kind::TurnedAway(Code(27)), Some(4210)),
        case(4, pending::Kind::TurnedAway(Code(61)), Some(65)),
    ]
}
