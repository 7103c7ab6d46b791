//! How a catalogue of facts is written down: one list gives the types, the names and versions, and both ways to JSON.
//!
//! There are two, of different streams: what happens in a session ([`super::event`]) and what happens to the site
//! ([`super::ledger`]). A line of one never reads as a line of the other.

use serde::Serializer;

/// A fact of some catalogue.
pub trait Fact: Sized {
    /// Every kind this release writes, in the order of the catalogue.
    const KINDS: &'static [&'static str];

    /// Its catalogue name and version: the member `k`.
    fn kind(&self) -> &'static str;

    /// Writes its fields: the member `d`.
    ///
    /// # Errors
    /// The serializer's own.
    fn write_fields<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;

    /// Reads `k` and the JSON of `d` back.
    ///
    /// # Errors
    /// A sentence that names the field or the unknown kind.
    fn parse(kind: &str, fields: &str) -> Result<Self, String>;
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

            fn write_fields<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$name(d) => d.serialize(to)),* }
            }

            fn parse(kind: &str, fields: &str) -> Result<Self, String> {
                match kind {
                    $($k => serde_json::from_str::<$name>(fields).map(Self::from).map_err(|e| format!("{}: {e}", $k)),)*
                    _ => Err(format!("unknown event kind {kind:?}")),
                }
            }
        }
    };
}

pub(crate) use catalogue;
