//! API keys: shown once, stored as SHA-256.

use crate::{
    Refusal, Result, Vestibule,
    actor::Client,
    secret::Token,
    store::{accounts, accounts::ApiKeyRow},
    word::words,
};

words! {
    /// What a key may do.
    Scope {
        Read = "read",
        Write = "write",
        Verify = "verify",
    }
}

impl Vestibule {
    /// Makes a key that does not expire, for the operator at the command line; the token is shown this once.
    pub async fn create_api_key(&self, organization_id: &str, name: &str, scopes: &[Scope]) -> Result<Token> {
        let name = crate::user::parse_name(name)?;
        self.organization(organization_id).await?;
        let token = Token::draw(self.env.as_ref());
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let row = ApiKeyRow {
            id: self.env.id(),
            organization_id: organization_id.to_owned(),
            name,
            scopes: scopes.join(" "),
        };
        let (hash, now, row) = (token.hash(), self.env.now(), std::sync::Arc::new(row));
        self.store
            .write(move |tx| {
                let (hash, row) = (hash.clone(), row.clone());
                Box::pin(async move { accounts::insert_api_key(tx, &row, &hash, now, None).await })
            })
            .await?;
        Ok(token)
    }

    /// The client behind a key, if the key is known, live and not revoked.
    pub async fn client(&self, token: &Token) -> Result<Client> {
        let row = accounts::live_api_key(&mut self.store.read().await?, &token.hash(), self.env.now()).await?;
        let row = row.ok_or(Refusal::Forbidden)?;
        let scopes = row.scopes.split(' ').filter_map(|scope| scope.parse().ok()).collect();
        Ok(Client { key_id: row.id, name: row.name, organization_id: row.organization_id, scopes })
    }
}
