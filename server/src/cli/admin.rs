//! `vestibule admin create | without-passkey`.

use std::io::{self, BufRead};

use serde::Serialize;
use vestibule_core::{Refusal, address::EmailAddress};

use super::{
    api_key::organization,
    arguments::NewAdmin,
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
};
use crate::config::Config;

#[derive(Serialize)]
struct Created<'a> {
    id: &'a str,
    email: &'a str,
    role: &'a str,
}

pub(super) async fn create(config: &Config, new: NewAdmin, out: &mut Output) -> Result<(), Failure> {
    let address =
        EmailAddress::parse(&new.email).map_err(|problem| vestibule_core::Error::from(Refusal::Address(problem)))?;
    let password = first_line(io::stdin().lock())?;
    let local = address.typed().split('@').next().unwrap_or_default().to_owned();
    let name = new.name.unwrap_or(local);

    let open = Open::new(config, Migrations::Apply).await?;
    let created = async {
        open.vestibule.first_organization(&config.organization).await?;
        open.vestibule.create_administrator(&address, &name, new.role, password).await
    };
    let created = created.await;
    let id = open.close(created).await?;
    if new.json {
        out.json(&Created { id: &id, email: address.typed(), role: new.role.as_str() })
    } else {
        out.line(id)
    }
}

/// Asks administrators for no passkey any more, by policy or by their own wish.
pub(super) async fn without_passkey(config: &Config, wanted: Option<&str>, out: &mut Output) -> Result<(), Failure> {
    let open = Open::new(config, Migrations::Apply).await?;
    let ended = async {
        let organization = organization(&open.vestibule, config, wanted).await?;
        open.vestibule.forgo_passkeys(&organization.id).await?;
        Ok::<_, Failure>(organization.name)
    };
    let ended = ended.await;
    let name = open.close(ended).await?;
    out.line(format_args!("administrators of {name} need no passkey any more"))
}

/// Without its line end; everything else belongs to the password.
fn first_line(mut input: impl BufRead) -> Result<String, Failure> {
    let mut line = String::new();
    input.read_line(&mut line).map_err(|error| Failure::io("read the password from standard input", error))?;
    let password = line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    match password {
        "" => Err(Failure::said("there is no password on the first line of standard input")),
        password => Ok(password.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_keeps_its_spaces_and_loses_its_line_end() {
        for (input, password) in [(" a b \n", " a b "), ("a b", "a b"), ("a\r\nb\n", "a")] {
            assert_eq!(first_line(input.as_bytes()).unwrap(), password);
        }
        assert!(first_line(&b""[..]).is_err());
        assert!(first_line(&b"\nx"[..]).is_err());
    }
}
