//! `/metrics`, on a listener of its own, in the Prometheus text format (version 0.0.4).

use std::fmt::Write;

use axum::{Router, extract::State, routing::get};
use http::{StatusCode, header};
use vestibule_core::{Vestibule, metrics::Metrics};

pub fn router(vestibule: Vestibule) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(vestibule)
}

async fn metrics(
    State(vestibule): State<Vestibule>,
) -> Result<([(header::HeaderName, &'static str); 1], String), StatusCode> {
    let metrics = vestibule.metrics().await.map_err(|error| {
        tracing::warn!(%error, "the metrics could not be read");
        StatusCode::SERVICE_UNAVAILABLE
    })?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text(&metrics)))
}

fn text(metrics: &Metrics) -> String {
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, label: &str, values: Vec<(&str, i64)>| {
        let _ = writeln!(text, "# HELP vestibule_{name} {help}\n# TYPE vestibule_{name} gauge");
        for (word, value) in values {
            let labels = if label.is_empty() { String::new() } else { format!("{{{label}=\"{word}\"}}") };
            let _ = writeln!(text, "vestibule_{name}{labels} {value}");
        }
    };
    let users = metrics.users.iter().map(|(standing, count)| (standing.as_str(), *count));
    gauge("users", "Users by where they stand.", "standing", users.collect());
    let invites = metrics.invites.iter().map(|(state, count)| (state.as_str(), *count));
    gauge("invites", "Invites by state.", "state", invites.collect());
    let outbox = metrics.outbox.iter().map(|(state, count)| (state.as_str(), *count));
    gauge("outbox_depth", "Mails that have not been sent, by state.", "state", outbox.collect());
    let age = metrics.outbox_oldest_age / 1_000;
    gauge("outbox_oldest_age_seconds", "Age of the oldest mail that waits.", "", vec![("", age)]);
    text
}

#[cfg(test)]
mod tests {
    use vestibule_core::{event::Standing, outbox::MessageState};

    use super::*;

    #[test]
    fn every_line_is_one_that_prometheus_reads() {
        let metrics = Metrics {
            users: vec![(Standing::Verified, 3)],
            invites: vec![],
            outbox: vec![(MessageState::Waiting, 1)],
            outbox_oldest_age: 61_500,
        };
        assert_eq!(
            text(&metrics),
            "# HELP vestibule_users Users by where they stand.\n\
             # TYPE vestibule_users gauge\n\
             vestibule_users{standing=\"verified\"} 3\n\
             # HELP vestibule_invites Invites by state.\n\
             # TYPE vestibule_invites gauge\n\
             # HELP vestibule_outbox_depth Mails that have not been sent, by state.\n\
             # TYPE vestibule_outbox_depth gauge\n\
             vestibule_outbox_depth{state=\"waiting\"} 1\n\
             # HELP vestibule_outbox_oldest_age_seconds Age of the oldest mail that waits.\n\
             # TYPE vestibule_outbox_oldest_age_seconds gauge\n\
             vestibule_outbox_oldest_age_seconds 61\n"
        );
    }
}
