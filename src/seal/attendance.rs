//! The lines of attendance.jsonl, built from the fold of a session and what the fold leaves out (sealing.md §6).
//!
//! ```text
//! came    {"admitted_at":ms,"annulled":0,"cand":…,"desk":n,"handed_in":[{"at":ms,"part":…},…],"late_s":n,
//!          "lifts":["KD-A-17",…],"out":[],"room":…,"seat":…,"state":"submitted"}
//! absent  {"absent_reason":"no_show|ill_reported|refused_entry","annulled":0,"cand":…[,"code":"KD-A-16"],"state":"absent"}
//! ```
//!
//! `desk`, `room`, `seat`, `late_s` and `admitted_at` are of the admission that stands. `handed_in` holds each part once,
//! when it was first handed in, in the order of the hand-ins. `lifts` are the codes that people set aside at admission
//! and hand-in, in the order of the journal's stamps. Nothing steps out or is annulled in this release.
//!
//! Writer and verifier share this file: both hand it what they read from the journal's lines.

use crate::domain::attendance::Attendance;
use crate::domain::event::{Event, Recorded, Stamp};
use crate::domain::ids::{AdmissionNo, Code, PartId};
use crate::domain::time::Instant;
use crate::proof::jcs::{self, JcsError};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the acts of each candidate add to their state.
#[derive(Debug, Default)]
pub struct Acts(BTreeMap<AdmissionNo, BTreeMap<Stamp, Act>>);

#[derive(Debug)]
struct Act {
    at: Instant,
    parts: Vec<PartId>,
    lifts: Vec<Code>,
}

impl Acts {
    /// Takes a line; most are of no interest.
    pub fn take(&mut self, recorded: &Recorded) {
        let (cand, parts, lifts) = match &recorded.event {
            Event::CandidateAdmitted(e) => (&e.cand, Vec::new(), &e.lifts),
            Event::WorkHandedIn(e) => (&e.cand, e.parts.clone(), &e.lifts),
            _ => return,
        };
        let act = Act { at: recorded.at, parts, lifts: lifts.iter().map(|lift| lift.code).collect() };
        self.0.entry(cand.clone()).or_default().insert(recorded.stamp(), act);
    }

    fn handed_in(&self, cand: &AdmissionNo) -> Vec<Value> {
        let mut seen = BTreeSet::new();
        let parts = self.of(cand).flat_map(|act| act.parts.iter().map(|part| (part, act.at)));
        parts.filter(|(part, _)| seen.insert(*part)).map(|(part, at)| json!({"part": part, "at": at})).collect()
    }

    fn lifts(&self, cand: &AdmissionNo) -> Vec<Code> {
        self.of(cand).flat_map(|act| act.lifts.iter().copied()).collect()
    }

    fn of(&self, cand: &AdmissionNo) -> impl Iterator<Item = &Act> {
        self.0.get(cand).into_iter().flat_map(BTreeMap::values)
    }
}

/// The line of one candidate, without LF; `None` while their attendance is open.
///
/// # Errors
/// [`JcsError::Number`] when a time is beyond 2^53-1.
pub fn line(cand: &AdmissionNo, state: &Attendance, acts: &Acts) -> Result<Option<Vec<u8>>, JcsError> {
    let line = match state {
        Attendance::Submitted(admission, ..) => json!({
            "cand": cand, "state": "submitted", "desk": admission.desk, "room": admission.room, "seat": admission.seat,
            "admitted_at": admission.at, "late_s": admission.late_s, "out": [], "handed_in": acts.handed_in(cand),
            "lifts": acts.lifts(cand), "annulled": 0,
        }),
        Attendance::Absent(reason, code) => {
            let mut line = json!({"cand": cand, "state": "absent", "absent_reason": reason, "annulled": 0});
            if let (Some(code), Some(members)) = (code, line.as_object_mut()) {
                members.insert("code".to_owned(), json!(code));
            }
            line
        }
        Attendance::Expected | Attendance::Present(_) => return Ok(None),
    };
    jcs::to_bytes(&line).map(Some)
}
