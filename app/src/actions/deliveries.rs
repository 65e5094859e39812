//! What administrators do with mails.

use leptos::prelude::*;

use super::{Outcome, act, address, back_to, with_query};
use crate::web::Ask;

const PAGE: &str = "/console/deliveries";

#[server(prefix = "/do", endpoint = "retry_message")]
pub async fn retry_message(message: String, #[server(default)] back: String) -> Result<Outcome, ServerFnError> {
    let back = back_to(&back, PAGE);
    act(&back, async {
        let ask = Ask::current().await?;
        ask.vestibule().retry_message(&ask.admin().await?, &message).await?;
        Ok(with_query(&back, "done=retried"))
    })
    .await
}

#[server(prefix = "/do", endpoint = "cancel_message")]
pub async fn cancel_message(message: String, #[server(default)] back: String) -> Result<Outcome, ServerFnError> {
    let back = back_to(&back, PAGE);
    act(&back, async {
        let ask = Ask::current().await?;
        ask.vestibule().cancel_message(&ask.admin().await?, &message).await?;
        Ok(with_query(&back, "done=cancelled"))
    })
    .await
}

/// Queues a mail that only says that mail works.
#[server(prefix = "/do", endpoint = "send_test_mail")]
pub async fn send_test_mail(email: String) -> Result<Outcome, ServerFnError> {
    act(PAGE, async move {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        ask.vestibule().send_test_mail(&admin, &address(&email)?).await?;
        Ok(format!("{PAGE}?done=test-queued"))
    })
    .await
}
