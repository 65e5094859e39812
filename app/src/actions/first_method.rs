//! The first way to sign in, and the first owner.

use leptos::prelude::*;
use vestibule_core::{Refusal, secret::Token};

use super::{Outcome, act, address};
use crate::web::{ADDRESS, Ask, Carried, NAME};

/// Stores the first password of the person whose invite this session has redeemed.
#[server(prefix = "/do", endpoint = "set_password")]
pub async fn set_password(password: String) -> Result<Outcome, ServerFnError> {
    act("/welcome", async move {
        let ask = Ask::current().await?;
        let signed_in = ask.vestibule().set_first_password(&ask.setup().await?, password).await?;
        ask.sign_in(&signed_in).await?;
        Ok("/welcome/done".to_owned())
    })
    .await
}

/// Makes the first owner by the set-up link that the browser carries.
#[server(prefix = "/do", endpoint = "set_up_owner")]
pub async fn set_up_owner(name: String, email: String, password: String) -> Result<Outcome, ServerFnError> {
    act("/setup", async move {
        let ask = Ask::current().await?;
        let link = Carried::Setup.get(&ask.headers).as_deref().and_then(Token::parse).ok_or(Refusal::LinkUnknown)?;
        ask.keep_typed_of_anybody("setup", &[("name", &name, NAME), ("email", &email, ADDRESS)]).await?;
        let signed_in = ask.vestibule().set_up_owner(&link, &name, &address(&email)?, password).await?;
        ask.carry(Carried::Setup, None);
        ask.sign_in(&signed_in).await?;
        Ok("/console".to_owned())
    })
    .await
}
