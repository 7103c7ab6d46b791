//! XML as a workbook uses it: elements by their local name, text with its references resolved. Entities of a document
//! type are never expanded.

use super::Fault;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;

const BROKEN: Fault = Fault::Unreadable("a workbook whose XML is broken");

pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
}

/// What comes next. An empty element opens and closes.
pub(super) enum Node<'a> {
    Open(Tag<'a>),
    Close(String),
    Text(Cow<'a, str>),
}

/// The beginning of an element.
pub(super) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name
    }

    pub fn attribute(&self, name: &str) -> Result<Option<String>, Fault> {
        let Some(attribute) = self.0.try_get_attribute(name).map_err(|_| BROKEN)? else { return Ok(None) };
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| BROKEN)?;
        Ok(Some(value.into_owned()))
    }

    pub fn flag(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.attribute(name)?.is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on")))
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Fault> {
        self.attribute(name)?.map(|value| value.trim().parse().map_err(|_| BROKEN)).transpose()
    }
}

impl<'a> Xml<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader }
    }

    pub fn next(&mut self) -> Result<Option<Node<'a>>, Fault> {
        loop {
            return Ok(Some(match self.reader.read_event().map_err(|_| BROKEN)? {
                Event::Start(tag) | Event::Empty(tag) => Node::Open(Tag(tag)),
                Event::End(tag) => Node::Close(tag.local_name().as_ref().to_owned()),
                Event::Text(text) => Node::Text(text.xml10_content()),
                Event::CData(text) => Node::Text(text.xml10_content()),
                Event::GeneralRef(name) => {
                    let text = match name.resolve_char_ref().map_err(|_| BROKEN)? {
                        Some(c) => c.to_string(),
                        None => resolve_xml_entity(&name.xml10_content()).ok_or(BROKEN)?.to_owned(),
                    };
                    Node::Text(text.into())
                }
                Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => continue,
                Event::Eof => return Ok(None),
            }));
        }
    }
}
