//! Big type: 汉字 as half blocks, digits and letters as coloured blanks.
//!
//! Owns the 5x7 font. 汉字 are the 16x16 bitmaps of GNU Unifont, drawn as 16 columns x 8 rows. Digits and letters need
//! no glyph at all: a pixel is two blanks in the ink's ground, 10 columns x 7 rows, so they look alike in every font.

use super::super::theme::Role;
use super::Pen;

/// Columns and rows of one big 汉字.
pub const HAN: (u16, u16) = (16, 8);
/// Rows of a big digit.
pub const ROWS: u16 = 7;
/// More big digits than this do not fit 80 columns.
pub const MOST: usize = 6;

/// Draws a row of big 汉字, `advance` columns from one to the next. A character without a bitmap leaves its place blank.
pub fn word(pen: &mut Pen<'_>, x: u16, y: u16, advance: u16, text: &str, role: Role) {
    let mut left = x;
    for glyph in text.chars().map(unifont::get_glyph) {
        if let Some(glyph) = glyph {
            let wide = u16::try_from(glyph.get_width()).unwrap_or(HAN.0);
            bitmap(pen, left, y, wide, |px, py| glyph.get_pixel(px, py), role);
        }
        left += advance;
    }
}

/// True when every character of a word can be drawn big.
#[must_use]
pub fn has_bitmaps(text: &str) -> bool {
    text.chars().all(|c| unifont::get_glyph(c).is_some_and(unifont::Glyph::is_fullwidth))
}

/// Draws sixteen rows of pixels as eight rows of half blocks.
pub(super) fn bitmap(pen: &mut Pen<'_>, x: u16, y: u16, wide: u16, pixel: impl Fn(usize, usize) -> bool, role: Role) {
    for row in 0..usize::from(HAN.1) {
        let line: String = (0..usize::from(wide))
            .map(|column| match (pixel(column, 2 * row), pixel(column, 2 * row + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            })
            .collect();
        pen.text(x, y + u16::try_from(row).unwrap_or(0), &line, role);
    }
}

/// Draws big digits and letters; lower case as upper case, anything else as a gap. Returns the columns used.
pub fn digits(pen: &mut Pen<'_>, x: u16, y: u16, text: &str, ground: Role) -> u16 {
    let ink = pen.look().theme.ink(ground);
    let mut left = x;
    for c in text.chars() {
        for (row, bits) in (0..).zip(glyph(c)) {
            for column in (0..5).filter(|column| bits & (0b1_0000 >> column) != 0) {
                pen.styled(left + 2 * column, y + row, "  ", ink);
            }
        }
        left += advance(c);
    }
    columns(text)
}

/// Columns that big digits take.
#[must_use]
pub fn columns(text: &str) -> u16 {
    text.chars().map(advance).fold(0, u16::saturating_add).saturating_sub(2)
}

/// Columns from one glyph to the next; the dash is three pixels wide, everything else five.
fn advance(c: char) -> u16 {
    if c == '-' { 8 } else { 12 }
}

/// Five columns by seven rows, the leftmost column in bit 4.
#[rustfmt::skip]
fn glyph(c: char) -> [u8; 7] {
    match c.to_ascii_uppercase() {
        '0' => [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        '1' => [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        '2' => [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        '3' => [0b01110, 0b10001, 0b00001, 0b00110, 0b00001, 0b10001, 0b01110],
        '4' => [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        '5' => [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        '6' => [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        '7' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        '8' => [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        '9' => [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'B' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110],
        'C' => [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110],
        'D' => [0b11100, 0b10010, 0b10001, 0b10001, 0b10001, 0b10010, 0b11100],
        'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        'F' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000],
        'G' => [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01111],
        'H' => [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'I' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b11111],
        'J' => [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100],
        'K' => [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001],
        'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        'M' => [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        'N' => [0b10001, 0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001],
        'O' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        'Q' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10101, 0b10010, 0b01101],
        'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        'T' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
        'U' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'V' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100],
        'W' => [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001],
        'X' => [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001],
        'Y' => [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100],
        'Z' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b11111],
        '-' => [0, 0, 0, 0b11100, 0, 0, 0],
        _ => [0; 7],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_digit_and_letter_has_a_shape_of_its_own() {
        let all: Vec<char> = ('0'..='9').chain('A'..='Z').chain(['-']).collect();
        let shapes: HashSet<[u8; 7]> = all.iter().map(|c| glyph(*c)).collect();
        assert_eq!(shapes.len(), all.len());
        assert!(!shapes.contains(&[0; 7]));
        assert!(shapes.iter().flatten().all(|row| *row < 32));
        assert_eq!(glyph('a'), glyph('A'));
    }

    #[test]
    fn six_glyphs_are_the_most_that_eighty_columns_take() {
        assert!(columns("ABC-99") <= 78);
        assert!(columns("ABC-9999") > 78);
        assert_eq!(columns("03-17"), 54);
    }

    #[test]
    fn every_plate_word_has_bitmaps() {
        for plate in crate::tui::theme::Plate::ALL {
            assert!(has_bitmaps(super::super::plate::big_word(plate)), "{plate:?}");
        }
        assert!(has_bitmaps("刷身份证请找监考"));
        assert!(!has_bitmaps("𠮷"));
    }
}
