//! Vestibule's product: the rules, the verbs and the store behind them.
//!
//! Every face (page, console, API dialect, command line) parses its input, calls one verb of [`Vestibule`] and
//! translates the answer. Verbs stand in the module of their noun; SQL stands in [`store`] and nowhere else.

pub mod access_token;
pub mod account;
pub mod actor;
pub mod address;
pub mod administrator;
pub mod api_key;
pub mod authorization;
pub mod batch;
pub mod challenge;
pub mod client;
pub mod code;
pub mod code_request;
pub mod directory;
pub mod env;
pub mod error;
pub mod event;
pub mod idempotency;
pub mod import;
pub mod invite;
pub mod limit;
pub mod link_template;
pub mod metrics;
pub mod organization;
pub mod outbox;
pub mod overview;
pub mod passkey;
pub mod password;
pub mod phone;
pub mod population;
pub mod prove;
pub mod provider;
pub mod recover;
pub mod redeem;
pub mod resend;
pub mod seal;
pub mod secret;
pub mod session;
pub mod setup;
pub mod signing;
pub mod store;
pub mod user;
pub mod user_agent;
pub mod user_list;
mod word;

use std::sync::Arc;

pub use error::{Error, Refusal, Result};

use crate::{batch::Batches, env::Env, secret::SecretKey, store::Store};

/// The product as one value: cheap to clone, shared by every face.
#[derive(Clone, Debug)]
pub struct Vestibule {
    pub(crate) store: Store,
    pub(crate) env: Arc<dyn Env>,
    pub(crate) key: Arc<SecretKey>,
    pub(crate) hasher: password::Hasher,
    pub(crate) forge: Arc<signing::Forge>,
    relying_party: Option<passkey::RelyingParty>,
    batches: Batches,
    pub(crate) counts: Arc<metrics::Counts>,
    wake: Arc<tokio::sync::Notify>,
}

impl Vestibule {
    /// Joins a migrated store with a source of time and chance and the key that guards codes.
    pub fn new(store: Store, env: Arc<dyn Env>, key: SecretKey) -> Self {
        let key = Arc::new(key);
        Self {
            batches: Batches::start(&store, &env, &key),
            store,
            env,
            key,
            hasher: password::Hasher::default(),
            forge: Arc::default(),
            relying_party: None,
            counts: Arc::default(),
            wake: Arc::default(),
        }
    }

    /// The current time in unix milliseconds, as every verb sees it.
    pub fn now(&self) -> i64 {
        self.env.now()
    }

    /// An id that nothing else has, for what a face has to name.
    pub fn new_id(&self) -> String {
        self.env.id()
    }

    /// Whether the database answers, to who reads and to who writes.
    pub async fn ready(&self) -> Result<()> {
        store::ping(&mut self.store.read().await?).await?;
        self.store.write(|tx| Box::pin(store::ping(tx))).await
    }

    /// Resolves when a verb may have queued a mail, so that it leaves without waiting for the next poll.
    pub async fn mail_queued(&self) {
        self.wake.notified().await;
    }

    /// Copies the whole SQLite database into a new file while everything goes on; see [`Store::backup`].
    pub async fn backup(&self, file: &std::path::Path) -> Result<()> {
        self.store.backup(file).await
    }
}

/// Whether a text can be the id of anything: 1 to 200 characters, none of which controls.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}
