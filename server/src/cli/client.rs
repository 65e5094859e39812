//! `vestibule client create | list | rename | revoke`.

use serde::Serialize;
use vestibule_core::{Refusal, Vestibule};

use super::{
    api_key::{asked_for, keeper, not_revoked, show},
    arguments::ClientCommand,
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
};
use crate::config::Config;

#[derive(Serialize)]
struct Created<'a> {
    client_id: &'a str,
    client_secret: &'a str,
}

/// Of a new client, id and secret are printed, a line each.
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
            let made = vestibule.create_client(by, asked_for(&new)).await?;
            let (client_id, client_secret) = (made.id.as_str(), made.secret.reveal());
            if new.json {
                return out.json(&Created { client_id, client_secret });
            }
            out.line(client_id)?;
            out.line(client_secret)
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
