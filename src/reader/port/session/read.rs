//! From a card that was found to its record: select and read, again where a sequence broke.

use super::Session;
use crate::reader::port::LatestAddress;
use crate::reader::port::line::Line;
use crate::reader::port::talk::{Answer, End};
use crate::reader::record::{Record, parts};
use crate::reader::sam::{Command, Remedy, Reply};

/// Refused selects in a row after which the card is called unknown: another kind, or more than one.
const SELECTS: u8 = 3;

/// Reads that may break before a card counts as unreadable.
const READS: u8 = 2;

/// Sequences that may be begun for these reads: a late reply can spoil one before its read.
const ATTEMPTS: u8 = 3;

/// What became of a card that was found.
pub(super) enum Outcome {
    /// It was read.
    Read(Box<Record>),
    /// It was selected, and the read ended without a record.
    Unreadable(Option<u8>),
    /// The module does not know its kind.
    Unknown,
    /// It was not even selected.
    NotSelected,
}

impl<L: Line> Session<'_, L> {
    /// Selects and reads the card that was found last.
    pub(super) fn read_card(&mut self) -> Result<Outcome, End> {
        let mut status = None;
        let mut reads = 0;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 && !self.find_again()? {
                break;
            }
            match self.talk.exchange(Command::Select)? {
                Answer::Done(_) => self.refused_selects = 0,
                Answer::Refused(Remedy::WrongCard, _) => return Ok(Outcome::Unknown),
                Answer::Refused(..) if reads == 0 => {
                    self.refused_selects += 1;
                    return Ok(if self.refused_selects >= SELECTS { Outcome::Unknown } else { Outcome::NotSelected });
                }
                Answer::Foreign | Answer::Nothing if reads == 0 => return Ok(Outcome::NotSelected),
                Answer::Refused(..) => break,
                Answer::Foreign | Answer::Nothing => continue,
            }
            reads += 1;
            let (answer, with_fingerprints) = self.read()?;
            match answer {
                Answer::Done(frame) => {
                    let reply = Reply::of(&frame);
                    let parts = reply.and_then(|reply| parts(reply.data, with_fingerprints));
                    let record = parts.and_then(|parts| Record::of(&parts));
                    return Ok(record.map_or(Outcome::Unreadable(None), |record| Outcome::Read(Box::new(record))));
                }
                Answer::Refused(Remedy::WrongCard, _) => return Ok(Outcome::Unknown),
                Answer::Refused(Remedy::LiftCard, sw3) => return Ok(Outcome::Unreadable(Some(sw3))),
                Answer::Refused(_, sw3) => status = Some(sw3),
                Answer::Foreign | Answer::Nothing => status = None,
            }
            if reads == READS {
                break;
            }
        }
        Ok(Outcome::Unreadable(status))
    }

    /// Reads with fingerprints where that is asked for and works, otherwise without; says which it was.
    fn read(&mut self) -> Result<(Answer, bool), End> {
        if self.talk.config.fingerprints && self.knows_fingerprints {
            match self.talk.exchange(Command::ReadWithFingerprint)? {
                Answer::Refused(Remedy::Unsupported, _) => {
                    tracing::info!("reader does not know 30 10: cards are read without fingerprints");
                    self.knows_fingerprints = false;
                }
                Answer::Refused(Remedy::WithoutFingerprint, _) => {}
                answer => return Ok((answer, true)),
            }
        }
        Ok((self.talk.exchange(Command::Read)?, false))
    }

    /// Restarts the sequence after a read that broke; its answer may still be on the way.
    fn find_again(&mut self) -> Result<bool, End> {
        let mut answer = self.talk.exchange(Command::Find)?;
        if matches!(answer, Answer::Foreign) {
            answer = self.talk.exchange(Command::Find)?;
        }
        Ok(matches!(answer, Answer::Done(_)))
    }
}

/// The text of an answer to `30 03`: 35 UTF-16LE units, padded on the right.
pub(super) fn latest_address(data: &[u8]) -> LatestAddress {
    let units = data.chunks_exact(2).map(|pair| pair.iter().rev().fold(0, |unit, byte| (unit << 8) | u16::from(*byte)));
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    LatestAddress(text.trim_end_matches([' ', '\0', '\u{3000}']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latest_address_is_cut_at_its_padding_and_hidden_in_logs() {
        let mut data: Vec<u8> = "测试省 新址𠮷1号".encode_utf16().flat_map(u16::to_le_bytes).collect();
        data.extend([0x20, 0x00].repeat((70 - data.len()) / 2));
        let address = latest_address(&data);
        assert_eq!(address, LatestAddress("测试省 新址𠮷1号".to_owned()));
        assert!(!format!("{address:?}").contains("测试"));
        assert_eq!(latest_address(&[0x00, 0xD8, 0x31, 0x00]), LatestAddress("\u{FFFD}1".to_owned()));
    }
}
