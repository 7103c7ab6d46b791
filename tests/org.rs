//! The organisation's side as a pilot runs it: `kaodian org` from nothing to a revoked certificate, and every way to be
//! told no.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::Home;
use kaodian::domain::ids::SiteId;
use kaodian::trust::credentials::{Holder, enrol};
use kaodian::trust::request;
use kaodian::trust::signing::{self, ScryptCost, SigningKey};
use ring::rand::SystemRandom;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// A site's keys and its request, as `site init`, `people add --signer` and `site request` leave them.
fn ask(home: &Home) -> SiteId {
    let (site, rng) = (SiteId::parse("EX-SITE-01").unwrap(), SystemRandom::new());
    let keys = home.path().join("keys");
    std::fs::create_dir(&keys).unwrap();
    for holder in [Holder::Site, Holder::Proctor("wang".parse().unwrap())] {
        let key = SigningKey::generate(&rng).unwrap();
        let path = keys.join(holder.stem()).with_extension("pem");
        signing::write(&path, &key, b"secret", ScryptCost { log_n: 4 }, &rng).unwrap();
        request::keep(&keys, &site, &holder, &key).unwrap();
    }
    request::keep_recipient(&keys, &age::x25519::Identity::generate().to_public().to_string()).unwrap();
    home.file("site.ekreq", request::collect(&keys, &site).unwrap());
    site
}

#[test]
fn an_organisation_is_made_issues_and_revokes() {
    let home = Home::new();
    let site = ask(&home);
    let made = &home.ok("org init org --org EX-ORG-A --name 示例评价组织 --demo --json").json()[0];
    assert_eq!((&made["event"], &made["org"], &made["demo"]), (&json!("org"), &json!("EX-ORG-A"), &json!(true)));
    assert_eq!(made["recipients"].as_array().unwrap().len(), 2);

    let issued = &home.ok("org issue org site.ekreq --out site.ekcred --json").json()[0];
    assert_eq!((&issued["site"], &issued["bundle_sequence"]), (&json!("EX-SITE-01"), &json!(1)));
    let certificates = issued["certificates"].as_array().unwrap();
    assert_eq!((&certificates[0]["role"], &certificates[1]["op"]), (&json!("site"), &json!("wang")));
    let read = |name: &str| std::fs::read(home.path().join(name)).unwrap();
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let [trust, keys] = ["trust", "keys"].map(|name| home.path().join(name));
    let taken = enrol(&trust, &keys, &site, &read("site.ekcred"), Some(&read("org/root.pem")), now).unwrap();
    assert_eq!(json!(taken.root), made["root_sha256"]);

    let serial = certificates[1]["serial"].as_str().unwrap();
    let revoked = &home.ok(&format!("org revoke org {serial} --reason keyCompromise --json")).json()[0];
    let expected = json!({"event": "revoked", "serial": serial, "reason": "keyCompromise", "crl_number": 2});
    assert_eq!(*revoked, expected);
    home.run(&format!("org revoke org {serial} --reason superseded")).refused(1, "KD-C-53");
    let people = home.ok("org issue org site.ekreq --out second.ekcred");
    assert!(people.out.lines().any(|line| line.starts_with("proctor wang")), "{}", people.out);
}

#[test]
fn the_organisation_is_told_what_is_wrong() {
    let home = Home::new();
    home.ok("org init org --org EX-ORG-A --name x --arc 2.999.1");
    home.file("bad.ekreq", "{}");
    home.file("long.ekreq", vec![b' '; (1 << 20) + 1]);
    for (command, exit, words) in [
        ("org init org --org EX-ORG-A --name x", 1, "KD-C-50 expected org to be empty or not there"),
        ("org init other --org ex --name x", 2, "expected organisation id of the form 3 to 16"),
        ("org init other --org EX-ORG-A --name ''", 2, "KD-C-30 expected a name of an organisation"),
        ("org init other --org EX-ORG-A --name x --arc exam", 2, "expected an object identifier"),
        ("org issue org bad.ekreq --out x.ekcred", 1, "KD-C-30 expected a site request"),
        ("org issue org long.ekreq --out x.ekcred", 1, "KD-C-30 expected a site request of at most 1 MiB"),
        ("org issue org none.ekreq --out x.ekcred", 3, "KD-C-54 none.ekreq: "),
        ("org issue nowhere bad.ekreq --out x.ekcred", 1, "KD-C-51 expected nowhere/org.toml"),
        ("org revoke org 00 --reason superseded", 1, "KD-C-52"),
        ("org revoke org 00 --reason lost", 2, "expected one of unspecified, keyCompromise"),
    ] {
        home.run(command).refused(exit, words);
    }
    assert!(!home.path().join("x.ekcred").exists() && !home.path().join("other").exists());
}
