//! kaodian (考点): the terminal desk for examination day.

pub mod cli;
pub mod config;
pub mod demo;
pub mod desk;
pub mod domain;
pub mod intake;
pub mod journal;
pub mod org;
pub mod proof;
pub mod reader;
pub mod runtime;
pub mod seal;
pub mod store;
pub mod trust;
pub mod tui;
