//! How much of a roster this product takes (rules.md §3). A value, so that benches and tests pass their own.

/// Limits of one import; exceeding one is KD-R-03, exceeding `per_session` KD-R-44.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of a workbook's parts, inflated, all together.
    pub inflated: u64,
    /// Rows below the header.
    pub rows: usize,
    /// Rows of one session.
    pub per_session: usize,
    /// Columns.
    pub columns: usize,
    /// Characters (scalar values) of one cell.
    pub cell: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 20 << 20, inflated: 200 << 20, rows: 30_000, per_session: 5_000, columns: 64, cell: 256 }
    }
}
