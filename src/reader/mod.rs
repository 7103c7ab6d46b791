//! Card readers on a serial line: bytes in, [`CardRead`](crate::domain::document::CardRead)s out.
//!
//! ```text
//! bytes -> frame -> sam -> record -> Presented        pure: what the bytes mean
//! photo                                              the site's own decoder of chip photos, run apart
//! lines                                              scanners and campus-card readers, from bytes to their port
//! port                                               a supervised thread that owns the line
//! trace                                              what went over it lately, without a byte of a card
//! inventory                                          which serial ports there are, and who holds them
//! simulate                                           the same protocol from the other side, on a real pty
//! ```
//!
//! Follows `id-card-reader.md`. Knows nothing of candidates, sessions or verdicts: it imports `domain` alone.
//! A card's content is personal and untrusted; noise on the wire is counted and never becomes a card.

pub mod frame;
pub mod inventory;
pub mod lines;
pub mod photo;
pub mod port;
pub mod record;
pub mod sam;
pub mod simulate;
mod stop;
pub mod trace;
