//! The closed set of ways in which a verb does not do what was asked.

use std::sync::Arc;

use sqlx::migrate::MigrateError;

use crate::{address::AddressProblem, password::Weakness, store::AHEAD};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Either the rules say no, or the machinery failed. Faces show the first and log the second.
///
/// It can be cloned, because everybody who shared a commit is told of its failure.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error("refused: {}", .0.word())]
    Refused(Refusal),
    #[error("the database did not do what it was asked: {0}")]
    Store(Arc<sqlx::Error>),
    #[error("{0}")]
    Internal(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // Postgres takes no NUL in a text (22021) or a JSON text (22P05), so nothing there has such an id or name.
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if matches!(code.as_deref(), Some("22021" | "22P05")) {
            return Refusal::NotFound.into();
        }
        Self::Store(Arc::new(error))
    }
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) => Self::internal(AHEAD),
            error => Self::Internal(format!("the database could not be migrated: {error}")),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("stored data could not be read: {error}"))
    }
}

impl Error {
    pub(crate) fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(what.to_string())
    }

    /// Whether opening the database failed in a way that waiting can mend: nobody answers there, or not yet (57P03).
    pub fn may_pass(&self) -> bool {
        let Self::Store(error) = self else { return false };
        match error.as_ref() {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
            sqlx::Error::Database(error) => error.code().as_deref() == Some("57P03"),
            _ => false,
        }
    }

    /// The refusal, if the rules said no.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// A "no" of the rules. Each face maps it with one exhaustive `match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text cannot be a code; no try was spent.
    Unreadable,
    /// Not the code; so many tries are left.
    Wrong { left: i32 },
    /// All tries of this code are spent.
    OutOfTries,
    /// The right secret, too late.
    Expired,
    /// The right secret, already used.
    Used,
    /// The right secret of an older mail; a newer one replaced it.
    Replaced,
    /// An administrator took the invite back.
    Revoked,
    /// The person declined the invite.
    Declined,
    /// The address of the user changed since this was sent.
    AddressChanged,
    /// The address has been verified in another way meanwhile.
    AlreadyVerified,
    /// No such link was ever sent.
    LinkUnknown,
    /// There is nothing of that id in this organization.
    NotFound,
    /// The role does not allow it.
    Forbidden,
    /// Too soon after the last mail; from this time (unix milliseconds) on it works.
    Cooling { until: i64 },
    /// Too often; from this time (unix milliseconds) on it works again.
    Limited { until: i64 },
    /// The address cannot be one.
    Address(AddressProblem),
    /// Another user of the organization has the address.
    AddressTaken,
    /// The name is missing, too long or holds control signs.
    Name,
    /// The text of an invite, or a reason, is missing where it must not be, too long, or holds control signs.
    Text,
    /// The primary address cannot be removed.
    PrimaryAddress,
    /// The address is not verified, and what was asked needs that.
    NotVerified,
    /// The user is disabled.
    Disabled,
    /// A first method exists already.
    HasMethod,
    /// The organization's policy does not allow this first method.
    MethodNotAllowed,
    /// The set-up session is over.
    SetupOver,
    /// Fewer characters than the policy asks for.
    PasswordTooShort { min: i32 },
    /// More than 1,024 bytes.
    PasswordTooLong,
    /// Among the passwords that are tried first.
    PasswordCommon { why: Weakness },
    /// Unknown user, wrong password or disabled: which of them is not told.
    SignInFailed,
    /// What was to be changed is no longer in the state that allows it.
    Stale,
    /// An administrator would lose their own access.
    Yourself,
    /// Another user of the organization has the user name.
    UsernameTaken,
    /// Another user has the id.
    IdTaken,
    /// Not a telephone number in E.164 (`+` and 7 to 15 digits).
    Phone,
    /// Another user of the organization has the telephone number.
    PhoneTaken,
    /// Another population of the organization has the name.
    NameTaken,
    /// What was to be changed is what it is already.
    Unchanged,
    /// No code is open for it.
    NoneOpen,
    /// An organization keeps at least one population.
    LastPopulation,
    /// Users are still in it.
    NotEmpty,
    /// A field of the profile is malformed, too long or not known.
    Profile { field: String },
    /// The last way to sign in stays.
    LastMethod,
    /// Passkeys cannot be used where this runs.
    PasskeysOff,
    /// The passkey ceremony took too long, or has been finished already.
    CeremonyOver,
    /// The browser's answer about a passkey is not what it was asked for.
    Passkey,
    /// Somebody has the passkey already.
    PasskeyTaken,
    /// An administrator must have a passkey for it.
    PasskeyNeeded,
    /// The hash of a password is of no kind that can be checked here.
    Hash,
    /// The issuer of a provider is no https address.
    Issuer,
    /// The provider calls none of the user's addresses verified. Both addresses are masked.
    ProviderMismatch {
        /// What the provider said, if anything.
        found: Option<String>,
        expected: String,
        /// Whether the provider calls it verified.
        verified: bool,
    },
    /// Nobody has linked the company account.
    ProviderUnknown,
    /// The company account is another user's.
    ProviderTaken,
    /// The provider let the person through without asking again who they are.
    ProviderNotAnew,
}

impl Refusal {
    /// The short closed word that pages carry in their address.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Wrong { .. } => "wrong",
            Self::OutOfTries => "out-of-tries",
            Self::Expired => "expired",
            Self::Used => "used",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
            Self::Declined => "declined",
            Self::AddressChanged => "address-changed",
            Self::AlreadyVerified => "already-verified",
            Self::LinkUnknown => "link-unknown",
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Cooling { .. } => "cooling",
            Self::Limited { .. } => "limited",
            Self::Address(_) => "address",
            Self::AddressTaken => "address-taken",
            Self::Name => "name",
            Self::Text => "text",
            Self::PrimaryAddress => "primary-address",
            Self::NotVerified => "not-verified",
            Self::Disabled => "disabled",
            Self::HasMethod => "has-method",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::SetupOver => "setup-over",
            Self::PasswordTooShort { .. } => "password-short",
            Self::PasswordTooLong => "password-long",
            Self::PasswordCommon { .. } => "password-common",
            Self::SignInFailed => "sign-in",
            Self::Stale => "stale",
            Self::Yourself => "yourself",
            Self::UsernameTaken => "username-taken",
            Self::IdTaken => "id-taken",
            Self::Phone => "phone",
            Self::PhoneTaken => "phone-taken",
            Self::NameTaken => "name-taken",
            Self::Unchanged => "unchanged",
            Self::NoneOpen => "none-open",
            Self::LastPopulation => "last-population",
            Self::NotEmpty => "not-empty",
            Self::Profile { .. } => "profile",
            Self::LastMethod => "last-method",
            Self::PasskeysOff => "passkeys-off",
            Self::CeremonyOver => "ceremony-over",
            Self::Passkey => "passkey",
            Self::PasskeyTaken => "passkey-taken",
            Self::PasskeyNeeded => "passkey-needed",
            Self::Hash => "hash",
            Self::Issuer => "issuer",
            Self::ProviderMismatch { .. } => "company-mismatch",
            Self::ProviderUnknown => "company-unknown",
            Self::ProviderNotAnew => "company-not-anew",
            Self::ProviderTaken => "company-taken",
        }
    }
}
