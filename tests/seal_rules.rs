//! What `seal` refuses, with its own sentence and nothing changed, and what a sealed session refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::Home;
use kaodian::desk::{Command, Refusal};
use kaodian::domain::ids::{AdmissionNo, OperatorId, PartId, SessionId, SessionNo};
use kaodian::runtime::site::SiteError;
use kaodian::trust::pin::Pin;
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
        (
            seal_with("--sign sun=sun --sign li=li"),
            1,
            "KD-T-06 expected somebody who may sign a seal, found the role assessor",
        ),
        (
            seal_with("--sign li=li --sign chen=chen"),
            1,
            "KD-T-06 expected somebody who may sign a seal, found the role chief",
        ),
        (seal_with("--sign li=li --sign ghost=li"), 1, "KD-T-06 expected a member of the crew"),
        (
            // Only who may sign a seal holds a key for it, whatever the organisation would certify.
            "people add boss --role assessor --signer --as chen --pin-file chen --new-pin-file sun".to_owned(),
            1,
            "KD-T-06 expected somebody who may sign seals, found the role assessor",
        ),
        (seal_with("--sign li=li"), 2, "KD-T-05 expected two proctors who sign, found 1"),
        (seal_with(""), 2, "KD-T-05 expected two proctors who sign, found 0"),
        (
            seal_with("--sign li=li --sign wang=wang --sign gao=sun"),
            2,
            "KD-T-05 expected two proctors who sign, found 3",
        ),
        (seal_with("--sign li=wrong --sign wang=wang"), 1, "KD-K-02 li: "),
        (
            seal_with("--sign wang=wang --sign gao=sun"),
            1,
            "KD-S-12 expected a proctor with a certificate, found gao without one",
        ),
        (
            seal_with("--sign wang=wang --sign hu=sun"),
            1,
            "KD-S-12 expected a proctor with a certificate, found hu without one",
        ),
        (SEAL.replace("pin-file chen", "pin-file wrong"), 1, "KD-K-02 chen: "),
        (
            SEAL.replace("chen --pin-file chen", "wang --pin-file wang"),
            1,
            "KD-T-06 expected somebody who may prepare a seal, found the role proctor",
        ),
        (SEAL.replace("pass-file site", "pass-file wrong.site"), 1, "KD-K-15 "),
        (SEAL.replace("seal 1", "seal 2"), 1, "KD-T-07 expected a session in another state, found it planned"),
        (SEAL.replace("seal 1", "seal 9"), 1, "KD-T-08 "),
        (
            "seal 1 --abandon --as chen --pin-file chen".to_owned(),
            1,
            "KD-S-18 expected a session that is prepared for its seal",
        ),
        ("seal 1 --abandon --as li --pin-file li".to_owned(), 1, "KD-T-06 "),
    ] {
        day.refused(&command, exit, said);
    }
    let streams = |lines: Vec<Value>| lines.into_iter().filter(|line| line["event"] == "stream").collect::<Vec<_>>();
    assert_eq!(streams(day.ok("journal verify")), streams(before), "nothing was frozen");
    assert!(!day.is_sealed(true));
    day.seal();
}

/// Credentials of the organisation for every key the site holds now.
fn enrol_anew(day: &Closing) {
    let site = day.site();
    let rng = ring::rand::SystemRandom::new();
    let granted =
        kaodian::org::issue(&day.org(), &site.request().unwrap(), site.clock().wall().0.second(), &rng).unwrap();
    site.enrol(&granted.bytes, None).unwrap();
}

/// Whoever joined after the session was closed saw nothing of it, whatever the organisation certifies.
#[test]
fn a_proctor_who_is_not_of_the_session_s_crew_does_not_sign_its_seal() {
    let day = Closing::until("results");
    day.ok("people add gao --role proctor --signer --as chen --pin-file chen --new-pin-file sun");
    enrol_anew(&day);
    let said = "KD-T-06 expected a proctor of this session's crew, found gao";
    day.refused(&seal_with("--sign wang=wang --sign gao=sun"), 1, said);
    assert!(day.ledger("operator_locked/1").is_empty() && !day.is_sealed(true));
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
    enrol_anew(&late);
    late.seal();
    assert!(late.is_sealed(true));
}

/// The lines of session 1 of this kind, as the chief reads them.
fn lines(day: &Closing, kind: &str) -> Vec<Value> {
    let lines = day.ok("journal show --session 1 --as chen --pin-file chen");
    lines.into_iter().filter(|line| line["k"] == kind).collect()
}

/// What the rules say to another mark for somebody who has one.
fn another_mark(day: &Closing) -> Refusal {
    let entered = lines(day, "mark_entered/1");
    let text = |name: &str| entered[0]["d"][name].as_str().unwrap().to_owned();
    let no: SessionNo = "1".parse().unwrap();
    let (cand, part) = (AdmissionNo::parse(&text("cand")).unwrap(), PartId::parse(&text("part")).unwrap());
    let command = Command::EnterMark(no, cand, part, 6000, None);
    match day.site().run(command, OperatorId::parse("sun").unwrap(), None) {
        Err(SiteError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, found {other:?}"),
    }
}

#[test]
fn a_seal_that_is_given_up_leaves_a_session_that_takes_acts_again() {
    let day = Closing::until("results");
    // The package cannot be written: the session stays prepared.
    let obstacle = day.part();
    fs::create_dir(&obstacle).unwrap();
    day.refused(SEAL, 3, "KD-S-29 the package cannot be kept at ");
    fs::remove_dir(&obstacle).unwrap();
    assert!(!day.is_sealed(true));
    assert_eq!(lines(&day, "seal_prepared/1").len(), 1);
    day.refused(
        "score derive 1 --as chen --pin-file chen",
        1,
        "expected a session that takes acts, found its seal prepared",
    );
    day.refused("session absent 1 --as wang --pin-file wang", 1, "found its seal prepared");
    assert!(matches!(another_mark(&day), Refusal::Sealing));

    day.refused("seal 1 --abandon --as wang --pin-file wang", 1, "KD-T-06 ");
    assert!(day.ledger("seal_abandoned/1").is_empty());
    day.ok("seal 1 --abandon --as chen --pin-file chen");
    let [line] = day.ledger("seal_abandoned/1").try_into().expect("one line");
    assert_eq!((&line["d"]["session"], &line["a"]["op"]), (&day.session(1)["id"], &"chen".into()));
    day.refused("seal 1 --abandon --as chen --pin-file chen", 1, "KD-S-18 ");
    day.ok("score derive 1 --as chen --pin-file chen");
    assert!(matches!(another_mark(&day), Refusal::Mark(_)), "the mark is judged again");

    day.seal();
    assert!(day.is_sealed(true));
    assert_eq!(lines(&day, "seal_prepared/1").len(), 2);
    assert_eq!((day.ledger("seal_abandoned/1").len(), day.ledger("seal_signed/1").len()), (1, 2));
}

#[test]
fn a_sealed_session_takes_nothing_more() {
    let day = Closing::until("sealed");
    let stream = || day.ok("journal verify").into_iter().find(|line| line["session"] == 1).unwrap();
    let (before, package) = (stream(), day.packages(".ekseal"));
    for policy in ["b2b-intermediate", "eppm-primary", "english-primary"] {
        day.home().file(&format!("{policy}.toml"), course::project(&format!("assets/demo/{policy}.toml")));
    }
    let import = "import day/roster.csv --policy b2b-intermediate.toml --policy eppm-primary.toml --policy english-primary.toml \
                  --as zhou --pin-file zhou --witness chen=chen --site-pass-file site";
    for (command, said) in [
        ("session open 1 --as chen --pin-file chen --site-pass-file site", "KD-T-07 "),
        ("session start 1 --as chen --pin-file chen", "KD-T-07 "),
        ("session absent 1 --as wang --pin-file wang", "KD-T-07 "),
        ("session collect 1 --as wang --pin-file wang", "KD-T-07 "),
        ("session close 1 --as chen --pin-file chen --witness wang=wang", "KD-T-07 "),
        ("score derive 1 --as chen --pin-file chen", "KD-T-07 expected the session to be closed, found it sealed"),
        (import, "KD-R-47 "),
        (SEAL, "KD-T-07 expected a session in another state, found it sealed"),
        ("seal 1 --abandon --as chen --pin-file chen", "KD-S-18 "),
    ] {
        day.refused(command, 1, said);
    }
    assert!(matches!(another_mark(&day), Refusal::State(_)));
    day.ok("people add gao --role proctor --signer --as chen --pin-file chen --new-pin-file sun");
    assert_eq!((stream(), day.packages(".ekseal")), (before, package));
    assert!(day.is_sealed(true));
}

/// Plays session 2 to its results by hand: nobody comes.
fn play_the_second(day: &Closing) {
    day.clock_to(13, 30);
    day.ok("session start 2 --as chen --pin-file chen");
    day.clock_to(13, 46);
    day.ok("session absent 2 --as wang --pin-file wang");
    day.ok("session close 2 --as chen --pin-file chen --witness wang=wang");
    day.ok("score derive 2 --as chen --pin-file chen");
}

#[test]
fn the_second_package_of_an_organisation_names_the_first_and_keys_leave_with_their_session() {
    let day = Closing::until("results");
    day.clock_to(13, 10);
    day.ok("session open 2 --as chen --pin-file chen --site-pass-file site");
    let held = || {
        let pin = Pin::parse("135790").unwrap();
        let known = day.site().authenticate(&OperatorId::parse("chen").unwrap(), &pin).unwrap();
        [1, 2, 3].map(|no| {
            let id = SessionId::parse(day.session(no)["id"].as_str().unwrap()).unwrap();
            known.keys.get(&id).is_some()
        })
    };
    assert_eq!(held(), [true; 3]);
    day.seal();
    assert_eq!(held(), [false, true, true], "the key of a sealed session leaves");
    play_the_second(&day);
    let sealed = day.run(&SEAL.replace("seal 1", "seal 2"));
    assert!(sealed.status.success(), "{}", String::from_utf8_lossy(&sealed.stderr));
    assert!(!day.data().join("wraps").exists(), "no session is on");
    assert_eq!(held(), [false; 3]);

    let reports: Vec<_> = day.packages(".ekseal").iter().map(|(_, package)| day.verified(package)).collect();
    assert!(reports.iter().all(|report| report.ok() && report.content_checked), "{reports:?}");
    let mut manifests: Vec<_> =
        reports.iter().map(|report| (report.manifest.as_ref().unwrap(), report.package_sha256)).collect();
    manifests.sort_by_key(|(manifest, _)| manifest.sequence);
    let [(first, hash), (second, _)] = manifests.as_slice() else { panic!("two packages") };
    assert_eq!((first.sequence, first.previous), (1, None));
    assert_eq!((second.sequence, second.previous), (2, Some(*hash)));
}
