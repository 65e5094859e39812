//! What owners do with API keys and OAuth clients.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use vestibule_core::{
    Result,
    api_key::{Made, NewKey, Scope},
    env::DAY,
};

use super::{Outcome, act, act_lately, segment};
use crate::web::{Ask, Carried};

const PAGE: &str = "/console/keys";

/// Makes an API key, which the next page shows once. `days` is how long it works; 0 is for ever.
#[server(prefix = "/do", endpoint = "create_api_key")]
pub async fn create_api_key(
    name: String,
    #[server(default)] read: bool,
    #[server(default)] write: bool,
    #[server(default)] verify: bool,
    days: i64,
) -> Result<Outcome, ServerFnError> {
    let asked = Asked { what: "key", name, scopes: scopes(read, write, verify), days };
    let back = asked.back();
    act_lately(&back, &back, |ask, admin| async move {
        if asked.scopes.is_empty() {
            return Ok(asked.without_scopes());
        }
        let made = ask.vestibule().create_api_key(&admin, asked.into()).await?;
        Ok(show_once(&ask, "key", &made))
    })
    .await
}

/// Makes an OAuth client, whose secret the next page shows once. `days` is how long it works; 0 is for ever.
#[server(prefix = "/do", endpoint = "create_client")]
pub async fn create_client(
    name: String,
    #[server(default)] read: bool,
    #[server(default)] write: bool,
    #[server(default)] verify: bool,
    days: i64,
) -> Result<Outcome, ServerFnError> {
    let asked = Asked { what: "client", name, scopes: scopes(read, write, verify), days };
    let back = asked.back();
    act_lately(&back, &back, |ask, admin| async move {
        if asked.scopes.is_empty() {
            return Ok(asked.without_scopes());
        }
        let made = ask.vestibule().create_client(&admin, asked.into()).await?;
        Ok(show_once(&ask, "client", &made))
    })
    .await
}

#[server(prefix = "/do", endpoint = "revoke_api_key")]
pub async fn revoke_api_key(key: String) -> Result<Outcome, ServerFnError> {
    let again = format!("{PAGE}?ask=revoke&key={}", segment(&key));
    act_lately(PAGE, &again, |ask, admin| async move {
        ask.vestibule().revoke_api_key(&admin, &key).await?;
        Ok(format!("{PAGE}?done=key-revoked"))
    })
    .await
}

#[server(prefix = "/do", endpoint = "revoke_client")]
pub async fn revoke_client(client: String) -> Result<Outcome, ServerFnError> {
    let again = format!("{PAGE}?ask=revoke&client={}", segment(&client));
    act_lately(PAGE, &again, |ask, admin| async move {
        ask.vestibule().revoke_client(&admin, &client).await?;
        Ok(format!("{PAGE}?done=client-revoked"))
    })
    .await
}

#[server(prefix = "/do", endpoint = "rename_client")]
pub async fn rename_client(client: String, name: String) -> Result<Outcome, ServerFnError> {
    act(PAGE, async move {
        let ask = Ask::current().await?;
        ask.vestibule().rename_client(&ask.admin().await?, &client, &name).await?;
        Ok(format!("{PAGE}?done=client-renamed"))
    })
    .await
}

/// What stood in the form. It goes back in the page's address where it was refused; nothing of it is secret.
struct Asked {
    what: &'static str,
    name: String,
    scopes: Vec<Scope>,
    days: i64,
}

impl Asked {
    fn back(&self) -> String {
        let name: String = self.name.chars().take(200).collect();
        let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        format!("{PAGE}?for={}&name={name}&scopes={}&days={}", self.what, scopes.join("."), self.days)
    }

    fn without_scopes(&self) -> String {
        format!("{}&problem=scopes", self.back())
    }
}

impl From<Asked> for NewKey {
    fn from(asked: Asked) -> Self {
        let lifetime = Some(asked.days.saturating_mul(DAY)).filter(|lifetime| *lifetime != 0);
        Self { name: asked.name, scopes: asked.scopes, lifetime }
    }
}

/// What was ticked.
pub(super) fn scopes(read: bool, write: bool, verify: bool) -> Vec<Scope> {
    let ticked = [(read, Scope::Read), (write, Scope::Write), (verify, Scope::Verify)];
    ticked.into_iter().filter(|(ticked, _)| *ticked).map(|(_, scope)| scope).collect()
}

/// The secret travels to the next page in a cookie of the owner's own browser: the server keeps only its hash.
fn show_once(ask: &Ask, what: &str, made: &Made) -> String {
    ask.carry(Carried::Key, Some(&format!("{what}.{}.{}", made.id, made.secret.reveal())));
    PAGE.to_owned()
}
