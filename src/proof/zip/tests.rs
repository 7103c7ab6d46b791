use super::form::crc32;
use super::read::inflate_into;
use super::*;
use proptest::prelude::*;

fn stored<'a>(name: &'a str, bytes: &'a [u8]) -> Member<'a> {
    Member { name, body: Body::Stored(bytes) }
}

fn deflated<'a>(name: &'a str, packed: &'a Packed) -> Member<'a> {
    Member { name, body: Body::Deflated(packed) }
}

fn packed(bytes: &[u8]) -> Packed {
    bytes.to_vec().into()
}

/// Reads a whole file: every member with its bytes.
fn read_all(bytes: &[u8]) -> Result<Vec<(String, Method, Vec<u8>)>, ZipError> {
    let one = |entry: &Entry<'_>| Ok((entry.name().to_owned(), entry.method(), entry.bytes(1 << 24)?.into_owned()));
    read(bytes)?.entries().iter().map(one).collect()
}

fn member(name: &str) -> Place {
    Place::Member(name.to_owned())
}

fn record(name: &str) -> Place {
    Place::Directory(name.to_owned())
}

/// A file with other bytes from this place on.
fn patched(file: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// One deflated member "a.b" of these bytes with this body, lengths and CRC as if it were honest.
fn forged(length: u32, crc: u32, body: &[u8]) -> Vec<u8> {
    let empty = write(&[stored("a.b", &[])]).unwrap();
    let (local, rest) = empty.split_at(33);
    let (directory, end) = rest.split_at(49);
    let facts = [crc.to_le_bytes(), u32::try_from(body.len()).unwrap().to_le_bytes(), length.to_le_bytes()].concat();
    let offset = u32::try_from(33 + body.len()).unwrap().to_le_bytes();
    let local = patched(&patched(&patched(local, 14, &facts), 4, &[20]), 8, &[8]);
    let directory = patched(&patched(&patched(directory, 16, &facts), 6, &[20]), 10, &[8]);
    [&local, body, &directory, &patched(end, 16, &offset)].concat()
}

fn body_of(bytes: &[u8]) -> Vec<u8> {
    let file = write(&[deflated("a.b", &packed(bytes))]).unwrap();
    let length = u32::from_le_bytes(file[18..22].try_into().unwrap()) as usize;
    file[33..33 + length].to_vec()
}

/// The head of zip.rs, spelled out once by hand.
#[test]
fn a_file_has_these_bytes() {
    let file = write(&[stored("mimetype", b"hi")]).unwrap();
    let expected: [&[u8]; 5] = [
        b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0\xac\x2a\x93\xd8\x02\0\0\0\x02\0\0\0\x08\0\0\0mimetype",
        b"hi",
        b"PK\x01\x02\x14\x03\x0a\0\0\0\0\0\0\0\x21\0\xac\x2a\x93\xd8\x02\0\0\0\x02\0\0\0\x08\0\0\0\0\0\0\0\0\0",
        b"\0\0\xa4\x81\0\0\0\0mimetype",
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x36\0\0\0\x28\0\0\0\0\0",
    ];
    assert_eq!(file, expected.concat());
    assert_eq!(write(&[]).unwrap(), [b"PK\x05\x06".as_slice(), &[0; 18]].concat());
}

#[test]
fn stored_bytes_are_a_slice_of_the_file() {
    let file = write(&[stored("a", b"alpha"), deflated("b/c", &packed(b"beta"))]).unwrap();
    let archive = read(&file).unwrap();
    let names: Vec<_> = archive.entries().iter().map(|e| (e.name(), e.method(), e.length())).collect();
    assert_eq!(names, [("a", Method::Stored, 5), ("b/c", Method::Deflated, 4)]);
    let bytes = archive.get("a").unwrap().bytes(5).unwrap();
    assert!(matches!(bytes, std::borrow::Cow::Borrowed(_)));
    assert!(file.as_ptr_range().contains(&bytes.as_ptr()));
    assert_eq!(archive.get("b/c").unwrap().bytes(4).unwrap().as_ref(), b"beta");
    assert!(archive.get("b").is_none());
}

#[test]
fn names_that_mislead_are_neither_written_nor_read() {
    let longest = "x".repeat(LONGEST_NAME);
    for good in ["a", "mimetype", "seal.jws.json", "attachments/1-2_3.png", ".hidden", "a..b", longest.as_str()] {
        assert!(read_all(&write(&[stored(good, b"")]).unwrap()).is_ok(), "{good}");
    }
    for (bad, fault) in [
        ("../a", NameFault::Dots),
        ("a/../b", NameFault::Dots),
        ("a/..", NameFault::Dots),
        ("./a", NameFault::Dots),
        ("..", NameFault::Dots),
        ("/etc/passwd", NameFault::Absolute),
        ("a//b", NameFault::EmptyPart),
        ("a/", NameFault::EmptyPart),
        ("a\\b", NameFault::Backslash),
        ("..\\a", NameFault::Backslash),
        ("A", NameFault::Character),
        ("c:a", NameFault::Character),
        ("a b", NameFault::Character),
        ("a\0", NameFault::Character),
        ("é", NameFault::Character),
        ("", NameFault::Length(0)),
    ] {
        let refused = ZipError::Name { number: 2, fault };
        assert_eq!(write(&[stored("a", b""), stored(bad, b"")]).unwrap_err(), refused, "{bad}");
        if !bad.is_empty() {
            let good = "x".repeat(bad.len());
            let mut file = write(&[stored("0", b""), stored(&good, b"")]).unwrap();
            file[31 + 30..][..bad.len()].copy_from_slice(bad.as_bytes());
            assert_eq!(read(&file).unwrap_err(), refused, "{bad}");
        }
    }
    let too_long = "x".repeat(LONGEST_NAME + 1);
    let refused = ZipError::Name { number: 1, fault: NameFault::Length(129) };
    assert_eq!(write(&[stored(&too_long, b"")]).unwrap_err(), refused);
    let invalid = patched(&write(&[stored("aa", b"")]).unwrap(), 30, b"\xff\xfe");
    assert_eq!(read(&invalid).unwrap_err(), ZipError::Name { number: 1, fault: NameFault::Character });
}

#[test]
fn a_name_stands_once() {
    let twice = ZipError::Duplicate { place: member("ab") };
    assert_eq!(write(&[stored("ab", b"1"), stored("ab", b"2")]).unwrap_err(), twice);
    let mut file = write(&[stored("ab", b"1"), stored("ac", b"2")]).unwrap();
    for at in 0..file.len() - 1 {
        if &file[at..at + 2] == b"ac" {
            file[at + 1] = b'b';
        }
    }
    assert_eq!(read(&file).unwrap_err(), twice);
}

#[test]
fn each_flaw_of_a_header_has_its_own_answer() {
    let file = write(&[deflated("a.b", &packed(&[7; 100])), stored("c", b"seven")]).unwrap();
    let at_directory = u32::from_le_bytes(file[file.len() - 6..file.len() - 2].try_into().unwrap());
    let directory = at_directory as usize;
    let (second, end) = (directory - 36, file.len() - 22);
    let other = |place, field, expected, found| ZipError::Field { place, field, expected, found };
    let (a, c, of_a) = (|| member("a.b"), || member("c"), || record("a.b"));
    let zip64 = |place, field| ZipError::Zip64 { place, field };
    for (flaw, at, bytes, error) in [
        ("a newer version needed", 4, &[21][..], other(a(), Field::Needed, 20, 21)),
        ("the version of ZIP64", 4, &[45], zip64(a(), Field::Needed)),
        ("encryption", 6, &[1], ZipError::Encrypted { place: a(), found: 1 }),
        ("strong encryption", 6, &[0x40], ZipError::Encrypted { place: a(), found: 0x40 }),
        ("a data descriptor", 6, &[8], ZipError::Descriptor { place: a(), found: 8 }),
        ("a deflate option", 6, &[2], other(a(), Field::Flags, 0, 2)),
        ("the flag of UTF-8", 7, &[8], other(a(), Field::Flags, 0, 0x800)),
        ("bzip2", 8, &[12], ZipError::Method { place: a(), found: 12 }),
        ("deflate passed off as stored", 8, &[0], other(a(), Field::Needed, 10, 20)),
        ("a time", 10, &[1], other(a(), Field::Time, 0, 1)),
        ("a date", 12, &[0x22], other(a(), Field::Date, 0x21, 0x22)),
        ("a body length of ZIP64", 18, &[255; 4], zip64(a(), Field::BodyLength)),
        ("a length of ZIP64", 22, &[255; 4], zip64(a(), Field::Length)),
        ("an extra field", 28, &[4], ZipError::Extra { place: a(), found: 4 }),
        ("a stored member of two lengths", second + 22, &[6], other(c(), Field::Length, 5, 6)),
        ("no second member", second, &[0], other(of_a(), Field::Signature, 0x0201_4b50, 0x0403_4b00)),
        ("the directory begins otherwise", directory, &[0], other(of_a(), Field::Signature, 0x0201_4b50, 0x0201_4b00)),
        ("another system", directory + 5, &[0], other(of_a(), Field::MadeBy, 0x0314, 0x0014)),
        ("a newer version there", directory + 6, &[21], other(of_a(), Field::Needed, 20, 21)),
        ("encryption there", directory + 8, &[1], ZipError::Encrypted { place: of_a(), found: 1 }),
        ("a descriptor there", directory + 8, &[8], ZipError::Descriptor { place: of_a(), found: 8 }),
        ("another method there", directory + 10, &[0], other(of_a(), Field::Method, 8, 0)),
        ("a time there", directory + 12, &[1], other(of_a(), Field::Time, 0, 1)),
        ("a date there", directory + 14, &[0x22], other(of_a(), Field::Date, 0x21, 0x22)),
        ("a length there", directory + 24, &[99], other(of_a(), Field::Length, 100, 99)),
        ("a length of ZIP64 there", directory + 24, &[255; 4], zip64(of_a(), Field::Length)),
        ("an extra field there", directory + 30, &[1], ZipError::Extra { place: of_a(), found: 1 }),
        ("a comment of a member", directory + 32, &[1], ZipError::Comment { place: of_a(), found: 1 }),
        ("a second disk", directory + 34, &[1], other(of_a(), Field::Disk, 0, 1)),
        ("a text mark", directory + 36, &[1], other(of_a(), Field::InternalAttributes, 0, 1)),
        ("an executable", directory + 40, &[0xed], other(of_a(), Field::ExternalAttributes, 0x81a4_0000, 0x81ed_0000)),
        (
            "a symbolic link",
            directory + 41,
            &[0xa1],
            other(of_a(), Field::ExternalAttributes, 0x81a4_0000, 0xa1a4_0000),
        ),
        ("another offset", directory + 42, &[1], other(of_a(), Field::Offset, 0, 1)),
        ("an offset of ZIP64", directory + 42, &[255; 4], zip64(of_a(), Field::Offset)),
        ("another name", directory + 46, b"x", ZipError::OtherName { place: of_a() }),
        ("the end record of ZIP64", end + 2, &[6, 6], zip64(Place::End, Field::Signature)),
        ("disks", end + 4, &[1], other(Place::End, Field::Disk, 0, 1)),
        ("a disk of ZIP64", end + 4, &[255; 2], zip64(Place::End, Field::Disk)),
        ("fewer members", end + 8, &[1], other(Place::End, Field::Members, 2, 1)),
        ("more members", end + 10, &[3], other(Place::End, Field::Members, 2, 3)),
        ("members of ZIP64", end + 10, &[255; 2], zip64(Place::End, Field::Members)),
        ("a shorter directory", end + 12, &[95], other(Place::End, Field::DirectoryLength, 96, 95)),
        ("a directory elsewhere", end + 16, &[0], other(Place::End, Field::DirectoryOffset, at_directory, 0)),
        ("a comment of the file", end + 20, &[1], ZipError::Comment { place: Place::End, found: 1 }),
    ] {
        assert_eq!(read(&patched(&file, at, bytes)).unwrap_err(), error, "{flaw}");
    }
    let length = file.len();
    let trailing = ZipError::Trailing { expected: length, found: length + 1 };
    assert_eq!(read(&[file.as_slice(), b"\n"].concat()).unwrap_err(), trailing);
    assert!(read(&[b"\n", file.as_slice()].concat()).is_err(), "something before");
    assert_eq!(read(b"").unwrap_err(), ZipError::Truncated { place: Place::End });
}

#[test]
fn a_body_is_no_larger_than_the_caller_allows() {
    let file = write(&[stored("s", &[1; 100]), deflated("d", &packed(&[1; 100]))]).unwrap();
    for entry in read(&file).unwrap().entries() {
        assert_eq!(entry.bytes(100).unwrap().as_ref(), [1; 100]);
        let refused = ZipError::TooLarge { place: member(entry.name()), most: 99, found: 100 };
        assert_eq!(entry.bytes(99).unwrap_err(), refused);
    }
}

#[test]
fn a_bomb_stops_at_its_declared_length() {
    let zeros = vec![0; 64 << 20];
    let bomb = body_of(&zeros);
    assert!(bomb.len() < zeros.len() / 1000, "it is one");

    let file = forged(10, crc32(&zeros[..10]), &bomb);
    let refused = ZipError::NoEnd { place: member("a.b"), declared: 10 };
    assert_eq!(read(&file).unwrap().entries()[0].bytes(10).unwrap_err(), refused);
    let mut room = [0; 10];
    let inflated = inflate_into(&bomb, &mut room).unwrap();
    assert_eq!((inflated.written, inflated.ended), (10, false));

    let honest = forged(64 << 20, crc32(&zeros), &bomb);
    let refused = ZipError::TooLarge { place: member("a.b"), most: 1 << 20, found: 64 << 20 };
    assert_eq!(read(&honest).unwrap().entries()[0].bytes(1 << 20).unwrap_err(), refused);
}

#[test]
fn each_flaw_of_a_body_has_its_own_answer() {
    let (text, place) = (b"a text that deflates, a text that deflates", || member("a.b"));
    let (body, crc) = (body_of(text), crc32(text));
    let of = |length, crc, body: &[u8]| read_all(&forged(length, crc, body)).map(|all| all[0].2.clone());
    assert_eq!(of(42, crc, &body).unwrap(), text);
    for (flaw, found, error) in [
        ("another CRC", of(42, crc ^ 1, &body), ZipError::Crc { place: place() }),
        ("a longer stream", of(41, crc, &body), ZipError::NoEnd { place: place(), declared: 41 }),
        ("a shorter stream", of(43, crc, &body), ZipError::Short { place: place(), declared: 43, found: 42 }),
        (
            "bytes behind the stream",
            of(42, crc, &[&body[..], b"xy"].concat()),
            ZipError::Slack { place: place(), found: 2 },
        ),
        ("a cut stream", of(42, crc, &body[..body.len() - 1]), ZipError::NoEnd { place: place(), declared: 42 }),
        ("no stream", of(42, crc, &[0xff; 20]), ZipError::NoDeflate { place: place() }),
        ("no body", of(42, crc, &[]), ZipError::NoEnd { place: place(), declared: 42 }),
        ("nothing declared", of(0, 0, &body), ZipError::NoEnd { place: place(), declared: 0 }),
    ] {
        assert_eq!(found, Err(error), "{flaw}");
    }
    let file = patched(&write(&[stored("a.b", b"five5")]).unwrap(), 33, b"F");
    assert_eq!(read_all(&file).unwrap_err(), ZipError::Crc { place: place() });
}

#[test]
fn an_empty_member_deflates_and_inflates() {
    let file = write(&[deflated("a", &packed(b"")), stored("b", b"")]).unwrap();
    assert!(read_all(&file).unwrap().iter().all(|(.., bytes)| bytes.is_empty()));
}

#[test]
fn every_flipped_bit_every_cut_and_every_added_byte_is_refused() {
    let file = write(&[stored("mimetype", b"application/x"), stored("a/b.json", b"{}"), stored("c", b"")]).unwrap();
    assert!(read_all(&file).is_ok());
    for at in 0..file.len() {
        assert!(read_all(&file[..at]).is_err(), "cut at {at}");
        let (before, after) = file.split_at(at);
        assert!(read_all(&[before, b"P", after].concat()).is_err(), "a byte more at {at}");
        for bit in 0..8 {
            assert!(read_all(&patched(&file, at, &[file[at] ^ 1 << bit])).is_err(), "bit {bit} of byte {at}");
        }
    }
}

/// Inside a deflated body some bits are free: those behind the last code, or a distance that copies the same bytes.
#[test]
fn a_flipped_bit_of_a_deflated_file_is_refused_or_changes_no_member() {
    let lines: String = (0..40).map(|n| format!("{{\"seq\":{n},\"t\":{}}}\n", n * 7919)).collect();
    let file =
        write(&[deflated("journal.jsonl", &packed(lines.as_bytes())), deflated("m", &packed(b"aaaaaaaaaaaaaaaa"))])
            .unwrap();
    let whole = read_all(&file).unwrap();
    for at in 0..file.len() {
        assert!(read_all(&file[..at]).is_err(), "cut at {at}");
        for bit in 0..8 {
            if let Ok(read) = read_all(&patched(&file, at, &[file[at] ^ 1 << bit])) {
                assert_eq!(read, whole, "bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn members_swapped_left_out_or_added_in_one_place_only_are_refused() {
    let file = write(&[stored("a", b"1"), stored("b", b"2")]).unwrap();
    let (one, two, rest) = (&file[..32], &file[32..64], &file[64..]);
    let (of_one, of_two, end) = (&rest[..47], &rest[47..94], &rest[94..]);
    let stranger = &write(&[stored("c", b"3")]).unwrap()[..32];
    for (flaw, parts) in [
        ("members swapped", vec![two, one, of_one, of_two, end]),
        ("records swapped", vec![one, two, of_two, of_one, end]),
        ("a member left out", vec![one, of_one, of_two, end]),
        ("a record left out", vec![one, two, of_one, end]),
        ("a hidden member", vec![one, two, stranger, of_one, of_two, end]),
        ("a member twice", vec![one, one, two, of_one, of_two, end]),
        ("the end twice", vec![one, two, of_one, of_two, end, end]),
        ("a whole file behind", vec![&file, &file]),
    ] {
        assert!(read(&parts.concat()).is_err(), "{flaw}");
    }
}

#[test]
fn the_number_of_members_is_bounded() {
    let names: Vec<String> = (0..=MOST_MEMBERS).map(|n| n.to_string()).collect();
    let members: Vec<Member<'_>> = names.iter().map(|name| stored(name, b"")).collect();
    let refused = ZipError::Zip64 { place: Place::End, field: Field::Members };
    assert_eq!(write(&members).unwrap_err(), refused);
    let file = write(&members[..MOST_MEMBERS]).unwrap();
    assert_eq!(read(&file).unwrap().entries().len(), MOST_MEMBERS);
    let one_more = [&write(&members[MOST_MEMBERS..]).unwrap()[..35], &file].concat();
    assert_eq!(read(&one_more).unwrap_err(), refused);
}

#[test]
fn an_error_names_member_and_field() {
    let file = write(&[stored("mimetype", b"hi")]).unwrap();
    let said = |at, bytes| read(&patched(&file, at, bytes)).unwrap_err().to_string();
    assert_eq!(said(12, &[0x22]), "mimetype: expected date 0x21, found 0x22");
    assert_eq!(said(40 + 30, &[9]), "directory record of mimetype: expected no extra field, found 9 bytes");
    assert_eq!(said(30, b".."), "directory record of ..metype: expected the same name, found another one");
    assert_eq!(said(30, b"M"), "member 1: expected a plain name, found a character outside a-z 0-9 . _ / -");
}

fn members() -> impl Strategy<Value = Vec<(String, Vec<u8>, bool)>> {
    let bytes = prop_oneof![any::<Vec<u8>>(), proptest::collection::vec(0u8..3, 0..2000)];
    proptest::collection::btree_map("[a-z0-9_]{1,4}(/[a-z0-9_-]{1,8}[.]json)?", (bytes, any::<bool>()), 0..6)
        .prop_map(|map| map.into_iter().map(|(name, (bytes, packed))| (name, bytes, packed)).collect())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_written_alike(members in members()) {
        let method = |deflate: bool| if deflate { Method::Deflated } else { Method::Stored };
        let bodies: Vec<Packed> = members.iter().map(|(_, bytes, _)| packed(bytes)).collect();
        let given: Vec<Member<'_>> = members
            .iter()
            .zip(&bodies)
            .map(|((name, bytes, deflate), body)| if *deflate { deflated(name, body) } else { stored(name, bytes) })
            .collect();
        let file = write(&given).unwrap();
        prop_assert_eq!(&write(&given).unwrap(), &file);
        let expected: Vec<_> =
            members.iter().map(|(name, bytes, deflate)| (name.clone(), method(*deflate), bytes.clone())).collect();
        prop_assert_eq!(read_all(&file).unwrap(), expected);
    }

    /// Lines of any length, across the pieces in which they are deflated.
    #[test]
    fn a_body_does_not_depend_on_the_pieces_its_bytes_came_in(
        lines in proptest::collection::vec((any::<u8>(), 0usize..9000), 0..60),
    ) {
        let lines: Vec<Vec<u8>> =
            lines.iter().map(|(salt, length)| (0..*length).map(|n| (n % 97) as u8 ^ salt).collect()).collect();
        let mut packing = Packing::default();
        lines.iter().for_each(|line| packing.push(line));
        let (grown, whole) = (packing.finish(), packed(&lines.concat()));
        prop_assert_eq!(grown.bytes(), whole.bytes());
        prop_assert_eq!(&grown, &whole);
        prop_assert_eq!(&read_all(&write(&[deflated("a", &grown)]).unwrap()).unwrap()[0].2, &lines.concat());
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes: Vec<u8>, with_head: bool) {
        let bytes = if with_head { [b"PK\x03\x04\x14\0\0\0\x08\0\0\0\x21\0", &bytes[..]].concat() } else { bytes };
        prop_assert!(read_all(&bytes).is_err());
    }

    /// Without deflate a file follows from its members: this is why no bit of the outer file is free.
    #[test]
    fn a_stored_file_is_the_only_one_of_its_members(members in members(), at: prop::sample::Index, byte: u8) {
        let given: Vec<Member<'_>> = members.iter().map(|(name, bytes, _)| stored(name, bytes)).collect();
        let file = write(&given).unwrap();
        let changed = patched(&file, at.index(file.len()), &[byte]);
        prop_assert_eq!(read_all(&changed).is_ok(), changed == file);
    }
}
