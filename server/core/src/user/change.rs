//! Changing what is kept of a user, all of it in one transaction.

use serde_json::{Map, Value};

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Language, Operator, Person},
    address::EmailAddress,
    api_key::Scope,
    challenge::Ended,
    code::Purpose,
    code_request::{Asker, CodeRequest, Issued, Target, issue},
    env::Env,
    event::{EventData, EventKind, Fact, record},
    limit,
    outbox::{MessageData, MessageKind},
    prove::{ProofKind, Proving, prove},
    secret::SecretKey,
    store::{Tx, challenges, emails, invites, is_taken, messages, populations, users, users::Details},
    user::{
        UserState,
        addresses::notice,
        create::{parse_username, username_key},
        outranks, parse_name,
        profile::{Profile, ProfileChange},
        search_text,
    },
};

/// What is to change; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// `Some(None)` takes the chosen user name away: the address takes its place.
    pub username: Option<Option<String>>,
    pub name: Option<String>,
    pub language: Option<Language>,
    pub profile: Option<ProfileChange>,
    /// These three are merged one level deep; `null` removes a key.
    pub public_data: Option<Map<String, Value>>,
    pub private_data: Option<Map<String, Value>>,
    pub metadata: Option<Map<String, Value>>,
    pub population_id: Option<String>,
    pub verification_required: Option<bool>,
    pub address: Option<AddressChange>,
}

/// Another primary address in place of the one there is.
#[derive(Clone, Debug)]
pub struct AddressChange {
    pub address: EmailAddress,
    pub then: AddressThen,
}

/// What follows in the same transaction.
#[derive(Clone, Debug)]
pub enum AddressThen {
    Nothing,
    /// The operator says that it is verified. The address that there is already may be given.
    Verified,
    SendCode(CodeRequest),
}

impl Vestibule {
    /// Changes a user, a disabled one too, unless a code is to be sent. A new address is not verified unless the operator
    /// says so; what was sent to the old one proves nothing any more, and the old one is told.
    pub async fn change_user(&self, by: impl Into<Operator>, user_id: &str, change: Change) -> Result<Option<Issued>> {
        let by = by.into();
        by.must(Scope::Write)?;
        match change.address.as_ref().map(|address| &address.then) {
            Some(AddressThen::Verified) => by.must(Scope::Verify)?,
            Some(AddressThen::SendCode(request)) => request.check()?,
            Some(AddressThen::Nothing) | None => {}
        }
        let context = (self.env.clone(), self.key.clone(), by, user_id.to_owned(), change);
        let changed = self
            .store
            .change(context, |tx, (env, key, by, user_id, change)| {
                Box::pin(async move {
                    users::by_id(tx, &by.organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
                    outranks(tx, by, user_id).await?;
                    let issued = match &change.address {
                        Some(address) => {
                            let proof = if by.user_id.is_some() { ProofKind::Admin } else { ProofKind::Api };
                            let mover =
                                Mover { organization_id: &by.organization_id, user_id, actor: by.actor(), proof };
                            mover.change_address(tx, env.as_ref(), key, address).await?
                        }
                        None => None,
                    };
                    if change_details(tx, env.as_ref(), &by.organization_id, user_id, change).await? {
                        let data = EventData::default();
                        let fact =
                            Fact { user_id: user_id.clone(), kind: EventKind::UserChanged, actor: by.actor(), data };
                        record(tx, env.as_ref(), &[fact]).await?;
                    }
                    Ok(issued)
                })
            })
            .await;
        self.wake_outbox();
        changed
    }

    /// Another primary address for a signed-in person; a code is mailed to it, and the old one is told.
    pub async fn change_own_address(
        &self,
        person: &Person,
        address: &EmailAddress,
        request: CodeRequest,
    ) -> Result<Issued> {
        request.check_own(person)?;
        let change = AddressChange { address: address.clone(), then: AddressThen::SendCode(request) };
        let context = (self.env.clone(), self.key.clone(), person.clone(), change);
        let changed = self
            .store
            .change(context, |tx, (env, key, person, change)| {
                Box::pin(async move {
                    limit::asked_by(tx, env.as_ref(), &person.user_id).await?;
                    let mover = Mover {
                        organization_id: &person.organization_id,
                        user_id: &person.user_id,
                        actor: person.actor(),
                        proof: ProofKind::Code,
                    };
                    Ok(mover.change_address(tx, env.as_ref(), key, change).await?.ok_or(Refusal::Unchanged)?)
                })
            })
            .await;
        self.wake_outbox();
        changed
    }
}

/// Carries out what is not the address; `false` where nothing was to change.
pub(crate) async fn change_details(
    tx: &mut Tx,
    env: &dyn Env,
    organization_id: &str,
    user_id: &str,
    change: &Change,
) -> Result<bool> {
    let old = users::details(tx, user_id).await?.ok_or(Refusal::NotFound)?;
    let mut new = old.clone();
    let addresses: Vec<String> = emails::of_user(tx, user_id).await?.into_iter().map(|email| email.canonical).collect();
    let profile: Profile = serde_json::from_str(&old.profile)?;
    let profile = match &change.profile {
        Some(change) => profile.changed(change)?,
        None => profile,
    };
    match &change.username {
        Some(Some(username)) => {
            new.username = parse_username(username)?;
            new.username_key = username_key(&new.username);
            new.username_id = old.username_id.clone().or_else(|| Some(env.id()));
        }
        Some(None) => {
            new.username = addresses.first().cloned().unwrap_or_else(|| user_id.to_owned());
            new.username_key = username_key(&new.username);
            new.username_id = None;
        }
        None => {}
    }
    if let Some(name) = &change.name {
        new.name = parse_name(name)?;
    }
    if let Some(id) = &change.population_id {
        if !populations::exists(tx, organization_id, id).await? {
            return Err(Refusal::NotFound.into());
        }
        new.population_id = Some(id.clone());
    }
    new.language = change.language.unwrap_or(old.language);
    new.verification_required = change.verification_required.unwrap_or(old.verification_required);
    new.public_data = merged(&old.public_data, change.public_data.as_ref())?;
    new.private_data = merged(&old.private_data, change.private_data.as_ref())?;
    new.metadata = merged(&old.metadata, change.metadata.as_ref())?;
    new.profile = Value::Object(profile.map()).to_string();
    new.folded = profile.folded(&new.name, &new.username);
    let is_same = |new: &Details| {
        (&new.username, &new.name, &new.profile, &new.folded, new.language, &new.population_id)
            == (&old.username, &old.name, &old.profile, &old.folded, old.language, &old.population_id)
            && (&new.public_data, &new.private_data, &new.metadata, new.verification_required, &new.username_id)
                == (&old.public_data, &old.private_data, &old.metadata, old.verification_required, &old.username_id)
    };
    if is_same(&new) {
        return Ok(false);
    }
    let search = search_text(&new.name, &new.username_key, &addresses);
    match users::set_details(tx, user_id, &new, &search).await {
        Ok(()) => Ok(true),
        Err(error) if is_taken(&error) => Err(Refusal::UsernameTaken.into()),
        Err(error) => Err(error.into()),
    }
}

/// Longest data of one kind that is kept with a user, in bytes of JSON.
const DATA: usize = 64 * 1024;

fn merged(old: &str, change: Option<&Map<String, Value>>) -> Result<String> {
    let Some(change) = change else { return Ok(old.to_owned()) };
    let mut data: Map<String, Value> = serde_json::from_str(old)?;
    for (key, value) in change {
        if value.is_null() {
            data.remove(key);
        } else {
            data.insert(key.clone(), value.clone());
        }
    }
    let text = Value::Object(data).to_string();
    // Postgres keeps no NUL, whichever way it is written.
    if text.len() > DATA || text.contains("\\u0000") { Err(Refusal::Text.into()) } else { Ok(text) }
}

/// Somebody who gives a user another primary address.
struct Mover<'a> {
    organization_id: &'a str,
    user_id: &'a str,
    actor: Actor,
    proof: ProofKind,
}

impl Mover<'_> {
    async fn change_address(
        &self,
        tx: &mut Tx,
        env: &dyn Env,
        key: &SecretKey,
        change: &AddressChange,
    ) -> Result<Option<Issued>> {
        let user = users::by_id(tx, self.organization_id, self.user_id).await?.ok_or(Refusal::NotFound)?;
        // Who is shut out gets no code. That their details are set right, for the day on which they are let in again,
        // does no harm; the notice to the old address is cancelled by the outbox if they are not by then.
        if user.state == UserState::Disabled && matches!(change.then, AddressThen::SendCode(_)) {
            return Err(Refusal::Disabled.into());
        }
        let old = emails::primary_of(tx, self.user_id).await?;
        let (typed, canonical) = (change.address.typed(), change.address.canonical());
        let is_same = old.as_ref().is_some_and(|old| old.canonical == canonical);
        let mut facts = Vec::new();
        if is_same && !matches!(change.then, AddressThen::Verified) {
            return Err(Refusal::Unchanged.into());
        }
        if !is_same {
            if let Some(old) = &old {
                let ended = challenges::end_all_for_email(tx, &old.id, Ended::Changed, env.now()).await?;
                messages::cancel_for_challenges(tx, &ended, env.now()).await?;
                invites::end_for_challenges(tx, &ended, env.now()).await?;
                if !emails::readdress(tx, &old.id, typed, canonical).await? {
                    return Err(Refusal::AddressTaken.into());
                }
                if old.verified_at.is_some() {
                    self.tell_old(tx, env, &user, &old.address, typed).await?;
                }
            } else {
                let email = emails::NewEmail {
                    id: env.id(),
                    organization_id: self.organization_id.to_owned(),
                    user_id: self.user_id.to_owned(),
                    address: typed.to_owned(),
                    canonical: canonical.to_owned(),
                    is_primary: true,
                    created_at: env.now(),
                };
                if emails::insert(tx, &[email]).await?.is_empty() {
                    return Err(Refusal::AddressTaken.into());
                }
            }
            facts.push(Fact {
                user_id: self.user_id.to_owned(),
                kind: EventKind::EmailChanged,
                actor: self.actor.clone(),
                data: EventData::address(canonical),
            });
            follow_with_username(tx, self.user_id, typed, canonical).await?;
        }
        let email = emails::primary_of(tx, self.user_id).await?;
        let email = email.ok_or(Refusal::NotFound)?;
        let mut provings = Vec::new();
        if let AddressThen::Verified = change.then {
            provings.push(Proving {
                email_id: email.id.clone(),
                user_id: user.id.clone(),
                canonical: email.canonical.clone(),
                proof: self.proof,
                actor: self.actor.clone(),
                reason: None,
                message: None,
                ip: None,
                completes: true,
            });
        }
        prove(tx, env, &provings, facts).await?;
        match &change.then {
            AddressThen::Nothing | AddressThen::Verified => Ok(None),
            AddressThen::SendCode(request) => {
                let asker = Asker { actor: self.actor.clone(), ip: None };
                issue(tx, env, key, &Target::new(&user, &email), Purpose::Email, request, &asker).await.map(Some)
            }
        }
    }

    async fn tell_old(&self, tx: &mut Tx, env: &dyn Env, user: &users::UserRow, old: &str, new: &str) -> Result<()> {
        let data = MessageData { name: user.name.clone(), address: new.to_owned(), ..MessageData::default() };
        let mail = notice(env, user, MessageKind::PrimaryChanged, old.to_owned(), &data)?;
        messages::insert(tx, &[mail]).await
    }
}

/// A user name that nobody chose is the address, the new one now; and the search finds the user by it.
pub(crate) async fn follow_with_username(tx: &mut Tx, user_id: &str, typed: &str, canonical: &str) -> Result<()> {
    let mut details = users::details(tx, user_id).await?.ok_or(Refusal::NotFound)?;
    if details.username_id.is_none() {
        typed.clone_into(&mut details.username);
        canonical.clone_into(&mut details.username_key);
    }
    let profile: Profile = serde_json::from_str(&details.profile)?;
    details.folded = profile.folded(&details.name, &details.username);
    let addresses: Vec<String> = emails::of_user(tx, user_id).await?.into_iter().map(|email| email.canonical).collect();
    let search = search_text(&details.name, &details.username_key, &addresses);
    match users::set_details(tx, user_id, &details, &search).await {
        Ok(()) => Ok(()),
        Err(error) if is_taken(&error) => Err(Refusal::UsernameTaken.into()),
        Err(error) => Err(error.into()),
    }
}
