//! Roles and what they look like: 256 colours, 16 colours, none.
//!
//! Owns the theme files of `assets/themes` and the choice among them. Screens name roles, never colours. A plate's
//! colour judges the tap, and its word, shape and edge say the same without any colour (screens.md §1, §6); the
//! contrast of every pair is a test of this file.

use ratatui::style::{Color, Modifier, Style};
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(RustEmbed)]
#[folder = "assets/themes"]
struct Files;

/// What a plate says about a tap. Seven shapes, edges and words, plus the fault of the desk itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plate {
    /// 请进.
    Ok,
    /// 迟到, admitted.
    Late,
    /// 已签.
    Already,
    /// 未通过.
    Refused,
    /// 请稍候.
    Proctor,
    /// 请重放.
    Unreadable,
    /// 读卡中: seen, not yet durable.
    Reading,
    /// 停用: the journal cannot be written.
    Fault,
}

impl Plate {
    /// Every plate.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::Late,
        Self::Already,
        Self::Refused,
        Self::Proctor,
        Self::Unreadable,
        Self::Reading,
        Self::Fault,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Late => "late",
            Self::Already => "already",
            Self::Refused => "refused",
            Self::Proctor => "proctor",
            Self::Unreadable => "unreadable",
            Self::Reading => "reading",
            Self::Fault => "fault",
        }
    }
}

/// What a cell is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Ordinary text, and the ground under everything.
    Text,
    /// Headings.
    Title,
    /// Rules, column heads, hints.
    Muted,
    /// A good word, such as `[OK]`.
    Good,
    /// A word to look at.
    Warn,
    /// A bad word.
    Bad,
    /// A neutral word that stands out.
    Info,
    /// Header rows and footer labels.
    Bar,
    /// Keys in the footer, and what must be seen in the header.
    Key,
    /// The row under the cursor; it also has `>` in column 1.
    Selection,
    /// The field that takes typing.
    Field,
    /// A tap's result over a screen somebody works on.
    Strip,
    /// A plate.
    Plate(Plate),
    /// A plate's edge.
    Edge(Plate),
}

impl Role {
    const PLAIN: [(&'static str, Self); 12] = [
        ("text", Self::Text),
        ("title", Self::Title),
        ("muted", Self::Muted),
        ("ok", Self::Good),
        ("warn", Self::Warn),
        ("error", Self::Bad),
        ("info", Self::Info),
        ("bar", Self::Bar),
        ("key", Self::Key),
        ("selection", Self::Selection),
        ("field", Self::Field),
        ("strip", Self::Strip),
    ];

    /// Every role with its name in a theme file.
    pub fn all() -> impl Iterator<Item = (String, Self)> {
        let plates = Plate::ALL.into_iter().flat_map(|p| {
            [(format!("plate-{}", p.word()), Self::Plate(p)), (format!("edge-{}", p.word()), Self::Edge(p))]
        });
        Self::PLAIN.into_iter().map(|(name, role)| (name.to_owned(), role)).chain(plates)
    }
}

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The xterm cube of 256.
    Cube,
    /// The terminal's own sixteen.
    Sixteen,
    /// None.
    Mono,
}

impl Depth {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Cube, Self::Sixteen, Self::Mono];

    /// Chooses by the environment: `NO_COLOR` set and not empty, `COLORTERM`, `TERM`.
    #[must_use]
    pub fn choose(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or("");
        if no_color.is_some_and(|v| !v.is_empty()) || matches!(term, "" | "dumb") || term.starts_with("vt") {
            Self::Mono
        } else if colorterm.is_some_and(|c| matches!(c, "truecolor" | "24bit"))
            || ["256color", "direct", "foot", "kitty", "alacritty", "ghostty"].iter().any(|name| term.contains(name))
        {
            Self::Cube
        } else {
            Self::Sixteen
        }
    }

    /// Reads the word of the configuration key `ui.theme`; `auto` is the caller's.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.word() == word)
    }

    /// Its word, also the name of its file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cube => "256",
            Self::Sixteen => "16",
            Self::Mono => "mono",
        }
    }
}

/// Why a theme file is refused.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// Not embedded.
    #[error("theme {0} is not embedded")]
    Missing(&'static str),
    /// Not readable as a theme.
    #[error("theme {name}: {message}")]
    Unreadable {
        /// Which.
        name: &'static str,
        /// What the parser says.
        message: String,
    },
    /// A role without a line, or a line without a role.
    #[error("theme {name}: expected one line for every role, found {found:?}")]
    Roles {
        /// Which.
        name: &'static str,
        /// The names missing or unknown.
        found: Vec<String>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    fg: Option<u8>,
    bg: Option<u8>,
    #[serde(default)]
    mods: Vec<Mod>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mod {
    Bold,
    Reverse,
    Underline,
}

/// The look of every role at one colour depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    depth: Depth,
    styles: BTreeMap<Role, Style>,
}

impl Theme {
    /// Reads the embedded theme of a depth.
    ///
    /// # Errors
    /// [`ThemeError`] when the file is wrong, which the tests of this file exclude.
    pub fn load(depth: Depth) -> Result<Self, ThemeError> {
        let name = depth.word();
        let file = Files::get(&format!("{name}.toml")).ok_or(ThemeError::Missing(name))?;
        let unreadable = |message: String| ThemeError::Unreadable { name, message };
        let text = std::str::from_utf8(&file.data).map_err(|e| unreadable(e.to_string()))?;
        let mut lines: BTreeMap<String, Line> = toml::from_str(text).map_err(|e| unreadable(e.message().to_owned()))?;
        let mut styles = BTreeMap::new();
        let mut wrong = Vec::new();
        for (key, role) in Role::all() {
            match lines.remove(&key) {
                Some(line) => drop(styles.insert(role, line.style())),
                None => wrong.push(key),
            }
        }
        wrong.extend(lines.into_keys());
        if wrong.is_empty() { Ok(Self { depth, styles }) } else { Err(ThemeError::Roles { name, found: wrong }) }
    }

    /// Its colour depth.
    #[must_use]
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// The look of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }

    /// The look of a blank that counts as ink on a role's ground: ground and ink exchanged.
    #[must_use]
    pub fn ink(&self, role: Role) -> Style {
        let style = self.style(role);
        match (style.fg, style.bg) {
            (Some(fg), Some(_)) => style.bg(fg),
            _ if style.add_modifier.contains(Modifier::REVERSED) => {
                Style::new().remove_modifier(Modifier::REVERSED | Modifier::UNDERLINED)
            }
            _ => Style::new().add_modifier(Modifier::REVERSED),
        }
    }
}

impl Line {
    fn style(&self) -> Style {
        let style = Style { fg: self.fg.map(Color::Indexed), bg: self.bg.map(Color::Indexed), ..Style::new() };
        self.mods.iter().fold(style, |style, m| {
            style.add_modifier(match m {
                Mod::Bold => Modifier::BOLD,
                Mod::Reverse => Modifier::REVERSED,
                Mod::Underline => Modifier::UNDERLINED,
            })
        })
    }
}

#[cfg(test)]
mod tests;
