//! Paths that could be read as two: `/v2/users/human` makes a user by POST, and by GET is the user whose id is `human`.
//! The router takes the one without variables whatever the method is; here the other gets its due.

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use http::{HeaderValue, header};
use vestibule_api::{Api, ClientIp, Problem};

use crate::{
    methods::{METHODS, Method},
    rest::{Variables, call},
};

/// Adds to each path that stands in the light of another what the other would have answered.
pub fn lift(router: Router<Api>) -> Router<Api> {
    let paths: BTreeSet<&str> = METHODS.iter().map(|method| method.binding.path.as_str()).collect();
    let overlapping = paths.iter().filter(|path| paths.iter().any(|other| hides(path, other)));
    overlapping.fold(router, |router, path| router.route(path, any(serve)))
}

/// Whether the router takes one template for a path that is the other's too: they fit each other, and where they first
/// differ, this one has no variable.
fn hides(path: &str, other: &str) -> bool {
    let is_variable = |part: &str| part.starts_with('{');
    let pairs = || path.split('/').zip(other.split('/'));
    let fits = path.split('/').count() == other.split('/').count()
        && pairs().all(|(one, other)| one == other || is_variable(one) || is_variable(other));
    let differs = pairs().find(|(one, other)| one != other && is_variable(one) != is_variable(other));
    fits && differs.is_some_and(|(one, _)| !is_variable(one))
}

/// A request of a method that the path itself does not take.
async fn serve(State(api): State<Api>, ClientIp(ip): ClientIp, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let readings: Vec<(&'static Method, Variables)> =
        METHODS.iter().filter_map(|method| Some((method, variables(&method.binding.path, &path)?))).collect();
    let allowed: BTreeSet<&str> = readings.iter().map(|(method, _)| method.binding.verb.as_str()).collect();
    let allowed: Vec<&str> = allowed.into_iter().collect();
    let meant = readings.into_iter().find(|(method, _)| method.binding.verb == *request.method());
    if let Some((method, variables)) = meant {
        return call(method, api, ip, variables, request).await;
    }
    let mut response = Problem::WrongMethod.into_response();
    if let Ok(allowed) = HeaderValue::from_str(&allowed.join(",")) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

/// The variables of a path by a template, if it is one of its.
fn variables(template: &str, path: &str) -> Option<Variables> {
    let (mut parts, mut found) = (path.split('/'), Variables::new());
    for wanted in template.split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !part.is_empty() => {
                let value = percent_encoding::percent_decode_str(part).decode_utf8().ok()?;
                found.push((name.to_owned(), value.into_owned()));
            }
            None if wanted == part => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(found)
}
