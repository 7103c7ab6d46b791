//! The full screen, from the command line.

use super::failure::{Failure, Kind};
use super::{Acting, Context, Outcome};
use crate::reader::port::PortConfig;
use std::path::Path;

pub(super) fn run(_context: &Context, _acting: &Acting, _port: &PortConfig) -> Outcome {
    Err(Failure::new(Kind::Usage, "KD-U-12", "expected --headless", ""))
}

pub(super) fn demo(_context: &Context, _dir: &Path, _candidates: u32, _seed: u64) -> Outcome {
    Err(Failure::new(Kind::Usage, "KD-U-12", "expected --headless", ""))
}
