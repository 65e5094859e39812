//! Tells a page that waits for a code when the wait is over: entered on another device, taken back, or too late.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Path, RawQuery, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{StreamExt, stream};
use http::StatusCode;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vestibule_api::{Api, Operation, Routes, Stop};
use vestibule_core::Vestibule;

/// How often the database is asked for one page.
const EVERY: Duration = Duration::from_secs(2);
/// After so many looks, ten minutes, the page asks anew, so that none is served for ever.
const LOOKS: u32 = 300;
/// Pages that are told at once; the others ask now and then.
const MOST: usize = 500;

/// `GET /wait/{challenge}`: one server-sent event, `over`, when no code can be entered any more (WHATWG HTML §9.2).
/// With the query `once` it answers at once. Who knows the handle learns nothing that the page does not show.
pub fn routes() -> Routes {
    let wait = Operation::get("/wait/{challenge}", "waitForChallenge")
        .tag("Pages")
        .summary("When the wait for a code is over")
        .answers_of(200, "The event `over`, when it is", "text/event-stream", json!({ "type": "string" }))
        .answers_of(503, "Too many wait; ask with `once`", "text/plain", json!({ "type": "string" }));
    Routes::new().add(wait, axum::handler::Handler::layer(told, Extension(Arc::new(Semaphore::new(MOST)))))
}

async fn told(
    State(api): State<Api>,
    Path(challenge): Path<String>,
    RawQuery(query): RawQuery,
    stop: Stop,
    Extension(places): Extension<Arc<Semaphore>>,
) -> Response {
    if query.as_deref() == Some("once") {
        let over = is_over(&api.vestibule, &challenge).await;
        return Sse::new(stream::iter(over.then(event).map(Ok::<_, Infallible>))).into_response();
    }
    let Ok(place) = places.try_acquire_owned() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let looks = stream::unfold(Some((api.vestibule, challenge, place, 0)), look);
    // A process that is about to end lets its pages go; they ask the next one.
    let looks = looks.take_until(stop.asked());
    Sse::new(looks.filter_map(async |event| event)).keep_alive(KeepAlive::default()).into_response()
}

/// Everything that waiting for one challenge needs, and how often it was looked at.
type Waiting = (Vestibule, String, OwnedSemaphorePermit, u32);

/// One look: the event where the wait is over, nothing where it goes on, and the end after either the event or the last look.
async fn look(waiting: Option<Waiting>) -> Option<(Option<Result<Event, Infallible>>, Option<Waiting>)> {
    let (vestibule, challenge, place, looks) = waiting.filter(|(.., looks)| *looks < LOOKS)?;
    if looks > 0 {
        tokio::time::sleep(EVERY).await;
    }
    Some(if is_over(&vestibule, &challenge).await {
        (Some(Ok(event())), None)
    } else {
        (None, Some((vestibule, challenge, place, looks + 1)))
    })
}

fn event() -> Event {
    Event::default().event("over").data("{}")
}

/// A database that is away for a moment is no reason to tell anything.
async fn is_over(vestibule: &Vestibule, challenge: &str) -> bool {
    match vestibule.challenge(challenge).await {
        Ok(Some(challenge)) => challenge.over.is_some(),
        Ok(None) => true,
        Err(error) => {
            tracing::warn!(%error, "a waiting page could not be told");
            false
        }
    }
}
