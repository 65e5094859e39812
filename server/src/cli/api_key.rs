//! `vestibule api-key create`.

use vestibule_core::{Vestibule, api_key::Scope, organization::Organization, secret::Token};

use super::{
    arguments::NewApiKey,
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
};
use crate::config::Config;

/// Prints the key alone, so that a script can take it as it comes.
pub(super) async fn create(config: &Config, new: NewApiKey, out: &mut Output) -> Result<(), Failure> {
    let open = Open::new(config, Migrations::Apply).await?;
    let created = key(&open.vestibule, config, &new).await;
    let token = open.close(created).await?;
    out.line(token.reveal())
}

async fn key(vestibule: &Vestibule, config: &Config, new: &NewApiKey) -> Result<Token, Failure> {
    let first = vestibule.first_organization(&config.organization).await?;
    let organization = match &new.org {
        Some(wanted) => named(vestibule.organizations().await?, wanted)?,
        None => first,
    };
    let scopes = if new.scopes.is_empty() { Scope::ALL } else { &new.scopes };
    Ok(vestibule.create_api_key(&organization.id, &new.name, scopes).await?)
}

/// By id, or by name where only one has it.
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
