//! The verdict line of cli.md, which scripts rely on and must not change.

use crate::desk::Shown;
use crate::domain::admission::Verdict;
use serde_json::{Value, json};

/// The line of a verdict.
pub(super) fn line(shown: &Shown) -> Value {
    let decision = &shown.decision;
    let verdict = match decision.verdict {
        Verdict::Admitted => "admitted",
        Verdict::AdmittedLate(_) => "admitted_late",
        Verdict::AlreadyIn { .. } => "already_in",
        Verdict::Refused => "refused",
        Verdict::NeedsProctor => "needs_proctor",
    };
    let mut line = json!({
        "event": "verdict",
        "verdict": verdict,
        "code": decision.code,
        "admission_number": decision.row.as_ref().map(|row| &row.cand),
        "room": shown.place.as_ref().map(|(room, _)| room),
        "seat": shown.place.as_ref().map(|(_, seat)| seat),
        "session": shown.session,
        "desk": shown.desk,
        "seq": shown.seq,
        "at": shown.at.to_string(),
    });
    if shown.repeat
        && let Some(line) = line.as_object_mut()
    {
        line.insert("repeat".to_owned(), json!(true));
    }
    line
}
