use super::*;
use picture::tests::bmp_file;
use std::path::Path;

const WLT: &[u8] = &[0x57, 0x4C, 0x66, 0x00, 0x7E, 0x00, 0x32, 0x00];

/// A shell in the place of a decoder.
fn shell(script: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]).stderr(Stdio::null());
    command
}

fn said(script: &str) -> Result<Vec<u8>, DecoderFault> {
    run(&mut shell(script), WLT, Duration::from_mins(1))
}

/// A decoder that gives this picture whatever it is asked. A shell writes the program: were it written here, another
/// test's process could still hold it open when it is started.
fn fake(folder: &Path, picture: &[u8]) -> PhotoDecoder {
    std::fs::write(folder.join("picture"), picture).unwrap();
    let program = folder.join("decoder");
    let text = format!("#!/bin/sh\ncat >/dev/null\nexec cat '{}'\n", folder.join("picture").display());
    let mut writer = Command::new("/bin/sh");
    writer.args(["-c", r#"printf %s "$1" >"$0" && chmod 700 "$0""#]).arg(&program).arg(text);
    assert!(writer.status().unwrap().success());
    PhotoDecoder { program, limit: Duration::from_mins(1) }
}

#[test]
fn a_raw_photo_becomes_a_portrait_and_other_states_stay() {
    let folder = tempfile::tempdir().unwrap();
    let decoder = fake(folder.path(), &bmp_file(102, 126, 24, false));
    let Photo::Decoded(portrait) = decoder.develop(Photo::Raw(WLT.into())) else { panic!("a portrait") };
    assert_eq!(portrait.rgb()[..6], [0, 0, 0, 1, 0, 1]);
    let failed = Photo::DecoderFailed(DecoderFault::Overrun);
    for state in [Photo::Absent, Photo::Decoded(portrait), failed] {
        assert_eq!(decoder.develop(state.clone()), state);
    }
}

#[test]
fn a_picture_of_another_size_or_of_one_colour_is_no_portrait() {
    let folder = tempfile::tempdir().unwrap();
    let mut white = bmp_file(102, 126, 24, false);
    white[54..].fill(0xFF);
    for (picture, fault) in [
        (bmp_file(126, 102, 24, false), DecoderFault::Dimensions),
        (white, DecoderFault::Blank),
        (WLT.to_vec(), DecoderFault::Output),
        (Vec::new(), DecoderFault::Output),
    ] {
        assert_eq!(fake(folder.path(), &picture).develop(Photo::Raw(WLT.into())), Photo::DecoderFailed(fault));
    }
}

#[test]
fn a_decoder_gets_the_photo_and_nothing_of_ours() {
    assert_eq!(said("exec cat"), Ok(WLT.to_vec()));
    assert_eq!(said("cat >/dev/null; pwd; echo ${HOME-none}"), Ok(b"/\nnone\n".to_vec()));
    assert_eq!(said("cat >/dev/null; ulimit -d"), Ok(b"262144\n".to_vec()), "KiB of memory");
    assert_eq!(said("echo unread"), Ok(b"unread\n".to_vec()));
}

#[test]
fn a_decoder_that_fails_has_no_output() {
    assert_eq!(said("cat; exit 3"), Err(DecoderFault::Exit(Some(3))));
    assert_eq!(said("cat; kill -KILL $$"), Err(DecoderFault::Exit(None)));
    for program in ["/no/such/decoder", "/", "cat"] {
        let none = PhotoDecoder::new(program.into());
        assert_eq!(none.develop(Photo::Raw(WLT.into())), Photo::DecoderFailed(DecoderFault::Start), "{program}");
    }
}

#[test]
fn a_decoder_that_never_stops_writing_is_cut_off() {
    assert_eq!(said("while :; do echo too much; done"), Err(DecoderFault::Output));
}

#[test]
fn a_decoder_that_overruns_is_killed_with_all_it_has_started() {
    for script in ["sleep 1000 & exec sleep 1000", "sleep 1000 & exec >&-; exec sleep 1000"] {
        let (held, holder) = io::pipe().unwrap();
        let mut command = shell(script);
        command.stderr(holder);
        assert_eq!(run(&mut command, WLT, Duration::from_millis(50)), Err(DecoderFault::Overrun));
        drop(command);
        // Nobody holds the other end any more.
        let a_minute = Instant::now() + Duration::from_mins(1);
        assert_eq!(wait_for(held.as_fd(), a_minute), Ok(()), "{script}");
    }
}

#[test]
fn what_a_decoder_leaves_running_ends_with_it() {
    let (held, holder) = io::pipe().unwrap();
    let mut command = shell("sleep 1000 >/dev/null & echo done");
    command.stderr(holder);
    assert_eq!(run(&mut command, WLT, Duration::from_mins(1)), Ok(b"done\n".to_vec()));
    drop(command);
    assert_eq!(wait_for(held.as_fd(), Instant::now() + Duration::from_mins(1)), Ok(()));
}
