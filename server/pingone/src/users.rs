//! Users, operation by operation.

mod action;
mod belongings;
mod create;
mod email;
mod facets;
mod invite;
mod list;
mod one;
mod password;
mod update;

use axum::{Json, response::IntoResponse};
use http::{StatusCode, header};
use vestibule_api::Routes;
use vestibule_core::{
    code_request::CodeRequest,
    env::DAY,
    user::{UserRow, record::Record, summary::Summary},
};

use crate::{caller::Caller, refusal::Answer, user::User};

const USERS: &str = "/v1/environments/{environment_id}/users";
const USER: &str = "/v1/environments/{environment_id}/users/{user_id}";

/// How long the code of an account works. The vendor's has no timeout; one that never dies is a secret that waits in a
/// mailbox for whoever opens it next, so here it lives for a week, and a new one is one request away.
pub const ACCOUNT_CODE: i64 = 7 * DAY;
/// How long the code of an address works, as the vendor documents it.
pub const EMAIL_CODE: i64 = DAY;

pub fn routes() -> Routes {
    Routes::new()
        .merge(list::routes())
        .merge(create::routes())
        .merge(invite::routes())
        .merge(one::routes())
        .merge(update::routes())
        .merge(action::routes())
        .merge(email::routes())
        .merge(facets::routes())
        .merge(password::routes())
        .merge(belongings::routes())
}

/// The code of an account, by mail.
fn account_code() -> CodeRequest {
    CodeRequest { lifetime: Some(ACCOUNT_CODE), account: true, ..CodeRequest::default() }
}

impl Caller {
    /// The user of the path, for an operation that is about to change them.
    async fn record(&self) -> Answer<Record> {
        Ok(self.vestibule.record_after(&self.operator, &self.id).await?)
    }

    /// A user in this dialect's words.
    async fn told(&self, user: impl Into<Summary>) -> Answer<User> {
        let user = user.into();
        let population = self.population_id(&user.user).await?;
        Ok(User::new(user, &self.links, &population))
    }

    /// The id of the population that a user is in.
    async fn population_id(&self, user: &UserRow) -> Answer<String> {
        match &user.population_id {
            Some(id) => Ok(id.clone()),
            None => Ok(self.vestibule.default_population(&self.environment).await?),
        }
    }

    /// The user of the path, as an operation left them.
    async fn answer(&self) -> Answer {
        self.answer_with(&self.record().await?).await
    }

    /// The user whom an operation was answered with.
    async fn answer_with(&self, user: impl Into<Summary>) -> Answer {
        Ok(Json(self.told(user).await?).into_response())
    }

    /// The same for a user who has just been made or invited.
    async fn answer_created(&self, user_id: &str) -> Answer {
        let record = self.vestibule.record_after(&self.operator, user_id).await?;
        let location = [(header::LOCATION, self.links.user(user_id))];
        Ok((StatusCode::CREATED, location, Json(self.told(&record).await?)).into_response())
    }
}
