//! The people of a site: whose PIN is right, who joins the crew, what their keys are certified by.

use super::auth::{self, Known, key_file};
use super::msg::Denied;
use super::sealing::SealFault;
use super::site::{Site, SiteError};
use crate::domain::candidate::PersonName;
use crate::domain::crew::{Act, Role, allows};
use crate::domain::event::{CrewAssigned, Draft, Event, Flag};
use crate::domain::ids::OperatorId;
use crate::domain::record::Held;
use crate::domain::session::State;
use crate::store::{Operator, StoreError};
use crate::trust::credentials::{self, Enrolled, Holder};
use crate::trust::identity::SealedIdentity;
use crate::trust::machine::MachineSecret;
use crate::trust::pin::Pin;
use crate::trust::request;
use crate::trust::signing::{self, SigningKey};
use crate::trust::wraps::{self, DataKeys};

/// Somebody whose PIN was right.
#[derive(Debug)]
pub struct Authenticated {
    /// Who.
    pub op: OperatorId,
    /// As what.
    pub role: Role,
    /// The data keys that their PIN opened; none while no session is open.
    pub keys: DataKeys,
    /// Their signing key, where they hold one.
    pub signing: Option<SigningKey>,
}

impl Authenticated {
    /// Passes if their role allows the act.
    ///
    /// # Errors
    /// [`SiteError::Role`].
    pub fn may(&self, act: Act, words: &'static str) -> Result<(), SiteError> {
        if allows(self.role, act) { Ok(()) } else { Err(SiteError::Role { act: words, role: self.role.as_str() }) }
    }
}

/// A person to be put on the crew.
#[derive(Debug)]
pub struct NewPerson {
    /// Operator id.
    pub op: OperatorId,
    /// Role.
    pub role: Role,
    /// Lead assessor or lead proctor.
    pub lead: bool,
    /// Whether a signing key is to be made.
    pub signer: bool,
    /// Full name, shown masked, never journaled.
    pub name: Option<PersonName>,
    /// PIN.
    pub pin: Pin,
}

impl Site {
    /// Checks a person's PIN. Where this process may write, the ledger learns of wrong ones and of the right one after.
    ///
    /// # Errors
    /// [`SiteError::Denied`].
    pub fn authenticate(&mut self, op: &OperatorId, pin: &Pin) -> Result<Authenticated, SiteError> {
        let gate = self.gate()?;
        let checked = gate.check(op, pin);
        let failed: Vec<_> = checked.iter().filter(|known| known.failed > 0).map(|k| (op.clone(), k.failed)).collect();
        let told = auth::ledger_events(&failed, checked.as_ref().err());
        if self.lock.is_some() && !told.is_empty() {
            self.store.append_ledger(told, &self.ledger_author(None))?;
        }
        let Known { keys, signing, .. } = checked?;
        let keys = if self.lock.is_some() { self.without_sealed(keys)? } else { keys };
        let role = gate.operators().iter().find(|known| known.op == *op).map(|known| known.role);
        let role = role.ok_or_else(|| Denied::Unknown(op.clone()))?;
        Ok(Authenticated { op: op.clone(), role, keys, signing })
    }

    /// A key holder's PIN opens the file of their key and nothing else; the others' opens their identity.
    pub(super) fn new_operator(&self, person: &NewPerson) -> Result<Operator, SiteError> {
        if person.signer && !allows(person.role, Act::SignSeal) {
            return Err(SiteError::Role { act: "sign seals", role: person.role.as_str() });
        }
        if person.op.as_str() == "site" {
            return Err(SiteError::Reserved(person.op.clone()));
        }
        person.pin.allowed_in(self.store.about().mode)?;
        let (sealed, identity) = if person.signer {
            let (key, keys) = (SigningKey::generate(&self.rng)?, self.dir.keys());
            signing::write(&key_file(&keys, &person.op), &key, person.pin.as_bytes(), self.scrypt, &self.rng)?;
            request::keep(&keys, &self.store.about().site, &Holder::Proctor(person.op.clone()), &key)?;
            SealedIdentity::for_key(&person.op, &key, &self.rng)?
        } else {
            let machine = MachineSecret::read(&self.machine)?;
            SealedIdentity::new(&person.op, &person.pin, &machine, self.cost, &self.rng)?
        };
        let sealed_name = match &person.name {
            Some(name) => Some(crate::proof::base64url::encode(&identity.seal_name(name.as_str(), &self.rng)?)),
            None => None,
        };
        let identity_json =
            serde_json::to_string(&sealed).map_err(|e| StoreError::Row { table: "operator", why: e.to_string() })?;
        Ok(Operator {
            op: person.op.clone(),
            role: person.role,
            lead: person.lead,
            signer: person.signer,
            masked_name: person.name.as_ref().map(PersonName::masked).unwrap_or_default(),
            recipient: identity.recipient(),
            identity: identity_json,
            sealed_name,
        })
    }

    /// Puts a person on the crew: the data keys are encrypted to them too, and every session not closed learns of them.
    ///
    /// # Errors
    /// [`SiteError::Known`], [`SiteError::Role`]; whatever keys and disk say.
    pub fn add_person(&mut self, person: &NewPerson, by: &Authenticated) -> Result<(), SiteError> {
        by.may(Act::Crew, "add people")?;
        let operators = self.store.operators()?;
        if operators.iter().any(|known| known.op == person.op) {
            return Err(SiteError::Known(person.op.clone()));
        }
        let held = self.store.hold(self.desk)?;
        self.has_joined()?;
        let operator = self.new_operator(person)?;
        let drafts = self.assign(&held, &operator, by);
        if !by.keys.is_empty() {
            let recipients: Vec<_> = operators.iter().chain([&operator]).map(|known| known.recipient.clone()).collect();
            // First the file: a recipient too many is harmless, one too few locks a person out.
            wraps::write(&self.dir.wraps(), &by.keys, &recipients)?;
        }
        self.store.add_operator(&operator, &drafts)?;
        self.gate.take();
        Ok(())
    }

    /// What the site asks its organisations for: the requests of every key that was made.
    ///
    /// # Errors
    /// [`SiteError::Seal`] for a site without keys, [`SiteError::Credentials`].
    pub fn request(&self) -> Result<Vec<u8>, SiteError> {
        if !self.has_site_key() {
            return Err(SealFault::NoSiteKey.into());
        }
        Ok(request::collect(&self.dir.keys(), &self.store.about().site)?)
    }

    /// Takes in a bundle of credentials; the first one of an organisation needs its root.
    ///
    /// # Errors
    /// [`SiteError::Credentials`] when it is refused; nothing is kept then.
    pub fn enrol(&self, bundle: &[u8], root: Option<&[u8]>) -> Result<Enrolled, SiteError> {
        let (dir, site, now) = (&self.dir, &self.store.about().site, self.clock.wall().0.second());
        Ok(credentials::enrol(&dir.trust(), &dir.keys(), site, bundle, root, now)?)
    }

    fn assign(&self, held: &Held, operator: &Operator, by: &Authenticated) -> Vec<Draft> {
        let open = held.books.values().filter(|book| book.record.state < State::Closed);
        open.map(|book| {
            let seq = held.sizes.get(&book.session.plan.no).copied().unwrap_or(0) + 1;
            let event = crew_assigned(operator);
            self.draft(book.session.plan.id, (seq, book.record.lc() + 1), event, &by.op, None)
        })
        .collect()
    }
}

pub(super) fn crew_assigned(operator: &Operator) -> Event {
    CrewAssigned { op: operator.op.clone(), role: operator.role, lead: Flag(operator.lead), rooms: vec![] }.into()
}
