//! Browser sessions in our own database.

use async_trait::async_trait;
use tower_sessions::{
    SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store::{Error, Result},
};
use vestibule_core::Vestibule;

/// The session layer's store.
#[derive(Clone, Debug)]
pub struct Sessions {
    vestibule: Vestibule,
}

impl Sessions {
    pub fn new(vestibule: Vestibule) -> Self {
        Self { vestibule }
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self
            .vestibule
            .create_session(record.id.to_string(), user(record), data(record)?, end(record))
            .await
            .map_err(backend)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.vestibule
            .save_session(record.id.to_string(), user(record), data(record)?, end(record))
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, end)) = self.vestibule.load_session(&id.to_string()).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
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
    serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn end(record: &Record) -> i64 {
    record.expiry_date.unix_timestamp().saturating_mul(1_000)
}

fn backend(error: vestibule_core::Error) -> Error {
    Error::Backend(error.to_string())
}
