//! Several desks and carried ledger lines: a stream or a line of the ledger dropped, cut, exchanged or from elsewhere.
//!
//! The day of a forger has one desk and an empty ledger, so it is told on two desks first, with a ledger that goes on.

use super::forger::{Forge, Offer, desk_of};
use super::{Row, refused, refused_each};
use kaodian::domain::ids::Digest;
use kaodian::journal::chain::Chain;
use kaodian::proof::{jcs, sha256};
use kaodian::seal::layout::File;
use serde_json::{Value, json};

const T: i64 = 1_795_449_600_000;

/// A line of the ledger.
fn booked(seq: u64, kind: &str, fields: &Value) -> Value {
    json!({"a": {"desk": 1, "lc": seq, "op": "-", "q": "synced"}, "d": fields, "k": kind, "seq": seq, "t": T})
}

fn locked(seq: u64, tries: u64) -> Value {
    booked(seq, "operator_locked/1", &json!({"op": "li", "why": "wrong_pin", "tries": tries}))
}

/// The good day on two desks: every second candidate came in at desk 2, where somebody signs in last; three ledger lines.
fn wide() -> Forge {
    let mut forge = Forge::new();
    let (mut first, mut second, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    for mut line in forge.values(File::Journal) {
        if line["k"] == "desk_joined/1" {
            let mut joined = line.clone();
            (joined["a"]["desk"], joined["d"]["desk"]) = (json!(2), json!(2));
            second.push(joined);
        }
        if line["k"] == "results_derived/1" {
            let (lc, t, q) = (line["a"]["lc"].clone(), line["t"].clone(), line["a"]["q"].clone());
            second.push(json!({"a": {"desk": 2, "lc": lc, "op": "li", "q": q}, "d": {"op": "li", "why": "switch"},
                "k": "operator_signed_in/1", "seq": 0, "t": t}));
        }
        let cand = line["d"]["cand"].as_str().unwrap_or_default().to_owned();
        if line["k"] == "candidate_admitted/1" && cand.ends_with(['2', '4', '6']) {
            line["a"]["desk"] = json!(2);
            moved.push(cand);
            second.push(line);
        } else {
            first.push(line);
        }
    }
    forge.set_values(File::Journal, &[first, second].concat());
    forge.renumber();
    let mut attendance = forge.values(File::Attendance);
    for line in attendance.iter_mut().filter(|line| moved.iter().any(|cand| line["cand"] == *cand)) {
        line["desk"] = json!(2);
    }
    forge.set_values(File::Attendance, &attendance);
    forge.set_values(File::Ledger, &[locked(1, 1), locked(2, 2), locked(3, 3)]);
    forge.reprepare();
    forge.regrow();
    forge
}

/// As [`wide`], but planned after two of the three ledger lines.
fn later() -> Forge {
    let mut forge = wide();
    let lines = forge.lines(File::Ledger);
    let from = lines[..2].iter().fold(Chain::EMPTY, |chain, line| chain.with(line)).head();
    forge.manifest.ledger.from = from;
    forge.edit(File::Journal, "session_planned/1", |v| v["d"]["ledger_head"] = json!(from));
    forge.set_lines(File::Ledger, &lines[2..]);
    forge.reprepare();
    forge.regrow();
    forge
}

fn signed(mut forge: Forge, change: impl FnOnce(&mut Forge)) -> Offer {
    change(&mut forge);
    forge.relist();
    forge.by_all().close()
}

/// The lines of a desk.
fn of(forge: &mut Forge, desk: u64) -> Vec<Value> {
    forge.values(File::Journal).into_iter().filter(|line| desk_of(line) == desk).collect()
}

/// The journal made of two streams, heads and trees made again.
fn streams(forge: &mut Forge, one: &[Value], two: &[Value]) {
    forge.set_values(File::Journal, &[one, two].concat());
    forge.rechain();
}

fn both(forge: &mut Forge, change: impl FnOnce(&mut Vec<Value>, &mut Vec<Value>)) {
    let (mut one, mut two) = (of(forge, 1), of(forge, 2));
    change(&mut one, &mut two);
    streams(forge, &one, &two);
}

const DESKS: &[Row] = &[
    ("a desk's stream dropped from the file", "KD-V-74", || {
        signed(wide(), |f| {
            let one = of(f, 1);
            f.set_values(File::Journal, &one);
        })
    }),
    ("a desk's stream dropped from file and manifest", "KD-V-88", || signed(wide(), |f| both(f, |_, two| two.clear()))),
    ("a desk's stream dropped, SealPrepared made again", "KD-V-88", || {
        signed(wide(), |f| {
            both(f, |_, two| two.clear());
            f.reprepare();
            f.regrow();
        })
    }),
    ("two desks exchanged in the manifest", "KD-V-74", || signed(wide(), |f| f.manifest.desks.swap(0, 1))),
    ("two desks' heads exchanged", "KD-V-75", || {
        signed(wide(), |f| {
            let heads = [f.manifest.desks[0].head, f.manifest.desks[1].head];
            (f.manifest.desks[0].head, f.manifest.desks[1].head) = (heads[1], heads[0]);
        })
    }),
    ("two desks' roots exchanged", "KD-V-76", || {
        signed(wide(), |f| {
            let roots = [f.manifest.desks[0].root, f.manifest.desks[1].root];
            (f.manifest.desks[0].root, f.manifest.desks[1].root) = (roots[1], roots[0]);
        })
    }),
    ("two desks exchanged in the file", "KD-V-72", || {
        signed(wide(), |f| {
            let (one, two) = (of(f, 1), of(f, 2));
            f.set_values(File::Journal, &[two, one].concat());
        })
    }),
    ("two desks exchanged in file and manifest", "KD-V-74", || {
        signed(wide(), |f| {
            let (one, two) = (of(f, 1), of(f, 2));
            streams(f, &two, &one);
        })
    }),
    ("two desks' numbers exchanged in every line", "KD-V-73", || {
        signed(wide(), |f| {
            let (mut one, mut two) = (of(f, 1), of(f, 2));
            one.iter_mut().for_each(|line| line["a"]["desk"] = json!(2));
            two.iter_mut().for_each(|line| line["a"]["desk"] = json!(1));
            streams(f, &two, &one);
        })
    }),
    ("a desk's last line cut", "KD-V-79", || signed(wide(), |f| both(f, |_, two| drop(two.pop())))),
    ("a desk's last line cut from the file alone", "KD-V-74", || {
        signed(wide(), |f| {
            let lines = f.lines(File::Journal);
            f.set_lines(File::Journal, &lines[..lines.len() - 1]);
        })
    }),
    ("a desk's first line cut", "KD-V-73", || {
        signed(wide(), |f| {
            both(f, |_, two| drop(two.remove(0)));
            f.renumber();
            f.reprepare();
        })
    }),
    ("a desk's line after the seal was prepared", "KD-V-79", || {
        signed(wide(), |f| {
            both(f, |one, two| {
                let mut line = two.last().unwrap().clone();
                line["a"]["lc"] = json!(one.last().unwrap()["a"]["lc"].as_u64().unwrap() + 1);
                line["seq"] = json!(two.len() + 1);
                two.push(line);
            });
            f.reprepare();
        })
    }),
    ("a desk's line that the seal was not prepared over", "KD-V-78", || {
        signed(wide(), |f| {
            both(f, |_, two| {
                let mut line = two.last().unwrap().clone();
                line["a"]["lc"] = json!(line["a"]["lc"].as_u64().unwrap() + 1);
                line["seq"] = json!(two.len() + 1);
                two.push(line);
            });
        })
    }),
    ("a line moved to another desk", "KD-V-94", || {
        signed(wide(), |f| {
            both(f, |one, two| {
                let at = one.iter().position(|line| line["k"] == "candidate_admitted/1").unwrap();
                let mut line = one.remove(at);
                line["a"]["desk"] = json!(2);
                let to = two.iter().position(|l| l["a"]["lc"].as_u64() > line["a"]["lc"].as_u64()).unwrap();
                two.insert(to, line);
            });
            f.renumber();
            f.reprepare();
            f.regrow();
        })
    }),
    ("a desk that joined another session", "KD-V-98", || {
        signed(wide(), |f| {
            both(f, |_, two| two[0]["d"]["session"] = json!("01".repeat(16)));
            f.reprepare();
        })
    }),
    ("a desk that joined in another's name", "KD-V-73", || {
        signed(wide(), |f| {
            both(f, |_, two| two[0]["d"]["desk"] = json!(3));
            f.reprepare();
        })
    }),
    ("two desks that lead", "KD-V-73", || {
        signed(wide(), |f| {
            both(f, |one, two| {
                let lc = two[0]["a"]["lc"].clone();
                two[0] = one[0].clone();
                (two[0]["a"]["desk"], two[0]["a"]["lc"]) = (json!(2), lc);
            });
            f.reprepare();
        })
    }),
    ("a desk without a line", "KD-V-74", || {
        signed(wide(), |f| {
            let mut desk = f.manifest.desks[1];
            desk.desk = 3.try_into().unwrap();
            (desk.size, desk.head, desk.root) = (0, Digest::ZERO, sha256(&[]));
            f.manifest.desks.push(desk);
        })
    }),
    ("prepared at a desk that does not lead", "KD-V-78", || {
        signed(wide(), |f| {
            both(f, |one, two| {
                let mut prepared = one.pop().unwrap();
                (prepared["a"]["desk"], prepared["seq"]) = (json!(2), json!(two.len() + 1));
                two.push(prepared);
            });
            f.reprepare();
        })
    }),
];

/// The ledger's lines changed; numbers stay as the change leaves them.
fn ledger(change: impl FnOnce(&mut Vec<Value>)) -> Forge {
    let mut forge = wide();
    let mut lines = forge.values(File::Ledger);
    change(&mut lines);
    forge.set_values(File::Ledger, &lines);
    forge
}

/// A line about the package's own session.
fn of_ours(forge: &Forge, seq: u64, kind: &str, mut fields: Value) -> Value {
    fields["session"] = json!(forge.manifest.session);
    booked(seq, kind, &fields)
}

/// A ledger with one line more, carried and prepared over.
fn with_line(kind: &str, fields: Value) -> Offer {
    signed(wide(), |f| {
        let mut lines = f.values(File::Ledger);
        lines.push(of_ours(f, 4, kind, fields));
        f.set_values(File::Ledger, &lines);
        f.reprepare();
    })
}

const LEDGER: &[Row] = &[
    ("a ledger line dropped", "KD-V-82", || signed(ledger(|l| drop(l.remove(1))), |_| {})),
    ("a ledger line dropped, counted in the manifest", "KD-V-79", || {
        signed(ledger(|l| drop(l.remove(1))), Forge::reledge)
    }),
    ("the ledger's first line dropped", "KD-V-82", || signed(ledger(|l| drop(l.remove(0))), |_| {})),
    ("the ledger's last line cut", "KD-V-83", || signed(ledger(|l| drop(l.pop())), |_| {})),
    ("a ledger line inserted", "KD-V-82", || signed(ledger(|l| l.insert(1, locked(2, 9))), |_| {})),
    ("a ledger line behind the preparation", "KD-V-83", || signed(ledger(|l| l.push(locked(4, 4))), |_| {})),
    ("a ledger line behind the preparation, counted in the manifest", "KD-V-79", || {
        signed(ledger(|l| l.push(locked(4, 4))), Forge::reledge)
    }),
    ("a ledger line edited", "KD-V-83", || signed(ledger(|l| l[1]["d"]["tries"] = json!(7)), |_| {})),
    ("a line from another ledger", "KD-V-83", || signed(ledger(|l| l[1]["t"] = json!(T + 1)), |_| {})),
    ("a line of the journal in the ledger", "KD-V-71", || {
        signed(wide(), |f| {
            let mut opened = f.values(File::Journal).into_iter().find(|l| l["k"] == "session_opened/1").unwrap();
            opened["seq"] = json!(4);
            let mut lines = f.values(File::Ledger);
            lines.push(opened);
            f.set_values(File::Ledger, &lines);
            f.reprepare();
        })
    }),
    ("a line of the ledger in the journal", "KD-V-71", || {
        signed(wide(), |f| {
            both(f, |_, two| {
                let last = two.last_mut().unwrap();
                let mut line = locked(last["seq"].as_u64().unwrap(), 1);
                line["a"] = last["a"].clone();
                *last = line;
            });
            f.reprepare();
        })
    }),
    ("ledger lines exchanged", "KD-V-82", || signed(ledger(|l| l.swap(0, 1)), |_| {})),
    ("the ledger of a later session that begins at another line", "KD-V-80", || {
        signed(later(), |f| f.manifest.ledger.from = sha256(&[b"x"]))
    }),
    ("a ledger that begins a line after the plan", "KD-V-80", || {
        signed(wide(), |f| {
            let lines = f.lines(File::Ledger);
            f.manifest.ledger.from = Chain::EMPTY.with(&lines[0]).head();
            f.set_lines(File::Ledger, &lines[1..]);
            f.reprepare();
        })
    }),
    ("a gap between the plan and the lines carried", "KD-V-82", || {
        signed(later(), |f| {
            let mut lines = f.values(File::Ledger);
            lines[0]["seq"] = json!(4);
            f.set_values(File::Ledger, &lines);
            f.reledge();
            let head = f.manifest.ledger.head;
            f.edit(File::Journal, "seal_prepared/1", |v| v["d"]["frontier"]["ledger"]["head"] = json!(head));
            f.rechain();
        })
    }),
    ("a ledger that begins with nothing before, counted on", "KD-V-83", || {
        signed(later(), |f| {
            f.manifest.ledger.from = Digest::ZERO;
            f.edit(File::Journal, "session_planned/1", |v| v["d"]["ledger_head"] = json!(Digest::ZERO));
            f.reprepare();
        })
    }),
    ("this seal given up", "KD-V-84", || with_line("seal_abandoned/1", json!({"reason": "stopped"}))),
    ("sealed before", "KD-V-84", || {
        let fields = json!({"package_sha256": sha256(&[b"x"]), "sequence": 1, "amendment_no": 0});
        with_line("session_sealed/1", fields)
    }),
    ("signed before", "KD-V-84", || {
        let digest = sha256(&[b"x"]);
        with_line("seal_signed/1", json!({"manifest_sha256": digest, "op": "li", "key": digest}))
    }),
    ("the package before under another number in the ledger", "KD-V-51", || {
        numbered(json!({"package_sha256": sha256(&[b"before"]), "sequence": 2, "amendment_no": 0}))
    }),
];

/// Package number 2 after some package that the ledger speaks of.
fn numbered(sealed: Value) -> Offer {
    signed(wide(), |f| {
        (f.manifest.sequence, f.manifest.previous) = (2, Some(sha256(&[b"before"])));
        let mut lines = f.values(File::Ledger);
        let mut fields = sealed;
        fields["session"] = json!("02".repeat(16));
        lines.push(booked(4, "session_sealed/1", &fields));
        f.set_values(File::Ledger, &lines);
        f.reprepare();
    })
}

/// Prepared over the first `before` of four ledger lines, then over all; of the others those in `given_up` say that this
/// seal was given up. `between` stands behind the first preparation.
fn twice(before: u64, given_up: &[u64], change: impl FnOnce(&mut Value)) -> Forge {
    let mut forge = wide();
    let abandoned = |seq| of_ours(&forge, seq, "seal_abandoned/1", json!({"reason": "stopped"}));
    let lines: Vec<Value> =
        (1..=4).map(|seq| if given_up.contains(&seq) { abandoned(seq) } else { locked(seq, seq) }).collect();
    let heads: Vec<Vec<u8>> = lines.iter().map(|line| jcs::to_bytes(line).unwrap()).collect();
    let at = usize::try_from(before).unwrap();
    let head = heads[..at].iter().fold(Chain::EMPTY, |chain, line| chain.with(line)).head();
    forge.set_values(File::Ledger, &lines);
    forge.reprepare();
    both(&mut forge, |one, _| {
        let mut again = one.last().unwrap().clone();
        let (seq, lc) = (one.len() + 1, again["a"]["lc"].as_u64().unwrap() + 1);
        (again["seq"], again["a"]["lc"]) = (json!(seq), json!(lc));
        let first = one.last_mut().unwrap();
        first["d"]["frontier"]["ledger"] = json!({"head": head, "size": before});
        change(first);
        one.push(again);
    });
    forge.reprepare();
    forge
}

const TWICE: &[Row] = &[
    ("prepared twice, never given up", "KD-V-84", || signed(twice(2, &[], |_| {}), |_| {})),
    ("prepared twice, given up before the first time", "KD-V-84", || signed(twice(2, &[1], |_| {}), |_| {})),
    ("prepared twice, given up twice", "KD-V-84", || signed(twice(2, &[3, 4], |_| {}), |_| {})),
    ("a preparation given up that spoke of other lines", "KD-V-79", || {
        signed(twice(2, &[3], |first| first["d"]["frontier"]["desks"][0]["head"] = json!(sha256(&[b"x"]))), |_| {})
    }),
    ("a preparation given up with another ledger", "KD-V-83", || {
        signed(twice(2, &[3], |first| first["d"]["frontier"]["ledger"]["head"] = json!(sha256(&[b"x"]))), |_| {})
    }),
    ("a preparation given up with other figures", "KD-V-88", || {
        signed(twice(2, &[3], |first| first["d"]["counts"]["late"] = json!(6)), |_| {})
    }),
];

#[test]
fn forged_desks_and_ledgers_are_refused() {
    assert_eq!(signed(wide(), |_| {}).codes(), "", "two desks and a ledger are believed");
    assert_eq!(signed(later(), |_| {}).codes(), "", "a ledger that goes on is believed");
    assert_eq!(signed(twice(2, &[3], |_| {}), |_| {}).codes(), "", "a seal given up and prepared again is believed");
    let before = json!({"package_sha256": sha256(&[b"before"]), "sequence": 1, "amendment_no": 0});
    assert_eq!(numbered(before).codes(), "", "the package before, as the ledger has it");
    for rows in [DESKS, LEDGER, TWICE] {
        refused(rows);
    }
    let line = ledger(|l| l.truncate(2));
    refused_each("ledger and size cut together", "KD-V-83", &signed(line, |f| f.manifest.ledger.size = 2));
}
