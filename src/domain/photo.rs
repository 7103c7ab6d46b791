//! The photo of a chip, as far as anybody could look at it (id-card-reader.md §10).
//!
//! A chip holds 1024 bytes in a format that only closed libraries read. So a photo is a state: without a decoder it
//! stays [`Photo::Raw`] in memory, and no screen may draw a placeholder that looks like a portrait. Never stored, so
//! there is no hash of it, and never decoded here. Personal: `Debug` shows the state alone.

use std::fmt;
use std::sync::Arc;

/// What is known of a chip's photo.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Photo {
    /// The chip has none.
    #[default]
    Absent,
    /// On the chip and not decoded: the bytes as stored, WLT, 1024 on every known card.
    Raw(Arc<[u8]>),
    /// Decoded by the site's own decoder.
    Decoded(Portrait),
    /// The site's decoder gave no picture.
    DecoderFailed(DecoderFault),
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("Absent"),
            Self::Raw(_) => f.write_str("Raw(..)"),
            Self::Decoded(_) => f.write_str("Decoded(..)"),
            Self::DecoderFailed(fault) => f.debug_tuple("DecoderFailed").field(fault).finish(),
        }
    }
}

/// A decoded photo: red, green and blue bytes, line by line from the top left.
#[derive(Clone, PartialEq, Eq)]
pub struct Portrait(Arc<[u8]>);

impl Portrait {
    /// Pixels in a line.
    pub const WIDTH: usize = 102;
    /// Lines.
    pub const HEIGHT: usize = 126;

    /// Takes the pixels.
    ///
    /// # Errors
    /// [`DecoderFault::Dimensions`] for another count of bytes, [`DecoderFault::Blank`] when all pixels are the same:
    /// closed decoders call a white picture a success.
    pub fn new(rgb: &[u8]) -> Result<Self, DecoderFault> {
        let (pixels, rest) = rgb.as_chunks::<3>();
        if pixels.len() != Self::WIDTH * Self::HEIGHT || !rest.is_empty() {
            return Err(DecoderFault::Dimensions);
        }
        if pixels.iter().all(|pixel| Some(pixel) == pixels.first()) {
            return Err(DecoderFault::Blank);
        }
        Ok(Self(rgb.into()))
    }

    /// [`WIDTH`](Self::WIDTH) × [`HEIGHT`](Self::HEIGHT) × 3 bytes.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Portrait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Portrait(..)")
    }
}

/// Why a decoder's run gave no picture.
///
/// | code | fault |
/// |---|---|
/// | KD-3121 | it cannot be started |
/// | KD-3122 | it took too long and was ended |
/// | KD-3123 | it ended with a failure |
/// | KD-3124 | its output is no picture, or too long |
/// | KD-3125 | its picture has another size |
/// | KD-3126 | its picture is one plain colour |
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecoderFault {
    /// It cannot be started, or the connection to it failed.
    #[error("expected to run the photo decoder, found that the system refuses")]
    Start,
    /// It did not end in time and was killed.
    #[error("expected the photo decoder to end within its time, found it running")]
    Overrun,
    /// It failed by its own account; `None` when a signal ended it.
    #[error("expected the photo decoder to end with 0, found {}", .0.map_or("a signal".to_owned(), |code| code.to_string()))]
    Exit(Option<i32>),
    /// What it wrote is neither BMP nor PNG of a known form, or longer than any such picture.
    #[error("expected a BMP or PNG picture from the photo decoder, found other output")]
    Output,
    /// A picture of another size.
    #[error("expected a picture of 102 by 126 pixels from the photo decoder, found another size")]
    Dimensions,
    /// A picture of one colour, as failing decoders make.
    #[error("expected a portrait from the photo decoder, found one plain colour")]
    Blank,
}

impl DecoderFault {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "KD-3121",
            Self::Overrun => "KD-3122",
            Self::Exit(_) => "KD-3123",
            Self::Output => "KD-3124",
            Self::Dimensions => "KD-3125",
            Self::Blank => "KD-3126",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portrait_has_its_size_and_more_than_one_colour() {
        let size = Portrait::WIDTH * Portrait::HEIGHT * 3;
        let mut rgb = vec![255; size];
        assert_eq!(Portrait::new(&rgb), Err(DecoderFault::Blank));
        rgb[7] = 0;
        assert_eq!(Portrait::new(&rgb).unwrap().rgb(), rgb);
        assert_eq!(Portrait::new(&rgb[1..]), Err(DecoderFault::Dimensions));
        assert_eq!(Portrait::new(&[]), Err(DecoderFault::Dimensions));
    }

    #[test]
    fn debug_shows_no_pixel() {
        assert_eq!(format!("{:?}", Photo::Raw([0x57][..].into())), "Raw(..)");
        let rgb: Vec<u8> = (0..=255).cycle().take(38_556).collect();
        assert_eq!(format!("{:?}", Photo::Decoded(Portrait::new(&rgb).unwrap())), "Decoded(..)");
    }
}
