//! The simulator against a host that was written from the reference document, in another language, and not from our code.

use std::process::Command;

#[test]
#[ignore = "needs python3"]
fn an_independent_host_reads_the_simulator_byte_for_byte() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let played = Command::new("python3")
        .args([
            format!("{folder}/hosts/host.py"),
            env!("CARGO_BIN_EXE_kaodian").into(),
            format!("{folder}/vectors/reader"),
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{said}{}", String::from_utf8_lossy(&played.stderr));
    // 13 cards, 17 faults and what else a module does.
    assert!(said.lines().count() >= 40, "{said}");
}
