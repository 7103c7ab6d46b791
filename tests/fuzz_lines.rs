//! Fuzzing of the line devices' decoders: any bytes, in any chunks, with any silences, for any device.
//!
//! Deterministic: round `n` is the same bytes on every machine, and a failure names its round. About 5 s of them, or
//! `KAODIAN_LONG_SECONDS` seconds.

#![allow(clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use kaodian::reader::lines::{
    Decoder, Device, Encoding, Format, Heard, MAX_LINE, PlainNumber, RfidSettings, ScannerSettings, Terminator, UidForm,
};
use std::time::{Duration, Instant};

/// SplitMix64: small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % limit as u64).unwrap_or(0)
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// What real devices send, for mutation.
const CORPUS: [&[u8]; 9] = [
    b"KD1:2600100001\r\n",
    b"]Q1TEST0000007\r",
    b"\x02TEST0000006\x03",
    b"\xd7\xbc\xbf\xbc\xd6\xa4|TEST0008\r\n",
    b"010000000000000017\x1d10LOT1\r",
    b"\x020600BC614E95\x03",
    b"\x02\x0a\x02\x06\x00\xbc\x61\x4e\x9d\x03",
    b"\x02\x00\x06\x00\x00\xde\xad\xbe\xef\x22\x03",
    b"0012345678\r\n",
];

fn device(dice: &mut Dice) -> Device {
    use Terminator::{Any, Cr, CrLf, Etx, Lf, None, Tab};
    if dice.below(2) == 0 {
        return Device::Scanner(ScannerSettings {
            terminator: dice.pick(&[Any, Cr, Lf, CrLf, Tab, Etx, None]),
            encoding: dice.pick(&[Encoding::Auto, Encoding::Utf8, Encoding::Gb18030]),
            aim: dice.below(2) == 0,
            repeat: Duration::from_millis(dice.pick(&[0, 1000])),
        });
    }
    let plain = [PlainNumber::Dec10, PlainNumber::Hex, PlainNumber::Wiegand26].map(Format::Plain);
    let formats = [&[Format::Em4100Ascii, Format::StxBinary, Format::StxLength][..], &plain].concat();
    let forms = [UidForm::AsRead, UidForm::Reversed, UidForm::Low24, UidForm::Wiegand26, UidForm::Dec10];
    Device::Rfid(RfidSettings { format: dice.pick(&formats), form: dice.pick(&forms) })
}

/// Garbage, a device's line, or one with a few bytes changed, lost or inserted.
fn chunk(dice: &mut Dice) -> Vec<u8> {
    let byte = |dice: &mut Dice| u8::try_from(dice.below(256)).unwrap_or(0);
    if dice.below(4) == 0 {
        let most = dice.pick(&[8, 64, 512, MAX_LINE + 600]);
        return (0..dice.below(most)).map(|_| byte(dice)).collect();
    }
    let mut line = dice.pick(&CORPUS).to_vec();
    for _ in 0..dice.below(4) {
        let at = dice.below(line.len().max(1));
        match dice.below(3) {
            0 if at < line.len() => drop(line.remove(at)),
            1 => line.insert(at, byte(dice)),
            _ => line.truncate(at.max(1)),
        }
    }
    line
}

fn round(seed: u64) {
    let mut dice = Dice(seed);
    let device = device(&mut dice);
    let baud = dice.pick(&[9600, 19_200, 115_200]);
    let mut decoder = Decoder::new(&device, baud);
    let (mut now, mut sent, mut told) = (Duration::ZERO, 0u64, 0u64);
    for _ in 0..dice.below(40) {
        now += Duration::from_millis(dice.pick(&[0, 1, 19, 50, 300, 1000]));
        let heard = if dice.below(5) == 0 {
            decoder.pass(now)
        } else {
            let bytes = chunk(&mut dice);
            sent += bytes.len() as u64;
            decoder.feed(&bytes, now)
        };
        told += heard.iter().map(|one| weigh(seed, one)).sum::<u64>() + decoder.take_noise();
        assert!(decoder.held() <= MAX_LINE as u64, "round {seed}: {} bytes held", decoder.held());
        assert!(told + decoder.held() <= sent, "round {seed}: more was told than sent");
    }
    let _ = decoder.pass(now + Duration::from_secs(2));
    assert_eq!((decoder.held(), decoder.due()), (0, None), "round {seed}: something waits for ever");
}

/// The least number of bytes that an event stands for.
fn weigh(seed: u64, heard: &Heard) -> u64 {
    match heard {
        Heard::Scan(scan) => {
            assert!(!scan.raw.is_empty() && scan.raw.len() <= MAX_LINE, "round {seed}");
            assert!(
                !scan.text.contains('\u{fffd}') || scan.raw.contains(&0xef) || scan.raw.contains(&0x84),
                "round {seed}"
            );
            scan.raw.len() as u64
        }
        Heard::Tag(tag) => {
            assert!(matches!(tag.uid.bytes().len(), 3..=10), "round {seed}");
            assert!(!(tag.random && tag.compared.is_some()), "round {seed}");
            tag.uid.bytes().len() as u64
        }
        Heard::Overlong(bytes) => {
            assert!(*bytes > MAX_LINE as u64, "round {seed}");
            *bytes
        }
        Heard::Undecodable(bytes) => *bytes,
    }
}

#[test]
fn any_bytes_end_in_an_event_or_in_counted_noise() {
    let long = std::env::var("KAODIAN_LONG_SECONDS").ok().and_then(|text| text.parse().ok());
    let limit = Duration::from_secs(long.unwrap_or(5));
    let (start, mut seed) = (Instant::now(), 0);
    while start.elapsed() < limit && (long.is_some() || seed < 20_000) {
        round(seed);
        seed += 1;
    }
    assert!(seed > 100, "only {seed} rounds");
    println!("{seed} rounds");
}
