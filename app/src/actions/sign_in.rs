//! Coming in and going out.

use leptos::prelude::*;

use super::{Outcome, act};
use crate::web::Ask;

/// Signs in with a user name or an address and a password.
#[server(prefix = "/do", endpoint = "sign_in")]
pub async fn sign_in(username: String, password: String) -> Result<Outcome, ServerFnError> {
    act("/sign-in", async move {
        let ask = Ask::current().await?;
        ask.keep_typed("sign-in", &[("username", &username)]).await?;
        let signed_in = ask.vestibule().sign_in(&username, password, ask.ip.clone()).await?;
        ask.sign_in(&signed_in).await?;
        ask.after_sign_in(&signed_in).await
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
