//! Server functions: the actions that console and user pages share. Each is the target of a plain form, and answers a
//! script with the same outcome as JSON.
//!
//! Every one is a public endpoint and guards itself: it takes who acts from the session and nothing else.

mod account;
mod apps;
mod code;
mod company;
pub(crate) mod confirm;
mod consent;
mod deliveries;
mod first_method;
mod invites;
mod keys;
mod language;
mod passkey;
mod providers;
mod settings;
mod sign_in;
mod users;
mod who;

use std::future::Future;

use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use vestibule_core::{Error, Refusal, actor::Admin, address::AddressProblem};

use crate::web::Ask;

use self::passkey::beginning;
pub use self::{
    account::*,
    apps::*,
    code::*,
    company::*,
    confirm::{begin_passkey_proof, confirm, finish_passkey_proof},
    consent::*,
    deliveries::*,
    first_method::*,
    invites::*,
    keys::*,
    language::*,
    passkey::*,
    providers::*,
    settings::*,
    sign_in::*,
    users::*,
    who::*,
};

/// How an action ended: where to go on, and a short closed word if it was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub next: String,
    pub problem: Option<String>,
}

/// Runs an action and turns its end into a redirect: to the page that it names, or back with a word that says why not.
async fn act(back: &str, action: impl Future<Output = Result<String, Error>> + Send) -> Result<Outcome, ServerFnError> {
    let outcome = match action.await {
        Ok(next) => Outcome { next, problem: None },
        Err(Error::Refused(refusal)) => {
            Outcome { next: with_problem(back, &refusal), problem: Some(refusal.word().to_owned()) }
        }
        Err(error) => {
            tracing::error!(%error, "an action failed");
            Outcome { next: "/unavailable".to_owned(), problem: Some("unavailable".to_owned()) }
        }
    };
    redirect(&outcome.next);
    Ok(outcome)
}

/// The same for what matters most in the console: who has not shown lately who they are does so first, and comes back to
/// `again`.
async fn act_lately<F>(
    back: &str,
    again: &str,
    action: impl FnOnce(Ask, Admin) -> F + Send,
) -> Result<Outcome, ServerFnError>
where
    F: Future<Output = Result<String, Error>> + Send,
{
    act(back, async move {
        let ask = Ask::current().await?;
        match ask.fresh_admin(again).await? {
            Ok(admin) => action(ask, admin).await,
            Err(confirm) => Ok(confirm),
        }
    })
    .await
}

/// The same for a form: what was typed into it is kept, whole and in no address, until it has done its work.
async fn act_lately_with<F>(
    back: &str,
    form: &str,
    typed: &[(&str, &str)],
    action: impl FnOnce(Ask, Admin) -> F + Send,
) -> Result<Outcome, ServerFnError>
where
    F: Future<Output = Result<String, Error>> + Send,
{
    act(back, async move {
        let ask = Ask::current().await?;
        let fresh = ask.fresh_admin(back).await?;
        ask.keep_typed(form, typed).await?;
        let admin = match fresh {
            Ok(admin) => admin,
            Err(confirm) => return Ok(confirm),
        };
        let next = action(ask.clone(), admin).await?;
        ask.drop_typed().await?;
        Ok(next)
    })
    .await
}

/// The page of ours that a form came from and leads back to, else `page`.
fn back_to(back: &str, page: &str) -> String {
    confirm::local_page(back).unwrap_or_else(|| page.to_owned())
}

/// A page, told why not.
pub(crate) fn with_problem(page: &str, refusal: &Refusal) -> String {
    with_query(page, &problem_query(refusal))
}

/// A page with one more pair, or several, in its query.
fn with_query(page: &str, pairs: &str) -> String {
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}{pairs}")
}

/// The query by which a page is told why: the word, and a number where there is one.
fn problem_query(refusal: &Refusal) -> String {
    let word = refusal.word();
    match refusal {
        Refusal::Wrong { left } => format!("problem={word}&left={left}"),
        Refusal::Cooling { until } | Refusal::Limited { until } => format!("problem={word}&until={until}"),
        Refusal::PasswordCommon { why } => format!("problem={word}&why={why}"),
        Refusal::PasswordTooShort { min } => format!("problem={word}&min={min}"),
        Refusal::Address(problem) => format!("problem={word}&why={}", address_word(*problem)),
        _ => format!("problem={word}"),
    }
}

fn address_word(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::Empty => "empty",
        AddressProblem::NoAt => "no-at",
        AddressProblem::TwoAts => "two-ats",
        AddressProblem::NoLocalPart => "no-local-part",
        AddressProblem::Domain => "domain",
        AddressProblem::NoDot => "no-dot",
        AddressProblem::Sign => "sign",
        AddressProblem::TooLong => "too-long",
    }
}

/// Reads an address or refuses with the reason.
fn address(text: &str) -> Result<vestibule_core::address::EmailAddress, Refusal> {
    vestibule_core::address::EmailAddress::parse(text).map_err(Refusal::Address)
}

/// A path segment from an id that came in a form: ids are short and hold nothing but these signs.
fn segment(id: &str) -> String {
    id.chars().filter(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')).take(200).collect()
}
