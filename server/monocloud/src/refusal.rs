//! The rules' "no" in MonoCloud's words.

use http::StatusCode;
use vestibule_core::{Error, Refusal, address::AddressProblem};

use crate::failure::Failure;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            error @ Error::Store(_) => {
                let failure = Self::new(StatusCode::SERVICE_UNAVAILABLE);
                Self { cause: Some(Box::new(error)), ..failure.detailed("The service is not available at the moment.") }
            }
            error @ Error::Internal(_) => {
                let failure = Self::new(StatusCode::INTERNAL_SERVER_ERROR);
                Self { cause: Some(Box::new(error)), ..failure.detailed("An internal error occurred.") }
            }
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound | Refusal::LinkUnknown => Self::not_found(),
            Refusal::Forbidden => Self::forbidden("The API key is not allowed to do this."),
            Refusal::Yourself => Self::forbidden("Nobody takes their own access away."),
            Refusal::Cooling { until } => Self::too_many("The last mail to this address was sent a moment ago.", until),
            Refusal::Limited { until } => Self::too_many("Too many mails were sent to this address.", until),
            Refusal::Address(problem) => Self::identity("InvalidEmail", about(problem)),
            Refusal::AddressTaken => Self::identity("DuplicateEmail", "Another user has this email address."),
            Refusal::UsernameTaken => Self::identity("DuplicateUserName", "Another user has this user name."),
            Refusal::Phone => Self::identity(
                "InvalidPhoneNumber",
                "A telephone number is written in E.164: a plus sign and 7 to 15 digits.",
            ),
            Refusal::PhoneTaken => Self::identity("DuplicatePhoneNumber", "Another user has this telephone number."),
            Refusal::PrimaryAddress => {
                Self::identity("PrimaryIdentifier", "The primary email address cannot be removed.")
            }
            Refusal::NotVerified => Self::identity("IdentifierNotVerified", "It is not verified."),
            Refusal::Disabled => Self::identity("UserDisabled", "The user is disabled."),
            Refusal::HasMethod => Self::identity("UserAlreadyHasPassword", "The user has a way to sign in already."),
            Refusal::MethodNotAllowed => {
                Self::identity("PasswordNotAllowed", "The organization does not let people choose a password.")
            }
            Refusal::PasswordTooShort { min } => {
                Self::identity("PasswordTooShort", format!("Passwords have at least {min} characters."))
            }
            Refusal::PasswordTooLong => Self::identity("PasswordTooLong", "Passwords have at most 1024 bytes."),
            Refusal::PasswordCommon { .. } => {
                Self::identity("PasswordTooCommon", "This is one of the passwords that everybody tries first.")
            }
            Refusal::SignInFailed => Self::identity("PasswordMismatch", "The old password is not right."),
            // No operation of this dialect takes a code or a link; a challenge may still end under one's hands.
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
            | Refusal::SetupOver
            | Refusal::NoneOpen => Self::identity("InvalidToken", "The code or link does not work any more."),
            Refusal::Name => Self::field("name", "1 to 200 characters, none of which controls."),
            Refusal::Text => Self::field("text", "It is too long or holds control signs."),
            Refusal::Profile { field } => Self::field(field, "It is malformed or too long."),
            Refusal::Hash => Self::field("password_hash", "It is not a bcrypt hash."),
            Refusal::Stale => Self::conflict("It is not in the state that allows this."),
            Refusal::Unchanged => Self::conflict("It is so already."),
            Refusal::LastMethod => Self::identity("LastAuthenticator", "The last way to sign in stays."),
            // Nor does one take part in making a passkey.
            Refusal::PasskeysOff | Refusal::CeremonyOver | Refusal::Passkey => {
                Self::identity("InvalidPasskey", "The passkey cannot be made.")
            }
            Refusal::PasskeyTaken => Self::conflict("Somebody has this passkey."),
            Refusal::PasskeyNeeded => Self::conflict("The organization asks its administrators for a passkey."),
            // Company accounts are linked by pages alone.
            Refusal::Issuer => Self::field("issuer", "It is no https address."),
            Refusal::ProviderMismatch { .. } | Refusal::ProviderUnknown | Refusal::ProviderNotAnew => {
                Self::identity("InvalidExternalAccount", "The external account cannot be used.")
            }
            Refusal::ProviderTaken => Self::conflict("Somebody has this external account."),
            Refusal::IdTaken => Self::conflict("Another user has this id."),
            Refusal::NameTaken => Self::conflict("Another one has this name."),
            Refusal::LastPopulation | Refusal::NotEmpty => Self::conflict("It is still needed."),
        }
    }
}

fn about(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Empty => "The email address is empty.",
        AddressProblem::NoAt => "The email address has no at sign.",
        AddressProblem::TwoAts => "The email address has two at signs.",
        AddressProblem::NoLocalPart => "Nothing stands before the at sign of the email address.",
        AddressProblem::Domain => "The domain of the email address cannot be one.",
        AddressProblem::NoDot => "The domain of the email address has no dot.",
        AddressProblem::Sign => "The email address holds signs that it cannot hold.",
        AddressProblem::TooLong => "The email address is too long.",
    }
}
