//! `vestibule serve`.

use std::{sync::Arc, time::Duration};

use vestibule_core::Vestibule;

use super::{
    failure::Failure,
    open::{Migrations, Open},
    output::Output,
    stop::Stop,
};
use crate::{
    config::Config,
    mail::{Mailer, Sender, Worker},
    web,
};

/// How long requests that are under way may take after the process was asked to end.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until a signal comes; then stops accepting, drains, finishes the mails under way and closes the store.
pub(super) async fn serve(config: Arc<Config>, no_migrate: bool, out: &mut Output) -> Result<(), Failure> {
    let stop = Stop::on_signals()?;
    let open = Open::new(&config, if no_migrate { Migrations::Refuse } else { Migrations::Apply }).await?;
    let served = until_stopped(&open.vestibule, config, stop, out).await;
    open.close(served).await
}

async fn until_stopped(
    vestibule: &Vestibule,
    config: Arc<Config>,
    stop: Stop,
    out: &mut Output,
) -> Result<(), Failure> {
    let listener =
        web::bind(&config).await.map_err(|error| Failure::io(format!("listen on {}", config.listen), error))?;
    vestibule.first_organization(&config.organization).await?;
    if let Some(token) = vestibule.open_setup_link().await? {
        let link = config.public_url.link(&format!("/setup/{}", token.reveal()));
        out.line(format_args!("Open this link within one hour to create the first owner: {link}"))?;
    }
    let worker = start_worker(vestibule, &config, &stop)?;
    let web = web::serve(listener, vestibule.clone(), config.clone(), stop.clone().asked());
    let late = async {
        stop.asked().await;
        tokio::time::sleep(DRAIN).await;
    };
    let served = tokio::select! {
        served = web => served.map_err(|error| Failure::io(format!("serve on {}", config.listen), error)),
        () = late => {
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
    Ok(Some(tokio::spawn(worker.run(stop.clone().asked()))))
}
