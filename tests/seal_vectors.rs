//! The package that is kept for ever (`vectors/seal/README.md`): it verifies with the fingerprint that was written down on
//! its day, and with any byte changed or cut off it does not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use kaodian::domain::session::Sealable;
use kaodian::proof::zip;
use kaodian::seal::package::outer_zip;
use kaodian::seal::verify::{Report, Request, Revocations, verify};
use kaodian::trust::organisation::Organisation;
use kaodian::trust::x509::{Anchors, Certificate, Crl, Role};
use std::path::Path;
use std::thread;

const PACKAGE: &str = "EK-EX-SITE-01-bbba4e71-1.ekseal";

fn kept(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/seal")).join(name)).unwrap()
}

/// What its organisation handed out, read once.
struct Organised {
    anchors: Anchors,
    crl: Crl,
    identity: age::x25519::Identity,
}

impl Organised {
    fn read() -> Self {
        let root = Certificate::parse(&kept("root.pem")).unwrap();
        let anchors = Organisation::parse(&kept("org.toml")).unwrap().anchors(root).unwrap();
        let crl = Crl::parse(&kept("crl.pem"), &anchors).unwrap();
        let text = String::from_utf8(kept("identity.age")).unwrap();
        let identity = text.lines().find(|line| !line.starts_with('#')).unwrap().parse().unwrap();
        Self { anchors, crl, identity }
    }

    fn check(&self, bytes: &[u8]) -> Report {
        let revocations = Revocations::List(&self.crl);
        verify(bytes, &Request { anchors: &self.anchors, revocations, identity: Some(&self.identity), after: None })
    }
}

/// Makes a package for each number below `count`, on two threads, and holds each to be refused with a reason.
fn each_refused(count: usize, make: impl Fn(usize) -> Vec<u8> + Sync) {
    const THREADS: usize = 2;
    let refused = |from: usize| {
        let organised = Organised::read();
        for n in (from..count).step_by(THREADS) {
            let report = organised.check(&make(n));
            assert!(!report.ok() && !report.content_checked, "number {n} is taken");
        }
    };
    thread::scope(|scope| (0..THREADS).for_each(|from| drop(scope.spawn(move || refused(from)))));
}

#[test]
fn the_kept_package_verifies_for_ever() {
    let report = Organised::read().check(&kept(PACKAGE));
    assert_eq!(report.reasons, []);
    assert!(report.content_checked && report.revocation_checked && report.demo_root);
    let sha256 = "5d2b4c2522c5a1c1c997f1ceed5c0c2f36d3e4cc914a0a95d4d3c800cbc40744";
    assert_eq!(report.package_sha256.to_string(), sha256);
    let groups = ["A 2249", "B 2327", "C 5348", "D 3607", "E 0296", "F 0700", "G 6725", "H 9084"];
    assert_eq!(report.fingerprint.unwrap().groups(), groups);
    let signers: Vec<(Role, &str)> = report.signers.iter().map(|s| (s.role, s.name.as_str())).collect();
    assert_eq!(signers, [(Role::Proctor, "wang"), (Role::Proctor, "li"), (Role::Site, "EX-SITE-01")]);
    let manifest = report.manifest.unwrap();
    assert_eq!((manifest.mode, manifest.sequence, manifest.counts.registered), (Sealable::Demo, 1, 6));
}

#[test]
fn the_kept_package_with_any_byte_changed_is_refused() {
    let good = kept(PACKAGE);
    each_refused(good.len() * 2, |n| {
        let (at, flip) = (n / 2, [1u8 << (n / 2 % 8), 0xff][n % 2]);
        let mut bytes = good.clone();
        bytes[at] ^= flip;
        bytes
    });
}

/// As someone changes it who knows what a checksum is: the archive is made again around the changed member.
#[test]
fn the_kept_package_with_any_byte_of_a_member_changed_is_refused() {
    let good = kept(PACKAGE);
    let archive = zip::read(&good).unwrap();
    let [_, envelope, sealed] = archive.entries() else { unreachable!("three members") };
    let [envelope, sealed] = [envelope, sealed].map(|entry| entry.bytes(1 << 20).unwrap().into_owned());
    assert_eq!(outer_zip(&envelope, &sealed).unwrap(), good);
    each_refused(envelope.len() + sealed.len(), |n| {
        let (mut envelope, mut sealed) = (envelope.clone(), sealed.clone());
        let flip = 1u8 << (n % 8);
        match n.checked_sub(envelope.len()) {
            None => envelope[n] ^= flip,
            Some(at) => sealed[at] ^= flip,
        }
        outer_zip(&envelope, &sealed).unwrap()
    });
}

#[test]
fn the_kept_package_cut_at_any_length_is_refused() {
    let good = kept(PACKAGE);
    each_refused(good.len(), |length| good[..length].to_vec());
}
