//! Rows 1 and 2: where, which session, in what state, the clock and the next limit; devices and who is on duty.
//!
//! Too narrow: the site shortens first, then the certificate, which goes last; session, phase, desk, clock and limit
//! never go, nor does a device word that is bad. Scanners and campus-card readers stand there where one is configured. Items of rooms that are not built are absent.

use super::super::text::{fit, width};
use super::super::theme;
use super::super::{Look, text};
use super::Pen;
use crate::domain::crew::Role;
use crate::domain::ids::DeskId;
use crate::domain::session::Mode;
use crate::domain::time::Instant;
use crate::tui::i18n::tr;
use ratatui::layout::Rect;

/// What the header says the session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// 准备.
    Planned,
    /// 签到中.
    Open,
    /// 考核中.
    Running,
    /// 评分中: closed and not sealed, or running with marks.
    Scoring,
    /// 已结束.
    Closed,
    /// 关闭中: the seal is prepared.
    Closing,
    /// 已封存.
    Sealed,
    /// 故障: the journal is stopped.
    Fault,
}

/// The next limit of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Doors open.
    Opens,
    /// The exam starts.
    Start,
    /// Nobody is let in afterwards.
    EntryEnds,
    /// Work may be handed in.
    HandIn,
    /// The exam ends.
    End,
}

/// How a device is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Working.
    Good,
    /// Working slowly.
    Slow,
    /// Lost.
    Lost,
    /// None configured.
    Absent,
}

/// Who acts at this desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// As what.
    pub role: Role,
    /// First character and a star.
    pub masked: String,
}

/// Everything the header shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Every header outside Live says so.
    pub mode: Mode,
    /// The site's name.
    pub site: String,
    /// Certificate and level; empty where no session is served.
    pub certificate: String,
    /// The session's word, such as 上午场; empty where none is served.
    pub session: String,
    /// What the session is doing; none where no session is served.
    pub phase: Option<Phase>,
    /// This desk.
    pub desk: DeskId,
    /// The time shown.
    pub now: Instant,
    /// The next limit and the seconds left; past ones say that the act is due.
    pub limit: Option<(Limit, i64)>,
    /// The card reader.
    pub reader: Health,
    /// Scanners; one that is lost makes them lost.
    pub scanner: Health,
    /// Campus-card readers likewise.
    pub campus: Health,
    /// The journal.
    pub journal: Health,
    /// Nobody before unlocking.
    pub duty: Option<Duty>,
}

/// The word of a mode outside Live.
#[must_use]
pub fn mode_word(mode: Mode, look: &Look<'_>) -> Option<String> {
    match mode {
        Mode::Live => None,
        Mode::Rehearsal => Some(tr!(look, "mode-rehearsal")),
        Mode::Demo => Some(tr!(look, "mode-demo")),
    }
}

/// The word of a phase.
#[must_use]
pub fn phase_word(phase: Phase, look: &Look<'_>) -> String {
    match phase {
        Phase::Planned => tr!(look, "phase-planned"),
        Phase::Open => tr!(look, "phase-open"),
        Phase::Running => tr!(look, "phase-running"),
        Phase::Scoring => tr!(look, "phase-scoring"),
        Phase::Closed => tr!(look, "phase-closed"),
        Phase::Closing => tr!(look, "phase-closing"),
        Phase::Sealed => tr!(look, "phase-sealed"),
        Phase::Fault => tr!(look, "phase-fault"),
    }
}

/// The word of a role.
#[must_use]
pub fn role_word(role: Role, look: &Look<'_>) -> String {
    match role {
        Role::Chief => tr!(look, "role-chief"),
        Role::Proctor => tr!(look, "role-proctor"),
        Role::Assessor => tr!(look, "role-assessor"),
        Role::Inspector => tr!(look, "role-inspector"),
        Role::Admin => tr!(look, "role-admin"),
    }
}

/// The countdown to a limit, such as `距开考 17:43`.
#[must_use]
pub fn limit_words(limit: Limit, left: i64, look: &Look<'_>) -> String {
    let time = text::countdown(left);
    match limit {
        Limit::Start if left <= 0 => tr!(look, "limit-start-due"),
        Limit::End if left <= 0 => tr!(look, "limit-end-due"),
        Limit::Opens => tr!(look, "limit-opens", left = time),
        Limit::Start => tr!(look, "limit-start", left = time),
        Limit::EntryEnds => tr!(look, "limit-entry", left = time),
        Limit::HandIn => tr!(look, "limit-hand-in", left = time),
        Limit::End => tr!(look, "limit-end", left = time),
    }
}

/// Draws both rows.
pub fn draw(pen: &mut Pen<'_>, header: &Header) {
    pen.clear(Rect::new(0, 0, pen.width(), 2), theme::Role::Bar);
    session_row(pen, header);
    device_row(pen, header);
}

fn session_row(pen: &mut Pen<'_>, header: &Header) {
    let look = pen.look();
    let limit = if header.phase == Some(Phase::Fault) {
        Some(tr!(look, "stopped"))
    } else {
        header.limit.map(|(limit, left)| limit_words(limit, left, look))
    };
    let clock = header.now.clock();
    let right = limit.map_or_else(|| clock.clone(), |words| format!("{clock}  {words}"));
    let left_end = pen.right(pen.width().saturating_sub(1), 0, &right, theme::Role::Bar);

    let mode = mode_word(header.mode, look).map(|word| format!("[{word}] ")).unwrap_or_default();
    let desk = tr!(look, "desk", desk = format!("{:02}", header.desk.get()));
    let fixed: Vec<String> = header.phase.map(|p| phase_word(p, look)).into_iter().chain([desk]).collect();
    let taken = width(&mode) + fixed.iter().map(|t| width(t) + 3).sum::<usize>();
    let room = usize::from(left_end).saturating_sub(taken + 3);
    let (site, title) = shorten(&header.site, &header.certificate, &header.session, room);
    let words: Vec<String> = [site, title].into_iter().filter(|t| !t.is_empty()).chain(fixed).collect();

    let x = pen.text(1, 0, &mode, theme::Role::Key);
    let space = usize::from(left_end.saturating_sub(x + 2));
    pen.text(x, 0, &fit(&words.join(" | "), space), theme::Role::Bar);
}

/// Shares the columns between the site and `certificate session`. Everybody at the desk knows the site, so it shortens
/// first; the certificate shortens next and goes only where neither would say anything.
fn shorten(site: &str, certificate: &str, session: &str, room: usize) -> (String, String) {
    const LEAST: usize = 6;
    const ENOUGH: usize = 8;
    let bar = if session.is_empty() && certificate.is_empty() { 0 } else { 3 };
    let gap = usize::from(!session.is_empty() && !certificate.is_empty());
    let both = room.saturating_sub(bar + width(session) + gap);
    let for_certificate = both.saturating_sub(LEAST.min(width(site))).min(width(certificate));
    let for_site = both.saturating_sub(for_certificate);
    if certificate.is_empty() || for_certificate < ENOUGH.min(width(certificate)) {
        return (fit(site, room.saturating_sub(bar + width(session))), session.to_owned());
    }
    (fit(site, for_site), format!("{}{}{session}", fit(certificate, for_certificate), " ".repeat(gap)))
}

fn device_row(pen: &mut Pen<'_>, header: &Header) {
    let look = pen.look();
    let mut x = 1;
    let devices = [
        (tr!(look, "header-reader"), header.reader, true),
        (tr!(look, "header-scanner"), header.scanner, header.scanner != Health::Absent),
        (tr!(look, "header-campus"), header.campus, header.campus != Health::Absent),
        (tr!(look, "header-journal"), header.journal, true),
    ];
    for (name, health, _) in devices.into_iter().filter(|(.., shown)| *shown) {
        let (word, role) = match health {
            Health::Good => (tr!(look, "word-ok"), theme::Role::Bar),
            Health::Slow => (tr!(look, "word-slow"), theme::Role::Key),
            Health::Lost => (tr!(look, "word-lost"), theme::Role::Plate(theme::Plate::Fault)),
            Health::Absent => (tr!(look, "word-none"), theme::Role::Bar),
        };
        x = pen.text(x, 1, &name, theme::Role::Bar);
        x = pen.text(x, 1, &format!("[{word}]"), role) + 1;
    }
    let duty = header
        .duty
        .as_ref()
        .map_or_else(|| tr!(look, "nobody"), |duty| format!("{} {}", role_word(duty.role, look), duty.masked));
    pen.right(pen.width().saturating_sub(1), 1, &duty, theme::Role::Bar);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_shortens_before_the_certificate_and_the_session_stays() {
        for room in 14..70 {
            let (site, title) = shorten("滨江职业学院考点", "跨境电商B2B数据运营 中级", "上午场", room);
            assert!(width(&site) + 3 + width(&title) <= room, "{room}: {site} | {title}");
            assert!(title.ends_with("上午场"), "{room}: {title}");
        }
        let short = |room| shorten("滨江考点", "Python 中级", "上午场", room);
        assert_eq!(short(40), ("滨江考点".to_owned(), "Python 中级 上午场".to_owned()));
        assert_eq!(short(28), ("滨江..".to_owned(), "Python 中级 上午场".to_owned()));
        assert_eq!(short(20), ("滨江考点".to_owned(), "上午场".to_owned()));
        let long = shorten("滨江职业学院考点", "跨境电商B2B数据运营 中级", "上午场", 30);
        assert_eq!(long, ("滨江..".to_owned(), "跨境电商B2B.. 上午场".to_owned()));
        assert_eq!(shorten("滨江考点", "", "", 20), ("滨江考点".to_owned(), String::new()));
    }
}
