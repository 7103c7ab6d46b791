//! What `seal` refuses, with its own sentence and nothing changed, and what a sealed session refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::Home;
use kaodian::desk::{Command, Refusal};
use kaodian::domain::event::Event;
use kaodian::domain::ids::{AdmissionNo, OperatorId, PartId, SessionNo};
use kaodian::domain::record::SessionBook;
use kaodian::runtime::site::SiteError;
use serde_json::Value;
use std::fs;
use support::closing::{Closing, SEAL};

const YEAR_S: i64 = 366 * 86_400;

/// The seal of session 1 with these options instead of the right ones.
fn seal_with(options: &str) -> String {
    format!("seal 1 --as chen --pin-file chen --site-pass-file site {options}")
}

#[test]
fn a_seal_by_the_wrong_people_or_secrets_is_refused_and_freezes_nothing() {
    let day = Closing::until("results");
    day.ok("people add gao --role proctor --signer --as chen --pin-file chen --new-pin-file sun");
    day.ok("people add hu --role proctor --as chen --pin-file chen --new-pin-file sun");
    let before = day.ok("journal verify");
    for (command, exit, said) in [
        (seal_with("--sign wang=wang --sign wang=wang"), 1, "KD-T-05 expected two different people, found wang twice"),
        (seal_with("--sign sun=sun --sign li=li"), 1, "KD-T-06 expected somebody who may sign a seal, found the role assessor"),
        (seal_with("--sign li=li --sign chen=chen"), 1, "KD-T-06 expected somebody who may sign a seal, found the role chief"),
        (seal_with("--sign li=li --sign ghost=li"), 1, "KD-T-06 expected a member of the crew"),
        (seal_with("--sign li=li"), 2, "KD-T-05 expected two proctors who sign, found 1"),
        (seal_with(""), 2, "KD-T-05 expected two proctors who sign, found 0"),
        (seal_with("--sign li=li --sign wang=wang --sign gao=sun"), 2, "KD-T-05 expected two proctors who sign, found 3"),
        (seal_with("--sign li=wrong --sign wang=wang"), 1, "KD-K-02 li: "),
        (seal_with("--sign wang=wang --sign gao=sun"), 1, "KD-S-12 expected a proctor with a certificate, found gao without one"),
        (seal_with("--sign wang=wang --sign hu=sun"), 1, "KD-S-12 expected a proctor with a certificate, found hu without one"),
        (SEAL.replace("pin-file chen", "pin-file wrong"), 1, "KD-K-02 chen: "),
        (SEAL.replace("chen --pin-file chen", "wang --pin-file wang"), 1, "KD-T-06 expected somebody who may prepare a seal, found the role proctor"),
        (SEAL.replace("pass-file site", "pass-file wrong.site"), 1, "KD-K-15 "),
        (SEAL.replace("seal 1", "seal 2"), 1, "KD-T-07 expected a session in another state, found it planned"),
        (SEAL.replace("seal 1", "seal 9"), 1, "KD-T-08 "),
        ("seal 1 --abandon --as chen --pin-file chen".to_owned(), 1, "KD-S-18 expected a session that is prepared for its seal"),
        ("seal 1 --abandon --as li --pin-file li".to_owned(), 1, "KD-T-06 "),
    ] {
        day.refused(&command, exit, said);
    }
    let streams = |lines: Vec<Value>| lines.into_iter().filter(|line| line["event"] == "stream").collect::<Vec<_>>();
    assert_eq!(streams(day.ok("journal verify")), streams(before), "nothing was frozen");
    assert!(!day.is_sealed(true));
    day.seal();
}

#[test]
fn a_session_that_is_not_ready_says_what_is_missing() {
    let open = Closing::until("open");
    open.refused(SEAL, 1, "KD-T-07 expected a session in another state, found it open");
    let closed = Closing::until("closed");
    closed.refused(SEAL, 1, "KD-S-08 expected results newer than the last mark, found none");
    assert!(!closed.is_sealed(true));
    closed.ok("score derive 1 --as chen --pin-file chen");
    closed.seal();
}

#[test]
fn a_site_that_can_never_seal_says_so_before_it_asks_for_anything() {
    let home = Home::with_site();
    let seal = "seal 1 --as chen --pin-file pin.chen --site-pass-file none --sign wang=none --sign li=none";
    home.run(&format!("--data D {seal}")).refused(
        1,
        "KD-S-16 expected a site with keys of its own, found a data directory that was made without a site passphrase",
    );
    home.file("pass", "five plain words open it");
    for (data, passphrase) in [("R", ""), ("S", "--site-pass-file pass")] {
        home.ok(&format!(
            "--data {data} site init --mode rehearsal --site EX-SITE-01 --name x --chief chen --new-pin-file pin.chen {passphrase}"
        ));
        home.run(&format!("--data {data} {seal}"))
            .refused(1, "KD-S-14 expected a live or demo site, found a rehearsal: it can never be sealed");
    }
}

#[test]
fn credentials_that_are_missing_or_past_are_told_and_can_be_renewed() {
    let day = Closing::until("results");
    let bare = day.copy();
    fs::remove_dir_all(bare.data().join("trust/EX-ORG-A")).unwrap();
    bare.refused(SEAL, 1, "KD-C-39 expected the credentials of EX-ORG-A, found none");
    assert!(!bare.is_sealed(true));

    let late = day.copy();
    late.later(2 * YEAR_S);
    late.refused(SEAL, 1, "KD-S-12 expected a site certificate that holds today, found ");
    assert!(late.ledger("seal_prepared/1").is_empty() && !late.is_sealed(true));

    let forged = day.copy();
    let bundle = forged.data().join("trust/EX-ORG-A/bundle.ekcred");
    let text = fs::read_to_string(&bundle).unwrap();
    fs::write(&bundle, text.replacen('A', "B", 1)).unwrap();
    let output = forged.run(SEAL);
    assert!([Some(1), Some(4)].contains(&output.status.code()), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("KD-C-"), "{output:?}");
    assert!(!forged.is_sealed(true));

    // The organisation is a demo's and its root lives ten years: it issues anew.
    let site = late.site();
    let now = site.clock().wall().0.second();
    let rng = ring::rand::SystemRandom::new();
    let granted = kaodian::org::issue(&late.org(), &site.request().unwrap(), now, &rng).unwrap();
    site.enrol(&granted.bytes, None).unwrap();
    drop(site);
    late.seal();
    assert!(late.is_sealed(true));
}

/// Somebody whose first part carries this mark, and the part.
fn marked(book: &SessionBook, events: &[Event]) -> (AdmissionNo, PartId) {
    let mark = events.iter().find_map(|event| match event {
        Event::MarkEntered(mark) => Some((mark.cand.clone(), mark.part.clone())),
        _ => None,
    });
    assert!(book.record.results().is_some());
    mark.expect("a mark")
}
