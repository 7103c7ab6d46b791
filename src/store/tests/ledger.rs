//! The site ledger in the file: chained, never changed, any change found, and what it says of sessions.

use super::*;
use crate::domain::ledger::{AbandonReason, LedgerEvent, LockReason, OperatorLocked, SealAbandoned, SessionSealed};
use crate::domain::samples::at;
use crate::domain::session::State;
use crate::domain::time::ClockQuality;
use crate::journal::chain::Chain;
use crate::store::LedgerAuthor;

fn author() -> LedgerAuthor {
    LedgerAuthor { desk: desk_id(1), op: Some(op("zhao")), at: at(12, 0, 0), quality: ClockQuality::Synced }
}

fn locked(tries: u32) -> LedgerEvent {
    OperatorLocked { op: op("qian"), why: LockReason::WrongPin, tries }.into()
}

fn abandoned() -> LedgerEvent {
    SealAbandoned { session: session_id(1), reason: AbandonReason::Stopped }.into()
}

fn sealed() -> LedgerEvent {
    SessionSealed { session: session_id(1), package_sha256: digest(9), sequence: 4, amendment_no: 0 }.into()
}

#[test]
fn lines_come_back_in_order_and_their_head_is_quoted() {
    let mut fixture = planned();
    assert_eq!(fixture.store.ledger_head(), Digest::ZERO);
    let first = fixture.store.append_ledger(vec![locked(1), locked(2)], &author()).unwrap();
    let second = fixture.store.append_ledger(vec![abandoned()], &author()).unwrap();
    assert_eq!(
        [&first[..], &second].concat().iter().map(|l| (l.seq, l.author.lc)).collect::<Vec<_>>(),
        [(1, 1), (2, 2), (3, 3)]
    );
    fixture.reopen();

    let (mut lines, mut chain) = (Vec::new(), Chain::EMPTY);
    let end = fixture
        .store
        .each_ledger_line(|line, bytes| {
            chain = chain.with(&bytes);
            lines.push(line);
        })
        .unwrap();
    assert_eq!(lines, [first, second].concat());
    assert_eq!((end.size, end.head), (3, chain.head()));
    assert_eq!(fixture.store.ledger_head(), chain.head());
    let after = |from, size| fixture.store.ledger_after(from, size).map(|lines| lines.len()).ok();
    assert_eq!((after(Digest::ZERO, 3), after(Digest::ZERO, 2), after(chain.head(), 3)), (Some(3), Some(2), Some(0)));
    assert_eq!(after(digest(7), 3), None);
    let frontier = fixture.store.frontier(&session_id(1));
    assert_eq!((frontier.ledger, frontier.desks.len(), frontier.desks[0].size), (end, 1, FIRST));
}

#[test]
fn a_sealed_session_is_found_sealed_after_opening_again() {
    let mut fixture = planned();
    fixture.store.append_ledger(vec![sealed()], &author()).unwrap();
    fixture.reopen();
    assert_eq!(fixture.store.seals().unwrap(), BTreeMap::from([(session_id(1), digest(9))]));
    let state = |fixture: &Fixture| -> String {
        let query = "SELECT group_concat(state) FROM (SELECT state FROM session_state ORDER BY session)";
        fixture.store.db.query_row(query, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(state(&fixture), "sealed,planned");
    fixture.store.rebuild_read_tables().unwrap();
    assert_eq!(state(&fixture), "sealed,planned");
    let held = fixture.store.hold(desk_id(1)).unwrap();
    let record = &held.books[&no(1)].record;
    assert_eq!((record.state, record.sealed().unwrap().package_sha256), (State::Sealed, digest(9)));
    assert_eq!(held.books[&no(2)].record.state, State::Planned);
}

#[test]
fn a_ledger_line_is_never_changed_and_any_change_is_found() {
    for change in [
        "UPDATE ledger SET bytes = CAST(replace(CAST(bytes AS TEXT), 'qian', 'wang') AS BLOB) WHERE seq = 1",
        "DELETE FROM ledger WHERE seq = 1",
        "DELETE FROM ledger WHERE seq = 3",
        "UPDATE ledger SET head = zeroblob(32) WHERE seq = 2",
        "UPDATE ledger_end SET size = 2",
        "UPDATE ledger_end SET head = zeroblob(32)",
        "INSERT INTO ledger SELECT 4, bytes, head FROM ledger WHERE seq = 3",
    ] {
        let mut fixture = planned();
        fixture.store.append_ledger(vec![locked(1), locked(2), abandoned()], &author()).unwrap();
        let db = Connection::open(fixture.store.path()).unwrap();
        if change.contains("ledger SET") || change.starts_with("DELETE") {
            assert!(db.execute_batch(change).is_err(), "a trigger stands in the way: {change}");
        }
        db.execute_batch("DROP TRIGGER ledger_is_never_changed; DROP TRIGGER ledger_is_never_deleted;").unwrap();
        db.execute_batch(change).unwrap();
        drop(db);
        let found = fixture.store.each_ledger_line(|_, _| {}).unwrap_err();
        assert_eq!(found.code(), "KD-9101", "{change}: {found}");
    }
}

/// A store of the release before the ledger opens, empty of it.
#[test]
fn a_store_from_before_the_ledger_gains_an_empty_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kaodian.db");
    drop(Store::create(&path, &about()).unwrap());
    let db = Connection::open(&path).unwrap();
    db.execute_batch("DROP TABLE rooms; DROP TABLE ledger; DROP TABLE ledger_end; PRAGMA user_version = 1;").unwrap();
    drop(db);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.ledger_head(), Digest::ZERO);
    assert_eq!(store.each_ledger_line(|_, _| {}).unwrap().size, 0);
}
