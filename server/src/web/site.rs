//! Pages and server functions for browsers.

use app::{pages, web::Web};
use axum::{Router, middleware::from_fn};
use http::Method;
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async_with_context};
use serde_json::json;
use vestibule_api::Operation;

use super::guard;
use crate::assets;

/// The router of the site, and what it serves. Pages and server functions share one context; the routes of the server
/// functions come with the pages'.
pub fn site(web: &Web) -> (Router, Vec<Operation>) {
    let options = LeptosOptions::builder().output_name("vestibule").site_pkg_dir(assets::PKG_DIR).build();
    let context = {
        let web = web.clone();
        move || provide_context(web.clone())
    };
    let site = {
        let options = options.clone();
        move || pages::site(options.clone())
    };
    let pages = generate_route_list(pages::App);
    let operations = actions().chain(pages.iter().map(page)).chain(files()).collect();
    let router = Router::new()
        .leptos_routes_with_context(&options, pages, context.clone(), site.clone())
        .fallback(render_app_async_with_context(context, site))
        .layer(from_fn(guard::actions))
        .with_state(options);
    (router, operations)
}

/// The server functions, as Leptos has them registered.
fn actions() -> impl Iterator<Item = Operation> {
    let mut actions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    actions.sort_by_key(|(path, _)| *path);
    actions.into_iter().map(|(path, method)| {
        let name = path.trim_start_matches("/do/");
        let form = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        Operation::new(method, path, format!("do_{name}"))
            .tag("Actions")
            .summary(format!("{} by a page's form", name.replace('_', " ")))
            .description("Refused where another site has the browser send it. Most need a session.")
            .body_of("application/x-www-form-urlencoded", form)
            .answers_empty(302, "Done or refused; the page to go on to, with a short word in its query")
            .answers_of(200, "Done or refused, for a script that accepts JSON", "application/json", json!({}))
            .answers_of(403, "Sent by another site", "text/plain", json!({ "type": "string" }))
            .answers_of(413, "Too large", "text/plain", json!({ "type": "string" }))
            .answers_of(422, "A field is missing or malformed", "text/plain", json!({ "type": "string" }))
    })
}

fn page(listing: &AxumRouteListing) -> Operation {
    let path = listing.path().to_owned();
    let words = path.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let id = words.fold("page".to_owned(), |id, word| id + "_" + word);
    Operation::get(path, id)
        .tag("Pages")
        .summary("A page for people")
        .answers_of(200, "The page", "text/html", json!({ "type": "string" }))
        .answers_empty(303, "To where one signs in")
        .answers_of(404, "The page that says that there is nothing here", "text/html", json!({ "type": "string" }))
}

/// What pages are made of.
fn files() -> impl Iterator<Item = Operation> {
    let file = |path: &'static str, id: &'static str, summary: &'static str| {
        Operation::new(Method::GET, path, id)
            .tag("Pages")
            .summary(summary)
            .answers_empty(200, "The file")
            .answers_empty(404, "No such file")
    };
    [
        file("/pkg/{hash}/{file}", "getAsset", "Styles, script and wasm of the pages"),
        file("/favicon.svg", "getIcon", "The pages' icon"),
    ]
    .into_iter()
}
