//! From the configuration's `[[line]]` tables to devices.

use crate::config::{
    Config, Encoding as EncodingWord, LineDevice, TagFormat, Terminator as TerminatorWord, UidForm as FormWord,
};
use crate::reader::lines::{
    Device, Encoding, Format, LineConfig, PlainNumber, RfidSettings, ScannerSettings, Terminator, UidForm,
};

/// The devices that have a port.
pub(super) fn ports(config: &Config) -> Vec<LineConfig> {
    config.devices().into_iter().filter_map(port).collect()
}

/// What campus-card readers type that act as a keyboard.
pub(super) fn keyboards(config: &Config) -> Vec<(PlainNumber, UidForm)> {
    let typed = |device| match device {
        LineDevice::Keyboard { format: of, uid_form } => match format(of) {
            Format::Plain(number) => Some((number, form(uid_form))),
            Format::Em4100Ascii | Format::StxBinary | Format::StxLength => None,
        },
        LineDevice::Scanner { .. } | LineDevice::Rfid { .. } => None,
    };
    config.devices().into_iter().filter_map(typed).collect()
}

fn port(device: LineDevice) -> Option<LineConfig> {
    match device {
        LineDevice::Scanner { port, baud, encoding: text, terminator: end, aim } => {
            let settings = ScannerSettings {
                terminator: terminator(end),
                encoding: encoding(text),
                aim,
                ..ScannerSettings::default()
            };
            Some(LineConfig::new(port, baud, Device::Scanner(settings)))
        }
        LineDevice::Rfid { port, baud, format: of, uid_form } => {
            let settings = RfidSettings { format: format(of), form: form(uid_form) };
            Some(LineConfig::new(port, baud, Device::Rfid(settings)))
        }
        LineDevice::Keyboard { .. } => None,
    }
}

fn encoding(word: EncodingWord) -> Encoding {
    match word {
        EncodingWord::Auto => Encoding::Auto,
        EncodingWord::Utf8 => Encoding::Utf8,
        EncodingWord::Gb18030 => Encoding::Gb18030,
    }
}

fn terminator(word: TerminatorWord) -> Terminator {
    match word {
        TerminatorWord::Any => Terminator::Any,
        TerminatorWord::Cr => Terminator::Cr,
        TerminatorWord::Lf => Terminator::Lf,
        TerminatorWord::Crlf => Terminator::CrLf,
        TerminatorWord::Tab => Terminator::Tab,
        TerminatorWord::Etx => Terminator::Etx,
        TerminatorWord::None => Terminator::None,
    }
}

fn format(word: TagFormat) -> Format {
    match word {
        TagFormat::Em4100Ascii => Format::Em4100Ascii,
        TagFormat::StxBinary => Format::StxBinary,
        TagFormat::StxLength => Format::StxLength,
        TagFormat::Dec10 => Format::Plain(PlainNumber::Dec10),
        TagFormat::Hex => Format::Plain(PlainNumber::Hex),
        TagFormat::Wiegand26 => Format::Plain(PlainNumber::Wiegand26),
    }
}

fn form(word: FormWord) -> UidForm {
    match word {
        FormWord::AsRead => UidForm::AsRead,
        FormWord::Reversed => UidForm::Reversed,
        FormWord::Low24 => UidForm::Low24,
        FormWord::Wiegand26 => UidForm::Wiegand26,
        FormWord::Dec10 => UidForm::Dec10,
    }
}
