//! Entering a code, pressing a link's button, asking for another code.

use leptos::prelude::*;
use leptos_axum::redirect;
use vestibule_core::{
    Refusal,
    code::{Purpose, TypedCode},
    redeem::{Redeemed, Secret, Try},
};

use super::{Outcome, act, address, segment};
use crate::web::{Ask, Carried};

/// Redeems a code for whatever was last sent to an address.
#[server(prefix = "/do", endpoint = "verify_address")]
pub async fn verify_address(email: String, code: String) -> Result<Outcome, ServerFnError> {
    let is_invite = TypedCode::parse(&code).is_some_and(|code| code.purpose() == Purpose::Invite);
    let outcome = act("/", async move {
        let ask = Ask::current().await?;
        let email = address(&email)?;
        ask.remember_asked(email.typed()).await?;
        let code = TypedCode::parse(&code).ok_or(Refusal::Unreadable)?;
        let secret = Secret::CodeAt(email, code);
        let redeemed = ask.vestibule().redeem(Try { secret, by: None, ip: ask.ip.clone() }).await?;
        after(&ask, &redeemed).await
    })
    .await?;
    // The page would offer a new code; a new invite is for who invites to give.
    if is_invite && outcome.problem.as_deref() == Some(Refusal::Expired.word()) {
        let next = "/?problem=invite-expired".to_owned();
        redirect(&next);
        return Ok(Outcome { next, ..outcome });
    }
    Ok(outcome)
}

/// Redeems a code for a challenge whose handle the page knows, or, without a code, the link that the browser carries.
#[server(prefix = "/do", endpoint = "verify")]
pub async fn verify(challenge: String, #[server(default)] code: Option<String>) -> Result<Outcome, ServerFnError> {
    let challenge = segment(&challenge);
    act(&format!("/verify/{challenge}"), async move {
        let ask = Ask::current().await?;
        let redeemed = redeem(&ask, challenge, code).await?;
        after(&ask, &redeemed).await
    })
    .await
}

/// Accepts an invite by its code or by the link that the browser carries.
#[server(prefix = "/do", endpoint = "accept_invite")]
pub async fn accept_invite(
    challenge: String,
    #[server(default)] code: Option<String>,
) -> Result<Outcome, ServerFnError> {
    let challenge = segment(&challenge);
    act(&format!("/invite/{challenge}"), async move {
        let ask = Ask::current().await?;
        if is_for_somebody_else(&ask, &challenge).await? {
            // The page says so.
            return Ok(format!("/invite/{challenge}"));
        }
        let redeemed = redeem(&ask, challenge, code).await?;
        after(&ask, &redeemed).await
    })
    .await
}

/// Whether a challenge was sent to somebody else than who is signed in.
pub(super) async fn is_for_somebody_else(ask: &Ask, challenge: &str) -> vestibule_core::Result<bool> {
    let Some(visitor) = ask.visitor().await? else { return Ok(false) };
    let found = ask.vestibule().challenge(challenge).await?;
    Ok(found.is_some_and(|found| found.user_id != visitor.user_id))
}

async fn redeem(ask: &Ask, challenge: String, code: Option<String>) -> vestibule_core::Result<Redeemed> {
    let secret = match code {
        Some(code) => Secret::CodeFor(challenge, TypedCode::parse(&code).ok_or(Refusal::Unreadable)?),
        None => Secret::Link(ask.link_for(&challenge).await?),
    };
    ask.vestibule().redeem(Try { secret, by: None, ip: ask.ip.clone() }).await
}

/// Where a person goes on after the right secret. Verifying alone signs nobody in.
async fn after(ask: &Ask, redeemed: &Redeemed) -> vestibule_core::Result<String> {
    ask.carry(Carried::Link, None);
    match redeemed.purpose {
        // The last two are met with on pages of their own, and never come here.
        Purpose::Email | Purpose::Reset | Purpose::Passkey => {
            ask.remember_met(redeemed);
            Ok("/verified".to_owned())
        }
        Purpose::Invite => {
            ask.begin_setup(redeemed).await?;
            Ok("/welcome".to_owned())
        }
    }
}

/// Sends whatever an address waits for. Tells nothing about whether anybody has it. Where no mail goes out, the page says
/// so, and what an administrator handed over goes on working.
#[server(prefix = "/do", endpoint = "request_code")]
pub async fn request_code(email: String, #[server(default)] code: Option<String>) -> Result<Outcome, ServerFnError> {
    // The form also has the field of the code; what is in it does not matter here.
    drop(code);
    act("/", async move {
        let ask = Ask::current().await?;
        let email = address(&email)?;
        ask.remember_asked(email.typed()).await?;
        if !ask.web.has_smtp {
            return Ok("/".to_owned());
        }
        ask.vestibule().request_code(&email, ask.ip.clone()).await?;
        Ok("/?done=sent".to_owned())
    })
    .await
}

/// Sends a new code for a challenge whose handle the page knows; nothing happens where no mail goes out, as above.
#[server(prefix = "/do", endpoint = "resend")]
pub async fn resend(challenge: String, #[server(default)] invite: bool) -> Result<Outcome, ServerFnError> {
    let page = format!("/{}/{}", if invite { "invite" } else { "verify" }, segment(&challenge));
    act(&page.clone(), async move {
        let ask = Ask::current().await?;
        if !ask.web.has_smtp {
            return Ok(page);
        }
        ask.vestibule().resend(&challenge, ask.ip.clone()).await?;
        // The link that the browser carries has just been replaced.
        ask.carry(Carried::Link, None);
        Ok(format!("{page}?done=sent"))
    })
    .await
}

/// Ends an invite for its holder.
#[server(prefix = "/do", endpoint = "decline_invite")]
pub async fn decline_invite(challenge: String) -> Result<Outcome, ServerFnError> {
    let page = format!("/invite/{}", segment(&challenge));
    act(&page.clone(), async move {
        let ask = Ask::current().await?;
        ask.vestibule().decline_invite(&ask.link_for(&challenge).await?).await?;
        ask.carry(Carried::Link, None);
        Ok(page)
    })
    .await
}
