//! kaodian (考点): the terminal desk for examination day.

pub mod domain;
pub mod tui;
