//! Which cells a workbook shows as dates or times: its number formats.

use super::Fault;
use super::xml::{Node, Xml};
use std::collections::BTreeMap;

/// For each cell style (`cellXfs`) whether it shows a date or a time.
pub(super) fn read(text: &str) -> Result<Vec<bool>, Fault> {
    let mut formats: BTreeMap<u32, bool> = BTreeMap::new();
    let mut dates = Vec::new();
    let mut cells = false;
    let mut xml = Xml::new(text);
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(tag) if tag.is("numFmt") => {
                let code = tag.attribute("formatCode")?.unwrap_or_default();
                formats.insert(tag.number("numFmtId")?.unwrap_or_default(), shows_date(&code));
            }
            Node::Open(tag) if tag.is("cellXfs") => cells = true,
            Node::Close(name) if name == "cellXfs" => cells = false,
            Node::Open(tag) if cells && tag.is("xf") => {
                let id = tag.number("numFmtId")?.unwrap_or_default();
                dates.push(formats.get(&id).copied().unwrap_or_else(|| is_built_in_date(id)));
            }
            _ => {}
        }
    }
    Ok(dates)
}

/// Formats that need no definition (ECMA-376 part 1, 18.8.30), those of Chinese locales included.
fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// A format code with a letter of dates or times outside quotes, brackets and escapes, in its first section.
fn shows_date(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                // Elapsed time, as opposed to colours, conditions and locales.
                if !inside.is_empty() && inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    return true;
                }
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            ';' => return false,
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => return true,
            // "General" has none of the letters but is no code of its own.
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_a_date_by_its_letters() {
        for code in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]hh:mm", "[h]:mm", "m/d", "H:MM;@"] {
            assert!(shows_date(code), "{code}");
        }
        for code in ["General", "0", "@", "0.00", "\"d\"0", "[Red]0", "[<=9]0", "\\d0", "0;d", "0_d", "#,##0"] {
            assert!(!shows_date(code), "{code}");
        }
    }

    #[test]
    fn only_cell_styles_count_and_own_formats_win() {
        let xml = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy/m/d"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="49"/><xf numFmtId="170"/><xf/></cellXfs></styleSheet>"#;
        assert_eq!(read(xml).unwrap(), [false, true, false, true, false]);
    }
}
