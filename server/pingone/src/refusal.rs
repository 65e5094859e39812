//! The rules' "no", in this dialect's words.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use vestibule_core::{Error, Refusal};

use crate::{
    attribute::ATTRIBUTES,
    fault::{Detail, Fault},
};

/// What an operation calls the attributes that a refusal may be about.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    pub code: &'static str,
    pub password: &'static str,
    pub current: &'static str,
}

/// A user and their codes.
pub const USER: Names = Names { code: "verificationCode", password: "password.value", current: "password" };
/// Sending a code, of which all that can be wrong is the address.
pub const SENDING: Names = Names { code: "email", ..USER };
/// Accepting an invite.
pub const INVITE: Names = Names { code: "inviteCode", password: "password", current: "password" };
/// The password's own path.
pub const PASSWORD: Names = Names { code: "recoveryCode", password: "newPassword", current: "currentPassword" };
/// The same where its value is set.
pub const PASSWORD_VALUE: Names = Names { password: "value", ..PASSWORD };

/// What may end an operation early.
#[derive(Debug)]
pub enum Stop {
    Fault(Box<Fault>),
    /// The core's answer, which the operation did not translate by itself.
    Core(Error),
}

pub type Answer<T = Response> = Result<T, Stop>;

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl From<Detail> for Stop {
    fn from(detail: Detail) -> Self {
        Fault::from(detail).into()
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::Fault(fault) => fault.into_response(),
            Self::Core(error) => told(error, USER).into_response(),
        }
    }
}

/// An error of the core in the words of an operation that calls its attributes so.
pub fn told(error: Error, names: Names) -> Fault {
    match error {
        Error::Refused(refusal) => refused(&refusal, names),
        Error::Store(_) | Error::Internal(_) => {
            Fault { cause: Some(error), ..Fault::unexpected(StatusCode::INTERNAL_SERVER_ERROR) }
        }
    }
}

/// For `map_err`: the same as a reason to stop.
pub fn by(names: Names) -> impl Fn(Error) -> Stop {
    move |error| told(error, names).into()
}

fn refused(refusal: &Refusal, names: Names) -> Fault {
    match refusal {
        // Wrong, too late, used, replaced: all the same to a client, as it is to the vendor's.
        Refusal::Unreadable
        | Refusal::Expired
        | Refusal::Used
        | Refusal::Replaced
        | Refusal::Revoked
        | Refusal::Declined
        | Refusal::AddressChanged
        | Refusal::AlreadyVerified
        | Refusal::LinkUnknown
        | Refusal::NoneOpen
        | Refusal::SetupOver => Detail::invalid(names.code).into(),
        Refusal::Wrong { left } => Detail::invalid(names.code).with("failuresRemaining", *left).into(),
        Refusal::OutOfTries => Detail::invalid(names.code).with("failuresRemaining", 0).into(),
        Refusal::NotFound => Fault::not_found(),
        Refusal::Forbidden | Refusal::Yourself => Fault::forbidden(""),
        Refusal::Cooling { until } | Refusal::Limited { until } => Fault::limited(*until),
        Refusal::Address(_) => Detail::invalid("email").into(),
        Refusal::AddressTaken => Detail::taken("email").into(),
        Refusal::UsernameTaken => Detail::taken("username").into(),
        Refusal::IdTaken => Detail::taken("id").into(),
        Refusal::PhoneTaken => Detail::taken("primaryPhone").into(),
        Refusal::NameTaken => Detail::taken("name").into(),
        Refusal::Name => Detail::invalid("name").into(),
        Refusal::Text => Detail::invalid("description").into(),
        Refusal::Phone => Detail::invalid("primaryPhone").into(),
        Refusal::Profile { field } => {
            let known = ATTRIBUTES.iter().find(|attribute| attribute.field == *field);
            Detail::invalid(known.map_or(field.as_str(), |attribute| attribute.name)).into()
        }
        Refusal::PrimaryAddress => broken("email", "The primary address cannot be removed."),
        Refusal::NotVerified => broken("email", "The address is not verified."),
        Refusal::HasMethod => broken("invite", "The user has a way to sign in already."),
        // No operation here takes part in a passkey's ceremony, or links a company account.
        Refusal::Issuer
        | Refusal::ProviderMismatch { .. }
        | Refusal::ProviderUnknown
        | Refusal::ProviderNotAnew
        | Refusal::ProviderTaken
        | Refusal::LastMethod
        | Refusal::PasskeysOff
        | Refusal::CeremonyOver
        | Refusal::Passkey
        | Refusal::PasskeyTaken
        | Refusal::PasskeyNeeded => broken("device", "The way to sign in cannot be changed like this."),
        Refusal::LastPopulation => broken("id", "The environment must contain at least one population."),
        Refusal::NotEmpty => broken("id", "The population must contain no users to be deleted."),
        Refusal::Unchanged | Refusal::Stale => broken("", "The resource is in this state already."),
        Refusal::Disabled => failed("ACCOUNT_NOT_USABLE", "The user is not enabled."),
        Refusal::MethodNotAllowed => failed("CONSTRAINT_VIOLATION", "The environment does not allow passwords."),
        Refusal::PasswordTooShort { min } => {
            let message = format!("The password must have at least {min} characters.");
            Detail::new("INVALID_VALUE", names.password, message).with("rangeMinimumValue", *min).into()
        }
        Refusal::PasswordTooLong => {
            let most = vestibule_core::password::LONGEST;
            let message = format!("The password must not be longer than {most} bytes.");
            Detail::new("SIZE_LIMIT_EXCEEDED", names.password, message).with("maximumValue", most).into()
        }
        Refusal::PasswordCommon { .. } => {
            Detail::new("INVALID_VALUE", names.password, "The password is too easy to guess.").into()
        }
        Refusal::SignInFailed => Detail::new("INVALID_VALUE", names.current, "The password did not match.").into(),
        Refusal::Hash => {
            Detail::new("INVALID_VALUE", names.password, "The password is encoded in a way that is not supported.")
                .into()
        }
    }
}

fn broken(target: &str, message: &str) -> Fault {
    Detail::new("CONSTRAINT_VIOLATION", target, message).into()
}

fn failed(code: &'static str, message: &str) -> Fault {
    Fault::request_failed(Detail::new(code, "", message))
}
