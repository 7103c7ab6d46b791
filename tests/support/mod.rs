//! The rig of the black-box tests: the real binary in a terminal or behind a pipe. Of the library it uses the simulated
//! reader and the journal's chain, both in [`day`].
//!
//! Invariant: nothing here sleeps, but for the crash test, whose random moments of killing are short waits on the process. Every wait blocks on what it waits for and ends with one generous deadline, whose
//! failure prints what was seen instead.

#![allow(dead_code, reason = "each test binary uses its part of the rig")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a rig that cannot do its part has failed its test"
)]

pub mod closing;
pub mod day;
pub mod lines;
pub mod process;
pub mod pty;
pub mod source;
pub mod strace;
pub mod taps;
pub mod tmp;

use std::time::Duration;

/// How long anything may take before its test has failed: far beyond what a loaded machine needs.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// Path of the binary under test.
pub const KAODIAN: &str = env!("CARGO_BIN_EXE_kaodian");

/// The whole environment of a program under test: nothing of the developer's machine gets in.
pub fn environment(home: &std::path::Path) -> Vec<(&'static str, std::ffi::OsString)> {
    vec![
        ("HOME", home.into()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin".into()),
        ("TERM", "xterm-256color".into()),
        ("COLORTERM", "truecolor".into()),
        ("LANG", "C.UTF-8".into()),
        ("TZ", "UTC".into()),
    ]
}
