//! Sealed persons: what the file's bytes do not tell, and who can open what.

use super::*;
use crate::domain::candidate::{Label, Person, Phone};
use crate::domain::document::DocKind;
use crate::domain::ids::{AdmissionNo, SiteId};
use crate::domain::samples::{name, number};

const PHONE: &str = "13912345678";
const SCHOOL: &str = "龖龖职业学院";

fn marked_rows() -> Vec<(RosterRow, SessionId)> {
    let mut rows = rows(&[1, 2], 3);
    for (row, _) in &mut rows {
        row.person.phone = Some(Phone::parse(PHONE).unwrap());
        row.person.school = Some(Label::parse(SCHOOL).unwrap());
    }
    rows
}

fn imported() -> Fixture {
    let mut fixture = empty();
    fixture.import(&[1, 2], &marked_rows(), &first_lines(&[1, 2])).unwrap();
    fixture
}

fn people(fixture: &Fixture, sessions: &[u8]) -> Result<Vec<(AdmissionNo, Person)>, StoreError> {
    let mut found = Vec::new();
    let key = |session: SessionId| fixture.keys.get(&session).filter(|_| sessions.contains(&session.bytes()[0]));
    fixture.store.each_person(key, |cand, person| found.push((cand, person)))?;
    Ok(found)
}

#[test]
fn no_byte_on_the_disk_tells_who_a_person_is() {
    let fixture = imported();
    let contains = |bytes: &[u8], marker: &str| bytes.windows(marker.len()).any(|w| w == marker.as_bytes());
    let markers: Vec<String> =
        (1..=3).flat_map(|n| [name(n), number(n)]).chain([PHONE.into(), SCHOOL.into()]).collect();
    let scan = |moment: &str| {
        let mut whole = Vec::new();
        for file in std::fs::read_dir(fixture.dir.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            for marker in &markers {
                assert!(!contains(&bytes, marker), "{marker} in {} {moment}", path.display());
            }
            whole.extend(bytes);
        }
        assert!(contains(&whole, cand_of(1, 1).as_str()), "the scan finds what is there");
    };
    assert!(fixture.dir.path().join("kaodian.db-wal").metadata().unwrap().len() > 0);
    scan("in the write-ahead log");
    fixture.store.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    scan("after a checkpoint");
}

#[test]
fn the_keys_give_everybody_back() {
    let fixture = imported();
    let expected: Vec<_> = marked_rows().into_iter().map(|(row, _)| (row.placement.cand, row.person)).collect();
    assert!(people(&fixture, &[1, 2]).unwrap() == expected, "as imported, by admission number");
    assert!(people(&fixture, &[2]).unwrap() == expected[3..], "whoever has no key at hand is left out");
    assert!(people(&fixture, &[]).unwrap().is_empty());
}

#[test]
fn a_person_opens_under_their_own_session_and_row_alone() {
    let fixture = imported();
    let wrong = &fixture.keys[&session_id(2)];
    let error = fixture.store.each_person(|_| Some(wrong), |_, _| {}).unwrap_err();
    assert!(matches!(error, StoreError::Row { table: "person", .. }) && error.is_integrity());

    let two = (cand_of(1, 1), cand_of(1, 2));
    fixture.tamper(&format!(
        "UPDATE person SET sealed = (SELECT sealed FROM person WHERE cand = '{}') WHERE cand = '{}'",
        two.0, two.1
    ));
    assert!(people(&fixture, &[1, 2]).is_err(), "a blob moved to another row does not open");
    let said = people(&fixture, &[1]).unwrap_err().to_string();
    assert!(!said.contains(&name(1)) && !said.contains(&number(1)), "{said}");
}

#[test]
fn the_roster_joins_every_person_with_their_place() {
    let mut fixture = empty();
    let mut rows = rows(&[1, 2], 3);
    // A row of another site: its session number means nothing here, the first session's key holds it.
    rows[1].0.placement.site = SiteId::parse("EX-SITE-02").unwrap();
    fixture.import(&[1, 2], &rows, &first_lines(&[1, 2])).unwrap();

    let roster = fixture.store.roster(|session| fixture.keys.get(&session)).unwrap();
    for n in 1..=3 {
        let number = number(n);
        let found = roster.by_document(DocKind::ResidentId, &number);
        let cands: Vec<_> = found.iter().map(|entry| entry.cand.clone()).collect();
        assert_eq!(cands, [cand_of(1, n), cand_of(2, n)]);
        assert!(found.iter().all(|entry| entry.identity.as_ref().unwrap().name.as_str() == name(n)));
    }
    assert_eq!((roster.registered(no(1)), roster.registered(no(2))), (2, 3));

    let half = fixture.store.roster(|session| fixture.keys.get(&session).filter(|_| session == session_id(2))).unwrap();
    let known: Vec<_> = half.entries().iter().filter(|e| e.identity.is_some()).map(|e| e.session).collect();
    assert_eq!((half.entries().len(), known), (6, vec![no(2); 3]));
}

#[test]
fn a_row_that_goes_takes_its_person_along_and_another_may_take_its_place() {
    let mut fixture = empty();
    let rows = rows(&[1], 3);
    fixture.import(&[1], &rows, &first_lines(&[1])).unwrap();
    let mut other = rows[1].clone();
    other.0.person.name = rows[0].0.person.name.clone();
    let (gone, key) = ([&rows[0].0.placement.cand, &rows[1].0.placement.cand], &fixture.keys[&session_id(1)]);
    let import = Import {
        policies: vec![],
        plans: &[],
        rooms: Some((b"rooms", vec![session_id(1)])),
        remove: gone.to_vec(),
        rows: vec![(&other.0, other.1)],
        keys: &[(session_id(1), key)].into(),
        drafts: &[],
        rng: &SystemRandom::new(),
        progress: &|_| {},
    };
    fixture.store.import(&import).unwrap();
    let found = people(&fixture, &[1]).unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.iter().any(|(cand, person)| *cand == other.0.placement.cand && *person == other.0.person));
    assert!(found.iter().all(|(cand, _)| *cand != rows[0].0.placement.cand));

    let sha256 = crate::proof::sha256(&[b"rooms"]);
    assert_eq!(fixture.store.rooms(session_id(1), &sha256).unwrap(), b"rooms");
    assert!(fixture.store.rooms(session_id(1), &Digest::ZERO).is_err(), "bytes of another hash");
    assert!(fixture.store.rooms(session_id(2), &sha256).is_err(), "a session without rooms");
}

#[test]
fn a_long_import_says_how_far_it_is() {
    let fixture = empty();
    let rows = rows(&[1], 2_100);
    let told = std::cell::RefCell::new(Vec::new());
    let mut store = fixture.store;
    let import = Import {
        policies: vec![(policy_hash(), POLICY.as_bytes())],
        plans: &[plan_of(1)],
        rooms: None,
        remove: vec![],
        rows: rows.iter().map(|(row, held_by)| (row, *held_by)).collect(),
        keys: &[(session_id(1), &fixture.keys[&session_id(1)])].into(),
        drafts: &first_lines(&[1]),
        rng: &SystemRandom::new(),
        progress: &|stored| told.borrow_mut().push(stored),
    };
    store.import(&import).unwrap();
    assert_eq!(*told.borrow(), [1_000, 2_000]);
}
