//! Drawing the diagnosis: eleven lines of the wire on the small screen, six while something is done below them.

use super::super::super::reader_words::{decoded, finding, held, kind, meaning, way, well, what_to_do};
use super::super::super::text::{countdown, fit, fit_tail, pad, width};
use super::super::super::theme::Role;
use super::super::super::widgets::Pen;
use super::super::super::widgets::table;
use super::{Data, Link, Picture, SIGHT, Seen, State, Trial};
use crate::domain::document::ValidTo;
use crate::reader::trace::{Entry, Finding, What};
use crate::tui::i18n::tr;
use ratatui::layout::Position;

/// The first line of the wire.
const FIRST: u16 = 3;
/// Rows that are never lines of the wire: three above; two rules, three lines of findings and the keys below.
const OTHERS: u16 = 9;
/// Rows below the keys for a trial read or the list of ports.
const WORK: u16 = 5;

/// Draws the body; the cursor rests on the keys, or on the port under it.
pub fn view(state: &State, data: &Data, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    head(state, data, pen);
    let work = if state.picking.is_some() || data.trial.is_some() { WORK } else { 0 };
    let rows = pen.height().saturating_sub(OTHERS + work);
    let entries = state.paused.as_ref().unwrap_or(&data.entries);
    if entries.is_empty() {
        pen.text(2, FIRST, &tr!(look, "reader-none"), Role::Muted);
    }
    let skipped = entries.len().saturating_sub(usize::from(rows));
    for (y, entry) in (FIRST..).zip(entries.iter().skip(skipped)) {
        line(entry, y, pen);
    }
    let y = FIRST + rows;
    pen.rule(y);
    conclusion(data, y + 1, pen);
    pen.rule(y + 4);
    pen.text(2, y + 5, &fit(&tr!(look, "reader-keys"), 76), Role::Text);
    match (&state.picking, &data.trial) {
        (Some(_), _) => picker(state, y + 6, pen),
        (None, Some(trial)) => {
            trial_lines(trial, data.lifted, y + 6, pen);
            pen.position(2, y + 6)
        }
        (None, None) => pen.position(2, y + 5),
    }
}

fn head(state: &State, data: &Data, pen: &mut Pen<'_>) {
    let look = pen.look();
    let x = pen.text(1, 0, &tr!(look, "reader-title"), Role::Title) + 2;
    let x = pen.text(x, 0, &pad(&fit_tail(&data.port, 15), 15), Role::Text) + 1;
    let x = pen.text(x, 0, &format!("{} 8N1", data.baud), Role::Text) + 2;
    let (word, role) = match data.link {
        Link::Up => (tr!(look, "reader-up"), Role::Good),
        Link::Down => (tr!(look, "reader-down"), Role::Bad),
        Link::Seeking => (tr!(look, "reader-unknown"), Role::Muted),
    };
    let x = pen.text(x, 0, &format!("[{word}]"), role) + 2;
    if data.link == Link::Up {
        let open = tr!(look, "reader-open", time = countdown(i64::try_from(data.open).unwrap_or(i64::MAX)));
        let end = 79_u16.saturating_sub(u16::try_from(width(&open)).unwrap_or(0));
        if let Some(sam) = &data.sam {
            let room = usize::from(end.saturating_sub(x + 6));
            pen.text(x, 0, &format!("SAM {}", fit(sam, room.min(41))), Role::Text);
        }
        pen.text(end, 0, &open, Role::Text);
    }
    pen.rule(1);
    pen.text(2, 2, &tr!(look, "reader-col-time"), Role::Muted);
    pen.text(16, 2, &tr!(look, "reader-col-way"), Role::Muted);
    pen.text(21, 2, &tr!(look, "reader-col-hex"), Role::Muted);
    let x = pen.text(56, 2, &tr!(look, "reader-col-meaning"), Role::Muted);
    if state.paused.is_some() {
        pen.text(x + 1, 2, &fit(&tr!(look, "reader-paused"), 78_usize.saturating_sub(usize::from(x))), Role::Warn);
    }
}

fn line(entry: &Entry, y: u16, pen: &mut Pen<'_>) {
    let texts = pen.look().texts;
    let at = entry.at.civil().strftime("%H:%M:%S%.3f").to_string();
    pen.text(2, y, &at, Role::Muted);
    pen.text(16, y, &way(&entry.what, texts), Role::Text);
    pen.text(21, y, &entry.what.hex().unwrap_or_default(), Role::Text);
    let times = if entry.times > 1 { format!(" x{}", entry.times) } else { String::new() };
    let room = 23_usize.saturating_sub(width(&times));
    let role = match &entry.what {
        What::Sent(_) => Role::Text,
        What::Received(masked) if matches!(masked.sw3, 0x80 | 0x90 | 0x91 | 0x9F) => Role::Text,
        What::Received(_) | What::Flawed(_) | What::Noise(_) | What::Down(_) => Role::Warn,
        What::Up(_) => Role::Good,
    };
    let x = pen.text(56, y, &fit(&meaning(&entry.what, texts), room), role);
    pen.text(x, y, &times, Role::Muted);
}

fn conclusion(data: &Data, y: u16, pen: &mut Pen<'_>) {
    let look = pen.look();
    let advice = data
        .finding
        .as_ref()
        .map_or_else(|| well(data.link == Link::Up, look.texts), |found| finding(found, look.texts));
    let (code, role) = match &data.finding {
        Some(found) => (found.code(), Role::Bad),
        None => ("", if data.link == Link::Up { Role::Good } else { Role::Muted }),
    };
    pen.right(78, y, code, Role::Muted);
    pen.text(2, y, &fit(&advice.says, 75 - code.len()), role);
    pen.text(2, y + 1, &fit(&what_to_do(&advice, look.texts), 77), Role::Text);
    let n = data.figures;
    let figures = tr!(
        look,
        "reader-figures",
        reads = n.reads.to_string(),
        ok = n.ok.to_string(),
        lifted = n.lifted.to_string(),
        damaged = n.damaged.to_string(),
        unknown = n.unknown.to_string()
    );
    let x = pen.text(2, y + 2, &fit(&figures, 76), Role::Text);
    if let Some(mean) = n.mean() {
        let mean = tr!(look, "reader-mean", s = format!("{:.2}", mean.as_secs_f64()));
        pen.text(x + 3, y + 2, &fit(&mean, usize::from(78_u16.saturating_sub(x + 3))), Role::Text);
    }
}

fn trial_lines(trial: &Trial, lifted: bool, y: u16, pen: &mut Pen<'_>) {
    let look = pen.look();
    let after = if lifted { tr!(look, "reader-trial-over") } else { tr!(look, "reader-trial-lift") };
    match trial {
        Trial::Waits(left) => {
            pen.text(2, y, &fit(&tr!(look, "reader-trial-wait", left = left.to_string()), 77), Role::Info);
        }
        Trial::Failed => {
            pen.text(2, y, &fit(&tr!(look, "reader-trial-failed"), 76), Role::Bad);
            pen.text(2, y + 1, &fit(&after, 76), Role::Text);
        }
        Trial::Read(seen) => {
            let Seen { kind: doc, masked, tail, number_right, valid_to, photo } = seen;
            let kind = kind(*doc, look.texts);
            let read =
                tr!(look, "reader-trial-read", kind = kind.as_str(), who = masked.as_str(), tail = tail.as_str());
            pen.text(2, y, &fit(&read, 77), Role::Good);
            let number = if *number_right { tr!(look, "reader-right") } else { tr!(look, "reader-wrong") };
            let valid = match valid_to {
                ValidTo::Until(day) => day.to_string(),
                ValidTo::LongTerm => tr!(look, "reader-long-term"),
                ValidTo::Unreadable => tr!(look, "reader-unreadable"),
            };
            let picture = match photo {
                Picture::None => tr!(look, "reader-photo-none"),
                Picture::Raw => tr!(look, "reader-photo-raw"),
                Picture::Waits => tr!(look, "reader-photo-waits"),
                Picture::Decoded => decoded(look.texts),
                Picture::Failed(_) => tr!(look, "reader-photo-failed"),
            };
            let facts = tr!(
                look,
                "reader-trial-facts",
                number = number.as_str(),
                valid = valid.as_str(),
                photo = picture.as_str()
            );
            pen.text(2, y + 1, &fit(&facts, 76), Role::Text);
            pen.text(2, y + 2, &fit(&after, 76), Role::Text);
            if let Picture::Failed(fault) = photo {
                let advice = finding(&Finding::Photo(*fault), look.texts);
                pen.right(78, y + 3, fault.code(), Role::Muted);
                pen.text(2, y + 3, &fit(&advice.says, 68), Role::Bad);
                pen.text(2, y + 4, &fit(&what_to_do(&advice, look.texts), 77), Role::Text);
            }
        }
    }
}

fn picker(state: &State, y: u16, pen: &mut Pen<'_>) -> Position {
    let look = pen.look();
    pen.text(2, y, &fit(&tr!(look, "reader-pick"), 76), Role::Title);
    let Some((ports, cursor)) = &state.picking else { return pen.position(2, y) };
    if ports.is_empty() {
        pen.text(2, y + 1, &tr!(look, "reader-pick-none"), Role::Muted);
    }
    let sight = cursor.sight(ports.len(), SIGHT);
    let mut at = pen.position(2, y);
    for (y, (n, port)) in (y + 1..).zip(ports.iter().enumerate().skip(sight.start).take(sight.len())) {
        let selected = cursor.row(ports.len()) == Some(n);
        let role = table::row(pen, y, selected);
        let usb = port.usb.as_ref().map(|usb| {
            let ids = format!("{}:{}", usb.vendor, usb.product);
            usb.name.as_ref().map_or_else(|| ids.clone(), |name| format!("{ids} {name}"))
        });
        pen.text(3, y, &pad(&fit_tail(&port.best_name().display().to_string(), 32), 33), role);
        pen.text(36, y, &pad(&usb.unwrap_or_default(), 22), role);
        pen.text(59, y, &fit(&held(port, look.texts), 20), role);
        if selected {
            at = pen.position(3, y);
        }
    }
    at
}
