//! Names, media types and order of everything in a package (sealing.md §6).
//!
//! ```text
//! OUTER   mimetype · envelope.jws.json · sealed.zip.age                    all stored, in this order
//! INNER   attendance.jsonl · incidents.jsonl · journal.jsonl · ledger.jsonl · mimetype · policy.toml ·
//!         results.jsonl · seal.jws.json                                    ascending by bytes of the name
//! ```

/// First member of both archives.
pub const MIMETYPE: &str = "mimetype";
/// What the outer one says.
pub const OUTER_TYPE: &[u8] = b"application/vnd.kaodian.exam-seal-package+zip";
/// What the inner one says.
pub const INNER_TYPE: &[u8] = b"application/vnd.kaodian.exam-seal+zip";
/// The site's signature around everything.
pub const ENVELOPE: &str = "envelope.jws.json";
/// The encrypted inner archive.
pub const SEALED: &str = "sealed.zip.age";
/// The manifest with the signatures of two proctors and the site.
pub const SEAL: &str = "seal.jws.json";

/// Members of the outer archive, in their order.
pub const OUTER: [&str; 3] = [MIMETYPE, ENVELOPE, SEALED];
/// Members of the inner archive, in their order.
pub const INNER: [&str; 8] = [
    File::Attendance.name(),
    File::Incidents.name(),
    File::Journal.name(),
    File::Ledger.name(),
    MIMETYPE,
    File::Policy.name(),
    File::Results.name(),
    SEAL,
];

/// The most that `envelope.jws.json` and `seal.jws.json` may have: three certificates and a manifest are far below it.
pub const MOST_SIGNED: usize = 256 * 1024;

/// The files that the manifest lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// Everybody's attendance, a line each.
    Attendance,
    /// Incidents, a line each.
    Incidents,
    /// The session's streams.
    Journal,
    /// The site ledger's part.
    Ledger,
    /// The exam policy.
    Policy,
    /// Everybody's result, a line each.
    Results,
}

impl File {
    /// Every file, ascending by name.
    pub const ALL: [Self; 6] =
        [Self::Attendance, Self::Incidents, Self::Journal, Self::Ledger, Self::Policy, Self::Results];

    /// Its name in the archive.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attendance => "attendance.jsonl",
            Self::Incidents => "incidents.jsonl",
            Self::Journal => "journal.jsonl",
            Self::Ledger => "ledger.jsonl",
            Self::Policy => "policy.toml",
            Self::Results => "results.jsonl",
        }
    }

    /// Its media type in the manifest.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Policy => "application/toml",
            _ => "application/jsonl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_files_ascend_by_their_names() {
        assert!(INNER.is_sorted() && File::ALL.is_sorted_by_key(|file| file.name()));
        assert_eq!(INNER.iter().filter(|name| ![MIMETYPE, SEAL].contains(name)).count(), File::ALL.len());
    }
}
