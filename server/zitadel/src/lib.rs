//! The Zitadel dialects: `zitadel.user.v2.UserService` and `zitadel.auth.v1.AuthService`, each as JSON over REST, as
//! gRPC and as gRPC-Web, the newer one as Connect too.
//!
//! The protos say it all: from their descriptors come routes, limits, JSON and documents, so that there is one handler
//! a method and no more. Every call goes the way of [`call`], whatever brought it.

mod call;
mod connect;
mod create;
mod deadline;
mod document;
mod email;
mod error;
mod grpc;
mod health;
mod invite;
mod json;
mod list;
mod methods;
mod model;
mod my;
mod passkey;
mod password;
mod person;
mod plan;
pub mod proto;
mod read;
mod refusals;
mod rest;
mod shadow;
mod state;
mod structure;
mod subject;
mod template;
mod transport;
mod update;
mod validate;

use axum::{Router, routing::post};
use http::{HeaderName, Method};
use tonic_health::pb::{FILE_DESCRIPTOR_SET as HEALTH, health_server::HealthServer};
use tonic_web::GrpcWebLayer;
use tower::Layer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use vestibule_api::{Api, Operation, Routes, dress};

use crate::methods::METHODS;

pub use transport::claims;

/// Everything that the dialects serve.
pub fn router(api: Api) -> Router {
    let (router, _) = routes().into_parts();
    // What Connect has is among the operations; what it does not have is gRPC's alone.
    let router = METHODS.iter().filter(|method| !method.has_connect()).fold(router, |router, method| {
        router.route(&method.path(), post(|state, ip, request| connect::serve(method, state, ip, request)))
    });
    let router = with_grpc_services(shadow::lift(router), &api);
    dress(router, api, transport::Zitadel).layer(cors())
}

/// What the gateway and Connect serve, for the document.
pub fn operations() -> Vec<Operation> {
    routes().into_parts().1
}

fn routes() -> Routes {
    let probes = Routes::new()
        .add(document::probe("/debug/healthz", "zitadelHealth", "Whether the process lives"), rest::healthz)
        .add(document::probe("/debug/ready", "zitadelReadiness", "Whether the process can serve"), rest::ready);
    METHODS.iter().fold(probes, |routes, method| {
        let routes = routes.add(document::rest(method), |state, ip, variables, request| {
            rest::serve(method, state, ip, variables, request)
        });
        if !method.has_connect() {
            return routes;
        }
        routes.add(document::connect(method), |state, ip, request| connect::serve(method, state, ip, request))
    })
}

/// Reflection, so that a client without the protos can ask for them, and health.
fn with_grpc_services(router: Router<Api>, api: &Api) -> Router<Api> {
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(HEALTH)
    };
    let web = GrpcWebLayer::new();
    let v1 = reflection().build_v1().expect("the descriptors are whole");
    let v1alpha = reflection().build_v1alpha().expect("the descriptors are whole");
    router
        .route_service("/grpc.reflection.v1.ServerReflection/{method}", web.layer(v1))
        .route_service("/grpc.reflection.v1alpha.ServerReflection/{method}", web.layer(v1alpha))
        .route_service("/grpc.health.v1.Health/{method}", web.layer(HealthServer::new(health::Watch(api.clone()))))
}

/// Pages of any origin may call; what lets them in is the token, never a cookie.
fn cors() -> CorsLayer {
    let names = |names: &[&'static str]| names.iter().map(|name| HeaderName::from_static(name)).collect::<Vec<_>>();
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD];
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods(methods)
        .allow_headers(names(&[
            "origin",
            "content-type",
            "accept",
            "accept-language",
            "authorization",
            "x-zitadel-orgid",
            "x-user-agent",
            "x-grpc-web",
            "x-requested-with",
            "connect-protocol-version",
            "connect-timeout-ms",
            "grpc-timeout",
            "idempotency-key",
        ]))
        .expose_headers(names(&[
            "location",
            "content-length",
            "grpc-status",
            "grpc-message",
            "grpc-status-details-bin",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
        ]))
}
