//! Coming in and going out.

use leptos::prelude::*;
use vestibule_core::Refusal;

use super::{Outcome, act};
use crate::web::{ADDRESS, Ask, step::TO_PASSWORD};

/// Signs in with a user name or an address and a password.
#[server(prefix = "/do", endpoint = "sign_in")]
pub async fn sign_in(username: String, password: String) -> Result<Outcome, ServerFnError> {
    act("/sign-in", async move {
        let ask = Ask::current().await?;
        ask.keep_typed_of_anybody("sign-in", &[("username", &username, ADDRESS)]).await?;
        let signed_in = ask.vestibule().sign_in(&username, password, ask.ip.clone()).await?;
        ask.sign_in(&signed_in).await?;
        ask.after_sign_in().await
    })
    .await
}

/// Chooses another password instead of the one that signed in and must not last, and goes on to what waited.
#[server(prefix = "/do", endpoint = "choose_password")]
pub async fn choose_password(password: String) -> Result<Outcome, ServerFnError> {
    act(TO_PASSWORD, async move {
        let ask = Ask::current().await?;
        let (visitor, shown) = ask.choosing().await?.ok_or(Refusal::Forbidden)?;
        ask.vestibule().choose_password(&visitor.person(), &shown, password).await?;
        ask.chose_password().await?;
        ask.after_sign_in().await
    })
    .await
}

#[server(prefix = "/do", endpoint = "sign_out")]
pub async fn sign_out() -> Result<Outcome, ServerFnError> {
    act("/sign-in", async move {
        Ask::current().await?.sign_out().await?;
        Ok("/sign-in?done=signed-out".to_owned())
    })
    .await
}
