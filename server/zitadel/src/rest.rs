//! The gateway: each method by its verb and path, with JSON.

use axum::{
    body::Body,
    extract::{RawPathParams, Request, State, rejection::RawPathParamsRejection},
    response::{IntoResponse, Response},
};
use http::header;
use http_body_util::BodyExt;
use prost_reflect::{DynamicMessage, Value};
use tonic::Code;
use vestibule_api::{Api, ClientIp};

use crate::{
    call::{admit, perform},
    error::ZError,
    grpc, json,
    methods::Method,
    transport::{Transport, json_response},
};

/// What the path says of the message's fields; it wins over the body.
pub type Variables = Vec<(String, String)>;

pub async fn serve(
    method: &'static Method,
    State(api): State<Api>,
    ClientIp(ip): ClientIp,
    variables: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let Ok(variables) = variables else {
        return ZError::raw(Code::InvalidArgument, "malformed path escape").rest();
    };
    let variables = variables.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    call(method, api, ip, variables, request).await
}

/// Serves a call whose variables are known.
pub async fn call(
    method: &'static Method,
    api: Api,
    ip: Option<String>,
    variables: Variables,
    request: Request,
) -> Response {
    // The documents of the services name gRPC's media types at these paths too.
    if let Transport::Grpc | Transport::GrpcWeb = Transport::of(request.uri().path(), request.headers()) {
        return Box::pin(grpc::serve(method, api, ip, variables, request)).await;
    }
    match answer(method, api, ip, variables, request).await {
        Ok(body) => json_response(body),
        Err(error) => error.rest(),
    }
}

async fn answer(
    method: &'static Method,
    api: Api,
    ip: Option<String>,
    variables: Variables,
    request: Request,
) -> Result<Vec<u8>, ZError> {
    let principal = admit(&api, method, request.headers()).await?;
    let (parts, body) = request.into_parts();
    let message = if method.binding.has_body {
        json::parse(&method.input, &read(body).await?)?
    } else {
        json::parse_query(&method.input, parts.uri.query().unwrap_or_default())?
    };
    let message = with_variables(message, variables);
    let answer = perform(api, method, principal, ip, message).await?;
    json::write(&method.output, &answer)
}

/// The whole body; its size has been bounded before.
pub async fn read(body: Body) -> Result<axum::body::Bytes, ZError> {
    let whole = body.collect().await.map_err(|_| ZError::raw(Code::InvalidArgument, "unexpected EOF"))?;
    Ok(whole.to_bytes())
}

pub fn with_variables(mut message: DynamicMessage, variables: Variables) -> DynamicMessage {
    for (name, value) in variables {
        message.set_field_by_name(&name, Value::String(value));
    }
    message
}

/// Liveness, as the vendor's probes ask for it.
pub async fn healthz() -> &'static str {
    "ok"
}

/// Whether the database answers.
pub async fn ready(State(api): State<Api>) -> Response {
    match api.vestibule.ready().await {
        Ok(()) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "ok").into_response(),
        Err(error) => ZError::failed(&error).rest(),
    }
}
