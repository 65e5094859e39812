//! What a provider may answer, and what is believed of it: a provider of the tests' own on this machine, honest or not.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bounds;
mod provider;
mod tokens;

use self::provider::{CLIENT, NONCE, Provider, Trick};
use vestibule_core::{
    provider::{Claims, Flow, Registration, Subject},
    secret::Token,
};
use vestibule_federation::{Federation, Trouble};

const CALLBACK: &str = "https://vestibule.example/company/callback";
const SECRET: &str = "known to both of them";

/// A way there and back that is always the same.
fn flow() -> Flow {
    let (state, verifier) = (Token::parse(&"A".repeat(43)).unwrap(), "v".repeat(43));
    Flow { state, nonce: NONCE.to_owned(), verifier }
}

fn registration(issuer: &str) -> Registration {
    Registration {
        provider_id: "p".to_owned(),
        organization_id: "o".to_owned(),
        name: "Contoso".to_owned(),
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(SECRET.to_owned()),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
    }
}

/// Comes back with a code; gives who the provider says it is.
async fn identify(federation: &Federation, issuer: &str) -> Result<(Subject, Claims), Trouble> {
    federation.identify(registration(issuer), flow(), CALLBACK.to_owned(), "a code".to_owned()).await
}

/// The word for what is wrong with a provider that does this.
async fn trouble(trick: Trick) -> &'static str {
    let provider = Provider::open(trick).await;
    let answer = identify(&Federation::default(), &provider.issuer).await;
    answer.map(|(subject, _)| subject).expect_err("it must not be believed").word()
}
