//! A site of the black-box tests: a home with a quick configuration, a crew with PINs, rosters that begin just now.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each test binary uses its part, and a rig that cannot do its part has failed its test"
)]

use super::support::lines::{Lines, kaodian, run};
use super::support::tmp::Tmp;
use super::support::{KAODIAN, environment};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

/// Operator and PIN.
pub const PINS: [(&str, &str); 4] = [("chen", "135790"), ("zhou", "246801"), ("wang", "314159"), ("sun", "161803")];

/// What a roster says of one invented person.
pub struct Person {
    pub cand: &'static str,
    pub name: &'static str,
    /// The first 17 characters of the document number.
    pub body: &'static str,
}

/// On the roster of session 1.
pub const FIRST: Person = Person { cand: "2611241001", name: "梁泽辰", body: "11019920080708714" };
/// On the roster of session 1.
pub const SECOND: Person = Person { cand: "2611241002", name: "阿依古丽·买买提", body: "11019920071102074" };
/// On the roster of session 2.
pub const THIRD: Person = Person { cand: "2611242001", name: "马瑶诺", body: "11019920040716673" };
/// On no roster.
pub const STRANGER: Person = Person { cand: "", name: "欧阳未至", body: "11019919900101991" };

impl Person {
    /// The document number with its check character (GB 11643).
    pub fn number(&self) -> String {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: usize = self.body.bytes().zip(weights).map(|(b, w)| usize::from(b - b'0') * w).sum();
        format!("{}{}", self.body, char::from(b"10X98765432"[sum % 11]))
    }

    /// The card file of `reader simulate`.
    pub fn card(&self) -> String {
        let number = self.number();
        serde_json::json!({
            "kind": "resident", "name": self.name, "sex": "1", "nation": "01", "birth": number[6..14], "address": "某地",
            "id_number": number, "issuer": "某局", "valid_from": "20200101", "valid_to": "长期",
        })
        .to_string()
    }

    /// Document number, name: what must never leave the site in clear.
    pub fn secrets(&self) -> [String; 2] {
        [self.number(), self.name.to_owned()]
    }
}

/// Date and time of day in the exam's zone, so many minutes ago.
pub fn minutes_ago(minutes: i64) -> (String, String) {
    let then = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes);
    let then = jiff::tz::offset(8).to_datetime(then);
    (then.strftime("%Y-%m-%d").to_string(), then.strftime("%H:%M").to_string())
}

const HEADER: &str = "准考证号,姓名,证件号码,证书名称,等级,场次,考核日期,开始时间,考场,座位号\n";

/// A roster of one session.
pub fn roster(people: &[&Person], exam: &str, session: u8, minutes: i64) -> String {
    let (date, start) = minutes_ago(minutes);
    let mut csv = HEADER.to_owned();
    for (person, seat) in people.iter().zip(1..) {
        let (cand, name, number) = (person.cand, person.name, person.number());
        writeln!(csv, "{cand},{name},{number},{exam},{session},{date},{start},0{session},{seat:02}").unwrap();
    }
    csv
}

/// A file of the project.
pub fn project(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A policy of the demo, with work taken in from the first minute on and another late limit.
pub fn policy(name: &str, late_limit_min: u32) -> String {
    let text = project(&format!("assets/demo/{name}.toml"));
    let set = |line: &str| match line.split_once(" = ") {
        Some(("late_limit_min", _)) => format!("late_limit_min = {late_limit_min}\n"),
        Some(("earliest_handin_min", _)) => "earliest_handin_min = 0\n".to_owned(),
        _ => format!("{line}\n"),
    };
    text.lines().map(set).collect()
}

/// A home directory with everything the printed commands name, and a data directory `D` to come.
pub struct Home(Tmp);

impl Home {
    /// Files and configuration, no data directory yet.
    pub fn new() -> Self {
        let tmp = Tmp::new();
        std::fs::create_dir_all(tmp.join(".config/kaodian")).unwrap();
        // PINs of the least cost: this is about commands, not about key derivation.
        tmp.file(".config/kaodian/kaodian.toml", "[trust]\nargon_mib = 1\nargon_t = 1\n[reader]\npoll_ms = 50\n");
        for (op, pin) in PINS {
            tmp.file(&format!("pin.{op}"), format!("{pin}\n"));
        }
        tmp.file("b2b.toml", policy("b2b-intermediate", 15));
        tmp.file("eppm.toml", policy("eppm-primary", 0));
        tmp.file("roster.csv", roster(&[&FIRST, &SECOND], "跨境电商B2B数据运营,中级", 1, 1));
        tmp.file("roster2.csv", roster(&[&THIRD], "研学旅行策划与管理(EPPM),初级", 2, 3));
        for (name, person) in [("first", FIRST), ("second", SECOND), ("stranger", STRANGER)] {
            tmp.file(&format!("{name}.json"), person.card());
        }
        Self(tmp)
    }

    /// A site with its crew, nothing imported.
    pub fn with_site() -> Self {
        let home = Self::new();
        home.ok(
            "--data D site init --mode demo --site EX-SITE-01 --name 考点 --chief chen --new-pin-file 3 3<pin.chen",
        );
        for (op, role) in [("zhou", "admin"), ("wang", "proctor"), ("sun", "assessor")] {
            home.ok(&format!(
                "--data D people add {op} --role {role} --as chen --pin-file 3 --new-pin-file 4 3<pin.chen 4<pin.{op}"
            ));
        }
        home
    }

    /// A site with session 1 open.
    pub fn with_open_session() -> Self {
        let home = Self::with_site();
        home.ok("--data D import roster.csv --policy b2b.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen");
        home.ok("--data D session open 1 --as chen --pin-file 3 3<pin.chen");
        home
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file of mode 0600.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        self.0.file(name, bytes);
    }

    /// A shell with `kaodian` as a command.
    pub fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("/bin/bash");
        let script = format!("kaodian() {{ \"$KAODIAN\" \"$@\"; }}\n{script}");
        command.args(["-c", &script]).env_clear().envs(environment(self.path())).env("KAODIAN", KAODIAN);
        command.current_dir(self.path());
        command
    }

    /// Runs one command with its redirections, as a person types it.
    pub fn run(&self, command: &str) -> Said {
        Said::of(run(&mut self.shell(&format!("kaodian {command} </dev/null"))))
    }

    /// Runs one that must succeed.
    pub fn ok(&self, command: &str) -> Said {
        let said = self.run(command);
        assert_eq!(said.exit, 0, "{command}\n{}{}", said.out, said.err);
        said
    }

    /// Starts the headless desk as wang.
    pub fn desk(&self, port: &str) -> Lines {
        let desk = format!("--data D desk --headless --reader {port} --json --as wang --pin-file 3 3<pin.wang");
        Lines::spawn(&mut self.shell(&format!("exec \"$KAODIAN\" {desk}")))
    }

    /// Starts a simulated reader that lays these cards down one after the other; it ends when dropped.
    pub fn reader(&self, cards: &[&str]) -> Lines {
        let fixed = ["reader", "simulate", "--link", "port", "--immediate", "--stay-ms", "60", "--pause-ms", "200"];
        let mut command = kaodian(self.path(), fixed);
        if !cards.is_empty() {
            command.arg("--card").args(cards);
        }
        let mut reader = Lines::spawn(&mut command);
        reader.wait_event("plugged_in");
        reader
    }
}

/// What a command said.
pub struct Said {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { exit: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Standard output as JSON lines.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }

    /// Passes if it ended with this exit code and said this on standard error.
    pub fn refused(&self, exit: i32, words: &str) {
        assert_eq!(self.exit, exit, "{}{}", self.out, self.err);
        assert!(self.err.contains(words), "expected {words:?}, found {:?}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}
