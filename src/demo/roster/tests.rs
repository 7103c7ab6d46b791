use super::*;
use crate::domain::candidate::{CandidateKind, Label, Level, PersonName, Sex, StudentNo};
use crate::domain::document::{CardWarning, DocKind, Document, SexParity};
use crate::domain::ids::{AdmissionNo, Digest, RoomId, SeatLabel, SessionNo, SiteId};
use crate::domain::policy::{Marking, Policy, SeatMode};
use crate::domain::time::{parse_date, parse_time};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Fails with the field that is wrong; true for the iterators that call it.
fn is_valid(card: &ResidentCard) -> bool {
    let document = Document::parse(DocKind::ResidentId, &card.number, DAY).unwrap();
    assert!(card.number.starts_with("110199"));
    assert_eq!(document.sex_parity() == Some(SexParity::Male), card.sex == "1");
    assert_eq!(CardWarning::between(&card.number, &card.birth, &card.sex), []);
    assert!(PersonName::parse(&card.name).is_ok());
    for (field, room) in [(&card.name, 15), (&card.address, 35), (&card.issuer, 15)] {
        assert!(field.encode_utf16().count() <= room);
    }
    assert!(parse_date(&card.valid_from).unwrap() < DAY);
    assert!(card.valid_to == "长期" || parse_date(&card.valid_to).unwrap() > DAY);
    true
}

fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

#[test]
fn thirty_thousand_people_have_valid_cards_and_numbers_of_their_own() {
    let roster = generate(MOST, 1);
    assert_eq!(roster.len(), 30_020);
    assert!(roster.iter().all(|one| is_valid(&one.card)));
    let unique = |of: fn(&DemoCandidate) -> String| roster.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(unique(|one| one.card.number.clone()), roster.len());
    assert_eq!(unique(|one| one.cand.clone()), roster.len());
    assert_eq!(unique(|one| format!("{} {} {}", one.session, one.room, one.seat)), roster.len());
    assert!(roster.iter().all(|one| one.cand.len() == 10 && AdmissionNo::parse(&one.cand).is_ok()));
    assert_eq!(generate(MOST + 1, 1).len(), roster.len());
}

#[test]
fn no_stranger_is_on_any_roster() {
    let roster: BTreeSet<String> = generate(5_000, 3).into_iter().map(|one| one.card.number).collect();
    let strangers = strangers(5_000, 3);
    assert!(strangers.iter().all(is_valid));
    let numbers: BTreeSet<&String> = strangers.iter().map(|card| &card.number).collect();
    assert_eq!(numbers.len(), 5_000);
    assert!(strangers.iter().all(|card| card.number.get(14..15) == Some("9")));
    assert!(roster.iter().all(|number| number.get(14..15) != Some("9")));
}

#[test]
fn every_row_of_the_file_parses_as_its_domain_types() {
    let roster = generate(60, 1);
    let rows = rows(&csv(&roster));
    assert_eq!(rows.len(), 80);
    for (row, one) in rows.iter().zip(&roster) {
        let cell = |header: &str| row[header].as_str();
        assert_eq!(row.len(), HEADERS.len());
        assert_eq!(AdmissionNo::parse(cell("准考证号")).unwrap().as_str(), one.cand);
        assert_eq!(PersonName::parse(cell("姓名")).unwrap().as_str(), one.card.name);
        let kind = DocKind::parse(cell("证件类型")).unwrap();
        let document = Document::parse(kind, cell("证件号码"), DAY).unwrap();
        let sex = Sex::from_word(cell("性别")).unwrap();
        assert_eq!(sex == Sex::Male, document.sex_parity() == Some(SexParity::Male));
        match CandidateKind::from_word(cell("考生来源")).unwrap() {
            CandidateKind::Student => {
                assert!(["学校", "专业", "班级"].iter().all(|header| Label::parse(cell(header)).is_ok()));
                assert!(StudentNo::parse(cell("学号")).is_ok());
            }
            CandidateKind::Social => assert!(["学校", "专业", "班级", "学号"].iter().all(|h| cell(h).is_empty())),
        }
        assert!(["是", "否"].contains(&cell("免费标识")));
        assert!(Level::from_word(cell("等级")).is_some());
        assert_eq!(cell("场次").parse::<SessionNo>().unwrap().get(), one.session);
        assert_eq!(parse_date(cell("考核日期")), Some(DAY));
        assert!(parse_time(cell("开始时间")).is_some());
        assert!(RoomId::parse(cell("考场")).is_ok() && SeatLabel::parse(cell("座位号")).is_ok());
    }
    assert!(SiteId::parse(SITE).is_ok());
}

#[test]
fn the_day_has_its_sessions_rooms_and_kinds_of_people() {
    let roster = generate(60, 1);
    let rooms = |session| -> BTreeSet<&str> {
        roster.iter().filter(|one| one.session == session).map(|one| one.room.as_str()).collect()
    };
    assert_eq!(rooms(1), BTreeSet::from(["01", "02"]));
    assert_eq!(rooms(2), BTreeSet::from(["03"]));
    assert_eq!(rooms(3), BTreeSet::from(["04"]));
    for session in 1..=3 {
        let all: Vec<_> = roster.iter().filter(|one| one.session == session).collect();
        assert_eq!(all.len(), if session == 1 { 60 } else { 10 });
        assert!(all.iter().any(|one| one.study.is_none()) && all.iter().any(|one| one.study.is_some()));
        assert!(all.iter().any(|one| one.fee_exempt) && all.iter().any(|one| !one.fee_exempt));
        let names: BTreeSet<_> = all.iter().map(|one| &one.card.name).collect();
        assert_eq!(names.len(), all.len(), "two people of one name would be a notice of the import");
        assert_eq!(all[0].cand, format!("261124{session}001"));
        assert_eq!((all[0].seat.as_str(), all[9].seat.as_str()), ("01", "10"));
    }
    let some = |test: fn(&str) -> bool| roster.iter().any(|one| test(&one.card.name));
    assert!(some(|name| name.contains('·')));
    assert!(some(|name| name.chars().count() == 2));
    assert!(some(|name| name.starts_with("欧阳")) && some(|name| name.starts_with("上官")));
    assert!(some(|name| name.chars().any(|c| c > '\u{20000}')));
    for one in &roster {
        let born: u32 = one.card.birth[..4].parse().unwrap();
        assert_eq!(one.study.is_some(), (2003..=2008).contains(&born));
    }
}

#[test]
fn the_bytes_of_a_seed_stay_the_same_in_every_release() {
    let digest = ring::digest::digest(&ring::digest::SHA256, &csv(&generate(60, 1)));
    let digest = Digest::new(digest.as_ref().try_into().unwrap()).to_string();
    assert_eq!(digest, "647367faab836a1114faaeb4af8402faf7791c9c7983487b42948c0e4b468c5a");
}

#[test]
fn seeds_make_different_days() {
    assert_ne!(csv(&generate(60, 1)), csv(&generate(60, 2)));
    assert_ne!(strangers(5, 1), strangers(5, 2));
}

#[test]
fn debug_hides_the_person() {
    let roster = generate(12, 1);
    let shown = format!("{roster:?} {:?} {:?}", roster[1].card, roster[1].study);
    for one in &roster {
        assert!(shown.contains(&one.cand));
        assert!(!shown.contains(&one.card.name) && !shown.contains(&one.card.number));
    }
}

#[test]
fn the_policies_are_the_exams_of_the_day_and_can_be_carried_out() {
    for ((file, bytes), exam) in POLICIES.iter().zip(&EXAMS) {
        let policy = Policy::parse_supported(bytes, file).unwrap();
        assert_eq!(*policy.policy.certificate, *exam.certificate);
        assert_eq!(policy.policy.level.zh(), exam.level);
        assert_eq!(policy.policy.org.as_str(), "EX-ORG-A");
        assert!(policy.policy.example);
        assert_eq!(policy.seats.mode, SeatMode::Fixed);
        assert!(policy.parts.iter().all(|part| part.marking == Marking::Single));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_day_is_the_same_when_made_again_and_never_repeats_a_number(candidates in 0u32..120, seed: u64) {
        let roster = generate(candidates, seed);
        prop_assert_eq!(roster.len(), candidates as usize + 20);
        assert!(roster.iter().all(|one| is_valid(&one.card)));
        let numbers: BTreeSet<&String> = roster.iter().map(|one| &one.card.number).collect();
        prop_assert_eq!(numbers.len(), roster.len());
        prop_assert_eq!(csv(&generate(candidates, seed)), csv(&roster));
        prop_assert_eq!(rows(&csv(&roster)).len(), roster.len());
    }
}
