//! The domain's refusals as sentences for an operator.

use vestibule_core::{Refusal, address::AddressProblem, password::Weakness};

/// Every refusal, so that a new one has to find its words here. Those that no command can meet show their short word.
pub(super) fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotFound => "there is no such organization or user".to_owned(),
        Refusal::Address(problem) => format!("that is not an email address: {}", flaw(*problem)),
        Refusal::AddressTaken => "another user of the organization has this address".to_owned(),
        Refusal::UsernameTaken => "another user of the organization has this user name".to_owned(),
        Refusal::NotVerified => {
            "it is not verified here, and who is there already stays as they are; mark it verified in the console"
                .to_owned()
        }
        Refusal::Hash => "it is neither argon2id nor bcrypt, or costs more than a sign-in can bear".to_owned(),
        Refusal::Profile { .. } => "it is too long, holds control signs, or is no date where one is due".to_owned(),
        Refusal::Name => "the name must be 1 to 200 characters on one line".to_owned(),
        Refusal::PasswordTooShort { min } => format!("the password must have {min} characters or more"),
        Refusal::PasswordTooLong => "the password is longer than 1,024 bytes".to_owned(),
        Refusal::PasswordCommon { why } => {
            format!("the password is among those that are tried first: {}", reason(*why))
        }
        Refusal::Unreadable
        | Refusal::Wrong { .. }
        | Refusal::OutOfTries
        | Refusal::Expired
        | Refusal::Used
        | Refusal::Replaced
        | Refusal::Revoked
        | Refusal::Declined
        | Refusal::AddressChanged
        | Refusal::AlreadyVerified
        | Refusal::LinkUnknown
        | Refusal::Forbidden
        | Refusal::Cooling { .. }
        | Refusal::Limited { .. }
        | Refusal::Text
        | Refusal::PrimaryAddress
        | Refusal::Disabled
        | Refusal::HasMethod
        | Refusal::MethodNotAllowed
        | Refusal::SetupOver
        | Refusal::SignInFailed
        | Refusal::Stale
        | Refusal::Yourself
        | Refusal::IdTaken
        | Refusal::Phone
        | Refusal::PhoneTaken
        | Refusal::NameTaken
        | Refusal::Unchanged
        | Refusal::NoneOpen
        | Refusal::LastPopulation
        | Refusal::NotEmpty
        | Refusal::LastMethod
        | Refusal::PasskeysOff
        | Refusal::CeremonyOver
        | Refusal::Passkey
        | Refusal::PasskeyTaken
        | Refusal::PasskeyNeeded
        | Refusal::Issuer
        | Refusal::ProviderMismatch { .. }
        | Refusal::ProviderUnknown
        | Refusal::ProviderNotAnew
        | Refusal::ProviderTaken => format!("refused: {}", refusal.word()),
    }
}

fn flaw(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Empty => "it is empty",
        AddressProblem::NoAt => "it has no @",
        AddressProblem::TwoAts => "it has more than one @",
        AddressProblem::NoLocalPart => "nothing stands before the @",
        AddressProblem::Domain => "what stands behind the @ is not a domain",
        AddressProblem::NoDot => "the domain has no dot",
        AddressProblem::Sign => "it holds a sign that addresses do not have",
        AddressProblem::TooLong => "it is too long",
    }
}

/// Why a password is tried first.
fn reason(why: Weakness) -> &'static str {
    match why {
        Weakness::Common => "it is on a list of common passwords, or close to one",
        Weakness::Word => "it is little more than a word or a name",
        Weakness::Keys => "its keys are neighbours on the keyboard",
        Weakness::Repeat => "it repeats itself",
        Weakness::Sequence => "it is a sequence, as in abcdef or 123456",
        Weakness::Date => "it is little more than a date",
        Weakness::Own => "it is little more than your name or address",
    }
}
