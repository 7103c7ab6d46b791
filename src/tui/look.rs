//! What every view is given besides its facts: texts, colours, keys.

use super::i18n::Texts;
use super::keymap::Keymap;
use super::theme::{Role, Theme};
use ratatui::style::Style;

/// Language, theme and keys of one draw.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Texts in the language shown.
    pub texts: &'a Texts,
    /// The look of every role.
    pub theme: &'a Theme,
    /// The keys of this operator.
    pub keys: &'a Keymap,
}

impl Look<'_> {
    /// The look of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }
}
