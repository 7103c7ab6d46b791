//! Files and figures: what everybody signed must follow from what is inside, step by step.

use super::forger::ground::ground;
use super::forger::{Forge, Offer, entry};
use super::{Row, refused};
use kaodian::domain::ids::{DeskId, Digest, SessionId};
use kaodian::proof::jws::Typ;
use kaodian::proof::{jcs, sha256};
use kaodian::seal::layout::File;
use serde_json::{Value, json};

/// The first mark of all, higher: 95.00 for 85.00.
fn better(value: &mut Value) {
    value["d"]["mark"] = json!(9500);
}

/// What that mark gives by the policy: 40 and 60 parts of a hundred.
fn better_result(value: &mut Value) {
    value["parts"][0]["mark"] = json!(9500);
    value["composite"] = json!(8900);
}

const THEORY: &str = "\"mark\":8500,\"part\":\"theory\"";
const FIRST: &str = "\"cand\":\"2611241001\"";

/// Files changed, digests made again, everybody signs.
fn signed(change: impl FnOnce(&mut Forge)) -> Offer {
    let mut forge = Forge::new();
    change(&mut forge);
    forge.relist();
    forge.by_all().close()
}

/// Only the manifest changed, everybody signs.
fn stated(change: impl FnOnce(&mut Forge)) -> Offer {
    let mut forge = Forge::new();
    change(&mut forge);
    forge.by_all().close()
}

const BY_THE_SITE: &[Row] = &[
    ("results edited", "KD-V-62", || {
        let mut forge = Forge::new();
        forge.edit(File::Results, FIRST, better_result);
        forge.unsigned().close()
    }),
    ("results edited to another length", "KD-V-61", || {
        let mut forge = Forge::new();
        forge.edit(File::Results, FIRST, |v| v["composite"] = json!(10_000));
        forge.unsigned().close()
    }),
    ("results and manifest edited, signed by the site alone", "KD-V-31", || {
        let mut forge = Forge::new();
        forge.edit(File::Results, FIRST, better_result);
        forge.relist();
        forge.by(&[&ground().site]).close()
    }),
    ("results and manifest edited, the proctors' signatures kept", "KD-V-21 KD-V-21 KD-V-31", || {
        let mut forge = Forge::new();
        let old = forge.payload();
        forge.edit(File::Results, FIRST, better_result);
        forge.relist();
        let payload = forge.payload();
        let [a, b] = [0, 1].map(|n: usize| entry(Typ::Seal, &old, &ground().proctors[n]));
        let site = entry(Typ::Seal, &payload, &ground().site);
        forge.with(payload, vec![a, b, site]).close()
    }),
    ("a policy exchanged", "KD-V-61", || {
        let mut forge = Forge::new();
        forge.file(File::Policy).extend(b"# easier\n");
        forge.unsigned().close()
    }),
];

/// A mark edited by all three, who lie one step more in each row.
const MARKS: &[Row] = &[
    ("a mark edited", "KD-V-75", || signed(|f| f.edit(File::Journal, THEORY, better))),
    ("a mark edited, chains made again", "KD-V-79", || {
        signed(|f| {
            f.edit(File::Journal, THEORY, better);
            f.rechain();
        })
    }),
    ("a mark edited, chains and SealPrepared made again", "KD-V-92", || {
        signed(|f| {
            f.edit(File::Journal, THEORY, better);
            f.reprepare();
        })
    }),
    ("a mark and its result edited", "KD-V-93", || {
        signed(|f| {
            f.edit(File::Journal, THEORY, better);
            f.edit(File::Results, FIRST, better_result);
            f.reprepare();
        })
    }),
    ("a mark and its result edited, derived again", "KD-V-96", || {
        signed(|f| {
            f.edit(File::Journal, THEORY, better);
            f.edit(File::Results, FIRST, better_result);
            f.rederive();
        })
    }),
    ("a mark beyond the greatest", "KD-V-89", || {
        signed(|f| {
            f.edit(File::Journal, THEORY, |v| v["d"]["mark"] = json!(10_100));
            f.reprepare();
        })
    }),
    ("a mark for an absent candidate", "KD-V-89", || {
        signed(|f| {
            f.edit(File::Journal, THEORY, |v| v["d"]["cand"] = json!("2611241004"));
            f.reprepare();
        })
    }),
    ("a mark line removed", "KD-V-72", || {
        signed(|f| {
            let mut lines = f.lines(File::Journal);
            let at = lines.iter().position(|line| String::from_utf8_lossy(line).contains(THEORY)).unwrap();
            lines.remove(at);
            f.set_lines(File::Journal, &lines);
            f.manifest.desks[0].size -= 1;
        })
    }),
    ("a mark line removed, numbers and chains made again", "KD-V-90", || {
        signed(|f| {
            f.drop_line(THEORY);
            f.reprepare();
        })
    }),
];

const RESULTS: &[Row] = &[
    ("a composite edited", "KD-V-92", || signed(|f| f.edit(File::Results, FIRST, |v| v["composite"] = json!(8600)))),
    ("an absent candidate passed", "KD-V-92", || {
        signed(|f| f.edit(File::Results, "2611241004", |v| v["outcome"] = json!("pass")))
    }),
    ("a candidate's line removed", "KD-V-92", || {
        signed(|f| {
            let lines = f.lines(File::Results);
            f.set_lines(File::Results, &lines[1..]);
        })
    }),
    ("a stranger's line added", "KD-V-92", || {
        signed(|f| {
            let mut lines = f.lines(File::Results);
            let text = String::from_utf8(lines[5].clone()).unwrap().replace("2611241006", "2611241007");
            lines.push(text.into_bytes());
            f.set_lines(File::Results, &lines);
        })
    }),
    ("results in another order", "KD-V-91", || {
        signed(|f| {
            let mut lines = f.lines(File::Results);
            lines.swap(0, 1);
            f.set_lines(File::Results, &lines);
        })
    }),
    ("another sitting", "KD-V-93", || signed(|f| f.edit(File::Results, FIRST, |v| v["sitting"] = json!("resit")))),
    ("a salt changed", "KD-V-96", || {
        signed(|f| f.edit(File::Results, FIRST, |v| v["salt"] = json!("AAAAAAAAAAAAAAAAAAAAAA")))
    }),
    ("an admission's salt changed", "KD-V-96", || {
        signed(|f| {
            f.edit(File::Journal, "candidate_admitted/1", |v| v["d"]["salt"] = json!("00".repeat(16)));
            f.reprepare();
        })
    }),
    ("a seat changed in the attendance", "KD-V-94", || {
        signed(|f| f.edit(File::Attendance, "\"seat\":\"01\"", |v| v["seat"] = json!("09")))
    }),
    ("an attendance line removed", "KD-V-94", || {
        signed(|f| {
            let lines = f.lines(File::Attendance);
            f.set_lines(File::Attendance, &lines[..5]);
        })
    }),
    ("an attendance line more", "KD-V-94", || {
        signed(|f| {
            let lines = f.lines(File::Attendance);
            f.set_lines(File::Attendance, &[&lines[..], &lines[5..]].concat());
        })
    }),
    ("an incident nobody reported", "KD-V-95", || signed(|f| f.file(File::Incidents).extend(b"{}\n"))),
    ("a ledger line from nowhere", "KD-V-82", || signed(|f| f.file(File::Ledger).extend(b"{}\n"))),
    ("a policy exchanged", "KD-V-86", || signed(|f| f.file(File::Policy).extend(b"# easier\n"))),
    ("a policy exchanged in the manifest too", "KD-V-80", || signed(easier)),
    ("a policy exchanged in the plan too", "KD-V-93", || {
        signed(|f| {
            easier(f);
            let policy = json!(f.manifest.policy_sha256);
            f.edit(File::Journal, "session_planned/1", |v| v["d"]["policy_sha256"] = policy);
            f.reprepare();
        })
    }),
    ("no policy", "KD-V-85", || {
        signed(|f| {
            *f.file(File::Policy) = b"pass = 0\n".to_vec();
            f.manifest.policy_sha256 = sha256(&[b"pass = 0\n"]);
            let policy = json!(f.manifest.policy_sha256);
            f.edit(File::Journal, "session_planned/1", |v| v["d"]["policy_sha256"] = policy);
            f.reprepare();
        })
    }),
];

fn easier(forge: &mut Forge) {
    forge.file(File::Policy).extend(b"# easier\n");
    forge.manifest.policy_sha256 = sha256(&[forge.file(File::Policy)]);
}

const FIGURES: &[Row] = &[
    ("counts changed", "KD-V-88", || stated(|f| f.manifest.counts.present += 1)),
    ("an incident counted", "KD-V-88", || stated(|f| f.manifest.counts.incidents = 1)),
    ("counts changed in SealPrepared too", "KD-V-88", || {
        signed(|f| {
            f.manifest.counts.late = 0;
            f.edit(File::Journal, "seal_prepared/1", |v| v["d"]["counts"]["late"] = json!(0));
            f.reprepare();
        })
    }),
    ("fewer registered", "KD-V-88", || {
        signed(|f| {
            f.edit(File::Journal, "roster_imported/1", |v| v["d"]["rows"] = json!(5));
            f.reprepare();
        })
    }),
    ("results counted otherwise", "KD-V-93", || {
        signed(|f| {
            f.edit(File::Journal, "results_derived/1", |v| v["d"]["counts"]["fail"] = json!(1));
            f.reprepare();
        })
    }),
    ("another session", "KD-V-80", || {
        stated(|f| f.manifest.session = SessionId::parse("01010101010101010101010101010101").unwrap())
    }),
    ("opened later", "KD-V-81", || stated(|f| f.manifest.opened_at += 1)),
    ("never closed", "KD-V-98", || {
        signed(|f| {
            f.drop_line("session_closed/1");
            f.reprepare();
        })
    }),
    ("never planned", "KD-V-73", || {
        signed(|f| {
            f.drop_line("session_planned/1");
            f.reprepare();
        })
    }),
    ("a hand-in dropped, its marks kept", "KD-V-89", || {
        signed(|f| {
            f.drop_line("work_handed_in/1");
            f.reprepare();
        })
    }),
    ("prepared twice and never given up", "KD-V-84", || {
        signed(|f| {
            let mut lines = f.lines(File::Journal);
            let mut again = jcs::parse(lines.last().unwrap()).unwrap();
            again["seq"] = json!(lines.len() + 1);
            again["a"]["lc"] = json!(lines.len() + 1);
            lines.push(jcs::to_bytes(&again).unwrap());
            f.set_lines(File::Journal, &lines);
            f.reprepare();
        })
    }),
    ("never prepared", "KD-V-78", || {
        signed(|f| {
            let lines = f.lines(File::Journal);
            f.set_lines(File::Journal, &lines[..lines.len() - 1]);
            f.rechain();
        })
    }),
    ("a notice dropped or added", "KD-V-97", || stated(|f| f.manifest.notices.push("KD-N-99".to_owned()))),
    ("one recipient", "KD-V-50", || stated(|f| drop(f.manifest.recipients.pop()))),
    ("one recipient twice", "KD-V-50", || stated(|f| f.manifest.recipients[1] = f.manifest.recipients[0].clone())),
    ("another certificate's name", "KD-V-86", || stated(|f| f.manifest.certificate.push('!'))),
    ("a desk more", "KD-V-74", || {
        stated(|f| {
            let mut desk = f.manifest.desks[0];
            desk.desk = DeskId::try_from(2).unwrap();
            f.manifest.desks.push(desk);
        })
    }),
    ("no desk", "KD-V-74", || stated(|f| f.manifest.desks.clear())),
    ("a desk twice", "KD-V-74", || stated(|f| f.manifest.desks.push(f.manifest.desks[0]))),
    ("another head", "KD-V-75", || stated(|f| f.manifest.desks[0].head = Digest::ZERO)),
    ("another root", "KD-V-76", || stated(|f| f.manifest.desks[0].root = Digest::ZERO)),
    ("another journal's root", "KD-V-77", || stated(|f| f.manifest.journal.root = Digest::ZERO)),
    ("a line less", "KD-V-74", || stated(|f| f.manifest.journal.size -= 1)),
    ("another tree of records", "KD-V-96", || stated(|f| f.manifest.records_tree.root = Digest::ZERO)),
    ("a record less", "KD-V-96", || stated(|f| f.manifest.records_tree.size -= 1)),
    ("another beginning of the ledger", "KD-V-80", || stated(|f| f.manifest.ledger.from = sha256(&[b"x"]))),
    ("another end of the ledger", "KD-V-79", || stated(|f| f.manifest.ledger.head = sha256(&[b"x"]))),
    ("a ledger line counted", "KD-V-83", || stated(|f| f.manifest.ledger.size = 1)),
    ("a file listed less", "KD-V-60", || stated(|f| drop(f.manifest.files.pop()))),
    ("files listed in another order", "KD-V-60", || stated(|f| f.manifest.files.swap(0, 1))),
    ("a file listed by a way out", "KD-V-60", || stated(|f| f.manifest.files[5].path = "../results.jsonl".into())),
    ("a file listed longer", "KD-V-61", || stated(|f| f.manifest.files[5].bytes += 1)),
    ("a file listed with a gigabyte", "KD-V-61", || stated(|f| f.manifest.files[5].bytes = 1 << 30)),
    ("a file listed with another digest", "KD-V-62", || stated(|f| f.manifest.files[5].sha256 = Digest::ZERO)),
];

#[test]
fn forged_contents_are_refused() {
    for rows in [BY_THE_SITE, MARKS, RESULTS, FIGURES] {
        refused(rows);
    }
    three_signers_who_tell_another_history_are_believed();
}

/// The limit of any signature: two proctors and the site who agree on another history have written one. What speaks
/// against them lies outside the package: photographed heads, receipts, the paper with the fingerprint.
fn three_signers_who_tell_another_history_are_believed() {
    let offer = signed(|f| {
        f.edit(File::Journal, THEORY, better);
        f.edit(File::Results, FIRST, better_result);
        f.rederive();
        f.regrow();
    });
    assert_eq!(offer.codes(), "");
    let [theirs, ours] = [offer.report(), Offer::from(ground().good.bytes.clone()).report()];
    assert_ne!(theirs.fingerprint, ours.fingerprint);
}
