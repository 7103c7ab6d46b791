//! The command line (cli.md): one file for each subcommand, one shape of failure.
//!
//! Owns arguments, secrets from descriptors and prompts, and what is printed. With `--json` standard output carries one
//! object a line; people's text goes to standard error.

mod check;
mod demo;
mod desk;
mod errors;
pub mod failure;
mod full_screen;
mod import;
mod journal;
mod lines;
mod org;
mod people;
mod policy;
pub mod reader;
mod score;
mod seal;
mod seats;
mod secret;
mod session;
mod site;
mod tools;
mod verdict;
mod verify;

use crate::config::{Config, Lang};
use crate::domain::crew::Role;
use crate::domain::ids::{DeskId, IdError, OperatorId, SessionNo};
use crate::domain::session::Mode;
use crate::runtime::site::{Authenticated, Site};
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use clap::{Args, Parser, Subcommand};
use errors::{credentials_failed, failure_of, org_failed};
use failure::{Failure, Kind, Outcome};
use secret::Secret;
use std::path::{Path, PathBuf};

/// The terminal desk for examination day.
#[derive(Debug, Parser)]
#[command(
    name = "kaodian",
    version,
    after_help = "Try it:\n  kaodian demo\n  kaodian demo --headless --json --keep /tmp/day"
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Verb>,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Global {
    /// The data directory [default: $KAODIAN_DATA, else kaodian in the XDG data directory].
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration file [default: kaodian/kaodian.toml in the XDG configuration directory].
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Language of screens: zh-CN or en.
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Lang>,
    /// One JSON object a line on standard output.
    #[arg(long, global = true)]
    json: bool,
}

/// Who acts.
#[derive(Debug, Default, Args)]
struct Acting {
    /// The operator who acts.
    #[arg(long = "as", value_name = "OPERATOR")]
    op: Option<OperatorId>,
    /// Where their PIN is read: a descriptor (digits only), or outside Live a file of mode 0600. Asked on a terminal.
    #[arg(long, value_name = "FD|FILE")]
    pin_file: Option<Secret>,
}

/// Who seconds.
#[derive(Debug, Args)]
struct Seconding {
    /// The second person and where their PIN is read.
    #[arg(long, value_name = "OPERATOR=FD|FILE")]
    witness: Option<secret::OperatorSecret>,
}

/// What opens the site's own keys.
#[derive(Debug, Args)]
struct SitePassphrase {
    /// Where the site passphrase is read, where the site has keys of its own.
    #[arg(id = "site_pass_file", long = "site-pass-file", value_name = "FD|FILE")]
    file: Option<Secret>,
}

impl SitePassphrase {
    /// The passphrase; none where the site has no keys.
    fn read(&self, site: &Site) -> Outcome<Option<Passphrase>> {
        if !site.has_site_key() {
            return Ok(None);
        }
        secret::passphrase(self.file.as_ref(), site.store().about().mode).map(Some)
    }
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// The check-in desk: full-screen, or without a screen for scripts.
    #[command(after_help = "Example:\n  kaodian --data D desk --reader /dev/ttyUSB0")]
    Desk(desk::DeskArgs),
    /// A whole examination day on an embedded default.
    #[command(
        after_help = "Example:\n  kaodian demo\n  kaodian demo --headless --candidates 60 --seed 1 --json --keep /tmp/day"
    )]
    Demo(demo::DemoArgs),
    /// Tools for card readers.
    #[command(subcommand)]
    Reader(reader::ReaderVerb),
    /// The site: make its data directory, look at it.
    #[command(subcommand)]
    Site(site::SiteVerb),
    /// The crew.
    #[command(subcommand)]
    People(people::PeopleVerb),
    /// Import a roster.
    #[command(
        after_help = "Example:\n  kaodian --data D import roster.csv --policy b2b.toml --as zhou --pin-file 3 --witness chen=4 3<pin.zhou 4<pin.chen"
    )]
    Import(import::ImportArgs),
    /// Exam policies.
    #[command(subcommand)]
    Policy(policy::PolicyVerb),
    /// Sessions: list, open, start, close.
    #[command(subcommand)]
    Session(session::SessionVerb),
    /// Marks and results.
    #[command(subcommand)]
    Score(score::ScoreVerb),
    /// The organisation's side: root, credentials, revocation; for pilots and tests.
    #[command(subcommand)]
    Org(org::OrgVerb),
    /// Seals a closed session: chief, two proctors, site key.
    #[command(
        after_help = "Example:\n  kaodian --data D seal 1 --as chen --pin-file 3 --site-pass-file 4 --sign wang=5 --sign li=6 3<pin.chen 4<pass.site 5<pin.wang 6<pin.li"
    )]
    Seal(seal::SealArgs),
    /// Check a sealed package: the envelope, or with a decryption key everything.
    #[command(
        after_help = "Example:\n  kaodian verify EK-EX-SITE-01-4f6d2c19-17.ekseal --root root.pem --crl crl.pem --identity working.key"
    )]
    Verify(verify::VerifyArgs),
    /// Check a sealed package and write what is inside.
    #[command(
        after_help = "Example:\n  kaodian open EK-EX-SITE-01-4f6d2c19-17.ekseal --root root.pem --crl crl.pem --identity working.key --out results"
    )]
    Open(verify::OpenArgs),
    /// Seats: draw again, move, take out of service.
    #[command(subcommand)]
    Seats(seats::SeatsVerb),
    /// The journal: verify its chains, show its lines.
    #[command(subcommand)]
    Journal(journal::JournalVerb),
}

/// Everything a subcommand needs besides its own arguments.
struct Context {
    /// Some commands need none.
    data: Option<PathBuf>,
    config: Config,
    json: bool,
}

/// Runs the command line.
///
/// # Errors
/// [`Failure`] with its exit code.
pub fn run(cli: Cli) -> Outcome {
    let default = default_config();
    let mut config = Config::load(cli.global.config.as_deref(), default.as_deref()).map_err(|e| {
        Failure::new(
            Kind::Usage,
            e.code(),
            &e,
            "correct the configuration file, or leave --config away for the defaults",
        )
    })?;
    if let Some(lang) = cli.global.lang {
        config.ui.lang = lang;
    }
    let context = Context { data: data_dir(cli.global.data), config, json: cli.global.json };
    let verb = cli.command.unwrap_or(Verb::Desk(desk::DeskArgs::default()));
    match verb {
        Verb::Desk(args) => desk::run(&context, args),
        Verb::Demo(args) => demo::run(&context, args),
        Verb::Reader(verb) => tools::run(&context, verb),
        Verb::Site(verb) => site::run(&context, verb),
        Verb::People(verb) => people::run(&context, verb),
        Verb::Import(args) => import::run(&context, &args),
        Verb::Policy(verb) => policy::run(&context, verb),
        Verb::Session(verb) => session::run(&context, verb),
        Verb::Score(verb) => score::run(&context, verb),
        Verb::Org(verb) => org::run(&context, verb),
        Verb::Seal(args) => seal::run(&context, &args),
        Verb::Verify(args) => verify::run(&context, &args),
        Verb::Open(args) => verify::run_open(&context, &args),
        Verb::Seats(verb) => seats::run(&context, verb),
        Verb::Journal(verb) => journal::run(&context, verb),
    }
}

fn env_path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn default_config() -> Option<PathBuf> {
    env_path("XDG_CONFIG_HOME")
        .or_else(|| env_path("HOME").map(|home| home.join(".config")))
        .map(|base| base.join("kaodian/kaodian.toml"))
}

fn data_dir(given: Option<PathBuf>) -> Option<PathBuf> {
    given
        .or_else(|| env_path("KAODIAN_DATA"))
        .or_else(|| env_path("XDG_DATA_HOME").map(|base| base.join("kaodian")))
        .or_else(|| env_path("HOME").map(|home| home.join(".local/share/kaodian")))
}

impl Context {
    fn data(&self) -> Outcome<&Path> {
        self.data.as_deref().ok_or_else(|| {
            let cause = "expected --data, KAODIAN_DATA or a home directory, found none";
            Failure::new(Kind::Usage, "KD-U-01", cause, "say where the data directory is with --data DIR")
        })
    }

    fn write(&self, purpose: &str) -> Outcome<Site> {
        Site::open(self.data()?, &self.config, purpose).map_err(failure_of)
    }

    fn read(&self) -> Outcome<Site> {
        Site::open_to_read(self.data()?, &self.config).map_err(failure_of)
    }

    fn desk(&self) -> DeskId {
        self.config.desk.number
    }
}

impl Acting {
    /// The person and their PIN, not yet checked.
    fn pin(&self, site: &Site) -> Outcome<(OperatorId, Pin)> {
        let op = match &self.op {
            Some(op) => op.clone(),
            None => secret::ask_operator()?,
        };
        let pin = secret::pin(self.pin_file.as_ref(), &op, site.store().about().mode)?;
        Ok((op, pin))
    }

    fn authenticate(&self, site: &mut Site) -> Outcome<Authenticated> {
        let (op, pin) = self.pin(site)?;
        site.authenticate(&op, &pin).map_err(failure_of)
    }
}

impl Seconding {
    fn authenticate(&self, site: &mut Site) -> Outcome<Option<Authenticated>> {
        let Some(given) = &self.witness else { return Ok(None) };
        let pin = secret::pin(Some(&given.secret), &given.op, site.store().about().mode)?;
        site.authenticate(&given.op, &pin).map(Some).map_err(failure_of)
    }
}

fn mode(text: &str) -> Result<Mode, String> {
    text.parse().map_err(expected)
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(expected)
}

/// What a value that clap refused should have been; clap has named the argument.
fn expected(error: IdError) -> String {
    format!("expected {}", error.expected)
}

fn number(text: &str) -> Result<SessionNo, String> {
    text.parse().map_err(expected)
}

/// Tells people something on standard error. A closed one changes nothing about what was done.
fn tell(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{}", failure::harmless(text));
}

/// A number with its noun: `1 row`, `2 rows`.
fn count<N: Copy + std::fmt::Display + PartialEq + From<u8>>(n: N, noun: &str) -> String {
    if n == N::from(1) { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// Prints one JSON object as a line.
fn print_json(value: &serde_json::Value) -> Outcome {
    print_line(&value.to_string())
}

/// Prints a line and flushes it, so that a reader of the pipe has it at once.
fn print_line(line: &str) -> Outcome {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(output_failed)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn output_failed(error: std::io::Error) -> Failure {
    Failure::new(Kind::Device, "KD-U-02", format!("standard output: {error}"), "")
}
