//! What pages and server functions know of the request and the process around them.

mod carried;
mod handed;
pub mod journey;
pub mod language;
pub(crate) mod proof;
mod setup;
pub mod step;
pub mod waiting;

use axum::http::{HeaderMap, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::{ResponseOptions, extract};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use vestibule_core::{
    Error, Refusal, Result, Vestibule,
    account::Device,
    actor::{Admin, Person},
    organization::Policy,
    password::SignedIn,
    secret::Token,
    session::Visitor,
};
use vestibule_federation::Federation;

pub use self::carried::Carried;
pub(crate) use self::handed::Handed;

/// The product and what the process was told at its start. Provided to every page and server function as context.
#[derive(Clone, Debug)]
pub struct Web {
    pub vestibule: Vestibule,
    /// Without a slash at the end. Links are built from it and never from a request.
    pub public_url: String,
    /// Whether the public URL is https, so that cookies must be.
    pub secure: bool,
    /// Whether mail goes out. If not, administrators hand links and codes over.
    pub has_smtp: bool,
    /// Talks to the providers of company accounts.
    pub federation: Federation,
}

impl Web {
    /// Where providers send browsers back to.
    pub fn company_callback(&self) -> String {
        format!("{}/company/callback", self.public_url)
    }
}

/// The network address that a request came from, after trusted proxies. The server's layers put it into the request.
#[derive(Clone, Debug)]
pub struct ClientIp(pub String);

/// Where the session keeps the id of who is signed in.
pub const VISITOR: &str = "visitor";

/// What else the session remembers.
mod keys {
    pub const ASKED: &str = "asked";
    pub const DRAFT: &str = "draft";
    pub const POLICY: &str = "policy";
    pub const TYPED: &str = "typed";
    /// Read back by `Vestibule::own_sessions`.
    pub const DEVICE: &str = "device";
}

/// How many characters the fields of an address and of a name take.
pub(crate) const ADDRESS: usize = 254;
pub(crate) const NAME: usize = 200;

/// What stood in a form that was refused, or that waits for its person to show again who they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Typed {
    form: String,
    values: Vec<(String, String)>,
}

impl Typed {
    pub fn get(&self, name: &str) -> Option<String> {
        self.values.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
    }
}

/// What stands in the invite form, kept over a refusal so that nobody types it twice.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Draft {
    pub name: String,
    pub email: String,
    pub language: String,
    pub words: String,
    pub days: Option<i64>,
}

/// One request, as pages and server functions see it.
#[derive(Clone, Debug)]
pub struct Ask {
    pub web: Web,
    pub session: Session,
    pub ip: Option<String>,
    pub headers: HeaderMap,
}

impl Ask {
    /// The request under way.
    pub async fn current() -> Result<Self> {
        let web = use_context::<Web>().ok_or_else(|| internal("no product in the context"))?;
        let parts = use_context::<Parts>().ok_or_else(|| internal("no request in the context"))?;
        let session: Session = extract().await.map_err(internal)?;
        let ip = parts.extensions.get::<ClientIp>().map(|ip| ip.0.clone());
        Ok(Self { web, session, ip, headers: parts.headers })
    }

    pub fn vestibule(&self) -> &Vestibule {
        &self.web.vestibule
    }

    /// Who is signed in now. Somebody who must show a passkey or choose another password first is nobody until they have;
    /// see [`Ask::next_step`].
    pub async fn visitor(&self) -> Result<Option<Visitor>> {
        match self.arrived().await? {
            Some(visitor) if visitor.needs_passkey && !self.showed_passkey().await? => Ok(None),
            Some(_) if self.shown_password().await?.is_some() => Ok(None),
            visitor => Ok(visitor),
        }
    }

    /// Whose session it is, whatever they have yet to show.
    async fn arrived(&self) -> Result<Option<Visitor>> {
        match self.session.get::<String>(VISITOR).await.map_err(internal)? {
            Some(user_id) => self.vestibule().visitor(&user_id).await,
            None => Ok(None),
        }
    }

    /// The signed-in administrator; anybody else is refused.
    pub async fn admin(&self) -> Result<Admin> {
        self.visitor().await?.and_then(|visitor| visitor.admin).ok_or_else(|| Refusal::Forbidden.into())
    }

    /// The person who is signed in; anybody else is refused.
    pub async fn person(&self) -> Result<Person> {
        Ok(self.visitor().await?.ok_or(Refusal::Forbidden)?.person())
    }

    /// The session's id, as the browser holds it.
    pub fn session_id(&self) -> Option<String> {
        self.session.id().map(|id| id.to_string())
    }

    /// Begins a session for who just signed in, under a new id.
    pub async fn sign_in(&self, who: &SignedIn) -> Result<()> {
        self.begin_for(&who.user_id).await?;
        self.keep_shown_password(who.must_change.as_ref()).await
    }

    /// Goes on under a new id, for a person whose sessions all ended with what they did in this one. When and how they
    /// signed in stays as it was: nothing of it was shown again.
    pub async fn carry_on(&self) -> Result<()> {
        self.session.cycle_id().await.map_err(internal)
    }

    /// Begins the session anew for a person who showed again who they are. What they showed before still counts, what they
    /// have yet to do is still to be done, and what stands in their forms stays.
    pub async fn sign_in_again(&self, person: &Person) -> Result<()> {
        let (methods, shown_password) = (self.shown_methods().await?, self.shown_password().await?);
        let mut forms = Vec::new();
        for form in [keys::DRAFT, keys::POLICY, keys::TYPED] {
            if let Some(value) = self.session.get_value(form).await.map_err(internal)? {
                forms.push((form, value));
            }
        }
        self.begin_for(person.user_id()).await?;
        self.keep_shown_password(shown_password.as_ref()).await?;
        for (form, value) in forms {
            self.session.insert_value(form, value).await.map_err(internal)?;
        }
        self.signed_in_by(&methods.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    async fn begin_for(&self, user_id: &str) -> Result<()> {
        let (waiting, name) = (self.all_waiting().await?, self.name_for(user_id).await?);
        self.begin_anew().await?;
        self.begin_authenticated(waiting, name).await?;
        let agent = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let agent = agent.chars().take(300).collect();
        let device = Device { agent, ip: self.ip.clone(), at: self.vestibule().now() };
        self.session.insert(keys::DEVICE, device).await.map_err(internal)?;
        self.session.insert(VISITOR, user_id).await.map_err(internal)
    }

    pub async fn sign_out(&self) -> Result<()> {
        self.session.flush().await.map_err(internal)
    }

    /// Forgets what the session held and gives it another id: who knew the old one has nothing.
    async fn begin_anew(&self) -> Result<()> {
        self.session.clear().await;
        self.session.cycle_id().await.map_err(internal)
    }

    /// The address that was last typed into the code page.
    pub async fn asked(&self) -> Result<Option<String>> {
        self.session.get(keys::ASKED).await.map_err(internal)
    }

    pub async fn remember_asked(&self, address: &str) -> Result<()> {
        self.session.insert(keys::ASKED, address).await.map_err(internal)
    }

    /// What was last typed into the invite form, and refused or kept for a confirmation.
    pub async fn draft(&self) -> Result<Option<Draft>> {
        self.session.get(keys::DRAFT).await.map_err(internal)
    }

    pub async fn keep_draft(&self, draft: &Draft) -> Result<()> {
        self.session.insert(keys::DRAFT, draft).await.map_err(internal)
    }

    pub async fn drop_draft(&self) -> Result<()> {
        self.session.remove::<Draft>(keys::DRAFT).await.map_err(internal).map(drop)
    }

    /// What was last typed into this form.
    pub async fn typed(&self, form: &str) -> Result<Typed> {
        let typed: Option<Typed> = self.session.get(keys::TYPED).await.map_err(internal)?;
        Ok(typed.filter(|typed| typed.form == form).unwrap_or_default())
    }

    /// Keeps what was typed, of who is known to be here, until the form has done its work; nothing secret may be among it.
    /// All of it is kept: what came back cut short would be stored so.
    pub async fn keep_typed(&self, form: &str, values: &[(&str, &str)]) -> Result<()> {
        let values = values.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.session.insert(keys::TYPED, Typed { form: form.to_owned(), values }).await.map_err(internal)
    }

    /// The same of whoever asks: nothing that does not fit its field, or anybody could fill the database. Each field comes
    /// with how many characters it takes.
    pub async fn keep_typed_of_anybody(&self, form: &str, values: &[(&str, &str, usize)]) -> Result<()> {
        let fits = values.iter().filter(|(_, value, most)| value.chars().count() <= *most);
        let fitting: Vec<_> = fits.map(|&(name, value, _)| (name, value)).collect();
        self.keep_typed(form, &fitting).await
    }

    pub async fn drop_typed(&self) -> Result<()> {
        self.session.remove::<Typed>(keys::TYPED).await.map_err(internal).map(drop)
    }

    /// The settings that were last typed and refused.
    pub async fn kept_policy(&self) -> Result<Option<Policy>> {
        self.session.get(keys::POLICY).await.map_err(internal)
    }

    pub async fn drop_policy(&self) -> Result<()> {
        self.session.remove::<Policy>(keys::POLICY).await.map_err(internal).map(drop)
    }

    pub async fn keep_policy(&self, policy: &Policy) -> Result<()> {
        self.session.insert(keys::POLICY, policy).await.map_err(internal)
    }

    /// The link that the browser carries, with the challenge that it is of.
    pub async fn carried(&self) -> Result<Option<(Token, String)>> {
        let Some(link) = Carried::Link.get(&self.headers).as_deref().and_then(Token::parse) else { return Ok(None) };
        Ok(self.vestibule().challenge_of_link(&link).await?.map(|challenge| (link, challenge)))
    }

    /// The same where it is of this challenge: who opened another mail since, or before, does nothing with that one here.
    pub async fn link_for(&self, challenge: &str) -> Result<Token> {
        let carried = self.carried().await?.filter(|(_, of)| of == challenge);
        Ok(carried.ok_or(Refusal::LinkUnknown)?.0)
    }

    /// Sends a secret along in a cookie, or takes it away.
    pub fn carry(&self, what: Carried, value: Option<&str>) {
        if let (Some(response), Some(cookie)) = (use_context::<ResponseOptions>(), what.set(value, self.web.secure)) {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }
}

/// A text as a value in a query.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn internal(what: impl std::fmt::Display) -> Error {
    Error::Internal(what.to_string())
}
