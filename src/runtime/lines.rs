//! The desk's line devices: what they scan becomes a tap, what ails them is kept for whoever shows it.

use super::msg::Msg;
use super::running::{Notice, RunningDesk};
use crate::domain::pointer::Pointer;
use crate::domain::presented::Presented;
use crate::reader::lines::{self, Device, LineConfig, LineEvent};
use crate::reader::port::{PortFault, PortHandle};
use std::path::PathBuf;
use std::sync::Arc;

/// A kind of line device, as a header names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A barcode or QR scanner.
    Scanner,
    /// A campus-card reader.
    Campus,
}

/// One line device, as far as it is known.
#[derive(Debug)]
pub struct LineStatus {
    /// What it is.
    pub kind: LineKind,
    /// Its port.
    pub port: PathBuf,
    /// Why it does not work; none while it does, or has not been looked for yet.
    pub fault: Option<PortFault>,
}

/// Every line device of the desk; dropping them lets their ports go.
#[derive(Debug, Default)]
pub(super) struct Lines {
    status: Vec<LineStatus>,
    ports: Vec<PortHandle>,
}

impl RunningDesk {
    /// Opens line devices, for as long as the desk runs; earlier ones are let go.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn attach_lines(&mut self, devices: Vec<LineConfig>) -> std::io::Result<()> {
        self.lines = Lines::default();
        for (index, config) in devices.into_iter().enumerate() {
            let kind = match config.device {
                Device::Scanner(_) => LineKind::Scanner,
                Device::Rfid(_) => LineKind::Campus,
            };
            self.lines.status.push(LineStatus { kind, port: config.path.clone(), fault: None });
            let sink = Arc::clone(&self.sink);
            self.lines.ports.push(lines::spawn(config, move |event| sink(Msg::Line(index, event)))?);
        }
        Ok(())
    }

    /// The line devices, in the order of the configuration.
    #[must_use]
    pub fn lines(&self) -> &[LineStatus] {
        &self.lines.status
    }

    /// Judges what a scanner read; a text that is no admission number is no tap.
    #[must_use]
    pub fn scanned(&mut self, text: &str) -> Vec<Notice> {
        match Pointer::ticket(text) {
            Some(ticket) => self.tap(Presented::Pointer(ticket)),
            None => vec![Notice::NotACode],
        }
    }

    pub(super) fn line_told(&mut self, index: usize, event: LineEvent) -> Vec<Notice> {
        match event {
            LineEvent::Scanned(scan) => self.scanned(&scan.text),
            LineEvent::Tagged(tag) => {
                self.tap(Presented::Pointer(Pointer::Uid(tag.compared.map(String::into_boxed_str))))
            }
            LineEvent::Dropped(bytes) => {
                tracing::warn!(index, bytes, "a line device sent what is no text");
                vec![Notice::NotACode]
            }
            LineEvent::Noise(bytes) => {
                tracing::debug!(index, bytes, "noise on a line device");
                vec![]
            }
            LineEvent::Up => {
                tracing::info!(index, "a line device is open");
                self.set_line(index, None);
                vec![Notice::LineUp(index)]
            }
            LineEvent::Down(fault) => {
                tracing::warn!(index, code = lines::code(&fault), %fault, "a line device does not work");
                self.set_line(index, Some(fault));
                vec![Notice::LineDown(index)]
            }
        }
    }

    fn set_line(&mut self, index: usize, fault: Option<PortFault>) {
        if let Some(status) = self.lines.status.get_mut(index) {
            status.fault = fault;
        }
    }
}
