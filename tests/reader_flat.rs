//! A reader that is pulled and put back again and again leaves nothing behind. Alone in its file: it counts what the
//! whole process has open.
//!
//! `KAODIAN_REPLUG_ROUNDS` rounds (default 20).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use kaodian::reader::port::{PortConfig, PortFault, PortHandle, ReaderEvent, spawn};
use kaodian::reader::record::ResidentCard;
use kaodian::reader::simulate::{Card, Settings, SimulatedReader};
use std::fs;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Far longer than anything here takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn card() -> Card {
    let fields =
        ResidentCard { name: "测试一".into(), number: "110199199003070017".into(), ..ResidentCard::default() };
    Card::resident(&fields).unwrap()
}

struct Port {
    events: Receiver<ReaderEvent>,
    _handle: PortHandle,
}

impl Port {
    fn open(config: PortConfig) -> Self {
        let (sender, events) = channel();
        let handle = spawn(config, move |event| {
            // The test may have seen enough.
            let _ = sender.send(event);
        });
        Self { events, _handle: handle.unwrap() }
    }

    /// The next event that is no noise.
    fn next(&self) -> ReaderEvent {
        loop {
            match self.events.recv_timeout(PATIENCE).unwrap() {
                ReaderEvent::Noise(_) => {}
                event => return event,
            }
        }
    }

    fn is_up(&self) -> bool {
        matches!(self.next(), ReaderEvent::Up { simulated: true, .. })
    }

    fn is_presented(&self) -> bool {
        matches!(self.next(), ReaderEvent::Presented(_))
    }
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Resident memory in KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn descriptors_and_memory_stay_flat_over_replugs() {
    let rounds: u32 = std::env::var("KAODIAN_REPLUG_ROUNDS").map_or(20, |rounds| rounds.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("idreader");
    let mut reader = SimulatedReader::start(Settings::immediate(), Some(&path)).unwrap();
    let port = Port::open(PortConfig::fast(&path));
    let mut first = None;
    for round in 0..rounds {
        assert!(port.is_up(), "round {round}");
        reader.present(card());
        assert!(port.is_presented(), "round {round}");
        // What the first rounds ask of the system for good, such as the allocator's arenas, is no leak.
        if round == 4 {
            first = Some((descriptors(), resident()));
        }
        if let Some((open, memory)) = first {
            // Both sides of the line are open at this moment of every round.
            assert_eq!(descriptors(), open, "round {round}");
            let grown = resident().saturating_sub(memory);
            assert!(grown <= 2048, "round {round}: {grown} KiB more than in round 4");
        }
        reader.unplug();
        assert_eq!(port.next(), ReaderEvent::Down(PortFault::Unplugged { path: path.clone() }), "round {round}");
        reader.remove();
        reader.plug_in().unwrap();
    }
}
