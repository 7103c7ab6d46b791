//! Taps at headless desks: one morning with a session for each reason, and four places of their own: before opening, after
//! closing, after sealing, a live site with a simulated reader.

use crate::course::{FIRST, Home, SECOND, policy};
use crate::support::closing::{Closing, SEAL};
use crate::support::day::{Day, reader};
use crate::support::lines::{Lines, run};
use kaodian::reader::simulate::{Card, Fault, On, Plan, SimulatedLine, SimulatedReader};
use kaodian::runtime::site::Site;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What stands on a card.
#[derive(Clone)]
struct Chip {
    kind: &'static str,
    name: String,
    number: String,
    valid: (&'static str, &'static str),
}

/// A number of a kind with its check character (GB 11643).
fn number(region: &str, n: usize) -> String {
    let body = format!("{region}19900307{n:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = body.bytes().zip(weights).map(|(b, w)| usize::from(b - b'0') * w).sum();
    format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
}

/// The n-th invented person of this morning.
fn chip(n: usize) -> Chip {
    let name = format!("测试{}", char::from_u32(0x4e00 + u32::try_from(n).unwrap()).unwrap());
    Chip { kind: "resident", name, number: number("110199", n), valid: ("20200101", "长期") }
}

fn card(chip: &Chip) -> Card {
    let fields = json!({
        "kind": chip.kind, "name": chip.name, "id_number": chip.number, "valid_from": chip.valid.0, "valid_to": chip.valid.1,
    });
    Card::parse(&fields.to_string()).unwrap()
}

/// Rows of the morning's roster.
struct Roster(String);

const B2B: &str = "跨境电商B2B数据运营,中级";
const EPPM: &str = "研学旅行策划与管理(EPPM),初级";

impl Roster {
    fn new() -> Self {
        Self(
            "准考证号,姓名,证件类型,证件号码,证书名称,等级,场次,考核日期,开始时间,考场,座位号,考核站点,限制,便利安排\n"
                .to_owned(),
        )
    }

    /// A row; `when` is date and start, `more` the site, the hold and the arrangement.
    fn row(&mut self, chip: &Chip, exam: &str, session: u8, when: &str, more: &str) -> String {
        let n = self.0.lines().count();
        let (cand, kind) =
            (format!("26119{n:05}"), if chip.kind == "hmt_j" { "港澳台居民居住证" } else { "居民身份证" });
        let Chip { name, number, .. } = chip;
        writeln!(self.0, "{cand},{name},{kind},{number},{exam},{session},{when},0{},{n},{more}", session % 10).unwrap();
        cand
    }
}

/// A desk with what is put on it; every code that it says is kept.
struct Bench<'a> {
    desk: Lines,
    reader: &'a SimulatedReader,
    said: BTreeSet<String>,
}

impl Bench<'_> {
    fn says(&mut self, code: &str) {
        let verdict = self.desk.wait_event("verdict");
        assert_eq!(verdict["code"], code, "{verdict}");
        self.said.insert(code.to_owned());
    }

    fn lays(&mut self, chip: &Chip, code: &str) {
        self.reader.present(card(chip));
        self.says(code);
    }

    /// A card whose read ends with this status.
    fn fails(&mut self, sw3: u8, code: &str) {
        self.reader.set_fault(Plan::always(Fault::Status { sw3 }, On::Read));
        self.reader.present(card(&chip(99)));
        self.says(code);
        self.reader.clear_faults();
        self.reader.remove();
    }

    fn ends(mut self) -> BTreeSet<String> {
        self.desk.terminate();
        assert!(self.desk.wait_exit().0.success());
        self.said
    }
}

/// The six places are set up beside one another.
pub fn said() -> BTreeSet<String> {
    let places: [fn() -> BTreeSet<String>; 6] = [
        morning,
        drifted,
        before_opening,
        || after(&Closing::until("closed"), "KD-A-02"),
        || after(&all_sealed(), "KD-A-03"),
        live,
    ];
    let threads = places.map(std::thread::spawn);
    threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
}

const TODAY: &str = "2026-11-24";

/// 08:35 of the demo's day, with a scanner and a campus-card reader; sessions 11 to 17 are of this test.
#[expect(clippy::too_many_lines, reason = "one morning, told in its order")]
fn morning() -> BTreeSet<String> {
    let day = Day::open(6);
    let home = day.home();
    let (scanner, campus) = (home.join("scanner"), home.join("campus"));
    let lines = format!(
        "[reader]\npoll_ms = 10\n[trust]\nargon_mib = 8\nargon_t = 1\n[[line]]\nkind = \"scanner\"\nport = \"{}\"\n\
         [[line]]\nkind = \"rfid\"\nport = \"{}\"\nuid_form = \"dec10\"\n",
        scanner.display(),
        campus.display()
    );
    home.file("kaodian.toml", lines);
    // The late limit of the one, and of the other a ticket and residents alone.
    home.file("b2b.toml", policy("b2b-intermediate", 15));
    let strict = "documents = { accepted = [\"resident_id\"], ticket = \"required\" }\n";
    home.file("eppm.toml", format!("{strict}{}", policy("eppm-primary", 60)));

    let mut roster = Roster::new();
    let at = |start: &str| format!("{TODAY},{start}");
    let on_time = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(chip);
    for (n, chip) in on_time.iter().enumerate() {
        let more = [",,", ",,", ",,", ",,", ",,", ",禁考,", ",退考,", ",待核,", ",,T30"][n];
        roster.row(chip, B2B, 11, &at("08:50"), more);
    }
    let (late, too_late, early, twice) = (chip(10), chip(11), chip(12), chip(13));
    roster.row(&late, B2B, 12, &at("08:33"), ",,");
    roster.row(&too_late, B2B, 13, &at("07:00"), ",,");
    roster.row(&early, B2B, 14, &at("12:00"), ",,");
    roster.row(&twice, B2B, 14, &at("12:00"), ",,");
    roster.row(&twice, B2B, 15, &at("16:00"), ",,");
    let (other_session, other_day, other_site) = (chip(14), chip(15), chip(16));
    roster.row(&other_session, B2B, 16, &at("19:30"), ",,");
    roster.row(&other_day, B2B, 17, "2026-11-25,09:00", ",,");
    roster.row(&other_site, B2B, 11, &at("08:50"), "EX-SITE-09,,");
    let with_ticket = [20, 21].map(chip);
    let tickets = with_ticket.each_ref().map(|chip| roster.row(chip, EPPM, 18, &at("08:50"), ",,"));
    let permit = Chip { kind: "hmt_j", number: number("810000", 22), ..chip(22) };
    roster.row(&permit, EPPM, 18, &at("08:50"), ",,");
    home.file("roster.csv", &roster.0);

    let act = |words: &[&str]| {
        let output = run(&mut day.command_as("chen", words));
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let file = |name: &str| home.join(name).display().to_string();
    let witness = format!("chen={}", file("chen"));
    let import = ["import", &file("roster.csv"), "--policy", &file("b2b.toml"), "--policy", &file("eppm.toml")];
    let site = ["--site-pass-file", &file("site"), "--witness", &witness];
    let output = run(&mut day.command_as("zhou", &[&import[..], &site].concat()));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for no in ["11", "12", "13", "14", "15", "18"] {
        act(&["session", "open", no, "--site-pass-file", &file("site")]);
    }

    let reader = reader();
    let gun = SimulatedLine::start(Some(&scanner)).unwrap();
    let cards = SimulatedLine::start(Some(&campus)).unwrap();
    let mut bench = Bench { desk: day.desk(&reader), reader: &reader, said: BTreeSet::new() };
    (0..2).for_each(|_| drop(bench.desk.wait_event("line_up")));

    bench.lays(&on_time[0], "KD-A-90");
    bench.lays(&late, "KD-A-91");
    bench.lays(&on_time[0], "KD-A-40");
    bench.lays(&too_late, "KD-A-52");
    bench.lays(&early, "KD-A-51");
    bench.lays(&twice, "KD-A-25");
    bench.lays(&chip(30), "KD-A-20");
    bench.lays(&other_site, "KD-A-21");
    bench.lays(&other_day, "KD-A-22");
    bench.lays(&other_session, "KD-A-23");
    bench.lays(&Chip { name: format!("{} ", on_time[1].name.replace("测", "测　")), ..on_time[1].clone() }, "KD-A-26");
    bench.lays(&Chip { name: "别人".into(), ..on_time[2].clone() }, "KD-A-27");
    bench.lays(&Chip { valid: ("20100101", "20200101"), ..on_time[3].clone() }, "KD-A-17");
    bench.lays(&Chip { valid: ("20270101", "20370101"), ..on_time[4].clone() }, "KD-A-18");
    bench.lays(&on_time[5], "KD-A-30");
    bench.lays(&on_time[6], "KD-A-31");
    bench.lays(&on_time[7], "KD-A-32");
    bench.lays(&on_time[8], "KD-A-72");
    let mut wrong = on_time[3].clone();
    let last = if wrong.number.ends_with('1') { "2" } else { "1" };
    wrong.number.replace_range(17.., last);
    bench.lays(&wrong, "KD-A-16");
    bench.fails(0x41, "KD-A-10");
    bench.fails(0x40, "KD-A-11");
    bench.lays(&permit, "KD-A-12");

    cards.present(b"\x020600BC614E95\x03\x020600BC614E95\x03").unwrap();
    bench.says("KD-A-13");
    bench.lays(&with_ticket[0], "KD-A-15");
    gun.present(format!("KD1:{}\r\n", tickets[1]).as_bytes()).unwrap();
    bench.says("KD-A-28");
    bench.lays(&chip(31), "KD-A-20");
    gun.present(format!("KD1:{}\r\n", tickets[0]).as_bytes()).unwrap();
    bench.says("KD-A-14");
    let mut said = bench.ends();

    // Session 12 has begun: its work is handed in. Then the clock is set back.
    act(&["session", "start", "12"]);
    act(&["session", "collect", "12"]);
    let config = kaodian::config::Config::load(Some(&home.join("kaodian.toml")), None).unwrap();
    let mut store = Site::open(&day.data, &config, "test").unwrap();
    let offset = store.store().about().clock_offset_ms;
    store.keep_clock_offset(offset - 90 * 60_000).unwrap();
    drop(store);
    let mut bench = Bench { desk: day.desk(&reader), reader: &reader, said: BTreeSet::new() };
    bench.lays(&late, "KD-A-42");
    bench.lays(&early, "KD-A-50");
    said.extend(bench.ends());
    said
}

/// Two people who are in, and a newer roster in which each has the other's number.
fn drifted() -> BTreeSet<String> {
    let home = Home::with_open_session();
    let reader = home.reader(&["first.json", "second.json"]);
    let mut desk = home.desk("port");
    (0..2).for_each(|_| drop(desk.wait_event("verdict")));
    desk.terminate();
    assert!(desk.wait_exit().0.success());
    drop(reader);
    let roster = std::fs::read_to_string(home.path().join("roster.csv")).unwrap();
    let (one, two) = (FIRST.number(), SECOND.number());
    home.file("newer.csv", roster.replace(&one, "X").replace(&two, &one).replace(",X,", &format!(",{two},")));
    home.ok("--data D import newer.csv --policy b2b.toml --removals 0 --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen");
    let _reader = home.reader(&["first.json"]);
    one_verdict(home.desk("port"), "KD-A-33")
}

/// Nobody has opened the session yet.
fn before_opening() -> BTreeSet<String> {
    let home = Home::with_site();
    home.ok(
        "--data D import roster.csv --policy b2b.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen",
    );
    let _reader = home.reader(&["first.json"]);
    one_verdict(home.desk("port"), "KD-A-01")
}

fn one_verdict(mut desk: Lines, code: &str) -> BTreeSet<String> {
    let verdict = desk.wait_event("verdict");
    assert_eq!(verdict["code"], code, "{verdict}");
    desk.terminate();
    assert!(desk.wait_exit().0.success());
    [code.to_owned()].into()
}

/// Nobody comes to the other sessions of the day; a card is then answered from what is sealed.
fn all_sealed() -> Closing {
    let closing = Closing::until("sealed");
    for session in closing.ok("session list").into_iter().filter(|session| session["session"] != 1) {
        let (no, start) = (&session["session"], session["start"].as_str().unwrap());
        let (hour, minute) = start.split_once(':').unwrap();
        let hour: i64 = hour.parse().unwrap();
        let chief = "--as chen --pin-file chen";
        closing.ok(&format!("session open {no} {chief} --site-pass-file site"));
        closing.clock_to(hour + 1, minute.parse().unwrap());
        closing.ok(&format!("session start {no} {chief}"));
        closing.ok(&format!("session absent {no} {chief}"));
        closing.ok(&format!("session close {no} {chief} --witness wang=wang"));
        closing.ok(&format!("score derive {no} {chief}"));
        closing.ok(&SEAL.replace("seal 1 --json", &format!("seal {no}")));
    }
    closing
}

/// Somebody of session 1 at the end of this course.
fn after(closing: &Closing, code: &str) -> BTreeSet<String> {
    let roster = std::fs::read_to_string(closing.org().parent().unwrap().join("roster.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(roster.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let first = rows.records().map(Result::unwrap).find(|row| {
        let session = headers.iter().position(|header| header == "场次").unwrap();
        &row[session] == "1"
    });
    let cell = |name: &str| first.as_ref().unwrap()[headers.iter().position(|h| h == name).unwrap()].to_owned();
    let chip = Chip { name: cell("姓名"), number: cell("证件号码"), ..chip(0) };
    let reader = reader();
    let words = format!("desk --headless --json --reader {} --as wang --pin-file wang", reader.path().display());
    let desk = Lines::spawn(&mut closing.command(&words));
    reader.present(card(&chip));
    one_verdict(desk, code)
}

/// A live site takes no simulated reader, and no example policy.
fn live() -> BTreeSet<String> {
    let home = Home::new();
    home.file(".config/kaodian/kaodian.toml", "[reader]\npoll_ms = 50\n");
    home.file("pass", "cold stone bridge seven lanterns\n");
    home.file("pin.live", "902714\n");
    home.ok(
        "--data D site init --mode live --site EX-SITE-01 --name 考点 --chief chen --new-pin-file 3 --site-pass-file 4 3<pin.live 4<pass",
    );
    for (op, role) in [("zhou", "admin"), ("wang", "proctor")] {
        home.file(&format!("pin.live.{op}"), format!("9027{}\n", if role == "admin" { 51 } else { 83 }));
        home.ok(&format!(
            "--data D people add {op} --role {role} --as chen --pin-file 3 --new-pin-file 4 3<pin.live 4<pin.live.{op}"
        ));
    }
    let import = "--data D import roster.csv --policy b2b.toml --site-pass-file 5 --as zhou --pin-file 3 --witness chen=4 3<pin.live.zhou 4<pin.live 5<pass";
    let refused = home.run(import);
    refused.refused(1, "KD-R-00 1 error");
    assert!(refused.err.contains("KD-P-06 b2b.toml:"), "{}", refused.err);
    home.file("b2b.toml", policy("b2b-intermediate", 15).replace("example = true", "example = false"));
    home.ok(import);
    // Nobody opens it: the reader is looked at first.
    let _reader = home.reader(&["first.json"]);
    let desk = "--data D desk --headless --reader port --json --as wang --pin-file 3 3<pin.live.wang";
    one_verdict(Lines::spawn(&mut home.shell(&format!("exec \"$KAODIAN\" {desk}"))), "KD-A-19")
}
