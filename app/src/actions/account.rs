//! What a person does with their own account, and a forgotten password.

use leptos::prelude::*;
use vestibule_core::{
    Refusal, Result,
    actor::{Language, Person},
    code::TypedCode,
};

use super::{Outcome, act, address, segment};
use crate::web::{ADDRESS, Ask, Carried, proof::confirm};

/// Does something as the person who is signed in, and goes back to their account.
async fn own<F>(done: &'static str, action: impl FnOnce(Ask, Person) -> F + Send) -> Result<Outcome, ServerFnError>
where
    F: Future<Output = Result<()>> + Send,
{
    act("/me", async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        action(ask, person).await?;
        Ok(format!("/me?done={done}"))
    })
    .await
}

/// Adds an address; a code goes to it. As whatever gives lasting control of an account, it is for who has shown lately who
/// they are: whoever finds a browser open must not have it.
#[server(prefix = "/do", endpoint = "add_own_address")]
pub async fn add_own_address(email: String) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        ask.keep_typed("me", &[("email", &email)]).await?;
        if !ask.is_fresh().await? {
            return Ok(confirm("/me?typed=kept"));
        }
        let issued = ask.vestibule().add_own_address(&person, &address(&email)?, ask.ip.clone()).await?;
        ask.drop_typed().await?;
        Ok(format!("/verify/{}", segment(&issued.challenge_id)))
    })
    .await
}

/// Sends a code to an address that is not verified yet, and asks for it. Where no mail goes out, what an administrator
/// handed over goes on working.
#[server(prefix = "/do", endpoint = "send_own_code")]
pub async fn send_own_code(email: String) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        if !ask.web.has_smtp {
            return Ok("/me?problem=no-mail".to_owned());
        }
        let issued = ask.vestibule().send_own_code_to(&person, &email, ask.ip.clone()).await?;
        Ok(format!("/verify/{}", segment(&issued.challenge_id)))
    })
    .await
}

#[server(prefix = "/do", endpoint = "remove_own_address")]
pub async fn remove_own_address(email: String) -> Result<Outcome, ServerFnError> {
    own("removed", |ask, person| async move { ask.vestibule().remove_own_address(&person, &email).await }).await
}

#[server(prefix = "/do", endpoint = "make_own_primary")]
pub async fn make_own_primary(email: String) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        if !ask.is_fresh().await? {
            return Ok(confirm("/me"));
        }
        ask.vestibule().make_own_primary(&person, &email).await?;
        Ok("/me?done=primary".to_owned())
    })
    .await
}

#[server(prefix = "/do", endpoint = "set_own_language")]
pub async fn set_own_language(language: String) -> Result<Outcome, ServerFnError> {
    own("saved", |ask, person| async move {
        let language: Language = language.parse().map_err(|_| Refusal::Text)?;
        ask.vestibule().set_own_language(&person, language).await
    })
    .await
}

/// Sets or changes the own password; every other session ends, and this one gets a new id. The present password shows who
/// changes it; who sets the first one has shown it otherwise, lately.
#[server(prefix = "/do", endpoint = "set_own_password")]
pub async fn set_own_password(#[server(default)] old: String, password: String) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        let has_password = ask.vestibule().own_record(&person).await?.user.has_password;
        if !has_password && !ask.is_fresh().await? {
            return Ok(confirm("/me"));
        }
        ask.vestibule().set_own_password(&person, old, password).await?;
        ask.carry_on().await?;
        Ok("/me?done=password".to_owned())
    })
    .await
}

/// Takes the own password away, where another way to sign in remains; every other session ends.
#[server(prefix = "/do", endpoint = "remove_own_password")]
pub async fn remove_own_password() -> Result<Outcome, ServerFnError> {
    own("password-removed", |ask, person| async move {
        ask.vestibule().remove_own_password(&person).await?;
        ask.carry_on().await
    })
    .await
}

#[server(prefix = "/do", endpoint = "end_own_session")]
pub async fn end_own_session(session: String) -> Result<Outcome, ServerFnError> {
    own("signed-out", |ask, person| async move { ask.vestibule().end_own_session(&person, &session).await }).await
}

#[server(prefix = "/do", endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<Outcome, ServerFnError> {
    own("signed-out", |ask, person| async move {
        let this = ask.session_id();
        ask.vestibule().end_other_sessions(&person, this.as_deref()).await
    })
    .await
}

/// Takes back what the person has let an app do.
#[server(prefix = "/do", endpoint = "withdraw_app")]
pub async fn withdraw_app(app: String) -> Result<Outcome, ServerFnError> {
    own("app-withdrawn", |ask, person| async move { ask.vestibule().withdraw_consent(&person, &app).await }).await
}

/// Sends the mail by which a new password is chosen. Tells nothing about whether anybody has the address.
#[server(prefix = "/do", endpoint = "forgot_password")]
pub async fn forgot_password(email: String) -> Result<Outcome, ServerFnError> {
    act("/forgot", async move {
        let ask = Ask::current().await?;
        if !ask.web.has_smtp {
            // The page says so.
            return Ok("/forgot".to_owned());
        }
        ask.keep_typed_of_anybody("forgot", &[("email", &email, ADDRESS)]).await?;
        ask.vestibule().forgot_password(&address(&email)?, ask.ip.clone()).await?;
        Ok("/forgot?done=sent".to_owned())
    })
    .await
}

/// Chooses a new password with the link that the browser carries.
#[server(prefix = "/do", endpoint = "reset_password_by_link")]
pub async fn reset_password_by_link(challenge: String, password: String) -> Result<Outcome, ServerFnError> {
    act(&format!("/reset/{}", segment(&challenge)), async move {
        let ask = Ask::current().await?;
        let link = ask.link_for(&challenge).await?;
        ask.vestibule().reset_password_by_link(&link, password, ask.ip.clone()).await?;
        ask.carry(Carried::Link, None);
        Ok("/sign-in?done=password".to_owned())
    })
    .await
}

/// Chooses a new password with the code from the mail.
#[server(prefix = "/do", endpoint = "reset_password")]
pub async fn reset_password(email: String, code: String, password: String) -> Result<Outcome, ServerFnError> {
    act("/reset", async move {
        let ask = Ask::current().await?;
        ask.keep_typed_of_anybody("forgot", &[("email", &email, ADDRESS)]).await?;
        let (email, code) = (address(&email)?, TypedCode::parse(&code).ok_or(Refusal::Unreadable)?);
        ask.vestibule().reset_password_at(&email, code, password, ask.ip.clone()).await?;
        ask.drop_typed().await?;
        Ok("/sign-in?done=password".to_owned())
    })
    .await
}
