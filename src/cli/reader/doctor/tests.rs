use super::*;
use crate::reader::inventory::{Port, Usb, WithoutPort};
use crate::reader::simulate::{Card, Fault, On, Plan, Settings, SimulatedReader};
use crate::tui::i18n::Lang;
use std::os::unix::fs::PermissionsExt as _;

fn texts() -> Texts {
    Texts::load(Lang::English).unwrap()
}

fn card(name: &str) -> Card {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/reader/");
    Card::parse(&std::fs::read_to_string(format!("{folder}{name}.hex")).unwrap()).unwrap()
}

/// A port that gives up at once where the real one would be patient.
fn impatient(path: &Path) -> PortConfig {
    let ms = Duration::from_millis;
    PortConfig { status_patience: ms(50), warm_up: ms(100), patience: ms(200), ..PortConfig::fast(path) }
}

struct Examined {
    diagnosis: Diagnosis,
    told: Vec<Value>,
    capture: String,
}

impl Examined {
    fn code(&self) -> Option<&'static str> {
        match &self.diagnosis {
            Diagnosis::Well => None,
            Diagnosis::Ill(code, _) => Some(code),
            Diagnosis::NoPort(says) => panic!("{says}"),
        }
    }

    fn last(&self, event: &str) -> &Value {
        self.told.iter().rfind(|line| line["event"] == event).unwrap_or_else(|| panic!("{event}: {:?}", self.told))
    }
}

fn examine(config: PortConfig, seconds: u64) -> Examined {
    examine_with(config, seconds, None)
}

fn examine_with(config: PortConfig, seconds: u64, decoder: Option<&PhotoDecoder>) -> Examined {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("capture.txt");
    let args = DoctorArgs { port: None, capture: Some(file.clone()), seconds };
    let mut out = Vec::new();
    let diagnosis = doctor(&args, config.clone(), decoder, &texts(), true, &mut out).unwrap();
    let told = String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
    let elsewhere = PortConfig { path: "/dev/no-such-reader".into(), ..config };
    let again = doctor(&args, elsewhere, None, &texts(), true, &mut Vec::new());
    assert!(matches!(again, Err(DoctorError::Capture { .. })), "no capture replaces another file");
    Examined { diagnosis, told, capture: std::fs::read_to_string(file).unwrap() }
}

fn simulated(settings: Settings) -> (tempfile::TempDir, SimulatedReader) {
    let folder = tempfile::tempdir().unwrap();
    let reader = SimulatedReader::start(settings, Some(&folder.path().join("reader"))).unwrap();
    (folder, reader)
}

#[test]
fn a_reader_that_works_is_told_with_its_speed_its_module_and_a_masked_card() {
    let (_folder, reader) = simulated(Settings::immediate());
    reader.present(card("card_resident_basic"));
    let found = examine(PortConfig::fast(reader.path()), 60);
    assert_eq!(found.code(), None, "{:?}", found.told);
    assert_eq!(found.last("up")["baud"], 115_200);
    assert_eq!(found.last("up")["sam"], "99.99-00000000-0000000000-0000000001");
    assert_eq!((&found.last("trial")["result"], &found.last("trial")["kind"]), (&json!("read"), &json!("resident_id")));
    assert_eq!((&found.last("figures")["reads"], &found.last("figures")["ok"]), (&json!(1), &json!(1)));
    assert_eq!(found.last("finding")["ok"], true);
    let read = found.told.iter().find(|line| line["meaning"] == "90 done, 1284 bytes masked").unwrap();
    assert_eq!((&read["way"], &read["hex"]), (&json!("received"), &json!("AA AA AA 96 69 05 08 00 00 90 ..")));
    for text in [found.capture.clone(), format!("{:?}", found.told)] {
        assert!(text.contains("96 69 05 08") && !text.contains("110199199003070017") && !text.contains("测试一"));
    }
}

#[test]
fn a_photo_decoder_that_is_no_good_is_found_where_the_reader_is_well() {
    let (_folder, reader) = simulated(Settings::immediate());
    reader.present(card("card_resident_basic"));
    for (program, code) in [("/nowhere/decoder", "KD-3121"), ("/bin/false", "KD-3123"), ("/bin/cat", "KD-3124")] {
        let found = examine_with(PortConfig::fast(reader.path()), 60, Some(&PhotoDecoder::new(program.into())));
        let photo = found.last("photo");
        assert_eq!((&photo["state"], &photo["code"]), (&json!("failed"), &json!(code)), "{program}");
        assert_eq!((found.code(), &found.last("trial")["result"]), (Some(code), &json!("read")), "{program}");
    }
    let undecoded = examine(PortConfig::fast(reader.path()), 60);
    assert!(undecoded.told.iter().all(|line| line["event"] != "photo"), "nobody asked for its photo");
}

#[test]
fn a_reader_without_a_card_is_well_as_far_as_it_was_tried() {
    let (_folder, reader) = simulated(Settings::immediate());
    let found = examine(PortConfig::fast(reader.path()), 0);
    assert_eq!((found.code(), &found.last("trial")["result"]), (None, &json!("none")));
}

#[test]
fn each_thing_that_can_be_wrong_is_found() {
    let faulty = |fault, on| {
        let (folder, reader) = simulated(Settings::immediate());
        reader.set_fault(Plan::always(fault, on));
        reader.present(card("card_resident_basic"));
        let found = examine(impatient(&reader.path()), 60);
        drop(folder);
        found
    };
    for (fault, on, code) in [
        (Fault::Status { sw3: 0x41 }, On::Read, "KD-3111"),
        (Fault::Status { sw3: 0x32 }, On::Read, "KD-3112"),
        (Fault::Status { sw3: 0x40 }, On::Find, "KD-3113"),
        (Fault::Status { sw3: 0x60 }, On::Any, "KD-3106"),
        (Fault::Status { sw3: 0x66 }, On::Any, "KD-3107"),
        (Fault::Silence, On::Any, "KD-3102"),
        (Fault::WrongSpeed, On::Any, "KD-3116"),
    ] {
        let found = faulty(fault.clone(), on);
        assert_eq!(found.code(), Some(code), "{fault:?}: {:?}", found.told);
        assert_eq!(found.last("finding")["code"], code);
        assert!(found.capture.contains(&format!("finding {code}")));
    }
}

#[test]
fn a_reader_at_another_speed_than_the_configured_one_is_found() {
    let (_folder, reader) =
        simulated(Settings { baud: 9_600, heeds_speed: true, answers_damaged: false, ..Settings::immediate() });
    let found = examine(PortConfig { other_speeds: true, ..impatient(&reader.path()) }, 0);
    assert_eq!((found.code(), &found.last("up")["baud"]), (Some("KD-3117"), &json!(9_600)), "{:?}", found.told);
}

#[test]
fn a_missing_and_a_busy_port_have_their_own_sentences() {
    let missing = examine(PortConfig::fast("/dev/no-such-reader"), 0);
    assert_eq!((missing.code(), &missing.last("port")["access"]), (Some("KD-3101"), &json!("missing")));

    let (_folder, reader) = simulated(Settings::immediate());
    let (up, is_up) = channel();
    let _holder = crate::reader::port::spawn(PortConfig::fast(reader.path()), move |event| {
        if matches!(event, ReaderEvent::Up { .. }) {
            let _ = up.send(());
        }
    })
    .unwrap();
    is_up.recv_timeout(Duration::from_mins(1)).unwrap();
    let busy = examine(PortConfig::fast(reader.path()), 0);
    assert_eq!(busy.code(), Some("KD-3104"));
    assert_eq!(busy.last("port")["holders"][0]["own"], true, "by whom, as this is the one process: {:?}", busy.told);
}

#[test]
fn the_port_is_the_one_named_else_the_only_one() {
    let port = |path: &str| Port {
        path: path.into(),
        names: Vec::new(),
        usb: None,
        access: Access::Allowed,
        holders: Vec::new(),
    };
    let with = |paths: &[&str], hid: usize| Inventory {
        ports: paths.iter().map(|path| port(path)).collect(),
        without_port: vec![WithoutPort { usb: Usb::default(), hid: true }; hid],
    };
    let choose = |asked: Option<&str>, found| choose(asked.map(PathBuf::from), &found, &texts());
    assert_eq!(choose(Some("/dev/x"), with(&["/dev/a", "/dev/b"], 0)).unwrap(), Path::new("/dev/x"));
    assert_eq!(choose(None, with(&["/dev/a"], 1)).unwrap(), Path::new("/dev/a"));
    assert!(matches!(choose(None, with(&["/dev/a", "/dev/b"], 0)), Err(Diagnosis::NoPort(_))));
    assert!(matches!(choose(None, with(&[], 0)), Err(Diagnosis::NoPort(_))));
    assert!(matches!(choose(None, with(&[], 1)), Err(Diagnosis::Ill("KD-3120", _))), "HID only");
}
