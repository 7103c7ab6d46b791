//! Both archives in other forms. Outside, anybody can change them; inside, whoever holds the site key.

use super::forger::archive::{Raw, write};
use super::forger::ground::{ground, members};
use super::forger::{Forge, Offer};
use super::{Row, refused};
use kaodian::seal::layout::{ENVELOPE, INNER_TYPE, MIMETYPE, OUTER_TYPE, SEAL, SEALED};

fn outer_members() -> Vec<Raw> {
    members(&ground().good.bytes).iter().map(|(name, bytes)| Raw::stored(name, bytes)).collect()
}

fn inner_members() -> Vec<Raw> {
    let raw = |(name, bytes): &(String, Vec<u8>)| match name.as_str() {
        MIMETYPE => Raw::stored(name, bytes),
        _ => Raw::deflated(name, bytes),
    };
    members(&ground().good.zip).iter().map(raw).collect()
}

fn outside(change: impl FnOnce(&mut Vec<Raw>)) -> Offer {
    let mut members = outer_members();
    change(&mut members);
    Offer::from(write(&members))
}

/// Encrypted and enveloped by the site, as it would its own.
fn inside(change: impl FnOnce(&mut Vec<Raw>)) -> Offer {
    let mut members = inner_members();
    change(&mut members);
    Forge::new().unsigned().zip(write(&members)).close()
}

fn of<'a>(members: &'a mut [Raw], name: &str) -> &'a mut Raw {
    members.iter_mut().find(|member| member.name == name).unwrap()
}

fn recompressed(member: &mut Raw, bytes: &[u8]) {
    *member = Raw::deflated(&member.name.clone(), bytes);
}

fn edited(change: impl FnOnce(&mut Vec<u8>)) -> Offer {
    let mut bytes = ground().good.bytes.clone();
    change(&mut bytes);
    Offer::from(bytes)
}

const OUTER: &[Row] = &[
    ("nothing", "KD-V-01", || Offer::from(Vec::new())),
    ("no archive", "KD-V-01", || Offer::from(b"PK\x05\x06".to_vec())),
    ("an archive of nothing", "KD-V-02", || outside(Vec::clear)),
    ("a byte of the age file flipped", "KD-V-01", || {
        edited(|bytes| {
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
        })
    }),
    ("a byte of the age file flipped, the archive made again", "KD-V-13", || {
        outside(|m| {
            let mut age = m[2].body.clone();
            age[500] ^= 1;
            m[2] = Raw::stored(SEALED, &age);
        })
    }),
    ("a byte behind the end", "KD-V-01", || edited(|bytes| bytes.push(0))),
    ("a byte before the beginning", "KD-V-01", || edited(|bytes| bytes.insert(0, 0))),
    ("a member more", "KD-V-02", || outside(|m| m.push(Raw::stored("note.txt", b"hello")))),
    ("a member more in between", "KD-V-02", || outside(|m| m.insert(1, Raw::stored("envelope.jws", b"{}")))),
    ("a member less", "KD-V-02", || outside(|m| drop(m.pop()))),
    ("a member under another name", "KD-V-02", || outside(|m| m[2].name = "sealed.zip".into())),
    ("members in another order", "KD-V-02", || outside(|m| m.swap(1, 2))),
    ("a member twice", "KD-V-01", || outside(|m| m.push(m[2].clone()))),
    ("another envelope behind the first", "KD-V-01", || outside(|m| m.insert(2, Raw::stored(ENVELOPE, b"{}")))),
    ("a member compressed", "KD-V-02", || {
        outside(|m| {
            let bytes = m[1].body.clone();
            recompressed(&mut m[1], &bytes);
        })
    }),
    ("a member out of the directory", "KD-V-01", || outside(|m| m[1].name = "../envelope.jws.json".into())),
    ("a member from the root", "KD-V-01", || outside(|m| m[1].name = "/etc/passwd".into())),
    ("an extra field", "KD-V-01", || outside(|m| m[1].extra = b"ux\0\0".to_vec())),
    ("another type", "KD-V-03", || outside(|m| m[0] = Raw::stored(MIMETYPE, INNER_TYPE))),
    ("a type with a line's end", "KD-V-03", || {
        outside(|m| m[0] = Raw::stored(MIMETYPE, &[OUTER_TYPE, b"\n"].concat()))
    }),
    ("a length that lies", "KD-V-01", || outside(|m| m[2].length += 1)),
    ("a checksum that lies", "KD-V-01", || outside(|m| m[2].crc ^= 1)),
    ("a bomb for an envelope", "KD-V-02", || outside(|m| m[1] = Raw::bomb(ENVELOPE))),
    ("the inner archive not encrypted", "KD-V-13", || outside(|m| m[2] = Raw::stored(SEALED, &ground().good.zip))),
    ("an envelope of 300 KiB", "KD-V-10", || outside(|m| m[1] = Raw::stored(ENVELOPE, &vec![b' '; 300 * 1024]))),
];

const INNER: &[Row] = &[
    ("no archive inside", "KD-V-41", || Forge::new().unsigned().zip(b"hello".to_vec()).close()),
    ("an extra file", "KD-V-42", || inside(|m| m.push(Raw::deflated("zzz.txt", b"hello")))),
    ("an attachment nobody listed", "KD-V-42", || inside(|m| m.insert(0, Raw::deflated("attachments/a", b"hello")))),
    ("a file left out", "KD-V-42", || inside(|m| m.retain(|member| member.name != "incidents.jsonl"))),
    ("a file under another name", "KD-V-42", || inside(|m| of(m, "results.jsonl").name = "results.json".into())),
    ("files in another order", "KD-V-42", || inside(|m| m.swap(0, 1))),
    ("a file twice", "KD-V-41", || inside(|m| m.push(m[6].clone()))),
    ("results twice, the forged ones first", "KD-V-41", || {
        inside(|m| m.insert(6, Raw::deflated("results.jsonl", b"{}\n")))
    }),
    ("a file out of the directory", "KD-V-41", || inside(|m| m[0].name = "../attendance.jsonl".into())),
    ("a file by a way round", "KD-V-41", || inside(|m| m[0].name = "a/../../attendance.jsonl".into())),
    ("a file from the root", "KD-V-41", || inside(|m| m[0].name = "/attendance.jsonl".into())),
    ("a file with a drive", "KD-V-41", || inside(|m| m[0].name = "C:\\attendance.jsonl".into())),
    ("a name with a zero byte", "KD-V-41", || inside(|m| m[0].name = "attendance.jsonl\0".into())),
    ("an extra field inside", "KD-V-41", || inside(|m| m[0].extra = b"ux\0\0".to_vec())),
    ("another type inside", "KD-V-43", || inside(|m| *of(m, MIMETYPE) = Raw::stored(MIMETYPE, OUTER_TYPE))),
    ("a type inside that is longer", "KD-V-43", || {
        inside(|m| *of(m, MIMETYPE) = Raw::stored(MIMETYPE, &[INNER_TYPE, b"\n"].concat()))
    }),
    ("a bomb for results", "KD-V-61", || inside(|m| *of(m, "results.jsonl") = Raw::bomb("results.jsonl"))),
    ("a bomb that says it is small", "KD-V-61", || {
        inside(|m| {
            let said = of(m, "results.jsonl").length;
            *of(m, "results.jsonl") = Raw { length: said, ..Raw::bomb("results.jsonl") };
        })
    }),
    ("a bomb for the signatures", "KD-V-44", || inside(|m| *of(m, SEAL) = Raw::bomb(SEAL))),
    ("a bomb for the signatures that says it is small", "KD-V-44", || {
        inside(|m| *of(m, SEAL) = Raw { length: 4000, ..Raw::bomb(SEAL) })
    }),
    ("a bomb for the type", "KD-V-43", || inside(|m| *of(m, MIMETYPE) = Raw::bomb(MIMETYPE))),
    ("a file shorter than its length", "KD-V-61", || inside(|m| of(m, "results.jsonl").length += 1)),
    ("a file with another checksum", "KD-V-61", || inside(|m| of(m, "results.jsonl").crc ^= 1)),
    ("bytes behind a compressed file", "KD-V-61", || inside(|m| of(m, "results.jsonl").body.extend(b"more"))),
    ("signatures cut short", "KD-V-44", || {
        inside(|m| {
            let body = &mut of(m, SEAL).body;
            body.truncate(body.len() - 9);
        })
    }),
    ("an age file cut short", "KD-V-40", || resealed(|age| age.truncate(age.len() - 20))),
    ("an age file with another header", "KD-V-40", || resealed(|age| age[30] ^= 1)),
    ("an age file with another last byte", "KD-V-40", || resealed(|age| *age.last_mut().unwrap() ^= 1)),
    ("an age file with a byte more", "KD-V-40", || resealed(|age| age.push(0))),
    ("an age file for somebody else", "KD-V-40", || {
        let stranger = age::x25519::Identity::generate().to_public();
        let theirs = kaodian::seal::package::encrypted(&ground().good.zip, &[stranger]).unwrap();
        resealed(|age| *age = theirs)
    }),
];

/// The age file changed, and an envelope by the site that names it.
fn resealed(change: impl FnOnce(&mut Vec<u8>)) -> Offer {
    use super::forger::{enclosed, entry};
    use kaodian::proof::jws::{Jws, Typ};
    let mut age = ground().good.age.clone();
    change(&mut age);
    let payload = Forge::new().unsigned().envelope(&age).to_bytes().unwrap();
    let signatures = vec![entry(Typ::Envelope, &payload, &ground().site)];
    enclosed(&Jws { payload, signatures }.to_bytes(), &age)
}

/// The greatest resident memory of this process so far, in KiB.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn archives_of_another_form_are_refused() {
    assert_eq!(outside(|_| {}).bytes, ground().good.bytes, "our writer of archives is right");
    assert_eq!(inside(|_| {}).codes(), "");
    // The signatures cover what the files say, and each may be kept in either way (exam-seal.md).
    assert_eq!(inside(|m| *of(m, MIMETYPE) = Raw::deflated(MIMETYPE, INNER_TYPE)).codes(), "");
    assert_eq!(inside(|m| *of(m, SEAL) = Raw::stored(SEAL, &ground().good.seal)).codes(), "");
    refused(OUTER);
    refused(INNER);
    assert!(peak_kib() < 512 * 1024, "a gigabyte of zeros was never inflated: {} KiB", peak_kib());
}
