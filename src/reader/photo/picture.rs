//! A decoder's output as pixels: BMP with 24 or 32 bits, or PNG, of a portrait's size. Foreign output: nothing is believed.
//!
//! ```text
//! BMP    0 "BM" · 10 u32 offset of the pixels · 14 u32 rest of the head, at least 40 · 18 i32 width · 22 i32 height,
//!        negative: top line first · 26 u16 1 · 28 u16 bits a pixel · 30 u32 compression 0
//!        lines of blue, green, red[, unused], padded to 4 bytes; little-endian
//! ```

use crate::domain::photo::{DecoderFault, Portrait};
use std::io::Cursor;

const SIZE: (usize, usize) = (Portrait::WIDTH, Portrait::HEIGHT);

/// Memory that reading a PNG may take.
const PNG_MEMORY: usize = 1 << 20;

/// The pixels, red, green, blue, from the top left.
///
/// # Errors
/// [`DecoderFault::Output`] when it is no such picture, [`DecoderFault::Dimensions`] when it has another size.
pub(super) fn rgb(output: &[u8]) -> Result<Vec<u8>, DecoderFault> {
    if output.starts_with(b"BM") { bmp(output).ok_or(DecoderFault::Output)? } else { png(output) }
}

/// `None` when it is no BMP of a known form.
fn bmp(bytes: &[u8]) -> Option<Result<Vec<u8>, DecoderFault>> {
    let u32_at =
        |at: usize| bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|field| u32::from_le_bytes(*field));
    let u16_at =
        |at: usize| bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|field| u16::from_le_bytes(*field));
    let (offset, head, compression) = (u32_at(10)?, u32_at(14)?, u32_at(30)?);
    let (width, height) = (u32_at(18)?.cast_signed(), u32_at(22)?.cast_signed());
    let bits = u16_at(28)?;
    if head < 40 || u16_at(26)? != 1 || compression != 0 || !matches!(bits, 24 | 32) {
        return None;
    }
    let found = (usize::try_from(width).ok()?, usize::try_from(height.unsigned_abs()).ok()?);
    if found != SIZE {
        return Some(Err(DecoderFault::Dimensions));
    }
    let pixel = usize::from(bits / 8);
    let line = (Portrait::WIDTH * pixel).next_multiple_of(4);
    let pixels = bytes.get(usize::try_from(offset).ok()?..)?.get(..line * Portrait::HEIGHT)?;
    let lines = pixels.chunks_exact(line);
    let lines: Vec<&[u8]> = if height < 0 { lines.collect() } else { lines.rev().collect() };
    let colours = lines.into_iter().flat_map(|line| line.chunks_exact(pixel).take(Portrait::WIDTH));
    Some(Ok(colours.flat_map(|bgr| bgr.iter().take(3).rev().copied()).collect()))
}

fn png(bytes: &[u8]) -> Result<Vec<u8>, DecoderFault> {
    let output = |_: png::DecodingError| DecoderFault::Output;
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: PNG_MEMORY });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(output)?;
    let info = reader.info();
    if (usize::try_from(info.width), usize::try_from(info.height)) != (Ok(SIZE.0), Ok(SIZE.1)) {
        return Err(DecoderFault::Dimensions);
    }
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(DecoderFault::Output)?];
    let frame = reader.next_frame(&mut pixels).map_err(output)?;
    let samples = frame.color_type.samples();
    let pixels = pixels.get(..frame.buffer_size()).unwrap_or_default().chunks_exact(samples);
    let colour = |pixel: &[u8]| match *pixel {
        [red, green, blue, ..] => [red, green, blue],
        [grey, ..] => [grey; 3],
        [] => [0; 3],
    };
    Ok(pixels.flat_map(colour).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A colour for each place, so that no two neighbours and no two lines are the same.
    fn pixel(x: usize, y: usize) -> [u8; 3] {
        [x, y, x + y].map(|value| u8::try_from(value % 251).unwrap())
    }

    fn pixels() -> Vec<u8> {
        (0..Portrait::HEIGHT).flat_map(|y| (0..Portrait::WIDTH).flat_map(move |x| pixel(x, y))).collect()
    }

    pub(crate) fn bmp_file(width: usize, height: usize, bits: u16, top_down: bool) -> Vec<u8> {
        let number = |value: usize| i32::try_from(value).unwrap();
        let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        file.extend(number(width).to_le_bytes());
        file.extend((if top_down { -number(height) } else { number(height) }).to_le_bytes());
        file.extend([1, 0]);
        file.extend(bits.to_le_bytes());
        file.resize(54, 0);
        for line in 0..height {
            let y = if top_down { line } else { height - 1 - line };
            for x in 0..width {
                let [red, green, blue] = pixel(x, y);
                file.extend(&[blue, green, red, 0][..usize::from(bits / 8)]);
            }
            let line_end = 54 + (line + 1) * (width * usize::from(bits / 8)).next_multiple_of(4);
            file.resize(line_end, 0);
        }
        file
    }

    fn png_file(colour: png::ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 102, 126);
        encoder.set_color(colour);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        file
    }

    #[test]
    fn a_bmp_in_each_known_form_is_the_same_picture() {
        for (bits, top_down) in [(24, false), (24, true), (32, false), (32, true)] {
            let file = bmp_file(102, 126, bits, top_down);
            assert_eq!(rgb(&file), Ok(pixels()), "{bits} {top_down}");
        }
        assert_eq!(bmp_file(102, 126, 24, false).len(), 38_862, "as the reference says");
    }

    #[test]
    fn a_png_with_and_without_colour_is_read() {
        assert_eq!(rgb(&png_file(png::ColorType::Rgb, &pixels())), Ok(pixels()));
        let alpha: Vec<u8> = pixels().as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 9]).collect();
        assert_eq!(rgb(&png_file(png::ColorType::Rgba, &alpha)), Ok(pixels()));
        let grey: Vec<u8> = pixels().into_iter().step_by(3).collect();
        let shown: Vec<u8> = grey.iter().flat_map(|value| [*value; 3]).collect();
        assert_eq!(rgb(&png_file(png::ColorType::Grayscale, &grey)), Ok(shown));
    }

    #[test]
    fn another_size_is_told_from_another_thing() {
        assert_eq!(rgb(&bmp_file(126, 102, 24, false)), Err(DecoderFault::Dimensions));
        assert_eq!(rgb(&bmp_file(0, 0, 24, false)), Err(DecoderFault::Dimensions));
        let whole = bmp_file(102, 126, 24, false);
        for cut in [0, 2, 20, 54, whole.len() - 1] {
            assert_eq!(rgb(&whole[..cut]), Err(DecoderFault::Output), "{cut}");
        }
        for (at, value) in [(10, 0xFF), (14, 12), (26, 2), (28, 8), (30, 1)] {
            let mut other = whole.clone();
            other[at] = value;
            assert_eq!(rgb(&other), Err(DecoderFault::Output), "byte {at}");
        }
        let png = png_file(png::ColorType::Rgb, &pixels());
        assert_eq!(rgb(&png[..png.len() / 2]), Err(DecoderFault::Output));
        assert_eq!(rgb(b"GIF89a"), Err(DecoderFault::Output));
    }
}
