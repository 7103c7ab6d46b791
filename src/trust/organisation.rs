//! Who an organisation is besides its root: `org.toml`, kept beside `root.pem` by the organisation and by every site.
//!
//! ```text
//! org    = "EX-ORG-A"                  organisation id
//! name   = "示例评价组织"               for people, 1 to 40 characters
//! arc    = "1.3.6.1.4.1.32473.1"       below which its roles are numbered (x509/arc.rs)
//! ```
//!
//! The arc decides what a certificate is for, so it is trusted like the root: it comes with the first bundle, which the
//! root's policy signer signed, and never changes at a site.

use super::credentials::CredentialError;
use super::x509::{Anchors, Arc, Certificate, ChainError};
use crate::domain::ids::OrgId;
use serde::Deserialize;

/// The file in a trust folder and in the organisation's own.
pub const FILE: &str = "org.toml";

/// An organisation as `org.toml` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id, a folder's name.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Where its roles are numbered.
    pub arc: Arc,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    org: OrgId,
    name: String,
    arc: String,
}

impl Organisation {
    /// Puts the three together.
    ///
    /// # Errors
    /// [`CredentialError::Form`] when the name is not 1 to 40 characters without control characters.
    pub fn new(org: OrgId, name: &str, arc: Arc) -> Result<Self, CredentialError> {
        let fits = (1..=40).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if fits {
            Ok(Self { org, name: name.to_owned(), arc })
        } else {
            Err(CredentialError::Form { what: "name of an organisation, 1 to 40 printable characters" })
        }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`CredentialError::Form`] when it is no such file.
    pub fn parse(bytes: &[u8]) -> Result<Self, CredentialError> {
        let form = CredentialError::Form { what: "org.toml with org, name and arc" };
        let wire: Option<Wire> = std::str::from_utf8(bytes).ok().and_then(|text| toml::from_str(text).ok());
        let Some(wire) = wire else { return Err(form) };
        Self::new(wire.org, &wire.name, Arc::parse(&wire.arc).map_err(|_| form)?)
    }

    /// Writes the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // A JSON string without control characters is a TOML string.
        let name = serde_json::Value::from(self.name.as_str());
        format!("org = \"{}\"\nname = {name}\narc = \"{}\"\n", self.org, self.arc)
    }

    /// Trusts a root as this organisation's, under its arc.
    ///
    /// # Errors
    /// [`ChainError::Root`] when the root is not fit.
    pub fn anchors(&self, root: Certificate) -> Result<Anchors, ChainError> {
        Ok(Anchors::new(root, self.arc.clone())?.of(self.org.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_as_it_is_written() {
        for name in ["示例评价组织", "A \"quoted\" \\ name", "x"] {
            let org = Organisation::new(OrgId::parse("EX-ORG-A").unwrap(), name, Arc::demo()).unwrap();
            assert_eq!(Organisation::parse(org.to_toml().as_bytes()).unwrap(), org);
        }
    }

    #[test]
    fn another_file_is_refused() {
        let good = "org = \"EX-ORG-A\"\nname = \"x\"\narc = \"1.3.6.1.4.1.32473.1\"\n";
        assert!(Organisation::parse(good.as_bytes()).is_ok());
        for bad in [
            good.replace("EX-ORG-A", "ex"),
            good.replace("\"x\"", "\"\""),
            good.replace("\"x\"", "\"a\\u0007\""),
            good.replace("\"x\"", &format!("\"{}\"", "长".repeat(41))),
            good.replace("32473.1", "32473."),
            good.replace("arc", "oid"),
            format!("{good}more = 1\n"),
            String::new(),
        ] {
            assert!(matches!(Organisation::parse(bad.as_bytes()), Err(CredentialError::Form { .. })), "{bad}");
        }
        assert!(Organisation::parse(b"\xff").is_err());
    }
}
