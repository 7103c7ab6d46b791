//! The stop of a thread that waits on a terminal: an event descriptor, so that one poll waits for bytes and for the stop.

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Can be given once and seen by every holder.
#[derive(Debug, Clone)]
pub(in crate::reader) struct Stop(Arc<OwnedFd>);

impl Stop {
    /// A stop that was not given yet.
    pub(in crate::reader) fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(eventfd(0, EventfdFlags::CLOEXEC)?)))
    }

    /// Gives the stop.
    pub(in crate::reader) fn give(&self) {
        // The counter has room for 2^64 - 1 stops.
        let _ = rustix::io::write(&self.0, &1u64.to_ne_bytes());
    }

    /// Waits for the stop; says whether it was given.
    pub(in crate::reader) fn within(&self, time: Duration) -> bool {
        // A poll that fails cannot be waited on again: better an end than a loop without a pause.
        poll_for(&mut [PollFd::new(&*self.0, PollFlags::IN)], Some(time)).unwrap_or(true)
    }
}

impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Waits for any of these, without `patience` for ever; says whether one came before the time ran out.
pub(in crate::reader) fn poll_for(fds: &mut [PollFd<'_>], patience: Option<Duration>) -> io::Result<bool> {
    let patience =
        patience.map(|time| Timespec { tv_sec: time.as_secs().cast_signed(), tv_nsec: i64::from(time.subsec_nanos()) });
    match poll(fds, patience.as_ref()) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(e) => Err(e.into()),
    }
}
