//! When to stop.

use tokio::signal::unix::{SignalKind, signal};
use vestibule_api::Stop;

use super::failure::Failure;

/// Listens for SIGTERM and SIGINT from now on. The first asks to end; whoever sends another does not want to wait.
pub(super) fn on_signals() -> Result<Stop, Failure> {
    let listen = |kind| signal(kind).map_err(|error| Failure::io("listen for signals", error));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let (tell, stop) = Stop::channel();
    tokio::spawn(async move {
        for first in [true, false] {
            let signal = tokio::select! {
                _ = terminate.recv() => SignalKind::terminate(),
                _ = interrupt.recv() => SignalKind::interrupt(),
            };
            if !first {
                // As a shell counts a process that a signal ended. What is committed stays, and leases end by themselves.
                std::process::exit(128 + signal.as_raw_value());
            }
            let _ = tell.send(true);
        }
    });
    Ok(stop)
}
