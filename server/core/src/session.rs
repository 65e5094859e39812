//! Browser sessions, kept in the database so that every instance knows them and any can end them.

pub(crate) mod of_user;

use crate::{
    Result, Vestibule,
    actor::{Admin, Person, Reach},
    organization::Organization,
    signing,
    store::{
        accounts, accounts::Account, authorizations, emails, emails::EmailRow, idempotency, keys, limits, passkeys,
        providers, sessions,
    },
};

pub use of_user::UserSession;

/// A person who is signed in now.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub user_id: String,
    pub name: String,
    pub organization: Organization,
    /// What they may do in the console, if anything.
    pub admin: Option<Admin>,
    /// Whether they must have shown a passkey before anything else: an administrator who wants that, or whose organization
    /// does.
    pub needs_passkey: bool,
}

impl Visitor {
    /// The same as somebody who acts for themselves.
    pub fn person(&self) -> Person {
        let (user_id, organization_id) = (self.user_id.clone(), self.organization.id.clone());
        Person { user_id, organization_id, name: self.name.clone(), reach: Reach::Change }
    }
}

impl Vestibule {
    /// Who is signed in, as of now: a disabled or deleted user is nobody, a changed role takes effect at once.
    pub async fn visitor(&self, user_id: &str) -> Result<Option<Visitor>> {
        let member = accounts::member(&mut self.store.read().await?, user_id).await?;
        let Some((account, organization)) = member.filter(|(account, _)| !account.disabled && !account.locked) else {
            return Ok(None);
        };
        let Account { user_id, name, organization_id, role, needs_passkey, .. } = account;
        let admin = role.map(|role| Admin { user_id: user_id.clone(), name: name.clone(), role, organization_id });
        let needs_passkey = admin.is_some() && (organization.policy.admin_passkey || needs_passkey == Some(true));
        Ok(Some(Visitor { user_id, name, organization, admin, needs_passkey }))
    }

    /// The addresses of the person who is signed in.
    pub async fn own_addresses(&self, visitor: &Visitor) -> Result<Vec<EmailRow>> {
        emails::of_user(&mut self.store.read().await?, &visitor.user_id).await
    }

    /// Stores a new session; `false` where the id is taken. Times are unix milliseconds.
    pub async fn create_session(
        &self,
        id: String,
        user_id: Option<String>,
        data: String,
        expires_at: i64,
    ) -> Result<bool> {
        let id = self.session_key(&id);
        self.store
            .write(move |tx| {
                let (id, user_id, data) = (id.clone(), user_id.clone(), data.clone());
                Box::pin(async move { sessions::insert(tx, &id, user_id.as_deref(), &data, expires_at).await })
            })
            .await
    }

    pub async fn save_session(&self, id: String, user_id: Option<String>, data: String, expires_at: i64) -> Result<()> {
        let id = self.session_key(&id);
        self.store
            .write(move |tx| {
                let (id, user_id, data) = (id.clone(), user_id.clone(), data.clone());
                Box::pin(async move { sessions::update(tx, &id, user_id.as_deref(), &data, expires_at).await })
            })
            .await
    }

    /// Has a live session live on until another time; `false` where it is over or goes on under another id.
    pub async fn prolong_session(&self, id: &str, expires_at: i64) -> Result<bool> {
        let (id, now) = (self.session_key(id), self.env.now());
        self.store
            .write(move |tx| {
                let id = id.clone();
                Box::pin(async move { sessions::prolong(tx, &id, now, expires_at).await })
            })
            .await
    }

    /// A live session's data and its end.
    pub async fn load_session(&self, id: &str) -> Result<Option<(String, i64)>> {
        sessions::load(&mut self.store.read().await?, &self.session_key(id), self.env.now()).await
    }

    pub async fn delete_session(&self, id: String) -> Result<()> {
        let id = self.session_key(&id);
        self.store
            .write(move |tx| {
                let id = id.clone();
                Box::pin(async move { sessions::delete(tx, &id).await })
            })
            .await
    }

    /// What a session is stored under: who reads the database cannot take a session over.
    pub(crate) fn session_key(&self, id: &str) -> String {
        self.key.mac(&["session", id])
    }

    /// Deletes sessions, access tokens, ceremonies, kept answers and buckets whose time is over; gives how many.
    pub async fn sweep(&self) -> Result<u64> {
        self.rotate_keys().await?;
        let now = self.env.now();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let tokens = keys::sweep(tx, now).await?;
                    let ceremonies = passkeys::sweep(tx, now).await? + providers::sweep(tx, now).await?;
                    let answers = idempotency::sweep(tx, now).await?;
                    let apps = authorizations::sweep(tx, now).await? + signing::sweep(tx, now).await?;
                    Ok(tokens
                        + ceremonies
                        + apps
                        + answers
                        + sessions::sweep(tx, now).await?
                        + limits::sweep(tx, now).await?)
                })
            })
            .await
    }
}
