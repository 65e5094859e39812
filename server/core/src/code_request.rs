//! Sending codes for an operator or for a signed-in person: by mail, or back to the client that asks.

mod issue;

use crate::{
    Refusal, Result, Vestibule,
    actor::{Actor, Language, Operator, Person},
    api_key::Scope,
    code::Purpose,
    env::{DAY, HOUR, MINUTE},
    limit,
    link_template::LinkTemplate,
    outbox::Drawn,
    store::{
        challenges,
        emails::{Asked, EmailRow},
        users,
        users::UserRow,
    },
    user::outranks,
};

pub(crate) use self::issue::{dress, issue, kind_of, queue, recipient};

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
                    if request.way == Way::Return {
                        // A role that is being given to them is seen, or ends what is returned here.
                        users::lock(tx, [ids.0.as_str()]).await?;
                    }
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
                    limit::asked_by(tx, env.as_ref(), &person.user_id).await?;
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
