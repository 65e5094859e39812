//! The browsers that a user is signed in with.

use std::cmp::Ordering;

use axum::{Json, extract::State, response::Response};
use http::StatusCode;
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::{api_key::Scope, session::UserSession};

use crate::{
    caller::Caller,
    document::{described, paged},
    failure::Failure,
    id::Id,
    model::Session,
    paging::Asked,
};

pub fn routes() -> Routes {
    let all = "/api/users/{user_id}/sessions";
    let one = format!("{all}/{{session_id}}");
    let list = described(Operation::get(all, "monoCloudListSessions"), Scope::Read, "List a user's sessions");
    let read = described(Operation::get(one.clone(), "monoCloudGetSession"), Scope::Read, "Read a user's session");
    let end = described(Operation::delete(one, "monoCloudRevokeSession"), Scope::Write, "End a user's session");
    Routes::new()
        .add(
            paged(list)
                .query::<String>("client_id", "Those from which the user signed in to this client alone")
                .query::<String>("sort", "field:1 or field:-1; the newest first where it is left out")
                .answers::<Vec<Session>>(200, "The sessions of the page; X-Pagination tells of the rest"),
            sessions,
        )
        .add(
            read.description("Its id names it here alone; nobody can sign in with it.")
                .answers::<Session>(200, "The session"),
            session,
        )
        .add(
            end.description("Tokens that apps were given in it stay, until all sessions are ended.")
                .answers_empty(204, "The session is over"),
            end_session,
        )
}

async fn sessions(
    State(api): State<Api>,
    caller: Caller,
    Id(user_id): Id<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let (page, order) = (asked.page()?, order(&asked)?);
    let mut found = api.vestibule.sessions_of(caller.operator(), &user_id).await?;
    if let Some(client) = asked.get("client_id") {
        found.retain(|session| session.client_ids.iter().any(|id| id == client));
    }
    if let Some(order) = order {
        found.sort_by(order);
    }
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let before = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let size = usize::try_from(page.size).unwrap_or_default();
    let sessions: Vec<Session> = found.into_iter().skip(before).take(size).map(Into::into).collect();
    Ok(page.answer(&sessions, total))
}

async fn session(
    State(api): State<Api>,
    caller: Caller,
    Id((user_id, session_id)): Id<(String, String)>,
) -> Result<Json<Session>, Failure> {
    let found = api.vestibule.sessions_of(caller.operator(), &user_id).await?;
    let session = found.into_iter().find(|session| session.id == session_id);
    Ok(Json(session.ok_or_else(Failure::not_found)?.into()))
}

async fn end_session(
    State(api): State<Api>,
    caller: Caller,
    Id((user_id, session_id)): Id<(String, String)>,
) -> Result<StatusCode, Failure> {
    api.vestibule.end_session_of(caller.operator(), &user_id, &session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

type Order = fn(&UserSession, &UserSession) -> Ordering;

/// What a list is sorted by, if anybody says.
fn order(asked: &Asked) -> Result<Option<Order>, Failure> {
    let Some(text) = asked.get("sort") else { return Ok(None) };
    let order: Order = match text {
        "session_id:1" => |one, other| one.id.cmp(&other.id),
        "session_id:-1" => |one, other| other.id.cmp(&one.id),
        // When a session was last written down is when it began.
        "initiated_at:1" | "last_updated:1" => |one, other| one.device.at.cmp(&other.device.at),
        "initiated_at:-1" | "last_updated:-1" => |one, other| other.device.at.cmp(&one.device.at),
        "expires_at:1" => |one, other| one.expires_at.cmp(&other.expires_at),
        "expires_at:-1" => |one, other| other.expires_at.cmp(&one.expires_at),
        _ => {
            let wanted = "sort must be session_id, initiated_at, expires_at or last_updated, with :1 or :-1.";
            return Err(Failure::bad_request(wanted));
        }
    };
    Ok(Some(order))
}
