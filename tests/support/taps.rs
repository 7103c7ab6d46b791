//! Cards at a headless desk, and what its verdict lines claim held against the journal.

use super::day::{Day, Person};
use super::lines::Lines;
use kaodian::reader::simulate::SimulatedReader;
use serde_json::Value;
use std::collections::BTreeSet;

/// Lays a person's card down, in place of any other, and waits for the verdict; `None` when the desk ended or told a
/// fault instead.
pub fn tap(desk: &mut Lines, reader: &SimulatedReader, person: &Person) -> Option<Value> {
    reader.present(person.card());
    let line = desk.wait_for("a verdict or a fault", |line| line["event"] == "verdict" || line["event"] == "fault");
    (line["event"] == "verdict").then(|| {
        assert_eq!(line["admission_number"], person.cand.as_str(), "{line}");
        line
    })
}

/// Taps somebody who must get in now.
pub fn admit(desk: &mut Lines, reader: &SimulatedReader, person: &Person) -> Value {
    let line = tap(desk, reader, person).expect("a verdict");
    assert_eq!((&line["verdict"], &line["code"]), (&"admitted".into(), &"KD-A-90".into()), "{line}");
    assert_eq!((&line["room"], &line["seat"]), (&person.room.clone().into(), &person.seat.clone().into()), "{line}");
    line
}

/// Taps somebody whose admission must stand already.
pub fn find_inside(desk: &mut Lines, reader: &SimulatedReader, person: &Person) -> Value {
    let line = tap(desk, reader, person).expect("a verdict");
    assert_eq!(line["verdict"], "already_in", "{line}");
    assert_eq!((&line["room"], &line["seat"]), (&person.room.clone().into(), &person.seat.clone().into()), "{line}");
    line
}

/// Everybody whom these lines admit; nobody may be admitted twice.
pub fn admitted(lines: &[String]) -> BTreeSet<String> {
    let mut inside = BTreeSet::new();
    for line in lines.iter().map(|line| parsed(line)).filter(|line| line["k"] == "candidate_admitted/1") {
        let cand = line["d"]["cand"].as_str().unwrap().to_owned();
        assert!(!inside.contains(&cand), "{cand} is admitted twice");
        inside.insert(cand);
    }
    inside
}

/// Holds printed verdicts against the journal: each stands there under its number, with its candidate, seat and code.
pub fn all_stand(printed: &[Value], lines: &[String]) {
    for verdict in printed.iter().filter(|line| line["event"] == "verdict") {
        let seq = verdict["seq"].as_u64().unwrap_or_else(|| panic!("a verdict without its line: {verdict}"));
        let stored = usize::try_from(seq).unwrap().checked_sub(1).and_then(|at| lines.get(at));
        let stored = parsed(stored.unwrap_or_else(|| panic!("of {} lines none is that of {verdict}", lines.len())));
        let fields = &stored["d"];
        assert_eq!(stored["seq"], seq, "{verdict}");
        assert_eq!((&fields["cand"], &stored["a"]["desk"]), (&verdict["admission_number"], &verdict["desk"]));
        if verdict["verdict"] == "admitted" || verdict["verdict"] == "admitted_late" {
            assert_eq!(stored["k"], "candidate_admitted/1", "{verdict}");
            assert_eq!((&fields["room"], &fields["seat"]), (&verdict["room"], &verdict["seat"]));
            assert_eq!(fields["late_s"] == 0, verdict["code"] == "KD-A-90", "{verdict} {stored}");
        } else {
            assert_eq!(stored["k"], "admission_refused/1", "{verdict}");
            assert_eq!((&fields["verdict"], &fields["code"]), (&verdict["verdict"], &verdict["code"]));
        }
    }
}

/// The read table holds exactly those whom the journal admits.
pub fn read_table_agrees(day: &Day, inside: &BTreeSet<String>) {
    let db = rusqlite::Connection::open(day.database()).unwrap();
    let mut query = db.prepare("SELECT cand FROM attendance WHERE state = 'present'").unwrap();
    let present: Result<BTreeSet<String>, _> = query.query_map([], |row| row.get(0)).unwrap().collect();
    assert_eq!(present.as_ref(), Ok(inside));
}

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))
}
