//! What Vestibule says to OpenID providers (OpenID Connect Core 1.0, Discovery 1.0): discovery, the way there, the code's
//! exchange under PKCE (RFC 7636), the ID token's checks.
//!
//! Only owners enter issuers, and an issuer may be any https host, one of the inner network too: that is where company
//! accounts live. So this is a client that an owner can point at inner hosts. What it tells them of the answer is one of
//! a few words ([`Trouble::word`]), it follows no redirects, reads little, waits briefly, and sends nothing but what the
//! standard says; plain http goes to this machine alone.

mod http;
mod identity;
mod trouble;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    LoginHint, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreProviderMetadata},
};
use tokio::time::Instant;
use vestibule_core::provider::{Claims, Flow, Registration, Subject};

pub use self::trouble::Trouble;
use self::{http::Http, trouble::Step};

/// How long a provider may take for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long what a provider says of itself is believed without asking again.
const KNOWN: Duration = Duration::from_mins(10);
/// How many providers are remembered at once.
const MOST: usize = 1_000;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Talks to providers, and remembers what they said of themselves.
#[derive(Clone, Default)]
pub struct Federation {
    http: Http,
    known: Arc<Mutex<HashMap<String, (Instant, CoreProviderMetadata)>>>,
}

impl fmt::Debug for Federation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Federation")
    }
}

impl Federation {
    /// Asks a provider for what it says of itself, whatever is remembered; what is wrong with it is told.
    pub async fn check(&self, registration: &Registration) -> Result<(), Trouble> {
        self.discover(&registration.issuer).await.map(drop)
    }

    /// Where the browser goes to sign in there. `redirect` is where it comes back to; `hint` is the address that the person
    /// is known by here, which the provider may fill in. `anew` asks the provider to have the person show there who they
    /// are, even if it knows them already, and to say when they did (Core 1.0 §3.1.2.1).
    pub async fn way(
        &self,
        registration: &Registration,
        flow: &Flow,
        redirect: &str,
        hint: Option<String>,
        anew: bool,
    ) -> Result<String, Trouble> {
        let (metadata, _) = self.metadata(&registration.issuer).await?;
        let client = client(&metadata, registration, redirect)?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(flow.verifier.clone()));
        let (state, nonce) = (flow.state.reveal().to_owned(), flow.nonce.clone());
        // The library asks for `openid` by itself.
        let scopes = registration.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new);
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state.clone()),
                move || Nonce::new(nonce.clone()),
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge);
        let request =
            if anew { request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO) } else { request };
        let request = match hint {
            Some(hint) => request.set_login_hint(LoginHint::new(hint)),
            None => request,
        };
        Ok(request.url().0.into())
    }

    /// Changes the code that the browser brought back for an ID token, and reads from it who came.
    pub async fn identify(
        &self,
        registration: Registration,
        flow: Flow,
        redirect: String,
        code: String,
    ) -> Result<(Subject, Claims), Trouble> {
        let registration = &registration;
        let (metadata, remembered) = self.metadata(&registration.issuer).await?;
        let client = client(&metadata, registration, &redirect)?;
        let http = self.http.of(&registration.issuer);
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Trouble::new(Step::Discovery, "incomplete", error))?
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier));
        let answer = in_time(Step::Token, request.request_async(&http)).await?.map_err(trouble::of_token)?;
        let token = identity::token(&answer)?;
        let checked = match identity::check(&metadata, registration, token, &flow.nonce) {
            // It may have begun to sign with another key meanwhile.
            Err(_) if remembered => {
                let metadata = self.discover(&registration.issuer).await?;
                identity::check(&metadata, registration, token, &flow.nonce)?
            }
            checked => checked?,
        };
        let (subject, mut claims) = checked;
        if let Some(endpoint) = metadata.userinfo_endpoint().filter(|_| !claims.0.contains_key("email")) {
            let request = identity::userinfo_request(endpoint.url(), &answer)?;
            let said = in_time(Step::UserInfo, http.send(request)).await?.map_err(|fault| fault.at(Step::UserInfo))?;
            identity::add(&mut claims, &subject, &said)?;
        }
        Ok((subject, claims))
    }

    /// What a provider says of itself, and whether that is from memory.
    async fn metadata(&self, issuer: &str) -> Result<(CoreProviderMetadata, bool), Trouble> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned();
        match known.filter(|(since, _)| since.elapsed() < KNOWN) {
            Some((_, metadata)) => Ok((metadata, true)),
            None => Ok((self.discover(issuer).await?, false)),
        }
    }

    async fn discover(&self, issuer: &str) -> Result<CoreProviderMetadata, Trouble> {
        let url = IssuerUrl::new(issuer.to_owned());
        let url = url.map_err(|error| Trouble::new(Step::Discovery, "unreadable", error))?;
        let http = self.http.of(issuer);
        let asked = CoreProviderMetadata::discover_async(url, &http);
        let metadata = in_time(Step::Discovery, asked).await?.map_err(trouble::of_discovery)?;
        let browser = metadata.authorization_endpoint().url().as_str();
        let token = metadata.token_endpoint().map(|endpoint| endpoint.url().as_str());
        if token.is_none() {
            return Err(Trouble::new(Step::Discovery, "incomplete", "no token endpoint"));
        }
        if ![Some(browser), token].into_iter().flatten().all(|url| http.admits(url)) {
            return Err(Trouble::new(Step::Discovery, "insecure", "an endpoint without https"));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(issuer.to_owned(), (Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

fn client(metadata: &CoreProviderMetadata, registration: &Registration, redirect: &str) -> Result<Client, Trouble> {
    let secret = registration.client_secret.clone().map(ClientSecret::new);
    let redirect = RedirectUrl::new(redirect.to_owned());
    let redirect = redirect.map_err(|error| Trouble::new(Step::Discovery, "unreadable", error))?;
    let client =
        CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(registration.client_id.clone()), secret)
            .set_redirect_uri(redirect);
    // The header is the rule (Core 1.0 §9); some know the form alone.
    let methods = metadata.token_endpoint_auth_methods_supported();
    let by_form = methods.is_some_and(|methods| {
        !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
            && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
    });
    Ok(if by_form { client.set_auth_type(openidconnect::AuthType::RequestBody) } else { client })
}

async fn in_time<T>(step: Step, asked: impl Future<Output = T>) -> Result<T, Trouble> {
    tokio::time::timeout(PATIENCE, asked).await.map_err(|_| Trouble::new(step, "unreachable", "no answer in time"))
}
