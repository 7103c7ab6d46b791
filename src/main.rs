//! The binary: parse arguments, call `cli`, turn a failure into an exit code.

fn main() {}
