//! Signals that ask the process to end, as a message like any other.

use super::msg::Msg;
use super::running::Sink;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;

/// Turns SIGTERM, SIGHUP and SIGINT into [`Msg::Terminate`].
///
/// # Errors
/// When the system refuses the handler.
pub fn on_terminate(sink: Sink) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            sink(Msg::Terminate);
        }
    });
    Ok(())
}
