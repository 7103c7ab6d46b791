//! The demo's crew and their PINs. They are printed on the screen and in the README; a live site refuses them.

use crate::domain::crew::Role;
use crate::domain::ids::OperatorId;
use crate::trust::KeyError;
use crate::trust::passphrase::Passphrase;
use crate::trust::pin::Pin;

/// One person of the demo.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Operator id.
    pub op: &'static str,
    /// Role.
    pub role: Role,
    /// Name, invented.
    pub name: &'static str,
    /// PIN.
    pub pin: &'static str,
}

/// Chief, admin, two proctors, one assessor.
pub const CREW: [Member; 5] = [
    Member { op: "chen", role: Role::Chief, name: "陈静", pin: "135790" },
    Member { op: "zhou", role: Role::Admin, name: "周敏", pin: "246801" },
    Member { op: "wang", role: Role::Proctor, name: "王远", pin: "314159" },
    Member { op: "li", role: Role::Proctor, name: "李桐", pin: "271828" },
    Member { op: "sun", role: Role::Assessor, name: "孙立", pin: "161803" },
];

/// The demo's site passphrase, known to the chief.
pub const SITE_PASSPHRASE: &str = "five plain words open it";

/// The PIN of a member of the crew.
///
/// # Errors
/// Never for the constants above.
pub fn pin_of(op: &OperatorId) -> Result<Pin, KeyError> {
    Pin::parse(CREW.iter().find(|member| member.op == op.as_str()).map_or("", |member| member.pin))
}

/// The site passphrase.
///
/// # Errors
/// Never for the constant above.
pub fn passphrase() -> Result<Passphrase, KeyError> {
    Passphrase::parse(SITE_PASSPHRASE)
}

fn first(role: Role) -> OperatorId {
    let member = CREW.iter().find(|member| member.role == role).map_or("nobody", |member| member.op);
    #[expect(clippy::expect_used, reason = "the ids above are constants, and a test reads each of them")]
    OperatorId::parse(member).expect("an id of the constant crew")
}

/// The chief.
#[must_use]
pub fn chief() -> OperatorId {
    first(Role::Chief)
}

/// The admin.
#[must_use]
pub fn admin() -> OperatorId {
    first(Role::Admin)
}

/// The proctor who is on duty when the demo begins.
#[must_use]
pub fn proctor() -> OperatorId {
    first(Role::Proctor)
}

/// The two who sign the seal.
#[must_use]
pub fn signers() -> [OperatorId; 2] {
    let [_, _, first, second, _] = CREW;
    #[expect(clippy::expect_used, reason = "the ids above are constants, and a test reads each of them")]
    [first, second].map(|member| OperatorId::parse(member.op).expect("an id of the constant crew"))
}

/// The assessor.
#[must_use]
pub fn assessor() -> OperatorId {
    first(Role::Assessor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::candidate::PersonName;
    use crate::domain::session::Mode;
    use crate::trust::pin::Pin;

    #[test]
    fn every_member_of_the_crew_parses() {
        for member in CREW {
            assert!(OperatorId::parse(member.op).is_ok());
            let pin = Pin::parse(member.pin).unwrap();
            for mode in [Mode::Demo, Mode::Rehearsal] {
                assert!(pin.allowed_in(mode).is_ok());
            }
            assert_eq!(pin.allowed_in(Mode::Live).unwrap_err().code(), "KD-K-21", "everybody can read it");
            assert!(PersonName::parse(member.name).is_ok());
        }
        assert_eq!([chief(), admin(), proctor(), assessor()].map(|op| op.to_string()), ["chen", "zhou", "wang", "sun"]);
        assert!(passphrase().unwrap().allowed_in(Mode::Demo).is_ok());
        assert_eq!(passphrase().unwrap().allowed_in(Mode::Live).unwrap_err().code(), "KD-K-21");
        let own = Pin::parse("902714").unwrap();
        assert!(own.allowed_in(Mode::Live).is_ok(), "a PIN of one's own");
    }
}
