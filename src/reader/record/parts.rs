//! The data of a good reply to a read, taken apart by its length fields (id-card-reader.md §5).
//!
//! ```text
//! 30 01   u16 text length, u16 photo length, big-endian; text; photo
//! 30 10   u16 text length, u16 photo length, u16 fingerprint length; text; photo; fingerprints
//! ```

/// The parts of a good reply to a read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The text record, [`TEXT`](super::TEXT) bytes on every known card.
    pub text: &'a [u8],
    /// The photo as stored, [`PHOTO`](super::PHOTO) bytes on every known card, may be empty.
    pub photo: &'a [u8],
    /// Fingerprint templates, for the command that reads them.
    pub fingerprints: Option<&'a [u8]>,
}

/// Walks the length fields of a reply's data; `None` unless they add up exactly.
#[must_use]
pub fn parts(data: &[u8], with_fingerprints: bool) -> Option<Parts<'_>> {
    let (text_length, rest) = length(data)?;
    let (photo_length, rest) = length(rest)?;
    let (fingerprint_length, rest) = if with_fingerprints { length(rest)? } else { (0, rest) };
    let (text, rest) = rest.split_at_checked(text_length)?;
    let (photo, rest) = rest.split_at_checked(photo_length)?;
    (rest.len() == fingerprint_length).then_some(Parts { text, photo, fingerprints: with_fingerprints.then_some(rest) })
}

fn length(data: &[u8]) -> Option<(usize, &[u8])> {
    let (bytes, rest) = data.split_first_chunk::<2>()?;
    Some((usize::from(u16::from_be_bytes(*bytes)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_must_add_up() {
        let data = [&[0, 3, 0, 2][..], &[1, 2, 3], &[4, 5]].concat();
        let all = parts(&data, false).unwrap();
        assert_eq!((all.text, all.photo, all.fingerprints), (&[1, 2, 3][..], &[4, 5][..], None));
        assert!(parts(&data, true).is_none());
        assert!(parts(&data[..8], false).is_none());
        assert!(parts(&[data, vec![0]].concat(), false).is_none());
        assert!(parts(&[1], false).is_none());
        let printed = parts(&[0, 1, 0, 0, 0, 1, 7, 8], true).unwrap();
        assert_eq!((printed.text, printed.photo, printed.fingerprints), (&[7][..], &[][..], Some(&[8][..])));
    }

    proptest! {
        #[test]
        fn parts_never_hold_more_than_they_were_given(data in prop::collection::vec(0u8..4, 0..40), prints in any::<bool>()) {
            if let Some(parts) = parts(&data, prints) {
                let held = parts.text.len() + parts.photo.len() + parts.fingerprints.unwrap_or_default().len();
                prop_assert_eq!(held + if prints { 6 } else { 4 }, data.len());
            }
        }
    }
}
