//! kaodian (考点): the terminal desk for examination day.

pub mod desk;
pub mod domain;
pub mod journal;
pub mod proof;
pub mod reader;
pub mod store;
pub mod trust;
