//! The services' own paths: unary Connect in JSON or binary where a service has it, and gRPC and gRPC-Web.

use std::io::{Read, Write};

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use http::{HeaderMap, HeaderValue, header};
use tonic::Code;
use vestibule_api::{Api, BODY, ClientIp, Problem};

use crate::{
    call::{admit, perform},
    deadline,
    error::ZError,
    grpc, json,
    methods::Method,
    rest::read,
    transport::{Transport, media_type},
};

/// Shorter answers are not worth the packing.
const WORTH_PACKING: usize = 1024;

pub async fn serve(
    method: &'static Method,
    State(api): State<Api>,
    ClientIp(ip): ClientIp,
    request: Request,
) -> Response {
    if let Transport::Grpc | Transport::GrpcWeb = Transport::of(request.uri().path(), request.headers()) {
        return Box::pin(grpc::serve(method, api, ip, Vec::new(), request)).await;
    }
    let codec = match media_type(request.headers()).as_str() {
        "application/json" if method.has_connect() => Codec::Json,
        "application/proto" if method.has_connect() => Codec::Proto,
        _ => return Problem::WrongMediaType.into_response(),
    };
    let packs = wants_gzip(request.headers());
    match answer(method, api, ip, codec, request).await {
        Ok(body) => respond(codec, body, packs),
        Err(error) => error.connect(),
    }
}

#[derive(Clone, Copy, Debug)]
enum Codec {
    Json,
    Proto,
}

async fn answer(
    method: &'static Method,
    api: Api,
    ip: Option<String>,
    codec: Codec,
    request: Request,
) -> Result<Vec<u8>, ZError> {
    let headers = request.headers().clone();
    is_version_one(&headers)?;
    let limit = deadline::connect(&headers)?;
    let call = async move {
        let principal = admit(&api, method, &headers).await?;
        let body = read(request.into_body()).await?;
        let body = unpack(&headers, &body)?;
        let message = match codec {
            Codec::Json => json::parse(&method.input, &body)?,
            Codec::Proto => json::decode(&method.input, &body)?,
        };
        let answer = perform(api, method, principal, ip, message).await?;
        match codec {
            Codec::Json => json::write(&method.output, &answer),
            Codec::Proto => Ok(answer),
        }
    };
    deadline::within(limit, call).await
}

/// Not every client says the version, but what is said must be right.
fn is_version_one(headers: &HeaderMap) -> Result<(), ZError> {
    match headers.get("connect-protocol-version") {
        Some(version) if version != "1" => {
            let text = format!("connect-protocol-version must be \"1\": got {version:?}");
            Err(ZError::raw(Code::InvalidArgument, text))
        }
        _ => Ok(()),
    }
}

fn unpack(headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, ZError> {
    match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"" | b"identity") => Ok(body.to_vec()),
        Some(b"gzip") => {
            let mut unpacked = Vec::new();
            // A few bytes can unpack to any number.
            let mut reader = GzDecoder::new(body).take(BODY as u64 + 1);
            let read = reader.read_to_end(&mut unpacked);
            read.map_err(|_| ZError::raw(Code::InvalidArgument, "the body is not gzip"))?;
            if unpacked.len() > BODY {
                let text = format!("message size is larger than configured max {BODY}");
                return Err(ZError::raw(Code::ResourceExhausted, text).http(http::StatusCode::PAYLOAD_TOO_LARGE));
            }
            Ok(unpacked)
        }
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            let text = format!("unknown compression {other:?}: supported encodings are gzip");
            Err(ZError::raw(Code::Unimplemented, text))
        }
    }
}

fn wants_gzip(headers: &HeaderMap) -> bool {
    let accepts = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    accepts.flat_map(|line| line.split(',')).any(|part| part.trim().eq_ignore_ascii_case("gzip"))
}

fn respond(codec: Codec, body: Vec<u8>, packs: bool) -> Response {
    let media_type = match codec {
        Codec::Json => "application/json",
        Codec::Proto => "application/proto",
    };
    let packed = if packs && body.len() >= WORTH_PACKING { pack(&body) } else { None };
    let is_packed = packed.is_some();
    let mut response = ([(header::CONTENT_TYPE, media_type)], packed.unwrap_or(body)).into_response();
    if is_packed {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn pack(body: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(body).ok()?;
    packer.finish().ok()
}
