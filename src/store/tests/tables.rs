//! Read tables: what the fold says, whether moved line by line or derived anew.

use super::*;
use crate::domain::attendance::Attendance;
use crate::domain::event::{AttendanceCounts, MarkEntered, SessionClosed, SessionOpened, SessionStarted};
use crate::domain::record::SessionRecord;
use crate::domain::samples::{absent, handed_in, part};
use crate::store::project::TABLES;
use proptest::prelude::*;
use rusqlite::types::Value;

/// Every row of a read table, as it is.
fn dump(store: &Store, table: &str) -> Vec<Vec<Value>> {
    let mut query = store.db.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3")).unwrap();
    let columns = query.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|i| row.get(i)).collect();
    query.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap()
}

fn dump_all(store: &Store) -> Vec<Vec<Vec<Value>>> {
    TABLES.iter().map(|table| dump(store, table)).collect()
}

/// The rows that the fold of session 1 amounts to.
fn folded(record: &SessionRecord) -> [Vec<Vec<Value>>; 2] {
    let session = Value::from(session_id(1).to_string());
    let text = |text: &str| Value::from(text.to_owned());
    let row = |(cand, state): (&_, &Attendance)| {
        let word = match state {
            Attendance::Expected => return None,
            Attendance::Present(_) => "present",
            Attendance::Submitted(..) => "submitted",
            Attendance::Absent(..) => "absent",
        };
        let mut row = vec![session.clone(), text(crate::domain::ids::AdmissionNo::as_str(cand)), text(word)];
        match state.admission() {
            Some(a) => row.extend([
                text(a.room.as_str()),
                text(a.seat.as_str()),
                Value::from(a.late_s),
                Value::from(a.desk.get()),
                Value::from(a.at.0),
            ]),
            None => row.extend(vec![Value::Null; 5]),
        }
        row.push(if let Attendance::Submitted(_, _, at) = state { Value::from(at.0) } else { Value::Null });
        row.push(if matches!(state, Attendance::Absent(..)) { text("no_show") } else { Value::Null });
        row.push(Value::Null);
        Some(row)
    };
    let attendance = record.attendance.touched().filter_map(row).collect();
    let mark = |(cand, part, mark): (
        &crate::domain::ids::AdmissionNo,
        &crate::domain::ids::PartId,
        &crate::domain::record::StandingMark,
    )| {
        let figures = [Value::from(mark.mark), text(mark.scored_by.as_str())];
        [session.clone(), text(cand.as_str()), text(part.as_str())].into_iter().chain(figures).collect()
    };
    [attendance, record.marks().map(mark).collect()]
}

fn any_event() -> impl Strategy<Value = Event> {
    (0..10usize, 0u32..4, 1u32..100).prop_map(|(what, n, figure)| {
        let cand = cand_of(1, n);
        let counts = AttendanceCounts::default();
        match what {
            0..3 => admitted(cand.as_str(), &figure.to_string()).into(),
            // The desk hands in every part at once; the table keeps the first time.
            3..5 => handed_in(cand.as_str(), &["practical", "theory"]).into(),
            5 => absent(cand.as_str()).into(),
            6 => {
                let (part, scored_by) = (part("theory"), op(if figure > 50 { "li" } else { "lu" }));
                MarkEntered { cand, part, mark: figure, scored_by, zero_reason: None, sheet_sha256: None }.into()
            }
            7 => SessionOpened { red_items: vec![] }.into(),
            8 => SessionStarted { counts }.into(),
            _ => SessionClosed { counts }.into(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Two desks write in turn; each line comes after what was stored before it.
    #[test]
    fn read_tables_are_the_fold_however_they_came_about(
        history in prop::collection::vec((any_event(), any::<bool>(), any::<bool>()), 1..40),
    ) {
        let mut fixture = planned();
        let mut lines = first_lines(&[1]);
        let mut seqs = [FIRST, 1];
        let mut batch = vec![draft(1, 2, 1, FIRST + 1, joined(1, 2))];
        for (lc, (event, second, flush)) in (FIRST + 2..).zip(history) {
            let desk = usize::from(second);
            seqs[desk] += 1;
            batch.push(draft(1, u8::from(second) + 1, seqs[desk], lc, event));
            if flush {
                fixture.store.append(&batch).unwrap();
                lines.append(&mut batch);
            }
        }
        fixture.store.append(&batch).unwrap();
        lines.append(&mut batch);

        let mut record = SessionRecord::default();
        lines.iter().for_each(|line| record.apply(&line.recorded));
        let moved = dump_all(&fixture.store);
        prop_assert_eq!(&moved[..2], &folded(&record)[..]);
        prop_assert_eq!(&moved[2][0][1], &Value::from(record.state.as_str().to_owned()));

        fixture.store.db.execute_batch("DELETE FROM attendance; UPDATE mark SET mark = 1; DELETE FROM session_state").unwrap();
        fixture.store.rebuild_read_tables().unwrap();
        prop_assert_eq!(dump_all(&fixture.store), moved);
        fixture.reopen();
        prop_assert_eq!(&fixture.store.hold(desk_id(1)).unwrap().books[&no(1)].record, &record);
    }
}

#[test]
fn a_refused_entry_keeps_its_code_in_the_table() {
    use crate::domain::event::{AbsenceMarked, AbsenceReason};
    use crate::domain::ids::Code;
    let mut fixture = planned();
    let event = AbsenceMarked { cand: cand_of(1, 1), reason: AbsenceReason::RefusedEntry, code: Some(Code(52)) };
    fixture.store.append(&[draft(1, 1, FIRST + 1, FIRST + 1, event)]).unwrap();
    let row = dump(&fixture.store, "attendance").remove(0);
    assert_eq!(row[9..], [Value::from("refused_entry".to_owned()), Value::from("KD-A-52".to_owned())]);
    fixture.store.append(&[came(1, FIRST + 2)]).unwrap();
    let row = dump(&fixture.store, "attendance").remove(0);
    assert_eq!((row[2].clone(), &row[9..]), (Value::from("present".to_owned()), &[Value::Null, Value::Null][..]));
}
