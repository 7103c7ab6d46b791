//! `kaodian reader`: the technician's tools, as arguments and failures. `watch` and `decode` print what a card holds and
//! say so.

use super::failure::{Failure, Kind};
use super::reader::{Diagnosis, DoctorArgs, DoctorError, ReaderVerb, choose, decode, doctor, list, simulate, watch};
use super::{Context, Outcome, output_failed};
use crate::domain::photo::Photo;
use crate::reader::inventory::{Roots, look};
use crate::reader::photo::PhotoDecoder;
use std::io::Write;
use std::path::Path;

pub(super) fn run(context: &Context, verb: ReaderVerb) -> Outcome {
    let mut out = std::io::stdout().lock();
    match verb {
        ReaderVerb::List => {
            let found = look(&Roots::default(), context.config.reader.port.as_deref());
            list(&found, &super::full_screen::texts(context)?, context.json, &mut out).map_err(output_failed)
        }
        ReaderVerb::Doctor(args) => examine(context, &args, &mut out),
        ReaderVerb::Watch(args) => watch(&args, &mut out).map_err(output_failed),
        ReaderVerb::Decode(args) => {
            let mut input = args.open().map_err(|e| {
                Failure::new(
                    Kind::Device,
                    "KD-U-10",
                    format!("{}: {e}", args.file.as_deref().unwrap_or(Path::new("-")).display()),
                    "name a file that can be read",
                )
            })?;
            let decoder = photo_decoder(context);
            let develop = |photo: Photo| match &decoder {
                Some(decoder) => decoder.develop(photo),
                None => photo,
            };
            let photos: Option<&dyn Fn(Photo) -> Photo> = if args.photo { Some(&develop) } else { None };
            decode(&mut *input, photos, &mut out).map_err(output_failed)
        }
        ReaderVerb::Simulate(args) => simulate(&args, &mut out)
            .map_err(|e| Failure::new(Kind::Device, "KD-U-11", e, "check the card files and the place of the link")),
    }
}

/// The site's own decoder of chip photos, if one is configured.
pub(super) fn photo_decoder(context: &Context) -> Option<PhotoDecoder> {
    context.config.photo.decoder.clone().map(PhotoDecoder::new)
}

/// Examines a reader; whatever is wrong with it is the command's answer.
fn examine(context: &Context, args: &DoctorArgs, out: &mut dyn Write) -> Outcome {
    let texts = super::full_screen::texts(context)?;
    let configured = args.port.clone().or_else(|| context.config.reader.port.clone());
    let diagnosis = match choose(configured, &look(&Roots::default(), None), &texts) {
        Err(nothing) => nothing,
        Ok(path) => {
            let port = super::desk::at(context, path);
            doctor(args, port, photo_decoder(context).as_ref(), &texts, context.json, out).map_err(|e| match e {
                DoctorError::Output(e) => output_failed(e),
                DoctorError::Capture { .. } => {
                    Failure::new(Kind::Device, "KD-U-21", e, "name a file that is not there yet, in a folder that is")
                }
            })?
        }
    };
    match diagnosis {
        Diagnosis::Well => Ok(()),
        Diagnosis::Ill(code, advice) => Err(Failure::new(Kind::No, code, advice.says, &advice.does)),
        Diagnosis::NoPort(says) => {
            Err(Failure::new(Kind::No, "KD-U-08", says, "list ports with `kaodian reader list`, name one with --port"))
        }
    }
}
