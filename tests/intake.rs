//! Rosters by name: `tests/vectors/roster/<flaw>.csv` or `.xlsx` with every finding it must give beside it, and the properties of
//! an import (rules.md §12: 20, 21).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it fails")]

#[path = "intake/binary.rs"]
mod binary;
#[path = "intake/workbooks.rs"]
mod workbooks;
#[path = "support/xlsx.rs"]
mod xlsx;

use jiff::civil::date;
use kaodian::domain::ids::{PartId, SeatLabel};
use kaodian::domain::policy::{Policy, SeatMode};
use kaodian::intake::{self, Context, Limits, Outcome, Severity};
use std::path::{Path, PathBuf};

fn policies() -> Vec<Policy> {
    [&include_bytes!("vectors/policy/b2b-intermediate.toml")[..], include_bytes!("vectors/policy/eppm-primary.toml")]
        .into_iter()
        .map(|bytes| Policy::parse_supported(bytes, "policy.toml").unwrap())
        .collect()
}

fn read(name: &str, bytes: &[u8]) -> Outcome {
    let policies = policies();
    let dry_run = name.starts_with("n8");
    let context = Context {
        site: Some("EX-SITE-01".parse().unwrap()),
        policies: if dry_run { &[] } else { &policies },
        rooms: None,
        today: date(2026, 11, 24),
        dry_run,
    };
    let per_session = if name.starts_with("44") { 11 } else { 5_000 };
    intake::read("roster.csv", bytes, &context, &Limits { per_session, ..Limits::default() })
}

fn vectors() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/roster");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "csv" || e == "xlsx"));
    files.sort();
    files
}

fn stem(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

#[test]
fn every_vector_gives_the_findings_beside_it() {
    let files = vectors();
    assert!(files.len() > 60);
    for path in files {
        let outcome = read(stem(&path), &std::fs::read(&path).unwrap());
        let found: Vec<serde_json::Value> =
            outcome.findings.iter().map(|f| serde_json::from_str(&f.to_json()).unwrap()).collect();
        let beside = path.with_extension("json");
        let expected: Vec<serde_json::Value> =
            serde_json::from_str(&std::fs::read_to_string(&beside).unwrap()).unwrap();
        assert_eq!(found, expected, "{}", stem(&path));
    }
}

/// A file called clean has no finding and all its rows; one named for a code has that code; any error leaves no row.
#[test]
fn a_vector_keeps_what_its_name_promises() {
    for path in vectors() {
        let name = stem(&path).to_owned();
        let outcome = read(&name, &std::fs::read(&path).unwrap());
        let codes: Vec<&str> = outcome.findings.iter().map(|f| f.code).collect();
        if name.contains("clean") || name.ends_with("silent") {
            assert!(codes.is_empty(), "{name}: {codes:?}");
            assert_eq!(outcome.rows.len(), outcome.read, "{name}");
        } else if let Some(code) = name.split('_').next().filter(|c| *c != "many") {
            assert!(codes.contains(&format!("KD-R-{}", code.to_uppercase()).as_str()), "{name}: {codes:?}");
        }
        if outcome.errors() > 0 {
            assert!(outcome.rows.is_empty() && outcome.sessions.is_empty(), "{name}");
        }
        assert!(outcome.findings.iter().all(|f| (f.severity == Severity::Notice) == f.code.contains("-N")));
    }
}

#[test]
fn a_plain_roster_plans_its_sessions() {
    let bytes = std::fs::read("tests/vectors/roster/42_apart_is_clean.csv").unwrap();
    let outcome = read("", &bytes);
    let sessions: Vec<String> = outcome
        .sessions
        .iter()
        .map(|s| format!("{} {} {} {} {} {}", s.no, s.certificate, s.level.zh(), s.date, s.start, s.batch))
        .collect();
    assert_eq!(
        sessions,
        [
            "1 跨境电商B2B数据运营 中级 2026-11-24 09:00:00 D20261124",
            "2 跨境电商B2B数据运营 中级 2026-11-24 12:00:00 D20261124"
        ]
    );
    let row = &outcome.rows[12];
    assert_eq!(row.placement.parts.iter().map(PartId::as_str).collect::<Vec<_>>(), ["theory", "practical"]);
    assert_eq!((row.placement.site.as_str(), row.placement.seat.as_ref().unwrap().as_str()), ("EX-SITE-01", "01"));
}

#[test]
fn a_roster_that_says_less_gets_the_defaults_of_the_rules() {
    let outcome = read("", &std::fs::read("tests/vectors/roster/clean_other_site.csv").unwrap());
    assert_eq!(outcome.sessions.len(), 1);
    let elsewhere = &outcome.rows[2].placement;
    assert_eq!((elsewhere.site.as_str(), &*elsewhere.certificate), ("EX-SITE-02", "别的证书"));
    let resit = read("", &std::fs::read("tests/vectors/roster/51_resit_is_clean.csv").unwrap());
    let row = &resit.rows[6];
    assert_eq!(row.placement.parts.iter().map(PartId::as_str).collect::<Vec<_>>(), ["practical"]);
    assert_eq!(row.person.carried.values().map(ToString::to_string).collect::<Vec<_>>(), ["71.5"]);
}

#[test]
fn a_limit_is_a_value_and_is_kept() {
    let bytes = std::fs::read("tests/vectors/roster/clean.csv").unwrap();
    let policies = policies();
    let context = Context { site: None, policies: &policies, rooms: None, today: date(2026, 11, 24), dry_run: true };
    for (limits, at) in [
        (Limits { bytes: bytes.len() - 1, ..Limits::default() }, None),
        (Limits { rows: 11, ..Limits::default() }, None),
        (Limits { columns: 15, ..Limits::default() }, Some(1)),
    ] {
        let outcome = intake::read("roster.csv", &bytes, &context, &limits);
        let found: Vec<_> = outcome.findings.iter().map(|f| (f.code, f.line)).collect();
        assert_eq!(found, [("KD-R-03", at)]);
    }
    let outcome = intake::read("roster.csv", &bytes, &context, &Limits { rows: 12, ..Limits::default() });
    assert_eq!((outcome.findings.len(), outcome.read), (0, 12));
}

#[test]
fn seats_on_arrival_need_rooms_whose_seats_are_listed() {
    let mut policies = policies();
    policies.iter_mut().for_each(|policy| policy.seats.mode = SeatMode::Sequential);
    let without_seats = std::fs::read_to_string("tests/vectors/roster/clean.csv").unwrap().replace("座位号", "无");
    let read = |rooms: Option<&str>| {
        let rooms = rooms.map(|text| intake::read_rooms("rooms.csv", text.as_bytes(), &Limits::default()).rooms);
        let (site, today) = (Some("EX-SITE-01".parse().unwrap()), date(2026, 11, 24));
        let context = Context { site, policies: &policies, rooms: rooms.as_deref(), today, dry_run: false };
        let outcome = intake::read("roster.csv", without_seats.as_bytes(), &context, &Limits::default());
        let errors: Vec<_> =
            outcome.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| f.code).collect();
        (errors, outcome.rows.len())
    };
    assert_eq!(read(Some("考场,名称,座位\n01,机房,1-12\n")), (vec![], 12));
    assert_eq!(read(Some("考场,名称,座位\n01,机房,1-11\n")), (vec!["KD-R-44"], 0));
    assert_eq!(read(Some("考场,名称,容量\n01,机房,12\n")), (vec!["KD-R-12"; 12], 0));
    assert_eq!(read(None), (vec!["KD-R-12"; 12], 0));
    let seated = std::fs::read_to_string("tests/vectors/roster/clean.csv").unwrap();
    let context = Context {
        site: Some("EX-SITE-01".parse().unwrap()),
        policies: &policies,
        rooms: None,
        today: date(2026, 11, 24),
        dry_run: false,
    };
    let outcome = intake::read("roster.csv", seated.as_bytes(), &context, &Limits::default());
    assert_eq!(
        outcome.findings.iter().filter(|found| found.code == "KD-R-11").count(),
        12,
        "a seat that would be given away"
    );
}

mod properties {
    use super::*;
    use kaodian::domain::candidate::{
        Arrangement, CampusUid, CandidateKind, CreditAccount, Hold, Label, Level, Mark, Person, PersonName, Phone,
        PhotoFile, Placement, Remark, RosterRow, Sex, Sitting, StudentNo,
    };
    use kaodian::domain::document::{DocKind, Document};
    use proptest::option::of;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    const HEADER: &str = "准考证号,姓名,英文姓名,证件类型,证件号码,性别,学校,院系,专业,班级,学号,校园卡UID,考生来源,免费标识,证书名称,等级,批次,考核站点,科目,场次,考核日期,开始时间,考场,座位号,考试类型,理论保留成绩,手机,照片引用,学分银行账号,便利安排,限制,备注";

    /// Writes rows as a roster that an organisation could have sent.
    fn export(rows: &[RosterRow]) -> String {
        let mut out = format!("{HEADER}\r\n");
        for RosterRow { placement: place, person } in rows {
            let text = |t: Option<&str>| t.unwrap_or_default().to_owned();
            let carried = person.carried.values().next().map(ToString::to_string);
            let cells = [
                place.cand.to_string(),
                person.name.as_str().into(),
                text(person.name_latin.as_ref().map(PersonName::as_str)),
                person.document.kind().chinese().into(),
                person.document.number().as_str().into(),
                text(person.sex.map(Sex::zh)),
                text(person.school.as_ref().map(Label::as_str)),
                text(person.dept.as_ref().map(Label::as_str)),
                text(person.major.as_ref().map(Label::as_str)),
                text(person.class.as_ref().map(Label::as_str)),
                text(person.student_no.as_ref().map(StudentNo::as_str)),
                text(person.campus_uid.as_ref().map(CampusUid::as_str)),
                person.kind.zh().into(),
                if person.fee_exempt { "是".into() } else { "否".into() },
                place.certificate.to_string(),
                place.level.zh().into(),
                place.batch.to_string(),
                place.site.to_string(),
                place.parts.iter().map(PartId::as_str).collect::<Vec<_>>().join("、"),
                place.session.to_string(),
                "2026-11-24".into(),
                "09:00".into(),
                place.room.to_string(),
                text(place.seat.as_ref().map(SeatLabel::as_str)),
                person.sitting.zh().into(),
                carried.unwrap_or_default(),
                text(person.phone.as_ref().map(Phone::as_str)),
                text(person.photo.as_ref().map(PhotoFile::as_str)),
                text(person.credit_account.as_ref().map(CreditAccount::as_str)),
                text(person.arrangement.as_ref().map(Arrangement::as_str)),
                text(person.hold.map(Hold::zh)),
                text(person.note.as_ref().map(Remark::as_str)),
            ];
            let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            let _ = write!(out, "{}\r\n", quoted.join(","));
        }
        out
    }

    fn resident_number(n: usize) -> String {
        let body = format!("11019920050{}{:02}{:03}", 1 + n % 9, 1 + n % 28, n % 1000);
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: usize = body.bytes().zip(weights).map(|(b, w)| usize::from(b - b'0') * w).sum();
        format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
    }

    /// The nth row of a roster: what must be unique follows from `n`, the rest is drawn.
    fn row(n: usize) -> impl Strategy<Value = RosterRow> {
        let label = || of("[班系a-z\",;']{1,12}学");
        (
            ("[赵钱孙李欧阳𠮷]{2,4}(·[买提]{2})?", of("[A-Z]{2,8} [A-Z]{2,8}"), label(), label(), label(), label()),
            (
                of("S[0-9A-Z]{5}"),
                of("04[0-9A-F]{6}"),
                any::<bool>(),
                any::<bool>(),
                of("1[0-9]{10}"),
                of("[a-z]{3}\\.jpg"),
            ),
            (
                of("[0-9A-Z]{8}"),
                of("[A-Z0-9]{2,8}"),
                of("[a-z。，!]{1,30}x"),
                of(0u32..=200),
                0..4u8,
                of(proptest::sample::select(Hold::ALL)),
            ),
        )
            .prop_map(
                move |(
                    (name, latin, school, dept, major, class),
                    (student, uid, social, exempt, phone, photo),
                    (account, arrangement, note, carried, sex, hold),
                )| {
                    let label = |t: Option<String>| t.map(|t| Label::parse(&t).unwrap());
                    let part = |id: &str| PartId::parse(id).unwrap();
                    let carried: BTreeMap<_, _> =
                        carried.map(|half| (part("theory"), Mark(half * 50))).into_iter().collect();
                    RosterRow {
                        placement: Placement {
                            cand: format!("26112401{n:02}").parse().unwrap(),
                            session: "1".parse().unwrap(),
                            certificate: "跨境电商B2B数据运营".into(),
                            level: Level::Intermediate,
                            batch: "B2611-A".parse().unwrap(),
                            site: "EX-SITE-01".parse().unwrap(),
                            room: format!("{:02}", 1 + n / 3).parse().unwrap(),
                            seat: Some(format!("A{n}").parse().unwrap()),
                            parts: if carried.is_empty() {
                                vec![part("theory"), part("practical")]
                            } else {
                                vec![part("practical")]
                            },
                        },
                        person: Person {
                            name: PersonName::parse(&name).unwrap(),
                            name_latin: latin.map(|l| PersonName::parse(&l).unwrap()),
                            document: Document::parse(DocKind::ResidentId, &resident_number(n), date(2026, 11, 24))
                                .unwrap(),
                            sex: [None, None, Some(Sex::Male), Some(Sex::Female)][usize::from(sex)],
                            school: label(school),
                            dept: label(dept),
                            major: label(major),
                            class: label(class),
                            student_no: student.map(|s| StudentNo::parse(&s).unwrap()),
                            campus_uid: uid.map(|s| CampusUid::parse(&s).unwrap()),
                            kind: if social { CandidateKind::Social } else { CandidateKind::Student },
                            fee_exempt: exempt,
                            sitting: if carried.is_empty() { Sitting::First } else { Sitting::Resit },
                            phone: phone.map(|s| Phone::parse(&s).unwrap()),
                            photo: photo.map(|s| PhotoFile::parse(&s).unwrap()),
                            credit_account: account.map(|s| CreditAccount::parse(&s).unwrap()),
                            arrangement: arrangement.map(|s| Arrangement::parse(&s).unwrap()),
                            hold,
                            note: note.map(|s| Remark::parse(&s).unwrap()),
                            carried,
                        },
                    }
                },
            )
    }

    fn roster() -> impl Strategy<Value = Vec<RosterRow>> {
        (1..8usize).prop_flat_map(|n| (0..n).map(row).collect::<Vec<_>>())
    }

    /// The personal columns more often than the others.
    fn column() -> impl Strategy<Value = usize> {
        prop_oneof![proptest::sample::select(vec![0, 1, 4, 10, 26]), 0..32usize]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn an_exported_roster_reads_as_itself(rows in roster()) {
            let outcome = read("", export(&rows).as_bytes());
            prop_assert_eq!(outcome.errors(), 0, "{:?}", outcome.findings);
            prop_assert!(outcome.rows == rows);
        }

        #[test]
        fn a_workbook_reads_as_the_text_of_its_cells(rows in roster()) {
            let text = export(&rows);
            let (csv, book) = (read("", text.as_bytes()), read("", &crate::xlsx::of_csv(&text).bytes()));
            prop_assert!(book.rows == csv.rows && book.sessions == csv.sessions && book.read == csv.read);
            let told = |outcome: &Outcome| -> Vec<_> {
                outcome.findings.iter().map(|f| (f.code, f.line, f.column.clone(), f.found.clone())).collect()
            };
            prop_assert_eq!(told(&book), told(&csv));
        }

        /// A changed, moved or cut cell may be found or not; what is found never tells more than the masks.
        #[test]
        fn no_finding_tells_a_personal_value(
            rows in roster(), line in 1..8usize, from in column(), to in column(), swap in any::<bool>(), cut in 0..20usize, junk in "[?=@9\x1b'a]{0,2}",
        ) {
            let text = export(&rows);
            let mut lines: Vec<Vec<String>> = text.lines().map(|l| l.split("\",\"").map(|c| c.trim_matches('"').to_owned()).collect()).collect();
            let at = line % lines.len();
            if let Some(cells) = lines.get_mut(at).filter(|l| l.len() == 32) {
                if swap {
                    cells.swap(from, to);
                }
                let cell = cells[from].clone();
                cells[from] = cell.chars().skip(cut / 8).collect::<String>() + &junk;
            }
            let body: Vec<String> = lines.iter().map(|l| l.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",")).collect();
            // The header is one cell of the split above: it goes back as it was.
            let damaged = text.lines().next().unwrap().to_owned() + "\n" + &body[1..].join("\n");
            for headless in [false, true] {
                let sent = if headless { body[1..].join("\n") } else { damaged.clone() };
                for finding in read("", sent.as_bytes()).findings {
                    let told = format!("{}{finding}", finding.to_json());
                    for RosterRow { person, .. } in &rows {
                        let number = person.document.number().as_str();
                        prop_assert!(!told.contains(person.name.as_str()), "{}", told);
                        prop_assert!(!told.contains(&number[6..]), "{}", told);
                        prop_assert!(person.phone.as_ref().is_none_or(|p| !told.contains(p.as_str())), "{}", told);
                    }
                    prop_assert!(!told.contains('\x1b'));
                }
            }
        }

        #[test]
        fn reading_is_total(bytes in proptest::collection::vec(any::<u8>(), 0..300), head in any::<bool>()) {
            let mut sent = if head { format!("{HEADER}\r\n").into_bytes() } else { Vec::new() };
            sent.extend(bytes);
            let outcome = read("", &sent);
            prop_assert!(outcome.errors() > 0 || outcome.rows.len() == outcome.read);
        }
    }
}
