//! `vestibule client create | list | rename | revoke`.

use serde::Serialize;
use vestibule_core::{Refusal, Vestibule, api_key::Keeper, authorization::NewApp, secret::Token};

use super::{
    api_key::{asked_for, keeper, not_revoked, show},
    arguments::{ClientCommand, NewClientArguments},
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
};
use crate::config::Config;

#[derive(Serialize)]
struct Created<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
}

/// Of a new client, id and secret are printed, a line each; a public one has no secret.
pub(super) async fn run(config: &Config, command: ClientCommand, out: &mut Output) -> Result<(), Failure> {
    let open = Open::new(config, Migrations::Apply).await?;
    let done = carry_out(&open.vestibule, config, command, out).await;
    open.close(done).await
}

async fn carry_out(
    vestibule: &Vestibule,
    config: &Config,
    command: ClientCommand,
    out: &mut Output,
) -> Result<(), Failure> {
    let by = keeper(vestibule, config, command.organization()).await?;
    match command {
        ClientCommand::Create(new) => {
            let json = new.key.json;
            let (id, secret) = create(vestibule, by, new).await?;
            let secret = secret.as_ref().map(Token::reveal);
            if json {
                return out.json(&Created { client_id: &id, client_secret: secret });
            }
            out.line(&id)?;
            secret.map_or(Ok(()), |secret| out.line(secret))
        }
        ClientCommand::List { json, .. } => show(&vestibule.clients(by).await?, vestibule.now(), json, out),
        ClientCommand::Rename { id, name, .. } => {
            vestibule.rename_client(by, &id, &name).await.map_err(|error| match error.refusal() {
                Some(Refusal::NotFound) => Failure::said(format!("there is no client {id:?} in the organization")),
                _ => error.into(),
            })
        }
        ClientCommand::Revoke { id, .. } => {
            vestibule.revoke_client(by, &id).await.map_err(|error| not_revoked("client", &id, error))
        }
    }
}

/// A machine or, where it has an address to come back to, an app. Unlike a machine, an app may do nothing by itself.
async fn create(
    vestibule: &Vestibule,
    by: Keeper,
    new: NewClientArguments,
) -> Result<(String, Option<Token>), Failure> {
    let NewClientArguments { key, redirect_uris, post_logout_uris, public, first_party } = new;
    if redirect_uris.is_empty() {
        let made = vestibule.create_client(by, asked_for(&key)).await?;
        return Ok((made.id, Some(made.secret)));
    }
    let app = NewApp { name: key.name, redirect_uris, post_logout_uris, public, first_party, scopes: key.scopes };
    let made = vestibule.create_app(by, app).await.map_err(|error| match error.refusal() {
        Some(Refusal::Text) => Failure::said(
            "an address must begin with https://, or with http:// on this device, or, with --public, with a scheme that is \
             a domain name backwards; it has no fragment, and there are up to 20",
        ),
        _ => error.into(),
    })?;
    Ok((made.id, made.secret))
}
