//! Making, opening, reopening; what the file refuses by itself.

use super::*;
use crate::store::Operator;
use rusqlite_migration::Migrations;

fn pragma(store: &Store, name: &str) -> String {
    let value: rusqlite::types::Value = store.db.pragma_query_value(None, name, |row| row.get(0)).unwrap();
    match value {
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Integer(n) => n.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_commit_is_durable_on_every_connection() {
    let mut fixture = empty();
    for made in ["by creating", "by opening"] {
        let found = ["journal_mode", "synchronous", "foreign_keys", "secure_delete"].map(|p| pragma(&fixture.store, p));
        assert_eq!(found, ["wal", "2", "1", "1"], "{made}");
        fixture.reopen();
    }
    assert_eq!(fixture.store.about(), &about());
}

#[test]
fn migrations_are_whole() {
    Migrations::from_slice(crate::store::open::MIGRATIONS).validate().unwrap();
}

#[test]
fn a_store_is_made_once_and_opened_where_there_is_one() {
    let fixture = empty();
    let path = fixture.store.path().to_owned();
    assert!(matches!(Store::create(&path, &about()), Err(StoreError::Exists(found)) if found == path));
    let nowhere = fixture.dir.path().join("other.db");
    assert!(matches!(Store::open(&nowhere), Err(StoreError::Missing(found)) if found == nowhere));
    assert!(matches!(Store::open_to_read(&nowhere), Err(StoreError::Missing(_))));
    assert!(!nowhere.exists(), "looking for a store makes none");
}

#[test]
fn a_file_that_is_no_database_is_damaged_and_a_newer_one_is_left_alone() {
    let fixture = empty();
    let garbage = fixture.dir.path().join("garbage.db");
    std::fs::write(&garbage, [0x5a; 8192]).unwrap();
    let error = Store::open(&garbage).unwrap_err();
    assert_eq!((error.code(), error.is_integrity()), ("KD-9102", true), "{error}");

    fixture.store.db.pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(fixture.store.reopen().unwrap_err().code(), "KD-9103");
}

#[test]
fn mode_and_site_never_change() {
    let fixture = empty();
    for attempt in [
        "UPDATE store SET mode = 'live'",
        "UPDATE store SET site = 'EX-SITE-02'",
        "UPDATE store SET site_name = 'x'",
        "UPDATE store SET id = 2",
        "DELETE FROM store",
        "INSERT OR REPLACE INTO store (id, mode, site, site_name) VALUES (1, 'live', 'EX-SITE-01', 'x')",
        "INSERT INTO store (id, mode, site, site_name) VALUES (2, 'live', 'EX-SITE-01', 'x')",
    ] {
        assert!(fixture.store.db.execute(attempt, []).is_err(), "{attempt}");
    }
    assert_eq!(fixture.store.reopen().unwrap().about(), &about());
}

#[test]
fn a_clock_offset_is_kept_in_demo_alone() {
    let mut demo = empty();
    demo.store.keep_clock_offset(-86_400_000).unwrap();
    demo.reopen();
    assert_eq!(demo.store.about().clock_offset_ms, -86_400_000);

    let path = demo.dir.path().join("rehearsal.db");
    let mut rehearsal = Store::create(&path, &About { mode: Mode::Rehearsal, ..about() }).unwrap();
    assert!(rehearsal.keep_clock_offset(1).is_err());
    assert_eq!(rehearsal.reopen().unwrap().about().clock_offset_ms, 0);
}

#[test]
fn one_failed_write_stops_every_other_until_the_store_is_reopened() {
    let mut fixture = planned();
    let wrong = fixture.store.append(&[came(1, FIRST + 2)]).unwrap_err();
    assert!(matches!(wrong, StoreError::Order { expected, found } if (expected, found) == (FIRST + 1, FIRST + 2)));
    let stopped = |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Stopped)), "{result:?}");
    stopped(fixture.store.append(&[came(1, FIRST + 1)]));
    stopped(fixture.store.probe());
    stopped(fixture.store.keep_clock_offset(1));
    stopped(fixture.store.rebuild_read_tables());
    stopped(fixture.store.add_operator(&operator("he"), &[]));
    stopped(fixture.import(&[3], &rows(&[3], 1), &first_lines(&[3])));

    fixture.reopen();
    fixture.store.probe().unwrap();
    fixture.store.append(&[came(1, FIRST + 1)]).unwrap();
    assert_eq!(fixture.store.hold(desk_id(1)).unwrap().sizes[&no(1)], FIRST + 1);
}

fn operator(name: &str) -> Operator {
    Operator {
        op: op(name),
        role: Role::Proctor,
        lead: true,
        signer: false,
        masked_name: "何*".into(),
        recipient: "age1…".into(),
        identity: "{}".into(),
        sealed_name: None,
    }
}

#[test]
fn a_person_joins_with_the_lines_that_say_so_or_not_at_all() {
    let mut fixture = planned();
    let known = Operator { sealed_name: Some("c2VhbGVk".into()), ..operator("he") };
    fixture.store.add_operator(&known, &[draft(1, 1, FIRST + 1, FIRST + 1, assigned("he", Role::Proctor))]).unwrap();
    let wrong = [draft(1, 1, FIRST + 9, FIRST + 9, assigned("lu", Role::Proctor))];
    assert!(fixture.store.add_operator(&operator("lu"), &wrong).is_err());
    fixture.reopen();
    let twice = fixture.store.add_operator(&operator("he"), &[]);
    assert!(matches!(twice, Err(StoreError::Statement(_))), "{twice:?}");
    fixture.reopen();
    assert_eq!(fixture.store.operators().unwrap(), [known]);
    let held = fixture.store.hold(desk_id(1)).unwrap();
    assert!(held.books[&no(1)].record.member(&op("he")).is_some());
    assert!(held.books[&no(1)].record.member(&op("lu")).is_none());
}

#[test]
fn a_reader_sees_what_a_writer_stores_and_writes_nothing() {
    let mut fixture = planned();
    let mut reader = Store::open_to_read(fixture.store.path()).unwrap();
    fixture.store.append(&[came(1, FIRST + 1)]).unwrap();
    assert_eq!(reader.lines_of(session_id(1), None, FIRST).unwrap().len(), 1);
    let refused = reader.probe().unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly(_)), "{refused:?}");
}

/// What is done to an import that would be whole.
type Flaw = fn(&mut Vec<(RosterRow, SessionId)>, &mut Vec<Draft>);

#[test]
fn an_import_that_fails_anywhere_leaves_nothing() {
    let whole = || (rows(&[1, 2], 3), first_lines(&[1, 2]));
    let flaws: [(&str, Flaw); 4] = [
        ("the last row's number stands already", |rows, _| rows.push(rows[0].clone())),
        ("a row's session has no key", |rows, _| rows.push((roster_row(3, 1), session_id(3)))),
        ("the last line is out of order", |_, drafts| drafts.swap_remove(1).recorded.seq += 1),
        ("a line of a session that is not planned", |_, drafts| drafts.push(draft(3, 1, 1, 1, joined(3, 1)))),
    ];
    for (label, flaw) in flaws {
        let mut fixture = empty();
        let (mut rows, mut drafts) = whole();
        flaw(&mut rows, &mut drafts);
        assert!(fixture.import(&[1, 2], &rows, &drafts).is_err(), "{label}");
        fixture.reopen();
        for table in ["policy", "session", "placement", "person", "stream", "line", "session_state", "attendance"] {
            assert_eq!(fixture.count(table), 0, "{table}: {label}");
        }
        let (rows, drafts) = whole();
        fixture.import(&[1, 2], &rows, &drafts).unwrap();
    }
    let mut fixture = planned();
    assert!(fixture.import(&[2], &rows(&[2], 4), &[]).is_err(), "session 2 stands already");
    fixture.reopen();
    assert_eq!((fixture.count("session"), fixture.count("person")), (2, 6));
}
