//! PIN checks, away from the loop: key derivation takes a fifth of a second and 64 MiB.

use super::msg::{Denied, Msg, Opened};
use crate::domain::ids::OperatorId;
use crate::store::{Operator, Store};
use crate::trust::KeyError;
use crate::trust::identity::SealedIdentity;
use crate::trust::pin::Pin;
use crate::trust::unlock::{PersonSecret, unlock};
use crate::trust::wraps::{self, DataKeys};
use std::path::PathBuf;
use std::sync::Arc;

/// Everything a PIN is checked against.
#[derive(Debug, Clone)]
pub struct Gate {
    operators: Arc<[Operator]>,
    machine: PathBuf,
    wraps: PathBuf,
    database: PathBuf,
}

impl Gate {
    /// A gate for these people.
    #[must_use]
    pub fn new(operators: Vec<Operator>, machine: PathBuf, wraps: PathBuf, database: PathBuf) -> Self {
        Self { operators: operators.into(), machine, wraps, database }
    }

    /// The crew.
    #[must_use]
    pub fn operators(&self) -> &[Operator] {
        &self.operators
    }

    /// Checks one PIN and opens what it opens; before anything is planned that is nothing.
    ///
    /// # Errors
    /// [`Denied`]: nobody of that name, wrong PIN, or keys that do not open.
    pub fn check(&self, op: &OperatorId, pin: &Pin) -> Result<DataKeys, Denied> {
        let denied = |source| Denied::Key { op: op.clone(), source };
        let known = self.operators.iter().find(|operator| operator.op == *op);
        let operator = known.ok_or_else(|| Denied::Unknown(op.clone()))?;
        let identity: SealedIdentity =
            serde_json::from_str(&operator.identity).map_err(|_| denied(KeyError::Sealed { what: "identity" }))?;
        let secret = PersonSecret { op, identity: &identity, key: None, pin };
        let person = unlock(&secret, &self.machine).map_err(denied)?;
        if self.wraps.exists() {
            return wraps::read(&self.wraps, &person.identity).map_err(denied);
        }
        Ok(DataKeys::default())
    }

    fn check_all(&self, people: &[(OperatorId, Pin)], with_roster: bool) -> Result<Box<Opened>, Denied> {
        let mut keys = DataKeys::default();
        for (op, pin) in people {
            keys = self.check(op, pin)?;
        }
        let roster = if with_roster {
            Some(Store::open_to_read(&self.database)?.roster(|session| keys.get(&session))?)
        } else {
            None
        };
        Ok(Box::new(Opened { people: people.iter().map(|(op, _)| op.clone()).collect(), keys, roster }))
    }

    /// Checks PINs in a thread of their own; the answer comes as [`Msg::Checked`] with the same ticket.
    pub fn check_aside(
        &self,
        ticket: u64,
        people: Vec<(OperatorId, Pin)>,
        with_roster: bool,
        sink: impl FnOnce(Msg) + Send + 'static,
    ) {
        let gate = self.clone();
        std::thread::spawn(move || {
            let result = gate.check_all(&people, with_roster);
            sink(Msg::Checked { ticket, result });
        });
    }
}
