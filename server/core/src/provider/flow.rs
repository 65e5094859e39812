//! A browser on its way to a provider and back.

use std::fmt;

use crate::{
    Refusal, Result, Vestibule,
    env::MINUTE,
    limit,
    secret::Token,
    store::providers::{self, NewFlow},
};

/// How long a person may take at the provider, in milliseconds.
pub const FLOW: i64 = 10 * MINUTE;

/// What one way there and back is recognized by.
#[derive(Clone)]
pub struct Flow {
    /// Comes back with the browser.
    pub state: Token,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// Shown to the provider with the code (RFC 7636).
    pub verifier: String,
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flow(…)")
    }
}

impl Flow {
    /// The name under which it may be remembered.
    pub fn id(&self) -> String {
        self.state.hash()
    }
}

impl Vestibule {
    /// Begins a way to an enabled provider: for a user, or for whoever they turn out to be.
    pub async fn begin_company(&self, provider_id: &str, user_id: Option<&str>, ip: Option<&str>) -> Result<Flow> {
        let flow = self.flow(Token::draw(self.env.as_ref()));
        let now = self.env.now();
        let new = NewFlow {
            id: flow.id(),
            provider_id: provider_id.to_owned(),
            user_id: user_id.map(str::to_owned),
            created_at: now,
            expires_at: now + FLOW,
        };
        let key = ip.map(|ip| format!("company:ip:{ip}"));
        self.store
            .change((self.env.clone(), new, key), |tx, (env, new, key)| {
                Box::pin(async move {
                    if let Some(key) = key.clone() {
                        limit::take(tx, env.as_ref(), key, limit::SIGN_INS_PER_IP, limit::WRONG_WINDOW).await?;
                    }
                    let provider = providers::by_id(tx, &new.provider_id).await?;
                    provider.filter(|provider| provider.enabled).ok_or(Refusal::NotFound)?;
                    providers::begin(tx, new).await
                })
            })
            .await?;
        Ok(flow)
    }

    /// Takes a flow away for good, whatever comes of it; gives its provider. `None` where nobody began it for this user,
    /// it has been finished already, or took too long.
    pub async fn take_company(&self, state: &Token, user_id: Option<&str>) -> Result<Option<(String, Flow)>> {
        let (flow, now) = (self.flow(state.clone()), self.env.now());
        let provider_id = self
            .store
            .change((flow.id(), user_id.map(str::to_owned)), move |tx, (id, user_id)| {
                Box::pin(async move { providers::take(tx, id, user_id.as_deref(), now).await })
            })
            .await?;
        Ok(provider_id.map(|provider_id| (provider_id, flow)))
    }

    /// Nonce and verifier follow from the state and from the key that is not in the database, so nothing of a flow is
    /// stored but the state's hash.
    fn flow(&self, state: Token) -> Flow {
        let nonce = self.key.mac(&["company nonce", state.reveal()]);
        let verifier = self.key.mac(&["company verifier", state.reveal()]);
        Flow { state, nonce, verifier }
    }
}
