//! A QR code of version 3, drawn black on white whatever the theme is: a camera reads nothing else.
//!
//! Two modules share a cell as half blocks, or a module is two blanks with a ground of its own where there is room. The
//! quiet zone of four modules is part of the drawing. A terminal without colours is taken for a dark one and reversed.

use super::super::theme::Depth;
use super::Pen;
use qrcode::{Color as Module, EcLevel, QrCode, Version};
use ratatui::style::{Color, Modifier, Style};

/// Modules of a side without the quiet zone: version 3.
const SIDE: usize = 29;
/// Modules around it.
const QUIET: usize = 4;
/// Modules of a side with the quiet zone.
const WHOLE: u16 = 37;

/// Columns and rows of the drawing with half blocks.
pub const SMALL: (u16, u16) = (WHOLE, WHOLE.div_ceil(2));
/// Columns and rows of the drawing with two blanks for a module.
pub const LARGE: (u16, u16) = (2 * WHOLE, WHOLE);

/// The modules of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(Vec<Module>);

impl Code {
    /// The code of a text: level M where version 3 holds it (61 capitals and digits), else L (77). None: too long.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let at = |level| QrCode::with_version(text, Version::Normal(3), level).ok();
        [EcLevel::M, EcLevel::L].into_iter().find_map(at).map(|code| Self(code.into_colors()))
    }

    /// Whether a module is dark, by column and row of the drawing; the quiet zone is light.
    fn dark(&self, x: usize, y: usize) -> bool {
        let inside = |n: usize| n.checked_sub(QUIET).filter(|n| *n < SIDE);
        let module = inside(x).zip(inside(y)).and_then(|(x, y)| self.0.get(y * SIDE + x));
        module == Some(&Module::Dark)
    }
}

/// Draws the code with half blocks.
pub fn small(pen: &mut Pen<'_>, x: u16, y: u16, code: &Code) {
    let style = ink(pen.look().theme.depth());
    for row in 0..SMALL.1 {
        let top = 2 * usize::from(row);
        let line: String = (0..usize::from(SMALL.0))
            .map(|column| match (code.dark(column, top), code.dark(column, top + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            })
            .collect();
        pen.styled(x, y + row, &line, style);
    }
}

/// Draws the code four times as large, without any glyph.
pub fn large(pen: &mut Pen<'_>, x: u16, y: u16, code: &Code) {
    let light = ink(pen.look().theme.depth());
    let dark = match (light.fg, light.bg) {
        (Some(fg), Some(bg)) => Style::new().fg(bg).bg(fg),
        _ => Style::new().remove_modifier(Modifier::REVERSED),
    };
    for row in 0..LARGE.1 {
        for column in 0..WHOLE {
            let style = if code.dark(usize::from(column), usize::from(row)) { dark } else { light };
            pen.styled(x + 2 * column, y + row, "  ", style);
        }
    }
}

/// Black on white; where no colour can be set, the reverse of an ordinary dark screen.
fn ink(depth: Depth) -> Style {
    match depth {
        Depth::Cube => Style::new().fg(Color::Indexed(16)).bg(Color::Indexed(231)),
        Depth::Sixteen => Style::new().fg(Color::Black).bg(Color::White),
        Depth::Mono => Style::new().add_modifier(Modifier::REVERSED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_version_three_holds_seventy_seven_capitals() {
        for (length, fits) in [(1, true), (61, true), (62, true), (77, true), (78, false)] {
            assert_eq!(Code::of(&"A".repeat(length)).is_some(), fits, "{length}");
        }
    }

    #[test]
    fn the_quiet_zone_is_light_and_the_corner_dark() {
        let code = Code::of("EK1").unwrap();
        assert!((0..37).all(|n| !code.dark(n, 3) && !code.dark(3, n) && !code.dark(33, n) && !code.dark(n, 33)));
        assert!((4..11).all(|n| code.dark(n, 4) && code.dark(4, n)));
    }
}
