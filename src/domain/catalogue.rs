//! How a catalogue of facts is written down: one list gives the types, the names and versions, and both ways to JSON.
//!
//! There are two, of different streams: what happens in a session ([`super::event`]) and what happens to the site
//! ([`super::ledger`]). A line of one never reads as a line of the other.

use serde_json::Value;

/// A fact of some catalogue.
pub trait Fact: Sized {
    /// Every kind this release writes, in the order of the catalogue.
    const KINDS: &'static [&'static str];

    /// Its catalogue name and version: the member `k`.
    fn kind(&self) -> &'static str;

    /// Its fields: the member `d`.
    fn fields(&self) -> Value;

    /// Reads `k` and `d` back.
    ///
    /// # Errors
    /// A sentence that names the field or the unknown kind.
    fn parse(kind: &str, fields: Value) -> Result<Self, String>;
}

macro_rules! catalogue {
    ($(#[$edoc:meta])* enum $enum:ident; $($(#[$doc:meta])* $name:ident = $k:literal { $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[expect(missing_docs, reason = "the catalogue of rules.md §11 defines each field by its name")]
            pub struct $name { $($(#[$fmeta])* pub $field: $ty),* }

            impl From<$name> for $enum {
                fn from(event: $name) -> $enum {
                    $enum::$name(event)
                }
            }
        )*

        $(#[$edoc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $enum {
            $($(#[$doc])* $name($name)),*
        }

        impl $crate::domain::catalogue::Fact for $enum {
            const KINDS: &'static [&'static str] = &[$($k),*];

            fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $k),* }
            }

            fn fields(&self) -> serde_json::Value {
                match self { $(Self::$name(d) => serde_json::to_value(d)),* }.unwrap_or(serde_json::Value::Null)
            }

            fn parse(kind: &str, fields: serde_json::Value) -> Result<Self, String> {
                match kind {
                    $($k => serde_json::from_value::<$name>(fields).map(Self::from).map_err(|e| format!("{}: {e}", $k)),)*
                    _ => Err(format!("unknown event kind {kind:?}")),
                }
            }
        }
    };
}

pub(crate) use catalogue;
