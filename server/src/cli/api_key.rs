//! `vestibule api-key create | list | revoke`, and what it shares with `vestibule client`.

use serde::Serialize;
use time::{OffsetDateTime, macros::format_description};
use vestibule_core::{
    Refusal, Vestibule,
    api_key::{Keeper, Key, KeyState, NewKey, Scope},
    env::DAY,
    organization::Organization,
};

use super::{
    arguments::{KeyCommand, NewKeyArguments},
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
};
use crate::config::Config;

#[derive(Serialize)]
struct Created<'a> {
    id: &'a str,
    key: &'a str,
}

/// A new key is printed alone, so that a script can take it as it comes.
pub(super) async fn run(config: &Config, command: KeyCommand, out: &mut Output) -> Result<(), Failure> {
    let open = Open::new(config, Migrations::Apply).await?;
    let done = carry_out(&open.vestibule, config, command, out).await;
    open.close(done).await
}

async fn carry_out(
    vestibule: &Vestibule,
    config: &Config,
    command: KeyCommand,
    out: &mut Output,
) -> Result<(), Failure> {
    let by = keeper(vestibule, config, command.organization()).await?;
    match command {
        KeyCommand::Create(new) => {
            let made = vestibule.create_api_key(by, asked_for(&new)).await?;
            let key = made.secret.reveal();
            if new.json { out.json(&Created { id: &made.id, key }) } else { out.line(key) }
        }
        KeyCommand::List { json, .. } => show(&vestibule.api_keys(by).await?, vestibule.now(), json, out),
        KeyCommand::Revoke { id, .. } => {
            vestibule.revoke_api_key(by, &id).await.map_err(|error| not_revoked("API key", &id, error))
        }
    }
}

/// The operator of the organization that was named.
pub(super) async fn keeper(vestibule: &Vestibule, config: &Config, wanted: Option<&str>) -> Result<Keeper, Failure> {
    Ok(Keeper::operator(&organization(vestibule, config, wanted).await?.id))
}

/// The organization that was named, by id or by name where only one has it; without one, the first.
pub(super) async fn organization(
    vestibule: &Vestibule,
    config: &Config,
    wanted: Option<&str>,
) -> Result<Organization, Failure> {
    let first = vestibule.first_organization(&config.organization).await?;
    match wanted {
        Some(wanted) => named(vestibule.organizations().await?, wanted),
        None => Ok(first),
    }
}

/// The same among those that are there, for a command that makes none.
pub(super) async fn existing(vestibule: &Vestibule, wanted: Option<&str>) -> Result<Organization, Failure> {
    let organizations = vestibule.organizations().await?;
    match wanted {
        Some(wanted) => named(organizations, wanted),
        None => organizations.into_iter().next().ok_or_else(|| Failure::said("there is no organization yet")),
    }
}

fn named(organizations: Vec<Organization>, wanted: &str) -> Result<Organization, Failure> {
    let is_wanted = |organization: &Organization| organization.id == wanted || organization.name == wanted;
    let mut found = organizations.into_iter().filter(is_wanted);
    match (found.next(), found.next()) {
        (Some(organization), None) => Ok(organization),
        (Some(_), Some(_)) => {
            Err(Failure::said(format!("several organizations are called {wanted:?}; please give the id")))
        }
        (None, _) => Err(Failure::said(format!("there is no organization {wanted:?}; `vestibule org list` shows all"))),
    }
}

pub(super) fn asked_for(new: &NewKeyArguments) -> NewKey {
    let scopes = if new.scopes.is_empty() { Scope::ALL } else { &new.scopes };
    NewKey { name: new.name.clone(), scopes: scopes.to_vec(), lifetime: new.expires.map(|days| days * DAY) }
}

pub(super) fn not_revoked(what: &str, id: &str, error: vestibule_core::Error) -> Failure {
    match error.refusal() {
        Some(Refusal::NotFound) => Failure::said(format!("there is no {what} {id:?} in the organization")),
        Some(Refusal::Stale) => Failure::said(format!("the {what} {id:?} is revoked already")),
        _ => error.into(),
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    key: &'a Key,
    state: &'static str,
}

/// Keys or clients, a line each.
pub(super) fn show(keys: &[Key], now: i64, json: bool, out: &mut Output) -> Result<(), Failure> {
    let mut lines = keys.iter().map(|key| Line { key, state: state_word(key.state(now)) });
    if json {
        return out.json(&lines.collect::<Vec<_>>());
    }
    lines.try_for_each(|Line { key, state }| {
        let scopes = key.scopes.to_string().replace(' ', ",");
        let ends = key.expires_at.map_or("never ends".to_owned(), |at| format!("ends {}", day(at)));
        let used = key.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", day(at)));
        out.line(format_args!("{}  {state:8}{scopes:19}{ends:17}{used:17}{}", key.id, key.name))
    })
}

fn state_word(state: KeyState) -> &'static str {
    match state {
        KeyState::Live => "live",
        KeyState::Expired => "expired",
        KeyState::Revoked => "revoked",
    }
}

/// `2026-11-03`, in UTC.
fn day(ms: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(ms / 1_000).ok();
    time.and_then(|time| time.format(format_description!("[year]-[month]-[day]")).ok()).unwrap_or_default()
}
