//! What listens: pages and server functions for browsers, assets, health. Dialects for machines have routers of their
//! own, without sessions.

mod client_ip;
mod guard;
mod health;
mod links;
mod metrics;
mod sessions;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use app::{pages, web::Web};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    serve::ListenerExt,
};
use http::{Request, StatusCode};
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use tokio::net::TcpListener;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer, trace::TraceLayer,
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};
use vestibule_core::Vestibule;

use crate::{assets, config::Config};

/// Largest body of a form, in bytes: an invite's own words in any script, with room.
const BODY: usize = 64 * 1024;
/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long a session lives without being used.
const SESSION: tower_sessions::cookie::time::Duration = tower_sessions::cookie::time::Duration::hours(12);

/// Takes the port, before anything is said about what waits behind it.
pub async fn bind(config: &Config) -> io::Result<TcpListener> {
    TcpListener::bind(config.listen).await
}

/// Serves until `shutdown` resolves, then finishes the requests under way.
pub async fn serve(
    listener: TcpListener,
    vestibule: Vestibule,
    config: Arc<Config>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    tracing::info!(listen = %config.listen, url = config.public_url.as_str(), "serving");
    if let Some(listen) = config.metrics_listen {
        let listener = TcpListener::bind(listen).await?;
        let router = metrics::router(vestibule.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    let chores = tokio::spawn(chores(vestibule.clone()));
    // Small answers go out at once; without this a kept-alive connection may wait for the other side's acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let router = router(vestibule, &config).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, router).with_graceful_shutdown(shutdown).await;
    chores.abort();
    served
}

/// Everything that is served, as tests drive it without a socket.
pub fn router(vestibule: Vestibule, config: &Config) -> Router {
    let web = Web {
        public_url: config.public_url.as_str().trim_end_matches('/').to_owned(),
        secure: config.public_url.secure(),
        has_smtp: config.smtp.is_some(),
        vestibule: vestibule.clone(),
    };
    let sessions = SessionManagerLayer::new(sessions::Sessions::new(vestibule.clone()))
        .with_name("vestibule")
        .with_secure(web.secure)
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_expiry(Expiry::OnInactivity(SESSION));
    let guard = guard::Guard { origin: web.public_url.clone(), secure: web.secure };

    pages_router(&web)
        .layer(sessions)
        .layer(from_fn_with_state(web.clone(), links::carry))
        .layer(from_fn_with_state(guard, guard::guard))
        .merge(assets::router())
        .merge(health::router(vestibule))
        .layer(from_fn_with_state(client_ip::Proxies::new(config.trusted_proxies.clone()), client_ip::find))
        .layer(RequestBodyLimitLayer::new(BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn(guard::headers))
        .layer(TraceLayer::new_for_http().make_span_with(span))
}

/// Pages and server functions, which share one context. The routes of the server functions come with the pages'.
fn pages_router(web: &Web) -> Router {
    let options = LeptosOptions::builder().output_name("vestibule").site_pkg_dir(assets::PKG_DIR).build();
    let context = {
        let web = web.clone();
        move || provide_context(web.clone())
    };
    let site = {
        let options = options.clone();
        move || pages::site(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(&options, generate_route_list(pages::App), context.clone(), site.clone())
        .fallback(render_app_async_with_context(context, site))
        .layer(from_fn(guard::actions))
        .with_state(options)
}

/// A span that names the route and never the path, which may hold a token, nor the query.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let route =
        request.extensions().get::<axum::extract::MatchedPath>().map_or("-", axum::extract::MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

/// What has to be done now and then, by whichever instance comes first.
async fn chores(vestibule: Vestibule) {
    const EVERY: Duration = Duration::from_secs(10);
    const SWEEP_EVERY: u32 = 60;
    let mut round = 0_u32;
    loop {
        tokio::time::sleep(EVERY).await;
        round = round.wrapping_add(1);
        if let Err(error) = vestibule.seal().await {
            tracing::warn!(%error, "the log could not be sealed");
        }
        if round.is_multiple_of(SWEEP_EVERY)
            && let Err(error) = vestibule.sweep().await
        {
            tracing::warn!(%error, "old sessions could not be deleted");
        }
    }
}
