//! A headless desk with a scanner and a campus-card reader beside the card reader: what they say becomes lines of the
//! journal and never an admission.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use kaodian::reader::simulate::{Settings, SimulatedLine, SimulatedReader};
use serde_json::Value;
use std::path::Path;
use support::day::Day;
use support::lines::Lines;
use support::taps::{admit, all_stand};

/// Takes the next line of one of these events.
fn next(desk: &mut Lines, events: &[&str]) -> Value {
    desk.wait_for(&format!("one of {events:?}"), |line| events.iter().any(|event| line["event"] == *event))
}

fn configure(day: &Day, scanner: &Path, campus: &Path) {
    let text = format!(
        "[reader]\npoll_ms = 10\n[trust]\nargon_mib = 8\nargon_t = 1\n[[line]]\nkind = \"scanner\"\nport = \"{}\"\n\
         [[line]]\nkind = \"rfid\"\nport = \"{}\"\nuid_form = \"dec10\"\n",
        scanner.display(),
        campus.display()
    );
    day.home().file("kaodian.toml", &text);
}

#[test]
fn a_ticket_and_a_campus_card_are_refused_and_the_document_then_admits() {
    let day = Day::open(6);
    let (scanner, campus) = (day.home().join("scanner"), day.home().join("campus"));
    configure(&day, &scanner, &campus);
    let reader = SimulatedReader::start(Settings::immediate(), None).unwrap();
    let mut gun = SimulatedLine::start(Some(&scanner)).unwrap();
    let mut desk = day.desk(&reader);
    let down = next(&mut desk, &["line_down"]);
    assert_eq!((&down["port"], &down["cause"]), (&campus.display().to_string().into(), &"KD-3131".into()));
    let cards = SimulatedLine::start(Some(&campus)).unwrap();
    let up = |line: Value, port: &Path| assert_eq!(line["port"], port.display().to_string(), "{line}");
    // The scanner was there from the beginning: its line may stand before or after the other's.
    up(
        desk.wait_for("the campus-card reader", |line| {
            line["event"] == "line_up" && line["port"] == *campus.display().to_string()
        }),
        &campus,
    );

    let person = &day.people[0];
    let mut printed = Vec::new();
    gun.present(format!("KD1:{}\r\n", person.cand).as_bytes()).unwrap();
    let ticket = next(&mut desk, &["verdict"]);
    assert_eq!((&ticket["verdict"], &ticket["code"]), (&"refused".into(), &"KD-A-14".into()), "{ticket}");
    assert_eq!((&ticket["admission_number"], &ticket["seat"]), (&person.cand.clone().into(), &Value::Null));
    printed.push(ticket);

    cards.present(b"\x020600BC614E95\x03\x020600BC614E95\x03").unwrap();
    let card = next(&mut desk, &["verdict"]);
    assert_eq!((&card["code"], &card["admission_number"]), (&"KD-A-13".into(), &Value::Null), "nobody's card");
    printed.push(card);

    gun.present("准考证|测试一\r\n".as_bytes()).unwrap();
    assert_eq!(next(&mut desk, &["verdict", "fault"])["code"], "KD-3110");
    printed.push(admit(&mut desk, &reader, person));

    gun.unplug();
    let down = next(&mut desk, &["line_down"]);
    assert_eq!((&down["port"], &down["cause"]), (&scanner.display().to_string().into(), &"KD-3135".into()));
    gun.plug_in().unwrap();
    up(next(&mut desk, &["line_up"]), &scanner);
    desk.terminate();
    assert!(desk.wait_exit().0.success());
    all_stand(&printed, &day.journal());
    let refused = day.journal().into_iter().find(|line| line.contains("KD-A-13")).unwrap();
    assert!(!refused.contains("0600BC") && !refused.contains("0012345678"), "a number is in no line: {refused}");
}
