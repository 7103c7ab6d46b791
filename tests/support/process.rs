//! A running program, held by its pidfd: signals reach it and nobody else, and its end can be waited for with a deadline.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::time::{Duration, Instant};

/// A process that the test started.
pub struct Process {
    fd: OwnedFd,
    /// For tools that take a number, such as strace.
    pub id: u32,
}

impl Process {
    /// Holds a child that nobody has waited for yet.
    pub fn of(id: u32) -> Self {
        let pid = i32::try_from(id).ok().and_then(Pid::from_raw).expect("a process id");
        Self { fd: pidfd_open(pid, PidfdFlags::empty()).expect("a child that was not reaped"), id }
    }

    /// Sends a signal; a process that has ended takes none.
    pub fn signal(&self, signal: Signal) {
        let _ended = pidfd_send_signal(&self.fd, signal);
    }

    /// Blocks until the process has ended; whether it did before the deadline.
    #[must_use]
    pub fn ended_within(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            let left = Timespec::try_from(deadline.saturating_duration_since(Instant::now())).expect("a short time");
            match poll(&mut [PollFd::new(&self.fd, PollFlags::IN)], Some(&left)) {
                Ok(ready) => return ready > 0,
                Err(rustix::io::Errno::INTR) => {}
                Err(e) => panic!("poll of a pidfd: {e}"),
            }
        }
    }

    /// Resident memory in KiB, as `VmRSS` of `/proc` has it.
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id)).expect("a running process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        line.trim().trim_end_matches(" kB").parse().expect("kilobytes")
    }
}
