//! What listens: pages and server functions for browsers, assets, health, the document of it all, and the dialects for
//! machines.

mod client_ip;
mod dialects;
mod document;
mod guard;
mod health;
mod links;
mod listen;
mod metrics;
mod plain;
mod sessions;
mod site;
mod wait;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use app::web::Web;
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use http::StatusCode;
use tokio::net::TcpListener;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer, trace::TraceLayer,
};
use vestibule_api::{Api, Stop};
use vestibule_core::Vestibule;
use vestibule_federation::Federation;

use self::dialects::Dialects;
pub use self::listen::Patience;
use crate::{assets, config::Config};

/// Largest body of a form, in bytes: an invite's own words in any script, with room.
const BODY: usize = 64 * 1024;
/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Takes a port, before anything is done or said about what waits behind it.
pub async fn bind(listen: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(listen).await
}

/// Serves until `stop` is asked, then finishes the requests under way.
pub async fn serve(
    listener: TcpListener,
    metrics: Option<TcpListener>,
    vestibule: Vestibule,
    config: Arc<Config>,
    patience: Patience,
    stop: Stop,
) -> io::Result<()> {
    tracing::info!(listen = %config.listen, url = config.public_url.as_str(), "serving");
    if let Some(listener) = metrics {
        let router = metrics::router(vestibule.clone());
        tokio::spawn(listen::serve(listener, router, patience, stop.clone()));
    }
    let chores = tokio::spawn(chores(vestibule.clone()));
    listen::serve(listener, router(vestibule, &config), patience, stop).await;
    chores.abort();
    Ok(())
}

/// Everything that is served, as tests drive it without a socket.
pub fn router(vestibule: Vestibule, config: &Config) -> Router {
    let web = Web {
        public_url: config.public_url.as_str().trim_end_matches('/').to_owned(),
        secure: config.public_url.secure(),
        has_smtp: config.smtp.is_some(),
        vestibule: vestibule.clone(),
        federation: Federation::default(),
    };
    let api = Api::new(vestibule, web.public_url.clone()).with_smtp(web.has_smtp).with_rate(config.api_rate);
    let dialects = Dialects::new(&api);

    people(&web, api)
        .layer(from_fn_with_state(dialects, dialects::switch))
        .layer(from_fn(vestibule_oauth::by_get))
        .layer(from_fn_with_state(client_ip::Proxies::new(config.trusted_proxies.clone()), client_ip::find))
        .layer(from_fn(guard::headers))
}

/// What browsers and operators ask for: all but the dialects, which have bounds and last resorts of their own.
fn people(web: &Web, api: Api) -> Router {
    let guard = guard::Guard { origin: web.public_url.clone(), secure: web.secure };
    let (site, site_operations) = site::site(web);
    let (health, health_operations) = health::routes().into_parts();
    let (wait, wait_operations) = wait::routes().into_parts();
    let operations = [dialects::operations(), health_operations, wait_operations, site_operations].concat();
    let (document, _) = document::routes(operations, &web.public_url).into_parts();

    site.layer(from_fn_with_state(web.clone(), sessions::live_on))
        .layer(sessions::layer(web))
        .layer(from_fn_with_state(web.clone(), links::carry))
        .layer(from_fn_with_state(guard, guard::guard))
        .merge(assets::router())
        .merge(health.merge(wait).merge(document).with_state(api))
        .layer(RequestBodyLimitLayer::new(BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn(plain::told))
        .layer(TraceLayer::new_for_http().make_span_with(vestibule_api::span))
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
