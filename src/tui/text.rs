//! Text as cells: widths, cutting and padding, and what of a person the public glass may show.
//!
//! A wide character is never cut in half. Everything here is pure; nothing knows a screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Stands where text was cut. Two dots: an ellipsis is two columns wide on some terminals.
const CUT: &str = "..";

/// Columns that a text takes on a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `columns`, with `..` at its end if something was cut.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (room, mark) = if columns > CUT.len() { (columns - CUT.len(), CUT) } else { (columns, "") };
    let mut used = 0;
    let mut out: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= room
        })
        .collect();
    out.push_str(mark);
    out
}

/// The end of the text in at most `columns`, with `..` in front if something was cut: for numbers told apart by tails.
#[must_use]
pub fn fit_tail(text: &str, columns: usize) -> String {
    if text.width() <= columns || columns <= CUT.len() {
        return fit(text, columns);
    }
    let mut used = CUT.len();
    let tail: Vec<char> = text
        .chars()
        .rev()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect();
    CUT.chars().chain(tail.into_iter().rev()).collect()
}

/// The text in exactly `columns`: cut or filled with blanks on the right.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = fit(text, columns);
    out.extend(std::iter::repeat_n(' ', columns - out.width().min(columns)));
    out
}

/// The text in exactly `columns`: cut or filled with blanks on the left.
#[must_use]
pub fn pad_left(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    format!("{}{text}", " ".repeat(columns - text.width().min(columns)))
}

/// The text in lines of at most `columns` (two or more): broken at blanks, between 汉字, and inside a word only where it
/// is longer than a line. No line begins with closing punctuation.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text, columns) {
        if !line.is_empty() && line.width() + piece.width() > columns {
            lines.push(std::mem::take(&mut line));
        }
        if piece != " " || !line.is_empty() {
            line.push_str(&piece);
        }
    }
    lines.push(line);
    lines.into_iter().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// What may stand at the start of a line: words, blanks, single 汉字 with the punctuation behind them.
fn pieces(text: &str, columns: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut joins = false;
    for c in text.chars() {
        let narrow = c.width().unwrap_or(0) < 2;
        let joined = (joins && narrow && c != ' ') || "，。；：、）！？》".contains(c);
        match pieces.last_mut() {
            Some(last) if joined && last != " " && last.width() + c.width().unwrap_or(0) <= columns => last.push(c),
            _ => pieces.push(c.to_string()),
        }
        joins = narrow && c != ' ';
    }
    pieces
}

/// What the public glass shows of a name: its first character and a star.
#[must_use]
pub fn masked(name: &str) -> String {
    name.chars().next().map_or_else(String::new, |first| format!("{first}*"))
}

/// A countdown: `MM:SS`, from one hour on `H:MM:SS`; past moments count as zero.
#[must_use]
pub fn countdown(seconds: i64) -> String {
    let s = seconds.max(0);
    let (hours, minutes, seconds) = (s / 3600, s / 60 % 60, s % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes:02}:{seconds:02}") }
}

/// Centi-points as a person writes them: `80`, `12.5`, `63.25`.
#[must_use]
pub fn points(centi: u32) -> String {
    match (centi / 100, centi % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) if part % 10 == 0 => format!("{whole}.{}", part / 10),
        (whole, part) => format!("{whole}.{part:02}"),
    }
}

/// Reads what [`points`] writes and what an assessor types: `\d{1,4}(\.\d{1,2})?` (rules.md §2, `Mark`).
#[must_use]
pub fn parse_points(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').map_or((text, None), |(w, p)| (w, Some(p)));
    let digits = |t: &str, most: usize| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 4) || !part.is_none_or(|p| digits(p, 2)) {
        return None;
    }
    let part = match part {
        None => 0,
        Some(p) if p.len() == 1 => p.parse::<u32>().ok()? * 10,
        Some(p) => p.parse().ok()?,
    };
    Some(whole.parse::<u32>().ok()? * 100 + part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_are_read_and_written_as_centi_points() {
        for (text, centi) in [("80", 8000), ("12.5", 1250), ("63.25", 6325), ("0", 0), ("9999.99", 999_999)] {
            assert_eq!(parse_points(text), Some(centi), "{text}");
            assert_eq!(points(centi), text);
        }
        for bad in ["", ".5", "12.", "1.234", "12345", "-1", "+1", "1e2", "１", "1,5"] {
            assert_eq!(parse_points(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_masked_name_shows_its_first_character_only() {
        assert_eq!(masked("𠮷田一郎"), "𠮷*");
        assert_eq!(masked("MUHAMMATJAN ABDURAXMAN"), "M*");
        assert_eq!(masked(""), "");
    }

    #[test]
    fn countdowns_never_show_a_past_moment() {
        assert_eq!(countdown(17 * 60 + 43), "17:43");
        assert_eq!(countdown(3600 + 62), "1:01:02");
        assert_eq!(countdown(-5), "00:00");
    }

    #[test]
    fn lines_break_at_blanks_and_between_characters() {
        assert_eq!(wrap("free some disk space", 10), ["free some", "disk space"]);
        assert_eq!(wrap("先关闭，再封存", 6), ["先关", "闭，再", "封存"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn cut_numbers_keep_their_tail() {
        assert_eq!(fit_tail("26112403171234567890", 10), "..34567890");
        assert_eq!(fit("张晓明同学", 7), "张晓..");
    }

    proptest! {
        #[test]
        fn cutting_never_passes_the_width(text in "\\PC{0,40}", columns in 0usize..30) {
            prop_assert!(width(&fit(&text, columns)) <= columns);
            prop_assert!(width(&fit_tail(&text, columns)) <= columns);
        }

        #[test]
        fn wrapping_keeps_every_character_and_the_width(text in "[a-z张晓明，。 ]{0,60}", columns in 2usize..30) {
            let lines = wrap(&text, columns);
            let solid = |text: &str| text.replace(' ', "");
            prop_assert_eq!(solid(&lines.concat()), solid(&text));
            for line in lines {
                prop_assert!(width(&line) <= columns, "{}", line);
            }
        }

        #[test]
        fn padding_gives_the_width(text in "[a-z张晓明（）]{0,40}", columns in 0usize..30) {
            prop_assert_eq!(width(&pad(&text, columns)), columns);
            prop_assert_eq!(width(&pad_left(&text, columns)), columns);
        }
    }
}
