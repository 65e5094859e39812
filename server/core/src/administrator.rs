//! Administrators: users with a role.

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Language, Role},
    address::EmailAddress,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    organization::Policy,
    password::check_new,
    store::{Tx, accounts},
    user::new::{Insertion, insert_users, new_user},
};

#[derive(Clone, Debug)]
pub(crate) struct NewAdministrator {
    pub organization_id: String,
    pub name: String,
    pub address: EmailAddress,
    pub role: Role,
    pub hash: String,
}

impl Vestibule {
    /// Makes a user with a password and a role, for the operator at the command line; gives the user's id.
    pub async fn create_administrator(
        &self,
        address: &EmailAddress,
        name: &str,
        role: Role,
        password: String,
    ) -> Result<String> {
        let name = crate::user::parse_name(name)?;
        check_new(&password, &Policy::default(), &[&name, address.typed()])?;
        let organization = self.organizations().await?.into_iter().next().ok_or(Refusal::NotFound)?;
        let hash = self.hasher.hash(self.env.as_ref(), password).await?;
        let new = NewAdministrator { organization_id: organization.id, name, address: address.clone(), role, hash };
        let env = self.env.clone();
        self.store
            .write(move |tx| {
                let (env, new) = (env.clone(), new.clone());
                Box::pin(async move { insert(tx, env.as_ref(), &new).await })
            })
            .await
    }
}

pub(crate) async fn insert(tx: &mut Tx, env: &dyn Env, new: &NewAdministrator) -> Result<String> {
    let (user, email) = new_user(env, &new.organization_id, &new.name, &new.address, Language::English);
    let id = user.id.clone();
    if insert_users(tx, env, &[user], vec![email]).await?.get(&id) != Some(&Insertion::Made) {
        return Err(Refusal::AddressTaken.into());
    }
    accounts::insert_password(tx, &id, &new.hash, env.now()).await?;
    accounts::insert_administrator(tx, &id, new.role, env.now()).await?;
    let fact = |kind, data| Fact { user_id: id.clone(), kind, actor: Actor::System, data };
    let granted = EventData { reason: Some(new.role.to_string()), ..EventData::default() };
    let facts = [
        fact(EventKind::UserCreated, EventData::address(new.address.canonical())),
        fact(EventKind::PasswordSet, EventData::default()),
        fact(EventKind::RoleGranted, granted),
    ];
    record(tx, env, &facts).await?;
    Ok(id)
}
