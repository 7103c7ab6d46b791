//! The running program, as journal and manifest name it.

use crate::domain::ids::Digest;
use crate::proof::sha256_read;
use std::fs::File;
use std::sync::OnceLock;

/// SHA-256 of the executable, so that a desk's software can be told later; zero where the system hides it. Read once:
/// whoever replaces the file of a running program does not change what runs.
pub(super) fn sha256() -> Digest {
    static SHA256: OnceLock<Digest> = OnceLock::new();
    let read = || std::env::current_exe().and_then(File::open).and_then(sha256_read);
    *SHA256.get_or_init(|| read().unwrap_or(Digest::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_hash_of_the_executable() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(sha256(), crate::proof::sha256(&[&bytes]));
    }
}
