//! An app's request to know who a person is (OpenID Connect Core §3.1.2.1).

use serde::{Deserialize, Serialize};

use super::{App, AppScope, AppScopes, Departure, Parameters, ResponseMode};
use crate::{Result, Vestibule, env::SECOND, store::apps::ClientKind};

/// A request that may be answered: its client is known, and the address is the client's.
///
/// It waits in the session of the person's browser while they sign in or make up their mind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    pub client_id: String,
    pub redirect_uri: String,
    pub response_mode: ResponseMode,
    pub state: Option<String>,
    pub scopes: AppScopes,
    pub nonce: Option<String>,
    /// The S256 challenge (RFC 7636 §4.2).
    pub challenge: String,
    pub prompt: Prompt,
    /// How long ago the person may have signed in, in milliseconds.
    pub max_age: Option<i64>,
    /// Who the app thinks it is.
    pub login_hint: Option<String>,
}

/// What the person must or must not be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Nothing at all.
    pub none: bool,
    /// To sign in, even if they are: for `login` and `select_account`.
    pub login: bool,
    /// Whether they agree, even if they have.
    pub consent: bool,
}

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestProblem {
    /// There is no such app.
    UnknownClient,
    /// The address is missing or not the app's, so nothing is ever sent there.
    RedirectAddress,
    /// The app is told (RFC 6749 §4.1.2.1).
    Told(Departure),
}

impl AuthorizationRequest {
    /// The answer to the app: its own parameters, then what belongs to every answer (RFC 9207 §2).
    pub fn departure(&self, app: &App, parameters: Vec<(&'static str, String)>, issuer: &str) -> Departure {
        depart((&self.redirect_uri, self.response_mode, self.state.as_deref()), app, parameters, issuer)
    }

    /// The answer that it was not to be.
    pub fn error(&self, app: &App, error: &'static str, issuer: &str) -> Departure {
        self.departure(app, vec![("error", error.to_owned())], issuer)
    }
}

impl Vestibule {
    /// Checks a request. Nothing is trusted before the client and its address are: what is wrong until then is for a
    /// page, what is wrong after it is for the app. `issuer` is the public URL.
    pub async fn authorization_request(
        &self,
        parameters: &Parameters,
        issuer: &str,
    ) -> Result<Result<AuthorizationRequest, RequestProblem>> {
        let doubled = parameters.doubled();
        let trusted = |name: &str| parameters.get(name).filter(|_| doubled != Some(name));
        let client = self.app(trusted("client_id").unwrap_or_default()).await?;
        let Some(app) = client.filter(|app| app.kind == ClientKind::App) else {
            return Ok(Err(RequestProblem::UnknownClient));
        };
        let address = trusted("redirect_uri").filter(|address| app.redirect_uris.iter().any(|own| own == address));
        let Some(address) = address else { return Ok(Err(RequestProblem::RedirectAddress)) };
        let mode = trusted("response_mode").and_then(|mode| mode.parse().ok());
        let back = (address, mode.unwrap_or(ResponseMode::Query), trusted("state"));
        Ok(read(parameters, &app, back).map_err(|(error, why)| {
            let parameters = vec![("error", error.to_owned()), ("error_description", why.to_owned())];
            RequestProblem::Told(depart(back, &app, parameters, issuer))
        }))
    }
}

type Back<'a> = (&'a str, ResponseMode, Option<&'a str>);

fn depart(
    (to, mode, state): Back<'_>,
    app: &App,
    mut parameters: Vec<(&'static str, String)>,
    issuer: &str,
) -> Departure {
    parameters.extend(state.map(|state| ("state", state.to_owned())));
    parameters.push(("iss", issuer.to_owned()));
    Departure { to: to.to_owned(), mode, parameters, app: app.name.clone() }
}

/// All but client and address; else the error and its description, in the words of RFC 6749 §4.1.2.1 and OpenID Connect
/// Core §3.1.2.6.
fn read(
    parameters: &Parameters,
    app: &App,
    (redirect_uri, response_mode, state): Back<'_>,
) -> Result<AuthorizationRequest, (&'static str, &'static str)> {
    let get = |name: &str| parameters.get(name);
    let invalid = |why: &'static str| ("invalid_request", why);
    if parameters.doubled().is_some() {
        return Err(invalid("A parameter comes more than once."));
    }
    for (name, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ] {
        if get(name).is_some() {
            return Err((error, "Please send the parameters themselves."));
        }
    }
    if get("response_mode").is_some_and(|mode| mode.parse::<ResponseMode>().is_err()) {
        return Err(invalid("response_mode must be query, fragment or form_post."));
    }
    match get("response_type") {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "response_type must be code.")),
        None => return Err(invalid("response_type is missing.")),
    }
    if state.is_some_and(|state| state.len() > 4_096) || get("nonce").is_some_and(|nonce| nonce.len() > 512) {
        return Err(invalid("state may have up to 4096 bytes and nonce up to 512."));
    }
    let challenge = match (get("code_challenge"), get("code_challenge_method")) {
        (Some(challenge), Some("S256")) if is_challenge(challenge) => challenge.to_owned(),
        (Some(_), Some("S256")) => return Err(invalid("code_challenge is not a base64url SHA-256.")),
        (Some(_), _) => return Err(invalid("code_challenge_method must be S256.")),
        (None, _) => return Err(invalid("code_challenge is missing: every client uses PKCE with S256.")),
    };
    let scopes = AppScopes::parse(get("scope").unwrap_or_default());
    let allowed = |scope: &AppScope| scope.of_api().is_none_or(|own| app.scopes.as_slice().contains(&own));
    if scopes.as_slice().is_empty() || !scopes.as_slice().iter().all(allowed) {
        return Err(("invalid_scope", "scope is missing or holds what this client may not ask for."));
    }
    let max_age = match get("max_age").map(str::parse::<u32>) {
        Some(Ok(seconds)) => Some(i64::from(seconds) * SECOND),
        Some(Err(_)) => return Err(invalid("max_age must be a number of seconds.")),
        None => None,
    };
    Ok(AuthorizationRequest {
        client_id: app.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        response_mode,
        state: state.map(str::to_owned),
        scopes,
        nonce: get("nonce").map(str::to_owned),
        challenge,
        prompt: prompt(get("prompt").unwrap_or_default()).map_err(invalid)?,
        max_age,
        login_hint: get("login_hint").filter(|hint| hint.len() <= 254).map(str::to_owned),
    })
}

fn prompt(text: &str) -> Result<Prompt, &'static str> {
    let mut prompt = Prompt::default();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => prompt.none = true,
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err("prompt must be none, login, consent or select_account."),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err("prompt=none goes with nothing else.");
    }
    Ok(prompt)
}

/// The base64url of 32 bytes.
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
