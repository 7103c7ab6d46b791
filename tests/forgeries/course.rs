//! Days that could not have been: lines in another order or by other people, with everything made to fit and everybody's
//! signature (rules.md §5, §11 and §13).

use super::forger::{Forge, Offer};
use super::{Row, refused};
use serde_json::{Value, json};

/// The good day told otherwise.
fn told(change: impl FnOnce(&mut Vec<Value>)) -> Offer {
    let mut forge = Forge::new();
    forge.retell(change);
    forge.relist();
    forge.by_all().close()
}

fn at(lines: &[Value], kind: &str) -> usize {
    lines.iter().position(|line| line["k"] == kind).unwrap_or_else(|| panic!("no {kind}"))
}

/// The first line of a kind goes before that of another.
fn moved(lines: &mut Vec<Value>, kind: &str, before: &str) {
    let line = lines.remove(at(lines, kind));
    let to = at(lines, before);
    lines.insert(to, line);
}

/// The first line of a kind is told again right before that of another.
fn again(lines: &mut Vec<Value>, kind: &str, before: &str) {
    let line = lines[at(lines, kind)].clone();
    let to = at(lines, before);
    lines.insert(to, line);
}

const CLOSED: &str = "session_closed/1";
const DERIVED: &str = "results_derived/1";
const PREPARED: &str = "seal_prepared/1";
const STARTED: &str = "session_started/1";
const OPENED: &str = "session_opened/1";

const TURNS: &[Row] = &[
    ("results derived before closing", "KD-V-98", || {
        told(|lines| {
            let closed = lines.remove(at(lines, CLOSED));
            let to = at(lines, PREPARED);
            lines.insert(to, closed);
        })
    }),
    ("results derived before any mark", "KD-V-98", || told(|lines| moved(lines, DERIVED, OPENED))),
    ("prepared before closing", "KD-V-98", || {
        told(|lines| {
            let closed = lines.remove(at(lines, CLOSED));
            lines.push(closed);
        })
    }),
    ("never opened", "KD-V-98", || told(|lines| drop(lines.remove(at(lines, OPENED))))),
    ("opened twice", "KD-V-98", || told(|lines| again(lines, OPENED, STARTED))),
    ("never started", "KD-V-98", || told(|lines| drop(lines.remove(at(lines, STARTED))))),
    ("started twice", "KD-V-98", || told(|lines| again(lines, STARTED, CLOSED))),
    ("started before opening", "KD-V-98", || told(|lines| moved(lines, STARTED, OPENED))),
    ("closed twice", "KD-V-98", || told(|lines| again(lines, CLOSED, DERIVED))),
    ("let in before opening", "KD-V-98", || told(|lines| moved(lines, "candidate_admitted/1", OPENED))),
    ("let in after closing", "KD-V-98", || told(|lines| again(lines, "candidate_admitted/1", DERIVED))),
    ("handed in before the start", "KD-V-98", || told(|lines| moved(lines, "work_handed_in/1", STARTED))),
    ("handed in after closing", "KD-V-98", || told(|lines| again(lines, "work_handed_in/1", DERIVED))),
    ("absent before the start", "KD-V-98", || told(|lines| moved(lines, "absence_marked/1", STARTED))),
    ("planned twice", "KD-V-98", || told(|lines| again(lines, "session_planned/1", OPENED))),
    ("a roster after closing", "KD-V-98", || {
        told(|lines| {
            again(lines, "roster_imported/1", DERIVED);
            let to = at(lines, DERIVED) - 1;
            lines[to]["d"]["rev"] = json!(2);
        })
    }),
    ("a roster of the same revision", "KD-V-98", || told(|lines| again(lines, "roster_imported/1", OPENED))),
    ("a person on the crew after closing", "KD-V-98", || told(|lines| again(lines, "crew_assigned/1", DERIVED))),
    ("a person in two roles", "KD-V-98", || {
        told(|lines| {
            again(lines, "crew_assigned/1", OPENED);
            let to = at(lines, OPENED) - 1;
            let role = lines[to]["d"]["role"].clone();
            lines[to]["d"]["role"] = if role == "assessor" { json!("proctor") } else { json!("assessor") };
        })
    }),
    ("a desk that joins twice", "KD-V-98", || told(|lines| again(lines, "desk_joined/1", OPENED))),
    ("a desk that joins another session", "KD-V-98", || {
        told(|lines| {
            let joined = at(lines, "desk_joined/1");
            lines[joined]["d"]["session"] = json!("01".repeat(16));
        })
    }),
    ("a line after the seal was prepared", "KD-V-78", || {
        told(|lines| lines.push(lines[at(lines, "absence_marked/1")].clone()))
    }),
    ("a mark before the hand-in", "KD-V-89", || told(|lines| moved(lines, "mark_entered/1", "work_handed_in/1"))),
    ("a mark entered after the results", "KD-V-93", || told(|lines| moved(lines, "mark_entered/1", PREPARED))),
    ("a mark for a part that was not handed in", "KD-V-89", || {
        told(|lines| {
            let mark = lines[at(lines, "mark_entered/1")]["d"].clone();
            let hands_in = |line: &&mut Value| line["k"] == "work_handed_in/1" && line["d"]["cand"] == mark["cand"];
            for line in lines.iter_mut().filter(|line| hands_in(line)) {
                line["d"]["parts"].as_array_mut().unwrap().retain(|part| *part != mark["part"]);
            }
        })
    }),
    ("a second mark for a part", "KD-V-89", || told(|lines| again(lines, "mark_entered/1", DERIVED))),
    ("a zero without a reason", "KD-V-89", || {
        told(|lines| {
            let mark = at(lines, "mark_entered/1");
            lines[mark]["d"]["mark"] = json!(0);
        })
    }),
    ("seen after being declared absent", "KD-V-87", || {
        told(|lines| {
            // Declared absent, then let in: the figures follow, the contradiction stays.
            let absent = lines.remove(at(lines, "absence_marked/1"));
            let cand = absent["d"]["cand"].clone();
            let mut seen = lines[at(lines, "candidate_admitted/1")].clone();
            seen["d"]["cand"] = cand.clone();
            seen["d"]["seat"] = json!("98");
            let mut gave = lines[at(lines, "work_handed_in/1")].clone();
            gave["d"]["cand"] = cand;
            let closed = at(lines, CLOSED);
            lines.splice(closed..closed, [absent, seen, gave]);
            recount(lines);
        })
    }),
    ("absent after closing without a row", "KD-V-88", || {
        told(|lines| {
            again(lines, "absence_marked/1", DERIVED);
            let to = at(lines, DERIVED) - 1;
            lines[to]["d"]["cand"] = json!("2611249999");
            let prepared = at(lines, PREPARED);
            let absent = lines[prepared]["d"]["counts"]["absent"].as_u64().unwrap();
            lines[prepared]["d"]["counts"]["absent"] = json!(absent + 1);
        })
    }),
    ("other figures at the start", "KD-V-88", || {
        told(|lines| {
            let started = at(lines, STARTED);
            lines[started]["d"]["counts"]["present"] = json!(0);
        })
    }),
    ("other figures at closing", "KD-V-88", || {
        told(|lines| {
            let closed = at(lines, CLOSED);
            lines[closed]["d"]["counts"]["late"] = json!(6);
        })
    }),
];

/// One candidate more came and one less is absent, in every figure from closing on.
fn recount(lines: &mut [Value]) {
    for kind in [CLOSED, PREPARED] {
        let counts = &mut lines[at(lines, kind)]["d"]["counts"];
        for (name, step) in [("present", 1), ("handed_in", 1), ("absent", -1)] {
            counts[name] = json!(counts[name].as_i64().unwrap() + step);
        }
    }
}

/// The first line of a kind by somebody else.
fn by(kind: &str, who: &str) -> Offer {
    told(|lines| {
        let line = at(lines, kind);
        lines[line]["a"]["op"] = json!(who);
    })
}

/// The first mark in somebody else's name.
fn scored_by(who: &str) -> Offer {
    told(|lines| {
        let line = at(lines, "mark_entered/1");
        lines[line]["d"]["scored_by"] = json!(who);
    })
}

const PERSONS: &[Row] = &[
    ("opened by a proctor", "KD-V-99", || by(OPENED, "li")),
    ("started by nobody", "KD-V-99", || by(STARTED, "-")),
    ("let in by somebody on no list", "KD-V-99", || by("candidate_admitted/1", "nobody1")),
    ("handed in by nobody", "KD-V-99", || by("work_handed_in/1", "-")),
    ("absent by nobody's word", "KD-V-99", || by("absence_marked/1", "-")),
    ("marked by a proctor", "KD-V-99", || by("mark_entered/1", "li")),
    ("marked in a proctor's name", "KD-V-99", || scored_by("li")),
    ("marked in the name of somebody on no list", "KD-V-99", || scored_by("nobody1")),
    ("closed by a proctor", "KD-V-99", || by(CLOSED, "li")),
    ("closed by the chief alone", "KD-V-99", || {
        told(|lines| {
            let closed = at(lines, CLOSED);
            lines[closed]["a"].as_object_mut().unwrap().remove("w");
        })
    }),
    ("derived by a proctor", "KD-V-99", || by(DERIVED, "li")),
    ("prepared by a proctor", "KD-V-99", || by(PREPARED, "li")),
];

/// The first admission told otherwise.
fn came(change: impl FnOnce(&mut Value)) -> Offer {
    told(|lines| {
        let line = at(lines, "candidate_admitted/1");
        change(&mut lines[line]["d"]);
    })
}

/// The first admission, with this code set aside by these two for a reason that needs no paper.
fn lifted(code: &str, by: &str, witness: &str) -> Offer {
    came(|event| {
        event["lifts"] = json!([{"by": by, "code": code, "reason": "office_cleared", "witness": witness}]);
    })
}

const LIFTS: &[Row] = &[
    ("another name, set aside by nobody", "KD-V-98", || came(|event| event["name_match"] = json!("different"))),
    ("another name, confirmed by one", "KD-V-98", || {
        came(|event| {
            event["name_match"] = json!("different");
            event["confirmed"] = json!(["KD-A-27"]);
        })
    }),
    ("a name variant that nobody looked at", "KD-V-98", || came(|event| event["name_match"] = json!("variant"))),
    ("barred and let in", "KD-V-98", || lifted("KD-A-30", "chen", "wang")),
    ("an expired card that nobody spoke for", "KD-V-98", || came(|event| event["expired"] = json!(1))),
    ("by hand, taken by nobody", "KD-V-98", || came(|event| event["via"] = json!("manual"))),
    ("without a document by nobody's word", "KD-V-98", || came(|event| event["via"] = json!("declared"))),
    ("another reason without a paper", "KD-V-98", || {
        came(|event| {
            let lift = json!({"by": "chen", "code": "KD-A-51", "reason": "other", "witness": "wang"});
            event["lifts"] = json!([lift]);
        })
    }),
    ("set aside by two proctors", "KD-V-99", || lifted("KD-A-51", "wang", "li")),
    ("set aside by the chief alone", "KD-V-99", || lifted("KD-A-51", "chen", "chen")),
    ("set aside with an assessor", "KD-V-99", || lifted("KD-A-51", "chen", "sun")),
    ("set aside by somebody on no list", "KD-V-99", || lifted("KD-A-51", "chen", "nobody1")),
    ("a conflict settled that is none", "KD-V-98", || {
        told(|lines| {
            again(lines, "operator_signed_in/1", STARTED);
            let to = at(lines, STARTED) - 1;
            lines[to]["k"] = json!("conflict_resolved/1");
            lines[to]["a"]["op"] = json!("chen");
            lines[to]["a"]["w"] = json!("wang");
            lines[to]["d"] = json!({"annul": [], "conflict": "C-DRF:2611241001", "order": [{"desk": 1, "seq": 2}],
                "reason": "name_correction", "supersedes": []});
        })
    }),
    ("a hold placed by a proctor", "KD-V-99", || {
        told(|lines| {
            again(lines, "operator_signed_in/1", STARTED);
            let to = at(lines, STARTED) - 1;
            lines[to]["k"] = json!("hold_placed/1");
            lines[to]["a"]["op"] = json!("wang");
            lines[to]["d"] = json!({"cand": "2611241001", "hold": "barred", "paper_ref": "JK-1"});
        })
    }),
];

#[test]
fn admissions_that_nobody_could_have_let_pass_are_refused() {
    refused(LIFTS);
}

#[test]
fn days_that_could_not_have_been_are_refused() {
    assert_eq!(told(|_| {}).codes(), "", "told as it was");
    let tap = told(|lines| {
        let line = at(lines, "candidate_admitted/1");
        lines[line]["a"]["op"] = json!("-");
    });
    assert_eq!(tap.codes(), "", "cards are judged whoever sits there, nobody included");
    refused(TURNS);
    refused(PERSONS);
}
