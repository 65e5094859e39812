//! Invites: an object with a life of its own, carried by a challenge.

use std::collections::{HashMap, HashSet};

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Admin, Language, Role},
    address::EmailAddress,
    challenge::Ended,
    code::Purpose,
    env::{DAY, Env, HOUR},
    event::{EventData, EventKind, Fact, record},
    organization::Policy,
    outbox::{MessageData, MessageKind},
    redeem::Redeemed,
    secret::Token,
    store::{
        Tx, accounts, challenges, emails,
        emails::{CanonicalKey, Holder, NewEmail},
        invites, messages,
        messages::NewMessage,
        users,
        users::NewUser,
    },
    user::{parse_name, parse_text, search_text},
    word::words,
};

pub use crate::store::invites::InviteRow;

words! {
    /// How far an invite has come. *Expired* is an open one past its end.
    InviteState {
        /// Its mail waits.
        Pending = "pending",
        Sent = "sent",
        /// Its holder did something with it, if only mistype the code.
        Opened = "opened",
        /// The address is proven, no method yet.
        Accepted = "accepted",
        /// The person can sign in.
        Ready = "ready",
        Revoked = "revoked",
        /// The mail came back.
        Bounced = "bounced",
        Declined = "declined",
    }
}

impl InviteState {
    /// Those in which the link may still work.
    pub const OPEN: &[Self] = &[Self::Pending, Self::Sent, Self::Opened, Self::Accepted, Self::Bounced];

    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

/// Longest own words, in characters.
pub const WORDS: usize = 1_000;

/// One person to be invited.
#[derive(Clone, Debug)]
pub struct Inviting {
    organization_id: String,
    name: String,
    address: EmailAddress,
    language: Language,
    words: String,
    lifetime: Option<i64>,
    actor: Actor,
    inviter: String,
}

/// An invite that has been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub id: String,
    pub user_id: String,
    pub challenge_id: String,
}

/// What an administrator writes into the invite form.
#[derive(Clone, Debug)]
pub struct InviteForm {
    pub name: String,
    pub address: EmailAddress,
    pub language: Language,
    pub words: String,
    /// Milliseconds; one hour to 90 days. `None`: as the policy says.
    pub lifetime: Option<i64>,
}

impl Vestibule {
    /// Invites a person: makes the user, or takes the one without a method, and queues the mail. An open invite of the
    /// same user is replaced.
    pub async fn invite(&self, admin: &Admin, form: InviteForm) -> Result<Invited> {
        admin.must_be(Role::Manager)?;
        if form.lifetime.is_some_and(|lifetime| !(HOUR..=90 * DAY).contains(&lifetime)) {
            return Err(Refusal::Text.into());
        }
        let inviting = Inviting {
            organization_id: admin.organization_id.clone(),
            name: parse_name(&form.name)?,
            address: form.address,
            language: form.language,
            words: parse_text(&form.words, WORDS)?,
            lifetime: form.lifetime,
            actor: admin.actor(),
            inviter: admin.name.clone(),
        };
        let invited = self.batches.invite.call(inviting).await;
        self.wake_outbox();
        invited
    }

    /// Takes an open invite back.
    pub async fn revoke_invite(&self, admin: &Admin, id: &str) -> Result<()> {
        admin.must_be(Role::Manager)?;
        let (env, admin, id) = (self.env.clone(), admin.clone(), id.to_owned());
        self.store
            .write(move |tx| {
                let (env, admin, id) = (env.clone(), admin.clone(), id.clone());
                Box::pin(async move {
                    let invite = invites::by_id(tx, &admin.organization_id, &id).await?.ok_or(Refusal::NotFound)?;
                    end(tx, env.as_ref(), &invite, InviteState::Revoked, admin.actor()).await
                })
            })
            .await
    }

    /// Ends an invite for its holder, who shows the link from the mail.
    pub async fn decline_invite(&self, token: &Token) -> Result<()> {
        let (env, hash) = (self.env.clone(), token.hash());
        self.store
            .write(move |tx| {
                let (env, hash) = (env.clone(), hash.clone());
                Box::pin(async move {
                    let found = challenges::by_link(tx, &[challenges::LinkLookup { place: 0, hash }]).await?;
                    let (_, challenge_id) = found.into_iter().next().ok_or(Refusal::LinkUnknown)?;
                    let invite = invites::by_challenge(tx, &challenge_id).await?.ok_or(Refusal::LinkUnknown)?;
                    let actor = Actor::Person { id: invite.user_id.clone() };
                    end(tx, env.as_ref(), &invite, InviteState::Declined, actor).await
                })
            })
            .await
    }

    /// Invites, newest first, by what an administrator would call their state; `before` is the last page's last number.
    pub async fn invites(
        &self,
        admin: &Admin,
        filter: InviteFilter,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<InviteRow>> {
        let (states, expired) = filter.states();
        let mut tx = self.store.read().await?;
        invites::page(
            &mut tx,
            &admin.organization_id,
            states,
            expired,
            self.env.now(),
            before.unwrap_or(i64::MAX),
            limit,
        )
        .await
    }
}

words! {
    /// The tabs of the invites list.
    InviteFilter {
        All = "all",
        Open = "open",
        Accepted = "accepted",
        Ready = "ready",
        Expired = "expired",
        Bounced = "bounced",
        /// Revoked or declined.
        Ended = "ended",
    }
}

impl InviteFilter {
    fn states(self) -> (&'static [InviteState], Option<bool>) {
        match self {
            Self::All => (InviteState::ALL, None),
            Self::Open => (&[InviteState::Pending, InviteState::Sent, InviteState::Opened], Some(false)),
            Self::Accepted => (&[InviteState::Accepted], None),
            Self::Ready => (&[InviteState::Ready], None),
            Self::Expired => (InviteState::OPEN, Some(true)),
            Self::Bounced => (&[InviteState::Bounced], None),
            Self::Ended => (&[InviteState::Revoked, InviteState::Declined], None),
        }
    }
}

async fn end(tx: &mut Tx, env: &dyn Env, invite: &InviteRow, state: InviteState, actor: Actor) -> Result<()> {
    let (ended, kind) = match state {
        InviteState::Declined => (Ended::Declined, EventKind::InviteDeclined),
        _ => (Ended::Revoked, EventKind::InviteRevoked),
    };
    let now = env.now();
    if !challenges::end(tx, &invite.challenge_id, ended, now).await? {
        let challenge = challenges::by_id(tx, &invite.challenge_id).await?;
        return Err(challenge.and_then(|challenge| challenge.ended).map_or(Refusal::Stale, Ended::refusal).into());
    }
    invites::end(tx, &invite.id, state, now).await?;
    messages::cancel_for_challenges(tx, std::slice::from_ref(&invite.challenge_id), now).await?;
    let data = EventData { challenge: Some(invite.challenge_id.clone()), ..EventData::address(&invite.address) };
    record(tx, env, &[Fact { user_id: invite.user_id.clone(), kind, actor, data }]).await
}

/// Ends the invite that led to a first method, in the transaction that stores the method; `false` where it had ended.
pub(crate) async fn spend(tx: &mut Tx, env: &dyn Env, redeemed: &Redeemed) -> Result<bool> {
    let now = env.now();
    if !challenges::end(tx, &redeemed.challenge_id, Ended::Used, now).await? {
        return Ok(false);
    }
    invites::end_of_user(tx, &redeemed.user_id, InviteState::Ready, now).await?;
    Ok(true)
}

/// Invites a batch in a fixed handful of statements.
pub(crate) async fn invite_all(
    tx: &mut Tx,
    env: &dyn Env,
    invitings: &[Inviting],
) -> Result<Vec<Result<Invited, Refusal>>> {
    let keys: Vec<CanonicalKey<'_>> = invitings
        .iter()
        .map(|inviting| CanonicalKey {
            organization_id: &inviting.organization_id,
            canonical: inviting.address.canonical(),
        })
        .collect();
    let holders: HashMap<(String, String), Holder> = emails::holders(tx, &keys)
        .await?
        .into_iter()
        .map(|holder| ((holder.organization_id.clone(), holder.canonical.clone()), holder))
        .collect();
    users::lock(tx, holders.values().map(|holder| holder.user_id.as_str())).await?;
    let people = make_users(tx, env, invitings, &holders).await?;

    let policies: HashMap<String, Policy> = accounts::organizations(tx)
        .await?
        .into_iter()
        .map(|organization| (organization.id, organization.policy))
        .collect();
    let now = env.now();
    let (mut rows, mut new_invites, mut mails, mut facts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut answers = Vec::with_capacity(invitings.len());
    for (inviting, person) in invitings.iter().zip(&people) {
        let person = match person {
            Ok(person) => person,
            Err(refusal) => {
                answers.push(Err(refusal.clone()));
                continue;
            }
        };
        let policy = policies.get(&inviting.organization_id).ok_or(Refusal::NotFound)?;
        if !person.is_new {
            replace_open(tx, &person.email_id, &person.user_id, now).await?;
        }
        let invited = Invited { id: env.id(), user_id: person.user_id.clone(), challenge_id: env.id() };
        rows.push(challenges::NewChallenge {
            id: invited.challenge_id.clone(),
            organization_id: &inviting.organization_id,
            user_id: &person.user_id,
            email_id: &person.email_id,
            purpose: Purpose::Invite,
            canonical: inviting.address.canonical(),
            created_at: now,
            expires_at: now + inviting.lifetime.unwrap_or(policy.invite_lifetime),
            tries_left: policy.tries,
        });
        mails.push(mail(env, inviting, &invited)?);
        facts.extend(history(inviting, &invited, person.is_new, &mails[mails.len() - 1].id));
        new_invites.push((invited.clone(), inviting));
        answers.push(Ok(invited));
    }
    if rows.is_empty() {
        return Ok(answers);
    }
    challenges::insert(tx, &rows).await?;
    let new_invites: Vec<invites::NewInvite<'_>> = new_invites
        .iter()
        .map(|(invited, inviting)| invites::NewInvite {
            id: invited.id.clone(),
            number: env.number(),
            organization_id: &inviting.organization_id,
            user_id: &invited.user_id,
            challenge_id: &invited.challenge_id,
            inviter: &inviting.inviter,
            words: &inviting.words,
            created_at: now,
        })
        .collect();
    invites::insert(tx, &new_invites).await?;
    messages::insert(tx, &mails).await?;
    record(tx, env, &facts).await?;
    Ok(answers)
}

struct Person {
    user_id: String,
    email_id: String,
    is_new: bool,
}

/// Makes the users that do not exist. Who has a method already, or stands twice in the batch, is refused.
async fn make_users(
    tx: &mut Tx,
    env: &dyn Env,
    invitings: &[Inviting],
    holders: &HashMap<(String, String), Holder>,
) -> Result<Vec<Result<Person, Refusal>>> {
    let (mut new_users, mut new_emails, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    let mut people: Vec<Result<Person, Refusal>> = Vec::with_capacity(invitings.len());
    for inviting in invitings {
        let key = (inviting.organization_id.clone(), inviting.address.canonical().to_owned());
        let holder = holders.get(&key);
        people.push(match holder {
            _ if !seen.insert(key) => Err(Refusal::AddressTaken),
            Some(holder) if holder.has_method => Err(Refusal::HasMethod),
            Some(holder) if holder.disabled => Err(Refusal::Disabled),
            Some(holder) => {
                Ok(Person { user_id: holder.user_id.clone(), email_id: holder.email_id.clone(), is_new: false })
            }
            None => {
                let (user, email) =
                    new_user(env, &inviting.organization_id, &inviting.name, &inviting.address, inviting.language);
                let person = Person { user_id: user.id.clone(), email_id: email.id.clone(), is_new: true };
                new_users.push(user);
                new_emails.push(email);
                Ok(person)
            }
        });
    }
    if new_users.is_empty() {
        return Ok(people);
    }
    let made = insert_users(tx, env, &new_users, new_emails).await?;
    for person in &mut people {
        if person.as_ref().is_ok_and(|person| person.is_new && !made.contains(&person.user_id)) {
            *person = Err(Refusal::AddressTaken);
        }
    }
    Ok(people)
}

/// A user who is known by one address.
pub(crate) fn new_user(
    env: &dyn Env,
    organization_id: &str,
    name: &str,
    address: &EmailAddress,
    language: Language,
) -> (NewUser, NewEmail) {
    let (id, canonical, now) = (env.id(), address.canonical().to_owned(), env.now());
    let user = NewUser {
        id: id.clone(),
        number: env.number(),
        organization_id: organization_id.to_owned(),
        username: address.typed().to_owned(),
        username_key: canonical.clone(),
        name: name.to_owned(),
        language,
        search: search_text(name, &canonical, std::slice::from_ref(&canonical)),
        created_at: now,
    };
    let email = NewEmail {
        id: env.id(),
        organization_id: organization_id.to_owned(),
        user_id: id,
        address: address.typed().to_owned(),
        canonical,
        is_primary: true,
        created_at: now,
    };
    (user, email)
}

/// Inserts users with their addresses and counts them; gives the ids of those whose user name and address were free.
pub(crate) async fn insert_users(
    tx: &mut Tx,
    env: &dyn Env,
    new_users: &[NewUser],
    new_emails: Vec<NewEmail>,
) -> Result<HashSet<String>> {
    let mut made: HashSet<String> = users::insert(tx, new_users).await?.into_iter().collect();
    let new_emails: Vec<NewEmail> = new_emails.into_iter().filter(|email| made.contains(&email.user_id)).collect();
    let inserted: HashSet<String> = emails::insert(tx, &new_emails).await?.into_iter().collect();
    for email in new_emails.iter().filter(|email| !inserted.contains(&email.id)) {
        users::delete(tx, &email.user_id).await?;
        made.remove(&email.user_id);
    }
    let mut change = HashMap::new();
    for user in new_users.iter().filter(|user| made.contains(&user.id)) {
        *change.entry((user.organization_id.clone(), crate::event::Standing::Unverified)).or_default() += 1;
    }
    crate::event::tally(tx, env, change).await?;
    Ok(made)
}

/// Ends what was sent to an address before a new invite.
async fn replace_open(tx: &mut Tx, email_id: &str, user_id: &str, now: i64) -> Result<()> {
    let ended = challenges::end_all_for_email(tx, email_id, Ended::Replaced, now).await?;
    messages::cancel_for_challenges(tx, &ended, now).await?;
    invites::end_of_user(tx, user_id, InviteState::Revoked, now).await
}

fn mail(env: &dyn Env, inviting: &Inviting, invited: &Invited) -> Result<NewMessage> {
    let data = MessageData {
        name: inviting.name.clone(),
        inviter: inviting.inviter.clone(),
        words: inviting.words.clone(),
        ..MessageData::default()
    };
    Ok(NewMessage {
        id: env.id(),
        number: env.number(),
        organization_id: inviting.organization_id.clone(),
        user_id: Some(invited.user_id.clone()),
        challenge_id: Some(invited.challenge_id.clone()),
        kind: MessageKind::Invite,
        recipient: inviting.address.typed().to_owned(),
        language: inviting.language,
        data: serde_json::to_string(&data)?,
        created_at: env.now(),
    })
}

fn history(inviting: &Inviting, invited: &Invited, is_new: bool, message_id: &str) -> Vec<Fact> {
    let fact = |kind, data| Fact { user_id: invited.user_id.clone(), kind, actor: inviting.actor.clone(), data };
    let address = EventData::address(inviting.address.canonical());
    let created = is_new.then(|| fact(EventKind::UserCreated, address.clone()));
    let sent =
        EventData { challenge: Some(invited.challenge_id.clone()), message: Some(message_id.to_owned()), ..address };
    created.into_iter().chain([fact(EventKind::Invited, sent)]).collect()
}
