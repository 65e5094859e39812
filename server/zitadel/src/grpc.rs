//! gRPC and gRPC-Web. Framing, compression and trailers are tonic's; the messages go through as bytes, so that one
//! service serves every method.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use prost::bytes::{Buf, BufMut};
use tonic::{
    Status,
    codec::{BufferSettings, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder},
    server::Grpc,
};
use tower::{Layer, ServiceExt, service_fn};
use vestibule_api::{Api, Problem};

use crate::{
    call::{admit, perform},
    deadline,
    error::ZError,
    json,
    methods::Method,
    rest::{Variables, with_variables},
    transport::{Transport, media_type},
};

/// Serves a call that came as gRPC or gRPC-Web. `variables` are what the path says, where it is the gateway's.
pub async fn serve(
    method: &'static Method,
    api: Api,
    ip: Option<String>,
    variables: Variables,
    request: Request,
) -> Response {
    let media_type = media_type(request.headers());
    let known = match media_type.as_str() {
        "application/grpc" | "application/grpc+proto" | "application/grpc+json" => true,
        web => ["", "+proto", "-text", "-text+proto"].iter().any(|kind| web == format!("application/grpc-web{kind}")),
    };
    if !known {
        return Problem::WrongMediaType.into_response();
    }
    let in_json = media_type == "application/grpc+json";
    let is_web = Transport::of(request.uri().path(), request.headers()) == Transport::GrpcWeb;
    let asked = Asked { method, api, ip, variables, in_json };
    let request = request.map(tonic::body::Body::new);
    if is_web {
        let inner = service_fn(move |request| {
            let asked = asked.clone();
            async move { Ok::<_, Infallible>(unary(asked, request).await) }
        });
        let response = tonic_web::GrpcWebLayer::new().layer(inner).oneshot(request).await;
        return response.map_or_else(|never| match never {}, IntoResponse::into_response);
    }
    let mut response = unary(asked, request).await;
    if in_json {
        let media_type = HeaderValue::from_static("application/grpc+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    }
    response.into_response()
}

#[derive(Clone, Debug)]
struct Asked {
    method: &'static Method,
    api: Api,
    ip: Option<String>,
    variables: Variables,
    in_json: bool,
}

async fn unary(asked: Asked, request: http::Request<tonic::body::Body>) -> http::Response<tonic::body::Body> {
    let headers = request.headers().clone();
    let service = service_fn(move |request: tonic::Request<Bytes>| {
        let (asked, headers) = (asked.clone(), headers.clone());
        async move {
            let answer = answer(asked, headers, request.into_inner()).await;
            answer.map(tonic::Response::new).map_err(|error| error.grpc())
        }
    });
    let mut grpc =
        Grpc::new(Raw).accept_compressed(CompressionEncoding::Gzip).send_compressed(CompressionEncoding::Gzip);
    grpc.unary(service, request).await
}

async fn answer(asked: Asked, headers: HeaderMap, body: Bytes) -> Result<Vec<u8>, ZError> {
    let Asked { method, api, ip, variables, in_json } = asked;
    let call = async {
        let principal = admit(&api, method, &headers).await?;
        let message = if in_json { json::parse(&method.input, &body)? } else { json::decode(&method.input, &body)? };
        let answer = perform(api, method, principal, ip, with_variables(message, variables)).await?;
        if in_json { json::write(&method.output, &answer) } else { Ok(answer) }
    };
    deadline::within(deadline::grpc(&headers)?, call).await
}

/// Messages as they are.
#[derive(Clone, Copy, Debug, Default)]
struct Raw;

impl tonic::codec::Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}
