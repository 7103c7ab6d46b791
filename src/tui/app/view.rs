//! Drawing: the frame, the screen, what lies over it.

use super::super::keymap::ScreenId;
use super::super::look::Look;
use super::super::screens::seal::{checklist, done, progress, sign};
use super::super::screens::{
    clock, close, confirm, detail, fault, help, holds, import, legend, lift, lock, manual, menu, pending, reader,
    readiness, ready, results, rooms, roster, scoring, seatmap, unlock, verdict,
};
use super::super::widgets::Pen;
use super::super::widgets::footer::{self, Message};
use super::super::widgets::frame::{self, Around};
use super::{App, Asked, Overlay, Place, Reader};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl App {
    /// Draws everything and returns where the hardware cursor belongs.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) -> Position {
        self.with_look(|look| {
            let header = self.header();
            let messages = self.messages(look);
            let around = Around {
                header: &header,
                message: footer::foremost(&messages),
                screen: self.screen(),
                under: self.under(),
                strip: self.strip.as_ref().map(|(strip, _)| strip),
                last: self.last,
            };
            frame::draw(look, area, buffer, &around, |pen| {
                let cursor = self.body(pen);
                self.over(pen).unwrap_or(cursor)
            })
        })
    }

    fn messages(&self, look: &Look<'_>) -> Vec<Message> {
        // What lasts, such as a fault of the reader, stands behind whatever was said since.
        let lines = self.desk.lines().iter().filter_map(|line| line.fault.as_ref());
        let mut messages: Vec<Message> = lines.map(|fault| Self::line_fault(fault, look)).collect();
        if let Reader::Lost(fault) = &self.reader {
            messages.push(self.reader_fault(fault));
        }
        messages.extend(self.awaited(look));
        if self.acting.is_some() && self.desk.desk().books().is_empty() {
            messages.push(self.nothing_planned());
        }
        messages.extend(self.messages.iter().map(|(message, _)| message.clone()));
        if self.asked.values().any(|asked| !matches!(asked, Asked::SignIn(_))) {
            messages.push(self.checking());
        }
        if let Place::Scoring(no, part) = &self.place
            && !self.locked()
            && let (Some(state), Some(data)) = (self.scoring.get(&(*no, part.clone())), self.scoring_data(*no, part))
        {
            messages.extend(state.notice(&data, look));
        }
        if let (true, Some((seq, at))) = (messages.is_empty(), self.last_line) {
            messages.push(self.saved(at, seq));
        }
        messages
    }

    fn body(&self, pen: &mut Pen<'_>) -> Position {
        match &self.place {
            Place::Unlock(state) => unlock::view(state, &self.unlock_data(), pen),
            Place::Verdict | Place::Ready => match self.verdict_data() {
                Some(data) if matches!(self.place, Place::Verdict) || data.code.is_none() => verdict::view(&data, pen),
                _ => ready::view(&self.ready_data(), pen),
            },
            Place::Roster => roster::view(&self.roster, &self.roster_data(), pen),
            Place::Detail(no, cand, state) => match self.detail_data(*no, cand) {
                Some(data) => detail::view(*state, &data, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::SeatMap(state) => match self.seat_map_data() {
                Some(data) => seatmap::view(state, &data, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Pending(state) => pending::view(state, &self.pending_cases(), pen),
            Place::Rooms(task, state) => rooms::view(state, &self.rooms_data(*task), pen),
            Place::Close(state) => match self.close_data() {
                Some((_, data, _)) => close::view(state, &data, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Scoring(no, part) => match self.scoring_data(*no, part) {
                Some(data) => match self.scoring.get(&(*no, part.clone())) {
                    Some(state) => scoring::view(state, &data, pen),
                    None => scoring::view(&scoring::State::new(&data), &data, pen),
                },
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Results(state) => match &self.results {
                Some(data) => results::view(state, data, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Checklist => match &self.wizard {
                Some(wizard) => checklist::view(&wizard.checklist, &wizard.checks, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Sign => match (self.sign_data(), &self.wizard) {
                (Some(data), Some(wizard)) => sign::view(&wizard.sign, &data, pen),
                _ => ready::view(&self.ready_data(), pen),
            },
            Place::Sealing => match self.progress_data() {
                Some(data) => progress::view(&data, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Sealed => match &self.sealed {
                Some((_, data, state)) => done::view(*state, data, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Reader(state) => reader::view(state, &self.reader_data(), pen),
            Place::Holds(state) => holds::view(state, &self.holds_data(state), pen),
            Place::Import(state) => import::view(state, &self.import_data(), pen),
            Place::Manual(state, _) => manual::view(state, &self.manual_data(state), pen),
            Place::Readiness(state) => match self.readiness_data() {
                Some(data) => readiness::view(state, &data, pen),
                None => ready::view(&self.ready_data(), pen),
            },
            Place::Fault => fault::view(&self.fault_data(), pen),
        }
    }

    fn fault_data(&self) -> fault::Data {
        let stop = self.stop.as_ref();
        fault::Data {
            last: self.last_line,
            taps: stop.map_or(0, |stop| stop.taps),
            cause: stop.map(|stop| stop.cause.clone()).unwrap_or_default(),
            retrying: stop.is_some_and(|stop| stop.retrying),
        }
    }

    fn over(&self, pen: &mut Pen<'_>) -> Option<Position> {
        match self.overlay.as_ref()? {
            Overlay::Help(state) => Some(help::view(state, self.under(), pen)),
            Overlay::Menu(state, items) => Some(menu::view(state, items, pen)),
            Overlay::Confirm(data, state) => Some(confirm::view(state, data, pen)),
            Overlay::Legend => Some(legend::view(pen)),
            Overlay::Lift(case, state) => Some(lift::view(state, &self.lift_data(*case, state)?, pen)),
            Overlay::Clock(_, state) => Some(clock::view(state, pen)),
            Overlay::Lock(state, why) => Some(lock::view(state, &self.lock_data(*why), pen)),
        }
    }

    /// The screen in front, for tests and for whoever logs it.
    #[must_use]
    pub fn in_front(&self) -> ScreenId {
        self.screen()
    }
}
