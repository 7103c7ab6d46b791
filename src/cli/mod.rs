//! The commands: arguments in, lines out. Knows every room; no room knows it.

pub mod reader;
