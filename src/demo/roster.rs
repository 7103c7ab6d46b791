//! The demo's candidates: one college, three certificates, one day, all of it invented from a seed.
//!
//! Owns who sits when, where, and with which number, and the roster file (rules.md §3) that says so. The file goes
//! through the same import as a real one; nothing here is a [`crate::domain::candidate::RosterRow`].
//!
//! Invariants: the same arguments give the same bytes on every machine, whatever its time zone, language or clock;
//! document numbers and admission numbers are unique; no document number stands in an admission number; no value holds
//! a comma, a quotation mark or a line break.

mod card;
mod draw;

pub use card::strangers;
pub use draw::SplitMix64;

use crate::reader::record::ResidentCard;
use card::{Known, SOCIAL, STUDENT};
use jiff::civil::{Date, date};
use std::fmt;

/// The day of the demo.
pub const DAY: Date = date(2026, 11, 24);
/// The demo's site id.
pub const SITE: &str = "EX-SITE-01";
/// The organisation of every session.
pub const ORG: &str = "EX-ORG-A";
/// The college that is the site, and the school of its students.
pub const COLLEGE: &str = "滨江职业学院";
/// The largest number of candidates that session 1 takes; [`generate`] stops there.
pub const MOST: u32 = 30_000;

/// The demo's own policies, by file name, in the order of its sessions. Numbers invented.
pub const POLICIES: [(&str, &[u8]); 3] = [
    ("b2b-intermediate.toml", include_bytes!("../../assets/demo/b2b-intermediate.toml")),
    ("eppm-primary.toml", include_bytes!("../../assets/demo/eppm-primary.toml")),
    ("english-primary.toml", include_bytes!("../../assets/demo/english-primary.toml")),
];

/// Seats of a room.
const SEATS: u32 = 30;
/// Candidates of each later session.
const LATER: u32 = 10;

/// The default headers of rules.md §3, in the order of the file.
const HEADERS: [&str; 18] = [
    "准考证号",
    "姓名",
    "证件类型",
    "证件号码",
    "性别",
    "学校",
    "专业",
    "班级",
    "学号",
    "考生来源",
    "免费标识",
    "证书名称",
    "等级",
    "场次",
    "考核日期",
    "开始时间",
    "考场",
    "座位号",
];

/// Names that a screen, a search and a card must cope with, and the rows of session 1 that bear them.
const NAMES: [(u32, &str); 5] =
    [(1, "阿依古丽·买买提"), (3, "欧阳若溪"), (5, "王\u{20bb7}"), (7, "上官文轩"), (9, "李桐")];

/// What is fixed of a session, whoever comes.
struct Exam {
    session: u8,
    certificate: &'static str,
    level: &'static str,
    start: &'static str,
    /// Majors of its students, each with the short word of its classes.
    majors: [(&'static str, &'static str); 3],
}

const EXAMS: [Exam; 3] = [
    Exam {
        session: 1,
        certificate: "跨境电商B2B数据运营",
        level: "中级",
        start: "09:00",
        majors: [("电子商务", "电商"), ("跨境电子商务", "跨境"), ("国际经济与贸易", "国贸")],
    },
    Exam {
        session: 2,
        certificate: "研学旅行策划与管理(EPPM)",
        level: "初级",
        start: "13:30",
        majors: [("旅游管理", "旅管"), ("研学旅行管理与服务", "研学"), ("导游", "导游")],
    },
    Exam {
        session: 3,
        certificate: "实用英语交际",
        level: "初级",
        start: "15:45",
        majors: [("商务英语", "商英"), ("应用英语", "应英"), ("旅游英语", "旅英")],
    },
];

/// What the college knows of a candidate; social candidates have none.
#[derive(Clone, PartialEq, Eq)]
pub struct Study {
    /// 学校.
    pub school: &'static str,
    /// 专业.
    pub major: &'static str,
    /// 班级.
    pub class: String,
    /// 学号: year of enrolment and running number.
    pub student_no: String,
}

impl fmt::Debug for Study {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Study(hidden)")
    }
}

/// One candidate of the demo: a row of its roster and the card that its bearer will show.
#[derive(Clone, PartialEq, Eq)]
pub struct DemoCandidate {
    /// The card, always a resident's.
    pub card: ResidentCard,
    /// What the college knows; `None` for a social candidate.
    pub study: Option<Study>,
    /// Exempt from the exam fee.
    pub fee_exempt: bool,
    /// Admission number.
    pub cand: String,
    /// Session number.
    pub session: u8,
    /// Name of the certificate.
    pub certificate: &'static str,
    /// Its level, in Chinese.
    pub level: &'static str,
    /// Start of the session, `HH:MM`.
    pub start: &'static str,
    /// Room.
    pub room: String,
    /// Seat.
    pub seat: String,
}

impl fmt::Debug for DemoCandidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cand, session, room, seat, .. } = self;
        write!(f, "DemoCandidate({cand}, session {session}, room {room}, seat {seat}, hidden)")
    }
}

/// Invents the roster of a day, in the order of sessions, rooms and seats: `candidates` people in session 1 (at most
/// [`MOST`]), ten in each later one.
#[must_use]
pub fn generate(candidates: u32, seed: u64) -> Vec<DemoCandidate> {
    let mut draw = SplitMix64::new(seed);
    let mut known = Known::default();
    let mut roster = Vec::new();
    let mut rooms_taken = 0;
    for exam in &EXAMS {
        let people = if exam.session == 1 { candidates.min(MOST) } else { LATER };
        known.forget_names();
        // Every sixth is a social candidate and every eighth exempt, so that ten people already hold both kinds.
        let (social, exempt) = (draw.below(6), draw.below(8));
        for at in 0..people {
            let study = at % 6 != social;
            let name = NAMES.iter().find(|(row, _)| exam.session == 1 && *row == at).map(|(_, name)| *name);
            let card = known.person(&mut draw, if study { &STUDENT } else { &SOCIAL }, name);
            roster.push(DemoCandidate {
                study: study.then(|| enrol(&mut draw, exam, &card, roster.len())),
                card,
                fee_exempt: at % 8 == exempt,
                cand: admission_number(exam.session, at + 1),
                session: exam.session,
                certificate: exam.certificate,
                level: exam.level,
                start: exam.start,
                room: format!("{:02}", rooms_taken + at / SEATS + 1),
                seat: format!("{:02}", at % SEATS + 1),
            });
        }
        rooms_taken += people.div_ceil(SEATS);
    }
    roster
}

fn enrol(draw: &mut SplitMix64, exam: &Exam, card: &ResidentCard, running: usize) -> Study {
    let born: u32 = card.birth.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default();
    let year = (born + 18).clamp(2024, 2026);
    let [first, second, third] = exam.majors;
    let (major, short) = match draw.below(3) {
        0 => first,
        1 => second,
        _ => third,
    };
    let class = format!("{short}{:02}{:02}班", year % 100, draw.within(1..=4));
    Study { school: COLLEGE, major, class, student_no: format!("{year}{:05}", running + 1) }
}

/// `261124`, the session, and a running number of three characters: decimal to 999, then base 36 from `A00` on, which
/// suffices for 34,695 people and keeps the numbers of an ordinary day free of letters.
fn admission_number(session: u8, running: u32) -> String {
    if running < 1000 {
        return format!("261124{session}{running:03}");
    }
    let n = running - 1000 + 10 * 36 * 36;
    let digit = |n: u32| char::from_digit(n % 36, 36).unwrap_or('0').to_ascii_uppercase();
    format!("261124{session}{}{}{}", digit(n / 1296), digit(n / 36), digit(n))
}

/// Writes the roster file: UTF-8, commas, one header row.
#[must_use]
pub fn csv(roster: &[DemoCandidate]) -> Vec<u8> {
    let mut text = HEADERS.join(",");
    text.push('\n');
    let date = DAY.to_string();
    for one in roster {
        let study = one.study.as_ref();
        let session = one.session.to_string();
        let cells: [&str; HEADERS.len()] = [
            &one.cand,
            &one.card.name,
            "居民身份证",
            &one.card.number,
            if one.card.sex == "1" { "男" } else { "女" },
            study.map_or("", |s| s.school),
            study.map_or("", |s| s.major),
            study.map_or("", |s| &s.class),
            study.map_or("", |s| &s.student_no),
            if study.is_some() { "在校生" } else { "社会成员" },
            if one.fee_exempt { "是" } else { "否" },
            one.certificate,
            one.level,
            &session,
            &date,
            one.start,
            &one.room,
            &one.seat,
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests;
