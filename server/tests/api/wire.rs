//! One port for HTTP/1.1 and for HTTP/2, with and without the upgrade that nobody sends any more.

use axum::body::Body;
use http::{Request, StatusCode, Version};
use http_body_util::BodyExt;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::{client::serve, support::World};

both! {
    both_versions_on_one_port,
}

async fn both_versions_on_one_port(world: World) {
    let address = serve(&world).await;
    for (http2, version) in [(false, Version::HTTP_11), (true, Version::HTTP_2)] {
        // With prior knowledge, as gRPC clients do it.
        let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).http2_only(http2).build_http();
        for (path, status) in [("/healthz", StatusCode::OK), ("/api/users", StatusCode::UNAUTHORIZED)] {
            let request = Request::get(format!("http://{address}{path}")).version(version).body(Body::empty()).unwrap();
            let answer = client.request(request).await.unwrap();
            assert_eq!((answer.version(), answer.status()), (version, status), "{path}");
            answer.into_body().collect().await.unwrap();
        }
    }
}
