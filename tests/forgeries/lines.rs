//! Any single edit of any line of any inner file, with the digests made again and everybody's signature.

use super::forger::ground::ground;
use super::forger::{Forge, enclosed, entry};
use kaodian::proof::jws::{Jws, Typ};
use kaodian::seal::layout::File;
use proptest::prelude::*;

fn refused(file: File, lines: &[Vec<u8>], what: &str) {
    let mut forge = Forge::new();
    let before = forge.file(file).clone();
    forge.set_lines(file, lines);
    if *forge.file(file) == before {
        return;
    }
    forge.relist();
    let report = forge.by_all().close().report();
    assert!(!report.ok() && !report.content_checked, "{} {what}", file.name());
}

/// One test, because each process plays a day of its own.
#[test]
fn edits_that_everybody_signs_are_refused() {
    a_line_deleted_doubled_or_exchanged_is_refused();
    any_single_edit_of_a_line_is_refused();
    any_changed_byte_under_an_honest_envelope_is_refused();
}

fn a_line_deleted_doubled_or_exchanged_is_refused() {
    for file in File::ALL {
        let lines = Forge::new().lines(file);
        for n in 0..lines.len() {
            let mut deleted = lines.clone();
            let line = deleted.remove(n);
            refused(file, &deleted, &format!("without line {n}"));
            let mut doubled = lines.clone();
            doubled.insert(n, line);
            refused(file, &doubled, &format!("line {n} twice"));
            if n > 0 {
                let mut exchanged = lines.clone();
                exchanged.swap(n - 1, n);
                refused(file, &exchanged, &format!("lines {n} exchanged"));
            }
        }
    }
}

fn any_single_edit_of_a_line_is_refused() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let edit = (0..File::ALL.len(), any::<prop::sample::Index>(), any::<u8>(), 0..3u8);
    let held = runner.run(&edit, |(file, at, byte, how)| {
        let mut forge = Forge::new();
        let content = forge.file(File::ALL[file]);
        let before = content.clone();
        match (how, content.len()) {
            (_, 0) | (1, _) => content.insert(at.index(before.len() + 1), byte),
            (2, len) => drop(content.remove(at.index(len))),
            (_, len) => content[at.index(len)] = byte,
        }
        prop_assume!(*forge.file(File::ALL[file]) != before);
        forge.relist();
        let report = forge.by_all().close().report();
        prop_assert!(!report.ok() && !report.content_checked);
        Ok(())
    });
    held.unwrap();
}

/// Whoever holds the site key can envelope any age file: its bytes, and those of the signature file, stand for themselves.
fn any_changed_byte_under_an_honest_envelope_is_refused() {
    let good = &ground().good;
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let flip = (any::<prop::sample::Index>(), 0..8u8);
    let held = runner.run(&(flip.clone(), flip), |((at, bit), (place, digit))| {
        let mut age = good.age.clone();
        let at = at.index(age.len());
        age[at] ^= 1 << bit;
        let payload = Forge::new().unsigned().envelope(&age).to_bytes().unwrap();
        let signatures = vec![entry(Typ::Envelope, &payload, &ground().site)];
        let envelope = Jws { payload, signatures }.to_bytes();
        prop_assert!(!enclosed(&envelope, &age).report().ok());

        let mut seal = good.seal.clone();
        let place = place.index(seal.len());
        seal[place] ^= 1 << digit;
        prop_assert!(!Forge::new().with_seal(seal).close().report().ok());
        Ok(())
    });
    held.unwrap();
}
