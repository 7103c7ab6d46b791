//! The frame of every screen: two rows of header, twenty of body, two of footer, in the top left 80x24; where a screen
//! has a use for more, 128x48.
//!
//! A smaller terminal shows its size and the last verdict; taps are judged at any size.

use super::super::Look;
use super::super::keymap::ScreenId;
use super::super::text::fit;
use super::super::theme::{Plate, Role};
use super::footer::{self, Message};
use super::header::{self, Header};
use super::strip::{self, Strip};
use super::{Pen, plate};
use crate::tui::i18n::tr;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the core.
pub const COLUMNS: u16 = 80;
/// Rows of the core.
pub const ROWS: u16 = 24;
/// Columns and rows for screens that use them, on a terminal that has them.
const LARGE: (u16, u16) = (128, 48);
/// Rows of the header, and of the footer.
const BARS: u16 = 2;

/// What stands around a screen's body.
#[derive(Debug)]
pub struct Around<'a> {
    /// Rows 1 and 2.
    pub header: &'a Header,
    /// Row 23, see [`footer::foremost`].
    pub message: Option<&'a Message>,
    /// The screen whose keys row 24 names.
    pub screen: ScreenId,
    /// The screen that fills the body: the same one, or what an overlay lies over.
    pub under: ScreenId,
    /// A tap judged while somebody types.
    pub strip: Option<&'a Strip>,
    /// What a terminal that is too small still shows.
    pub last: Option<Plate>,
}

/// Draws the frame, lets `body` draw the twenty rows in its middle, and returns where the hardware cursor belongs.
pub fn draw(
    look: &Look<'_>,
    area: Rect,
    buffer: &mut Buffer,
    around: &Around<'_>,
    body: impl FnOnce(&mut Pen<'_>) -> Position,
) -> Position {
    let mut pen = Pen::new(buffer, area, look);
    pen.fill(Role::Text);
    if area.width < COLUMNS || area.height < ROWS {
        return too_small(&mut pen, around.last);
    }
    let fits = area.width >= LARGE.0 && area.height >= LARGE.1;
    let (columns, rows) = if fits && grows(around.under) { LARGE } else { (COLUMNS, ROWS) };
    let mut pen = pen.within(Rect::new(0, 0, columns, rows));
    header::draw(&mut pen, around.header);
    footer::draw(&mut pen, around.screen, around.message);
    let mut inner = pen.within(Rect::new(0, BARS, columns, rows - 2 * BARS));
    let cursor = body(&mut inner);
    if let Some(tap) = around.strip {
        // A search is typed in the first row: what is typed stays in sight, and the rule under it gives way.
        let row = u16::from(around.screen == ScreenId::Roster);
        strip::draw(&mut inner.within(Rect::new(0, row, columns, 1)), tap);
    }
    cursor
}

/// Screens that show more where there is room.
fn grows(screen: ScreenId) -> bool {
    matches!(screen, ScreenId::Checklist | ScreenId::Sealed | ScreenId::Reader | ScreenId::SeatMap)
}

fn too_small(pen: &mut Pen<'_>, last: Option<Plate>) -> Position {
    let look = pen.look();
    let columns = usize::from(pen.width());
    let size = tr!(look, "too-small", w = pen.width().to_string(), h = pen.height().to_string());
    pen.text(0, 0, &fit(&size, columns), Role::Text);
    if let Some(last) = last {
        let tag = tr!(look, "last-verdict", tag = plate::tag(last, look));
        pen.text(0, 1, &fit(&tag, columns), plate::word_role(last));
    }
    pen.position(0, 0)
}
