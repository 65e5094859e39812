//! What administrators do to users and their addresses.

use std::future::Future;

use leptos::prelude::*;
use vestibule_core::{
    Refusal, Result,
    actor::Admin,
    code_request::{CodeRequest, Issued},
};

use super::{Outcome, act, act_lately, act_lately_with, address, segment};
use crate::{actions::invites::carry_over, web::Ask};

/// Runs an administrator's action on a user and goes back to the user's page with a word that says what was done.
async fn on_user<F>(
    user: &str,
    done: &'static str,
    action: impl FnOnce(Ask, Admin) -> F + Send,
) -> Result<Outcome, ServerFnError>
where
    F: Future<Output = Result<()>> + Send,
{
    let page = format!("/console/users/{}", segment(user));
    act(&page.clone(), async move {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        action(ask, admin).await?;
        Ok(format!("{page}?done={done}"))
    })
    .await
}

/// Gives a user a role in the console, or takes it away.
#[server(prefix = "/do", endpoint = "grant_role")]
pub async fn grant_role(user: String, #[server(default)] role: String) -> Result<Outcome, ServerFnError> {
    let page = format!("/console/users/{}", segment(&user));
    let back = format!("{page}?role={}", segment(&role));
    act_lately(&back, &back, |ask, admin| async move {
        let role = match role.as_str() {
            "" => None,
            role => Some(role.parse().map_err(|_| Refusal::Text)?),
        };
        ask.vestibule().grant_role(&admin, &user, role).await?;
        Ok(format!("{page}?done=role"))
    })
    .await
}

/// Marks an address verified, with a reason.
#[server(prefix = "/do", endpoint = "mark_verified")]
pub async fn mark_verified(user: String, email: String, reason: String) -> Result<Outcome, ServerFnError> {
    let (question, next) =
        (question(&user, "verify", &email), format!("/console/users/{}?done=verified", segment(&user)));
    let (user, email, reason) = (&user, &email, &reason);
    act_lately_with(&question, email, &[("reason", reason)], |ask, admin| async move {
        ask.vestibule().mark_verified(&admin, user, email, reason, ask.ip.clone()).await?;
        Ok(next)
    })
    .await
}

/// The user's page with a question about one of their addresses, and what was answered last.
fn question(user: &str, about: &str, email: &str) -> String {
    format!("/console/users/{}?ask={about}&email={}&typed=kept", segment(user), segment(email))
}

/// Takes *verified* back, with a reason.
#[server(prefix = "/do", endpoint = "unverify")]
pub async fn unverify(user: String, email: String, reason: String) -> Result<Outcome, ServerFnError> {
    let next = format!("/console/users/{}?done=unverified", segment(&user));
    act(&question(&user, "unverify", &email), async move {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        ask.keep_typed(&email, &[("reason", &reason)]).await?;
        ask.vestibule().unverify(&admin, &user, &email, &reason).await?;
        ask.drop_typed().await?;
        Ok(next)
    })
    .await
}

#[server(prefix = "/do", endpoint = "disable")]
pub async fn disable(user: String) -> Result<Outcome, ServerFnError> {
    on_user(&user.clone(), "disabled", |ask, admin| async move { ask.vestibule().disable(&admin, &user).await }).await
}

#[server(prefix = "/do", endpoint = "enable")]
pub async fn enable(user: String) -> Result<Outcome, ServerFnError> {
    on_user(&user.clone(), "enabled", |ask, admin| async move { ask.vestibule().enable(&admin, &user).await }).await
}

/// Lets a user sign in again whom a client locked.
#[server(prefix = "/do", endpoint = "unlock")]
pub async fn unlock(user: String) -> Result<Outcome, ServerFnError> {
    on_user(&user.clone(), "unlocked", |ask, admin| async move { ask.vestibule().unlock_user(&admin, &user).await })
        .await
}

#[server(prefix = "/do", endpoint = "add_address")]
pub async fn add_address(user: String, email: String) -> Result<Outcome, ServerFnError> {
    on_user(&user.clone(), "address-added", |ask, admin| async move {
        ask.keep_typed(&user, &[("email", &email)]).await?;
        ask.vestibule().add_address(&admin, &user, &address(&email)?).await?;
        ask.drop_typed().await
    })
    .await
}

#[server(prefix = "/do", endpoint = "remove_address")]
pub async fn remove_address(user: String, email: String) -> Result<Outcome, ServerFnError> {
    on_user(&user.clone(), "address-removed", |ask, admin| async move {
        ask.vestibule().remove_address(&admin, &user, &email).await
    })
    .await
}

#[server(prefix = "/do", endpoint = "make_primary")]
pub async fn make_primary(user: String, email: String) -> Result<Outcome, ServerFnError> {
    on_user(&user.clone(), "made-primary", |ask, admin| async move {
        ask.vestibule().make_primary(&admin, &user, &email).await
    })
    .await
}

/// Takes one of a user's passkeys away, the last one too.
#[server(prefix = "/do", endpoint = "remove_passkey_of")]
pub async fn remove_passkey_of(user: String, passkey: String) -> Result<Outcome, ServerFnError> {
    on_user(&user.clone(), "passkey-removed", |ask, admin| async move {
        ask.vestibule().remove_passkey_of(&admin, &user, &passkey).await
    })
    .await
}

/// Sends the mail by which a user adds a passkey, or hands its link and code over where no mail goes out.
#[server(prefix = "/do", endpoint = "send_passkey_link")]
pub async fn send_passkey_link(user: String) -> Result<Outcome, ServerFnError> {
    way_in(&user.clone(), "passkey-link-sent", |ask, admin| async move {
        ask.vestibule().request_passkey_link(&admin, &user, CodeRequest::default()).await
    })
    .await
}

/// Sends the mail by which a user chooses a new password, or hands its link and code over.
#[server(prefix = "/do", endpoint = "send_password_reset")]
pub async fn send_password_reset(user: String) -> Result<Outcome, ServerFnError> {
    way_in(&user.clone(), "reset-sent", |ask, admin| async move {
        ask.vestibule().request_password_reset(&admin, &user, CodeRequest::default()).await
    })
    .await
}

/// Has a mail sent that opens a user's account, or hands its link and code over. It is for who has shown lately who they
/// are: whoever finds a browser open must not get into other people's accounts by it.
async fn way_in<F>(
    user: &str,
    done: &'static str,
    request: impl FnOnce(Ask, Admin) -> F + Send,
) -> Result<Outcome, ServerFnError>
where
    F: Future<Output = Result<Issued>> + Send,
{
    let page = format!("/console/users/{}", segment(user));
    let sent = format!("{page}?done={done}");
    act_lately(&page, &page, |ask, admin| async move {
        let issued = request(ask.clone(), admin.clone()).await?;
        if ask.web.has_smtp {
            return Ok(sent);
        }
        carry_over(&ask, &admin, &issued.challenge_id).await
    })
    .await
}

/// Sends a code to an address, or hands it over where no mail goes out.
#[server(prefix = "/do", endpoint = "send_code")]
pub async fn send_code(user: String, email: String) -> Result<Outcome, ServerFnError> {
    let page = format!("/console/users/{}", segment(&user));
    act(&page.clone(), async move {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        let issued = ask.vestibule().send_code(&admin, &user, Some(&email), CodeRequest::default()).await?;
        if ask.web.has_smtp {
            return Ok(format!("{page}?done=code-sent"));
        }
        carry_over(&ask, &admin, &issued.challenge_id).await
    })
    .await
}
