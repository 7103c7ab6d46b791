use super::*;
use crate::domain::ids::Digest;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, UnparsedPublicKey};
use std::fs;

const CHEAP: ScryptCost = ScryptCost { log_n: 4 };

/// `openssl pkcs8 -topk8 -v2 aes-256-cbc -scrypt -passout pass:246813` of OpenSSL 3.0.19, over the seed 00 01 … 1f.
const BY_OPENSSL: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAjTtfh9+88RmQICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBBPWqwomeUJj/deAO1dnF+jBEBavSWnIvN7+UQY
npVqR1xe6arYhWhMlCQUxQlwHnIyusP1DajmgBMn4I3YS8oYT2DXSlmoz2S3PD+M
ZYVCO8gK
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl pkey -pubout` of the same.
const PUBLIC_BY_OPENSSL: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
-----END PUBLIC KEY-----
";
/// The same key without `-scrypt`: PBKDF2.
const WITH_PBKDF2: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiU4uBJ1AJ34QICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECdiYHcXRYBO7GF7axwhuyQEQAwZ
bB3ZBE/MwvMmNMp1u9zMX2Z/ghWJTZGyPD1cinh1K4qdMXsyMYB12S24Oy3XDnpW
6eGFWdI/t1yUlBFNwh4=
-----END ENCRYPTED PRIVATE KEY-----
";

fn counted() -> SigningKey {
    SigningKey::from_seed(std::array::from_fn(|i| u8::try_from(i).unwrap()))
}

/// A directory with a key file and its public key as given.
fn kept(private: &str, public: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chen.pem");
    file::write(&path, private.as_bytes()).unwrap();
    file::write(&public_beside(&path), public.as_bytes()).unwrap();
    (dir, path)
}

fn with(pem: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut der = SecretDocument::from_pem(pem).unwrap().1.to_bytes().to_vec();
    change(&mut der);
    SecretDocument::try_from(der).unwrap().to_pem(ENCRYPTED, LineEnding::LF).unwrap().to_string()
}

#[test]
fn a_key_that_openssl_wrote_is_read_and_signs_as_openssl_signs() {
    let (_dir, path) = kept(BY_OPENSSL, PUBLIC_BY_OPENSSL);
    let key = read(&path, b"246813").unwrap();
    assert_eq!(key.seed(), counted().seed());
    let hex = |half: &[u8]| Digest::new(half.try_into().unwrap()).to_string();
    assert_eq!(hex(&key.public()), "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
    // `openssl pkeyutl -sign -rawin` over the same seven bytes.
    let signature = key.sign(b"kaodian");
    let (r, s) = signature.split_at(32);
    assert_eq!(hex(r), "9e02095b2e3d8d4129d95ef5bd757f268c2c819b73c930a73719086e3a5a04c1");
    assert_eq!(hex(s), "3eb031f727e2a7063f01db3f5c469737bf15238fb512d044c145fa35bff85306");
}

#[test]
fn a_written_key_is_read_with_its_secret_alone() {
    let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
    let path = dir.path().join("site.pem");
    let key = SigningKey::generate(&rng).unwrap();
    assert!(matches!(read(&path, b"secret"), Err(KeyError::NoKey { .. })));
    write(&path, &key, b"secret", CHEAP, &rng).unwrap();
    let again = read(&path, b"secret").unwrap();
    assert_eq!(again.seed(), key.seed());
    assert_eq!(read_public(&dir.path().join("site.pub")).unwrap(), key.public());
    UnparsedPublicKey::new(&ED25519, again.public()).verify(b"text", &again.sign(b"text")).unwrap();
    for wrong in [&b""[..], b"secreT", b"secret\n"] {
        assert!(matches!(read(&path, wrong), Err(KeyError::WrongPassphrase)));
    }
    assert_eq!(format!("{key:?}"), "SigningKey(..)");
}

/// Of 600 wrong secrets two or three have a good padding by chance: the form must catch them.
#[test]
fn a_wrong_secret_never_gives_a_key() {
    let (dir, rng) = (tempfile::tempdir().unwrap(), SystemRandom::new());
    let path = dir.path().join("site.pem");
    write(&path, &SigningKey::generate(&rng).unwrap(), b"secret", CHEAP, &rng).unwrap();
    for i in 0..600_u32 {
        assert!(matches!(read(&path, &i.to_be_bytes()), Err(KeyError::WrongPassphrase)), "{i}");
    }
}

#[test]
fn both_versions_of_pkcs8_are_read_and_the_first_is_written() {
    let key = counted();
    let v1 = key.to_pkcs8();
    assert_eq!(v1.len(), 48);
    assert_eq!(SigningKey::from_pkcs8(&v1).unwrap().public(), key.public());
    let of_ring = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let read = SigningKey::from_pkcs8(of_ring.as_ref()).unwrap();
    assert_eq!(read.public(), Ed25519KeyPair::from_pkcs8(of_ring.as_ref()).unwrap().public_key().as_ref());
    assert_eq!(SigningKey::from_pkcs8(&read.to_pkcs8()).unwrap().seed(), read.seed());
}

#[test]
fn what_is_no_ed25519_private_key_is_refused() {
    let of_ring = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let mut others_public = of_ring.as_ref().to_vec();
    *others_public.last_mut().unwrap() ^= 1;
    let v1 = counted().to_pkcs8();
    let changed = |at: usize, to: u8| {
        let mut der = v1.to_vec();
        der[at] = to;
        der
    };
    for (flaw, der) in [
        ("another's public key", others_public),
        ("X25519", changed(11, 0x6e)),
        ("a seed of another length", changed(15, 0x1f)),
        ("no octet string", changed(14, 0x03)),
        ("cut", v1[..47].to_vec()),
        ("something behind", [&v1[..], &[0]].concat()),
        ("nothing", vec![]),
    ] {
        assert!(matches!(SigningKey::from_pkcs8(&der), Err(KeyError::KeyForm { .. })), "{flaw}");
    }
}

#[test]
fn a_file_that_asks_for_too_much_is_refused_before_it_is_paid() {
    // The three integers of the vector: N at 43 (02 02 40 00), r at 47 (02 01 08), p at 50 (02 01 01).
    for (flaw, at, to, code) in [
        ("N = 0", 45, [0, 0], "KD-K-08"),
        ("N no power of two", 45, [0x40, 1], "KD-K-18"),
        ("r = 9", 48, [1, 9], "KD-K-18"),
        ("r = 127", 48, [1, 127], "KD-K-18"),
        ("p = 0", 51, [1, 0], "KD-K-18"),
        ("p = 2", 51, [1, 2], "KD-K-18"),
    ] {
        let private = with(BY_OPENSSL, |der| der[at..at + 2].copy_from_slice(&to));
        let (_dir, path) = kept(&private, PUBLIC_BY_OPENSSL);
        let found = read(&path, b"246813").unwrap_err();
        // 00 00 is no shortest integer, so DER itself refuses it.
        let expected = if flaw == "N = 0" { "KD-K-05" } else { code };
        assert_eq!(found.code(), expected, "{flaw}: {found}");
    }
    let asked = |cost_parameter| {
        let params = ScryptParams { salt: b"", cost_parameter, block_size: R, parallelization: P, key_length: None };
        ScryptCost::asked(&params)
    };
    assert_eq!(asked(1 << 20).unwrap(), ScryptCost { log_n: 20 });
    for n in [0, 1, 1 << 21, 1 << 63, u64::MAX] {
        assert!(matches!(asked(n), Err(KeyError::Cost { field: "scrypt_log_n", .. })), "{n}");
    }
    let (_dir, path) = kept(WITH_PBKDF2, PUBLIC_BY_OPENSSL);
    assert!(matches!(read(&path, b"246813"), Err(KeyError::KeyForm { .. })));
}

#[test]
fn a_damaged_file_never_gives_another_key() {
    let (dir, path) = kept(BY_OPENSSL, PUBLIC_BY_OPENSSL);
    // In the ciphertext's second block: the same form, another seed, only the public key tells.
    let tampered = with(BY_OPENSSL, |der| der[84 + 2 + 16] ^= 1);
    for (flaw, private, public) in [
        ("tampered", tampered.as_str(), PUBLIC_BY_OPENSSL),
        ("no PEM", "key", PUBLIC_BY_OPENSSL),
        ("another label", PUBLIC_BY_OPENSSL, PUBLIC_BY_OPENSSL),
        ("a public key that is none", BY_OPENSSL, BY_OPENSSL),
        ("another's public key", BY_OPENSSL, &PUBLIC_BY_OPENSSL.replace("A6EH", "A6EI")),
    ] {
        file::write(&path, private.as_bytes()).unwrap();
        file::write(&public_beside(&path), public.as_bytes()).unwrap();
        let found = read(&path, b"246813").unwrap_err();
        assert_eq!(found.code(), "KD-K-05", "{flaw}: {found}");
    }
    fs::remove_file(dir.path().join("chen.pub")).unwrap();
    assert!(matches!(read(&path, b"246813"), Err(KeyError::NoKey { .. })), "a key without its public key");
}

#[test]
fn a_live_site_takes_the_default_cost_and_nothing_cheaper() {
    for (log_n, live, drill) in [(3, false, false), (4, false, true), (16, false, true), (17, true, true)] {
        let cost = ScryptCost { log_n };
        assert_eq!(cost.allowed_in(Mode::Live).is_ok(), live, "{log_n}");
        assert_eq!(cost.allowed_in(Mode::Rehearsal).is_ok(), drill, "{log_n}");
        assert_eq!(cost.allowed_in(Mode::Demo).is_ok(), drill, "{log_n}");
    }
    assert!(ScryptCost { log_n: 20 }.allowed_in(Mode::Live).is_ok());
    for log_n in [0, 21, 64, 255] {
        let dir = tempfile::tempdir().unwrap();
        let (path, cost) = (dir.path().join("x.pem"), ScryptCost { log_n });
        assert!(matches!(cost.allowed_in(Mode::Demo), Err(KeyError::Cost { .. })), "{log_n}");
        assert!(write(&path, &counted(), b"x", cost, &SystemRandom::new()).is_err(), "{log_n}");
        assert!(!path.exists() && !public_beside(&path).exists());
    }
}
