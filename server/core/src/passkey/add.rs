//! Adding a passkey: the first one after an invite, one by a mailed link, one more in one's own account.

use webauthn_rs::prelude::CredentialID;

use super::{Begun, CeremonyKind, fact, handle, made};
use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Person},
    challenge::Ended,
    code::Purpose,
    env::Env,
    event::{EventKind, record},
    invite, limit,
    organization::{Method, Organization},
    outbox::{MessageData, MessageKind},
    password::SignedIn,
    redeem::Redeemed,
    store::{
        Tx, accounts, challenges,
        passkeys::{self, NewPasskey},
        users,
        users::UserRow,
    },
    user::{UserState, addresses::tell},
};

/// What a browser sends at the end of a registration.
#[derive(Clone, Debug)]
pub struct Answer {
    pub ceremony: String,
    /// `RegistrationResponseJSON`.
    pub credential: String,
    /// What the person calls the passkey; blank: after the device.
    pub name: String,
    pub user_agent: String,
}

impl Vestibule {
    /// Begins to add a passkey for who redeemed an invite, or a code that was sent to add one.
    pub async fn begin_first_passkey(&self, redeemed: &Redeemed) -> Result<Begun> {
        let organization = self.organization(&redeemed.organization_id).await?;
        {
            let mut tx = self.store.read().await?;
            may_begin(&mut tx, redeemed, &organization).await?;
        }
        self.begin_registration(&redeemed.organization_id, &redeemed.user_id).await
    }

    /// Stores that passkey, and spends the invite in the same transaction.
    pub async fn finish_first_passkey(&self, redeemed: &Redeemed, answer: &Answer) -> Result<SignedIn> {
        let organization = self.organization(&redeemed.organization_id).await?;
        let passkey = self.finish_registration(&redeemed.user_id, answer).await?;
        let signed_in = self
            .store
            .change((self.env.clone(), redeemed.clone(), organization, passkey), |tx, context| {
                Box::pin(async move {
                    let (env, redeemed, organization, passkey) = context;
                    // Whoever ends what was redeemed is waited for, or waits.
                    users::lock(tx, [redeemed.user_id.as_str()]).await?;
                    may_begin(tx, redeemed, organization).await?;
                    let mut kinds = vec![EventKind::PasskeyAdded];
                    if redeemed.purpose == Purpose::Invite {
                        if !invite::spend(tx, env.as_ref(), redeemed).await? {
                            return Err(Refusal::SetupOver.into());
                        }
                        kinds.push(EventKind::InviteReady);
                    }
                    let actor = Actor::Person { id: redeemed.user_id.clone() };
                    add(tx, env.as_ref(), &redeemed.organization_id, passkey, actor, kinds).await?;
                    let account = accounts::account_by_id(tx, &redeemed.user_id).await?.ok_or(Refusal::NotFound)?;
                    Ok(SignedIn {
                        user_id: account.user_id,
                        is_administrator: account.role.is_some(),
                        must_change: None,
                    })
                })
            })
            .await?;
        self.wake_outbox();
        Ok(signed_in)
    }

    /// Begins to add a passkey to the person's own account.
    pub async fn begin_passkey(&self, person: &Person) -> Result<Begun> {
        self.begin_registration(&person.organization_id, &person.user_id).await
    }

    /// Stores that passkey; gives its id.
    pub async fn finish_passkey(&self, person: &Person, answer: &Answer) -> Result<String> {
        self.finish_for(person.actor(), &person.organization_id, &person.user_id, answer).await
    }

    pub(super) async fn finish_for(
        &self,
        by: Actor,
        organization_id: &str,
        user_id: &str,
        answer: &Answer,
    ) -> Result<String> {
        let passkey = self.finish_registration(user_id, answer).await?;
        let id = passkey.id.clone();
        self.store
            .change((self.env.clone(), by, organization_id.to_owned(), passkey), |tx, context| {
                Box::pin(async move {
                    let (env, by, organization_id, passkey) = context;
                    add(tx, env.as_ref(), organization_id, passkey, by.clone(), vec![EventKind::PasskeyAdded]).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(id)
    }

    /// The same where it is to be the first passkey; another one that came first is `HasMethod`.
    pub(super) async fn finish_only(&self, organization_id: &str, user_id: &str, answer: &Answer) -> Result<()> {
        let passkey = self.finish_registration(user_id, answer).await?;
        self.store
            .change((self.env.clone(), organization_id.to_owned(), passkey), |tx, (env, organization_id, passkey)| {
                Box::pin(async move {
                    // Two at once must not both be the first.
                    limit::alone(tx, env.as_ref(), &format!("methods:{}", passkey.user_id)).await?;
                    if !passkeys::credentials(tx, &passkey.user_id).await?.is_empty() {
                        return Err(Refusal::HasMethod.into());
                    }
                    let actor = Actor::Person { id: passkey.user_id.clone() };
                    add(tx, env.as_ref(), organization_id, passkey, actor, vec![EventKind::PasskeyAdded]).await
                })
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// Asks the browser for a passkey that it finds again by itself, of a person that it has verified.
    pub(super) async fn begin_registration(&self, organization_id: &str, user_id: &str) -> Result<Begun> {
        let webauthn = self.webauthn()?;
        let organization = self.organization(organization_id).await?;
        let (user, known) = {
            let mut tx = self.store.read().await?;
            let user = who_may(&mut tx, organization_id, user_id).await?;
            let known = passkeys::credential_ids(&mut tx, user_id).await?;
            (user, known.into_iter().map(credential_id).collect::<Result<Vec<_>>>()?)
        };
        let (options, state) = webauthn
            .start_passkey_registration(handle(user_id), &user.username, &user.name, Some(known))
            .map_err(crate::Error::internal)?;
        let mut options = serde_json::to_value(options.public_key)?;
        options["rp"]["name"] = organization.name.into();
        // The library leaves it to the authenticator whether a passkey can be discovered; sign-in here needs it.
        options["authenticatorSelection"]["residentKey"] = "required".into();
        options["authenticatorSelection"]["requireResidentKey"] = true.into();
        let ceremony = self.ceremony(CeremonyKind::Registration, Some(user_id), &state)?;
        let id = ceremony.id.clone();
        self.keep(ceremony, None).await?;
        Ok(Begun { ceremony: id, options })
    }

    /// Takes the ceremony, whatever comes of it, and checks the browser's answer against it.
    async fn finish_registration(&self, user_id: &str, answer: &Answer) -> Result<NewPasskey> {
        let webauthn = self.webauthn()?;
        let name = made::name(&answer.name, &answer.user_agent)?;
        let now = self.env.now();
        let state = self
            .store
            .change((answer.ceremony.clone(), user_id.to_owned()), move |tx, (id, user_id)| {
                Box::pin(async move { passkeys::take(tx, id, CeremonyKind::Registration, Some(user_id), now).await })
            })
            .await?
            .ok_or(Refusal::CeremonyOver)?;
        let made = made::check(webauthn, &state, &answer.credential)?;
        Ok(NewPasskey {
            id: answer.ceremony.clone(),
            user_id: user_id.to_owned(),
            name,
            user_agent: made::user_agent(&answer.user_agent),
            created_at: now,
            ..made
        })
    }
}

fn credential_id(text: String) -> Result<CredentialID> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(text).map_err(crate::Error::internal)
}

/// A user who exists and is let in.
async fn who_may(tx: &mut Tx, organization_id: &str, user_id: &str) -> Result<UserRow> {
    let user = users::by_id(tx, organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
    if user.state == UserState::Disabled { Err(Refusal::Disabled.into()) } else { Ok(user) }
}

/// Whether what was redeemed still leads to a passkey.
async fn may_begin(tx: &mut Tx, redeemed: &Redeemed, organization: &Organization) -> Result<()> {
    let challenge = challenges::by_id(tx, &redeemed.challenge_id).await?.ok_or(Refusal::SetupOver)?;
    let legal = match redeemed.purpose {
        Purpose::Invite if !organization.policy.first_methods.contains(&Method::Passkey) => {
            return Err(Refusal::MethodNotAllowed.into());
        }
        Purpose::Invite if passkeys::methods(tx, &redeemed.user_id).await? > 0 => {
            return Err(Refusal::HasMethod.into());
        }
        Purpose::Invite => challenge.ended.is_none(),
        Purpose::Passkey => challenge.purpose == Purpose::Passkey && challenge.ended == Some(Ended::Used),
        Purpose::Email | Purpose::Reset => false,
    };
    if legal { Ok(()) } else { Err(Refusal::SetupOver.into()) }
}

/// Stores a passkey, tells its owner by mail and writes the history. An invite that waited for a first method has it.
async fn add(
    tx: &mut Tx,
    env: &dyn Env,
    organization_id: &str,
    passkey: &NewPasskey,
    actor: Actor,
    mut kinds: Vec<EventKind>,
) -> Result<()> {
    let user = who_may(tx, organization_id, &passkey.user_id).await?;
    if !passkeys::insert(tx, passkey).await? {
        return Err(Refusal::PasskeyTaken.into());
    }
    if invite::end_by_method(tx, env, &user.id).await? {
        kinds.push(EventKind::InviteReady);
    }
    let data = MessageData { what: passkey.name.clone(), ..MessageData::default() };
    tell(tx, env, &user, MessageKind::PasskeyAdded, data).await?;
    let named = |kind| (kind == EventKind::PasskeyAdded).then(|| passkey.name.clone());
    let facts: Vec<_> = kinds.into_iter().map(|kind| fact(&user.id, kind, actor.clone(), named(kind))).collect();
    record(tx, env, &facts).await
}
