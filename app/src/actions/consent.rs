//! What people say to the pages that stand between them and an app.

use leptos::prelude::*;
use vestibule_core::{Refusal, authorization::Answer};

use super::{Outcome, act, segment};
use crate::web::Ask;

/// Whether an app may know what it asks; anything but `allow` is no.
#[server(prefix = "/do", endpoint = "consent")]
pub async fn consent(request: String, answer: String) -> Result<Outcome, ServerFnError> {
    let page = format!("/oauth/v2/authorize/{}", segment(&request));
    act(&page, async {
        let ask = Ask::current().await?;
        ask.visitor().await?.ok_or(Refusal::Forbidden)?;
        let answer = if answer == "allow" { Answer::Allow } else { Answer::Deny };
        // Where nothing waits any more, the page says so.
        ask.answer_waiting(&request, answer).await?;
        Ok(page.clone())
    })
    .await
}

/// Signs out because an app asked for it; `query` is the app's own, which the next page reads again.
#[server(prefix = "/do", endpoint = "end_session")]
pub async fn end_session(#[server(default)] query: String) -> Result<Outcome, ServerFnError> {
    act("/oidc/v1/end_session", async move {
        Ask::current().await?.sign_out().await?;
        let legal = query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        Ok(format!("/oidc/v1/end_session/done?{}", if legal { query.as_str() } else { "" }))
    })
    .await
}
