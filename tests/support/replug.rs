//! A reader's port whose events wait in a channel, and cards to lay on the reader behind it.

use kaodian::reader::port::{PortConfig, PortHandle, ReaderEvent, spawn};
use kaodian::reader::record::ResidentCard;
use kaodian::reader::simulate::Card;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Far longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// One person's card; another number is another person's.
pub fn card(who: u32) -> Card {
    let name = format!("测试{who}");
    let fields = ResidentCard { name, number: "110199199003070017".into(), ..ResidentCard::default() };
    Card::resident(&fields).unwrap()
}

pub struct Port {
    events: Receiver<ReaderEvent>,
    _handle: PortHandle,
}

impl Port {
    pub fn open(config: PortConfig) -> Self {
        let (sender, events) = channel();
        let handle = spawn(config, move |event| {
            // The test may have seen enough.
            let _ = sender.send(event);
        });
        Self { events, _handle: handle.unwrap() }
    }

    /// The next event that is no noise.
    pub fn next(&self) -> ReaderEvent {
        loop {
            match self.events.recv_timeout(PATIENCE).unwrap() {
                ReaderEvent::Noise(_) => {}
                event => return event,
            }
        }
    }

    pub fn is_up(&self) -> bool {
        matches!(self.next(), ReaderEvent::Up { simulated: true, .. })
    }
}
