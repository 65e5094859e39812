//! Accept an invite: the flow's id is the challenge's, and the code is what shows that the caller may.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::PathRejection},
    response::IntoResponse,
};
use http::HeaderMap;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use vestibule_api::{Api, ClientIp, Operation, Problem, Routes, Security, media_types};
use vestibule_core::{
    Error, Refusal,
    code::{Purpose, TypedCode},
    env::HOUR,
    redeem::{Redeemed, Secret, Try},
};

use crate::{
    document::{named, refusals},
    fault::{Detail, Fault},
    links::{Hal, Id, escaped},
    media,
    reader::{Reader, object},
    refusal::{Answer, INVITE, Stop, by},
    time::iso,
};

const PATH: &str = "/{environment_id}/flows/{flow_id}";
/// Until when a finished flow may be looked at; a client needs a time, and nothing here ends with it.
const OVER_AFTER: i64 = HOUR;

pub fn routes() -> Routes {
    let body = json!({
        "type": "object",
        "required": ["inviteCode", "password", "accept"],
        "properties": {
            "inviteCode": { "type": "string" },
            "password": { "type": "string" },
            "accept": { "description": "True, as a boolean or a string.", "enum": [true, "true"] },
        },
    });
    let operation = named(Operation::post(PATH, "acceptInvite"))
        .summary("Accept an invite and set the first password")
        .description("No bearer token: the code is what lets in.")
        .security(Security::Open)
        .body_of(media::ACCEPT_INVITE, body)
        .answers::<Flow>(200, "The finished flow.");
    Routes::new().add(refusals(operation, &[400, 415]), accept)
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PingOneFlow")]
struct Flow {
    #[serde(rename = "_links")]
    links: Hal,
    #[serde(rename = "_embedded")]
    embedded: Embedded,
    id: String,
    session: Id,
    resume_url: String,
    status: &'static str,
    created_at: String,
    expires_at: String,
    admin_app: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneFlowEmbedded")]
struct Embedded {
    user: FlowUser,
    application: Application,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneFlowUser")]
struct FlowUser {
    id: String,
    username: String,
    name: String,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PingOneFlowApplication")]
struct Application {
    name: String,
}

async fn accept(
    State(api): State<Api>,
    path: Result<Path<(String, String)>, PathRejection>,
    ClientIp(ip): ClientIp,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    if !takes(&headers) {
        return Ok(Problem::WrongMediaType.into_response());
    }
    let Path((environment, flow)) = path.map_err(|_| Fault::not_found())?;
    let body = object(&body)?;
    let mut reader = Reader::new(&body);
    let code = reader.required_text("inviteCode").unwrap_or_default();
    let password = reader.required_text("password").unwrap_or_default().to_owned();
    match reader.get("accept") {
        None => reader.note(Detail::required("accept")),
        Some(Value::Bool(true)) => {}
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => {}
        Some(_) => reader.note(Detail::invalid("accept").with("allowedValues", [true].as_slice())),
    }
    reader.done()?;
    let challenge = api.vestibule.challenge(&flow).await?;
    let known = challenge.filter(|it| it.organization_id == environment && it.purpose == Purpose::Invite);
    let challenge = known.ok_or_else(Fault::not_found)?;
    let code = TypedCode::parse(code).ok_or_else(|| Detail::invalid(INVITE.code))?;
    let secret = Secret::For(Purpose::Invite, Box::new(Secret::CodeFor(flow.clone(), code)));
    let redeemed = api.vestibule.redeem(Try { secret, by: None, ip }).await.map_err(by(INVITE))?;
    set_password(&api, &redeemed, password).await?;
    let visitor = api.vestibule.visitor(&redeemed.user_id).await?.ok_or(Error::Refused(Refusal::Disabled))?;
    let record = api.vestibule.own_record(&visitor.person()).await?;
    let own = format!("{}/{}/flows/{}", api.public_url, escaped(&environment), escaped(&flow));
    let user = FlowUser { id: redeemed.user_id, username: record.user.username, name: visitor.name };
    let now = api.vestibule.now();
    let flow = Flow {
        links: Hal::to(&own),
        embedded: Embedded { user, application: Application { name: challenge.organization } },
        id: flow,
        session: api.vestibule.new_id().as_str().into(),
        resume_url: format!("{}/", api.public_url),
        status: "COMPLETED",
        created_at: iso(now),
        expires_at: iso(now + OVER_AFTER),
        admin_app: true,
    };
    Ok(Json(flow).into_response())
}

fn takes(headers: &HeaderMap) -> bool {
    let bare = media::ACCEPT_INVITE.to_lowercase();
    media_types(headers)
        .iter()
        .any(|media_type| *media_type == bare || Some(media_type.as_str()) == bare.strip_suffix("+json"))
}

/// The first password. One that the policy refuses leaves the invite open, and the same code works again.
async fn set_password(api: &Api, redeemed: &Redeemed, password: String) -> Answer<()> {
    match api.vestibule.set_first_password(redeemed, password).await {
        Ok(_) => Ok(()),
        // Somebody else was faster with the same invite.
        Err(Error::Refused(Refusal::HasMethod | Refusal::SetupOver)) => Err(Detail::invalid(INVITE.code).into()),
        Err(error) => Err(Stop::from(crate::refusal::told(error, INVITE))),
    }
}
