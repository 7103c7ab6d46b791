//! Roles and the arc of object identifiers under which an organisation numbers them.
//!
//! ```text
//! text    1.3.6.1.4.1.32473.1                     dotted decimal, as org.toml and `openssl` write it
//! bytes   2b 06 01 04 01 81 fd 59 01              contents of a DER OBJECT IDENTIFIER, without tag and length
//! role    the arc's bytes and one more: 01 … 05
//! ```

use super::ChainError;
use std::fmt;

/// Deeper or longer than any registered arc.
const MOST_COMPONENTS: usize = 16;

/// What a certificate entitles its key to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The site key: envelope and countersignature.
    Site,
    /// A proctor: one of two signatures below a manifest.
    Proctor,
    /// The organisation's intake server: delivery receipts.
    Intake,
    /// A desk: candidate receipts.
    Desk,
    /// The organisation's policy signer: credential bundles and exam packs.
    PolicySigner,
}

impl Role {
    /// Every role, by its number.
    pub const ALL: [Self; 5] = [Self::Site, Self::Proctor, Self::Intake, Self::Desk, Self::PolicySigner];

    /// Its word in requests and bundles.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Proctor => "proctor",
            Self::Intake => "intake",
            Self::Desk => "desk",
            Self::PolicySigner => "policy-signer",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Its last component under the arc.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Site => 1,
            Self::Proctor => 2,
            Self::Intake => 3,
            Self::Desk => 4,
            Self::PolicySigner => 5,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An organisation's arc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arc {
    components: Vec<u64>,
    der: Vec<u8>,
}

impl Arc {
    /// The demo's: the private enterprise number for documentation (RFC 5612).
    #[must_use]
    pub fn demo() -> Self {
        Self::new(vec![1, 3, 6, 1, 4, 1, 32473, 1])
    }

    /// Parses dotted decimal.
    ///
    /// # Errors
    /// [`ChainError::Arc`] when the text is no object identifier of 3 to 16 components, each written shortest and below
    /// 2^32.
    pub fn parse(text: &str) -> Result<Self, ChainError> {
        let component = |part: &str| {
            let shortest = part == "0" || !part.starts_with('0');
            let digits = part.bytes().all(|b| b.is_ascii_digit());
            (shortest && digits).then(|| part.parse::<u32>().ok()).flatten().map(u64::from)
        };
        let components: Vec<u64> = text.split('.').map(component).collect::<Option<_>>().ok_or(ChainError::Arc)?;
        match components.as_slice() {
            [0 | 1, second, _, ..] if *second >= 40 => Err(ChainError::Arc),
            [0..=2, _, _, ..] if components.len() <= MOST_COMPONENTS => Ok(Self::new(components)),
            _ => Err(ChainError::Arc),
        }
    }

    fn new(components: Vec<u64>) -> Self {
        let mut der = Vec::new();
        if let [first, second, rest @ ..] = components.as_slice() {
            push_base_128(&mut der, first * 40 + second);
            rest.iter().for_each(|component| push_base_128(&mut der, *component));
        }
        Self { components, der }
    }

    /// The contents of a role's DER object identifier.
    #[must_use]
    pub fn role_der(&self, role: Role) -> Vec<u8> {
        [self.der.as_slice(), &[role.number()]].concat()
    }

    /// A role's object identifier, component by component.
    #[must_use]
    pub fn role_components(&self, role: Role) -> Vec<u64> {
        [self.components.as_slice(), &[u64::from(role.number())]].concat()
    }

    /// Whether an object identifier lies below this arc: the encoding of each component ends where the next begins, so
    /// a common prefix of bytes is one of components.
    pub(super) fn holds(&self, der: &[u8]) -> bool {
        der.len() > self.der.len() && der.starts_with(&self.der)
    }
}

fn push_base_128(der: &mut Vec<u8>, component: u64) {
    let groups = (64 - component.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let low = (component >> (7 * group) & 0x7f) as u8;
        der.push(if group == 0 { low } else { low | 0x80 });
    }
}

impl fmt::Display for Arc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, component) in self.components.iter().enumerate() {
            write!(f, "{}{component}", if place == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_arc_has_the_bytes_that_openssl_writes() {
        let arc = Arc::demo();
        assert_eq!(arc.to_string(), "1.3.6.1.4.1.32473.1");
        let site = [0x2b, 6, 1, 4, 1, 0x81, 0xfd, 0x59, 1, 1];
        assert_eq!(arc.role_der(Role::Site), site);
        assert_eq!(Arc::parse("1.3.6.1.4.1.32473.1").unwrap(), arc);
        assert!(arc.holds(&site));
        assert!(!arc.holds(&site[..9]), "the arc itself is not below it");
    }

    #[test]
    fn an_arc_is_dotted_decimal_and_nothing_else() {
        for good in ["2.999.1", "1.2.156.10197", "0.9.2342", "1.39.4294967295"] {
            assert_eq!(Arc::parse(good).unwrap().to_string(), good);
        }
        let deep = vec!["1"; 17].join(".");
        for bad in ["", "1", "1.3", "3.1.1", "1.40.1", "1.3.01", "1.3.", ".1.3.6", "1.3.+6", "1.3.4294967296", &deep] {
            assert_eq!(Arc::parse(bad), Err(ChainError::Arc), "{bad}");
        }
    }

    #[test]
    fn roles_read_as_they_are_written() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("Site"), None);
        assert_eq!(Role::ALL.map(Role::number), [1, 2, 3, 4, 5]);
    }
}
