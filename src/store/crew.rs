//! Operators: who they are to the program, and the key material their PIN opens.

use super::{Store, StoreError};
use crate::domain::crew::Role;
use crate::domain::event::Draft;
use crate::domain::ids::OperatorId;

/// One member of the crew as stored. Everything secret in it is sealed under the person's PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Who.
    pub op: OperatorId,
    /// As what.
    pub role: Role,
    /// Lead assessor or lead proctor.
    pub lead: bool,
    /// Whether a signing key is to be made for this person.
    pub signer: bool,
    /// First character of the name and `*`.
    pub masked_name: String,
    /// The age recipient that the file `wraps` is encrypted to.
    pub recipient: String,
    /// The sealed age identity, as JSON of `trust`.
    pub identity: String,
    /// The full name, sealed, as `trust` writes it.
    pub sealed_name: Option<String>,
}

impl Store {
    /// Adds a person together with the lines that announce it.
    ///
    /// # Errors
    /// [`StoreError::Statement`] when the person is there already; as [`Store::append`].
    pub fn add_operator(&mut self, operator: &Operator, drafts: &[Draft]) -> Result<(), StoreError> {
        self.write(|db, ends| {
            db.execute(
                "INSERT INTO operator (op, role, lead, signer, masked_name, recipient, identity, sealed_name)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                (
                    operator.op.as_str(),
                    operator.role.as_str(),
                    operator.lead,
                    operator.signer,
                    &operator.masked_name,
                    &operator.recipient,
                    &operator.identity,
                    &operator.sealed_name,
                ),
            )?;
            super::append::lines(db, ends, drafts)
        })
    }

    /// Everybody, in the order they were added.
    ///
    /// # Errors
    /// [`StoreError::Row`] when one cannot be read.
    pub fn operators(&self) -> Result<Vec<Operator>, StoreError> {
        let mut query = self.db.prepare(
            "SELECT op, role, lead, signer, masked_name, recipient, identity, sealed_name FROM operator ORDER BY rowid",
        )?;
        let rows = query.query_map([], |row| {
            Ok((
                (row.get::<_, String>(0)?, row.get::<_, String>(1)?),
                (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?),
            ))
        })?;
        rows.map(|row| {
            let ((op, role), (lead, signer, masked_name, recipient, identity, sealed_name)) = row?;
            let op = OperatorId::parse(&op).map_err(|e| StoreError::row("operator", e))?;
            let role = role.parse().map_err(|e| StoreError::row("operator", e))?;
            Ok(Operator { op, role, lead, signer, masked_name, recipient, identity, sealed_name })
        })
        .collect()
    }
}
