//! OAuth clients (RFC 6749): machines that change an id and a secret for access tokens.

use crate::{
    Refusal, Result, Vestibule,
    api_key::{Keeper, Key, Made, NewKey, must_exist},
    event::{EventKind, record},
    store::keys,
    user::parse_name,
};

impl Vestibule {
    /// Makes a machine. Its id is public; the secret is shown this once.
    pub async fn create_client(&self, by: impl Into<Keeper>, new: NewKey) -> Result<Made> {
        let (row, secret, fact) = self.new_row(&by.into(), new, EventKind::ClientCreated)?;
        let id = row.id.clone();
        self.store
            .change((self.env.clone(), row, fact), |tx, (env, row, fact)| {
                Box::pin(async move {
                    must_exist(tx, &row.organization_id).await?;
                    keys::insert_client(tx, row).await?;
                    record(tx, env.as_ref(), fact.as_slice()).await
                })
            })
            .await?;
        Ok(Made { id, secret })
    }

    /// Every client of the organization: those that are not revoked first, newest first among them.
    pub async fn clients(&self, by: impl Into<Keeper>) -> Result<Vec<Key>> {
        let by = by.into();
        by.must_be_owner()?;
        keys::clients(&mut self.store.read().await?, by.organization_id()).await
    }

    /// Says anew what a client is for; everything else stays.
    pub async fn rename_client(&self, by: impl Into<Keeper>, id: &str, name: &str) -> Result<()> {
        let by = by.into();
        by.must_be_owner()?;
        let name = parse_name(name)?;
        self.store
            .change((self.env.clone(), by, id.to_owned(), name), |tx, (env, by, id, name)| {
                Box::pin(async move {
                    if !keys::rename_client(tx, by.organization_id(), id, name).await? {
                        return Err(Refusal::NotFound.into());
                    }
                    record(tx, env.as_ref(), by.fact(EventKind::ClientRenamed, name).as_slice()).await
                })
            })
            .await
    }

    /// Ends a client and all its access tokens at once and for ever. `Stale` where it is revoked already.
    pub async fn revoke_client(&self, by: impl Into<Keeper>, id: &str) -> Result<()> {
        let by = by.into();
        by.must_be_owner()?;
        self.store
            .change((self.env.clone(), by, id.to_owned()), |tx, (env, by, id)| {
                Box::pin(async move {
                    let name = keys::client(tx, by.organization_id(), id).await?.ok_or(Refusal::NotFound)?;
                    if !keys::revoke_client(tx, id, env.now()).await? {
                        return Err(Refusal::Stale.into());
                    }
                    record(tx, env.as_ref(), by.fact(EventKind::ClientRevoked, &name).as_slice()).await
                })
            })
            .await
    }
}
