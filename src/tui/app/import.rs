//! A newer roster at the desk: the file is read, looked at, and applied once the chief's PIN is right.

use super::super::screens::import::{self, Seen};
use super::super::widgets::footer::{Message, Rank};
use super::notices::shown_name;
use super::{App, Asked, Place};
use crate::domain::crew::{Act, allows};
use crate::domain::ids::OperatorId;
use crate::intake::Limits;
use crate::runtime::import::ImportReport;
use crate::runtime::newer::Newer;
use crate::runtime::site::SiteError;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;
use crate::tui::i18n::tr;
use crate::tui::keymap::Press;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The file that was looked at, and how the look went.
#[derive(Default)]
pub(super) struct Looked {
    name: String,
    bytes: Vec<u8>,
    working: bool,
    seen: Option<Seen>,
}

/// What the chief's PIN is checked for.
#[derive(Debug)]
pub(super) struct Approval {
    chief: OperatorId,
    removals: u32,
    passphrase: Option<Passphrase>,
}

impl App {
    /// The screen, where somebody may apply and something is planned.
    pub(super) fn open_import(&mut self) {
        if self.desk.desk().books().is_empty() {
            return self.say(self.import_says(|look| tr!(look, "import-nothing-planned")));
        }
        self.looked = Looked::default();
        self.go(Place::Import(import::State::default()));
    }

    fn chiefs(&self) -> Vec<(OperatorId, String)> {
        let operators =
            self.desk.gate().operators().iter().filter(|operator| allows(operator.role, Act::ImportApprove));
        operators.map(|operator| (operator.op.clone(), shown_name(&operator.masked_name, &operator.op))).collect()
    }

    pub(super) fn import_data(&self) -> import::Data {
        let passphrase = self.desk.gate().has_site_key();
        import::Data {
            chiefs: self.chiefs().into_iter().map(|(_, name)| name).collect(),
            passphrase,
            demo_passphrase: if passphrase { self.demo_passphrase() } else { None },
            working: self.looked.working,
            seen: self.looked.seen.clone(),
        }
    }

    pub(super) fn import_key(&mut self, press: Press) {
        let data = self.import_data();
        let Place::Import(state) = &mut self.place else { return };
        match import::on_key(state, &data, press) {
            import::Outcome::Stay => {}
            import::Outcome::Back => self.place = Place::Ready,
            import::Outcome::Look { path, passphrase } => self.look_at_roster(Path::new(&path), passphrase.secret()),
            import::Outcome::Apply { removals, chief, pin, passphrase } => {
                let chief = self.chiefs().into_iter().nth(chief).map(|(op, _)| op);
                let passphrase = self.site_passphrase(passphrase.secret());
                match (chief, Pin::parse(pin.secret()), passphrase) {
                    (Some(chief), Ok(pin), Ok(passphrase)) => {
                        let ticket = self.desk.check(vec![(chief.clone(), pin)]);
                        self.asked.insert(ticket, Asked::Import(Approval { chief, removals, passphrase }));
                    }
                    _ => self.say(self.wrong_pin(Rank::Wrong)),
                }
            }
        }
    }

    /// What was typed as the passphrase; none where the site has no keys of its own.
    fn site_passphrase(&self, typed: &str) -> Result<Option<Passphrase>, ()> {
        if !self.desk.gate().has_site_key() {
            return Ok(None);
        }
        Passphrase::parse(typed).map(Some).map_err(drop)
    }

    fn look_at_roster(&mut self, path: &Path, passphrase: &str) {
        let Ok(passphrase) = self.site_passphrase(passphrase) else { return self.say(self.wrong_passphrase()) };
        match read(path) {
            Err(error) => {
                self.say(self.import_says(|look| tr!(look, "import-unreadable", cause = error.to_string())));
            }
            Ok(bytes) => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                self.looked = Looked { name, bytes, working: false, seen: None };
                // Whoever approves is asked later; to look any chief will do.
                if let Some((chief, _)) = self.chiefs().into_iter().next() {
                    self.begin_import(chief, passphrase, None);
                }
            }
        }
    }

    fn begin_import(&mut self, chief: OperatorId, passphrase: Option<Passphrase>, removals: Option<u32>) {
        let Some(admin) = self.acting.as_ref().map(|acting| acting.op.clone()) else { return };
        self.looked.working = true;
        let (name, bytes) = (self.looked.name.clone(), self.looked.bytes.clone());
        let notices = self.desk.import(Newer { name, bytes, admin, chief, passphrase, removals });
        self.take(notices);
    }

    /// The chief's PIN was right.
    pub(super) fn approved(&mut self, approval: Approval) {
        let Approval { chief, removals, passphrase } = approval;
        self.begin_import(chief, passphrase, Some(removals));
    }

    /// A look, or an import, came back.
    pub(super) fn imported(&mut self, result: Result<ImportReport, SiteError>) {
        self.looked.working = false;
        match result {
            Err(error) => {
                tracing::warn!(%error, "a newer roster was not imported");
                self.say(self.import_says(|look| tr!(look, "import-failed", cause = error.to_string())));
            }
            Ok(report) => {
                let seen = Seen::new(self.looked.name.clone(), &report);
                if report.applied {
                    self.index = None;
                    self.messages.clear();
                    let (added, removed, changed) = (report.added, report.removed(), report.changed());
                    let text = self.with_look(|look| {
                        let n = |n: usize| n.to_string();
                        tr!(look, "import-stored", added = n(added), removed = n(removed), changed = n(changed))
                    });
                    self.say(Message { rank: Rank::Done, code: None, text });
                } else if self.looked.seen.as_ref().is_some_and(|before| before.approval.is_some()) {
                    self.say(self.import_says(|look| tr!(look, "import-not-approved")));
                }
                if let Place::Import(state) = &mut self.place {
                    state.looked(&seen);
                }
                self.looked.seen = Some(seen);
            }
        }
    }

    fn import_says(&self, words: impl FnOnce(&super::Look<'_>) -> String) -> Message {
        Message { rank: Rank::Wrong, code: None, text: self.with_look(words) }
    }
}

/// A file's bytes, and no more of them than tells that it is too long; a device is no roster.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let most = u64::try_from(Limits::default().bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
