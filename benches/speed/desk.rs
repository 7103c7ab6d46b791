//! A running desk to be timed: a demo's ground with so many candidates, check-in open, a proctor on duty.

use kaodian::config::Config;
use kaodian::demo::crew;
use kaodian::demo::ground::{Ground, lay};
use kaodian::demo::roster::{DAY, DemoCandidate};
use kaodian::desk::Command;
use kaodian::domain::event::SignInReason;
use kaodian::domain::time::Instant as Moment;
use kaodian::reader::frame::{Decoder, Event};
use kaodian::reader::record::{Record, parts};
use kaodian::reader::sam::{Reply, encode_reply};
use kaodian::reader::simulate::Card;
use kaodian::runtime::clock::{Pace, VirtualClock};
use kaodian::runtime::data_dir::Lock;
use kaodian::runtime::msg::Msg;
use kaodian::runtime::running::{Notice, RunningDesk, Sink};
use kaodian::trust::passphrase::Passphrase;
use kaodian::trust::pin::Pin;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

/// A card comes again after all others; the clock then stands beyond any debounce time.
const APART_MS: i64 = 110;

/// The desk with its inbox, and every candidate's card as the reader sends it.
pub struct BusyDesk {
    pub desk: RunningDesk,
    pub data: PathBuf,
    inbox: Receiver<Msg>,
    clock: Arc<VirtualClock>,
    frames: Vec<Vec<u8>>,
    next: usize,
    _lock: Option<Lock>,
}

impl BusyDesk {
    /// Lays the ground in `dir` and unlocks the desk.
    pub fn open(dir: &Path, candidates: u32) -> Self {
        let config = Config::default();
        let opens = Moment::at(DAY, jiff_time(8, 30));
        let clock = Arc::new(VirtualClock::new(opens, Pace::Standing));
        let Ground { mut site, candidates } = lay(dir, &config, candidates, 1, Arc::clone(&clock) as _).unwrap();
        let no = site.store().session_ids().unwrap().into_keys().next().unwrap();
        site.run(Command::Open(no), crew::chief(), None).unwrap();
        let (sender, inbox) = channel();
        let sink: Sink = Arc::new(move |msg| drop(sender.send(msg)));
        let (desk, lock) = site.into_running(sink).unwrap();
        let frames = candidates.iter().filter(|c| c.session == no.get()).map(frame).collect();
        let mut busy = Self { desk, data: dir.join("data"), inbox, clock, frames, next: 0, _lock: lock };
        let pin = crew::CREW.iter().find(|m| m.op == crew::proctor().as_str()).unwrap().pin;
        // The passphrase opens the session's key: without it everybody would be a stranger.
        let passphrase = Passphrase::parse(crew::SITE_PASSPHRASE).unwrap();
        busy.desk.check_to_open((crew::proctor(), Pin::parse(pin).unwrap()), Some(passphrase));
        busy.until(|notice| matches!(notice, Notice::Checked(_, Ok(_))));
        let told = busy.desk.sign_in(crew::proctor(), SignInReason::Start);
        assert!(told.is_empty(), "a sign-in waits for its line");
        busy.until(|notice| matches!(notice, Notice::Answer(_)));
        busy
    }

    fn until(&mut self, wanted: impl Fn(&Notice) -> bool) {
        loop {
            let msg = self.inbox.recv().unwrap();
            if self.desk.on(msg).iter().any(&wanted) {
                return;
            }
        }
    }

    /// From the last byte of a card's frame to its durable verdict, one tap in flight.
    pub fn tap(&mut self) {
        self.clock.advance_by(APART_MS);
        let bytes = &self.frames[self.next % self.frames.len()];
        self.next += 1;
        let events = Decoder::for_replies().feed(bytes);
        let frame = events.into_iter().find_map(Event::frame).unwrap();
        let reply = Reply::of(&frame).unwrap();
        let record = Record::decode(parts(reply.data, false).unwrap().text).unwrap();
        let told = self.desk.tap(record.presented());
        assert!(told.is_empty(), "a repeat would not be durable work");
        self.until(|notice| matches!(notice, Notice::Verdict(_)));
    }
}

fn jiff_time(hour: i8, minute: i8) -> jiff::civil::Time {
    jiff::civil::Time::constant(hour, minute, 0, 0)
}

fn frame(candidate: &DemoCandidate) -> Vec<u8> {
    encode_reply([0, 0], 0x90, &Card::resident(&candidate.card).unwrap().data(false))
}
