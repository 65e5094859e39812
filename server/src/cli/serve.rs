//! `vestibule serve`.

use std::{sync::Arc, time::Duration};

use tokio::net::TcpListener;
use vestibule_api::Stop;
use vestibule_core::Vestibule;

use super::{
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
    stop::on_signals,
};
use crate::{
    config::Config,
    mail::{Mailer, Sender, Worker},
    web::{self, Patience},
};

/// How long requests that are under way may take after the process was asked to end.
const DRAIN: Duration = Duration::from_secs(10);
/// How long mails that are under way may take. Those that do not end are sent again when their lease ends.
const POST: Duration = Duration::from_secs(20);

/// Serves until a signal comes; then stops accepting, drains, finishes the mails under way and closes the store.
pub(super) async fn serve(config: Arc<Config>, no_migrate: bool, out: &mut Output) -> Result<(), Failure> {
    let stop = on_signals()?;
    // Before anything is migrated: whoever holds the port may be an older release that still works on this database.
    let ports = Ports::take(&config).await?;
    let open = Open::new(&config, if no_migrate { Migrations::Refuse } else { Migrations::Apply });
    let open = tokio::select! {
        open = open => open?,
        // Be it waited for or migrated; a database undoes what was begun.
        () = stop.clone().asked() => return Ok(()),
    };
    let served = until_stopped(&open.vestibule, config, ports, stop, out).await;
    open.close(served).await
}

/// Where callers wait until they are served.
#[derive(Debug)]
struct Ports {
    public: TcpListener,
    metrics: Option<TcpListener>,
}

impl Ports {
    async fn take(config: &Config) -> Result<Self, Failure> {
        let listen = config.listen;
        let public = web::bind(listen).await.map_err(|error| Failure::io(format!("listen on {listen}"), error))?;
        let metrics = match config.metrics_listen {
            Some(listen) => Some(
                web::bind(listen)
                    .await
                    .map_err(|error| Failure::io(format!("listen for /metrics on {listen}"), error))?,
            ),
            None => None,
        };
        Ok(Self { public, metrics })
    }
}

async fn until_stopped(
    vestibule: &Vestibule,
    config: Arc<Config>,
    ports: Ports,
    stop: Stop,
    out: &mut Output,
) -> Result<(), Failure> {
    vestibule.first_organization(&config.organization).await?;
    if let Some(token) = vestibule.open_setup_link().await? {
        let link = config.public_url.link(&format!("/setup/{}", token.reveal()));
        out.line(format_args!("Open this link within one hour to create the first owner: {link}"))?;
    }
    let worker = start_worker(vestibule, &config, &stop)?;
    let (vestibule, patience) = (vestibule.clone(), Patience::default());
    let web = web::serve(ports.public, ports.metrics, vestibule, config.clone(), patience, stop.clone());
    let served = tokio::select! {
        served = web => served.map_err(|error| Failure::io(format!("serve on {}", config.listen), error)),
        () = late(stop, DRAIN) => {
            tracing::warn!("connections were still open and were closed");
            Ok(())
        }
    };
    if let Some(worker) = worker {
        // Where serving failed nobody was asked to stop, and the leases of mails under way end by themselves.
        if served.is_err() {
            worker.abort();
        }
        let _ = worker.await;
    }
    served
}

/// Starts sending mail, if there is a server to send it to.
fn start_worker(
    vestibule: &Vestibule,
    config: &Config,
    stop: &Stop,
) -> Result<Option<tokio::task::JoinHandle<()>>, Failure> {
    let Some(smtp) = &config.smtp else {
        tracing::warn!(
            "VESTIBULE_SMTP_URL is not set: mails wait in the outbox, and administrators hand over codes and links"
        );
        return Ok(None);
    };
    let mailer =
        Mailer::new(smtp).map_err(|error| Failure::said(format!("VESTIBULE_SMTP_URL cannot be used: {error}")))?;
    let worker = Worker::new(vestibule.clone(), mailer, Sender::from(config));
    let (stop, late) = (stop.clone(), late(stop.clone(), POST));
    Ok(Some(tokio::spawn(async move {
        tokio::select! {
            () = worker.run(stop.asked()) => {}
            () = late => tracing::warn!("mails were still under way and were left"),
        }
    })))
}

/// Resolves so long after the process was asked to end.
async fn late(stop: Stop, time: Duration) {
    stop.asked().await;
    tokio::time::sleep(time).await;
}
