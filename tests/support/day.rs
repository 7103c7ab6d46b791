//! A kept demo day whose check-in is open, with its people, their cards and a desk: what tests share that hurt a desk.
//!
//! Key derivation is set as cheap as it goes and the reader as quick, so that a desk starts in a fraction of a second.

use super::lines::{Lines, kaodian, run, run_json};
use super::process::Process;
use super::tmp::Tmp;
use kaodian::journal::chain::Chain;
use kaodian::reader::record::ResidentCard;
use kaodian::reader::simulate::{Card, Settings, SimulatedReader};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

const CONFIG: &str = "[reader]\npoll_ms = 10\n[trust]\nargon_mib = 8\nargon_t = 1\n";

/// The session that is open.
pub const SESSION: u64 = 1;

/// One row of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub cand: String,
    pub name: String,
    pub number: String,
    pub session: u64,
    pub room: String,
    pub seat: String,
}

impl Person {
    /// The card that this person shows.
    pub fn card(&self) -> Card {
        let fields = ResidentCard {
            name: self.name.clone(),
            number: self.number.clone(),
            valid_from: "20200101".to_owned(),
            valid_to: "长期".to_owned(),
            ..ResidentCard::default()
        };
        Card::resident(&fields).expect("a name that fits on a chip")
    }
}

/// A data directory of a day, with what is needed to act on it.
#[derive(Clone)]
pub struct Day {
    home: Rc<Tmp>,
    pub data: PathBuf,
    /// Everybody who is registered for the open session.
    pub people: Rc<[Person]>,
}

/// Shared memory does not survive a power cut; everything else is copied, with its folders.
fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&there).unwrap();
            fs::set_permissions(&there, entry.metadata().unwrap().permissions()).unwrap();
            copy_files(&entry.path(), &there);
        } else if entry.file_name() != "kaodian.db-shm" {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

impl Day {
    /// A new day with so many candidates, 08:35, check-in open.
    pub fn open(candidates: u32) -> Self {
        let home = Tmp::new();
        let (config, kept) = (home.file("kaodian.toml", CONFIG), home.join("day"));
        let mut demo = kaodian(home.path(), ["demo", "--headless", "--json", "--until", "open", "--candidates"]);
        demo.arg(candidates.to_string()).arg("--keep").arg(&kept).arg("--config").arg(config);
        run_json(&mut demo);
        let pins: Value = serde_json::from_slice(&fs::read(kept.join("pins.json")).unwrap()).unwrap();
        for (operator, pin) in pins.as_object().unwrap() {
            home.file(operator, pin.as_str().unwrap());
        }
        Self { data: kept.join("data"), people: people(&kept.join("roster.csv")).into(), home: Rc::new(home) }
    }

    /// The same day in a directory of its own, as the files stand: also those of a desk that was killed.
    pub fn copy(&self) -> Self {
        let at = tempfile::Builder::new().prefix("copy-").tempdir_in(self.home.path()).unwrap().keep();
        let data = at.join("data");
        fs::copy(self.data.with_extension("secret"), data.with_extension("secret")).unwrap();
        fs::create_dir(&data).unwrap();
        fs::set_permissions(&data, fs::metadata(&self.data).unwrap().permissions()).unwrap();
        copy_files(&self.data, &data);
        Self { data, ..self.clone() }
    }

    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.data.join("kaodian.db")
    }

    /// Its write-ahead log.
    pub fn wal(&self) -> PathBuf {
        self.data.join("kaodian.db-wal")
    }

    /// A place for files that are no part of the day.
    pub fn home(&self) -> &Tmp {
        &self.home
    }

    /// Arguments of a command on this day's data.
    pub fn args(&self, words: &[&str]) -> Vec<OsString> {
        let mut args = vec!["--config".into(), self.home.join("kaodian.toml").into(), "--data".into()];
        args.push(self.data.clone().into());
        args.extend(words.iter().map(OsString::from));
        args
    }

    /// The same for a person of the crew.
    pub fn args_as(&self, operator: &str, words: &[&str]) -> Vec<OsString> {
        let mut args = self.args(words);
        args.extend(["--as".into(), operator.into(), "--pin-file".into(), self.home.join(operator).into()]);
        args
    }

    /// A command on this day's data.
    pub fn command(&self, words: &[&str]) -> Command {
        kaodian(self.home.path(), self.args(words))
    }

    /// The same for a person of the crew.
    pub fn command_as(&self, operator: &str, words: &[&str]) -> Command {
        kaodian(self.home.path(), self.args_as(operator, words))
    }

    /// Arguments of a headless desk at this reader.
    pub fn desk_args(&self, reader: &SimulatedReader) -> Vec<OsString> {
        let mut args = self.args_as("wang", &["desk", "--headless", "--json", "--reader"]);
        // `--reader` takes the path that stands next to it.
        let at = args.iter().position(|arg| arg == "--reader").unwrap();
        args.insert(at + 1, reader.path().into());
        args
    }

    /// Starts a headless desk at this reader.
    pub fn desk(&self, reader: &SimulatedReader) -> Lines {
        Lines::spawn(&mut kaodian(self.home.path(), self.desk_args(reader)))
    }

    /// The process that holds the data directory, also when it runs under a tracer.
    pub fn holder(&self) -> Process {
        let told = fs::read_to_string(self.data.join("lock")).unwrap();
        let (_, id) = told.trim().rsplit_once(' ').expect("who holds the data directory");
        Process::of(id.parse().expect("a process id"))
    }

    /// The lines of the open session; every chain must hold.
    pub fn journal(&self) -> Vec<String> {
        let output = run(&mut self.command_as("chen", &["journal", "show", "--session", "1"]));
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaint}");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    /// What `journal verify` says of the open session: number of lines and head.
    pub fn verified(&self) -> (u64, String) {
        let lines = run_json(&mut self.command(&["journal", "verify", "--json"]));
        ending(&lines).expect("the open session has a stream")
    }
}

/// Number of lines and head of the open session in the lines of `journal verify --json`.
pub fn ending(lines: &[Value]) -> Option<(u64, String)> {
    let stream = lines.iter().find(|line| line["event"] == "stream" && line["session"] == SESSION)?;
    Some((stream["size"].as_u64()?, stream["head"].as_str()?.to_owned()))
}

/// The head after each of these lines, the one of no lines first.
pub fn heads(lines: &[String]) -> Vec<String> {
    let mut chain = Chain::EMPTY;
    let mut heads = vec![chain.head().to_string()];
    for line in lines {
        chain = chain.with(line.as_bytes());
        heads.push(chain.head().to_string());
    }
    heads
}

/// A reader that answers at once.
pub fn reader() -> SimulatedReader {
    SimulatedReader::start(Settings::immediate(), None).expect("a pseudo-terminal")
}

fn people(roster: &Path) -> Vec<Person> {
    let mut rows = csv::Reader::from_path(roster).unwrap();
    let headers = rows.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let [cand, name, number, session, room, seat] =
        ["准考证号", "姓名", "证件号码", "场次", "考场", "座位号"].map(column);
    let person = |row: csv::StringRecord| Person {
        cand: row[cand].to_owned(),
        name: row[name].to_owned(),
        number: row[number].to_owned(),
        session: row[session].parse().unwrap(),
        room: row[room].to_owned(),
        seat: row[seat].to_owned(),
    };
    rows.records().map(|row| person(row.unwrap())).filter(|person| person.session == SESSION).collect()
}
