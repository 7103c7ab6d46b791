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
use crate::domain::event::{AbsenceReason, Event, Recorded, Stamp};
use crate::domain::ids::{AdmissionNo, Code, DeskId, PartId, RoomId, SeatLabel};
use crate::domain::time::Instant;
use crate::proof::jcs::{self, JcsError};
use serde::Serialize;
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

    fn handed_in(&self, cand: &AdmissionNo) -> Vec<HandedIn<'_>> {
        let mut seen = BTreeSet::new();
        let parts = self.of(cand).flat_map(|act| act.parts.iter().map(|part| HandedIn { at: act.at, part }));
        parts.filter(|handed| seen.insert(handed.part)).collect()
    }

    fn lifts(&self, cand: &AdmissionNo) -> Vec<Code> {
        self.of(cand).flat_map(|act| act.lifts.iter().copied()).collect()
    }

    fn of(&self, cand: &AdmissionNo) -> impl Iterator<Item = &Act> {
        self.0.get(cand).into_iter().flat_map(BTreeMap::values)
    }
}

#[derive(Serialize)]
struct Came<'a> {
    admitted_at: Instant,
    annulled: u8,
    cand: &'a AdmissionNo,
    desk: DeskId,
    handed_in: Vec<HandedIn<'a>>,
    late_s: u32,
    lifts: Vec<Code>,
    out: [u8; 0],
    room: &'a RoomId,
    seat: &'a SeatLabel,
    state: &'static str,
}

#[derive(Serialize)]
struct HandedIn<'a> {
    at: Instant,
    part: &'a PartId,
}

#[derive(Serialize)]
struct Absent<'a> {
    #[serde(rename = "absent_reason")]
    reason: AbsenceReason,
    annulled: u8,
    cand: &'a AdmissionNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    state: &'static str,
}

/// The line of one candidate, without LF; `None` while their attendance is open.
///
/// # Errors
/// [`JcsError::Number`] when a time is beyond 2^53-1.
pub fn line(cand: &AdmissionNo, state: &Attendance, acts: &Acts) -> Result<Option<Vec<u8>>, JcsError> {
    let line = match state {
        Attendance::Submitted(admission, ..) => jcs::to_bytes(&Came {
            admitted_at: admission.at,
            annulled: 0,
            cand,
            desk: admission.desk,
            handed_in: acts.handed_in(cand),
            late_s: admission.late_s,
            lifts: acts.lifts(cand),
            out: [],
            room: &admission.room,
            seat: &admission.seat,
            state: "submitted",
        }),
        Attendance::Absent(reason, code) => {
            jcs::to_bytes(&Absent { reason: *reason, annulled: 0, cand, code: *code, state: "absent" })
        }
        Attendance::Expected | Attendance::Present(_) => return Ok(None),
    };
    line.map(Some)
}
