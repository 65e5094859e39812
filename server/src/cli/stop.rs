//! When to stop.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::failure::Failure;

/// Tells everybody who asks that the process was asked to end.
#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Listens for SIGTERM and SIGINT from now on.
    pub fn on_signals() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::io("listen for signals", error));
        let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
        let (tell, told) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            let _ = tell.send(true);
        });
        Ok(Self(told))
    }

    /// Resolves once the process was asked to end.
    pub async fn asked(mut self) {
        // An error means that nobody listens for signals any more: then it is time to go as well.
        let _ = self.0.wait_for(|asked| *asked).await;
    }
}
