//! The same through the program: `kaodian verify` and `kaodian open` say no with the rule, exit 1 and leave nothing.

use super::forger::ground::ground;
use super::forger::{Forge, Offer};
use super::support::lines::{kaodian, run};
use kaodian::seal::layout::{File, INNER};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

fn program(words: &[&str], package: &Path) -> Output {
    let org = ground().day().join("org");
    let (root, crl, identity) = (org.join("root.pem"), org.join("crl.pem"), org.join("identity.age"));
    let mut command = kaodian(&ground().day(), words);
    command.arg(package).arg("--root").arg(root).arg("--crl").arg(crl).arg("--identity").arg(identity);
    run(&mut command)
}

fn verified(package: &Path) -> (Option<i32>, Value) {
    let said = program(&["--json", "verify"], package);
    (said.status.code(), serde_json::from_slice(&said.stdout).unwrap())
}

fn opened(package: &Path, dir: &Path) -> Option<i32> {
    program(&["open", "--out", dir.to_str().unwrap()], package).status.code()
}

#[test]
fn the_program_refuses_forged_packages_and_writes_nothing() {
    let put = |name: &str, offer: &Offer| {
        let path = ground().path(name);
        std::fs::write(&path, &offer.bytes).unwrap();
        path
    };
    let good = put("good.ekseal", &Offer::from(ground().good.bytes.clone()));
    let (code, answer) = verified(&good);
    assert_eq!((code, &answer["ok"]), (Some(0), &json!(true)));
    let out = ground().path("good");
    assert_eq!(opened(&good, &out), Some(0));
    let mut names: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, INNER);

    // Whoever sends a file decides about its size, not about our memory: nothing beyond the bound is read.
    let vast = ground().path("vast.ekseal");
    std::fs::File::create(&vast).unwrap().set_len(1 << 40).unwrap();
    for endless in [vast.as_path(), Path::new("/dev/zero")] {
        let said = program(&["verify"], endless);
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(1), "{text}");
        assert!(text.contains("KD-U-22"), "{text}");
    }

    let mut results = Forge::new();
    results.edit(File::Results, "2611241001", |v| v["composite"] = json!(9999));
    results.relist();
    let mut flipped = ground().good.bytes.clone();
    flipped[1000] ^= 1;
    let [li, wang] = &ground().proctors;
    for (flaw, rule, offer) in [
        ("a byte flipped", "KD-V-01", Offer::from(flipped)),
        ("one proctor", "KD-V-31", Forge::new().by(&[li, &ground().site]).close()),
        ("one proctor twice", "KD-V-32", Forge::new().by(&[li, li, &ground().site]).close()),
        ("an envelope by a proctor", "KD-V-11", Forge::new().by_all().close_as(|_| {}, wang)),
        ("results that do not follow", "KD-V-92", results.by_all().close()),
    ] {
        let package = put("forged.ekseal", &offer);
        let (code, answer) = verified(&package);
        assert_eq!((code, &answer["ok"]), (Some(1), &json!(false)), "{flaw}");
        assert_eq!(answer["reasons"][0]["code"], rule, "{flaw}");
        let out = ground().path("forged");
        assert_eq!(opened(&package, &out), Some(1), "{flaw}");
        assert!(!out.exists(), "{flaw}: nothing is written");
    }
}
