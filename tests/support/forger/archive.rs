//! Archives of any form: names, methods, sizes and order as the forger wants them. Everything that he does not change is
//! written as the format asks for, so that exactly one thing is wrong.

use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};
use std::io::Write as _;

/// A member as its headers describe it.
#[derive(Clone)]
pub struct Raw {
    pub name: String,
    pub body: Vec<u8>,
    pub deflated: bool,
    pub crc: u32,
    /// The length that the headers declare.
    pub length: u32,
    pub extra: Vec<u8>,
}

impl Raw {
    pub fn stored(name: &str, bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).unwrap();
        Self {
            name: name.to_owned(),
            body: bytes.to_vec(),
            deflated: false,
            crc: crc(bytes),
            length,
            extra: Vec::new(),
        }
    }

    pub fn deflated(name: &str, bytes: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        Self { body: encoder.finish().unwrap(), deflated: true, ..Self::stored(name, bytes) }
    }

    /// A member of 1 GiB of zeros in about a megabyte.
    pub fn bomb(name: &str) -> Self {
        const CHUNK: usize = 1 << 20;
        const CHUNKS: usize = 1 << 10;
        let zeros = vec![0; CHUNK];
        // After a full flush the stream knows nothing of what came before: the same piece can be repeated.
        let mut piece = Vec::with_capacity(CHUNK);
        Compress::new(Compression::default(), false).compress_vec(&zeros, &mut piece, FlushCompress::Full).unwrap();
        let mut end = Vec::with_capacity(64);
        Compress::new(Compression::default(), false).compress_vec(&[], &mut end, FlushCompress::Finish).unwrap();
        let (mut sum, mut one) = (Crc::new(), Crc::new());
        one.update(&zeros);
        (0..CHUNKS).for_each(|_| sum.combine(&one));
        let body = [piece.repeat(CHUNKS), end].concat();
        let length = u32::try_from(CHUNK * CHUNKS).unwrap();
        Self { body, deflated: true, crc: sum.sum(), length, ..Self::stored(name, b"") }
    }
}

/// CRC-32 as ZIP has it.
pub fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Writes the members, whatever they are.
pub fn write(members: &[Raw]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let offset = u32::try_from(file.len()).unwrap();
        let (needed, method): (u16, u16) = if member.deflated { (20, 8) } else { (10, 0) };
        let mut common = Vec::new();
        [needed, 0, method, 0, 0x0021].iter().for_each(|half| common.extend(half.to_le_bytes()));
        common.extend(member.crc.to_le_bytes());
        common.extend(u32::try_from(member.body.len()).unwrap().to_le_bytes());
        common.extend(member.length.to_le_bytes());
        common.extend(u16::try_from(member.name.len()).unwrap().to_le_bytes());
        common.extend(u16::try_from(member.extra.len()).unwrap().to_le_bytes());
        file.extend([b"PK\x03\x04", &common[..], member.name.as_bytes(), &member.extra, &member.body].concat());
        directory.extend([b"PK\x01\x02", &0x0314u16.to_le_bytes()[..], &common].concat());
        directory.extend([0; 6]);
        directory.extend(0x81A4_0000u32.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend([member.name.as_bytes(), &member.extra].concat());
    }
    let (count, offset) = (u16::try_from(members.len()).unwrap(), u32::try_from(file.len()).unwrap());
    let length = u32::try_from(directory.len()).unwrap();
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    file.extend([length.to_le_bytes(), offset.to_le_bytes()].concat());
    file.extend([0, 0]);
    file
}
