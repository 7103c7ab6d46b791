//! The journal in the file: appended, read back, never changed, and any change found.

use super::*;
use crate::domain::record::SessionRecord;
use crate::domain::samples::handed_in;
use crate::journal::line;
use crate::journal::verify::{Fault, Finding};

#[test]
fn what_was_appended_is_there_after_opening_again() {
    let mut fixture = planned();
    let drafts = [came(1, FIRST + 1), came(2, FIRST + 2)];
    fixture.store.append(&drafts).unwrap();
    let other = draft(2, 1, FIRST + 1, FIRST + 1, handed_in(cand_of(2, 1).as_str(), &["theory"]));
    fixture.store.append(std::slice::from_ref(&other)).unwrap();
    fixture.reopen();

    let held = fixture.store.hold(desk_id(1)).unwrap();
    let mut record = SessionRecord::default();
    for draft in first_lines(&[1]).iter().chain(&drafts) {
        record.apply(&draft.recorded);
    }
    assert_eq!(held.books[&no(1)].record, record);
    assert_eq!(held.books[&no(1)].session.plan, plan_of(1));
    assert_eq!(held.sizes, BTreeMap::from([(no(1), FIRST + 2), (no(2), FIRST + 1)]));
    assert_eq!((held.roster.registered(no(1)), held.roster.entries().len()), (3, 6));
    assert!(held.roster.entries().iter().all(|entry| entry.identity.is_none()), "nobody is known without a key");

    let stored = fixture.store.lines_of(session_id(1), Some(desk_id(1)), FIRST).unwrap();
    let bytes: Vec<_> = stored.iter().map(|line| line.bytes.clone()).collect();
    assert_eq!(bytes, drafts.map(|draft| line::encode(&draft.recorded).unwrap()));
    assert_eq!(fixture.store.lines_of(session_id(1), Some(desk_id(2)), 0).unwrap(), []);

    let reports = fixture.store.verify().unwrap();
    assert_eq!(reports.iter().map(|report| report.size).collect::<Vec<_>>(), [FIRST + 2, FIRST + 1]);
}

#[test]
fn a_batch_is_stored_whole_or_not_at_all() {
    let mut fixture = planned();
    for flawed in [
        [came(1, FIRST + 1), came(2, FIRST + 1)],
        [came(1, FIRST + 1), came(2, FIRST + 3)],
        [came(1, FIRST + 1), draft(9, 1, 1, 1, joined(9, 1))],
    ] {
        assert!(fixture.store.append(&flawed).is_err());
        fixture.reopen();
        assert_eq!(fixture.store.hold(desk_id(1)).unwrap().sizes[&no(1)], FIRST);
        assert_eq!(fixture.count("attendance"), 0);
    }
}

/// Such a stream would be refused by every later opening: the store must not take its first line.
#[test]
fn a_desk_that_has_not_joined_writes_nothing() {
    let mut fixture = planned();
    let line = draft(1, 2, 1, FIRST + 1, admitted(cand_of(1, 1).as_str(), "1"));
    let refused = fixture.store.append(&[line]).unwrap_err();
    assert!(matches!(refused, StoreError::Unnamed { found: "candidate_admitted/1", .. }), "{refused}");
    fixture.reopen();
    fixture.store.append(&[draft(1, 2, 1, FIRST + 1, joined(1, 2)), came(1, FIRST + 1)]).unwrap();
    let held = fixture.store.hold(desk_id(2)).unwrap();
    assert_eq!(held.sizes, BTreeMap::from([(no(1), 1)]), "the size is that of this desk's streams");
}

#[test]
fn lines_are_never_changed_or_deleted() {
    let fixture = planned();
    for attempt in [
        "UPDATE line SET bytes = x'7b7d' WHERE seq = 1",
        "UPDATE line SET seq = 99 WHERE seq = 8",
        "DELETE FROM line WHERE seq = 8",
        "DELETE FROM line",
        "INSERT OR REPLACE INTO line SELECT session, desk, seq, x'7b7d', head FROM line WHERE seq = 8",
    ] {
        assert!(fixture.store.db.execute(attempt, []).is_err(), "{attempt}");
    }
    fixture.store.verify().unwrap();
}

#[test]
fn any_change_past_the_triggers_is_found_by_verify_and_by_folding() {
    let session = session_id(1);
    let of = |what: &str| format!("{what} session = '{session}' AND");
    let table = [
        (of("UPDATE line SET bytes = replace(bytes, 'zhao', 'qian') WHERE") + " seq = 2", 2, Fault::Changed),
        (of("UPDATE line SET head = zeroblob(32) WHERE") + " seq = 3", 3, Fault::Changed),
        (of("DELETE FROM line WHERE") + " seq = 4", 4, Fault::Removed { next: 5 }),
        (of("DELETE FROM line WHERE") + " seq = 8", 8, Fault::TailCut { expected: 8 }),
        (of("UPDATE stream SET size = 7 WHERE") + " desk = 1", 8, Fault::Added { expected: 7 }),
        (of("UPDATE stream SET head = zeroblob(32) WHERE") + " desk = 1", 8, Fault::Head),
    ];
    for (statement, seq, fault) in table {
        let fixture = planned();
        // A text that replace() made is stored as the blob it was.
        let statement =
            statement.replace("replace(bytes, 'zhao', 'qian')", "CAST(replace(bytes, 'zhao', 'qian') AS BLOB)");
        fixture.tamper(&statement);
        for broken in [fixture.store.verify().map(drop), fixture.store.hold(desk_id(1)).map(drop)] {
            let Err(error @ StoreError::Broken(Finding { seq: found_seq, fault: found, stream })) = broken else {
                panic!("not found: {statement}")
            };
            assert_eq!((stream.session, found_seq, found), (session, seq, fault), "{statement}");
            assert_eq!((error.code(), error.is_integrity()), ("KD-9101", true));
        }
    }
}

#[test]
fn a_changed_policy_judges_nobody() {
    let fixture = planned();
    fixture.tamper("UPDATE policy SET bytes = CAST(replace(bytes, 'minutes = 60', 'minutes = 90') AS BLOB)");
    let error = fixture.store.hold(desk_id(1)).unwrap_err();
    assert!(error.is_integrity(), "{error}");
    assert!(matches!(error, StoreError::Row { table: "policy", .. }));
}

#[test]
fn thirty_thousand_people_are_held() {
    let mut fixture = empty();
    fixture.import(&[1], &rows(&[1], 30_000), &first_lines(&[1])).unwrap();
    fixture.reopen();
    let held = fixture.store.hold(desk_id(1)).unwrap();
    assert_eq!(held.roster.registered(no(1)), 30_000);
    let last = cand_of(1, 30_000);
    assert_eq!(held.roster.by_cand(&last).map(|entry| &entry.cand), Some(&last));
}
