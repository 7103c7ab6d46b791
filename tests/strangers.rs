//! What strangers say of a package, with programs that share no line with kaodian: `verify.sh` (openssl, age, jq), `jws.py` and
//! `trees.py` (Python's libraries), `jws.mjs` (node's). A package of a fresh day passes all of them. Forged ones, really signed
//! again (`support/forger.rs`), are refused by each in whose scope the flaw lies, with its reason.
//!
//! The libraries lie under `target/verifiers`, put there by `tests/verifiers/setup`, which `tests/run` calls.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/forger.rs"]
mod forger;
mod support;

use forger::archive::{Raw, write};
use forger::ground::{ground, members};
use forger::{Forge, Offer, entry};
use kaodian::proof::jws::{Alg, Entry, Typ};
use kaodian::seal::layout::{File, MIMETYPE};
use kaodian::trust::x509::Reason;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use support::lines::{kaodian, program, run};
use support::tmp::Tmp;

/// A verifier of somebody else.
#[derive(Clone, Copy, Debug)]
enum Stranger {
    Script,
    JwsPy,
    TreesPy,
    JwsMjs,
}
use Stranger::{JwsMjs, JwsPy, Script, TreesPy};

/// What a stranger is handed.
struct Papers {
    package: PathBuf,
    org: PathBuf,
    crl: PathBuf,
}

/// A flaw, the forgery, and who refuses it with which words.
type Row = (&'static str, fn() -> Offer, &'static [(Stranger, &'static str)]);

const FORGED: &[Row] = &[
    (
        "results edited and signed again by the site alone",
        edited_by_the_site,
        &[
            (Script, "expected two proctors' signatures, found 0"),
            (JwsPy, "expected one site and two proctors"),
            (JwsMjs, "expected one site and two proctors, found 1 and 0"),
        ],
    ),
    (
        "one proctor twice",
        one_proctor_twice,
        &[
            (Script, "expected a different key for each signature, found one twice"),
            (JwsPy, "expected a different key for each signature, found one twice"),
            (JwsMjs, "expected a different key for each signature, found one twice"),
        ],
    ),
    (
        "a third signature that is none",
        a_corrupt_third_signature,
        &[
            (Script, "seal.jws.json signature 3: expected a signature by the certificate's key"),
            (JwsPy, "BadSignatureError"),
            (JwsMjs, "signature verification failed"),
        ],
    ),
    (
        "an inner file more",
        an_inner_file_more,
        &[
            (Script, "inner archive: expected the members"),
            (JwsPy, "expected the members of a package, found others"),
            (TreesPy, "expected the members of a package, found others"),
        ],
    ),
    (
        "a proctor whose key was compromised",
        a_revoked_proctor,
        &[(Script, "signature 2: expected a certificate that is not revoked")],
    ),
    ("a salt changed and the record tree left", a_salt_changed, &[(TreesPy, "records: expected root")]),
];

fn edited_by_the_site() -> Offer {
    let mut forge = Forge::new();
    forge.edit(File::Results, "2611241001", |line| line["composite"] = json!(9999));
    forge.rederive();
    forge.regrow();
    forge.relist();
    forge.by(&[&ground().site]).close()
}

fn one_proctor_twice() -> Offer {
    let (li, site) = (&ground().proctors[0], &ground().site);
    Forge::new().by(&[li, li, site]).close()
}

fn a_corrupt_third_signature() -> Offer {
    let (ground, forge) = (ground(), Forge::new());
    let payload = forge.payload();
    let [li, wang, site] =
        [&ground.proctors[0], &ground.proctors[1], &ground.site].map(|holder| entry(Typ::Seal, &payload, holder));
    let mut signature = *site.signature();
    signature[7] ^= 1;
    let corrupt = Entry::new(Alg::EdDsa, Typ::Seal, ground.site.certificate.der().to_vec(), signature);
    forge.with(payload, vec![li, wang, corrupt]).close()
}

fn an_inner_file_more() -> Offer {
    let raw = |(name, bytes): &(String, Vec<u8>)| match name.as_str() {
        MIMETYPE => Raw::stored(name, bytes),
        _ => Raw::deflated(name, bytes),
    };
    let mut inner: Vec<Raw> = members(&ground().good.zip).iter().map(raw).collect();
    inner.push(Raw::deflated("zz.txt", b"hello"));
    Forge::new().unsigned().zip(write(&inner)).close()
}

fn a_revoked_proctor() -> Offer {
    let crl = ground().revoking(&ground().proctors[1], ground().sealed_at() + 40_000, Reason::KeyCompromise);
    Offer { crl: Some(crl), ..Forge::new().by_all().close() }
}

fn a_salt_changed() -> Offer {
    let mut forge = Forge::new();
    forge.edit(File::Results, "2611241001", |line| line["salt"] = json!("AAAAAAAAAAAAAAAAAAAAAA"));
    forge.relist();
    forge.by_all().close()
}

impl Stranger {
    /// Exit code and everything printed.
    fn says(self, home: &Path, papers: &Papers) -> (Option<i32>, String) {
        let tree = Path::new(env!("CARGO_MANIFEST_DIR"));
        let installed = tree.join("target/verifiers");
        assert!(installed.join("node.stamp").exists(), "run tests/verifiers/setup first, or tests/run, which does");
        let (command, script) = match self {
            Script => ("bash".into(), "assets/verify/verify.sh"),
            JwsPy => (installed.join("venv/bin/python"), "tests/verifiers/jws.py"),
            TreesPy => (installed.join("venv/bin/python"), "tests/verifiers/trees.py"),
            JwsMjs => ("node".into(), "tests/verifiers/jws.mjs"),
        };
        let (root, identity) = (papers.org.join("root.pem"), papers.org.join("identity.age"));
        let mut args = vec![tree.join(script), papers.package.clone()];
        match self {
            Script => args.extend([root, papers.crl.clone(), identity]),
            JwsPy | JwsMjs => args.extend([root, identity]),
            TreesPy => args.push(identity),
        }
        let said = run(&mut program(command.to_str().unwrap(), home, &args));
        let text = [said.stdout, said.stderr].concat();
        (said.status.code(), String::from_utf8_lossy(&text).into_owned())
    }
}

#[test]
#[ignore = "needs bash, age, jq, openssl, unzip, basenc, python3, npm and node"]
fn strangers_believe_the_package_of_a_fresh_day() {
    let home = Tmp::new();
    let day = home.join("day");
    let args = ["demo", "--headless", "--json", "--candidates", "12", "--keep", day.to_str().unwrap()];
    let played = run(&mut kaodian(home.path(), args));
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    let package = fs::read_dir(day.join("data/out")).unwrap().next().unwrap().unwrap().path();
    let org = day.join("org");
    let papers = Papers { package, crl: org.join("crl.pem"), org };
    for (stranger, words) in [
        (Script, "verified"),
        (JwsPy, "ok: envelope by the site, manifest by 1 site and 2 proctors, each checked alone"),
        (TreesPy, "ok: journal of "),
        (JwsMjs, "ok: envelope by the site, manifest by 1 site and 2 proctors, each checked alone"),
    ] {
        let (code, text) = stranger.says(home.path(), &papers);
        assert_eq!(code, Some(0), "{stranger:?}: {text}");
        assert!(text.contains(words), "{stranger:?}: expected {words}, found {text}");
    }
}

#[test]
#[ignore = "needs bash, age, jq, openssl, unzip, basenc, python3, npm and node"]
fn strangers_refuse_forged_packages_with_the_reason() {
    let (home, org) = (ground().path(""), ground().day().join("org"));
    let papers = Papers { package: home.join("forged.ekseal"), crl: home.join("crl.pem"), org };
    let mut wrong = Vec::new();
    for (flaw, forge, refusals) in FORGED {
        let offer = forge();
        assert_ne!(offer.codes(), "", "{flaw}: kaodian refuses it too");
        fs::write(&papers.package, &offer.bytes).unwrap();
        fs::write(&papers.crl, offer.crl.unwrap().pem()).unwrap();
        for (stranger, words) in *refusals {
            let (code, text) = stranger.says(&home, &papers);
            if code != Some(1) || !text.contains("refused") || !text.contains(words) {
                wrong.push(format!("{flaw}: {stranger:?}: expected {words}, found {code:?} {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
