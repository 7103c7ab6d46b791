//! Texts of the screens in two languages, switched while running.
//!
//! Owns the Fluent catalogues of `assets/locales` (zh-CN is default and fallback). Every message is asked for through
//! `tr!`, which does not compile when zh-CN lacks the message or the argument; the test below holds en to the same
//! keys. No isolation marks are inserted: a terminal would show them as boxes. Knows nothing of screens.

use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed::unic_langid::LanguageIdentifier;
use i18n_embed::{I18nEmbedError, LanguageLoader};
use rust_embed::RustEmbed;

/// Asks the catalogue for one message in the language of `look.texts`, arguments by name.
macro_rules! tr {
    ($look:expr, $id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        i18n_embed_fl::fl!($look.texts.catalogue(), $id $(, $name = $value)*)
    };
}
pub(crate) use tr;

#[derive(RustEmbed)]
#[folder = "assets/locales"]
struct Locales;

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Lang {
    /// Both, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// Its BCP 47 tag, also the folder of its catalogue.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The one that `^E` turns to.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// Reads the value of `--lang`.
    #[must_use]
    pub fn from_tag(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.tag() == text)
    }
}

/// The texts in one language, with all languages at hand.
pub struct Texts {
    lang: Lang,
    all: FluentLanguageLoader,
    current: FluentLanguageLoader,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.lang).finish()
    }
}

impl Texts {
    /// Loads the embedded catalogues.
    ///
    /// # Errors
    /// [`I18nEmbedError`] when a catalogue does not parse, which the tests of this file exclude.
    pub fn load(lang: Lang) -> Result<Self, I18nEmbedError> {
        let tags = Lang::ALL.map(|l| identifier(l.tag()));
        let all = FluentLanguageLoader::new("kaodian", identifier(Lang::Chinese.tag()));
        all.load_languages(&Locales, &tags)?;
        all.set_use_isolating(false);
        let current = all.select_languages(&[identifier(lang.tag())]);
        Ok(Self { lang, all, current })
    }

    /// The language shown.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Shows another language from the next draw on.
    pub fn switch(&mut self, lang: Lang) {
        self.lang = lang;
        self.current = self.all.select_languages(&[identifier(lang.tag())]);
    }

    /// The catalogue that `tr!` reads.
    #[must_use]
    pub fn catalogue(&self) -> &FluentLanguageLoader {
        &self.current
    }
}

fn identifier(tag: &str) -> LanguageIdentifier {
    tag.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use unicode_width::UnicodeWidthChar;

    fn catalogue(lang: Lang) -> BTreeMap<String, (String, BTreeSet<String>)> {
        let file = Locales::get(&format!("{}/kaodian.ftl", lang.tag())).unwrap();
        let text = std::str::from_utf8(&file.data).unwrap().to_owned();
        let mut messages = BTreeMap::new();
        for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (id, pattern) = line.split_once(" = ").unwrap_or_else(|| panic!("not one line: {line}"));
            let arguments = pattern
                .split("{ $")
                .skip(1)
                .map(|rest| rest.split_once(" }").expect("an argument closes").0.to_owned())
                .collect();
            assert!(messages.insert(id.to_owned(), (pattern.to_owned(), arguments)).is_none(), "{id} stands twice");
        }
        messages
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let [zh, en] = Lang::ALL.map(catalogue);
        for (id, (_, arguments)) in &zh {
            let other = en.get(id).unwrap_or_else(|| panic!("en lacks {id}"));
            assert_eq!(arguments, &other.1, "arguments of {id}");
        }
        assert_eq!(zh.len(), en.len(), "en has messages that zh-CN lacks");
        assert!(zh.len() > 200);
    }

    #[test]
    fn no_message_is_left_that_nothing_says() {
        fn sources(folder: &std::path::Path, text: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
                if entry.is_dir() {
                    sources(&entry, text);
                } else {
                    text.push_str(&std::fs::read_to_string(entry).unwrap());
                }
            }
        }
        let mut text = String::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
        for id in catalogue(Lang::Chinese).keys() {
            assert!(text.contains(&format!("\"{id}\"")), "{id}");
        }
    }

    #[test]
    fn no_character_is_of_doubtful_width() {
        for lang in Lang::ALL {
            for (id, (pattern, _)) in catalogue(lang) {
                for c in pattern.chars() {
                    let drawing = ('\u{2500}'..='\u{259f}').contains(&c);
                    assert!(drawing || c.width() == c.width_cjk(), "{id} in {}: {c:?}", lang.tag());
                    assert!(c.width().is_some_and(|w| w > 0), "{id} in {}: {c:?} has no width", lang.tag());
                }
            }
        }
    }

    #[test]
    fn headlines_fit_twenty_characters() {
        for (id, (pattern, _)) in catalogue(Lang::Chinese) {
            if id.starts_with("adm-") && id.len() == 6 {
                assert!(pattern.replace("{ $session }", "下午场").chars().count() <= 20, "{id}");
            }
        }
    }

    #[test]
    fn the_language_changes_while_running_and_arguments_carry_no_marks() {
        struct Look {
            texts: Texts,
        }
        let mut look = Look { texts: Texts::load(Lang::Chinese).unwrap() };
        assert_eq!(tr!(look, "tail", tail = "021X"), "尾号 021X");
        look.texts.switch(Lang::English);
        assert_eq!(tr!(look, "tail", tail = "021X"), "ID ..021X");
        assert_eq!(look.texts.lang().other(), Lang::Chinese);
        assert_eq!(Lang::from_tag("en"), Some(Lang::English));
        assert_eq!(Lang::from_tag("de"), None);
    }
}
