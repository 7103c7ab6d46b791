//! What is said of a chip's photo: its state, its size or the decoder's fault. Never a pixel.
//!
//! ```text
//! {"event":"photo","state":"absent|raw|decoded|failed","width":102|null,"height":126|null,"code":"KD-3122"|null,"message":…|null}
//! ```

use crate::domain::photo::{DecoderFault, Photo, Portrait};
use serde_json::{Value, json};

/// The line.
pub(super) fn object(photo: &Photo) -> Value {
    let (state, size, fault) = match photo {
        Photo::Absent => ("absent", None, None),
        Photo::Raw(_) => ("raw", None, None),
        Photo::Decoded(_) => ("decoded", Some((Portrait::WIDTH, Portrait::HEIGHT)), None),
        Photo::DecoderFailed(fault) => ("failed", None, Some(*fault)),
    };
    json!({
        "event": "photo", "state": state, "width": size.map(|(width, _)| width), "height": size.map(|(_, height)| height),
        "code": fault.map(DecoderFault::code), "message": fault.map(|fault| fault.to_string()),
    })
}
