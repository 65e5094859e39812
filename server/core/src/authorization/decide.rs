//! What comes next for a person whom an app has sent here.

use serde::{Deserialize, Serialize};

use super::{App, AppScopes, AuthorizationRequest, CODE_LIFETIME, Departure, LONGEST};
use crate::{
    Refusal, Result, Vestibule,
    actor::Actor,
    event::{EventData, EventKind, Fact, record},
    secret::Token,
    store::{accounts, apps, authorizations, authorizations::AuthorizationRow},
};

/// Who is signed in to this browser, since when and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    pub user_id: String,
    pub organization_id: String,
    /// Unix milliseconds.
    pub at: i64,
    /// In the words of RFC 8176 §2.
    pub methods: Vec<String>,
    /// What ID tokens name the browser's session by; no key to it.
    pub session: String,
}

/// What the person said when asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    Allow,
    Deny,
}

/// What comes next.
#[derive(Clone, Debug)]
pub enum Step {
    /// They sign in, or sign in again.
    SignIn,
    /// They say whether the app may know this much.
    Ask(App),
    /// They are of another organization than the app, and may sign in as somebody else.
    Stranger(App),
    /// Back to the app, with a code or without.
    Leave(Departure),
}

impl Vestibule {
    /// Takes a request as far as it goes. `since` is when it began to wait for the person, in unix milliseconds; `None`
    /// where it came just now. A client that has ended meanwhile is `NotFound`.
    pub async fn authorize(
        &self,
        request: &AuthorizationRequest,
        who: Option<&Authenticated>,
        since: Option<i64>,
        answer: Option<Answer>,
        issuer: &str,
    ) -> Result<Step> {
        let app = self.app(&request.client_id).await?.ok_or(Refusal::NotFound)?;
        if !app.redirect_uris.contains(&request.redirect_uri) {
            return Err(Refusal::NotFound.into());
        }
        let silent = request.prompt.none;
        let error = |word| Ok(Step::Leave(request.error(&app, word, issuer)));
        let Some(who) = who.filter(|who| is_fresh(request, who, since, self.now())) else {
            return if silent { error("login_required") } else { Ok(Step::SignIn) };
        };
        if who.organization_id != app.organization_id {
            return if silent { error("access_denied") } else { Ok(Step::Stranger(app)) };
        }
        match answer {
            Some(Answer::Deny) => return error("access_denied"),
            None if self.must_ask(request, &app, &who.user_id).await? => {
                return if silent { error("consent_required") } else { Ok(Step::Ask(app)) };
            }
            Some(Answer::Allow) | None => {}
        }
        let Some(code) = self.issue_code(request, &app, who, answer.is_some()).await? else {
            return if silent { error("consent_required") } else { Ok(Step::Ask(app)) };
        };
        let parameters = vec![("code", code.reveal().to_owned())];
        Ok(Step::Leave(request.departure(&app, parameters, issuer)))
    }

    /// Whether the person has yet to agree.
    async fn must_ask(&self, request: &AuthorizationRequest, app: &App, user_id: &str) -> Result<bool> {
        // Any program on the device could pretend to be such an app (RFC 8252 §8.6), so an old answer is not enough.
        let could_be_anybody = app.public && !request.redirect_uri.starts_with("https:");
        if request.prompt.consent || (could_be_anybody && !app.first_party) {
            return Ok(true);
        }
        if app.first_party {
            return Ok(false);
        }
        let given = apps::consented(&mut self.store.read().await?, user_id, &app.id).await?;
        Ok(!given.is_some_and(|given| AppScopes::parse(&given).cover(&request.scopes)))
    }

    /// `None` where the person has taken back meanwhile what they had agreed to.
    async fn issue_code(
        &self,
        request: &AuthorizationRequest,
        app: &App,
        who: &Authenticated,
        agreed: bool,
    ) -> Result<Option<Token>> {
        let (code, now) = (Token::draw(self.env.as_ref()), self.env.now());
        let row = AuthorizationRow {
            id: self.env.id(),
            organization_id: app.organization_id.clone(),
            client_id: app.id.clone(),
            user_id: who.user_id.clone(),
            scopes: request.scopes.to_string(),
            nonce: request.nonce.clone(),
            signed_in_at: who.at,
            methods: who.methods.join(" "),
            session: who.session.clone(),
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            created_at: now,
            code_expires_at: now + CODE_LIFETIME,
            expires_at: now + LONGEST,
        };
        let (context, asks) = ((self.env.clone(), row, code.hash(), app.name.clone()), !app.first_party);
        let issued = self
            .store
            .change(context, move |tx, (env, row, hash, name)| {
                Box::pin(async move {
                    let account = accounts::account_by_id(tx, &row.user_id).await?;
                    if account.is_none_or(|account| account.disabled || account.locked) {
                        return Err(Refusal::Forbidden.into());
                    }
                    if asks && !agreed {
                        let given = apps::hold_consent(tx, &row.user_id, &row.client_id).await?;
                        if !given.is_some_and(|given| AppScopes::parse(&given).cover(&AppScopes::parse(&row.scopes))) {
                            return Ok(false);
                        }
                    }
                    authorizations::insert(tx, row, hash).await?;
                    if !agreed {
                        return Ok(true);
                    }
                    let given = apps::consented(tx, &row.user_id, &row.client_id).await?.unwrap_or_default();
                    let scopes = AppScopes::parse(&given).with(&AppScopes::parse(&row.scopes)).to_string();
                    apps::set_consent(tx, &row.user_id, &row.client_id, &scopes, row.created_at).await?;
                    let actor = Actor::Person { id: row.user_id.clone() };
                    let data = EventData { reason: Some(name.clone()), ..EventData::default() };
                    let fact = Fact { user_id: row.user_id.clone(), kind: EventKind::AppAllowed, actor, data };
                    record(tx, env.as_ref(), &[fact]).await?;
                    Ok(true)
                })
            })
            .await?;
        Ok(issued.then_some(code))
    }
}

/// Whether the person signed in recently enough, or since they were asked to.
fn is_fresh(request: &AuthorizationRequest, who: &Authenticated, since: Option<i64>, now: i64) -> bool {
    let since_asked = since.is_some_and(|since| who.at >= since);
    let recently = request.max_age.is_none_or(|age| who.at + age >= now);
    since_asked || (recently && !request.prompt.login)
}
