//! Texts of a workbook: the shared ones, and what is written instead of characters that XML cannot hold.

use super::Fault;
use super::xml::{Node, Xml};

/// The shared strings in their order, each cut one character after `most`: enough to be refused as too long.
pub(super) fn read(text: &str, most: usize) -> Result<Vec<String>, Fault> {
    let mut strings = Vec::new();
    let mut xml = Xml::new(text);
    let mut current = Rich::new(most);
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(tag) if tag.is("si") => current = Rich::new(most),
            Node::Close(name) if name == "si" => strings.push(std::mem::replace(&mut current, Rich::new(most)).text()),
            node => current.take(&node),
        }
    }
    Ok(strings)
}

/// Text in runs: that of every `t` outside a reading (`rPh`).
pub(super) struct Rich {
    text: String,
    room: usize,
    inside: bool,
    reading: bool,
}

impl Rich {
    pub fn new(most: usize) -> Self {
        Self { text: String::new(), room: most + 1, inside: false, reading: false }
    }

    pub fn take(&mut self, node: &Node<'_>) {
        match node {
            Node::Open(tag) if tag.is("rPh") => self.reading = true,
            Node::Open(tag) if tag.is("t") => self.inside = !self.reading,
            Node::Close(name) if name == "rPh" => self.reading = false,
            Node::Close(name) if name == "t" => self.inside = false,
            Node::Text(text) if self.inside => {
                let before = self.text.len();
                self.text.extend(text.chars().take(self.room));
                self.room -= self.text.get(before..).map_or(0, |added| added.chars().count());
            }
            _ => {}
        }
    }

    pub fn text(self) -> String {
        unescaped(&self.text)
    }
}

/// `_x000D_` stands for a character by its UTF-16 code unit; a surrogate alone is left as it is written.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let code = escape.get(2..6).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = code.filter(|_| escape.get(6..7) == Some("_"));
        let c = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        let length = if let Some(c) = c {
            out.push(c);
            7
        } else {
            out.push_str("_x");
            2
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_one_text_and_readings_are_none() {
        let xml = r#"<sst xmlns="x"><si><t>张&amp;三</t></si><si><r><rPr><b/></rPr><t>欧</t></r><r><t xml:space="preserve">阳 &#x4E00;</t></r><rPh sb="0" eb="1"><t>ou</t></rPh></si><si/><si><t>abcdef</t></si></sst>"#;
        assert_eq!(read(xml, 4).unwrap(), ["张&三", "欧阳 一", "", "abcde"]);
        assert!(read("<sst><si><t>&boom;</t></si></sst>", 4).is_err());
        assert!(read("<sst><si></sst>", 4).is_err());
    }

    #[test]
    fn an_escaped_character_is_read_and_an_escaped_underscore_guards_one() {
        for (written, read) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00_ _xD800_ _x", "_x00_ _xD800_ _x"),
            ("_x12", "_x12"),
            ("_x张三李四王", "_x张三李四王"),
        ] {
            assert_eq!(unescaped(written), read);
        }
    }
}
