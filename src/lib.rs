//! kaodian (考点): the terminal desk for examination day.

pub mod cli;
pub mod domain;
pub mod reader;
