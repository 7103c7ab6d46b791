//! An import beside a bare bulk insert of the same rows, and the memory it takes: `cargo bench --bench intake`.
//!
//! Ours is the whole of it: the file read, checked, compared with what stands, every person sealed, the lines of every
//! session written, one transaction. The floor inserts each line of the file as one row of a table, in one transaction
//! on the same disk with the same settings. Apart stand what is paid once and whatever the roster: PINs and keys, and the
//! hash of the program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot do its part has nothing to print"
)]

#[allow(dead_code, reason = "a section takes floors, figures of ours, or both")]
#[path = "speed/report.rs"]
mod report;

use kaodian::config::Config;
use kaodian::domain::crew::Role;
use kaodian::domain::session::Mode;
use kaodian::intake::Limits;
use kaodian::runtime::import::{PolicyFile, Request, RosterFile};
use kaodian::runtime::site::{NewPerson, Site};
use kaodian::store::About;
use kaodian::trust::pin::Pin;
use report::Section;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const CHIEF: &str = "135790";
const ADMIN: &str = "246801";
/// People of one session.
const SESSION: usize = 2_000;

fn main() {
    let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory on the disk that is measured");
    println!("intake: medians of {} rounds, spread in brackets, disk of {}", report::ROUNDS, disk.path().display());
    let policy =
        PolicyFile::parse("b2b.toml", include_bytes!("../assets/demo/b2b-intermediate.toml").to_vec()).unwrap();
    let policies = [policy];
    for (rows, title) in [(30_000, "import of 30,000 rows"), (100_000, "import of 100,000 rows")] {
        let roster = roster(rows);
        let mut n = 0;
        let mut fresh = || {
            n += 1;
            disk.path().join(format!("{rows}-{n}"))
        };
        let (ours, floors) = (fresh(), fresh());
        Section::new(title)
            .floor_timed("bare SQLite, the lines as rows", 1, || bare(&floors, &roster))
            .ours_timed("import, every person sealed", 1, || import(&ours, &roster, &policies))
            .run();
        if let Some(peak) = peak_megabytes() {
            println!("  most memory so far (VmHWM), roster text and both sides: {peak:.1} MB");
        }
    }
}

/// A roster of so many people of no real place, in sessions of [`SESSION`].
fn roster(rows: usize) -> String {
    let mut csv =
        "准考证号,姓名,性别,证件号码,证书名称,等级,场次,考核日期,开始时间,考场,座位号,学校,专业,手机\n".to_owned();
    for n in 0..rows {
        let (session, seat) = (n / SESSION + 1, n % SESSION + 1);
        let name: String = [n / 1000, n / 20 % 1000, n % 977]
            .map(|c| char::from_u32(0x4e00 + u32::try_from(c).unwrap()).unwrap())
            .into_iter()
            .collect();
        let number = number(n);
        let sex = if n % 2 == 1 { "男" } else { "女" };
        writeln!(
            csv,
            "26112{n:07},{name},{sex},{number},跨境电商B2B数据运营,中级,{session},2026-12-{:02},09:00,{:02},{seat},测试学院,电子商务,139{n:08}",
            session % 28 + 1,
            session,
        )
        .unwrap();
    }
    csv
}

/// A resident number with its check character (GB 11643); an odd last but one digit is a man's.
fn number(n: usize) -> String {
    let body = format!("11019919{:02}{:02}{:02}{:03}", 70 + n / 1000 % 30, n / 30_000 + 1, n / 1000 % 28 + 1, n % 1000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = body.bytes().zip(weights).map(|(b, w)| usize::from(b - b'0') * w).sum();
    format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
}

fn away(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        let _absent = std::fs::remove_file(PathBuf::from(file));
    }
}

fn bare(path: &Path, roster: &str) -> Duration {
    away(path);
    let mut db = rusqlite::Connection::open(path).unwrap();
    let mode: String = db.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    db.execute_batch("CREATE TABLE row (cand TEXT PRIMARY KEY, line TEXT NOT NULL) STRICT, WITHOUT ROWID").unwrap();
    let start = Instant::now();
    let transaction = db.transaction().unwrap();
    for line in roster.lines().skip(1) {
        let cand = line.split(',').next().unwrap();
        let mut insert = transaction.prepare_cached("INSERT INTO row (cand, line) VALUES (?1, ?2)").unwrap();
        insert.execute((cand, line)).unwrap();
    }
    transaction.commit().unwrap();
    start.elapsed()
}

/// One import into a site made for it; its keys and PINs are not timed.
fn import(data: &Path, roster: &str, policies: &[PolicyFile]) -> Duration {
    let _absent = std::fs::remove_dir_all(data);
    let _absent = std::fs::remove_file(data.with_extension("secret"));
    let (mut site, admin, chief) = site(data);
    let limits = Limits { bytes: 1 << 30, rows: 200_000, per_session: SESSION, ..Limits::default() };
    let request = Request {
        roster: RosterFile { name: "roster.csv", bytes: roster.as_bytes() },
        rooms: None,
        policies,
        limits: &limits,
        removals: None,
        progress: &|_| {},
    };
    let start = Instant::now();
    let report = site.import(&request, (&admin, &chief), None).unwrap();
    let took = start.elapsed();
    assert!(report.applied, "{:?}", report.findings.first());
    took
}

/// A site without keys of its own, its chief and its admin, with PINs of the least cost.
fn site(data: &Path) -> (Site, kaodian::runtime::site::Authenticated, kaodian::runtime::site::Authenticated) {
    let mut config = Config::default();
    (config.trust.argon_mib, config.trust.argon_t) = (1, 1);
    let about = About {
        mode: Mode::Demo,
        site: "EX-SITE-01".parse().unwrap(),
        site_name: "考点".to_owned(),
        clock_offset_ms: 0,
    };
    let person = |op: &str, role, pin: &str| NewPerson {
        op: op.parse().unwrap(),
        role,
        lead: false,
        signer: false,
        name: None,
        pin: Pin::parse(pin).unwrap(),
    };
    let chief = person("chen", Role::Chief, CHIEF);
    let mut site = Site::init(data, &config, &about, &chief, None).unwrap();
    let authenticated = site.authenticate(&chief.op, &chief.pin).unwrap();
    let admin = person("zhou", Role::Admin, ADMIN);
    site.add_person(&admin, &authenticated).unwrap();
    let admin = site.authenticate(&admin.op, &admin.pin).unwrap();
    (site, admin, authenticated)
}

/// The most memory that this process has had, from `/proc`.
fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1000.0)
}
