//! Programs under strace: what they asked the kernel for, in the order it happened, and faults put into the answers.

use super::lines::program;
use super::{KAODIAN, tmp::Tmp};
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The binary under strace with these options; its own arguments follow.
pub fn traced<'a>(
    home: &Tmp,
    options: impl IntoIterator<Item = &'a str>,
    trace: &Path,
    args: Vec<OsString>,
) -> Command {
    let mut all: Vec<OsString> = ["-f", "-qq", "-y", "-s", "400", "-e", "signal=none", "-o"].map(OsString::from).into();
    all.push(trace.into());
    all.extend(options.into_iter().map(OsString::from));
    all.push(KAODIAN.into());
    all.extend(args);
    program("strace", home.path(), all)
}

/// A system call that begins or ends; calls of other threads may stand between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A call begins; the text has its name and arguments, as far as they are known at the beginning.
    Begins(u32, &'a str),
    /// The call of this thread ends with this result.
    Ends(u32, &'a str, i64),
}

/// Reads a trace.
pub fn steps(trace: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut open: HashMap<u32, &str> = HashMap::new();
    for line in trace.lines() {
        let (thread, text) = line.split_once(' ').unwrap_or_else(|| panic!("no line of strace: {line}"));
        let (thread, text): (u32, _) = (thread.parse().expect("a thread"), text.trim_start());
        let resumed = text.starts_with("<... ");
        let call =
            if resumed { open.remove(&thread).unwrap_or_else(|| panic!("nothing to resume: {line}")) } else { text };
        if !resumed {
            steps.push(Step::Begins(thread, call));
        }
        if text.ends_with("<unfinished ...>") {
            open.insert(thread, text);
        } else if let Some(result) = text.rsplit_once(" = ").and_then(|(_, result)| result.split(' ').next()) {
            // `?`: the program ended inside.
            steps.push(Step::Ends(thread, call, result.parse().unwrap_or(-1)));
        }
    }
    steps
}
