//! The loop: one inbox, everything queued is taken, then one draw. Nothing here blocks but the wait for a message.

use super::app::App;
use super::terminal::Screen;
use crate::runtime::msg::Msg;
use crossterm::event::{Event, KeyEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io::{self, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// The clock on the screen moves at least this often.
const TICK: Duration = Duration::from_millis(250);

/// So many events are taken together at most.
const TOGETHER: usize = 256;

/// One message of the inbox.
#[derive(Debug)]
pub enum Inbound {
    /// From a worker.
    Desk(Msg),
    /// From the keyboard or the window: what came together, and when.
    Terminal(Vec<Event>, Instant),
    /// The terminal cannot be read any more.
    TerminalLost(io::Error),
}

/// Reads keys and window sizes in a thread of their own, for as long as the inbox lives.
pub fn read_terminal(inbox: Sender<Inbound>) {
    std::thread::spawn(move || {
        loop {
            let message = match read_together() {
                Ok(events) => Inbound::Terminal(events, Instant::now()),
                Err(error) => Inbound::TerminalLost(error),
            };
            let lost = matches!(message, Inbound::TerminalLost(_));
            if inbox.send(message).is_err() || lost {
                return;
            }
        }
    });
}

/// One event, and whatever is there with it: keys that came together are a scanner's, however late they are taken.
fn read_together() -> io::Result<Vec<Event>> {
    let mut events = vec![crossterm::event::read()?];
    while events.len() < TOGETHER && crossterm::event::poll(Duration::ZERO)? {
        events.push(crossterm::event::read()?);
    }
    Ok(events)
}

/// Runs until somebody quits or the process is asked to end.
///
/// # Errors
/// When the terminal cannot be written or read.
pub fn run(app: &mut App, inbox: &Receiver<Inbound>, screen: &mut Screen) -> io::Result<()> {
    let start = Instant::now();
    while !app.quits() {
        draw(app, screen)?;
        match inbox.recv_timeout(app.patience(start.elapsed(), TICK)) {
            Ok(first) => {
                app.tick(start.elapsed());
                take(app, first, start)?;
                while let Ok(next) = inbox.try_recv() {
                    take(app, next, start)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        app.tick(start.elapsed());
        app.settle_keys(start.elapsed());
    }
    Ok(())
}

fn take(app: &mut App, message: Inbound, start: Instant) -> io::Result<()> {
    match message {
        Inbound::Desk(msg) => app.on_msg(msg),
        Inbound::Terminal(events, at) => {
            for event in events {
                // A size is read anew at each draw; pasted text and focus mean nothing here.
                if let Event::Key(key) = event
                    && key.kind == KeyEventKind::Press
                {
                    app.typed(key, at.saturating_duration_since(start));
                }
            }
        }
        Inbound::TerminalLost(error) => return Err(error),
    }
    Ok(())
}

fn draw(app: &mut App, screen: &mut Screen) -> io::Result<()> {
    let terminal = screen.terminal();
    if app.wants_redraw() {
        terminal.clear()?;
    }
    terminal.draw(|frame| {
        let area: Rect = frame.area();
        let buffer: &mut Buffer = frame.buffer_mut();
        let cursor = app.draw(area, buffer);
        frame.set_cursor_position(cursor);
    })?;
    let bells = app.bells_due();
    if bells > 0 {
        let mut out = io::stdout();
        for _ in 0..bells {
            out.write_all(b"\x07")?;
        }
        out.flush()?;
    }
    Ok(())
}
