//! Making a user with all that a client knows of them, in one transaction.

use serde_json::{Map, Value};

use crate::{
    Refusal, Result, Vestibule,
    actor::{Language, Operator},
    address::EmailAddress,
    api_key::Scope,
    code::Purpose,
    code_request::{Asker, CodeRequest, Issued, Target, issue, recipient},
    env::Env,
    event::{EventData, EventKind, Fact},
    invite::invite_again,
    is_id,
    password::NewPassword,
    phone::{self, PhoneNumber},
    prove::{ProofKind, Proving, prove},
    secret::SecretKey,
    store::{Tx, accounts, emails, emails::NewEmail, phones, populations, users::NewUser},
    user::{
        new::{Insertion, insert_users},
        parse_name,
        profile::Profile,
        search_text,
    },
};

/// What a client says of a user to be made. What is left out is not known.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// 1 to 200 characters; drawn where it is left out.
    pub id: Option<String>,
    /// The address, where it is left out.
    pub username: Option<String>,
    /// The name that people are shown; made from the profile, else from the user name, where it is left out.
    pub name: Option<String>,
    pub language: Option<Language>,
    pub profile: Profile,
    pub address: Option<EmailAddress>,
    pub address_verified: bool,
    pub phone: Option<PhoneNumber>,
    pub phone_verified: bool,
    pub password: Option<NewPassword>,
    pub population_id: Option<String>,
    pub verification_required: bool,
    pub public_data: Map<String, Value>,
    pub private_data: Map<String, Value>,
    pub metadata: Map<String, Value>,
    pub then: Then,
}

/// What follows in the same transaction.
#[derive(Clone, Debug, Default)]
pub enum Then {
    #[default]
    Nothing,
    SendCode(CodeRequest),
    Invite(CodeRequest),
}

/// A user who has been made.
#[derive(Clone, Debug)]
pub struct Created {
    pub user_id: String,
    pub issued: Option<Issued>,
}

/// Longest user name, in characters.
const USERNAME: usize = 200;

/// A user name: 1 to 200 characters, no control signs.
pub(crate) fn parse_username(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    let legal = (1..=USERNAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if legal { Ok(name.to_owned()) } else { Err(Refusal::Name) }
}

/// What user names are compared by: an address as addresses are, anything else folded.
pub(crate) fn username_key(username: &str) -> String {
    EmailAddress::parse(username)
        .map_or_else(|_| crate::user::fold(username.trim()), |address| address.canonical().to_owned())
}

impl Vestibule {
    /// Makes a user. One who has neither user name nor address goes by the telephone number or the id.
    pub async fn create_account(&self, by: impl Into<Operator>, new: NewAccount) -> Result<Created> {
        let by = by.into();
        by.must(Scope::Write)?;
        if new.address_verified || new.phone_verified {
            by.must(Scope::Verify)?;
        }
        if let Then::SendCode(request) | Then::Invite(request) = &new.then {
            request.check()?;
        }
        new.profile.check()?;
        let hash = match &new.password {
            Some(password) => {
                let about = [new.name.as_deref(), new.username.as_deref()].map(Option::unwrap_or_default);
                Some(self.hash_new(by.organization_id(), password, &about).await?)
            }
            None => None,
        };
        let made = self
            .store
            .change((self.env.clone(), self.key.clone(), by, new, hash), |tx, (env, key, by, new, hash)| {
                Box::pin(async move { create(tx, env.as_ref(), key, by, new, hash.as_deref()).await })
            })
            .await;
        self.wake_outbox();
        made
    }
}

async fn create(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    by: &Operator,
    new: &NewAccount,
    hash: Option<&str>,
) -> Result<Created> {
    if let Some(id) = &new.population_id
        && !populations::exists(tx, &by.organization_id, id).await?
    {
        return Err(Refusal::NotFound.into());
    }
    let user_id = insert(tx, env, by, new).await?;
    let fact = |kind, data| Fact { user_id: user_id.clone(), kind, actor: by.actor(), data };
    let canonical = new.address.as_ref().map(|address| address.canonical().to_owned());
    let mut facts = vec![fact(EventKind::UserCreated, EventData { address: canonical, ..EventData::default() })];
    if let Some(number) = &new.phone {
        let (id, now) = (env.id(), env.now());
        let phone = phones::NewPhone {
            id: &id,
            organization_id: &by.organization_id,
            user_id: &user_id,
            number: number.as_str(),
            created_at: now,
            verified_at: new.phone_verified.then_some(now),
        };
        if !phones::insert(tx, &phone).await? {
            return Err(Refusal::PhoneTaken.into());
        }
        facts.push(phone::fact(by, &user_id, EventKind::PhoneAdded, number.as_str()));
        if new.phone_verified {
            facts.push(phone::fact(by, &user_id, EventKind::PhoneVerified, number.as_str()));
        }
    }
    if let (Some(hash), Some(password)) = (hash, &new.password) {
        accounts::set_password(tx, &user_id, hash, password.must_change(), env.now()).await?;
        facts.push(fact(EventKind::PasswordSet, EventData::default()));
    }
    let proven = new.address.as_ref().filter(|_| new.address_verified);
    let provings = match proven {
        Some(address) => {
            let email = emails::of_user(tx, &user_id).await?.pop().ok_or(Refusal::NotFound)?;
            vec![Proving {
                email_id: email.id,
                user_id: user_id.clone(),
                canonical: address.canonical().to_owned(),
                proof: if by.user_id.is_some() { ProofKind::Admin } else { ProofKind::Api },
                actor: by.actor(),
                reason: None,
                message: None,
                ip: None,
                completes: !new.verification_required,
            }]
        }
        None => Vec::new(),
    };
    prove(tx, env, &provings, facts).await?;
    let issued = match &new.then {
        Then::Nothing => None,
        Then::SendCode(request) => {
            let (user, email) = recipient(tx, &by.organization_id, &user_id, None).await?;
            let asker = Asker { actor: by.actor(), ip: None };
            Some(issue(tx, env, key, &Target::new(&user, &email), Purpose::Email, request, &asker).await?)
        }
        Then::Invite(request) => Some(invite_again(tx, env, key, by, &user_id, request).await?),
    };
    Ok(Created { user_id, issued })
}

/// Inserts the user and the address; gives the id.
async fn insert(tx: &mut Tx, env: &dyn Env, by: &Operator, new: &NewAccount) -> Result<String> {
    if new.id.as_ref().is_some_and(|id| !is_id(id)) {
        return Err(Refusal::IdTaken.into());
    }
    if let Some(id) = &new.id
        && accounts::account_by_id(tx, id).await?.is_some()
    {
        return Err(Refusal::IdTaken.into());
    }
    let (user, email) = compose(env, &by.organization_id, new)?;
    let id = user.id.clone();
    match insert_users(tx, env, &[user], email.into_iter().collect()).await?.get(&id) {
        Some(Insertion::Made) => Ok(id),
        Some(Insertion::AddressTaken) => Err(Refusal::AddressTaken.into()),
        None => Err(Refusal::UsernameTaken.into()),
    }
}

/// The rows of an account, with all that was left out.
pub(crate) fn compose(
    env: &dyn Env,
    organization_id: &str,
    new: &NewAccount,
) -> Result<(NewUser, Option<NewEmail>), Refusal> {
    let id = new.id.clone().unwrap_or_else(|| env.id());
    let chosen = new.username.as_deref().map(parse_username).transpose()?;
    let typed = new.address.as_ref().map(|address| address.typed().to_owned());
    let number = new.phone.as_ref().map(|phone| phone.as_str().to_owned());
    let username = chosen.clone().or(typed).or(number).unwrap_or_else(|| id.clone());
    let name = new.name.clone().or_else(|| new.profile.full_name()).unwrap_or_else(|| username.clone());
    let name = parse_name(&name)?;
    let key = username_key(&username);
    let canonical: Vec<String> = new.address.iter().map(|address| address.canonical().to_owned()).collect();
    let now = env.now();
    let user = NewUser {
        id,
        number: env.number(),
        organization_id: organization_id.to_owned(),
        username: username.clone(),
        username_key: key.clone(),
        search: search_text(&name, &key, &canonical),
        profile: Value::Object(new.profile.map()).to_string(),
        folded: new.profile.folded(&name, &username),
        name,
        language: new.language.unwrap_or(Language::English),
        created_at: now,
        username_id: chosen.map(|_| env.id()),
        public_data: Value::Object(new.public_data.clone()).to_string(),
        private_data: Value::Object(new.private_data.clone()).to_string(),
        metadata: Value::Object(new.metadata.clone()).to_string(),
        population_id: new.population_id.clone(),
        verification_required: new.verification_required,
    };
    let email = new.address.as_ref().map(|address| NewEmail {
        id: env.id(),
        organization_id: organization_id.to_owned(),
        user_id: user.id.clone(),
        address: address.typed().to_owned(),
        canonical: address.canonical().to_owned(),
        is_primary: true,
        created_at: now,
    });
    Ok((user, email))
}
