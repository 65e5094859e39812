//! OAuth 2 and OpenID Connect: how a person lets an app know who they are, and what the app gets for it.
//!
//! An app's [`request`] is checked before anything is sent anywhere ([`Vestibule::authorization_request`]), the person
//! signs in and agrees ([`Vestibule::authorize`]), and the code that goes back is changed for tokens
//! ([`Vestibule::redeem_authorization`]), which [`Vestibule::refresh`] renews. RFC 6749, RFC 7636, RFC 9700, OpenID
//! Connect Core 1.0.

pub mod app;
mod change;
pub(crate) mod claims;
mod code;
mod consent;
mod decide;
mod departure;
pub mod parameters;
mod refresh;
pub mod request;
pub mod scope;
mod sign_out;
mod tokens;

#[cfg(doc)]
use crate::Vestibule;
use crate::env::{DAY, HOUR, MINUTE};

pub use self::{
    app::{App, CallingClient, MadeApp, NewApp},
    change::{AppChange, AppSettings},
    claims::{BearerProblem, Claims},
    code::{CodeGrant, Tokens},
    consent::Consent,
    decide::{Answer, Authenticated, Step},
    departure::{Departure, ResponseMode},
    parameters::Parameters,
    request::{AuthorizationRequest, RequestProblem},
    scope::{AppScope, AppScopes},
    sign_out::SignOut,
    tokens::Introspection,
};

/// How long a code may take from here to the app's server, in milliseconds. RFC 6749 §4.1.2 allows ten minutes.
pub const CODE_LIFETIME: i64 = MINUTE;
/// How long an access token and an ID token work, in milliseconds.
pub const ACCESS_LIFETIME: i64 = HOUR;
/// How long a refresh token waits to be used, in milliseconds.
pub const REFRESH_LIFETIME: i64 = 30 * DAY;
/// How long a person stays signed in to an app at the most, however often it refreshes, in milliseconds.
pub const LONGEST: i64 = 90 * DAY;

/// Why an endpoint gives a client nothing. Each face translates it with one exhaustive `match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// No such client, a wrong secret, a secret where none belongs or none where one does, a client that is over.
    Client,
    /// The client is not of the kind that this is for.
    ClientKind,
    /// No such code was given to this client.
    CodeUnknown,
    CodeExpired,
    /// The code was redeemed before; whatever it gave is revoked.
    CodeUsed,
    /// The verifier does not belong to the challenge (RFC 7636 §4.6).
    Verifier,
    /// Another redirect address than the one that the code went to.
    RedirectAddress,
    /// No such refresh token was given to this client, or it was revoked.
    RefreshUnknown,
    RefreshExpired,
    /// The refresh token was used before; whatever followed from it is revoked.
    RefreshUsed,
    /// The person may no longer come in.
    Person,
    /// More than was granted, or than the client may have.
    Scope,
}
