//! The set-up link: how the first owner comes in, without a default password.

use crate::{
    Refusal, Result, Vestibule,
    actor::Role,
    address::EmailAddress,
    administrator::{NewAdministrator, insert},
    env::HOUR,
    limit,
    organization::Policy,
    password::SignedIn,
    secret::Token,
    store::accounts,
};

/// How long a set-up link works, in milliseconds.
pub const SETUP_LIFETIME: i64 = HOUR;

impl Vestibule {
    /// Draws a set-up link while there is no administrator; the one before it stops working.
    pub async fn open_setup_link(&self) -> Result<Option<Token>> {
        let (token, now) = (Token::draw(self.env.as_ref()), self.env.now());
        let (env, hash) = (self.env.clone(), token.hash());
        let opened = self
            .store
            .write(move |tx| {
                let (env, hash) = (env.clone(), hash.clone());
                Box::pin(async move {
                    limit::alone(tx, env.as_ref(), "set-up").await?;
                    if accounts::has_administrator(tx).await? {
                        return Ok(false);
                    }
                    accounts::replace_setup_link(tx, &hash, now, now + SETUP_LIFETIME).await?;
                    Ok(true)
                })
            })
            .await?;
        Ok(opened.then_some(token))
    }

    /// Whether the link works now. Looking does not spend it.
    pub async fn setup_link_is_open(&self, token: &Token) -> Result<bool> {
        accounts::setup_link_is_open(&mut self.store.read().await?, &token.hash(), self.env.now()).await
    }

    /// Makes the first owner and spends the link in the same transaction.
    pub async fn set_up_owner(
        &self,
        token: &Token,
        name: &str,
        address: &EmailAddress,
        password: String,
    ) -> Result<SignedIn> {
        let name = crate::user::parse_name(name)?;
        if !self.setup_link_is_open(token).await? {
            return Err(Refusal::LinkUnknown.into());
        }
        self.check_new(&password, &Policy::default(), &[&name, address.typed()]).await?;
        let organization = self.organizations().await?.into_iter().next().ok_or(Refusal::NotFound)?;
        let hash = self.hasher.hash(self.env.as_ref(), password).await?;
        let new = NewAdministrator {
            organization_id: organization.id,
            name,
            address: address.clone(),
            role: Role::Owner,
            hash,
        };
        let (env, link) = (self.env.clone(), token.hash());
        let user_id = self
            .store
            .write(move |tx| {
                let (env, link, new) = (env.clone(), link.clone(), new.clone());
                Box::pin(async move {
                    limit::alone(tx, env.as_ref(), "set-up").await?;
                    if !accounts::spend_setup_link(tx, &link, env.now()).await?
                        || accounts::has_administrator(tx).await?
                    {
                        return Err(Refusal::LinkUnknown.into());
                    }
                    insert(tx, env.as_ref(), &new).await
                })
            })
            .await?;
        Ok(SignedIn { user_id, is_administrator: true, must_change: None })
    }
}
