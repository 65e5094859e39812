//! Passkeys: the two ends of a ceremony, which the page's script calls, and what forms do with what came of it.

use axum::http::header;
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use vestibule_core::{
    Error, Refusal, Result,
    actor::Person,
    code::{Purpose, TypedCode},
    passkey::{Answer, Begun},
    redeem::{Redeemed, Secret, Try},
};

use super::{Outcome, act, address, code::is_for_somebody_else, segment, with_problem};
use crate::web::{Ask, Carried, proof::confirm, step::TO_PASSKEY};

/// A ceremony that the browser goes on with, or where to go instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    pub ceremony: String,
    /// JSON of the options.
    pub options: String,
    pub next: String,
    pub problem: Option<String>,
}

/// Who makes a passkey: the holder of a restricted session, who is signed in, or who comes in only with one.
enum Maker {
    Redeemed(Redeemed),
    Person(Person),
    Halfway(Person),
}

impl Maker {
    async fn of(ask: &Ask) -> Result<Self> {
        if let Ok(redeemed) = ask.setup().await {
            return Ok(Self::Redeemed(redeemed));
        }
        if let Some(visitor) = ask.visitor().await? {
            return Ok(Self::Person(visitor.person()));
        }
        // Who has one shows that one: a new one made now would prove nothing.
        match ask.halfway().await?.map(|visitor| visitor.person()) {
            Some(person) if ask.vestibule().own_passkeys(&person).await?.is_empty() => Ok(Self::Halfway(person)),
            Some(_) => Err(Refusal::HasMethod.into()),
            None => Err(Refusal::SetupOver.into()),
        }
    }

    /// The page that they are on.
    fn page(&self) -> &'static str {
        match self {
            Self::Redeemed(redeemed) if redeemed.purpose == Purpose::Passkey => "/passkey",
            Self::Redeemed(_) => "/welcome",
            Self::Person(_) => "/me",
            Self::Halfway(_) => TO_PASSKEY,
        }
    }

    async fn page_of(ask: &Ask) -> &'static str {
        Self::of(ask).await.map_or("/welcome", |maker| maker.page())
    }
}

/// Begins to make a passkey for whoever's session this is.
#[server(prefix = "/do", endpoint = "begin_passkey")]
pub async fn begin_passkey() -> Result<Beginning, ServerFnError> {
    let ask = Ask::current().await;
    let back = match &ask {
        Ok(ask) => Maker::page_of(ask).await,
        Err(_) => "/welcome",
    };
    let begun = async {
        let ask = ask?;
        let begun = match Maker::of(&ask).await? {
            Maker::Redeemed(redeemed) => ask.vestibule().begin_first_passkey(&redeemed).await?,
            Maker::Person(person) if ask.is_fresh().await? => ask.vestibule().begin_passkey(&person).await?,
            // A passkey is a way in for good; whoever finds a browser open must not make one.
            Maker::Person(_) => return Ok(None),
            Maker::Halfway(person) => ask.vestibule().begin_passkey(&person).await?,
        };
        Ok(Some(begun))
    };
    Ok(match begun.await {
        Ok(Some(begun)) => beginning(back, Ok(begun)),
        Ok(None) => instead(confirm(back), "confirm"),
        Err(error) => beginning(back, Err(error)),
    })
}

/// Begins a sign-in; the answer is alike for everybody.
#[server(prefix = "/do", endpoint = "begin_passkey_sign_in")]
pub async fn begin_passkey_sign_in() -> Result<Beginning, ServerFnError> {
    let begun = async {
        let ask = Ask::current().await?;
        ask.vestibule().begin_passkey_sign_in(ask.ip.as_deref()).await
    };
    Ok(beginning("/sign-in", begun.await))
}

/// No ceremony: the browser opens another page.
fn instead(next: String, problem: &str) -> Beginning {
    Beginning { ceremony: String::new(), options: String::new(), next, problem: Some(problem.to_owned()) }
}

pub(super) fn beginning(back: &str, begun: Result<Begun>) -> Beginning {
    match begun {
        Ok(begun) => Beginning {
            ceremony: begun.ceremony,
            options: begun.options.to_string(),
            next: String::new(),
            problem: None,
        },
        Err(Error::Refused(refusal)) => instead(with_problem(back, &refusal), refusal.word()),
        Err(error) => {
            tracing::error!(%error, "a passkey ceremony could not begin");
            instead("/unavailable".to_owned(), "unavailable")
        }
    }
}

/// Stores the passkey that the browser made.
#[server(prefix = "/do", endpoint = "finish_passkey")]
pub async fn finish_passkey(
    ceremony: String,
    credential: String,
    #[server(default)] name: String,
) -> Result<Outcome, ServerFnError> {
    let back = match Ask::current().await {
        Ok(ask) => Maker::page_of(&ask).await,
        Err(_) => "/welcome",
    };
    act(back, async move {
        let ask = Ask::current().await?;
        let user_agent = ask.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let user_agent = user_agent.unwrap_or_default().to_owned();
        let answer = Answer { ceremony, credential, name, user_agent };
        match Maker::of(&ask).await? {
            Maker::Redeemed(redeemed) => {
                let signed_in = ask.vestibule().finish_first_passkey(&redeemed, &answer).await?;
                ask.sign_in(&signed_in).await?;
                ask.signed_in_by_passkey().await?;
                Ok(match redeemed.purpose {
                    Purpose::Passkey => "/me?done=passkey-added",
                    Purpose::Email | Purpose::Invite | Purpose::Reset => "/welcome/done?by=passkey",
                }
                .to_owned())
            }
            Maker::Person(person) => {
                ask.vestibule().finish_passkey(&person, &answer).await?;
                Ok("/me?done=passkey-added".to_owned())
            }
            Maker::Halfway(person) => {
                ask.vestibule().finish_needed_passkey(&person, &answer).await?;
                ask.showed_passkey_as_well(&person).await?;
                ask.after_sign_in().await
            }
        }
    })
    .await
}

/// Signs in with the browser's answer.
#[server(prefix = "/do", endpoint = "finish_passkey_sign_in")]
pub async fn finish_passkey_sign_in(ceremony: String, credential: String) -> Result<Outcome, ServerFnError> {
    let outcome = act("/sign-in", async move {
        let ask = Ask::current().await?;
        let signed_in = ask.vestibule().finish_passkey_sign_in(&ceremony, &credential, ask.ip.clone()).await?;
        ask.sign_in(&signed_in).await?;
        ask.signed_in_by_passkey().await?;
        ask.after_sign_in().await
    })
    .await?;
    // The page speaks of the name and the password where one of those was wrong; here nobody gave any.
    if outcome.problem.as_deref() == Some(Refusal::SignInFailed.word()) {
        let next = "/sign-in?problem=passkey-sign-in".to_owned();
        redirect(&next);
        return Ok(Outcome { next, ..outcome });
    }
    Ok(outcome)
}

#[server(prefix = "/do", endpoint = "rename_passkey")]
pub async fn rename_passkey(passkey: String, name: String) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        ask.vestibule().rename_passkey(&ask.person().await?, &passkey, &name).await?;
        Ok("/me?done=passkey-renamed".to_owned())
    })
    .await
}

#[server(prefix = "/do", endpoint = "remove_passkey")]
pub async fn remove_passkey(passkey: String) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        ask.vestibule().remove_passkey(&ask.person().await?, &passkey).await?;
        Ok("/me?done=passkey-removed".to_owned())
    })
    .await
}

/// Has an administrator be asked for a passkey as well, or no longer.
#[server(prefix = "/do", endpoint = "ask_own_passkey")]
pub async fn ask_own_passkey(#[server(default)] asks: bool) -> Result<Outcome, ServerFnError> {
    act("/me", async move {
        let ask = Ask::current().await?;
        let person = ask.person().await?;
        if !ask.is_fresh().await? {
            return Ok(confirm("/me"));
        }
        ask.vestibule().ask_own_passkey(&person, asks).await?;
        Ok("/me?done=saved".to_owned())
    })
    .await
}

/// Redeems the link or the code of a mail about a passkey; it leads to adding one and to nothing else.
#[server(prefix = "/do", endpoint = "redeem_passkey")]
pub async fn redeem_passkey(
    challenge: String,
    #[server(default)] code: Option<String>,
) -> Result<Outcome, ServerFnError> {
    let challenge = segment(&challenge);
    act(&format!("/passkey/{challenge}"), async move {
        let ask = Ask::current().await?;
        if is_for_somebody_else(&ask, &challenge).await? {
            return Ok(format!("/passkey/{challenge}"));
        }
        let secret = match code {
            Some(code) => Secret::CodeFor(challenge, TypedCode::parse(&code).ok_or(Refusal::Unreadable)?),
            None => Secret::Link(ask.link_for(&challenge).await?),
        };
        redeem(&ask, secret).await
    })
    .await
}

/// The same for who has only the code, and says where it was sent to.
#[server(prefix = "/do", endpoint = "redeem_passkey_at")]
pub async fn redeem_passkey_at(email: String, code: String) -> Result<Outcome, ServerFnError> {
    act("/passkey", async move {
        let ask = Ask::current().await?;
        let email = address(&email)?;
        ask.remember_asked(email.typed()).await?;
        redeem(&ask, Secret::CodeAt(email, TypedCode::parse(&code).ok_or(Refusal::Unreadable)?)).await
    })
    .await
}

async fn redeem(ask: &Ask, secret: Secret) -> Result<String> {
    let secret = Secret::For(Purpose::Passkey, Box::new(secret));
    let redeemed = ask.vestibule().redeem(Try { secret, by: None, ip: ask.ip.clone() }).await?;
    ask.carry(Carried::Link, None);
    ask.begin_setup(&redeemed).await?;
    Ok("/passkey".to_owned())
}
