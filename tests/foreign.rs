//! Foreign readers: what this program keeps opens and recomputes with tools that have never heard of it.

use age::secrecy::ExposeSecret as _;
use kaodian::domain::ids::SessionId;
use kaodian::journal::chain::Chain;
use kaodian::proof::zip::{self, Body, Member};
use kaodian::trust::data_key::DataKey;
use kaodian::trust::signing::{self, ScryptCost, SigningKey};
use kaodian::trust::wraps::{self, DataKeys};
use ring::rand::SystemRandom;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};
use zeroize::Zeroizing;

const LINES: &str = include_str!("vectors/journal/every-kind.jsonl");

/// Runs a tool on these bytes and gives what it printed.
fn run(program: &str, args: &[&str], input: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() { Ok(output.stdout) } else { Err(io::Error::other(format!("{program} failed"))) }
}

#[test]
#[ignore = "needs age"]
fn age_opens_the_wrapped_data_keys() {
    let dir = tempfile::tempdir().unwrap();
    let (wraps, key_file) = (dir.path().join("wraps"), dir.path().join("key.txt"));
    let (reader, other) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
    std::fs::write(&key_file, reader.to_string().expose_secret()).unwrap();
    let mut keys = DataKeys::default();
    for byte in [1, 2] {
        keys.insert(SessionId::new([byte; 16]), DataKey::from_bytes(Zeroizing::new([byte; 32])).unwrap());
    }
    let crew = [other, reader].map(|identity| identity.to_public().to_string());
    wraps::write(&wraps, &keys, &crew).unwrap();

    let plain = run("age", &["-d", "-i", key_file.to_str().unwrap(), wraps.to_str().unwrap()], b"").unwrap();
    assert_eq!(
        String::from_utf8(plain).unwrap(),
        concat!(
            r#"{"01010101010101010101010101010101":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","#,
            r#""02020202020202020202020202020202":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"}"#
        )
    );
}

#[test]
#[ignore = "needs openssl"]
fn openssl_recomputes_the_chain() {
    let sha256 = |bytes: &[u8]| run("openssl", &["dgst", "-sha256", "-binary"], bytes).unwrap();
    let (mut chain, mut head) = (Chain::EMPTY, vec![0; 32]);
    for line in LINES.lines().take(3) {
        chain = chain.with(line.as_bytes());
        head = sha256(&[head, sha256(line.as_bytes())].concat());
        assert_eq!(chain.head().bytes(), head.as_slice());
    }
}

/// jq sorts members by code point, which is the canonical order for the names of lines: all are ASCII.
#[test]
#[ignore = "needs jq"]
fn jq_writes_the_same_lines() {
    let written = run("jq", &["--compact-output", "--sort-keys", "."], LINES.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), LINES);
}

/// A file with both ways of keeping a member.
fn zipped() -> io::Result<tempfile::NamedTempFile> {
    let (none, lines) = (Vec::new().into(), LINES.as_bytes().to_vec().into());
    let bytes = zip::write(&[
        Member { name: "incidents.jsonl", body: Body::Deflated(&none) },
        Member { name: "journal.jsonl", body: Body::Deflated(&lines) },
        Member { name: "mimetype", body: Body::Stored(b"application/vnd.kaodian.exam-seal+zip") },
    ]);
    let mut file = tempfile::Builder::new().suffix(".zip").tempfile()?;
    file.write_all(&bytes.map_err(io::Error::other)?)?;
    Ok(file)
}

#[test]
#[ignore = "needs unzip"]
fn unzip_reads_our_zip_files() {
    let file = zipped().unwrap();
    let path = file.path().to_str().unwrap();
    let said = String::from_utf8(run("unzip", &["-t", path], b"").unwrap()).unwrap();
    assert!(said.contains("No errors detected"), "{said}");
    assert_eq!(run("unzip", &["-p", path, "journal.jsonl"], b"").unwrap(), LINES.as_bytes());
    let listed = String::from_utf8(run("unzip", &["-Zl", path], b"").unwrap()).unwrap();
    assert_eq!(listed.matches("-rw-r--r--  2.0 unx").count(), 3, "{listed}");
}

#[test]
#[ignore = "needs python3"]
fn python_reads_our_zip_files() {
    let file = zipped().unwrap();
    let path = file.path().to_str().unwrap();
    let script = "import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for m in z.infolist():
    print(m.filename, m.compress_type, m.date_time, oct(m.external_attr >> 16), m.file_size, m.extra, m.comment)
sys.stdout.flush()
sys.stdout.buffer.write(z.read('journal.jsonl'))";
    let said = String::from_utf8(run("python3", &["-c", script, path], b"").unwrap()).unwrap();
    let member = |name: &str, method: u8, bytes: usize| {
        format!("{name} {method} (1980, 1, 1, 0, 0, 0) 0o100644 {bytes} b'' b''\n")
    };
    let expected = [
        member("incidents.jsonl", 8, 0),
        member("journal.jsonl", 8, LINES.len()),
        member("mimetype", 0, 37),
        LINES.to_owned(),
    ];
    assert_eq!(said, expected.concat());
}

#[test]
#[ignore = "needs openssl"]
fn openssl_reads_an_exported_key() {
    let key = SigningKey::generate(&SystemRandom::new()).unwrap();
    let public = run("openssl", &["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], &key.to_pkcs8()).unwrap();
    assert_eq!(public[12..], key.public());
}

#[test]
#[ignore = "needs openssl"]
fn openssl_opens_an_encrypted_key_and_signs_the_same() {
    let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
    let (path, message) = (dir.path().join("site.pem"), dir.path().join("message"));
    let key = SigningKey::generate(&rng).unwrap();
    // OpenSSL 3.0 refuses a dearer one.
    signing::write(&path, &key, "咖啡 five words".as_bytes(), ScryptCost { log_n: 14 }, &rng).unwrap();
    std::fs::write(&message, "kaodian").unwrap();
    let (path, message) = (path.to_str().unwrap(), message.to_str().unwrap());
    let pass = "pass:咖啡 five words";
    let plain = run("openssl", &["pkey", "-in", path, "-passin", pass, "-outform", "DER"], b"").unwrap();
    assert_eq!(plain, *key.to_pkcs8());
    let args = ["pkeyutl", "-sign", "-rawin", "-inkey", path, "-passin", pass, "-in", message];
    assert_eq!(run("openssl", &args, b"").unwrap(), key.sign(b"kaodian"));
    let public = run("openssl", &["pkey", "-pubin", "-in", &path.replace(".pem", ".pub"), "-outform", "DER"], b"");
    assert_eq!(public.unwrap()[12..], key.public());
    assert!(run("openssl", &["pkey", "-in", path, "-passin", "pass:wrong"], b"").is_err());
}
