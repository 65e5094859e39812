//! Company accounts: setting out to one, and taking one away.

use leptos::prelude::*;
use vestibule_core::{Error, Refusal, Result, code::Purpose, provider::Registration};

use super::{Outcome, act, confirm::local, with_query};
use crate::web::{
    Ask,
    journey::{Errand, Journey},
    proof,
};

/// Sets out to a provider: to make the account there the first way to sign in, to sign in by it, to link it, or to show
/// again who one is and go `back`.
#[server(prefix = "/do", endpoint = "company_begin")]
pub async fn company_begin(
    provider: String,
    purpose: String,
    #[server(default)] back: String,
) -> Result<Outcome, ServerFnError> {
    let errand = Errand::parse(&purpose).unwrap_or(Errand::SignIn);
    let back = if errand == Errand::Confirm { local(&back) } else { String::new() };
    act(&errand.page_with(&back), async move {
        let ask = Ask::current().await?;
        let user_id = traveller(&ask, errand).await?;
        // A company account is a way in for good, as a passkey is.
        if errand == Errand::Link && !ask.is_fresh().await? {
            return Ok(proof::confirm("/me"));
        }
        let registration = ask.vestibule().registration(&provider).await?;
        set_out(&ask, errand, back, user_id, registration).await
    })
    .await
}

/// Whose account is to be linked, who must be here for it; nobody's for a sign-in.
pub(crate) async fn traveller(ask: &Ask, errand: Errand) -> Result<Option<String>> {
    Ok(match errand {
        Errand::First => {
            let redeemed = ask.setup().await?;
            let redeemed = (redeemed.purpose == Purpose::Invite).then_some(redeemed).ok_or(Refusal::SetupOver)?;
            Some(redeemed.user_id)
        }
        Errand::SignIn => None,
        Errand::Link | Errand::Confirm => Some(ask.person().await?.user_id().to_owned()),
    })
}

async fn set_out(ask: &Ask, errand: Errand, back: String, user_id: Option<String>, to: Registration) -> Result<String> {
    let vestibule = ask.vestibule();
    let hint = hint(ask, errand).await?;
    let flow = vestibule.begin_company(&to.provider_id, user_id.as_deref(), ask.ip.as_deref()).await?;
    let anew = errand == Errand::Confirm;
    let way = match ask.web.federation.way(&to, &flow, &ask.web.company_callback(), hint, anew).await {
        Ok(way) => way,
        Err(trouble) => {
            tracing::warn!(%trouble, issuer = to.issuer, "nobody can sign in by a provider");
            return Ok(with_query(&errand.page_with(&back), "problem=company-down"));
        }
    };
    let id = flow.id();
    let journey = Journey { id: id.clone(), errand, provider_name: to.name, way, since: vestibule.now(), back };
    ask.set_out(journey).await?;
    Ok(format!("/company/leave/{id}"))
}

/// The address that somebody is known by here, so that they need not type it at the provider: the one that was invited,
/// the one that an app or they themselves gave in this browser, or their own.
async fn hint(ask: &Ask, errand: Errand) -> Result<Option<String>> {
    match errand {
        Errand::First => ask.vestibule().address_of(&ask.setup().await?.challenge_id).await,
        Errand::SignIn => ask.likely_name().await,
        Errand::Link | Errand::Confirm => {
            let record = ask.vestibule().own_record(&ask.person().await?).await?;
            Ok(record.primary_email().map(|email| email.address.clone()))
        }
    }
}

#[server(prefix = "/do", endpoint = "unlink_company")]
pub async fn unlink_company(provider: String, subject: String) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        ask.vestibule().unlink_provider(&ask.person().await?, &provider, &subject).await?;
        Ok::<_, Error>("/me?done=company-unlinked".to_owned())
    })
    .await
}
