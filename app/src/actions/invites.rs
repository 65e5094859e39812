//! What administrators do with invites, and handing links and codes over by hand.

use leptos::prelude::*;
use vestibule_core::{
    Refusal, Result,
    actor::{Admin, Role},
    code::Purpose,
    env::DAY,
    invite::InviteForm,
};

use super::{Outcome, act, address, back_to, with_query};
use crate::web::{Ask, Carried, Draft, Handed, proof::confirm};

const PAGE: &str = "/console/invites";
const FORM: &str = "/console/invites/new";

/// Invites a person. Without SMTP the link and the code are handed to the administrator, who has shown lately who they are:
/// they open the person's account.
#[server(prefix = "/do", endpoint = "invite")]
pub async fn invite(
    name: String,
    email: String,
    language: String,
    #[server(default)] words: String,
    #[server(default)] days: Option<i64>,
) -> Result<Outcome, ServerFnError> {
    act(FORM, async move {
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
        if !ask.web.has_smtp && admin.is(Role::Manager) && !ask.is_fresh().await? {
            // Before an invite that is out there is replaced, and this one shown.
            return Ok(confirm(&format!("{FORM}?typed=kept")));
        }
        let invited = ask.vestibule().invite(&admin, form).await?;
        ask.drop_draft().await?;
        if ask.web.has_smtp {
            return Ok(format!("/console/users/{}?done=invited", invited.user_id));
        }
        carry_over(&ask, &admin, &invited.challenge_id).await
    })
    .await
}

/// Sends an invite again, or hands a new link and code over where no mail goes out; then it is for managers, and for nobody
/// whose role is weaker than that of who was invited.
#[server(prefix = "/do", endpoint = "resend_invite")]
pub async fn resend_invite(
    invite: String,
    #[server(default)] user: String,
    #[server(default)] back: String,
) -> Result<Outcome, ServerFnError> {
    let back = back_to(&back, PAGE);
    act(&back, async {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        if !ask.web.has_smtp {
            // Before the link that is out there is replaced.
            if !admin.is(Role::Manager) {
                return Err(Refusal::Forbidden.into());
            }
            let invited = ask.vestibule().user(&admin, &user, None).await?;
            if invited.invite.is_none_or(|newest| newest.id != invite) {
                return Err(Refusal::NotFound.into());
            }
            if invited.role.is_some_and(|role| !admin.is(role)) {
                return Err(Refusal::Forbidden.into());
            }
            if !ask.is_fresh().await? {
                return Ok(confirm(&back));
            }
        }
        let challenge = ask.vestibule().resend_invite(&admin, &invite).await?;
        if ask.web.has_smtp {
            return Ok(with_query(&back, "done=invited"));
        }
        carry_over(&ask, &admin, &challenge).await
    })
    .await
}

#[server(prefix = "/do", endpoint = "revoke_invite")]
pub async fn revoke_invite(invite: String, #[server(default)] back: String) -> Result<Outcome, ServerFnError> {
    let back = back_to(&back, PAGE);
    act(&back, async {
        let ask = Ask::current().await?;
        ask.vestibule().revoke_invite(&ask.admin().await?, &invite).await?;
        Ok(with_query(&back, "done=revoked"))
    })
    .await
}

/// Draws a link and a code for an open challenge, to be shown once on the next page. A code only proves an address;
/// whatever else is handed over opens somebody's account, and is for who has shown lately who they are.
#[server(prefix = "/do", endpoint = "hand_over")]
pub async fn hand_over(challenge: String, #[server(default)] back: String) -> Result<Outcome, ServerFnError> {
    let back = back_to(&back, PAGE);
    act(&back, async {
        let ask = Ask::current().await?;
        let admin = ask.admin().await?;
        let view = ask.vestibule().challenge(&challenge).await?.ok_or(Refusal::NotFound)?;
        if view.purpose != Purpose::Email && !ask.is_fresh().await? {
            return Ok(confirm(&back));
        }
        carry_over(&ask, &admin, &challenge).await
    })
    .await
}

/// The secrets travel to the next page in a cookie of the administrator's own browser: the server keeps nothing in clear.
pub(super) async fn carry_over(ask: &Ask, admin: &Admin, challenge: &str) -> Result<String> {
    let drawn = ask.vestibule().hand_over(admin, challenge).await?;
    let kind = match drawn.purpose {
        Purpose::Email => "verify",
        Purpose::Invite => "invite",
        Purpose::Reset => "reset",
        Purpose::Passkey => "passkey",
    };
    let handed = Handed {
        challenge: drawn.challenge_id,
        kind: kind.to_owned(),
        token: drawn.token.reveal().to_owned(),
        code: drawn.code.grouped(),
    };
    ask.carry(Carried::HandOver, Some(&handed.to_string()));
    Ok(handed.page())
}
