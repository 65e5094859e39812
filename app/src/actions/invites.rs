//! What administrators do with invites, and handing links and codes over by hand.

use leptos::prelude::*;
use vestibule_core::{Refusal, Result, actor::Admin, code::Purpose, env::DAY, invite::InviteForm};

use super::{Outcome, act, address, segment};
use crate::web::{Ask, Carried, Draft};

/// Invites a person. Without SMTP the link and the code are handed to the administrator.
#[server(prefix = "/do", endpoint = "invite")]
pub async fn invite(
    name: String,
    email: String,
    language: String,
    #[server(default)] words: String,
    #[server(default)] days: Option<i64>,
) -> Result<Outcome, ServerFnError> {
    act("/console/invites/new", async move {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        let draft =
            Draft { name: name.clone(), email: email.clone(), language: language.clone(), words: words.clone(), days };
        ask.keep_draft(&draft).await?;
        let form = InviteForm {
            name,
            address: address(&email)?,
            language: language.parse().map_err(|_| Refusal::Text)?,
            words,
            lifetime: days.map(|days| days.saturating_mul(DAY)),
        };
        let invited = ask.vestibule().invite(&admin, form).await?;
        ask.drop_draft().await?;
        if ask.web.has_smtp {
            return Ok(format!("/console/users/{}?done=invited", invited.user_id));
        }
        hand_over_cookie(&ask, &admin, &invited.challenge_id).await
    })
    .await
}

/// Sends an invite again, or hands a new link and code over where no mail goes out.
#[server(prefix = "/do", endpoint = "resend_invite")]
pub async fn resend_invite(invite: String) -> Result<Outcome, ServerFnError> {
    act("/console/invites", async move {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        let challenge = ask.vestibule().resend_invite(&admin, &invite).await?;
        if ask.web.has_smtp {
            return Ok("/console/invites?done=invited".to_owned());
        }
        hand_over_cookie(&ask, &admin, &challenge).await
    })
    .await
}

#[server(prefix = "/do", endpoint = "revoke_invite")]
pub async fn revoke_invite(invite: String) -> Result<Outcome, ServerFnError> {
    act("/console/invites", async move {
        let ask = Ask::current().await?;
        ask.vestibule().revoke_invite(&ask.admin().await?, &invite).await?;
        Ok("/console/invites?done=revoked".to_owned())
    })
    .await
}

/// Draws a link and a code for an open challenge, to be shown once on the next page.
#[server(prefix = "/do", endpoint = "hand_over")]
pub async fn hand_over(challenge: String, back: String) -> Result<Outcome, ServerFnError> {
    // Back to one of our own pages, whatever the form says.
    let back = match back.as_str() {
        "deliveries" => "/console/deliveries".to_owned(),
        "invites" => "/console/invites".to_owned(),
        user => format!("/console/users/{}", segment(user)),
    };
    act(&back, async move {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        hand_over_cookie(&ask, &admin, &challenge).await
    })
    .await
}

/// The secrets travel to the next page in a cookie of the administrator's own browser: the server keeps nothing in clear.
pub(super) async fn hand_over_cookie(ask: &Ask, admin: &Admin, challenge: &str) -> Result<String> {
    let drawn = ask.vestibule().hand_over(admin, challenge).await?;
    let kind = match drawn.purpose {
        Purpose::Email => "verify",
        Purpose::Invite => "invite",
        Purpose::Reset => "reset",
        Purpose::Passkey => "passkey",
    };
    ask.carry(Carried::HandOver, Some(&format!("{kind}.{}.{}", drawn.token.reveal(), drawn.code.grouped())));
    Ok("/console/hand-over".to_owned())
}
