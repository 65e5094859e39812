//! What MonoCloud knows and Vestibule has not: blocked networks, groups, grants. Lists are empty, single ones do not
//! exist; the user, of course, must.

use std::net::IpAddr;

use axum::{extract::State, response::Response};
use http::Method;
use serde_json::json;
use vestibule_api::{Api, Operation, Routes};
use vestibule_core::api_key::Scope;

use crate::{
    body::Fields,
    caller::Caller,
    document::{JSON, Kind, body, changes, described, lists_users, paged},
    failure::Failure,
    id::Id,
    list,
    paging::Asked,
    users::{Changed, user_after},
};

pub fn routes() -> Routes {
    let user = "/api/users/{user_id}";
    let assigned = Operation::get("/api/users/groups/{group_id}/assigned", "monoCloudListGroupUsers");
    let unblock = Operation::post(format!("{user}/blocked_ips/unblock"), "monoCloudUnblockIp");
    let routes = Routes::new()
        .add(lists_users(assigned, "List the users of a group"), nobodys_group)
        .add(empty(format!("{user}/blocked_ips"), "monoCloudListBlockedIps", "List blocked networks: none is"), nothing)
        .add(
            changes(unblock, Scope::Write, "Let sign-ins from a network again")
                .body_of(JSON, body(&[("ip_address", Kind::Text)], &["ip_address"])),
            unblock_ip,
        )
        .add(
            empty(format!("{user}/groups"), "monoCloudListGroups", "List the groups of a user: there are none"),
            nothing,
        )
        .add(missing(Method::GET, format!("{user}/groups/{{group_id}}"), "monoCloudGetGroup"), nowhere)
        .add(missing(Method::POST, format!("{user}/groups/{{group_id}}"), "monoCloudAssignGroup"), nowhere)
        .add(missing(Method::DELETE, format!("{user}/groups/{{group_id}}"), "monoCloudRemoveGroup"), nowhere);
    GRANTS.into_iter().fold(routes, |routes, (kind, id, name)| {
        let list =
            empty(format!("{user}/grants/{kind}"), format!("monoCloudList{name}"), "List grants: there are none");
        let one = format!("{user}/grants/{kind}/{{{id}}}");
        routes.add(list, nothing).add(missing(Method::DELETE, one, format!("monoCloudRevoke{name}")), nowhere)
    })
}

const GRANTS: [(&str, &str, &str); 5] = [
    ("clients", "client_id", "ClientGrants"),
    ("consents", "consent_id", "Consents"),
    ("reference_tokens", "token_id", "ReferenceTokens"),
    ("refresh_tokens", "token_id", "RefreshTokens"),
    ("codes", "code_id", "AuthorizationCodes"),
];

fn empty(path: String, id: impl Into<String>, summary: &'static str) -> Operation {
    paged(described(Operation::get(path, id.into()), Scope::Read, summary)).answers_of(
        200,
        "An empty list",
        JSON,
        json!({ "type": "array", "maxItems": 0 }),
    )
}

fn missing(method: Method, path: String, id: impl Into<String>) -> Operation {
    let scope = if method == Method::GET { Scope::Read } else { Scope::Write };
    described(Operation::new(method, path, id.into()), scope, "Something that does not exist here")
}

async fn nothing(
    State(api): State<Api>,
    caller: Caller,
    Id(user_id): Id<String>,
    asked: Asked,
) -> Result<Response, Failure> {
    let page = asked.page()?;
    api.vestibule.record(caller.operator(), &user_id).await?;
    Ok(page.answer::<()>(&[], 0))
}

async fn nowhere(caller: Caller, method: Method) -> Failure {
    let scope = if method == Method::GET { Scope::Read } else { Scope::Write };
    caller.must(scope).err().unwrap_or_else(Failure::not_found)
}

async fn nobodys_group(caller: Caller, asked: Asked) -> Result<Failure, Failure> {
    caller.must(Scope::Read)?;
    asked.page()?;
    list::sort(&asked)?;
    list::filter(&asked)?;
    Ok(Failure::not_found())
}

/// Guesses are slowed down by name and by network for a while, and nothing is blocked; so nothing has to be unblocked.
async fn unblock_ip(State(api): State<Api>, caller: Caller, Id(id): Id<String>, mut fields: Fields) -> Changed {
    caller.must(Scope::Write)?;
    let ip = fields.required("ip_address");
    if ip.is_some_and(|ip| ip != "all" && ip.parse::<IpAddr>().is_err()) {
        fields.refuse::<()>("ip_address", "It must be an IP address or all.");
    }
    fields.done()?;
    user_after(&api.vestibule, &caller, &id).await
}
