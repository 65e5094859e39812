//! Sending codes for an operator or for a signed-in person: by mail, or back to the client that asks.

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Language, Operator, Person},
    api_key::Scope,
    challenge::Ended,
    code::Purpose,
    env::{DAY, Env, HOUR, MINUTE},
    event::{EventData, EventKind, Fact, record},
    limit,
    link_template::LinkTemplate,
    outbox::{self, Drawn, MessageData, MessageKind},
    secret::SecretKey,
    store::{
        Tx, accounts, challenges,
        emails::{self, Asked, EmailRow},
        messages, users,
        users::UserRow,
    },
    user::{UserState, outranks},
};

/// How a code reaches its holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    #[default]
    Mail,
    /// It is given to the client that asks, which passes it on; no mail is sent.
    Return,
}

/// What a client wishes of a code. What is left out is as the policy says.
#[derive(Clone, Debug, Default)]
pub struct CodeRequest {
    pub way: Way,
    /// Milliseconds; one minute to 90 days.
    pub lifetime: Option<i64>,
    /// Where the mail's link leads instead of to us.
    pub template: Option<LinkTemplate>,
    /// What the mail speaks of instead of the organization; 1 to 200 characters.
    pub application: Option<String>,
    /// Own words of an invite.
    pub words: String,
    /// The account waits for this code (PingOne's lifecycle).
    pub account: bool,
}

impl CodeRequest {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let is_line = |text: &String| (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        let lives = |lifetime: &i64| (MINUTE..=90 * DAY).contains(lifetime);
        let legal = self.application.as_ref().is_none_or(is_line) && self.lifetime.as_ref().is_none_or(lives);
        if legal { Ok(()) } else { Err(Refusal::Text) }
    }

    /// What a person asks for themselves goes by mail: a code that they were handed would prove nothing.
    pub(crate) fn check_own(&self, person: &Person) -> Result<(), Refusal> {
        if !person.may_change() || self.way != Way::Mail {
            return Err(Refusal::Forbidden);
        }
        self.check()
    }
}

/// A code that is on its way, or was drawn.
#[derive(Clone, Debug)]
pub struct Issued {
    pub challenge_id: String,
    /// Until when it works (unix milliseconds).
    pub expires_at: i64,
    /// From when on another one may be asked for (unix milliseconds).
    pub again_at: i64,
    /// For [`Way::Return`].
    pub drawn: Option<Drawn>,
}

/// Who asks, and from where.
#[derive(Clone, Debug)]
pub struct Asker {
    pub actor: Actor,
    pub ip: Option<String>,
}

impl Asker {
    /// Somebody at the code page, of whom nothing is known yet.
    pub fn stranger(ip: Option<String>) -> Self {
        Self { actor: Actor::System, ip }
    }
}

/// The address that a code goes to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub organization_id: String,
    pub user_id: String,
    pub email_id: String,
    pub address: String,
    pub canonical: String,
    pub language: Language,
}

impl Target {
    pub fn new(user: &UserRow, email: &EmailRow) -> Self {
        Self {
            organization_id: user.organization_id.clone(),
            user_id: user.id.clone(),
            email_id: email.id.clone(),
            address: email.address.clone(),
            canonical: email.canonical.clone(),
            language: user.language,
        }
    }
}

impl From<Asked> for Target {
    fn from(asked: Asked) -> Self {
        let Asked { id, user_id, organization_id, address, canonical, language, .. } = asked;
        Self { organization_id, user_id, email_id: id, address, canonical, language }
    }
}

impl Vestibule {
    /// Sends a code to an address of a user, the primary one unless another is named. The codes and links sent for it
    /// before stop working. A client may ask for an address that is verified already; an administrator need not.
    pub async fn send_code(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        email_id: Option<&str>,
        request: CodeRequest,
    ) -> Result<Issued> {
        let by = by.into();
        by.must_send()?;
        self.issue_for(by, user_id, email_id, Purpose::Email, false, request).await
    }

    /// Sends another code where one was asked for and not entered, however long ago.
    pub async fn resend_code(&self, by: impl Into<Operator>, user_id: &str, request: CodeRequest) -> Result<Issued> {
        let by = by.into();
        by.must_send()?;
        self.issue_for(by, user_id, None, Purpose::Email, true, request).await
    }

    /// Sends a code by which the person chooses a new password.
    pub async fn request_password_reset(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        request: CodeRequest,
    ) -> Result<Issued> {
        let by = by.into();
        by.must(Scope::Write)?;
        self.issue_for(by, user_id, None, Purpose::Reset, false, request).await
    }

    /// Sends a code by which the person adds a passkey. It works for an hour unless another time is asked for.
    pub async fn request_passkey_link(
        &self,
        by: impl Into<Operator>,
        user_id: &str,
        request: CodeRequest,
    ) -> Result<Issued> {
        let by = by.into();
        by.must(Scope::Write)?;
        let request = CodeRequest { lifetime: request.lifetime.or(Some(HOUR)), ..request };
        self.issue_for(by, user_id, None, Purpose::Passkey, false, request).await
    }

    async fn issue_for(
        &self,
        by: Operator,
        user_id: &str,
        email_id: Option<&str>,
        purpose: Purpose,
        only_again: bool,
        request: CodeRequest,
    ) -> Result<Issued> {
        request.check()?;
        let ids = (user_id.to_owned(), email_id.map(str::to_owned));
        let issued = self
            .store
            .change((self.env.clone(), self.key.clone(), by, ids, request), move |tx, (env, key, by, ids, request)| {
                Box::pin(async move {
                    let (user, email) = recipient(tx, by.organization_id(), &ids.0, ids.1.as_deref()).await?;
                    if matches!(purpose, Purpose::Reset | Purpose::Passkey) || request.way == Way::Return {
                        outranks(tx, by, &user.id).await?;
                    }
                    if purpose == Purpose::Email && email.verified_at.is_some() && by.user_id.is_some() {
                        return Err(Refusal::AlreadyVerified.into());
                    }
                    if only_again {
                        let newest = challenges::newest(tx, &email.id, purpose).await?;
                        newest.filter(|newest| newest.ended.is_none()).ok_or(Refusal::NoneOpen)?;
                    }
                    let asker = Asker { actor: by.actor(), ip: None };
                    issue(tx, env.as_ref(), key, &Target::new(&user, &email), purpose, request, &asker).await
                })
            })
            .await;
        self.wake_outbox();
        issued
    }

    /// Sends a code to the primary address of a signed-in person.
    pub async fn send_own_code(&self, person: &Person, request: CodeRequest, ip: Option<String>) -> Result<Issued> {
        request.check_own(person)?;
        let context = (self.env.clone(), self.key.clone(), person.clone(), request, ip);
        let issued = self
            .store
            .change(context, |tx, (env, key, person, request, ip)| {
                Box::pin(async move {
                    limit::asked_from(tx, env.as_ref(), ip.as_deref()).await?;
                    let (user, email) = recipient(tx, &person.organization_id, &person.user_id, None).await?;
                    if email.verified_at.is_some() {
                        return Err(Refusal::AlreadyVerified.into());
                    }
                    let asker = Asker { actor: person.actor(), ip: ip.clone() };
                    issue(tx, env.as_ref(), key, &Target::new(&user, &email), Purpose::Email, request, &asker).await
                })
            })
            .await;
        self.wake_outbox();
        issued
    }
}

/// A user who may get mail, and the address that it goes to.
pub(crate) async fn recipient(
    tx: &mut Tx,
    organization_id: &str,
    user_id: &str,
    email_id: Option<&str>,
) -> Result<(UserRow, EmailRow)> {
    let user = users::by_id(tx, organization_id, user_id).await?.ok_or(Refusal::NotFound)?;
    let email = match email_id {
        Some(id) => emails::by_id(tx, organization_id, user_id, id).await?,
        None => emails::primary_of(tx, user_id).await?,
    };
    if user.state == UserState::Disabled {
        return Err(Refusal::Disabled.into());
    }
    Ok((user, email.ok_or(Refusal::NotFound)?))
}

/// Sends or draws a code: renews the open challenge of the address for this purpose, or makes one.
pub(crate) async fn issue(
    tx: &mut Tx,
    env: &dyn Env,
    key: &SecretKey,
    target: &Target,
    purpose: Purpose,
    request: &CodeRequest,
    asker: &Asker,
) -> Result<Issued> {
    let policy = accounts::organization(tx, &target.organization_id).await?.ok_or(Refusal::NotFound)?.policy;
    let now = env.now();
    let mailed = request.way == Way::Mail;
    if mailed {
        limit::mail_to(tx, env, &target.canonical, &policy).await?;
    }
    let expires_at = now + request.lifetime.unwrap_or(policy.code_lifetime);
    let newest = challenges::newest(tx, &target.email_id, purpose).await?;
    let open = newest.filter(|newest| newest.ended.is_none() && newest.canonical == target.canonical);
    let challenge_id = if let Some(open) = open {
        if !challenges::renew(tx, &open.id, policy.tries, expires_at, now).await? {
            return Err(Ended::Used.refusal().into());
        }
        messages::cancel_for_challenges(tx, std::slice::from_ref(&open.id), now).await?;
        open.id
    } else {
        let challenge = challenges::NewChallenge {
            id: env.id(),
            organization_id: &target.organization_id,
            user_id: &target.user_id,
            email_id: &target.email_id,
            purpose,
            canonical: &target.canonical,
            created_at: now,
            expires_at,
            tries_left: policy.tries,
        };
        challenges::insert(tx, std::slice::from_ref(&challenge)).await?;
        challenge.id
    };
    dress(tx, &challenge_id, request).await?;
    if request.account {
        users::require_verification(tx, &target.user_id).await?;
    }
    let drawn = if mailed {
        queue(tx, env, target, &challenge_id, kind_of(purpose), MessageData::default(), asker).await?;
        None
    } else {
        let data = EventData {
            challenge: Some(challenge_id.clone()),
            ip: asker.ip.clone(),
            ..EventData::address(&target.canonical)
        };
        let user_id = target.user_id.clone();
        record(tx, env, &[Fact { user_id, kind: EventKind::SecretShown, actor: asker.actor.clone(), data }]).await?;
        outbox::draw(tx, env, key, &challenge_id, None).await?
    };
    let again_at = if mailed { now + policy.cool_down } else { now };
    Ok(Issued { challenge_id, expires_at, again_at, drawn })
}

/// Writes down where the links of a challenge lead and how its codes travel.
pub(crate) async fn dress(tx: &mut Tx, challenge_id: &str, request: &CodeRequest) -> Result<()> {
    let template = request.template.as_ref().map(LinkTemplate::as_str);
    let returned = request.way == Way::Return;
    challenges::dress(tx, challenge_id, template, request.application.as_deref(), returned).await
}

pub(crate) fn kind_of(purpose: Purpose) -> MessageKind {
    match purpose {
        Purpose::Email => MessageKind::Code,
        Purpose::Invite => MessageKind::Invite,
        Purpose::Reset => MessageKind::Reset,
        Purpose::Passkey => MessageKind::PasskeyLink,
    }
}

/// Queues a challenge's mail and writes the history.
pub(crate) async fn queue(
    tx: &mut Tx,
    env: &dyn Env,
    target: &Target,
    challenge_id: &str,
    kind: MessageKind,
    data: MessageData,
    asker: &Asker,
) -> Result<()> {
    let message = messages::NewMessage {
        id: env.id(),
        number: env.number(),
        organization_id: target.organization_id.clone(),
        user_id: Some(target.user_id.clone()),
        challenge_id: Some(challenge_id.to_owned()),
        kind,
        recipient: target.address.clone(),
        language: target.language,
        data: serde_json::to_string(&data)?,
        created_at: env.now(),
    };
    let data = EventData {
        challenge: Some(challenge_id.to_owned()),
        message: Some(message.id.clone()),
        ip: asker.ip.clone(),
        ..EventData::address(&target.canonical)
    };
    messages::insert(tx, &[message]).await?;
    let (user_id, actor) = (target.user_id.clone(), asker.actor.clone());
    record(tx, env, &[Fact { user_id, kind: EventKind::CodeRequested, actor, data }]).await
}
