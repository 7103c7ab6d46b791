//! The binary without a screen: its standard output as JSON lines, each waited for as it comes.

use super::process::Process;
use super::{DEADLINE, KAODIAN, environment};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Instant;

/// The binary as a command, in the rig's environment.
pub fn kaodian<S: AsRef<OsStr>>(home: &Path, args: impl IntoIterator<Item = S>) -> Command {
    program(KAODIAN, home, args)
}

/// Any program as a command, in the rig's environment.
pub fn program<S: AsRef<OsStr>>(program: &str, home: &Path, args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(environment(home)).current_dir(home).stdin(Stdio::null());
    command
}

/// Runs a command to its end and returns everything it printed.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"))
}

/// Runs a command that must succeed and returns its standard output as JSON lines.
pub fn run_json(command: &mut Command) -> Vec<Value> {
    let output = run(command);
    let text = String::from_utf8(output.stdout).expect("UTF-8 on standard output");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{text}\n{complaint}", output.status);
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

/// A running program that prints one JSON object a line.
pub struct Lines {
    child: Child,
    process: Process,
    received: Receiver<Result<Value, String>>,
    complaints: Option<JoinHandle<String>>,
    /// Waited for: its number may belong to another process by now.
    reaped: bool,
    /// Everything received, for messages of failure.
    seen: Vec<Value>,
}

impl Lines {
    /// Starts the command; standard input stays open for [`Lines::write`].
    pub fn spawn(command: &mut Command) -> Self {
        // A group of its own, so that a tracer's program ends with the tracer.
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = piped.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
        let process = Process::of(child.id());
        let (out, mut err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        let (sender, received) = channel();
        spawn(move || {
            for line in BufReader::new(out).lines() {
                let Ok(line) = line else { return };
                let parsed = serde_json::from_str(&line).map_err(|e| format!("{e}: {line}"));
                if sender.send(parsed).is_err() {
                    return;
                }
            }
        });
        let complaints = spawn(move || {
            let mut text = Vec::new();
            let _cut_short = err.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        Self { child, process, received, complaints: Some(complaints), reaped: false, seen: Vec::new() }
    }

    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Writes to the program's standard input.
    pub fn write(&mut self, text: &str) {
        let stdin = self.child.stdin.as_mut().expect("an open standard input");
        stdin.write_all(text.as_bytes()).and_then(|()| stdin.flush()).expect("a program that reads");
    }

    /// The next line; `None` when the program has closed its output.
    pub fn next(&mut self) -> Option<Value> {
        self.next_before(Instant::now() + DEADLINE, "a line")
    }

    /// The next line that is this event; others before it are passed over.
    pub fn wait_event(&mut self, event: &str) -> Value {
        self.wait_for(&format!("event {event:?}"), |line| line["event"] == event)
    }

    /// The next line that fits; others before it are passed over.
    pub fn wait_for(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self.next_before(deadline, what) {
                Some(line) if fits(&line) => return line,
                Some(_) => {}
                None => self.fail(&format!("the output ended before {what}")),
            }
        }
    }

    /// Everything still to come, until the program closes its output.
    pub fn rest(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.next()).collect()
    }

    /// Ends the program as a power cut would.
    pub fn kill(&self) {
        self.process.signal(Signal::KILL);
    }

    /// Asks the program to end.
    pub fn terminate(&self) {
        self.process.signal(Signal::TERM);
    }

    /// Waits for the end and returns the status and standard error.
    pub fn wait_exit(&mut self) -> (ExitStatus, String) {
        drop(self.child.stdin.take());
        if !self.process.ended_within(DEADLINE) {
            self.fail("the program did not end");
        }
        let status = self.child.wait().expect("a child");
        self.reaped = true;
        (status, self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default())
    }

    fn next_before(&mut self, deadline: Instant, what: &str) -> Option<Value> {
        match self.received.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Ok(line)) => {
                self.seen.push(line.clone());
                Some(line)
            }
            Ok(Err(no_json)) => self.fail(&format!("expected a JSON line, found {no_json}")),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => self.fail(&format!("waited too long for {what}")),
        }
    }

    fn end_group(&mut self) {
        if !self.reaped {
            let group = i32::try_from(self.process.id).ok().and_then(Pid::from_raw);
            let _gone = group.map(|group| kill_process_group(group, Signal::KILL));
            let _status = self.child.wait();
            self.reaped = true;
        }
    }

    fn fail(&mut self, why: &str) -> ! {
        self.end_group();
        let complaints = self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        let seen: Vec<String> = self.seen.iter().map(Value::to_string).collect();
        panic!("{why}\n--- lines so far\n{}\n--- standard error\n{complaints}", seen.join("\n"));
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.end_group();
    }
}
