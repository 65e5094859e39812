//! Browser sessions in our own database.
//!
//! A session ends when it has not been used for [`LIFE`]. The session layer knows of use only what changes a session, so
//! [`live_on`] has a session that is merely used live on as well. How long it lives is no state of the product: a page
//! that is looked at may prolong it.

use std::collections::HashMap;

use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use serde_json::Value;
use tower_sessions::{
    Session, SessionStore,
    cookie::time::{Duration, OffsetDateTime},
    session::{Id, Record},
    session_store::{Error, Result},
};
use vestibule_core::Vestibule;

/// How long a session lives without being used.
pub const LIFE: Duration = Duration::hours(12);
/// The same in milliseconds, as our clock counts.
const LIFE_MS: i64 = LIFE.whole_seconds() * 1_000;
/// Where a session that was read keeps until when it lives; what is stored does without.
const END: &str = "end";

/// Has a session that is used when less than half of its life is left live on: it is stored with a new end, and its cookie
/// is sent anew. More often would be a write for each look at a page.
pub async fn live_on(State(vestibule): State<Vestibule>, session: Session, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let soon = vestibule.now() + LIFE_MS / 2;
    // What changed is stored anyway.
    if !session.is_modified() && ends(&session).await.is_some_and(|end| end < soon) {
        // As it is by now: another request may have changed or ended it while this one was under way.
        if session.load().await.is_ok() && ends(&session).await.is_some() {
            session.set_expiry(session.expiry());
        }
    }
    response
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
    pub fn new(vestibule: Vestibule) -> Self {
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
