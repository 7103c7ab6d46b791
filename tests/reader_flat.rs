//! A reader that is pulled and put back again and again leaves nothing behind. Alone in its file: it counts what the
//! whole process has open.
//!
//! `KAODIAN_REPLUG_ROUNDS` rounds (default 20).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/replug.rs"]
mod replug;

use kaodian::reader::port::{PortConfig, PortFault, ReaderEvent};
use kaodian::reader::simulate::{Settings, SimulatedReader};
use replug::{Port, card};
use std::fs;

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
        reader.present(card(round));
        // The one that lay there before may be missed first.
        let told = port.next();
        let told = if told == ReaderEvent::Removed { port.next() } else { told };
        assert!(matches!(told, ReaderEvent::Presented(_)), "round {round}");
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
