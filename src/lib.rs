//! kaodian (考点): the terminal desk for examination day.

pub mod demo;
pub mod domain;
pub mod journal;
pub mod proof;
