//! The binary in a terminal: a real pty whose output a vt100 parser keeps as a grid of cells.
//!
//! A reader thread feeds the parser and wakes whoever waits; reading ends with the program. Input is bytes, as a keyboard
//! sends them ([`keys`]).

use super::process::Process;
use super::{DEADLINE, KAODIAN, environment};
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::Signal;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::spawn;
use vt100::{Color, Parser};

/// What keys send, in the order a terminal of `xterm-256color` sends it.
pub mod keys {
    pub const ENTER: &str = "\r";
    pub const ESC: &str = "\x1b";
    pub const TAB: &str = "\t";
    pub const BACKSPACE: &str = "\x7f";
    pub const UP: &str = "\x1b[A";
    pub const DOWN: &str = "\x1b[B";
    pub const RIGHT: &str = "\x1b[C";
    pub const LEFT: &str = "\x1b[D";
    pub const F1: &str = "\x1bOP";
    pub const F2: &str = "\x1bOQ";
    pub const F3: &str = "\x1bOR";
    pub const F4: &str = "\x1bOS";
    pub const F5: &str = "\x1b[15~";
    pub const F6: &str = "\x1b[17~";
    pub const F7: &str = "\x1b[18~";
    pub const F8: &str = "\x1b[19~";
    pub const F9: &str = "\x1b[20~";
    pub const F10: &str = "\x1b[21~";
    pub const F11: &str = "\x1b[23~";
    pub const F12: &str = "\x1b[24~";
    pub const PAGE_UP: &str = "\x1b[5~";
    pub const PAGE_DOWN: &str = "\x1b[6~";

    /// Ctrl with a letter.
    pub fn ctrl(letter: char) -> String {
        char::from(letter.to_ascii_uppercase() as u8 & 0x1f).to_string()
    }
}

struct Grid {
    parser: Parser,
    /// Every byte the program wrote, for what a grid cannot show: modes set and left.
    raw: Vec<u8>,
    /// The program has closed the terminal.
    over: bool,
}

/// A program in a terminal of its own.
pub struct Terminal {
    grid: Arc<(Mutex<Grid>, Condvar)>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    process: Process,
}

impl Terminal {
    /// Starts the binary under test with these arguments, columns and rows.
    pub fn kaodian(home: &Path, args: &[&str], size: (u16, u16)) -> Self {
        Self::program(KAODIAN, home, args, size)
    }

    /// Starts any program; the rig's own tests use a shell.
    pub fn program(program: &str, home: &Path, args: &[&str], (cols, rows): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(pty_size(cols, rows)).expect("a pty");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        for (name, value) in environment(home) {
            command.env(name, value);
        }
        command.cwd(home);
        let child = pair.slave.spawn_command(command).unwrap_or_else(|e| panic!("{program}: {e}"));
        let process = Process::of(child.process_id().expect("a process id"));
        let grid = Grid { parser: Parser::new(cells(rows), cells(cols), 0), raw: Vec::new(), over: false };
        let grid = Arc::new((Mutex::new(grid), Condvar::new()));
        let (shared, mut reader) = (Arc::clone(&grid), pair.master.try_clone_reader().expect("a reader"));
        spawn(move || {
            let mut buffer = [0; 16384];
            loop {
                // A pty whose other side is gone answers EIO: an end like any other.
                let n = reader.read(&mut buffer).unwrap_or(0);
                let mut grid = shared.0.lock().expect("a whole grid");
                grid.parser.process(&buffer[..n]);
                grid.raw.extend_from_slice(&buffer[..n]);
                grid.over = n == 0;
                shared.1.notify_all();
                if n == 0 {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().expect("a writer");
        Self { grid, master: pair.master, keyboard, child, process }
    }

    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Types these bytes; see [`keys`].
    pub fn send(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).and_then(|()| self.keyboard.flush()).expect("a terminal");
        self
    }

    /// Pastes text as a terminal with bracketed paste does.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Changes the size; the program gets SIGWINCH.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.grid.0.lock().expect("a whole grid").parser.screen_mut().set_size(cells(rows), cells(cols));
        self.master.resize(pty_size(cols, rows)).expect("a terminal");
    }

    /// Waits until the screen shows this text in one row.
    pub fn wait_for(&self, text: &str) -> &Self {
        self.wait_until(&format!("{text:?} on the screen"), |screen| screen.contains(text))
    }

    /// Waits until the screen shows this text nowhere.
    pub fn wait_gone(&self, text: &str) -> &Self {
        self.wait_until(&format!("{text:?} gone from the screen"), |screen| !screen.contains(text))
    }

    /// Waits until the screen's text fits.
    pub fn wait_until(&self, what: &str, fits: impl Fn(&str) -> bool) -> &Self {
        self.wait(what, |grid| fits(&text(&grid.parser)))
    }

    /// Waits until the program has entered or left the alternate screen.
    pub fn wait_alternate(&self, on: bool) -> &Self {
        self.wait(if on { "the alternate screen" } else { "the main screen" }, |grid| {
            grid.parser.screen().alternate_screen() == on
        })
    }

    fn wait(&self, what: &str, fits: impl Fn(&Grid) -> bool) -> &Self {
        let (lock, changed) = &*self.grid;
        let pending = |grid: &mut Grid| !fits(grid) && !grid.over;
        let grid = lock.lock().expect("a whole grid");
        let (grid, _) = changed.wait_timeout_while(grid, DEADLINE, pending).expect("a whole grid");
        if !fits(&grid) {
            let why = if grid.over { "the program ended before" } else { "waited too long for" };
            let seen = text(&grid.parser);
            drop(grid);
            panic!("{why} {what}; the screen shows\n{seen}");
        }
        self
    }

    /// The screen's text: one line a row, a wide character once, blanks at the end of a row cut.
    pub fn screen(&self) -> String {
        text(&self.grid.0.lock().expect("a whole grid").parser)
    }

    /// Whether the alternate screen is shown.
    pub fn alternate_screen(&self) -> bool {
        self.grid.0.lock().expect("a whole grid").parser.screen().alternate_screen()
    }

    /// Whether the cursor is hidden.
    pub fn cursor_hidden(&self) -> bool {
        self.grid.0.lock().expect("a whole grid").parser.screen().hide_cursor()
    }

    /// Whether the program's output contains these bytes.
    pub fn wrote(&self, bytes: &[u8]) -> bool {
        self.grid.0.lock().expect("a whole grid").raw.windows(bytes.len()).any(|window| window == bytes)
    }

    /// Whether the terminal echoes and reads by line, as a shell expects it.
    pub fn is_cooked(&self) -> bool {
        use rustix::termios::LocalModes;
        let modes = self.master.get_termios().expect("terminal attributes").local_flags.bits();
        LocalModes::from_bits_retain(modes).contains(LocalModes::ECHO | LocalModes::ICANON)
    }

    /// Foreground and background of the cell at this column and row, as they are seen: swapped where inverse.
    pub fn colours(&self, col: u16, row: u16) -> (Color, Color) {
        let grid = self.grid.0.lock().expect("a whole grid");
        let cell = grid.parser.screen().cell(row, col).expect("a cell of the screen");
        if cell.inverse() { (cell.bgcolor(), cell.fgcolor()) } else { (cell.fgcolor(), cell.bgcolor()) }
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Waits for the end of the program and of its output.
    pub fn wait_exit(&mut self) -> ExitStatus {
        self.wait("the end of its output", |grid| grid.over);
        assert!(self.process.ended_within(DEADLINE), "the program did not end; the screen shows\n{}", self.screen());
        self.child.wait().expect("a child")
    }

    /// The screen as JSON for `tests/support/screenshot.py`: `{cols, rows, cells: [[text, fg, bg, bold], …]}`, row by
    /// row; a colour is `#rrggbb`, an index of the palette, `fg` or `bg`; the right half of a wide character is an empty
    /// text.
    pub fn dump_json(&self) -> String {
        let grid = self.grid.0.lock().expect("a whole grid");
        let screen = grid.parser.screen();
        let (rows, cols) = screen.size();
        let places = (0..rows.get()).flat_map(|row| (0..cols.get()).map(move |col| (row, col)));
        let cells: Vec<_> = places
            .filter_map(|(row, col)| screen.cell(row, col))
            .map(|cell| {
                let (mut fg, mut bg) = (colour(cell.fgcolor(), "fg"), colour(cell.bgcolor(), "bg"));
                if cell.inverse() {
                    std::mem::swap(&mut fg, &mut bg);
                }
                let blank = if cell.is_wide_continuation() { "" } else { " " };
                let text = if cell.has_contents() { cell.contents() } else { blank };
                serde_json::json!([text, fg, bg, cell.bold()])
            })
            .collect();
        serde_json::json!({"cols": cols.get(), "rows": rows.get(), "cells": cells}).to_string()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.process.signal(Signal::KILL);
        let _status = self.child.wait();
    }
}

fn pty_size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).expect("a terminal has at least one cell")
}

fn colour(colour: Color, default: &str) -> serde_json::Value {
    match colour {
        Color::Default => default.into(),
        Color::Idx(n) => n.into(),
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}").into(),
    }
}

fn text(parser: &Parser) -> String {
    let screen = parser.screen();
    let (rows, cols) = screen.size();
    let row = |row: u16| {
        let cells = (0..cols.get()).filter_map(|col| screen.cell(row, col)).filter(|cell| !cell.is_wide_continuation());
        let text: String = cells.map(|cell| if cell.has_contents() { cell.contents() } else { " " }).collect();
        text.trim_end().to_owned()
    };
    (0..rows.get()).map(row).collect::<Vec<_>>().join("\n")
}
