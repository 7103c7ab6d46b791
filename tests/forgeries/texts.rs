//! JSON and base64url in other spellings: signature files, manifest, envelope, lines. Where somebody must sign, they do.

use super::forger::ground::ground;
use super::forger::{Forge, Offer, enclosed, entry};
use super::refused_each;
use kaodian::proof::base64url;
use kaodian::proof::jws::{self, Jws, Typ};
use kaodian::seal::layout::File;

/// A text changed once; a change that finds nothing would prove nothing.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "no {from} in {text}");
    text.replacen(from, to, 1).into_bytes()
}

/// The last character of a base64url text of `len` characters, after `before`, with a spare bit set.
fn spare_bit(bytes: &[u8], before: &str, len: usize) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = bytes.to_vec();
    let start = bytes.windows(before.len()).position(|window| window == before.as_bytes()).unwrap() + before.len();
    let last = &mut bytes[start + len - 1];
    let value = ALPHABET.iter().position(|byte| byte == last).unwrap();
    *last = ALPHABET[value | 1];
    assert_ne!(value | 1, value, "the spare bit was clear");
    bytes
}

/// One test, because each process plays a day of its own.
#[test]
fn texts_in_another_spelling_are_refused() {
    payloads_in_another_spelling_are_refused();
    signature_files_in_another_spelling_are_refused();
    protected_headers_in_another_spelling_are_refused();
    lines_in_another_spelling_are_refused();
}

/// A manifest as these bytes, signed by everybody.
fn manifest(payload: Vec<u8>) -> Offer {
    let g = ground();
    let entries = [&g.proctors[0], &g.proctors[1], &g.site].map(|holder| entry(Typ::Seal, &payload, holder));
    Forge::new().with(payload, entries.to_vec()).close()
}

/// An envelope as these bytes, signed by the site.
fn envelope(payload: Vec<u8>) -> Offer {
    let signatures = vec![entry(Typ::Envelope, &payload, &ground().site)];
    enclosed(&Jws { payload, signatures }.to_bytes(), &ground().good.age)
}

fn payloads_in_another_spelling_are_refused() {
    let good = Forge::new().payload();
    let outer = jws::parse(&ground().good.envelope, Typ::Envelope).unwrap().payload;
    assert_eq!(manifest(good.clone()).codes(), "");
    assert_eq!(envelope(outer.clone()).codes(), "");
    for (flaw, from, to) in [
        ("a space", "\"sequence\":1", "\"sequence\": 1"),
        ("a line's end", "\"sequence\":1", "\"sequence\":1\n"),
        ("a member twice", "\"sequence\":1", "\"sequence\":1,\"sequence\":1"),
        ("a member twice with another value", "\"sequence\":1", "\"sequence\":2,\"sequence\":1"),
        ("a float", "\"sequence\":1", "\"sequence\":1.0"),
        ("an exponent", "\"sequence\":1", "\"sequence\":1e0"),
        ("a number that readers round", "\"sequence\":1", "\"sequence\":9007199254740993"),
        ("the first number beyond", "\"sequence\":1", "\"sequence\":9007199254740992"),
        ("a number of 64 bits", "\"sequence\":1", "\"sequence\":18446744073709551615"),
        ("a text for a number", "\"sequence\":1", "\"sequence\":\"1\""),
        ("minus zero", "\"sequence\":1", "\"sequence\":-0"),
        ("an unknown member", "\"sequence\":1", "\"sequencf\":1,\"sequence\":1"),
        ("a member out of order", "{\"", "{\"zzz\":1,\""),
        ("an escape that is none", "\"EX-SITE-01\"", "\"EX-SITE-0\\u0031\""),
        ("another format", "/1\"", "/2\""),
        ("a member's name in capitals", "\"sequence\":1", "\"SEQUENCE\":1"),
        ("a byte order mark", "{\"", "\u{feff}{\""),
        ("a comment", "{\"", "/**/{\""),
    ] {
        refused_each(flaw, "KD-V-46", &manifest(replaced(&good, from, to)));
        refused_each(flaw, "KD-V-12", &envelope(replaced(&outer, from, to)));
    }
    refused_each("an absent member for null", "KD-V-46", &manifest(replaced(&good, ",\"previous\":null", "")));
    refused_each("nothing", "KD-V-46", &manifest(Vec::new()));
    refused_each("a rehearsal", "KD-V-46", &manifest(replaced(&good, "\"mode\":\"demo\"", "\"mode\":\"rehearsal\"")));
    refused_each("invalid UTF-8", "KD-V-46", &manifest([&good[..good.len() - 1], b"\xff}"].concat()));
    refused_each(
        "depth",
        "KD-V-46",
        &manifest([vec![b'['; 100_000], vec![b']'; 100_000]].concat()[..150_000].to_vec()),
    );
}

fn signature_files_in_another_spelling_are_refused() {
    let (seal, envelope) = (&ground().good.seal, &ground().good.envelope);
    let inside = |seal: Vec<u8>| Forge::new().with_seal(seal).close();
    let outside = |envelope: Vec<u8>| enclosed(&envelope, &ground().good.age);
    assert_eq!(inside(seal.clone()).codes(), "");
    for (flaw, from, to) in [
        ("a space", "\"payload\":", "\"payload\": "),
        ("a member twice", "{\"payload\":", "{\"payload\":\"\",\"payload\":"),
        ("an unknown member", "{\"payload\":", "{\"note\":\"\",\"payload\":"),
        ("crit", "{\"x5c\":", "{\"crit\":[\"exp\"],\"x5c\":"),
        ("a key beside the certificate", "{\"x5c\":", "{\"jwk\":{},\"x5c\":"),
        ("padding", "\",\"signatures\":", "=\",\"signatures\":"),
        ("a float for a signature", "\"signature\":\"", "\"signature\":1.5,\"signaturf\":\""),
        ("no signature", "\"signatures\":[", "\"signatures\":[],\"signaturet\":["),
        ("an empty signature list before", "\"signatures\":[", "\"signatures\":[],\"signatures\":["),
        ("a signature cut", "\"signature\":\"", "\"signature\":\"AAAA"),
        ("a line break in a certificate", "\"x5c\":[\"", "\"x5c\":[\"\\n"),
    ] {
        refused_each(flaw, "KD-V-44", &inside(replaced(seal, from, to)));
        refused_each(flaw, "KD-V-10", &outside(replaced(envelope, from, to)));
    }
    // 64 bytes in 86 characters leave four bits, and the text of an entry ends with its signature.
    refused_each("spare bits", "KD-V-44", &inside(spare_bit(seal, "\"signature\":\"", 86)));
    refused_each("spare bits", "KD-V-10", &outside(spare_bit(envelope, "\"signature\":\"", 86)));
    // No signature covers what stands above a certificate, so anybody could write there.
    let (from, to) = ("\"]},\"protected\"", "\",\"MAA=\"]},\"protected\"");
    refused_each("a certificate above another", "KD-V-20 KD-V-31", &inside(replaced(seal, from, to)));
    refused_each("a certificate above another", "KD-V-20", &outside(replaced(envelope, from, to)));
    refused_each("a line's end", "KD-V-44", &inside([&seal[..], b"\n"].concat()));
    refused_each("a line's end", "KD-V-10", &outside([&envelope[..], b"\n"].concat()));
}

/// The protected header is signed, so its owner can write it as he likes.
fn protected_headers_in_another_spelling_are_refused() {
    let g = ground();
    let payload = Forge::new().payload();
    let honest = jws::protected(jws::Alg::EdDsa, Typ::Seal, &g.site.certificate.thumbprint());
    let plain = String::from_utf8(base64url::decode(&honest).unwrap()).unwrap();
    for (flaw, from, to) in [
        ("a space", ":\"EdDSA\"", ": \"EdDSA\""),
        ("no algorithm", "EdDSA", "none"),
        ("a shared secret's algorithm", "EdDSA", "HS256"),
        ("crit", "{", "{\"crit\":[\"b64\"],"),
        ("b64", ",\"typ\"", ",\"b64\":false,\"typ\""),
        ("two algorithms", "{", "{\"alg\":\"none\","),
        ("another kind", "exam-seal+jws", "exam-seal-envelope+jws"),
        ("no thumbprint", "x5t#S256", "x5t"),
        ("a key of its own", ",\"typ\"", ",\"jwk\":{},\"typ\""),
    ] {
        let header = base64url::encode(&replaced(plain.as_bytes(), from, to));
        let signature = base64url::encode(&g.site.key.sign(&jws::signing_input(&header, &payload)));
        let [a, b] = [0, 1].map(|n: usize| entry(Typ::Seal, &payload, &g.proctors[n]));
        let site = entry(Typ::Seal, &payload, &g.site);
        let old = base64url::encode(site.signature());
        let honestly = Jws { payload: payload.clone(), signatures: vec![a, b, site] }.to_bytes();
        let changed = replaced(&replaced(&honestly, &honest, &header), &old, &signature);
        refused_each(flaw, "KD-V-44", &Forge::new().with_seal(changed).close());
    }
}

fn lines_in_another_spelling_are_refused() {
    for (flaw, file, from, to, code) in [
        ("a space", File::Results, "{\"cand\":", "{\"cand\": ", "KD-V-91"),
        ("a member twice", File::Results, "{\"cand\":", "{\"cand\":\"1\",\"cand\":", "KD-V-91"),
        ("a float", File::Results, "\"composite\":8500", "\"composite\":8500.0", "KD-V-91"),
        ("a number that readers round", File::Results, ":8500,\"outcome\"", ":9007199254740993,\"outcome\"", "KD-V-91"),
        ("an unknown member", File::Results, "\"outcome\":\"pass\"", "\"note\":\"\",\"outcome\":\"pass\"", "KD-V-92"),
        ("another sitting", File::Results, "\"sitting\":\"first\"", "\"sitting\":\"third\"", "KD-V-91"),
        ("an empty line", File::Results, "\n", "\n\n", "KD-V-91"),
        ("a line's end of another system", File::Results, "\n", "\r\n", "KD-V-91"),
        ("a space", File::Journal, "{\"a\":", "{\"a\": ", "KD-V-70"),
        ("a member twice", File::Journal, "\"seq\":2,", "\"seq\":2,\"seq\":2,", "KD-V-70"),
        ("a float", File::Journal, "\"seq\":2,", "\"seq\":2.0,", "KD-V-70"),
        ("a number that readers round", File::Journal, "\"seq\":2,", "\"seq\":9007199254740993,", "KD-V-70"),
        ("an unknown member", File::Journal, "\"why\":\"start\"", "\"why\":\"start\",\"xtra\":1", "KD-V-70"),
        ("an empty line", File::Journal, "\n", "\n\n", "KD-V-70"),
        ("an unknown kind", File::Journal, "session_started/1", "session_hurried/1", "KD-V-71"),
        ("a space", File::Attendance, "{\"absent_reason\":", "{\"absent_reason\": ", "KD-V-94"),
        ("a member twice", File::Attendance, "\"annulled\":0", "\"annulled\":0,\"annulled\":0", "KD-V-94"),
    ] {
        let mut forge = Forge::new();
        *forge.file(file) = replaced(forge.file(file), from, to);
        if file == File::Journal {
            forge.rechain();
        }
        forge.relist();
        refused_each(&format!("{} {flaw}", file.name()), code, &forge.by_all().close());
    }
    let mut spare = Forge::new();
    *spare.file(File::Results) = spare_bit(spare.file(File::Results), "\"salt\":\"", 22);
    spare.relist();
    refused_each("spare bits in a salt", "KD-V-91", &spare.by_all().close());
    for file in [File::Results, File::Journal, File::Attendance] {
        let mut cut = Forge::new();
        assert_eq!(cut.file(file).pop(), Some(b'\n'));
        cut.relist();
        refused_each("no line's end", "KD-V-63", &cut.by_all().close());
    }
}
