//! What a reader refuses, rule by rule, of packages that everybody's keys closed again.

mod forge;

use super::*;
use crate::domain::event::{Event, ResultsDerived, SealPrepared};
use crate::domain::ids::{OrgId, SiteId};
use crate::domain::ledger::{AbandonReason, SealAbandoned, SessionSealed};
use crate::domain::samples::{absent, admitted, cand, digest, handed_in, session_id};
use crate::proof::jws::{Alg, Entry, Jws, Typ};
use crate::proof::merkle::Tree;
use crate::seal::Frozen;
use crate::seal::manifest::{Amends, TreeHead};
use crate::seal::package::{inner_zip, signed};
use crate::seal::samples::{Day, Ground, Holder, SEALED_AT};
use crate::trust::x509::samples::{Ca, DAY, SITE, key};
use crate::trust::x509::{Reason as Why, Role};
use forge::{Forge, packed};
use proptest::prelude::*;
use std::sync::LazyLock;

/// One ground for all: keys are drawn once.
static GROUND: LazyLock<Ground> = LazyLock::new(Ground::new);
static FROZEN: LazyLock<Frozen> = LazyLock::new(|| Day::prepared().freeze(&GROUND));

fn codes(report: &Report) -> Vec<Rule> {
    report.reasons.iter().map(|reason| reason.rule).collect()
}

fn refused(bytes: &[u8], rule: Rule, flaw: &str) {
    let (report, opened) = examine(bytes, &GROUND.request(&GROUND.anchors()));
    let said: Vec<String> = report.reasons.iter().map(ToString::to_string).collect();
    assert!(codes(&report).contains(&rule), "{flaw}: expected {rule:?}, found {said:?}");
    assert!(opened.is_none() && !report.ok(), "{flaw}");
}

#[test]
fn a_good_package_verifies_to_the_end() {
    let package = GROUND.seal(&FROZEN);
    let report = GROUND.check(&package.bytes);
    assert_eq!(report.reasons, []);
    assert!(report.ok() && report.content_checked && !report.revocation_checked);
    assert_eq!((report.package_sha256, report.mode()), (package.sha256, Some(Sealable::Demo)));
    assert_eq!(report.fingerprint, Some(FROZEN.fingerprint()));
    let signers: Vec<(Role, &str)> = report.signers.iter().map(|s| (s.role, s.name.as_str())).collect();
    assert_eq!(signers, [(Role::Proctor, "qian"), (Role::Proctor, "sun"), (Role::Site, SITE)]);
    assert_eq!(package.file_name, "EK-EX-SITE-01-01010101-1.ekseal");
}

#[test]
fn equal_input_gives_equal_archives_and_other_ciphertexts() {
    let again = Day::prepared().freeze(&GROUND);
    assert_eq!(again, *FROZEN);
    assert_eq!(inner_zip(again.files(), b"{}").unwrap(), inner_zip(FROZEN.files(), b"{}").unwrap());
    assert_ne!(GROUND.seal(&again).bytes, GROUND.seal(&again).bytes);
}

#[test]
fn the_envelope_alone_is_checked_without_an_identity() {
    let package = GROUND.seal(&FROZEN);
    let anchors = GROUND.anchors();
    let request = Request { identity: None, ..GROUND.request(&anchors) };
    let (report, opened) = examine(&package.bytes, &request);
    assert!(report.ok() && !report.content_checked && opened.is_none());
    assert_eq!((report.fingerprint, report.manifest.as_ref(), report.mode()), (None, None, Some(Sealable::Demo)));
    assert_eq!(report.signers.len(), 1);
}

#[test]
fn either_identity_of_the_organisation_opens_and_another_does_not() {
    let package = GROUND.seal(&FROZEN);
    let anchors = GROUND.anchors();
    let with = |identity: &age::x25519::Identity| {
        codes(&verify(&package.bytes, &Request { identity: Some(identity), ..GROUND.request(&anchors) }))
    };
    assert_eq!(with(&GROUND.recovery), []);
    assert_eq!(with(&age::x25519::Identity::generate()), [Rule::Decryption]);
}

fn asking(bytes: &[u8], anchors: &Anchors, revocations: Revocations<'_>) -> Report {
    verify(bytes, &Request { revocations, ..GROUND.request(anchors) })
}

#[test]
fn revocation_must_be_checked_or_declined() {
    let package = GROUND.seal(&FROZEN);
    let anchors = GROUND.anchors();
    let asked = |revocations: Revocations<'_>| asking(&package.bytes, &anchors, revocations);
    assert_eq!(codes(&asked(Revocations::NotGiven)), [Rule::RevocationUnchecked]);

    let serial = GROUND.proctors[1].certificate.serial();
    let later = SEALED_AT + 1;
    for (revoked, expected) in [
        (vec![], vec![]),
        (vec![(serial, later, Why::Superseded)], vec![]),
        (vec![(serial, SEALED_AT, Why::Superseded)], vec![Rule::Revoked, Rule::TwoProctors]),
        (vec![(serial, later, Why::KeyCompromise)], vec![Rule::Revoked, Rule::TwoProctors]),
        (vec![(serial, later, Why::Unspecified)], vec![Rule::Revoked, Rule::TwoProctors]),
    ] {
        let crl = Crl::parse(&GROUND.ca.crl(&revoked), &anchors).unwrap();
        let report = asked(Revocations::List(&crl));
        assert!(report.revocation_checked);
        assert_eq!(codes(&report), expected, "{revoked:?}");
    }
    let site = GROUND.site.certificate.serial();
    let crl = Crl::parse(&GROUND.ca.crl(&[(site, DAY, Why::Superseded)]), &anchors).unwrap();
    assert_eq!(codes(&asked(Revocations::List(&crl))), [Rule::Revoked]);
}

#[test]
fn another_root_even_of_the_same_name_is_no_root() {
    let package = GROUND.seal(&FROZEN);
    let other = Ca::demo().anchors();
    assert_eq!(codes(&verify(&package.bytes, &GROUND.request(&other))), [Rule::Chain]);
}

#[test]
fn every_part_of_the_manifest_is_held_against_the_rest() {
    type Change = fn(&mut Manifest);
    let table: [(&str, Change, Rule); 33] = [
        ("two proctors no longer required", |m| m.signers_required.proctor = 1, Rule::SignersRequired),
        ("called live", |m| m.mode = Sealable::Live, Rule::Mode),
        ("one recipient", |m| drop(m.recipients.pop()), Rule::Recipients),
        ("a recipient twice", |m| m.recipients[1] = m.recipients[0].clone(), Rule::Recipients),
        ("no recipient", |m| m.recipients[1] = "age1".to_owned(), Rule::Recipients),
        ("number 0", |m| m.sequence = 0, Rule::Sequence),
        ("number 2 of nothing", |m| m.sequence = 2, Rule::Sequence),
        ("number 1 of something", |m| m.previous = Some(digest(1)), Rule::Sequence),
        ("an amendment", |m| m.amends = Some(Amends { package_sha256: digest(1), no: 1 }), Rule::Amendment),
        ("a file under another name", |m| m.files[2].path = "../journal.jsonl".to_owned(), Rule::FileList),
        ("a file of another type", |m| m.files[2].media_type = "text/plain".to_owned(), Rule::FileList),
        ("a file left out", |m| drop(m.files.remove(1)), Rule::FileList),
        ("files in another order", |m| m.files.swap(0, 1), Rule::FileList),
        ("a file shorter", |m| m.files[2].bytes -= 1, Rule::FileBytes),
        ("a file longer", |m| m.files[2].bytes += 1, Rule::FileBytes),
        ("a file of another digest", |m| m.files[2].sha256 = digest(1), Rule::FileDigest),
        ("another session", |m| m.session = session_id(2), Rule::Planned),
        ("another policy", |m| m.policy_sha256 = digest(1), Rule::PolicyBinding),
        ("a pack", |m| m.pack_sha256 = Some(digest(1)), Rule::Planned),
        ("opened a second later", |m| m.opened_at += 1, Rule::Course),
        ("another organisation", |m| m.org = OrgId::parse("EX-ORG-B").unwrap(), Rule::Organisation),
        ("another certificate", |m| m.certificate.push('!'), Rule::PolicyBinding),
        ("a notice dropped", |m| m.notices.clear(), Rule::Notices),
        ("counts", |m| m.counts.late += 1, Rule::Counts),
        ("an incident", |m| m.counts.incidents = 1, Rule::Counts),
        ("desks in another order", |m| m.desks.swap(0, 1), Rule::JournalSize),
        ("a desk's line less", |m| m.desks[1].size -= 1, Rule::DeskHead),
        ("a desk's head", |m| m.desks[0].head = digest(1), Rule::DeskHead),
        ("a desk's root", |m| m.desks[1].root = digest(1), Rule::DeskRoot),
        ("the journal's size", |m| m.journal.size += 1, Rule::JournalSize),
        ("the journal's root", |m| m.journal.root = digest(1), Rule::JournalRoot),
        ("the ledger's head", |m| m.ledger.head = digest(1), Rule::Frontier),
        ("the records' root", |m| m.records_tree.root = digest(1), Rule::RecordsTree),
    ];
    for (flaw, change, rule) in table {
        let mut forge = Forge { relist: false, ..Forge::new() };
        change(&mut forge.manifest);
        refused(&forge.close(), rule, flaw);
    }
}

#[test]
fn what_the_journal_does_not_say_is_refused() {
    type Change = fn(&mut Day);
    let table: [(&str, Change, Rule); 13] = [
        ("handed in after closing", |d| d.write(1, handed_in(cand(1).as_str(), &["theory"])), Rule::Turn),
        ("let in after closing", |d| d.write(2, admitted("2600000007", "7")), Rule::Turn),
        ("absent and seen", |d| d.write(2, absent(cand(1).as_str())), Rule::Attendance),
        ("another root derived", |d| last_derived(d).root = digest(1), Rule::Derived),
        ("another count derived", |d| last_derived(d).counts.pass += 1, Rule::Derived),
        ("another policy derived", |d| last_derived(d).policy_sha256 = digest(1), Rule::Derived),
        (
            "given up",
            |d| d.book(SealAbandoned { session: d.plan.id, reason: AbandonReason::Stopped }),
            Rule::LedgerSeal,
        ),
        ("sealed before", |d| d.book(sealed(d)), Rule::LedgerSeal),
        ("a line removed", |d| drop(d.streams.get_mut(&1).unwrap().remove(4)), Rule::JournalPlace),
        ("lines exchanged", |d| d.streams.get_mut(&1).unwrap().swap(3, 4), Rule::JournalPlace),
        ("a counter that falls", |d| d.streams.get_mut(&1).unwrap()[4].author.lc = 1, Rule::JournalPlace),
        ("a desk that never joined", |d| drop(d.streams.get_mut(&2).unwrap().remove(0)), Rule::JournalPlace),
        ("a ledger line exchanged", |d| d.ledger.swap(0, 1), Rule::LedgerLine),
    ];
    for (flaw, change, rule) in table {
        let mut day = Day::closed();
        change(&mut day);
        day.prepare();
        refused(&rebuilt(&day), rule, flaw);
    }
    let mut open = Day::prepared();
    open.write(1, absent(cand(6).as_str()));
    refused(&rebuilt(&open), Rule::Prepared, "a line after SealPrepared");
    let mut behind = Day::prepared();
    behind.write(2, absent(cand(6).as_str()));
    refused(&rebuilt(&behind), Rule::Prepared, "another desk's line after SealPrepared");
}

fn last_derived(day: &mut Day) -> &mut ResultsDerived {
    match &mut day.streams.get_mut(&1).unwrap().last_mut().unwrap().event {
        Event::ResultsDerived(event) => event,
        _ => panic!("results are derived last"),
    }
}

fn sealed(day: &Day) -> SessionSealed {
    SessionSealed { session: day.plan.id, package_sha256: digest(1), sequence: 1, amendment_no: 0 }
}

/// A package of lines that freezing would not take, everything else made to fit them.
fn rebuilt(day: &Day) -> Vec<u8> {
    let mut forge = Forge::new();
    let (mut tree, mut file) = (Tree::default(), Vec::new());
    forge.manifest.desks.clear();
    for (desk, lines) in day.lines() {
        let mut chain = crate::journal::chain::Chain::EMPTY;
        for line in &lines {
            chain = chain.with(line);
            tree.push(line);
            file.extend([line.as_slice(), b"\n"].concat());
        }
        let root = lines.iter().collect::<Tree>().root();
        let stream = crate::seal::manifest::DeskStream { desk, size: chain.size(), root, head: chain.head() };
        forge.manifest.desks.push(stream);
    }
    *forge.file(File::Journal) = file;
    forge.manifest.journal = TreeHead::from(&tree);
    let ledger = day.ledger_lines();
    *forge.file(File::Ledger) = ledger.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect();
    let end = day.frontier().ledger;
    forge.manifest.ledger = crate::seal::manifest::LedgerPart { from: Digest::ZERO, size: end.size, head: end.head };
    let prepared = day.streams[&1].iter().rev().find_map(|line| match &line.event {
        Event::SealPrepared(SealPrepared { counts, .. }) => Some(*counts),
        _ => None,
    });
    forge.manifest.counts = prepared.unwrap();
    forge.close()
}

#[test]
fn an_unknown_kind_is_reported_and_hashed() {
    let mut forge = Forge::new();
    let text = String::from_utf8(forge.file(File::Journal).clone()).unwrap();
    let changed = text.replacen("session_started/1", "session_hurried/9", 1);
    assert_ne!(changed, text);
    let lines: Vec<&str> = changed.lines().collect();
    let first = usize::try_from(forge.manifest.desks[0].size).unwrap();
    for (desk, lines) in forge.manifest.desks.iter_mut().zip([&lines[..first], &lines[first..]]) {
        let chain = lines.iter().fold(crate::journal::chain::Chain::EMPTY, |chain, line| chain.with(line.as_bytes()));
        (desk.head, desk.root) = (chain.head(), lines.iter().collect::<Tree>().root());
    }
    forge.manifest.journal = TreeHead::from(&lines.iter().collect::<Tree>());
    *forge.file(File::Journal) = changed.into_bytes();
    refused(&forge.close(), Rule::UnknownKind, "a kind of another release");
}

#[test]
fn a_set_of_signers_outside_the_rule_is_refused() {
    let forge = Forge::new();
    let payload = forge.manifest.to_bytes().unwrap();
    let all = Forge::entries(&payload);
    let [qian, sun, site] = all.as_slice() else { panic!("three signers") };
    let by = |key, cn: &str, ou: &str, role| {
        let certificate = GROUND.ca.issue(&key, cn, ou, role);
        signed(Typ::Seal, &payload, &Holder { key, certificate }.signer()).unwrap()
    };
    let again = |cn: &str, role| {
        // The same key under a second certificate.
        let certificate = GROUND.ca.issue(&GROUND.site.key, cn, SITE, role);
        signed(Typ::Seal, &payload, &crate::seal::Signer { key: &GROUND.site.key, certificate: &certificate }).unwrap()
    };
    let foreign = Ca::demo();
    let stranger = key();
    let of_stranger = foreign.issue(&stranger, "sun", SITE, Role::Proctor);
    let strange =
        signed(Typ::Seal, &payload, &crate::seal::Signer { key: &stranger, certificate: &of_stranger }).unwrap();
    let borrowed = Entry::new(Alg::EdDsa, Typ::Seal, qian.certificate().to_vec(), *site.signature());
    for (flaw, entries, rule) in [
        ("no site", vec![qian.clone(), sun.clone()], Rule::OneSite),
        ("two sites", vec![qian.clone(), sun.clone(), site.clone(), site.clone()], Rule::OneSite),
        ("one proctor", vec![qian.clone(), site.clone()], Rule::TwoProctors),
        ("one proctor twice", vec![qian.clone(), qian.clone(), site.clone()], Rule::DifferentKeys),
        (
            "one person with two keys",
            vec![qian.clone(), by(key(), "qian", SITE, Role::Proctor), site.clone()],
            Rule::DifferentSubjects,
        ),
        (
            "the site's key as a proctor's",
            vec![qian.clone(), again("sun", Role::Proctor), site.clone()],
            Rule::DifferentKeys,
        ),
        ("the site's signature under a proctor's name", vec![borrowed, sun.clone(), site.clone()], Rule::Signature),
        ("a desk", vec![qian.clone(), by(key(), "sun", SITE, Role::Desk), site.clone()], Rule::Role),
        (
            "a proctor elsewhere",
            vec![qian.clone(), by(key(), "sun", "EX-SITE-02", Role::Proctor), site.clone()],
            Rule::Site,
        ),
        ("another organisation's proctor", vec![qian.clone(), strange, site.clone()], Rule::Chain),
    ] {
        refused(&forge.close_with(&Jws { payload: payload.clone(), signatures: entries }), rule, flaw);
    }
    let more = vec![qian.clone(), sun.clone(), by(key(), "zhao", SITE, Role::Proctor), site.clone()];
    assert_eq!(
        codes(&GROUND.check(&forge.close_with(&Jws { payload, signatures: more }))),
        [],
        "a third proctor is welcome"
    );
}

#[test]
fn certificates_count_at_the_sealing_moment() {
    for (moment, rule) in [(DAY - 40_000_000, Rule::Validity), (DAY + 40_000_000, Rule::Validity)] {
        let mut forge = Forge::new();
        forge.manifest.sealed_at = moment;
        refused(&forge.close(), rule, "sealed outside the certificates' years");
    }
}

#[test]
fn the_envelope_is_held_against_everything_it_speaks_of() {
    type Change = fn(&mut Envelope);
    let table: [(&str, Change, Rule); 9] = [
        ("another session", |e| e.session = session_id(2), Rule::Agreement),
        ("another number", |e| e.sequence = 2, Rule::Agreement),
        ("another moment", |e| e.sealed_at += 1, Rule::Agreement),
        ("another root", |e| e.records_root = digest(1), Rule::Agreement),
        ("another size", |e| e.records_size += 1, Rule::Agreement),
        ("another site", |e| e.site = SiteId::parse("EX-SITE-02").unwrap(), Rule::Site),
        ("another seal", |e| e.seal_sha256 = digest(1), Rule::SealDigest),
        ("another content", |e| e.content.sha256 = digest(1), Rule::EnvelopeContent),
        ("another length", |e| e.content.bytes += 1, Rule::EnvelopeContent),
    ];
    let forge = Forge::new();
    let payload = forge.manifest.to_bytes().unwrap();
    let seal = Jws { signatures: Forge::entries(&payload), payload };
    let zip = inner_zip(&packed(&forge.files), &seal.to_bytes()).unwrap();
    for (flaw, change, rule) in table {
        refused(&forge.wrap(&zip, &seal, change, &GROUND.site), rule, flaw);
    }
    refused(&forge.wrap(&zip, &seal, |_| {}, &GROUND.proctors[0]), Rule::EnvelopeSigner, "signed by a proctor");
    let key = key();
    let renewed = Holder { certificate: GROUND.ca.issue(&key, SITE, SITE, Role::Site), key };
    refused(&forge.wrap(&zip, &seal, |_| {}, &renewed), Rule::SameSite, "another certificate of the site");
}

#[test]
fn a_package_follows_the_one_before() {
    let first = GROUND.seal(&FROZEN);
    let second = GROUND.seal(&Day::prepared().try_freeze(&GROUND, 2, Some(first.sha256)).unwrap());
    let other = GROUND.seal(&Day::prepared().try_freeze(&GROUND, 2, Some(digest(1))).unwrap());
    let third = GROUND.seal(&Day::prepared().try_freeze(&GROUND, 3, Some(first.sha256)).unwrap());
    let anchors = GROUND.anchors();
    let after = |bytes: &[u8], before: &[u8]| {
        codes(&verify(bytes, &Request { after: Some(before), ..GROUND.request(&anchors) }))
    };
    assert_eq!(after(&second.bytes, &first.bytes), []);
    assert_eq!(after(&other.bytes, &first.bytes), [Rule::After]);
    assert_eq!(after(&third.bytes, &first.bytes), [Rule::After]);
    assert_eq!(after(&first.bytes, &second.bytes), [Rule::After]);
    assert_eq!(after(&second.bytes, b"PK"), [Rule::AfterPackage]);
}

#[test]
fn a_salt_is_bound_by_the_record_tree() {
    let mut forge = Forge::new();
    let text = String::from_utf8(forge.file(File::Results).clone()).unwrap();
    let at = text.find("\"salt\":\"").unwrap() + 8;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    *forge.file(File::Results) = format!("{}{other}{}", &text[..at], &text[at + 1..]).into_bytes();
    refused(&forge.close(), Rule::RecordsTree, "a salt changed, files and signatures made again");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Even where everybody signs the manifest of the edited files, which three people would have to want.
    #[test]
    fn any_single_edit_of_any_line_is_refused(file in 0..File::ALL.len(), at: prop::sample::Index, byte: u8, how in 0..3u8) {
        let mut forge = Forge::new();
        let content = forge.file(File::ALL[file]);
        let before = content.clone();
        match (how, content.len()) {
            (_, 0) | (1, _) => content.insert(at.index(before.len() + 1), byte),
            (2, len) => drop(content.remove(at.index(len))),
            (_, len) => content[at.index(len)] = byte,
        }
        prop_assume!(*forge.file(File::ALL[file]) != before);
        let report = GROUND.check(&forge.close());
        prop_assert!(!report.ok() && !report.content_checked);
    }

    #[test]
    fn any_changed_byte_of_a_package_is_refused(at: prop::sample::Index, bit in 0..8u8) {
        static PACKAGE: LazyLock<Vec<u8>> = LazyLock::new(|| GROUND.seal(&FROZEN).bytes);
        let mut bytes = PACKAGE.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(!GROUND.check(&bytes).ok());
    }

    #[test]
    fn any_shorter_package_is_refused(length: prop::sample::Index) {
        static PACKAGE: LazyLock<Vec<u8>> = LazyLock::new(|| GROUND.seal(&FROZEN).bytes);
        let length = length.index(PACKAGE.len());
        prop_assert!(!GROUND.check(&PACKAGE[..length]).ok());
    }
}
