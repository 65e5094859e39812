//! Requests of apps that wait in a browser's session until its person has signed in or made up their mind.

use serde::{Deserialize, Serialize};
use vestibule_core::{
    Result,
    authorization::{Answer, Authenticated, AuthorizationRequest},
    env::MINUTE,
};

use super::{Ask, Carried, VISITOR, internal};
use crate::actions::confirm::local_page;

/// Where the session keeps them, and how its person signed in.
const WAITING: &str = "waiting";
const SIGNED_IN: &str = "signed_in";
/// How many a browser may have open, in its tabs; the oldest makes way.
const MOST: usize = 5;
/// How long a person may take, in milliseconds.
const PATIENCE: i64 = 30 * MINUTE;

/// A request that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiting {
    pub id: String,
    pub request: AuthorizationRequest,
    /// Unix milliseconds.
    pub since: i64,
    pub answer: Option<Answer>,
}

impl Waiting {
    /// Where it goes on.
    pub fn path(&self) -> String {
        format!("/oauth/v2/authorize/{}", self.id)
    }
}

/// What the session knows of its beginning.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Beginning {
    /// Unix milliseconds.
    at: i64,
    methods: Vec<String>,
    session: String,
}

impl Ask {
    /// Lets a request wait in this session.
    pub async fn wait(&self, request: AuthorizationRequest) -> Result<Waiting> {
        let vestibule = self.vestibule();
        let waiting = Waiting { id: vestibule.new_id(), request, since: vestibule.now(), answer: None };
        let mut all = self.all_waiting().await?;
        all.push(waiting.clone());
        let late = all.len().saturating_sub(MOST);
        self.keep_waiting(&all[late..]).await?;
        Ok(waiting)
    }

    pub async fn waiting(&self, id: &str) -> Result<Option<Waiting>> {
        Ok(self.all_waiting().await?.into_iter().find(|waiting| waiting.id == id))
    }

    /// Keeps what the person said; `false` where nothing waits under this id.
    pub async fn answer_waiting(&self, id: &str, answer: Answer) -> Result<bool> {
        let mut all = self.all_waiting().await?;
        let Some(waiting) = all.iter_mut().find(|waiting| waiting.id == id) else { return Ok(false) };
        waiting.answer = Some(answer);
        self.keep_waiting(&all).await?;
        Ok(true)
    }

    pub async fn drop_waiting(&self, id: &str) -> Result<()> {
        let mut all = self.all_waiting().await?;
        all.retain(|waiting| waiting.id != id);
        self.keep_waiting(&all).await
    }

    /// Whom this browser is likely to be of: whom the app meant that sent it here, or the address that was typed last.
    pub async fn likely_name(&self) -> Result<Option<String>> {
        match self.newest_waiting().await?.and_then(|waiting| waiting.request.login_hint) {
            Some(hint) => Ok(Some(hint)),
            None => self.asked().await,
        }
    }

    /// Where somebody who just signed in goes: to what they have yet to do, to what waits for them, to the page that they
    /// opened, else home.
    pub async fn after_sign_in(&self) -> Result<String> {
        if let Some(step) = self.next_step().await? {
            return Ok(step.to_owned());
        }
        let waits = self.newest_waiting().await?.map(|waiting| waiting.path());
        let is_administrator = self.visitor().await?.is_some_and(|visitor| visitor.admin.is_some());
        let home = if is_administrator { "/console" } else { "/me" };
        if waits.is_none()
            && let Some(wanted) = self.wanted()
        {
            self.carry(Carried::Wanted, None);
            return Ok(wanted);
        }
        Ok(waits.unwrap_or_else(|| home.to_owned()))
    }

    /// The page that this browser opened before anybody was signed in; one of ours, whatever the cookie says.
    pub fn wanted(&self) -> Option<String> {
        Carried::Wanted.get(&self.headers).and_then(|page| local_page(&page))
    }

    /// What waits, oldest first.
    pub(super) async fn all_waiting(&self) -> Result<Vec<Waiting>> {
        let all: Option<Vec<Waiting>> = self.session.get(WAITING).await.map_err(internal)?;
        let now = self.vestibule().now();
        Ok(all.unwrap_or_default().into_iter().filter(|waiting| waiting.since + PATIENCE > now).collect())
    }

    async fn keep_waiting(&self, all: &[Waiting]) -> Result<()> {
        if all.is_empty() {
            return self.session.remove::<Vec<Waiting>>(WAITING).await.map_err(internal).map(drop);
        }
        self.session.insert(WAITING, all).await.map_err(internal)
    }

    /// Notes in a new session when it began; by a password, unless [`Ask::signed_in_by`] says otherwise. What waited for
    /// the person goes on waiting, for nobody's answer but theirs. `name` is what apps know the session by, if they do.
    pub(super) async fn begin_authenticated(&self, waiting: Vec<Waiting>, name: Option<String>) -> Result<()> {
        let vestibule = self.vestibule();
        let (at, session) = (vestibule.now(), name.unwrap_or_else(|| vestibule.new_id()));
        let beginning = Beginning { at, methods: vec!["pwd".to_owned()], session };
        self.session.insert(SIGNED_IN, beginning).await.map_err(internal)?;
        self.go_on_waiting(waiting).await
    }

    /// Has what waited go on waiting in a new session, for nobody's answer but that of whoever comes in.
    pub(super) async fn go_on_waiting(&self, waiting: Vec<Waiting>) -> Result<()> {
        let unanswered: Vec<Waiting> = waiting.into_iter().map(|waiting| Waiting { answer: None, ..waiting }).collect();
        self.keep_waiting(&unanswered).await
    }

    /// What has waited least long.
    pub async fn newest_waiting(&self) -> Result<Option<Waiting>> {
        Ok(self.all_waiting().await?.pop())
    }

    /// What apps know this session by, where it is this person's already: who signs in again goes on with what they had,
    /// so that ending the session ends all of it.
    pub(super) async fn name_for(&self, user_id: &str) -> Result<Option<String>> {
        let visitor: Option<String> = self.session.get(VISITOR).await.map_err(internal)?;
        let beginning: Option<Beginning> = self.session.get(SIGNED_IN).await.map_err(internal)?;
        Ok(beginning.filter(|_| visitor.as_deref() == Some(user_id)).map(|beginning| beginning.session))
    }

    /// Notes how the person signed in, in the words of RFC 8176 §2. Call it after [`Ask::sign_in`].
    pub async fn signed_in_by(&self, methods: &[&str]) -> Result<()> {
        let beginning: Option<Beginning> = self.session.get(SIGNED_IN).await.map_err(internal)?;
        let Some(mut beginning) = beginning else { return Ok(()) };
        beginning.methods = methods.iter().map(|&method| method.to_owned()).collect();
        self.session.insert(SIGNED_IN, beginning).await.map_err(internal)
    }

    /// What the person has shown, in those words.
    pub(super) async fn shown_methods(&self) -> Result<Vec<String>> {
        let beginning: Option<Beginning> = self.session.get(SIGNED_IN).await.map_err(internal)?;
        Ok(beginning.map(|beginning| beginning.methods).unwrap_or_default())
    }

    /// Who is signed in now, since when and how.
    pub async fn authenticated(&self) -> Result<Option<Authenticated>> {
        let beginning: Option<Beginning> = self.session.get(SIGNED_IN).await.map_err(internal)?;
        let (Some(visitor), Some(Beginning { at, methods, session })) = (self.visitor().await?, beginning) else {
            return Ok(None);
        };
        let (user_id, organization_id) = (visitor.user_id, visitor.organization.id);
        Ok(Some(Authenticated { user_id, organization_id, at, methods, session }))
    }
}
