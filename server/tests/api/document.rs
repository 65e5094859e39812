//! The document says what the router serves, all of it and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use axum::{Router, body::Body};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use vestibule_api::Api;

use crate::{
    client::{Answer, PUBLIC_URL, router, send},
    support::World,
};

both! {
    every_operation_is_served_and_every_route_documented,
    the_document_holds_together,
    the_page_shows_it_and_fetches_nothing_else,
    both_are_sent_as_small_as_their_reader_can_take_them,
}

/// Asks every documented path by a method that nobody knows: the answer's `Allow` names the methods that the router has
/// there. All of them are documented, and what is documented beside them is answered by something else than a refusal of
/// the route or the method. Paths that no document names are on no list of the routers'.
async fn every_operation_is_served_and_every_route_documented(world: World) {
    let router = router(&world);
    let documented = documented(&document(&router).await);
    for (path, methods) in &documented {
        let uri = path.replace(['{', '}'], "");
        let ask = async |method: &str| {
            let request = Request::builder().method(method).uri(&uri).header("sec-fetch-site", "same-origin");
            send(&router, request.body(Body::empty()).unwrap()).await
        };
        let answer = ask("VESTIBULE").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}: {answer:?}");
        let allowed = answer.header("allow").split(',').map(|method| method.trim().to_owned());
        let allowed: BTreeSet<String> = allowed.filter(|method| !["HEAD", "OPTIONS"].contains(&&**method)).collect();
        // `/v2/users/human` is also a user whose id is "human".
        let covering = documented.iter().filter(|(other, _)| covers(other, path)).flat_map(|(_, methods)| methods);
        let known: BTreeSet<String> = covering.cloned().collect();
        assert!(allowed.is_subset(&known), "{path} takes {allowed:?} and the document says {known:?}");
        for method in methods.difference(&allowed) {
            let status = ask(method).await.status;
            let refused = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&status);
            assert!(!refused, "{method} {path} is documented and not served");
        }
    }
    assert!(routed(&router).is_superset(&["/openapi.json", "/do/verify", "/console/users"].map(str::to_owned).into()));
    let api = Api::new(world.vestibule.clone(), PUBLIC_URL);
    for router in [
        router,
        vestibule_monocloud::router(api.clone()),
        vestibule_pingone::router(api.clone()),
        vestibule_zitadel::router(api.clone()),
        vestibule_oauth::router(api),
    ] {
        // What speaks gRPC alone is no HTTP operation; its own reflection documents it.
        let grpc = |path: &String| path.starts_with("/grpc.") || path.starts_with("/zitadel.auth.v1.");
        for path in routed(&router).into_iter().filter(|path| !grpc(path)) {
            assert!(documented.contains_key(&path), "{path} is served and not documented");
        }
    }
}

/// Whether a path with variables stands for another one too.
fn covers(path: &str, other: &str) -> bool {
    let fits = |(mine, theirs): (&str, &str)| mine == theirs || mine.starts_with('{');
    path.split('/').count() == other.split('/').count() && path.split('/').zip(other.split('/')).all(fits)
}

async fn the_document_holds_together(world: World) {
    let document = document(&router(&world)).await;
    assert_eq!(document["openapi"], "3.1.1");
    assert_eq!(document["servers"][0]["url"], PUBLIC_URL);
    let mut ids = BTreeSet::new();
    for operation in operations(&document) {
        assert!(ids.insert(operation["operationId"].to_string()), "{operation}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{operation}");
        assert!(!operation["responses"].as_object().unwrap().is_empty(), "{operation}");
    }
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

async fn the_page_shows_it_and_fetches_nothing_else(world: World) {
    let router = router(&world);
    let document = document(&router).await;
    let page = get(&router, "/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    for (path, _) in documented(&document) {
        assert!(page.body.contains(&format!("<code>{path}</code>")), "{path}");
    }
    for id in operations(&document).map(|operation| operation["operationId"].as_str().unwrap().to_owned()) {
        assert!(page.body.contains(&format!("<details id=\"{id}\">")), "{id}");
    }
    assert!(!page.body.contains("<script") && !page.body.contains("style=") && !page.body.contains("src="));
    for link in page.body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        match link.strip_prefix('#') {
            Some(id) => assert!(page.body.contains(&format!("id=\"{id}\"")), "#{id} leads nowhere"),
            None => assert!(link.starts_with('/') && !link.starts_with("//"), "{link}"),
        }
    }
}

async fn both_are_sent_as_small_as_their_reader_can_take_them(world: World) {
    let router = router(&world);
    let ask = async |path: &str, coding: &str, known: &str| {
        let request = Request::get(path).header("accept-encoding", coding).header("if-none-match", known);
        let (parts, body) = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
    };
    for (path, kind) in [("/openapi.json", "application/json"), ("/docs", "text/html; charset=utf-8")] {
        let (_, headers, plain) = ask(path, "identity", "").await;
        assert!(!headers.contains_key("content-encoding"));
        for coding in ["br", "gzip"] {
            let (status, headers, packed) = ask(path, coding, "").await;
            assert_eq!((status, &headers["content-encoding"]), (StatusCode::OK, &coding.parse().unwrap()));
            assert_eq!(
                (&headers["content-type"], &headers["vary"]),
                (&kind.parse().unwrap(), &"accept-encoding".parse().unwrap())
            );
            assert!(packed.len() * 5 < plain.len(), "{path} {coding}: {} of {}", packed.len(), plain.len());
            let mut unpacked = Vec::new();
            match coding {
                "br" => brotli::Decompressor::new(&packed[..], 4096).read_to_end(&mut unpacked),
                _ => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked),
            }
            .unwrap();
            assert!(unpacked == plain, "{path} {coding}");
            let (status, again, nothing) = ask(path, coding, headers["etag"].to_str().unwrap()).await;
            assert_eq!((status, nothing.len()), (StatusCode::NOT_MODIFIED, 0));
            assert_eq!(again["etag"], headers["etag"]);
        }
    }
}

async fn document(router: &Router) -> Value {
    let answer = get(router, "/openapi.json").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    answer.json()
}

fn documented(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let methods = |item: &Value| item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
    document["paths"].as_object().unwrap().iter().map(|(path, item)| (path.clone(), methods(item))).collect()
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values())
}

fn collect_references<'d>(value: &'d Value, references: &mut Vec<&'d str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| collect_references(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_references(value, references)),
        _ => {}
    }
}

/// The paths that a router knows. Axum tells them by `Debug` alone: `paths: {RouteId(7): "/api/users"}`.
fn routed(router: &Router) -> BTreeSet<String> {
    let shown = format!("{router:?}");
    let path = |rest: &str| {
        let (id, path) = rest.split_once("): \"")?;
        let path = path.split('"').next()?;
        (id.bytes().all(|digit| digit.is_ascii_digit()) && path.starts_with('/')).then(|| path.to_owned())
    };
    // What axum makes by itself for fallbacks has a wildcard of its own name.
    let paths: BTreeSet<String> =
        shown.split("RouteId(").filter_map(path).filter(|path| !path.contains("__private")).collect();
    assert!(paths.len() > 3, "axum shows its paths in another way than this test reads: {shown}");
    paths
}

async fn get(router: &Router, path: &str) -> Answer {
    send(router, Request::builder().method(Method::GET).uri(path).body(Body::empty()).unwrap()).await
}
