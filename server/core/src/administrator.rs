//! Administrators: users with a role.

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Admin, Language, Role},
    address::EmailAddress,
    code::Purpose,
    env::{Env, HOUR},
    event::{Event, EventData, EventKind, Fact, record},
    limit,
    organization::Policy,
    store::{Tx, accounts, challenges, events, invites, messages, passkeys, users},
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
    ///
    /// With a role, whatever leads into the account and was handed to anybody but this owner is revoked: who was trusted
    /// with a user's link is not thereby trusted with an administrator's.
    pub async fn grant_role(&self, admin: &Admin, user_id: &str, role: Option<Role>) -> Result<()> {
        admin.must_be(Role::Owner)?;
        if admin.user_id == user_id {
            return Err(Refusal::Yourself.into());
        }
        self.store
            .change((self.env.clone(), admin.clone(), user_id.to_owned()), move |tx, (env, admin, user_id)| {
                Box::pin(async move {
                    one_at_a_time(tx, env.as_ref(), &admin.organization_id).await?;
                    if present_role(tx, &admin.user_id).await? != Some(Role::Owner) {
                        return Err(Refusal::Forbidden.into());
                    }
                    // Who hands a link over meanwhile waits, and then meets the new role.
                    users::lock(tx, [user_id.as_str()]).await?;
                    users::by_id(tx, &admin.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    let account = accounts::account_by_id(tx, user_id).await?.ok_or(Refusal::NotFound)?;
                    if account.role == role {
                        return Err(Refusal::Unchanged.into());
                    }
                    let mut facts = if let Some(role) = role {
                        accounts::insert_administrator(tx, user_id, role, env.now()).await?;
                        revoke_handed(tx, env.as_ref(), admin, user_id).await?
                    } else {
                        accounts::delete_administrator(tx, user_id).await?;
                        Vec::new()
                    };
                    let reason = Some(role.map_or_else(|| "none".to_owned(), |role| role.to_string()));
                    let data = EventData { reason, ..EventData::default() };
                    facts.push(Fact {
                        user_id: user_id.clone(),
                        kind: EventKind::RoleGranted,
                        actor: admin.actor(),
                        data,
                    });
                    record(tx, env.as_ref(), &facts).await
                })
            })
            .await
    }
}

/// Has two owners who take each other's role, or shut each other out, at once not both succeed.
pub(crate) async fn one_at_a_time(tx: &mut Tx, env: &dyn Env, organization_id: &str) -> Result<()> {
    limit::alone(tx, env, &format!("roles:{organization_id}")).await
}

/// What an administrator is now, who may have been more when the request began.
pub(crate) async fn present_role(tx: &mut Tx, user_id: &str) -> Result<Option<Role>> {
    let account = accounts::account_by_id(tx, user_id).await?;
    Ok(account.filter(|account| !account.disabled && !account.locked).and_then(|account| account.role))
}

/// Revokes what leads into the account of a user and was drawn for other hands than this administrator's, used links of
/// which a set-up session is left included; gives what there is to record.
async fn revoke_handed(tx: &mut Tx, env: &dyn Env, admin: &Admin, user_id: &str) -> Result<Vec<Fact>> {
    let now = env.now();
    passkeys::drop_registrations(tx, user_id).await?;
    let shown = events::of_kind(tx, user_id, EventKind::SecretShown).await?;
    let is_own = |event: &&Event| matches!(&event.actor, Actor::Admin { id, .. } if *id == admin.user_id);
    let mut revoked = Vec::new();
    for challenge in challenges::handed(tx, user_id, now - HOUR).await? {
        let of_it: Vec<&Event> =
            shown.iter().filter(|event| event.data.challenge.as_ref() == Some(&challenge.id)).collect();
        // A code that a client asked back may have been shown to nobody, and is in its hands all the same.
        if challenge.returned || of_it.is_empty() || !of_it.iter().all(is_own) {
            revoked.push(challenge);
        }
    }
    let ids: Vec<String> = revoked.iter().map(|challenge| challenge.id.clone()).collect();
    challenges::revoke(tx, &ids, now).await?;
    invites::end_for_challenges(tx, &ids, now).await?;
    messages::cancel_for_challenges(tx, &ids, now).await?;
    let invites = revoked.into_iter().filter(|challenge| challenge.purpose == Purpose::Invite);
    Ok(invites
        .map(|challenge| Fact {
            user_id: user_id.to_owned(),
            kind: EventKind::InviteRevoked,
            actor: admin.actor(),
            data: EventData { challenge: Some(challenge.id), ..EventData::address(&challenge.canonical) },
        })
        .collect())
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
