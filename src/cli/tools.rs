//! `kaodian reader`: the technician's tools, as arguments and failures. They print what a card holds and say so.

use super::failure::{Failure, Kind};
use super::reader::{ReaderVerb, decode, simulate, watch};
use super::{Outcome, output_failed};
use std::path::Path;

pub(super) fn run(verb: ReaderVerb) -> Outcome {
    let mut out = std::io::stdout().lock();
    match verb {
        ReaderVerb::Watch(args) => watch(&args, &mut out).map_err(output_failed),
        ReaderVerb::Decode(args) => {
            let mut input = args.open().map_err(|e| {
                Failure::new(
                    Kind::Device,
                    "KD-U-10",
                    format!("{}: {e}", args.file.as_deref().unwrap_or(Path::new("-")).display()),
                    "name a file that can be read",
                )
            })?;
            decode(&mut *input, &mut out).map_err(output_failed)
        }
        ReaderVerb::Simulate(args) => simulate(&args, &mut out)
            .map_err(|e| Failure::new(Kind::Device, "KD-U-11", e, "check the card files and the place of the link")),
    }
}
