//! The site's own decoder of chip photos: a command that gets WLT and gives a picture (id-card-reader.md §10).
//!
//! ```text
//! standard input    the photo as it stood on the chip, then the end
//! standard output   one BMP or PNG of 102 by 126 pixels, at most 128 KiB, then the end
//! exit              0; only with it the output counts
//! ```
//!
//! Such a decoder is closed code. So it runs apart: without a shell, with an empty environment, in `/`, its errors
//! dropped, its memory limited before it gets a byte, and after its time it and all it has started are killed. Blocks up
//! to that time: call it where waiting is allowed. Never writes a photo anywhere.

mod picture;

use crate::domain::photo::{DecoderFault, Photo, Portrait};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Resource, Rlimit, Signal, kill_process_group, pidfd_open, prlimit};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a decoder may take.
pub const LIMIT: Duration = Duration::from_secs(3);

/// How much it may write: a picture with 32 bits a pixel has 51 KiB.
const MOST: usize = 128 << 10;

/// How much memory for data it may have.
const MEMORY: u64 = 256 << 20;

/// A decoder that the configuration names (`photo.decoder`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoDecoder {
    program: PathBuf,
    limit: Duration,
}

impl PhotoDecoder {
    /// The program at this absolute path, with [`LIMIT`].
    #[must_use]
    pub fn new(program: PathBuf) -> Self {
        Self { program, limit: LIMIT }
    }

    /// Decodes a raw photo; any other state stays as it is.
    #[must_use]
    pub fn develop(&self, photo: Photo) -> Photo {
        let Photo::Raw(wlt) = photo else { return photo };
        let portrait = self.output(&wlt).and_then(|output| picture::rgb(&output)).and_then(|rgb| Portrait::new(&rgb));
        match portrait {
            Ok(portrait) => Photo::Decoded(portrait),
            Err(fault) => {
                tracing::warn!(code = fault.code(), "{fault}");
                Photo::DecoderFailed(fault)
            }
        }
    }

    /// A relative path would be sought in `PATH`, where anybody may have put something.
    fn output(&self, wlt: &[u8]) -> Result<Vec<u8>, DecoderFault> {
        if !self.program.is_absolute() {
            return Err(refused(io::Error::other("expected an absolute path, found a relative one")));
        }
        run(Command::new(&self.program).stderr(Stdio::null()), wlt, self.limit)
    }
}

/// Runs a filter within its limits and gives its output.
fn run(command: &mut Command, input: &[u8], limit: Duration) -> Result<Vec<u8>, DecoderFault> {
    let until = Instant::now() + limit;
    command.env_clear().current_dir("/").process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = Running(command.spawn().map_err(refused)?);
    let pid = running.pid().ok_or(DecoderFault::Start)?;
    let memory = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    prlimit(Some(pid), Resource::Data, memory).map_err(refused)?;
    if let Some(mut stdin) = running.0.stdin.take() {
        // A photo fits a pipe, so this does not wait; a decoder that does not read it says so by its exit.
        let _ = stdin.write_all(input);
    }
    let output = read_all(&mut running.0, until)?;
    let exit = pidfd_open(pid, PidfdFlags::empty()).map_err(refused)?;
    wait_for(exit.as_fd(), until)?;
    let status = running.end().map_err(refused)?;
    if status.success() { Ok(output) } else { Err(DecoderFault::Exit(status.code())) }
}

fn refused(e: impl Into<io::Error>) -> DecoderFault {
    tracing::warn!("photo decoder: {}", e.into());
    DecoderFault::Start
}

fn read_all(child: &mut Child, until: Instant) -> Result<Vec<u8>, DecoderFault> {
    let mut output = Vec::new();
    let mut buffer = [0; 4096];
    let Some(mut stdout) = child.stdout.take() else { return Ok(output) };
    loop {
        wait_for(stdout.as_fd(), until)?;
        let count = stdout.read(&mut buffer).map_err(refused)?;
        output.extend(buffer.iter().take(count));
        if count == 0 {
            return Ok(output);
        }
        if output.len() > MOST {
            return Err(DecoderFault::Output);
        }
    }
}

/// Waits until there is something to read, the other side has closed, or a process has ended.
fn wait_for(fd: BorrowedFd<'_>, until: Instant) -> Result<(), DecoderFault> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let left = left.try_into().map_err(|_| DecoderFault::Overrun)?;
        match poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&left)) {
            Ok(0) => return Err(DecoderFault::Overrun),
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(e) => return Err(refused(e)),
        }
    }
}

/// A decoder and all it has started; ends with this value.
struct Running(Child);

impl Running {
    fn pid(&self) -> Option<Pid> {
        i32::try_from(self.0.id()).ok().and_then(Pid::from_raw)
    }

    /// Kills the group while its leader still holds the number, then takes the leader's exit.
    fn end(&mut self) -> io::Result<std::process::ExitStatus> {
        if let Some(pid) = self.pid() {
            // An error says that nobody is left.
            let _ = kill_process_group(pid, Signal::KILL);
        }
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|status| status.is_none()) {
            // Nothing more can be done about a process that cannot be waited for.
            let _ = self.end();
        }
    }
}

#[cfg(test)]
mod tests;
