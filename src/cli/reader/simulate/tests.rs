//! Scripts from their first step to their end.

use super::*;
use crate::reader::port::{PortConfig, ReaderEvent, spawn};

/// A folder with a card, a script and the link of its reader.
fn folder(script: &str) -> (tempfile::TempDir, SimulateArgs) {
    let folder = tempfile::tempdir().unwrap();
    let card = r#"{"name": "测试一", "id_number": "110199199003070017"}"#;
    std::fs::write(folder.path().join("card.json"), card).unwrap();
    std::fs::write(folder.path().join("script.toml"), script).unwrap();
    let args = SimulateArgs {
        link: folder.path().join("ttyUSB0"),
        script: Some(folder.path().join("script.toml")),
        card: Vec::new(),
        stay_ms: 0,
        pause_ms: 0,
        repeat: false,
        immediate: true,
    };
    (folder, args)
}

#[test]
fn a_morning_is_replayed_to_its_end() {
    let (folder, args) = folder(
        r#"
        module = { immediate = true, number = 7 }
        step = [
            { do = "present", card = "card.json", latest_address = "测试省样例市新址路3号" },
            { do = "wait_read" }, { do = "remove" },
            { do = "fault", plan = { fault = "silence", on = "find" } }, { do = "clear_faults" },
            { do = "unplug" }, { do = "rename", name = "ttyUSB1" }, { do = "plug_in" }, { do = "wait", ms = 1 },
            { do = "end" },
        ]"#,
    );
    let (sender, events) = channel();
    let config = PortConfig { latest_address: true, ..PortConfig::fast(&args.link) };
    let port = spawn(config, move |event| drop(sender.send(event))).unwrap();
    let (_stop, stopped) = channel();
    let mut out = Vec::new();
    play(&args, &stopped, &mut out).unwrap();
    port.stop();

    let out = String::from_utf8(out).unwrap();
    let told: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = told.iter().map(|line| line["event"].as_str().unwrap()).collect();
    let expected = ["plugged_in", "presented", "read", "removed", "fault", "unplugged", "plugged_in"];
    assert_eq!(names, expected, "{out}");
    assert_eq!(told[6]["port"], json!(folder.path().join("ttyUSB1")));
    assert!(!out.contains("测试"), "nothing of a card is printed: {out}");
    assert!(!folder.path().join("ttyUSB1").is_symlink(), "the port is gone with its script");

    let events: Vec<ReaderEvent> = events.iter().collect();
    let number = |event: &ReaderEvent| matches!(event, ReaderEvent::Up { sam: Some(sam), simulated: true } if sam.to_string().ends_with("-0000000007"));
    assert!(events.iter().any(number), "{events:?}");
    assert!(events.iter().any(|event| matches!(event, ReaderEvent::Presented(_))), "{events:?}");
}

/// Output that stops the player at its fourth line.
struct Four(Vec<u8>, Option<Sender<()>>);

impl Write for Four {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend(bytes);
        if String::from_utf8_lossy(&self.0).lines().count() == 4 {
            self.1 = None;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_script_begins_again_if_it_says_so() {
    let (_folder, args) = folder(
        r#"
        repeat = true
        module = { immediate = true }
        step = [{ do = "remove" }]"#,
    );
    let (stop, stopped) = channel();
    let mut out = Four(Vec::new(), Some(stop));
    play(&args, &stopped, &mut out).unwrap();
    assert_eq!(String::from_utf8(out.0).unwrap().matches("removed").count(), 3);
}

#[test]
fn a_wrong_script_names_its_line_and_a_wrong_card_its_file() {
    let (_stop, stopped) = channel();
    let refused = |script| {
        let (_folder, args) = folder(script);
        let error = play(&args, &stopped, &mut Vec::new()).unwrap_err().to_string();
        assert!(!args.link.is_symlink(), "files are read before the port appears");
        error
    };
    let error = refused("repeat = false\n[[step]]\ndo = \"dance\"\n");
    assert!(error.contains("script.toml, line 3: ") || error.contains("script.toml, line 2: "), "{error}");
    let address = "长".repeat(36);
    let long = format!("step = [{{ do = \"present\", card = \"card.json\", latest_address = \"{address}\" }}]");
    let error = refused(&long);
    assert!(error.ends_with("expected at most 35 characters in latest_address, found 36"), "{error}");
    assert!(refused("step = [{ do = \"present\", card = \"other.hex\" }]").contains("other.hex"));
}
