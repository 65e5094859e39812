//! `/metrics`, on a listener of its own, in the Prometheus text format (version 0.0.4).

use std::fmt::{Display, Write};

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

/// What is said of every counter that is kept in memory.
const OF_PROCESS: &str = "Counted by this instance since it started; add the instances up.";

fn text(metrics: &Metrics) -> String {
    let mut page = Page(String::new());
    page.gauge("users", "Users by where they stand.");
    page.by("users", "standing", &metrics.users);
    page.gauge("invites", "Invites by state; expired are open ones past their end.");
    page.by("invites", "state", &metrics.invites);
    page.gauge("outbox_depth", "Mails that have not been sent, by state.");
    page.by("outbox_depth", "state", &metrics.outbox);
    page.gauge("outbox_oldest_age_seconds", "Age of the oldest mail that waits.");
    page.line("outbox_oldest_age_seconds", "", metrics.outbox_oldest_age / 1_000);

    // The database says what happened; whichever instance seals it counts it.
    let sealed =
        "Counted when sealed, within seconds, by the instance that seals, since it started; add the instances up.";
    page.counter("verifications_total", "Addresses verified, by proof.", sealed);
    page.by("verifications_total", "proof", &metrics.verifications);
    page.counter("mail_attempts_total", "Tries to send a mail to a user, by result.", sealed);
    page.by("mail_attempts_total", "result", &metrics.mail_attempts);
    page.counter("code_checks_total", "Codes and links shown, by purpose and result.", OF_PROCESS);
    for ((purpose, result), count) in &metrics.code_checks {
        page.line("code_checks_total", &format!("{{purpose=\"{purpose}\",result=\"{result}\"}}"), count);
    }
    page.counter("rate_limited_total", "Refusals because something came too soon or too often, by limit.", OF_PROCESS);
    page.by("rate_limited_total", "limit", &metrics.limited);
    page.0
}

struct Page(String);

impl Page {
    fn gauge(&mut self, name: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP vestibule_{name} {help}\n# TYPE vestibule_{name} gauge");
    }

    fn counter(&mut self, name: &str, help: &str, whose: &str) {
        let _ = writeln!(self.0, "# HELP vestibule_{name} {help} {whose}\n# TYPE vestibule_{name} counter");
    }

    fn by(&mut self, name: &str, label: &str, values: &[(String, i64)]) {
        for (word, value) in values {
            self.line(name, &format!("{{{label}=\"{word}\"}}"), value);
        }
    }

    fn line(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = writeln!(self.0, "vestibule_{name}{labels} {value}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::{Body, to_bytes};
    use http::Request;
    use tower::ServiceExt;
    use vestibule_core::{
        actor::Role,
        address::EmailAddress,
        code::TypedCode,
        env::{Env, SystemEnv},
        redeem::{Secret, Try},
        secret::SecretKey,
        store::Store,
    };

    use super::*;

    #[tokio::test]
    async fn the_page_says_what_happened_in_lines_that_prometheus_reads() {
        let env = Arc::new(SystemEnv::default());
        let folder = std::env::temp_dir().join(format!("vestibule-metrics-{}", env.id()));
        let store = Store::open(&format!("sqlite:{}", folder.join("v.db").display())).await.unwrap();
        store.migrate().await.unwrap();
        let vestibule = Vestibule::new(store.clone(), env.clone(), SecretKey::draw(env.as_ref()).0);
        vestibule.first_organization("Acme").await.unwrap();
        let olga = EmailAddress::parse("olga@acme.example").unwrap();
        let password = "tall ships sail at dawn".to_owned();
        let id = vestibule.create_administrator(&olga, "Olga", Role::Owner, password).await.unwrap();
        let admin = vestibule.visitor(&id).await.unwrap().unwrap().admin.unwrap();
        let email = vestibule.user(&admin, &id, None).await.unwrap().emails[0].email.id.clone();
        vestibule.mark_verified(&admin, &id, &email, "it is hers", None).await.unwrap();
        let secret = Secret::CodeAt(olga, TypedCode::parse("BCDF-GHJK").unwrap());
        vestibule.redeem(Try { secret, by: None, ip: None }).await.unwrap_err();
        vestibule.seal().await.unwrap();

        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = router(vestibule).oneshot(request).await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/plain; version=0.0.4");
        let page = String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().into()).unwrap();
        for line in [
            "# TYPE vestibule_users gauge",
            "# TYPE vestibule_verifications_total counter",
            "vestibule_invites{state=\"expired\"} 0",
            "vestibule_outbox_depth{state=\"failed\"} 0",
            "vestibule_outbox_oldest_age_seconds 0",
            "vestibule_verifications_total{proof=\"admin\"} 1",
            "vestibule_verifications_total{proof=\"code\"} 0",
            "vestibule_mail_attempts_total{result=\"sent\"} 0",
            "vestibule_code_checks_total{purpose=\"email\",result=\"wrong\"} 1",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
        let is_sample = |line: &str| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            name.starts_with("vestibule_") && value.parse::<f64>().is_ok()
        };
        assert!(page.lines().all(|line| line.starts_with("# ") || is_sample(line)), "{page}");
        store.close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}
