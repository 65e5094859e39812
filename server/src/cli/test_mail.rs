//! `vestibule send-test-mail`.

use vestibule_core::{
    Refusal,
    actor::Language,
    address::EmailAddress,
    env::{Env, SystemEnv},
    outbox::{Delivery, Letter, MessageData, MessageKind},
};

use super::{failure::Failure, output::Output};
use crate::{
    config::Config,
    mail::{Sender, Stage, Trouble, probe, render},
};

/// Sends one mail without outbox and database, and prints the server's answer.
pub(super) async fn send(config: &Config, address: &str, out: &mut Output) -> Result<(), Failure> {
    let address =
        EmailAddress::parse(address).map_err(|problem| vestibule_core::Error::from(Refusal::Address(problem)))?;
    let smtp =
        config.smtp.as_ref().ok_or_else(|| Failure::said("VESTIBULE_SMTP_URL is not set, so no mail can be sent"))?;
    let env = SystemEnv::default();
    let letter = Letter {
        id: env.id(),
        kind: MessageKind::Test,
        recipient: address.typed().to_owned(),
        language: Language::English,
        organization: config.organization.clone(),
        data: MessageData::default(),
        secret: None,
        replaces: None,
    };
    let message =
        render(&letter, &Sender::from(config), env.now()).map_err(|error| Failure::said(error.to_string()))?;
    let mailer = probe(smtp).await?;
    match mailer.send(message).await {
        Delivery::Sent(answer) => out.line(format_args!("The mail server took the mail: {answer}")),
        Delivery::Deferred(answer) | Delivery::Failed(answer) => Err(Trouble { stage: Stage::Refused, answer }.into()),
    }
}
