//! Somebody with SQL and time: whatever they do to a line is named by session, desk and line, and no desk goes on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use kaodian::domain::ids::Digest;
use kaodian::journal::chain::Chain;
use rusqlite::{Connection, params};
use support::day::{Day, reader};
use support::lines::run;
use support::taps::admit;

/// The open session's id; every statement below reaches it as `:s`.
fn session(db: &Connection) -> String {
    db.query_row("SELECT id FROM session WHERE no = 1", [], |row| row.get(0)).unwrap()
}

/// What is done, by which statements, and the desk and line that must be named.
const EDITS: [(&str, &str, (u8, u8)); 17] = [
    (
        "the operator of a line is another one",
        "UPDATE line SET bytes = CAST(replace(CAST(bytes AS TEXT), 'wang', 'chen') AS BLOB) WHERE session = :s AND seq = 11",
        (1, 11),
    ),
    (
        "a seat is another one",
        "UPDATE line SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"seat\":\"02\"', '\"seat\":\"07\"') AS BLOB)
         WHERE session = :s AND seq = 13",
        (1, 13),
    ),
    (
        "one byte more",
        "UPDATE line SET bytes = CAST(CAST(bytes AS TEXT) || ' ' AS BLOB) WHERE session = :s AND seq = 1",
        (1, 1),
    ),
    ("a line is emptied", "UPDATE line SET bytes = x'' WHERE session = :s AND seq = 4", (1, 4)),
    ("a stored head is another one", "UPDATE line SET head = zeroblob(32) WHERE session = :s AND seq = 5", (1, 5)),
    ("the first line is removed", "DELETE FROM line WHERE session = :s AND seq = 1", (1, 1)),
    ("a line in the middle is removed", "DELETE FROM line WHERE session = :s AND seq = 12", (1, 12)),
    ("the last line is removed", "DELETE FROM line WHERE session = :s AND seq = 14", (1, 14)),
    (
        "a line is removed and the others close up",
        "DELETE FROM line WHERE session = :s AND seq = 12;
         UPDATE line SET seq = 12 WHERE session = :s AND seq = 13;
         UPDATE line SET seq = 13 WHERE session = :s AND seq = 14",
        (1, 12),
    ),
    ("every line of a session is removed", "DELETE FROM line WHERE session = :s", (1, 1)),
    (
        "a line is added",
        "INSERT INTO line SELECT session, desk, 15, bytes, head FROM line WHERE session = :s AND seq = 14",
        (1, 15),
    ),
    (
        "a line is inserted and the others move up",
        "UPDATE line SET seq = 15 WHERE session = :s AND seq = 14;
         UPDATE line SET seq = 14 WHERE session = :s AND seq = 13;
         INSERT INTO line SELECT session, desk, 13, bytes, head FROM line WHERE session = :s AND seq = 12",
        (1, 13),
    ),
    (
        "two lines change places",
        "UPDATE line SET seq = 99 WHERE session = :s AND seq = 12;
         UPDATE line SET seq = 12 WHERE session = :s AND seq = 13;
         UPDATE line SET seq = 13 WHERE session = :s AND seq = 99",
        (1, 12),
    ),
    ("a line goes to another desk", "UPDATE line SET desk = 2 WHERE session = :s AND seq = 14", (2, 14)),
    ("the recorded size is less", "UPDATE stream SET size = size - 1 WHERE session = :s", (1, 14)),
    ("the recorded size is more", "UPDATE stream SET size = size + 1 WHERE session = :s", (1, 15)),
    ("the recorded head is another one", "UPDATE stream SET head = zeroblob(32) WHERE session = :s", (1, 14)),
];

/// A day with 14 lines: ten of its making, a sign-in, three admissions.
fn day() -> Day {
    let (day, reader) = (Day::open(12), reader());
    let mut desk = day.desk(&reader);
    desk.wait_event("ready");
    day.people[..3].iter().for_each(|person| drop(admit(&mut desk, &reader, person)));
    desk.terminate();
    assert!(desk.wait_exit().0.success());
    assert_eq!(day.journal().len(), 14);
    day
}

/// Opens the database as somebody who may do anything.
fn break_in(day: &Day) -> Connection {
    let db = Connection::open(day.database()).unwrap();
    db.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
         DROP TRIGGER line_is_never_changed; DROP TRIGGER line_is_never_deleted",
    )
    .unwrap();
    db
}

/// Every command that would read the journal refuses with 4 and says this.
fn is_refused(day: &Day, what: &str, said: &str) {
    let device = ["desk", "--headless", "--json", "--reader", "/dev/null"];
    let commands = [
        day.command(&["journal", "verify", "--json"]),
        day.command_as("chen", &["journal", "show"]),
        day.command(&["session", "list"]),
        day.command_as("chen", &["session", "start", "1"]),
        day.command_as("wang", &device),
    ];
    for mut command in commands {
        let output = run(&mut command);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{what}: {command:?}: {complaint}");
        assert!(complaint.contains(said), "{what}: expected {said:?}, found {complaint}");
        assert!(output.stdout.is_empty(), "{what}: {command:?} goes on");
    }
}

#[test]
fn no_edit_of_a_line_is_overlooked() {
    let whole = day();
    for (what, statements, (desk, line)) in EDITS {
        let day = whole.copy();
        let db = break_in(&day);
        let session = session(&db);
        db.execute_batch(&statements.replace(":s", &format!("'{session}'"))).unwrap();
        drop(db);
        is_refused(&day, what, &format!("session {session} desk {desk} line {line}: "));
    }
}

#[test]
fn a_line_forged_with_its_head_is_found_at_the_next_one() {
    let day = day();
    let db = break_in(&day);
    let session = session(&db);
    let row = |seq: i64| -> (Vec<u8>, [u8; 32]) {
        let query = "SELECT bytes, head FROM line WHERE session = ?1 AND seq = ?2";
        db.query_row(query, params![session, seq], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let forged = String::from_utf8(row(13).0).unwrap().replace("\"seat\":\"02\"", "\"seat\":\"07\"");
    let head = Chain::at(12, Digest::new(row(12).1)).with(forged.as_bytes()).head();
    let update = "UPDATE line SET bytes = ?2, head = ?3 WHERE session = ?1 AND seq = 13";
    assert_eq!(db.execute(update, params![session, forged.into_bytes(), head.bytes()]).unwrap(), 1);
    drop(db);
    is_refused(&day, "a forged line", &format!("session {session} desk 1 line 14: "));
}

#[test]
fn what_is_no_value_of_its_column_is_damage_and_names_no_content() {
    let whole = day();
    for (what, statement, said) in [
        ("no desk", "UPDATE line SET desk = 300", "KD-9102 "),
        ("no session", "UPDATE line SET session = substr(session, 2)", "KD-9102 "),
        ("no size", "UPDATE stream SET size = -1", "KD-9102 "),
        ("a column less", "ALTER TABLE line RENAME COLUMN bytes TO byte", "KD-9102 "),
        ("a table less", "DROP TABLE line", "KD-9102 "),
        (
            "a session whose lines are gone with their stream",
            "DELETE FROM line WHERE session = (SELECT id FROM session WHERE no = 2);
             DELETE FROM stream WHERE session = (SELECT id FROM session WHERE no = 2)",
            "(number 2) has none",
        ),
    ] {
        let day = whole.copy();
        break_in(&day).execute_batch(statement).unwrap();
        is_refused(&day, what, said);
    }
}

#[test]
fn without_breaking_in_no_line_changes() {
    let day = day();
    let db = Connection::open(day.database()).unwrap();
    for statement in ["UPDATE line SET desk = 2", "DELETE FROM line", "UPDATE store SET mode = 'live'"] {
        assert!(db.execute(statement, []).is_err(), "{statement}");
    }
    drop(db);
    assert_eq!(day.verified().0, 14);
}
