//! The ZIP around a workbook: parts by name, inflated within one budget for the whole file.

use super::Fault;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

const BROKEN: Fault = Fault::Unreadable("a broken ZIP");

pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    most: u64,
    left: u64,
}

impl<'a> Package<'a> {
    /// Looks at the directory alone. Refuses a file that says to be larger than `most` bytes inflated; one that lies is
    /// stopped by [`Self::part`].
    pub fn open(bytes: &'a [u8], most: u64) -> Result<Self, Fault> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
        let declared = archive.decompressed_size().ok_or(BROKEN)?;
        if declared > u128::from(most) {
            return Err(too_large(most, declared.to_string()));
        }
        Ok(Self { archive, most, left: most })
    }

    /// A part's text.
    pub fn part(&mut self, name: &str) -> Result<String, Fault> {
        let file = self.archive.by_name(name).map_err(|_| Fault::Unreadable("a workbook without all its parts"))?;
        let mut bytes = Vec::new();
        file.take(self.left.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| BROKEN)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or_else(|| too_large(self.most, "more".into()))?;
        let text = String::from_utf8(bytes).map_err(|_| Fault::Unreadable("a part that is not UTF-8"))?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }
}

fn too_large(most: u64, found: String) -> Fault {
    Fault::Limit { expected: format!("a workbook of at most {most} bytes inflated"), found }
}
