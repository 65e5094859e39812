//! Administrators: users with a role.

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Admin, Language, Role},
    address::EmailAddress,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    limit,
    organization::Policy,
    store::{Tx, accounts, users},
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
        self.check_new(&password, &Policy::default(), &[&name, address.typed()]).await?;
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

impl Vestibule {
    /// Gives a user a role in the console, another one, or none. Owners do this, and not to themselves: so there is
    /// always one left. It takes effect with the user's next request.
    pub async fn grant_role(&self, admin: &Admin, user_id: &str, role: Option<Role>) -> Result<()> {
        admin.must_be(Role::Owner)?;
        if admin.user_id == user_id {
            return Err(Refusal::Yourself.into());
        }
        self.store
            .change((self.env.clone(), admin.clone(), user_id.to_owned()), move |tx, (env, admin, user_id)| {
                Box::pin(async move {
                    // Two owners who take each other's role at once must not both succeed.
                    limit::alone(tx, env.as_ref(), &format!("roles:{}", admin.organization_id)).await?;
                    let own = accounts::account_by_id(tx, &admin.user_id).await?;
                    if own.and_then(|own| own.role) != Some(Role::Owner) {
                        return Err(Refusal::Forbidden.into());
                    }
                    users::by_id(tx, &admin.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    let account = accounts::account_by_id(tx, user_id).await?.ok_or(Refusal::NotFound)?;
                    if account.role == role {
                        return Err(Refusal::Stale.into());
                    }
                    match role {
                        Some(role) => accounts::insert_administrator(tx, user_id, role, env.now()).await?,
                        None => accounts::delete_administrator(tx, user_id).await?,
                    }
                    let reason = Some(role.map_or_else(|| "none".to_owned(), |role| role.to_string()));
                    let data = EventData { reason, ..EventData::default() };
                    let (user_id, actor) = (user_id.clone(), admin.actor());
                    record(tx, env.as_ref(), &[Fact { user_id, kind: EventKind::RoleGranted, actor, data }]).await
                })
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
