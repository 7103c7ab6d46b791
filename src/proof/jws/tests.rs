use super::*;
use proptest::prelude::*;

const SEAL: Typ = Typ::Seal;

fn entry_of(certificate: &[u8], byte: u8) -> Entry {
    Entry::new(Alg::EdDsa, SEAL, certificate.to_vec(), [byte; 64])
}

fn sample() -> Jws {
    Jws { payload: b"{\"a\":1}".to_vec(), signatures: vec![entry_of(b"site", 1), entry_of(b"proctor", 2)] }
}

fn sample_text() -> String {
    String::from_utf8(sample().to_bytes()).unwrap()
}

/// The sample with another protected header for its first entry.
fn with_protected(json: &str) -> String {
    let first = sample().signatures[0].protected().to_owned();
    sample_text().replacen(&first, &base64url::encode(json.as_bytes()), 1)
}

fn place(path: &str) -> Place {
    Place(path.to_owned())
}

/// Written out once by hand, so that writer and reader cannot drift together.
#[test]
fn a_file_has_these_bytes() {
    let jws = Jws { payload: b"{}".to_vec(), signatures: vec![entry_of(b"abcd", 0)] };
    let protected = concat!(
        "eyJhbGciOiJFZERTQSIsInR5cCI6ImV4YW0tc2VhbCtqd3MiLCJ4NXQjUzI1NiI6ImlOUW",
        "1iOVRtTTQwVHVFWDg4b2xYblNDY2lYZ2p1U0Y5by1GaGsyOERGWWsifQ"
    );
    let expected = format!(
        r#"{{"payload":"e30","signatures":[{{"header":{{"x5c":["YWJjZA=="]}},"protected":"{protected}","signature":"{}"}}]}}"#,
        "A".repeat(86)
    );
    assert_eq!(String::from_utf8(jws.to_bytes()).unwrap(), expected);
    assert_eq!(
        String::from_utf8(base64url::decode(protected).unwrap()).unwrap(),
        r#"{"alg":"EdDSA","typ":"exam-seal+jws","x5t#S256":"iNQmb9TmM40TuEX88olXnSCciXgjuSF9o-Fhk28DFYk"}"#
    );
    assert_eq!(parse(expected.as_bytes(), SEAL), Ok(jws));
}

#[test]
fn what_is_signed_is_the_text_of_the_file() {
    let jws = sample();
    let input = signing_input(jws.signatures[0].protected(), &jws.payload);
    assert_eq!(input, format!("{}.eyJhIjoxfQ", jws.signatures[0].protected()).into_bytes());
    assert!(input.starts_with(b"eyJ"), "never mistaken for CBOR");
}

#[test]
fn a_file_is_read_as_it_was_written() {
    for typ in Typ::ALL {
        for alg in Alg::ALL {
            let jws = Jws { payload: b"x".to_vec(), signatures: vec![Entry::new(alg, typ, vec![48], [7; 64])] };
            let read = parse(&jws.to_bytes(), typ).unwrap();
            assert_eq!(read, jws);
            assert_eq!((read.signatures[0].alg(), read.signatures[0].typ()), (alg, typ));
        }
    }
    assert!(jcs::is_canonical(&sample().to_bytes()));
}

#[test]
fn certificates_above_the_first_are_kept() {
    let text = sample_text().replacen("c2l0ZQ==\"]", "c2l0ZQ==\",\"cm9vdA==\"]", 1);
    let jws = parse(text.as_bytes(), SEAL).unwrap();
    assert_eq!(jws.signatures[0].certificate(), b"site");
    assert_eq!(jws.signatures[0].above(), [b"root".to_vec()]);
    assert_eq!(jws.to_bytes(), text.as_bytes());
}

#[test]
fn each_flaw_of_the_file_has_its_own_answer() {
    let json = |error| JwsError::Json { place: Place::FILE, error };
    let unknown = |path| JwsError::Unknown { place: place(path) };
    let missing = |path| JwsError::Missing { place: place(path) };
    let url = |path| JwsError::Base64Url { place: place(path) };
    let base64 = || JwsError::Base64 { place: place("signatures[0].header.x5c[0]") };
    let signature = base64url::encode(&[1; 64]);
    let signature = signature.as_str();
    for (flaw, from, to, error) in [
        ("a blank", "{\"payload\"", "{ \"payload\"", json(JcsError::NotCanonical { at: 1 })),
        ("a line end", "}]}", "}]}\n", json(JcsError::NotCanonical { at: sample_text().len() })),
        ("an escape", "eyJhIjoxfQ", "\\u0065yJhIjoxfQ", json(JcsError::NotCanonical { at: 12 })),
        ("a member twice", "{\"payload\":", "{\"payload\":\"\",\"payload\":", json(JcsError::Duplicate { at: 22 })),
        ("a float", "\"eyJhIjoxfQ\"", "1.5", json(JcsError::Number)),
        ("no JSON", "{\"payload\"", "{payload", json(JcsError::Syntax { at: 1 })),
        ("a foreign member", "{\"payload\"", "{\"note\":0,\"payload\"", unknown("")),
        ("flattened form beside it", "}]}", "}],\"x\":0}", unknown("")),
        ("payload renamed", "\"payload\"", "\"patload\"", unknown("")),
        ("no payload", "\"payload\":\"eyJhIjoxfQ\",", "", missing("payload")),
        ("payload as a number", "\"eyJhIjoxfQ\"", "1", JwsError::Type { place: place("payload"), expected: "a text" }),
        ("payload with padding", "eyJhIjoxfQ", "eyJhIjoxfQ==", url("payload")),
        ("payload with spare bits", "eyJhIjoxfQ", "eyJhIjoxfR", url("payload")),
        ("payload in the other alphabet", "eyJhIjoxfQ", "ey+hIjoxfQ", url("payload")),
        ("crit at the top", "{\"payload\"", "{\"crit\":[],\"payload\"", JwsError::Crit { place: Place::FILE }),
        ("a foreign member of an entry", "{\"header\"", "{\"a\":0,\"header\"", unknown("signatures[0]")),
        ("an unprotected kid", "{\"x5c\"", "{\"kid\":\"1\",\"x5c\"", unknown("signatures[0].header")),
        (
            "an unprotected b64",
            "{\"x5c\"",
            "{\"b64\":0,\"x5c\"",
            JwsError::B64 { place: place("signatures[0].header") },
        ),
        (
            "an unprotected crit",
            "{\"x5c\"",
            "{\"crit\":0,\"x5c\"",
            JwsError::Crit { place: place("signatures[0].header") },
        ),
        ("no certificates", "\"x5c\":[\"c2l0ZQ==\"]", "", missing("signatures[0].header.x5c")),
        (
            "an empty list of certificates",
            "\"c2l0ZQ==\"",
            "",
            JwsError::Empty { place: place("signatures[0].header.x5c") },
        ),
        ("a certificate without padding", "c2l0ZQ==", "c2l0ZQ", base64()),
        ("a certificate with spare bits", "c2l0ZQ==", "c2l0ZR==", base64()),
        ("a certificate in the other alphabet", "c2l0ZQ==", "c2-0ZQ==", base64()),
        (
            "another certificate",
            "c2l0ZQ==",
            "c2l0ZA==",
            JwsError::Thumbprint { place: place("signatures[0].protected.x5t#S256") },
        ),
        (
            "a short signature",
            signature,
            &base64url::encode(&[1; 63]),
            JwsError::Length { place: place("signatures[0].signature"), expected: 64, found: 63 },
        ),
        ("a signature with spare bits", signature, &format!("{}R", &signature[..85]), url("signatures[0].signature")),
    ] {
        let text = sample_text();
        assert!(text.contains(from), "{flaw}: {from}");
        assert_eq!(parse(text.replacen(from, to, 1).as_bytes(), SEAL), Err(error), "{flaw}");
    }
    for (flaw, text, error) in [
        ("no signature", r#"{"payload":"","signatures":[]}"#, JwsError::Empty { place: place("signatures") }),
        (
            "one signature without its list",
            r#"{"payload":"","signatures":{}}"#,
            JwsError::Type { place: place("signatures"), expected: "a list" },
        ),
        (
            "an entry that is a text",
            r#"{"payload":"","signatures":[""]}"#,
            JwsError::Type { place: place("signatures[0]"), expected: "an object" },
        ),
        ("a list", "[]", JwsError::Type { place: Place::FILE, expected: "an object" }),
    ] {
        assert_eq!(parse(text.as_bytes(), SEAL), Err(error), "{flaw}");
    }
}

#[test]
fn each_flaw_of_a_protected_header_has_its_own_answer() {
    let at = || place("signatures[0].protected");
    let x5t = base64url::encode(sha256(&[b"site"]).bytes());
    let (head, tail) = (r#"{"alg":"EdDSA","typ":"exam-seal+jws""#, format!(r#","x5t#S256":"{x5t}"}}"#));
    let other = base64url::encode(sha256(&[b"proctor"]).bytes());
    let json = |error| JwsError::Json { place: at(), error };
    let typ = |found| JwsError::Typ { place: at().member("typ"), expected: "exam-seal+jws", found };
    let alg = || JwsError::Alg { place: at().member("alg") };
    assert!(parse(with_protected(&format!("{head}{tail}")).as_bytes(), SEAL).is_ok());
    for (flaw, json_text, error) in [
        ("a blank", format!("{head} {tail}"), json(JcsError::NotCanonical { at: 36 })),
        (
            "another order",
            format!(r#"{{"typ":"exam-seal+jws","alg":"EdDSA"{tail}"#),
            json(JcsError::NotCanonical { at: 2 }),
        ),
        ("a member twice", format!(r#"{head},"typ":"exam-seal+jws"{tail}"#), json(JcsError::Duplicate { at: 41 })),
        ("a float", r#"{"alg":1.5}"#.to_owned(), json(JcsError::Number)),
        ("no JSON", "EdDSA".to_owned(), json(JcsError::Syntax { at: 0 })),
        (
            "crit",
            format!(r#"{{"alg":"EdDSA","crit":["b64"],"typ":"exam-seal+jws"{tail}"#),
            JwsError::Crit { place: at() },
        ),
        ("b64", format!(r#"{{"alg":"EdDSA","b64":false,"typ":"exam-seal+jws"{tail}"#), JwsError::B64 { place: at() }),
        ("kid", format!(r#"{{"alg":"EdDSA","kid":"","typ":"exam-seal+jws"{tail}"#), JwsError::Unknown { place: at() }),
        ("no typ", format!(r#"{{"alg":"EdDSA"{tail}"#), JwsError::Missing { place: at().member("typ") }),
        ("no thumbprint", format!("{head}}}"), JwsError::Missing { place: at().member("x5t#S256") }),
        ("none", format!(r#"{{"alg":"none","typ":"exam-seal+jws"{tail}"#), alg()),
        ("the algorithm in lower case", format!(r#"{{"alg":"es256","typ":"exam-seal+jws"{tail}"#), alg()),
        ("HMAC", format!(r#"{{"alg":"HS256","typ":"exam-seal+jws"{tail}"#), alg()),
        (
            "the algorithm as a number",
            format!(r#"{{"alg":-8,"typ":"exam-seal+jws"{tail}"#),
            JwsError::Type { place: at().member("alg"), expected: "a text" },
        ),
        (
            "another kind of ours",
            format!(r#"{{"alg":"EdDSA","typ":"exam-seal-envelope+jws"{tail}"#),
            typ("exam-seal-envelope+jws"),
        ),
        ("a foreign kind", format!(r#"{{"alg":"EdDSA","typ":"JWT"{tail}"#), typ("a foreign one")),
        (
            "a thumbprint of SHA-1",
            format!(r#"{head},"x5t#S256":"{}"}}"#, base64url::encode(&[0; 20])),
            JwsError::Length { place: at().member("x5t#S256"), expected: 32, found: 20 },
        ),
        (
            "a thumbprint with padding",
            format!(r#"{head},"x5t#S256":"{x5t}="}}"#),
            JwsError::Base64Url { place: at().member("x5t#S256") },
        ),
        (
            "the thumbprint of another",
            format!(r#"{head},"x5t#S256":"{other}"}}"#),
            JwsError::Thumbprint { place: at().member("x5t#S256") },
        ),
    ] {
        assert_eq!(parse(with_protected(&json_text).as_bytes(), SEAL), Err(error), "{flaw}");
    }
    let protected = sample().signatures[0].protected().to_owned();
    let padded = sample_text().replacen(&protected, &format!("{protected}=="), 1);
    assert_eq!(parse(padded.as_bytes(), SEAL), Err(JwsError::Base64Url { place: at() }));
}

#[test]
fn the_second_entry_is_held_to_the_same_rules() {
    let mut jws = sample();
    jws.signatures[1] = Entry::new(Alg::EdDsa, Typ::Envelope, b"proctor".to_vec(), [2; 64]);
    let error = parse(&jws.to_bytes(), SEAL).unwrap_err();
    assert_eq!(error.to_string(), "signatures[1].protected.typ: expected exam-seal+jws, found exam-seal-envelope+jws");
}

#[test]
fn an_error_carries_no_content() {
    let text = sample_text().replacen("{\"header\"", "{\"chen-wei\":0,\"header\"", 1);
    let said = parse(text.as_bytes(), SEAL).map_err(|e| format!("{e:?} {e}")).unwrap_err();
    assert!(!said.contains("chen"), "{said}");
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused_or_changes_what_is_signed_or_signs() {
    let (whole, jws) = (sample().to_bytes(), sample());
    for at in 0..whole.len() {
        assert!(parse(&whole[..at], SEAL).is_err(), "cut at {at}");
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            if let Ok(read) = parse(&bytes, SEAL) {
                assert_ne!(read, jws, "bit {bit} of byte {at} is free");
                assert_eq!(read.to_bytes(), bytes, "a file has one spelling");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_payload_and_any_certificates_come_back(
        payload: Vec<u8>,
        certificates in proptest::collection::vec(any::<Vec<u8>>(), 1..4),
        byte: u8,
    ) {
        let signatures = certificates.iter().map(|der| entry_of(der, byte)).collect();
        let jws = Jws { payload, signatures };
        let bytes = jws.to_bytes();
        prop_assert!(jcs::is_canonical(&bytes));
        prop_assert_eq!(parse(&bytes, SEAL), Ok(jws));
    }
}
