//! Browser sessions in our own database.
//!
//! A session ends when it has not been used for [`LIFE`]. The session layer knows of use only what changes a session, so
//! [`live_on`] has a session that is merely used live on as well. How long it lives is no state of the product: a page
//! that is looked at may prolong it.

use std::collections::HashMap;

use app::web::Web;
use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use serde_json::Value;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{
        Cookie, SameSite,
        time::{Duration, OffsetDateTime},
    },
    session::{Id, Record},
    session_store::{Error, Result},
};
use vestibule_core::Vestibule;

/// The name of its cookie.
const NAME: &str = "vestibule";
/// How long a session lives without being used.
const LIFE: Duration = Duration::hours(12);
/// The same in milliseconds, as our clock counts.
const LIFE_MS: i64 = LIFE.whole_seconds() * 1_000;
/// Where a session that was read keeps until when it lives; what is stored does without.
const END: &str = "end";

/// Has a session that is used when less than half of its life is left live on: it gets a new end, and its cookie is sent
/// anew. More often would be a write for each look at a page.
///
/// Nothing but the end is written, and nothing is read again: another request may have changed the session while this one
/// was under way, or given it another id, whose cookie this answer must not take away.
pub async fn live_on(State(web): State<Web>, session: Session, request: Request, next: Next) -> Response {
    let end = ends(&session).await;
    let mut response = next.run(request).await;
    let now = web.vestibule.now();
    // What changed is stored anyway.
    let is_due = !session.is_modified() && end.is_some_and(|end| end < now + LIFE_MS / 2);
    let Some(id) = session.id().filter(|_| is_due) else { return response };
    match web.vestibule.prolong_session(&id.to_string(), now + LIFE_MS).await {
        Ok(true) => {
            if let Ok(cookie) = HeaderValue::from_str(&cookie(id, web.secure)) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "a session could not be prolonged"),
    }
    response
}

/// The sessions of browsers, with their cookie.
pub fn layer(web: &Web) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::new(web.vestibule.clone()))
        .with_name(NAME)
        .with_secure(web.secure)
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_expiry(Expiry::OnInactivity(LIFE))
}

/// The same cookie as the layer's.
fn cookie(id: Id, secure: bool) -> String {
    let cookie = Cookie::build((NAME, id.to_string()));
    let cookie = cookie.path("/").http_only(true).secure(secure).same_site(SameSite::Lax).max_age(LIFE);
    cookie.to_string()
}

/// When a session that was read ends; `None` for a new one, and for one that is over.
async fn ends(session: &Session) -> Option<i64> {
    session.get(END).await.ok().flatten()
}

/// The session layer's store.
#[derive(Clone, Debug)]
pub struct Sessions {
    vestibule: Vestibule,
}

impl Sessions {
    fn new(vestibule: Vestibule) -> Self {
        Self { vestibule }
    }

    /// The end of a session that is stored now, by our clock and not by the session layer's.
    fn end(&self) -> i64 {
        self.vestibule.now() + LIFE_MS
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self
            .vestibule
            .create_session(record.id.to_string(), user(record), data(record)?, self.end())
            .await
            .map_err(backend)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.vestibule
            .save_session(record.id.to_string(), user(record), data(record)?, self.end())
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, end)) = self.vestibule.load_session(&id.to_string()).await.map_err(backend)? else {
            return Ok(None);
        };
        let mut data: HashMap<String, Value> =
            serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        data.insert(END.to_owned(), end.into());
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(end / 1_000).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.vestibule.delete_session(id.to_string()).await.map_err(backend)
    }
}

/// Whose session it is, so that all of a user's can be ended at once.
fn user(record: &Record) -> Option<String> {
    record.data.get(app::web::VISITOR)?.as_str().map(str::to_owned)
}

fn data(record: &Record) -> Result<String> {
    let data: HashMap<_, _> = record.data.iter().filter(|(key, _)| *key != END).collect();
    serde_json::to_string(&data).map_err(|error| Error::Encode(error.to_string()))
}

fn backend(error: vestibule_core::Error) -> Error {
    Error::Backend(error.to_string())
}
