//! Seats on arrival through the binary: the draw, its recomputation by anybody, moves, and seats out of service.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "support/course.rs"]
mod course;
mod support;

use course::{FIRST, Home, SECOND};
use serde_json::Value;

const PEOPLE: &str = "--as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen";
const WANG: &str = "--as wang --pin-file 3 3<pin.wang";

/// A site whose session 1 is open, its seats given in this manner in a room of so many.
fn on_arrival(mode: &str, seats: &str) -> Home {
    let home = Home::with_site();
    let fixed = course::policy("b2b-intermediate", 15);
    home.file("b2b.toml", format!("{fixed}\n[seats]\nmode = \"{mode}\"\n"));
    let roster = course::roster(&[&FIRST, &SECOND], "跨境电商B2B数据运营,中级", 1, 1);
    home.file(
        "roster.csv",
        roster.replace(",座位号\n", "\n").replace(",01,01\n", ",01\n").replace(",01,02\n", ",01\n"),
    );
    home.file("rooms.csv", format!("考场,名称,座位\n01,第一机房,{seats}\n"));
    home.ok(&format!("--data D import roster.csv --policy b2b.toml --rooms rooms.csv {PEOPLE}"));
    home.ok("--data D session open 1 --as chen --pin-file 3 3<pin.chen");
    home
}

fn tap(home: &Home, cards: &[&str]) -> Vec<(String, Option<String>)> {
    let _reader = home.reader(cards);
    let mut desk = home.desk("port");
    let seat = |line: &Value| line["seat"].as_str().map(str::to_owned);
    let told = |line: Value| (line["code"].as_str().unwrap().to_owned(), seat(&line));
    let codes = cards.iter().map(|_| told(desk.wait_event("verdict"))).collect();
    desk.terminate();
    assert!(desk.wait_exit().0.success());
    codes
}

fn lines(home: &Home, kind: &str) -> Vec<Value> {
    let shown = home.ok("--data D journal show --session 1 --desk 1 --as chen --pin-file 3 3<pin.chen").json();
    shown.into_iter().filter(|line| line["k"] == kind).map(|line| line["d"].clone()).collect()
}

fn drawn(home: &Home, seats: &str, seed: &str) -> Vec<String> {
    let said = home.ok(&format!("seats draw --room 01 --seats {seats} --seed {seed}"));
    said.out.lines().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn whoever_comes_gets_the_seat_that_anybody_can_draw_again() {
    let home = on_arrival("random", "01-30");
    let given = tap(&home, &["second.json", "first.json"]);
    let [seeded] = &lines(&home, "seat_draw_seeded/1")[..] else { panic!("one room, one line") };
    assert_eq!(seeded["room"], "01");
    let order = drawn(&home, "01-30", seeded["seed"].as_str().unwrap());
    let expected: Vec<_> = order.iter().take(2).map(|seat| ("KD-A-91".to_owned(), Some(seat.clone()))).collect();
    assert_eq!(given, expected);
    home.ok("--data D journal verify");
}

/// The lines of README.md and 0008-seats.md, with tools of the system alone.
#[test]
fn a_shell_with_sha256sum_draws_the_same_order() {
    let home = Home::new();
    let seed = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let script = r#"
        seed=$(printf %s "$SEED" | sed 's/../\\x&/g')
        for seat in $(seq -w 1 30); do
            printf '%s %s\n' "$( { printf "$seed"; printf 01$seat; } | sha256sum | cut -d' ' -f1)" "$seat"
        done | LC_ALL=C sort | cut -d' ' -f2"#;
    let said = support::lines::run(home.shell(script).env("SEED", seed));
    assert!(said.status.success());
    let by_hand: Vec<_> = String::from_utf8(said.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(by_hand.len(), 30);
    assert_eq!(drawn(&home, "01-30", seed), by_hand);
    let json = home.ok(&format!("--json seats draw --room 01 --seats 01-30 --seed {seed}")).json();
    assert_eq!((&json[0]["rank"], &json[0]["seat"]), (&1.into(), &by_hand[0].as_str().into()));
    home.run(&format!("seats draw --room 01 --seats x-y --seed {seed}")).refused(2, "KD-U-01 expected seats");
    home.run("seats draw --room 01 --seats 1-3 --seed 00").refused(2, "expected 64 lower-case hexadecimal digits");
}

#[test]
fn seats_in_order_stop_where_the_room_is_full_and_a_seat_given_by_hand_lets_in() {
    let home = on_arrival("sequential", "01-02");
    home.ok(&format!("--data D seats withdraw 1 01-01 --reason station_fault {WANG}"));
    let given = tap(&home, &["first.json", "second.json"]);
    assert_eq!(given, [("KD-A-91".to_owned(), Some("02".to_owned())), ("KD-A-61".to_owned(), None)]);
    let to = |seat: &str| format!("--data D seats move 1 {} {seat} --reason arrangement {WANG}", SECOND.cand);
    home.run(&to("01-01")).refused(1, "KD-T-13 expected a seat in service");
    home.run(&to("01-02")).refused(1, "KD-T-13 expected a seat that nobody holds");
    home.run(&to("01-03")).refused(1, "KD-T-13 expected a seat of this session's rooms");
    home.run(&format!("--data D seats withdraw 1 01-02 --reason surroundings {WANG}")).refused(1, "KD-T-06");
    home.run("--data D seats move 1 0000000000 01-02 --reason order --as wang --pin-file 3 3<pin.wang")
        .refused(1, "KD-T-02 expected somebody on the roster");
    home.run("--data D seats move 1 2611241002 01-02 --reason mood --as wang --pin-file 3 3<pin.wang")
        .refused(2, "expected station_fault");
    assert_eq!(lines(&home, "seat_withdrawn/1").len(), 1);
    home.ok("--data D journal verify");
}

#[test]
fn a_fixed_seat_out_of_service_or_taken_needs_a_proctor_who_gives_another() {
    let home = Home::with_open_session();
    home.ok(&format!("--data D seats withdraw 1 01-01 --reason station_fault {WANG}"));
    assert_eq!(tap(&home, &["first.json"]), [("KD-A-62".to_owned(), None)]);
    home.ok(&format!("--data D seats move 1 {} 01-05 --reason station_fault {WANG}", FIRST.cand));
    assert_eq!(tap(&home, &["first.json"]), [("KD-A-91".to_owned(), Some("05".to_owned()))]);
    let moves = lines(&home, "seat_moved/1");
    assert_eq!(moves[0]["from"], serde_json::json!({"room": "01", "seat": "01"}));
    assert_eq!(moves[0]["to"], serde_json::json!({"room": "01", "seat": "05"}));
}
