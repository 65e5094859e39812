//! `grpc.health.v1`: whether the database answers, for the server as a whole and for each service.

use std::time::Duration;

use futures::{StreamExt, stream, stream::BoxStream};
use tonic::{Request, Response, Status};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus, health_server::Health,
};
use vestibule_api::{Api, Stop};

use crate::methods::{AUTH, USER};

/// How often a watcher's answer is looked up again.
const PACE: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
pub struct Watch(pub Api);

impl Watch {
    async fn status(api: &Api) -> ServingStatus {
        match api.vestibule.ready().await {
            Ok(()) => ServingStatus::Serving,
            Err(_) => ServingStatus::NotServing,
        }
    }
}

fn is_known(service: &str) -> bool {
    ["", USER, AUTH].contains(&service)
}

fn response(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

#[tonic::async_trait]
impl Health for Watch {
    type WatchStream = BoxStream<'static, Result<HealthCheckResponse, Status>>;

    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        if !is_known(&request.get_ref().service) {
            return Err(Status::not_found("unknown service"));
        }
        Ok(Response::new(response(Self::status(&self.0).await)))
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let stop = request.extensions().get::<Stop>().cloned().unwrap_or_default().asked();
        if !is_known(&request.get_ref().service) {
            // The protocol keeps the stream open, in case the service appears; here none ever does.
            let unknown = stream::iter([Ok(response(ServingStatus::ServiceUnknown))]);
            return Ok(Response::new(unknown.chain(stream::pending()).take_until(stop).boxed()));
        }
        let changes = stream::unfold((self.0.clone(), None), |(api, last)| async move {
            loop {
                let now = Self::status(&api).await;
                if last != Some(now) {
                    return Some((Ok(response(now)), (api, Some(now))));
                }
                tokio::time::sleep(PACE).await;
            }
        });
        Ok(Response::new(changes.take_until(stop).boxed()))
    }
}
