//! A line of a table before its columns have a meaning, whatever form the file has.

/// One cell as the file holds it. Text alone is what a person typed; everything else is what a spreadsheet made of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    /// Text, every cell of a CSV file; empty where nothing is written.
    Text(String),
    /// A number of a workbook, shown as one.
    Number(f64),
    /// A number of a workbook, shown as a date or a time.
    Date {
        /// Days since the last day of 1899, or since 1904.
        serial: f64,
        /// Whether the workbook counts from 1904.
        since_1904: bool,
    },
    /// A formula, or an error value.
    Computed,
}

impl Raw {
    /// A cell in which nothing is written.
    pub const EMPTY: Self = Self::Text(String::new());

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// One line of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// Physical line of its start, or row of the sheet, from 1.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<Raw>,
}

/// A number in the shortest digits that mean it, never with an exponent.
pub(super) fn decimal(number: f64) -> String {
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_its_shortest_digits() {
        // Spreadsheets write 17 digits of what a person typed as four.
        for (written, text) in [("1", "1"), ("71.349999999999994", "71.35"), ("2E+9", "2000000000"), ("-0.5", "-0.5")] {
            assert_eq!(decimal(written.parse().unwrap()), text);
        }
    }
}
