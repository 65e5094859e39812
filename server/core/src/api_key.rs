//! API keys: shown once, stored as SHA-256. What is true of them is true of the secrets of OAuth clients as well.

use std::{collections::HashMap, fmt};

use serde::{Serialize, Serializer};

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Admin, Role},
    env::DAY,
    event::{EventData, EventKind, Fact, record},
    secret::Token,
    store::{
        Tx, accounts, keys,
        keys::{Live, NewRow},
    },
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

/// Several scopes, each once; as text with spaces between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(pub(crate) Vec<Scope>);

impl Scopes {
    pub fn as_slice(&self) -> &[Scope] {
        &self.0
    }
}

impl From<String> for Scopes {
    /// Words that are no scope of ours are left out.
    fn from(text: String) -> Self {
        Self(text.split(' ').filter_map(|word| word.parse().ok()).collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// An API key or an OAuth client as lists show it, without its secret. Times are unix milliseconds.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct Key {
    pub id: String,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub scopes: Scopes,
    /// Who made it, by the name of then; `None` for the operator at the command line.
    pub created_by: Option<String>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    /// To the minute.
    pub last_used_at: Option<i64>,
}

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    Live,
    Expired,
    Revoked,
}

impl Key {
    /// `now` is unix milliseconds.
    pub fn state(&self, now: i64) -> KeyState {
        match (self.revoked_at, self.expires_at) {
            (Some(_), _) => KeyState::Revoked,
            (None, Some(end)) if end <= now => KeyState::Expired,
            (None, _) => KeyState::Live,
        }
    }
}

/// Longest life of a key that has an end, in milliseconds.
pub const LONGEST_LIFETIME: i64 = 3_660 * DAY;

/// What a new key or client is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// One or more.
    pub scopes: Vec<Scope>,
    /// How long it works, in milliseconds; `None` for as long as nobody revokes it.
    pub lifetime: Option<i64>,
}

/// A key or client that was just made, with its secret, shown this once.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: String,
    pub secret: Token,
}

/// Who makes and revokes keys and clients, and lets users of elsewhere in: an owner in the console, or the operator at the
/// command line.
#[derive(Clone, Debug)]
pub struct Keeper {
    organization_id: String,
    admin: Option<Admin>,
}

impl From<&Admin> for Keeper {
    fn from(admin: &Admin) -> Self {
        Self { organization_id: admin.organization_id.clone(), admin: Some(admin.clone()) }
    }
}

impl Keeper {
    /// The operator, who has the database anyway.
    pub fn operator(organization_id: &str) -> Self {
        Self { organization_id: organization_id.to_owned(), admin: None }
    }

    pub(crate) fn organization_id(&self) -> &str {
        &self.organization_id
    }

    pub(crate) fn actor(&self) -> Actor {
        self.admin.as_ref().map_or(Actor::System, Admin::actor)
    }

    /// The administrator's name of now; the operator has none.
    pub(crate) fn name(&self) -> Option<String> {
        self.admin.as_ref().map(|admin| admin.name.clone())
    }

    pub(crate) fn must_be_owner(&self) -> Result<(), Refusal> {
        self.admin.as_ref().map_or(Ok(()), |admin| admin.must_be(Role::Owner))
    }

    /// The line in the administrator's own history; the operator has none, and shows as who made the key.
    pub(crate) fn fact(&self, kind: EventKind, name: &str) -> Option<Fact> {
        let admin = self.admin.as_ref()?;
        let data = EventData { reason: Some(name.to_owned()), ..EventData::default() };
        Some(Fact { user_id: admin.user_id.clone(), kind, actor: admin.actor(), data })
    }
}

impl Vestibule {
    /// Makes an API key.
    pub async fn create_api_key(&self, by: impl Into<Keeper>, new: NewKey) -> Result<Made> {
        let (row, secret, fact) = self.new_row(&by.into(), new, EventKind::ApiKeyCreated)?;
        let id = row.id.clone();
        let env = self.env.clone();
        self.store
            .change((env, row, fact), |tx, (env, row, fact)| {
                Box::pin(async move {
                    must_exist(tx, &row.organization_id).await?;
                    keys::insert_api_key(tx, row).await?;
                    record(tx, env.as_ref(), fact.as_slice()).await
                })
            })
            .await?;
        Ok(Made { id, secret })
    }

    /// Every API key of the organization: those that are not revoked first, newest first among them.
    pub async fn api_keys(&self, by: impl Into<Keeper>) -> Result<Vec<Key>> {
        let by = by.into();
        by.must_be_owner()?;
        keys::api_keys(&mut self.store.read().await?, by.organization_id()).await
    }

    /// Ends an API key at once and for ever. `Stale` where it is revoked already.
    pub async fn revoke_api_key(&self, by: impl Into<Keeper>, id: &str) -> Result<()> {
        let by = by.into();
        by.must_be_owner()?;
        self.store
            .change((self.env.clone(), by, id.to_owned()), |tx, (env, by, id)| {
                Box::pin(async move {
                    let name = keys::api_key(tx, by.organization_id(), id).await?.ok_or(Refusal::NotFound)?;
                    if !keys::revoke_api_key(tx, id, env.now()).await? {
                        return Err(Refusal::Stale.into());
                    }
                    record(tx, env.as_ref(), by.fact(EventKind::ApiKeyRevoked, &name).as_slice()).await
                })
            })
            .await
    }

    /// Checks what was asked for and draws its id and secret. The fact is that it was made.
    pub(crate) fn new_row(&self, by: &Keeper, new: NewKey, kind: EventKind) -> Result<(NewRow, Token, Option<Fact>)> {
        by.must_be_owner()?;
        let NewKey { name, mut scopes, lifetime } = new;
        let name = crate::user::parse_name(&name)?;
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() || lifetime.is_some_and(|lifetime| !(1..=LONGEST_LIFETIME).contains(&lifetime)) {
            return Err(Refusal::Text.into());
        }
        let (secret, now) = (Token::draw(self.env.as_ref()), self.env.now());
        let fact = by.fact(kind, &name);
        let row = NewRow {
            id: self.env.id(),
            organization_id: by.organization_id.clone(),
            name,
            hash: secret.hash(),
            scopes: Scopes(scopes),
            created_by: by.name(),
            created_at: now,
            expires_at: lifetime.map(|lifetime| now + lifetime),
        };
        Ok((row, secret, fact))
    }
}

/// The live keys of these hashes, in their order; one that does not work is refused.
pub(crate) async fn live_all(tx: &mut Tx, hashes: &[String], now: i64) -> Result<Vec<Result<Live, Refusal>>> {
    let found: HashMap<String, Live> = keys::live_api_keys(tx, hashes, now).await?.into_iter().collect();
    Ok(hashes.iter().map(|hash| found.get(hash).cloned().ok_or(Refusal::Forbidden)).collect())
}

/// An operator may have typed anything.
pub(crate) async fn must_exist(tx: &mut Tx, organization_id: &str) -> Result<()> {
    accounts::organization(tx, organization_id).await?.map(drop).ok_or(Refusal::NotFound.into())
}
