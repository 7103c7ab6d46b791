//! The store on a real file: durability, what never changes, what is sealed, and what one failure stops.

mod file;
mod ledger;
mod lines;
mod persons;
mod tables;

use super::{About, Import, Store, StoreError};
use crate::domain::candidate::RosterRow;
use crate::domain::crew::Role;
use crate::domain::event::{CrewAssigned, DeskJoined, Draft, Event, Flag, SessionPlanned};
use crate::domain::ids::{Digest, SessionId};
use crate::domain::samples::{
    CREW, POLICY, admitted, cand_of, desk_id, digest, no, op, plan, recorded, roster_row, session_id, site,
};
use crate::domain::session::{Mode, Plan};
use crate::proof::sha256;
use crate::trust::data_key::DataKey;
use ring::rand::SystemRandom;
use rusqlite::Connection;
use std::collections::BTreeMap;
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A store in a directory of its own, and the key of each session.
struct Fixture {
    store: Store,
    keys: BTreeMap<SessionId, DataKey>,
    dir: TempDir,
}

fn about() -> About {
    About { mode: Mode::Demo, site: site(), site_name: "滨江考点".into(), clock_offset_ms: 0 }
}

fn empty() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("kaodian.db"), &about()).unwrap();
    let keys = (1..=3).map(|n| (session_id(n), DataKey::from_bytes(Zeroizing::new([n; 32])).unwrap())).collect();
    Fixture { store, keys, dir }
}

/// Sessions 1 and 2 are planned, candidates 1 to 3 have a row in each.
fn planned() -> Fixture {
    let mut fixture = empty();
    fixture.import(&[1, 2], &rows(&[1, 2], 3), &first_lines(&[1, 2])).unwrap();
    fixture
}

fn rows(sessions: &[u8], people: u32) -> Vec<(RosterRow, SessionId)> {
    sessions.iter().flat_map(|s| (1..=people).map(|n| (roster_row(*s, n), session_id(*s)))).collect()
}

fn plan_of(n: u8) -> Plan {
    Plan { policy_sha256: policy_hash(), ..plan(n) }
}

fn policy_hash() -> Digest {
    sha256(&[POLICY.as_bytes()])
}

/// The lines with which a lead stream begins.
fn first_lines(sessions: &[u8]) -> Vec<Draft> {
    let of = |n: u8| {
        let planned = SessionPlanned {
            session: session_id(n),
            no: no(n),
            mode: Mode::Demo,
            pack_sha256: None,
            policy_sha256: policy_hash(),
            roster_sha256: digest(2),
            ledger_head: Digest::ZERO,
        };
        let crew = CREW.map(|(name, role)| assigned(name, role));
        let events = [planned.into()].into_iter().chain(crew).chain([joined(n, 1)]);
        (1..).zip(events.collect::<Vec<Event>>()).map(move |(seq, event)| draft(n, 1, seq, seq, event))
    };
    sessions.iter().flat_map(|n| of(*n)).collect()
}

/// How many they are.
const FIRST: u64 = 8;

fn assigned(name: &str, role: Role) -> Event {
    CrewAssigned { op: op(name), role, lead: Flag(false), rooms: vec![] }.into()
}

fn joined(session: u8, desk: u8) -> Event {
    let (session, desk) = (session_id(session), desk_id(desk));
    DeskJoined { session, desk, key: None, app_sha256: digest(4), rooms: vec![] }.into()
}

fn draft(session: u8, desk: u8, seq: u64, lc: u64, event: impl Into<Event>) -> Draft {
    Draft { session: session_id(session), recorded: recorded(lc, desk, seq, event) }
}

/// The next line of session 1: candidate `n` is admitted.
fn came(n: u32, seq: u64) -> Draft {
    draft(1, 1, seq, seq, admitted(cand_of(1, n).as_str(), &n.to_string()))
}

impl Fixture {
    fn import(&mut self, sessions: &[u8], rows: &[(RosterRow, SessionId)], drafts: &[Draft]) -> Result<(), StoreError> {
        let plans: Vec<Plan> = sessions.iter().map(|n| plan_of(*n)).collect();
        let keys = sessions.iter().map(|n| (session_id(*n), &self.keys[&session_id(*n)])).collect();
        self.store.import(&Import {
            policies: vec![(policy_hash(), POLICY.as_bytes())],
            plans: &plans,
            rooms: None,
            remove: vec![],
            rows: rows.iter().map(|(row, held_by)| (row, *held_by)).collect(),
            keys: &keys,
            drafts,
            rng: &SystemRandom::new(),
            progress: &|_| {},
        })
    }

    fn reopen(&mut self) {
        self.store = self.store.reopen().unwrap();
    }

    /// Another hand in the same file, past every trigger.
    fn tamper(&self, statements: &str) {
        let db = Connection::open(self.store.path()).unwrap();
        db.execute_batch("DROP TRIGGER line_is_never_changed; DROP TRIGGER line_is_never_deleted;").unwrap();
        db.execute_batch(statements).unwrap();
    }

    fn count(&self, table: &str) -> i64 {
        self.store.db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }
}
